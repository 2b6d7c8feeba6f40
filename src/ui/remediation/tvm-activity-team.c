/* tvm-activity-team.c: what a team says about an activity: whom it is assigned to, and comments.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-team.h"
#include "tvm-list-cells.h"
#include "tvm-question.h"
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

/* What is asked for, and what keeps the window's things alive meanwhile. */
typedef struct
{
  TvmUi     *ui;           /* (owned) */
  GtkWidget *widget;       /* (owned) */
  GtkWidget *entry;        /* (unowned) (nullable): the dialog's */
  char      *activity_id;  /* (owned) */
} Deciding;

static Deciding *
deciding_new (TvmUi *ui, GtkWidget *widget, const char *activity_id)
{
  Deciding *self = g_new0 (Deciding, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->activity_id = g_strdup (activity_id);
  return self;
}

static void
deciding_free (Deciding *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->activity_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deciding, deciding_free)

static void
closure_gone_cb (gpointer data, GClosure *closure)
{
  deciding_free (data);
}

static void
commented_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Deciding) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error) &&
      gtk_widget_get_root (self->widget) != NULL)
    tvm_ui_show_error (self->ui, _("The comment could not be added"), error);
}

static void
assigned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Deciding) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error) &&
      gtk_widget_get_root (self->widget) != NULL)
    tvm_ui_show_error (self->ui, _("The activity could not be assigned"), error);
}

static void
comment_response_cb (GtkWidget *dialog, const char *response, Deciding *self)
{
  if (g_str_equal (response, "comment"))
    tvm_sync_engine_comment_async (self->ui->engine, self->activity_id,
                                   gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL,
                                   commented_cb,
                                   deciding_new (self->ui, self->widget, self->activity_id));
}

static void
comment_typed_cb (GtkWidget *entry, GtkWidget *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  tvm_question_set_answerable (dialog, "comment", *text != '\0');
}

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
  GtkWidget *dialog = tvm_question_new (widget, _("Add a comment?"),
                                        _("It stands in the history, and your team gets it where "
                                          "it has this activity. It cannot be taken back."));
  Deciding *self = deciding_new (ui, widget, activity->id);

  self->entry = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (self->entry), TVM_NOTE_MAX_BYTES / 4);
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  tvm_toolkit_name (self->entry, _("Comment"));
  tvm_question_set_child (dialog, self->entry);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "comment", _("Co_mment"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (dialog, "comment", "cancel");
  tvm_question_set_answerable (dialog, "comment", FALSE);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (comment_typed_cb), dialog, 0);
  g_signal_connect_data (dialog, "response", G_CALLBACK (comment_response_cb), self,
                         closure_gone_cb, 0);
  tvm_question_present (dialog);
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
  tvm_sync_engine_assign_async (ui->engine, activity->id, who, NULL, assigned_cb,
                                deciding_new (ui, widget, activity->id));
}
