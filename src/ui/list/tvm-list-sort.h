/* tvm-list-sort.h: how a list is sorted, as a form for a popover. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

GtkWidget *tvm_list_sort_new (GtkColumnView *table, const TvmListSpec *spec);

G_END_DECLS
