/* tvm-list-choose.c: choosing several rows of a list page, by hand as in any list or with the
 * button that has a click choose: the bar at the bottom with what can be done. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keys.h"
#include "tvm-export-run.h"
#include "tvm-list-cells.h"
#include "tvm-list-page-private.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static void
update_bar (TvmListPage *self)
{
  gboolean is_active = tvm_list_choice_is_active (self->choice);
  guint n = tvm_list_choice_count (self->choice);
  g_autofree char *number = tvm_make_number (n);
  /* Translators: %s is the number of chosen rows */
  g_autofree char *words = g_strdup_printf (ngettext ("%s selected", "%s selected", n), number);

  gtk_label_set_label (self->choice_count, words);
  gtk_action_bar_set_revealed (self->choice_bar, is_active);
  gtk_toggle_button_set_active (self->choose_button, is_active);
  gtk_widget_set_sensitive (self->choice_buttons, n > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->choice_menu_button), n > 0);
  tvm_list_page_update_export (self);
}

/**
 * tvm_list_page_update_export:
 * @self: the page, whose rows or chosen rows are others now
 *
 * While rows are chosen, these are what is exported; else the list, where it has any.
 */
void
tvm_list_page_update_export (TvmListPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.export",
                                 tvm_list_choice_count (self->choice) == 0 &&
                                 g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0);
}

/* A flyout shows one row: what can be done with several is in the bar. */
static void
choice_changed_cb (TvmListPage *self)
{
  gboolean is_choosing = tvm_list_page_is_choosing (self);

  update_bar (self);
  if (is_choosing)
    tvm_list_page_close_flyout (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.close-flyout",
                                 is_choosing || tvm_toolkit_is_flap_revealed (self->flap));
}

static void
choose_toggled_cb (TvmListPage *self)
{
  gboolean is_wanted = gtk_toggle_button_get_active (self->choose_button);

  if (is_wanted == tvm_list_page_is_choosing (self))
    return;
  if (is_wanted)
    tvm_list_choice_start (self->choice, TRUE);
  else
    tvm_list_choice_end (self->choice);
  tvm_list_page_focus_list (self);
}

/* The menu's items as buttons for where there is room. */
static void
add_buttons (TvmListPage *self, GMenuModel *menu)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *label = NULL, *action = NULL;
      GtkWidget *button;

      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label);
      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &action);
      button = gtk_button_new_with_mnemonic (label);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
      if (g_str_has_suffix (action, ".export-chosen"))
        self->export_chosen = g_intern_string (action);
      /* Also where a menu shows in their place. */
      tvm_keys_add (gtk_widget_get_parent (self->choice_buttons), action);
      tvm_keys_tell (button, action);
      gtk_box_append (GTK_BOX (self->choice_buttons), button);
    }
}

/**
 * tvm_list_page_toggle_position:
 * @self: the page
 * @position: of a row that was activated
 *
 * Returns: whether rows are being chosen by clicks, so that this one was toggled instead of being
 *   opened
 */
gboolean
tvm_list_page_toggle_position (TvmListPage *self, guint position)
{
  g_autoptr(TvmRow) row = NULL;

  if (!tvm_list_choice_stays (self->choice))
    return FALSE;
  row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  if (row != NULL)
    tvm_list_choice_toggle (self->choice, tvm_row_get_key (row));
  return TRUE;
}

/**
 * tvm_list_page_set_choice_menu:
 * @self: the page
 * @menu: what can be done with the chosen rows, which tvm_list_page_dup_chosen() tells; they can
 *   also be copied
 */
void
tvm_list_page_set_choice_menu (TvmListPage *self, GMenuModel *menu)
{
  g_autoptr(GMenu) all = g_menu_new (), copies = g_menu_new ();

  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  g_menu_append (copies, _("_Copy as a table"), "list.copy-row::table");
  g_menu_append (copies, _("Copy as CS_V"), "list.copy-row::csv");
  g_menu_append_section (all, NULL, menu);
  g_menu_append_section (all, NULL, G_MENU_MODEL (copies));
  gtk_menu_button_set_menu_model (self->choice_menu_button, G_MENU_MODEL (all));
  tvm_box_clear (self->choice_buttons);
  self->export_chosen = NULL;
  add_buttons (self, menu);
}

/**
 * tvm_list_page_set_up_choice:
 * @self: a new page
 */
void
tvm_list_page_set_up_choice (TvmListPage *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();

  g_menu_append (menu, _("_Export to CSV…"), "list.export-chosen");
  tvm_list_page_set_choice_menu (self, G_MENU_MODEL (menu));
  g_signal_connect_object (self->choose_button, "toggled", G_CALLBACK (choose_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->choice, "changed", G_CALLBACK (choice_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_bar (self);
}

static void
choose_all_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (TVM_LIST_PAGE (widget)->selection));
}

/* The chosen rows alone, however the list is filtered. */
static void
export_chosen_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  const TvmQuery *listed = tvm_row_list_get_query (self->rows);
  g_autoptr(TvmQuery) query = tvm_query_new (self->spec->kind);

  query->keys = tvm_list_page_dup_chosen (self);
  tvm_set_str (&query->sort, listed->sort);
  query->descending = listed->descending;
  if (query->keys->len > 0)
    tvm_export_run (self->ui, widget, query, self->spec->word, NULL);
}

/* What the keys mean: the chosen rows, if there are any. */
static void
do_export_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmListPage *self = TVM_LIST_PAGE (widget);
  gboolean is_chosen = tvm_list_choice_count (self->choice) > 0 && self->export_chosen != NULL;

  gtk_widget_activate_action (widget, is_chosen ? self->export_chosen : "list.export", NULL);
}

/**
 * tvm_list_page_install_choice:
 * @klass: the page's class, in its class_init
 *
 * Installs "list.choose-all", "list.export-chosen" and "list.do-export".
 */
void
tvm_list_page_install_choice (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "list.choose-all", NULL, choose_all_cb);
  gtk_widget_class_install_action (klass, "list.export-chosen", NULL, export_chosen_cb);
  gtk_widget_class_install_action (klass, "list.do-export", NULL, do_export_cb);
}

/**
 * tvm_list_page_is_choosing:
 * @self: the page
 *
 * Returns: whether rows are being chosen
 */
gboolean
tvm_list_page_is_choosing (TvmListPage *self)
{
  return tvm_list_choice_is_active (self->choice);
}

/**
 * tvm_list_page_dup_chosen:
 * @self: the page
 *
 * Returns: (transfer full) (element-type gint64): the keys of the chosen rows as they are listed;
 *   those that a filter hides now come last
 */
GArray *
tvm_list_page_dup_chosen (TvmListPage *self)
{
  g_autoptr(GArray) listed = NULL;

  g_return_val_if_fail (TVM_IS_LIST_PAGE (self), NULL);

  listed = tvm_row_list_dup_keys (self->rows);
  return tvm_list_choice_dup_keys (self->choice, listed);
}

/**
 * tvm_list_page_stop_choosing:
 * @self: the page, whose rows open the flyout again
 */
void
tvm_list_page_stop_choosing (TvmListPage *self)
{
  g_return_if_fail (TVM_IS_LIST_PAGE (self));

  tvm_list_choice_end (self->choice);
}
