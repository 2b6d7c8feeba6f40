/* tvm-store-backup.h: copies of a profile's store, in its folder “backups”. Blocks; any thread,
 * without an open store too. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

typedef struct {
  char  *name;      /* of its file */
  char  *reason;    /* a script word: daily, by-hand, before-migration, before-restore */
  gint64 when_us, bytes;
} TvmBackup;

TvmBackup *tvm_backup_copy    (const TvmBackup *self);
void       tvm_backup_free    (TvmBackup *self);

GPtrArray *tvm_backups_list   (const char *directory, GError **error);  /* of TvmBackup */
const TvmBackup *tvm_backups_get_newest (GPtrArray *list);
char      *tvm_backup_create  (const char *directory, const char *reason, GError **error);
/* out_kept: where the store that was there is now, unless it was good and is a backup */
gboolean   tvm_backup_restore (const char *directory, const char *name, char **out_kept,
                               GError **error);
/* What could be read of a damaged store. */
typedef struct {
  int      n_activities, n_tickets, n_exceptions, n_lines;   /* lines: of the history */
  gboolean is_whole;             /* no table of decisions has a gap */
} TvmRecovered;
gboolean   tvm_store_recover  (const char *directory, TvmRecovered *out, char **out_kept,
                               GError **error);
gboolean   tvm_store_is_damaged (const char *directory);
/* What people decided: requests, what was done with activities, what with exceptions. */
typedef struct { int n_requests, n_changes, n_exceptions; } TvmDecisions;
gboolean   tvm_store_count_decisions (TvmStore *self, gint64 since_us, TvmDecisions *out,
                                      GError **error);
gboolean   tvm_backups_delete (const char *directory, GError **error);
/* where the store is older than this program */
gboolean   tvm_backup_before_migration (const char *directory, GError **error);
/* daily */
gboolean   tvm_store_backup_if_due (TvmStore *self, GError **error);

G_END_DECLS
