/* tvm-recommendations-list.h: the columns and filters of recommendations. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

extern const TvmListSpec tvm_recommendations_list;

G_END_DECLS
