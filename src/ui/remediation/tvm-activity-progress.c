/* tvm-activity-progress.c: the flyout's group about an activity's progress: how far it is, why the
 * rest is left (R6), how it went. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-progress.h"
#include "tvm-line-chart.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static GtkWidget *
create_words (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, style);
  return label;
}

/* What the progress is without the devices that cannot report, and when a fix shows. */
static void
add_effective_words (GtkBox *facts, const TvmActivityDetails *details)
{
  const char *delay = tvm_progress_delay_text (details->activity);
  TvmEffectiveProgress effective;

  tvm_effective_progress (details->activity, details->states, &effective);
  if (effective.left_out > 0)
    {
      g_autofree char *progress =
        tvm_make_n_of_m (effective.fixed_devices, effective.target_devices);
      g_autofree char *left_out = tvm_make_number (effective.left_out);
      g_autofree char *text = g_strdup_printf (
        /* Translators: first "3 of 10", then how many devices are left out. */
        ngettext ("Effective progress: %s, without %s device not seen for 30 days or gone from "
                  "the inventory",
                  "Effective progress: %s, without %s devices not seen for 30 days or gone from "
                  "the inventory",
                  (gulong) effective.left_out), progress, left_out);

      gtk_box_append (facts, create_words (text, "numeric"));
    }
  if (delay != NULL && details->activity->fixed_devices < details->activity->target_devices)
    gtk_box_append (facts, create_words (delay, "dim-label"));
}

static GtkWidget *
create_facts (const TvmActivityDetails *details)
{
  const TvmActivity *activity = details->activity;
  GtkWidget *facts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *bar = gtk_progress_bar_new ();
  gboolean has_share = tvm_progress_adds_up (activity);
  double fraction =
    has_share ? (double) activity->fixed_devices / activity->target_devices : 0;
  g_autofree char *fixed = tvm_make_number (activity->fixed_devices);
  g_autofree char *all = tvm_make_number (activity->target_devices);
  g_autofree char *words =
    g_strdup_printf (ngettext ("%s of %s device remediated", "%s of %s devices remediated",
                               (gulong) activity->target_devices), fixed, all);
  /* Translators: a percentage */
  g_autofree char *percent = g_strdup_printf (_("%d %%"), (int) (fraction * 100));
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (facts, "facts");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), gtk_label_new (has_share ? percent : NULL));
  gtk_widget_add_css_class (gtk_widget_get_last_child (line), "dim-label");
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), fraction);
  tvm_toolkit_name (bar, _("Device remediation progress"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  words, -1);
  gtk_box_append (GTK_BOX (facts), line);
  gtk_box_append (GTK_BOX (facts), bar);
  gtk_widget_set_visible (bar, has_share);
  if (!has_share)
    gtk_box_append (GTK_BOX (facts), create_words (tvm_progress_doubt_text (activity),
                                                   "dim-label"));
  add_effective_words (GTK_BOX (facts), details);
  return facts;
}

/* Activating a cause lists its devices. */
static void
add_cause (GtkListBox *causes, GtkWidget *row, int state)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "activity.show-devices");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "i", state);
  gtk_list_box_append (causes, row);
}

/* ---- how it went */

static char *
make_day (gint64 instant_us)
{
  g_autofree char *date = tvm_date_of_instant (instant_us);

  return tvm_make_date (date);
}

/* The end of the day, by the local calendar, in seconds; 0 without a due date. */
static gint64
find_due (const TvmActivity *activity)
{
  g_autofree char *next = NULL;

  if (!tvm_date_is_valid (activity->due_on))
    return 0;
  next = tvm_date_add_days (activity->due_on, 1);
  return tvm_start_of_date (next) / TVM_SECOND_US - 1;
}

static gint64
find_end_us (const TvmActivityDetails *details)
{
  const TvmProgressPoint *last =
    &g_array_index (details->progress, TvmProgressPoint, details->progress->len - 1);
  gint64 end_us = details->activity->completed_us;

  return MAX (last->when_us, end_us != 0 ? end_us : tvm_now_us ());
}

/* The numbers hold until the next ones: steps, not slopes. */
static void
set_points (TvmLineChart *chart, const TvmActivityDetails *details)
{
  g_autoptr(GArray) line = g_array_new (FALSE, FALSE, sizeof (TvmLinePoint));
  TvmLinePoint point = { 0 };
  int most = 1;

  for (guint i = 0; i < details->progress->len; i++)
    {
      const TvmProgressPoint *progress = &g_array_index (details->progress, TvmProgressPoint, i);

      point.when = progress->when_us / TVM_SECOND_US;
      if (i > 0)
        g_array_append_val (line, point);
      point.value = progress->fixed_devices;
      g_array_append_val (line, point);
      most = MAX (most, MAX (progress->target_devices, progress->fixed_devices));
    }
  point.when = find_end_us (details) / TVM_SECOND_US;
  g_array_append_val (line, point);
  tvm_line_chart_set_points (chart, (const TvmLinePoint *) (gpointer) line->data, line->len);
  tvm_line_chart_set_range (chart, 0, most);
  tvm_line_chart_set_target (chart, details->activity->target_devices);
  tvm_line_chart_set_marker (chart, find_due (details->activity));
}

/* The chart in words, for those who do not see it. */
static char *
describe_course (const TvmActivityDetails *details)
{
  const TvmProgressPoint *points = (const TvmProgressPoint *) (gpointer) details->progress->data;
  const TvmProgressPoint *last = &points[details->progress->len - 1];
  g_autofree char *due = tvm_make_date (details->activity->due_on);
  g_autofree char *from = make_day (points[0].when_us);
  g_autofree char *until = make_day (last->when_us);
  g_autofree char *first_words =
    tvm_make_n_of_m (points[0].fixed_devices, points[0].target_devices);
  g_autofree char *last_words = tvm_make_n_of_m (last->fixed_devices, last->target_devices);
  /* Translators: each pair is "3 of 10" and a date. */
  g_autofree char *course = g_strdup_printf (_("Remediated devices: %s on %s, %s since %s"),
                                             first_words, from, last_words, until);
  g_autofree char *due_words = NULL;

  if (due == NULL)
    return g_steal_pointer (&course);
  due_words = g_strdup_printf (_("Due by %s"), due);
  return g_strdup_printf ("%s. %s", course, due_words);
}

/* The first and the last day below the chart's ends, then what the guides mean. */
static GtkWidget *
create_chart_legend (const TvmActivityDetails *details)
{
  GtkWidget *legend = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *days = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  gint64 due = find_due (details->activity);
  gint64 end_us = find_end_us (details);
  g_autofree char *due_date = due != 0 ? tvm_make_date (details->activity->due_on) : NULL;
  g_autofree char *number = tvm_make_number (details->activity->target_devices);
  gint64 start_us = g_array_index (details->progress, TvmProgressPoint, 0).when_us;
  g_autofree char *from = make_day (due != 0 ? MIN (start_us, due * TVM_SECOND_US) : start_us);
  g_autofree char *until = make_day (MAX (end_us, due * TVM_SECOND_US));
  /* Translators: below a chart; the line across it marks the number of all devices. */
  g_autofree char *target =
    g_strdup_printf (ngettext ("Dashed line: %s device", "Dashed line: all %s devices",
                               (gulong) details->activity->target_devices), number);
  /* Translators: below a chart; the line upright in it marks the due date. */
  g_autofree char *marker =
    due_date != NULL ? g_strdup_printf (_("Dotted line: due by %s"), due_date) : NULL;

  gtk_box_append (GTK_BOX (days), create_words (from, "dim-label"));
  gtk_widget_set_hexpand (gtk_widget_get_first_child (days), TRUE);
  gtk_box_append (GTK_BOX (days), create_words (until, "dim-label"));
  gtk_box_append (GTK_BOX (legend), days);
  gtk_box_append (GTK_BOX (legend), create_words (target, "dim-label"));
  if (marker != NULL)
    gtk_box_append (GTK_BOX (legend), create_words (marker, "dim-label"));
  return legend;
}

static void
add_chart (GtkBox *card, const TvmActivityDetails *details)
{
  GtkWidget *box, *chart;
  g_autofree char *course = NULL;

  if (details->progress == NULL || details->progress->len == 0 ||
      details->activity->target_devices == 0)
    return;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  chart = tvm_line_chart_new ();
  course = describe_course (details);
  gtk_widget_add_css_class (box, "facts");
  set_points (TVM_LINE_CHART (chart), details);
  tvm_line_chart_set_text (TVM_LINE_CHART (chart), _("Progress over time"), course);
  gtk_widget_set_tooltip_text (chart, course);
  gtk_box_append (GTK_BOX (box), chart);
  gtk_box_append (GTK_BOX (box), create_chart_legend (details));
  gtk_box_append (card, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (card, box);
}

static void
add_causes (GtkBox *card, const TvmActivityDetails *details)
{
  GtkWidget *causes = gtk_list_box_new ();
  TvmProgressGap gaps[TVM_MAX_PROGRESS_GAPS];
  int n_named = 0;
  guint n_gaps;

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (causes), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (causes, "compact");
  for (int i = TVM_DEVICE_REMEDIATED + 1; i < TVM_N_DEVICE_STATES; i++)
    {
      const char *style = NULL, *icon_name = tvm_device_state_icon (i, &style);

      n_named += details->states[i];
      if (details->states[i] > 0)
        add_cause (GTK_LIST_BOX (causes), tvm_count_row_new (
          icon_name, style, tvm_device_state_to_text (i), details->states[i]), i);
    }
  n_gaps = tvm_progress_list_gaps (details->activity, n_named, gaps);
  for (guint i = 0; i < n_gaps; i++)
    gtk_list_box_append (GTK_LIST_BOX (causes), tvm_count_row_new (
      "dialog-question-symbolic", "dim-label", gaps[i].text, gaps[i].devices));
  if (gtk_widget_get_first_child (causes) != NULL)
    {
      gtk_box_append (card, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
      tvm_toolkit_name (causes, _("Why devices are left"));
    }
  gtk_box_append (card, causes);
}

/**
 * tvm_activity_progress_add:
 * @flyout: the flyout
 * @details: the activity
 *
 * Nothing but a sentence for attention required (R3).
 */
void
tvm_activity_progress_add (TvmListFlyout *flyout, const TvmActivityDetails *details)
{
  const TvmActivity *activity = details->activity;
  AdwPreferencesGroup *group = tvm_list_flyout_add_group (flyout, _("Device remediation progress"));
  GtkWidget *card;

  if (tvm_progress_left (activity) < 0)
    {
      tvm_list_flyout_add_row (flyout, tvm_progress_unknown_text (activity),
                               tvm_progress_unknown_hint (activity));
      return;
    }
  card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_overflow (card, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (card, "card");
  gtk_box_append (GTK_BOX (card), create_facts (details));
  add_causes (GTK_BOX (card), details);
  add_chart (GTK_BOX (card), details);
  adw_preferences_group_add (group, card);
}

