/* tvm-dashboard-data-private.h: what the models' files share. On a worker.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
G_BEGIN_DECLS

GPtrArray *tvm_list_first (TvmStore *store, const TvmQuery *query, GDestroyNotify free_record,
                           GError **error);

G_END_DECLS
