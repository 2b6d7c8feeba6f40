/* tvm-csv.c: a CSV file written whole or not at all (R9, RFC 4180). One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-csv.h"

#include "tvm-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)

struct _TvmCsv
{
  char         *path;           /* (owned) (nullable): NULL for standard output */
  char         *temporary_path; /* (owned) (nullable) */
  GString      *buffer;         /* rows not written yet */
  TvmCsvFormat  format;
  int           fd;             /* -1 when closed */
  gboolean      overwrite;
  gboolean      in_row;         /* a cell of this row was written */
};

static gboolean
set_error_from_errno (GError    **error,
                      int         code,
                      const char *path)
{
  if (code == EEXIST)
    g_set_error (error, TVM_ERROR, TVM_ERROR_EXISTS,
                 /* Translators: %s is a file name. */
                 _("The file “%s” exists already. Choose another name or allow overwriting it."),
                 path);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                 /* Translators: the first %s is a file name, the second the system's reason. */
                 _("Cannot write “%s”: %s. Choose another folder or free some space."),
                 path, g_strerror (code));
  return FALSE;
}

static const char *
shown_path (TvmCsv *self)
{
  return self->path != NULL ? self->path : _("standard output");
}

static gboolean
flush (TvmCsv  *self,
       GError **error)
{
  const char *next = self->buffer->str;
  gsize left = self->buffer->len;

  while (left > 0)
    {
      gssize written = write (self->fd, next, left);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return set_error_from_errno (error, errno, shown_path (self));
      next += written;
      left -= written;
    }
  g_string_truncate (self->buffer, 0);
  return TRUE;
}

/**
 * tvm_csv_open:
 * @path: the file to write, or "-" for standard output
 * @format: see #TvmCsvFormat
 * @overwrite: whether a file of that name may be replaced
 * @error: return location for a #TvmError
 *
 * Starts a file beside @path that tvm_csv_finish() moves into place; until then @path stays as it
 * is.
 *
 * Returns: (transfer full) (nullable): the writer, or %NULL on error
 */
TvmCsv *
tvm_csv_open (const char   *path,
              TvmCsvFormat  format,
              gboolean      overwrite,
              GError      **error)
{
  g_autoptr(TvmCsv) self = g_new0 (TvmCsv, 1);

  self->buffer = g_string_sized_new (BUFFER_BYTES + 4096);
  self->format = format;
  self->overwrite = overwrite;
  self->fd = STDOUT_FILENO;
  if (strcmp (path, "-") != 0)
    {
      self->fd = -1;
      if (!overwrite && g_file_test (path, G_FILE_TEST_EXISTS))
        {
          set_error_from_errno (error, EEXIST, path);
          return NULL;
        }
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          set_error_from_errno (error, EISDIR, path);
          return NULL;
        }
      self->path = g_strdup (path);
      self->temporary_path = g_strconcat (path, ".XXXXXX", NULL);
      self->fd = g_mkstemp_full (self->temporary_path, O_WRONLY | O_CLOEXEC, 0600);
      if (self->fd < 0)
        {
          int code = errno;

          g_clear_pointer (&self->temporary_path, g_free);
          set_error_from_errno (error, code, path);
          return NULL;
        }
    }
  if (format == TVM_CSV_SPREADSHEET)
    g_string_append (self->buffer, "\xef\xbb\xbf");
  return g_steal_pointer (&self);
}

/**
 * tvm_csv_cell:
 * @self: a writer
 * @text: (nullable): the cell's text, UTF-8; %NULL is an empty cell
 *
 * Adds one cell to the current row. In the spreadsheet format a text that a spreadsheet would take
 * for a formula gets an apostrophe before it.
 */
void
tvm_csv_cell (TvmCsv     *self,
              const char *text)
{
  gboolean quote;

  if (self->in_row)
    g_string_append_c (self->buffer, ',');
  self->in_row = TRUE;
  if (text == NULL || *text == '\0')
    return;
  quote = strpbrk (text, ",\"\r\n") != NULL;
  if (quote)
    g_string_append_c (self->buffer, '"');
  if (self->format == TVM_CSV_SPREADSHEET && strchr ("=+-@\t\r", *text) != NULL)
    g_string_append_c (self->buffer, '\'');
  if (!quote)
    g_string_append (self->buffer, text);
  else
    {
      for (const char *p = text; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (self->buffer, '"');
          g_string_append_c (self->buffer, *p);
        }
      g_string_append_c (self->buffer, '"');
    }
}

/**
 * tvm_csv_number:
 * @self: a writer
 * @number: the cell's number, written without grouping
 *
 * Adds one cell; a negative number is not taken for a formula.
 */
void
tvm_csv_number (TvmCsv *self,
                gint64  number)
{
  if (self->in_row)
    g_string_append_c (self->buffer, ',');
  self->in_row = TRUE;
  g_string_append_printf (self->buffer, "%" G_GINT64_FORMAT, number);
}

/**
 * tvm_csv_new_cells:
 * @format: see #TvmCsvFormat
 *
 * Makes a writer without a file, for cells that many rows share.
 *
 * Returns: (transfer full): the writer; tvm_csv_take_cells() gives what it wrote
 */
TvmCsv *
tvm_csv_new_cells (TvmCsvFormat format)
{
  TvmCsv *self = g_new0 (TvmCsv, 1);

  self->buffer = g_string_new (NULL);
  self->format = format;
  self->fd = -1;
  return self;
}

/**
 * tvm_csv_take_cells:
 * @self: a writer of tvm_csv_new_cells()
 *
 * Returns: (transfer full): the cells since the last call, good for tvm_csv_add_cells() of a writer
 *   of the same format
 */
char *
tvm_csv_take_cells (TvmCsv *self)
{
  char *cells = g_strdup (self->buffer->str);

  g_string_truncate (self->buffer, 0);
  self->in_row = FALSE;
  return cells;
}

/**
 * tvm_csv_add_cells:
 * @self: a writer
 * @cells: what tvm_csv_take_cells() returned: one or more cells
 *
 * Adds them to the current row.
 */
void
tvm_csv_add_cells (TvmCsv     *self,
                   const char *cells)
{
  if (self->in_row)
    g_string_append_c (self->buffer, ',');
  self->in_row = TRUE;
  g_string_append (self->buffer, cells);
}

/**
 * tvm_csv_end_row:
 * @self: a writer
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE when writing failed; the writer is then only good for tvm_csv_free()
 */
gboolean
tvm_csv_end_row (TvmCsv  *self,
                 GError **error)
{
  g_string_append (self->buffer, "\r\n");
  self->in_row = FALSE;
  return self->buffer->len < BUFFER_BYTES || flush (self, error);
}

/**
 * tvm_csv_finish:
 * @self: a writer
 * @error: return location for a #TvmError
 *
 * Writes what is left, syncs the file and moves it into place.
 *
 * Returns: %FALSE on error; then no file of the wanted name was made or changed
 */
gboolean
tvm_csv_finish (TvmCsv  *self,
                GError **error)
{
  int result;

  if (!flush (self, error))
    return FALSE;
  if (self->path == NULL)
    return TRUE;
  if (fsync (self->fd) != 0)
    return set_error_from_errno (error, errno, self->path);
  result = close (self->fd);
  self->fd = -1;
  if (result != 0)
    return set_error_from_errno (error, errno, self->path);
  /* link() refuses an existing name, so that a file made meanwhile is not lost either. */
  if (self->overwrite ? g_rename (self->temporary_path, self->path) != 0
                      : link (self->temporary_path, self->path) != 0 &&
                        (errno == EEXIST || g_rename (self->temporary_path, self->path) != 0))
    return set_error_from_errno (error, errno, self->path);
  if (!self->overwrite)
    g_unlink (self->temporary_path);
  g_clear_pointer (&self->temporary_path, g_free);
  return TRUE;
}

/**
 * tvm_csv_free:
 * @self: (transfer full) (nullable): a writer
 *
 * Frees it; a file that was not finished is removed.
 */
void
tvm_csv_free (TvmCsv *self)
{
  if (self == NULL)
    return;
  if (self->path != NULL && self->fd >= 0)
    close (self->fd);
  if (self->temporary_path != NULL)
    g_unlink (self->temporary_path);
  g_free (self->temporary_path);
  g_free (self->path);
  g_string_free (self->buffer, TRUE);
  g_free (self);
}
