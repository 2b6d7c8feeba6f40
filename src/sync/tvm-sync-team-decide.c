/* tvm-sync-team-decide.c: the commands on what a team shares beside requests: comments and
 * assignments. Worker threads and the command line. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-sync-team.h"
#include "tvm-store-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tvm_sync_engine_comment:
 * @self: an engine
 * @activity_id: an activity
 * @text: what the person writes
 * @error: return location for a #TvmError: %TVM_ERROR_INVALID where that is nothing or too much
 *
 * Adds it to the activity's history, and to the team's log with the next sync. Works offline.
 *
 * Returns: whether it is there
 */
gboolean
tvm_sync_engine_comment (TvmSyncEngine  *self,
                         const char     *activity_id,
                         const char     *text,
                         GError        **error)
{
  g_autofree char *stripped = g_strstrip (tvm_note_clean (text));
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GMutexLocker) locker = NULL;

  if (*stripped == '\0')
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID, _("The comment is empty. Write something."));
  if (*stripped == '\0' || !tvm_comment_check (text, error))
    return FALSE;
  account = tvm_sync_engine_dup_account (self, NULL, error);
  locker = g_mutex_locker_new (&self->command_mutex);
  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_comment (self->store, activity_id, account->user_name, text, error);
}

/**
 * tvm_sync_engine_assign:
 * @self: an engine
 * @activity_id: an activity that the team has
 * @who: the e-mail address of a member, or "me" or "nobody"
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where that is no member, or the
 *   profile is in no team
 *
 * Says who is to take care of it. Works offline; the team hears of it with the next sync.
 *
 * Returns: whether it is so
 */
gboolean
tvm_sync_engine_assign (TvmSyncEngine  *self,
                        const char     *activity_id,
                        const char     *who,
                        GError        **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  if (account == NULL || !tvm_sync_session_may_decide (self, error))
    return FALSE;
  if (strcmp (who, "nobody") == 0)
    who = NULL;
  else if (strcmp (who, "me") == 0)
    who = account->user_name;
  return tvm_store_assign (self->store, activity_id, account->user_name, who, error);
}

/**
 * tvm_sync_engine_decide_exception:
 * @self: an engine
 * @id: an exception that waits for an approval
 * @is_approved: whether it is approved; else it is rejected
 * @reason: (nullable): why; needed where it is rejected
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where it does not wait,
 *   %TVM_ERROR_FORBIDDEN for its author and for who is no approver, %TVM_ERROR_INVALID
 *
 * Works offline; whether it counts is the log's to say.
 *
 * Returns: whether it is so
 */
gboolean
tvm_sync_engine_decide_exception (TvmSyncEngine  *self,
                                  const char     *id,
                                  gboolean        is_approved,
                                  const char     *reason,
                                  GError        **error)
{
  g_autofree char *stripped = g_strstrip (tvm_note_clean (reason != NULL ? reason : ""));
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GMutexLocker) locker = NULL;

  if (!is_approved && *stripped == '\0')
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 _("A rejection needs a reason. Say what would have to be different."));
  if ((!is_approved && *stripped == '\0') || !tvm_comment_check (reason, error))
    return FALSE;
  account = tvm_sync_engine_dup_account (self, NULL, error);
  locker = g_mutex_locker_new (&self->command_mutex);
  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_expire_exceptions (self->store, error) &&
         tvm_store_decide_exception (self->store, id, is_approved,
                                     *stripped != '\0' ? stripped : NULL, account->user_name,
                                     error);
}

/* ---- for the window ------------------------------------------------------------------------ */

static gboolean
approve_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  return tvm_sync_engine_decide_exception (self, words->first, TRUE, words->second, error);
}

static gboolean
reject_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  return tvm_sync_engine_decide_exception (self, words->first, FALSE, words->second, error);
}

/**
 * tvm_sync_engine_decide_exception_async:
 * @self: an engine
 * @id: an exception that waits for an approval
 * @is_approved: whether it is approved; else it is rejected
 * @reason: (nullable): why
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_decide_exception() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_decide_exception_async (TvmSyncEngine *self, const char *id, gboolean is_approved,
                                        const char *reason, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, is_approved ? approve_call : reject_call,
                     tvm_sync_words_new (id, reason), tvm_sync_words_free, cancellable, callback,
                     user_data);
}

static gboolean
comment_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  return tvm_sync_engine_comment (self, words->first, words->second, error);
}

/**
 * tvm_sync_engine_comment_async:
 * @self: an engine
 * @activity_id: an activity
 * @text: what the person writes
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_comment() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_comment_async (TvmSyncEngine *self, const char *activity_id, const char *text,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  tvm_sync_task_run (self, comment_call, tvm_sync_words_new (activity_id, text),
                     tvm_sync_words_free, cancellable, callback, user_data);
}

static gboolean
assign_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  return tvm_sync_engine_assign (self, words->first, words->second, error);
}

/**
 * tvm_sync_engine_assign_async:
 * @self: an engine
 * @activity_id: an activity that the team has
 * @who: as of tvm_sync_engine_assign()
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_assign() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_assign_async (TvmSyncEngine *self, const char *activity_id, const char *who,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  tvm_sync_task_run (self, assign_call, tvm_sync_words_new (activity_id, who), tvm_sync_words_free,
                     cancellable, callback, user_data);
}
