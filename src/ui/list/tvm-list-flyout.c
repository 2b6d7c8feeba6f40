/* tvm-list-flyout.c: the frame of a flyout: heading with pills, groups of rows, actions that stay
 * in sight. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-flyout.h"
#include "tvm-keys.h"
#include "tvm-list-cells.h"
#include "tvm-list-resources.h"
#include "tvm-toolkit.h"
#include "tvm-ui.h"
#include <glib/gi18n-lib.h>

#define ACTIONS_PX 324  /* what a flyout of 360 px has for its actions */
#define PLACES_PER_LINE 50  /* of pills, in 360 px; ... */
#define PLACES_OF_PILL  7   /* ...what one takes besides its words */
#define NARROWEST_PX 360  /* of a window that everything fits in */

struct _TvmListFlyout
{
  AdwBin               parent_instance;
  AdwPreferencesGroup *group;   /* (nullable) the last one, which gets rows */
  GMenu               *related; /* (owned) what leads elsewhere from what it shows */
  double               place;   /* where it was scrolled to */
  guint                place_id;
  GtkLabel            *title;
  guint                n_places;  /* that the last line of pills takes */
  GtkScrolledWindow   *scroller;
  GtkWidget           *pills, *body, *actions;
};

G_DEFINE_FINAL_TYPE (TvmListFlyout, tvm_list_flyout, ADW_TYPE_BIN)

static gboolean
place_idle_cb (gpointer user_data)
{
  TvmListFlyout *self = user_data;

  self->place_id = 0;
  /* AdwFlap's first reveal leaves the heading with the height it had when empty. */
  gtk_widget_queue_resize (self->pills);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), self->place);
  return G_SOURCE_REMOVE;
}

/* Actions whose words have no room beside each other (large text) stand below each other. */
static void
tvm_list_flyout_root (GtkWidget *widget)
{
  GtkWidget *actions = TVM_LIST_FLYOUT (widget)->actions;
  int minimum;

  GTK_WIDGET_CLASS (tvm_list_flyout_parent_class)->root (widget);
  gtk_widget_measure (actions, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum > NARROWEST_PX)
    gtk_orientable_set_orientation (GTK_ORIENTABLE (actions), GTK_ORIENTATION_VERTICAL);
}

static void
tvm_list_flyout_dispose (GObject *object)
{
  g_clear_handle_id (&TVM_LIST_FLYOUT (object)->place_id, g_source_remove);
  g_clear_object (&TVM_LIST_FLYOUT (object)->related);
  G_OBJECT_CLASS (tvm_list_flyout_parent_class)->dispose (object);
}

static void
tvm_list_flyout_class_init (TvmListFlyoutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_list_flyout_dispose;
  widget_class->root = tvm_list_flyout_root;
  tvm_list_get_resource ();  /* links the resources in */
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/example/TvmRemediate/list/tvm-list-flyout.ui");
  gtk_widget_class_bind_template_child (widget_class, TvmListFlyout, title);
  gtk_widget_class_bind_template_child (widget_class, TvmListFlyout, pills);
  gtk_widget_class_bind_template_child (widget_class, TvmListFlyout, scroller);
  gtk_widget_class_bind_template_child (widget_class, TvmListFlyout, body);
  gtk_widget_class_bind_template_child (widget_class, TvmListFlyout, actions);
}

static void
actions_mapped_cb (TvmListFlyout *self)
{
  if (!gtk_widget_has_css_class (gtk_widget_get_first_child (self->actions), "tile"))
    tvm_ui_fit_buttons (GTK_BOX (self->actions), ACTIONS_PX);
}

static void
tvm_list_flyout_init (TvmListFlyout *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_toolkit_wrap_by_width (GTK_WIDGET (self->title));
  self->related = g_menu_new ();
  g_signal_connect_object (self->actions, "map", G_CALLBACK (actions_mapped_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * tvm_list_flyout_new:
 *
 * Returns: (transfer floating): an empty flyout
 */
TvmListFlyout *
tvm_list_flyout_new (void)
{
  return g_object_new (TVM_TYPE_LIST_FLYOUT, NULL);
}

/**
 * tvm_list_flyout_start:
 * @self: the flyout
 * @title: (nullable): the heading
 *
 * Empties all but the actions and scrolls to the top.
 */
void
tvm_list_flyout_start (TvmListFlyout *self, const char *title)
{
  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  self->group = NULL;
  self->n_places = 0;
  self->place = 0;
  g_menu_remove_all (self->related);
  gtk_label_set_label (self->title, title != NULL ? title : "");
  tvm_title_keep_whole (self->title, title);
  tvm_box_clear (self->pills);
  gtk_widget_set_visible (self->pills, FALSE);
  tvm_box_clear (self->body);
  if (self->place_id == 0)
    self->place_id = g_idle_add_full (G_PRIORITY_LOW, place_idle_cb, self, NULL);
}

/**
 * tvm_list_flyout_keep_place:
 * @self: the flyout
 *
 * Call right after tvm_list_flyout_start() when the same thing is filled in again.
 */
void
tvm_list_flyout_keep_place (TvmListFlyout *self)
{
  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  self->place = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller));
}

/**
 * tvm_list_flyout_add_pill:
 * @self: the flyout
 * @icon_name: (nullable): the icon
 * @style: (nullable): the icon's style class
 * @text: the words
 */
void
tvm_list_flyout_add_pill (TvmListFlyout *self,
                          const char    *icon_name,
                          const char    *style,
                          const char    *text)
{
  GtkWidget *pill = tvm_pill_new (icon_name, style, text);
  guint n_places = PLACES_OF_PILL;

  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n_places += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  self->n_places += n_places;
  if (self->n_places == n_places || self->n_places > PLACES_PER_LINE)
    {
      self->n_places = n_places;
      gtk_box_append (GTK_BOX (self->pills), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
    }
  gtk_box_append (GTK_BOX (gtk_widget_get_last_child (self->pills)), pill);
  gtk_widget_set_visible (self->pills, TRUE);
}

/**
 * tvm_list_flyout_add_text:
 * @self: the flyout
 * @text: (nullable): a paragraph of plain text; without one nothing is added
 */
void
tvm_list_flyout_add_text (TvmListFlyout *self, const char *text)
{
  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  if (text != NULL && text[0] != '\0')
    gtk_box_append (GTK_BOX (self->body), tvm_paragraph_new (text));
}

/**
 * tvm_list_flyout_add_quote:
 * @self: the flyout
 * @text: what the service says, which is not in the person's language
 */
void
tvm_list_flyout_add_quote (TvmListFlyout *self, const char *text)
{
  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  gtk_box_append (GTK_BOX (self->body), tvm_quote_new (text));
}

/**
 * tvm_list_flyout_add_group:
 * @self: the flyout
 * @title: the group's heading
 *
 * Returns: (transfer none): the group, which the next rows go to
 */
AdwPreferencesGroup *
tvm_list_flyout_add_group (TvmListFlyout *self, const char *title)
{
  g_return_val_if_fail (TVM_IS_LIST_FLYOUT (self), NULL);

  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  tvm_group_set_title (self->group, title);
  gtk_box_append (GTK_BOX (self->body), GTK_WIDGET (self->group));
  return self->group;
}

/**
 * tvm_list_flyout_add_row:
 * @self: the flyout
 * @title: plain text
 * @subtitle: (nullable): plain text; %NULL shows a dash
 *
 * Returns: (transfer none): the row, added to the last group
 */
AdwActionRow *
tvm_list_flyout_add_row (TvmListFlyout *self, const char *title, const char *subtitle)
{
  AdwActionRow *row = tvm_plain_row_new (title, subtitle != NULL ? subtitle : "–");

  g_return_val_if_fail (TVM_IS_LIST_FLYOUT (self), NULL);

  adw_preferences_group_add (self->group, GTK_WIDGET (row));
  return row;
}

/**
 * tvm_list_flyout_add_link:
 * @self: the flyout
 * @title: (nullable): plain text
 * @subtitle: (nullable): plain text
 * @id: what its "activated" leads to, kept as the row's data "tvm-id"
 *
 * Returns: (transfer none): a row of the last group that can be activated
 */
AdwActionRow *
tvm_list_flyout_add_link (TvmListFlyout *self,
                          const char    *title,
                          const char    *subtitle,
                          const char    *id)
{
  AdwActionRow *row = tvm_list_flyout_add_row (self, title, subtitle);

  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "tvm-id", g_strdup (id), g_free);
  return row;
}

/**
 * tvm_list_flyout_add_all:
 * @self: the flyout
 * @n: how many there are of what the last group shows the first of
 * @page: the page that lists them all
 * @text: (nullable): what is searched for there
 *
 * Adds the button that leads there, in the group's heading; none where there is no text, as of what
 * has no name.
 */
void
tvm_list_flyout_add_all (TvmListFlyout *self, guint n, const char *page, const char *text)
{
  g_autofree char *number = tvm_make_number (n);
  /* Translators: shows the whole list; %s is its length */
  g_autofree char *label = g_strdup_printf (_("Show all %s"), number);
  GtkWidget *all;

  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  if (text == NULL)
    return;
  all = gtk_button_new_with_label (label);
  gtk_widget_set_valign (all, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (all, "flat");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (all), "(ss)", page, text);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (all), "win.show-list");
  adw_preferences_group_set_header_suffix (self->group, all);
}

/**
 * tvm_list_flyout_add_related:
 * @self: the flyout
 * @label: what leads there, in the menu of the row
 * @page: a page
 * @text: (nullable): what is searched for there; nothing leads there without
 */
void
tvm_list_flyout_add_related (TvmListFlyout *self,
                             const char    *label,
                             const char    *page,
                             const char    *text)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  if (text == NULL)
    return;
  g_menu_item_set_action_and_target (item, "win.show-list", "(ss)", page, text);
  g_menu_append_item (self->related, item);
}

/**
 * tvm_list_flyout_add_spinner:
 * @self: the flyout
 * @text: what is being waited for; added to the last group
 */
void
tvm_list_flyout_add_spinner (TvmListFlyout *self, const char *text)
{
  AdwActionRow *row = tvm_plain_row_new (text, NULL);
  GtkWidget *spinner = gtk_spinner_new ();

  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  gtk_spinner_start (GTK_SPINNER (spinner));
  adw_action_row_add_prefix (row, spinner);
  adw_preferences_group_add (self->group, GTK_WIDGET (row));
}

/* What a button at the bottom shows: words, below an icon where there is one. */
static GtkWidget *
create_tile (const char *icon_name, const char *label)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *words = gtk_label_new (label);

  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  if (icon_name != NULL)
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (box), words);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static void
add_button (TvmListFlyout *self, GtkWidget *button, const char *label)
{
  tvm_toolkit_name (button, label);
  gtk_box_append (GTK_BOX (self->actions), button);
  gtk_widget_set_visible (self->actions, TRUE);
}

/**
 * tvm_list_flyout_add_action:
 * @self: the flyout
 * @icon_name: (nullable): makes the button a tile with an icon above its words
 * @label: the words
 * @action_name: the action, without a parameter
 *
 * Returns: (transfer none): the button, at the bottom
 */
GtkWidget *
tvm_list_flyout_add_action (TvmListFlyout *self,
                            const char    *icon_name,
                            const char    *label,
                            const char    *action_name)
{
  GtkWidget *button = gtk_button_new ();

  g_return_val_if_fail (TVM_IS_LIST_FLYOUT (self), NULL);

  if (icon_name != NULL)
    gtk_widget_add_css_class (button, "tile");
  gtk_button_set_child (GTK_BUTTON (button), create_tile (icon_name, label));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  tvm_keys_add (button, action_name);
  tvm_keys_tell (button, action_name);
  g_object_set_data_full (G_OBJECT (button), "tvm-label", g_strdup (label), g_free);
  add_button (self, button, label);
  return button;
}

/**
 * tvm_list_flyout_create_menu:
 * @self: the flyout
 * @action_name: of the items; its parameter is the name of the flyout's action
 *
 * Returns: (transfer full): what can be done with what it shows now, the first action first, and
 *   what leads to related rows
 */
GMenuModel *
tvm_list_flyout_create_menu (TvmListFlyout *self, const char *action_name)
{
  GMenu *menu = g_menu_new ();

  g_return_val_if_fail (TVM_IS_LIST_FLYOUT (self), G_MENU_MODEL (menu));

  for (GtkWidget *button = gtk_widget_get_last_child (self->actions); button != NULL;
       button = gtk_widget_get_prev_sibling (button))
    {
      const char *label = g_object_get_data (G_OBJECT (button), "tvm-label"), *keys;
      g_autoptr(GMenuItem) item = NULL;

      if (label == NULL || !gtk_widget_get_visible (button) || !gtk_widget_is_sensitive (button))
        continue;
      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (
        item, action_name, "s", gtk_actionable_get_action_name (GTK_ACTIONABLE (button)));
      if ((keys = tvm_keys_get (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)))) != NULL)
        g_menu_item_set_attribute (item, "accel", "s", keys);
      g_menu_append_item (menu, item);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (self->related)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (self->related));
  return G_MENU_MODEL (menu);
}

/**
 * tvm_list_flyout_add_menu:
 * @self: the flyout
 * @icon_name: the tile's icon
 * @label: its words
 * @menu: the actions to choose from
 *
 * Adds a tile at the bottom that opens a menu.
 */
void
tvm_list_flyout_add_menu (TvmListFlyout *self,
                          const char    *icon_name,
                          const char    *label,
                          GMenuModel    *menu)
{
  GtkWidget *button = gtk_menu_button_new ();

  g_return_if_fail (TVM_IS_LIST_FLYOUT (self));

  gtk_widget_add_css_class (button, "tile");
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), create_tile (icon_name, label));
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), GTK_ARROW_UP);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  add_button (self, button, label);
}
