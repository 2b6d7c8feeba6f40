/* tvm-preferences-team-rows.c: what the page about the team is made of. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-team.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_preferences_describe_log:
 * @team: the team
 *
 * Returns: (transfer full): how far apart its log and this profile are
 */
char *
tvm_preferences_describe_log (const TvmSyncTeam *team)
{
  g_autofree char *waiting = g_strdup_printf (
    ngettext ("%d decision waits to be sent", "%d decisions wait to be sent", team->n_waiting),
    team->n_waiting);
  g_autofree char *behind = NULL;

  if (team->n_behind < 0)
    return g_strdup (waiting);
  behind = g_strdup_printf (ngettext ("%d of others is not here yet", "%d of others are not here "
                                      "yet", (gulong) team->n_behind), (int) team->n_behind);
  if (team->n_behind == 0 && team->n_waiting == 0)
    return g_strdup (_("Everything is up to date"));
  return g_strdup_printf ("%s\n%s", waiting, behind);
}

/**
 * tvm_preferences_create_members:
 * @members: (element-type TvmTeamMember): who is in the team, and who left
 *
 * Returns: (transfer floating): a list of them
 */
GtkWidget *
tvm_preferences_create_members (GPtrArray *members)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < members->len; i++)
    {
      const TvmTeamMember *member = members->pdata[i];
      const char *right = member->left_us != 0 ? _("Left")
                                               : tvm_team_right_to_text (member->right);

      gtk_list_box_append (GTK_LIST_BOX (list),
                           GTK_WIDGET (tvm_plain_row_new (member->account, right)));
    }
  return list;
}

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
 * Returns: (transfer none): a row of outside text
 */
AdwActionRow *
tvm_preferences_create_row (AdwPreferencesGroup *group,
                            const char          *title)
{
  AdwActionRow *row = tvm_plain_row_new (title, "");

  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  adw_preferences_group_add (group, GTK_WIDGET (row));
  return row;
}

/**
 * tvm_preferences_create_button_row:
 * @group: where it goes
 *
 * Buttons have a row of their own, as beside a long address they would not fit a narrow window.
 *
 * Returns: (transfer none): the box in the row
 */
GtkWidget *
tvm_preferences_create_button_row (AdwPreferencesGroup *group)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  adw_preferences_group_add (group, row);
  return box;
}

/**
 * tvm_preferences_create_button:
 * @page: given to @callback
 * @box: where it goes
 * @label: its label, with a mnemonic
 * @callback: called when it is clicked
 *
 * Returns: (transfer none): the button
 */
GtkWidget *
tvm_preferences_create_button (gpointer    page,
                               GtkWidget  *box,
                               const char *label,
                               GCallback   callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_hexpand (button, TRUE);
  g_signal_connect_swapped (button, "clicked", callback, page);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}
