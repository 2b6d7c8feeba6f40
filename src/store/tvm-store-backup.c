/* tvm-store-backup.c: copies of a profile's store by SQLite's backup API: whole at any moment,
 * whoever writes meanwhile. Blocks; any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-copy.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define FOLDER     "backups"
#define ENDING     ".db"
#define STAMP      "YYYY-MM-DDTHHMMSSZ"
#define DAMAGED    "store-damaged-"
#define KEEP_LAST  7
#define KEEP_MONTHS 12

/**
 * tvm_backup_free:
 * @self: (transfer full): a backup's description
 */
void
tvm_backup_free (TvmBackup *self)
{
  g_free (self->name);
  g_free (self->reason);
  g_free (self);
}

/**
 * tvm_backup_copy:
 * @self: a backup's description
 *
 * Returns: (transfer full): the same
 */
TvmBackup *
tvm_backup_copy (const TvmBackup *self)
{
  TvmBackup *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->reason = g_strdup (self->reason);
  return copy;
}

static gboolean
fail_with_errno (GError    **error,
                 const char *path)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
               /* Translators: the first %s is a file or folder name, the second the system's
                * reason. */
               _("Cannot use “%s”: %s. Check its permissions or choose another data folder."), path,
               g_strerror (errno));
  return FALSE;
}

/* "2026-03-02T081530Z-daily.db" */
static TvmBackup *
parse_name (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *instant = NULL;
  gint64 when_us;
  GStatBuf info;
  TvmBackup *self;

  if (strlen (name) < strlen (STAMP "-" ENDING) || name[strlen (STAMP)] != '-' ||
      !g_str_has_suffix (name, ENDING) || g_lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return NULL;
  instant = g_strdup_printf ("%.13s:%.2s:%.2sZ", name, name + 13, name + 15);
  if (!tvm_parse_instant (instant, &when_us))
    return NULL;
  self = g_new0 (TvmBackup, 1);
  self->name = g_strdup (name);
  self->reason = g_strndup (name + strlen (STAMP "-"),
                            strlen (name) - strlen (STAMP "-" ENDING));
  self->when_us = when_us;
  self->bytes = info.st_size;
  return self;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  return strcmp ((*(TvmBackup *const *) b)->name, (*(TvmBackup *const *) a)->name);
}

/**
 * tvm_backups_list:
 * @directory: a profile's folder
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Returns: (transfer full) (element-type TvmBackup): its backups, newest first, possibly none;
 *   %NULL on error
 */
GPtrArray *
tvm_backups_list (const char  *directory,
                  GError     **error)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                 tvm_backup_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (dir == NULL && g_file_test (folder, G_FILE_TEST_EXISTS))
    {
      fail_with_errno (error, folder);
      return NULL;
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      TvmBackup *one = parse_name (folder, name);

      if (one != NULL)
        g_ptr_array_add (list, one);
    }
  g_ptr_array_sort (list, compare_newest_first);
  return g_steal_pointer (&list);
}

/* The last ones stay, the newest of each of the last months, and (nullable) @kept. */
static void
prune (const char *directory,
       const char *kept)
{
  g_autoptr(GPtrArray) list = tvm_backups_list (directory, NULL);
  g_autofree char *month = g_strdup ("");
  guint n_months = 0;

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const TvmBackup *one = list->pdata[i];
      gboolean is_newest = strncmp (one->name, month, strlen ("YYYY-MM")) != 0;
      g_autofree char *path = g_build_filename (directory, FOLDER, one->name, NULL);

      if (is_newest)
        {
          g_free (month);
          month = g_strndup (one->name, strlen ("YYYY-MM"));
          n_months++;
        }
      if (i >= KEEP_LAST && (!is_newest || n_months > KEEP_MONTHS) &&
          g_strcmp0 (one->name, kept) != 0)
        g_unlink (path);
    }
}

static char *
make_stamp (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (tvm_now_us () / TVM_SECOND_US);

  return g_date_time_format (now, "%Y-%m-%dT%H%M%SZ");
}

/* Without letting go of any. */
static char *
make_backup (const char  *directory,
             const char  *reason,
             GError     **error)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  g_autofree char *source = g_build_filename (directory, "store.db", NULL);
  g_autofree char *stamp = make_stamp ();
  g_autofree char *name = g_strconcat (stamp, "-", reason, ENDING, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (g_access (source, R_OK) != 0)
    {
      fail_with_errno (error, source);
      return NULL;
    }
  if (!tvm_store_copy_check (source, NULL, error))
    return NULL;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      fail_with_errno (error, folder);
      return NULL;
    }
  return tvm_store_copy_to_file (source, path, error) ? g_steal_pointer (&name) : NULL;
}

/**
 * tvm_backup_create:
 * @directory: a profile's folder
 * @reason: a script word, which becomes part of the name
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Copies the store, once it was checked, and then lets go of backups that are too many: the last
 * seven stay, and the newest of each of the last twelve months. A damaged store is not copied.
 *
 * Returns: (transfer full) (nullable): the backup's name; %NULL on error
 */
char *
tvm_backup_create (const char  *directory,
                   const char  *reason,
                   GError     **error)
{
  char *name = make_backup (directory, reason, error);

  if (name != NULL)
    prune (directory, NULL);
  return name;
}

/**
 * tvm_backup_before_migration:
 * @directory: a profile's folder
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Makes a backup where the store is of an older layout than this program's.
 *
 * Returns: %FALSE on error; then the store is not to be touched
 */
gboolean
tvm_backup_before_migration (const char  *directory,
                             GError     **error)
{
  g_autofree char *path = g_build_filename (directory, "store.db", NULL);
  g_autofree char *name = NULL;

  if (!tvm_store_copy_is_old (path))
    return TRUE;
  name = tvm_backup_create (directory, "before-migration", error);
  return name != NULL;
}

/**
 * tvm_store_backup_if_due:
 * @self: a store
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Makes a backup where the newest one is a day old, or of a time to come.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_backup_if_due (TvmStore  *self,
                         GError   **error)
{
  g_autofree char *directory = tvm_store_dup_directory (self);
  g_autofree char *name = NULL;
  g_autoptr(GPtrArray) list = NULL;

  if (tvm_store_is_read_only (self))
    return TRUE;
  list = tvm_backups_list (directory, error);
  if (list == NULL)
    return FALSE;
  if (list->len > 0 &&
      ABS (tvm_now_us () - ((TvmBackup *) list->pdata[0])->when_us) < TVM_DAY_US)
    return TRUE;
  name = tvm_backup_create (directory, "daily", error);
  return name != NULL;
}

/* What a damaged store left. */
static gboolean
delete_kept (const char  *directory,
             GError     **error)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_str_has_prefix (name, DAMAGED) && g_unlink (path) != 0)
        return fail_with_errno (error, path);
    }
  return TRUE;
}

/**
 * tvm_backups_delete:
 * @directory: a profile's folder
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Deletes all of them, and what was kept of damaged stores.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_backups_delete (const char  *directory,
                    GError     **error)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  g_autoptr(GPtrArray) list = tvm_backups_list (directory, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, ((TvmBackup *) list->pdata[i])->name, NULL);

      if (g_unlink (path) != 0)
        return fail_with_errno (error, path);
    }
  g_rmdir (folder);
  return list != NULL && delete_kept (directory, error);
}

/**
 * tvm_backup_keep_aside:
 * @directory: a profile's folder, whose store is not open
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Renames store, log and index to a dated name.
 *
 * Returns: (transfer full) (nullable): the store's path then; %NULL on error
 */
char *
tvm_backup_keep_aside (const char  *directory,
                       GError     **error)
{
  static const char *const endings[] = { "-wal", "-shm", "" };
  g_autofree char *stamp = make_stamp ();
  g_autofree char *from = g_build_filename (directory, "store.db", NULL);
  g_autofree char *name = g_strconcat (DAMAGED, stamp, ENDING, NULL);
  g_autofree char *to = g_build_filename (directory, name, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *old = g_strconcat (from, endings[i], NULL);
      g_autofree char *new = g_strconcat (to, endings[i], NULL);

      if (g_rename (old, new) != 0 && errno != ENOENT)
        {
          fail_with_errno (error, old);
          return NULL;
        }
    }
  return g_steal_pointer (&to);
}

/**
 * tvm_backup_doubt_outbox:
 * @db: the writer's connection, to a store that is older than what was sent
 * @data: (nullable): not used
 *
 * What was sent since then waits in it still: it is looked for before it is sent.
 */
void
tvm_backup_doubt_outbox (TvmDb    *db,
                         gpointer  data)
{
  tvm_db_run (db, "UPDATE ticket SET was_sent = 1, sending_us = 0, claimed_by = NULL WHERE "
              TVM_IN_OUTBOX, "");
  tvm_pulls_refuse (db);
}

/**
 * tvm_backup_restore:
 * @directory: a profile's folder
 * @name: one of its backups
 * @out_kept: (out) (transfer full) (nullable): the path of the damaged store that was there; %NULL:
 *   it was good, and is a backup now, or there was none
 * @error: return location for %TVM_ERROR_NOT_FOUND or %TVM_ERROR_STORE_FAILED
 *
 * Puts the backup into the place of the store. A good store may be open elsewhere: it gets the
 * backup's content; a damaged one is kept aside. Tickets in the backup's outbox count as perhaps
 * sent.
 *
 * Returns: %FALSE on error; then the store is where and as it was, or kept aside
 */
gboolean
tvm_backup_restore (const char  *directory,
                    const char  *name,
                    char       **out_kept,
                    GError     **error)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  g_autofree char *from = g_build_filename (folder, name, NULL);
  g_autofree char *to = g_build_filename (directory, "store.db", NULL);
  g_autofree char *before = NULL;
  g_autoptr(TvmStore) store = NULL;
  g_autoptr(GError) failure = NULL;
  gboolean is_damaged;
  TvmBackup *backup = strchr (name, '/') == NULL ? parse_name (folder, name) : NULL;

  *out_kept = NULL;
  if (backup == NULL)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                   _("There is no backup “%s”. See “tvm-remediate backup list”."), name);
      return FALSE;
    }
  tvm_backup_free (backup);
  if (!tvm_store_copy_check (from, NULL, error))
    return FALSE;
  if (!g_file_test (to, G_FILE_TEST_EXISTS))
    {
      if (!tvm_store_copy_to_file (from, to, error))
        return FALSE;
    }
  else if (tvm_store_copy_check (to, &is_damaged, &failure))
    {
      before = make_backup (directory, "before-restore", error);
      if (before == NULL || !tvm_store_copy_into (from, to, error))
        return FALSE;
    }
  else if (!is_damaged)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  else
    {
      *out_kept = tvm_backup_keep_aside (directory, error);
      if (*out_kept == NULL || !tvm_store_copy_to_file (from, to, error))
        return FALSE;
    }
  store = tvm_store_open (directory, error);
  prune (directory, name);
  return store != NULL && tvm_store_write (store, tvm_backup_doubt_outbox, NULL, error);
}
