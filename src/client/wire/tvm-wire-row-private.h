/* tvm-wire-row-private.h: how a row is kept between the stream that fills it and those who read it.
 * One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-json-stream-private.h"
G_BEGIN_DECLS

typedef struct {
  TvmWireValueKind kind;
  gsize offset;       /* of the text (of the first item's text) in the row's buffer */
  guint n_items;      /* of an array: NUL-terminated texts one after the other */
  gboolean is_odd;    /* it has others than texts, or comes after an array of the same name */
} TvmWireValue;

typedef struct {
  const char  *name;
  gsize        length;
  gboolean     keeps_lines, is_id;
  TvmWireValue value;
} TvmWireMember;

struct _TvmWireRow
{
  const TvmWireShape *shape;
  GArray  *members;   /* (owned) (element-type TvmWireMember) */
  GString *text;      /* (owned) */
};

#define TVM_WIRE_MEMBER(row, i) (&g_array_index ((row)->members, TvmWireMember, (i)))
void tvm_wire_fold_digits (char *text);
gboolean tvm_wire_row_append_text (TvmWireRow *row, int member, const char *text, gsize length);
void tvm_wire_row_init  (TvmWireRow *row, const TvmWireShape *shape);
void tvm_wire_row_empty (TvmWireRow *row);
void tvm_wire_row_open  (TvmWireRow *row, guint member, TvmWireValueKind kind);
void tvm_wire_row_clear (TvmWireRow *row);

G_END_DECLS
