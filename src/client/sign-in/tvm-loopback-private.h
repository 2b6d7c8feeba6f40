/* tvm-loopback-private.h: waits on a loopback port for the browser to come back, once. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

typedef struct _TvmLoopback TvmLoopback;
TvmLoopback *tvm_loopback_new      (GError **error);
void         tvm_loopback_free     (TvmLoopback *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmLoopback, tvm_loopback_free)
guint16      tvm_loopback_get_port (TvmLoopback *self);
GHashTable  *tvm_loopback_wait     (TvmLoopback *self, const char *state, gint64 timeout_us,
                                    GCancellable *cancellable, GError **error);
void         tvm_loopback_answer   (TvmLoopback *self, const GError *failure);

G_END_DECLS
