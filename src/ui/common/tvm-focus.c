/* tvm-focus.c: Tab goes to what does something, and all round a window: GTK stops at each row of a
 * list, also at one that only says something. The arrow keys go to these, so that they can be read
 * out. Main thread.
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

/* Where what had the focus was taken away, GTK leaves the way to it behind. Once a part of that is
 * hidden it finds nothing else there, and Tab goes round in what is beside: in a toast. */
static void
forget_old_way (GtkWidget *widget, GtkWidget *focus)
{
  GtkWidget *way = gtk_widget_get_focus_child (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    forget_old_way (child, focus);
  if (way != NULL && (!gtk_widget_get_mapped (way) ||
                      (focus != NULL && focus != way && !gtk_widget_is_ancestor (focus, way))))
    gtk_widget_set_focus_child (widget, NULL);
}

static gboolean
focus (GtkWidget *window, GtkDirectionType direction)
{
  GtkWidget *old_focus = gtk_root_get_focus (GTK_ROOT (window));
  GtkWidgetClass *parent_class = g_type_class_peek_parent (GTK_WIDGET_GET_CLASS (window));
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  gboolean has_moved;

  if (old_focus != NULL && !gtk_widget_is_ancestor (old_focus, window))
    old_focus = NULL;
  forget_old_way (window, old_focus);
  has_moved = parent_class->focus (window, direction);
  for (guint i = 0; i < MOST_ROWS && is_tab && has_moved &&
       tvm_focus_is_dead (gtk_root_get_focus (GTK_ROOT (window))); i++)
    has_moved = parent_class->focus (window, direction);
  return has_moved;
}

/**
 * tvm_focus_skip_dead_rows:
 * @klass: a class of windows that none is derived from, in its class_init
 *
 * Has Tab pass the rows that do nothing, and what is hidden.
 */
void
tvm_focus_skip_dead_rows (GtkWidgetClass *klass)
{
  klass->focus = focus;
}
