/* tvm-file-progress.h: how far the files of a long list are, in numbers and in words. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
  guint  n_files, n_read;
  gint64 size_bytes;    /* of what was read */
  gint64 total_bytes;   /* of all files; -1: not told */
  gboolean is_estimate; /* some files have not told theirs yet */
  gint64 left_us;       /* until all are read; -1: not known */
} TvmFileProgress;

typedef void (*TvmFileProgressFunc) (const TvmFileProgress *progress, gpointer user_data);

char  *tvm_file_progress_describe     (const TvmFileProgress *self);
double tvm_file_progress_get_fraction (const TvmFileProgress *self);
void   tvm_file_progress_add          (TvmFileProgress *sum, const TvmFileProgress *other);

/* A bar for work of which more becomes known as it goes on: it never goes back. What comes next
 * takes the room that is left. */
typedef struct {
  double fraction;      /* what it shows, from 0 to 1 */
  double base;          /* what it showed when what goes on now began */
  int    base_done;     /* and how many steps were done then */
} TvmBar;

void   tvm_bar_begin      (TvmBar *self, int n_done);
void   tvm_bar_show_steps (TvmBar *self, int n_done, int n_steps);
void   tvm_bar_show_files (TvmBar *self, const TvmFileProgress *files);

G_END_DECLS
