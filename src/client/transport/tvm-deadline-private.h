/* tvm-deadline-private.h: an end for what blocks, however little by little it goes on. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

/* On the stack of who blocks. */
typedef struct {
  GCancellable *own;       /* (owned): cancelled with the caller's, and when the time is over */
  GCancellable *caller;    /* (unowned) (nullable) */
  gulong        handler;   /* of the caller's */
  gint64        until_us;  /* monotonic */
  gboolean      is_over;   /* guarded by the watch's mutex */
} TvmDeadline;

void     tvm_deadline_begin (TvmDeadline *self, GCancellable *caller, gint64 span_us);
gboolean tvm_deadline_end   (TvmDeadline *self);

G_END_DECLS
