/* tvm-chart.c: the dashboard's two small drawings. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-chart.h"

#include <math.h>
#include <string.h>

#define PADDING_PX 4
#define SPREAD_GAP_PX 2
#define N_PARTS 4

/* ---- trend: a line with a soft area below ---- */

struct _TvmTrend
{
  GtkWidget  parent_instance;
  double    *values;   /* (owned) */
  guint      n_values;
};

G_DEFINE_FINAL_TYPE (TvmTrend, tvm_trend, GTK_TYPE_WIDGET)

static void
place_point (TvmTrend *self,
             guint     i,
             double    low,
             double    high,
             double   *x,
             double   *y)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * PADDING_PX;
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * PADDING_PX;
  double share = self->n_values > 1 ? i / (double) (self->n_values - 1) : 1;
  double rise = high > low ? (self->values[i] - low) / (high - low) : 0.5;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    share = 1 - share;
  *x = PADDING_PX + share * width;
  *y = PADDING_PX + (1 - rise) * height;
}

static void
draw_line (TvmTrend *self,
           cairo_t  *cr,
           double    low,
           double    high)
{
  double x = 0, y = 0;

  for (guint i = 0; i < self->n_values; i++)
    {
      place_point (self, i, low, high, &x, &y);
      cairo_line_to (cr, x, y);
    }
}

static void
tvm_trend_snapshot (GtkWidget   *widget,
                    GtkSnapshot *snapshot)
{
  TvmTrend *self = TVM_TREND (widget);
  double height = gtk_widget_get_height (widget), low, high, x, y;
  GdkRGBA color;
  cairo_t *cr;

  if (self->n_values == 0)
    return;
  low = high = self->values[0];
  for (guint i = 1; i < self->n_values; i++)
    {
      low = MIN (low, self->values[i]);
      high = MAX (high, self->values[i]);
    }
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                                                 height));
  place_point (self, 0, low, high, &x, &y);
  cairo_move_to (cr, x, height);
  draw_line (self, cr, low, high);
  place_point (self, self->n_values - 1, low, high, &x, &y);
  cairo_line_to (cr, x, height);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, .12);
  cairo_fill (cr);
  draw_line (self, cr, low, high);
  cairo_set_line_width (cr, 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_stroke (cr);
  cairo_arc (cr, x, y, 3.5, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
tvm_trend_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  *minimum = 54;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 54;
}

static void
tvm_trend_finalize (GObject *object)
{
  g_free (TVM_TREND (object)->values);
  G_OBJECT_CLASS (tvm_trend_parent_class)->finalize (object);
}

static void
tvm_trend_class_init (TvmTrendClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tvm_trend_finalize;
  widget_class->snapshot = tvm_trend_snapshot;
  widget_class->measure = tvm_trend_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
tvm_trend_init (TvmTrend *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "trend");
}

/**
 * tvm_trend_set_values:
 * @self: a trend
 * @values: (array length=n_values): oldest first
 * @n_values: how many
 */
void
tvm_trend_set_values (TvmTrend     *self,
                      const double *values,
                      guint         n_values)
{
  g_free (self->values);
  self->values = g_memdup2 (values, n_values * sizeof *values);
  self->n_values = n_values;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- spread: one bar cut in parts ---- */

struct _TvmSpread
{
  GtkWidget parent_instance;
  int       parts[N_PARTS]; /* high, medium, low, none */
};

G_DEFINE_FINAL_TYPE (TvmSpread, tvm_spread, GTK_TYPE_WIDGET)

static void
tvm_spread_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  static const char *const colors[N_PARTS] = { "spread_high", "spread_medium", "spread_low",
                                               "spread_none" };
  TvmSpread *self = TVM_SPREAD (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double total = 0, x = 0;
  GskRoundedRect rounded;

  for (int i = 0; i < N_PARTS; i++)
    total += self->parts[i];
  if (total <= 0)
    return;
  gsk_rounded_rect_init_from_rect (&rounded, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  for (int i = 0; i < N_PARTS; i++)
    {
      double part = (width - SPREAD_GAP_PX * (N_PARTS - 1)) * self->parts[i] / total;
      GdkRGBA color;

      if (self->parts[i] == 0)
        continue;
      part = MAX (part, 3);
      if (gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), colors[i], &color))
        gtk_snapshot_append_color (snapshot, &color,
                                   &GRAPHENE_RECT_INIT (rtl ? width - x - part : x, 0, part, height));
      x += part + SPREAD_GAP_PX;
    }
  gtk_snapshot_pop (snapshot);
}

static void
tvm_spread_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 16;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 16;
}

static void
tvm_spread_class_init (TvmSpreadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = tvm_spread_snapshot;
  widget_class->measure = tvm_spread_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
tvm_spread_init (TvmSpread *self)
{
}

/**
 * tvm_spread_set_parts:
 * @self: a spread
 * @parts: (array fixed-size=4): how many are high, medium, low and without data
 */
void
tvm_spread_set_parts (TvmSpread *self,
                      const int  parts[4])
{
  memcpy (self->parts, parts, sizeof self->parts);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
