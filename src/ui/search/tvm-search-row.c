/* tvm-search-row.c: a row of the search of everything. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE  /* strcasestr() */
#include "config.h"
#include "tvm-search-row.h"
#include "tvm-exceptions.h"
#include "tvm-list-cells.h"
#include "tvm-said.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static void
goal_free (gpointer goal)
{
  g_free (((TvmGoal *) goal)->id);
  g_free (goal);
}

/**
 * tvm_search_kind_to_page:
 * @kind: a kind of list that is searched
 *
 * Returns: (transfer none) (nullable): the name of the window's page that lists it, %NULL where
 *   its search is not that of a page
 */
const char *
tvm_search_kind_to_page (TvmListKind kind)
{
  switch ((int) kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return "recommendations";
    case TVM_LIST_ACTIVITIES:
      return "remediation";
    case TVM_LIST_WEAKNESSES:
      return "weaknesses";
    case TVM_LIST_DEVICES:
      return "devices";
    default:
      return NULL;
    }
}

static const char *
kind_to_heading (TvmListKind kind)
{
  switch ((int) kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return _("Recommendations");
    case TVM_LIST_ACTIVITIES:
      return _("Activities");
    case TVM_LIST_WEAKNESSES:
      return _("Weaknesses");
    case TVM_LIST_DEVICES:
      return _("Devices");
    default:
      return _("Exceptions");
    }
}

static const char *
kind_to_icon (TvmListKind kind)
{
  switch ((int) kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return "tvm-recommendations-symbolic";
    case TVM_LIST_ACTIVITIES:
      return "tvm-remediation-symbolic";
    case TVM_LIST_WEAKNESSES:
      return "tvm-weaknesses-symbolic";
    case TVM_LIST_DEVICES:
      return "computer-symbolic";
    default:
      return "tvm-exception-full-symbolic";
    }
}

static const char *
why_to_text (TvmWhy why)
{
  switch (why)
    {
    case TVM_WHY_COMPONENT:
      return _("Related component");
    case TVM_WHY_VENDOR:
      return _("Vendor");
    case TVM_WHY_GROUP:
      return _("Device group");
    case TVM_WHY_PERSON:
      return _("Created by");
    case TVM_WHY_CONTEXT:
      return _("Justification context");
    case TVM_WHY_CVE:
      return _("CVE");
    case TVM_WHY_SOFTWARE:
      return _("Affected software");
    case TVM_WHY_ID:
      return _("ID");
    case TVM_WHY_NAME:
    default:
      return _("Name");
    }
}

/* What one wants to know of it before opening it; NULL: nothing. */
static char *
make_fact (const TvmFind *find)
{
  const char *icon_name, *style;
  char *due;
  int exposed;

  switch ((int) find->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      exposed = ((const TvmRecommendation *) find->record)->exposed_devices;
      return exposed < 0 ? NULL
                         : g_strdup_printf (ngettext ("%d exposed device", "%d exposed devices",
                                                      (gulong) exposed), exposed);
    case TVM_LIST_ACTIVITIES:
      due = tvm_make_due_words (find->record, &icon_name, &style);
      return due != NULL ? due : g_strdup (tvm_activity_status_text (find->record));
    case TVM_LIST_WEAKNESSES:
      return g_strdup (tvm_vulnerability_severity_text (find->record));
    case TVM_LIST_DEVICES:
      return g_strdup (((const TvmDevice *) find->record)->group);
    default:
      return g_strdup (tvm_exception_status_to_text (
        ((const TvmException *) find->record)->status));
    }
}

/* The fact, then why the row is there. */
static char *
make_caption (const TvmFind *find)
{
  g_autofree char *fact = make_fact (find);
  g_autofree char *why = NULL;
  const char *parts[3] = { fact };

  if (find->text == NULL || g_strcmp0 (find->text, tvm_find_get_title (find)) == 0)
    /* Translators: why a row was found: %s is which of its texts has the words: name, CVE … */
    why = g_strdup_printf (_("Found by: %s"), why_to_text (find->why));
  else
    why = g_strdup_printf (_("%s: %s"), why_to_text (find->why), find->text);
  parts[fact != NULL && *fact != '\0' ? 1 : 0] = why;
  return g_strjoinv (" · ", (char **) parts);
}

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

/* Takes the goal. */
static GtkWidget *
create_row (const char *icon_name, const char *title, const char *caption, TvmGoal *goal)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char *parts[] = { title, caption, goal->heading };
  g_autofree char *spoken = tvm_make_spoken (parts, G_N_ELEMENTS (parts));

  gtk_box_append (GTK_BOX (lines), create_label (title));
  if (caption != NULL)
    {
      GtkWidget *label = create_label (caption);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (lines), label);
    }
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (box), lines);
  gtk_widget_add_css_class (box, "find");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  tvm_toolkit_name (row, spoken);
  gtk_widget_set_tooltip_text (row, title);
  g_object_set_data_full (G_OBJECT (row), "tvm-goal", goal, goal_free);
  return row;
}

/* The words in the title, where they stand in it as they were typed, but for the case. */
static void
mark_words (GtkWidget *row, const char *title, const char *text)
{
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkWidget *lines = gtk_widget_get_last_child (box);
  const char *found = strcasestr (title, text);
  PangoAttrList *attributes;
  PangoAttribute *bold;

  if (found == NULL || *text == '\0')
    return;
  attributes = pango_attr_list_new ();
  bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
  bold->start_index = (guint) (found - title);
  bold->end_index = bold->start_index + (guint) strlen (text);
  pango_attr_list_insert (attributes, bold);
  gtk_label_set_attributes (GTK_LABEL (gtk_widget_get_first_child (lines)), attributes);
  pango_attr_list_unref (attributes);
}

static TvmGoal *
goal_new (TvmGoalType type, TvmListKind kind, const char *id, const char *heading)
{
  TvmGoal *goal = g_new0 (TvmGoal, 1);

  goal->type = type;
  goal->kind = kind;
  goal->id = g_strdup (id);
  goal->heading = heading;
  return goal;
}

/**
 * tvm_search_row_new:
 * @find: what was found
 * @text: the words that were looked for
 *
 * Returns: (transfer floating): its row
 */
GtkWidget *
tvm_search_row_new (const TvmFind *find, const char *text)
{
  g_autofree char *caption = make_caption (find);
  const char *title = tvm_find_get_title (find);
  GtkWidget *row = create_row (kind_to_icon (find->kind), title, caption,
                               goal_new (TVM_GOAL_RECORD, find->kind, tvm_find_get_id (find),
                                         kind_to_heading (find->kind)));

  mark_words (row, title, text);
  return row;
}

/**
 * tvm_search_row_new_request:
 * @find: a recommendation that was found
 *
 * Returns: (transfer floating): a row that requests its remediation
 */
GtkWidget *
tvm_search_row_new_request (const TvmFind *find)
{
  return create_row ("tvm-recommendations-symbolic", _("Request remediation"),
                     tvm_find_get_title (find),
                     goal_new (TVM_GOAL_REQUEST, find->kind, tvm_find_get_id (find),
                               kind_to_heading (find->kind)));
}

/**
 * tvm_search_row_new_all:
 * @kind: a kind of list that a page shows
 * @n_found: how many match
 *
 * Returns: (transfer floating): a row that leads to all of them
 */
GtkWidget *
tvm_search_row_new_all (TvmListKind kind, guint n_found)
{
  g_autofree char *number = tvm_make_number (n_found);
  g_autofree char *title = g_strdup_printf (_("Show all %s"), number);

  return create_row ("go-next-symbolic", title, NULL,
                     goal_new (TVM_GOAL_ALL, kind, NULL, kind_to_heading (kind)));
}

/**
 * tvm_search_row_new_command:
 * @command: a command or setting, which must outlive the row
 *
 * Returns: (transfer floating): its row
 */
GtkWidget *
tvm_search_row_new_command (const TvmSearchCommand *command)
{
  TvmGoal *goal = goal_new (TVM_GOAL_COMMAND, TVM_N_LISTS, NULL,
                            /* Translators: headings of what a search finds */
                            command->is_setting ? _("Settings") : _("Commands"));

  goal->command = command;
  return create_row (command->icon_name, _(command->title), NULL, goal);
}

/**
 * tvm_search_row_get_goal:
 * @row: a row of this file
 *
 * Returns: (transfer none): what it leads to
 */
const TvmGoal *
tvm_search_row_get_goal (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "tvm-goal");
}

/**
 * tvm_search_row_head:
 * @row: a row of this file
 * @before: (nullable): the one before
 * @user_data: unused
 *
 * Gives the first row of a part its heading: a list's header function.
 */
void
tvm_search_row_head (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const char *heading = tvm_search_row_get_goal (row)->heading;
  GtkWidget *label = NULL;

  if (before == NULL || g_strcmp0 (tvm_search_row_get_goal (before)->heading, heading) != 0)
    {
      label = create_label (heading);
      gtk_widget_add_css_class (label, "heading");
      gtk_widget_add_css_class (label, "find-heading");
    }
  gtk_list_box_row_set_header (row, label);
}
