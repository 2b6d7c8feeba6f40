/* tvm-list-bar.c: what stands above a list: filters, views, order and columns. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-columns.h"
#include "tvm-list-page-private.h"
#include "tvm-list-sort.h"
#include "tvm-list-views.h"

static void
account_changed_cb (TvmListPage *self)
{
  g_autofree char *account = NULL;
  g_autofree char *right = NULL;

  g_object_get (self->ui->engine, "account", &account, "team-right", &right, NULL);
  tvm_list_filters_set_account (self->filters, account, right);
  if (self->is_listed)
    tvm_list_chips_update (self->filter_chips, tvm_row_list_get_query (self->rows));
}

/**
 * tvm_list_page_add_filters:
 * @self: a new page
 * @changed_cb: (scope forever): called with the page when a filter changed
 *
 * Builds the filters, their chips, the named views, and the popovers of the toolbar.
 */
void
tvm_list_page_add_filters (TvmListPage *self, GCallback changed_cb)
{
  GtkWidget *filters = gtk_popover_new (), *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *columns = gtk_popover_new ();

  self->filters = tvm_list_filters_new (self->spec, self->ui);
  self->filter_chips = tvm_list_chips_new (self->ui, self->spec, self->filters);
  if (self->spec->keeps_filters)
    gtk_box_prepend (self->head, tvm_list_views_new (self));
  gtk_box_append (GTK_BOX (self->chips), GTK_WIDGET (self->filter_chips));
  gtk_widget_set_visible (self->chips_scroller, self->spec->n_filters > 0);
  g_signal_connect_object (self->filters, "changed", changed_cb, self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (form), GTK_WIDGET (self->filters));
  gtk_box_append (GTK_BOX (form), tvm_list_sort_new (self->table, self->spec));
  gtk_popover_set_child (GTK_POPOVER (filters), form);
  /* The buttons are at the end of a window that may be narrow. */
  gtk_widget_set_halign (filters, GTK_ALIGN_END);
  gtk_widget_set_halign (columns, GTK_ALIGN_END);
  gtk_menu_button_set_popover (self->filter_button, filters);
  self->columns_menu = tvm_list_columns_menu_new (self->table, self->spec, self->ui->store);
  gtk_popover_set_child (GTK_POPOVER (columns), self->columns_menu);
  gtk_menu_button_set_popover (self->columns_button, columns);
  g_signal_connect_object (self->ui->engine, "notify::account", G_CALLBACK (account_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->ui->engine, "notify::team-right", G_CALLBACK (account_changed_cb),
                           self, G_CONNECT_SWAPPED);
  account_changed_cb (self);
}
