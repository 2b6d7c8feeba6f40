/* tvm-list-table.c: builds the columns of a table and reads how it is sorted. The store sorts: a
 * column's sorter is there for its header and only tells that it was asked. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-table.h"
#include "tvm-list-cells.h"
#include "tvm-list-headers.h"
#include "tvm-list-width.h"
#include "tvm-row-list.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

/* Who answered first when the table's sorter was asked; main thread only. */
static const char *asked_sort;

/* A list names its rows by nothing (GTK 4.8): a screen reader tells the name of a class. */
static void
name_row (GtkWidget *child, const TvmListColumn *column, gconstpointer record)
{
  g_autofree char *words = column->make_words (record);
  GtkWidget *row = child;

  /* A new row is filled before it is in the list. */
  while (gtk_widget_get_parent (row) != NULL && !GTK_IS_LIST_VIEW (gtk_widget_get_parent (row)))
    row = gtk_widget_get_parent (row);
  tvm_toolkit_name (row, words);
}

/**
 * tvm_list_column_fill:
 * @column: a column
 * @cell: a cell of it
 * @record: what the row shows
 */
void
tvm_list_column_fill (const TvmListColumn *column, GtkWidget *cell, gconstpointer record)
{
  if (column->fill != NULL)
    column->fill (cell, record);
  else if (column->is_number)
    tvm_cell_set_number (cell, G_STRUCT_MEMBER (int, record, column->member));
  else
    tvm_cell_set_text (cell, G_STRUCT_MEMBER (const char *, record, column->member));
}

static void
fill_item (GtkListItem *item)
{
  const TvmListColumn *column = g_object_get_data (G_OBJECT (item), "tvm-column");
  TvmListChoice *choice = g_object_get_data (G_OBJECT (item), "tvm-choice");
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = choice != NULL ? gtk_widget_get_last_child (child) : child;
  TvmRow *row = gtk_list_item_get_item (item);
  gconstpointer record = row != NULL ? tvm_row_get_record (row) : NULL;

  /* Not by its visibility, which would lay out the whole table anew. */
  gtk_widget_set_opacity (cell, record != NULL);
  if (record != NULL)
    {
      tvm_list_column_fill (column, cell, record);
      tvm_list_width_note (g_object_get_data (G_OBJECT (item), "tvm-factory"), cell);
      if (column->make_words != NULL)
        name_row (child, column, record);
    }
  if (choice != NULL)
    tvm_list_choice_show_row (child, row);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const TvmListColumn *column = user_data;
  TvmListChoice *choice = g_object_get_data (G_OBJECT (factory), "tvm-choice");
  GtkWidget *cell = column->create ();

  g_object_set_data (G_OBJECT (item), "tvm-column", user_data);
  g_object_set_data_full (G_OBJECT (item), "tvm-factory", g_object_ref (factory), g_object_unref);
  if (choice != NULL)
    g_object_set_data_full (G_OBJECT (item), "tvm-choice", g_object_ref (choice), g_object_unref);
  gtk_list_item_set_child (item, choice != NULL ? tvm_list_choice_wrap (choice, cell) : cell);
  g_object_set_data (G_OBJECT (gtk_list_item_get_child (item)), "tvm-item", item);
}

/* GTK 4.8: a cell takes a click as its row does, which would select and unselect again. */
static void
setup_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_selectable (item, FALSE);
}

static void
row_changed_cb (TvmRow *row, GtkListItem *item)
{
  fill_item (item);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  g_signal_connect (gtk_list_item_get_item (item), "changed", G_CALLBACK (row_changed_cb), item);
  fill_item (item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), row_changed_cb, item);
  if (g_object_get_data (G_OBJECT (item), "tvm-choice") != NULL)
    tvm_list_choice_show_row (gtk_list_item_get_child (item), NULL);
}

/* A column that is sorted anew begins with what is urgent, which may be the largest: GTK begins
 * with the smallest. */
static void
sorted_cb (GtkColumnView *table)
{
  const TvmListSpec *spec = g_object_get_data (G_OBJECT (table), "tvm-spec");
  gboolean is_descending;
  const char *sort = tvm_list_table_get_sort (table, &is_descending);
  gboolean is_new = g_object_get_data (G_OBJECT (table), "tvm-sort") != sort;

  g_object_set_data (G_OBJECT (table), "tvm-sort", (gpointer) sort);
  if (!is_new || is_descending || !tvm_sort_is_largest_first (spec->kind, sort))
    return;
  g_signal_stop_emission_by_name (gtk_column_view_get_sorter (table), "changed");
  tvm_list_table_sort_by (table, sort, GTK_SORT_DESCENDING);
}

static int
asked_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const TvmListColumn *column = user_data;

  asked_sort = column->sort;
  return -1;
}

/* A column's header starts its words at the start: numbers want them at the end, arrow first. */
static void
align_headers (GtkColumnView *table, const TvmListSpec *spec)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (table));
  GtkWidget *title = gtk_widget_get_first_child (header);

  for (guint i = 0; i < spec->n_columns && title != NULL; i++)
    {
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (spec->columns[i].is_number && GTK_IS_BOX (box))
        {
          gtk_widget_set_halign (box, GTK_ALIGN_END);
          gtk_box_reorder_child_after (GTK_BOX (box), gtk_widget_get_first_child (box),
                                       gtk_widget_get_last_child (box));
        }
      title = gtk_widget_get_next_sibling (title);
    }
}

/**
 * tvm_list_table_factory_new:
 * @column: the cell's table entry, which must outlive the factory
 * @choice: (nullable): puts a check box before the cell while rows are chosen
 *
 * Returns: (transfer full): makes and fills cells, and fills them again when their row changes
 */
GtkListItemFactory *
tvm_list_table_factory_new (const TvmListColumn *column, TvmListChoice *choice)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  if (choice != NULL)
    g_object_set_data_full (G_OBJECT (factory), "tvm-choice", g_object_ref (choice),
                            g_object_unref);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) column);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), (gpointer) column);
  return factory;
}

/**
 * tvm_list_table_add_columns:
 * @table: a table without columns
 * @spec: the list's table
 * @choice: (nullable): of its rows, whose check boxes are in the first column
 */
void
tvm_list_table_add_columns (GtkColumnView *table, const TvmListSpec *spec, TvmListChoice *choice)
{
  for (guint i = 0; i < spec->n_columns; i++)
    {
      const TvmListColumn *entry = &spec->columns[i];
      GtkListItemFactory *factory = tvm_list_table_factory_new (entry, i == 0 ? choice : NULL);
      g_autoptr(GtkColumnViewColumn) column =
        gtk_column_view_column_new (_(entry->title), factory);

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cell_cb), NULL);
      g_object_set_data (G_OBJECT (column), "tvm-column", (gpointer) entry);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, entry->width == 0);
      gtk_column_view_column_set_visible (column, !entry->is_hidden);
      if (entry->sort != NULL)
        {
          g_autoptr(GtkSorter) sorter =
            GTK_SORTER (gtk_custom_sorter_new (asked_cb, (gpointer) entry, NULL));

          gtk_column_view_column_set_sorter (column, sorter);
          g_object_set_data (G_OBJECT (column), "tvm-sort", (gpointer) entry->sort);
        }
      gtk_column_view_append_column (table, column);
    }
  align_headers (table, spec);
  g_object_set_data (G_OBJECT (table), "tvm-spec", (gpointer) spec);
  g_signal_connect_object (gtk_column_view_get_sorter (table), "changed", G_CALLBACK (sorted_cb),
                           table, G_CONNECT_SWAPPED);
  tvm_list_headers_set_up (table);
}

/**
 * tvm_list_table_get_sort:
 * @table: a table of tvm_list_table_add_columns()
 * @out_descending: (out): the direction
 *
 * GTK 4.8 does not tell the sorted column; the first column asked to compare is the one.
 *
 * Returns: (nullable): the store's sort word; %NULL: the natural order
 */
const char *
tvm_list_table_get_sort (GtkColumnView *table, gboolean *out_descending)
{
  g_autoptr(GObject) a = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr(GObject) b = g_object_new (G_TYPE_OBJECT, NULL);

  asked_sort = NULL;
  *out_descending =
    gtk_sorter_compare (gtk_column_view_get_sorter (table), a, b) == GTK_ORDERING_LARGER;
  return asked_sort;
}

/**
 * tvm_list_table_sort_by:
 * @table: a table of tvm_list_table_add_columns()
 * @sort: (nullable): the store's sort word of one of its columns; %NULL: the natural order
 * @direction: the direction
 *
 * Sorts by it, as clicks on the column's header do: a column that is sorted anew begins with what
 * is urgent, whatever @direction says.
 */
void
tvm_list_table_sort_by (GtkColumnView *table, const char *sort, GtkSortType direction)
{
  GListModel *columns = gtk_column_view_get_columns (table);

  if (sort == NULL)
    gtk_column_view_sort_by_column (table, NULL, direction);
  for (guint i = 0; sort != NULL && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      /* People move columns: their place is not that in the table of the list. */
      if (g_strcmp0 (g_object_get_data (G_OBJECT (column), "tvm-sort"), sort) == 0)
        {
          gtk_column_view_sort_by_column (table, column, direction);
          return;
        }
    }
}

/**
 * tvm_list_table_position_of:
 * @list: a table or list whose cells are of tvm_list_table_factory_new()
 * @widget: (nullable): something in it: a row, or a part of one
 *
 * Returns: the row's position, or %GTK_INVALID_LIST_POSITION
 */
guint
tvm_list_table_position_of (GtkWidget *list, GtkWidget *widget)
{
  for (; widget != NULL && !GTK_IS_LIST_VIEW (widget) && widget != list;
       widget = gtk_widget_get_parent (widget))
    for (GtkWidget *cell = widget; cell != NULL; cell = gtk_widget_get_first_child (cell))
      {
        GtkListItem *item = g_object_get_data (G_OBJECT (cell), "tvm-item");

        if (item != NULL)
          return gtk_list_item_get_position (item);
      }
  return GTK_INVALID_LIST_POSITION;
}

/**
 * tvm_list_table_get_list:
 * @table: a table
 *
 * Returns: (transfer none): what its rows are in, below the headers
 */
GtkWidget *
tvm_list_table_get_list (GtkColumnView *table)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (table));

  while (!GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/**
 * tvm_list_table_scroll_to:
 * @table: a table
 * @position: the row to bring on screen
 */
void
tvm_list_table_scroll_to (GtkColumnView *table, guint position)
{
  /* GTK 4.8: the table has no way of its own, the list inside has an action. */
  gtk_widget_activate_action (tvm_list_table_get_list (table), "list.scroll-to-item", "u",
                              position);
}
