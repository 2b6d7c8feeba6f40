/* tvm-exception-dialog.c: the form that files an exception (R10). What it will do is shown before,
 * and nothing typed is lost on an error. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exception-dialog.h"
#include "tvm-date-row.h"
#include "tvm-exception-models.h"
#include "tvm-exceptions-resources.h"
#include "tvm-focus.h"
#include "tvm-form.h"
#include "tvm-keys.h"
#include "tvm-known.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-request-groups.h"
#include "tvm-request-priors.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include "tvm-undo.h"
#include <glib/gi18n-lib.h>

#define UNTIL_A_DATE 3  /* of the duration row */

struct _TvmExceptionDialog
{
  AdwWindow            parent_instance;
  TvmUi               *ui;
  TvmExceptionChoices *choices;      /* (nullable) until they are loaded */
  GCancellable        *cancellable;
  GCancellable        *preview_cancellable;
  TvmRequestGroups    *groups;
  char                *recommendation_id;
  gboolean             is_filing, is_possible;
  guint                first_scope;  /* as the form opened */

  GtkLabel            *file_label;
  AdwPreferencesPage  *page;
  AdwPreferencesGroup *error_group, *groups_place;
  AdwActionRow        *error_row, *what_row;
  AdwComboRow         *justification_row, *duration_row, *scope_row;
  TvmDateRow          *end_row;
  TvmRequestPriors    *priors;
  GtkTextBuffer       *context;
  GtkLabel            *choice_hint, *context_hint, *covered, *effect, *warning;
  GtkWidget           *warning_box, *coverage;
  GtkSpinner          *spinner;
};

G_DEFINE_FINAL_TYPE (TvmExceptionDialog, tvm_exception_dialog, ADW_TYPE_WINDOW)

/* ---- the form */

static gboolean
is_global (TvmExceptionDialog *self)
{
  return adw_combo_row_get_selected (self->scope_row) == 1;
}

static char *
dup_context (TvmExceptionDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->context, &start, &end);
  return gtk_text_buffer_get_text (self->context, &start, &end, FALSE);
}

static char *
dup_end (TvmExceptionDialog *self)
{
  guint duration = adw_combo_row_get_selected (self->duration_row);
  g_autofree char *today = tvm_today ();

  return duration < UNTIL_A_DATE ? tvm_date_add_days (today, 30 * ((int) duration + 1))
                                 : g_strdup (tvm_date_row_get_date (self->end_row));
}

/* All the offered groups are names too: a group that comes later is not covered. */
static char **
dup_groups (TvmExceptionDialog *self)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  char **chosen = tvm_request_groups_dup_chosen (self->groups);

  if (chosen != NULL)
    return chosen;
  for (guint i = 0; i < self->choices->groups->len; i++)
    g_strv_builder_add (names, ((const TvmGroupCount *) self->choices->groups->pdata[i])->name);
  return g_strv_builder_end (names);
}

static TvmExceptionForm *
create_form (TvmExceptionDialog *self)
{
  TvmExceptionForm *form = tvm_exception_form_new ();

  form->recommendation_id = g_strdup (self->choices->recommendation->id);
  form->justification = TVM_JUSTIFICATION_THIRD_PARTY_CONTROL +
                        (int) adw_combo_row_get_selected (self->justification_row);
  form->context = dup_context (self);
  form->ends_on = dup_end (self);
  form->is_global = is_global (self);
  form->groups = form->is_global ? NULL : dup_groups (self);
  return form;
}

/* ---- what it will do */

static void
show_warning (TvmExceptionDialog *self, const char *text)
{
  gtk_label_set_label (self->warning, text != NULL ? text : "");
  gtk_widget_set_visible (self->warning_box, text != NULL);
}

static void
update_file (TvmExceptionDialog *self)
{
  g_autofree char *context = dup_context (self);

  gtk_widget_set_visible (GTK_WIDGET (self->context_hint), *g_strstrip (context) == '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.file",
                                 self->choices != NULL && self->is_possible && !self->is_filing &&
                                 *context != '\0');
}

static void
show_effect (TvmExceptionDialog *self, const TvmExceptionEffect *effect)
{
  g_autofree char *groups = tvm_exception_groups_text (effect);
  g_autofree char *devices = tvm_exception_devices_text (effect);
  /* Translators: what an exception covers: "2 device groups, 43 exposed devices" */
  g_autofree char *covered = g_strdup_printf (_("Covers %s, %s"), groups, devices);
  g_autofree char *rest = tvm_describe_rest (effect->elsewhere, 0, effect->unnamed);
  g_autofree char *weaknesses = tvm_exception_weaknesses_text (effect);
  g_autofree char *changes = tvm_exception_changes_text (effect);
  g_autofree char *text = g_strconcat (rest, *rest != '\0' ? "\n" : "", weaknesses, "\n", changes,
                                       NULL);
  g_autofree char *remark = tvm_exception_remark_text (effect);

  gtk_label_set_label (self->covered, covered);
  gtk_label_set_label (self->effect, text);
  show_warning (self, remark);
}

static void
previewed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmExceptionDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmExceptionEffect effect;
  gboolean is_possible = tvm_exception_preview_finish (TVM_STORE (object), result, &effect, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_possible = is_possible;
  if (is_possible)
    show_effect (self, &effect);
  else
    show_warning (self, error->message);
  update_file (self);
}

static void
preview (TvmExceptionDialog *self, const TvmExceptionForm *form)
{
  g_cancellable_cancel (self->preview_cancellable);
  g_clear_object (&self->preview_cancellable);
  self->preview_cancellable = g_cancellable_new ();
  tvm_exception_preview_async (self->ui->store, form, self->preview_cancellable, previewed_cb,
                               g_object_ref (self));
}

static void
update_rows (TvmExceptionDialog *self, const TvmExceptionForm *form)
{
  g_autoptr(GPtrArray) meeting =
    tvm_priors_meeting (self->choices->priors, (const char *const *) form->groups);
  g_autofree char *hint = NULL;

  tvm_date_row_set_date (self->end_row, form->ends_on);
  tvm_date_row_set_choosable (self->end_row,
                              adw_combo_row_get_selected (self->duration_row) == UNTIL_A_DATE);
  gtk_widget_set_visible (GTK_WIDGET (self->groups_place), !form->is_global);
  tvm_request_priors_set (self->priors, meeting);
  hint = g_strconcat (tvm_justification_mitigates (form->justification)
                        ? _("Lowers exposed devices and scores")
                        : _("Exposed devices and scores stay as they are"), "\n",
                      form->is_global ? _("All current and future device groups")
                                      : _("Future device groups are not covered"), NULL);
  gtk_label_set_label (self->choice_hint, hint);
}

static void
update_form (TvmExceptionDialog *self)
{
  g_autoptr(TvmExceptionForm) form = NULL;
  g_autoptr(TvmExceptionForm) complete = NULL;
  g_autofree char *today = tvm_today ();
  g_autoptr(GError) error = NULL;

  if (self->choices == NULL)
    return;
  form = create_form (self);
  update_rows (self, form);
  /* The context is looked at when the exception is filed; what is missing shows beside it. */
  complete = tvm_exception_form_copy (form);
  tvm_set_str (&complete->context, "-");
  self->is_possible = FALSE;
  g_cancellable_cancel (self->preview_cancellable);
  if (tvm_exception_validate (complete, today, &error))
    preview (self, form);
  else
    {
      gtk_label_set_label (self->covered, "");
      gtk_label_set_label (self->effect, "");
      show_warning (self, error->message);
    }
  update_file (self);
}

static void
show_error (TvmExceptionDialog *self, const char *heading, const char *message)
{
  tvm_plain_row_set (self->error_row, heading, message);
  gtk_widget_set_visible (GTK_WIDGET (self->error_group), message != NULL);
  if (message != NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->page), GTK_DIR_TAB_FORWARD);
}

/* ---- loading */

static void
fill (TvmExceptionDialog *self)
{
  const TvmRecommendation *recommendation = self->choices->recommendation;
  g_autofree char *devices = tvm_make_exposed (recommendation);

  tvm_plain_row_set (self->what_row, recommendation->name, devices);
  tvm_request_groups_set_counts (self->groups, self->choices->groups,
                                 tvm_recommendation_knows_devices (recommendation));
  update_form (self);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmExceptionDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmExceptionChoices *choices = tvm_load_finish (TVM_STORE (object), result, &error);
  gboolean is_first = self->choices == NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_spinner_stop (self->spinner);
  if (choices == NULL)
    {
      show_error (self, _("The recommendation cannot be shown"), error->message);
      return;
    }
  g_clear_pointer (&self->choices, tvm_exception_choices_free);
  self->choices = choices;
  if (is_first && choices->groups->len == 0)
    adw_combo_row_set_selected (self->scope_row, 1);
  if (is_first)
    self->first_scope = adw_combo_row_get_selected (self->scope_row);
  fill (self);
}

/* What is on screen is what is filed: it follows the store. */
static void
load (TvmExceptionDialog *self)
{
  if (self->cancellable == NULL || self->is_filing)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_load_async (self->ui->store, &tvm_load_exception_choices, self->recommendation_id,
                  self->cancellable, loaded_cb, g_object_ref (self));
}

/* ---- filing */

static void
cancel_exception (TvmSyncEngine *engine, const char *id, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_engine_cancel_exception_async (engine, id, NULL, cancellable, callback, user_data);
}

static void
filed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmExceptionDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmException) exception =
    tvm_sync_engine_add_exception_finish (TVM_SYNC_ENGINE (object), result, &error);
  const TvmUndo undo = { cancel_exception, _("Exception cancelled"),
                         _("The exception could not be cancelled") };

  if (self->cancellable == NULL)  /* the window ended meanwhile, and this one with it */
    return;
  self->is_filing = FALSE;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), TRUE);
  if (exception == NULL)
    {
      update_form (self);
      show_error (self, _("The exception was not filed"), error->message);
      load (self);
      return;
    }
  tvm_undo_offer (self->ui, adw_toast_new (_("Exception filed")), exception->id, &undo);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
file_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmExceptionDialog *self = TVM_EXCEPTION_DIALOG (widget);
  g_autoptr(TvmExceptionForm) form = NULL;

  if (self->choices == NULL || self->is_filing)
    return;
  form = create_form (self);
  self->is_filing = TRUE;
  g_cancellable_cancel (self->cancellable);  /* what is being loaded */
  show_error (self, NULL, NULL);
  update_file (self);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), FALSE);
  tvm_sync_engine_add_exception_async (self->ui->engine, form, NULL, filed_cb,
                                       g_object_ref (self));
}

/* ---- object */

/* Whether a person filled in anything that would be lost. */
static gboolean
is_filled (TvmExceptionDialog *self)
{
  g_autofree char *context = dup_context (self);
  g_auto(GStrv) groups = tvm_request_groups_dup_chosen (self->groups);

  return self->choices != NULL &&
         (*g_strstrip (context) != '\0' || groups != NULL ||
          adw_combo_row_get_selected (self->justification_row) != 0 ||
          adw_combo_row_get_selected (self->duration_row) != 0 ||
          adw_combo_row_get_selected (self->scope_row) != self->first_scope);
}

static void
leave (TvmExceptionDialog *self, TvmFormOpen open, const char *id)
{
  tvm_form_leave (GTK_WINDOW (self), is_filled (self), self->ui, open, id);
}

static void
prior_opened_cb (TvmExceptionDialog *self, int kind, const char *id)
{
  leave (self, kind == TVM_PRIOR_EXCEPTION ? tvm_ui_open_exception : tvm_ui_open_activity, id);
}

static gboolean
tvm_exception_dialog_close_request (GtkWindow *window)
{
  TvmExceptionDialog *self = TVM_EXCEPTION_DIALOG (window);

  if (!self->is_filing)  /* else it closes or tells what is wrong in a moment */
    leave (self, NULL, NULL);
  return TRUE;
}

static void
tvm_exception_dialog_dispose (GObject *object)
{
  TvmExceptionDialog *self = TVM_EXCEPTION_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_cancellable_cancel (self->preview_cancellable);
  g_clear_object (&self->preview_cancellable);
  G_OBJECT_CLASS (tvm_exception_dialog_parent_class)->dispose (object);
}

static void
tvm_exception_dialog_finalize (GObject *object)
{
  TvmExceptionDialog *self = TVM_EXCEPTION_DIALOG (object);

  g_clear_pointer (&self->choices, tvm_exception_choices_free);
  g_free (self->recommendation_id);
  G_OBJECT_CLASS (tvm_exception_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, page);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, file_label);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, error_group);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, error_row);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, what_row);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, justification_row);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, duration_row);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, scope_row);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, end_row);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, priors);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, context);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, choice_hint);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, context_hint);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, groups_place);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, coverage);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, covered);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, effect);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, warning);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, warning_box);
  gtk_widget_class_bind_template_child (widget_class, TvmExceptionDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, update_form);
  gtk_widget_class_bind_template_callback (widget_class, update_file);
  gtk_widget_class_bind_template_callback (widget_class, prior_opened_cb);
}

static void
tvm_exception_dialog_class_init (TvmExceptionDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_exception_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_exception_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = tvm_exception_dialog_close_request;
  tvm_exceptions_get_resource ();  /* links the resources in */
  g_type_ensure (TVM_TYPE_DATE_ROW);
  g_type_ensure (TVM_TYPE_REQUEST_PRIORS);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/TvmRemediate/exceptions/tvm-exception-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "exception.file", NULL, file_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tvm_focus_skip_dead_rows (widget_class);
}

static void
tvm_exception_dialog_init (TvmExceptionDialog *self)
{
  g_autoptr(GtkStringList) justifications = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_keys_tell_buttons (GTK_WIDGET (self));
  tvm_keys_add_first (GTK_WIDGET (self), "exception.file");
  tvm_box_bound (self->coverage);
  tvm_ui_wrap_if_large (self->file_label);
  tvm_date_row_set_range (self->end_row, 1, TVM_EXCEPTION_MAX_DAYS);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->priors),
                                         _("You can file the exception all the same."));
  for (int i = TVM_JUSTIFICATION_THIRD_PARTY_CONTROL; i < TVM_N_JUSTIFICATIONS; i++)
    gtk_string_list_append (justifications, tvm_justification_to_text (i));
  adw_combo_row_set_model (self->justification_row, G_LIST_MODEL (justifications));
  /* Translators: about a list of device groups */
  self->groups = tvm_request_groups_new (_("With and without exposed devices"));
  adw_preferences_group_add (self->groups_place, GTK_WIDGET (self->groups));
  g_signal_connect_object (self->groups, "changed", G_CALLBACK (update_form), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.file", FALSE);
}

/**
 * tvm_exception_dialog_new:
 * @ui: the window's context
 * @recommendation_id: what the exception is of
 *
 * Returns: (transfer none): the form, to be presented
 */
GtkWidget *
tvm_exception_dialog_new (TvmUi *ui, const char *recommendation_id)
{
  TvmExceptionDialog *self = g_object_new (TVM_TYPE_EXCEPTION_DIALOG, NULL);

  self->ui = tvm_ui_share (ui, self);
  self->cancellable = g_cancellable_new ();
  self->recommendation_id = g_strdup (recommendation_id);
  gtk_spinner_start (self->spinner);
  load (self);
  tvm_ui_follow_store (ui, GTK_WIDGET (self), TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_ACTIVITIES |
                       TVM_CHANGED_DEVICES | TVM_CHANGED_EXCEPTIONS, (TvmUiReload) load);
  return GTK_WIDGET (self);
}
