/* tvm-context.h: calls from workers into a main context. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

void tvm_context_call_later (GMainContext *context, GSourceFunc func, gpointer data,
                             GDestroyNotify destroy);

G_END_DECLS
