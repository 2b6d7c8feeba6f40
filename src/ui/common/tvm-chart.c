/* tvm-chart.c: the bar of the device exposure distribution. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-chart.h"
#include "tvm-toolkit.h"

#include <string.h>

#define SPREAD_GAP_PX 2
#define N_PARTS 4

struct _TvmSpread
{
  GtkWidget parent_instance;
  int       parts[N_PARTS]; /* high, medium, low, none */
};

G_DEFINE_FINAL_TYPE (TvmSpread, tvm_spread, GTK_TYPE_WIDGET)

/* Only high contrast's style has a colour for it. */
static void
append_edge (TvmSpread            *self,
             GtkSnapshot          *snapshot,
             const GskRoundedRect *outline)
{
  GdkRGBA edge;

  if (tvm_toolkit_lookup_color (GTK_WIDGET (self), "spread_edge", &edge))
    gtk_snapshot_append_border (snapshot, outline, (float[4]) { 1, 1, 1, 1 },
                                (GdkRGBA[4]) { edge, edge, edge, edge });
}

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
  GskRoundedRect rounded, outline;

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
      gsk_rounded_rect_init_from_rect (
        &outline, &GRAPHENE_RECT_INIT (rtl ? width - x - part : x, 0, part, height), 0);
      if (tvm_toolkit_lookup_color (widget, colors[i], &color))
        gtk_snapshot_append_color (snapshot, &color, &outline.bounds);
      append_edge (self, snapshot, &outline);
      x += part + SPREAD_GAP_PX;
    }
  append_edge (self, snapshot, &rounded);
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
