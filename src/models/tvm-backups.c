/* tvm-backups.c: a profile's backups: which there are, making one, and what one lacks. Main thread;
 * the work is done on workers. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-backups.h"
#include "tvm-load-private.h"

static gpointer
list_backups (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autofree char *directory = tvm_store_dup_directory (store);

  return tvm_backups_list (directory, error);
}

const TvmLoad tvm_load_backups = { list_backups, (GDestroyNotify) g_ptr_array_unref };

static gpointer
make_backup (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autofree char *directory = tvm_store_dup_directory (store);

  return tvm_backup_create (directory, "by-hand", error);
}

const TvmLoad tvm_load_new_backup = { make_backup, g_free };

static gpointer
count_decisions (TvmStore *store, gpointer since_us, GCancellable *cancellable, GError **error)
{
  g_autofree TvmDecisions *decisions = g_new0 (TvmDecisions, 1);

  return tvm_store_count_decisions (store, *(gint64 *) since_us, decisions, error)
           ? g_steal_pointer (&decisions) : NULL;
}

/**
 * tvm_decisions_load_async:
 * @store: a store
 * @since_us: when a backup was made
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Counts what was decided since then.
 */
void
tvm_decisions_load_async (TvmStore            *store,
                          gint64               since_us,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  tvm_load_in_thread (store, count_decisions, g_memdup2 (&since_us, sizeof since_us), g_free,
                      g_free, cancellable, callback, user_data);
}
