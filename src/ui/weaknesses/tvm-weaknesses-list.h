/* tvm-weaknesses-list.h: the columns and filters of CVEs. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

extern const TvmListSpec tvm_weaknesses_list;

char *tvm_weakness_make_epss (const TvmVulnerability *weakness);
char *tvm_weakness_date (char *words, gint64 of_us);

G_END_DECLS
