/* tvm-list-copy.c: rows as text for other programs: what their columns on screen say. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-csv.h"
#include "tvm-list-page-private.h"
#include "tvm-list-table.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ROWS 1000  /* more is what an export is for */

/* All words of a cell, as they would show. */
static void
add_words (GtkWidget *widget, GString *words)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget))
                     : GTK_IS_INSCRIPTION (widget)
                       ? gtk_inscription_get_text (GTK_INSCRIPTION (widget)) : NULL;

  if (!gtk_widget_get_visible (widget))
    return;
  if (text != NULL && *text != '\0')
    g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", text);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_words (child, words);
}

static char *
make_words (const TvmListColumn *column, gconstpointer record)
{
  g_autoptr(GtkWidget) cell = g_object_ref_sink (column->create ());
  g_autoptr(GString) words = g_string_new (NULL);

  tvm_list_column_fill (column, cell, record);
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

/**
 * tvm_list_make_copied_line:
 * @words: what cells say
 * @n_words: how many cells
 * @is_csv: for CSV, else for a table whose cells are parted by tabs
 *
 * Returns: (transfer full): the cells as a line for other programs, without its end
 */
char *
tvm_list_make_copied_line (const char *const *words, guint n_words, gboolean is_csv)
{
  g_autoptr(TvmCsv) csv = is_csv ? tvm_csv_new_cells (TVM_FORMAT_SPREADSHEET) : NULL;
  g_autoptr(GString) table = g_string_new (NULL);

  for (guint i = 0; i < n_words; i++)
    add_cell (table, csv, words[i]);
  return csv != NULL ? tvm_csv_take_cells (csv) : g_string_free (g_steal_pointer (&table), FALSE);
}

static char *
make_line (TvmListPage *self, gconstpointer record, gboolean is_csv)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  GListModel *columns = gtk_column_view_get_columns (self->table);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      const TvmListColumn *entry = g_object_get_data (G_OBJECT (column), "tvm-column");

      if (gtk_column_view_column_get_visible (column))
        g_ptr_array_add (cells, record != NULL ? make_words (entry, record)
                                               : g_strdup (_(entry->title)));
    }
  return tvm_list_make_copied_line ((const char *const *) cells->pdata, cells->len, is_csv);
}

typedef struct
{
  TvmListPage *page;  /* (owned) */
  gboolean     is_csv;
} Copy;

static void
copy_free (Copy *copy)
{
  g_object_unref (copy->page);
  g_free (copy);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copy, copy_free)

static void
records_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Copy) copy = user_data;
  g_autoptr(GPtrArray) records = tvm_load_finish (TVM_STORE (object), result, NULL);
  const char *end = copy->is_csv ? "\r\n" : "\n";
  g_autoptr(GString) text = g_string_new (NULL);

  if (records == NULL || gtk_widget_get_root (GTK_WIDGET (copy->page)) == NULL)
    return;
  for (guint i = 0; i <= records->len; i++)
    if (i == 0 || records->pdata[i - 1] != NULL)
      {
        g_autofree char *line =
          make_line (copy->page, i == 0 ? NULL : records->pdata[i - 1], copy->is_csv);

        g_string_append_printf (text, "%s%s", line, end);
      }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (copy->page)), text->str);
  tvm_ui_toast (copy->page->ui, _("Copied"));
}

/**
 * tvm_list_page_copy_cb:
 * @widget: a list page, of which rows are chosen, or whose flyout shows one, or one of whose rows
 *   has the focus
 * @action_name: "list.copy-row"
 * @parameter: "table" or "csv"
 *
 * The action: puts these rows on the clipboard, below the titles of their columns.
 */
void
tvm_list_page_copy_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  g_autoptr(GArray) keys = tvm_list_page_dup_chosen (self);
  gint64 key = self->open_key != 0
    ? self->open_key : tvm_row_list_get_key (self->rows, tvm_list_page_focused_position (self));
  Copy *copy;

  if (keys->len == 0 && key != 0)
    g_array_append_val (keys, key);
  if (keys->len == 0)
    return;
  if (keys->len > MAX_ROWS)
    {
      tvm_ui_toast (self->ui, _("These are too many rows to copy: export them instead"));
      return;
    }
  copy = g_new0 (Copy, 1);
  copy->page = g_object_ref (self);
  copy->is_csv = g_str_equal (g_variant_get_string (parameter, NULL), "csv");
  tvm_records_load_async (self->ui->store, self->spec->kind, keys, NULL, records_loaded_cb, copy);
}
