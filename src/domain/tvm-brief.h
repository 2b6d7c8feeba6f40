/* tvm-brief.h: what is to be done and why, for whoever does it: in tickets, in e-mails, on screen.
 * Pure functions; texts are in the thread's language (tvm-language.h). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

/* What is known of a remediation; all is lent. */
typedef struct {
  const TvmActivity       *activity;        /* (not nullable) */
  const TvmRecommendation *recommendation;  /* (nullable): gone at the service */
  GPtrArray               *vulnerabilities; /* (nullable): of TvmVulnerability, the worst first */
  GPtrArray               *updates;         /* (nullable): of TvmSecurityUpdate, the newest first */
} TvmBrief;

char       *tvm_brief_title         (const TvmBrief *self, int number, int n_tickets);
char       *tvm_brief_product       (const TvmBrief *self);
char       *tvm_brief_publisher     (const TvmBrief *self);
char       *tvm_brief_action        (const TvmBrief *self);
const char *tvm_brief_policy        (const TvmBrief *self);
const char *tvm_brief_place         (const TvmBrief *self);
char       *tvm_brief_setting_value (const TvmBrief *self);
gboolean    tvm_brief_lacks_cves    (const TvmBrief *self);

/* Each adds whole lines; outside text stays on its line. */
void        tvm_brief_add_line      (GString *text, const char *label, const char *value);
void        tvm_brief_add_steps     (GString *text, const TvmBrief *self);
void        tvm_brief_add_request   (GString *text, const TvmBrief *self);
char       *tvm_brief_fit           (const char *text, gsize max_bytes);

/* ---- tvm-names.c: names as people write them */
char *tvm_name_of_product    (const char *component, const char *product,
                              const char *const *texts);
char *tvm_name_os_to_words   (const char *platform);
char *tvm_name_dup_value     (const char *name);
char *tvm_security_update_to_text (const TvmSecurityUpdate *update);

G_END_DECLS
