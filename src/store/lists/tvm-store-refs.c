/* tvm-store-refs.c: which devices are exposed, as a sorted merge of integer keys against what is
 * there. On the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROWS_PER_STATEMENT 64

typedef struct
{
  const char    *id;
  TvmDeviceRefs *refs;
  TvmListResult *result;
} RefsData;

/* The statements on one link table; ?1 is its owner. */
typedef struct
{
  const char *select, *remove, *insert_head;
} LinkTable;

static const LinkTable exposure_table = {
  "SELECT device_key FROM exposure WHERE recommendation_key = ?1 ORDER BY device_key",
  "DELETE FROM exposure WHERE recommendation_key = ?1 AND device_key = ?2",
  "INSERT INTO exposure (recommendation_key, device_key) VALUES ",
};
static const LinkTable portal_table = {
  "SELECT device_key FROM portal_exposure WHERE activity_key = ?1 ORDER BY device_key",
  "DELETE FROM portal_exposure WHERE activity_key = ?1 AND device_key = ?2",
  "INSERT INTO portal_exposure (activity_key, device_key) VALUES ",
};

static gint64
key_of (TvmDb      *db,
        const char *sql,
        const char *id)
{
  gint64 key = tvm_db_get_int (db, sql, "s", id);

  if (key == 0)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is the id of a recommendation or activity. */
                 _("There is no “%s” here. Check the id, or synchronize first."), id);
  return key;
}

gint64
tvm_refs_recommendation_key (TvmDb      *db,
                             const char *id)
{
  return key_of (db, "SELECT key FROM recommendation WHERE id = ?1", id);
}

gint64
tvm_refs_activity_key (TvmDb      *db,
                       const char *id)
{
  return key_of (db, "SELECT key FROM activity WHERE id = ?1", id);
}

/* Fails where one is not a device group of any device. */
void
tvm_refs_check_groups (TvmDb             *db,
                       const char *const *groups)
{
  for (gsize i = 0; groups != NULL && groups[i] != NULL; i++)
    if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM device WHERE coalesce (group_name, "
                        "'UnassignedGroup') = ?1)", "s", groups[i]) == 0)
      tvm_db_fail (db, TVM_ERROR_INVALID,
                   /* Translators: %s is what was given as the name of a device group. */
                   _("There is no device group “%s”. Check the name."), groups[i]);
}

/* Another process may have written since: data_version tells, and within the transaction none can. */
static void
load_device_keys (TvmDb *db)
{
  gint64 version = tvm_db_get_int (db, "PRAGMA data_version", "");
  sqlite3_stmt *row;

  if (db->device_keys != NULL && db->device_keys_version == version)
    return;
  tvm_db_forget_devices (db);
  db->device_keys_version = version;
  db->device_keys = tvm_device_keys_new ();
  row = tvm_db_query (db, "SELECT id, key FROM device", "");
  while (tvm_db_next (db, row))
    tvm_device_keys_insert (db->device_keys, tvm_db_text (row, 0), sqlite3_column_int64 (row, 1));
}

/* A device the inventory does not have (yet) gets a stub row. */
static gint64
add_stub (TvmDb              *db,
          const TvmDeviceRef *ref)
{
  gint64 key;

  tvm_device_keys_lookup (db->device_keys, &ref->id, 1, &key);
  if (key != 0)
    return key;
  tvm_db_run (db, "INSERT INTO device (id, name, os_platform, group_name) VALUES (?1, ?2, ?3, ?4)",
              "ssss", ref->id, ref->name, ref->os_platform, ref->group);
  if (!tvm_db_is_good (db))
    return 0;
  key = sqlite3_last_insert_rowid (db->handle);
  tvm_device_keys_insert (db->device_keys, ref->id, key);
  return key;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* Sorted, each once. */
static GArray *
keys_of_refs (TvmDb         *db,
              TvmDeviceRefs *refs)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (gint64), refs->refs->len);
  guint n = 0;

  load_device_keys (db);
  for (guint first = 0; first < refs->refs->len && tvm_db_is_good (db); first += TVM_DEVICE_KEYS_BATCH)
    {
      const TvmDeviceRef *batch = &g_array_index (refs->refs, TvmDeviceRef, first);
      guint n_batch = MIN (TVM_DEVICE_KEYS_BATCH, refs->refs->len - first);
      const char *ids[TVM_DEVICE_KEYS_BATCH];
      gint64 found[TVM_DEVICE_KEYS_BATCH];

      for (guint i = 0; i < n_batch; i++)
        ids[i] = batch[i].id;
      tvm_device_keys_lookup (db->device_keys, ids, n_batch, found);
      for (guint i = 0; i < n_batch; i++)
        if (found[i] == 0)
          found[i] = add_stub (db, &batch[i]);
      g_array_append_vals (keys, found, n_batch);
    }
  g_array_sort (keys, compare_keys);
  for (guint i = 0; i < keys->len; i++)
    if (i == 0 || g_array_index (keys, gint64, i) != g_array_index (keys, gint64, n - 1))
      g_array_index (keys, gint64, n++) = g_array_index (keys, gint64, i);
  g_array_set_size (keys, n);
  return keys;
}

/* So many rows at a time cost half of what each costs alone. */
static sqlite3_stmt *
prepare_insert (TvmDb           *db,
                const LinkTable *table,
                guint            n_rows)
{
  g_autoptr(GString) sql = g_string_new (table->insert_head);

  for (guint i = 0; i < n_rows; i++)
    g_string_append (sql, i == 0 ? "(?1, ?)" : ", (?1, ?)");
  return tvm_db_prepare (db, sql->str);
}

static void
insert_links (TvmDb           *db,
              const LinkTable *table,
              gint64           owner,
              GArray          *keys)
{
  sqlite3_stmt *statement = NULL;

  for (guint i = 0; i < keys->len; i += ROWS_PER_STATEMENT)
    {
      guint n_rows = MIN (ROWS_PER_STATEMENT, keys->len - i);

      if (i == 0 || n_rows < ROWS_PER_STATEMENT)
        statement = prepare_insert (db, table, n_rows);
      if (statement == NULL)
        return;
      sqlite3_bind_int64 (statement, 1, owner);
      for (guint j = 0; j < n_rows; j++)
        sqlite3_bind_int64 (statement, (int) j + 2, g_array_index (keys, gint64, i + j));
      while (tvm_db_next (db, statement))
        ;
    }
}

static void
remove_links (TvmDb           *db,
              const LinkTable *table,
              gint64           owner,
              GArray          *keys)
{
  sqlite3_stmt *statement = tvm_db_prepare (db, table->remove);

  for (guint i = 0; i < keys->len && statement != NULL; i++)
    {
      sqlite3_bind_int64 (statement, 1, owner);
      sqlite3_bind_int64 (statement, 2, g_array_index (keys, gint64, i));
      while (tvm_db_next (db, statement))
        ;
    }
}

static void
merge_links (TvmDb           *db,
             const LinkTable *table,
             gint64           owner,
             GArray          *keys,
             TvmListResult   *result)
{
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) added = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = tvm_db_query (db, table->select, "I", owner);
  guint i = 0;

  while (tvm_db_next (db, row))
    {
      gint64 there = sqlite3_column_int64 (row, 0);

      for (; i < keys->len && g_array_index (keys, gint64, i) < there; i++)
        g_array_append_val (added, g_array_index (keys, gint64, i));
      if (i < keys->len && g_array_index (keys, gint64, i) == there)
        i++;
      else
        g_array_append_val (gone, there);
    }
  if (i < keys->len)
    g_array_append_vals (added, &g_array_index (keys, gint64, i), keys->len - i);
  remove_links (db, table, owner, gone);
  insert_links (db, table, owner, added);
  result->received = (int) keys->len;
  result->added = (int) added->len;
  result->removed = (int) gone->len;
}

static void
merge_device_refs (TvmDb *db, gpointer data)
{
  RefsData *merge = data;
  gint64 owner = tvm_refs_recommendation_key (db, merge->id);
  g_autoptr(GArray) keys = NULL;

  if (!tvm_db_is_good (db))
    return;
  keys = keys_of_refs (db, merge->refs);
  merge_links (db, &exposure_table, owner, keys, merge->result);
  tvm_db_run (db, "UPDATE recommendation SET devices_synced_us = ?2 WHERE key = ?1", "II", owner,
              tvm_now_us ());
  if (merge->result->added + merge->result->removed > 0)
    db->changes |= TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES;
  tvm_progress_recompute (db, merge->id);
  tvm_exceptions_recompute (db, merge->id);
  db->changes |= TVM_CHANGED_LISTS;
}

static void
merge_portal_refs (TvmDb *db, gpointer data)
{
  RefsData *merge = data;
  gint64 owner = tvm_refs_activity_key (db, merge->id);
  g_autoptr(GArray) keys = NULL;

  if (!tvm_db_is_good (db))
    return;
  keys = keys_of_refs (db, merge->refs);
  merge_links (db, &portal_table, owner, keys, merge->result);
  if (merge->result->added + merge->result->removed > 0)
    db->changes |= TVM_CHANGED_ACTIVITIES;
}

static gboolean
run_merge (TvmStore      *self,
           TvmStoreFunc   func,
           const char    *name,
           const char    *id,
           TvmDeviceRefs *refs,
           TvmListResult *result,
           GError       **error)
{
  TvmListResult merged = { .requests = result != NULL ? result->requests : 0 };
  RefsData data = { .id = id, .refs = refs, .result = &merged };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  g_strlcpy (merged.name, name, sizeof merged.name);
  if (!tvm_store_write_list (self, func, &data, error))
    return FALSE;
  if (result != NULL)
    *result = merged;
  return TRUE;
}

/**
 * tvm_store_merge_device_refs:
 * @self: a store
 * @recommendation_id: a recommendation
 * @refs: every device exposed to it now
 * @result: (out) (optional): what changed
 * @error: return location for a #TvmError
 *
 * Also recomputes the progress of the activities of the recommendation, in the same transaction.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_merge_device_refs (TvmStore      *self,
                             const char    *recommendation_id,
                             TvmDeviceRefs *refs,
                             TvmListResult *result,
                             GError       **error)
{
  return run_merge (self, merge_device_refs, "device-references", recommendation_id, refs, result, error);
}

/**
 * tvm_store_merge_portal_refs:
 * @self: a store
 * @activity_id: an activity made in the portal
 * @refs: every device that the service still lists for it
 * @result: (out) (optional): what changed
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_merge_portal_refs (TvmStore      *self,
                             const char    *activity_id,
                             TvmDeviceRefs *refs,
                             TvmListResult *result,
                             GError       **error)
{
  return run_merge (self, merge_portal_refs, "activity-devices", activity_id, refs, result, error);
}
