/* tvm-sync-team-watch.c: while the window is open a thread of its own listens to the team's log:
 * what others decide comes at once, and what is decided here goes out. Started and ended on the
 * main context. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-store-team.h"

#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define FIRST_PAUSE_US   (2 * TVM_SECOND_US)
#define LONGEST_PAUSE_US (5 * 60 * TVM_SECOND_US)
/* What the database did not take because somebody held it up is sent again after this. */
#define AGAIN_US         (20 * TVM_SECOND_US)
/* The database tells what is new; this finds a connection that is broken without a word. */
#define LOOK_US          (10 * 60 * TVM_SECOND_US)

/* Shared with its thread. */
typedef struct TvmTeamWatch {
  gatomicrefcount  ref_count;
  TvmSyncEngine   *engine;       /* (owned) */
  GCancellable    *cancellable;  /* (owned) */
  int              wake_fd;
} TvmTeamWatch;

static void
watch_unref (gpointer data)
{
  TvmTeamWatch *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  close (self->wake_fd);
  g_object_unref (self->cancellable);
  g_object_unref (self->engine);
  g_free (self);
}

static void
forget_wakes (TvmTeamWatch *self)
{
  guint64 n;
  gssize read_bytes = read (self->wake_fd, &n, sizeof n);

  (void) read_bytes; /* it does not block, and how often does not matter */
}

/* What keeps decisions from going out shows at once, for as long as it lasts. */
static void
tell (TvmSyncEngine *self,
      const GError  *failure)
{
  /* Translators: a list's name, perhaps after its service's, then what went wrong. */
  g_autofree char *text = failure != NULL ? g_strdup_printf (_("%s: %s"), _("Team"),
                                                             failure->message) : NULL;
  gboolean is_new;

  g_mutex_lock (&self->mutex);
  is_new = tvm_set_str (&self->team_trouble, text);
  g_mutex_unlock (&self->mutex);
  if (is_new)
    tvm_sync_engine_read_state (self);
  if (is_new && text != NULL)
    tvm_sync_engine_set_last_error (self, text);
}

/**
 * tvm_sync_dup_team_trouble:
 * @self: an engine
 *
 * Returns: (transfer full) (nullable): why what was decided here does not go out, while the window
 *   listens to the team's log
 */
char *
tvm_sync_dup_team_trouble (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->team_trouble);
}

/* Own decisions out, others' in. */
static gboolean
exchange (TvmTeamWatch  *self,
          TvmTeam       *link,
          TvmSyncTeam   *team,
          gint64        *out_wait_us,
          GError       **error)
{
  TvmListResult result = { .received = 0 };
  g_autoptr(GError) failure = NULL;
  int n_requests = 0;

  forget_wakes (self);
  if (tvm_store_count_team_events (self->engine->store, NULL) > 0 &&
      tvm_sync_prepare_push (self->engine, team->state, self->cancellable, &failure))
    tvm_sync_push_decisions (self->engine, link, self->cancellable, &failure);
  if (!tvm_sync_pull_log (self->engine, link, &result, &n_requests, self->cancellable, error))
    return FALSE;
  if (result.received > 0)
    tvm_sync_engine_read_state (self->engine);
  if (!g_cancellable_is_cancelled (self->cancellable))
    tell (self->engine, failure);
  *out_wait_us = failure == NULL || tvm_sync_is_refused (failure) ? LOOK_US : AGAIN_US;
  return TRUE;
}

/* Until the connection breaks or the watch ends. */
static void
listen_to (TvmTeamWatch *self,
           TvmTeam      *link,
           TvmSyncTeam  *team,
           gint64       *pause_us)
{
  g_autoptr(GError) error = NULL;
  gint64 wait_us;
  gboolean is_told;

  if (!tvm_team_listen (link, self->cancellable, &error) ||
      !tvm_sync_match_log (self->engine, link, self->cancellable, &error) ||
      !tvm_sync_keep_members (self->engine, link, team->state, self->cancellable, &error))
    return;
  while (exchange (self, link, team, &wait_us, &error))
    {
      *pause_us = FIRST_PAUSE_US;
      if (!tvm_team_wait (link, self->wake_fd, wait_us, &is_told, self->cancellable, &error))
        break;
    }
  g_debug ("team: %s", error != NULL ? error->message : "ended");
}

/* Half of it by chance, so that not all come back at once. */
static void
pause_for (TvmTeamWatch *self,
           gint64       *pause_us)
{
  GPollFD poll;
  gint64 half_us = *pause_us / 2;

  *pause_us = MIN (*pause_us * 2, LONGEST_PAUSE_US);
  if (!g_cancellable_make_pollfd (self->cancellable, &poll))
    return;
  g_poll (&poll, 1, (int) ((half_us + (gint64) (g_random_double () * (double) half_us)) / 1000));
  g_cancellable_release_fd (self->cancellable);
}

static gpointer
run (gpointer data)
{
  TvmTeamWatch *self = data;
  gint64 pause_us = FIRST_PAUSE_US;

  while (!g_cancellable_is_cancelled (self->cancellable))
    {
      g_autoptr(TvmSyncTeam) team = NULL;
      g_autoptr(TvmTeam) link = tvm_sync_open_team (self->engine, &team, self->cancellable, NULL);

      if (link != NULL)
        listen_to (self, link, team, &pause_us);
      if (!g_cancellable_is_cancelled (self->cancellable))
        pause_for (self, &pause_us);
    }
  watch_unref (self);
  return NULL;
}

/* As of another end of the same name: the thread lets go of the engine by itself. */
static void
stop (TvmSyncEngine *self)
{
  TvmTeamWatch *watch;

  g_mutex_lock (&self->mutex);
  watch = g_steal_pointer (&self->team_watch);
  g_clear_pointer (&self->team_trouble, g_free);
  g_mutex_unlock (&self->mutex);
  if (watch == NULL)
    return;
  g_cancellable_cancel (watch->cancellable);
  watch_unref (watch);
}

/**
 * tvm_sync_team_watch:
 * @self: an engine
 * @is_wanted: whether to listen to its team's log
 *
 * Starts listening, or ends it, without a wait. A connection that breaks is made again, after
 * longer and longer up to five minutes.
 */
void
tvm_sync_team_watch (TvmSyncEngine *self,
                     gboolean       is_wanted)
{
  TvmTeamWatch *watch;

  if (is_wanted == (self->team_watch != NULL))
    return;
  if (!is_wanted)
    {
      stop (self);
      return;
    }
  watch = g_new0 (TvmTeamWatch, 1);
  g_atomic_ref_count_init (&watch->ref_count);
  g_atomic_ref_count_inc (&watch->ref_count);
  watch->engine = g_object_ref (self);
  watch->cancellable = g_cancellable_new ();
  watch->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_mutex_lock (&self->mutex);
  self->team_watch = watch;
  g_mutex_unlock (&self->mutex);
  g_thread_unref (g_thread_new ("team", run, watch));
}

/**
 * tvm_sync_team_wake:
 * @self: an engine
 *
 * Something may have been decided: whoever listens to the team's log tells it. Any thread.
 */
void
tvm_sync_team_wake (TvmSyncEngine *self)
{
  const guint64 one = 1;
  gssize written = 0;

  g_mutex_lock (&self->mutex);
  if (self->team_watch != NULL)
    written = write (self->team_watch->wake_fd, &one, sizeof one);
  g_mutex_unlock (&self->mutex);
  (void) written; /* where it is full it wakes already */
}
