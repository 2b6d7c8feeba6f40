/* tvm-dashboard-card.c: the dashboard's cards. The words carry the meaning, the drawings repeat it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-card.h"

#include "tvm-chart.h"
#include "tvm-line-chart.h"
#include "tvm-list-cells.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include "tvm-ui.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define TREND_DAYS 30
/* A chart's height stands for no less, so that half a point does not look like a fall. */
#define MIN_EXPOSURE_SPAN 10.0
#define MIN_SECURE_SPAN 50.0
#define MIN_LEFT_SPAN 10.0

/* A card's parts; lives as long as the card. */
typedef struct
{
  TvmCardKind  kind;
  const char  *title;      /* static */
  GtkLabel    *value, *scale, *since, *change, *total, *note;
  GtkWidget   *change_icon, *change_box, *drawing;
  GtkLabel    *counts[4], *shares[4];
} Card;

static Card *
card_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "tvm-card");
}

static GtkLabel *
add_label (GtkWidget  *box,
           const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
clicked_cb (GtkWidget *button)
{
  gtk_widget_activate (button);
}

/* @action, @target: what all of the card leads to; the button in its heading for the keyboard */
static void
add_way (GtkWidget  *box,
         GtkWidget  *heading,
         const char *action,
         GVariant   *target)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");
  g_autofree char *name = g_strdup_printf (_("%s: %s"), card_of (box)->title, _("Show all"));

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (box, "activatable");
  gtk_widget_set_tooltip_text (button, _("Show all"));
  tvm_toolkit_name (button, name);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_box_append (GTK_BOX (heading), button);
  g_signal_connect_object (click, "released", G_CALLBACK (clicked_cb), button, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));
}

static GtkWidget *
card_new (const char *title,
          Card      **out_card,
          GtkWidget **out_heading)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkLabel *label = add_label (heading, title, "heading");

  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (label), TRUE);
  *out_card = g_new0 (Card, 1);
  (*out_card)->title = title;
  g_object_set_data_full (G_OBJECT (box), "tvm-card", *out_card, g_free);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "score-card");
  gtk_box_append (GTK_BOX (box), heading);
  *out_heading = heading;
  return box;
}

/**
 * tvm_score_card_new:
 * @title: the number's name, static
 * @kind: which number
 *
 * Returns: (transfer floating): a card without a value yet
 */
GtkWidget *
tvm_score_card_new (const char  *title,
                    TvmCardKind  kind)
{
  GtkWidget *heading, *numbers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *footer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  Card *card;
  GtkWidget *box = card_new (title, &card, &heading);

  card->kind = kind;
  if (kind == TVM_CARD_LEFT)
    add_way (box, heading, "win.show-activities",
             g_variant_new ("(iib)", TVM_STATUS_ACTIVE, 0, FALSE));
  else
    add_way (box, heading, "win.show-page", g_variant_new_string ("recommendations"));
  card->value = add_label (numbers, "–", "score-value");
  gtk_label_set_wrap (card->value, TRUE);
  card->scale = add_label (numbers, "", "dim-label");
  gtk_label_set_wrap (card->scale, TRUE);
  /* Beside a number of many digits in large text the longest word is too long for 360 px. */
  gtk_label_set_wrap_mode (card->scale, PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (GTK_WIDGET (card->scale), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (card->value), GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (GTK_WIDGET (card->scale), GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (box), numbers);
  if (kind == TVM_CARD_LEFT)
    {
      card->note = add_label (box, "", "caption");
      gtk_widget_add_css_class (GTK_WIDGET (card->note), "dim-label");
      gtk_label_set_wrap (card->note, TRUE);
    }
  card->drawing = g_object_new (TVM_TYPE_LINE_CHART, "vexpand", TRUE, NULL);
  gtk_box_append (GTK_BOX (box), card->drawing);
  card->since = add_label (footer, "", "caption");
  gtk_widget_add_css_class (GTK_WIDGET (card->since), "dim-label");
  gtk_label_set_wrap (card->since, TRUE);
  card->change_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);
  gtk_widget_add_css_class (card->change_box, "mark");
  gtk_widget_set_hexpand (card->change_box, TRUE);
  gtk_widget_set_halign (card->change_box, GTK_ALIGN_END);
  card->change_icon = gtk_image_new ();
  gtk_box_append (GTK_BOX (card->change_box), card->change_icon);
  card->change = add_label (card->change_box, "", "caption");
  gtk_label_set_wrap (card->change, TRUE);
  gtk_box_append (GTK_BOX (footer), card->change_box);
  gtk_box_append (GTK_BOX (box), footer);
  return box;
}

/* The text alternative of the drawing. */
static char *
make_course_text (GArray *points)
{
  const TvmScorePoint *first = &g_array_index (points, TvmScorePoint, 0);
  const TvmScorePoint *last = &g_array_index (points, TvmScorePoint, points->len - 1);
  double low = first->score, high = low;
  g_autofree char *from = tvm_make_instant_date (first->when_us);
  g_autofree char *until = tvm_make_instant_date (last->when_us);

  for (guint i = 1; i < points->len; i++)
    {
      low = MIN (low, g_array_index (points, TvmScorePoint, i).score);
      high = MAX (high, g_array_index (points, TvmScorePoint, i).score);
    }
  /* Translators: the course of a score in words: first day, score, last day, score, lowest,
   * highest. */
  return g_strdup_printf (_("%s: %.0f; %s: %.0f; lowest %.0f, highest %.0f"), from, first->score,
                          until, last->score, low, high);
}

static void
show_course (Card   *card,
             GArray *points)
{
  g_autofree TvmLinePoint *line = g_new (TvmLinePoint, points->len);
  g_autofree char *text = make_course_text (points);
  double span = card->kind == TVM_CARD_EXPOSURE ? MIN_EXPOSURE_SPAN : MIN_SECURE_SPAN;
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;

  for (guint i = 0; i < points->len; i++)
    {
      const TvmScorePoint *point = &g_array_index (points, TvmScorePoint, i);

      low = MIN (low, point->score);
      high = MAX (high, point->score);
      line[i] = (TvmLinePoint) { point->when_us / TVM_SECOND_US, point->score };
    }
  span = MAX (span, high - low);
  if (card->kind == TVM_CARD_LEFT)   /* what burns down does so to nothing */
    tvm_line_chart_set_range (TVM_LINE_CHART (card->drawing), 0, MAX (high, MIN_LEFT_SPAN));
  else
    tvm_line_chart_set_range (TVM_LINE_CHART (card->drawing), (low + high - span) / 2,
                              (low + high + span) / 2);
  tvm_line_chart_set_points (TVM_LINE_CHART (card->drawing), line, points->len);
  tvm_line_chart_set_text (TVM_LINE_CHART (card->drawing), card->title, text);
}

/* Low is good for the exposure score, high for the secure score; the scale of the portal. */
static const char *
scale_text (TvmCardKind kind,
            double      score)
{
  if (kind == TVM_CARD_LEFT)
    return ngettext ("device in open activities", "devices in open activities", (gulong) score);
  if (kind == TVM_CARD_SECURE)
    return _("points, higher is better");
  if (score < 30)
    return _("of 100, low exposure");
  if (score < 70)
    return _("of 100, medium exposure");
  return _("of 100, high exposure");
}

static char *
make_change_text (TvmCardKind kind,
                  int         change)
{
  if (change == 0)
    return g_strdup (_("Unchanged in 30 days"));
  if (kind == TVM_CARD_LEFT)
    return change < 0 ? g_strdup_printf (_("%'d fewer in 30 days"), -change)
                      : g_strdup_printf (_("%'d more in 30 days"), change);
  return change < 0
    ? g_strdup_printf (
        ngettext ("%d point lower in 30 days", "%d points lower in 30 days", -change), -change)
    : g_strdup_printf (
        ngettext ("%d point higher in 30 days", "%d points higher in 30 days", change), change);
}

/* Against what held at that time; where the line begins later that is not known. */
static void
show_change (Card         *card,
             GArray       *points,
             gint64        from_us)
{
  const TvmScorePoint *last = &g_array_index (points, TvmScorePoint, points->len - 1);
  const TvmScorePoint *first = NULL;
  g_autofree char *text = NULL;
  int change;

  for (guint i = 0; i < points->len; i++)
    if (g_array_index (points, TvmScorePoint, i).when_us <= from_us)
      first = &g_array_index (points, TvmScorePoint, i);
  change = first != NULL ? (int) lround (last->score - first->score) : 0;
  gtk_widget_set_visible (card->change_box, first != NULL);
  text = make_change_text (card->kind, change);
  gtk_label_set_label (card->change, text);
  gtk_widget_set_visible (card->change_icon, change != 0);
  gtk_image_set_from_icon_name (GTK_IMAGE (card->change_icon),
                                change < 0 ? "tvm-down-symbolic" : "tvm-up-symbolic");
  gtk_widget_set_css_classes (card->change_icon,
                              (const char *[]) { (change < 0) == (card->kind != TVM_CARD_SECURE)
                                                   ? "done" : "waiting", NULL });
}

/**
 * tvm_score_card_show:
 * @widget: a card of tvm_score_card_new()
 * @points: (element-type TvmScorePoint): the history, oldest first; may be empty
 */
void
tvm_score_card_show (GtkWidget *widget,
                     GArray    *points)
{
  Card *card = card_of (widget);
  g_autofree char *value = NULL, *day = NULL, *since = NULL;
  const TvmScorePoint *last;

  if (points->len == 0)
    {
      gtk_label_set_label (card->scale, _("No score yet: the service tells none"));
      return;
    }
  last = &g_array_index (points, TvmScorePoint, points->len - 1);
  value = g_strdup_printf ("%'.0f", last->score);
  gtk_label_set_label (card->value, value);
  gtk_label_set_label (card->scale, scale_text (card->kind, last->score));
  tvm_ui_wrap_if_large (card->scale);
  day = tvm_make_instant_date (g_array_index (points, TvmScorePoint, 0).when_us);
  /* Translators: %s is a date: the history of a score begins then. */
  since = g_strdup_printf (_("Since %s"), day);
  gtk_label_set_label (card->since,
                       points->len > 1 ? since : _("The line begins with the next score."));
  show_course (card, points);
  show_change (card, points, tvm_now_us () - TREND_DAYS * TVM_DAY_US);
}

/**
 * tvm_left_card_show:
 * @widget: a card of tvm_score_card_new() for %TVM_CARD_LEFT
 * @points: (element-type TvmLeftPoint): how many devices were left, oldest first
 * @n_uncounted: how many open activities it is not known of
 */
void
tvm_left_card_show (GtkWidget *widget,
                    GArray    *points,
                    int        n_uncounted)
{
  g_autofree char *missing = g_strdup_printf (
    ngettext ("%'d activity is not in it: its numbers are not known",
              "%'d activities are not in it: their numbers are not known", (gulong) n_uncounted),
    n_uncounted);
  g_autofree char *note = g_strjoin ("\n", _("A device counts once in each activity it is in."),
                                     n_uncounted > 0 ? missing : NULL, NULL);
  g_autoptr(GArray) scores = g_array_sized_new (FALSE, FALSE, sizeof (TvmScorePoint), points->len);

  for (guint i = 0; i < points->len; i++)
    {
      const TvmLeftPoint *point = &g_array_index (points, TvmLeftPoint, i);
      TvmScorePoint score = { point->when_us, point->left };

      g_array_append_val (scores, score);
    }
  gtk_label_set_label (card_of (widget)->note, note);
  if (scores->len > 0)
    tvm_score_card_show (widget, scores);
  /* None left of those that are known is not none. */
  if (n_uncounted > 0 && scores->len > 0 &&
      g_array_index (scores, TvmScorePoint, scores->len - 1).score <= 0)
    gtk_label_set_label (card_of (widget)->value, "–");
}

/**
 * tvm_figure_card_new:
 * @title: the figure's name, static
 * @past: of which activities it is
 *
 * Returns: (transfer floating): a card of a figure that past activities say, which leads to these
 */
GtkWidget *
tvm_figure_card_new (const char *title,
                     TvmFigure     past)
{
  GtkWidget *heading;
  Card *card;
  GtkWidget *box = card_new (title, &card, &heading);

  add_way (box, heading, "win.show-past", g_variant_new_int32 (past));
  card->value = add_label (box, "–", "score-value");
  gtk_label_set_wrap (card->value, TRUE);
  card->scale = add_label (box, "", "dim-label");
  gtk_label_set_wrap (card->scale, TRUE);
  return box;
}

/**
 * tvm_time_card_show:
 * @widget: a card of tvm_figure_card_new()
 * @standing: what past activities say; shown is how long remediation took
 */
void
tvm_time_card_show (GtkWidget         *widget,
                    const TvmStanding *standing)
{
  Card *card = card_of (widget);
  int days = (int) lround (standing->mean_days);
  g_autofree char *value = standing->n_done > 0
    ? g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days), days) : g_strdup ("–");
  g_autofree char *scale = g_strdup_printf (
    ngettext ("on average, of %'d activity remediated in 90 days",
              "on average, of %'d activities remediated in 90 days", (gulong) standing->n_done),
    standing->n_done);

  gtk_label_set_label (card->value, value);
  gtk_label_set_label (card->scale, standing->n_done > 0
    ? scale : _("Not known: no activity was remediated in 90 days"));
}

/**
 * tvm_in_time_card_show:
 * @widget: a card of tvm_figure_card_new()
 * @standing: what past activities say; shown is how many were completed in time
 */
void
tvm_in_time_card_show (GtkWidget         *widget,
                       const TvmStanding *standing)
{
  Card *card = card_of (widget);
  /* Translators: a percentage. */
  g_autofree char *share = standing->n_due > 0
    ? g_strdup_printf (_("%d %%"), (int) (100.0 * standing->n_in_time / standing->n_due))
    : g_strdup ("–");
  g_autofree char *scale = g_strdup_printf (
    /* Translators: below a percentage; of those with a due date */
    ngettext ("%'d of %'d in 90 days, overdue ones included",
              "%'d of %'d in 90 days, overdue ones included", (gulong) standing->n_due),
    standing->n_in_time, standing->n_due);

  gtk_label_set_label (card->value, share);
  gtk_label_set_label (card->scale, standing->n_due > 0
    ? scale : _("Not known: none with a due date was completed in 90 days"));
}

/**
 * tvm_exposure_card_new:
 * Returns: (transfer floating): the card of the device exposure distribution
 */
GtkWidget *
tvm_exposure_card_new (void)
{
  static const char *const names[] = { NC_("exposure level", "High"),
                                       NC_("exposure level", "Medium"),
                                       NC_("exposure level", "Low"),
                                       NC_("exposure level", "No data") };
  static const char *const swatches[] = { "high", "medium", "low", "none" };
  GtkWidget *heading, *grid = gtk_grid_new ();
  Card *card;
  GtkWidget *box = card_new (_("Device exposure distribution"), &card, &heading);

  card->total = add_label (heading, "", "dim-label");
  add_way (box, heading, "win.show-devices", g_variant_new_string (""));
  card->drawing = g_object_new (TVM_TYPE_SPREAD, "margin-top", 9, "margin-bottom", 9, NULL);
  gtk_box_append (GTK_BOX (box), card->drawing);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 9);
  for (int i = 0; i < 4; i++)
    {
      GtkWidget *swatch = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      GtkWidget *name = gtk_label_new (g_dpgettext2 (GETTEXT_PACKAGE, "exposure level", names[i]));

      gtk_widget_add_css_class (swatch, "swatch");
      gtk_widget_add_css_class (swatch, swatches[i]);
      gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_widget_set_hexpand (name, TRUE);
      card->shares[i] = GTK_LABEL (gtk_label_new (""));
      card->counts[i] = GTK_LABEL (gtk_label_new (""));
      gtk_widget_add_css_class (GTK_WIDGET (card->shares[i]), "dim-label");
      gtk_widget_add_css_class (GTK_WIDGET (card->shares[i]), "caption");
      gtk_widget_add_css_class (GTK_WIDGET (card->counts[i]), "numeric");
      gtk_label_set_xalign (card->counts[i], 1);
      gtk_grid_attach (GTK_GRID (grid), swatch, 0, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), name, 1, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (card->shares[i]), 2, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (card->counts[i]), 3, i, 1, 1);
    }
  gtk_box_append (GTK_BOX (box), grid);
  return box;
}

/**
 * tvm_exposure_card_show:
 * @widget: a card of tvm_exposure_card_new()
 * @by_level: (array fixed-size=6): how many devices have each #TvmLevel
 */
void
tvm_exposure_card_show (GtkWidget *widget,
                        const int  by_level[6])
{
  Card *card = card_of (widget);
  const int parts[4] = { by_level[TVM_LEVEL_HIGH] + by_level[TVM_LEVEL_CRITICAL],
                         by_level[TVM_LEVEL_MEDIUM],
                         by_level[TVM_LEVEL_LOW] + by_level[TVM_LEVEL_INFORMATIONAL],
                         by_level[TVM_LEVEL_NONE] };
  int total = parts[0] + parts[1] + parts[2] + parts[3];
  g_autofree char *text = g_strdup_printf (ngettext ("%'d device", "%'d devices", total), total);

  gtk_label_set_label (card->total, total > 0 ? text : "");
  tvm_spread_set_parts (TVM_SPREAD (card->drawing), parts);
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *count = g_strdup_printf ("%'d", parts[i]);
      /* Translators: a percentage. */
      g_autofree char *share = g_strdup_printf (
        _("%d %%"), total > 0 ? (int) lround (100.0 * parts[i] / total) : 0);

      gtk_label_set_label (card->counts[i], count);
      gtk_label_set_label (card->shares[i], share);
    }
}
