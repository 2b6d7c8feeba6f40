/* tvm-list-headers.h: the headers of a table from the keyboard. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

void tvm_list_headers_set_up (GtkColumnView *table);

G_END_DECLS
