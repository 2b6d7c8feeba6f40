/* tvm-context.c: calls from workers into a main context. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-context.h"

/**
 * tvm_context_call_later:
 * @context: (nullable): the main context to call on; %NULL for the default one
 * @func: what to call; it is called again until it returns %G_SOURCE_REMOVE
 * @data: for @func
 * @destroy: (nullable): frees @data, also where @context ends before
 *
 * Calls @func from the loop of @context, never from here: g_main_context_invoke_full() does that
 * where nobody owns the context just now, as between two turns of its loop.
 */
void
tvm_context_call_later (GMainContext   *context,
                        GSourceFunc     func,
                        gpointer        data,
                        GDestroyNotify  destroy)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, context);
}
