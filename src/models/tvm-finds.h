/* tvm-finds.h: one search over all lists, with why each row matches. Main thread in, main thread
 * out; read on a worker. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

/* Which of its texts matched. */
typedef enum {
  TVM_WHY_NAME, TVM_WHY_COMPONENT, TVM_WHY_VENDOR, TVM_WHY_GROUP, TVM_WHY_PERSON, TVM_WHY_CONTEXT,
  TVM_WHY_CVE,       /* is about a CVE that is looked for */
  TVM_WHY_SOFTWARE,  /* of a CVE: the software that has it, or what fixes it */
  TVM_WHY_ID,
} TvmWhy;

typedef struct {
  TvmListKind kind;
  gpointer record;             /* (owned) of the kind */
  TvmWhy why;
  char *text;                  /* what matched; NULL: it is not among the record's own */
} TvmFind;

typedef struct {
  GPtrArray *finds;            /* of TvmFind: the first few of each kind, kind by kind */
  guint n_found[TVM_N_LISTS];  /* how many there are of each kind */
  char *missing;               /* (nullable): a line for each CVE looked for that is not there */
} TvmFinds;
void      tvm_finds_free        (TvmFinds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmFinds, tvm_finds_free)

const char *tvm_find_get_id     (const TvmFind *self);
const char *tvm_find_get_title  (const TvmFind *self);
/* TvmFinds, by a text as in a list's search; not by the names of devices of something else */
extern const TvmLoad tvm_load_finds;

G_END_DECLS
