/* tvm-line-chart.c: a small line over time. Colours are the style's: the line is the widget's
 * "color", target and marker are the window's, and differ by their dashes too. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-line-chart.h"
#include "tvm-toolkit.h"

#include <math.h>

#define PADDING_PX 5
#define MIN_HEIGHT_PX 54
#define NATURAL_WIDTH_PX 120
#define MAX_DOTS 12

struct _TvmLineChart
{
  GtkWidget     parent_instance;
  TvmLinePoint *points;     /* (owned) (nullable), oldest first */
  guint         n_points;
  double        low, high;  /* what the height stands for; not low < high: the values' own range */
  double        target;     /* NAN: none */
  gint64        marker;     /* 0: none */
};

/* What the widget's area stands for. */
typedef struct
{
  gint64   from, until;
  double   low, high, width, height;
  gboolean is_rtl;
} Frame;

G_DEFINE_FINAL_TYPE (TvmLineChart, tvm_line_chart, GTK_TYPE_WIDGET)

/* ---- drawing ------------------------------------------------------------------------------- */

static void
find_frame (TvmLineChart *self,
            Frame        *frame)
{
  gboolean is_fixed = self->low < self->high;

  frame->width = gtk_widget_get_width (GTK_WIDGET (self));
  frame->height = gtk_widget_get_height (GTK_WIDGET (self));
  frame->is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  frame->from = self->points[0].when;
  frame->until = self->points[self->n_points - 1].when;
  frame->low = is_fixed ? self->low : self->points[0].value;
  frame->high = is_fixed ? self->high : self->points[0].value;
  for (guint i = 0; i < self->n_points && !is_fixed; i++)
    {
      frame->low = MIN (frame->low, self->points[i].value);
      frame->high = MAX (frame->high, self->points[i].value);
    }
  if (!is_fixed && !isnan (self->target))
    {
      frame->low = MIN (frame->low, self->target);
      frame->high = MAX (frame->high, self->target);
    }
  if (self->marker != 0)
    {
      frame->from = MIN (frame->from, self->marker);
      frame->until = MAX (frame->until, self->marker);
    }
}

static double
find_x (const Frame *frame,
        gint64       when)
{
  double share = frame->until > frame->from
                   ? (when - frame->from) / (double) (frame->until - frame->from) : 1;

  return PADDING_PX + (frame->is_rtl ? 1 - share : share) * (frame->width - 2 * PADDING_PX);
}

static double
find_y (const Frame *frame,
        double       value)
{
  double rise = frame->high > frame->low ? (value - frame->low) / (frame->high - frame->low) : 0.5;

  return PADDING_PX + (1 - CLAMP (rise, 0, 1)) * (frame->height - 2 * PADDING_PX);
}

static void
trace_line (TvmLineChart *self,
            const Frame  *frame,
            cairo_t      *cr)
{
  for (guint i = 0; i < self->n_points; i++)
    cairo_line_to (cr, find_x (frame, self->points[i].when), find_y (frame, self->points[i].value));
}

static void
draw_line (TvmLineChart  *self,
           const Frame   *frame,
           cairo_t       *cr,
           const GdkRGBA *color)
{
  const TvmLinePoint *last = &self->points[self->n_points - 1];

  trace_line (self, frame, cr);
  cairo_line_to (cr, find_x (frame, last->when), frame->height);
  cairo_line_to (cr, find_x (frame, self->points[0].when), frame->height);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * .12);
  cairo_fill (cr);
  trace_line (self, frame, cr);
  cairo_set_line_width (cr, 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_stroke (cr);
  /* With many points only the last one gets a dot. */
  for (guint i = self->n_points > MAX_DOTS ? self->n_points - 1 : 0; i < self->n_points; i++)
    {
      cairo_arc (cr, find_x (frame, self->points[i].when), find_y (frame, self->points[i].value),
                 i + 1 == self->n_points ? 3.5 : 2, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_guides (TvmLineChart  *self,
             const Frame   *frame,
             cairo_t       *cr,
             const GdkRGBA *color)
{
  static const double target_dashes[] = { 6, 4 }, marker_dashes[] = { 2, 3 };

  cairo_set_line_width (cr, 1);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * .7);
  if (!isnan (self->target))
    {
      double y = floor (find_y (frame, self->target)) + .5;

      cairo_set_dash (cr, target_dashes, G_N_ELEMENTS (target_dashes), 0);
      cairo_move_to (cr, 0, y);
      cairo_line_to (cr, frame->width, y);
      cairo_stroke (cr);
    }
  if (self->marker != 0)
    {
      double x = floor (find_x (frame, self->marker)) + .5;

      cairo_set_dash (cr, marker_dashes, G_N_ELEMENTS (marker_dashes), 0);
      cairo_move_to (cr, x, 0);
      cairo_line_to (cr, x, frame->height);
      cairo_stroke (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
tvm_line_chart_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  TvmLineChart *self = TVM_LINE_CHART (widget);
  GdkRGBA color, guide_color;
  Frame frame;
  cairo_t *cr;

  if (self->n_points == 0)
    return;
  find_frame (self, &frame);
  tvm_toolkit_get_color (widget, &color);
  if (!tvm_toolkit_lookup_color (widget, "window_fg_color", &guide_color))
    guide_color = color;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, frame.width, frame.height));
  draw_guides (self, &frame, cr, &guide_color);
  draw_line (self, &frame, cr, &color);
  cairo_destroy (cr);
}

/* ---- the widget ---------------------------------------------------------------------------- */

static void
tvm_line_chart_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = MIN_HEIGHT_PX;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH_PX : MIN_HEIGHT_PX;
}

static void
tvm_line_chart_finalize (GObject *object)
{
  g_free (TVM_LINE_CHART (object)->points);
  G_OBJECT_CLASS (tvm_line_chart_parent_class)->finalize (object);
}

static void
tvm_line_chart_class_init (TvmLineChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tvm_line_chart_finalize;
  widget_class->snapshot = tvm_line_chart_snapshot;
  widget_class->measure = tvm_line_chart_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tvm_line_chart_init (TvmLineChart *self)
{
  self->target = NAN;
  gtk_widget_add_css_class (GTK_WIDGET (self), "line-chart");
}

/**
 * tvm_line_chart_new:
 * Returns: (transfer floating): a chart without points, which draws nothing
 */
GtkWidget *
tvm_line_chart_new (void)
{
  return g_object_new (TVM_TYPE_LINE_CHART, NULL);
}

/**
 * tvm_line_chart_set_points:
 * @self: a chart
 * @points: (array length=n_points) (nullable): oldest first, copied; values are numbers
 * @n_points: how many
 */
void
tvm_line_chart_set_points (TvmLineChart       *self,
                           const TvmLinePoint *points,
                           guint               n_points)
{
  g_return_if_fail (TVM_IS_LINE_CHART (self));

  g_free (self->points);
  self->points = g_memdup2 (points, n_points * sizeof *points);
  self->n_points = n_points;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tvm_line_chart_set_range:
 * @self: a chart
 * @low: the value at the bottom
 * @high: the value at the top; not above @low: bottom and top follow the values
 */
void
tvm_line_chart_set_range (TvmLineChart *self,
                          double        low,
                          double        high)
{
  g_return_if_fail (TVM_IS_LINE_CHART (self));

  self->low = low;
  self->high = high;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tvm_line_chart_set_target:
 * @self: a chart
 * @value: where to draw a dashed line across, %NAN for none
 */
void
tvm_line_chart_set_target (TvmLineChart *self,
                           double        value)
{
  g_return_if_fail (TVM_IS_LINE_CHART (self));

  self->target = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tvm_line_chart_set_marker:
 * @self: a chart
 * @when: where to draw a dotted line upright, in seconds since 1970 UTC, 0 for none; the chart
 *   reaches as far as this
 */
void
tvm_line_chart_set_marker (TvmLineChart *self,
                           gint64        when)
{
  g_return_if_fail (TVM_IS_LINE_CHART (self));

  self->marker = when;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tvm_line_chart_set_text:
 * @self: a chart
 * @label: what the line is of
 * @description: what there is to see, in words
 */
void
tvm_line_chart_set_text (TvmLineChart *self,
                         const char   *label,
                         const char   *description)
{
  g_return_if_fail (TVM_IS_LINE_CHART (self));

  tvm_toolkit_name (GTK_WIDGET (self), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}
