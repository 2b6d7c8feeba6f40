/* tvm-store-copy.c: whole copies of a store's file by SQLite's backup API. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-copy.h"
#include "tvm-store-db.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

static gboolean
fail (GError    **error,
      const char *path,
      const char *reason)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
               /* Translators: the first %s is a file name, the second the reason. */
               _("The store “%s” failed: %s. Check the folder's permissions and free space."), path,
               reason);
  return FALSE;
}

/**
 * tvm_store_copy_fail_busy:
 * @error: return location for %TVM_ERROR_STORE_FAILED
 * @path: what another program uses
 */
void
tvm_store_copy_fail_busy (GError    **error,
                          const char *path)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
               _("“%s” is in use by another program. Try again when it is done."), path);
}

static int
take_value_cb (void *user_data, int n, char **values, char **names)
{
  char **out = user_data;

  if (*out == NULL)
    *out = g_strdup (values[0]);
  return 0;
}

/* The first value of a statement; NULL: it failed. */
static char *
ask (sqlite3    *handle,
     const char *sql)
{
  char *value = NULL;

  if (sqlite3_exec (handle, sql, take_value_cb, &value, NULL) != SQLITE_OK)
    g_clear_pointer (&value, g_free);
  return value;
}

static sqlite3 *
open_existing (const char *path)
{
  sqlite3 *handle = NULL;

  if (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
    sqlite3_busy_timeout (handle, BUSY_TIMEOUT_MS);
  return handle;
}

/* The last one who closes a file writes its log into it, which nobody must where it is damaged. */
static void
close_read (sqlite3  *handle,
            gboolean  is_good)
{
  if (handle != NULL && !is_good)
    sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close_v2 (handle);
}

/* What says nothing about the file. */
static gboolean
is_hindrance (int code)
{
  return code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM ||
         code == SQLITE_FULL || code == SQLITE_NOMEM;
}

/**
 * tvm_store_copy_check:
 * @path: a store's file, or a copy of one
 * @out_is_damaged: (out) (optional): it could be read, and is none, or not whole
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Reads all of it, also where nothing can be written.
 *
 * Returns: whether it is a store of this program and whole
 */
gboolean
tvm_store_copy_check (const char  *path,
                      gboolean    *out_is_damaged,
                      GError     **error)
{
  sqlite3 *handle = NULL;
  int code = tvm_db_open_handle (path, TRUE, &handle);
  g_autofree char *version = ask (handle, "PRAGMA user_version");
  g_autofree char *id = ask (handle, "PRAGMA application_id");
  g_autofree char *check = ask (handle, "PRAGMA quick_check (1)");
  gboolean is_good = g_strcmp0 (check, "ok") == 0 && version != NULL && atoi (version) > 0 &&
                     g_strcmp0 (id, TVM_STORE_APPLICATION_ID) == 0;

  code = (code == SQLITE_OK ? sqlite3_errcode (handle) : code) & 0xff;
  close_read (handle, is_good);
  if (out_is_damaged != NULL)
    *out_is_damaged = FALSE;
  if (is_good)
    return TRUE;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    tvm_store_copy_fail_busy (error, path);
  else if (is_hindrance (code))
    fail (error, path, sqlite3_errstr (code));
  else
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED, TVM_STORE_DAMAGED, path);
      if (out_is_damaged != NULL)
        *out_is_damaged = TRUE;
    }
  return FALSE;
}

/**
 * tvm_store_copy_is_broken:
 * @path: a store's file
 *
 * Reads all of it.
 *
 * Returns: whether it is not whole; not where it cannot be read, or is not a store yet
 */
gboolean
tvm_store_copy_is_broken (const char *path)
{
  sqlite3 *handle = NULL;
  int code = tvm_db_open_handle (path, TRUE, &handle);
  g_autofree char *check = ask (handle, "PRAGMA quick_check (1)");

  code = (code == SQLITE_OK ? sqlite3_errcode (handle) : code) & 0xff;
  close_read (handle, g_strcmp0 (check, "ok") == 0);
  return check != NULL ? strcmp (check, "ok") != 0
                       : code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/**
 * tvm_store_copy_is_old:
 * @path: a store's file
 *
 * Returns: whether it has an older layout than this program's; not where it has none yet
 */
gboolean
tvm_store_copy_is_old (const char *path)
{
  sqlite3 *handle = NULL;
  int result = tvm_db_open_handle (path, TRUE, &handle);
  g_autofree char *version = result == SQLITE_OK ? ask (handle, "PRAGMA user_version") : NULL;

  sqlite3_close_v2 (handle);
  return version != NULL && atoi (version) > 0 && atoi (version) < tvm_db_newest_version ();
}

static gboolean
copy (const char  *from,
      const char  *to,
      const char  *afterwards,
      GError     **error)
{
  sqlite3 *source = NULL, *target = open_existing (to);
  int result = tvm_db_open_handle (from, TRUE, &source);
  sqlite3_backup *backup =
    result == SQLITE_OK ? sqlite3_backup_init (target, "main", source, "main") : NULL;

  if (backup != NULL)
    {
      /* That nothing was copied because somebody else has a lock is no error of finishing. */
      result = sqlite3_backup_step (backup, -1);
      sqlite3_backup_finish (backup);
    }
  else if (result == SQLITE_OK)
    result = sqlite3_extended_errcode (target);
  if (result == SQLITE_DONE)
    result = sqlite3_exec (target, afterwards, NULL, NULL, NULL);
  if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
    tvm_store_copy_fail_busy (error, to);
  else if (result != SQLITE_OK)
    fail (error, to, tvm_db_describe (target, result));
  sqlite3_close_v2 (source);
  sqlite3_close_v2 (target);
  return result == SQLITE_OK;
}

/* Nothing of it is on the disk for sure before. */
static gboolean
move_synced (const char *from,
             const char *to)
{
  g_autofree char *folder = g_path_get_dirname (to);
  int files[] = { g_open (from, O_RDONLY | O_CLOEXEC, 0),
                  g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) };
  gboolean is_good = files[0] >= 0 && files[1] >= 0 && fsync (files[0]) == 0 &&
                     g_rename (from, to) == 0 && fsync (files[1]) == 0;
  int code = errno;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (files[i] >= 0)
      close (files[i]);
  errno = code;
  return is_good;
}

/**
 * tvm_store_copy_to_file:
 * @from: a store's file, which others may be writing to
 * @to: where the copy goes; a file of that name is replaced
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Returns: %FALSE on error; then there is no new file
 */
gboolean
tvm_store_copy_to_file (const char  *from,
                        const char  *to,
                        GError     **error)
{
  /* Several processes may be at it. */
  g_autofree char *fresh = g_strconcat (to, ".new-XXXXXX", NULL);
  int fd = g_mkstemp_full (fresh, O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return fail (error, to, g_strerror (errno));
  close (fd);
  /* One file, whatever the store it is of has beside it. */
  if (!copy (from, fresh, "PRAGMA journal_mode = DELETE", error))
    {
      g_unlink (fresh);
      return FALSE;
    }
  if (!move_synced (fresh, to))
    {
      fail (error, to, g_strerror (errno));
      g_unlink (fresh);
      return FALSE;
    }
  return TRUE;
}

/**
 * tvm_store_copy_into:
 * @from: a copy of a store
 * @to: a good store's file, which others may have open
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Gives it the other's content, in one transaction.
 *
 * Returns: %FALSE on error; then it is as it was
 */
gboolean
tvm_store_copy_into (const char  *from,
                     const char  *to,
                     GError     **error)
{
  return copy (from, to, "", error);
}
