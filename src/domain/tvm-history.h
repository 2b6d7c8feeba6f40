/* tvm-history.h: the lines of an activity's history in words. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

/* Localized, transfer full. */
char *tvm_history_text        (const TvmHistoryEntry *entry);
char *tvm_history_value_text  (const TvmHistoryEntry *entry, const char *value);
char *tvm_history_change_text (const TvmHistoryEntry *entry);
/* What the person wrote to it, or NULL. */
const char *tvm_history_note  (const TvmHistoryEntry *entry);

G_END_DECLS
