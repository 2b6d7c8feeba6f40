/* tvm-store-pull.c: the one way of a pulled list into the store, and all that can happen to it
 * there (R13, R19). In this order: a list that was asked for before the last one that was merged
 * comes too late and changes nothing; what it says differently is written; what it lacks is removed
 * where it can be believed, else stays; then its consequences are drawn. On the writer's thread.
 *
 * What can be believed is in tvm-store-believe.c. Where more than a row hangs on its absence (a
 * recommendation with open activities, an activity of the portal, a ticket), only the service's own
 * answer about that one thing counts. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"

#include <string.h>

#define EXPOSURE_CHANGES \
  (TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES | TVM_CHANGED_WEAKNESSES)

typedef struct
{
  TvmDb         *db;
  const TvmPull *pull;
  TvmListResult *result;
  gint64         owner;        /* key of the recommendation or activity; 0: the tenant's */
  gint64         n_counted;    /* how many rows the service counts elsewhere; -1: not told */
  gint64         n_lacking;    /* to be remembered for the next list */
  gboolean       is_doubtful;
} Merge;

/* What is special about a kind of list. */
typedef struct
{
  const char *name;                      /* in results and in list_state */
  guint       changes;                   /* TvmStoreChange flags, where rows changed */
  void      (*merge)     (Merge *merge);
  gint64    (*get_owner) (TvmDb *db, const char *id);
  const char *count;                     /* SQL: what the service counts; ?1: the owner's key */
  gboolean    is_floor;                  /* there are at least so many */
  gboolean    asks_about_rows;           /* only the service's own answer removes many */
  gboolean    asks_each;                 /* the service is asked about rows that it lacks */
  gboolean    hangs;                     /* more than rows hangs on an absence */
  gboolean    is_durable;                /* the commit waits for the disk */
  gboolean    must_be_believed;          /* only then it counts as synced, whole or not */
} Kind;

static const Kind kinds[TVM_N_PULLS];

static void
judge (Merge *merge, guint n_lost)
{
  const Kind *kind = &kinds[merge->pull->kind];
  TvmClaim claim = { .kind = merge->pull->kind, .owner = merge->pull->owner,
                     .n_received = merge->result->received, .n_lost = n_lost,
                     .n_passed_over = merge->pull->n_passed_over,
                     .n_counted = merge->n_counted, .is_floor = kind->is_floor,
                     .hangs = kind->hangs, .asks = kind->asks_about_rows };

  merge->n_lacking = tvm_claim_judge (merge->db, &claim, &merge->is_doubtful);
}

/* Whether the list is known from now on: it can be believed, or nearly all of it is there. */
static gboolean
is_whole (const Merge *merge)
{
  return !merge->is_doubtful ||
         !tvm_list_is_partial (merge->result->received, merge->pull->n_passed_over,
                               merge->n_counted);
}

/* ---- recommendations */

/* Those among @missing that can go, unless something newer is known of them. */
static GPtrArray *
list_lost (Merge *merge, GArray *missing)
{
  GPtrArray *lost = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < missing->len; i++)
    {
      sqlite3_stmt *row =
        tvm_db_query (merge->db, "SELECT r.id FROM recommendation r WHERE r.key = ?1 AND "
                      TVM_IS_THERE, "I", g_array_index (missing, gint64, i));
      g_autofree char *id = tvm_db_next (merge->db, row) ? tvm_db_dup (row, 0) : NULL;

      tvm_db_reset (row);
      if (id != NULL &&
          !tvm_pull_is_superseded (merge->db, TVM_PULL_RECOMMENDATION, id, merge->pull->asked))
        g_ptr_array_add (lost, g_steal_pointer (&id));
    }
  return lost;
}

/* The records of which nothing newer is known. */
static GPtrArray *
list_current (Merge *merge)
{
  GPtrArray *current = g_ptr_array_sized_new (merge->pull->records->len);

  for (guint i = 0; i < merge->pull->records->len; i++)
    {
      TvmRecommendation *record = merge->pull->records->pdata[i];

      if (!tvm_pull_is_superseded (merge->db, TVM_PULL_RECOMMENDATION, record->id,
                                   merge->pull->asked))
        g_ptr_array_add (current, record);
    }
  return current;
}

static void
merge_recommendations (Merge *merge)
{
  g_autoptr(GPtrArray) current = list_current (merge);
  gboolean doubts_counts = tvm_counts_hold (merge->db, current);
  g_autoptr(GArray) missing = NULL;
  g_autoptr(GPtrArray) lost = NULL;
  guint n_gone = 0, n_kept = 0;

  tvm_gone_note_returned (merge->db, current);
  missing = tvm_table_merge (merge->db, &tvm_recommendation_table, current, merge->result);
  lost = list_lost (merge, missing);
  for (guint i = 0; i < lost->len; i++)
    n_gone += g_hash_table_contains (merge->pull->gone, lost->pdata[i]);
  judge (merge, lost->len - n_gone);
  for (guint i = 0; i < lost->len; i++)
    if (g_hash_table_contains (merge->pull->gone, lost->pdata[i]) ||
        (!merge->is_doubtful && !tvm_recommendation_has_activity (merge->db, lost->pdata[i],
                                                                  FALSE)))
      merge->result->removed += tvm_gone_remove (merge->db, lost->pdata[i], merge->pull->asked);
    else
      n_kept++;
  merge->is_doubtful = n_kept > 0 || merge->pull->n_passed_over > 0 || doubts_counts;
  if (current->len == merge->pull->records->len)
    tvm_gone_settle (merge->db, merge->pull->asked);
  if (missing->len > lost->len)
    tvm_db_run (merge->db, "DELETE FROM recommendation WHERE is_listed = 0 AND NOT EXISTS (SELECT "
                "1 FROM activity a WHERE a.recommendation_id = recommendation.id)", "");
  if (merge->result->added + merge->result->changed + merge->result->removed > 0)
    tvm_exceptions_recompute (merge->db, NULL);
}

static void
merge_recommendation (Merge *merge)
{
  if (merge->pull->records->len > 0)
    {
      tvm_counts_hold_one (merge->db, merge->pull->records);
      tvm_gone_note_returned (merge->db, merge->pull->records);
      g_array_unref (tvm_table_merge (merge->db, &tvm_recommendation_table, merge->pull->records,
                                      merge->result));
    }
  else if (g_hash_table_contains (merge->pull->gone, merge->pull->owner))
    merge->result->removed += tvm_gone_remove (merge->db, merge->pull->owner, merge->pull->asked);
  if (merge->result->changed + merge->result->removed > 0)
    tvm_exceptions_recompute (merge->db, merge->pull->owner);
}

/* ---- devices */

static void
merge_devices (Merge *merge)
{
  TvmDb *db = merge->db;
  g_autoptr(GArray) missing = tvm_table_merge (db, &tvm_device_table, merge->pull->records,
                                               merge->result);
  guint n_lost = 0;

  /* The others are known only from references. */
  for (guint i = 0; i < missing->len; i++)
    n_lost += tvm_db_get_int (db, "SELECT in_inventory FROM device WHERE key = ?1", "I",
                              g_array_index (missing, gint64, i)) != 0;
  judge (merge, n_lost);
  if (!merge->is_doubtful && missing->len > 0)
    {
      tvm_refs_remove_devices (db, missing);
      merge->result->removed = (int) n_lost;
    }
  if (merge->result->added > 0)
    tvm_db_forget_devices (db);
  if (merge->result->added + merge->result->changed > 0)
    tvm_exceptions_recompute (db, NULL);   /* devices may have moved to another device group */
}

static void
merge_managed_devices (Merge *merge)
{
  TvmDb *db = merge->db;
  GHashTable *ids = merge->pull->ids;
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  gint64 before = tvm_db_get_int (db, "SELECT count(*) FROM managed_device", "");
  sqlite3_stmt *row = tvm_db_query (db, "SELECT aad_device_id FROM managed_device", "");
  GHashTableIter iter;
  gpointer aad_id, id;
  int n_written = 0;

  while (tvm_db_next (db, row))
    if (!g_hash_table_contains (ids, tvm_db_text (row, 0)))
      g_ptr_array_add (gone, tvm_db_dup (row, 0));
  merge->result->received = (int) g_hash_table_size (ids);
  judge (merge, gone->len);
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &aad_id, &id))
    n_written += tvm_db_run (db, "INSERT INTO managed_device (aad_device_id, id) VALUES (?1, ?2) "
                             "ON CONFLICT (aad_device_id) DO UPDATE SET id = excluded.id "
                             "WHERE id <> excluded.id", "ss", aad_id, id);
  merge->result->added = (int) (tvm_db_get_int (db, "SELECT count(*) FROM managed_device", "") -
                                before);
  merge->result->changed = n_written - merge->result->added;
  for (guint i = 0; i < gone->len && !merge->is_doubtful; i++)
    merge->result->removed += tvm_db_run (db, "DELETE FROM managed_device WHERE aad_device_id = ?1",
                                          "s", gone->pdata[i]);
}

/* ---- activities of the portal, and tickets */

static void
merge_portal_activities (Merge *merge)
{
  TvmDb *db = merge->db;
  guint n_untold = tvm_activities_fill_untold (db, merge->pull->records);
  g_autoptr(GHashTable) known = tvm_history_remember_portal (db);
  guint n_gone = g_hash_table_size (merge->pull->gone);
  g_autoptr(GArray) missing = NULL;
  GHashTableIter iter;
  gpointer id;

  tvm_team_yield_to_portal (db, merge->pull->records);
  missing = tvm_table_merge (db, &tvm_activity_table, merge->pull->records, merge->result);
  if (merge->result->added > 0)
    tvm_history_keep_portal (db);
  merge->is_doubtful = merge->pull->n_passed_over + n_untold > 0 || missing->len > n_gone;
  g_hash_table_iter_init (&iter, merge->pull->gone);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (tvm_db_run (db, "DELETE FROM activity WHERE id = ?1 AND origin = ?2", "si", id,
                    TVM_ORIGIN_DEFENDER) > 0)
      {
        merge->result->removed++;
        tvm_history_add_portal_removed (db, known, id);
      }
  if (merge->result->added + merge->result->changed > 0)
    tvm_progress_note (db, 0);
  if (merge->result->changed > 0)
    tvm_history_add_portal_changes (db, known, merge->pull->records);
}

/* A list that lacks what Intune has by its id says nothing of the others that it lacks. */
static void
merge_tickets (Merge *merge)
{
  const TvmPull *pull = merge->pull;
  guint n_unanswered = tvm_tickets_merge (merge->db, pull, merge->result);
  g_autoptr(GPtrArray) missing = tvm_tickets_adopt (merge->db, pull->records, merge->result);

  tvm_tickets_forget (merge->db, missing, pull->gone, merge->result);
  if (!pull->lacked_some)
    judge (merge, missing->len);
  merge->is_doubtful = merge->is_doubtful || n_unanswered > 0 || pull->lacked_some;
  if (!merge->is_doubtful)
    tvm_tickets_forget (merge->db, missing, NULL, merge->result);
}

/* ---- what belongs to a recommendation or an activity */

static void
merge_exposed_devices (Merge *merge)
{
  g_autoptr(GArray) keys = tvm_refs_list_keys (merge->db, merge->pull->refs);
  TvmKeyList list = { merge->pull->kind, merge->pull->owner, merge->owner, keys,
                      merge->pull->asked, merge->pull->n_passed_over };

  tvm_keys_sort (keys);
  merge->n_lacking = tvm_exposed_merge_devices (merge->db, &list, merge->result);
  merge->is_doubtful = merge->result->doubtful > 0;
}

static void
merge_portal_devices (Merge *merge)
{
  g_autoptr(GArray) keys = tvm_refs_list_keys (merge->db, merge->pull->refs);
  g_auto(TvmLinkChanges) changes = { NULL };

  tvm_keys_sort (keys);
  tvm_links_compare (merge->db, &tvm_portal_links, merge->owner, keys, &changes);
  merge->result->received = (int) changes.n_received;
  merge->result->added = (int) changes.added->len;
  judge (merge, changes.gone->len);
  if (merge->is_doubtful)
    g_array_set_size (changes.gone, 0);
  merge->result->removed = (int) changes.gone->len;
  tvm_links_write (merge->db, &tvm_portal_links, merge->owner, &changes);
  if (is_whole (merge))
    tvm_list_note_known (merge->db, "SELECT devices_synced_us FROM activity WHERE key = ?1",
                         "UPDATE activity SET devices_synced_us = ?2 WHERE key = ?1", merge->owner);
}

/* Links: what the recommendation had and the list has not goes, the rest is kept or added. */
static void
merge_vulnerabilities (Merge *merge)
{
  TvmDb *db = merge->db;
  g_autoptr(GArray) gone = tvm_weaknesses_link (db, merge->owner, merge->pull->records,
                                                merge->result);

  judge (merge, gone->len);
  if (is_whole (merge))
    tvm_list_note_known (
      db, "SELECT vulnerabilities_synced_us FROM recommendation WHERE key = ?1",
      "UPDATE recommendation SET vulnerabilities_synced_us = ?2 WHERE key = ?1", merge->owner);
  /* Fewer than are counted is no doubt while nothing would go because of it. */
  merge->is_doubtful = merge->is_doubtful && (gone->len > 0 || merge->pull->n_passed_over > 0);
  for (guint i = 0; i < gone->len && !merge->is_doubtful; i++)
    merge->result->removed +=
      tvm_db_run (db, "DELETE FROM recommendation_vulnerability WHERE recommendation_key = ?1 AND "
                  "vulnerability_key = ?2", "II", merge->owner, g_array_index (gone, gint64, i));
  if (merge->result->removed > 0)
    tvm_weaknesses_sweep (db);
}

/* What is gone from the tenant's list stays where something else still names it. */
static void
merge_weaknesses (Merge *merge)
{
  g_autoptr(GArray) lost = tvm_weaknesses_merge (merge->db, merge->pull->records, merge->result);

  judge (merge, lost->len);
  if (!merge->is_doubtful)
    merge->result->removed = tvm_weaknesses_unlist (merge->db, lost);
}

/* What is not known is not removed: there is nothing to doubt but a list that says nothing. */
static void
merge_user_impact (Merge *merge)
{
  merge->is_doubtful = !tvm_user_impacts_merge (merge->db, merge->pull, merge->result) ||
                       merge->pull->n_passed_over > 0;
}

static void
merge_security_updates (Merge *merge)
{
  merge->n_lacking = tvm_updates_merge (merge->db, merge->pull, merge->result,
                                        &merge->is_doubtful);
}

/* Which software each device has, and what follows for the recommendations that fix it. Changes are
 * left out while the counts that go with them are doubted: they are asked for again. */
static void
merge_exposure (Merge *merge)
{
  if (merge->pull->kind == TVM_PULL_EXPOSURE)
    merge->n_lacking = tvm_matrix_merge (merge->db, merge->pull, merge->result,
                                         &merge->is_doubtful);
  else if (tvm_counts_are_held (merge->db))
    merge->is_doubtful = TRUE;
  else
    tvm_matrix_merge_changes (merge->db, merge->pull, merge->result);
  if (merge->pull->kind == TVM_PULL_EXPOSURE || !merge->is_doubtful)
    tvm_exposure_derive (merge->db, merge->pull);
}

static const Kind kinds[TVM_N_PULLS] = {
  [TVM_PULL_RECOMMENDATIONS] = { "recommendations", TVM_CHANGED_RECOMMENDATIONS,
                                 merge_recommendations, .asks_about_rows = TRUE,
                                 .asks_each = TRUE },
  [TVM_PULL_RECOMMENDATION] = { "recommendation", TVM_CHANGED_RECOMMENDATIONS,
                                merge_recommendation },
  [TVM_PULL_DEVICES] = { "devices", TVM_CHANGED_DEVICES, merge_devices, NULL,
                         "SELECT coalesce (max (total_devices), -1) FROM recommendation WHERE "
                         "is_listed = 1", TRUE },
  [TVM_PULL_PORTAL_ACTIVITIES] = { "activities", TVM_CHANGED_ACTIVITIES, merge_portal_activities,
                                   .asks_each = TRUE },
  [TVM_PULL_TICKETS] = { "tickets", 0, merge_tickets, .is_durable = TRUE, .hangs = TRUE,
                         .asks_each = TRUE },
  [TVM_PULL_MANAGED_DEVICES] = { "managed-devices", 0, merge_managed_devices },
  [TVM_PULL_EXPOSED_DEVICES] = { "device-references",
                                 TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES,
                                 merge_exposed_devices, tvm_refs_recommendation_key,
                                 "SELECT exposed_devices FROM recommendation WHERE key = ?1" },
  [TVM_PULL_VULNERABILITIES] = { "vulnerabilities", TVM_CHANGED_RECOMMENDATIONS,
                                 merge_vulnerabilities, tvm_refs_recommendation_key,
                                 "SELECT weaknesses FROM recommendation WHERE key = ?1" },
  [TVM_PULL_WEAKNESSES] = { TVM_WEAKNESSES_LIST, TVM_CHANGED_WEAKNESSES, merge_weaknesses },
  [TVM_PULL_PORTAL_DEVICES] = { TVM_ACTIVITY_DEVICES_LIST,
                                TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES,
                                merge_portal_devices, tvm_refs_activity_key,
                                "SELECT iif (fixed_devices >= 0, target_devices - fixed_devices, "
                                "-1) FROM activity WHERE key = ?1" },
  [TVM_PULL_USER_IMPACT] = { TVM_USER_IMPACT_LIST, TVM_CHANGED_RECOMMENDATIONS, merge_user_impact,
                             .must_be_believed = TRUE },
  [TVM_PULL_SECURITY_UPDATES] = { "security-updates", TVM_CHANGED_RECOMMENDATIONS,
                                  merge_security_updates },
  [TVM_PULL_EXPOSURE] = { TVM_EXPOSURE_LIST, EXPOSURE_CHANGES, merge_exposure,
                          .must_be_believed = TRUE },
  [TVM_PULL_EXPOSURE_CHANGES] = { TVM_EXPOSURE_LIST, EXPOSURE_CHANGES, merge_exposure,
                                  .must_be_believed = TRUE },
};

static gboolean
comes_too_late (TvmDb *db, const TvmPull *pull)
{
  return tvm_pull_is_superseded (db, pull->kind, pull->owner, pull->asked) ||
         (pull->matrix != NULL &&
          (tvm_pull_is_superseded (db, TVM_PULL_EXPOSURE, "", pull->asked) ||
           tvm_pull_is_superseded (db, TVM_PULL_EXPOSURE_CHANGES, "", pull->asked))) ||
         tvm_pull_is_superseded (db, 0, "", pull->asked) ||
         (pull->kind == TVM_PULL_RECOMMENDATION &&
          tvm_pull_is_superseded (db, TVM_PULL_RECOMMENDATIONS, "", pull->asked));
}

static void
keep_pull (TvmDb *db, gpointer data)
{
  Merge *merge = data;
  const TvmPull *pull = merge->pull;
  const Kind *kind = &kinds[pull->kind];

  merge->db = db;
  merge->result->received = (int) tvm_pull_get_n_rows (pull);
  merge->owner = kind->get_owner != NULL ? kind->get_owner (db, pull->owner) : 0;
  if (!tvm_db_is_good (db) || comes_too_late (db, pull) || !tvm_pull_check_clock (db, pull))
    return;
  if (kind->asks_each)
    tvm_gone_hold (db, pull);
  merge->n_counted = kind->count != NULL ? tvm_db_get_int (db, kind->count, "I", merge->owner) : -1;
  kind->merge (merge);
  /* Whatever is thought of it, the service gives it. */
  tvm_db_run (db, "UPDATE list_state SET error = NULL WHERE name = ?1 AND error IS NOT NULL", "s",
              kind->name);
  tvm_pull_note_merged (db, pull->kind, pull->owner, merge->n_lacking);
  merge->result->doubtful = merge->is_doubtful ? 1 : 0;
  if (merge->result->added + merge->result->changed + merge->result->removed > 0)
    db->changes |= kind->changes;
  if (*pull->owner == '\0' &&
      (kind->must_be_believed ? !merge->is_doubtful : is_whole (merge)))
    tvm_list_note_synced (db, kind->name);
  db->changes |= TVM_CHANGED_LISTS;
}

/**
 * tvm_store_keep_pull:
 * @self: a store
 * @pull: a list that arrived whole, asked for since tvm_store_begin_pull()
 * @result: (out) (optional): what changed, and whether the list was doubted; its requests stay
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where its owner is gone
 *
 * Brings a list into the store with all that follows from it, in one transaction. One that comes
 * too late changes nothing and is no error. What was kept beside of its files goes.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_keep_pull (TvmStore       *self,
                     const TvmPull  *pull,
                     TvmListResult  *result,
                     GError        **error)
{
  TvmListResult kept = { .requests = result != NULL ? result->requests : 0 };
  Merge merge = { .pull = pull, .result = &kept };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  g_strlcpy (kept.name, kinds[pull->kind].name, sizeof kept.name);
  if (!(kinds[pull->kind].is_durable ? tvm_store_write : tvm_store_write_list) (self, keep_pull,
                                                                                &merge, error))
    return FALSE;
  if (pull->spool != NULL)
    tvm_spool_discard (pull->spool);
  if (result != NULL)
    *result = kept;
  return TRUE;
}
