/* tvm-csv.h: a CSV file written whole or not at all (R9). One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

typedef enum {
  TVM_CSV_SPREADSHEET, /* localized headings, byte order mark, formula cells get an apostrophe */
  TVM_CSV_MACHINE,     /* fixed English headings, cells as they are */
} TvmCsvFormat;

typedef struct _TvmCsv TvmCsv;

TvmCsv  *tvm_csv_open   (const char *path, TvmCsvFormat format, gboolean overwrite, GError **error);
void     tvm_csv_cell   (TvmCsv *self, const char *text);
void     tvm_csv_number (TvmCsv *self, gint64 number);
gboolean tvm_csv_end_row (TvmCsv *self, GError **error);
TvmCsv  *tvm_csv_new_cells (TvmCsvFormat format);
char    *tvm_csv_take_cells (TvmCsv *self);
void     tvm_csv_add_cells (TvmCsv *self, const char *cells);
gboolean tvm_csv_finish (TvmCsv *self, GError **error);
void     tvm_csv_free   (TvmCsv *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmCsv, tvm_csv_free)

G_END_DECLS
