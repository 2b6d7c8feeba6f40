/* tvm-activity-team.c: what a team says about an activity: whom it is assigned to, and comments.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-team.h"
#include "tvm-decide.h"
#include "tvm-list-cells.h"
#include "tvm-sync-team.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static void
add_choice (GMenu *menu, const char *label, const char *who)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (NULL, NULL);
  g_auto(GStrv) parts = g_strsplit (label, "_", -1);
  g_autofree char *plain = g_strjoinv ("__", parts);  /* no mnemonics in addresses */

  g_menu_item_set_label (item, plain);
  g_menu_item_set_action_and_target (item, "activity.assign", "s", who);
  g_menu_append_item (menu, item);
}

static GMenuModel *
create_people_menu (const TvmActivityDetails *details)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) people = g_menu_new ();
  g_autoptr(GMenu) others = g_menu_new ();

  /* Translators: whom an activity is assigned to */
  add_choice (others, _("Me"), "me");
  if (details->activity->assignee != NULL)
    /* Translators: whom an activity is assigned to */
    add_choice (others, _("Nobody"), "nobody");
  for (guint i = 0; i < details->people->len; i++)
    {
      const TvmTeamPerson *person = details->people->pdata[i];

      add_choice (people, person->account, person->account);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (others));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (people));
  return G_MENU_MODEL (menu);
}

static void
add_assignee (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  const char *assignee = details->activity->assignee;
  g_autoptr(GMenuModel) menu = create_people_menu (details);
  GtkWidget *button = gtk_menu_button_new ();
  AdwActionRow *row = tvm_list_flyout_add_row (flyout, _("Assigned to"),
                                               assignee != NULL ? assignee : _("Nobody"));

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "document-edit-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_set_tooltip_text (button, _("Assign to somebody"));
  tvm_toolkit_name (button, _("Assign to somebody"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_action_row_add_suffix (row, button);
}

/* The newest first, as in the history. */
static void
add_comments (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  for (guint i = 0; details->history != NULL && i < details->history->len; i++)
    {
      const TvmHistoryEntry *entry = details->history->pdata[i];
      g_autofree char *when = NULL;
      g_autofree char *below = NULL;
      AdwActionRow *row;

      if (strcmp (entry->kind, "comment") != 0)
        continue;
      when = tvm_make_instant (entry->when_us);
      /* Translators: who wrote a comment and when: "ana@contoso.example, 2 March 2026" */
      below = g_strdup_printf (_("%s, %s"), entry->who != NULL ? entry->who : _("N/A"), when);
      row = tvm_list_flyout_add_row (flyout, entry->detail != NULL ? entry->detail : "", below);
      adw_action_row_set_title_lines (row, 0);
      adw_action_row_set_subtitle_lines (row, 0);
    }
}

/**
 * tvm_activity_team_add:
 * @flyout: the flyout
 * @details: the activity; nothing is added where the profile is in no team
 */
void
tvm_activity_team_add (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  AdwPreferencesGroup *group;
  GtkWidget *button;

  if (details->people->len == 0)
    return;
  group = tvm_list_flyout_add_group (flyout, _("Team"));
  button = gtk_button_new_with_mnemonic (_("Co_mment…"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "activity.comment");
  adw_preferences_group_set_header_suffix (group, button);
  if (details->is_shared)
    add_assignee (flyout, details);
  else
    adw_action_row_set_subtitle_lines (
      tvm_list_flyout_add_row (flyout, _("Only here"),
                               _("Your team does not have this activity: it was requested before "
                                 "you joined, or made in the portal.")), 0);
  add_comments (flyout, details);
}

/* ---- deciding ------------------------------------------------------------------------------ */

/**
 * tvm_activity_team_comment:
 * @ui: the page's
 * @widget: the activity's flyout
 * @activity: the activity
 *
 * Asks for a comment and adds it.
 */
void
tvm_activity_team_comment (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity)
{
  const TvmDecide how = { tvm_sync_engine_comment_async, NULL,
                          _("The comment could not be added") };
  const TvmDecideQuestion question = { _("Add a comment?"),
                                       _("It stands in the history, and your team gets it where "
                                         "it has this activity. It cannot be taken back."),
                                       _("Comment"), _("Co_mment"), ADW_RESPONSE_SUGGESTED };

  tvm_decide_ask (ui, widget, activity->id, &how, &question);
}

/**
 * tvm_activity_team_assign:
 * @ui: the page's
 * @widget: the activity's flyout
 * @activity: an activity that the team has
 * @who: a member's e-mail address, "me" or "nobody"
 */
void
tvm_activity_team_assign (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity,
                          const char *who)
{
  const TvmDecide how = { tvm_sync_engine_assign_async, NULL,
                          _("The activity could not be assigned") };

  tvm_decide (ui, widget, activity->id, who, &how);
}
