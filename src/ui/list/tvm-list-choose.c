/* tvm-list-choose.c: choosing several rows of a list page: the button that starts it, the bar at
 * the bottom with what can be done, the keys. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keys.h"
#include "tvm-list-cells.h"
#include "tvm-list-page-private.h"
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
}

/* In the wide table a click then toggles, instead of opening the flyout. */
static void
show_choosing (TvmListPage *self)
{
  tvm_list_page_update_state (self);
  tvm_list_page_set_revealed (self, tvm_toolkit_is_flap_revealed (self->flap));
}

static void
set_choosing (TvmListPage *self, gboolean is_active)
{
  if (self->choice == NULL || tvm_list_choice_is_active (self->choice) == is_active)
    return;
  if (is_active)
    gtk_widget_activate_action (GTK_WIDGET (self), "list.close-flyout", NULL);
  tvm_list_choice_set_active (self->choice, is_active);
  show_choosing (self);
  tvm_list_page_focus_list (self);
}

static void
choose_toggled_cb (TvmListPage *self)
{
  set_choosing (self, gtk_toggle_button_get_active (self->choose_button));
}

static void
choose_all (TvmListPage *self)
{
  g_autoptr(GArray) keys = tvm_row_list_dup_keys (self->rows);

  set_choosing (self, TRUE);
  tvm_list_choice_add_all (self->choice, keys);
}

static gboolean
is_in_list (TvmListPage *self, GtkWidget *focus)
{
  return focus != NULL && (gtk_widget_is_ancestor (focus, GTK_WIDGET (self->table)) ||
                           gtk_widget_is_ancestor (focus, GTK_WIDGET (self->narrow)));
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                TvmListPage *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  if (!is_in_list (self, focus))
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_a && (state & GDK_CONTROL_MASK) != 0)
    {
      choose_all (self);
      return GDK_EVENT_STOP;
    }
  /* A row answers to being activated, which toggles it. */
  if (keyval == GDK_KEY_space && (state & GDK_CONTROL_MASK) == 0 &&
      tvm_list_choice_is_active (self->choice))
    return gtk_widget_activate (focus);
  return GDK_EVENT_PROPAGATE;
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
 * Returns: whether rows are being chosen, so that this one was toggled instead of being opened
 */
gboolean
tvm_list_page_toggle_position (TvmListPage *self, guint position)
{
  g_autoptr(TvmRow) row = NULL;

  if (!tvm_list_page_is_choosing (self))
    return FALSE;
  row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  if (row != NULL)
    tvm_list_choice_toggle (self->choice, tvm_row_get_key (row));
  return TRUE;
}

/**
 * tvm_list_page_set_choice_menu:
 * @self: a page whose table has to_name
 * @menu: what can be done with the chosen rows, which tvm_list_page_dup_chosen() tells
 */
void
tvm_list_page_set_choice_menu (TvmListPage *self, GMenuModel *menu)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_return_if_fail (TVM_IS_LIST_PAGE (self));
  g_return_if_fail (self->choice != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->choose_button), TRUE);
  gtk_menu_button_set_menu_model (self->choice_menu_button, menu);
  add_buttons (self, menu);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->stack), keys);
  g_signal_connect_object (self->choose_button, "toggled", G_CALLBACK (choose_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->choice, "changed", G_CALLBACK (update_bar), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "list.choose-all", TRUE);
  update_bar (self);
}

/**
 * tvm_list_page_choose_all_cb:
 * @widget: a list page
 * @action_name: "list.choose-all"
 * @parameter: (nullable): unused
 *
 * The action: starts choosing and chooses all rows that are listed. Does nothing where the page's
 * rows cannot be chosen.
 */
void
tvm_list_page_choose_all_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  if (TVM_LIST_PAGE (widget)->choice != NULL)
    choose_all (TVM_LIST_PAGE (widget));
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
  return self->choice != NULL && tvm_list_choice_is_active (self->choice);
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

  g_return_val_if_fail (TVM_IS_LIST_PAGE (self) && self->choice != NULL, NULL);

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

  set_choosing (self, FALSE);
}
