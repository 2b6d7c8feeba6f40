/* tvm-window-listing.c: leads from a flyout or a search to the whole of a list, of which they show
 * the first. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"
#include "tvm-list-page.h"
#include "tvm-toolkit.h"

/**
 * tvm_window_show_list:
 * @self: a window
 * @page: a page's name
 * @text: what is searched for there
 *
 * Lists all that are meant: nothing else that was filtered before leaves any of them out.
 */
void
tvm_window_show_list (TvmWindow  *self,
                      const char *page,
                      const char *text)
{
  GtkWidget *list;

  adw_view_stack_set_visible_child_name (self->stack, page);
  list = tvm_toolkit_find (adw_view_stack_get_visible_child (self->stack), TVM_TYPE_LIST_PAGE);
  if (list == NULL)
    return;
  gtk_widget_activate_action (list, "remediation.tab", "s", "activities");
  gtk_widget_activate_action (list, "list.close-flyout", NULL);
  gtk_widget_activate_action (list, "list.clear-filters", NULL);
  /* Where one comes from is not where the focus goes once the search is closed. */
  g_clear_weak_pointer (&self->focus_before);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

static void
show_list (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  const char *page, *text;

  g_variant_get (parameter, "(&s&s)", &page, &text);
  tvm_window_show_list (TVM_WINDOW (widget), page, text);
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
