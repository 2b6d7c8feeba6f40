/* focus.c: a window that shows a toast, and Tab in it after what had the focus is taken away; TAP.
 * Run by test-widgets.py on a display. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-focus.h"

#include <adwaita.h>

#define MOST_TABS 6  /* twice round */

#define TVM_TYPE_TEST_WINDOW (tvm_test_window_get_type ())
G_DECLARE_FINAL_TYPE (TvmTestWindow, tvm_test_window, TVM, TEST_WINDOW, GtkWindow)
struct _TvmTestWindow { GtkWindow parent_instance; };
G_DEFINE_FINAL_TYPE (TvmTestWindow, tvm_test_window, GTK_TYPE_WINDOW)

static void
tvm_test_window_class_init (TvmTestWindowClass *klass)
{
  tvm_focus_skip_dead_rows (GTK_WIDGET_CLASS (klass));
}

static void
tvm_test_window_init (TvmTestWindow *self)
{
}

/* A button of a newer list is gone with it, then the list's page is hidden. */
static void
take_focus_away (GtkWidget *list, GtkWidget *button)
{
  gtk_widget_grab_focus (button);
  gtk_box_remove (GTK_BOX (list), button);
  gtk_widget_set_visible (list, FALSE);
}

static void
test_leaves_toast (gconstpointer data)
{
  GtkDirectionType direction = GPOINTER_TO_INT (data);
  GtkWidget *window = g_object_new (TVM_TYPE_TEST_WINDOW, NULL);
  GtkWidget *overlay = adw_toast_overlay_new (), *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *first = gtk_button_new_with_label ("First");
  GtkWidget *button = gtk_button_new_with_label ("In the list");
  AdwToast *toast = adw_toast_new ("Done");
  gboolean has_left = FALSE;

  gtk_box_append (GTK_BOX (list), button);
  gtk_box_append (GTK_BOX (page), first);
  gtk_box_append (GTK_BOX (page), list);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), page);
  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));
  adw_toast_set_button_label (toast, "Undo");
  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  while (!gtk_widget_get_mapped (gtk_widget_get_last_child (overlay)))
    g_main_context_iteration (NULL, TRUE);
  take_focus_away (list, button);
  for (int i = 0; i < MOST_TABS; i++)
    {
      gtk_widget_child_focus (window, direction);
      has_left = has_left || gtk_root_get_focus (GTK_ROOT (window)) == first;
    }
  g_assert_true (has_left);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_data_func ("/ui/focus/tab-leaves-toast", GINT_TO_POINTER (GTK_DIR_TAB_FORWARD),
                        test_leaves_toast);
  g_test_add_data_func ("/ui/focus/shift-tab-leaves-toast", GINT_TO_POINTER (GTK_DIR_TAB_BACKWARD),
                        test_leaves_toast);
  return g_test_run ();
}
