/* tvm-facets.h: what lists can be filtered by, with how many rows there are. Main thread in, main
 * thread out; read on a worker. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

/* GPtrArray of TvmFacet, see tvm_store_list_facets() */
void       tvm_facets_load_async  (TvmStore *store, TvmFacetKind kind, const TvmQuery *query,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* GArray of gint64, one for each query */
void       tvm_counts_load_async  (TvmStore *store, GPtrArray *take_queries,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);

G_END_DECLS
