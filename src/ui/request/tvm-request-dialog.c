/* tvm-request-dialog.c: the form that requests remediation (R2-R5). Nothing typed is lost on an
 * error: the form stays and says what is wrong. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-dialog.h"
#include "tvm-date-row.h"
#include "tvm-focus.h"
#include "tvm-form.h"
#include "tvm-keys.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-request-fetch.h"
#include "tvm-request-groups.h"
#include "tvm-request-policy.h"
#include "tvm-request-priors.h"
#include "tvm-request-resources.h"
#include "tvm-request-scope.h"
#include "tvm-request-several.h"
#include "tvm-request-submit.h"
#include "tvm-request-words.h"
#include "tvm-targets-window.h"
#include "tvm-text.h"
#include <glib/gi18n-lib.h>

struct _TvmRequestDialog
{
  AdwWindow                 parent_instance;
  TvmUi                    *ui;
  GPtrArray                *items;       /* of TvmRequestItem; (nullable) until they are loaded */
  TvmRemediationType        types[5];    /* as the combo row lists them */
  GCancellable             *cancellable;
  TvmRequestGroups         *groups;
  gboolean                  is_setting;  /* the form is being filled by us */
  gboolean                  is_submitting;
  char                     *reason;       /* (nullable) why it is opened, in words */
  guint                     n_requests;  /* as the form is filled in */

  GtkLabel            *submit_label;
  AdwPreferencesPage  *page;
  AdwPreferencesGroup *error_group, *groups_place;
  AdwActionRow        *error_row, *what_row, *scope_note;
  AdwActionRow        *ticket_row, *ticket_note, *split_row, *first_row;
  AdwComboRow         *type_row, *priority_row;
  TvmRequestScope     *scope_row;
  TvmRequestSeveral   *several_row;
  TvmRequestPriors    *priors;
  TvmDateRow          *due_row;
  TvmRequestPolicy    *policy_row;
  GtkSwitch           *ticket_switch;
  GtkCheckButton      *split_check, *first_check;
  GtkTextBuffer       *notes;
  GtkLabel            *notes_warning, *covered, *rest, *cannot, *fetching;
  GtkWidget           *cannot_box, *left_out_button, *coverage;
  GtkSpinner          *spinner;
};

typedef enum { SUBMITTED, N_SIGNALS } TvmRequestDialogSignal;
G_DEFINE_FINAL_TYPE (TvmRequestDialog, tvm_request_dialog, ADW_TYPE_WINDOW)
static guint signals[N_SIGNALS];

/* ---- the form as a request */

static gboolean
is_for_several (TvmRequestDialog *self)
{
  return self->items->len > 1;
}

static const TvmRecommendation *
get_recommendation (TvmRequestDialog *self, guint position)
{
  return ((const TvmRequestItem *) self->items->pdata[position])->facts.recommendation;
}

static TvmRemediationType
get_type_chosen (TvmRequestDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->type_row);

  return selected < G_N_ELEMENTS (self->types) ? self->types[selected] : TVM_TYPE_UNKNOWN;
}

static gboolean
get_create_ticket (TvmRequestDialog *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->ticket_row)) &&
         gtk_switch_get_active (self->ticket_switch);
}

static char *
dup_notes (TvmRequestDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->notes, &start, &end);
  return gtk_text_buffer_get_text (self->notes, &start, &end, FALSE);
}

static TvmRequest *
create_request (TvmRequestDialog *self)
{
  TvmRequest *request = tvm_request_new ();
  gboolean is_attention = get_type_chosen (self) == TVM_TYPE_ATTENTION_REQUIRED;
  g_autofree char *notes = dup_notes (self);

  tvm_set_str (&request->recommendation_id,
               is_for_several (self) ? NULL : get_recommendation (self, 0)->id);
  request->type = get_type_chosen (self);
  request->priority = TVM_PRIORITY_HIGH + (int) adw_combo_row_get_selected (self->priority_row);
  request->use_policy = tvm_request_policy_get_used (self->policy_row) != NULL && !is_attention;
  tvm_set_str (&request->due_on, is_attention || request->use_policy
                                   ? NULL : tvm_date_row_get_date (self->due_row));
  tvm_set_str (&request->policy_reason,
               is_attention ? NULL : tvm_request_policy_get_reason (self->policy_row));
  tvm_set_str (&request->notes, notes[0] != '\0' ? notes : NULL);
  request->groups = tvm_request_groups_dup_chosen (self->groups);
  request->no_impact_only = tvm_request_scope_is_limited (self->scope_row);
  request->create_ticket = get_create_ticket (self);
  request->split = gtk_check_button_get_active (self->split_check);
  return request;
}

/* ---- what follows from the choices */

static void
update_coverage (TvmRequestDialog *self, const TvmRequest *request, const TvmCoverage *sums)
{
  gboolean has_ticket = get_create_ticket (self);
  gboolean is_ready = tvm_request_scope_is_ready (self->scope_row);
  g_autofree char *cannot = has_ticket ? tvm_request_make_cannot (sums) : g_strdup ("");
  g_autofree char *summary = tvm_request_make_summary (sums, self->items->len, self->n_requests,
                                                       has_ticket);
  g_autofree char *rest = is_ready && !is_for_several (self)
    ? tvm_request_make_rest (self->items->pdata[0], request) : g_strdup ("");

  gtk_label_set_label (self->covered, summary);
  gtk_label_set_label (self->rest, rest);
  gtk_widget_set_visible (GTK_WIDGET (self->rest), rest[0] != '\0');
  gtk_label_set_label (self->cannot, cannot);
  gtk_widget_set_visible (self->cannot_box, is_ready && cannot[0] != '\0');
  gtk_widget_set_visible (self->left_out_button, !is_for_several (self) && sums->joined >= 0);
  if (!is_ready)
    gtk_label_set_label (self->covered, _("It is not known which devices this covers"));
}

static void
update_submit (TvmRequestDialog *self)
{
  g_autofree char *notes = dup_notes (self);
  gboolean is_too_long = strlen (notes) > TVM_NOTE_MAX_BYTES, covers_any;
  g_autoptr(TvmRequest) request = NULL;

  if (self->items == NULL)
    return;
  request = create_request (self);
  covers_any = is_for_several (self) ||
               tvm_request_item_covers_any (self->items->pdata[0], request, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_warning), is_too_long);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.submit", !self->is_submitting &&
                                 self->n_requests > 0 && covers_any && !is_too_long &&
                                 tvm_request_scope_is_ready (self->scope_row) &&
                                 tvm_request_groups_are_any (self->groups));
}

static void
update_form (TvmRequestDialog *self)
{
  TvmRemediationType type = get_type_chosen (self);
  gboolean is_attention = type == TVM_TYPE_ATTENTION_REQUIRED;
  gboolean is_connected = FALSE;
  g_autoptr(TvmRequest) request = NULL;
  g_auto(GStrv) ids = NULL;
  TvmCoverage sums;

  if (self->items == NULL || self->is_setting)
    return;
  g_object_get (self->ui->engine, "intune-connected", &is_connected, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->ticket_row), is_connected && !is_attention);
  gtk_widget_set_visible (GTK_WIDGET (self->ticket_note), !is_connected && !is_attention);
  request = create_request (self);
  gtk_widget_set_visible (GTK_WIDGET (self->due_row), !is_attention && !request->use_policy);
  gtk_widget_set_visible (GTK_WIDGET (self->priority_row), !is_attention && !request->use_policy);
  tvm_request_show_split (self->items, request, self->split_row, self->first_row);
  self->n_requests = tvm_request_items_plan (self->items, request, &sums);
  update_coverage (self, request, &sums);
  tvm_request_scope_update (self->scope_row, &sums);
  ids = tvm_request_items_dup_ids (self->items);
  tvm_request_policy_update (self->policy_row, (const char *const *) ids, request);
  if (is_for_several (self))
    tvm_request_several_update (self->several_row,
                                tvm_request_scope_is_ready (self->scope_row) ? request : NULL,
                                tvm_request_policy_get_used (self->policy_row));
  else
    tvm_request_priors_set (self->priors, ((TvmRequestItem *) self->items->pdata[0])->meeting);
  update_submit (self);
}

static void
choice_changed_cb (TvmRequestDialog *self)
{
  update_form (self);
}

static void
update_groups (TvmRequestDialog *self)
{
  TvmRemediationType type = get_type_chosen (self);
  g_autoptr(GPtrArray) groups = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->scope_row), type == TVM_TYPE_CONFIGURATION_CHANGE);
  groups = tvm_request_items_groups (self->items, type,
                                     tvm_request_scope_is_limited (self->scope_row) &&
                                     tvm_request_scope_is_ready (self->scope_row));
  tvm_request_groups_set_counts (self->groups, groups);  /* tells of it, which updates the form */
}

/* @is_urgent: even where somebody is choosing device groups. */
static void
update_numbers (TvmRequestDialog *self, gboolean is_urgent)
{
  if (is_urgent || gtk_widget_get_focus_child (GTK_WIDGET (self->groups)) == NULL)
    update_groups (self);
  else
    update_form (self);
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

static void
fill_what (TvmRequestDialog *self, const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_request_make_exposed (recommendation);
  g_autofree char *subtitle = g_strjoin ("\n", exposed, self->reason, NULL);
  GtkWidget *pill = tvm_request_create_pill (recommendation);

  tvm_plain_row_set (self->what_row, recommendation->name, subtitle);
  if (pill != NULL)
    adw_action_row_add_suffix (self->what_row, pill);
}

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
  if (is_for_several (self))
    fill_several (self);
  else
    fill_what (self, get_recommendation (self, 0));
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
  update_numbers (self, state->is_over);
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
  update_groups (self);
  tvm_request_fetch_start (self->ui, self->items, self->cancellable, fetched_cb, G_OBJECT (self));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *items = tvm_request_items_load_finish (TVM_STORE (object), result, &error);

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
  GPtrArray *items = tvm_request_items_load_finish (TVM_STORE (object), result, NULL);

  if (items == NULL)
    return;  /* submitting tells what is wrong */
  tvm_request_items_renew (self->items, items);
  tvm_request_policy_forget (self->policy_row);
  update_numbers (self, FALSE);
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
      update_form (self);
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
  request = create_request (self);
  stop_fetching (self);  /* submitting gets the devices itself */
  self->is_submitting = TRUE;
  show_error (self, NULL, NULL);
  update_form (self);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), FALSE);
  tvm_request_submit (self->ui, self->items, request, self->cancellable, submitted_cb,
                      G_OBJECT (self));
}

static void
show_left_out (TvmRequestDialog *self, guint position)
{
  const TvmRecommendation *recommendation = get_recommendation (self, position);
  g_autoptr(TvmRequest) request = create_request (self);
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

/* Whether a person filled in anything that would be lost. */
static gboolean
is_filled (TvmRequestDialog *self)
{
  g_autofree char *notes = dup_notes (self);
  g_auto(GStrv) groups = tvm_request_groups_dup_chosen (self->groups);

  return self->items != NULL &&
         (*g_strstrip (notes) != '\0' || groups != NULL ||
          adw_combo_row_get_selected (self->type_row) != 0 ||
          tvm_request_scope_is_limited (self->scope_row) ||
          !gtk_switch_get_active (self->ticket_switch) ||
          !gtk_check_button_get_active (self->split_check) ||
          tvm_request_policy_is_overruled (self->policy_row));
}

static void
leave (TvmRequestDialog *self, TvmFormOpen open, const char *id)
{
  tvm_form_leave (GTK_WINDOW (self), is_filled (self), self->ui, open, id);
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
  gtk_widget_class_bind_template_callback (widget_class, update_groups);
  gtk_widget_class_bind_template_callback (widget_class, update_submit);
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
  tvm_keys_bind (widget_class, "request.submit");
}

static void
tvm_request_dialog_init (TvmRequestDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_keys_tell_buttons (GTK_WIDGET (self));
  tvm_box_bound (self->coverage);
  tvm_ui_wrap_if_large (self->submit_label);
  /* Translators: about a list of device groups */
  self->groups = tvm_request_groups_new (_("Those that have exposed devices"));
  adw_preferences_group_add (self->groups_place, GTK_WIDGET (self->groups));
  tvm_request_priors_set_groups (self->priors, self->groups);
  g_signal_connect_object (self->groups, "changed", G_CALLBACK (update_form), self,
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
  g_signal_connect_object (ui->engine, "notify::intune-connected", G_CALLBACK (update_form), self,
                           G_CONNECT_SWAPPED);
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
