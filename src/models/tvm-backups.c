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

/**
 * tvm_backups_load_async:
 * @store: a store
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Lists the profile's backups.
 */
void
tvm_backups_load_async (TvmStore            *store,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  tvm_load_in_thread (store, list_backups, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
                      cancellable, callback, user_data);
}

/**
 * tvm_backups_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable) (element-type TvmBackup): the backups, newest first; %NULL on
 *   error
 */
GPtrArray *
tvm_backups_load_finish (TvmStore      *store,
                         GAsyncResult  *result,
                         GError       **error)
{
  return tvm_load_finish (store, result, list_backups, error);
}

static gpointer
make_backup (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autofree char *directory = tvm_store_dup_directory (store);

  return tvm_backup_create (directory, "by-hand", error);
}

/**
 * tvm_backup_make_async:
 * @store: a store
 * @cancellable: (nullable): drops the answer; the backup is made
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Makes a backup.
 */
void
tvm_backup_make_async (TvmStore            *store,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  tvm_load_in_thread (store, make_backup, NULL, NULL, g_free, cancellable, callback, user_data);
}

/**
 * tvm_backup_make_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the backup's name; %NULL on error
 */
char *
tvm_backup_make_finish (TvmStore      *store,
                        GAsyncResult  *result,
                        GError       **error)
{
  return tvm_load_finish (store, result, make_backup, error);
}

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

/**
 * tvm_decisions_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what was decided; %NULL on error
 */
TvmDecisions *
tvm_decisions_load_finish (TvmStore      *store,
                           GAsyncResult  *result,
                           GError       **error)
{
  return tvm_load_finish (store, result, count_decisions, error);
}
