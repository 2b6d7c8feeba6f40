/* tvm-list-private.h: a list with all its pages, whole or not at all (R13). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client-private.h"
#include "tvm-http-private.h"
G_BEGIN_DECLS

/* Takes a row; *is_new tells whether its id was not there before. */
typedef gboolean (*TvmListSink) (const TvmWireRow *row, gpointer user_data, gboolean *is_new,
                                 GError **error);

typedef struct {
  TvmResource        resource;
  gboolean           intune_write;
  gboolean           by_skip;       /* $top and $skip where there is no next link */
  int                page_rows;     /* of a full page, with by_skip; 0: as many as usual */
  gboolean           none_on_404;
  gboolean           first_page_only;
  gboolean           is_single;     /* what fails is not tried again */
  const TvmWireShape *shape;
  const char        *path;          /* below the base address, escaped, perhaps with a query */
  TvmListSink        sink;
  gpointer           sink_data;
  int               *n_passed_over; /* (nullable): counts the elements that are no rows, and the
                                       answers of which nobody knows what they lack */
} TvmListCall;

gboolean tvm_list_fetch (TvmHttp *http, const TvmListCall *call, int *n_requests,
                         GCancellable *cancellable, GError **error);
/* Records in the order of their first appearance; of a repeated id the last row stays. */
gboolean tvm_list_fetch_records (TvmHttp *http, TvmListCall *call, TvmWireBuilder build,
                                 gsize id_offset, GPtrArray *records, int *n_requests,
                                 GCancellable *cancellable, GError **error);
/* ---- tvm-client-refs.c */
gboolean tvm_client_fetch_refs (TvmClient *self, TvmListCall *call, TvmDeviceRefs *refs,
                                int *n_requests, GCancellable *cancellable, GError **error);
/* ---- tvm-client-impact.c */
gboolean tvm_client_fetch_user_impact (TvmClient *self, TvmListCall *call, TvmPull *pull,
                                       int *n_requests, GCancellable *cancellable, GError **error);
/* ---- tvm-client-matrix.c */
gboolean tvm_client_fetch_matrix (TvmClient *self, TvmListCall *call, TvmPull *pull,
                                  int *n_requests, GCancellable *cancellable, GError **error);
/* ---- tvm-client-updates.c */
gboolean tvm_client_fetch_updates (TvmClient *self, TvmListCall *call, TvmPull *pull,
                                   int *n_requests, GCancellable *cancellable, GError **error);
/* Parses one 2xx answer; ends the exchange. */
gboolean tvm_list_read (TvmExchange *exchange, TvmJsonStream *stream, GCancellable *cancellable,
                        GError **error);
gboolean tvm_list_is_whole (const TvmExchange *exchange);  /* before that */

G_END_DECLS
