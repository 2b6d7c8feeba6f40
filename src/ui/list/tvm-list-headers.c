/* tvm-list-headers.c: the headers of a table from the keyboard: Tab leads to them, the arrow keys
 * go from one to the next, Enter and Space sort by one. GTK's own answer to a mouse alone. From a
 * newer GTK's headers Tab does not lead on into the list: there they stay the mouse's, and the
 * form behind the filter button sorts. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-headers.h"
#include "tvm-list-keys.h"
#include "tvm-list-table.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static GtkWidget *
get_headers (GtkColumnView *table)
{
  return gtk_widget_get_first_child (GTK_WIDGET (table));
}

/* The headers stand in the order of their columns, those of hidden ones too. */
static GtkColumnViewColumn *
find_column (GtkColumnView *table, GtkWidget *title)
{
  GListModel *columns = gtk_column_view_get_columns (table);
  GtkWidget *at = gtk_widget_get_first_child (get_headers (table));

  for (guint i = 0; at != NULL; i++, at = gtk_widget_get_next_sibling (at))
    if (at == title)
      return g_list_model_get_item (columns, i);
  return NULL;
}

/* Says which one the table is sorted by. */
static void
describe (GtkColumnView *table)
{
  GtkWidget *title = gtk_widget_get_first_child (get_headers (table));
  gboolean is_descending;
  const char *sorted = tvm_list_table_get_sort (table, &is_descending);

  for (; title != NULL; title = gtk_widget_get_next_sibling (title))
    {
      g_autoptr(GtkColumnViewColumn) column = find_column (table, title);
      const char *sort = column != NULL ? g_object_get_data (G_OBJECT (column), "tvm-sort") : NULL;
      gboolean is_sorted = sort != NULL && g_strcmp0 (sort, sorted) == 0;

      gtk_accessible_update_property (GTK_ACCESSIBLE (title),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      !is_sorted ? "" : is_descending ? _("Descending")
                                                                      : _("Ascending"),
                                      GTK_ACCESSIBLE_PROPERTY_SORT,
                                      !is_sorted ? GTK_ACCESSIBLE_SORT_NONE
                                        : is_descending ? GTK_ACCESSIBLE_SORT_DESCENDING
                                                        : GTK_ACCESSIBLE_SORT_ASCENDING, -1);
    }
}

#if !GTK_CHECK_VERSION (4, 10, 0)
static void
sort_by (GtkColumnView *table, GtkWidget *title)
{
  g_autoptr(GtkColumnViewColumn) column = find_column (table, title);
  const char *sort = column != NULL ? g_object_get_data (G_OBJECT (column), "tvm-sort") : NULL;
  gboolean is_descending;
  gboolean is_sorted = g_strcmp0 (tvm_list_table_get_sort (table, &is_descending), sort) == 0;

  if (sort != NULL)
    tvm_list_table_sort_by (table, sort, is_sorted && !is_descending ? GTK_SORT_DESCENDING
                                                                     : GTK_SORT_ASCENDING);
}

static gboolean
focus_next (GtkWidget *title, gboolean is_forward)
{
  do
    title = is_forward ? gtk_widget_get_next_sibling (title) : gtk_widget_get_prev_sibling (title);
  while (title != NULL && !gtk_widget_get_mapped (title));
  return title == NULL || gtk_widget_grab_focus (title);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                GtkColumnView *table)
{
  GtkWidget *headers = get_headers (table), *title = gtk_widget_get_focus_child (headers);
  gboolean is_rtl = gtk_widget_get_direction (headers) == GTK_TEXT_DIR_RTL;

  if (title == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return focus_next (title, is_rtl);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return focus_next (title, !is_rtl);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return gtk_widget_grab_focus (tvm_list_table_get_list (table));
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
      sort_by (table, title);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
let_keys_reach (GtkColumnView *table)
{
  GtkWidget *headers = get_headers (table), *title = gtk_widget_get_first_child (headers);
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_set_can_focus (headers, TRUE);
  gtk_widget_set_focusable (headers, FALSE);
  for (; title != NULL; title = gtk_widget_get_next_sibling (title))
    gtk_widget_set_focusable (title, TRUE);
  tvm_list_let_tab_leave (headers);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), table, 0);
  gtk_widget_add_controller (headers, keys);
}
#endif

/**
 * tvm_list_headers_set_up:
 * @table: a table that has all its columns
 *
 * Lets the keyboard reach its headers, and sort by them; a screen reader is told their names and
 * the order.
 */
void
tvm_list_headers_set_up (GtkColumnView *table)
{
  GListModel *columns = gtk_column_view_get_columns (table);
  GtkWidget *title = gtk_widget_get_first_child (get_headers (table));

  for (guint i = 0; title != NULL; i++, title = gtk_widget_get_next_sibling (title))
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      tvm_toolkit_name (title, gtk_column_view_column_get_title (column));
    }
#if !GTK_CHECK_VERSION (4, 10, 0)
  let_keys_reach (table);
#endif
  g_signal_connect_object (gtk_column_view_get_sorter (table), "changed", G_CALLBACK (describe),
                           table, G_CONNECT_SWAPPED);
  describe (table);
}
