/* tvm-dashboard-rows.c: the rows of the dashboard's short lists. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-rows.h"

#include "tvm-list-cells.h"
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
  tvm_toolkit_name (row, title);
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
  int left = MAX (0, activity->target_devices - activity->fixed_devices);
  g_autofree char *share = tvm_make_n_of_m (left, activity->target_devices);

  /* Translators: %s is "n of m": so many devices of an activity are not remediated yet. */
  return g_strdup_printf (ngettext ("%s device left", "%s devices left", activity->target_devices),
                          share);
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
  GtkWidget *first, *second;
  GtkLabel *number;
  g_autofree char *progress = NULL;

  append_row (list, activity->title != NULL ? activity->title : activity->id, activity->id, &first,
              &second);
  append_due (first, activity);
  if (activity->fixed_devices < 0)
    {
      append_label (second, _("Not monitored"), TRUE, TRUE);
      return;
    }
  progress = with_bar ? tvm_make_n_of_m (activity->fixed_devices, activity->target_devices)
                      : make_left_text (activity);
  if (with_bar)
    {
      GtkWidget *bar = gtk_progress_bar_new ();

      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar),
                                     activity->target_devices > 0
                                       ? activity->fixed_devices / (double) activity->target_devices
                                       : 0);
      gtk_widget_add_css_class (bar, "slim");
      gtk_widget_set_hexpand (bar, TRUE);
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      tvm_toolkit_name (bar, _("Device remediation progress"));
      gtk_box_append (GTK_BOX (second), bar);
      /* Half for each, so that the bars of all rows are as long. */
      gtk_box_set_homogeneous (GTK_BOX (second), TRUE);
    }
  number = append_label (second, progress, !with_bar, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (number), "numeric");
  if (!with_bar)
    gtk_widget_add_css_class (GTK_WIDGET (number), "dim-label");
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
 * tvm_dashboard_append_empty:
 * @list: a list of the dashboard
 * @text: why nothing is in it, in words
 */
void
tvm_dashboard_append_empty (GtkListBox *list,
                            const char *text)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "dash-row");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_append (list, row);
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
