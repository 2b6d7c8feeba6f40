/* tvm-list-columns.c: which columns of a table show: the menu, the memory (a setting of the
 * profile, which a worker reads and writes), and the room there is. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-columns.h"
#include <glib/gi18n-lib.h>

#define FIRST_MIN_WIDTH 240  /* px, of the column that takes what is left */

/* The menu's state; lives as long as the menu. */
typedef struct {
  const TvmListSpec *spec;
  TvmStore *store;        /* (owned) */
  GPtrArray *checks;      /* of GtkCheckButton, borrowed, in the order of the columns */
  GPtrArray *columns;     /* of GtkColumnViewColumn, in that order too */
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
columns_menu_free (gpointer data)
{
  ColumnsMenu *menu = data;

  g_cancellable_cancel (menu->cancellable);
  g_object_unref (menu->cancellable);
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

/* A chosen column shows while there is room; the last ones give way first, and come back by
 * themselves. */
static void
update_visible (ColumnsMenu *menu)
{
  int left = menu->width > 0 ? menu->width - FIRST_MIN_WIDTH : G_MAXINT;
  gboolean has_room = TRUE;

  for (guint i = 1; i < menu->spec->n_columns; i++)
    {
      gboolean is_chosen = gtk_check_button_get_active (menu->checks->pdata[i]);

      if (is_chosen)
        {
          has_room = has_room && menu->spec->columns[i].width <= left;
          left -= menu->spec->columns[i].width;
        }
      gtk_column_view_column_set_visible (menu->columns->pdata[i], is_chosen && has_room);
    }
  gtk_widget_set_visible (menu->hint, !has_room);
}

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

  menu->spec = spec;
  menu->store = g_object_ref (store);
  menu->checks = g_ptr_array_new ();
  menu->columns = g_ptr_array_new_with_free_func (g_object_unref);
  menu->cancellable = g_cancellable_new ();
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
 * Leaves out the chosen columns that would squeeze the first one. The choice itself stays as it is.
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
