/* tvm-list-open.c: which record of a list page is open: the flyout, the selected row, the room that
 * is left to the columns. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keys.h"
#include "tvm-list-columns.h"
#include "tvm-list-page-private.h"
#include "tvm-list-table.h"
#include "tvm-toolkit.h"

#define LIST_MIN_WIDTH 300  /* px, in the page's template */

/**
 * tvm_list_page_get_list_width:
 * @self: the page
 *
 * Returns: the width that the list has once the flyout has come or gone, which an animation does
 *   not know yet; 0 in a window that was never laid out
 */
int
tvm_list_page_get_list_width (TvmListPage *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->flap));

  /* Of a page that was never shown: it has its window to itself. */
  if (width == 0)
    width = gtk_widget_get_width (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  if (tvm_toolkit_is_flap_revealed (self->flap) && !tvm_toolkit_is_flap_folded (self->flap) &&
      width > FLYOUT_WIDTH + LIST_MIN_WIDTH)
    width -= FLYOUT_WIDTH + 1;  /* and a line between */
  return width;
}

/**
 * tvm_list_page_fit_columns:
 * @self: the page
 *
 * Gives the columns the width that the table has.
 */
void
tvm_list_page_fit_columns (TvmListPage *self)
{
  int width = gtk_widget_get_root (GTK_WIDGET (self)) != NULL
                ? tvm_list_page_get_list_width (self) : 0;

  if (width > 0)
    tvm_list_columns_menu_fit (self->columns_menu, width);
}

/* Does nothing on a page without one. A flyout that is hidden takes no focus. */
static void
set_revealed (TvmListPage *self, gboolean is_revealed)
{
  GtkWidget *flyout = tvm_toolkit_get_flap (self->flap);

  if (flyout == NULL)
    return;
  gtk_widget_set_can_focus (flyout, is_revealed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.close-flyout",
                                 is_revealed || tvm_list_page_is_choosing (self));
  tvm_toolkit_set_flap_revealed (self->flap, is_revealed);
  tvm_list_page_fit_columns (self);
}

/**
 * tvm_list_page_restore_selection:
 * @self: the page
 *
 * Selects the row of what the flyout shows, or none, without opening anything; for when the list or
 * what is open changed. The view scrolls to it once where tvm_list_page_open() wanted that.
 */
void
tvm_list_page_restore_selection (TvmListPage *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->open_key != 0)
    position = tvm_row_list_find_key (self->rows, self->open_key);
  if (position != GTK_INVALID_LIST_POSITION)
    tvm_growing_list_show_to (self->shown, position);
  tvm_list_selection_set_open (self->selection, self->open_key);
  if (self->is_scroll_wanted && position != GTK_INVALID_LIST_POSITION)
    {
      self->is_scroll_wanted = FALSE;
      tvm_list_table_scroll_to (self->table, position);
    }
}

/**
 * tvm_list_page_show_top:
 * @self: the page
 *
 * Scrolls to the first row. What is asked anew begins there; and where a list becomes shorter, GTK
 * (4.8) makes the rows anew that it shows behind the new end.
 */
void
tvm_list_page_show_top (TvmListPage *self)
{
  GtkScrollable *lists[] = { GTK_SCROLLABLE (self->table), GTK_SCROLLABLE (self->narrow) };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (lists[i]), 0);
}

/**
 * tvm_list_page_close_flyout:
 * @self: the page, which shows its list alone then, with the focus in it
 */
void
tvm_list_page_close_flyout (TvmListPage *self)
{
  GtkWidget *list = self->is_wide ? GTK_WIDGET (self->table) : GTK_WIDGET (self->narrow);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (list));

  if (!tvm_toolkit_is_flap_revealed (self->flap))
    return;
  tvm_list_page_drop_awaited (self);
  self->open_key = 0;
  tvm_list_page_restore_selection (self);
  set_revealed (self, FALSE);
  if (focus == NULL || !gtk_widget_is_ancestor (focus, list))
    tvm_list_page_focus_list (self);
}

static void
open_record (TvmListPage *self, TvmRow *row)
{
  self->open_key = tvm_row_get_key (row);
  self->is_scroll_wanted = FALSE;
  if (self->flyout != NULL)
    tvm_record_flyout_show (self->flyout, G_STRUCT_MEMBER (const char *, tvm_row_get_record (row),
                                                           self->spec->id));
  set_revealed (self, TRUE);
}

static void
awaited_changed_cb (TvmListPage *self)
{
  g_autoptr(TvmRow) row = NULL;

  if (self->awaited == NULL || tvm_row_get_record (self->awaited) == NULL)
    return;
  row = g_steal_pointer (&self->awaited);
  g_signal_handlers_disconnect_by_func (row, awaited_changed_cb, self);
  open_record (self, row);
}

/**
 * tvm_list_page_drop_awaited:
 * @self: the page
 *
 * Forgets the row that was to be opened as soon as its record is read, if there is one.
 */
void
tvm_list_page_drop_awaited (TvmListPage *self)
{
  if (self->awaited != NULL)
    g_signal_handlers_disconnect_by_func (self->awaited, awaited_changed_cb, self);
  g_clear_object (&self->awaited);
}

/**
 * tvm_list_page_open_position:
 * @self: the page
 * @position: of a row; where there is none nothing is opened
 *
 * Opens the row's record in the flyout, now or as soon as it was read; only what was asked for last
 * is opened.
 */
void
tvm_list_page_open_position (TvmListPage *self, guint position)
{
  g_autoptr(TvmRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  tvm_list_page_drop_awaited (self);
  if (row == NULL || tvm_toolkit_get_flap (self->flap) == NULL)
    return;
  if (tvm_row_get_record (row) != NULL)
    {
      open_record (self, row);
      return;
    }
  self->awaited = g_steal_pointer (&row);
  g_signal_connect_object (self->awaited, "changed", G_CALLBACK (awaited_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
opened_first_cb (TvmListPage *self)
{
  g_signal_handlers_disconnect_by_func (self->rows, opened_first_cb, self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0)
    tvm_list_page_open_position (self, 0);
}

/**
 * tvm_list_page_open_first:
 * @self: the page, whose search was just set
 *
 * Opens the first row that is found, once it is listed.
 */
void
tvm_list_page_open_first (TvmListPage *self)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  g_signal_connect_object (self->rows, "reloaded", G_CALLBACK (opened_first_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_activate_action (GTK_WIDGET (self), "list.reload", NULL);
}

static void
show_flyout (TvmListPage *self, gint64 key)
{
  tvm_list_page_stop_choosing (self);
  tvm_list_page_drop_awaited (self);
  self->is_scroll_wanted = self->is_scroll_wanted || key != self->open_key;
  self->open_key = key;
  set_revealed (self, TRUE);
  tvm_list_page_restore_selection (self);
  if (key != 0)
    tvm_list_page_show_menu (self);
}

static void
loaded_cb (TvmListPage *self, gint64 key)
{
  if (tvm_toolkit_is_flap_revealed (self->flap))
    show_flyout (self, key);
}

/**
 * tvm_list_page_set_flyout:
 * @self: the page
 * @flyout: shows the record of a row; it may use the page's actions
 */
void
tvm_list_page_set_flyout (TvmListPage *self, TvmRecordFlyout *flyout)
{
  GtkWidget *widget = GTK_WIDGET (flyout);

  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  self->flyout = flyout;
  gtk_widget_set_hexpand (widget, FALSE);
  gtk_widget_set_size_request (widget, FLYOUT_WIDTH, -1);
  tvm_toolkit_set_flap (self->flap, widget);
  tvm_keys_tell_buttons (widget);
  g_signal_connect_object (flyout, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  set_revealed (self, FALSE);
}

/**
 * tvm_list_page_open:
 * @self: the page
 * @id: the id of a record of its kind
 *
 * Opens the record's flyout and selects its row if it is listed.
 */
void
tvm_list_page_open (TvmListPage *self, const char *id)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  show_flyout (self, 0);
  tvm_record_flyout_show (self->flyout, id);
}

/**
 * tvm_list_page_activate_cb:
 * @self: the page
 * @position: of a row
 *
 * What Enter and, in the narrow list, a click do: open the row, or choose it where clicks choose.
 */
void
tvm_list_page_activate_cb (TvmListPage *self, guint position)
{
  if (tvm_list_page_toggle_position (self, position))
    return;
  tvm_list_page_stop_choosing (self);
  tvm_list_page_open_position (self, position);
  tvm_list_page_restore_selection (self);
}

static guint
position_at (GtkGestureClick *click, double x, double y)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));

  return tvm_list_table_position_of (list, gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT));
}

static void
pressed_cb (GtkGestureClick *click, int n_press, double x, double y, TvmListPage *self)
{
  self->pressed = position_at (click, x, y);
}

static void
released_cb (GtkGestureClick *click, int n_press, double x, double y, TvmListPage *self)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));
  guint position = position_at (click, x, y);
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));

  /* With Shift and Ctrl the list itself selects. */
  if ((state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK)) != 0)
    return;
  if (n_press == 1 && position == self->pressed && position != GTK_INVALID_LIST_POSITION &&
      (list == GTK_WIDGET (self->narrow) || tvm_list_choice_stays (self->choice)))
    tvm_list_page_activate_cb (self, position);
}

/**
 * tvm_list_page_add_click:
 * @self: the page
 * @list: its table or its narrow list
 *
 * Has one click activate a row of the narrow list, and of the table where clicks choose. With a
 * list's own single-click-activate the pointer selects what it enters, also where a row just went
 * from under it: that asks for rows that are no longer there, and GTK 4.8 ends the program.
 */
void
tvm_list_page_add_click (TvmListPage *self, GtkWidget *list)
{
  GtkGesture *click = gtk_gesture_click_new ();

  /* The rows take the clicks for themselves. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (click));
}
