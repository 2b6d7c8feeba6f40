/* tvm-store-erase.c: a store emptied in place, so that whoever has it open goes on. Any thread;
 * blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* The triggers that keep the history from being changed step aside meanwhile. The names are the
 * schema's own. The stamp goes on counting: it tells nothing, and the next list needs it. The lines
 * of the histories do not: none of them is missing then. */
static void
erase (TvmDb    *db,
       gpointer  data)
{
  g_auto(GStrv) triggers =
    tvm_db_list_texts (db, "SELECT sql FROM sqlite_master WHERE type = 'trigger'", "");
  g_auto(GStrv) drops = tvm_db_list_texts (db, "SELECT 'DROP TRIGGER ' || name FROM sqlite_master "
                                           "WHERE type = 'trigger'", "");
  g_auto(GStrv) deletes = tvm_db_list_texts (
    db, "SELECT 'DELETE FROM ' || name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
    "'sqlite!_%' ESCAPE '!' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name <> 'stamp' AND name NOT IN "
    "(SELECT name FROM pragma_table_list WHERE type = 'shadow')", "");

  tvm_db_script (db, "PRAGMA defer_foreign_keys = ON");
  for (char **sql = drops; *sql != NULL; sql++)
    tvm_db_script (db, *sql);
  for (char **sql = deletes; *sql != NULL; sql++)
    tvm_db_script (db, *sql);
  tvm_db_run (db, "DELETE FROM sqlite_sequence WHERE name IN ('history', 'exception_history')",
              "");
  for (char **sql = triggers; *sql != NULL; sql++)
    tvm_db_script (db, *sql);
  tvm_pulls_refuse (db);
  tvm_db_forget_devices (db);
  db->changes = TVM_CHANGED_ALL;
}

/* Deleted rows stay readable in the file until it is written anew, which no transaction may do. Its
 * pages are replaced only where nobody reads them any more; SQLite calls that no error. */
static void
rewrite (TvmDb    *db,
         gpointer  data)
{
  gboolean is_busy;

  tvm_db_script (db, "COMMIT; VACUUM");
  is_busy = tvm_db_get_int (db, "PRAGMA wal_checkpoint (TRUNCATE)", "") != 0;
  tvm_db_script (db, "BEGIN IMMEDIATE");
  if (is_busy)
    tvm_db_fail (db, TVM_ERROR_STORE_FAILED,
                 _("The data is deleted, but another program still reads the profile's file, so "
                   "that traces of it stay there until that program ends."));
}

/* What a sync that was cut left beside, or one of another program has there. */
static void
remove_spools (TvmStore *self)
{
  const TvmPullKind kinds[] = { TVM_PULL_EXPOSURE, TVM_PULL_USER_IMPACT };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = tvm_store_dup_spool_path (self, kinds[i]);

      g_unlink (path);
    }
}

/**
 * tvm_store_erase:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Deletes all that was ever stored, settings and history included, also from the file's free pages,
 * and its backups.
 *
 * Returns: %FALSE on error: then nothing was deleted, or traces of it are still in the file
 */
gboolean
tvm_store_erase (TvmStore  *self,
                 GError   **error)
{
  g_autofree char *directory = NULL;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  directory = tvm_store_dup_directory (self);
  if (!tvm_store_write (self, erase, NULL, error))
    return FALSE;
  remove_spools (self);
  return tvm_backups_delete (directory, error) && tvm_store_write (self, rewrite, NULL, error);
}
