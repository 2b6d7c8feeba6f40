/* tvm-window-focus.c: where the focus is on a page that is gone to, and after a search. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keys.h"
#include "tvm-list-page.h"
#include "tvm-toolkit.h"
#include "tvm-undo.h"
#include "tvm-window-private.h"

#include <glib/gi18n-lib.h>

static TvmListPage *
find_list (GtkWidget *widget)
{
  TvmListPage *found = TVM_IS_LIST_PAGE (widget) ? TVM_LIST_PAGE (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_mapped (child))
      found = find_list (child);
  return found;
}

/**
 * tvm_window_focus_page:
 * @self: a window
 *
 * Gives the focus to the list of the page on screen, or to what comes first there.
 */
void
tvm_window_focus_page (TvmWindow *self)
{
  GtkWidget *page = adw_view_stack_get_visible_child (self->stack);
  TvmListPage *list = page != NULL ? find_list (page) : NULL;

  if (list != NULL)
    tvm_list_page_focus_list (list);
  else if (page != NULL)
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

static gboolean
is_of_search (TvmWindow *self, GtkWidget *widget)
{
  return widget == self->search_button ||
         gtk_widget_is_ancestor (widget, GTK_WIDGET (self->search_bar));
}

static void
focus_changed_cb (TvmWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && !gtk_search_bar_get_search_mode (self->search_bar) &&
      !is_of_search (self, focus))
    g_set_weak_pointer (&self->focus_before, focus);
}

static void
search_mode_changed_cb (TvmWindow *self)
{
  GtkWidget *page = adw_view_stack_get_visible_child (self->stack), *before = self->focus_before;
  TvmListPage *list = page != NULL ? find_list (page) : NULL;
  gboolean was_in_list = list != NULL && before != NULL &&
                         tvm_list_page_has_row (list, before);

  if (gtk_search_bar_get_search_mode (self->search_bar))
    {
      if (list != NULL)
        tvm_list_page_keep_focus (list, before);
      self->was_in_list = was_in_list;
      return;
    }
  /* A dialog that opened meanwhile gives the focus back itself. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  if (self->was_in_list || before == NULL || !gtk_widget_get_mapped (before) ||
      !gtk_widget_grab_focus (before))
    tvm_window_focus_page (self);
}

/**
 * tvm_window_follow_focus:
 * @self: a new window
 *
 * Has the focus be where it was once a search is closed.
 */
void
tvm_window_follow_focus (TvmWindow *self)
{
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_changed_cb), NULL);
  g_signal_connect_object (self->search_bar, "notify::search-mode-enabled",
                           G_CALLBACK (search_mode_changed_cb), self, G_CONNECT_SWAPPED);
}

/* libadwaita gives the button that closes a toast no name, and no button a tooltip. */
static void
name_toast_buttons (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) &&
      g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), _("_Undo")) == 0)
    tvm_keys_tell (widget, "win.undo");
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL)
    {
      tvm_toolkit_name (widget, _("Close"));
      gtk_widget_set_tooltip_text (widget, _("Close"));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_toast_buttons (child);
}

static void
toasts_changed_cb (GListModel *children, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(GtkWidget) child = g_list_model_get_item (children, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
        name_toast_buttons (child);
    }
}

/**
 * tvm_window_name_toasts:
 * @self: a new window
 *
 * Has the buttons of its toasts named as they come.
 */
void
tvm_window_name_toasts (TvmWindow *self)
{
  GListModel *children = gtk_widget_observe_children (GTK_WIDGET (self->toasts));

  g_signal_connect (children, "items-changed", G_CALLBACK (toasts_changed_cb), NULL);
  g_object_set_data_full (G_OBJECT (self), "tvm-toasts", children, g_object_unref);
}

/* The tabs of each of its switchers stand in the order of the pages. */
static void
tell_tabs (TvmWindow *self, GtkWidget *widget, guint *n)
{
  GListModel *pages = G_LIST_MODEL (adw_view_stack_get_pages (self->stack));

  if (GTK_IS_TOGGLE_BUTTON (widget))
    {
      g_autoptr(AdwViewStackPage) page =
        g_list_model_get_item (pages, (*n)++ % g_list_model_get_n_items (pages));
      g_autofree char *action = g_strconcat ("win.show-page::", adw_view_stack_page_get_name (page),
                                             NULL);

      tvm_keys_tell (widget, action);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tell_tabs (self, child, n);
}

/**
 * tvm_window_tell_keys:
 * @self: a window whose pages are there
 *
 * Has its buttons and tabs tell the keys that do the same.
 */
void
tvm_window_tell_keys (TvmWindow *self)
{
  guint n = 0;

  tvm_keys_tell_buttons (GTK_WIDGET (self));
  tvm_keys_tell (self->search_button, "win.start-search");
  tvm_keys_tell (self->menu_button, "menu");
  tvm_keys_add (GTK_WIDGET (self), "win.undo");
  tell_tabs (self, GTK_WIDGET (self->switcher_title), &n);
}

static void
undo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tvm_undo_last (TVM_WINDOW (widget)->ui);
}

/**
 * tvm_window_install_undo:
 * @klass: of the window
 *
 * Installs the action "win.undo", which does what a toast offers.
 */
void
tvm_window_install_undo (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.undo", NULL, undo);
}
