/* tvm-request-dialog.c: the form that requests remediation (R2-R5). Nothing typed is lost on an
 * error: the form stays and says what is wrong. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-dialog-private.h"
#include "tvm-focus.h"
#include "tvm-form.h"
#include "tvm-keys.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-request-fetch.h"
#include "tvm-request-resources.h"
#include "tvm-request-submit.h"
#include "tvm-request-words.h"
#include "tvm-targets-window.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

typedef enum { SUBMITTED, N_SIGNALS } TvmRequestDialogSignal;
G_DEFINE_FINAL_TYPE (TvmRequestDialog, tvm_request_dialog, ADW_TYPE_WINDOW)
static guint signals[N_SIGNALS];

static void
choice_changed_cb (TvmRequestDialog *self)
{
  tvm_request_form_update (self);
}

static void
show_error (TvmRequestDialog *self, const char *heading, const char *message)
{
  tvm_plain_row_set (self->error_row, heading, message);
  gtk_widget_set_visible (GTK_WIDGET (self->error_group), message != NULL);
  if (message != NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->page), GTK_DIR_TAB_FORWARD);
}

/* ---- loading */

/* One is shown as it is, several as a list to look into. */
static void
fill_several (TvmRequestDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->what_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->several_row), TRUE);
  tvm_request_several_set_items (self->several_row, self->items);
}

static void
fill (TvmRequestDialog *self)
{
  g_autoptr(GListModel) types = tvm_request_make_types (self->items, self->types);

  self->is_setting = TRUE;
  if (tvm_request_form_is_for_several (self))
    fill_several (self);
  adw_combo_row_set_model (self->type_row, types);
  adw_combo_row_set_selected (self->priority_row, tvm_request_is_urgent (self->items) ? 0 : 1);
  self->is_setting = FALSE;
  tvm_request_policy_start (self->policy_row, self->ui, self->priority_row, self->due_row);
}

static void
fetched_cb (GObject *object, const TvmRequestFetchState *state)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (object);
  g_autofree char *text = tvm_request_make_fetching (state->n_done, state->n_total);

  g_object_set (self->spinner, "spinning", !state->is_over, NULL);
  gtk_label_set_label (self->fetching, state->is_over ? state->error : text);
  gtk_widget_set_visible (GTK_WIDGET (self->fetching), !state->is_over || state->error != NULL);
  tvm_request_form_update_groups (self);
}

static void
stop_fetching (TvmRequestDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->fetching), FALSE);
}

static void
type_changed_cb (TvmRequestDialog *self)
{
  stop_fetching (self);
  tvm_request_form_update_groups (self);
  tvm_request_fetch_start (self->ui, self->items, self->cancellable, fetched_cb, G_OBJECT (self));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *items = tvm_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_spinner_stop (self->spinner);
  if (items == NULL)
    {
      show_error (self, _("The recommendation cannot be shown"), error->message);
      return;
    }
  self->items = items;
  tvm_request_scope_start (self->scope_row, self->scope_note, self->ui, items);
  fill (self);
  type_changed_cb (self);
  g_signal_connect_object (self->type_row, "notify::selected", G_CALLBACK (type_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
reloaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestDialog) self = user_data;
  GPtrArray *items = tvm_load_finish (TVM_STORE (object), result, NULL);

  if (items == NULL)
    return;  /* submitting tells what is wrong */
  tvm_request_items_renew (self->items, items);
  tvm_request_policy_forget (self->policy_row);
  tvm_request_form_update_groups (self);
}

/* What is on screen is what is submitted: it follows the store. */
static void
reload (TvmRequestDialog *self)
{
  g_auto(GStrv) ids = tvm_request_items_dup_ids (self->items);

  tvm_request_items_load_async (self->ui->store, (const char *const *) ids, self->cancellable,
                                reloaded_cb, g_object_ref (self));
}

/* What is being fetched is loaded by that. */
static void
store_changed_cb (TvmRequestDialog *self, guint changes)
{
  if ((changes & (TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES |
                  TVM_CHANGED_EXCEPTIONS)) != 0 &&
      self->items != NULL && self->cancellable != NULL &&
      !gtk_spinner_get_spinning (self->spinner))
    reload (self);
}

/* ---- submitting */

static void
submitted_cb (GObject *object, const GError *error)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (object);

  if (self->cancellable == NULL)  /* the window ended meanwhile, and this one with it */
    return;
  self->is_submitting = FALSE;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), TRUE);
  if (error != NULL)
    {
      tvm_request_form_update (self);
      show_error (self, _("The request was not submitted"), error->message);
      reload (self);
      return;
    }
  g_signal_emit (self, signals[SUBMITTED], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
submit_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (widget);
  g_autoptr(TvmRequest) request = NULL;

  if (self->items == NULL || self->is_submitting)
    return;
  request = tvm_request_form_create_request (self);
  stop_fetching (self);  /* submitting gets the devices itself */
  self->is_submitting = TRUE;
  show_error (self, NULL, NULL);
  tvm_request_form_update (self);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), FALSE);
  tvm_request_submit (self->ui, self->items, request, self->cancellable, submitted_cb,
                      G_OBJECT (self));
}

static void
show_left_out (TvmRequestDialog *self, guint position)
{
  const TvmRecommendation *recommendation = tvm_request_form_get_recommendation (self, position);
  g_autoptr(TvmRequest) request = tvm_request_form_create_request (self);
  GtkWidget *window;

  tvm_set_str (&request->recommendation_id, recommendation->id);
  window = tvm_left_out_window_new (self->ui, request, recommendation->name);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_left_out_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  if (TVM_REQUEST_DIALOG (widget)->items != NULL)
    show_left_out (TVM_REQUEST_DIALOG (widget), 0);
}

/* ---- object */

static void
leave (TvmRequestDialog *self, TvmFormOpen open, const char *id)
{
  tvm_form_leave (GTK_WINDOW (self), tvm_request_form_is_filled (self), self->ui, open, id);
}

static void
prior_opened_cb (TvmRequestDialog *self, int kind, const char *id)
{
  leave (self, kind == TVM_PRIOR_EXCEPTION ? tvm_ui_open_exception : tvm_ui_open_activity, id);
}

static gboolean
tvm_request_dialog_close_request (GtkWindow *window)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (window);

  /* It closes or tells what is wrong in a moment; of several those that were not begun are left. */
  if (self->is_submitting)
    g_cancellable_cancel (self->cancellable);
  else
    leave (self, NULL, NULL);
  return TRUE;
}

static void
tvm_request_dialog_dispose (GObject *object)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_request_dialog_parent_class)->dispose (object);
}

static void
tvm_request_dialog_finalize (GObject *object)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->reason, g_free);
  G_OBJECT_CLASS (tvm_request_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, page);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, submit_label);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, error_group);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, error_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, what_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, several_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, priors);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, left_out_button);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, type_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, scope_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, scope_note);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, priority_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, due_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, policy_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, groups_place);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, ticket_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, ticket_note);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, ticket_switch);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, split_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, split_check);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, first_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, first_check);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, notes);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, notes_warning);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, coverage);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, covered);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, rest);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, cannot);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, fetching);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, cannot_box);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tvm_request_form_update_groups);
  gtk_widget_class_bind_template_callback (widget_class, tvm_request_form_update_submit);
  gtk_widget_class_bind_template_callback (widget_class, show_left_out);
  gtk_widget_class_bind_template_callback (widget_class, prior_opened_cb);
}

static void
tvm_request_dialog_class_init (TvmRequestDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_request_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_request_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = tvm_request_dialog_close_request;
  signals[SUBMITTED] = g_signal_new ("submitted", TVM_TYPE_REQUEST_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
  tvm_request_get_resource ();  /* links the resources in */
  g_type_ensure (TVM_TYPE_DATE_ROW);
  g_type_ensure (TVM_TYPE_REQUEST_POLICY);
  g_type_ensure (TVM_TYPE_REQUEST_SCOPE);
  g_type_ensure (TVM_TYPE_REQUEST_PRIORS);
  g_type_ensure (TVM_TYPE_REQUEST_SEVERAL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/TvmRemediate/request/tvm-request-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "request.submit", NULL, submit_activated_cb);
  gtk_widget_class_install_action (widget_class, "request.show-left-out", NULL,
                                   show_left_out_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tvm_focus_skip_dead_rows (widget_class);
}

static void
tvm_request_dialog_init (TvmRequestDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_keys_tell_buttons (GTK_WIDGET (self));
  tvm_keys_add_first (GTK_WIDGET (self), "request.submit");
  tvm_box_bound (self->coverage);
  tvm_ui_wrap_if_large (self->submit_label);
  self->threat_icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->threat_icon), "threat");
  adw_action_row_add_suffix (self->what_row, GTK_WIDGET (self->threat_icon));
  /* Translators: about a list of device groups */
  self->groups = tvm_request_groups_new (_("Those that have exposed devices"));
  adw_preferences_group_add (self->groups_place, GTK_WIDGET (self->groups));
  tvm_request_priors_set_groups (self->priors, self->groups);
  g_signal_connect_object (self->groups, "changed", G_CALLBACK (tvm_request_form_update), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.submit", FALSE);
  tvm_date_row_set_optional (self->due_row, _("No due date"));
}

/**
 * tvm_request_dialog_new:
 * @ui: the window's context
 * @ids: (array zero-terminated=1): the recommendations, at least one
 *
 * Returns: (transfer none): the form, to be presented
 */
TvmRequestDialog *
tvm_request_dialog_new (TvmUi *ui, const char *const *ids)
{
  TvmRequestDialog *self = g_object_new (TVM_TYPE_REQUEST_DIALOG, NULL);

  self->ui = tvm_ui_share (ui, self);
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (ui->engine, "notify::intune-connected",
                           G_CALLBACK (tvm_request_form_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ui->store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_spinner_start (self->spinner);
  tvm_request_items_load_async (ui->store, ids, self->cancellable, loaded_cb, g_object_ref (self));
  return self;
}

/**
 * tvm_request_dialog_set_reason:
 * @self: the form, before it is presented
 * @text: what it is opened for: which CVE, and how many devices have it
 *
 * Shows that below the recommendation.
 */
void
tvm_request_dialog_set_reason (TvmRequestDialog *self, const char *text)
{
  g_return_if_fail (TVM_IS_REQUEST_DIALOG (self));

  g_free (self->reason);
  self->reason = g_strdup (text);
}
