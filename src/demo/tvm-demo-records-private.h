/* tvm-demo-records-private.h: rows of the exports, written as they are asked for. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-demo-data-private.h"
G_BEGIN_DECLS

typedef enum { TVM_DEMO_SOFTWARE, TVM_DEMO_SETTINGS, TVM_DEMO_N_DATASETS } TvmDemoDataset;

/* What one row is about. */
typedef struct {
  TvmDemoData           *data;
  TvmDemoRecommendation *about;
  const TvmDemoWeakness *weakness;  /* (nullable): software without */
  guint                  device, group, version;
  guint                  n_changes; /* the state of the tenant that it is of */
  gint64                 changed_us; /* when the tenant changed last by then; 0: it did not */
  const char            *no_group;  /* the word for "in no group" */
} TvmDemoRecord;
typedef void (*TvmDemoRecordFunc) (const TvmDemoRecord *record, gpointer user_data);

/* Half of a device's rows, and how many of them are behind. */
typedef struct { guint unit, offset; } TvmDemoPlace;

/* A way through the rows, which may be gone in pieces. */
typedef struct {
  TvmDemoData       *data;
  const TvmDemoView *view;
  const char        *no_group;
  GString           *out;
  char               separator;  /* after each row */
  guint64            n_left;     /* rows to write at most */
  TvmDemoPlace       place;
  gboolean           is_full;    /* there is a row beyond those */
  guint              n_seen;     /* rows of this unit */
} TvmDemoWalk;

void  tvm_demo_walk         (TvmDemoWalk *walk, TvmDemoDataset dataset, guint end);
guint tvm_demo_walk_version (TvmDemoRecord *record, TvmDemoRecordFunc func, gpointer user_data);
void  tvm_demo_put_record   (const TvmDemoRecord *self, GString *out);

G_END_DECLS
