/* tvm-setting-load.c: settings that views keep for themselves. Main thread; a worker reads and
 * writes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-setting-load.h"
#include "tvm-load-private.h"

static gpointer
read_setting (TvmStore *store, gpointer key, GCancellable *cancellable, GError **error)
{
  return tvm_store_get_setting (store, key, error);
}

/* A failure costs no more than that it is not remembered. */
static gpointer
write_setting (TvmStore *store, gpointer setting, GCancellable *cancellable, GError **error)
{
  const char *const *pair = setting;
  g_autoptr(GError) failure = NULL;

  if (!tvm_store_set_setting (store, pair[0], pair[1], &failure))
    g_debug ("%s not remembered: %s", pair[0], failure->message);
  return NULL;
}

/**
 * tvm_setting_load_async:
 * @store: a store
 * @key: a setting's name
 * @cancellable: (nullable): drops the answer
 * @callback: called on the main context
 * @user_data: its data
 */
void
tvm_setting_load_async (TvmStore            *store,
                        const char          *key,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  tvm_load_in_thread (store, read_setting, g_strdup (key), g_free, g_free, cancellable, callback,
                      user_data);
}

/**
 * tvm_setting_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): its value; %NULL where it has none, and on error
 */
char *
tvm_setting_load_finish (TvmStore      *store,
                         GAsyncResult  *result,
                         GError       **error)
{
  return tvm_load_finish (store, result, read_setting, error);
}

/**
 * tvm_setting_save:
 * @store: a store
 * @key: a setting's name
 * @value: its value; a failure costs no more than that it is not remembered
 */
void
tvm_setting_save (TvmStore   *store,
                  const char *key,
                  const char *value)
{
  const char *const pair[] = { key, value, NULL };

  tvm_load_in_thread (store, write_setting, g_strdupv ((char **) pair),
                      (GDestroyNotify) g_strfreev, NULL, NULL, NULL, NULL);
}
