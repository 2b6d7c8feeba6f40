/* tvm-json-stream-private.h: lists read while they arrive, row by row, in constant memory.
 * One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-fields.h"
#include <gio/gio.h>
G_BEGIN_DECLS

/* One row: the wanted members of one object, valid during the row function only. */
typedef struct _TvmWireRow TvmWireRow;

typedef enum { TVM_WIRE_ABSENT, TVM_WIRE_NULL, TVM_WIRE_STRING, TVM_WIRE_NUMBER, TVM_WIRE_YES,
               TVM_WIRE_NO, TVM_WIRE_ARRAY, TVM_WIRE_OTHER } TvmWireValueKind;
TvmWireValueKind tvm_wire_row_get_kind (const TvmWireRow *row, guint member);

/* The text of a string or number, NULL for anything else and for "" (borrowed). */
const char *tvm_wire_row_get_string  (const TvmWireRow *row, guint member);
int         tvm_wire_row_get_int     (const TvmWireRow *row, guint member, int fallback);
double      tvm_wire_row_get_double  (const TvmWireRow *row, guint member, double fallback);
gboolean    tvm_wire_row_get_boolean (const TvmWireRow *row, guint member, gboolean fallback);
gint64      tvm_wire_row_get_instant (const TvmWireRow *row, guint member);  /* 0: not there */
char      **tvm_wire_row_dup_strv    (const TvmWireRow *row, guint member);  /* never NULL */
gboolean    tvm_wire_row_is_odd      (const TvmWireRow *row, guint member);
char       *tvm_wire_row_dup_lines   (const TvmWireRow *row, guint member);  /* one a line */
gboolean    tvm_wire_row_is_setting  (const TvmWireRow *row, guint member);  /* its id is there */
guint       tvm_wire_row_find        (const TvmWireRow *row, const char *name);
/* The required member 0, or NULL and BAD_RESPONSE that names it. */
const char *tvm_wire_row_require_id  (const TvmWireRow *row, GError **error);
gpointer    tvm_wire_row_to_record   (const TvmWireRow *row, GError **error);

typedef gboolean (*TvmWireRowFunc) (const TvmWireRow *row, gpointer user_data, GError **error);

/* The members that are wanted of a row; the first one is the id. */
typedef struct {
  const char *name;            /* of the list, for error messages */
  const TvmFields *fields;     /* (nullable): whose members at the service come first */
  const char *const *members;  /* (nullable): further ones, NULL-terminated */
  gboolean single;             /* the root object itself is the one row */
  const char *list;            /* (nullable): the root's member with the rows, where not "value" */
} TvmWireShape;
#define TVM_WIRE_LIST_NAME(shape) ((shape)->list != NULL ? (shape)->list : "value")

typedef struct _TvmJsonStream TvmJsonStream;
TvmJsonStream *tvm_json_stream_new    (const TvmWireShape *shape, TvmWireRowFunc func,
                                       gpointer user_data);
gboolean       tvm_json_stream_feed   (TvmJsonStream *self, const char *data, gsize size_bytes,
                                       GError **error);
gboolean       tvm_json_stream_finish (TvmJsonStream *self, GError **error);
const char    *tvm_json_stream_get_next_link (TvmJsonStream *self);
int            tvm_json_stream_get_n_rows    (TvmJsonStream *self);
int            tvm_json_stream_get_n_passed_over (TvmJsonStream *self);
void           tvm_json_stream_free   (TvmJsonStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmJsonStream, tvm_json_stream_free)

G_END_DECLS
