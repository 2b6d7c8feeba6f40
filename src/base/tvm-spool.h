/* tvm-spool.h: what was read of a long answer that comes in parts, kept beside until the whole of
 * it is there, also where the program is killed meanwhile: one file, in which each part counts once
 * it is whole. What is found there is as hostile as any outside data. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

#define TVM_SPOOL_NAME_BYTES 32

typedef struct _TvmSpool TvmSpool;

/* A part, by a digest of what tells it from others. */
typedef struct {
  guint8 name[TVM_SPOOL_NAME_BYTES];
  gint64 size_bytes;           /* of what it was made of */
  gint64 n_passed_over;
} TvmSpoolPart;

typedef gboolean (*TvmSpoolFunc) (GBytes *data, gpointer user_data, GError **error);

TvmSpool *tvm_spool_new     (const char *path);
void      tvm_spool_free    (TvmSpool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmSpool, tvm_spool_free)
gboolean  tvm_spool_open    (TvmSpool *self, const char *subject, GError **error);
gboolean  tvm_spool_find    (TvmSpool *self, const guint8 *name, TvmSpoolPart *out_part);
guint32   tvm_spool_begin   (TvmSpool *self);
gboolean  tvm_spool_append  (TvmSpool *self, guint32 attempt, GBytes *data, GError **error);
gboolean  tvm_spool_commit  (TvmSpool *self, guint32 attempt, const TvmSpoolPart *part,
                             GError **error);
gboolean  tvm_spool_read    (TvmSpool *self, TvmSpoolFunc func, gpointer user_data, GError **error);
void      tvm_spool_discard (TvmSpool *self);

G_END_DECLS
