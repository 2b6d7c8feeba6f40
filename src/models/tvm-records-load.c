/* tvm-records-load.c: the records of some keys, read on a worker. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-list.h"
#include "tvm-load-private.h"

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

static gpointer
read_records (TvmStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Load *load = data;

  return tvm_store_list_records (store, load->query, (const gint64 *) (gpointer) load->keys->data,
                                 load->keys->len, error);
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
  Load *load = g_new0 (Load, 1);

  load->query = tvm_query_new (kind);
  load->keys = g_array_ref (keys);
  tvm_load_in_thread (store, read_records, load, (GDestroyNotify) load_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}
