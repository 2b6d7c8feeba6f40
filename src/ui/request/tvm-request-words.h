/* tvm-request-words.h: the request form's sentences about what it covers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-rules.h"
G_BEGIN_DECLS

char *tvm_request_make_exposed (const TvmRecommendation *recommendation);
char *tvm_request_make_covered (const TvmCoverage *coverage, gboolean create_ticket);
char *tvm_request_make_cannot  (const TvmCoverage *coverage);
void  tvm_request_make_split   (const TvmCoverage *coverage, gboolean is_for_several,
                                char **out_title, char **out_words);
void  tvm_request_make_first   (const TvmCoverage *coverage, char **out_title, char **out_words);

G_END_DECLS
