/* tvm-line-chart.h: a small line over time, with a target and a marked day where they are set. It
 * has no axis: labels beside it say the numbers, its accessible description says the course. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

typedef struct
{
  gint64 when;   /* seconds since 1970 UTC */
  double value;
} TvmLinePoint;

#define TVM_TYPE_LINE_CHART (tvm_line_chart_get_type ())
G_DECLARE_FINAL_TYPE (TvmLineChart, tvm_line_chart, TVM, LINE_CHART, GtkWidget)

GtkWidget *tvm_line_chart_new        (void);
void tvm_line_chart_set_points (TvmLineChart *self, const TvmLinePoint *points, guint n_points);
void       tvm_line_chart_set_range  (TvmLineChart *self, double low, double high);
void       tvm_line_chart_set_target (TvmLineChart *self, double value);
void       tvm_line_chart_set_marker (TvmLineChart *self, gint64 when);
void tvm_line_chart_set_text (TvmLineChart *self, const char *label, const char *description);

G_END_DECLS
