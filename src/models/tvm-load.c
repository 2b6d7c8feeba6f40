/* tvm-load.c: what is read on a worker. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-load-private.h"

/**
 * tvm_load_in_thread:
 * @store: a store
 * @data: (transfer full) (nullable): the task's data
 * @free_data: (nullable): frees @data
 * @func: (scope async): reads, on a worker
 * @tag: the function that was called, for tvm_load_finish()
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 */
void
tvm_load_in_thread (TvmStore            *store,
                    gpointer             data,
                    GDestroyNotify       free_data,
                    GTaskThreadFunc      func,
                    gpointer             tag,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, data, free_data);
  g_task_run_in_thread (task, func);
}

/**
 * tvm_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @tag: that of tvm_load_in_thread()
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was read
 */
gpointer
tvm_load_finish (TvmStore      *store,
                 GAsyncResult  *result,
                 gpointer       tag,
                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
