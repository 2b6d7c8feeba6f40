/* tvm-details.c: what flyouts and form show, read whole on a worker.
 * Main thread in, main thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-list.h"
#include "tvm-load-private.h"

#include "tvm-notice.h"
#include "tvm-store-team.h"

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
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_free (self);
}

static gboolean
read_team (TvmStore            *store,
           TvmActivityDetails  *details,
           GError             **error)
{
  details->people = tvm_store_list_team_members (store, error);
  return details->people != NULL &&
         tvm_store_is_shared (store, details->activity->id, &details->is_shared, error);
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

static gpointer
read_activity (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmActivityDetails) details = g_new0 (TvmActivityDetails, 1);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);

  details->activity = tvm_store_get_activity (store, id, error);
  if (details->activity == NULL)
    return NULL;
  query->activity_id = g_strdup (details->activity->id);
  query->target_state = -1;
  query->limit = N_TARGETS_SHOWN;
  details->tickets = tvm_store_list_tickets (store, details->activity->id, error);
  if (details->tickets == NULL)
    return NULL;
  details->history = tvm_store_list_history (store, details->activity->id, error);
  if (details->history == NULL ||
      !tvm_store_count_target_states (store, details->activity->id, details->states, error))
    return NULL;
  details->progress = tvm_store_list_progress (store, details->activity->id, error);
  if (details->progress == NULL)
    return NULL;
  details->targets = tvm_store_list_rows (store, query, error);
  return details->targets != NULL &&
         read_admin_center (store, &details->admin_center_uri, error) &&
         read_team (store, details, error) && read_steps (store, details, error)
           ? g_steal_pointer (&details) : NULL;
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
  tvm_load_in_thread (store, read_activity, g_strdup (activity_id), g_free,
                      (GDestroyNotify) tvm_activity_details_free, cancellable, callback,
                      user_data);
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
  return tvm_load_finish (store, result, read_activity, error);
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

static gpointer
read_recommendation (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmRecommendationDetails) details = g_new0 (TvmRecommendationDetails, 1);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);

  query->recommendation_id = g_strdup (id);
  details->recommendation = tvm_store_get_recommendation (store, id, error);
  if (details->recommendation == NULL)
    return NULL;
  details->vulnerabilities = tvm_store_list_vulnerabilities (store, id, error);
  if (details->vulnerabilities == NULL)
    return NULL;
  details->groups = tvm_store_list_group_counts (store, id, error);
  if (details->groups == NULL)
    return NULL;
  details->activities = tvm_store_list_rows (store, query, error);
  if (details->activities == NULL)
    return NULL;
  details->other_tickets = tvm_store_list_adopted_tickets (store, id, error);
  return details->other_tickets != NULL &&
         read_admin_center (store, &details->admin_center_uri, error)
           ? g_steal_pointer (&details) : NULL;
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
  tvm_load_in_thread (store, read_recommendation, g_strdup (recommendation_id), g_free,
                      (GDestroyNotify) tvm_recommendation_details_free, cancellable, callback,
                      user_data);
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
  return tvm_load_finish (store, result, read_recommendation, error);
}

/* ---- outbox -------------------------------------------------------------------------------- */

static gpointer
read_outbox (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  return tvm_store_list_outbox (store, FALSE, error);
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
  tvm_load_in_thread (store, read_outbox, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
                      cancellable, callback, user_data);
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
  return tvm_load_finish (store, result, read_outbox, error);
}
