/* tvm-spool.c: parts of a long answer in one file. Records follow each other: a subject at first,
 * then data, each of an attempt at a part, and for each attempt that came to its end the part that
 * it was. The first record that is not whole ends the file. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-spool.h"

#include "tvm-error.h"
#include "tvm-out-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC            0x314c5053u  /* of this form; another computer's is none */
#define MAX_RECORD_BYTES (256 * 1024 * 1024)
#define DIGEST_BYTES     32

typedef enum { SUBJECT, DATA, PART } Kind;

typedef struct {
  guint32 magic, kind, attempt, size_bytes;
  guint8  digest[DIGEST_BYTES];   /* of the above and what follows */
} Head;

struct _TvmSpool
{
  char       *path;      /* (owned) (nullable): NULL: it ends with the program */
  GMutex      mutex;     /* guards what follows */
  int         fd;        /* -1: closed */
  gboolean    is_ours;   /* the file at the path, locked */
  goffset     end;       /* of the records that count */
  GHashTable *parts;     /* (owned): of TvmSpoolPart, by their names */
  GHashTable *attempts;  /* (owned): of those that came to their end */
  guint32     next_attempt;
};

static guint
hash_name (gconstpointer name)
{
  guint hash;

  memcpy (&hash, name, sizeof hash);
  return hash;
}

static gboolean
equal_names (gconstpointer a,
             gconstpointer b)
{
  return memcmp (a, b, TVM_SPOOL_NAME_BYTES) == 0;
}

/**
 * tvm_spool_new:
 * @path: (nullable): where it is to outlive the program, in a folder that is there
 *
 * Returns: (transfer full): a spool that is not open
 */
TvmSpool *
tvm_spool_new (const char *path)
{
  TvmSpool *self = g_new0 (TvmSpool, 1);

  self->path = g_strdup (path);
  self->fd = -1;
  g_mutex_init (&self->mutex);
  self->parts = g_hash_table_new_full (hash_name, equal_names, NULL, g_free);
  self->attempts = g_hash_table_new (NULL, NULL);
  return self;
}

static void
close_file (TvmSpool *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  self->is_ours = FALSE;
}

/**
 * tvm_spool_free:
 * @self: (transfer full) (nullable): a spool; what it has stays for the next one at its path
 */
void
tvm_spool_free (TvmSpool *self)
{
  if (self == NULL)
    return;
  close_file (self);
  g_hash_table_unref (self->parts);
  g_hash_table_unref (self->attempts);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

static gboolean
fail (TvmSpool  *self,
      int        code,
      GError   **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
               /* Translators: the first %s is a file name, the second the system's reason. */
               _("Cannot keep what was downloaded in “%s”: %s. Free some space, then synchronize "
                 "again."), self->path != NULL ? self->path : g_get_tmp_dir (), g_strerror (code));
  return FALSE;
}

/* ---- records */

static void
digest_record (const Head   *head,
               gconstpointer data,
               guint8       *out_digest)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) head, G_STRUCT_OFFSET (Head, digest));
  g_checksum_update (checksum, data, head->size_bytes);
  g_checksum_get_digest (checksum, out_digest, &length);
}

static gboolean
write_at (int           fd,
          goffset       offset,
          gconstpointer data,
          gsize         size_bytes)
{
  while (size_bytes > 0)
    {
      gssize n = pwrite (fd, data, size_bytes, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data = (const guint8 *) data + n;
      offset += n;
      size_bytes -= (gsize) n;
    }
  return TRUE;
}

static gboolean
read_at (int      fd,
         goffset  offset,
         gpointer data,
         gsize    size_bytes)
{
  while (size_bytes > 0)
    {
      gssize n = pread (fd, data, size_bytes, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data = (guint8 *) data + n;
      offset += n;
      size_bytes -= (gsize) n;
    }
  return TRUE;
}

/* With the lock held. What is behind the end is written over. */
static gboolean
put_record (TvmSpool     *self,
            Kind          kind,
            guint32       attempt,
            gconstpointer data,
            gsize         size_bytes,
            GError      **error)
{
  Head head = { MAGIC, kind, attempt, (guint32) size_bytes, { 0 } };

  if (size_bytes > MAX_RECORD_BYTES || self->fd < 0)
    return fail (self, EFBIG, error);
  digest_record (&head, data, head.digest);
  if (!write_at (self->fd, self->end, &head, sizeof head) ||
      !write_at (self->fd, self->end + (goffset) sizeof head, data, size_bytes))
    return fail (self, errno, error);
  self->end += (goffset) (sizeof head + size_bytes);
  return TRUE;
}

/* Returns: (transfer full) (nullable): what a whole record has; NULL: there is none */
static GBytes *
get_record (TvmSpool *self,
            goffset   offset,
            Head     *out_head)
{
  guint8 digest[DIGEST_BYTES];
  g_autofree char *data = NULL;

  if (!read_at (self->fd, offset, out_head, sizeof *out_head) || out_head->magic != MAGIC ||
      out_head->size_bytes > MAX_RECORD_BYTES ||
      lseek (self->fd, 0, SEEK_END) - offset < (goffset) (sizeof *out_head + out_head->size_bytes))
    return NULL;
  data = g_malloc (out_head->size_bytes + 1);
  if (!read_at (self->fd, offset + (goffset) sizeof *out_head, data, out_head->size_bytes))
    return NULL;
  digest_record (out_head, data, digest);
  if (memcmp (digest, out_head->digest, sizeof digest) != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), out_head->size_bytes);
}

static void
note_part (TvmSpool           *self,
           guint32             attempt,
           const TvmSpoolPart *part)
{
  TvmSpoolPart *kept = g_memdup2 (part, sizeof *part);

  if (!g_hash_table_contains (self->parts, kept->name))
    g_hash_table_add (self->attempts, GUINT_TO_POINTER (attempt));
  g_hash_table_replace (self->parts, kept->name, kept);
}

/* ---- the file */

/* Another program may have it, or be done with it: then what we keep ends with us. */
static gboolean
open_file (TvmSpool *self)
{
  g_autofree char *folder = self->path != NULL ? g_path_get_dirname (self->path)
                                               : g_strdup (g_get_tmp_dir ());
  struct stat now;

  if (self->path != NULL)
    self->fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  self->is_ours = self->fd >= 0 && flock (self->fd, LOCK_EX | LOCK_NB) == 0 &&
                  fstat (self->fd, &now) == 0 && S_ISREG (now.st_mode) && now.st_nlink == 1;
  if (self->is_ours)
    return TRUE;
  close_file (self);
  self->fd = tvm_open_nameless (folder);
  return self->fd >= 0;
}

/* Whether the file is about @subject; then what is whole in it counts. */
static gboolean
load (TvmSpool   *self,
      const char *subject)
{
  Head head;
  g_autoptr(GBytes) first = get_record (self, 0, &head);
  gsize length = strlen (subject);

  if (first == NULL || head.kind != SUBJECT || g_bytes_get_size (first) != length ||
      memcmp (g_bytes_get_data (first, NULL), subject, length) != 0)
    return FALSE;
  self->end = (goffset) (sizeof head + length);
  for (;;)
    {
      g_autoptr(GBytes) data = get_record (self, self->end, &head);

      if (data == NULL)
        return TRUE;
      if (head.kind == PART && g_bytes_get_size (data) == sizeof (TvmSpoolPart))
        note_part (self, head.attempt, g_bytes_get_data (data, NULL));
      self->next_attempt = MAX (self->next_attempt, head.attempt + 1);
      self->end += (goffset) (sizeof head + g_bytes_get_size (data));
    }
}

/**
 * tvm_spool_open:
 * @self: a spool
 * @subject: what the parts are of, in words that differ for whatever is not the same
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Opens it, or forgets what it has and begins anew, unless that is of the same.
 *
 * Returns: whether parts can be kept
 */
gboolean
tvm_spool_open (TvmSpool    *self,
                const char  *subject,
                GError     **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_hash_table_remove_all (self->parts);
  g_hash_table_remove_all (self->attempts);
  self->next_attempt = 1;
  self->end = 0;
  if (self->fd < 0 && !open_file (self))
    return fail (self, errno, error);
  if (load (self, subject))
    return TRUE;
  if (ftruncate (self->fd, 0) != 0)
    return fail (self, errno, error);
  return put_record (self, SUBJECT, 0, subject, strlen (subject), error);
}

/**
 * tvm_spool_find:
 * @self: an open spool
 * @name: a part's name
 * @out_part: (out caller-allocates) (optional): the part
 *
 * Returns: whether it is there, whole
 */
gboolean
tvm_spool_find (TvmSpool      *self,
                const guint8  *name,
                TvmSpoolPart  *out_part)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const TvmSpoolPart *part = g_hash_table_lookup (self->parts, name);

  if (part != NULL && out_part != NULL)
    *out_part = *part;
  return part != NULL;
}

/**
 * tvm_spool_begin:
 * @self: an open spool
 *
 * Returns: the number of an attempt at a part
 */
guint32
tvm_spool_begin (TvmSpool *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->next_attempt++;
}

/**
 * tvm_spool_append:
 * @self: an open spool
 * @attempt: at a part
 * @data: what was made of a piece of it
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Returns: whether it is kept
 */
gboolean
tvm_spool_append (TvmSpool  *self,
                  guint32    attempt,
                  GBytes    *data,
                  GError   **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gsize size_bytes;
  gconstpointer bytes = g_bytes_get_data (data, &size_bytes);

  return put_record (self, DATA, attempt, bytes, size_bytes, error);
}

/**
 * tvm_spool_commit:
 * @self: an open spool
 * @attempt: an attempt that came to its end
 * @part: the part that it was
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * From now on the part is there, with all data of that attempt.
 *
 * Returns: whether it is
 */
gboolean
tvm_spool_commit (TvmSpool            *self,
                  guint32              attempt,
                  const TvmSpoolPart  *part,
                  GError             **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!put_record (self, PART, attempt, part, sizeof *part, error))
    return FALSE;
  note_part (self, attempt, part);
  return TRUE;
}

/**
 * tvm_spool_read:
 * @self: an open spool
 * @func: (scope call): takes the data of parts that are there, one after the other
 * @user_data: for @func
 * @error: return location for %TVM_ERROR_STORE_FAILED or what @func left
 *
 * Returns: whether all of them were taken
 */
gboolean
tvm_spool_read (TvmSpool      *self,
                TvmSpoolFunc   func,
                gpointer       user_data,
                GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  goffset offset = 0;
  Head head;

  while (offset < self->end)
    {
      g_autoptr(GBytes) data = get_record (self, offset, &head);

      if (data == NULL)
        return fail (self, EIO, error);
      if (head.kind == DATA &&
          g_hash_table_contains (self->attempts, GUINT_TO_POINTER (head.attempt)) &&
          !func (data, user_data, error))
        return FALSE;
      offset += (goffset) (sizeof head + g_bytes_get_size (data));
    }
  return TRUE;
}

/**
 * tvm_spool_discard:
 * @self: a spool
 *
 * Forgets what it has: it was taken, or is of no use. Another program's stays.
 */
void
tvm_spool_discard (TvmSpool *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->fd < 0 && self->path != NULL && g_access (self->path, F_OK) == 0)
    open_file (self);
  if (self->is_ours)
    g_unlink (self->path);
  close_file (self);
}
