/* tvm-store.c: opening and closing the profile's store, its two threads, settings. Blocking calls
 * from any thread but the store's own. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store.h"

#include "tvm-store-backup.h"
#include "tvm-store-copy.h"
#include "tvm-store-private.h"

#include "tvm-context.h"
#include "tvm-store-file.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

struct _TvmStore
{
  GObject         parent_instance;
  GMainContext   *context;   /* (owned): where ::changed is emitted */
  char           *path;      /* (owned) */
  GRWLock         lock;      /* callers read-lock it while they use a thread, close() write-locks */
  TvmStoreThread *writer;    /* (owned) (nullable): NULL when closed, or read-only */
  TvmStoreThread *reader;    /* (owned) (nullable) */
  gboolean        read_only; /* the file is where nothing can be written */
  int             fd;        /* tells others that it is open; -1: not */
};

typedef enum { CHANGED, N_SIGNALS } TvmStoreSignal;
G_DEFINE_FINAL_TYPE (TvmStore, tvm_store, G_TYPE_OBJECT)
static guint signals[N_SIGNALS];

typedef struct
{
  TvmStore *store;   /* (owned) */
  guint     changes;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->store);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;

  g_signal_emit (report->store, signals[CHANGED], 0, report->changes);
  return G_SOURCE_REMOVE;
}

/* Always from the main loop, never from inside the call that wrote. */
static void
report_changes (TvmStore *self,
                guint     changes)
{
  Report *report = g_new0 (Report, 1);

  report->store = g_object_ref (self);
  report->changes = changes;
  tvm_context_call_later (self->context, report_cb, report, report_free);
}

static gboolean
run_on (TvmStore     *self,
        gboolean      writes,
        TvmStoreFunc  func,
        gpointer      data,
        gboolean      is_lazy,
        guint        *out_changes,
        GError      **error)
{
  g_autoptr(GRWLockReaderLocker) locker = g_rw_lock_reader_locker_new (&self->lock);
  TvmStoreThread *thread = writes ? self->writer : self->reader;

  if (writes && thread != NULL &&
      (tvm_store_thread_is_damaged (thread) || tvm_store_thread_is_damaged (self->reader)))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED, TVM_STORE_DAMAGED, self->path);
      return FALSE;
    }
  if (thread != NULL)
    return tvm_store_thread_run (thread, func, data, is_lazy, out_changes, error);
  if (self->reader != NULL)
    g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
                 /* Translators: %s is a file name. */
                 _("“%s” is where nothing can be written, so what is in it can be read, but "
                   "not "
                   "changed. Nothing was changed."), self->path);
  else
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_STORE_FAILED, _("The store is closed."));
  return FALSE;
}

/**
 * tvm_store_read:
 * @self: a store
 * @func: what to read, on the reader's thread
 * @data: its data
 * @error: return location for a #TvmError: what @func left in the connection, or
 *   %TVM_ERROR_STORE_FAILED where the store is closed
 *
 * Runs @func in a transaction and waits for it; not from the store's own threads.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_read (TvmStore     *self,
                TvmStoreFunc  func,
                gpointer      data,
                GError      **error)
{
  return run_on (self, FALSE, func, data, FALSE, NULL, error);
}

typedef struct
{
  TvmStoreLoadFunc func;
  gconstpointer    what;
  gpointer         answer;  /* (owned) (nullable) */
} Loading;

static void
load (TvmDb *db, gpointer data)
{
  Loading *loading = data;

  loading->answer = loading->func (db, loading->what);
}

/**
 * tvm_store_load:
 * @self: a store
 * @func: reads, on the reader's thread
 * @what: for @func: what to read
 * @free_answer: frees what it returns
 * @error: return location for a #TvmError, as of tvm_store_read()
 *
 * Returns: (transfer full) (nullable): what @func returned; %NULL on error
 */
gpointer
tvm_store_load (TvmStore          *self,
                TvmStoreLoadFunc   func,
                gconstpointer      what,
                GDestroyNotify     free_answer,
                GError           **error)
{
  Loading loading = { func, what, NULL };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  if (!tvm_store_read (self, load, &loading, error))
    g_clear_pointer (&loading.answer, free_answer);
  return loading.answer;
}

/**
 * tvm_store_read_apart:
 * @self: a store
 * @func: what to read for long
 * @data: its data
 * @error: return location for a #TvmError, as of tvm_store_read()
 *
 * Runs @func in a transaction on the calling thread, with a connection of its own, so that nobody
 * waits for it; where nothing can be written as tvm_store_read() does: the reader may be alone.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_read_apart (TvmStore     *self,
                      TvmStoreFunc  func,
                      gpointer      data,
                      GError      **error)
{
  gboolean is_good;
  TvmDb *db;

  if (self->read_only)
    return tvm_store_read (self, func, data, error);
  db = tvm_db_open (self->path, TRUE, error);
  if (db == NULL)
    return FALSE;
  tvm_db_script (db, "BEGIN");
  if (tvm_db_is_good (db))
    func (db, data);
  is_good = tvm_db_take_error (db, error);
  tvm_db_free (db);
  return is_good;
}

static gboolean
write_and_report (TvmStore     *self,
                  TvmStoreFunc  func,
                  gpointer      data,
                  gboolean      is_lazy,
                  GError      **error)
{
  guint changes = 0;

  if (!run_on (self, TRUE, func, data, is_lazy, &changes, error))
    return FALSE;
  if (changes != 0)
    report_changes (self, changes);
  return TRUE;
}

/**
 * tvm_store_write:
 * @self: a store
 * @func: what to write, on the writer's thread; it notes #TvmStoreChange flags in the connection
 * @data: its data
 * @error: return location for a #TvmError, as of tvm_store_read()
 *
 * Runs @func in a transaction and waits until it is on the disk; not from the store's own threads.
 * Where it noted changes, ::changed follows from the main context.
 *
 * Returns: %FALSE on error; then nothing was written
 */
gboolean
tvm_store_write (TvmStore     *self,
                 TvmStoreFunc  func,
                 gpointer      data,
                 GError      **error)
{
  return write_and_report (self, func, data, FALSE, error);
}

/**
 * tvm_store_write_list:
 * @self: a store
 * @func: what to write, on the writer's thread
 * @data: its data
 * @error: return location for a #TvmError, as of tvm_store_read()
 *
 * As tvm_store_write(), for a list that is pulled again where a power failure took it: it need not
 * wait for the disk.
 *
 * Returns: %FALSE on error; then nothing was written
 */
gboolean
tvm_store_write_list (TvmStore     *self,
                      TvmStoreFunc  func,
                      gpointer      data,
                      GError      **error)
{
  return write_and_report (self, func, data, TRUE, error);
}

/**
 * tvm_store_dup_directory:
 * @self: a store
 *
 * Returns: (transfer full): the folder of its file, which every process that uses it shares
 */
char *
tvm_store_dup_directory (TvmStore *self)
{
  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return g_path_get_dirname (self->path);
}

static void
read_total_changes (TvmDb *db, gpointer data)
{
  *(gint64 *) data = sqlite3_total_changes64 (db->handle);
}

/**
 * tvm_store_total_changes:
 * @self: a store
 *
 * For tests.
 *
 * Returns: how many rows were written since it was opened; -1 on error
 */
gint64
tvm_store_total_changes (TvmStore *self)
{
  gint64 total = -1;

  tvm_store_write (self, read_total_changes, &total, NULL);
  return total;
}

static void
notice_others (TvmDb *db, gpointer data)
{
  gint64 version = tvm_db_get_int (db, "PRAGMA data_version", "");
  gboolean *is_changed = data;

  *is_changed = db->others_version != 0 && db->others_version != version;
  db->others_version = version;
  if (*is_changed)
    db->changes = TVM_CHANGED_ALL;
}

/**
 * tvm_store_notice_others:
 * @self: a store
 *
 * Reports everything as changed where another process wrote into the file since the last call.
 *
 * Returns: whether one did; the first call never does
 */
gboolean
tvm_store_notice_others (TvmStore *self)
{
  gboolean is_changed = FALSE;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, notice_others, &is_changed, NULL) && is_changed;
}

static void
tvm_store_finalize (GObject *object)
{
  TvmStore *self = TVM_STORE (object);

  tvm_store_close (self);
  g_rw_lock_clear (&self->lock);
  g_main_context_unref (self->context);
  g_free (self->path);
  G_OBJECT_CLASS (tvm_store_parent_class)->finalize (object);
}

static void
tvm_store_class_init (TvmStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tvm_store_finalize;
  /**
   * TvmStore::changed:
   * @self: the store
   * @changes: #TvmStoreChange flags
   *
   * A commit changed something: one of this process, or of another (tvm_store_notice_others()).
   */
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_STORE, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
tvm_store_init (TvmStore *self)
{
  g_rw_lock_init (&self->lock);
  self->fd = -1;
  self->context = g_main_context_ref_thread_default ();
}

static void
check_layout (TvmDb *db, gpointer data)
{
  tvm_db_check_layout (db);
}

/**
 * tvm_store_open:
 * @directory: the profile's folder
 * @error: return location for %TVM_ERROR_STORE_FAILED or %TVM_ERROR_SCHEMA_TOO_NEW
 *
 * Opens the store, making what is missing and bringing an older file up to date. Where nothing can
 * be written all of it can be read, and writing fails.
 *
 * Returns: (transfer full): the store, or %NULL on error; then the file is as it was
 */
TvmStore *
tvm_store_open (const char *directory,
                GError    **error)
{
  g_autoptr(TvmStore) self = g_object_new (TVM_TYPE_STORE, NULL);

  self->path = g_build_filename (directory, "store.db", NULL);
  if (!tvm_store_file_prepare (directory, self->path, &self->read_only, error) ||
      !tvm_store_file_enter (directory, self->path, &self->fd, error))
    return NULL;
  if (!self->read_only)
    {
      if (!tvm_backup_before_migration (directory, error))
        return NULL;
      self->writer = tvm_store_thread_new (self->path, TRUE, error);
      if (self->writer == NULL)
        return NULL;
    }
  self->reader = tvm_store_thread_new (self->path, FALSE, error);
  if (self->reader == NULL)
    return NULL;
  if (self->read_only && !tvm_store_read (self, check_layout, NULL, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tvm_store_is_read_only:
 * @self: a store
 *
 * Returns: whether it is where nothing can be written
 */
gboolean
tvm_store_is_read_only (TvmStore *self)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return self->read_only;
}

/**
 * tvm_store_close:
 * @self: a store
 *
 * Waits for running work and joins the threads; later calls fail. Closing twice does nothing.
 */
void
tvm_store_close (TvmStore *self)
{
  g_autoptr(GRWLockWriterLocker) locker = NULL;

  g_return_if_fail (TVM_IS_STORE (self));

  locker = g_rw_lock_writer_locker_new (&self->lock);
  g_clear_pointer (&self->reader, tvm_store_thread_free);
  g_clear_pointer (&self->writer, tvm_store_thread_free);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

typedef struct
{
  const char *key, *value;
} Setting;

static gpointer
get_setting (TvmDb *db, gconstpointer key)
{
  return tvm_db_get_text (db, "SELECT value FROM setting WHERE name = ?1", "s", key);
}

static void
set_setting (TvmDb *db, gpointer data)
{
  Setting *setting = data;
  int n;

  if (setting->value != NULL)
    n = tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO "
                    "UPDATE SET value = excluded.value WHERE value <> excluded.value", "ss",
                      setting->key,
                    setting->value);
  else
    n = tvm_db_run (db, "DELETE FROM setting WHERE name = ?1", "s", setting->key);
  if (n > 0)
    db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_get_setting:
 * @self: a store
 * @key: a setting's name
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): its value; %NULL when it is not set, or on error
 */
char *
tvm_store_get_setting (TvmStore   *self,
                       const char *key,
                       GError    **error)
{
  return tvm_store_load (self, get_setting, key, g_free, error);
}

/**
 * tvm_store_set_setting:
 * @self: a store
 * @key: a setting's name
 * @value: (nullable): its new value, %NULL to unset it
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_set_setting (TvmStore   *self,
                       const char *key,
                       const char *value,
                       GError    **error)
{
  Setting setting = { .key = key, .value = value };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, set_setting, &setting, error);
}
