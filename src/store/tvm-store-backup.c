/* tvm-store-backup.c: copies of a profile's store by SQLite's backup API: whole at any moment,
 * whoever writes meanwhile. Blocks; any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-copy.h"
#include "tvm-store-mending.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FOLDER     "backups"
#define ENDING     ".db"
#define STAMP      "YYYY-MM-DDTHHMMSSZ"
#define FRESH      ".db.new-"  /* of a copy that is not whole yet */
#define LOCK_US    (3 * TVM_SECOND_US)
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

/**
 * tvm_backup_fail_with_errno:
 * @error: return location for %TVM_ERROR_STORE_FAILED
 * @path: the file or folder that the system's reason is about
 *
 * Returns: %FALSE
 */
gboolean
tvm_backup_fail_with_errno (GError    **error,
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
      tvm_backup_fail_with_errno (error, folder);
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

/**
 * tvm_backup_find:
 * @directory: a profile's folder
 * @name: what shall be one of its backups
 * @error: return location for %TVM_ERROR_NOT_FOUND
 *
 * Returns: (transfer full) (nullable): its path; %NULL where there is none of that name
 */
char *
tvm_backup_find (const char  *directory,
                 const char  *name,
                 GError     **error)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  TvmBackup *backup = strchr (name, '/') == NULL ? parse_name (folder, name) : NULL;

  if (backup == NULL)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                   _("There is no backup “%s”. See “tvm-remediate backup list”."), name);
      return NULL;
    }
  tvm_backup_free (backup);
  return g_build_filename (folder, name, NULL);
}

/* Made while the clock was ahead, most likely. */
static gboolean
is_to_come (const TvmBackup *self)
{
  return self->when_us >= tvm_now_us () + TVM_DAY_US;
}

/**
 * tvm_backups_get_newest:
 * @list: (element-type TvmBackup): what tvm_backups_list() gave
 *
 * Returns: (nullable): the newest one; one of a time to come only where there is no other
 */
const TvmBackup *
tvm_backups_get_newest (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    if (!is_to_come (list->pdata[i]))
      return list->pdata[i];
  return list->len > 0 ? list->pdata[0] : NULL;
}

/**
 * tvm_backup_prune:
 * @directory: a profile's folder
 * @kept: the name of one that stays in any case: it was just made
 * @also: (nullable): likewise
 *
 * Lets go of backups that are too many: the last ones stay, and the newest of each of the last
 * months. Those of a time to come are counted by themselves, so that they take no other's place.
 */
void
tvm_backup_prune (const char *directory,
                  const char *kept,
                  const char *also)
{
  g_autoptr(GPtrArray) list = tvm_backups_list (directory, NULL);
  g_autofree char *month = g_strdup ("");
  guint n_months = 0, first = 0;

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const TvmBackup *one = list->pdata[i];
      g_autofree char *path = g_build_filename (directory, FOLDER, one->name, NULL);
      gboolean is_newest;

      if (i > 0 && is_to_come (list->pdata[i - 1]) && !is_to_come (one))
        {
          first = i;
          n_months = 0;
          *month = '\0';
        }
      is_newest = strncmp (one->name, month, strlen ("YYYY-MM")) != 0;
      if (is_newest)
        {
          g_free (month);
          month = g_strndup (one->name, strlen ("YYYY-MM"));
          n_months++;
        }
      if (i - first >= KEEP_LAST && (!is_newest || n_months > KEEP_MONTHS) &&
          g_strcmp0 (one->name, kept) != 0 && g_strcmp0 (one->name, also) != 0)
        g_unlink (path);
    }
}

/**
 * tvm_backup_dup_free_path:
 * @folder: where the file goes
 * @before: what stands before the instant in its name
 * @after: what stands behind it
 *
 * Returns: (transfer full): the path of a file that is not there yet, named after this second or
 *   the next one that is free
 */
char *
tvm_backup_dup_free_path (const char *folder,
                          const char *before,
                          const char *after)
{
  for (gint64 at_s = tvm_now_us () / TVM_SECOND_US;; at_s++)
    {
      g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc (at_s);
      g_autofree char *stamp = g_date_time_format (at, "%Y-%m-%dT%H%M%SZ");
      g_autofree char *name = g_strconcat (before, stamp, after, NULL);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      if (g_lstat (path, &info) != 0)
        return g_steal_pointer (&path);
    }
}

/* A kill leaves such; what is younger than @age_us may be somebody's who is at it. */
static void
remove_unfinished (const char *folder,
                   gint64      age_us)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, FRESH) != NULL)
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        GStatBuf info;

        if (age_us == 0 || (g_lstat (path, &info) == 0 && info.st_mtime * TVM_SECOND_US <
                                                            g_get_real_time () - age_us))
          g_unlink (path);
      }
}

/* Whoever has it is at it, or was stopped in the midst of it: nobody waits for long. */
static gboolean
lock_for_a_while (int folder)
{
  gint64 until_us = g_get_monotonic_time () + LOCK_US;

  while (folder >= 0 && flock (folder, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK || g_get_monotonic_time () >= until_us)
        return FALSE;
      g_usleep (LOCK_US / 100);
    }
  return folder >= 0;
}

/* One at a time, so that none gets the name of another of the same moment; without a lock all the
 * same. */
static char *
copy_to_folder (const char  *source,
                const char  *folder,
                const char  *reason,
                GError     **error)
{
  g_autofree char *ending = g_strconcat ("-", reason, ENDING, NULL);
  g_autofree char *path = NULL;
  int lock = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean is_good;

  if (lock_for_a_while (lock))
    remove_unfinished (folder, TVM_DAY_US);
  path = tvm_backup_dup_free_path (folder, "", ending);
  is_good = tvm_store_copy_to_file (source, path, error);
  if (lock >= 0)
    close (lock);
  return is_good ? g_path_get_basename (path) : NULL;
}

/**
 * tvm_backup_make:
 * @directory: a profile's folder
 * @reason: a script word, which becomes part of the name
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * As tvm_backup_create(), without letting go of any.
 *
 * Returns: (transfer full) (nullable): the backup's name; %NULL on error
 */
char *
tvm_backup_make (const char  *directory,
                 const char  *reason,
                 GError     **error)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  g_autofree char *source = g_build_filename (directory, "store.db", NULL);

  if (g_access (source, R_OK) != 0)
    {
      tvm_backup_fail_with_errno (error, source);
      return NULL;
    }
  if (!tvm_store_copy_check (source, NULL, error))
    return NULL;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      tvm_backup_fail_with_errno (error, folder);
      return NULL;
    }
  return copy_to_folder (source, folder, reason, error);
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
  char *name = tvm_backup_make (directory, reason, error);

  if (name != NULL)
    tvm_backup_prune (directory, name, NULL);
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
 * Makes a backup where the newest one is a day old; those of a time to come do not count.
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
  const TvmBackup *newest;

  if (tvm_store_is_read_only (self))
    return TRUE;
  list = tvm_backups_list (directory, error);
  if (list == NULL)
    return FALSE;
  newest = tvm_backups_get_newest (list);
  if (newest != NULL && !is_to_come (newest) && tvm_now_us () - newest->when_us < TVM_DAY_US)
    return TRUE;
  name = tvm_backup_create (directory, "daily", error);
  return name != NULL;
}

/* What a damaged store left, and a copy of it that a kill cut short. */
static gboolean
delete_kept (const char  *directory,
             GError     **error)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if ((g_str_has_prefix (name, TVM_DAMAGED) || strstr (name, FRESH) != NULL) &&
          g_unlink (path) != 0)
        return tvm_backup_fail_with_errno (error, path);
    }
  return TRUE;
}

/**
 * tvm_backups_delete:
 * @directory: a profile's folder
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Deletes all of them, what was kept of damaged stores, and what a kill left of making either.
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
        return tvm_backup_fail_with_errno (error, path);
    }
  remove_unfinished (folder, 0);
  g_rmdir (folder);
  tvm_mending_remove (directory);
  return list != NULL && delete_kept (directory, error);
}
