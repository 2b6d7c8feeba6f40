/* tvm-cli-table.c: what people read on a terminal: aligned columns and fields, without the control
 * characters outside text may carry. Main thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CELL_MAX_CHARS  60
#define FIELD_MAX_CHARS 20000
#define LABEL_WIDTH     20
#define GAP             2

struct _TvmCliTable
{
  GPtrArray *cells;      /* (owned): of char *, row by row, the headings first */
  guint      n_columns;
  guint64    numbers;    /* bit n: column n holds numbers */
};

static int
display_width (const char *text)
{
  int width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
append_padded (GString    *line,
               const char *text,
               int         width,
               gboolean    right)
{
  int n_spaces = MAX (0, width - display_width (text));

  if (right)
    g_string_append_printf (line, "%*s", n_spaces, "");
  g_string_append (line, text);
  if (!right)
    g_string_append_printf (line, "%*s", n_spaces, "");
}

/**
 * tvm_cli_table_new:
 * @headings: (array zero-terminated=1): translatable headings, at most 64
 *
 * Returns: (transfer full): a table without rows
 */
TvmCliTable *
tvm_cli_table_new (const char *const *headings)
{
  TvmCliTable *self = g_new0 (TvmCliTable, 1);

  self->cells = g_ptr_array_new_with_free_func (g_free);
  for (; headings[self->n_columns] != NULL; self->n_columns++)
    g_ptr_array_add (self->cells, g_strdup (_(headings[self->n_columns])));
  return self;
}

/**
 * tvm_cli_table_cell:
 * @self: a table
 * @text: (nullable): the next cell's text, possibly hostile; %NULL is shown as "-"
 */
void
tvm_cli_table_cell (TvmCliTable *self,
                    const char  *text)
{
  g_ptr_array_add (self->cells, text != NULL && *text != '\0'
                                  ? tvm_text_make_plain (text, -1, CELL_MAX_CHARS)
                                  : g_strdup ("-"));
}

/**
 * tvm_cli_table_number:
 * @self: a table
 * @number: the next cell's number; below 0: not known, shown as "-"
 */
void
tvm_cli_table_number (TvmCliTable *self,
                      gint64       number)
{
  self->numbers |= G_GUINT64_CONSTANT (1) << (self->cells->len % self->n_columns);
  if (number < 0)
    tvm_cli_table_cell (self, NULL);
  else
    g_ptr_array_add (self->cells, g_strdup_printf ("%" G_GINT64_FORMAT, number));
}

/**
 * tvm_cli_table_print:
 * @self: a table with whole rows
 *
 * Prints it to standard output.
 */
void
tvm_cli_table_print (TvmCliTable *self)
{
  g_autofree int *widths = g_new0 (int, self->n_columns);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; i < self->cells->len; i++)
    {
      int width = display_width (g_ptr_array_index (self->cells, i));

      widths[i % self->n_columns] = MAX (widths[i % self->n_columns], width);
    }
  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;

      append_padded (line, g_ptr_array_index (self->cells, i), widths[column],
                     (self->numbers >> column & 1) != 0);
      if (column + 1 < self->n_columns)
        g_string_append_printf (line, "%*s", GAP, "");
      else
        {
          g_print ("%s\n", g_strchomp (line->str));
          g_string_truncate (line, 0);
        }
    }
}

/**
 * tvm_cli_table_print_below:
 * @self: a table with whole rows, or none
 *
 * Prints it below what was printed before, if it has rows.
 */
void
tvm_cli_table_print_below (TvmCliTable *self)
{
  if (self->cells->len == self->n_columns)
    return;
  g_print ("\n");
  tvm_cli_table_print (self);
}

/**
 * tvm_cli_table_free:
 * @self: (transfer full): a table
 */
void
tvm_cli_table_free (TvmCliTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

/**
 * tvm_cli_print_field:
 * @label: a localized label
 * @value: (nullable): its value, possibly hostile; nothing is printed for %NULL
 *
 * Prints one line "label: value" to standard output.
 */
void
tvm_cli_print_field (const char *label,
                     const char *value)
{
  g_autofree char *plain = NULL;
  g_autoptr(GString) line = NULL;

  if (value == NULL)
    return;
  plain = tvm_text_make_plain (value, -1, FIELD_MAX_CHARS);
  line = g_string_new (NULL);
  /* Translators: a label, before its value */
  g_string_append_printf (line, _("%s:"), label);
  g_string_append_printf (line, "%*s%s", MAX (1, LABEL_WIDTH - display_width (line->str)), "",
                          plain);
  g_print ("%s\n", line->str);
}

/**
 * tvm_cli_local_time:
 * @instant_us: microseconds since 1970, UTC; 0: not known
 *
 * Returns: (transfer full) (nullable): the local date and time as the locale writes it
 */
char *
tvm_cli_local_time (gint64 instant_us)
{
  g_autoptr(GDateTime) instant = NULL;
  g_autoptr(GDateTime) local = NULL;

  if (instant_us == 0)
    return NULL;
  instant = g_date_time_new_from_unix_utc (instant_us / G_USEC_PER_SEC);
  local = instant != NULL ? g_date_time_to_local (instant) : NULL;
  return local != NULL ? g_date_time_format (local, "%x %X") : NULL;
}

/**
 * tvm_cli_print_lines:
 * @lines: a text; empty: nothing is printed
 *
 * Prints it as it is.
 */
void
tvm_cli_print_lines (const char *lines)
{
  if (*lines != '\0')
    g_print ("%s\n", lines);
}
