/* tvm-details.c: what flyouts and form show, read whole on a worker.
 * Main thread in, main thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-list.h"

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

/* The known exploited ones, then the others; each part as it was, the most severe first. */
static int
compare_urgency (gconstpointer a, gconstpointer b)
{
  const TvmVulnerability *first = *(TvmVulnerability *const *) a;
  const TvmVulnerability *second = *(TvmVulnerability *const *) b;

  return (second->known_exploited == TVM_TRUTH_YES) - (first->known_exploited == TVM_TRUTH_YES);
}

/* Of a recommendation, of which a flyout shows the first few: what makes it urgent among them. */
static GPtrArray *
list_weaknesses (TvmStore *store, const char *recommendation_id, GError **error)
{
  GPtrArray *list = tvm_store_list_vulnerabilities (store, recommendation_id, error);

  if (list != NULL)
    g_ptr_array_sort (list, compare_urgency);
  return list;
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

const TvmLoad tvm_load_activity = { read_activity, (GDestroyNotify) tvm_activity_details_free };

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
  details->vulnerabilities = list_weaknesses (store, id, error);
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

const TvmLoad tvm_load_recommendation = {
  read_recommendation, (GDestroyNotify) tvm_recommendation_details_free
};

/* ---- outbox -------------------------------------------------------------------------------- */

static gpointer
read_outbox (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  return tvm_store_list_outbox (store, FALSE, error);
}

const TvmLoad tvm_load_outbox = { read_outbox, (GDestroyNotify) g_ptr_array_unref };
