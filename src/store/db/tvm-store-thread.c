/* tvm-store-thread.c: a thread that owns one connection and runs what it is given in order, each in
 * one transaction. Callers of any other thread wait. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-thread.h"

#include <glib/gi18n-lib.h>

#define IDLE_US G_TIME_SPAN_SECOND

struct _TvmStoreThread
{
  GThread     *thread;
  GAsyncQueue *queue;   /* of Job */
  char        *path;
  gboolean     writes;
  TvmDb       *db;      /* only the thread uses it, as the next */
  gboolean     is_lazy; /* commits are not synced to the disk one by one */
  gint         is_damaged; /* atomic: a job found the file damaged */
};

/* Lives on the caller's stack while it waits. */
typedef struct
{
  TvmStoreFunc func;    /* NULL: end the thread */
  gpointer     data;
  gboolean     is_lazy;
  GError      *error;
  guint        changes;
  gboolean     is_done;
  GMutex       mutex;
  GCond        cond;
} Job;

static void
open_db (TvmStoreThread *self,
         Job            *job)
{
  int version;

  self->db = tvm_db_open (self->path, !self->writes, &job->error);
  if (self->db == NULL || !self->writes)
    return;
  if (!tvm_db_migrate (self->db, &version))
    {
      tvm_db_take_error (self->db, &job->error);
      g_clear_pointer (&self->db, tvm_db_free);
    }
}

static void
run_job (TvmStoreThread *self,
         Job            *job)
{
  TvmDb *db = self->db;

  db->changes = 0;
  if (self->is_lazy != job->is_lazy)
    {
      self->is_lazy = job->is_lazy;
      tvm_db_script (db, job->is_lazy ? "PRAGMA synchronous = NORMAL"
                                      : "PRAGMA synchronous = FULL");
    }
  tvm_db_script (db, self->writes ? "BEGIN IMMEDIATE" : "BEGIN");
  if (tvm_db_is_good (db))
    job->func (db, job->data);
  tvm_db_script (db, "COMMIT");
  if (!tvm_db_take_error (db, &job->error))
    {
      if (!sqlite3_get_autocommit (db->handle))
        sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
      tvm_db_forget_devices (db); /* its newest entries are gone again */
    }
  else
    job->changes = db->changes;
  g_atomic_int_set (&self->is_damaged, db->is_damaged);
}

/* Whether somebody waits; SQLite asks now and then. */
static int
is_asked_cb (void *data)
{
  return g_async_queue_length (data) > 0;
}

/* What makes later jobs quicker, once none came for a while; given up for one that comes, and begun
 * anew after it. What fails here fails in a job too, which then tells. */
static void
prepare (TvmStoreThread *self)
{
  TvmDb *db = self->db;
  void (*work) (TvmDb *, gpointer) = db->aside.work;
  g_autoptr(GError) error = NULL;

  sqlite3_progress_handler (db->handle, 1000, is_asked_cb, self->queue);
  tvm_db_script (db, "BEGIN");
  db->aside.work = NULL;
  work (db, db->aside.data);
  sqlite3_progress_handler (db->handle, 0, NULL, NULL);
  tvm_db_script (db, "COMMIT");
  if (tvm_db_take_error (db, &error))
    return;
  if (!sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  if (is_asked_cb (self->queue))
    db->aside.work = work;
}

static Job *
next_job (TvmStoreThread *self)
{
  Job *job;

  if (self->db != NULL && self->db->aside.work != NULL)
    {
      job = g_async_queue_timeout_pop (self->queue, IDLE_US);
      if (job != NULL)
        return job;
      prepare (self);
    }
  return g_async_queue_pop (self->queue);
}

static void
finish_job (Job *job)
{
  g_mutex_lock (&job->mutex);
  job->is_done = TRUE;
  g_cond_signal (&job->cond);
  g_mutex_unlock (&job->mutex);
}

static gpointer
thread_main (gpointer user_data)
{
  TvmStoreThread *self = user_data;

  for (;;)
    {
      Job *job = next_job (self);
      gboolean is_last = FALSE;

      if (self->db == NULL)
        open_db (self, job);
      else if (job->func != NULL)
        run_job (self, job);
      else
        is_last = TRUE;
      if (self->db == NULL || is_last)
        {
          g_clear_pointer (&self->db, tvm_db_free);
          finish_job (job);
          return NULL;
        }
      finish_job (job);
    }
}

static void
wait_for_job (TvmStoreThread *self,
              Job            *job)
{
  g_mutex_init (&job->mutex);
  g_cond_init (&job->cond);
  g_async_queue_push (self->queue, job);
  g_mutex_lock (&job->mutex);
  while (!job->is_done)
    g_cond_wait (&job->cond, &job->mutex);
  g_mutex_unlock (&job->mutex);
  g_mutex_clear (&job->mutex);
  g_cond_clear (&job->cond);
}

/**
 * tvm_store_thread_new:
 * @path: an existing file
 * @writes: whether it is the writer, which also migrates; else its connection refuses to write
 * @error: return location for %TVM_ERROR_STORE_FAILED or %TVM_ERROR_SCHEMA_TOO_NEW
 *
 * Starts the thread, and waits until the connection is open on it.
 *
 * Returns: (transfer full) (nullable): the thread, or %NULL on error
 */
TvmStoreThread *
tvm_store_thread_new (const char *path,
                      gboolean    writes,
                      GError    **error)
{
  TvmStoreThread *self = g_new0 (TvmStoreThread, 1);
  Job job = { 0 };

  self->queue = g_async_queue_new ();
  self->path = g_strdup (path);
  self->writes = writes;
  self->thread = g_thread_new (writes ? "store-write" : "store-read", thread_main, self);
  wait_for_job (self, &job);
  if (job.error == NULL)
    return self;
  g_propagate_error (error, job.error);
  g_thread_join (g_steal_pointer (&self->thread));
  tvm_store_thread_free (self);
  return NULL;
}

static gboolean
is_current (TvmStoreThread *self)
{
  return g_thread_self () == self->thread;
}

/**
 * tvm_store_thread_run:
 * @self: a thread, not the current one
 * @func: what to do with the connection, on @self
 * @data: its data
 * @is_lazy: whether the commit need not wait for the disk: it, and the lazy ones after it, may be
 *   gone after a power failure; the next that is not lazy keeps them too
 * @out_changes: (out) (optional): the #TvmStoreChange flags of what was committed; 0 on error
 * @error: return location for the #TvmError that @func left in the connection
 *
 * Runs @func in one transaction, which is rolled back if it left an error; waits for that and for
 * all that was queued before. From any other thread.
 *
 * Returns: whether it was committed
 */
gboolean
tvm_store_thread_run (TvmStoreThread *self,
                      TvmStoreFunc    func,
                      gpointer        data,
                      gboolean        is_lazy,
                      guint          *out_changes,
                      GError        **error)
{
  Job job = { .func = func, .data = data, .is_lazy = is_lazy };

  g_assert (!is_current (self));
  wait_for_job (self, &job);
  if (out_changes != NULL)
    *out_changes = job.changes;
  if (job.error == NULL)
    return TRUE;
  g_propagate_error (error, job.error);
  return FALSE;
}

/**
 * tvm_store_thread_is_damaged:
 * @self: a thread; any thread may ask
 *
 * Returns: whether a job found the file damaged
 */
gboolean
tvm_store_thread_is_damaged (TvmStoreThread *self)
{
  return g_atomic_int_get (&self->is_damaged) != 0;
}

/**
 * tvm_store_thread_free:
 * @self: (transfer full): a thread, not the current one
 *
 * Lets queued work finish, closes the connection and joins the thread.
 */
void
tvm_store_thread_free (TvmStoreThread *self)
{
  if (self->thread != NULL)
    {
      Job job = { 0 };

      wait_for_job (self, &job);
      g_thread_join (self->thread);
    }
  g_async_queue_unref (self->queue);
  g_free (self->path);
  g_free (self);
}
