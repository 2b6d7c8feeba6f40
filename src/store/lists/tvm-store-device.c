/* tvm-store-device.c: a device whole. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_device_whole_free:
 * @self: (transfer full) (nullable): a device with what belongs to it
 */
void
tvm_device_whole_free (TvmDeviceWhole *self)
{
  if (self == NULL)
    return;
  tvm_device_unref (self->device);
  g_clear_pointer (&self->recommendations, g_ptr_array_unref);
  g_clear_pointer (&self->weaknesses, g_ptr_array_unref);
  g_clear_pointer (&self->software, g_ptr_array_unref);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_clear_pointer (&self->activities, g_ptr_array_unref);
  g_clear_pointer (&self->tickets, g_ptr_array_unref);
  g_free (self);
}

/**
 * tvm_software_read:
 * @row: vendor, name, version, recommendation, devices, CVEs, first and last day, component
 *
 * Returns: (transfer full): the row as a record
 */
TvmSoftware *
tvm_software_read (sqlite3_stmt *row)
{
  TvmSoftware *software = tvm_software_new ();

  software->vendor = tvm_db_dup (row, 0);
  software->name = tvm_db_dup (row, 1);
  software->version = *tvm_db_text (row, 2) != '\0' ? tvm_db_dup (row, 2) : NULL;
  software->recommendation_id = tvm_db_dup (row, 3);
  software->n_devices = sqlite3_column_int (row, 4);
  software->n_weaknesses = sqlite3_column_int (row, 5);
  software->first_seen_us = sqlite3_column_int64 (row, 6) * TVM_DAY_US;
  software->last_seen_us = sqlite3_column_int64 (row, 7) * TVM_DAY_US;
  software->component = tvm_db_dup (row, 8);
  return software;
}

/**
 * tvm_security_update_read:
 * @row: recommendation, id, name, address
 *
 * Returns: (transfer full): the row as a record
 */
TvmSecurityUpdate *
tvm_security_update_read (sqlite3_stmt *row)
{
  TvmSecurityUpdate *update = tvm_security_update_new ();

  update->recommendation_id = tvm_db_dup (row, 0);
  update->id = tvm_db_dup (row, 1);
  update->name = tvm_db_dup (row, 2);
  update->url = tvm_db_dup (row, 3);
  return update;
}

static GPtrArray *
load_software (TvmDb  *db,
               gint64  key)
{
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT w.vendor, w.name, t.version, w.recommendation_id, -1, (SELECT count(*) FROM "
    "software_state_vulnerability s WHERE s.state_key = t.key), i.first_seen_day, "
    "i.last_seen_day, (SELECT r.related_component FROM recommendation r WHERE r.id = "
    "w.recommendation_id) FROM installation i JOIN software_state t ON t.key = i.state_key JOIN "
    "software w ON w.key = t.software_key WHERE i.device_key = ?1 "
    "ORDER BY 6 DESC, w.name COLLATE NOCASE, t.version", "I", key);

  return tvm_db_list (db, row, (TvmDbReadFunc) tvm_software_read,
                      (GDestroyNotify) tvm_software_unref);
}

static GPtrArray *
load_updates (TvmDb  *db,
              gint64  key)
{
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT DISTINCT u.recommendation_id, u.id, u.name, u.url FROM installation i JOIN "
    "software_state t ON t.key = i.state_key JOIN software w ON w.key = t.software_key JOIN "
    "software_state_vulnerability s ON s.state_key = t.key JOIN vulnerability_update u ON "
    "u.vulnerability_key = s.vulnerability_key AND u.recommendation_id = w.recommendation_id "
    "WHERE i.device_key = ?1 ORDER BY 2 DESC", "I", key);

  return tvm_db_list (db, row, (TvmDbReadFunc) tvm_security_update_read,
                      (GDestroyNotify) tvm_security_update_unref);
}

static void
load_known (TvmDb          *db,
            TvmDeviceWhole *self)
{
  gint64 key = self->device->key;

  if (tvm_db_get_int (db, "SELECT " TVM_KNOWS_SOFTWARE, "") == 0)
    return;
  self->software = load_software (db, key);
  self->updates = load_updates (db, key);
  self->weaknesses = tvm_table_list (
    db, &tvm_vulnerability_table, (GDestroyNotify) tvm_vulnerability_unref,
    "WHERE v.key IN (SELECT s.vulnerability_key FROM installation i JOIN "
    "software_state_vulnerability s ON s.state_key = i.state_key WHERE i.device_key = ?1) "
    "ORDER BY " TVM_KNOWN_EXPLOITED " DESC, v.severity DESC, v.cvss DESC, v.id", "I", key);
}

/* By its id, or by its name as long as one device has it: as it is, else as a search takes it. */
static TvmDevice *
find_device (TvmDb      *db,
             const char *text)
{
  static const char *const names[] = {
    "WHERE d.name = ?1 COLLATE NOCASE", "WHERE contains (d.name, ?1) AND contains (?1, d.name)",
  };
  TvmDevice *found = tvm_table_find (db, &tvm_device_table, "WHERE d.id = ?1 COLLATE NOCASE", "s",
                                     text);
  gint64 n = 0;

  for (guint i = 0; found == NULL && n == 0 && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *count = g_strconcat ("SELECT count(*) FROM device d ", names[i], NULL);

      n = tvm_db_get_int (db, count, "s", text);
      if (n == 1)
        found = tvm_table_find (db, &tvm_device_table, names[i], "s", text);
    }
  if (n > 1)
    tvm_db_fail (db, TVM_ERROR_INVALID,
                 /* Translators: %s is a device's name. */
                 _("Several devices are called “%s”. Name it by its id; “devices --search” tells "
                   "them."), text);
  else if (found == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is a device's name or id. */
                 _("There is no device “%s” here. Check the name, or synchronize first."), text);
  return found;
}

static gpointer
load_whole (TvmDb         *db,
            gconstpointer  name)
{
  TvmDevice *found = find_device (db, name);
  g_autoptr(GPtrArray) devices = g_ptr_array_new ();
  TvmDeviceWhole *self;

  if (found == NULL)
    return NULL;
  g_ptr_array_add (devices, found);
  tvm_devices_note_known (db, devices);
  self = g_new0 (TvmDeviceWhole, 1);
  self->device = found;
  self->recommendations = tvm_table_list (
    db, &tvm_recommendation_table, (GDestroyNotify) tvm_recommendation_unref,
    "WHERE r.is_listed = 1 AND EXISTS (SELECT 1 FROM exposure e WHERE e.recommendation_key = "
    "r.key AND e.device_key = ?1) ORDER BY r.severity DESC, r.name", "I", found->key);
  self->activities = tvm_table_list (
    db, &tvm_activity_table, (GDestroyNotify) tvm_activity_unref,
    "WHERE " TVM_HAS_EXPOSED ("?1") " ORDER BY coalesce (a.due_on, '9999'), a.key", "I",
    found->key);
  self->tickets = tvm_table_list (
    db, &tvm_ticket_table, (GDestroyNotify) tvm_ticket_unref,
    "WHERE a.status <> TVM_STATUS_COMPLETED AND EXISTS (SELECT 1 FROM ticket_device t WHERE "
    "t.ticket_key = k.key AND t.device_key = ?1) ORDER BY k.key", "I", found->key);
  load_known (db, self);
  return self;
}

/**
 * tvm_store_load_device:
 * @self: a store
 * @name: a device's id, or its name, in any case of letters and as tvm_text_fold() takes it
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is none,
 *   %TVM_ERROR_INVALID where several have the name
 *
 * Returns: (transfer full) (nullable): the device with what belongs to it; %NULL on error
 */
TvmDeviceWhole *
tvm_store_load_device (TvmStore    *self,
                       const char  *name,
                       GError     **error)
{
  return tvm_store_load (self, load_whole, name, (GDestroyNotify) tvm_device_whole_free, error);
}
