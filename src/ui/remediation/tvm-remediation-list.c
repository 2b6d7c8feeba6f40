/* tvm-remediation-list.c: the columns and filters of remediation activities. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-remediation-list.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-rules.h"
#include "tvm-said.h"
#include "tvm-time.h"
#include "tvm-triage.h"
#include <glib/gi18n-lib.h>

/* ---- cells */

static char *
make_caption (const TvmActivity *activity)
{
  /* Translators: remediation type and component: "Update · Google Chrome" */
  return g_strdup_printf (_("%s · %s"), tvm_activity_type_text (activity),
                          activity->related_component != NULL ? activity->related_component : "–");
}

static gboolean
is_monitored (const TvmActivity *activity)
{
  return activity->type != TVM_TYPE_ATTENTION_REQUIRED;
}

static void
fill_title (GtkWidget *cell, gconstpointer record)
{
  const TvmActivity *activity = record;
  g_autofree char *caption = make_caption (activity);

  tvm_cell_set_lines (cell, activity->title, caption);
}

static void
fill_progress (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_progress (cell, record);
}

static void
fill_priority (GtkWidget *cell, gconstpointer record)
{
  const TvmActivity *activity = record;
  gboolean is_shown = is_monitored (activity) && activity->priority != TVM_PRIORITY_NONE;

  tvm_cell_set_mark (cell, tvm_priority_icon (activity->priority), NULL,
                     is_shown ? tvm_activity_priority_text (activity) : NULL);
}

static void
fill_due (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_due (cell, record);
}

static void
fill_ticket_mark (GtkWidget *cell, const TvmActivity *activity)
{
  const char *style = NULL;
  const char *icon_name = tvm_ticket_icon (activity->ticket_status, &style);

  if (!is_monitored (activity) || activity->n_tickets == 0)
    tvm_cell_set_mark (cell, NULL, NULL, NULL);
  else if (activity->n_tickets > 1)
    {
      g_autofree char *text =
        g_strdup_printf (ngettext ("%d ticket", "%d tickets", (gulong) activity->n_tickets),
                         activity->n_tickets);

      tvm_cell_set_mark (cell, icon_name, style, text);
    }
  else
    tvm_cell_set_mark (cell, icon_name, style, tvm_activity_ticket_text (activity));
  gtk_widget_set_tooltip_text (cell, activity->n_tickets > 1
    ? tvm_activity_ticket_text (activity) : NULL);
}

static void
fill_ticket (GtkWidget *cell, gconstpointer record)
{
  fill_ticket_mark (cell, record);
}

static void
fill_completed (GtkWidget *cell, gconstpointer record)
{
  const TvmActivity *activity = record;
  g_autofree char *date = tvm_make_instant_date (activity->completed_us);

  tvm_cell_set_lines (cell, tvm_completed_by_text (activity), date);
}

static void
fill_created (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *date = tvm_make_instant_date (((const TvmActivity *) record)->created_us);

  tvm_cell_set_text (cell, date);
}

static void
fill_type (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell, tvm_activity_type_text (record));
}

static void
fill_status (GtkWidget *cell, gconstpointer record)
{
  const TvmActivity *activity = record;
  const char *style = NULL, *icon_name = tvm_activity_status_icon (activity, &style);

  tvm_cell_set_mark (cell, icon_name, style, tvm_activity_status_text (activity));
}

/* "Update Apple macOS, 0 of 31 devices remediated, High, Due by: 12 Dec 2026" */
static char *
make_words (gconstpointer record)
{
  const TvmActivity *activity = record;
  const char *icon_name = NULL, *style = NULL;
  g_autofree char *urgency = tvm_make_due_words (activity, &icon_name, &style);
  g_autofree char *date = tvm_make_date (activity->due_on);
  /* Translators: a column's title and what stands in it: "Due by: 12 Dec 2026" */
  g_autofree char *due = date != NULL ? g_strdup_printf (_("%s: %s"), _("Due by"), date) : NULL;
  g_autofree char *n_of_m = tvm_make_n_of_m (activity->fixed_devices, activity->target_devices);
  g_autofree char *progress = NULL;
  const char *parts[6] = { activity->title };
  guint n = 1;

  if (!is_monitored (activity) || activity->fixed_devices < 0)
    progress = g_strdup (tvm_progress_unknown_text (activity));
  else
    progress = g_strdup_printf (ngettext ("%s device remediated", "%s devices remediated",
                                          (gulong) activity->target_devices), n_of_m);
  parts[n++] = progress;
  if (is_monitored (activity) && activity->priority != TVM_PRIORITY_NONE)
    parts[n++] = tvm_activity_priority_text (activity);
  if (due != NULL)
    parts[n++] = due;
  if (urgency != NULL)
    parts[n++] = urgency;
  if (activity->status == TVM_STATUS_COMPLETED)
    parts[n++] = tvm_activity_status_text (activity);
  return tvm_make_spoken (parts, n);
}

/* ---- the narrow list: title, caption, bar with n of m, due mark and ticket */

static GtkWidget *
create_narrow (void)
{
  return tvm_cell_new_narrow (tvm_cell_new_two_lines (), tvm_cell_new_progress (),
                              tvm_cell_new_narrow_mark (), tvm_cell_new_narrow_mark ());
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmActivity *activity = record;
  GtkWidget *lines = gtk_widget_get_first_child (cell);
  GtkWidget *title = gtk_widget_get_first_child (lines);
  GtkWidget *marks = gtk_widget_get_last_child (lines);
  GtkWidget *ticket = gtk_widget_get_last_child (marks);
  const char *icon_name = NULL, *style = NULL;
  g_autofree char *due = tvm_make_due_words (activity, &icon_name, &style);
  gboolean has_ticket = is_monitored (activity) && activity->n_tickets > 0;

  fill_title (title, record);
  tvm_cell_set_progress (gtk_widget_get_next_sibling (title), activity);
  if (due == NULL && activity->status == TVM_STATUS_COMPLETED)
    {
      icon_name = tvm_activity_status_icon (activity, &style);
      due = g_strdup (tvm_activity_status_text (activity));
    }
  tvm_cell_set_mark (gtk_widget_get_first_child (marks), icon_name, style, due != NULL ? due : "");
  fill_ticket_mark (ticket, activity);
  gtk_widget_set_visible (ticket, has_ticket);
  gtk_widget_set_visible (marks, due != NULL || has_ticket);
}

static const char *
to_name (gconstpointer record)
{
  return ((const TvmActivity *) record)->title;
}

/* ---- tables */

static char *
make_count (guint n_total, const char *shown, const char *total)
{
  return g_strdup_printf (ngettext ("%s of %s activity", "%s of %s activities", n_total),
                          shown, total);
}

static const TvmListColumn columns[] = {
  { "title", N_("Activity"), "title", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_title, NULL,
    make_words },
  { "progress", N_("Progress"), "progress", 130, FALSE, FALSE, tvm_cell_new_progress,
    fill_progress },
  { "priority", N_("Priority"), "priority", 105, FALSE, FALSE, tvm_cell_new_mark, fill_priority },
  { "due", N_("Due by"), "due", 135, FALSE, FALSE, tvm_cell_new_due, fill_due },
  { "ticket", N_("Ticket status"), "ticket", 125, FALSE, FALSE, tvm_cell_new_mark, fill_ticket },
  { "completed", N_("Completed by"), "completed", 155, FALSE, FALSE, tvm_cell_new_two_lines,
    fill_completed },
  { "created", N_("Created on"), "created", 110, FALSE, TRUE, tvm_cell_new_text, fill_created },
  { "created-by", N_("Created by"), "created-by", 160, FALSE, TRUE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmActivity, created_by) },
  { "assignee", N_("Assigned to"), "assignee", 160, FALSE, TRUE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmActivity, assignee) },
  { "type", N_("Remediation type"), "type", 150, FALSE, TRUE, tvm_cell_new_text, fill_type },
  { "component", N_("Related component"), "component", 170, FALSE, TRUE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmActivity, related_component) },
  { "status", N_("Status"), "status", 125, FALSE, TRUE, tvm_cell_new_mark, fill_status },
};

static const TvmListFilter filters[] = {
  { TVM_FILTER_CHOICE, N_("Status"), G_STRUCT_OFFSET (TvmQuery, status),
    TVM_STATUS_COMPLETED, tvm_activity_status_to_text, "status" },
  { TVM_FILTER_CHOICE, N_("Remediation type"), G_STRUCT_OFFSET (TvmQuery, type),
    TVM_TYPE_ATTENTION_REQUIRED, tvm_remediation_type_to_text, "type" },
  { TVM_FILTER_CHOICE, N_("Priority"), G_STRUCT_OFFSET (TvmQuery, priority),
    TVM_PRIORITY_LOW, tvm_priority_to_text, "priority" },
  /* Translators: a filter by how urgent an activity is: overdue, due soon */
  { TVM_FILTER_CHOICE, N_("Due by"), G_STRUCT_OFFSET (TvmQuery, due), TVM_DUE_ANY, tvm_due_to_text,
    "due" },
  { TVM_FILTER_CHOICE, N_("Created on"), G_STRUCT_OFFSET (TvmQuery, age), TVM_N_AGES - 1,
    tvm_age_to_text, "age" },
  /* Translators: a filter of activities by what the dashboard sums up of that time */
  { TVM_FILTER_CHOICE, N_("Last 90 days"), G_STRUCT_OFFSET (TvmQuery, past), TVM_N_FIGURES - 1,
    tvm_past_to_text, "past" },
  { TVM_FILTER_TEXT, N_("Related component"), G_STRUCT_OFFSET (TvmQuery, component), 0, NULL,
    "component", TVM_FACET_COMPONENT },
  { TVM_FILTER_GROUP, N_("Device group"), G_STRUCT_OFFSET (TvmQuery, device_group), 0, NULL, NULL,
    TVM_FACET_GROUP },
  /* Translators: a filter: only activities whose tickets and devices disagree */
  { TVM_FILTER_FLAG, N_("Needs attention"), G_STRUCT_OFFSET (TvmQuery, disagreeing_only), 0, NULL,
    "attention" },
  { TVM_FILTER_FLAG, N_("Tickets that wait or were rejected"),
    G_STRUCT_OFFSET (TvmQuery, ticket_matters_only), 0, NULL, "tickets" },
  /* Translators: a filter: only activities that the signed-in person requested */
  { TVM_FILTER_MINE, N_("Mine"), G_STRUCT_OFFSET (TvmQuery, created_by), 0, NULL, "mine" },
  /* Translators: a filter: only activities that the team assigned to the signed-in person */
  { TVM_FILTER_TEAM, N_("Assigned to me"), G_STRUCT_OFFSET (TvmQuery, assignee), 0, NULL,
    "assigned" },
};

static const TvmListView views[] = {
  { N_("Mine"), "[view]\nfilter-mine=1\nfilter-status=1\n" },
  { N_("Overdue"), "[view]\nfilter-due=1\n" },
  { N_("New since yesterday"),
    "[view]\nfilter-age=1\nsort=created\ndescending=true\n" },
  { N_("Needs attention"), "[view]\nfilter-attention=1\n" },
};

/* The list of the Activities and Archive tabs. */
const TvmListSpec tvm_remediation_list = {
  .kind = TVM_LIST_ACTIVITIES, .word = "activities", .label = N_("Activities"),
  .icon_name = "tvm-remediation-symbolic", .empty_title = N_("No remediation activities"),
  .empty_text = N_("Choose a recommendation and request its remediation, or synchronize to get the "
                   "activities made in the portal."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters),
  .id = G_STRUCT_OFFSET (TvmActivity, id),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, create_narrow, fill_narrow, NULL, make_words },
  .make_count = make_count, .to_name = to_name, .sort = "due",
  .keeps_filters = TRUE, .views = views, .n_views = G_N_ELEMENTS (views),
};
