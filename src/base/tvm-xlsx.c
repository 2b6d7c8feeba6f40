/* tvm-xlsx.c: a spreadsheet file (Office Open XML) written whole or not at all (R9), with
 * libxlsxwriter in its mode of constant memory. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-xlsx.h"

#include "tvm-error.h"
#include "tvm-i18n.h"
#include "tvm-out-file.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include "tvm-xlsx-library.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define MAX_ROWS         LXW_ROW_MAX  /* with the heading */
#define MAX_CELL_UNITS   32767        /* UTF-16 units a cell holds */
#define MAX_NAME_CHARS   26           /* of 31 of a sheet's name: " (99)" may follow */
#define MEASURED_ROWS    1000         /* the columns become as wide as these need */
#define MIN_WIDTH        9
#define MAX_WIDTH        60
#define DATE_WIDTH       12
#define INSTANT_WIDTH    21
#define MARGIN_BYTES     (1024 * 1024)
/* Days from 30 December 1899, where the numbers of dates start, to 1970 and to March 1900, before
 * which Excel counts otherwise. */
#define DAYS_TO_1970     25569
#define FIRST_DAY        61
#define LAST_DAY         2958465      /* 31 December 9999 */

struct _TvmXlsx
{
  const TvmXlsxLibrary *library;
  TvmOutFile    *file;                /* (owned) */
  char          *folder;              /* (owned): of what is written meanwhile, and of... */
  int            fd;                  /* ...the file in the making, which has no name */
  lxw_workbook  *workbook;            /* (owned) (nullable): NULL once closed */
  lxw_worksheet *sheet;               /* of the workbook; NULL before the first */
  lxw_format    *bold, *date, *instant;
  char          *name;                /* (owned): of the sheet, without its number */
  GStrv          headings;            /* (owned) */
  guint          n_parts;             /* sheets of that name */
  lxw_row_t      row;
  lxw_col_t      column;
  GArray        *widths;              /* (element-type double): of the columns */
  guint64        size_bytes;          /* of the sheets that are done */
  locale_t       numeric;             /* (owned): in which decimals have a point */
  guint          n_cut;               /* texts that were longer than a cell holds */
};

/* The library prints numbers as the thread's locale has them, and rows only with the next one. */
typedef struct { locale_t before; } NumberScope;

static void
number_scope_leave (NumberScope *scope)
{
  uselocale (scope->before);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NumberScope, number_scope_leave)

static NumberScope
enter_numbers (TvmXlsx *self)
{
  return (NumberScope) { uselocale (self->numeric) };
}

static gboolean
fail (TvmXlsx     *self,
      const char  *reason,
      GError     **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
               /* Translators: the first %s is a folder, the second the reason. */
               _("The spreadsheet cannot be put together in “%s”: %s. Free some space or name "
                 "another folder in TMPDIR."), self->folder, reason);
  return FALSE;
}

/**
 * tvm_xlsx_open:
 * @path: the file to write, or "-" for standard output
 * @overwrite: whether a file of that name may be replaced
 * @error: return location for a #TvmError
 *
 * Starts a file, as tvm_out_file_open() does; it has no sheet yet.
 *
 * Returns: (transfer full) (nullable): the writer, or %NULL on error
 */
TvmXlsx *
tvm_xlsx_open (const char  *path,
               gboolean     overwrite,
               GError     **error)
{
  g_autoptr(TvmXlsx) self = g_new0 (TvmXlsx, 1);
  g_autofree char *name = NULL;

  self->numeric = newlocale (LC_NUMERIC_MASK, "C", duplocale (LC_GLOBAL_LOCALE));
  self->folder = tvm_find_large_folder ();
  self->widths = g_array_new (FALSE, TRUE, sizeof (double));
  self->fd = -1;
  self->library = tvm_xlsx_library (error);
  self->file = self->library != NULL ? tvm_out_file_open (path, overwrite, error) : NULL;
  if (self->file == NULL)
    return NULL;
  self->fd = tvm_open_nameless (self->folder);
  if (self->fd < 0)
    {
      fail (self, g_strerror (errno), error);
      return NULL;
    }
  name = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  self->workbook = self->library->workbook_new_opt (name, &(lxw_workbook_options) {
    .constant_memory = LXW_TRUE, .tmpdir = self->folder });
  self->bold = self->library->workbook_add_format (self->workbook);
  self->library->format_set_bold (self->bold);
  self->library->format_set_bottom (self->bold, LXW_BORDER_THIN);
  self->date = self->library->workbook_add_format (self->workbook);
  self->library->format_set_num_format (self->date, "yyyy-mm-dd");
  self->instant = self->library->workbook_add_format (self->workbook);
  self->library->format_set_num_format (self->instant, "yyyy-mm-dd hh:mm:ss");
  return g_steal_pointer (&self);
}

static void
widen (TvmXlsx *self,
       double   width)
{
  double *widest = &g_array_index (self->widths, double, self->column);

  if (self->row <= MEASURED_ROWS)
    *widest = CLAMP (width, *widest, MAX_WIDTH);
}

/* Characters of East Asia take two places. */
static double
measure (const char *text)
{
  double width = 2;

  for (const char *p = text; *p != '\0' && *p != '\n' && width < MAX_WIDTH;
       p = g_utf8_next_char (p))
    width += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return width;
}

/* What XML cannot have is gone from it. "_x0041_" would be read as a letter. A cell holds so many
 * units; where that is less than all, its end says so. */
static char *
fit (const char *text,
     gboolean   *out_is_cut)
{
  g_autofree char *clean = tvm_text_clean (text, -1, TRUE);
  /* Translators: at the end of a text in a spreadsheet; CSV is a kind of file. */
  const char *end = _("… [cut off: a cell holds 32,767 characters; a CSV file has all of it]");
  gsize n_units = 0, room = MAX_CELL_UNITS - strlen (end), fitting_length = 0;
  GString *fitting = g_string_new (NULL);

  for (const char *p = clean; *p != '\0' && n_units <= MAX_CELL_UNITS; p = g_utf8_next_char (p))
    {
      n_units += g_utf8_get_char (p) > 0xffff ? 2 : 1;
      if (g_str_has_prefix (p, "_x") && (n_units += 6) > 0)
        g_string_append (fitting, "_x005F");
      g_string_append_len (fitting, p, g_utf8_next_char (p) - p);
      if (n_units <= room)
        fitting_length = fitting->len;
    }
  *out_is_cut = n_units > MAX_CELL_UNITS;
  if (*out_is_cut)
    {
      g_string_truncate (fitting, fitting_length);
      g_string_append (fitting, end);
    }
  return g_string_free (fitting, FALSE);
}

/* Always as a text, whatever it looks like. */
static void
write_text (TvmXlsx    *self,
            const char *text,
            lxw_format *format)
{
  g_auto(NumberScope) scope = enter_numbers (self);
  gboolean is_cut;
  g_autofree char *fitting = fit (text, &is_cut);

  self->library->worksheet_write_string (self->sheet, self->row, self->column, fitting, format);
  self->n_cut += is_cut ? 1 : 0;
  widen (self, measure (fitting));
}

/**
 * tvm_xlsx_text:
 * @self: a writer with a sheet
 * @text: (nullable): the next cell of the row; %NULL is an empty one
 */
void
tvm_xlsx_text (TvmXlsx    *self,
               const char *text)
{
  if (text != NULL && *text != '\0')
    write_text (self, text, NULL);
  self->column++;
}

/**
 * tvm_xlsx_number:
 * @self: a writer with a sheet
 * @number: the next cell of the row
 */
void
tvm_xlsx_number (TvmXlsx *self,
                 double   number)
{
  g_auto(NumberScope) scope = enter_numbers (self);

  self->library->worksheet_write_number (self->sheet, self->row, self->column++, number, NULL);
}

static gboolean
write_day (TvmXlsx    *self,
           double      day,
           lxw_format *format,
           double      width)
{
  g_auto(NumberScope) scope = enter_numbers (self);

  if (day < FIRST_DAY || day >= LAST_DAY + 1)
    return FALSE;
  self->library->worksheet_write_number (self->sheet, self->row, self->column, day, format);
  widen (self, width);
  self->column++;
  return TRUE;
}

/**
 * tvm_xlsx_date:
 * @self: a writer with a sheet
 * @date: (nullable): the next cell of the row, YYYY-MM-DD; a text where it is none that
 *   spreadsheets know
 */
void
tvm_xlsx_date (TvmXlsx    *self,
               const char *date)
{
  GDate day;

  g_date_clear (&day, 1);
  if (tvm_date_is_valid (date))
    g_date_set_dmy (&day, (GDateDay) atoi (date + 8), (GDateMonth) atoi (date + 5),
                    (GDateYear) atoi (date));
  /* 1 January of the year 1 is day 1, 719,163 is 1 January 1970. */
  if (!g_date_valid (&day) || !write_day (self, (double) g_date_get_julian (&day) - 719163 +
                                          DAYS_TO_1970, self->date, DATE_WIDTH))
    tvm_xlsx_text (self, date);
}

/**
 * tvm_xlsx_instant:
 * @self: a writer with a sheet
 * @instant_us: the next cell of the row, microseconds since 1970 UTC, shown in local time; 0 or
 *   less is an empty one
 */
void
tvm_xlsx_instant (TvmXlsx *self,
                  gint64   instant_us)
{
  gint64 seconds = instant_us / TVM_SECOND_US;
  g_autoptr(GDateTime) when =
    seconds > 0 ? g_date_time_new_from_unix_local (seconds) : NULL;

  if (when != NULL)
    seconds += g_date_time_get_utc_offset (when) / TVM_SECOND_US;
  if (when == NULL ||
      !write_day (self, seconds / 86400.0 + DAYS_TO_1970, self->instant, INSTANT_WIDTH))
    tvm_xlsx_text (self, NULL);
}

/* A name that spreadsheets take, and that no other part of the list has. */
static char *
make_sheet_name (TvmXlsx *self)
{
  g_autofree char *start = g_utf8_substring (self->name, 0,
                                             MIN (g_utf8_strlen (self->name, -1), MAX_NAME_CHARS));

  g_strdelimit (start, "[]:*?/\\'", ' ');
  return self->n_parts > 1 ? g_strdup_printf ("%s (%u)", start, self->n_parts)
                           : g_steal_pointer (&start);
}

static gboolean
begin_part (TvmXlsx  *self,
            GError  **error)
{
  g_autofree char *name = NULL;

  self->n_parts++;
  name = make_sheet_name (self);
  self->sheet = self->library->workbook_add_worksheet (self->workbook, name);
  if (self->sheet == NULL || self->sheet->optimize_tmpfile == NULL)
    return fail (self, g_strerror (errno), error);
  self->row = self->column = 0;
  self->library->worksheet_freeze_panes (self->sheet, 1, 0);
  g_array_set_size (self->widths, 0);
  g_array_set_size (self->widths, g_strv_length (self->headings));
  for (guint i = 0; self->headings[i] != NULL; i++, self->column++)
    {
      g_array_index (self->widths, double, i) = MIN_WIDTH;
      write_text (self, self->headings[i], self->bold);
    }
  return tvm_xlsx_end_row (self, error);
}

/* The library does not tell when its file could not be written. */
static gboolean
end_part (TvmXlsx  *self,
          GError  **error)
{
  FILE *rows = self->sheet != NULL ? self->sheet->optimize_tmpfile : NULL;

  if (rows == NULL)
    return TRUE;
  if (self->widths->len > 0)
    self->library->worksheet_autofilter (self->sheet, 0, 0, MAX (self->row, 1) - 1,
                          (lxw_col_t) (self->widths->len - 1));
  for (guint i = 0; i < self->widths->len; i++)
    self->library->worksheet_set_column (self->sheet, (lxw_col_t) i, (lxw_col_t) i,
                          g_array_index (self->widths, double, i), NULL);
  if (fflush (rows) != 0 || ferror (rows))
    return fail (self, g_strerror (errno), error);
  self->size_bytes += (guint64) ftello (rows);
  return TRUE;
}

/**
 * tvm_xlsx_begin:
 * @self: a writer
 * @name: what the sheet is called; where it is full another one with a number follows
 * @headings: the headings of its columns, which stay in sight and have filters
 * @error: return location for a #TvmError
 *
 * Begins a sheet.
 *
 * Returns: %FALSE on error; the writer is then only good for tvm_xlsx_free()
 */
gboolean
tvm_xlsx_begin (TvmXlsx            *self,
                const char         *name,
                const char *const  *headings,
                GError            **error)
{
  if (!end_part (self, error))
    return FALSE;
  g_free (self->name);
  self->name = g_strdup (name);
  g_strfreev (self->headings);
  self->headings = g_strdupv ((char **) headings);
  self->n_parts = 0;
  return begin_part (self, error);
}

/**
 * tvm_xlsx_end_row:
 * @self: a writer with a sheet
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE when writing failed; the writer is then only good for tvm_xlsx_free()
 */
gboolean
tvm_xlsx_end_row (TvmXlsx  *self,
                  GError  **error)
{
  self->column = 0;
  if (ferror (self->sheet->optimize_tmpfile))
    return fail (self, g_strerror (errno), error);
  if (++self->row < MAX_ROWS)
    return TRUE;
  return end_part (self, error) && begin_part (self, error);
}

/* The library writes each sheet once more, and does not tell when that failed: so there must be
 * room for all of them. */
static gboolean
make_room (TvmXlsx  *self,
           GError  **error)
{
  int fd = tvm_open_nameless (self->folder);
  int code = fd < 0 ? errno : posix_fallocate (fd, 0, (off_t) (self->size_bytes + MARGIN_BYTES));

  if (fd >= 0)
    close (fd);
  return code == 0 || fail (self, g_strerror (code), error);
}

/**
 * tvm_xlsx_finish:
 * @self: a writer with a sheet
 * @error: return location for a #TvmError
 *
 * Puts the file together, syncs it and moves it into place.
 *
 * Returns: %FALSE on error; then no file of the wanted name was made or changed
 */
gboolean
tvm_xlsx_finish (TvmXlsx  *self,
                 GError  **error)
{
  g_auto(NumberScope) scope = enter_numbers (self);
  lxw_error result;

  if (!end_part (self, error) || !make_room (self, error))
    return FALSE;
  result = self->library->workbook_close (self->workbook);
  self->workbook = NULL;
  if (result != LXW_NO_ERROR)
    return fail (self, self->library->lxw_strerror (result), error);
  return tvm_out_file_copy (self->file, self->fd, NULL, error) &&
         tvm_out_file_finish (self->file, error);
}

/**
 * tvm_xlsx_get_n_cut:
 * @self: a writer
 *
 * Returns: how many texts were longer than a cell holds; their cells say so at their ends
 */
guint
tvm_xlsx_get_n_cut (const TvmXlsx *self)
{
  return self->n_cut;
}

/**
 * tvm_xlsx_free:
 * @self: (transfer full) (nullable): a writer
 *
 * Frees it; nothing is left of a file that was not finished.
 */
void
tvm_xlsx_free (TvmXlsx *self)
{
  if (self == NULL)
    return;
  if (self->workbook != NULL)
    self->library->lxw_workbook_free (self->workbook);
  if (self->fd >= 0)
    close (self->fd);
  tvm_out_file_free (self->file);
  freelocale (self->numeric);
  g_strfreev (self->headings);
  g_array_unref (self->widths);
  g_free (self->name);
  g_free (self->folder);
  g_free (self);
}
