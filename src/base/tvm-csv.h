/* tvm-csv.h: a CSV file written whole or not at all (R9). One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-zip.h"

#include <gio/gio.h>
G_BEGIN_DECLS

/* How a list is exported. */
typedef enum {
  TVM_FORMAT_SPREADSHEET, /* CSV for people: localized headings, byte order mark, separator and
                             decimal sign of the locale, formulas get an apostrophe */
  TVM_FORMAT_MACHINE,     /* CSV for programs: fixed English headings, cells as they are */
  TVM_FORMAT_XLSX,        /* no CSV: see tvm-xlsx.h */
} TvmFormat;

typedef struct _TvmCsv TvmCsv;

TvmCsv  *tvm_csv_open   (const char *path, TvmFormat format, gboolean overwrite, GError **error);
TvmCsv  *tvm_csv_new_part (TvmZip *zip);
void     tvm_csv_cell   (TvmCsv *self, const char *text);
void     tvm_csv_number (TvmCsv *self, gint64 number);
void     tvm_csv_real   (TvmCsv *self, double number);
gboolean tvm_csv_end_row (TvmCsv *self, GError **error);
TvmCsv  *tvm_csv_new_cells (TvmFormat format);
char    *tvm_csv_take_cells (TvmCsv *self);
void     tvm_csv_add_cells (TvmCsv *self, const char *cells);
gboolean tvm_csv_finish (TvmCsv *self, GError **error);
void     tvm_csv_free   (TvmCsv *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmCsv, tvm_csv_free)

G_END_DECLS
