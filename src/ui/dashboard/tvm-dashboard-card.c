/* tvm-dashboard-card.c: the dashboard's cards. The words carry the meaning, the drawings repeat it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-card.h"

#include "tvm-chart.h"
#include "tvm-line-chart.h"
#include "tvm-time.h"
#include "tvm-ui.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define TREND_DAYS 30
/* A chart's height stands for no less, so that half a point does not look like a fall. */
#define MIN_EXPOSURE_SPAN 10.0
#define MIN_SECURE_SPAN 50.0

/* A card's parts; lives as long as the card. */
typedef struct
{
  TvmScoreKind kind;
  const char  *title;      /* static */
  GtkLabel    *value, *scale, *since, *change, *total;
  GtkWidget   *change_icon, *change_box, *drawing;
  GtkLabel    *counts[4], *shares[4];
  GtkWidget   *grid;
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
  g_object_set_data_full (G_OBJECT (box), "tvm-card", *out_card, g_free);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "score-card");
  gtk_box_append (GTK_BOX (box), heading);
  *out_heading = heading;
  return box;
}

/**
 * tvm_score_card_new:
 * @title: the score's name, static
 * @kind: which score
 *
 * Returns: (transfer floating): a card without a value yet
 */
GtkWidget *
tvm_score_card_new (const char   *title,
                    TvmScoreKind  kind)
{
  GtkWidget *heading, *numbers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *footer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  Card *card;
  GtkWidget *box = card_new (title, &card, &heading);

  card->kind = kind;
  card->title = title;
  card->value = add_label (numbers, "–", "score-value");
  card->scale = add_label (numbers, "", "dim-label");
  gtk_widget_set_valign (GTK_WIDGET (card->value), GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (GTK_WIDGET (card->scale), GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (box), numbers);
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

static char *
make_day_text (gint64 when_us)
{
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local (when_us / TVM_SECOND_US);

  /* Translators: format of g_date_time_format() for a date. */
  return g_date_time_format (when, _("%e %b %Y"));
}

/* The text alternative of the drawing. */
static char *
make_course_text (GArray *points)
{
  const TvmScorePoint *first = &g_array_index (points, TvmScorePoint, 0);
  const TvmScorePoint *last = &g_array_index (points, TvmScorePoint, points->len - 1);
  double low = first->score, high = low;
  g_autofree char *from = make_day_text (first->when_us);
  g_autofree char *until = make_day_text (last->when_us);

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
  double span = card->kind == TVM_SCORE_EXPOSURE ? MIN_EXPOSURE_SPAN : MIN_SECURE_SPAN;
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;

  for (guint i = 0; i < points->len; i++)
    {
      const TvmScorePoint *point = &g_array_index (points, TvmScorePoint, i);

      low = MIN (low, point->score);
      high = MAX (high, point->score);
      line[i] = (TvmLinePoint) { point->when_us / TVM_SECOND_US, point->score };
    }
  span = MAX (span, high - low);
  tvm_line_chart_set_range (TVM_LINE_CHART (card->drawing), (low + high - span) / 2,
                            (low + high + span) / 2);
  tvm_line_chart_set_points (TVM_LINE_CHART (card->drawing), line, points->len);
  tvm_line_chart_set_text (TVM_LINE_CHART (card->drawing), card->title, text);
}

/* Low is good for the exposure score, high for the secure score; the scale of the portal. */
static const char *
scale_text (TvmScoreKind kind,
            double       score)
{
  if (kind == TVM_SCORE_SECURE)
    return _("points, higher is better");
  if (score < 30)
    return _("of 100, low exposure");
  if (score < 70)
    return _("of 100, medium exposure");
  return _("of 100, high exposure");
}

static void
show_change (Card         *card,
             GArray       *points,
             gint64        from_us)
{
  const TvmScorePoint *last = &g_array_index (points, TvmScorePoint, points->len - 1);
  const TvmScorePoint *first = NULL;
  g_autofree char *text = NULL;
  int change;

  for (guint i = 0; i < points->len && first == NULL; i++)
    if (g_array_index (points, TvmScorePoint, i).when_us >= from_us)
      first = &g_array_index (points, TvmScorePoint, i);
  change = first != NULL ? (int) lround (last->score - first->score) : 0;
  gtk_widget_set_visible (card->change_box, points->len > 1);
  if (change == 0)
    text = g_strdup (_("Unchanged in 30 days"));
  else if (change < 0)
    text = g_strdup_printf (
      ngettext ("%d point lower in 30 days", "%d points lower in 30 days", -change), -change);
  else
    text = g_strdup_printf (
      ngettext ("%d point higher in 30 days", "%d points higher in 30 days", change), change);
  gtk_label_set_label (card->change, text);
  gtk_widget_set_visible (card->change_icon, change != 0);
  gtk_image_set_from_icon_name (GTK_IMAGE (card->change_icon),
                                change < 0 ? "tvm-down-symbolic" : "tvm-up-symbolic");
  gtk_widget_set_css_classes (card->change_icon,
                              (const char *[]) { (change < 0) == (card->kind == TVM_SCORE_EXPOSURE)
                                                   ? "done" : "waiting", NULL });
}

/**
 * tvm_score_card_show:
 * @widget: a card of tvm_score_card_new()
 * @points: (element-type TvmScorePoint): the history, oldest first; may be empty
 * @was_synced: whether the service was asked for it
 */
void
tvm_score_card_show (GtkWidget *widget,
                     GArray    *points,
                     gboolean   was_synced)
{
  Card *card = card_of (widget);
  g_autofree char *value = NULL, *day = NULL, *since = NULL;
  const TvmScorePoint *last;

  if (points->len == 0)
    {
      gtk_label_set_label (card->scale, was_synced ? _("No score yet: the service tells none")
                                                   : _("No score yet: synchronize first"));
      return;
    }
  last = &g_array_index (points, TvmScorePoint, points->len - 1);
  value = g_strdup_printf ("%.0f", last->score);
  gtk_label_set_label (card->value, value);
  gtk_label_set_label (card->scale, scale_text (card->kind, last->score));
  tvm_ui_wrap_if_large (card->scale);
  day = make_day_text (g_array_index (points, TvmScorePoint, 0).when_us);
  /* Translators: %s is a date: the history of a score begins then. */
  since = g_strdup_printf (_("Since %s"), day);
  gtk_label_set_label (card->since,
                       points->len > 1 ? since : _("The line begins with the next score."));
  show_course (card, points);
  show_change (card, points, tvm_now_us () - TREND_DAYS * TVM_DAY_US);
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
  card->grid = grid;
  card->since = add_label (box, _("No devices yet: synchronize first"), "dim-label");
  gtk_label_set_wrap (card->since, TRUE);
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
  gtk_widget_set_visible (GTK_WIDGET (card->since), total == 0);
  gtk_widget_set_visible (card->drawing, total > 0);
  gtk_widget_set_visible (card->grid, total > 0);
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
