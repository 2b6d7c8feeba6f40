/* tvm-activity-groups.c: what the flyout of an activity says, in the order of an admin's questions:
 * how much is left and why, who is on it, which devices, how to fix, where it came from.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-groups.h"
#include "tvm-brief.h"
#include "tvm-history.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-said.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_activity_groups_add_pills:
 * @flyout: the flyout
 * @activity: the activity
 */
void
tvm_activity_groups_add_pills (TvmListFlyout *flyout, const TvmActivity *activity)
{
  const char *icon_name = NULL, *style = NULL;
  g_autofree char *due = tvm_make_due_words (activity, &icon_name, &style);
  const char *status_style = NULL, *status_icon = tvm_activity_status_icon (activity,
                                                                            &status_style);

  if (due != NULL)
    tvm_list_flyout_add_pill (flyout, icon_name, style, due);
  else if (activity->due_on != NULL)
    {
      g_autofree char *date = tvm_make_date (activity->due_on);
      /* Translators: %s is a date */
      g_autofree char *text = g_strdup_printf (_("Due by %s"), date != NULL ? date : "–");

      tvm_list_flyout_add_pill (flyout, "x-office-calendar-symbolic", NULL, text);
    }
  if (activity->type != TVM_TYPE_ATTENTION_REQUIRED && activity->priority != TVM_PRIORITY_NONE)
    {
      /* Translators: %s is a priority: "High" */
      g_autofree char *text =
        g_strdup_printf (_("Priority: %s"), tvm_activity_priority_text (activity));

      tvm_list_flyout_add_pill (flyout, tvm_priority_icon (activity->priority), NULL, text);
    }
  tvm_list_flyout_add_pill (flyout, status_icon, status_style,
                            activity->status == TVM_STATUS_UNKNOWN &&
                                tvm_said_find ((const char *const *) activity->said,
                                               "status") == NULL
                              ? _("Status not known") : tvm_activity_status_text (activity));
  if (activity->origin == TVM_ORIGIN_DEFENDER)
    tvm_list_flyout_add_pill (flyout, "web-browser-symbolic", NULL, _("Made in the portal"));
}

static GtkWidget *
create_icon_button (const char *icon_name, const char *label, const char *action_name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  tvm_toolkit_name (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  return button;
}

/* Only what the IT admin has not accepted yet. */
static gboolean
may_withdraw (const TvmTicket *ticket)
{
  return ticket->withdraw_us == 0 && (ticket->id == NULL || ticket->status == TVM_TICKET_PENDING);
}

static void
add_ticket (TvmListFlyout *flyout, const TvmTicket *ticket, gboolean has_admin_center)
{
  const char *style = NULL, *icon_name = tvm_ticket_icon (ticket->status, &style);
  g_autofree char *number = tvm_make_number (ticket->devices);
  g_autofree char *created = tvm_make_instant_date (ticket->created_us);
  g_autoptr(GString) subtitle = g_string_new ("");
  g_autofree char *title = NULL;
  AdwActionRow *row;
  GtkWidget *withdraw;

  /* Translators: %s is a ticket's status: "Accepted" */
  title = g_strdup_printf (_("Microsoft Intune: %s"), tvm_ticket_status_text (ticket));
  if (ticket->assigned_to != NULL)
    g_string_append_printf (subtitle, _("Assigned to %s"), ticket->assigned_to);
  g_string_append_printf (subtitle, "%s", subtitle->len > 0 ? "\n" : "");
  g_string_append_printf (subtitle, ngettext ("%s device", "%s devices", (gulong) ticket->devices),
                          number);
  if (created != NULL)
    /* Translators: follows a number of devices; %s is a date */
    g_string_append_printf (subtitle, _(", created %s"), created);
  if (ticket->withdraw_us != 0)
    g_string_append_printf (subtitle, "\n%s", _("Its withdrawal waits to be sent"));
  if (ticket->last_error != NULL)
    g_string_append_printf (subtitle, "\n%s", ticket->last_error);
  row = tvm_list_flyout_add_row (flyout, title, subtitle->str);
  adw_action_row_set_subtitle_lines (row, 6);
  adw_action_row_set_icon_name (row, icon_name);
  if (may_withdraw (ticket))
    {
      withdraw = create_icon_button ("edit-undo-symbolic", _("Withdraw the ticket"),
                                       "activity.withdraw-ticket");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (withdraw), "x", ticket->key);
      adw_action_row_add_suffix (row, withdraw);
    }
  if (has_admin_center)
    adw_action_row_add_suffix (row, create_icon_button ("tvm-external-symbolic",
                                                        _("Open in the Intune admin center"),
                                                        "activity.open-ticket"));
}

/* Leads to the devices that no ticket carries, if there are any. */
static void
add_left_out (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  int n = details->activity->target_devices;
  g_autofree char *number = NULL;
  g_autofree char *title = NULL;
  AdwActionRow *row;

  for (guint i = 0; i < details->tickets->len; i++)
    {
      const TvmTicket *ticket = details->tickets->pdata[i];

      n -= ticket->status != TVM_TICKET_WITHDRAWN ? ticket->devices : 0;
    }
  if (n <= 0)
    return;
  number = tvm_make_number (n);
  title = g_strdup_printf (ngettext ("%s device is in no ticket", "%s devices are in no ticket",
                                     (gulong) n), number);
  row = tvm_list_flyout_add_row (flyout, title, _("Show which and why"));
  adw_action_row_set_icon_name (row, "dialog-information-symbolic");
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "activity.show-left-out");
}

/**
 * tvm_activity_groups_add_tickets:
 * @flyout: the flyout
 * @details: the activity; nothing is added without tickets
 */
void
tvm_activity_groups_add_tickets (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  if (details->tickets == NULL || details->tickets->len == 0)
    return;
  tvm_list_flyout_add_group (flyout, _("IT service and device management tools"));
  for (guint i = 0; i < details->tickets->len; i++)
    add_ticket (flyout, details->tickets->pdata[i], details->admin_center_uri != NULL);
  add_left_out (flyout, details);
}

/* What the store lists: of a portal activity only the devices that are still exposed. */
static int
count_devices (const TvmActivityDetails *details)
{
  int n = 0;

  for (guint i = 0; i < TVM_N_DEVICE_STATES; i++)
    n += details->states[i];
  return n;
}

/**
 * tvm_activity_groups_add_devices:
 * @flyout: the flyout
 * @details: the activity; nothing is added without targets
 * @is_fetching: whether they are being fetched
 * @fetch_error: (nullable): why they could not be fetched
 */
void
tvm_activity_groups_add_devices (TvmListFlyout            *flyout,
                                 const TvmActivityDetails *details,
                                 gboolean                  is_fetching,
                                 const char               *fetch_error)
{
  AdwPreferencesGroup *group;
  GtkWidget *all;
  g_autofree char *number = tvm_make_number (count_devices (details));
  g_autofree char *unnamed = tvm_progress_unnamed_text (details->activity);
  g_autofree char *label = NULL;

  if (!is_fetching && fetch_error == NULL && details->targets->len == 0)
    return;
  group = tvm_list_flyout_add_group (flyout, _("Devices"));
  if (fetch_error != NULL)
    adw_action_row_set_icon_name (
      tvm_list_flyout_add_row (flyout, _("Devices could not be fetched"), fetch_error),
      "dialog-warning-symbolic");
  else if (is_fetching)
    tvm_list_flyout_add_spinner (flyout, _("Fetching exposed devices"));
  if (details->targets->len == 0)
    return;
  /* Translators: opens the list of all devices; %s is their number */
  label = g_strdup_printf (_("Show all %s"), number);
  all = gtk_button_new_with_label (label);
  gtk_widget_set_valign (all, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (all, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (all), "activity.show-devices");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (all), "i", -1);
  adw_preferences_group_set_header_suffix (group, all);
  adw_preferences_group_set_description (group, unnamed);
  for (guint i = 0; i < MIN (details->targets->len, 5); i++)
    {
      const TvmTarget *target = details->targets->pdata[i];
      const char *style = NULL, *icon_name = tvm_device_state_icon (target->state, &style);
      GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
      g_autofree char *date = tvm_make_instant_date (target->changed_us);
      g_autofree char *words = date == NULL ? g_strdup (tvm_device_state_to_text (target->state))
        /* Translators: a device's state and since when */
        : g_strdup_printf (_("%s, %s"), tvm_device_state_to_text (target->state), date);

      gtk_widget_add_css_class (icon, style);
      adw_action_row_add_prefix (tvm_list_flyout_add_row (
        flyout, target->name != NULL ? target->name : target->device_id, words), icon);
    }
}

static char *
make_steps (const TvmActivityDetails *details)
{
  TvmBrief brief = { details->activity, details->recommendation, details->vulnerabilities,
                     details->updates };
  g_autoptr(GString) text = g_string_new (NULL);

  tvm_brief_add_steps (text, &brief);
  if (tvm_brief_lacks_cves (&brief))
    g_string_append (text, _("Which they are is not known here yet: open the recommendation, or "
                             "synchronize."));
  return g_strchomp (g_strdup (text->str));
}

/**
 * tvm_activity_groups_add_steps:
 * @flyout: the flyout
 * @details: the activity
 */
void
tvm_activity_groups_add_steps (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  AdwPreferencesGroup *group = tvm_list_flyout_add_group (flyout, _("Remediation steps"));
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_autofree char *steps = make_steps (details);
  const char *description = details->activity->description;

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "facts");
  /* What the service says of it, then what is known here. */
  if (description != NULL && description[0] != '\0')
    gtk_box_append (GTK_BOX (card), tvm_quote_new (description));
  gtk_box_append (GTK_BOX (card), tvm_paragraph_new (steps));
  adw_preferences_group_add (group, card);
}

/* What is there of a history entry, a line each. */
static char *
join_lines (const char *when, const char *change, const char *note)
{
  const char *const parts[] = { when, change, note };
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new ();
  g_auto(GStrv) there = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      g_strv_builder_add (lines, parts[i]);
  there = g_strv_builder_end (lines);
  return g_strjoinv ("\n", there);
}

/* Which devices the choice made it follow. */
static const char *
get_scope_words (const TvmActivity *activity)
{
  if (activity->no_impact_only < 0)
    return _("Not known");
  if (activity->origin == TVM_ORIGIN_DEFENDER)
    return _("This was chosen in the portal");
  if (activity->no_impact_only == 2)
    return _("When it was requested it was not known which these are: all exposed devices of the "
             "chosen groups are followed");
  return _("Those that were known to have none when it was requested");
}

/**
 * tvm_activity_groups_add_history:
 * @flyout: the flyout
 * @details: the activity
 *
 * The related recommendation, notes and the history, newest first.
 */
void
tvm_activity_groups_add_history (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  const TvmActivity *activity = details->activity;
  AdwPreferencesGroup *group = tvm_list_flyout_add_group (flyout, _("History and notes"));
  GtkWidget *export;
  AdwActionRow *row;

  export = create_icon_button ("document-save-symbolic", _("Export history to CSV"),
                                 "activity.export-history");
  adw_preferences_group_set_header_suffix (group, export);
  if (details->recommendation != NULL)
    {
      row = tvm_list_flyout_add_row (flyout, _("Related recommendation"),
                                     details->recommendation->name);
      adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "activity.open-recommendation");
    }
  if (activity->notes != NULL && activity->notes[0] != '\0')
    adw_action_row_set_subtitle_lines (tvm_list_flyout_add_row (flyout, _("Notes"),
                                                                activity->notes), 0);
  if (activity->policy_reason != NULL)
    adw_action_row_set_subtitle_lines (tvm_list_flyout_add_row (flyout, _("Policy"),
                                                                activity->policy_reason), 0);
  if (activity->no_impact_only != 0)
    adw_action_row_set_subtitle_lines (
      tvm_list_flyout_add_row (flyout, _("Only devices with no user impact"),
                               get_scope_words (activity)), 0);
  if (activity->groups != NULL && activity->groups[0] != NULL)
    {
      g_autofree char *groups = g_strjoinv ("\n", activity->groups);

      tvm_list_flyout_add_row (flyout, _("Device groups"), groups);
    }
  else if (activity->groups == NULL)
    tvm_list_flyout_add_row (flyout, _("Device groups"), _("Not known"));
  for (guint i = 0; details->history != NULL && i < details->history->len; i++)
    {
      const TvmHistoryEntry *entry = details->history->pdata[i];
      g_autofree char *text = tvm_history_text (entry);
      g_autofree char *when = tvm_make_instant (entry->when_us);
      g_autofree char *change = tvm_history_change_text (entry);
      g_autofree char *below = join_lines (when, change, tvm_history_note (entry));

      adw_action_row_set_subtitle_lines (tvm_list_flyout_add_row (flyout, text, below), 0);
    }
  if (details->history == NULL || details->history->len == 0)
    {
      g_autofree char *when = tvm_make_instant (activity->created_us);
      /* Translators: %s is an e-mail address */
      g_autofree char *text = g_strdup_printf (_("Requested by %s"),
        activity->created_by != NULL ? activity->created_by : _("N/A"));

      tvm_list_flyout_add_row (flyout, text, when);
    }
}
