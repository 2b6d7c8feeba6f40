/* tvm-weakness-models.c: a CVE and a device whole, read on a worker. Main thread in, main thread
 * out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-models.h"
#include "tvm-load-private.h"

static gpointer
read_weakness (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  return tvm_store_load_weakness (store, id, error);
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
  tvm_load_in_thread (store, read_weakness, g_strdup (id), g_free,
                      (GDestroyNotify) tvm_weakness_whole_free, cancellable, callback, user_data);
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
  return tvm_load_finish (store, result, read_weakness, error);
}

static gpointer
read_device (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  return tvm_store_load_device (store, id, error);
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
  tvm_load_in_thread (store, read_device, g_strdup (id), g_free,
                      (GDestroyNotify) tvm_device_whole_free, cancellable, callback, user_data);
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
  return tvm_load_finish (store, result, read_device, error);
}

static gpointer
read_affected (TvmStore *store, gpointer query, GCancellable *cancellable, GError **error)
{
  return tvm_store_list_rows (store, query, error);
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
  tvm_load_in_thread (store, read_affected, query, (GDestroyNotify) tvm_query_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
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
  return tvm_load_finish (store, result, read_affected, error);
}

static gpointer
read_catalog (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autofree TvmKnownExploitedState *state = g_new0 (TvmKnownExploitedState, 1);

  return tvm_store_get_known_exploited (store, state, error) ? g_steal_pointer (&state) : NULL;
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
  tvm_load_in_thread (store, read_catalog, NULL, NULL, g_free, cancellable, callback, user_data);
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
  return tvm_load_finish (store, result, read_catalog, error);
}
