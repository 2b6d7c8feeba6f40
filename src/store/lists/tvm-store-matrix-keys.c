/* tvm-store-matrix-keys.c: what a matrix names, in the store: devices, software, CVEs, and versions
 * with a set of CVEs. On the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* ---- devices, software, CVEs */

/* What is known of a CVE by its own list is not touched. */
static gint64
key_of_cve (TvmDb              *db,
            const TvmMatrixCve *cve)
{
  gint64 key = tvm_db_get_int (db, "SELECT key FROM vulnerability WHERE id = ?1", "s", cve->id);

  if (key != 0)
    return key;
  tvm_db_run (db, "INSERT INTO vulnerability (id, severity, cvss, exposed_devices, published_us, "
              "public_exploit, exploit_verified, exploit_in_kit) VALUES (?1, ?2, ?3, -1, 0, ?4, "
              "?5, ?6)", "sidiii", cve->id, cve->severity, cve->cvss, cve->exploits[0],
              cve->exploits[1], cve->exploits[2]);
  return sqlite3_last_insert_rowid (db->handle);
}

static gint64
key_of_software (TvmDb                   *db,
                 const TvmMatrixSoftware *software)
{
  tvm_db_run (db, "INSERT INTO software (vendor, name, recommendation_id) VALUES (?1, ?2, ?3) ON "
              "CONFLICT (vendor, name) DO UPDATE SET recommendation_id = "
              "excluded.recommendation_id WHERE excluded.recommendation_id IS NOT NULL AND "
              "recommendation_id IS NOT excluded.recommendation_id", "sss", software->vendor,
              software->name, software->recommendation_id);
  return tvm_db_get_int (db, "SELECT key FROM software WHERE vendor = ?1 AND name = ?2", "ss",
                         software->vendor, software->name);
}

/**
 * tvm_matrix_keys_load:
 * @db: the writer's connection
 * @matrix: a matrix
 * @keys: (out caller-allocates): the keys of its devices, software and CVEs, which are there then
 */
void
tvm_matrix_keys_load (TvmDb           *db,
                      const TvmMatrix *matrix,
                      TvmMatrixKeys   *keys)
{
  gint64 key;

  keys->devices = tvm_refs_list_keys (db, matrix->devices);
  keys->software = g_array_new (FALSE, FALSE, sizeof (gint64));
  keys->cves = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < matrix->software->len && tvm_db_is_good (db); i++)
    {
      key = key_of_software (db, &g_array_index (matrix->software, TvmMatrixSoftware, i));
      g_array_append_val (keys->software, key);
    }
  for (guint i = 0; i < matrix->cves->len && tvm_db_is_good (db); i++)
    {
      key = key_of_cve (db, &g_array_index (matrix->cves, TvmMatrixCve, i));
      g_array_append_val (keys->cves, key);
    }
}

/**
 * tvm_matrix_keys_clear:
 * @keys: (inout): what tvm_matrix_keys_load() filled, or all 0
 */
void
tvm_matrix_keys_clear (TvmMatrixKeys *keys)
{
  g_clear_pointer (&keys->devices, g_array_unref);
  g_clear_pointer (&keys->software, g_array_unref);
  g_clear_pointer (&keys->cves, g_array_unref);
}

/**
 * tvm_matrix_digest_cve:
 * @key: key of a CVE
 *
 * Returns: what it adds to the digest of a set; that of the empty set is 0
 */
guint64
tvm_matrix_digest_cve (gint64 key)
{
  return tvm_int_table_mix ((guint64) key);
}

/**
 * tvm_matrix_find_state:
 * @db: a connection
 * @software_key: key of a product
 * @version: one of its versions
 * @digest: of a set of CVEs
 *
 * Returns: the key of that state; 0: there is none
 */
gint64
tvm_matrix_find_state (TvmDb      *db,
                       gint64      software_key,
                       const char *version,
                       guint64     digest)
{
  return tvm_db_get_int (db, "SELECT key FROM software_state WHERE software_key = ?1 AND version = "
                         "?2 AND digest = ?3", "IsI", software_key, version, (gint64) digest);
}

/**
 * tvm_matrix_add_state:
 * @db: the writer's connection
 * @software_key: key of a product
 * @version: one of its versions
 * @cves: (element-type gint64): the keys of its CVEs, each once
 *
 * Returns: the key of a new state
 */
gint64
tvm_matrix_add_state (TvmDb      *db,
                      gint64      software_key,
                      const char *version,
                      GArray     *cves)
{
  guint64 digest = 0;
  gint64 key;

  for (guint i = 0; i < cves->len; i++)
    digest += tvm_matrix_digest_cve (g_array_index (cves, gint64, i));
  tvm_db_run (db, "INSERT INTO software_state (software_key, version, digest) VALUES (?1, ?2, ?3)",
              "IsI", software_key, version, (gint64) digest);
  key = sqlite3_last_insert_rowid (db->handle);
  for (guint i = 0; i < cves->len && tvm_db_is_good (db); i++)
    tvm_db_run (db, "INSERT INTO software_state_vulnerability (state_key, vulnerability_key) "
                "VALUES (?1, ?2)", "II", key, g_array_index (cves, gint64, i));
  return key;
}
