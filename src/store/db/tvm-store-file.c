/* tvm-store-file.c: the file of a store before it is opened: private, lockable, or only to be read.
 * Blocks; any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-file.h"
#include "tvm-store-copy.h"

#include "tvm-error.h"
#include "tvm-out-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define INDEX_BYTES (64 * 1024)

static gboolean
set_path_error (GError    **error,
                const char *path,
                int         code)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
               /* Translators: the first %s is a file or folder name, the second the system's
                * reason. */
               _("Cannot use “%s”: %s. Check its permissions or choose another data folder."),
               path, g_strerror (code));
  return FALSE;
}

/* SQLite gives the -wal and -shm files the mode of the file itself. */
static gboolean
make_private_file (const char *directory,
                   const char *path,
                   GError    **error)
{
  GStatBuf info;
  int fd;

  if (g_mkdir_with_parents (directory, 0700) != 0 || g_stat (directory, &info) != 0 ||
      ((info.st_mode & 0777) != 0700 && g_chmod (directory, 0700) != 0))
    return set_path_error (error, directory, errno);
  fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0)
    {
      int result = fchmod (fd, 0600);

      close (fd);
      return result == 0 || set_path_error (error, path, errno);
    }
  if (errno != EEXIST || g_lstat (path, &info) != 0)
    return set_path_error (error, path, errno);
  if (!S_ISREG (info.st_mode))
    return set_path_error (error, path, S_ISDIR (info.st_mode) ? EISDIR : EINVAL);
  if ((info.st_mode & 0777) != 0600 && g_chmod (path, 0600) != 0)
    return set_path_error (error, path, errno);
  return TRUE;
}

/* There, but the file or its folder, where SQLite makes others, cannot be written. */
static gboolean
is_read_only (const char *directory,
              const char *path)
{
  return g_access (path, R_OK) == 0 && (g_access (path, W_OK) != 0 ||
                                        g_access (directory, W_OK) != 0);
}

/* There is no room for the file that SQLite has beside the log (WAL). */
static gboolean
is_full (const char *directory)
{
  int fd = tvm_open_nameless (directory);
  int code = fd >= 0 ? posix_fallocate (fd, 0, INDEX_BYTES) : errno;

  if (fd >= 0)
    close (fd);
  return code == ENOSPC || code == EDQUOT;
}

/* Where there are no locks, SQLite takes that for another program that has one, and waits. A file
 * of its own is asked: closing one of the store's would let go of its locks. */
static gboolean
check_locks (const char *directory,
             GError    **error)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
  int fd = tvm_open_nameless (directory);
  int code = fd >= 0 && fcntl (fd, F_SETLK, &lock) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  if (code != ENOLCK && code != EOPNOTSUPP && code != ENOSYS && code != EINVAL)
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
               /* Translators: the first %s is a folder, the second the system's reason. */
               _("The file system of “%s” has no locks (%s), so two programs could spoil each "
                 "other's data. Choose a data folder on another one (XDG_DATA_HOME)."),
               directory, g_strerror (code));
  return FALSE;
}

/**
 * tvm_store_file_has_log:
 * @path: the store's file
 *
 * Returns: whether something was written that is not in the file itself yet
 */
gboolean
tvm_store_file_has_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 && info.st_size > 0;
}

/* SQLite takes an empty file for a new store. So is one that another process makes right now; but
 * not where there are backups, or a log beside it. */
static gboolean
is_emptied (const char *directory,
            const char *path)
{
  g_autofree char *backups = g_build_filename (directory, "backups", NULL);
  GStatBuf info;

  return g_lstat (path, &info) == 0 && S_ISREG (info.st_mode) && info.st_size == 0 &&
         (g_file_test (backups, G_FILE_TEST_IS_DIR) || tvm_store_file_has_log (path));
}

static gboolean
has_backups (const char *directory)
{
  g_autofree char *folder = g_build_filename (directory, "backups", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean is_there = FALSE;
  const char *name;

  while (!is_there && dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    is_there = g_str_has_suffix (name, ".db");
  return is_there;
}

/* There was one: a new one in its place would hide that, and its backups let go of the old ones. */
static gboolean
is_lost (const char *directory,
         const char *path)
{
  GStatBuf info;

  return g_lstat (path, &info) != 0 && errno == ENOENT && has_backups (directory);
}

/**
 * tvm_store_file_prepare:
 * @directory: the profile's folder
 * @path: the store's file in it
 * @out_read_only: (out): whether it can only be read
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Makes what is missing and keeps others out of it, where something can be written.
 *
 * Returns: %FALSE where it cannot be used
 */
gboolean
tvm_store_file_prepare (const char *directory,
                        const char *path,
                        gboolean   *out_read_only,
                        GError    **error)
{
  g_autoptr(GError) failure = NULL;
  GStatBuf info;
  gboolean is_empty = is_emptied (directory, path);
  gboolean is_private;

  if (is_lost (directory, path))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
                   /* Translators: %s is a file name. */
                   _("“%s” is not there any more, but backups of it are. See “tvm-remediate backup "
                     "list” for what it can be restored from; to start again without them, move "
                     "the folder “backups” away."), path);
      return FALSE;
    }
  is_private = make_private_file (directory, path, &failure);
  if (is_empty)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED, TVM_STORE_DAMAGED, path);
      return FALSE;
    }
  *out_read_only = is_read_only (directory, path) ||
                   (g_stat (path, &info) == 0 && info.st_size > 0 && is_full (directory));
  if (*out_read_only)
    return TRUE;
  if (is_private)
    return check_locks (directory, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_store_file_is_still:
 * @path: the store's file
 *
 * Returns: whether nobody can be changing it, for the file system is read-only
 */
gboolean
tvm_store_file_is_still (const char *path)
{
  struct statvfs info;

  return statvfs (path, &info) == 0 && (info.f_flag & ST_RDONLY) != 0;
}

/**
 * tvm_store_file_enter:
 * @directory: the profile's folder
 * @path: the store's file in it
 * @out_fd: (out): a file to close when the store is closed; -1 where nobody can be told that it is
 *   open
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Says to other processes that the store is open. Where nobody has it open and its log is not
 * empty, who had it last did not close it: it was killed, or the power failed. Then all of it is
 * read, before anything is written.
 *
 * Returns: %FALSE where it is damaged
 */
gboolean
tvm_store_file_enter (const char *directory,
                      const char *path,
                      int        *out_fd,
                      GError    **error)
{
  int fd = g_open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean is_alone = fd < 0 || flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;

  if (fd >= 0)
    flock (fd, LOCK_SH | LOCK_NB);
  *out_fd = fd;
  if (!is_alone || !tvm_store_file_has_log (path) || !tvm_store_copy_is_broken (path))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED, TVM_STORE_DAMAGED, path);
  return FALSE;
}
