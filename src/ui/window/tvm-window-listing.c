/* tvm-window-listing.c: leads from a flyout or a search to the whole of a list, of which they show
 * the first. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"
#include "tvm-list-filters.h"
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

/* Those of a device group; "": of the one that is chosen, if any. */
static void
show_devices (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  g_autoptr(GSimpleAction) group = tvm_list_filters_ref_group (self->ui);
  g_autoptr(GVariant) chosen = g_action_get_state (G_ACTION (group));
  GtkWidget *list = tvm_toolkit_find (self->devices, TVM_TYPE_LIST_PAGE);

  adw_view_stack_set_visible_child_name (self->stack, "devices");
  gtk_widget_activate_action (list, "list.close-flyout", NULL);
  gtk_widget_activate_action (list, "list.clear-filters", NULL);
  g_simple_action_set_state (group, *g_variant_get_string (parameter, NULL) != '\0' ? parameter
                                                                                    : chosen);
  tvm_window_focus_page (self);
}

/**
 * tvm_window_install_listing:
 * @klass: of the window
 *
 * Installs the actions "win.show-list", of a page's name and what is searched for there, and
 * "win.show-devices", of a device group.
 */
void
tvm_window_install_listing (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.show-list", "(ss)", show_list);
  gtk_widget_class_install_action (klass, "win.show-devices", "s", show_devices);
}
