/* tvm-row-menu.c: a row's context menu: where it shows, and what asks for that of a single row.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-menu.h"

#define MENU_START 12  /* px into the row, where keys ask for its menu */

/* Not within "closed": the chosen action is activated after that. */
static gboolean
unparent_idle_cb (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

static void
focus_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* The focus goes back to where the menu was asked for; the action may move it then. */
static void
closed_cb (GtkPopover *popover)
{
  g_autoptr(GtkWidget) focus =
    g_weak_ref_get (g_object_get_data (G_OBJECT (popover), "tvm-focus"));

  if (focus != NULL && gtk_widget_get_mapped (focus))
    gtk_widget_grab_focus (focus);
  g_idle_add_full (G_PRIORITY_LOW, unparent_idle_cb, g_object_ref (popover), g_object_unref);
}

/**
 * tvm_row_menu_popup:
 * @parent: what outlives the row, and has the actions
 * @menu: what to choose from
 * @at: where, in @parent
 */
void
tvm_row_menu_popup (GtkWidget *parent, GMenuModel *menu, const GdkRectangle *at)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);
  GWeakRef *focus = g_new0 (GWeakRef, 1);

  g_weak_ref_init (focus, gtk_root_get_focus (gtk_widget_get_root (parent)));
  g_object_set_data_full (G_OBJECT (popover), "tvm-focus", focus, focus_free);
  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* ---- of a single row */

typedef struct
{
  GtkWidget  *parent;  /* outlives the row */
  GMenuModel *menu;    /* (owned) */
} RowMenu;

static void
row_menu_free (gpointer data)
{
  g_object_unref (((RowMenu *) data)->menu);
  g_free (data);
}

static gboolean
show_at (GtkWidget *row, const graphene_point_t *point)
{
  RowMenu *self = g_object_get_data (G_OBJECT (row), "tvm-row-menu");
  graphene_point_t at;

  if (!gtk_widget_compute_point (row, self->parent, point, &at))
    return FALSE;
  tvm_row_menu_popup (self->parent, self->menu, &(GdkRectangle) { (int) at.x, (int) at.y, 1, 1 });
  return TRUE;
}

static void
pressed_cb (GtkGestureClick *click, int n_press, double x, double y, GtkWidget *row)
{
  gtk_widget_grab_focus (row);
  if (show_at (row, &GRAPHENE_POINT_INIT ((float) x, (float) y)))
    gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
}

static gboolean
keys_cb (GtkWidget *row, GVariant *args, gpointer user_data)
{
  return show_at (row, &GRAPHENE_POINT_INIT (MENU_START,
                                             (float) gtk_widget_get_height (row) / 2));
}

/**
 * tvm_row_menu_add:
 * @row: a row
 * @parent: what it is in, which outlives it and has the actions
 * @menu: what the right button, Menu and Shift+F10 offer
 */
void
tvm_row_menu_add (GtkWidget *row, GtkWidget *parent, GMenuModel *menu)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  RowMenu *self = g_new0 (RowMenu, 1);

  self->parent = parent;
  self->menu = g_object_ref (menu);
  g_object_set_data_full (G_OBJECT (row), "tvm-row-menu", self, row_menu_free);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (
    gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
    gtk_callback_action_new (keys_cb, NULL, NULL)));
  gtk_widget_add_controller (row, keys);
}
