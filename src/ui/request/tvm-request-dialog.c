/* tvm-request-dialog.c: the form that requests remediation (R2-R5). Nothing typed is lost on an
 * error: the form stays and says what is wrong. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-dialog.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-request-groups.h"
#include "tvm-request-resources.h"
#include "tvm-row-list.h"
#include "tvm-rules.h"
#include "tvm-targets-window.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include <glib/gi18n-lib.h>

struct _TvmRequestDialog
{
  AdwWindow                 parent_instance;
  TvmUi                    *ui;
  TvmRecommendationDetails *details;     /* (nullable) until it is loaded */
  TvmRemediationType        types[5];    /* as the combo row lists them */
  char                     *due_on;      /* (nullable) YYYY-MM-DD */
  GCancellable             *cancellable;
  TvmRequestGroups         *groups;
  gboolean                  is_setting;  /* the form is being filled by us */
  gboolean                  is_submitting;

  GtkLabel            *submit_label;
  AdwPreferencesPage  *page;
  AdwPreferencesGroup *error_group, *groups_place, *ticket_group;
  AdwActionRow        *error_row, *what_row, *due_row, *split_row, *first_row;
  AdwComboRow         *type_row, *scope_row, *priority_row;
  GtkPopover          *due_popover;
  GtkMenuButton       *due_button;
  GtkCalendar         *calendar;
  AdwButtonContent    *due_content;
  GtkSwitch           *ticket_switch;
  GtkCheckButton      *split_check, *first_check;
  GtkTextBuffer       *notes;
  GtkLabel            *notes_warning, *covered, *cannot;
  GtkWidget           *cannot_box, *due_clear;
  GtkSpinner          *spinner;
};

G_DEFINE_FINAL_TYPE (TvmRequestDialog, tvm_request_dialog, ADW_TYPE_WINDOW)

/* ---- the form as a request */

static TvmRemediationType
get_type_chosen (TvmRequestDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->type_row);

  return selected < G_N_ELEMENTS (self->types) ? self->types[selected] : TVM_TYPE_UNKNOWN;
}

static gboolean
get_no_impact_only (TvmRequestDialog *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->scope_row)) &&
         adw_combo_row_get_selected (self->scope_row) == 1;
}

static gboolean
get_create_ticket (TvmRequestDialog *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->ticket_group)) &&
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

  tvm_set_str (&request->recommendation_id, self->details->recommendation->id);
  request->type = get_type_chosen (self);
  request->priority = TVM_PRIORITY_HIGH + (int) adw_combo_row_get_selected (self->priority_row);
  tvm_set_str (&request->due_on, is_attention ? NULL : self->due_on);
  tvm_set_str (&request->notes, notes[0] != '\0' ? notes : NULL);
  request->groups = tvm_request_groups_dup_chosen (self->groups);
  request->no_impact_only = get_no_impact_only (self);
  request->create_ticket = get_create_ticket (self);
  request->split = gtk_check_button_get_active (self->split_check);
  return request;
}

/* ---- what follows from the choices */

static void
update_split (TvmRequestDialog *self, const TvmCoverage *sums)
{
  gboolean is_shown = get_create_ticket (self) && sums->joined > TVM_TICKET_MAX_DEVICES;
  TvmCoverage split = *sums;
  int n_left = sums->joined - TVM_TICKET_MAX_DEVICES;
  int n_last = sums->joined % TVM_TICKET_MAX_DEVICES;
  g_autofree char *maximum = tvm_make_number (TVM_TICKET_MAX_DEVICES);
  g_autofree char *left = tvm_make_number (n_left);
  g_autofree char *last = tvm_make_number (n_last > 0 ? n_last : TVM_TICKET_MAX_DEVICES);
  g_autofree char *split_title = NULL, *split_words = NULL, *first_title = NULL, *first_words = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->split_row), is_shown);
  gtk_widget_set_visible (GTK_WIDGET (self->first_row), is_shown);
  if (!is_shown)
    return;
  tvm_coverage_plan (&split, TRUE, TRUE);
  split_title = g_strdup_printf (ngettext ("Split into %d ticket", "Split into %d tickets",
                                           (gulong) split.n_tickets), split.n_tickets);
  /* Translators: devices of each ticket but the last, devices of the last ticket */
  split_words = g_strdup_printf (_("%s devices each, %s in the last one"), maximum, last);
  /* Translators: %s is 10,000 */
  first_title = g_strdup_printf (_("Send the first %s"), maximum);
  first_words = g_strdup_printf (ngettext ("%s device is left out of the ticket",
                                           "%s devices are left out of the ticket",
                                           (gulong) n_left), left);
  tvm_plain_row_set (self->split_row, split_title, split_words);
  tvm_plain_row_set (self->first_row, first_title, first_words);
}

/* What cannot go to Intune and why; empty if all can. */
static char *
make_cannot (const TvmCoverage *coverage)
{
  g_autofree char *n_not_joined = tvm_make_number (coverage->not_joined);
  g_autofree char *n_left_out = tvm_make_number (coverage->left_out);
  g_autoptr(GString) text = g_string_new ("");

  if (coverage->not_joined > 0)
    g_string_append_printf (text, ngettext ("%s cannot: it is not joined to Microsoft Entra",
                                            "%s cannot: they are not joined to Microsoft Entra",
                                            (gulong) coverage->not_joined), n_not_joined);
  if (coverage->not_joined > 0 && coverage->left_out > 0)
    g_string_append_c (text, '\n');
  if (coverage->left_out > 0)
    g_string_append_printf (text, ngettext ("%s is left out: the ticket is full",
                                            "%s are left out: the ticket is full",
                                            (gulong) coverage->left_out), n_left_out);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
update_coverage (TvmRequestDialog *self, TvmCoverage *sums)
{
  gboolean has_ticket = get_create_ticket (self);
  g_autofree char *covered = tvm_make_number (sums->covered);
  g_autofree char *text = NULL, *sendable = NULL, *tickets = NULL, *cannot = NULL;

  tvm_coverage_plan (sums, has_ticket, gtk_check_button_get_active (self->split_check));
  text = g_strdup_printf (ngettext ("%s device covered", "%s devices covered",
                                    (gulong) sums->covered), covered);
  if (has_ticket)
    {
      g_autofree char *devices = g_steal_pointer (&text);

      sendable = tvm_make_number (sums->joined - sums->left_out);
      tickets = g_strdup_printf (ngettext ("%d ticket", "%d tickets", (gulong) sums->n_tickets),
                                 sums->n_tickets);
      /* Translators: "43 devices covered", how many of them, "1 ticket" */
      text = g_strdup_printf (_("%s, %s can go to Intune in %s"), devices, sendable, tickets);
      cannot = make_cannot (sums);
    }
  gtk_label_set_label (self->covered, text);
  gtk_label_set_label (self->cannot, cannot != NULL ? cannot : "");
  gtk_widget_set_visible (self->cannot_box, cannot != NULL && cannot[0] != '\0');
}

static void
update_due (TvmRequestDialog *self)
{
  g_autofree char *date = tvm_make_date (self->due_on);

  adw_button_content_set_label (self->due_content, date != NULL ? date
    /* Translators: beside "Due date": there is none */
    : C_("due date", "None"));
  gtk_widget_set_visible (self->due_clear, self->due_on != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.clear-due", self->due_on != NULL);
}

/* The service counts the devices with no user impact and does not name them. */
static void
update_scope (TvmRequestDialog *self)
{
  int n = self->details->recommendation->no_impact_devices;
  g_autofree char *number = tvm_make_number (n);
  g_autofree char *text = g_strdup_printf (
    ngettext ("The service counts %s device with no user impact, but does not tell which. The activity "
              "names the choice and follows all exposed devices of the chosen groups.",
              "The service counts %s devices with no user impact, but does not tell which. The activity "
              "names the choice and follows all exposed devices of the chosen groups.", (gulong) n), number);

  tvm_plain_row_set (ADW_ACTION_ROW (self->scope_row), _("D_evices"),
                     get_no_impact_only (self) ? text : NULL);
}

static void
update_form (TvmRequestDialog *self)
{
  TvmRemediationType type = get_type_chosen (self);
  gboolean is_attention = type == TVM_TYPE_ATTENTION_REQUIRED;
  gboolean is_connected = FALSE, is_too_long;
  g_autofree char *notes = dup_notes (self);
  TvmCoverage sums;

  if (self->details == NULL || self->is_setting)
    return;
  g_object_get (self->ui->engine, "intune-connected", &is_connected, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->due_row), !is_attention);
  gtk_widget_set_visible (GTK_WIDGET (self->priority_row), !is_attention);
  gtk_widget_set_visible (GTK_WIDGET (self->ticket_group), is_connected && !is_attention);
  gtk_widget_set_visible (GTK_WIDGET (self->scope_row), type == TVM_TYPE_CONFIGURATION_CHANGE &&
                          self->details->recommendation->no_impact_devices >= 0);
  update_scope (self);
  tvm_request_groups_sum (self->groups, &sums);
  update_split (self, &sums);
  update_coverage (self, &sums);
  update_due (self);
  is_too_long = strlen (notes) > TVM_NOTE_MAX_BYTES;
  gtk_widget_set_visible (GTK_WIDGET (self->notes_warning), is_too_long);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.submit", !self->is_submitting &&
                                 !is_too_long && tvm_request_groups_are_any (self->groups));
}

static void
choice_changed_cb (TvmRequestDialog *self)
{
  update_form (self);
}

static void
scope_changed_cb (TvmRequestDialog *self)
{
  if (self->details == NULL || self->is_setting)
    return;
  tvm_request_groups_set_counts (self->groups, get_no_impact_only (self)
    ? self->details->no_impact_groups : self->details->groups);
  update_form (self);
}

static void
type_changed_cb (TvmRequestDialog *self)
{
  update_form (self);
  scope_changed_cb (self);
}

static void
show_error (TvmRequestDialog *self, const char *message)
{
  tvm_plain_row_set (self->error_row, _("The request was not submitted"), message);
  gtk_widget_set_visible (GTK_WIDGET (self->error_group), message != NULL);
  if (message != NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->page), GTK_DIR_TAB_FORWARD);
}

static void
day_selected_cb (TvmRequestDialog *self)
{
  g_autoptr(GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");
  g_autofree char *today = tvm_today ();

  if (self->is_setting)
    return;
  if (tvm_days_between (today, date) < 0)
    {
      show_error (self, _("A due date cannot be in the past."));
      return;
    }
  show_error (self, NULL);
  tvm_set_str (&self->due_on, date);
  update_due (self);
}

/* ---- loading */

static void
fill_what (TvmRequestDialog *self, const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_make_n_of_m (recommendation->exposed_devices,
                                              recommendation->total_devices);
  g_autofree char *weaknesses = tvm_make_number (recommendation->weaknesses);
  g_autofree char *devices = g_strdup_printf (
    ngettext ("%s device exposed", "%s devices exposed", (gulong) recommendation->total_devices),
    exposed);
  g_autofree char *cves = g_strdup_printf (
    ngettext ("%s weakness", "%s weaknesses", (gulong) recommendation->weaknesses), weaknesses);
  g_autofree char *subtitle = g_strdup_printf (_("%s, %s"), devices, cves);
  GtkWidget *pill = NULL;

  tvm_plain_row_set (self->what_row, recommendation->name, subtitle);
  if (recommendation->known_exploited)
    pill = tvm_pill_new ("tvm-known-exploited-symbolic", "threat", _("Known exploited"));
  else if (recommendation->public_exploit)
    pill = tvm_pill_new ("tvm-exploit-symbolic", "threat", _("Public exploit"));
  if (pill != NULL)
    {
      gtk_widget_set_valign (pill, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (self->what_row, pill);
    }
}

static void
fill (TvmRequestDialog *self)
{
  const TvmRecommendation *recommendation = self->details->recommendation;
  g_autoptr(GtkStringList) types = gtk_string_list_new (NULL);
  gboolean is_urgent = recommendation->known_exploited || recommendation->public_exploit;
  guint n = tvm_types_offered (recommendation, self->types);

  self->is_setting = TRUE;
  fill_what (self, recommendation);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (types, tvm_remediation_type_to_text (self->types[i]));
  adw_combo_row_set_model (self->type_row, G_LIST_MODEL (types));
  adw_combo_row_set_selected (self->type_row, 0);
  adw_combo_row_set_selected (self->priority_row, is_urgent ? 0 : 1);
  tvm_request_groups_set_counts (self->groups, self->details->groups);
  self->is_setting = FALSE;
  g_signal_connect_object (self->type_row, "notify::selected", G_CALLBACK (type_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_form (self);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmRecommendationDetails *details =
    tvm_recommendation_details_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_spinner_stop (self->spinner);
  if (details == NULL)
    {
      show_error (self, error->message);
      return;
    }
  self->details = details;
  fill (self);
}

/* ---- submitting */

static void
submitted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity =
    tvm_sync_engine_request_finish (TVM_SYNC_ENGINE (object), result, NULL, &error);

  self->is_submitting = FALSE;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), TRUE);
  if (activity == NULL)
    {
      update_form (self);
      show_error (self, error->message);
      return;
    }
  tvm_ui_toast_activity (self->ui, _("Remediation requested"), activity->id);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
submit_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (widget);
  g_autoptr(TvmRequest) request = NULL;

  if (self->details == NULL || self->is_submitting)
    return;
  request = create_request (self);
  self->is_submitting = TRUE;
  show_error (self, NULL);
  update_form (self);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), FALSE);
  tvm_sync_engine_request_async (self->ui->engine, request, FALSE, NULL, submitted_cb,
                                 g_object_ref (self));
}

static void
show_left_out_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (widget);
  g_autoptr(TvmRequest) request = NULL;
  GtkWidget *window;

  if (self->details == NULL)
    return;
  request = create_request (self);
  window = tvm_left_out_window_new (self->ui, request, self->details->recommendation->name);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
clear_due_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRequestDialog *self = TVM_REQUEST_DIALOG (widget);

  g_clear_pointer (&self->due_on, g_free);
  show_error (self, NULL);
  update_due (self);
}

/* ---- object */

static gboolean
tvm_request_dialog_close_request (GtkWindow *window)
{
  if (TVM_REQUEST_DIALOG (window)->is_submitting)
    return TRUE;  /* it closes or tells what is wrong in a moment */
  return GTK_WINDOW_CLASS (tvm_request_dialog_parent_class)->close_request (window);
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

  g_clear_pointer (&self->details, tvm_recommendation_details_free);
  g_clear_pointer (&self->due_on, g_free);
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
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, type_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, scope_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, priority_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, due_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, due_button);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, due_popover);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, due_content);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, due_clear);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, calendar);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, groups_place);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, ticket_group);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, ticket_switch);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, split_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, split_check);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, first_row);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, first_check);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, notes);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, notes_warning);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, covered);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, cannot);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, cannot_box);
  gtk_widget_class_bind_template_child (widget_class, TvmRequestDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
}

static void
tvm_request_dialog_class_init (TvmRequestDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_request_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_request_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = tvm_request_dialog_close_request;
  tvm_request_get_resource ();  /* links the resources in */
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/TvmRemediate/request/tvm-request-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "request.submit", NULL, submit_activated_cb);
  gtk_widget_class_install_action (widget_class, "request.show-left-out", NULL,
                                   show_left_out_activated_cb);
  gtk_widget_class_install_action (widget_class, "request.clear-due", NULL, clear_due_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tvm_request_dialog_init (TvmRequestDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_ui_wrap_if_large (self->submit_label);
  self->groups = tvm_request_groups_new ();
  adw_preferences_group_add (self->groups_place, GTK_WIDGET (self->groups));
  g_signal_connect_object (self->groups, "changed", G_CALLBACK (update_form), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.submit", FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->ticket_group), FALSE);
}

/**
 * tvm_request_dialog_new:
 * @ui: the window's context
 * @recommendation_id: what remediation is requested for
 *
 * Returns: (transfer none): the form, to be presented
 */
GtkWidget *
tvm_request_dialog_new (TvmUi *ui, const char *recommendation_id)
{
  TvmRequestDialog *self = g_object_new (TVM_TYPE_REQUEST_DIALOG, NULL);

  self->ui = ui;
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (ui->engine, "notify::intune-connected", G_CALLBACK (update_form), self,
                           G_CONNECT_SWAPPED);
  gtk_spinner_start (self->spinner);
  tvm_recommendation_details_load_async (ui->store, recommendation_id, self->cancellable, loaded_cb,
                                         g_object_ref (self));
  return GTK_WIDGET (self);
}
