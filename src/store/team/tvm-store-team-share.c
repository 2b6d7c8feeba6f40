/* tvm-store-team-share.c: what was decided before the profile joined its team, shared afterwards
 * where the person wants that. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

/* One's own, which the team has not: nobody speaks in another's name. */
#define IS_UNSHARED(row) \
  row ".created_by = (SELECT value FROM setting WHERE name = ?1) COLLATE NOCASE AND NOT EXISTS " \
  "(SELECT 1 FROM team_event e WHERE e.subject = " row ".id)"
#define UNSHARED_ACTIVITIES \
  "FROM activity a WHERE a.origin = TVM_ORIGIN_LOCAL AND " IS_UNSHARED ("a")
#define UNSHARED_EXCEPTIONS \
  "FROM exception x WHERE x.status IN (TVM_EXCEPTION_ACTIVE, TVM_EXCEPTION_SUSPENDED) AND " \
  IS_UNSHARED ("x")

typedef struct
{
  const char *const *ids;      /* (nullable) */
  int                n_shared;
} Sharing;

/* ---- activities */

static void
share_comments (TvmDb             *db,
                const TvmActivity *a)
{
  g_autoptr(GPtrArray) history = tvm_history_read (
    db, tvm_db_query (db, "SELECT kind, who, detail, count, when_us, before, after FROM history "
                      "WHERE activity_key = ?1 AND kind = 'comment' AND who = ?2 COLLATE NOCASE "
                      "ORDER BY key", "Is", a->key, a->created_by));

  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];
      g_autofree char *after = tvm_team_text_to_json (entry->detail);

      tvm_team_note_event (db, &(TvmTeamEvent) { .subject = a->id, .who = a->created_by,
                                                 .kind = (char *) TVM_EVENT_COMMENT,
                                                 .after = after, .decided_us = entry->when_us });
    }
}

/* That somebody else completed it is theirs to say; what the devices say each program sees. */
static void
share_activity (TvmDb      *db,
                const char *id)
{
  g_autoptr(TvmActivity) a = tvm_table_find (db, &tvm_activity_table, "WHERE a.id = ?1", "s", id);

  if (a == NULL)
    return;
  tvm_team_note_request (db, a);
  share_comments (db, a);
  if (a->completion == TVM_COMPLETION_MANUAL &&
      tvm_team_is_same_person (a->completed_by, a->created_by))
    tvm_team_note_event (db, &(TvmTeamEvent) { .subject = a->id, .who = a->created_by,
                                               .kind = (char *) TVM_EVENT_COMPLETED,
                                               .decided_us = a->completed_us });
}

/* ---- exceptions */

/* How many known exploited CVEs it covers is not looked up again: not known counts as some. */
static void
share_exception (TvmDb      *db,
                 const char *id)
{
  g_autoptr(TvmException) x = tvm_exceptions_find (db, id);
  g_autofree char *cancelled = NULL;

  if (x == NULL)
    return;
  tvm_team_note_exception (db, x, -1);
  cancelled = tvm_team_groups_to_json ((const char *const *) x->cancelled_groups);
  if (x->cancelled_groups[0] != NULL)
    tvm_team_note_of_exception (db, x->id, TVM_EVENT_CANCELLED, x->created_by, cancelled);
}

/* ---- both */

static void
share (TvmDb    *db,
       gpointer  user_data)
{
  Sharing *data = user_data;
  g_auto(GStrv) activities = tvm_db_list_texts (db, "SELECT a.id " UNSHARED_ACTIVITIES
                                                " ORDER BY a.key", "s", TVM_TEAM_ACCOUNT_KEY);
  g_auto(GStrv) exceptions = tvm_db_list_texts (db, "SELECT x.id " UNSHARED_EXCEPTIONS
                                                " ORDER BY x.key", "s", TVM_TEAM_ACCOUNT_KEY);

  for (char **id = activities; tvm_team_is_joined (db) && *id != NULL && tvm_db_is_good (db); id++)
    if (data->ids == NULL || g_strv_contains (data->ids, *id))
      {
        share_activity (db, *id);
        data->n_shared++;
      }
  for (char **id = exceptions; tvm_team_is_joined (db) && *id != NULL && tvm_db_is_good (db); id++)
    if (data->ids == NULL || g_strv_contains (data->ids, *id))
      {
        share_exception (db, *id);
        data->n_shared++;
      }
}

/**
 * tvm_store_share:
 * @self: a store of a profile that is in a team
 * @ids: (nullable) (array zero-terminated=1): activities and exceptions; %NULL: all, as far as the
 *   exceptions hold
 * @out_n: (out): how many were shared: those that the team has already, that are somebody else's or
 *   were made in the portal are passed over
 * @error: return location for a #TvmError
 *
 * Notes them for the team's log, with what the person said about them.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_share (TvmStore           *self,
                 const char *const  *ids,
                 int                *out_n,
                 GError            **error)
{
  Sharing data = { ids, 0 };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out_n = 0;
  if (!tvm_store_write (self, share, &data, error))
    return FALSE;
  *out_n = data.n_shared;
  return TRUE;
}

static void
count_unshared (TvmDb    *db,
                gpointer  number)
{
  *(int *) number = (int) tvm_db_get_int (db, "SELECT (SELECT count(*) " UNSHARED_ACTIVITIES
                                          ") + (SELECT count(*) " UNSHARED_EXCEPTIONS ")", "s",
                                          TVM_TEAM_ACCOUNT_KEY);
}

/**
 * tvm_store_count_unshared:
 * @self: a store of a profile that is in a team
 *
 * Returns: how many activities and exceptions of one's own the team does not have; -1: not known
 */
int
tvm_store_count_unshared (TvmStore *self)
{
  int number = -1;

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  return tvm_store_read (self, count_unshared, &number, NULL) ? number : -1;
}
