/* tvm-activity-flyout.c: the flyout of a remediation activity: loads it, fills it again when the
 * store changes, and has its actions. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-flyout.h"
#include "tvm-activity-complete.h"
#include "tvm-activity-groups.h"
#include "tvm-activity-notify.h"
#include "tvm-activity-progress.h"
#include "tvm-export-run.h"
#include "tvm-names-run.h"
#include "tvm-targets-window.h"
#include "tvm-text.h"
#include "tvm-ticket-withdraw.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

struct _TvmActivityFlyout
{
  AdwBin              parent_instance;
  TvmUi              *ui;
  TvmListFlyout      *flyout;
  TvmActivityDetails *details;      /* (nullable) */
  char               *activity_id;  /* (nullable) what is asked for */
  char               *fetch_error;  /* (nullable) in words */
  GCancellable       *cancellable;
  GCancellable       *fetch_cancellable;
  gboolean            is_same;      /* it is loaded again: keep the place */
  gboolean            is_fetching, was_fetched;
};

typedef enum { LOADED, N_SIGNALS } TvmActivityFlyoutSignal;
G_DEFINE_FINAL_TYPE (TvmActivityFlyout, tvm_activity_flyout, ADW_TYPE_BIN)
static guint signals[N_SIGNALS];

static void load (TvmActivityFlyout *self);

static void
update_actions (TvmActivityFlyout *self)
{
  const TvmActivity *activity = self->details != NULL ? self->details->activity : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.export-names", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.notify", activity != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.complete",
                                 activity != NULL && activity->status == TVM_STATUS_ACTIVE &&
                                 activity->origin == TVM_ORIGIN_LOCAL);
}

static void
fill (TvmActivityFlyout *self)
{
  const TvmActivityDetails *details = self->details;

  if (self->is_same)
    tvm_list_flyout_keep_place (self->flyout);
  tvm_list_flyout_start (self->flyout, details->activity->title);
  tvm_activity_groups_add_pills (self->flyout, details->activity);
  tvm_activity_groups_add_disagreements (self->flyout, details);
  tvm_activity_progress_add (self->flyout, details);
  tvm_activity_groups_add_tickets (self->flyout, details);
  tvm_activity_groups_add_devices (self->flyout, details, self->is_fetching, self->fetch_error);
  tvm_activity_groups_add_steps (self->flyout, details);
  tvm_activity_groups_add_history (self->flyout, details);
}

/* ---- loading and fetching */

static void
fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmActivityFlyout) self = user_data;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_fetching = FALSE;
  tvm_set_str (&self->fetch_error, error != NULL ? error->message : NULL);
  load (self);
}

/* Which devices of a portal activity are left is not part of a sync: it is asked for when somebody
 * looks. */
static void
fetch_if_unknown (TvmActivityFlyout *self)
{
  const TvmActivity *activity = self->details->activity;

  if (self->was_fetched || activity->origin != TVM_ORIGIN_DEFENDER ||
      activity->status == TVM_STATUS_COMPLETED || self->details->targets->len > 0)
    return;
  self->was_fetched = TRUE;
  self->is_fetching = TRUE;
  self->fetch_cancellable = g_cancellable_new ();
  tvm_sync_engine_fetch_activity_async (self->ui->engine, activity->id, self->fetch_cancellable,
                                        fetched_cb, g_object_ref (self));
}

static void
drop_fetch (TvmActivityFlyout *self)
{
  g_cancellable_cancel (self->fetch_cancellable);
  g_clear_object (&self->fetch_cancellable);
  g_clear_pointer (&self->fetch_error, g_free);
  self->is_fetching = FALSE;
  self->was_fetched = FALSE;
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmActivityFlyout) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmActivityDetails *details =
    tvm_activity_details_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->details, tvm_activity_details_free);
  self->details = details;
  update_actions (self);
  if (details == NULL)
    {
      tvm_list_flyout_start (self->flyout, _("The activity cannot be shown"));
      tvm_list_flyout_add_text (self->flyout, error->message);
      return;
    }
  fetch_if_unknown (self);
  fill (self);
  self->is_same = TRUE;
  g_signal_emit (self, signals[LOADED], 0, details->activity->key);
}

static void
load (TvmActivityFlyout *self)
{
  if (self->activity_id == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_activity_details_load_async (self->ui->store, self->activity_id, self->cancellable, loaded_cb,
                                   g_object_ref (self));
}

/* ---- actions */

static void
export_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);

  tvm_set_str (&query->activity_id, self->details->activity->id);
  tvm_export_run (self->ui, widget, query, "activity");
}

static void
export_names_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_names_run (self->ui, widget, self->details->activity, g_variant_get_int32 (parameter));
}

static void
export_history_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_HISTORY);

  tvm_set_str (&query->activity_id, self->details->activity->id);
  tvm_export_run (self->ui, widget, query, "history");
}

static void
complete_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_activity_complete (self->ui, widget, self->details->activity);
}

static void
notify_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);

  tvm_activity_notify (self->ui, widget, self->details->activity);
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
        tvm_ticket_withdraw (self->ui, widget, ticket);
    }
}

static void
show_devices (TvmActivityFlyout *self, int state, TvmLeftOut left_out)
{
  GtkWidget *window;

  if (self->details == NULL)
    return;
  window = tvm_targets_window_new (self->ui, self->details->activity, state, left_out);
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
    tvm_ui_open_recommendation (self->ui, self->details->recommendation->id);
}

static void
open_twin_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (widget);
  g_autofree char *id = self->details != NULL ? g_strdup (self->details->activity->twin_id) : NULL;

  if (id != NULL)
    tvm_ui_open_activity (self->ui, id);
}

/* ---- object */

static void
tvm_activity_flyout_dispose (GObject *object)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (object);

  drop_fetch (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_activity_flyout_parent_class)->dispose (object);
}

static void
tvm_activity_flyout_finalize (GObject *object)
{
  TvmActivityFlyout *self = TVM_ACTIVITY_FLYOUT (object);

  g_clear_pointer (&self->details, tvm_activity_details_free);
  g_clear_pointer (&self->activity_id, g_free);
  G_OBJECT_CLASS (tvm_activity_flyout_parent_class)->finalize (object);
}

static void
tvm_activity_flyout_class_init (TvmActivityFlyoutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_activity_flyout_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_activity_flyout_finalize;
  gtk_widget_class_install_action (widget_class, "activity.export", NULL, export_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.export-names", "i",
                                   export_names_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.complete", NULL, complete_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.notify", NULL, notify_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.export-history", NULL,
                                   export_history_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.open-ticket", NULL,
                                   open_ticket_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.withdraw-ticket", "x",
                                   withdraw_ticket_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.show-devices", "i",
                                   show_devices_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.show-left-out", NULL,
                                   show_left_out_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.open-recommendation", NULL,
                                   open_recommendation_activated_cb);
  gtk_widget_class_install_action (widget_class, "activity.open-twin", NULL,
                                   open_twin_activated_cb);
  signals[LOADED] = g_signal_new ("loaded", TVM_TYPE_ACTIVITY_FLYOUT, G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
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
  return G_MENU_MODEL (menu);
}

static void
tvm_activity_flyout_init (TvmActivityFlyout *self)
{
  g_autoptr(GMenuModel) export_menu = create_export_menu ();

  self->flyout = tvm_list_flyout_new ();
  tvm_list_flyout_add_menu (self->flyout, "document-save-symbolic", _("Export"), export_menu);
  tvm_list_flyout_add_action (self->flyout, "mail-send-symbolic", _("Notify IT admin"),
                              "activity.notify", "<Control>n");
  tvm_list_flyout_add_action (self->flyout, "object-select-symbolic", _("Mark as completed"),
                              "activity.complete", "<Control>m");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->flyout));
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

  self->ui = tvm_ui_share (ui, self);
  tvm_ui_follow_store (ui, GTK_WIDGET (self),
                       TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES | TVM_CHANGED_OUTBOX,
                       (TvmUiReload) load);
  return self;
}

/**
 * tvm_activity_flyout_show:
 * @self: the flyout
 * @activity_id: the activity's id
 *
 * Loads and shows it; then "loaded" is emitted.
 */
void
tvm_activity_flyout_show (TvmActivityFlyout *self, const char *activity_id)
{
  g_return_if_fail (TVM_IS_ACTIVITY_FLYOUT (self));

  self->is_same = g_strcmp0 (self->activity_id, activity_id) == 0;
  if (!self->is_same)
    drop_fetch (self);
  tvm_set_str (&self->activity_id, activity_id);
  load (self);
}
