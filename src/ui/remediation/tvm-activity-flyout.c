/* tvm-activity-flyout.c: the flyout of a remediation activity: loads it, fills it again when the
 * store changes, and has its actions. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-flyout.h"
#include "tvm-activity-complete.h"
#include "tvm-activity-groups.h"
#include "tvm-activity-notify.h"
#include "tvm-activity-progress.h"
#include "tvm-activity-team.h"
#include "tvm-evidence-run.h"
#include "tvm-export-run.h"
#include "tvm-names-run.h"
#include "tvm-progress.h"
#include "tvm-targets-window.h"
#include "tvm-text.h"
#include "tvm-ticket-withdraw.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

struct _TvmActivityFlyout
{
  TvmRecordFlyout base;
  TvmActivityDetails *details;  /* (nullable): of the base */
};

G_DEFINE_FINAL_TYPE (TvmActivityFlyout, tvm_activity_flyout, TVM_TYPE_RECORD_FLYOUT)

static void
update_actions (TvmActivityFlyout *self)
{
  const TvmActivity *activity = self->details != NULL ? self->details->activity : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export-names", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export-evidence", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.notify", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.complete",
                                 activity != NULL && activity->status == TVM_STATUS_ACTIVE &&
                                 activity->origin == TVM_ORIGIN_LOCAL);
}

static void
fill (TvmActivityFlyout *self)
{
  const TvmActivityDetails *details = self->details;

  tvm_record_flyout_start (&self->base, details->activity->title);
  if (details->recommendation != NULL)
    tvm_list_flyout_add_related (self->base.flyout, _("Related _recommendations"),
                                 "recommendations", details->recommendation->name);
  tvm_activity_groups_add_pills (self->base.flyout, details->activity);
  tvm_activity_groups_add_disagreements (self->base.flyout, details);
  tvm_activity_progress_add (self->base.flyout, details);
  tvm_activity_groups_add_tickets (self->base.flyout, details);
  tvm_activity_team_add (self->base.flyout, details);
  tvm_activity_groups_add_devices (self->base.flyout, details, self->base.is_fetching,
                                   self->base.fetch_error);
  tvm_activity_groups_add_steps (self->base.flyout, details);
  tvm_activity_groups_add_history (self->base.flyout, details);
}

/* ---- loading and fetching */

/* Which devices of a portal activity are left is not part of a sync: it is asked for when somebody
 * looks. */
static void
fetch_if_unknown (TvmActivityFlyout *self)
{
  const TvmActivity *activity = self->details->activity;

  if (self->base.was_fetched || activity->origin != TVM_ORIGIN_DEFENDER ||
      activity->status == TVM_STATUS_COMPLETED || self->details->targets->len > 0)
    return;
  tvm_sync_engine_fetch_activity_async (self->base.ui->engine, activity->id,
                                        tvm_record_flyout_start_fetch (&self->base),
                                        tvm_record_flyout_fetched_cb, g_object_ref (self));
}

static gint64
loaded (TvmRecordFlyout *base)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (base);

  self->details = base->details;
  update_actions (self);
  if (self->details == NULL)
    return 0;
  fetch_if_unknown (self);
  fill (self);
  return self->details->activity->key;
}

/* ---- actions */

static void
export_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);
  g_autofree char *note = tvm_progress_unnamed_text (self->details->activity);

  tvm_set_str (&query->activity_id, self->details->activity->id);
  tvm_export_run (self->base.ui, widget, query, "activity", note);
}

static void
export_names_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_names_run (self->base.ui, widget, self->details->activity, g_variant_get_int32 (parameter));
}

static void
export_evidence_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_evidence_run (self->base.ui, widget, self->details->activity);
}

static void
export_history_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_HISTORY);

  tvm_set_str (&query->activity_id, self->details->activity->id);
  tvm_export_run (self->base.ui, widget, query, "history", NULL);
}

static void
complete_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_activity_complete (self->base.ui, widget, self->details->activity,
                         self->details->states);
}

static void
notify_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_activity_notify (self->base.ui, widget, self->details->activity);
}

static void
open_ticket_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  if (self->details != NULL && self->details->admin_center_uri != NULL)
    tvm_toolkit_open_uri (GTK_WINDOW (gtk_widget_get_root (widget)),
                          self->details->admin_center_uri);
}

static void
withdraw_ticket_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  for (guint i = 0; self->details != NULL && i < self->details->tickets->len; i++)
    {
      const TvmTicket *ticket = self->details->tickets->pdata[i];

      if (ticket->key == g_variant_get_int64 (parameter))
        tvm_ticket_withdraw (self->base.ui, widget, self->details->activity->id, ticket);
    }
}

static void
comment_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  if (self->details != NULL)
    tvm_activity_team_comment (self->base.ui, widget, self->details->activity);
}

static void
assign_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  if (self->details != NULL)
    tvm_activity_team_assign (self->base.ui, widget, self->details->activity,
                              g_variant_get_string (parameter, NULL));
}

static void
show_devices (TvmActivityFlyout *self, int state, TvmLeftOut left_out)
{
  GtkWidget *window;

  if (self->details == NULL)
    return;
  window = tvm_targets_window_new (self->base.ui, self->details->activity, state, left_out);
  gtk_window_set_transient_for (GTK_WINDOW (window),
                                GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_devices_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  show_devices (TVM_ACTIVITY_FLYOUT (widget), g_variant_get_int32 (parameter), TVM_LEFT_OUT_NONE);
}

static void
show_left_out_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  show_devices (TVM_ACTIVITY_FLYOUT (widget), -1, TVM_LEFT_OUT_ANY);
}

static void
open_recommendation_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  if (self->details != NULL && self->details->recommendation != NULL)
    tvm_ui_open_recommendation (self->base.ui, self->details->recommendation->id);
}

static void
open_twin_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);
  g_autofree char *id = self->details != NULL ? g_strdup (self->details->activity->twin_id) : NULL;

  if (id != NULL)
    tvm_ui_open_activity (self->base.ui, id);
}

/* ---- object */

static void
tvm_activity_flyout_class_init (TvmActivityFlyoutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  TVM_RECORD_FLYOUT_CLASS (klass)->what = &tvm_load_activity;
  TVM_RECORD_FLYOUT_CLASS (klass)->failure = N_("The activity cannot be shown");
  TVM_RECORD_FLYOUT_CLASS (klass)->loaded = loaded;
  gtk_widget_class_install_action (widget_class, "activity.export", NULL, export_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.export-names", "i",
                                   export_names_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.export-evidence", NULL,
                                   export_evidence_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.complete", NULL, complete_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.notify", NULL, notify_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.export-history", NULL,
                                   export_history_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.open-ticket", NULL,
                                   open_ticket_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.withdraw-ticket", "x",
                                   withdraw_ticket_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.comment", NULL, comment_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.assign", "s", assign_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.show-devices", "i",
                                   show_devices_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.show-left-out", NULL,
                                   show_left_out_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.open-recommendation", NULL,
                                   open_recommendation_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.open-twin", NULL,
                                   open_twin_activated_cb);
}

static void
add_names_item (GMenu *menu, const char *label, TvmNamesFormat format)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "activity.export-names", "i", (gint32) format);
  g_menu_append_item (menu, item);
}

static GMenuModel *
create_export_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("Export to CSV"), "activity.export");
  add_names_item (menu, _("Device names for Configuration Manager"), TVM_NAMES_LIST);
  add_names_item (menu, _("Collection script for Configuration Manager"), TVM_NAMES_SCRIPT);
  g_menu_append (menu, _("Evidence (archive)"), "activity.export-evidence");
  return G_MENU_MODEL (menu);
}

static void
tvm_activity_flyout_init (TvmActivityFlyout *self)
{
  g_autoptr(GMenuModel) export_menu = create_export_menu ();

  tvm_list_flyout_add_menu (self->base.flyout, "document-save-symbolic", _("Export"), export_menu);
  tvm_list_flyout_add_action (self->base.flyout, "mail-send-symbolic", _("Notify IT admin"),
                              "activity.notify");
  tvm_list_flyout_add_action (self->base.flyout, "object-select-symbolic", _("Mark as completed"),
                              "activity.complete");
  update_actions (self);
}

/**
 * tvm_activity_flyout_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): an empty flyout
 */
TvmActivityFlyout *
tvm_activity_flyout_new (TvmUi *ui)
{
  TvmActivityFlyout *self = g_object_new (TVM_TYPE_ACTIVITY_FLYOUT, NULL);

  tvm_record_flyout_set_up (&self->base, ui,
                            TVM_CHANGED_ACTIVITIES |
                            TVM_CHANGED_DEVICES |
                            TVM_CHANGED_OUTBOX);
  return self;
}
