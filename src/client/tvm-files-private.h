/* tvm-files-private.h: long lists as files at signed addresses, several in flight (R21). Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-private.h"
G_BEGIN_DECLS

/* A list that comes in files, and what is made of its rows: pieces of a bounded size, each packed
 * and kept beside until all files are there, and then added to the pull. */
typedef struct {
  const char         *path;              /* where the addresses are asked for */
  const char         *name;              /* of the list, for people */
  const TvmWireShape *shape;             /* of its rows */
  gpointer (*begin) (void);              /* an empty piece */
  TvmWireRowFunc      take;              /* adds a row to a piece */
  GBytes  *(*pack)  (gpointer piece);
  void     (*free)  (gpointer piece);
  gboolean (*add)   (TvmPull *pull, GBytes *packed);
} TvmFileKind;

/* Is told of bytes that came (of an attempt that failed: they are taken back) and once of how many
 * there are, -1 where that is not told. */
typedef void (*TvmFileToldFunc) (gint64 n_bytes, const gint64 *length, gpointer user_data);

typedef struct {
  TvmHttp           *http;
  const TvmFileKind *kind;
  const char        *url;
  TvmSpool          *spool;
  TvmSpoolPart       part;               /* its name; the rest once it was read */
  TvmFileToldFunc    told;
  gpointer           told_data;
  gboolean           is_stale;           /* the address is not good, or not any more */
} TvmFile;

/* ---- tvm-file-rows.c: what comes of one as rows, and what is made of these as pieces */
typedef struct _TvmFileRows TvmFileRows;
typedef gboolean (*TvmFileKeepFunc) (GBytes *packed, gpointer user_data, GError **error);
TvmFileRows *tvm_file_rows_new (const TvmFileKind *kind, TvmFileKeepFunc keep, gpointer keep_data);
void     tvm_file_rows_free   (TvmFileRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmFileRows, tvm_file_rows_free)
gboolean tvm_file_rows_feed   (TvmFileRows *self, const char *data, gsize size_bytes,
                               GError **error);
gboolean tvm_file_rows_finish (TvmFileRows *self, gint64 *out_passed_over, GError **error);

/* ---- tvm-client-file.c */
void     tvm_file_name_part (const char *url, gboolean by_path, TvmSpoolPart *part);
gboolean tvm_file_read (TvmFile *self, GCancellable *cancellable, GError **error);
gboolean tvm_file_fail (const TvmFileKind *kind, GError **error);

/* ---- tvm-client-files.c */
gboolean tvm_client_fetch_files (TvmClient *self, const TvmFileKind *kind, TvmPull *pull,
                                 int *n_requests, GCancellable *cancellable, GError **error);

G_END_DECLS
