/* tvm-zip.h: a ZIP archive written whole or not at all (R9), part after part in a memory that does
 * not grow. One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct _TvmZip TvmZip;

TvmZip  *tvm_zip_open   (const char *path, gboolean overwrite, GError **error);
gboolean tvm_zip_begin  (TvmZip *self, const char *name, GError **error);
gboolean tvm_zip_write  (TvmZip *self, const char *data, gsize size_bytes, GError **error);
char    *tvm_zip_end    (TvmZip *self, gint64 *out_bytes, GError **error);
char    *tvm_zip_finish (TvmZip *self, GError **error);
void     tvm_zip_free   (TvmZip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmZip, tvm_zip_free)

G_END_DECLS
