/* tvm-store-file.h: the file of a store before it is opened: private, lockable, or only to be read.
 * Blocks; any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

gboolean tvm_store_file_prepare  (const char *directory, const char *path, gboolean *out_read_only,
                                  GError **error);
gboolean tvm_store_file_has_log  (const char *path);
gboolean tvm_store_file_is_still (const char *path);
gboolean tvm_store_file_enter    (const char *directory, const char *path, int *out_fd,
                                  GError **error);

G_END_DECLS
