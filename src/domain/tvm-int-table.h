/* tvm-int-table.h: from 64-bit numbers to 32-bit ones, sixteen bytes a place: a table of the
 * library costs three times that, and there are millions. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
  struct { guint64 key; guint32 value, is_there; } *places;  /* (owned) */
  gsize n_places, n_there;
} TvmIntTable;

void     tvm_int_table_clear  (TvmIntTable *self);
guint32 *tvm_int_table_ensure (TvmIntTable *self, guint64 key, guint32 value, gboolean *is_new);
guint64  tvm_int_table_mix    (guint64 x);

G_END_DECLS
