/* tvm-pack.h: numbers and texts in few bytes, for a file of ours. Reading believes nothing. One
 * thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
  GByteArray *bytes;     /* (owned) */
  GHashTable *texts;     /* (owned): where a text stands in memory to its number: once is enough */
} TvmPacker;

void    tvm_packer_init   (TvmPacker *self);
void    tvm_pack_uint     (TvmPacker *self, guint64 number);
void    tvm_pack_text     (TvmPacker *self, const char *text);
GBytes *tvm_packer_finish (TvmPacker *self);

typedef struct {
  const guint8 *at, *end;
  GPtrArray    *texts;   /* (owned): of texts within the bytes */
  gboolean      is_bad;  /* it is not what a packer made; what is read from then on is 0 and NULL */
} TvmUnpacker;

void        tvm_unpacker_init  (TvmUnpacker *self, GBytes *bytes);
void        tvm_unpacker_clear (TvmUnpacker *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmUnpacker, tvm_unpacker_clear)
guint64     tvm_unpack_uint    (TvmUnpacker *self);
guint32     tvm_unpack_below   (TvmUnpacker *self, guint64 limit);
const char *tvm_unpack_text    (TvmUnpacker *self);

G_END_DECLS
