/* tvm-details.c: what flyouts and form show, read whole on a worker.
 * Main thread in, main thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-data-private.h"
#include "tvm-load-private.h"

#include "tvm-notice.h"

#define N_TARGETS_SHOWN 5

static gboolean
read_admin_center (TvmStore    *store,
                   const char **out_uri,
                   GError     **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *cloud = tvm_store_get_setting (store, "cloud", &failure);

  *out_uri = failure == NULL ? tvm_admin_center_uri (cloud) : NULL;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
load_in_thread (TvmStore            *store,
                const char          *id,
                GTaskThreadFunc      func,
                gpointer             tag,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  tvm_load_in_thread (store, g_strdup (id), g_free, func, tag, cancellable, callback, user_data);
}

/* ---- activity ------------------------------------------------------------------------------ */

/**
 * tvm_activity_details_free:
 * @self: (transfer full) (nullable): details
 */
void
tvm_activity_details_free (TvmActivityDetails *self)
{
  if (self == NULL)
    return;
  tvm_activity_unref (self->activity);
  tvm_recommendation_unref (self->recommendation);
  g_clear_pointer (&self->vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_clear_pointer (&self->tickets, g_ptr_array_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->progress, g_array_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_free (self);
}

/* The recommendation may be gone: it was remediated everywhere. */
static gboolean
read_steps (TvmStore            *store,
            TvmActivityDetails  *details,
            GError             **error)
{
  const char *id = details->activity->recommendation_id;

  if (id != NULL)
    details->recommendation = tvm_store_get_recommendation (store, id, NULL);
  if (details->recommendation == NULL)
    return TRUE;
  details->vulnerabilities = tvm_store_list_vulnerabilities (store, id, error);
  if (details->vulnerabilities == NULL)
    return FALSE;
  details->updates = tvm_store_list_security_updates (store, id, error);
  return details->updates != NULL;
}

static gboolean
read_activity (TvmStore            *store,
               const char          *id,
               TvmActivityDetails  *details,
               GError             **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);

  details->activity = tvm_store_get_activity (store, id, error);
  if (details->activity == NULL)
    return FALSE;
  query->activity_id = g_strdup (details->activity->id);
  query->target_state = -1;
  query->limit = N_TARGETS_SHOWN;
  details->tickets = tvm_store_list_tickets (store, details->activity->id, error);
  if (details->tickets == NULL)
    return FALSE;
  details->history = tvm_store_list_history (store, details->activity->id, error);
  if (details->history == NULL ||
      !tvm_store_count_target_states (store, details->activity->id, details->states, error))
    return FALSE;
  details->progress = tvm_store_list_progress (store, details->activity->id, error);
  if (details->progress == NULL)
    return FALSE;
  details->targets = tvm_list_first (store, query, (GDestroyNotify) tvm_target_unref, error);
  return details->targets != NULL &&
         read_admin_center (store, &details->admin_center_uri, error) &&
         read_steps (store, details, error);
}

static void
activity_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  TvmActivityDetails *details = g_new0 (TvmActivityDetails, 1);
  GError *error = NULL;

  if (read_activity (source, task_data, details, &error))
    {
      g_task_return_pointer (task, details, (GDestroyNotify) tvm_activity_details_free);
      return;
    }
  tvm_activity_details_free (details);
  g_task_return_error (task, error);
}

/**
 * tvm_activity_details_load_async:
 * @store: a store
 * @activity_id: an activity
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads what the activity's flyout shows.
 */
void
tvm_activity_details_load_async (TvmStore            *store,
                                 const char          *activity_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  load_in_thread (store, activity_id, activity_thread, tvm_activity_details_load_async, cancellable,
                  callback, user_data);
}

/**
 * tvm_activity_details_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the details
 */
TvmActivityDetails *
tvm_activity_details_load_finish (TvmStore      *store,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return tvm_load_finish (store, result, tvm_activity_details_load_async, error);
}

/* ---- recommendation ------------------------------------------------------------------------ */

/**
 * tvm_recommendation_details_free:
 * @self: (transfer full) (nullable): details
 */
void
tvm_recommendation_details_free (TvmRecommendationDetails *self)
{
  if (self == NULL)
    return;
  tvm_recommendation_unref (self->recommendation);
  g_clear_pointer (&self->vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->activities, g_ptr_array_unref);
  g_clear_pointer (&self->other_tickets, g_ptr_array_unref);
  g_free (self);
}

static gboolean
read_recommendation (TvmStore                  *store,
                     const char                *id,
                     TvmRecommendationDetails  *details,
                     GError                   **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);

  query->recommendation_id = g_strdup (id);
  details->recommendation = tvm_store_get_recommendation (store, id, error);
  if (details->recommendation == NULL)
    return FALSE;
  details->vulnerabilities = tvm_store_list_vulnerabilities (store, id, error);
  if (details->vulnerabilities == NULL)
    return FALSE;
  details->groups = tvm_store_list_group_counts (store, id, error);
  if (details->groups == NULL)
    return FALSE;
  details->activities = tvm_list_first (store, query, (GDestroyNotify) tvm_activity_unref, error);
  if (details->activities == NULL)
    return FALSE;
  details->other_tickets = tvm_store_list_adopted_tickets (store, id, error);
  return details->other_tickets != NULL &&
         read_admin_center (store, &details->admin_center_uri, error);
}

static void
recommendation_thread (GTask        *task,
                       gpointer      source,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  TvmRecommendationDetails *details = g_new0 (TvmRecommendationDetails, 1);
  GError *error = NULL;

  if (read_recommendation (source, task_data, details, &error))
    {
      g_task_return_pointer (task, details, (GDestroyNotify) tvm_recommendation_details_free);
      return;
    }
  tvm_recommendation_details_free (details);
  g_task_return_error (task, error);
}

/**
 * tvm_recommendation_details_load_async:
 * @store: a store
 * @recommendation_id: a recommendation
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads what the recommendation's flyout and the form show.
 */
void
tvm_recommendation_details_load_async (TvmStore            *store,
                                       const char          *recommendation_id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  load_in_thread (store, recommendation_id, recommendation_thread,
                  tvm_recommendation_details_load_async, cancellable, callback, user_data);
}

/**
 * tvm_recommendation_details_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the details
 */
TvmRecommendationDetails *
tvm_recommendation_details_load_finish (TvmStore      *store,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return tvm_load_finish (store, result, tvm_recommendation_details_load_async, error);
}

/* ---- outbox -------------------------------------------------------------------------------- */

static void
outbox_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *outbox = tvm_store_list_outbox (source, FALSE, &error);

  if (outbox != NULL)
    g_task_return_pointer (task, outbox, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_outbox_load_async:
 * @store: a store
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads what waits to be sent.
 */
void
tvm_outbox_load_async (TvmStore            *store,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  load_in_thread (store, NULL, outbox_thread, tvm_outbox_load_async, cancellable, callback,
                  user_data);
}

/**
 * tvm_outbox_load_finish:
 * @store: the store
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable) (element-type TvmOutboxEntry): the entries, oldest first
 */
GPtrArray *
tvm_outbox_load_finish (TvmStore      *store,
                        GAsyncResult  *result,
                        GError       **error)
{
  return tvm_load_finish (store, result, tvm_outbox_load_async, error);
}
