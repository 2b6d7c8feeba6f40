/* tvm-list-keys.c: Tab leaves a list; the arrow keys are there for its rows. GTK 4.8 goes through
 * all of them, be they 100,000. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-keys.h"
#include "tvm-focus.h"

static GtkWidget *
next_of (GtkWidget *widget, GtkDirectionType direction)
{
  return direction == GTK_DIR_TAB_FORWARD ? gtk_widget_get_next_sibling (widget)
                                          : gtk_widget_get_prev_sibling (widget);
}

/* Focuses what comes after a widget in its window, around the window's end if need be. */
static gboolean
leave (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  for (GtkWidget *at = widget; at != root; at = gtk_widget_get_parent (at))
    for (GtkWidget *next = next_of (at, direction); next != NULL; next = next_of (next, direction))
      if (gtk_widget_get_mapped (next) && !GTK_IS_NATIVE (next) &&
          gtk_widget_child_focus (next, direction))
        return !tvm_focus_is_dead (gtk_root_get_focus (GTK_ROOT (root))) ||
               gtk_widget_child_focus (root, direction);
  gtk_window_set_focus (GTK_WINDOW (root), NULL);
  return gtk_widget_child_focus (root, direction);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                gpointer user_data)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_ISO_Left_Tab || (keyval == GDK_KEY_Tab && (state & GDK_SHIFT_MASK)))
    return leave (list, GTK_DIR_TAB_BACKWARD);
  return keyval == GDK_KEY_Tab && leave (list, GTK_DIR_TAB_FORWARD);
}

/**
 * tvm_list_let_tab_leave:
 * @list: a list or table in a window
 */
void
tvm_list_let_tab_leave (GtkWidget *list)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), NULL);
  gtk_widget_add_controller (list, keys);
}
