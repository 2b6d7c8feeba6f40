/* tvm-window-listing.c: leads from a flyout to the whole of a list that it shows the first of. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"
#include "tvm-list-page.h"
#include "tvm-toolkit.h"

static void
show_list (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  const char *page, *text;
  GtkWidget *list;

  g_variant_get (parameter, "(&s&s)", &page, &text);
  adw_view_stack_set_visible_child_name (self->stack, page);
  list = tvm_toolkit_find (adw_view_stack_get_visible_child (self->stack), TVM_TYPE_LIST_PAGE);
  if (list == NULL)
    return;
  /* All that are meant: nothing else that was filtered before leaves any of them out. */
  gtk_widget_activate_action (list, "remediation.tab", "s", "activities");
  gtk_widget_activate_action (list, "list.close-flyout", NULL);
  gtk_widget_activate_action (list, "list.clear-filters", NULL);
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
