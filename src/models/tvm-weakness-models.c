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

const TvmLoad tvm_load_weakness = { read_weakness, (GDestroyNotify) tvm_weakness_whole_free };

static gpointer
read_device (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  return tvm_store_load_device (store, id, error);
}

const TvmLoad tvm_load_device = { read_device, (GDestroyNotify) tvm_device_whole_free };

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

static gpointer
read_catalog (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autofree TvmKnownExploitedState *state = g_new0 (TvmKnownExploitedState, 1);

  return tvm_store_get_known_exploited (store, state, error) ? g_steal_pointer (&state) : NULL;
}

const TvmLoad tvm_load_catalog = { read_catalog, g_free };
