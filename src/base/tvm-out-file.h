/* tvm-out-file.h: a file that a person named, written whole or not at all (R9); what is no file is
 * written through. One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct _TvmOutFile TvmOutFile;

TvmOutFile *tvm_out_file_open   (const char *path, gboolean overwrite, GError **error);
gboolean    tvm_out_file_write  (TvmOutFile *self, const char *data, gsize size_bytes,
                                 GError **error);
gboolean    tvm_out_file_copy   (TvmOutFile *self, int fd, GChecksum *checksum, GError **error);
gboolean    tvm_out_file_finish (TvmOutFile *self, GError **error);
void        tvm_out_file_free   (TvmOutFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmOutFile, tvm_out_file_free)

int         tvm_open_nameless     (const char *folder);
char       *tvm_find_large_folder (void);

G_END_DECLS
