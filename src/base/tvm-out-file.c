/* tvm-out-file.c: a file that a person named, written whole or not at all (R9). It has no name
 * before it is whole, where the file system can do that, so that nothing is left of an export that
 * was killed. One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE  /* O_TMPFILE */
#include "config.h"
#include "tvm-out-file.h"

#include "tvm-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_LINKS        40
#define READER_WAIT_MS   5000   /* for somebody to open the other end of a pipe */
#define READER_POLL_MS   20
#define BLOCK_BYTES      (64 * 1024)
#define ACCESS_LIST      "system.posix_acl_access"
#define LIST_BYTES       4096
#define TEMPORARY_NAME   ".tvm-remediate-XXXXXX"  /* short: the name wanted may be of 255 bytes */

struct _TvmOutFile
{
  char     *path;            /* (owned): as it was given */
  char     *target;          /* (owned) (nullable): what is made; NULL: written through */
  char     *temporary_path;  /* (owned) (nullable): NULL while it has no name */
  GStatBuf  before;          /* of the file that is replaced */
  int       fd;              /* -1 when closed */
  gboolean  overwrite, replaces;
};

static gboolean
fail (TvmOutFile  *self,
      int          code,
      GError     **error)
{
  if (code == EEXIST)
    g_set_error (error, TVM_ERROR, TVM_ERROR_EXISTS,
                 /* Translators: %s is a file name. */
                 _("The file “%s” exists already. Choose another name or allow overwriting "
                   "it."),
                 self->path);
  else if (code == EFBIG)
    g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                 /* Translators: %s is a file name. */
                 _("“%s” would become larger than a file may be here. Raise the limit "
                   "(ulimit -f) or choose another folder."), self->path);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                 /* Translators: the first %s is a file name, the second the system's reason. */
                 _("Cannot write “%s”: %s. Choose another folder or free some space."),
                 self->path, g_strerror (code));
  return FALSE;
}

/* Where a link leads, also to nothing yet. */
static char *
follow_links (const char *path)
{
  g_autofree char *target = g_strdup (path);

  for (int i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *link = g_file_read_link (target, NULL);
      g_autofree char *folder = g_path_get_dirname (target);

      if (link == NULL)
        return g_steal_pointer (&target);
      g_free (target);
      target = g_path_is_absolute (link) ? g_steal_pointer (&link)
                                         : g_build_filename (folder, link, NULL);
    }
  return NULL;
}

/* The new file has no name yet and may be linked to one, which goes by its descriptor. */
static int
open_nameless (const char *folder)
{
  if (g_access ("/proc/self/fd", F_OK) != 0)
    {
      errno = EOPNOTSUPP;
      return -1;
    }
  return g_open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

/* Links @fd to a name of its own in @folder. */
static char *
link_temporary (int         fd,
                const char *folder)
{
  g_autofree char *from = g_strdup_printf ("/proc/self/fd/%d", fd);

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf (".tvm-remediate-%08x", g_random_int ());
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (linkat (AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
        return g_steal_pointer (&path);
      if (errno != EEXIST)
        break;
    }
  return NULL;
}

static gboolean
open_file (TvmOutFile  *self,
           GError     **error)
{
  g_autofree char *folder = NULL;

  self->target = follow_links (self->path);
  if (self->target == NULL)
    return fail (self, ELOOP, error);
  folder = g_path_get_dirname (self->target);
  self->fd = open_nameless (folder);
  if (self->fd >= 0)
    return TRUE;
  self->temporary_path = g_build_filename (folder, TEMPORARY_NAME, NULL);
  self->fd = g_mkstemp_full (self->temporary_path, O_RDWR | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    return TRUE;
  g_clear_pointer (&self->temporary_path, g_free);
  return fail (self, errno, error);
}

/* Of a pipe that nobody reads yet, the opening would wait for ever. */
static int
open_waiting_for_reader (const char *path)
{
  int fd;

  for (int waited_ms = 0;; waited_ms += READER_POLL_MS)
    {
      fd = g_open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
      if (fd >= 0 || errno != ENXIO || waited_ms >= READER_WAIT_MS)
        return fd;
      g_usleep (READER_POLL_MS * 1000);
    }
}

/* A pipe, a terminal, /dev/null: nothing of it can be replaced. A disk, or a socket, is no place
 * for a list. */
static gboolean
open_through (TvmOutFile  *self,
              GError     **error)
{
  gboolean is_pipe = S_ISFIFO (self->before.st_mode);
  GStatBuf info;

  if (S_ISDIR (self->before.st_mode))
    return fail (self, EISDIR, error);
  if (is_pipe || S_ISCHR (self->before.st_mode))
    self->fd = open_waiting_for_reader (self->path);
  if (self->fd >= 0 && fstat (self->fd, &info) == 0 &&
      (info.st_mode & S_IFMT) == (self->before.st_mode & S_IFMT))
    {
      fcntl (self->fd, F_SETFL, fcntl (self->fd, F_GETFL) & ~O_NONBLOCK);
      return TRUE;
    }
  if (self->fd < 0 && is_pipe && errno == ENXIO)
    g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                 /* Translators: %s is a file name. */
                 _("Nobody reads from the pipe “%s”. Start what reads from it "
                   "first."), self->path);
  else if (self->fd < 0 && (is_pipe || S_ISCHR (self->before.st_mode)))
    fail (self, errno, error);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                 /* Translators: %s is a file name. */
                 _("“%s” is a device or a socket, which nothing is written to. Choose the name "
                   "of "
                   "a file."), self->path);
  return FALSE;
}

/**
 * tvm_out_file_open:
 * @path: the file to write, or "-" for standard output
 * @overwrite: whether a file of that name may be replaced; a link stays, what it leads to is
 *   replaced
 * @error: return location for a #TvmError
 *
 * Starts a file that tvm_out_file_finish() gives its name; until then @path stays as it is. A pipe
 * or a character device is written through, any other thing that is no file is refused.
 *
 * Returns: (transfer full) (nullable): the file, or %NULL on error
 */
TvmOutFile *
tvm_out_file_open (const char  *path,
                   gboolean     overwrite,
                   GError     **error)
{
  g_autoptr(TvmOutFile) self = g_new0 (TvmOutFile, 1);
  gboolean exists, is_good = TRUE;
  GStatBuf link;

  self->overwrite = overwrite;
  self->fd = -1;
  if (strcmp (path, "-") == 0)
    {
      self->path = g_strdup (_("standard output"));
      self->fd = STDOUT_FILENO;
      return g_steal_pointer (&self);
    }
  self->path = g_strdup (path);
  exists = g_stat (path, &self->before) == 0;
  self->replaces = exists && S_ISREG (self->before.st_mode);
  if (exists && !self->replaces)
    is_good = open_through (self, error);
  else if (!overwrite && g_lstat (path, &link) == 0)
    is_good = fail (self, EEXIST, error);
  else
    is_good = open_file (self, error);
  return is_good ? g_steal_pointer (&self) : NULL;
}

/**
 * tvm_out_file_write:
 * @self: a file
 * @data: what to append
 * @size_bytes: its size
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE when writing failed; the file is then only good for tvm_out_file_free()
 */
gboolean
tvm_out_file_write (TvmOutFile  *self,
                    const char  *data,
                    gsize        size_bytes,
                    GError     **error)
{
  while (size_bytes > 0)
    {
      gssize written = write (self->fd, data, size_bytes);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return fail (self, errno, error);
      data += written;
      size_bytes -= written;
    }
  return TRUE;
}

/**
 * tvm_out_file_copy:
 * @self: a file
 * @fd: of another file, of which all is appended
 * @checksum: (nullable): updated with what it holds
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE when reading or writing failed; the file is then only good for
 *   tvm_out_file_free()
 */
gboolean
tvm_out_file_copy (TvmOutFile  *self,
                   int          fd,
                   GChecksum   *checksum,
                   GError     **error)
{
  g_autofree char *block = g_malloc (BLOCK_BYTES);
  gssize n_bytes;

  for (off_t offset = 0; (n_bytes = pread (fd, block, BLOCK_BYTES, offset)) > 0; offset += n_bytes)
    {
      if (checksum != NULL)
        g_checksum_update (checksum, (const guchar *) block, n_bytes);
      if (!tvm_out_file_write (self, block, (gsize) n_bytes, error))
        return FALSE;
    }
  return n_bytes == 0 || fail (self, errno, error);
}

/* Who else may do what (ACL), of whom the mode has only the most that one of them may. */
static gboolean
keep_list (TvmOutFile *self)
{
  char list[LIST_BYTES];
  gssize n_bytes = getxattr (self->target, ACCESS_LIST, list, sizeof list);
  gboolean is_too_long = n_bytes < 0 && errno == ERANGE;

  if (n_bytes > 0)
    return fsetxattr (self->fd, ACCESS_LIST, list, (gsize) n_bytes, 0) == 0;
  fremovexattr (self->fd, ACCESS_LIST);  /* what the folder gives new files */
  return !is_too_long;
}

/* As root another person's file stays theirs, and of a group that one is in the group's; another
 * group gets no more than all have. A file system without modes says EPERM. */
static int
keep_mode (TvmOutFile *self)
{
  mode_t mode = self->before.st_mode & 0777;

  if (!self->replaces)
    return 0;
  if (fchown (self->fd, self->before.st_uid, self->before.st_gid) != 0)
    {
      if (errno != EPERM)
        return -1;
      if (fchown (self->fd, (uid_t) -1, self->before.st_gid) != 0)
        mode &= (mode_t) (0707 | (mode & 07) << 3);
    }
  if (!keep_list (self))
    mode &= (mode_t) (0707 | (mode & 07) << 3);
  return fchmod (self->fd, mode) == 0 || errno == EPERM ? 0 : -1;
}

/* What was made of that name meanwhile is not lost: linking refuses it, and only a file is
 * replaced. For a replacement there is a moment in which the new file has a name of its own. */
static int
give_name (TvmOutFile *self)
{
  g_autofree char *from = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  g_autofree char *folder = g_path_get_dirname (self->target);
  GStatBuf now;
  int result = self->temporary_path == NULL
    ? linkat (AT_FDCWD, from, AT_FDCWD, self->target, AT_SYMLINK_FOLLOW)
    : link (self->temporary_path, self->target);

  if (result == 0 || (!self->overwrite && (errno == EEXIST || self->temporary_path == NULL)))
    return result;
  if (g_lstat (self->target, &now) == 0 && (!S_ISREG (now.st_mode) || !self->overwrite))
    {
      errno = EEXIST;
      return -1;
    }
  if (self->temporary_path == NULL)
    self->temporary_path = link_temporary (self->fd, folder);
  if (self->temporary_path == NULL || g_rename (self->temporary_path, self->target) != 0)
    return -1;
  g_clear_pointer (&self->temporary_path, g_free);
  return 0;
}

/**
 * tvm_out_file_finish:
 * @self: a file
 * @error: return location for a #TvmError
 *
 * Syncs the file and gives it its name, and where it replaces another one that one's mode.
 *
 * Returns: %FALSE on error; then no file of the wanted name was made or changed
 */
gboolean
tvm_out_file_finish (TvmOutFile  *self,
                     GError     **error)
{
  int result;

  if (self->target == NULL)
    return TRUE;
  if (keep_mode (self) != 0 || fsync (self->fd) != 0 || give_name (self) != 0)
    return fail (self, errno, error);
  result = close (self->fd);
  self->fd = -1;
  return result == 0 || fail (self, errno, error);
}

/**
 * tvm_out_file_free:
 * @self: (transfer full) (nullable): a file
 *
 * Frees it; nothing is left of one that was not finished.
 */
void
tvm_out_file_free (TvmOutFile *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0 && self->fd != STDOUT_FILENO)
    close (self->fd);
  if (self->temporary_path != NULL)
    g_unlink (self->temporary_path);
  g_free (self->temporary_path);
  g_free (self->target);
  g_free (self->path);
  g_free (self);
}

/**
 * tvm_open_nameless:
 * @folder: a folder
 *
 * Makes a file there that has no name and goes with its descriptor.
 *
 * Returns: the descriptor, for reading and writing; -1 with errno on error
 */
int
tvm_open_nameless (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, TEMPORARY_NAME, NULL);
  int fd = g_open (folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return fd;
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);
  return fd;
}

/**
 * tvm_find_large_folder:
 *
 * Returns: (transfer full): the folder for what may become large meanwhile: that of TMPDIR, or
 *   /var/tmp, which is on a disk
 */
char *
tvm_find_large_folder (void)
{
  gboolean is_free = g_getenv ("TMPDIR") == NULL && access ("/var/tmp", W_OK) == 0;

  return g_strdup (is_free ? "/var/tmp" : g_get_tmp_dir ());
}
