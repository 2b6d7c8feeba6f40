/* tvm-weakness-models.c: a CVE and a device whole, read on a worker. Main thread in, main thread
 * out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-models.h"
#include "tvm-load-private.h"

static void
weakness_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;
  TvmWeaknessWhole *whole = tvm_store_load_weakness (source, task_data, &error);

  if (whole != NULL)
    g_task_return_pointer (task, whole, (GDestroyNotify) tvm_weakness_whole_free);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_weakness_load_async:
 * @store: a store
 * @id: a CVE
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads the CVE with what belongs to it.
 */
void
tvm_weakness_load_async (TvmStore            *store,
                         const char          *id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  tvm_load_in_thread (store, g_strdup (id), g_free, weakness_thread, tvm_weakness_load_async,
                      cancellable, callback, user_data);
}

/**
 * tvm_weakness_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the CVE with what belongs to it; %NULL on error
 */
TvmWeaknessWhole *
tvm_weakness_load_finish (TvmStore      *store,
                          GAsyncResult  *result,
                          GError       **error)
{
  return tvm_load_finish (store, result, tvm_weakness_load_async, error);
}

static void
device_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;
  TvmDeviceWhole *whole = tvm_store_load_device (source, task_data, &error);

  if (whole != NULL)
    g_task_return_pointer (task, whole, (GDestroyNotify) tvm_device_whole_free);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_device_load_async:
 * @store: a store
 * @id: a device
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads the device with what belongs to it.
 */
void
tvm_device_load_async (TvmStore            *store,
                       const char          *id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  tvm_load_in_thread (store, g_strdup (id), g_free, device_thread, tvm_device_load_async,
                      cancellable, callback, user_data);
}

/**
 * tvm_device_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the device with what belongs to it; %NULL on error
 */
TvmDeviceWhole *
tvm_device_load_finish (TvmStore      *store,
                        GAsyncResult  *result,
                        GError       **error)
{
  return tvm_load_finish (store, result, tvm_device_load_async, error);
}

static void
affected_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  const TvmQuery *query = task_data;
  GError *error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (source, query, NULL, &error);
  GPtrArray *devices = NULL;

  if (keys != NULL)
    devices = tvm_store_list_records (source, query, (const gint64 *) (gpointer) keys->data,
                                      keys->len, &error);
  if (devices != NULL)
    g_task_return_pointer (task, devices, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_affected_load_async:
 * @store: a store
 * @id: a CVE
 * @limit: how many of its devices at most
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads the first devices of the CVE, by name.
 */
void
tvm_affected_load_async (TvmStore            *store,
                         const char          *id,
                         int                  limit,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  TvmQuery *query = tvm_query_new (TVM_LIST_AFFECTED);

  query->cve = g_strdup (id);
  query->limit = limit;
  tvm_load_in_thread (store, query, (GDestroyNotify) tvm_query_free, affected_thread,
                      tvm_affected_load_async, cancellable, callback, user_data);
}

/**
 * tvm_affected_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable) (element-type TvmDevice): the devices; %NULL on error
 */
GPtrArray *
tvm_affected_load_finish (TvmStore      *store,
                          GAsyncResult  *result,
                          GError       **error)
{
  return tvm_load_finish (store, result, tvm_affected_load_async, error);
}

static void
catalog_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_autofree TvmKnownExploitedState *state = g_new0 (TvmKnownExploitedState, 1);
  GError *error = NULL;

  if (tvm_store_get_known_exploited (source, state, &error))
    g_task_return_pointer (task, g_steal_pointer (&state), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_catalog_load_async:
 * @store: a store
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads what there is of the catalog of known exploited vulnerabilities.
 */
void
tvm_catalog_load_async (TvmStore            *store,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  tvm_load_in_thread (store, NULL, NULL, catalog_thread, tvm_catalog_load_async, cancellable,
                      callback, user_data);
}

/**
 * tvm_catalog_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what there is of it; %NULL on error
 */
TvmKnownExploitedState *
tvm_catalog_load_finish (TvmStore      *store,
                         GAsyncResult  *result,
                         GError       **error)
{
  return tvm_load_finish (store, result, tvm_catalog_load_async, error);
}
