/* tvm-session.c: a profile that is open in a window of its own. What blocks (opening, closing,
 * deleting) runs on a worker; the application is held meanwhile. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-session.h"

#include "tvm-teller.h"
#include "tvm-watcher.h"
#include "tvm-window-state.h"

#include <glib/gi18n-lib.h>

struct _TvmSession
{
  GObject         parent_instance;
  GtkApplication *application;  /* (unowned) it outlives its sessions */
  char           *profile;      /* (owned) */
  gboolean        is_demo;
  gboolean        is_replaced;  /* by a session whose profile is the one to remember */
  gboolean        must_delete;  /* the profile's files, once it is closed */
  TvmMend        *mend;         /* (owned) (nullable): what is done to the store, once closed */
  TvmBackup      *newest;       /* (owned) (nullable): where it cannot be opened */
  gboolean        is_damaged;   /* why it cannot */
  TvmContext     *context;      /* (owned) (nullable): once it is open */
  TvmTeller      *teller;       /* (owned) (nullable): as long as it is open */
  TvmWatcher     *watcher;      /* (owned) (nullable): as long as it is open */
  GtkWindow      *window;       /* (unowned) (nullable): until it is closed */
  GCancellable   *hurry;        /* (owned) (nullable): closing has to end soon */
  guint           hurry_id;     /* when it has */
  GVariant       *reminders;    /* (owned) (nullable): to be shown once the profile is open */
};

typedef enum { ENDED, N_SIGNALS } TvmSessionSignal;

G_DEFINE_FINAL_TYPE (TvmSession, tvm_session, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

/* ---- reminders ----------------------------------------------------------------------------- */

static void
send_notification (const char    *id,
                   GNotification *notification,
                   gpointer       user_data)
{
  TvmSession *self = user_data;

  g_application_send_notification (G_APPLICATION (self->application), id, notification);
}

static void
start_teller (TvmSession *self)
{
  const char *label = NULL;

  if (self->is_demo)
    label = _("Demo tenant");
  else if (!g_str_equal (self->profile, "default"))
    label = self->profile;
  self->teller = tvm_teller_new (self->context->store, self->profile, label, send_notification,
                                 self);
}

static void
stop_teller (TvmSession *self)
{
  if (self->teller != NULL)
    tvm_teller_stop (self->teller);
  g_clear_object (&self->teller);
}

/**
 * tvm_session_open_reminder:
 * @self: a session
 * @reminders: what a notification carries
 *
 * Shows what it is about, as soon as the profile is open: the activity, the exception, or for a
 * digest the dashboard.
 */
void
tvm_session_open_reminder (TvmSession *self,
                           GVariant   *reminders)
{
  const char *word, *subject_id, *title;

  if (self->window == NULL)
    return;
  gtk_window_present (self->window);
  if (self->context == NULL)
    {
      g_clear_pointer (&self->reminders, g_variant_unref);
      self->reminders = g_variant_ref (reminders);
      return;
    }
  if (g_variant_n_children (reminders) != 1)
    {
      gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-page", "s", "dashboard");
      return;
    }
  g_variant_get_child (reminders, 0, "(&s&s&s)", &word, &subject_id, &title);
  if (g_str_equal (word, tvm_reminder_kind_to_word (TVM_REMIND_EXCEPTION_ENDING)))
    gtk_widget_activate_action (GTK_WIDGET (self->window), "win.open-exception", "s", subject_id);
  else
    gtk_widget_activate_action (GTK_WIDGET (self->window), "win.open-activity", "s", subject_id);
}

/**
 * tvm_session_snooze_reminder:
 * @self: a session
 * @reminders: what a notification carries
 *
 * Tells it again in a day.
 */
void
tvm_session_snooze_reminder (TvmSession *self,
                             GVariant   *reminders)
{
  if (self->teller != NULL)
    tvm_teller_snooze (self->teller, reminders);
}

/* ---- opening ------------------------------------------------------------------------------- */

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  TvmSession *self = source;
  g_autofree char *directory = tvm_profile_dir (self->profile);
  GError *error = NULL;
  TvmContext *context = self->is_demo ? tvm_context_open_demo (&error)
                                      : tvm_context_open (self->profile, &error);

  if (context == NULL && !self->is_demo)
    {
      g_autoptr(GPtrArray) backups = tvm_backups_list (directory, NULL);

      if (backups != NULL && backups->len > 0)
        self->newest = tvm_backup_copy (tvm_backups_get_newest (backups));
      self->is_damaged = tvm_store_is_damaged (directory);
    }
  if (context != NULL)
    g_task_return_pointer (task, context, (GDestroyNotify) tvm_context_close);
  else
    g_task_return_error (task, error);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TvmSession *self = TVM_SESSION (object);
  g_autoptr(GError) error = NULL;
  TvmContext *context = g_task_propagate_pointer (G_TASK (result), &error);

  g_application_release (G_APPLICATION (self->application));
  if (self->window == NULL)
    {
      g_clear_pointer (&context, tvm_context_close);
      return;
    }
  if (context == NULL)
    {
      tvm_window_show_problem (TVM_WINDOW (self->window), error, self->newest, self->is_damaged);
      return;
    }
  self->context = context;
  tvm_window_set_context (TVM_WINDOW (self->window), context->store, context->engine,
                          context->is_new);
  if (self->is_demo)
    tvm_context_follow_demo (context, TVM_WINDOW (self->window));
  tvm_sync_engine_set_automatic (context->engine, TRUE);
  start_teller (self);
  self->watcher = tvm_watcher_new (context->store, context->engine);
  if (self->reminders != NULL)
    tvm_session_open_reminder (self, self->reminders);
}

/* ---- closing ------------------------------------------------------------------------------- */

/* So long a closed window's last tickets are sent; what does not go then stays in the outbox. */
#define SEND_HELD_S 10

static void
close_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  TvmSession *self = source;
  g_autofree char *directory = tvm_profile_dir (self->profile);
  GError *error = NULL;

  if (self->context != NULL && !self->must_delete && self->mend == NULL)
    tvm_sync_engine_send_held (self->context->engine, cancellable);
  g_clear_pointer (&self->context, tvm_context_close);
  if (self->mend != NULL)
    tvm_mend_run (self->mend, directory);
  if (self->must_delete && !tvm_profile_delete (directory, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TvmSession *self = TVM_SESSION (object);
  g_autoptr(GError) error = NULL;

  g_clear_handle_id (&self->hurry_id, g_source_remove);
  g_clear_object (&self->hurry);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_warning ("%s", error->message);
  g_signal_emit (self, signals[ENDED], 0);
  g_application_release (G_APPLICATION (self->application));
}

static gboolean
hurry_cb (gpointer user_data)
{
  TvmSession *self = user_data;

  self->hurry_id = 0;
  g_cancellable_cancel (self->hurry);
  return G_SOURCE_REMOVE;
}

static void
window_destroyed_cb (TvmSession *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->window == NULL)
    return;
  self->window = NULL;
  stop_teller (self);
  g_clear_pointer (&self->watcher, tvm_watcher_free);
  if (self->context != NULL)
    tvm_context_rest (self->context);
  self->hurry = g_cancellable_new ();
  self->hurry_id = g_timeout_add_seconds (SEND_HELD_S, hurry_cb, self);
  task = g_task_new (self, self->hurry, closed_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, close_thread);
}

static gboolean
close_request_cb (TvmSession *self)
{
  if (!self->is_demo && !self->is_replaced)
    tvm_window_state_save (self->window, self->profile);
  return FALSE;
}

/* ---- deleting ------------------------------------------------------------------------------ */

static void
signed_out_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(TvmSession) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (self->window == NULL)
    return;
  if (good)
    {
      self->must_delete = TRUE;
      gtk_window_destroy (self->window);
    }
  else
    {
      tvm_sync_engine_set_automatic (self->context->engine, TRUE);
      tvm_window_show_failure (TVM_WINDOW (self->window), _("The profile could not be deleted"),
                               error);
    }
}

/**
 * tvm_session_delete:
 * @self: a session
 *
 * Signs out, closes the window, and deletes the profile. Where the sign-out does not work, the
 * window says so and everything stays.
 */
void
tvm_session_delete (TvmSession *self)
{
  g_return_if_fail (TVM_IS_SESSION (self));

  if (self->context == NULL || self->is_demo)
    return;
  tvm_context_rest (self->context);
  tvm_sync_engine_sign_out_async (self->context->engine, FALSE, NULL, signed_out_cb,
                                  g_object_ref (self));
}

static gboolean close_cb (gpointer user_data);

/* ---- mending ------------------------------------------------------------------------------- */

/**
 * tvm_session_mend:
 * @self: a session
 * @way: "restore", "recover" or "reopen"
 * @name: the backup's name
 *
 * Closes window and profile, and has its store mended. What is to be told of that is then
 * tvm_session_steal_mend(), with which the profile can be opened anew.
 */
void
tvm_session_mend (TvmSession *self,
                  const char *way,
                  const char *name)
{
  if (self->is_demo || self->mend != NULL)
    return;
  self->mend = tvm_mend_new (way, name);
  if (self->context != NULL)
    tvm_context_rest (self->context);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
}

/**
 * tvm_session_steal_mend:
 * @self: a session that ended
 *
 * Returns: (transfer full) (nullable): what was done to its store
 */
TvmMend *
tvm_session_steal_mend (TvmSession *self)
{
  return g_steal_pointer (&self->mend);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void
tvm_session_finalize (GObject *object)
{
  g_free (TVM_SESSION (object)->profile);
  g_clear_pointer (&TVM_SESSION (object)->reminders, g_variant_unref);
  g_clear_pointer (&TVM_SESSION (object)->mend, tvm_mend_free);
  g_clear_pointer (&TVM_SESSION (object)->newest, tvm_backup_free);
  G_OBJECT_CLASS (tvm_session_parent_class)->finalize (object);
}

static void
tvm_session_class_init (TvmSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_session_finalize;
  /* The window is gone and the profile closed, and deleted where that was asked for. */
  signals[ENDED] = g_signal_new ("ended", TVM_TYPE_SESSION, G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tvm_session_init (TvmSession *self)
{
}

/**
 * tvm_session_new:
 * @application: the application
 * @profile: the profile's name, already checked
 * @is_demo: whether to open the demo tenant instead
 *
 * Returns: (transfer full): a session whose window shows and whose profile is being opened
 */
TvmSession *
tvm_session_new (GtkApplication *application,
                 const char     *profile,
                 gboolean        is_demo)
{
  TvmSession *self = g_object_new (TVM_TYPE_SESSION, NULL);
  g_autoptr(GTask) task = NULL;

  self->application = application;
  self->profile = g_strdup (profile);
  self->is_demo = is_demo;
  self->window = GTK_WINDOW (tvm_window_new (application, profile, is_demo));
  tvm_window_state_restore (self->window);
  g_signal_connect_object (self->window, "destroy", G_CALLBACK (window_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "close-request", G_CALLBACK (close_request_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (self->window);
  /* Held until the profile is open, so that it is also closed; and until it is closed in order, for
   * the application lets go of a window before the last work on it does. */
  g_application_hold (G_APPLICATION (application));
  g_application_hold (G_APPLICATION (application));
  task = g_task_new (self, NULL, opened_cb, NULL);
  g_task_run_in_thread (task, open_thread);
  return self;
}

/**
 * tvm_session_get_profile:
 * @self: a session
 *
 * Returns: (transfer none): the profile's name
 */
const char *
tvm_session_get_profile (TvmSession *self)
{
  return self->profile;
}

/**
 * tvm_session_get_window:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): its window, until that is closed
 */
GtkWindow *
tvm_session_get_window (TvmSession *self)
{
  return self->window;
}

/**
 * tvm_session_is_deleted:
 * @self: a session
 *
 * Returns: whether it ends with the profile's deletion
 */
gboolean
tvm_session_is_deleted (TvmSession *self)
{
  return self->must_delete;
}

/**
 * tvm_session_close:
 * @self: a session
 *
 * Closes the window; the session ends when the profile is closed too.
 */
void
tvm_session_close (TvmSession *self)
{
  if (self->window != NULL)
    gtk_window_close (self->window);
}

static gboolean
close_cb (gpointer user_data)
{
  tvm_session_close (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_session_replace:
 * @self: a session in whose place another one was opened
 *
 * Closes the window soon; the next start opens the other one's profile. A dialog that asked for it
 * is still between its answer and its end, and in libadwaita 1.2 it needs its parent for that.
 */
void
tvm_session_replace (TvmSession *self)
{
  self->is_replaced = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
}

/**
 * tvm_session_close_now:
 * @self: a session
 *
 * Closes the window and the profile before it returns; for the end of the program.
 */
void
tvm_session_close_now (TvmSession *self)
{
  if (self->window != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->window, self);
      gtk_window_destroy (g_steal_pointer (&self->window));
    }
  stop_teller (self);
  g_clear_pointer (&self->watcher, tvm_watcher_free);
  if (self->context == NULL)
    return;
  tvm_context_rest (self->context);
  g_clear_pointer (&self->context, tvm_context_close);
}
