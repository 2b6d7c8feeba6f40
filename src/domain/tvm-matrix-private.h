/* tvm-matrix-private.h: what the files of the matrix share. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-matrix.h"
G_BEGIN_DECLS

#define TVM_MATRIX_MAX_SETS 8000000    /* CVEs in another order for each device make many */

guint32 tvm_matrix_place_device   (TvmMatrix *self, const TvmDeviceRef *device);
guint32 tvm_matrix_place_software (TvmMatrix *self, const TvmMatrixRecord *record);
guint32 tvm_matrix_place_version  (TvmMatrix *self, const TvmMatrixRecord *record,
                                   guint32 software);
guint32 tvm_matrix_place_cve      (TvmMatrix *self, const TvmMatrixRecord *record);
guint32 tvm_matrix_add_to_set     (TvmMatrix *self, guint32 set, guint32 cve);
void    tvm_matrix_note_update    (TvmMatrix *self, const TvmMatrixRecord *record, guint32 software,
                                   guint32 cve);
void    tvm_matrix_note_newest    (TvmMatrix *self, const char *text);
void    tvm_matrix_join_pair      (TvmMatrixPair *pair, const TvmMatrixPair *other);

/* ---- tvm-matrix-order.c */

G_END_DECLS
