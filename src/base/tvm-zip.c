/* tvm-zip.c: a ZIP archive written whole or not at all (R9), with minizip. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-zip.h"

#include "tvm-error.h"
#include "tvm-i18n.h"
#include "tvm-out-file.h"

#include <errno.h>
#include <minizip/zip.h>
#include <time.h>
#include <unistd.h>

#define UTF8_FLAG   (1 << 11)  /* the names are UTF-8: APPNOTE.TXT 4.4.4 */
#define IS_LARGE    1          /* a part may have more than 4 GiB */

struct _TvmZip
{
  TvmOutFile *file;            /* (owned) */
  char       *folder;          /* (owned): of... */
  int         fd;              /* ...the archive in the making, which has no name */
  zipFile     archive;         /* (owned) (nullable): NULL once closed */
  GChecksum  *checksum;        /* of the part */
  gint64      n_bytes;         /* of the part */
};

static gboolean
fail (TvmZip  *self,
      GError **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
               /* Translators: the first %s is a folder, the second the reason. */
               _("The archive cannot be put together in “%s”: %s. Free some space or name another "
                 "folder in TMPDIR."), self->folder, g_strerror (errno));
  return FALSE;
}

/**
 * tvm_zip_open:
 * @path: the file to write, or "-" for standard output
 * @overwrite: whether a file of that name may be replaced
 * @error: return location for a #TvmError
 *
 * Starts a file, as tvm_out_file_open() does; it has no part yet.
 *
 * Returns: (transfer full) (nullable): the writer, or %NULL on error
 */
TvmZip *
tvm_zip_open (const char  *path,
              gboolean     overwrite,
              GError     **error)
{
  g_autoptr(TvmZip) self = g_new0 (TvmZip, 1);
  g_autofree char *name = NULL;

  self->folder = tvm_find_large_folder ();
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->fd = -1;
  self->file = tvm_out_file_open (path, overwrite, error);
  if (self->file == NULL)
    return NULL;
  self->fd = tvm_open_nameless (self->folder);
  name = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  if (self->fd >= 0)
    self->archive = zipOpen64 (name, APPEND_STATUS_CREATE);
  if (self->archive == NULL)
    {
      fail (self, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * tvm_zip_begin:
 * @self: an archive without an open part
 * @name: the part's name in it, UTF-8
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE when writing failed; the archive is then only good for tvm_zip_free()
 */
gboolean
tvm_zip_begin (TvmZip      *self,
               const char  *name,
               GError     **error)
{
  time_t now = time (NULL);
  struct tm local;
  zip_fileinfo info = { 0 };

  localtime_r (&now, &local);
  info.tmz_date = (tm_zip) { .tm_sec = (uInt) local.tm_sec, .tm_min = (uInt) local.tm_min,
                             .tm_hour = (uInt) local.tm_hour, .tm_mday = (uInt) local.tm_mday,
                             .tm_mon = (uInt) local.tm_mon,
                             .tm_year = (uInt) local.tm_year + 1900 };
  g_checksum_reset (self->checksum);
  self->n_bytes = 0;
  return zipOpenNewFileInZip4_64 (self->archive, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED,
                                  Z_DEFAULT_COMPRESSION, 0, -MAX_WBITS, DEF_MEM_LEVEL,
                                  Z_DEFAULT_STRATEGY, NULL, 0, 0, UTF8_FLAG, IS_LARGE) == ZIP_OK ||
         fail (self, error);
}

/**
 * tvm_zip_write:
 * @self: an archive with an open part
 * @data: what to append
 * @size_bytes: its size; below 4 GiB
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE when writing failed; the archive is then only good for tvm_zip_free()
 */
gboolean
tvm_zip_write (TvmZip      *self,
               const char  *data,
               gsize        size_bytes,
               GError     **error)
{
  g_checksum_update (self->checksum, (const guchar *) data, (gssize) size_bytes);
  self->n_bytes += (gint64) size_bytes;
  return zipWriteInFileInZip (self->archive, data, (unsigned int) size_bytes) == ZIP_OK ||
         fail (self, error);
}

/**
 * tvm_zip_end:
 * @self: an archive with an open part
 * @out_bytes: (out): the part's size
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the SHA-256 of the part, in hexadecimal digits; %NULL when
 *   writing failed
 */
char *
tvm_zip_end (TvmZip  *self,
             gint64  *out_bytes,
             GError **error)
{
  *out_bytes = self->n_bytes;
  if (zipCloseFileInZip (self->archive) == ZIP_OK)
    return g_strdup (g_checksum_get_string (self->checksum));
  fail (self, error);
  return NULL;
}

/**
 * tvm_zip_finish:
 * @self: an archive without an open part
 * @error: return location for a #TvmError
 *
 * Puts the archive together, syncs it and moves it into place.
 *
 * Returns: (transfer full) (nullable): the SHA-256 of the file, in hexadecimal digits; %NULL on
 *   error: then no file of the wanted name was made or changed
 */
char *
tvm_zip_finish (TvmZip  *self,
                GError **error)
{
  int result = zipClose (self->archive, NULL);

  self->archive = NULL;
  g_checksum_reset (self->checksum);
  if (!(result == ZIP_OK || fail (self, error)) ||
      !tvm_out_file_copy (self->file, self->fd, self->checksum, error) ||
      !tvm_out_file_finish (self->file, error))
    return NULL;
  return g_strdup (g_checksum_get_string (self->checksum));
}

/**
 * tvm_zip_free:
 * @self: (transfer full) (nullable): a writer
 *
 * Frees it; nothing is left of a file that was not finished.
 */
void
tvm_zip_free (TvmZip *self)
{
  if (self == NULL)
    return;
  if (self->archive != NULL)
    zipClose (self->archive, NULL);
  if (self->fd >= 0)
    close (self->fd);
  tvm_out_file_free (self->file);
  g_checksum_free (self->checksum);
  g_free (self->folder);
  g_free (self);
}
