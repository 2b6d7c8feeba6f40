/* tvm-exception-flyout.c: the flyout of an exception: what it says and does, why to look at it
 * again, and its history. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exception-flyout.h"
#include "tvm-exception-approval.h"
#include "tvm-exception-cancel.h"
#include "tvm-exception-models.h"
#include "tvm-exceptions-list.h"
#include "tvm-history.h"
#include "tvm-list-cells.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

struct _TvmExceptionFlyout
{
  TvmRecordFlyout base;
  TvmExceptionDetails *details;  /* (nullable): of the base */
};

G_DEFINE_FINAL_TYPE (TvmExceptionFlyout, tvm_exception_flyout, TVM_TYPE_RECORD_FLYOUT)

static gboolean
can_cancel (TvmExceptionFlyout *self)
{
  return self->details != NULL && tvm_exception_may_cancel (self->details->exception);
}

static void
update_actions (TvmExceptionFlyout *self)
{
  gboolean may_decide;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.cancel", can_cancel (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.cancel-group", can_cancel (self));
  may_decide = self->details != NULL &&
               tvm_exception_may_decide (self->base.ui, self->details->exception);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.approve", may_decide);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.reject", may_decide);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "exception.open-recommendation",
                                 self->details != NULL);
}

/* ---- what it says */

static void
add_review (TvmExceptionFlyout *self, const TvmException *exception)
{
  g_autofree char *today = tvm_today ();

  if (exception->review == 0)
    return;
  tvm_list_flyout_add_group (self->base.flyout, _("To review"));
  for (guint flag = TVM_REVIEW_ENDS_SOON; flag <= TVM_REVIEW_NEW_GROUPS; flag <<= 1)
    if ((exception->review & flag) != 0)
      {
        g_autofree char *text = tvm_exception_review_text (exception, flag, today);
        AdwActionRow *row = tvm_list_flyout_add_row (self->base.flyout, text, "");

        adw_action_row_set_title_lines (row, 0);
        adw_action_row_set_icon_name (row, "dialog-warning-symbolic");
      }
}

static void
add_details (TvmExceptionFlyout *self, const TvmException *exception)
{
  g_autofree char *ends_on = tvm_make_date (exception->ends_on);
  g_autofree char *devices = tvm_make_number (exception->devices);
  g_autofree char *created_day = tvm_date_of_instant (exception->created_us);
  g_autofree char *created_on = tvm_make_date (created_day);
  /* Translators: a date and an e-mail address: "2 March 2026, ana@contoso.example" */
  g_autofree char *created = g_strdup_printf (_("%s, %s"), created_on, exception->created_by != NULL
                                              ? exception->created_by : _("N/A"));
  AdwActionRow *row;

  tvm_list_flyout_add_group (self->base.flyout, _("Exception"));
  row = tvm_list_flyout_add_row (self->base.flyout, _("Related recommendation"),
                                 exception->recommendation_name);
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "exception.open-recommendation");
  adw_action_row_set_subtitle_lines (
    tvm_list_flyout_add_row (self->base.flyout, _("Justification context"), exception->context), 0);
  tvm_list_flyout_add_row (self->base.flyout, _("Last day"), ends_on);
  tvm_list_flyout_add_row (self->base.flyout, tvm_exception_devices_title (exception),
                           devices);
  tvm_list_flyout_add_row (self->base.flyout, _("Created"), created);
}

static void
add_cancel_button (AdwActionRow *row, const char *group)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-delete-symbolic");
  /* Translators: a button beside a device group of an exception; %s is the group */
  g_autofree char *label = g_strdup_printf (_("Cancel for %s"), group);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  tvm_toolkit_name (button, label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", group);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "exception.cancel-group");
  adw_action_row_add_suffix (row, button);
}

static void
add_groups (TvmExceptionFlyout *self, const TvmException *exception)
{
  tvm_list_flyout_add_group (self->base.flyout, _("Device groups"));
  if (exception->is_global)
    adw_action_row_set_subtitle_lines (
      tvm_list_flyout_add_row (self->base.flyout, _("Global"),
                               _("All current and future device groups")), 0);
  for (char **group = exception->groups; *group != NULL; group++)
    {
      AdwActionRow *row = tvm_list_flyout_add_row (self->base.flyout, *group, "");

      if (can_cancel (self))
        add_cancel_button (row, *group);
    }
  for (char **group = exception->cancelled_groups; *group != NULL; group++)
    tvm_list_flyout_add_row (self->base.flyout, *group,
                             tvm_exception_status_to_text (TVM_EXCEPTION_CANCELLED));
}

static void
add_history (TvmExceptionFlyout *self)
{
  tvm_list_flyout_add_group (self->base.flyout, _("History"));
  for (guint i = 0; i < self->details->history->len; i++)
    {
      const TvmHistoryEntry *entry = self->details->history->pdata[i];
      g_autofree char *text = tvm_exception_history_text (entry);
      g_autofree char *words = tvm_make_instant (entry->when_us);
      g_autofree char *change = tvm_history_change_text (entry);
      g_autofree char *below = change != NULL ? g_strdup_printf ("%s\n%s", words, change)
                                              : g_strdup (words);
      AdwActionRow *row = tvm_list_flyout_add_row (self->base.flyout, text, below);

      adw_action_row_set_title_lines (row, 0);
      adw_action_row_set_subtitle_lines (row, 0);
    }
}

static void
fill (TvmExceptionFlyout *self)
{
  const TvmException *exception = self->details->exception;
  const char *style = NULL;
  const char *icon_name = tvm_exception_status_icon (exception, &style);

  tvm_record_flyout_start (&self->base, exception->recommendation_name);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _recommendations"), "recommendations",
                               exception->recommendation_name);
  tvm_list_flyout_add_pill (self->base.flyout, icon_name, style,
                            tvm_exception_status_to_text (exception->status));
  tvm_list_flyout_add_pill (self->base.flyout, NULL, NULL,
                            tvm_justification_to_text (exception->justification));
  tvm_exception_approval_add (self->base.ui, self->base.flyout, exception);
  add_review (self, exception);
  add_details (self, exception);
  add_groups (self, exception);
  add_history (self);
}

/* ---- loading */

static gint64
loaded (TvmRecordFlyout *base)
{
  TvmExceptionFlyout *self = TVM_EXCEPTION_FLYOUT (base);

  self->details = base->details;
  update_actions (self);
  if (self->details == NULL)
    return 0;
  fill (self);
  return self->details->exception->key;
}

/* ---- deciding */

static void
cancel_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmExceptionFlyout *self = TVM_EXCEPTION_FLYOUT (widget);

  tvm_exception_cancel (self->base.ui, widget, self->details->exception, NULL);
}

static void
cancel_group_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmExceptionFlyout *self = TVM_EXCEPTION_FLYOUT (widget);

  tvm_exception_cancel (self->base.ui, widget, self->details->exception,
                        g_variant_get_string (parameter, NULL));
}

static void
approve_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmExceptionFlyout *self = TVM_EXCEPTION_FLYOUT (widget);

  tvm_exception_approve (self->base.ui, widget, self->details->exception);
}

static void
reject_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmExceptionFlyout *self = TVM_EXCEPTION_FLYOUT (widget);

  tvm_exception_reject (self->base.ui, widget, self->details->exception);
}

static void
open_recommendation_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmExceptionFlyout *self = TVM_EXCEPTION_FLYOUT (widget);

  tvm_ui_open_recommendation (self->base.ui, self->details->exception->recommendation_id);
}

/* ---- object */

static void
tvm_exception_flyout_class_init (TvmExceptionFlyoutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  TVM_RECORD_FLYOUT_CLASS (klass)->what = &tvm_load_exception;
  TVM_RECORD_FLYOUT_CLASS (klass)->failure = N_("The exception cannot be shown");
  TVM_RECORD_FLYOUT_CLASS (klass)->loaded = loaded;
  gtk_widget_class_install_action (widget_class, "exception.cancel", NULL, cancel_activated_cb);
  gtk_widget_class_install_action (widget_class, "exception.cancel-group", "s",
                                   cancel_group_activated_cb);
  gtk_widget_class_install_action (widget_class, "exception.approve", NULL, approve_activated_cb);
  gtk_widget_class_install_action (widget_class, "exception.reject", NULL, reject_activated_cb);
  gtk_widget_class_install_action (widget_class, "exception.open-recommendation", NULL,
                                   open_recommendation_activated_cb);
}

static void
tvm_exception_flyout_init (TvmExceptionFlyout *self)
{
  tvm_list_flyout_add_action (self->base.flyout, "edit-delete-symbolic", _("Cancel exception"),
                              "exception.cancel");
  update_actions (self);
}

/**
 * tvm_exception_flyout_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): an empty flyout
 */
TvmExceptionFlyout *
tvm_exception_flyout_new (TvmUi *ui)
{
  TvmExceptionFlyout *self = g_object_new (TVM_TYPE_EXCEPTION_FLYOUT, NULL);

  tvm_record_flyout_set_up (&self->base, ui,
                            TVM_CHANGED_EXCEPTIONS |
                            TVM_CHANGED_RECOMMENDATIONS);
  return self;
}
