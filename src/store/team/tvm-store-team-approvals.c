/* tvm-store-team-approvals.c: approving and rejecting exceptions, and what the team's database does
 * not take of what was decided here (R10, R20). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* ---- approving and rejecting */

typedef struct
{
  const char *id, *who, *reason;
  gboolean    is_approved;
} Decision;

/* Only courtesy: the database refuses what is not allowed, whatever program asks. */
static gboolean
may_decide (TvmDb              *db,
            const TvmException *x,
            const char         *who)
{
  g_autofree char *right = tvm_db_get_text (db, "SELECT rights FROM team_member WHERE account = ?1",
                                            "s", who);
  gboolean is_own = tvm_db_get_int (db, "SELECT ?1 = ?2 COLLATE NOCASE", "ss", x->created_by,
                                    who) != 0;

  if (x->status != TVM_EXCEPTION_REQUESTED)
    tvm_db_fail (db, TVM_ERROR_CONFLICT, _("This exception does not wait for an approval."));
  else if (is_own)
    tvm_db_fail (db, TVM_ERROR_FORBIDDEN,
                 _("Nobody decides about an exception of their own. Ask another approver of your "
                   "team."));
  else if (g_strcmp0 (right, "approver") != 0 && g_strcmp0 (right, "administrator") != 0)
    tvm_db_fail (db, TVM_ERROR_FORBIDDEN,
                 _("Only an approver can decide about an exception. Ask an administrator of your "
                   "team for that right."));
  return tvm_db_is_good (db);
}

static void
decide (TvmDb    *db,
        gpointer  user_data)
{
  const Decision *data = user_data;
  g_autoptr(TvmException) x = tvm_exceptions_find (db, data->id);
  g_autofree char *after = tvm_team_text_to_json (data->reason);
  TvmExceptionStatus status = data->is_approved ? TVM_EXCEPTION_ACTIVE : TVM_EXCEPTION_REJECTED;
  const char *kind = data->is_approved ? TVM_EVENT_APPROVED : TVM_EVENT_REJECTED;
  gint64 now_us = tvm_now_us ();

  if (!tvm_db_is_good (db) || !may_decide (db, x, data->who))
    return;
  tvm_db_run (db, "UPDATE exception SET approval = ?2, decided_by = ?3, decided_us = ?4, "
              "decision_reason = ?5, status = ?6, ended_us = ?7 WHERE key = ?1", "IisIsiI", x->key,
              data->is_approved ? TVM_APPROVAL_APPROVED : TVM_APPROVAL_REJECTED, data->who, now_us,
              data->reason, status, data->is_approved ? (gint64) 0 : now_us);
  tvm_exception_history_add (db, x->key, kind, data->who, data->reason,
                             tvm_exception_status_to_word (x->status),
                             tvm_exception_status_to_word (status));
  tvm_team_note_of_exception (db, x->id, kind, data->who, after);
  tvm_exceptions_recompute (db, x->recommendation_id);
}

/**
 * tvm_store_decide_exception:
 * @self: a store
 * @id: an exception that waits for an approval
 * @is_approved: whether it is approved; else it is rejected
 * @reason: (nullable): why
 * @who: who decides: an e-mail address
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_CONFLICT where it does not wait,
 *   %TVM_ERROR_FORBIDDEN
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_decide_exception (TvmStore    *self,
                            const char  *id,
                            gboolean     is_approved,
                            const char  *reason,
                            const char  *who,
                            GError     **error)
{
  g_autofree char *clean = tvm_note_clean (reason);
  Decision data = { id, who, clean, is_approved };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, decide, &data, error);
}

/* ---- what is refused */

typedef struct { const char *id; gboolean is_new; } Refusal;

static void
refuse (TvmDb    *db,
        gpointer  user_data)
{
  Refusal *data = user_data;

  data->is_new = tvm_db_run (db, "UPDATE team_event SET is_sent = 2 WHERE id = ?1 AND number = 0 "
                             "AND is_sent <> 2", "s", data->id) > 0;
  if (!data->is_new)
    return;
  tvm_team_settle_waiting (db);
  db->changes |= TVM_CHANGED_SETTINGS;  /* a view, or the policy */
}

/**
 * tvm_store_refuse_team_event:
 * @self: a store
 * @id: a decision that the team's database has refused
 * @out_is_new: (out) (optional): whether that is news
 * @error: return location for a #TvmError
 *
 * It goes on waiting, because the right to decide may come back; what it approved or rejected, and
 * that it took a view back, does not count until then.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_refuse_team_event (TvmStore    *self,
                             const char  *id,
                             gboolean    *out_is_new,
                             GError     **error)
{
  Refusal data = { id, FALSE };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  if (!tvm_store_write (self, refuse, &data, error))
    return FALSE;
  if (out_is_new != NULL)
    *out_is_new = data.is_new;
  return TRUE;
}

static void
count_refused (TvmDb    *db,
               gpointer  number)
{
  *(int *) number = (int) tvm_db_get_int (db, "SELECT count(*) FROM team_event WHERE number = 0 "
                                          "AND is_sent = 2", "");
}

/**
 * tvm_store_count_refused:
 * @self: a store
 *
 * Returns: how many of the decisions that wait the team's database refused; -1: not known
 */
int
tvm_store_count_refused (TvmStore *self)
{
  int number = -1;

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  return tvm_store_read (self, count_refused, &number, NULL) ? number : -1;
}
