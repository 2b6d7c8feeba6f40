/* tvm-list-focus.c: where the focus of a list page is, and what its keys do. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keys.h"
#include "tvm-list-page-private.h"
#include "tvm-list-table.h"

#define FOCUS_TICKS 600  /* frames to wait for rows: ten seconds at most */

static void
show_popover_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  GtkMenuButton *button = g_str_equal (action_name, "list.show-columns") ? self->columns_button
                                                                         : self->filter_button;

  if (gtk_widget_get_mapped (GTK_WIDGET (button)))
    gtk_menu_button_popup (button);
}

static void
choose_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkToggleButton *button = TVM_LIST_PAGE (widget)->choose_button;

  if (gtk_widget_get_visible (GTK_WIDGET (button)))
    gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

/**
 * tvm_list_page_install_keys:
 * @klass: the page's class, in its class_init
 *
 * Installs what only keys do: the toolbar's buttons do it for a mouse.
 */
void
tvm_list_page_install_keys (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "list.choose", NULL, choose_cb);
  gtk_widget_class_install_action (klass, "list.show-filters", NULL, show_popover_cb);
  gtk_widget_class_install_action (klass, "list.show-columns", NULL, show_popover_cb);
  tvm_keys_bind (klass, "list.");
}

/**
 * tvm_list_page_add_keys:
 * @self: a new page
 *
 * Has the keys of its actions work, and its buttons tell them.
 */
void
tvm_list_page_add_keys (TvmListPage *self)
{
  tvm_keys_add (GTK_WIDGET (self), "list.");
  tvm_keys_tell_buttons (GTK_WIDGET (self));
  tvm_keys_tell (GTK_WIDGET (self->choose_button), "list.choose");
  tvm_keys_tell (GTK_WIDGET (self->filter_button), "list.show-filters");
  tvm_keys_tell (GTK_WIDGET (self->columns_button), "list.show-columns");
}

/**
 * tvm_list_page_focused_position:
 * @self: the page
 *
 * Returns: the position of the row that has the focus, or %GTK_INVALID_LIST_POSITION
 */
guint
tvm_list_page_focused_position (TvmListPage *self)
{
  GtkWidget *list = self->is_wide ? GTK_WIDGET (self->table) : GTK_WIDGET (self->narrow);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (list));

  return focus != NULL && tvm_list_page_has_row (self, focus)
           ? tvm_list_table_position_of (list, focus) : GTK_INVALID_LIST_POSITION;
}

/* A row on screen: that at a position, or the first one. */
static gboolean
focus_row (GtkWidget *list, guint position)
{
  GtkWidget *row = gtk_widget_get_first_child (list);

  for (; row != NULL; row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_get_mapped (row) &&
        (position == GTK_INVALID_LIST_POSITION ||
         tvm_list_table_position_of (list, row) == position))
      return gtk_widget_grab_focus (row);
  return FALSE;
}

/* Whether the focus is in the list then, or needs not be. */
static gboolean
try_to_focus (TvmListPage *self)
{
  GtkWidget *list = self->is_wide ? tvm_list_table_get_list (self->table)
                                  : GTK_WIDGET (self->narrow);
  GtkRoot *root = gtk_widget_get_root (list);
  guint position;
  gboolean is_loading;

  /* Somebody types by now. */
  if (root == NULL || GTK_IS_TEXT (gtk_root_get_focus (root)))
    return TRUE;
  g_object_get (self->rows, "loading", &is_loading, NULL);
  if (is_loading || self->is_awaiting)
    return FALSE;
  if (self->is_listed && g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0)
    return TRUE;
  if (!gtk_widget_get_mapped (list))
    return FALSE;
  position = self->focus_key != 0 ? tvm_row_list_find_key (self->rows, self->focus_key)
                                  : GTK_INVALID_LIST_POSITION;
  /* A list knows which row had the focus last; before that it takes the focus itself. */
  if (position == GTK_INVALID_LIST_POSITION)
    return gtk_widget_grab_focus (list) && (gtk_root_get_focus (root) != list ||
                                            focus_row (list, GTK_INVALID_LIST_POSITION));
  tvm_growing_list_show_to (self->shown, position);
  gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
  return focus_row (list, position);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  if (self->n_focus_ticks > 0 && !try_to_focus (self) && --self->n_focus_ticks > 0)
    return G_SOURCE_CONTINUE;
  self->n_focus_ticks = 0;
  self->focus_key = 0;
  return G_SOURCE_REMOVE;
}

/**
 * tvm_list_page_focus_list:
 * @self: the page
 *
 * Gives the focus to the row that tvm_list_page_keep_focus() was told of, or that had it last, or
 * to the first; as soon as there are rows, unless somebody types by then.
 */
void
tvm_list_page_focus_list (TvmListPage *self)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  if (self->n_focus_ticks == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  self->n_focus_ticks = FOCUS_TICKS;
}

/**
 * tvm_list_page_has_row:
 * @self: the page
 * @focus: what has the focus
 *
 * Returns: whether it is a row of the list, or in one
 */
gboolean
tvm_list_page_has_row (TvmListPage *self, GtkWidget *focus)
{
  GtkWidget *list = self->is_wide ? GTK_WIDGET (self->table) : GTK_WIDGET (self->narrow);

  g_return_val_if_fail (TVM_IS_LIST_PAGE (self), FALSE);

  return gtk_widget_is_ancestor (focus, list) &&
         tvm_list_table_position_of (list, focus) != GTK_INVALID_LIST_POSITION;
}

/**
 * tvm_list_page_keep_focus:
 * @self: the page
 * @focus: (nullable): what had the focus
 *
 * Remembers the row that it is or is in, for when the list is another for a while.
 */
void
tvm_list_page_keep_focus (TvmListPage *self, GtkWidget *focus)
{
  GtkWidget *list = self->is_wide ? GTK_WIDGET (self->table) : GTK_WIDGET (self->narrow);
  guint position = focus != NULL && tvm_list_page_has_row (self, focus)
    ? tvm_list_table_position_of (list, focus) : GTK_INVALID_LIST_POSITION;
  g_autoptr(TvmRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  self->focus_key = row != NULL ? tvm_row_get_key (row) : 0;
}
