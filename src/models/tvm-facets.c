/* tvm-facets.c: what lists can be filtered by. Main thread; reads run on a worker.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-facets.h"
#include "tvm-load-private.h"

typedef struct
{
  TvmFacetKind kind;
  TvmQuery    *query;  /* (owned) */
} Load;

static void
load_free (gpointer data)
{
  tvm_query_free (((Load *) data)->query);
  g_free (data);
}

static gpointer
read_facets (TvmStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Load *load = data;

  return tvm_store_list_facets (store, load->kind, load->query, error);
}

/**
 * tvm_facets_load_async:
 * @store: a store
 * @kind: which values
 * @query: the list they are for
 * @cancellable: (nullable): drops the answer
 * @callback: called on the main context
 * @user_data: its data
 */
void
tvm_facets_load_async (TvmStore            *store,
                       TvmFacetKind         kind,
                       const TvmQuery      *query,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  Load *load = g_new0 (Load, 1);

  load->kind = kind;
  load->query = tvm_query_copy (query);
  tvm_load_in_thread (store, read_facets, load, load_free, (GDestroyNotify) g_ptr_array_unref,
                      cancellable, callback, user_data);
}

static gpointer
read_counts (TvmStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr(GArray) counts = g_array_new (FALSE, FALSE, sizeof (gint64));
  GPtrArray *queries = data;

  for (guint i = 0; i < queries->len; i++)
    {
      gint64 n = g_cancellable_set_error_if_cancelled (cancellable, error)
                   ? -1 : tvm_store_count_rows (store, queries->pdata[i], error);

      if (n < 0)
        return NULL;
      g_array_append_val (counts, n);
    }
  return g_steal_pointer (&counts);
}

/**
 * tvm_counts_load_async:
 * @store: a store
 * @take_queries: (transfer full) (element-type TvmQuery): what to count the rows of
 * @cancellable: (nullable): stops between two
 * @callback: called on the main context
 * @user_data: its data
 */
void
tvm_counts_load_async (TvmStore            *store,
                       GPtrArray           *take_queries,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  tvm_load_in_thread (store, read_counts, take_queries, (GDestroyNotify) g_ptr_array_unref,
                      (GDestroyNotify) g_array_unref, cancellable, callback, user_data);
}
