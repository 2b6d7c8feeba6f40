/* tvm-request-words.h: the request form's sentences about what it covers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-rules.h"
G_BEGIN_DECLS

char *tvm_request_make_covered (const TvmCoverage *coverage, gboolean create_ticket);
char *tvm_request_make_cannot  (const TvmCoverage *coverage);

G_END_DECLS
