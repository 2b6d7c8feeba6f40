/* tvm-list-menu.c: what a row offers, in its context menu: what its flyout offers, which opens with
 * it, and what every row does. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-page-private.h"
#include "tvm-list-table.h"
#include "tvm-row-menu.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

#define MENU_START 12  /* px into the row, where keys ask for its menu */

/* The flyout's frame: flyouts are bins around it. */
static TvmListFlyout *
get_frame (TvmListPage *self)
{
  GtkWidget *flyout = tvm_toolkit_get_flap (self->flap);

  return flyout != NULL ? TVM_LIST_FLYOUT (adw_bin_get_child (ADW_BIN (flyout))) : NULL;
}

static void
act_cb (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  TvmListFlyout *frame = get_frame (TVM_LIST_PAGE (widget));

  if (frame != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (frame), g_variant_get_string (parameter, NULL),
                                        NULL);
}

static GMenuModel *
create_menu (TvmListPage *self)
{
  g_autoptr(GMenuModel) own = NULL;
  g_autoptr(GMenu) rest = NULL, menu = NULL;

  if (tvm_list_page_is_choosing (self))
    return g_object_ref (gtk_menu_button_get_menu_model (self->choice_menu_button));
  rest = g_menu_new ();
  menu = g_menu_new ();
  own = tvm_list_flyout_create_menu (get_frame (self), "list.act");
  tvm_list_page_add_portal (self, rest);
  g_menu_append (rest, _("_Copy as a table"), "list.copy-row::table");
  g_menu_append (rest, _("Copy as CS_V"), "list.copy-row::csv");
  g_menu_append (rest, _("_Export the list…"), "list.export");
  g_menu_append_section (menu, NULL, own);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
  return G_MENU_MODEL (g_steal_pointer (&menu));
}

/**
 * tvm_list_page_show_menu:
 * @self: the page, whose flyout shows the row that a menu was asked for, or whose chosen rows one
 *   was asked for
 *
 * Shows that menu, once.
 */
void
tvm_list_page_show_menu (TvmListPage *self)
{
  g_autoptr(GMenuModel) menu = NULL;

  if (!self->is_menu_wanted)
    return;
  self->is_menu_wanted = FALSE;
  menu = create_menu (self);
  tvm_row_menu_popup (GTK_WIDGET (self), menu, &self->menu_at);
}

/* What can be done with the chosen rows, where the row is one of them. */
static gboolean
is_of_chosen (TvmListPage *self, guint position)
{
  gint64 key = tvm_row_list_get_key (self->rows, position);

  if (tvm_list_choice_stays (self->choice))
    tvm_list_choice_set (self->choice, &key, 1, TRUE);
  return tvm_list_page_is_choosing (self) && tvm_list_choice_contains (self->choice, key);
}

/* Opens the row first: what can be done with it depends on its details. */
static gboolean
ask_for_menu (TvmListPage            *self,
              GtkWidget              *list,
              GtkWidget              *row,
              GtkWidget              *widget,
              const graphene_point_t *point)
{
  guint position = tvm_list_table_position_of (list, row);
  graphene_point_t at;

  if (position == GTK_INVALID_LIST_POSITION || get_frame (self) == NULL ||
      !gtk_widget_compute_point (widget, GTK_WIDGET (self), point, &at))
    return FALSE;
  self->menu_at = (GdkRectangle) { (int) at.x, (int) at.y, 1, 1 };
  self->is_menu_wanted = TRUE;
  if (is_of_chosen (self, position) ||
      (self->open_key == tvm_row_list_get_key (self->rows, position) &&
       tvm_toolkit_is_flap_revealed (self->flap)))
    tvm_list_page_show_menu (self);
  else
    {
      tvm_list_page_stop_choosing (self);
      tvm_list_page_open_position (self, position);
      tvm_list_page_restore_selection (self);
    }
  return TRUE;
}

static void
pressed_cb (GtkGestureClick *click,
            int              n_press,
            double           x,
            double           y,
            TvmListPage     *self)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));

  if (ask_for_menu (self, list, gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT), list,
                    &GRAPHENE_POINT_INIT ((float) x, (float) y)))
    gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                TvmListPage           *self)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (list));

  if (keyval != GDK_KEY_Menu && !(keyval == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0))
    return GDK_EVENT_PROPAGATE;
  return focus != NULL && gtk_widget_is_ancestor (focus, list) &&
         ask_for_menu (self, list, focus, focus, &GRAPHENE_POINT_INIT (
           MENU_START, (float) gtk_widget_get_height (focus) / 2));
}

/**
 * tvm_list_page_install_menu:
 * @klass: the page's class, in its class_init
 *
 * Installs the actions of the menu's items: "list.act", which takes the name of the flyout's
 * action, "list.copy-row" and those of the portal.
 */
void
tvm_list_page_install_menu (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "list.act", "s", act_cb);
  gtk_widget_class_install_action (klass, "list.copy-row", "s", tvm_list_page_copy_cb);
  tvm_list_page_install_portal (klass);
}

/**
 * tvm_list_page_add_menu:
 * @self: the page
 * @list: its table or its narrow list
 *
 * Has the rows answer the right button, Menu and Shift+F10.
 */
void
tvm_list_page_add_menu (TvmListPage *self,
                        GtkWidget   *list)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (list, keys);
}
