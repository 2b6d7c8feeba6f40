/* tvm-watcher.c: notices what other processes (the command line) write into a profile that is open:
 * the kernel tells of the store's log, the store whether it was another process. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-watcher.h"

#define INTERVAL_MS 1000  /* at most one look in it */

struct _TvmWatcher
{
  TvmSyncEngine *engine;    /* (owned) */
  GFileMonitor  *monitor;   /* (owned) (nullable): where files cannot be watched */
  gboolean       is_looking;
  gboolean       was_asked; /* while it looked */
  gboolean       is_over;
};

static void look (TvmWatcher *self);

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TvmWatcher *self = user_data;

  self->is_looking = FALSE;
  if (self->is_over)
    {
      g_object_unref (self->engine);
      g_free (self);
    }
  else if (self->was_asked)
    look (self);
}

static void
look (TvmWatcher *self)
{
  self->was_asked = self->is_looking;
  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  tvm_sync_engine_notice_others_async (self->engine, looked_cb, self);
}

/**
 * tvm_watcher_new:
 * @store: the open store
 * @engine: its engine
 *
 * Returns: (transfer full): a watcher at work; tvm_watcher_free() before the profile is closed
 */
TvmWatcher *
tvm_watcher_new (TvmStore *store, TvmSyncEngine *engine)
{
  TvmWatcher *self = g_new0 (TvmWatcher, 1);
  g_autofree char *directory = tvm_store_dup_directory (store);
  g_autoptr(GFile) log = g_file_new_build_filename (directory, "store.db-wal", NULL);

  self->engine = g_object_ref (engine);
  self->monitor = g_file_monitor_file (log, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    {
      g_file_monitor_set_rate_limit (self->monitor, INTERVAL_MS);
      g_signal_connect_swapped (self->monitor, "changed", G_CALLBACK (look), self);
    }
  look (self);
  return self;
}

/**
 * tvm_watcher_free:
 * @self: (transfer full) (nullable): a watcher
 */
void
tvm_watcher_free (TvmWatcher *self)
{
  if (self == NULL)
    return;
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  self->is_over = TRUE;
  if (!self->is_looking)
    {
      g_object_unref (self->engine);
      g_free (self);
    }
}
