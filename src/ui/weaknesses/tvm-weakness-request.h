/* tvm-weakness-request.h: a CVE leads to the request of what fixes it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include "tvm-weakness-models.h"

G_BEGIN_DECLS

char *tvm_weakness_make_exposed (const TvmRecommendation *recommendation);
void  tvm_weakness_request      (TvmUi                  *ui,
                                 const TvmWeaknessWhole *whole,
                                 GtkWidget              *button);

G_END_DECLS
