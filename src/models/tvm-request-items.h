/* tvm-request-items.h: what a form requests, one recommendation or several, and what comes of each
 * as the form is filled in. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

typedef struct {
  TvmRequestFacts facts;       /* the coverage is the form's; nothing where it is skipped */
  GPtrArray *meeting;          /* of TvmPrior: of the facts' those that the form meets */
  char *refusal;               /* why the service does not tell the user impact; NULL: it may */
  char *reason;                /* a sentence why it is skipped; NULL: it is not, or not known yet */
} TvmRequestItem;

/* GPtrArray of TvmRequestItem */
void       tvm_request_items_load_async  (TvmStore *store, const char *const *ids,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean   tvm_request_item_is_known     (const TvmRequestItem *self);
gboolean   tvm_request_item_covers_any   (const TvmRequestItem *self, const TvmRequest *request,
                                          GError **error);
void       tvm_request_items_replace     (GPtrArray *items, guint position, GPtrArray *one);

void       tvm_request_items_renew       (GPtrArray *items, GPtrArray *loaded);
char     **tvm_request_items_dup_ids     (GPtrArray *items);
TvmShown  *tvm_request_items_dup_shown   (GPtrArray *items);

guint      tvm_request_items_types       (GPtrArray *items, TvmRemediationType out[5],
                                          guint n_fitting[5]);
gboolean   tvm_request_items_know_devices (GPtrArray *items, TvmRemediationType type);
GPtrArray *tvm_request_items_groups      (GPtrArray *items, TvmRemediationType type,
                                          gboolean no_impact_only);
guint      tvm_request_items_plan        (GPtrArray *items, const TvmRequest *request,
                                          TvmCoverage *sums);

G_END_DECLS
