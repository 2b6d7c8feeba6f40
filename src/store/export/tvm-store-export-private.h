/* tvm-store-export-private.h: the columns of exported lists.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-private.h"
G_BEGIN_DECLS

typedef enum { CELL_TEXT, CELL_NUMBER, CELL_REAL, CELL_INSTANT, CELL_LINES, CELL_BOOLEAN,
               CELL_TYPE, CELL_PRIORITY, CELL_STATUS, CELL_RECOMMENDATION_STATUS, CELL_COMPLETION, CELL_COMPLETED_BY, CELL_ORIGIN,
               CELL_TICKET, CELL_STATE, CELL_LEVEL, CELL_HEALTH, CELL_JUSTIFICATION, CELL_EXCEPTION_STATUS,
               CELL_EVENT, CELL_VALUE, CELL_LEFT_OUT } CellKind;
typedef struct { const char *name, *heading, *sql; CellKind kind; } TvmExportColumn;

/* Where the columns of the history are: an event's words need several of them. */
enum { TVM_HISTORY_SUBJECT, TVM_HISTORY_WHO = 4, TVM_HISTORY_EVENT, TVM_HISTORY_DETAIL,
       TVM_HISTORY_COUNT };

const TvmExportColumn *tvm_export_columns (TvmListKind kind, guint *out_n);

/* tvm-store-export.c: an export under way. */
typedef struct {
  const TvmExportColumn *columns;
  guint         n_columns;
  gboolean      is_machine;
  TvmCsv       *csv;
  gint64        n_rows, n_total;
  TvmExportProgress progress;  /* (nullable) */
  gpointer      progress_data;
  GCancellable *cancellable;   /* (nullable) */
} TvmExport;
void     tvm_export_instant (TvmExport *export, gint64 instant_us);
gboolean tvm_export_go_on   (TvmExport *export, GError **error); /* FALSE: cancelled */

/* tvm-store-export-targets.c */
typedef struct TvmExportDevices TvmExportDevices;
TvmExportDevices *tvm_export_devices_new   (TvmExport *export, TvmDb *db, gint64 n_targets);
void              tvm_export_devices_free  (TvmExportDevices *self);
gboolean          tvm_export_devices_write (TvmExportDevices *self, TvmExport *export, TvmDb *db,
                                            const char *activity_id, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmExportDevices, tvm_export_devices_free)

G_END_DECLS
