/* tvm-focus.c: Tab goes to what does something: GTK stops at each row of a list, also at one that
 * only says something. The arrow keys go to these, so that they can be read out. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-focus.h"

#define MOST_ROWS 1000  /* that do nothing, between two that do something */

/**
 * tvm_focus_is_dead:
 * @focus: (nullable): what has the focus
 *
 * Returns: whether it is a row that does nothing
 */
gboolean
tvm_focus_is_dead (GtkWidget *focus)
{
  GtkWidget *list;

  if (!GTK_IS_LIST_BOX_ROW (focus) ||
      gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (focus)))
    return FALSE;
  list = gtk_widget_get_parent (focus);
  return !gtk_list_box_row_get_selectable (GTK_LIST_BOX_ROW (focus)) ||
         (GTK_IS_LIST_BOX (list) &&
          gtk_list_box_get_selection_mode (GTK_LIST_BOX (list)) == GTK_SELECTION_NONE);
}

static gboolean
focus (GtkWidget *window, GtkDirectionType direction)
{
  GtkWidgetClass *parent_class = g_type_class_peek_parent (GTK_WIDGET_GET_CLASS (window));
  gboolean has_moved = parent_class->focus (window, direction);
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  for (guint i = 0; i < MOST_ROWS && is_tab && has_moved &&
       tvm_focus_is_dead (gtk_root_get_focus (GTK_ROOT (window))); i++)
    has_moved = parent_class->focus (window, direction);
  return has_moved;
}

/**
 * tvm_focus_skip_dead_rows:
 * @klass: a class of windows that none is derived from, in its class_init
 *
 * Has Tab pass the rows that do nothing.
 */
void
tvm_focus_skip_dead_rows (GtkWidgetClass *klass)
{
  klass->focus = focus;
}
