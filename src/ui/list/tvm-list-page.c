/* tvm-list-page.c: a list of the store with toolbar, states and a flyout at the side. The list of a
 * view that is not shown has no model, so it costs nothing. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-page-private.h"
#include "tvm-list-keys.h"
#include "tvm-export-run.h"
#include "tvm-list-cells.h"
#include "tvm-list-columns.h"
#include "tvm-list-table.h"
#include "tvm-list-views.h"
#include "tvm-list-resources.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (TvmListPage, tvm_list_page, ADW_TYPE_BIN)

/* ---- what shows */

static void
show_filled (TvmListPage *self)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);

  if (!self->is_laid_out)
    {
      gtk_stack_set_visible_child_name (self->stack, "loading");
      return;
    }
  gtk_list_view_set_model (self->narrow, self->is_wide ? NULL : model);
  gtk_column_view_set_model (self->table, self->is_wide ? model : NULL);
  gtk_stack_set_visible_child_name (self->stack, self->is_wide ? "wide" : "narrow");
}

static void
update_count (TvmListPage *self, guint n_items, guint n_total)
{
  g_autofree char *shown = tvm_make_number (n_items);
  g_autofree char *total = tvm_make_number (n_total);
  g_autofree char *words = self->spec->make_count (n_total, shown, total);
  g_autofree char *part = tvm_make_n_of_m (n_items, n_total);

  gtk_label_set_label (self->count, self->is_wide ? words : part);
  tvm_toolkit_name (GTK_WIDGET (self->count), words);
}

/* A CVE is searched for, and the CVEs of some recommendations were never pulled. */
static void
update_unknown (TvmListPage *self, guint n_items, guint n_unknown)
{
  g_autofree char *number = tvm_make_number (n_unknown);
  g_autofree char *words =
    g_strdup_printf (ngettext ("The CVEs of %s recommendation were never synchronized.",
                               "The CVEs of %s recommendations were never synchronized.",
                               n_unknown), number);
  /* Translators: below the rows of a search, before the sentence above */
  g_autofree char *more = g_strdup_printf (_("There may be more. %s"), words);

  adw_status_page_set_description (self->unknown, words);
  gtk_label_set_label (self->more, n_unknown > 0 ? more : "");
  gtk_widget_set_visible (self->more_box, n_items > 0 && n_unknown > 0);
}

/* CVEs are looked for that are not in the tenant, or a filter asks what nobody knows. */
static void
update_missing (TvmListPage *self, guint n_items, const char *missing)
{
  gtk_label_set_label (self->missing, missing != NULL ? missing : "");
  gtk_widget_set_visible (self->missing_scroller, n_items > 0 && missing != NULL);
  adw_status_page_set_title (self->no_match, missing == NULL        ? _("Nothing matches")
                                             : self->search != NULL ? _("Not found")
                                                                    : _("Not known"));
  adw_status_page_set_description (self->no_match, missing != NULL ? missing
                                     : _("Try other search words or fewer filters."));
}

/**
 * tvm_list_page_update_state:
 * @self: the page
 *
 * Shows the rows, or says why there are none: loading, failed, not known, nothing found, empty; and
 * the counts.
 */
void
tvm_list_page_update_state (TvmListPage *self)
{
  gboolean is_loading = FALSE, is_known = FALSE;
  guint n_total = 0, n_unknown = 0;
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  gboolean is_filtered = tvm_list_filters_are_set (self->filters);
  g_autofree char *error = NULL, *missing = NULL;

  g_object_get (self->rows, "loading", &is_loading, "is-known", &is_known, "n-total", &n_total,
                "n-unknown", &n_unknown, "error", &error, "missing", &missing, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->count), !is_loading && n_total > 0);
  update_count (self, n_items, n_total);
  update_unknown (self, n_items, n_unknown);
  update_missing (self, n_items, missing);
  tvm_list_page_update_export (self);
  if (n_items > 0)
    show_filled (self);
  else if (error != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error, -1);

      adw_status_page_set_description (self->error,
                                       escaped); /* g_markup_escape_text: outside words */
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  else if (is_loading)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else if (n_unknown > 0)
    gtk_stack_set_visible_child_name (self->stack, "unknown");
  else if (missing != NULL)
    gtk_stack_set_visible_child_name (self->stack, "no-match");
  else if (is_known && (n_total > 0 || is_filtered || self->search != NULL))
    gtk_stack_set_visible_child_name (self->stack, "no-match");
  else
    {
      adw_status_page_set_title (self->empty, is_known ? _(self->spec->empty_title)
                                                       : _("Not synchronized yet"));
      gtk_stack_set_visible_child_name (self->stack, "empty");
    }
}

static void
apply_query (TvmListPage *self)
{
  g_autoptr(TvmQuery) query = tvm_query_copy (self->base);
  gboolean descending = FALSE;

  if (self->is_setting)
    return;
  tvm_list_filters_apply (self->filters, query);
  tvm_set_str (&query->search, self->search);
  tvm_set_str (&query->sort, tvm_list_table_get_sort (self->table, &descending));
  query->descending = descending;
  tvm_list_page_show_top (self);
  tvm_row_list_set_query (self->rows, query);
  self->is_listed = self->is_awaiting = TRUE;
  tvm_list_chips_update (self->filter_chips, query);
  tvm_list_page_remember (self);
  tvm_list_page_update_state (self);
}

/* A device group is chosen on any page: one that was never shown reads nothing. */
static void
filters_changed_cb (TvmListPage *self)
{
  if (self->is_listed)
    apply_query (self);
}

/* ---- rows */

/* In the narrow list, which the flyout covers, the arrow keys only go from row to row. */
static void
opened_cb (TvmListPage *self, guint position)
{
  if (position == GTK_INVALID_LIST_POSITION)
    tvm_list_page_close_flyout (self);
  else if (self->is_wide && (!tvm_toolkit_is_flap_revealed (self->flap) ||
                             tvm_row_list_get_key (self->rows, position) != self->open_key))
    {
      tvm_list_page_open_position (self, position);
      tvm_list_page_restore_selection (self);
    }
}

/* ---- actions */

static void
export_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  tvm_export_run (self->ui, widget, tvm_row_list_get_query (self->rows), self->spec->word, NULL);
}

static void
close_flyout_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  tvm_list_page_stop_choosing (self);
  tvm_list_page_close_flyout (self);
}

static void
clear_filters_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tvm_list_page_set_search (TVM_LIST_PAGE (widget), NULL);
  tvm_list_filters_clear (TVM_LIST_PAGE (widget)->filters);
  gtk_widget_activate_action (widget, "win.clear-search", NULL);  /* the entry is the window's */
}

static void
reload_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  apply_query (TVM_LIST_PAGE (widget));
}

static void
reloaded_cb (TvmListPage *self)
{
  self->is_awaiting = FALSE;
  tvm_list_page_restore_selection (self);
  tvm_list_page_update_state (self);
}

/* ---- object */

static void
tvm_list_page_map (GtkWidget *widget)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);

  tvm_list_page_lay_out_first (self);
  GTK_WIDGET_CLASS (tvm_list_page_parent_class)->map (widget);
  if (!self->is_listed)
    apply_query (self);
}

static void
tvm_list_page_dispose (GObject *object)
{
  TvmListPage *self = TVM_LIST_PAGE (object);

  g_clear_handle_id (&self->layout_id, g_source_remove);
  if (self->awaited != NULL)
    tvm_list_page_drop_awaited (self);
  if (self->table != NULL)
    {
      /* Columns that go take their order along, which is no reason to list anew. */
      g_signal_handlers_disconnect_by_func (gtk_column_view_get_sorter (self->table), apply_query,
                                            self);
      gtk_column_view_set_model (self->table, NULL);
    }
  if (self->narrow != NULL)
    gtk_list_view_set_model (self->narrow, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->choice);
  g_clear_object (&self->shown);
  g_clear_object (&self->rows);
  G_OBJECT_CLASS (tvm_list_page_parent_class)->dispose (object);
}

static void
tvm_list_page_finalize (GObject *object)
{
  TvmListPage *self = TVM_LIST_PAGE (object);

  g_clear_pointer (&self->base, tvm_query_free);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->cloud, g_free);
  g_clear_pointer (&self->remembered, g_free);
  g_clear_pointer (&self->views, g_key_file_unref);
  g_clear_pointer (&self->team_views, tvm_team_views_free);
  G_OBJECT_CLASS (tvm_list_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, flap);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, sensor);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, sensor_wide);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, start);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, top);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, chips);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, chips_scroller);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, head);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, count);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, columns_button);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, empty);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, unknown);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, no_match);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, missing);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, missing_scroller);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, more);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, more_box);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, error);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, export_menu_button);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, table);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, narrow);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, choose_button);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, choice_bar);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, choice_count);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, choice_buttons);
  gtk_widget_class_bind_template_child (widget_class, TvmListPage, choice_menu_button);
  gtk_widget_class_bind_template_callback (widget_class, tvm_list_page_width_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tvm_list_page_activate_cb);
}

static void
tvm_list_page_class_init (TvmListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_list_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_list_page_finalize;
  tvm_list_get_resource ();  /* links the resources in */
  widget_class->map = tvm_list_page_map;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/TvmRemediate/list/tvm-list-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "list.export", NULL, export_activated_cb);
  gtk_widget_class_install_action (widget_class, "list.close-flyout", NULL,
                                   close_flyout_activated_cb);
  gtk_widget_class_install_action (widget_class, "list.clear-filters", NULL,
                                   clear_filters_activated_cb);
  gtk_widget_class_install_action (widget_class, "list.reload", NULL, reload_activated_cb);
  tvm_list_page_install_keys (widget_class);
  tvm_list_page_install_choice (widget_class);
  tvm_list_page_install_menu (widget_class);
  tvm_list_views_install (widget_class);
}

static void
tvm_list_page_init (TvmListPage *self)
{
  GtkWidget *lists[2];

  gtk_widget_init_template (GTK_WIDGET (self));
  self->views = g_key_file_new ();
  tvm_box_bound (self->missing_scroller);
  lists[0] = GTK_WIDGET (self->table);
  lists[1] = GTK_WIDGET (self->narrow);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.close-flyout", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      tvm_list_page_add_menu (self, lists[i]);
      tvm_list_page_add_click (self, lists[i]);
    }
  tvm_list_let_tab_leave (tvm_list_table_get_list (self->table));
  tvm_list_let_tab_leave (GTK_WIDGET (self->narrow));
  tvm_list_page_add_keys (self);
}

static void
set_up_models (TvmListPage *self)
{
  self->rows = tvm_row_list_new (self->ui->store, self->spec->kind);
  self->shown = tvm_growing_list_new (G_LIST_MODEL (self->rows));
  self->selection = tvm_list_selection_new (G_LIST_MODEL (self->shown), self->rows, self->choice);
  g_signal_connect_object (self->selection, "opened", G_CALLBACK (opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "reloaded", G_CALLBACK (reloaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "notify::loading", G_CALLBACK (tvm_list_page_update_state),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "notify::error", G_CALLBACK (tvm_list_page_update_state),
                           self, G_CONNECT_SWAPPED);
}

/**
 * tvm_list_page_new:
 * @ui: the window's context, which must outlive the page
 * @spec: the list's table, which must outlive the page
 *
 * Returns: (transfer floating): a list that loads when it is first shown
 */
TvmListPage *
tvm_list_page_new (TvmUi *ui, const TvmListSpec *spec)
{
  TvmListPage *self = g_object_new (TVM_TYPE_LIST_PAGE, NULL);
  g_autoptr(GtkListItemFactory) factory = NULL;

  self->choice = tvm_list_choice_new (spec->to_name);
  factory = tvm_list_table_factory_new (&spec->narrow, self->choice);
  self->ui = tvm_ui_share (ui, self);
  self->spec = spec;
  self->base = tvm_query_new (spec->kind);
  gtk_list_view_set_factory (self->narrow, factory);
  tvm_list_table_add_columns (self->table, spec, self->choice);
  tvm_toolkit_name (GTK_WIDGET (self->table), _(spec->label));
  tvm_toolkit_name (tvm_list_table_get_list (self->table), _(spec->label));
  tvm_toolkit_name (GTK_WIDGET (self->narrow), _(spec->label));
  if (spec->sort != NULL)
    tvm_list_table_sort_by (self->table, spec->sort, GTK_SORT_ASCENDING);
  adw_status_page_set_icon_name (self->empty, spec->icon_name);
  adw_status_page_set_description (self->empty, _(spec->empty_text));
  tvm_list_page_learn_cloud (self);
  tvm_ui_follow_store (ui, GTK_WIDGET (self), TVM_CHANGED_SETTINGS,
                       (TvmUiReload) tvm_list_page_learn_cloud);
  set_up_models (self);
  tvm_list_page_set_up_choice (self);
  tvm_list_page_add_filters (self, G_CALLBACK (filters_changed_cb));
  g_signal_connect_object (gtk_column_view_get_sorter (self->table), "changed",
                           G_CALLBACK (apply_query), self, G_CONNECT_SWAPPED);
  tvm_list_page_recall (self);
  tvm_list_page_update_state (self);
  return self;
}

/**
 * tvm_list_page_set_start:
 * @self: the page
 * @widget: what the toolbar starts with
 */
void
tvm_list_page_set_start (TvmListPage *self, GtkWidget *widget)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  adw_bin_set_child (ADW_BIN (self->start), widget);
  gtk_widget_set_visible (self->start, TRUE);
}

/**
 * tvm_list_page_set_top:
 * @self: the page
 * @widget: what stands above the rows and is none of them
 */
void
tvm_list_page_set_top (TvmListPage *self, GtkWidget *widget)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  adw_bin_set_child (ADW_BIN (self->top), widget);
}

/**
 * tvm_list_page_set_export_menu:
 * @self: the page
 * @menu: what the export button offers instead of exporting the list at once
 */
void
tvm_list_page_set_export_menu (TvmListPage *self, GMenuModel *menu)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  gtk_menu_button_set_menu_model (self->export_menu_button, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->export_menu_button), TRUE);
  gtk_widget_set_visible (self->export_button, FALSE);
}

/**
 * tvm_list_page_get_query:
 * @self: the page
 *
 * Returns: (transfer none): what is listed, with sort, search and filters
 */
const TvmQuery *
tvm_list_page_get_query (TvmListPage *self)
{
  g_return_val_if_fail (TVM_IS_LIST_PAGE (self), NULL);

  return tvm_row_list_get_query (self->rows);
}

/**
 * tvm_list_page_set_filter:
 * @self: the page
 * @index: a filter, as the page's table counts them
 * @value: its choice, 0 for all
 */
void
tvm_list_page_set_filter (TvmListPage *self, guint index, int value)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  tvm_list_filters_set (self->filters, index, value);
}

/**
 * tvm_list_page_set_search:
 * @self: the page
 * @text: (nullable): the search words
 */
void
tvm_list_page_set_search (TvmListPage *self, const char *text)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  if (tvm_set_str (&self->search, text != NULL && text[0] != '\0' ? text : NULL) && self->is_listed)
    apply_query (self);
}

/**
 * tvm_list_page_set_base:
 * @self: the page
 * @base: a query of the page's kind, to which sort, search and filters are added
 */
void
tvm_list_page_set_base (TvmListPage *self, const TvmQuery *base)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  tvm_query_free (self->base);
  self->base = tvm_query_copy (base);
  tvm_list_page_stop_choosing (self);
  if (self->is_listed)
    apply_query (self);
}
