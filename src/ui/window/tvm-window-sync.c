/* tvm-window-sync.c: how the sync is told: the button, its popover and the bars. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

#include "tvm-time.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a step pulls, for people. */
static const char *
step_text (const char *step)
{
  static const struct { const char *step, *text; } texts[] = {
    { "outbox", N_("Sending what waits in the outbox") },
    { "recommendations", N_("Recommendations") },
    { "devices", N_("Devices") },
    { "weaknesses", N_("Weaknesses") },
    { "activities", N_("Remediation activities") },
    { "activity-devices", N_("Remediation activities") },
    { "scores", N_("Scores") },
    { "tickets", N_("Tickets") },
    { "managed-devices", N_("Intune devices") },
    { "exposure", N_("Exposed devices") },
    { "device-references", N_("Exposed devices") },
    { "user-impact", N_("User impact") },
  };

  for (guint i = 0; step != NULL && i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (step, texts[i].step))
      return _(texts[i].text);
  return "";
}

/**
 * tvm_window_make_time_text:
 * @when_us: an instant
 *
 * Returns: (transfer full): the time, with the date unless it is today
 */
char *
tvm_window_make_time_text (gint64 when_us)
{
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local (when_us / TVM_SECOND_US);
  g_autofree char *today = tvm_today ();
  g_autofree char *day = tvm_date_of_instant (when_us);

  /* Translators: formats of g_date_time_format(): the time of today, and date and time. */
  return g_date_time_format (when, g_str_equal (today, day) ? _("%H:%M") : _("%-d %b, %H:%M"));
}

/* How long a throttled service lets nobody in, in seconds; 0 when it does. */
static int
count_wait_seconds (TvmSyncEngine *engine)
{
  gint64 next_call_us, now_us = tvm_now_us ();

  g_object_get (engine, "next-call-us", &next_call_us, NULL);
  return next_call_us > now_us ? (next_call_us - now_us) / TVM_SECOND_US + 1 : 0;
}

static char *
make_sync_label (gboolean syncing,
                 gboolean offline,
                 int      wait_seconds,
                 gint64   last_sync_us)
{
  g_autofree char *when = NULL;

  if (syncing && wait_seconds > 0)
    /* Translators: the service is throttled; seconds, abbreviated. */
    return g_strdup_printf (_("Next call in %d s"), wait_seconds);
  if (syncing)
    return g_strdup (_("Syncing…"));
  if (offline)
    return g_strdup (_("Offline"));
  if (last_sync_us == 0)
    return g_strdup (_("Not synced yet"));
  when = tvm_window_make_time_text (last_sync_us);
  /* Translators: %s is a time, perhaps with a date. */
  return g_strdup_printf (_("Synced %s"), when);
}

/* Where the words above have no room; NULL: nothing but the icon says less. */
static char *
make_short_label (gboolean syncing,
                  gboolean offline,
                  int      wait_seconds,
                  gint64   last_sync_us)
{
  if (syncing && wait_seconds > 0)
    /* Translators: seconds until the next call, abbreviated; very short */
    return g_strdup_printf (_("%d s"), wait_seconds);
  return syncing || offline || last_sync_us == 0 ? NULL : tvm_window_make_time_text (last_sync_us);
}

static char *
make_offline_text (gint64 last_sync_us)
{
  g_autofree char *when = last_sync_us > 0 ? tvm_window_make_time_text (last_sync_us) : NULL;

  if (when == NULL)
    return g_strdup (_("Offline. The first synchronization starts when the network is back."));
  /* Translators: %s is a time, perhaps with a date. */
  return g_strdup_printf (
    _("Offline, showing data of %s. Synchronization starts by itself when the "
       "network is back."),
    when);
}

/* What a service refused waits, too, but for a person. */
static char *
make_pending_text (TvmSyncEngine *engine)
{
  int n, n_parked;

  g_object_get (engine, "outbox", &n, "outbox-parked", &n_parked, NULL);
  return n_parked > 0 ? g_strdup_printf (ngettext ("%d change was refused",
                                                   "%d changes were refused", n_parked), n_parked)
                      : g_strdup_printf (ngettext ("%d change waits to be sent",
                                                   "%d changes wait to be sent", n), n);
}

static char *
make_wait_text (TvmSyncEngine *engine,
                int            seconds)
{
  gboolean is_asked;

  g_object_get (engine, "asked-to-wait", &is_asked, NULL);
  return g_strdup_printf (
    is_asked ? ngettext ("The service asks to wait: next call in %d second",
                         "The service asks to wait: next call in %d seconds", (gulong) seconds)
             /* Translators: the program lets a service rest that failed, or whose limit is near. */
             : ngettext ("The service is left alone for a while: next call in %d second",
                         "The service is left alone for a while: next call in %d seconds",
                         (gulong) seconds),
    seconds);
}

static char *
make_sync_text (TvmSyncEngine *engine,
                gboolean       syncing,
                const char    *error)
{
  g_autofree char *step = NULL, *files = NULL, *backup_warning = NULL, *account = NULL;
  g_autofree char *keyring_warning = NULL;
  gboolean is_offline, is_metered;
  gint64 last_sync_us;
  int outbox, seconds = count_wait_seconds (engine);

  g_object_get (engine, "step", &step, "outbox", &outbox, "offline", &is_offline, "metered",
                &is_metered, "last-sync-us", &last_sync_us, "files", &files, "backup-warning",
                &backup_warning, "account", &account, "keyring-warning", &keyring_warning, NULL);
  if (syncing && seconds > 0)
    return make_wait_text (engine, seconds);
  if (syncing)
    return files != NULL ? g_steal_pointer (&files) : g_strdup (step_text (step));
  if (is_offline)
    return make_offline_text (last_sync_us);
  if (error != NULL)
    return g_strdup (error);
  if (account == NULL)
    return keyring_warning != NULL
      ? g_steal_pointer (&keyring_warning)
      : g_strdup (_("Nobody is signed in. Sign in first; all local data stays."));
  if (backup_warning != NULL)
    return g_steal_pointer (&backup_warning);
  if (is_metered)
    return g_strdup (
      _("The connection is metered: nothing is synchronized by itself. Synchronize when "
         "you want to."));
  return outbox > 0 ? make_pending_text (engine) : g_strdup (_("Everything is up to date"));
}

/* An expired sign-in, a locked keyring and a wrong clock are told as long as they last, other
 * failures until somebody has read them. */
static void
update_error_bar (TvmWindow  *self,
                  const char *error,
                  gint64      last_sync_us,
                  gboolean    must_sign_in,
                  gboolean    is_locked,
                  const char *keyring_warning,
                  const char *clock_warning)
{
  const char *text = clock_warning != NULL ? clock_warning : error != NULL ? error : "";
  gboolean can_help = must_sign_in || is_locked || clock_warning != NULL;
  gboolean has_failed = !can_help && error != NULL;
  g_autofree char *failure = NULL;
  gint64 tickets_us;
  const char *label = has_failed ? _("_Try again") : _("This clock is _right…");
  const char *action = has_failed ? "win.sync-now" : "win.accept-clock";

  g_object_get (self->ui->engine, "tickets-us", &tickets_us, NULL);
  if (has_failed)
    failure = tvm_window_make_failure_text (error, last_sync_us, tickets_us);
  if (failure != NULL)
    text = failure;
  if (is_locked)
    text = _("The keyring is locked, so it is not known who is signed in. Everything synced stays "
             "usable; unlock it to synchronize.");
  else if (must_sign_in)
    text = _("Your sign-in is no longer valid. Everything synced stays usable; sign in again to "
             "synchronize.");
  else if (keyring_warning != NULL)
    text = keyring_warning;
  if (keyring_warning != NULL)
    {
      label = _("_Try again");
      action = "win.unlock-keyring";
    }
  else if (is_locked || must_sign_in)
    {
      label = is_locked ? _("_Unlock keyring") : _("_Sign in again");
      action = is_locked ? "win.unlock-keyring" : "win.sign-in";
    }
  gtk_widget_set_visible (self->error_button, can_help || has_failed || keyring_warning != NULL);
  gtk_widget_set_visible (self->details_button, failure != NULL && keyring_warning == NULL);
  gtk_info_bar_set_show_close_button (self->error_bar, !can_help);
  if (g_strcmp0 (gtk_label_get_label (self->error_label), text) == 0)
    return;
  gtk_button_set_label (GTK_BUTTON (self->error_button), label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->error_button), action);
  gtk_label_set_label (self->error_label, text);
  gtk_info_bar_set_revealed (self->error_bar, *text != '\0');
}

/* The bar that leads to what waits to be sent, there only as long as something does. What a sync
 * that runs may yet send is no news. */
static void
update_pending (TvmWindow *self,
                gboolean   syncing)
{
  g_autofree char *text = make_pending_text (self->ui->engine);
  int n, n_parked;

  g_object_get (self->ui->engine, "outbox", &n, "outbox-parked", &n_parked, NULL);
  gtk_label_set_label (self->pending_text, text);
  gtk_image_set_from_icon_name (self->pending_image,
                                n_parked > 0 ? "tvm-rejected-symbolic" : "tvm-clock-symbolic");
  tvm_toolkit_name (self->pending_bar, text);
  gtk_widget_set_visible (self->pending_bar, n_parked > 0 || (n > 0 && !syncing));
}

/* In a narrow window the icon is all that shows of the label. */
static void
show_sync_label (TvmWindow  *self,
                 const char *label,
                 const char *short_label,
                 gboolean    has_failed)
{
  gboolean is_narrow = tvm_toolkit_is_title_visible (self->switcher_title);
  const char *icon_name = has_failed ? "dialog-warning-symbolic" : "view-refresh-symbolic";
  /* Translators: when the last good sync was: "Synced 12:30", and that a later one failed */
  g_autofree char *name = has_failed ? g_strdup_printf (_("%s, the last attempt failed"), label)
                                     : g_strdup (label);

  adw_button_content_set_label (self->sync_content, is_narrow ? "" : label);
  adw_button_content_set_icon_name (self->sync_content, icon_name);
  adw_button_content_set_label (self->sync_short, is_narrow || short_label == NULL ? ""
                                                                                   : short_label);
  adw_button_content_set_icon_name (self->sync_short, icon_name);
  gtk_image_set_from_icon_name (self->sync_icon, icon_name);
  tvm_toolkit_name (GTK_WIDGET (self->sync_button), name);
  tvm_toolkit_name (gtk_widget_get_first_child (GTK_WIDGET (self->sync_button)), name);
}

/**
 * tvm_window_update_sync:
 * @self: a window whose profile is open
 *
 * Sets the sync button, its popover and the bars from the engine's properties.
 */
void
tvm_window_update_sync (TvmWindow *self)
{
  g_autofree char *error = NULL, *label = NULL, *text = NULL, *clock_warning = NULL;
  g_autofree char *keyring_warning = NULL, *short_label = NULL;
  int seconds = count_wait_seconds (self->ui->engine);
  gboolean syncing, is_offline, must_sign_in, is_locked;
  gint64 last_sync_us;
  double fraction;

  g_object_get (self->ui->engine, "syncing", &syncing, "offline", &is_offline, "last-error", &error,
                "sign-in-required", &must_sign_in, "keyring-locked", &is_locked, "clock-warning",
                &clock_warning, "last-sync-us", &last_sync_us, "fraction", &fraction,
                "keyring-warning", &keyring_warning, NULL);
  label = make_sync_label (syncing, is_offline, seconds, last_sync_us);
  short_label = make_short_label (syncing, is_offline, seconds, last_sync_us);
  text = make_sync_text (self->ui->engine, syncing, error);
  show_sync_label (self, label, short_label, error != NULL && !syncing && !is_offline);
  /* How long to wait is told below it. */
  gtk_label_set_label (self->sync_heading, syncing ? _("Syncing…") : label);
  gtk_label_set_label (self->sync_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->sync_progress), syncing);
  gtk_progress_bar_set_fraction (self->sync_progress, fraction);
  update_pending (self, syncing);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->budget_text)))
    tvm_window_update_budget (self);
  /* Being offline is a state, not a failure. */
  update_error_bar (self, syncing || is_offline ? NULL : error, last_sync_us, must_sign_in,
                    is_locked, keyring_warning, clock_warning);
}
