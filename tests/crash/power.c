/* power.c: to be preloaded: notes what a program does to the files of a folder, so that crash.py can
 * work out what a power failure may leave of it: what is written before it is done, what is on the disk
 * afterwards. Or lets the disk be full, or all descriptors be used, from a moment on, for good.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* W: written, T: cut to a length, S: on the disk, C: made, R: renamed, U: gone. */
struct header { uint64_t kind, path_bytes, other_bytes, offset, size; };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;

#define REAL(name) \
  static __typeof__ (name) *real; \
  if (real == NULL) \
    real = (__typeof__ (name) *) dlsym (RTLD_NEXT, #name)

static int
open_log (void)
{
  const char *path = getenv ("TVM_POWER_LOG");

  if (log_fd < 0 && path != NULL)
    log_fd = openat (AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  return log_fd;
}

static int
is_ours (const char *path)
{
  const char *folder = getenv ("TVM_POWER_FOLDER");

  return folder != NULL && strncmp (path, folder, strlen (folder)) == 0;
}

static int
find_path (int fd, char *path, size_t size)
{
  char link[64];
  ssize_t n;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n = readlink (link, path, size - 1);
  path[n > 0 ? n : 0] = '\0';
  return n > 0 && is_ours (path);
}

static void
note (char kind, const char *path, const char *other, uint64_t offset, const void *data, uint64_t size)
{
  struct header header = { (uint64_t) kind, strlen (path), other != NULL ? strlen (other) : 0, offset, size };
  struct iovec parts[] = { { &header, sizeof header }, { (void *) path, header.path_bytes },
                           { (void *) other, header.other_bytes },
                           { (void *) data, data != NULL ? size : 0 } };
  int code = errno;

  pthread_mutex_lock (&mutex);
  if (open_log () >= 0 && writev (log_fd, parts, 4) < 0)
    abort ();
  pthread_mutex_unlock (&mutex);
  errno = code;
}

/* Whether this is beyond how many of a kind there may be. */
static int
is_beyond (const char *variable, int *count)
{
  const char *text = getenv (variable);

  return text != NULL && __atomic_add_fetch (count, 1, __ATOMIC_SEQ_CST) > atoi (text);
}

static int
is_full (void)
{
  static int count;

  return is_beyond ("TVM_FULL_AFTER", &count);
}

static int
has_no_descriptor (void)
{
  static int count;

  return is_beyond ("TVM_NO_FILES_AFTER", &count);
}

static int
fail (int code)
{
  errno = code;
  return -1;
}

ssize_t
pwrite64 (int fd, const void *data, size_t size, off64_t offset)
{
  char path[4096];
  REAL (pwrite64);

  if (find_path (fd, path, sizeof path))
    {
      if (is_full ())
        return fail (ENOSPC);
      note ('W', path, NULL, (uint64_t) offset, data, size);
    }
  return real (fd, data, size, offset);
}

ssize_t
pwrite (int fd, const void *data, size_t size, off_t offset)
{
  return pwrite64 (fd, data, size, offset);
}

ssize_t
write (int fd, const void *data, size_t size)
{
  char path[4096];
  REAL (write);

  if (fd != log_fd && find_path (fd, path, sizeof path))
    {
      struct stat info;
      int is_append;

      if (is_full ())
        return fail (ENOSPC);
      is_append = (fcntl (fd, F_GETFL) & O_APPEND) != 0 && fstat (fd, &info) == 0;

      note ('W', path, NULL, (uint64_t) (is_append ? info.st_size : lseek (fd, 0, SEEK_CUR)), data, size);
    }
  return real (fd, data, size);
}

int
ftruncate64 (int fd, off64_t size)
{
  char path[4096];
  REAL (ftruncate64);

  if (find_path (fd, path, sizeof path))
    note ('T', path, NULL, (uint64_t) size, NULL, 0);
  return real (fd, size);
}

int
ftruncate (int fd, off_t size)
{
  return ftruncate64 (fd, size);
}

int
fsync (int fd)
{
  char path[4096];
  int result;
  REAL (fsync);

  result = real (fd);
  if (result == 0 && find_path (fd, path, sizeof path))
    note ('S', path, NULL, 0, NULL, 0);
  return result;
}

int
fdatasync (int fd)
{
  char path[4096];
  int result;
  REAL (fdatasync);

  result = real (fd);
  if (result == 0 && find_path (fd, path, sizeof path))
    note ('S', path, NULL, 0, NULL, 0);
  return result;
}

int
rename (const char *from, const char *to)
{
  REAL (rename);

  if (is_ours (to))
    note ('R', from, to, 0, NULL, 0);
  return real (from, to);
}

/* SQLite makes room in its index so. */
int
posix_fallocate64 (int fd, off64_t offset, off64_t size)
{
  char path[4096];
  REAL (posix_fallocate64);

  return find_path (fd, path, sizeof path) && is_full () ? ENOSPC : real (fd, offset, size);
}

int
posix_fallocate (int fd, off_t offset, off_t size)
{
  return posix_fallocate64 (fd, offset, size);
}

int
unlink (const char *path)
{
  REAL (unlink);

  if (is_ours (path))
    note ('U', path, NULL, 0, NULL, 0);
  return real (path);
}

static void
note_open (const char *path, int flags)
{
  if ((flags & O_CREAT) != 0 && is_ours (path))
    note ('C', path, NULL, 0, NULL, 0);
  if ((flags & O_TRUNC) != 0 && is_ours (path))
    note ('T', path, NULL, 0, NULL, 0);
}

int
open64 (const char *path, int flags, ...)
{
  int mode = 0;
  REAL (open64);

  if ((flags & (O_CREAT | O_TMPFILE)) != 0)
    {
      va_list arguments;

      va_start (arguments, flags);
      mode = va_arg (arguments, int);
      va_end (arguments);
    }
  if (has_no_descriptor ())
    return fail (EMFILE);
  note_open (path, flags);
  return real (path, flags, mode);
}

int
open (const char *path, int flags, ...)
{
  int mode = 0;

  if ((flags & (O_CREAT | O_TMPFILE)) != 0)
    {
      va_list arguments;

      va_start (arguments, flags);
      mode = va_arg (arguments, int);
      va_end (arguments);
    }
  return open64 (path, flags, mode);
}
