/* tvm-window-search.c: the window's search: that of the page on screen, and that of everything.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-search-dialog.h"
#include "tvm-window-private.h"

/**
 * tvm_window_has_no_list:
 * @self: a window whose profile is open
 *
 * Returns: whether the page on screen has nothing to search in
 */
gboolean
tvm_window_has_no_list (TvmWindow *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "dashboard") == 0;
}

/**
 * tvm_window_search_everything:
 * @self: a window whose profile is open
 *
 * Opens the search of everything, once, with what was typed on a page that has no list.
 */
void
tvm_window_search_everything (TvmWindow *self)
{
  g_autofree char *text = g_strdup ("");

  if (self->finder != NULL)
    return;
  if (tvm_window_has_no_list (self))
    {
      g_free (text);
      text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
      gtk_search_bar_set_search_mode (self->search_bar, FALSE);
    }
  self->finder = tvm_search_dialog_new (self->ui, text);
  g_object_add_weak_pointer (G_OBJECT (self->finder), (gpointer *) &self->finder);
  gtk_window_present (GTK_WINDOW (self->finder));
}

static void
search_everything (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  tvm_window_search_everything (TVM_WINDOW (widget));
}

/* A page, and what is looked for there. */
static void
search_page (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  const char *page, *text;

  g_variant_get (parameter, "(&s&s)", &page, &text);
  tvm_window_show_list (self, page, text);
  gtk_editable_set_position (GTK_EDITABLE (self->search_entry), -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
start_search (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);

  if (tvm_window_has_no_list (self))
    {
      tvm_window_search_everything (self);
      return;
    }
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* What a list's "Clear search and filters" cannot reach. */
static void
clear_search (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

/**
 * tvm_window_install_search_actions:
 * @klass: the window's class, in its class_init
 *
 * Installs the actions of the search.
 */
void
tvm_window_install_search_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.start-search", NULL, start_search);
  gtk_widget_class_install_action (klass, "win.clear-search", NULL, clear_search);
  gtk_widget_class_install_action (klass, "win.search-everything", NULL, search_everything);
  gtk_widget_class_install_action (klass, "win.search-page", "(ss)", search_page);
}
