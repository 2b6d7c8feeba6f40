/* tvm-known.h: what is known and what is not (R18): nothing is taken for none because nobody
 * looked. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

gboolean tvm_recommendation_knows_cves    (const TvmRecommendation *recommendation);
gboolean tvm_recommendation_knows_devices (const TvmRecommendation *recommendation);
int      tvm_recommendation_unnamed       (const TvmRecommendation *recommendation,
                                           GPtrArray *groups);
const char *tvm_unnamed_text              (int unnamed);
char    *tvm_describe_rest                (int elsewhere, int with_impact, int unnamed);
gboolean tvm_activity_knows_devices       (const TvmActivity *activity);
gboolean tvm_text_names_cve               (const char *text);
int      tvm_count_add                    (int sum, int count);

G_END_DECLS
