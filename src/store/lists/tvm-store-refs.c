/* tvm-store-refs.c: which devices are exposed, as a sorted merge of integer keys against what is
 * there. On the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROWS_PER_STATEMENT 64

const TvmLinks tvm_exposure_links = {
  "SELECT device_key FROM exposure WHERE recommendation_key = ?1 ORDER BY device_key",
  "DELETE FROM exposure WHERE recommendation_key = ?1 AND device_key = ?2",
  "INSERT INTO exposure (recommendation_key, device_key) VALUES ",
};
const TvmLinks tvm_portal_links = {
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

/**
 * tvm_refs_recommendation_key:
 * @db: a connection
 * @id: a recommendation
 *
 * Returns: its key; 0 where there is none: then @db has failed with %TVM_ERROR_NOT_FOUND
 */
gint64
tvm_refs_recommendation_key (TvmDb      *db,
                             const char *id)
{
  return key_of (db, "SELECT key FROM recommendation WHERE id = ?1", id);
}

/**
 * tvm_refs_activity_key:
 * @db: a connection
 * @id: an activity
 *
 * Returns: its key; 0 where there is none: then @db has failed with %TVM_ERROR_NOT_FOUND
 */
gint64
tvm_refs_activity_key (TvmDb      *db,
                       const char *id)
{
  return key_of (db, "SELECT key FROM activity WHERE id = ?1", id);
}

/**
 * tvm_refs_check_groups:
 * @db: a connection; it fails with %TVM_ERROR_INVALID where one is not a device group of any device
 * @groups: (nullable): names, %NULL: none to check
 */
void
tvm_refs_check_groups (TvmDb             *db,
                       const char *const *groups)
{
  for (gsize i = 0; groups != NULL && groups[i] != NULL; i++)
    if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM device WHERE group_name = ?1)", "s",
                        groups[i]) == 0)
      tvm_db_fail (db, TVM_ERROR_INVALID,
                   /* Translators: %s is what was given as the name of a device group. */
                   _("There is no device group “%s”. Check the name."), groups[i]);
}

/**
 * tvm_refs_load_device_keys:
 * @db: the writer's connection, whose device_keys are up to date then
 *
 * Another process may have written since: data_version tells, and within the transaction none can.
 */
void
tvm_refs_load_device_keys (TvmDb *db)
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
  tvm_db_run (db, "INSERT INTO device (id, name, os_platform, group_name, health, risk, exposure, "
              "is_aad_joined) VALUES (?1, ?2, ?3, ?4, -1, -1, -1, -1)", "ssss", ref->id, ref->name,
              ref->os_platform, ref->group);
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

/**
 * tvm_refs_list_keys:
 * @db: the writer's connection
 * @refs: devices; those that the store lacks get stub rows
 *
 * Returns: (transfer full) (element-type gint64): their keys, in the same order
 */
GArray *
tvm_refs_list_keys (TvmDb         *db,
                    TvmDeviceRefs *refs)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (gint64), refs->refs->len);

  tvm_refs_load_device_keys (db);
  for (guint first = 0; first < refs->refs->len && tvm_db_is_good (db);
       first += TVM_DEVICE_KEYS_BATCH)
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
  return keys;
}

/**
 * tvm_keys_sort:
 * @keys: (element-type gint64) (inout): keys, each once and in order then
 */
void
tvm_keys_sort (GArray *keys)
{
  guint n = 0;

  g_array_sort (keys, compare_keys);
  for (guint i = 0; i < keys->len; i++)
    if (i == 0 || g_array_index (keys, gint64, i) != g_array_index (keys, gint64, n - 1))
      g_array_index (keys, gint64, n++) = g_array_index (keys, gint64, i);
  g_array_set_size (keys, n);
}

/* So many rows at a time cost half of what each costs alone. */
static sqlite3_stmt *
prepare_insert (TvmDb           *db,
                const TvmLinks  *links,
                guint            n_rows)
{
  const char *one = links->insert_row != NULL ? links->insert_row : "(?1, ?)";
  g_autoptr(GString) sql = g_string_new (links->insert_head);

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (sql, "%s%s", i == 0 ? "" : ", ", one);
  return tvm_db_prepare (db, sql->str);
}

/**
 * tvm_links_insert:
 * @db: the writer's connection
 * @links: which table
 * @owner: key of the recommendation or activity
 * @keys: (element-type gint64): devices that are not there yet, as tvm_keys_sort() leaves them
 */
void
tvm_links_insert (TvmDb           *db,
                  const TvmLinks  *links,
                  gint64           owner,
                  GArray          *keys)
{
  sqlite3_stmt *statement = NULL;

  for (guint i = 0; i < keys->len; i += ROWS_PER_STATEMENT)
    {
      guint n_rows = MIN (ROWS_PER_STATEMENT, keys->len - i);

      if (i == 0 || n_rows < ROWS_PER_STATEMENT)
        statement = prepare_insert (db, links, n_rows);
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
              const TvmLinks  *links,
              gint64           owner,
              GArray          *keys)
{
  sqlite3_stmt *statement = tvm_db_prepare (db, links->remove);

  for (guint i = 0; i < keys->len && statement != NULL; i++)
    {
      sqlite3_bind_int64 (statement, 1, owner);
      sqlite3_bind_int64 (statement, 2, g_array_index (keys, gint64, i));
      while (tvm_db_next (db, statement))
        ;
    }
}

/**
 * tvm_links_compare:
 * @db: the writer's connection
 * @links: which table
 * @owner: key of the recommendation or activity
 * @keys: (element-type gint64): the devices that were listed, as tvm_keys_sort() leaves them
 * @changes: (out caller-allocates): what differs from the table
 */
void
tvm_links_compare (TvmDb           *db,
                   const TvmLinks  *links,
                   gint64           owner,
                   GArray          *keys,
                   TvmLinkChanges  *changes)
{
  sqlite3_stmt *row = tvm_db_query (db, links->select, "I", owner);
  guint i = 0;

  changes->added = g_array_new (FALSE, FALSE, sizeof (gint64));
  changes->gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  changes->n_received = keys->len;
  while (tvm_db_next (db, row))
    {
      gint64 there = sqlite3_column_int64 (row, 0);

      for (; i < keys->len && g_array_index (keys, gint64, i) < there; i++)
        g_array_append_val (changes->added, g_array_index (keys, gint64, i));
      if (i < keys->len && g_array_index (keys, gint64, i) == there)
        i++;
      else
        g_array_append_val (changes->gone, there);
    }
  if (i < keys->len)
    g_array_append_vals (changes->added, &g_array_index (keys, gint64, i), keys->len - i);
}

/**
 * tvm_links_write:
 * @db: the writer's connection
 * @links: which table
 * @owner: key of the recommendation or activity
 * @changes: what to add and to remove
 */
void
tvm_links_write (TvmDb                 *db,
                 const TvmLinks        *links,
                 gint64                 owner,
                 const TvmLinkChanges  *changes)
{
  remove_links (db, links, owner, changes->gone);
  tvm_links_insert (db, links, owner, changes->added);
}

/**
 * tvm_link_changes_clear:
 * @self: (inout): the changes, or all 0
 */
void
tvm_link_changes_clear (TvmLinkChanges *self)
{
  g_clear_pointer (&self->added, g_array_unref);
  g_clear_pointer (&self->gone, g_array_unref);
}

static GHashTable *
list_referenced_devices (TvmDb *db)
{
  GHashTable *keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  sqlite3_stmt *row = tvm_db_query (
    db,
    "SELECT device_key FROM exposure UNION SELECT device_key FROM target "
    "UNION SELECT device_key FROM portal_exposure "
    "UNION SELECT device_key FROM ticket_device",
    "");

  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      g_hash_table_add (keys, g_memdup2 (&key, sizeof key));
    }
  return keys;
}

/**
 * tvm_refs_remove_devices:
 * @db: the writer's connection
 * @missing: (element-type gint64): keys of devices that the inventory no longer has
 *
 * Deletes those that nothing refers to; the others are no longer in the inventory.
 */
void
tvm_refs_remove_devices (TvmDb  *db,
                         GArray *missing)
{
  g_autoptr(GHashTable) referenced = list_referenced_devices (db);

  for (guint i = 0; i < missing->len; i++)
    {
      gint64 key = g_array_index (missing, gint64, i);

      if (!g_hash_table_contains (referenced, &key) &&
          tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM installation WHERE device_key = ?1)",
                          "I", key) == 0)
        tvm_db_run (db, "DELETE FROM device WHERE key = ?1", "I", key);
      else
        tvm_db_run (db, "UPDATE device SET in_inventory = 0 WHERE key = ?1 AND in_inventory = 1",
                    "I", key);
    }
  tvm_db_forget_devices (db);
}
