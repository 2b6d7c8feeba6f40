/* tvm-preferences-rows.c: what the pages of the preferences are made of. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-rows.h"
#include "tvm-toolkit.h"

/**
 * tvm_preferences_create_group:
 * @page: where it goes
 * @title: (nullable): its title
 * @description: (nullable): what stands below
 *
 * Returns: (transfer none): a group of the page
 */
AdwPreferencesGroup *
tvm_preferences_create_group (AdwPreferencesPage *page,
                              const char         *title,
                              const char         *description)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_GROUP (group);
}

/**
 * tvm_preferences_create_row:
 * @group: where it goes
 * @title: plain text
 *
 * Returns: (transfer none): a row that shows the whole of any text
 */
AdwActionRow *
tvm_preferences_create_row (AdwPreferencesGroup *group,
                            const char          *title)
{
  AdwActionRow *row = tvm_plain_row_new (title, NULL);

  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  adw_preferences_group_add (group, GTK_WIDGET (row));
  return row;
}

/**
 * tvm_preferences_add_control:
 * @row: a row
 * @control: (transfer floating): what the row sets; it gets the row's name
 */
void
tvm_preferences_add_control (AdwActionRow *row,
                             GtkWidget    *control)
{
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  tvm_toolkit_name (control, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  adw_action_row_add_suffix (row, control);
  adw_action_row_set_activatable_widget (row, control);
}

/**
 * tvm_preferences_add_button:
 * @row: a row
 * @label: the button's, with a mnemonic
 * @callback: called with @data when it is clicked
 * @data: given to @callback
 *
 * Returns: (transfer none): the button at the row's end
 */
GtkWidget *
tvm_preferences_add_button (AdwActionRow *row,
                            const char   *label,
                            GCallback     callback,
                            gpointer      data)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", callback, data);
  adw_action_row_add_suffix (row, button);
  return button;
}

/**
 * tvm_preferences_create_spinner:
 *
 * Returns: (transfer floating): a spinner that turns once it is shown
 */
GtkWidget *
tvm_preferences_create_spinner (void)
{
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_visible (spinner, FALSE);
  return spinner;
}
