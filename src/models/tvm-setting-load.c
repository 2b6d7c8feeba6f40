/* tvm-setting-load.c: settings that views keep for themselves. Main thread; a worker reads and
 * writes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-setting-load.h"
#include "tvm-load-private.h"

typedef struct
{
  char *key;    /* (owned) */
  char *value;  /* (owned) (nullable): to write */
} Setting;

static void
setting_free (gpointer data)
{
  Setting *setting = data;

  g_free (setting->key);
  g_free (setting->value);
  g_free (setting);
}

static Setting *
setting_new (const char *key, const char *value)
{
  Setting *setting = g_new0 (Setting, 1);

  setting->key = g_strdup (key);
  setting->value = g_strdup (value);
  return setting;
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *value = tvm_store_get_setting (source, ((Setting *) task_data)->key, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_free);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Setting *setting = task_data;
  g_autoptr(GError) error = NULL;

  if (!tvm_store_set_setting (source, setting->key, setting->value, &error))
    g_debug ("%s not remembered: %s", setting->key, error->message);
  g_task_return_boolean (task, TRUE);
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
  tvm_load_in_thread (store, setting_new (key, NULL), setting_free, load_thread,
                      tvm_setting_load_async, cancellable, callback, user_data);
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
  return tvm_load_finish (store, result, tvm_setting_load_async, error);
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
  tvm_load_in_thread (store, setting_new (key, value), setting_free, save_thread,
                      tvm_setting_save, NULL, NULL, NULL);
}
