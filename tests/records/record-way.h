/* record-way.h: made-up rows for any record, and what must have become of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-fields.h"
G_BEGIN_DECLS

/* What a row says of a member whose words the program reads in a way of its own. */
typedef struct { const char *wire, *json; } RecordWord;

/* A row in which each member has a value that no other member of its kind has. */
char    *record_way_row        (const TvmFields *fields, const RecordWord *words);
/* Fails unless both have the same in every field that a pull writes, and never nothing. */
void     record_way_check_kept (const TvmFields *fields, gconstpointer arrived, gconstpointer read);
void     record_way_check_json (const TvmFields *fields, gconstpointer record);
void     record_way_check_csv  (const TvmFields *fields, gconstpointer record, const char *csv);

void     records_add_wide_test (void);

G_END_DECLS
