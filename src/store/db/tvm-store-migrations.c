/* tvm-store-migrations.c: brings a store file to the layout this program knows. On the writer's
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-db.h"
#include "tvm-store-copy.h"

#include "tvm-store-resources.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "/org/example/TvmRemediate/store/schema/"

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Their numbers put them in order. */
static GStrv
list_migrations (int *out_n)
{
  GStrv names = g_resource_enumerate_children (tvm_store_get_resource (), SCHEMA,
                                               G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (names != NULL);
  *out_n = (int) g_strv_length (names);
  qsort (names, *out_n, sizeof *names, compare_names);
  return names;
}

static void
run_migration (TvmDb      *self,
               const char *name,
               int         version)
{
  g_autofree char *path = g_strconcat (SCHEMA, name, NULL);
  g_autoptr(GBytes) sql = g_resource_lookup_data (tvm_store_get_resource (), path,
                                                  G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  /* A pragma takes no bound values; it is a number of ours. */
  g_autofree char *numbers = g_strdup_printf ("PRAGMA user_version = %d; PRAGMA application_id = "
                                              TVM_STORE_APPLICATION_ID, version);

  g_assert (sql != NULL);
  tvm_db_script (self, g_bytes_get_data (sql, NULL));
  tvm_db_script (self, numbers);
}

static void
check_file (TvmDb *self,
            gint64 version,
            int    newest)
{
  gint64 id = tvm_db_get_int (self, "PRAGMA application_id", "");

  if (version > newest)
    tvm_db_fail (self, TVM_ERROR_SCHEMA_TOO_NEW,
                 /* Translators: %s is a file name. */
                 _("“%s” was written by a newer version of this program. Install that version, "
                   "or "
                   "choose another profile."), self->path);
  else if (version < 0 || (version > 0 && id != atoi (TVM_STORE_APPLICATION_ID)) ||
           (version == 0 && tvm_db_get_int (self, "SELECT count(*) FROM sqlite_schema", "") > 0))
    tvm_db_fail_sqlite (self, SQLITE_NOTADB);
}

/**
 * tvm_db_newest_version:
 *
 * Returns: the number of the layout that this program makes
 */
int
tvm_db_newest_version (void)
{
  int newest;
  g_auto(GStrv) migrations = list_migrations (&newest);

  return newest;
}

/**
 * tvm_db_migrate:
 * @self: the writer's connection, outside of a transaction
 * @out_version: (out): the layout's number afterwards
 *
 * Runs what is missing, each migration in one transaction that also counts user_version up. Another
 * process may do the same meanwhile.
 *
 * Returns: %FALSE on error; then the connection has failed with %TVM_ERROR_SCHEMA_TOO_NEW, or
 *   %TVM_ERROR_STORE_FAILED for what is no store of ours too, and the file is as the last good
 *   migration left it
 */
gboolean
tvm_db_migrate (TvmDb *self,
                int   *out_version)
{
  gint64 version = tvm_db_get_int (self, "PRAGMA user_version", "");
  int newest;
  g_auto(GStrv) migrations = list_migrations (&newest);

  check_file (self, version, newest);
  tvm_db_script (self, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = "
                       "FULL; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000");
  while (tvm_db_is_good (self) && version < newest)
    {
      tvm_db_script (self, "BEGIN IMMEDIATE");
      /* Another process may have been faster. */
      version = tvm_db_get_int (self, "PRAGMA user_version", "");
      if (version < newest)
        {
          run_migration (self, migrations[version], (int) version + 1);
          version++;
        }
      tvm_db_script (self, "COMMIT");
    }
  if (!tvm_db_is_good (self) && !sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  *out_version = (int) version;
  return tvm_db_is_good (self);
}

/**
 * tvm_db_check_layout:
 * @self: a connection that cannot write
 *
 * Fails where the layout is not the newest one.
 */
void
tvm_db_check_layout (TvmDb *self)
{
  gint64 version = tvm_db_get_int (self, "PRAGMA user_version", "");
  int newest;
  g_auto(GStrv) migrations = list_migrations (&newest);

  check_file (self, version, newest);
  if (tvm_db_is_good (self) && version < newest)
    tvm_db_fail (self, TVM_ERROR_STORE_FAILED,
                 /* Translators: %s is a file name. */
                 _("“%s” is of an older version of this program and cannot be brought up to "
                   "date "
                   "where nothing can be written. Copy its folder to another data folder."),
                 self->path);
}
