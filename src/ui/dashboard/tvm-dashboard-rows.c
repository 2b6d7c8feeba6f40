/* tvm-dashboard-rows.c: the rows of the dashboard's short lists. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-rows.h"

#include "tvm-chart.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include "tvm-ui.h"

#include <glib/gi18n-lib.h>

#define TITLE_MAX_CHARS 24

static GtkLabel *
append_label (GtkWidget  *box,
              const char *text,
              gboolean    fills,
              gboolean    is_caption)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), fills ? 0 : 1);
  gtk_widget_set_hexpand (label, fills);
  if (fills)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      /* A long title must not widen its column: three of them fit in 1280 px. */
      gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_MAX_CHARS);
    }
  if (is_caption)
    gtk_widget_add_css_class (label, "caption");
  if (!fills)
    {
      tvm_ui_wrap_if_large (GTK_LABEL (label));
      gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
    }
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
add_words (GtkWidget *widget, GPtrArray *words)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget))
    g_ptr_array_add (words, (gpointer) gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_words (child, words);
}

/* Once it is filled: it is called as all that it says. */
static void
name_row_cb (GtkWidget *row)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autofree char *spoken = NULL;

  add_words (row, words);
  spoken = tvm_make_spoken ((const char *const *) words->pdata, words->len);
  tvm_toolkit_name (row, spoken);
}

/* A row of two lines; activating it opens what it stands for. */
static GtkWidget *
append_row (GtkListBox *list,
            const char *title,
            const char *id,
            GtkWidget **out_first,
            GtkWidget **out_second)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  *out_first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  *out_second = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  append_label (*out_first, title, TRUE, FALSE);
  gtk_box_append (GTK_BOX (lines), *out_first);
  gtk_box_append (GTK_BOX (lines), *out_second);
  gtk_widget_add_css_class (lines, "dash-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), lines);
  g_signal_connect (row, "map", G_CALLBACK (name_row_cb), NULL);
  g_object_set_data_full (G_OBJECT (row), "tvm-id", g_strdup (id), g_free);
  gtk_list_box_append (list, row);
  return row;
}

/* An icon beside words, so that the colour is not all there is. */
static void
append_mark (GtkWidget  *box,
             const char *icon_name,
             const char *style,
             const char *words)
{
  GtkWidget *mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkLabel *label;

  gtk_widget_add_css_class (mark, "mark");
  if (icon_name != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

      if (style != NULL)
        gtk_widget_add_css_class (image, style);
      gtk_box_append (GTK_BOX (mark), image);
    }
  label = append_label (mark, words, FALSE, TRUE);
  if (g_strcmp0 (style, "overdue") == 0)
    gtk_widget_add_css_class (GTK_WIDGET (label), "overdue");
  gtk_box_append (GTK_BOX (box), mark);
}

static void
append_due (GtkWidget         *box,
            const TvmActivity *activity)
{
  const char *icon_name = NULL, *style = NULL;
  g_autofree char *words = tvm_make_due_words (activity, &icon_name, &style);

  if (words == NULL || *words == '\0')
    {
      g_autofree char *date = tvm_make_date (activity->due_on);

      if (date != NULL)
        gtk_widget_add_css_class (GTK_WIDGET (append_label (box, date, FALSE, TRUE)), "dim-label");
      return;
    }
  append_mark (box, icon_name, style, words);
}

static char *
make_left_text (const TvmActivity *activity)
{
  int left = tvm_progress_left (activity);
  g_autofree char *share = tvm_make_n_of_m (left, activity->target_devices);

  /* Translators: %s is "n of m": so many devices of an activity are not remediated yet. */
  return g_strdup_printf (ngettext ("%s device left", "%s devices left", activity->target_devices),
                          share);
}

/* Across the row, so that the bars of all rows are as long and begin in one line. */
static void
append_bar (GtkWidget         *row,
            const TvmActivity *activity)
{
  GtkWidget *bar = gtk_progress_bar_new ();

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar),
                                 activity->fixed_devices / (double) activity->target_devices);
  gtk_widget_add_css_class (bar, "slim");
  tvm_toolkit_name (bar, _("Device remediation progress"));
  gtk_box_append (GTK_BOX (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))), bar);
}

/**
 * tvm_dashboard_append_activity:
 * @list: a list of the dashboard
 * @activity: an activity
 * @with_bar: whether to draw how far it is
 */
void
tvm_dashboard_append_activity (GtkListBox        *list,
                               const TvmActivity *activity,
                               gboolean           with_bar)
{
  GtkWidget *first, *second, *row;
  GtkLabel *number;
  g_autofree char *progress = NULL;

  row = append_row (list, activity->title != NULL ? activity->title : activity->id, activity->id,
                    &first, &second);
  append_due (first, activity);
  if (!tvm_progress_adds_up (activity))
    {
      append_label (second, tvm_progress_left (activity) < 0
                              ? tvm_progress_unknown_text (activity)
                              : _("Devices left are not known"), TRUE, TRUE);
      gtk_widget_set_tooltip_text (row, tvm_progress_doubt_text (activity));
      return;
    }
  progress = with_bar ? tvm_make_n_of_m (activity->fixed_devices, activity->target_devices)
                      : make_left_text (activity);
  number = append_label (second, progress, TRUE, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (number), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (number), "dim-label");
  if (with_bar)
    append_bar (row, activity);
}

/**
 * tvm_dashboard_append_recommendation:
 * @list: a list of the dashboard
 * @recommendation: a recommendation
 */
void
tvm_dashboard_append_recommendation (GtkListBox              *list,
                                     const TvmRecommendation *recommendation)
{
  GtkWidget *first, *second, *threats = tvm_cell_new_threats ();
  g_autofree char *share = tvm_make_n_of_m (recommendation->exposed_devices,
                                            recommendation->total_devices);
  /* Translators: "n of m" devices are exposed. */
  g_autofree char *exposed = g_strdup_printf (_("%s exposed"), share);
  /* Translators: the exposure score sinks by this number. */
  g_autofree char *impact = g_strdup_printf (_("Exposure −%.2f"), recommendation->exposure_impact);

  append_row (list, recommendation->name, recommendation->id, &first, &second);
  tvm_cell_set_threats (threats, recommendation);
  gtk_widget_set_visible (threats, recommendation->known_exploited == TVM_TRUTH_YES ||
                                     recommendation->public_exploit == TVM_TRUTH_YES ||
                                     recommendation->active_alert == TVM_TRUTH_YES);
  gtk_box_append (GTK_BOX (first), threats);
  gtk_widget_add_css_class (GTK_WIDGET (append_label (second, exposed, TRUE, TRUE)), "dim-label");
  if (recommendation->exposure_impact > TVM_REAL_UNKNOWN)
    append_label (second, impact, FALSE, TRUE);
}

/**
 * tvm_dashboard_clear_list:
 * @list: a list of the dashboard, emptied
 */
void
tvm_dashboard_clear_list (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

/**
 * tvm_dashboard_append_exception:
 * @list: a list of the dashboard
 * @exception: an exception that ends soon
 */
void
tvm_dashboard_append_exception (GtkListBox         *list,
                                const TvmException *exception)
{
  GtkWidget *first, *second;
  g_autofree char *today = tvm_today ();
  g_autofree char *date = tvm_make_date (exception->ends_on);
  g_autofree char *words = NULL;
  int days = tvm_days_between (today, exception->ends_on);

  append_row (list, exception->recommendation_name != NULL ? exception->recommendation_name
                                                           : exception->recommendation_id,
              exception->id, &first, &second);
  words = days <= 0 ? g_strdup (_("Today"))
                    : g_strdup_printf (ngettext ("In %d day", "In %d days", (gulong) days), days);
  append_mark (first, "alarm-symbolic", "soon", words);
  gtk_widget_add_css_class (
    GTK_WIDGET (
      append_label (second, tvm_justification_to_text (exception->justification), TRUE, TRUE)),
    "dim-label");
  if (date != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (append_label (second, date, FALSE, TRUE)), "dim-label");
}

/**
 * tvm_dashboard_append_news:
 * @list: a list of the dashboard
 * @line: a kind of news
 */
void
tvm_dashboard_append_news (GtkListBox        *list,
                           const TvmNewsLine *line)
{
  GtkWidget *first, *second, *row;
  g_autofree char *text = tvm_news_line_text (line);
  g_autofree char *subjects = tvm_news_line_subjects (line);
  gboolean is_one = line->n_subjects == 1 && line->kind != TVM_NEWS_EXCEPTIONS_ENDED;

  row = append_row (list, text, is_one ? line->subject_id : NULL, &first, &second);
  g_object_set_data (G_OBJECT (row), "tvm-kind", GINT_TO_POINTER (line->kind));
  if (subjects != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (append_label (second, subjects, TRUE, TRUE)),
                              "dim-label");
}

/* "2 tickets", and since when. */
static char *
make_ticket_words (const TvmTicketMatter *matter)
{
  g_autofree char *date = tvm_make_instant_date (matter->since_us);
  g_autofree char *tickets =
    g_strdup_printf (ngettext ("%d ticket", "%d tickets", (gulong) matter->n_tickets),
                     matter->n_tickets);

  if (matter->since_us == 0 || date == NULL)
    return g_steal_pointer (&tickets);
  /* Translators: "2 tickets" and the date since when they are as they are */
  return g_strdup_printf (_("%s since %s"), tickets, date);
}

/**
 * tvm_dashboard_append_ticket:
 * @list: a list of the dashboard
 * @matter: an activity whose tickets wait or were refused
 */
void
tvm_dashboard_append_ticket (GtkListBox            *list,
                             const TvmTicketMatter *matter)
{
  GtkWidget *first, *second;
  const char *style = NULL, *icon_name = tvm_ticket_icon (matter->status, &style);
  g_autofree char *words = make_ticket_words (matter);

  append_row (list, matter->title != NULL ? matter->title : matter->activity_id,
              matter->activity_id, &first, &second);
  append_mark (first, icon_name, style, tvm_ticket_status_to_text (matter->status));
  gtk_widget_add_css_class (GTK_WIDGET (append_label (second, words, TRUE, TRUE)), "dim-label");
}

/**
 * tvm_dashboard_append_group:
 * @list: a list of the dashboard
 * @group: a device group's exposure
 */
void
tvm_dashboard_append_group (GtkListBox             *list,
                            const TvmGroupExposure *group)
{
  const int *levels = group->by_level;
  int total = tvm_group_exposure_total (group), unknown = levels[TVM_LEVEL_NONE];
  const char *no_data = g_dpgettext2 (GETTEXT_PACKAGE, "exposure level", "No data");
  const int parts[4] = { levels[TVM_LEVEL_HIGH] + levels[TVM_LEVEL_CRITICAL],
                         levels[TVM_LEVEL_MEDIUM],
                         levels[TVM_LEVEL_LOW] + levels[TVM_LEVEL_INFORMATIONAL],
                         unknown };
  g_autofree char *share = tvm_make_n_of_m (parts[0], total);
  /* Translators: %s is "n of m": so many devices of a group have a high exposure */
  g_autofree char *words = g_strdup_printf (_("%s high"), share);
  GtkWidget *first, *second, *row, *spread = g_object_new (TVM_TYPE_SPREAD, NULL);

  row = append_row (list, group->name != NULL ? group->name : _("Device group not known"),
                    group->name, &first, &second);
  gtk_widget_add_css_class (
    GTK_WIDGET (append_label (first, unknown == total ? no_data : words, FALSE, TRUE)), "numeric");
  if (unknown > 0 && unknown < total)
    {
      g_autofree char *number = tvm_make_number (unknown);
      g_autofree char *rest = g_strdup_printf (_("%s: %s"), no_data, number);

      gtk_widget_add_css_class (GTK_WIDGET (append_label (second, rest, TRUE, TRUE)), "dim-label");
    }
  tvm_spread_set_parts (TVM_SPREAD (spread), parts);
  gtk_widget_set_visible (second, gtk_widget_get_first_child (second) != NULL);
  gtk_box_append (GTK_BOX (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))), spread);
}
