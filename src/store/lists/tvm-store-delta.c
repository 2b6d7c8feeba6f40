/* tvm-store-delta.c: what changed in the software that devices have, and in its CVEs. On the
 * writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* One version of a product on one device. */
typedef struct {
  gint64      device_key, software_key;
  const char *version;
  gint64      state_key;       /* 0: it is not there */
  guint64     digest;          /* of its CVEs, as they are going to be */
  GArray     *added, *gone;    /* of gint64: keys of CVEs */
  gboolean    is_installed, is_removed;  /* it is told to be there or not, whatever its CVEs */
  guint16     first_day, last_day;
} Place;

static gboolean
has_cve (TvmDb       *db,
         const Place *place,
         gint64       cve)
{
  return place->state_key != 0 &&
         tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM software_state_vulnerability WHERE "
                         "state_key = ?1 AND vulnerability_key = ?2)", "II", place->state_key,
                         cve) != 0;
}

static void
find_place (TvmDb *db,
            Place *place)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT s.key, s.digest FROM installation i JOIN "
                                    "software_state s ON s.key = i.state_key WHERE i.device_key = "
                                    "?1 AND s.software_key = ?2 AND s.version = ?3", "IIs",
                                    place->device_key, place->software_key, place->version);

  place->state_key = 0;
  place->digest = 0;
  if (tvm_db_next (db, row))
    {
      place->state_key = sqlite3_column_int64 (row, 0);
      place->digest = (guint64) sqlite3_column_int64 (row, 1);
    }
  tvm_db_reset (row);
}

static void
take_change (TvmDb                 *db,
             Place                 *place,
             const TvmMatrixChange *change,
             const TvmMatrixKeys   *keys)
{
  gboolean is_there = change->status != TVM_MATRIX_FIXED;
  gint64 cve;

  if (is_there && change->first_day != 0)
    place->first_day = place->first_day == 0 ? change->first_day
                                             : MIN (place->first_day, change->first_day);
  place->last_day = MAX (place->last_day, change->last_day);
  place->is_installed = place->is_installed || is_there;
  if (change->cve == TVM_MATRIX_NONE)
    place->is_removed = !is_there;
  if (change->cve == TVM_MATRIX_NONE)
    return;
  cve = g_array_index (keys->cves, gint64, change->cve);
  if (is_there == has_cve (db, place, cve))
    return;
  g_array_append_val (is_there ? place->added : place->gone, cve);
  if (is_there)
    place->digest += tvm_matrix_digest_cve (cve);
  else
    place->digest -= tvm_matrix_digest_cve (cve);
}

/* The state with that digest, made of the one before where it is a new one. */
static gint64
ensure_state (TvmDb       *db,
              const Place *place)
{
  gint64 key = tvm_matrix_find_state (db, place->software_key, place->version, place->digest);
  g_autoptr(GArray) cves = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row;

  if (key != 0)
    return key;
  row = tvm_db_query (db, "SELECT vulnerability_key FROM software_state_vulnerability WHERE "
                      "state_key = ?1", "I", place->state_key);
  while (tvm_db_next (db, row))
    {
      gint64 cve = sqlite3_column_int64 (row, 0);
      gboolean is_gone = FALSE;

      for (guint i = 0; i < place->gone->len && !is_gone; i++)
        is_gone = g_array_index (place->gone, gint64, i) == cve;
      if (!is_gone)
        g_array_append_val (cves, cve);
    }
  g_array_append_vals (cves, place->added->data, place->added->len);
  return tvm_matrix_add_state (db, place->software_key, place->version, cves);
}

/* The product in a version that nobody told: without a CVE. */
static gint64
ensure_unknown_version (TvmDb       *db,
                        const Place *place)
{
  gint64 key = tvm_matrix_find_state (db, place->software_key, "", 0);
  g_autoptr(GArray) none = g_array_new (FALSE, FALSE, sizeof (gint64));

  return key != 0 ? key : tvm_matrix_add_state (db, place->software_key, "", none);
}

/* A version whose last CVE went was renewed or removed: that the product went nothing tells. */
static void
write_place (TvmDb         *db,
             const Place   *place,
             TvmListResult *result)
{
  gboolean is_there = place->digest != 0 || place->is_installed ||
                      (place->state_key != 0 && place->gone->len == 0 && !place->is_removed);
  gint64 state_key = is_there ? ensure_state (db, place)
                     : place->state_key != 0 && !place->is_removed
                       ? ensure_unknown_version (db, place) : 0;

  if (state_key != place->state_key)
    {
      tvm_db_run (db, "INSERT OR IGNORE INTO exposure_due SELECT recommendation_id FROM software "
                  "WHERE key = ?1 AND recommendation_id IS NOT NULL", "I", place->software_key);
      if (state_key == 0)
        result->removed += tvm_db_run (db, "DELETE FROM installation WHERE device_key = ?1 AND "
                                       "state_key = ?2", "II", place->device_key, place->state_key);
      else if (place->state_key != 0)
        result->changed += tvm_db_run (db, "UPDATE OR REPLACE installation SET state_key "
                                       "= ?3 WHERE device_key = ?1 AND state_key = ?2", "III",
                                       place->device_key, place->state_key, state_key);
      else
        result->added += tvm_db_run (db, "INSERT INTO installation (device_key, state_key, "
                                     "first_seen_day) VALUES (?1, ?2, ?3)", "IIi",
                                     place->device_key, state_key, place->first_day);
    }
  if (state_key != 0)
    tvm_db_run (db, "UPDATE installation SET last_seen_day = ?3 WHERE device_key = ?1 AND "
                "state_key = ?2 AND last_seen_day < ?3", "IIi", place->device_key, state_key,
                place->last_day);
}

/* Where a device has another version of the product, that is the one. */
static void
forget_unknown_versions (TvmDb         *db,
                         TvmListResult *result)
{
  result->removed += tvm_db_run (
    db, "DELETE FROM installation WHERE state_key IN (SELECT key FROM software_state WHERE version "
    "= '' AND digest = 0) AND EXISTS (SELECT 1 FROM software_state u JOIN software_state s ON "
    "s.software_key = u.software_key AND s.key <> u.key JOIN installation o ON o.state_key = s.key "
    "AND o.device_key = installation.device_key WHERE u.key = installation.state_key)", "");
}

/**
 * tvm_matrix_merge_changes:
 * @db: the writer's connection
 * @pull: what changed, each device, version and CVE once
 * @result: (inout): counts what changed of the software that devices have
 *
 * What is told again, or was known already, changes nothing. A product whose last version with
 * CVEs went stays in one that is not known, until all software is told.
 */
void
tvm_matrix_merge_changes (TvmDb         *db,
                          const TvmPull *pull,
                          TvmListResult *result)
{
  const TvmMatrix *matrix = pull->matrix;
  g_autoptr(GArray) added = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  TvmMatrixKeys keys = { NULL };
  guint i = 0;

  tvm_matrix_keys_load (db, matrix, &keys);
  while (i < matrix->changes->len && tvm_db_is_good (db))
    {
      const TvmMatrixChange *first = &g_array_index (matrix->changes, TvmMatrixChange, i);
      const TvmMatrixVersion *version = &g_array_index (matrix->versions, TvmMatrixVersion,
                                                        first->version);
      Place place = { g_array_index (keys.devices, gint64, first->device),
                      g_array_index (keys.software, gint64, version->software), version->version,
                      .added = added, .gone = gone };

      g_array_set_size (added, 0);
      g_array_set_size (gone, 0);
      find_place (db, &place);
      for (; i < matrix->changes->len; i++)
        {
          const TvmMatrixChange *change = &g_array_index (matrix->changes, TvmMatrixChange, i);

          if (change->device != first->device || change->version != first->version)
            break;
          take_change (db, &place, change, &keys);
        }
      write_place (db, &place, result);
    }
  forget_unknown_versions (db, result);
  tvm_matrix_write_updates (db, matrix, &keys);
  tvm_matrix_sweep (db);
  tvm_matrix_keys_clear (&keys);
}
