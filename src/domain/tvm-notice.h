/* tvm-notice.h: what the IT admin is told of a remediation activity (R11), as an e-mail for the
 * desktop's mail program, for the clipboard or for standard output. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-brief.h"
#include "tvm-language.h"
G_BEGIN_DECLS

typedef struct {
  char *to;                    /* (nullable): an e-mail address; NULL: none is set */
  char *subject, *body;        /* (not nullable) plain text; lines end with \n */
  const TvmLanguage *language; /* (nullable) that it is written in; NULL: the process's */
} TvmNotice;

TvmNotice *tvm_notice_new       (const TvmBrief *brief, GPtrArray *groups, GPtrArray *tickets,
                                 const char *admin_center_uri, const char *to);
void       tvm_notice_free      (TvmNotice *self);
char      *tvm_notice_to_text   (const TvmNotice *self);
char      *tvm_notice_to_mailto (const TvmNotice *self);
/* The Intune admin center of a cloud (a word of the setting "cloud"). */
const char *tvm_admin_center_uri (const char *cloud);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmNotice, tvm_notice_free)

G_END_DECLS
