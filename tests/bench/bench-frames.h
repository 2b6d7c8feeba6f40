/* bench-frames.h: what the window's benchmark and its peer measure alike: frames, stalls, memory. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

typedef struct BenchFrames BenchFrames;
typedef gboolean (*BenchCondition) (gpointer data);

BenchFrames *bench_frames_new             (GtkWidget *window);
void         bench_frames_free            (BenchFrames *self);
void         bench_frames_wait            (BenchFrames *self, BenchCondition condition, gpointer data);
gint64       bench_frames_wait_one        (BenchFrames *self);
guint        bench_frames_rest            (BenchFrames *self);
double       bench_frames_press           (BenchFrames *self, const char *keys);
void         bench_frames_print_scrolling (BenchFrames *self, GtkScrollable *list);
GtkWidget   *bench_find                   (GtkWidget *root, GType type);
double       bench_memory_mb              (void);

G_END_DECLS
