/* tvm-export.c: the export on a worker (R9). Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-list.h"
#include "tvm-load-private.h"

#include "tvm-context.h"

typedef struct
{
  TvmQuery          *query;          /* (owned) */
  char              *path;           /* (owned) */
  GMainContext      *context;        /* (owned) */
  TvmExportProgress  progress;
  gpointer           progress_data;
  gint64             n_rows;
  guint              n_cut;
  TvmFormat          format;
  gboolean           overwrite;
} Export;

typedef struct
{
  GTask *task;                       /* (owned) */
  gint64 n_rows, n_total;
} ExportStep;

static void
export_free (Export *export)
{
  tvm_query_free (export->query);
  g_free (export->path);
  g_main_context_unref (export->context);
  g_free (export);
}

static void
export_step_free (ExportStep *step)
{
  g_object_unref (step->task);
  g_free (step);
}

static gboolean
tell_progress_cb (gpointer user_data)
{
  ExportStep *step = user_data;
  Export *export = g_task_get_task_data (step->task);

  if (!g_task_get_completed (step->task))
    export->progress (step->n_rows, step->n_total, export->progress_data);
  return G_SOURCE_REMOVE;
}

static void
rows_written_cb (gint64   n_rows,
                 gint64   n_total,
                 gpointer user_data)
{
  Export *export = g_task_get_task_data (user_data);
  ExportStep *step = g_new0 (ExportStep, 1);

  step->task = g_object_ref (user_data);
  step->n_rows = n_rows;
  step->n_total = n_total;
  tvm_context_call_later (export->context, tell_progress_cb, step,
                          (GDestroyNotify) export_step_free);
}

static void
export_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  export->n_rows = tvm_store_export (source, export->query, export->path, export->format,
                                     export->overwrite,
                                     export->progress != NULL ? rows_written_cb : NULL, task,
                                     cancellable, &export->n_cut, &error);
  if (export->n_rows >= 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_export_async:
 * @store: a store
 * @query: what to export
 * @path: the file
 * @format: see #TvmFormat
 * @overwrite: whether a file of that name may be replaced: the save dialog has asked
 * @progress: (nullable): told on the main context how many rows are written
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it; then no file is made or changed
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Writes a file on a worker (R9).
 */
void
tvm_export_async (TvmStore            *store,
                  const TvmQuery      *query,
                  const char          *path,
                  TvmFormat            format,
                  gboolean             overwrite,
                  TvmExportProgress    progress,
                  gpointer             progress_data,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);

  export->query = tvm_query_copy (query);
  export->path = g_strdup (path);
  export->context = g_main_context_ref_thread_default ();
  export->progress = progress;
  export->progress_data = progress_data;
  export->format = format;
  export->overwrite = overwrite;
  g_task_set_source_tag (task, tvm_export_async);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  g_task_run_in_thread (task, export_thread);
}

/**
 * tvm_export_finish:
 * @store: the store
 * @result: the result given to the callback
 * @out_n_cut: (out) (optional): how many texts were longer than a spreadsheet's cell holds
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: the number of rows written, without the heading; -1 on error
 */
gint64
tvm_export_finish (TvmStore      *store,
                   GAsyncResult  *result,
                   guint         *out_n_cut,
                   GError       **error)
{
  const Export *export;

  g_return_val_if_fail (g_task_is_valid (result, store), -1);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_export_async), -1);
  export = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return -1;
  if (out_n_cut != NULL)
    *out_n_cut = export->n_cut;
  return export->n_rows;
}

typedef struct
{
  char           *activity_id, *path;  /* (owned) */
  TvmNamesFormat  format;
  gboolean        all_devices;
} Names;

static void
names_free (Names *names)
{
  g_free (names->activity_id);
  g_free (names->path);
  g_free (names);
}

static gpointer
write_names (TvmStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Names *names = data;
  g_autofree TvmNamesResult *result = g_new0 (TvmNamesResult, 1);

  return tvm_store_export_names (store, names->activity_id, names->all_devices, names->format,
                                 names->path, TRUE, result, cancellable, error)
           ? g_steal_pointer (&result) : NULL;
}

/**
 * tvm_export_names_async:
 * @store: a store
 * @activity_id: an activity
 * @all_devices: whether devices that are remediated are wanted too
 * @format: the names, or a script
 * @path: the file; one of that name is replaced, the save dialog has asked
 * @cancellable: (nullable): stops it; then no file is made or changed
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Writes the activity's devices for Configuration Manager on a worker.
 */
void
tvm_export_names_async (TvmStore            *store,
                        const char          *activity_id,
                        gboolean             all_devices,
                        TvmNamesFormat       format,
                        const char          *path,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Names *names = g_new0 (Names, 1);

  names->activity_id = g_strdup (activity_id);
  names->path = g_strdup (path);
  names->format = format;
  names->all_devices = all_devices;
  tvm_load_in_thread (store, write_names, names, (GDestroyNotify) names_free, g_free, cancellable,
                      callback, user_data);
}

/**
 * tvm_export_names_finish:
 * @store: the store
 * @result: the result given to the callback
 * @out_result: (out): what became of the devices
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE on error; then no file was made or changed
 */
gboolean
tvm_export_names_finish (TvmStore        *store,
                         GAsyncResult    *result,
                         TvmNamesResult  *out_result,
                         GError         **error)
{
  g_autofree TvmNamesResult *names = tvm_load_finish (store, result, error);

  if (names != NULL)
    *out_result = *names;
  return names != NULL;
}

/* ---- evidence */

static void
evidence_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  const char *const *words = task_data;  /* the activity's id, the path */
  TvmEvidenceResult *evidence = g_new0 (TvmEvidenceResult, 1);
  GError *error = NULL;

  if (tvm_store_export_evidence (source, words[0], words[1], TRUE, evidence, cancellable, &error))
    {
      g_task_return_pointer (task, evidence, g_free);
      return;
    }
  g_free (evidence);
  g_task_return_error (task, error);
}

/**
 * tvm_export_evidence_async:
 * @store: a store
 * @activity_id: an activity
 * @path: the archive; a file of that name is replaced, the save dialog has asked
 * @cancellable: (nullable): stops it; then no file is made or changed
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Writes the activity's evidence on a worker.
 */
void
tvm_export_evidence_async (TvmStore            *store,
                           const char          *activity_id,
                           const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  const char *const words[] = { activity_id, path, NULL };

  g_task_set_source_tag (task, tvm_export_evidence_async);
  g_task_set_task_data (task, g_strdupv ((char **) words), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, evidence_thread);
}

/**
 * tvm_export_evidence_finish:
 * @store: the store
 * @result: the result given to the callback
 * @out: (out caller-allocates): what was written; g_free() its sha256
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE on error; then no file was made or changed
 */
gboolean
tvm_export_evidence_finish (TvmStore           *store,
                            GAsyncResult       *result,
                            TvmEvidenceResult  *out,
                            GError            **error)
{
  g_autofree TvmEvidenceResult *evidence = NULL;

  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_export_evidence_async), FALSE);
  evidence = g_task_propagate_pointer (G_TASK (result), error);
  if (evidence == NULL)
    return FALSE;
  *out = *evidence;
  return TRUE;
}
