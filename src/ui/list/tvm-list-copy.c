/* tvm-list-copy.c: a row as text for other programs: what its columns on screen say. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-csv.h"
#include "tvm-list-page-private.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* All words of a cell, as they would show. */
static void
add_words (GtkWidget *widget, GString *words)
{
  if (!gtk_widget_get_visible (widget))
    return;
  if (GTK_IS_LABEL (widget))
    {
      const char *text = gtk_label_get_text (GTK_LABEL (widget));

      if (words->len > 0 && *text != '\0')
        g_string_append_c (words, ' ');
      g_string_append (words, text);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_words (child, words);
}

static char *
make_words (const TvmListColumn *column, gconstpointer record)
{
  g_autoptr(GtkWidget) cell = g_object_ref_sink (column->create ());
  g_autoptr(GString) words = g_string_new (NULL);

  column->fill (cell, record);
  add_words (cell, words);
  g_strdelimit (words->str, "\t\r\n", ' ');
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* A table's cells are parted by tabs; what a spreadsheet would take for a formula it must not. */
static void
add_cell (GString *table, TvmCsv *csv, const char *words)
{
  if (csv != NULL)
    tvm_csv_cell (csv, words);
  else
    g_string_append_printf (table, "%s%s%s", table->len > 0 ? "\t" : "",
                            *words != '\0' && strchr ("=+-@", *words) != NULL ? "'" : "", words);
}

static char *
make_line (TvmListPage *self, gconstpointer record, gboolean is_csv)
{
  g_autoptr(TvmCsv) csv = is_csv ? tvm_csv_new_cells (TVM_FORMAT_SPREADSHEET) : NULL;
  g_autoptr(GString) table = g_string_new (NULL);
  GListModel *columns = gtk_column_view_get_columns (self->table);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      const TvmListColumn *entry = g_object_get_data (G_OBJECT (column), "tvm-column");
      g_autofree char *words = NULL;

      if (!gtk_column_view_column_get_visible (column))
        continue;
      words = record != NULL ? make_words (entry, record) : g_strdup (_(entry->title));
      add_cell (table, csv, words);
    }
  return csv != NULL ? tvm_csv_take_cells (csv) : g_string_free (g_steal_pointer (&table), FALSE);
}

/**
 * tvm_list_page_copy_cb:
 * @widget: a list page, whose flyout shows a row, or one of whose rows has the focus
 * @action_name: "list.copy-row"
 * @parameter: "table" or "csv"
 *
 * The action: puts that row on the clipboard, below the titles of its columns.
 */
void
tvm_list_page_copy_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  gboolean is_csv = g_str_equal (g_variant_get_string (parameter, NULL), "csv");
  guint position = self->open_key != 0 ? tvm_row_list_find_key (self->rows, self->open_key)
                                       : tvm_list_page_focused_position (self);
  g_autoptr(TvmRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  gconstpointer record = row != NULL ? tvm_row_get_record (row) : NULL;
  g_autofree char *titles = NULL, *line = NULL, *text = NULL;

  if (record == NULL)
    return;
  titles = make_line (self, NULL, is_csv);
  line = make_line (self, record, is_csv);
  text = g_strconcat (titles, is_csv ? "\r\n" : "\n", line, is_csv ? "\r\n" : "\n", NULL);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  tvm_ui_toast (self->ui, _("Copied"));
}
