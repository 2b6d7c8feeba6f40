/* tvm-list-columns.c: which columns of a table show: the menu, the memory (a setting of the
 * profile, which a worker reads and writes), and the room there is. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-columns.h"
#include "tvm-list-width.h"
#include <glib/gi18n-lib.h>

#define FIRST_MIN_WIDTH 240  /* px, of the column that takes what is left, at text of 100 % */
#define FIRST_WANTED 330     /* px: for its words other columns give way up to here */
#define CELL_PADDING 18      /* px, in style.css */
#define FIRST_PADDING 27
#define NEW_IN_A_FRAME 2     /* columns: their cells in all rows are made anew */

/* What gives way last comes first, in every list: how bad it is, until when, how much is left;
 * columns that are not named go before all these. */
static const char *const importance[] = {
  "threats", "known-exploited", "severity", "exposure", "status", "due", "ends", "progress",
  "exposed", "devices", "priority", "ticket", "exploit", "risk", "recommendations", "cvss",
  "impact", "weaknesses", "group", "os", "scope", "justification", "epss",
};

/* The menu's state; lives as long as the menu. */
typedef struct {
  const TvmListSpec *spec;
  TvmStore *store;        /* (owned) */
  GPtrArray *checks;      /* of GtkCheckButton, borrowed, in the order of the columns */
  GPtrArray *columns;     /* of GtkColumnViewColumn, in that order too */
  GPtrArray *titles;      /* of GtkWidget, borrowed: the headers, in that order too */
  GArray *order;          /* of guint: the columns but the first, the most important one first */
  int *given;             /* px of each column, 0: none yet; another width is the person's */
  guint fit_id;           /* idle source */
  GtkWidget *header;      /* (nullable) (weak): of the first column */
  guint grow_id;          /* its tick callback, which shows columns that are to come back */
  GtkWidget *hint;        /* shows while a chosen column has no room */
  int width;              /* of the table, 0: not known yet */
  GCancellable *cancellable;
  gboolean is_restoring;
} ColumnsMenu;

typedef struct {
  char *key;
  char *value;            /* (nullable): to read */
} SettingData;

static void
stop_growing (ColumnsMenu *menu)
{
  if (menu->header != NULL && menu->grow_id != 0)
    gtk_widget_remove_tick_callback (menu->header, menu->grow_id);
  menu->grow_id = 0;
}

static void
columns_menu_free (gpointer data)
{
  ColumnsMenu *menu = data;

  g_clear_handle_id (&menu->fit_id, g_source_remove);
  stop_growing (menu);
  g_clear_weak_pointer (&menu->header);
  for (guint i = 0; i < menu->columns->len; i++)
    {
      GtkListItemFactory *factory = gtk_column_view_column_get_factory (menu->columns->pdata[i]);

      if (factory != NULL)
        tvm_list_width_follow (factory, NULL, NULL);
    }
  g_cancellable_cancel (menu->cancellable);
  g_object_unref (menu->cancellable);
  g_ptr_array_unref (menu->titles);
  g_array_unref (menu->order);
  g_free (menu->given);
  g_ptr_array_unref (menu->checks);
  g_ptr_array_unref (menu->columns);
  g_object_unref (menu->store);
  g_free (menu);
}

static void
setting_data_free (gpointer data)
{
  SettingData *setting = data;

  g_free (setting->key);
  g_free (setting->value);
  g_free (setting);
}

static void
setting_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  SettingData *data = task_data;
  GError *error = NULL;

  if (data->value == NULL)
    {
      char *value = tvm_store_get_setting (source, data->key, &error);

      if (error != NULL)
        g_task_return_error (task, error);
      else
        g_task_return_pointer (task, value, g_free);
    }
  else if (tvm_store_set_setting (source, data->key, data->value, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static void
run_setting (ColumnsMenu *menu, char *take_value, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (menu->store, cancellable, callback, user_data);
  SettingData *data = g_new0 (SettingData, 1);

  data->key = g_strdup_printf ("ui-columns-%s", menu->spec->word);
  data->value = take_value;
  g_task_set_source_tag (task, run_setting);
  g_task_set_task_data (task, data, setting_data_free);
  g_task_run_in_thread (task, setting_thread);
}

/* ---- the room there is */

static int
get_wanted (ColumnsMenu *menu, guint i)
{
  GtkColumnViewColumn *column = menu->columns->pdata[i];
  int cells = tvm_list_width_get (gtk_column_view_column_get_factory (column));
  GtkWidget *title = gtk_widget_get_first_child (menu->titles->pdata[i]);
  int header = 0, fixed = gtk_column_view_column_get_fixed_width (column);

  if (i > 0 && menu->given[i] > 0 && fixed > 0 && fixed != menu->given[i])
    return fixed;  /* somebody drew it to that width */
  if (title != NULL)
    gtk_widget_measure (title, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &header, NULL, NULL);
  if (cells == 0)
    cells = (int) (menu->spec->columns[i].width *
                   tvm_list_width_scale (menu->titles->pdata[i])) - CELL_PADDING;
  return MAX (header, cells) + (i > 0 ? CELL_PADDING : FIRST_PADDING);
}

/* What a column needs at least: long words may be cut for a column that else had no room. */
static int
get_needed (ColumnsMenu *menu, guint i, int wanted, double scale)
{
  if (i == 0)
    return (int) (CLAMP (wanted, FIRST_MIN_WIDTH * scale, FIRST_WANTED * scale));
  return MIN (wanted, (int) (MAX (menu->spec->columns[i].width, 150) * scale));
}

/* GTK 4.8 keeps room for the fixed width of hidden columns. */
static void
show_column (ColumnsMenu *menu, guint i, int width)
{
  GtkColumnViewColumn *column = menu->columns->pdata[i];
  int fixed = gtk_column_view_column_get_fixed_width (column);
  gboolean is_persons = width > 0 && menu->given[i] > 0 && fixed > 0 && fixed != menu->given[i];

  gtk_column_view_column_set_visible (column, width > 0);
  if (is_persons)
    return;
  if (fixed != (width > 0 ? width : -1))
    gtk_column_view_column_set_fixed_width (column, width > 0 ? width : -1);
  menu->given[i] = width;
}

/* First what is cut gets what it wants, then all share what is free. */
static void
share_free (ColumnsMenu *menu, int *widths, int left)
{
  guint n_shown = 1;
  int first = MIN (left, MAX (0, get_wanted (menu, 0) - widths[0]));

  left -= first;
  for (guint i = 0; i < menu->order->len; i++)
    {
      guint at = g_array_index (menu->order, guint, i);
      int more = widths[at] > 0 ? MIN (left, get_wanted (menu, at) - widths[at]) : 0;

      widths[at] += more;
      left -= more;
      n_shown += widths[at] > 0;
    }
  for (guint i = 1; i < menu->spec->n_columns; i++)
    if (widths[i] > 0)
      widths[i] += MIN (left / (int) n_shown, widths[i]);
}

static void update_visible (ColumnsMenu *menu);

static gboolean
grow_cb (GtkWidget *header, GdkFrameClock *clock, gpointer user_data)
{
  update_visible (user_data);
  return G_SOURCE_CONTINUE;  /* until all of them show */
}

/* What is in sight gets few new columns in each frame, so that none takes long. */
static void
show_columns (ColumnsMenu *menu, const int *widths)
{
  gboolean is_seen = menu->header != NULL && gtk_widget_get_mapped (menu->header);
  int n_new = menu->grow_id != 0 ? NEW_IN_A_FRAME : 0;
  gboolean is_whole = TRUE;

  for (guint i = 1; i < menu->spec->n_columns; i++)
    if (!is_seen || widths[i] == 0 || n_new > 0 ||
        gtk_column_view_column_get_visible (menu->columns->pdata[i]))
      {
        n_new -= widths[i] > 0 && !gtk_column_view_column_get_visible (menu->columns->pdata[i]);
        show_column (menu, i, widths[i]);
      }
    else
      is_whole = FALSE;
  if (is_whole)
    stop_growing (menu);
  else if (menu->grow_id == 0)
    menu->grow_id = gtk_widget_add_tick_callback (menu->header, grow_cb, menu, NULL);
}

/* A chosen column shows while there is room; the least important ones give way first, and come back
 * by themselves. */
static void
update_visible (ColumnsMenu *menu)
{
  double scale = tvm_list_width_scale (menu->titles->pdata[0]);
  g_autofree int *widths = g_new0 (int, menu->spec->n_columns);
  int left = menu->width;
  gboolean has_room = TRUE;

  g_clear_handle_id (&menu->fit_id, g_source_remove);
  widths[0] = get_needed (menu, 0, get_wanted (menu, 0), scale);
  left -= widths[0];
  for (guint i = 0; i < menu->order->len; i++)
    {
      guint at = g_array_index (menu->order, guint, i);
      int needed = get_needed (menu, at, get_wanted (menu, at), scale);

      if (!gtk_check_button_get_active (menu->checks->pdata[at]))
        continue;
      has_room = has_room && (menu->width == 0 || needed <= left);
      widths[at] = has_room ? needed : 0;
      left -= widths[at];
    }
  if (menu->width > 0 && left > 0)
    share_free (menu, widths, left);
  show_columns (menu, widths);
  gtk_widget_set_visible (menu->hint, !has_room);
}

static gboolean
fit_idle_cb (gpointer user_data)
{
  ColumnsMenu *menu = user_data;

  menu->fit_id = 0;
  update_visible (menu);
  return G_SOURCE_REMOVE;
}

/* Cells are filled while the table is laid out: before it is drawn the columns are, too. */
static void
wider_cb (ColumnsMenu *menu)
{
  if (menu->fit_id == 0 && menu->width > 0)
    menu->fit_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fit_idle_cb, menu, NULL);
}

static guint
get_rank (const char *id)
{
  guint rank = 0;

  while (rank < G_N_ELEMENTS (importance) && !g_str_equal (importance[rank], id))
    rank++;
  return rank;
}

static void
add_column (ColumnsMenu *menu, GtkColumnViewColumn *column, guint i)
{
  const TvmListColumn *entries = menu->spec->columns;
  guint place = 0;

  tvm_list_width_follow (gtk_column_view_column_get_factory (column), G_CALLBACK (wider_cb), menu);
  if (i == 0)
    return;
  while (place < menu->order->len &&
         get_rank (entries[g_array_index (menu->order, guint, place)].id) <=
           get_rank (entries[i].id))
    place++;
  g_array_insert_val (menu->order, place, i);
}

/* ---- the menu and its memory */

static void
setting_written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL)
    g_debug ("Columns not remembered: %s", error->message);
}

static void
setting_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *value = g_task_propagate_pointer (G_TASK (result), &error);
  ColumnsMenu *menu = user_data;
  g_auto(GStrv) words = NULL;

  if (value == NULL)
    return;  /* nothing remembered, or cancelled with the menu */
  words = g_strsplit (value, " ", -1);
  menu->is_restoring = TRUE;
  for (guint i = 1; i < menu->spec->n_columns; i++)
    gtk_check_button_set_active (
      menu->checks->pdata[i],
      g_strv_contains ((const char *const *) words, menu->spec->columns[i].id));
  menu->is_restoring = FALSE;
  update_visible (menu);
}

static void
check_toggled_cb (GtkCheckButton *check, ColumnsMenu *menu)
{
  g_autoptr(GString) words = g_string_new ("");

  if (menu->is_restoring)
    return;
  update_visible (menu);
  for (guint i = 0; i < menu->spec->n_columns; i++)
    if (gtk_check_button_get_active (menu->checks->pdata[i]))
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", menu->spec->columns[i].id);
  run_setting (menu, g_strdup (words->str), NULL, setting_written_cb, NULL);
}

/**
 * tvm_list_columns_menu_new:
 * @table: a table whose columns are those of @spec, in that order
 * @spec: the list's table
 * @store: where the choice is remembered
 *
 * Returns: (transfer floating): the content of a popover; the first column always shows
 */
GtkWidget *
tvm_list_columns_menu_new (GtkColumnView *table, const TvmListSpec *spec, TvmStore *store)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GListModel *columns = gtk_column_view_get_columns (table);
  ColumnsMenu *menu = g_new0 (ColumnsMenu, 1);
  GtkWidget *title =
    gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (table)));

  menu->spec = spec;
  menu->store = g_object_ref (store);
  menu->checks = g_ptr_array_new ();
  menu->columns = g_ptr_array_new_with_free_func (g_object_unref);
  menu->titles = g_ptr_array_new ();
  menu->order = g_array_new (FALSE, FALSE, sizeof (guint));
  menu->given = g_new0 (int, spec->n_columns);
  menu->cancellable = g_cancellable_new ();
  g_set_weak_pointer (&menu->header, title);
  for (guint i = 0; i < spec->n_columns; i++)
    {
      GtkColumnViewColumn *column = g_list_model_get_item (columns, i);
      GtkWidget *check = gtk_check_button_new_with_label (_(spec->columns[i].title));

      gtk_widget_set_sensitive (check, i > 0);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                                   gtk_column_view_column_get_visible (column));
      g_signal_connect (check, "toggled", G_CALLBACK (check_toggled_cb), menu);
      g_ptr_array_add (menu->checks, check);
      g_ptr_array_add (menu->columns, column);
      g_ptr_array_add (menu->titles, title);
      title = gtk_widget_get_next_sibling (title);
      add_column (menu, column, i);
      gtk_box_append (GTK_BOX (box), check);
    }
  menu->hint = gtk_label_new (_("Some have no room now. They come back when the list is wider."));
  gtk_label_set_wrap (GTK_LABEL (menu->hint), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (menu->hint), 24);
  gtk_label_set_xalign (GTK_LABEL (menu->hint), 0);
  gtk_widget_add_css_class (menu->hint, "dim-label");
  gtk_widget_add_css_class (menu->hint, "caption");
  gtk_widget_set_visible (menu->hint, FALSE);
  gtk_box_append (GTK_BOX (box), menu->hint);
  g_object_set_data_full (G_OBJECT (box), "tvm-columns-menu", menu, columns_menu_free);
  run_setting (menu, NULL, menu->cancellable, setting_read_cb, menu);
  return box;
}

/**
 * tvm_list_columns_menu_fit:
 * @menu: a widget of tvm_list_columns_menu_new()
 * @width: how wide the table is
 *
 * Gives each column what its words want and a share of what is free, and leaves out the least
 * important of the chosen ones where there is too little. The choice itself stays as it is.
 */
void
tvm_list_columns_menu_fit (GtkWidget *menu, int width)
{
  ColumnsMenu *state = g_object_get_data (G_OBJECT (menu), "tvm-columns-menu");

  g_return_if_fail (state != NULL);

  if (state->width == width)
    return;
  state->width = width;
  update_visible (state);
}
