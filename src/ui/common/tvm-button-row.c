/* tvm-button-row.c: buttons with a row of their own. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-button-row.h"

/**
 * tvm_button_row_new:
 * @group: where it goes
 * @orientation: of the buttons; beside a long text they would not fit a narrow window
 *
 * Returns: (transfer none): the box in the row
 */
GtkWidget *
tvm_button_row_new (AdwPreferencesGroup *group, GtkOrientation orientation)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (orientation, 6);

  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_box_set_homogeneous (GTK_BOX (box), orientation == GTK_ORIENTATION_HORIZONTAL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  adw_preferences_group_add (group, row);
  return box;
}

/**
 * tvm_button_row_add:
 * @box: where it goes
 * @label: its label, with a mnemonic; it wraps
 * @callback: (nullable): called with @data when it is clicked
 * @data: given to @callback
 *
 * Returns: (transfer none): the button
 */
GtkWidget *
tvm_button_row_add (GtkWidget *box, const char *label, GCallback callback, gpointer data)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  GtkWidget *words = gtk_button_get_child (GTK_BUTTON (button));

  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_widget_set_hexpand (button, TRUE);
  if (callback != NULL)
    g_signal_connect_swapped (button, "clicked", callback, data);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}
