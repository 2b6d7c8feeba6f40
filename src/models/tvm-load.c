/* tvm-load.c: what is read on a worker. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-load-private.h"

typedef struct
{
  TvmLoadFunc    func;
  gpointer       data;         /* (owned) */
  GDestroyNotify free_data;    /* (nullable) */
  GDestroyNotify free_answer;  /* (nullable) */
} Load;

static void
load_free (Load *load)
{
  if (load->free_data != NULL)
    load->free_data (load->data);
  g_free (load);
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Load *load = task_data;
  GError *error = NULL;
  gpointer answer = load->func (source, load->data, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, answer, load->free_answer);
}

/**
 * tvm_load_in_thread:
 * @store: a store
 * @func: (scope async): reads, on a worker
 * @data: (transfer full) (nullable): for @func
 * @free_data: (nullable): frees @data
 * @free_answer: (nullable): frees what @func returns
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async) (nullable): called on the main context
 * @user_data: for @callback
 */
void
tvm_load_in_thread (TvmStore            *store,
                    TvmLoadFunc          func,
                    gpointer             data,
                    GDestroyNotify       free_data,
                    GDestroyNotify       free_answer,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  const Load load = { func, data, free_data, free_answer };

  g_task_set_source_tag (task, tvm_load_in_thread);
  g_task_set_task_data (task, g_memdup2 (&load, sizeof load), (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * tvm_load_async:
 * @store: a store
 * @what: what to read
 * @by: (nullable): the text that says which one; %NULL: there is only one
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 */
void
tvm_load_async (TvmStore            *store,
                const TvmLoad       *what,
                const char          *by,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  tvm_load_in_thread (store, what->read, g_strdup (by), g_free, what->free_answer, cancellable,
                      callback, user_data);
}

/**
 * tvm_load_finish:
 * @store: the store
 * @result: the result given to the callback, of whatever was read
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was read, of the type that its `_async` tells
 */
gpointer
tvm_load_finish (TvmStore      *store,
                 GAsyncResult  *result,
                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_load_in_thread), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
