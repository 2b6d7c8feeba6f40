/* tvm-xlsx-library.h: libxlsxwriter, loaded when it is first needed: with libcrypto, which it
 * brings, each command would take half as long again to start. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <xlsxwriter.h>
G_BEGIN_DECLS

#define TVM_XLSX_FUNCTIONS(X)                                                                  \
  X (workbook_new_opt) X (workbook_add_format) X (workbook_add_worksheet) X (workbook_close)   \
  X (lxw_workbook_free) X (lxw_strerror) X (format_set_bold) X (format_set_bottom)             \
  X (format_set_num_format) X (worksheet_write_string) X (worksheet_write_number)              \
  X (worksheet_freeze_panes) X (worksheet_autofilter) X (worksheet_set_column)

#define TVM_XLSX_DECLARE(name) __typeof__ (name) *name;
typedef struct { TVM_XLSX_FUNCTIONS (TVM_XLSX_DECLARE) } TvmXlsxLibrary;

const TvmXlsxLibrary *tvm_xlsx_library (GError **error);

G_END_DECLS
