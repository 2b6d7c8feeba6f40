/* tvm-window-listing.c: leads from a flyout to the whole of a list that it shows the first of. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

static void
show_list (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  const char *page, *text;

  g_variant_get (parameter, "(&s&s)", &page, &text);
  adw_view_stack_set_visible_child_name (self->stack, page);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

/**
 * tvm_window_install_listing:
 * @klass: of the window
 *
 * Installs the action "win.show-list": a page's name and what is searched for there.
 */
void
tvm_window_install_listing (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.show-list", "(ss)", show_list);
}
