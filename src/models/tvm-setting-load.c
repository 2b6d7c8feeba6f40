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

const TvmLoad tvm_load_setting = { read_setting, g_free };

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
