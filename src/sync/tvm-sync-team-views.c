/* tvm-sync-team-views.c: the commands on views of lists that a team shares. Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-sync-team.h"
#include "tvm-store-team.h"

typedef struct { char *id, *list, *name, *state; } View;

static void
view_free (gpointer data)
{
  View *view = data;

  g_free (view->id);
  g_free (view->list);
  g_free (view->name);
  g_free (view->state);
  g_free (view);
}

static gboolean
share_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  const View *view = data;
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_share_view (self->store, view->list, view->name, view->state,
                               account->user_name, error);
}

/**
 * tvm_sync_engine_share_view_async:
 * @self: an engine
 * @list: a list's word
 * @name: the view's name
 * @state: a key file of its filters and order
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Shares a view with the profile's team, or changes the one of that name; on a worker, ended by
 * tvm_sync_engine_finish(). Works offline; the team hears of it with the next sync.
 */
void
tvm_sync_engine_share_view_async (TvmSyncEngine *self, const char *list, const char *name,
                                  const char *state, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  View *view = g_new0 (View, 1);

  view->list = g_strdup (list);
  view->name = g_strdup (name);
  view->state = g_strdup (state);
  tvm_sync_task_run (self, share_call, view, view_free, cancellable, callback, user_data);
}

static gboolean
withdraw_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  const View *view = data;
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_withdraw_view (self->store, view->id, account->user_name, error);
}

/**
 * tvm_sync_engine_withdraw_view_async:
 * @self: an engine
 * @id: a view that is shared
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Takes a view back from the profile's team, as who shares it or as an administrator; on a worker,
 * ended by tvm_sync_engine_finish(). Works offline.
 */
void
tvm_sync_engine_withdraw_view_async (TvmSyncEngine *self, const char *id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  View *view = g_new0 (View, 1);

  view->id = g_strdup (id);
  tvm_sync_task_run (self, withdraw_call, view, view_free, cancellable, callback, user_data);
}
