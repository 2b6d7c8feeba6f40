/* bench-list.c: the window's peer, as one writes it first: a GListStore of objects behind GTK's own filter
 * and sort models, and the cells that the Devices page has, of labels and icons. Prints the figures that bench-window prints. Usage:
 * bench-list DEVICES. Needs a display. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bench-frames.h"

#include <stdlib.h>

#define N_COLUMNS 9
#define OS 1            /* the column of two lines: the lower one stands behind all columns */
#define IS_MARK(column) ((column) == 3 || (column) == 4)  /* icon and words */
#define N_CELLS (N_COLUMNS + 1)

typedef struct
{
  GObject  parent_instance;
  char    *cells[N_CELLS];
} BenchRow;
typedef GObjectClass BenchRowClass;
GType bench_row_get_type (void);
G_DEFINE_FINAL_TYPE (BenchRow, bench_row, G_TYPE_OBJECT)

static void
bench_row_finalize (GObject *object)
{
  for (guint i = 0; i < N_CELLS; i++)
    g_free (((BenchRow *) object)->cells[i]);
  G_OBJECT_CLASS (bench_row_parent_class)->finalize (object);
}

static void
bench_row_class_init (BenchRowClass *klass)
{
  klass->finalize = bench_row_finalize;
}

static void
bench_row_init (BenchRow *self)
{
}

static char *
get_cell (BenchRow *row,
          gpointer  column)
{
  return g_strdup (row->cells[GPOINTER_TO_UINT (column)]);
}

static GListModel *
create_rows (guint n)
{
  GListStore *rows = g_list_store_new (bench_row_get_type ());

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GObject) object = g_object_new (bench_row_get_type (), NULL);
      BenchRow *row = (BenchRow *) object;

      row->cells[0] = g_strdup_printf ("desktop-%07u.contoso.example", i);
      row->cells[OS] = g_strdup (i % 9 == 0 ? "Windows Server 2022" : "Windows 11");
      row->cells[2] = g_strdup_printf ("Gruppe %u, Köln", i % 40);
      row->cells[3] = g_strdup ("Low");
      row->cells[4] = g_strdup ("Medium");
      row->cells[5] = g_strdup ("Active");
      row->cells[6] = g_strdup_printf ("%u Nov 2026", 1 + i % 30);
      row->cells[7] = g_strdup_printf ("%u", i % 17);
      row->cells[8] = g_strdup_printf ("%u", i % 3);
      row->cells[N_COLUMNS] = g_strdup_printf ("10.0.%u", i % 30000);
      g_list_store_append (rows, row);
    }
  return G_LIST_MODEL (rows);
}

static GtkWidget *
create_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  data)
{
  guint column = GPOINTER_TO_UINT (data);
  GtkWidget *words = create_label (), *cell = words;

  if (column == OS || IS_MARK (column))
    {
      cell = gtk_box_new (column == OS ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, 2);
      gtk_box_append (GTK_BOX (cell), column == OS ? create_label ()
                                                   : gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
      gtk_box_append (GTK_BOX (cell), words);
    }
  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  data)
{
  guint column = GPOINTER_TO_UINT (data);
  BenchRow *row = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item), *words = cell;

  if (GTK_IS_BOX (cell))
    words = column == OS ? gtk_widget_get_first_child (cell) : gtk_widget_get_last_child (cell);
  gtk_label_set_label (GTK_LABEL (words), row->cells[column]);
  if (column == OS)
    gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (cell)), row->cells[N_COLUMNS]);
}

static void
add_columns (GtkColumnView *table)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new ("Column", factory);
      g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_string_sorter_new (
        gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (get_cell),
                                     GUINT_TO_POINTER (i), NULL)));

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_append_column (table, column);
    }
}

static double
search (BenchFrames     *frames,
        GtkStringFilter *filter,
        const char      *text)
{
  gint64 start_us = g_get_monotonic_time ();

  gtk_string_filter_set_search (filter, text);
  return (bench_frames_wait_one (frames) - start_us) / 1000.0;
}

static double
sort (BenchFrames   *frames,
      GtkColumnView *table,
      guint          column)
{
  g_autoptr(GtkColumnViewColumn) chosen = g_list_model_get_item (gtk_column_view_get_columns (table), column);
  gint64 start_us = g_get_monotonic_time ();

  gtk_column_view_sort_by_column (table, chosen, GTK_SORT_DESCENDING);
  return (bench_frames_wait_one (frames) - start_us) / 1000.0;
}

/* The keys that the window gets. */
static void
print_hands (BenchFrames   *frames,
             GtkColumnView *table)
{
  g_print (" typed=%.1f", bench_frames_press (frames, "4 2 1"));
  g_print (" left=%.1f", bench_frames_press (frames, "BackSpace BackSpace BackSpace"));
  gtk_widget_child_focus (GTK_WIDGET (table), GTK_DIR_TAB_FORWARD);
  g_print (" paged=%.1f", bench_frames_press (frames, "Next Next Next Prior End Home"));
}

static void
search_changed_cb (GtkEditable     *entry,
                   GtkStringFilter *filter)
{
  gtk_string_filter_set_search (filter, gtk_editable_get_text (entry));
}

static void
print_figures (BenchFrames     *frames,
               GtkColumnView   *table,
               GtkStringFilter *filter,
               double           first_ms)
{
  double one, two, three, clear;

  bench_frames_rest (frames);
  one = search (frames, filter, "4");
  two = search (frames, filter, "42");
  three = search (frames, filter, "421");
  clear = search (frames, filter, NULL);
  g_print ("first=%.1f key=%.1f keys=%.1f clear=%.1f sort=%.1f ", first_ms, MAX (one, MAX (two, three)),
           one + two + three, clear, sort (frames, table, 2));
  bench_frames_print_scrolling (frames, GTK_SCROLLABLE (table));
  print_hands (frames, table);
  g_print (" memory=%.1f\n", bench_memory_mb ());
}

int
main (int   argc,
      char *argv[])
{
  gint64 start_us = g_get_monotonic_time ();
  GtkWidget *window, *box, *entry, *scroller, *table;
  GtkStringFilter *filter;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  BenchFrames *frames;

  g_return_val_if_fail (argc == 2, 2);
  gtk_init ();
  window = gtk_window_new ();
  scroller = gtk_scrolled_window_new ();
  table = gtk_column_view_new (NULL);
  filter = gtk_string_filter_new (gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                               G_CALLBACK (get_cell), NULL, NULL));
  filtered = gtk_filter_list_model_new (create_rows ((guint) atoi (argv[1])), GTK_FILTER (filter));
  add_columns (GTK_COLUMN_VIEW (table));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                    g_object_ref (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (table))));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (table),
                             GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (sorted))));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), table);
  gtk_widget_set_vexpand (scroller, TRUE);
  entry = gtk_search_entry_new ();
  g_signal_connect (entry, "search-changed", G_CALLBACK (search_changed_cb), filter);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
  frames = bench_frames_new (window);
  print_figures (frames, GTK_COLUMN_VIEW (table), filter, (bench_frames_wait_one (frames) - start_us) / 1000.0);
  gtk_window_destroy (GTK_WINDOW (window));
  bench_frames_free (frames);
  return 0;
}
