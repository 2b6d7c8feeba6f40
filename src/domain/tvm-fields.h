/* tvm-fields.h: what the fields of the records are called: at the service, in the store, in JSON
 * and in CSV files. Whatever reads or writes a record goes by this description; a new field is its
 * member in the struct, its line in tvm-fields.c and the migration that adds its column. Plain
 * data; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-exceptions.h"
G_BEGIN_DECLS

typedef enum {
  TVM_FIELD_KEY,               /* gint64, the store's surrogate; 0: none */
  TVM_FIELD_TEXT,              /* char *, NULL: none */
  TVM_FIELD_DATE,              /* char *, YYYY-MM-DD; NULL: none */
  TVM_FIELD_LINES,             /* char *, one a line: an array in JSON, semicolons in CSV; NULL: not
                                  known */
  TVM_FIELD_LIST,              /* char **: an array in JSON, semicolons in CSV; NULL: not known */
  TVM_FIELD_INT,               /* int, below 0: not known */
  TVM_FIELD_DOUBLE,            /* double, not known where it is not above "unknown" */
  TVM_FIELD_BOOLEAN,           /* gboolean or TvmTruth */
  TVM_FIELD_INSTANT,           /* gint64, microseconds since 1970, 0: not known */
  TVM_FIELD_WORD,              /* an enum */
  TVM_N_FIELD_KINDS
} TvmFieldKind;

typedef struct {
  gsize offset;                /* in the record */
  TvmFieldKind kind;
  const TvmWords *words;       /* of a word */
  double unknown;              /* of a number or boolean: its least, which says that it is not */
  const char *wire;            /* (nullable): the service's member, which a pull writes into... */
  const char *column;          /* (nullable): ...the column of the store, or an expression there */
  const char *json;            /* (nullable) */
  const char *csv, *heading;   /* (nullable): for programs and, to be translated, for people */
  double most;                 /* of a number from 0 to this; 0: any */
} TvmField;

typedef struct {
  gsize size;                  /* of the record */
  const TvmField *fields;
  guint n_fields;
  gsize said;                  /* where its member "said" is; 0: it has none */
} TvmFields;

extern const TvmFields tvm_recommendation_fields, tvm_device_fields, tvm_vulnerability_fields,
                       tvm_ticket_fields, tvm_activity_fields, tvm_exception_fields,
                       tvm_target_fields, tvm_security_update_fields, tvm_software_fields,
                       tvm_weakness_event_fields;

gpointer tvm_fields_new_record   (const TvmFields *self);
void     tvm_fields_fill         (const TvmFields *self, gpointer record, gconstpointer known);
void     tvm_fields_clear_record (const TvmFields *self, gpointer record);

#define TVM_CVSS_MOST 10

/* A member of a record, by its description. */
#define TVM_FIELD_AT(type, record, field) (G_STRUCT_MEMBER (type, record, (field)->offset))

G_END_DECLS
