/* tvm-xlsx.h: a spreadsheet file (Office Open XML) written whole or not at all (R9), row after row
 * in a memory that does not grow. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct _TvmXlsx TvmXlsx;

TvmXlsx *tvm_xlsx_open    (const char *path, gboolean overwrite, GError **error);
gboolean tvm_xlsx_begin   (TvmXlsx *self, const char *name, const char *const *headings,
                           GError **error);
void     tvm_xlsx_text    (TvmXlsx *self, const char *text);
void     tvm_xlsx_number  (TvmXlsx *self, double number);
void     tvm_xlsx_date    (TvmXlsx *self, const char *date);
void     tvm_xlsx_instant (TvmXlsx *self, gint64 instant_us);
gboolean tvm_xlsx_end_row (TvmXlsx *self, GError **error);
guint    tvm_xlsx_get_n_cut (const TvmXlsx *self);
gboolean tvm_xlsx_finish  (TvmXlsx *self, GError **error);
void     tvm_xlsx_free    (TvmXlsx *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmXlsx, tvm_xlsx_free)

G_END_DECLS
