/* tvm-weakness.h: what people call weaknesses: CVEs, found in texts and told in words. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

GStrv       tvm_text_list_cves        (const char *text);
GStrv       tvm_text_list_wanted_cves (const char *text);
char       *tvm_cve_missing_text      (const char *id, gint64 as_of_us);
TvmExploit  tvm_vulnerability_exploit (const TvmVulnerability *self);
const char *tvm_exploit_to_text       (TvmExploit exploit);
const char *tvm_exploit_to_word       (TvmExploit exploit);
char       *tvm_known_exploited_text  (const TvmVulnerability *self);
char       *tvm_cvss_describe         (const char *vector);
char       *tvm_security_update_text  (const TvmSecurityUpdate *update);
GPtrArray  *tvm_weakness_timeline     (const TvmVulnerability *self, GPtrArray *activities);
const char *tvm_weakness_event_text   (const TvmWeaknessEvent *event);

G_END_DECLS
