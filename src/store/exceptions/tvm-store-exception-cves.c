/* tvm-store-exception-cves.c: which CVEs nobody would have to remediate where an exception holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* The exposed devices of a recommendation (?1 its key, ?2 its id) with the states of its software
 * that they have. From the software on: a device has much else installed. */
#define FROM_STATES \
  "FROM software w CROSS JOIN software_state s ON s.software_key = w.key CROSS JOIN " \
  "installation i ON i.state_key = s.key CROSS JOIN exposure e ON e.recommendation_key = ?1 AND " \
  "e.device_key = i.device_key CROSS JOIN device d ON d.key = e.device_key WHERE " \
  "w.recommendation_id = ?2 "

/* Of all its CVEs; known exploited ones only where a catalog is there. */
static void
count_all (TvmDb                   *db,
           const TvmRecommendation *r,
           TvmExceptionEffect      *effect)
{
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT (SELECT count(*) " TVM_FROM_CVES "WHERE l.recommendation_key = "
                  "?1), iif (EXISTS (SELECT 1 FROM known_exploited), (SELECT count(*) "
                  TVM_FROM_EXPLOITED "WHERE l.recommendation_key = ?1), -1)", "I", r->key);

  if (tvm_db_next (db, row))
    {
      effect->cves = sqlite3_column_int (row, 0);
      effect->known_exploited = sqlite3_column_int (row, 1);
    }
  tvm_db_reset (row);
}

/* Whether it is known of each covered device which versions of the software it has. */
static gboolean
knows_states (TvmDb                   *db,
              const TvmRecommendation *r,
              const TvmException      *exception,
              int                      n_devices)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT d.group_name, count(DISTINCT e.device_key) "
                                    FROM_STATES "GROUP BY 1", "Is", r->key, r->id);
  int n_known = 0;

  while (tvm_db_next (db, row))
    if (tvm_exception_covers_group (exception, tvm_db_text (row, 0)))
      n_known += sqlite3_column_int (row, 1);
  return n_devices >= 0 && n_known >= n_devices;
}

static void
count_those_of_states (TvmDb                   *db,
                       const TvmRecommendation *r,
                       const TvmException      *exception,
                       TvmExceptionEffect      *effect)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  sqlite3_stmt *row = tvm_db_query (
    db, "WITH covered AS MATERIALIZED (SELECT DISTINCT d.group_name AS name, i.state_key AS state "
    FROM_STATES ") SELECT DISTINCT c.name, v.key, EXISTS (SELECT 1 FROM known_exploited k WHERE "
    "k.id = v.id) FROM covered c JOIN software_state_vulnerability sv ON sv.state_key = c.state "
    "JOIN recommendation_vulnerability l ON l.recommendation_key = ?1 AND l.vulnerability_key = "
    "sv.vulnerability_key JOIN vulnerability v ON v.key = l.vulnerability_key", "Is", r->key,
    r->id);
  int n_exploited = 0;

  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 1);

      if (tvm_exception_covers_group (exception, tvm_db_text (row, 0)) &&
          g_hash_table_add (seen, g_memdup2 (&key, sizeof key)))
        n_exploited += sqlite3_column_int (row, 2);
    }
  effect->cves = (int) g_hash_table_size (seen);
  if (effect->known_exploited >= 0)
    effect->known_exploited = n_exploited;
}

/**
 * tvm_exceptions_count_cves:
 * @db: a connection
 * @r: the recommendation
 * @exception: what is to be filed
 * @effect: (inout): with the devices that it covers; gets the CVEs
 *
 * Of device groups those of their devices alone count. Where it is not known which versions these
 * have, they are at most the recommendation's. Where no device is covered, none.
 */
void
tvm_exceptions_count_cves (TvmDb                   *db,
                           const TvmRecommendation *r,
                           const TvmException      *exception,
                           TvmExceptionEffect      *effect)
{
  effect->cves = effect->known_exploited = effect->devices == 0 ? 0 : -1;
  effect->is_at_most = FALSE;
  if (effect->devices == 0 || !tvm_recommendation_knows_cves (r))
    return;
  count_all (db, r, effect);
  if (exception->is_global)
    return;
  effect->is_at_most = !knows_states (db, r, exception, effect->devices);
  if (!effect->is_at_most)
    count_those_of_states (db, r, exception, effect);
}
