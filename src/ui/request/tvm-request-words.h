/* tvm-request-words.h: the request form's sentences about what it covers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-request-items.h"
#include <adwaita.h>
G_BEGIN_DECLS

GListModel *tvm_request_make_types (GPtrArray *items, TvmRemediationType types[5]);
char *tvm_request_make_exposed (const TvmRecommendation *recommendation);
char *tvm_request_make_covered (const TvmCoverage *coverage, gboolean create_ticket);
char *tvm_request_make_summary (const TvmCoverage *sums, guint n_items, guint n_requests,
                                gboolean create_ticket);
char *tvm_request_make_rest (const TvmRequestItem *item, const TvmRequest *request);
char *tvm_request_make_cannot  (const TvmCoverage *coverage);
char *tvm_request_make_fetching (guint n_done, guint n_total);
gboolean tvm_request_is_urgent (GPtrArray *items);
void  tvm_request_show_split   (GPtrArray *items, const TvmRequest *request,
                                AdwActionRow *split_row, AdwActionRow *first_row);
const char *tvm_request_get_threat       (const TvmRecommendation *recommendation,
                                          const char **out_icon_name);

G_END_DECLS
