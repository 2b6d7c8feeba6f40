/* tvm-store-export-private.h: the columns of exported lists.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-private.h"
#include "tvm-xlsx.h"
G_BEGIN_DECLS

/* Beside the kinds of fields: who completed it, what happened, a value before or after that. */
enum { CELL_COMPLETED_BY = TVM_N_FIELD_KINDS, CELL_HISTORY, CELL_VALUE };
typedef struct {
  const char *name, *heading, *sql;
  int kind;                    /* a TvmFieldKind or one of these */
  const TvmWords *words;       /* of a word */
  double unknown;              /* a number that is not above it is not known */
} TvmExportColumn;

/* Where the columns of the history are: its words need several of them. */
enum { TVM_HISTORY_SUBJECT, TVM_HISTORY_WHO = 4, TVM_HISTORY_EVENT, TVM_HISTORY_DETAIL,
       TVM_HISTORY_COUNT };

const GArray *tvm_export_columns (TvmListKind kind);  /* of TvmExportColumn */

/* An export under way. */
typedef struct {
  const TvmExportColumn *columns;
  guint         n_columns;
  gboolean      is_machine;
  TvmCsv       *csv;           /* (nullable), or... */
  TvmXlsx      *xlsx;          /* (nullable) */
  gint64        n_rows, n_total;
  TvmExportProgress progress;  /* (nullable) */
  gpointer      progress_data;
  GCancellable *cancellable;   /* (nullable) */
} TvmExport;

/* tvm-store-export.c */
gboolean tvm_export_go_on   (TvmExport *export, GError **error); /* FALSE: cancelled */
gboolean tvm_export_list    (TvmExport *export, TvmDb *db, const TvmQuery *query, const char *name,
                             GError **error);

/* tvm-store-export-cells.c */
void     tvm_export_instant (TvmExport *export, gint64 instant_us);
void     tvm_export_cell    (TvmExport *export, sqlite3_stmt *row, int i);
gboolean tvm_export_end_row (TvmExport *export, GError **error);

/* tvm-store-export-targets.c */
typedef struct TvmExportDevices TvmExportDevices;
TvmExportDevices *tvm_export_devices_new   (TvmExport *export, TvmDb *db, gint64 n_targets);
void              tvm_export_devices_free  (TvmExportDevices *self);
gboolean          tvm_export_devices_write (TvmExportDevices *self, TvmExport *export, TvmDb *db,
                                            const char *activity_id, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmExportDevices, tvm_export_devices_free)

G_END_DECLS
