/* tvm-mend.h: what is done to a closed profile's store before it is opened anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef struct
{
  char *way;      /* (owned): "restore", "recover" or "reopen" */
  char *name;     /* (owned): of a backup, where one is restored */
  char *heading;  /* (owned) (nullable): what came of it */
  char *text;     /* (owned) (nullable): in words */
} TvmMend;

TvmMend *tvm_mend_new  (const char *way, const char *name);
void     tvm_mend_run  (TvmMend *self, const char *directory);
void     tvm_mend_free (TvmMend *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmMend, tvm_mend_free)

G_END_DECLS
