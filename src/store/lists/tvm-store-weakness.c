/* tvm-store-weakness.c: a CVE whole, and which CVEs are not there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>

#define FIXES "SELECT l.recommendation_key FROM recommendation_vulnerability l WHERE " \
  "l.vulnerability_key = ?1"
#define FIXES_ID "(SELECT r.id FROM recommendation r WHERE r.key IN (" FIXES "))"

typedef struct
{
  const char   *text;
  GStrvBuilder *missing;
  gint64        as_of_us;
} MissingData;

/**
 * tvm_weakness_whole_free:
 * @self: (transfer full) (nullable): a CVE with what belongs to it
 */
void
tvm_weakness_whole_free (TvmWeaknessWhole *self)
{
  if (self == NULL)
    return;
  tvm_vulnerability_unref (self->vulnerability);
  g_clear_pointer (&self->recommendations, g_ptr_array_unref);
  g_clear_pointer (&self->software, g_ptr_array_unref);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->activities, g_ptr_array_unref);
  g_clear_pointer (&self->exceptions, g_ptr_array_unref);
  g_clear_pointer (&self->timeline, g_ptr_array_unref);
  g_free (self);
}

/**
 * tvm_weaknesses_as_of:
 * @db: a connection
 *
 * Returns: when the list of all CVEs was whole last, in microseconds since 1970 UTC; 0: never
 */
gint64
tvm_weaknesses_as_of (TvmDb *db)
{
  return MAX (tvm_db_get_int (db, "SELECT synced_us FROM list_state WHERE name = ?1", "s",
                              TVM_WEAKNESSES_LIST), 0);
}

static GPtrArray *
load_software (TvmDb  *db,
               gint64  key)
{
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT w.vendor, w.name, t.version, w.recommendation_id, count(DISTINCT i.device_key), "
    "-1, coalesce (min (nullif (i.first_seen_day, 0)), 0), max (i.last_seen_day), (SELECT "
    "r.related_component FROM recommendation r WHERE r.id = w.recommendation_id) FROM "
    "software_state_vulnerability s JOIN software_state t ON t.key = s.state_key JOIN software w "
    "ON w.key = t.software_key LEFT JOIN installation i ON i.state_key = t.key WHERE "
    "s.vulnerability_key = ?1 GROUP BY w.key, t.version ORDER BY 5 DESC, 2, 3", "I", key);

  return tvm_db_list (db, row, (TvmDbReadFunc) tvm_software_read,
                      (GDestroyNotify) tvm_software_unref);
}

/* Updates that are told for the CVE itself; where none is, those of what fixes it. */
static GPtrArray *
load_updates (TvmDb  *db,
              gint64  key)
{
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT recommendation_id, id, name, url FROM vulnerability_update WHERE "
    "vulnerability_key = ?1 UNION ALL SELECT recommendation_id, id, name, NULL FROM "
    "security_update WHERE recommendation_id IN " FIXES_ID " AND NOT EXISTS (SELECT 1 FROM "
    "vulnerability_update WHERE vulnerability_key = ?1) ORDER BY 2 DESC", "I", key);

  return tvm_db_list (db, row, (TvmDbReadFunc) tvm_security_update_read,
                      (GDestroyNotify) tvm_security_update_unref);
}

static GPtrArray *
load_groups (TvmDb  *db,
             gint64  key)
{
  return tvm_group_counts_read (db, tvm_db_query (
    db, "SELECT d.group_name, count(*), " TVM_COUNT_JOINED ("1") ", 0, 0, 0, 0, 0 FROM device d "
    "WHERE " TVM_AFFECTED_BY ("(?1)") " GROUP BY 1 ORDER BY 2 DESC, 1", "I", key));
}

/* Without the software of the devices, those that are exposed to what fixes it are no fewer. */
static gboolean
knows_devices (const TvmWeaknessWhole *self)
{
  if (self->is_exact)
    return TRUE;
  for (guint i = 0; i < self->recommendations->len; i++)
    if (!tvm_recommendation_knows_devices (self->recommendations->pdata[i]))
      return FALSE;
  return self->recommendations->len > 0;
}

/* The list of all CVEs counts other devices with it than its own. */
static gboolean
is_miscounted (const TvmWeaknessWhole *self)
{
  int n = 0;

  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    n += ((const TvmGroupCount *) self->groups->pdata[i])->exposed;
  return self->is_exact && self->vulnerability->exposed_devices >= 0 &&
         self->vulnerability->exposed_devices != n;
}

/* One of those that fix it counts other devices than the data of all devices name. */
#define CONTRADICTS \
  "SELECT EXISTS (SELECT 1 FROM recommendation r WHERE r.is_listed = 1 AND r.key IN (" FIXES ") " \
  "AND r.exposed_devices >= 0 AND r.exposed_devices <> (SELECT count(DISTINCT i.device_key) FROM " \
  "software w JOIN software_state s ON s.software_key = w.key JOIN installation i ON i.state_key " \
  "= s.key WHERE w.recommendation_id = r.id AND EXISTS (SELECT 1 FROM " \
  "software_state_vulnerability v WHERE v.state_key = s.key)))"

static gpointer
load_whole (TvmDb         *db,
            gconstpointer  id)
{
  g_autofree char *missing = NULL;
  TvmVulnerability *found = tvm_table_find (db, &tvm_vulnerability_table,
                                            "WHERE v.id = ?1 COLLATE NOCASE", "s", id);
  TvmWeaknessWhole *self;

  if (found == NULL)
    {
      missing = tvm_cve_missing_text (id, tvm_weaknesses_as_of (db));
      tvm_db_fail (db, TVM_ERROR_NOT_FOUND, "%s", missing);
      return NULL;
    }
  self = g_new0 (TvmWeaknessWhole, 1);
  self->vulnerability = found;
  self->awaits_exports = tvm_db_get_int (db, "SELECT " TVM_KNOWS_SOFTWARE " AND " TVM_CVE_UNNAMED
                                         " FROM vulnerability v WHERE v.key = ?1", "I",
                                         found->key) != 0;
  self->is_exact = !self->awaits_exports && tvm_db_get_int (db, "SELECT " TVM_KNOWS_SOFTWARE,
                                                            "") != 0;
  self->is_contradicted = self->is_exact && tvm_db_get_int (db, CONTRADICTS, "I", found->key) != 0;
  self->as_of_us = tvm_weaknesses_as_of (db);
  tvm_known_exploited_read (db, &self->catalog);
  self->recommendations = tvm_table_list (
    db, &tvm_recommendation_table, (GDestroyNotify) tvm_recommendation_unref,
    "WHERE r.is_listed = 1 AND r.key IN (" FIXES ") ORDER BY r.exposed_devices DESC, r.id", "I",
    found->key);
  self->software = self->is_exact ? load_software (db, found->key) : NULL;
  self->updates = load_updates (db, found->key);
  self->groups = knows_devices (self) ? load_groups (db, found->key) : NULL;
  self->is_miscounted = is_miscounted (self);
  self->activities = tvm_table_list (
    db, &tvm_activity_table, (GDestroyNotify) tvm_activity_unref, "WHERE a.recommendation_id IN "
    FIXES_ID " ORDER BY a.created_us DESC, a.key", "I", found->key);
  self->exceptions = tvm_table_list (
    db, &tvm_exception_table, (GDestroyNotify) tvm_exception_unref, "WHERE x.recommendation_id IN "
    FIXES_ID " AND " TVM_EXCEPTION_STATUS " = TVM_EXCEPTION_ACTIVE ORDER BY x.ends_on, x.key",
    "I", found->key);
  self->timeline = tvm_weakness_timeline (found, self->activities);
  return self;
}

/**
 * tvm_store_load_weakness:
 * @self: a store
 * @id: a CVE, in any case of letters
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where it is not there, with words
 *   that say of when the data are, or that nobody knows
 *
 * Returns: (transfer full) (nullable): the CVE with what belongs to it; %NULL on error
 */
TvmWeaknessWhole *
tvm_store_load_weakness (TvmStore    *self,
                         const char  *id,
                         GError     **error)
{
  return tvm_store_load (self, load_whole, id, (GDestroyNotify) tvm_weakness_whole_free, error);
}

static void
list_missing (TvmDb    *db,
              gpointer  user_data)
{
  MissingData *data = user_data;
  g_auto(GStrv) ids = tvm_text_list_cves (data->text);

  for (guint i = 0; ids[i] != NULL; i++)
    if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM vulnerability WHERE id = ?1 COLLATE "
                        "NOCASE)", "s", ids[i]) == 0)
      g_strv_builder_add (data->missing, ids[i]);
  data->as_of_us = tvm_weaknesses_as_of (db);
}

/**
 * tvm_store_list_missing_cves:
 * @self: a store
 * @text: (nullable): what is searched for
 * @out_as_of_us: (out): of when the data are, in microseconds since 1970 UTC; 0: all CVEs were
 *   never asked for, and whether these are there is not known
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the CVEs that the text names whole and that are not in the
 *   store; %NULL on error
 */
GStrv
tvm_store_list_missing_cves (TvmStore    *self,
                             const char  *text,
                             gint64      *out_as_of_us,
                             GError     **error)
{
  g_autoptr(GStrvBuilder) missing = g_strv_builder_new ();
  MissingData data = { .text = text, .missing = missing };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  if (!tvm_store_read (self, list_missing, &data, error))
    return NULL;
  *out_as_of_us = data.as_of_us;
  return g_strv_builder_end (missing);
}
