/* sizes.c: what widgets say of their size is what they take; TAP. Run by test-widgets.py on a
 * display. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-cells.h"
#include "tvm-list-width.h"

#include <adwaita.h>

#define ENDLESS (1 << 20)  /* px, what GTK asks for */

static void
wider_cb (gpointer user_data)
{
}

static int
measure (GtkWidget *widget, GtkOrientation orientation, int for_size)
{
  int least;

  gtk_widget_measure (widget, orientation, for_size, &least, NULL, NULL, NULL);
  return least;
}

/* Figures that are all as wide as the widest one are wider than the same figures in a text. */
static void
test_figures (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *window = gtk_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *cell = gtk_inscription_new ("2111/11/11"), *label = gtk_label_new ("2111/11/11");

  gtk_widget_add_css_class (cell, "numeric");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), cell);
  gtk_box_append (GTK_BOX (box), label);
  gtk_window_set_child (GTK_WINDOW (window), box);
  tvm_list_width_follow (factory, G_CALLBACK (wider_cb), NULL);
  tvm_list_width_note (factory, cell);
  g_assert_cmpint (tvm_list_width_get (factory), >=,
                   measure (label, GTK_ORIENTATION_HORIZONTAL, -1));
  g_object_unref (factory);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* GTK calls it critical if a widget says that it is lower than it is for any width. */
static void
test_pill (void)
{
  GtkWidget *window = gtk_window_new (), *pill = tvm_pill_new ("computer-symbolic", NULL, "Active");
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (provider, ".pill-mark { font-size: smaller; }"
                                   ".pill-mark > image { -gtk-icon-size: 12px; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
  gtk_window_set_child (GTK_WINDOW (window), pill);
  g_assert_cmpint (measure (pill, GTK_ORIENTATION_VERTICAL, -1), >=,
                   measure (pill, GTK_ORIENTATION_VERTICAL, ENDLESS));
  g_object_unref (provider);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/sizes/figures", test_figures);
  g_test_add_func ("/ui/sizes/pill", test_pill);
  return g_test_run ();
}
