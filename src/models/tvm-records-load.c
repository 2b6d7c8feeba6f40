/* tvm-records-load.c: the records of some keys, read on a worker. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-list.h"

typedef struct
{
  TvmQuery *query;  /* (owned) */
  GArray   *keys;   /* (owned) */
} Load;

static void
load_free (Load *load)
{
  tvm_query_free (load->query);
  g_array_unref (load->keys);
  g_free (load);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load *load = task_data;
  GError *error = NULL;
  const gint64 *keys = (const gint64 *) (gpointer) load->keys->data;
  GPtrArray *records = tvm_store_list_records (source, load->query, keys, load->keys->len, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_records_load_async:
 * @store: a store
 * @kind: of which list
 * @keys: (element-type gint64): which records
 * @cancellable: (nullable): stops it
 * @callback: called on the main context
 * @user_data: its data
 */
void
tvm_records_load_async (TvmStore            *store,
                        TvmListKind          kind,
                        GArray              *keys,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->query = tvm_query_new (kind);
  load->keys = g_array_ref (keys);
  g_task_set_source_tag (task, tvm_records_load_async);
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * tvm_records_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): a record of the kind for each key, %NULL where it is gone
 */
GPtrArray *
tvm_records_load_finish (TvmStore      *store,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_records_load_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
