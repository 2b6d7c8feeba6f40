/* tvm-store-mending.h: what backing up, restoring and recovering share. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-backup.h"
#include "tvm-store-db.h"
G_BEGIN_DECLS

/* tvm-store-backup.c */
#define TVM_DAMAGED "store-damaged-"  /* how the name of a store that was kept aside begins */
gboolean   tvm_backup_fail_with_errno (GError **error, const char *path);
char      *tvm_backup_find            (const char *directory, const char *name, GError **error);
char      *tvm_backup_dup_free_path   (const char *folder, const char *before, const char *after);
char      *tvm_backup_make            (const char *directory, const char *reason, GError **error);
void       tvm_backup_prune           (const char *directory, const char *kept, const char *also);

/* tvm-store-restore.c: what shall take a store's place */
typedef struct {
  const char *directory;      /* the profile's folder */
  char *folder, *ready;       /* (owned): where it is made ready, and its file then */
  char *place;                /* (owned): where it goes */
  int lock;                   /* keeps others out of the folder; -1: this process is kept out */
} TvmMending;
gboolean tvm_mending_begin       (TvmMending *self, const char *directory, GError **error);
gboolean tvm_mending_put         (TvmMending *self, gboolean is_damaged, char **out_kept,
                                  GError **error);
void     tvm_mending_end         (TvmMending *self);
void     tvm_mending_remove      (const char *directory);
void     tvm_backup_doubt_outbox (TvmDb *db, gpointer data);

G_END_DECLS
