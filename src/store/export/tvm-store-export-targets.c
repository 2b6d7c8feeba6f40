/* tvm-store-export-targets.c: the targets of many activities, where a device is the target of
 * several: its cells are formatted once, then only the links are read. On the caller's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include "tvm-rules.h"

#include <string.h>

/* So many devices' cells take about 40 MB; of more, each row is read by itself. */
#define MAX_DEVICES 300000

/* A device at its rank: its place in the order of names. */
typedef struct
{
  const char *cells, *last_seen;  /* ready for the file */
  TvmDevice   device;             /* what its state depends on */
} Part;

struct TvmExportDevices
{
  GStringChunk *texts;
  GArray       *parts;            /* of Part */
  GHashTable   *ranks;            /* key -> rank + 1 */
};

typedef struct
{
  guint64 place;                  /* those still exposed come first, then the ranks count */
  gint64  exposed_again_us, changed_us;
} Target;

/* The cells that were written to @scratch, kept as long as the parts. */
static const char *
keep_cells (TvmExportDevices *self,
            TvmCsv           *scratch)
{
  g_autofree char *cells = tvm_csv_take_cells (scratch);

  return g_string_chunk_insert (self->texts, cells);
}

static void
add_device (TvmExport        *export,
            TvmExportDevices *self,
            sqlite3_stmt     *row,
            TvmCsv           *scratch)
{
  const char *group = tvm_db_text (row, 4);
  Part part = { .device = { .in_inventory = sqlite3_column_int (row, 5),
                            .last_seen_us = sqlite3_column_int64 (row, 6) } };
  TvmExport cells = *export;

  if (group != NULL)
    part.device.group = g_string_chunk_insert_const (self->texts, group);
  cells.csv = scratch;
  for (int i = 1; i <= 4; i++)
    tvm_csv_cell (scratch, tvm_db_text (row, i));
  part.cells = keep_cells (self, scratch);
  tvm_export_instant (&cells, part.device.last_seen_us);
  part.last_seen = keep_cells (self, scratch);
  g_array_append_val (self->parts, part);
  g_hash_table_insert (self->ranks, GSIZE_TO_POINTER (sqlite3_column_int64 (row, 0)),
                       GUINT_TO_POINTER (self->parts->len));
}

/* For cells of the same format. */
static TvmCsv *
new_scratch (TvmExport *export)
{
  return tvm_csv_new_cells (export->is_machine ? TVM_FORMAT_MACHINE : TVM_FORMAT_SPREADSHEET);
}

/**
 * tvm_export_devices_new:
 * @export: an export of targets
 * @db: a connection
 * @n_targets: how many rows there will be
 *
 * Reads all devices and formats their cells; an error stays in @db.
 *
 * Returns: (transfer full) (nullable): the devices; %NULL where it would not pay: each device is
 *   the target of about one activity, or there are too many of them, or it is no CSV file
 */
TvmExportDevices *
tvm_export_devices_new (TvmExport *export,
                        TvmDb     *db,
                        gint64     n_targets)
{
  gint64 n_devices = tvm_db_get_int (db, "SELECT count(*) FROM device", "");
  g_autoptr(TvmCsv) scratch = NULL;
  TvmExportDevices *self;
  sqlite3_stmt *row;

  if (export->csv == NULL || n_targets < 2 * n_devices || n_devices > MAX_DEVICES)
    return NULL;
  scratch = new_scratch (export);
  self = g_new0 (TvmExportDevices, 1);
  self->texts = g_string_chunk_new (64 * 1024);
  self->parts = g_array_sized_new (FALSE, FALSE, sizeof (Part), (guint) n_devices);
  self->ranks = g_hash_table_new (NULL, NULL);
  row = tvm_db_query (db, "SELECT key, id, name, os_platform, group_name, " TVM_IN_INVENTORY ", "
                      "last_seen_us FROM device d ORDER BY name COLLATE NOCASE, key", "");
  while (tvm_db_next (db, row))
    add_device (export, self, row, scratch);
  return self;
}

/**
 * tvm_export_devices_free:
 * @self: (transfer full) (nullable): the devices
 */
void
tvm_export_devices_free (TvmExportDevices *self)
{
  if (self == NULL)
    return;
  g_string_chunk_free (self->texts);
  g_array_unref (self->parts);
  g_hash_table_unref (self->ranks);
  g_free (self);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  guint64 x = ((const Target *) a)->place, y = ((const Target *) b)->place;

  return (x > y) - (x < y);
}

static GArray *
read_targets (TvmExportDevices *self,
              TvmDb            *db,
              gint64            activity_key)
{
  GArray *targets = g_array_new (FALSE, FALSE, sizeof (Target));
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT device_key, is_exposed, remediated_us, exposed_again_us FROM target "
    "WHERE activity_key = ?1 UNION ALL SELECT device_key, 1, NULL, NULL FROM portal_exposure "
    "WHERE activity_key = ?1", "I", activity_key);

  while (tvm_db_next (db, row))
    {
      gsize key = (gsize) sqlite3_column_int64 (row, 0);
      guint rank = GPOINTER_TO_UINT (g_hash_table_lookup (self->ranks, GSIZE_TO_POINTER (key)));
      Target target = { .place = rank, .exposed_again_us = sqlite3_column_int64 (row, 3) };

      if (rank == 0)
        continue;
      target.changed_us = MAX (sqlite3_column_int64 (row, 2), target.exposed_again_us);
      target.place |= sqlite3_column_int (row, 1) == 0 ? G_GUINT64_CONSTANT (1) << 32 : 0;
      g_array_append_val (targets, target);
    }
  g_array_sort (targets, compare_places);
  return targets;
}

static void
add_row (TvmExport        *export,
         TvmExportDevices *self,
         TvmDb            *db,
         const Target     *target)
{
  const Part *part = &g_array_index (self->parts, Part, (guint32) target->place - 1);
  TvmDeviceState state = tvm_target_state (target->place >> 32 == 0, target->exposed_again_us != 0,
                                           &part->device, (const char *const *) db->target.groups,
                                           db->target.ticket_completed_us, db->target.type,
                                           db->target.now_us);

  tvm_csv_add_cells (export->csv, part->cells);
  tvm_csv_cell (export->csv, export->is_machine ? tvm_device_state_to_word (state)
                                                : tvm_device_state_to_text (state));
  tvm_csv_add_cells (export->csv, part->last_seen);
  tvm_export_instant (export, target->changed_us);
  tvm_csv_cell (export->csv, NULL);  /* the ticket */
  tvm_csv_cell (export->csv, NULL);  /* why none carries it */
}

/**
 * tvm_export_devices_write:
 * @self: the devices
 * @export: the export they were made for
 * @db: the connection they were read from
 * @activity_id: an activity without tickets
 * @error: return location for a #TvmError, %G_IO_ERROR_CANCELLED or what the file failed with
 *
 * Writes its targets, with the columns and in the natural order of their list.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_export_devices_write (TvmExportDevices  *self,
                          TvmExport         *export,
                          TvmDb             *db,
                          const char        *activity_id,
                          GError           **error)
{
  gint64 key = tvm_refs_activity_key (db, activity_id);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT title FROM activity WHERE key = ?1", "I", key);
  g_autofree char *title = tvm_db_next (db, row) ? tvm_db_dup (row, 0) : NULL;
  g_autoptr(TvmCsv) scratch = new_scratch (export);
  g_autoptr(GArray) targets = NULL;
  g_autofree char *activity = NULL;

  tvm_db_reset (row);
  tvm_csv_cell (scratch, activity_id);
  tvm_csv_cell (scratch, title);
  activity = tvm_csv_take_cells (scratch);
  tvm_target_context_load (db, key);
  targets = read_targets (self, db, key);
  for (guint i = 0; i < targets->len; i++)
    {
      if (!tvm_export_go_on (export, error))
        return FALSE;
      tvm_csv_add_cells (export->csv, activity);
      add_row (export, self, db, &g_array_index (targets, Target, i));
      if (!tvm_export_end_row (export, error))
        return FALSE;
    }
  return tvm_db_take_error (db, error);
}
