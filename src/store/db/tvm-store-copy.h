/* tvm-store-copy.h: whole copies of a store's file by SQLite's backup API. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

/* Of a file that is none of this program's, or not whole. Translators: %s is a file name. */
#define TVM_STORE_DAMAGED \
  _("“%s” is not a database of this program or is damaged. See “tvm-remediate backup list” for " \
    "what it can be restored from; without a backup, move it away and start again.")
#define TVM_STORE_APPLICATION_ID "1414942034"  /* "TVMR" in the file's header */
int      tvm_db_newest_version (void);

gboolean tvm_store_copy_check     (const char *path, gboolean *out_is_damaged, GError **error);
gboolean tvm_store_copy_to_file   (const char *from, const char *to, GError **error);
gboolean tvm_store_copy_into      (const char *from, const char *to, GError **error);
gboolean tvm_store_copy_is_broken (const char *path);
gboolean tvm_store_copy_is_old    (const char *path);
void     tvm_store_copy_fail_busy (GError **error, const char *path);

G_END_DECLS
