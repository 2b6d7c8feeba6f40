/* tvm-csv.c: a CSV file written whole or not at all (R9, RFC 4180). One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-csv.h"

#include "tvm-language.h"
#include "tvm-out-file.h"

#include <string.h>

#define BUFFER_BYTES (64 * 1024)
/* What a program may take for the end of a cell or row, whichever separator it goes by. */
#define PARTING ",;\t\r\n"

struct _TvmCsv
{
  TvmOutFile *file;        /* (owned) (nullable): NULL for cells alone, and... */
  TvmZip     *zip;         /* (nullable): ...for a part of an archive */
  GString    *buffer;      /* rows not written yet */
  gboolean    for_people;  /* what looks like a formula gets an apostrophe */
  gboolean    has_comma;   /* before decimals; then cells are parted by semicolons */
  gboolean    in_row;      /* a cell of this row was written */
};

/**
 * tvm_csv_new_cells:
 * @format: for people or for programs
 *
 * Makes a writer without a file, for cells that many rows share.
 *
 * Returns: (transfer full): the writer; tvm_csv_take_cells() gives what it wrote
 */
TvmCsv *
tvm_csv_new_cells (TvmFormat format)
{
  TvmCsv *self = g_new0 (TvmCsv, 1);

  self->buffer = g_string_sized_new (BUFFER_BYTES + 4096);
  self->for_people = format != TVM_FORMAT_MACHINE;
  self->has_comma = self->for_people && tvm_decimal_is_comma ();
  return self;
}

/**
 * tvm_csv_open:
 * @path: the file to write, or "-" for standard output
 * @format: for people or for programs
 * @overwrite: whether a file of that name may be replaced
 * @error: return location for a #TvmError
 *
 * Starts a file, as tvm_out_file_open() does.
 *
 * Returns: (transfer full) (nullable): the writer, or %NULL on error
 */
TvmCsv *
tvm_csv_open (const char  *path,
              TvmFormat    format,
              gboolean     overwrite,
              GError     **error)
{
  TvmOutFile *file = tvm_out_file_open (path, overwrite, error);
  TvmCsv *self;

  if (file == NULL)
    return NULL;
  self = tvm_csv_new_cells (format);
  self->file = file;
  if (self->for_people)
    g_string_append (self->buffer, "\xef\xbb\xbf");
  return self;
}

/**
 * tvm_csv_new_part:
 * @zip: an archive with an open part, which the caller ends
 *
 * Makes a writer of that part, for programs.
 *
 * Returns: (transfer full): the writer
 */
TvmCsv *
tvm_csv_new_part (TvmZip *zip)
{
  TvmCsv *self = tvm_csv_new_cells (TVM_FORMAT_MACHINE);

  self->zip = zip;
  return self;
}

static void
begin_cell (TvmCsv *self)
{
  if (self->in_row)
    g_string_append_c (self->buffer, self->has_comma ? ';' : ',');
  self->in_row = TRUE;
}

/* With = + - @ or their full-width forms. */
static gboolean
starts_formula (const char *text)
{
  if (strncmp (text, "\xef\xbc", 2) == 0)
    return text[2] != '\0' && strchr ("\x9d\x8b\x8d\xa0", text[2]) != NULL;
  return *text != '\0' && strchr ("=+-@", *text) != NULL;
}

/* A program that parts cells elsewhere than we do takes the rest of a text for cells of their own,
 * and what the quotes are then for it is not told. */
static gboolean
parts_formula (const char *p)
{
  if (strchr (PARTING, *p) == NULL)
    return FALSE;
  p++;
  return starts_formula (p + strspn (p, "\""));
}

static void
append_quoted (TvmCsv     *self,
               const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (self->buffer, '"');
      g_string_append_c (self->buffer, *p);
      if (self->for_people && parts_formula (p))
        g_string_append_c (self->buffer, '\'');
    }
}

/**
 * tvm_csv_cell:
 * @self: a writer
 * @text: (nullable): the cell's text, UTF-8; %NULL is an empty cell
 *
 * Adds one cell to the current row. For people, what a spreadsheet would take for a formula gets an
 * apostrophe before it.
 */
void
tvm_csv_cell (TvmCsv     *self,
              const char *text)
{
  gsize plain_bytes;
  gboolean quote;

  begin_cell (self);
  if (text == NULL || *text == '\0')
    return;
  plain_bytes = strcspn (text, "\"" PARTING);
  quote = text[plain_bytes] != '\0';
  if (quote)
    g_string_append_c (self->buffer, '"');
  if (self->for_people && (starts_formula (text + strspn (text, "\"")) ||
                           strchr ("\t\r\n", *text) != NULL))
    g_string_append_c (self->buffer, '\'');
  if (!quote)
    g_string_append_len (self->buffer, text, (gssize) plain_bytes);
  else
    {
      append_quoted (self, text);
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
  begin_cell (self);
  g_string_append_printf (self->buffer, "%" G_GINT64_FORMAT, number);
}

/**
 * tvm_csv_real:
 * @self: a writer
 * @number: the cell's number
 *
 * Adds one cell: for people with four digits that count and their locale's decimal sign, for
 * machines as JSON has it.
 */
void
tvm_csv_real (TvmCsv *self,
              double  number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  begin_cell (self);
  g_ascii_formatd (text, sizeof text, self->for_people ? "%.4g" : "%.15g", number);
  if (self->has_comma && strchr (text, '.') != NULL)
    g_string_append_printf (self->buffer, "\"%s\"", g_strdelimit (text, ".", ','));
  else
    g_string_append (self->buffer, text);
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
  begin_cell (self);
  g_string_append (self->buffer, cells);
}

static gboolean
flush (TvmCsv  *self,
       GError **error)
{
  gsize size_bytes = self->buffer->len;

  if (self->zip != NULL ? !tvm_zip_write (self->zip, self->buffer->str, size_bytes, error)
                        : !tvm_out_file_write (self->file, self->buffer->str, size_bytes, error))
    return FALSE;
  g_string_truncate (self->buffer, 0);
  return TRUE;
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
 * @self: a writer with a file or a part
 * @error: return location for a #TvmError
 *
 * Writes what is left, syncs the file and moves it into place; a part stays open.
 *
 * Returns: %FALSE on error; then no file of the wanted name was made or changed
 */
gboolean
tvm_csv_finish (TvmCsv  *self,
                GError **error)
{
  return flush (self, error) &&
         (self->zip != NULL || tvm_out_file_finish (self->file, error));
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
  tvm_out_file_free (self->file);
  g_string_free (self->buffer, TRUE);
  g_free (self);
}
