/* tvm-window-actions.c: what can be done in the window, and when. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

#include "tvm-keys.h"
#include "tvm-pending-window.h"
#include "tvm-preferences-window.h"
#include "tvm-remediation-page.h"
#include "tvm-sign-in-dialog.h"
#include "tvm-sign-out-dialog.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- actions ------------------------------------------------------------------------------- */

static void
synced_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  /* A failure is recorded in the store, from where the window shows it. */
  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, NULL);
}

static void
sync_now (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  gboolean is_full = strcmp (name, "win.sync-everything") == 0;

  tvm_sync_engine_sync_async (self->ui->engine, is_full, self->cancellable, synced_cb, NULL);
}

/* Also one that began by itself: what came as a whole by then stays. */
static void
cancel_sync (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  tvm_sync_engine_cancel_sync (TVM_WINDOW (widget)->ui->engine);
}

static void
sign_in (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  gtk_window_present (
    GTK_WINDOW (tvm_sign_in_dialog_new (TVM_WINDOW (widget)->ui, GTK_WINDOW (widget), FALSE)));
}

static void
sign_out (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  tvm_sign_out_dialog_show (TVM_WINDOW (widget)->ui, GTK_WINDOW (widget));
}

/* The window's preferences, new unless they are there: they may be asked for twice before they are
 * on screen. */
static GtkWidget *
find_preferences (TvmWindow *self)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();
  GtkWidget *window;

  for (GList *at = windows; at != NULL; at = at->next)
    if (TVM_IS_PREFERENCES_WINDOW (at->data) && gtk_widget_get_visible (at->data) &&
        gtk_window_get_transient_for (at->data) == GTK_WINDOW (self))
      return at->data;
  window = tvm_preferences_window_new (self->ui);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  return window;
}

static void
show_setting (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  GtkWidget *window = find_preferences (TVM_WINDOW (widget));

  tvm_preferences_window_show_setting (TVM_PREFERENCES_WINDOW (window),
                                       _(g_variant_get_string (parameter, NULL)));
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_preferences (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  gtk_window_present (GTK_WINDOW (find_preferences (TVM_WINDOW (widget))));
}

static void
show_pending_changes (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  GtkWidget *window = tvm_pending_window_new (TVM_WINDOW (widget)->ui, GTK_WINDOW (widget));

  gtk_window_present (GTK_WINDOW (window));
}

static void
show_about (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  g_autofree char *debug_info = g_strdup_printf (
    "TVM Remediate %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n", TVM_VERSION,
    gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
    adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
    glib_major_version, glib_minor_version, glib_micro_version);

  adw_show_about_window (GTK_WINDOW (widget), "application-name", _("TVM Remediate"),
                         "application-icon", "tvm-remediate", "version", TVM_VERSION,
                         "license-type", GTK_LICENSE_GPL_3_0, "comments",
                         _("Request remediation, hand it to your IT admins and follow every "
                            "device until it is fixed."),
                         "debug-info", debug_info, NULL);
}

static void
show_page (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  adw_view_stack_set_visible_child_name (TVM_WINDOW (widget)->stack,
                                         g_variant_get_string (parameter, NULL));
  tvm_window_focus_page (TVM_WINDOW (widget));
}

/* Of a status and of how urgent they are; 0: all; and whether only with tickets that matter. */
static void
show_activities (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  int status, due;
  gboolean ticket_matters;

  g_variant_get (parameter, "(iib)", &status, &due, &ticket_matters);
  adw_view_stack_set_visible_child_name (self->stack, "remediation");
  tvm_remediation_page_show_only (TVM_REMEDIATION_PAGE (self->remediation), status, due,
                                  ticket_matters);
}

/* What the dashboard sums up of activities. */
static void
show_past (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->stack, "remediation");
  tvm_remediation_page_show_past (TVM_REMEDIATION_PAGE (self->remediation),
                                  g_variant_get_int32 (parameter));
}

static void
open_activity_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  tvm_ui_open_activity (TVM_WINDOW (widget)->ui, g_variant_get_string (parameter, NULL));
}

static void
open_exception_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  tvm_ui_open_exception (TVM_WINDOW (widget)->ui, g_variant_get_string (parameter, NULL));
}

static void
show_shortcuts (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  GtkWindow *window = GTK_WINDOW (tvm_keys_create_window ());

  gtk_window_set_transient_for (window, GTK_WINDOW (widget));
  gtk_window_present (window);
}

/**
 * tvm_window_update_actions:
 * @self: a window, also before its profile is open
 *
 * Enables the actions that are possible now.
 */
void
tvm_window_update_actions (TvmWindow *self)
{
  g_autofree char *account = NULL;
  gboolean syncing = FALSE, must_sign_in = FALSE, is_open = self->ui != NULL;

  if (is_open)
    g_object_get (self->ui->engine, "account", &account, "syncing", &syncing, "sign-in-required",
                  &must_sign_in, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sync-now", account != NULL && !syncing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sync-everything",
                                 account != NULL && !syncing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.cancel-sync", syncing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sign-in",
                                 is_open && (account == NULL || must_sign_in));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sign-out",
                                 account != NULL && !self->is_demo);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.delete-profile",
                                 is_open && !self->is_demo);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-account", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-preferences", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.pending-changes", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.start-search", is_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search-everything", is_open);
}

/**
 * tvm_window_install_actions:
 * @klass: the window's class, in its class_init
 *
 * Installs the actions "win.…"; tvm_window_install_profile_actions() those of profiles.
 */
void
tvm_window_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.sync-now", NULL, sync_now);
  gtk_widget_class_install_action (klass, "win.sync-everything", NULL, sync_now);
  gtk_widget_class_install_action (klass, "win.cancel-sync", NULL, cancel_sync);
  gtk_widget_class_install_action (klass, "win.show-failure", NULL, tvm_window_show_last_failure);
  gtk_widget_class_install_action (klass, "win.sign-in", NULL, sign_in);
  gtk_widget_class_install_action (klass, "win.sign-out", NULL, sign_out);
  gtk_widget_class_install_action (klass, "win.show-preferences", NULL, show_preferences);
  gtk_widget_class_install_action (klass, "win.show-account", NULL, show_preferences);
  gtk_widget_class_install_action (klass, "win.pending-changes", NULL, show_pending_changes);
  gtk_widget_class_install_action (klass, "win.show-about", NULL, show_about);
  gtk_widget_class_install_action (klass, "win.show-help-overlay", NULL, show_shortcuts);
  tvm_window_install_listing (klass);
  gtk_widget_class_install_action (klass, "win.show-setting", "s", show_setting);
  gtk_widget_class_install_action (klass, "win.show-page", "s", show_page);
  gtk_widget_class_install_action (klass, "win.show-activities", "(iib)", show_activities);
  gtk_widget_class_install_action (klass, "win.show-past", "i", show_past);
  gtk_widget_class_install_action (klass, "win.open-activity", "s", open_activity_action);
  gtk_widget_class_install_action (klass, "win.open-exception", "s", open_exception_action);
}
