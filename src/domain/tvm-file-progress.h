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

G_END_DECLS
