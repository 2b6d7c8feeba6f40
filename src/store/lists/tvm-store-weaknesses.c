/* tvm-store-weaknesses.c: the CVEs as the tenant's own list and those of single recommendations
 * tell them. On the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* The list of a recommendation may tell less than the tenant's: what it is silent about stays. */
static void
keep_told (TvmDb     *db,
           GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      TvmVulnerability *record = records->pdata[i];
      g_autoptr(TvmVulnerability) known =
        tvm_table_find (db, &tvm_vulnerability_table, "WHERE v.id = ?1", "s", record->id);

      if (known != NULL)
        tvm_fields_fill (&tvm_vulnerability_fields, record, known);
    }
}

/**
 * tvm_weaknesses_link:
 * @db: the writer's connection
 * @recommendation_key: key of a recommendation
 * @records: (element-type TvmVulnerability): its CVEs; what they do not tell is filled in
 * @result: (inout): counts the CVEs that it did not have, and those that changed
 *
 * Returns: (transfer full) (element-type gint64): keys of the CVEs that it no longer has; they stay
 */
GArray *
tvm_weaknesses_link (TvmDb         *db,
                     gint64         recommendation_key,
                     GPtrArray     *records,
                     TvmListResult *result)
{
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row;

  keep_told (db, records);
  g_array_unref (tvm_table_merge (db, &tvm_vulnerability_table, records, result));
  result->added = 0;
  for (guint i = 0; i < records->len; i++)
    {
      TvmVulnerability *v = records->pdata[i];

      if (g_hash_table_add (ids, v->id))
        result->added += tvm_db_run (db, "INSERT INTO recommendation_vulnerability SELECT ?1, key "
                                     "FROM vulnerability WHERE id = ?2 ON CONFLICT DO NOTHING",
                                     "Is", recommendation_key, v->id);
    }
  row = tvm_db_query (db, "SELECT v.key, v.id FROM recommendation_vulnerability l JOIN "
                      "vulnerability v ON v.key = l.vulnerability_key "
                      "WHERE l.recommendation_key = ?1", "I", recommendation_key);
  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      if (!g_hash_table_contains (ids, tvm_db_text (row, 1)))
        g_array_append_val (gone, key);
    }
  return gone;
}

/**
 * tvm_weaknesses_merge:
 * @db: the writer's connection
 * @records: (element-type TvmVulnerability): every CVE of the tenant
 * @result: (inout): counts what was received, added and changed
 *
 * Returns: (transfer full) (element-type gint64): keys of the CVEs that the list before this one
 *   had and this one has not; they stay
 */
GArray *
tvm_weaknesses_merge (TvmDb         *db,
                      GPtrArray     *records,
                      TvmListResult *result)
{
  g_autoptr(GArray) missing = tvm_table_merge (db, &tvm_weakness_table, records, result);
  GArray *lost = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < missing->len; i++)
    {
      gint64 key = g_array_index (missing, gint64, i);

      if (tvm_db_get_int (db, "SELECT is_listed FROM vulnerability WHERE key = ?1", "I", key) != 0)
        g_array_append_val (lost, key);
    }
  return lost;
}

/**
 * tvm_weaknesses_sweep:
 * @db: the writer's connection
 *
 * Removes the CVEs that neither the tenant's list nor anything else names.
 */
void
tvm_weaknesses_sweep (TvmDb *db)
{
  tvm_db_run (db, "DELETE FROM vulnerability WHERE is_listed = 0 AND NOT EXISTS (SELECT 1 FROM "
              "recommendation_vulnerability l WHERE l.vulnerability_key = vulnerability.key) AND "
              "NOT EXISTS (SELECT 1 FROM software_state_vulnerability s WHERE "
              "s.vulnerability_key = vulnerability.key)", "");
}

/**
 * tvm_weaknesses_unlist:
 * @db: the writer's connection
 * @keys: (element-type gint64): keys of CVEs that the tenant's list no longer has
 *
 * Those that something else names stay.
 *
 * Returns: how many are no longer in that list
 */
int
tvm_weaknesses_unlist (TvmDb  *db,
                       GArray *keys)
{
  int n = 0;

  for (guint i = 0; i < keys->len; i++)
    n += tvm_db_run (db, "UPDATE vulnerability SET is_listed = 0 WHERE key = ?1", "I",
                     g_array_index (keys, gint64, i));
  if (n > 0)
    tvm_weaknesses_sweep (db);
  return n;
}
