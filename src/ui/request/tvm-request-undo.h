/* tvm-request-undo.h: takes several requests back. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_request_undo_offer (TvmUi *ui, GPtrArray *results);

G_END_DECLS
