/* tvm-sync-pull.c: pulls the lists in order; each is merged as soon as it is whole. On the sync's
 * thread; device lists on up to four workers. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-engine-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CALLS_IN_FLIGHT 4

/* Whether the next list can be pulled after this error; a full stop otherwise. */
static gboolean
may_go_on (TvmSyncRun *run)
{
  const GError *error = run->first_error;

  return !g_cancellable_is_cancelled (run->cancellable) &&
         (error == NULL ||
          (error->domain == TVM_ERROR && error->code != TVM_ERROR_AUTH_REQUIRED &&
           error->code != TVM_ERROR_OFFLINE && error->code != TVM_ERROR_NO_KEYRING &&
           error->code != TVM_ERROR_STORE_FAILED));
}

/* Keeps the first error, with the list's name before it; takes @error over. Under run->mutex. */
static void
keep_error (TvmSyncRun *run,
            const char *list,
            GError     *error)
{
  if (run->first_error != NULL || error == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (error->domain == TVM_ERROR)
    /* Translators: a list's name, then what went wrong. */
    g_set_error (&run->first_error, TVM_ERROR, error->code, _("%s: %s"), list, error->message);
  else
    run->first_error = g_error_copy (error);
  g_error_free (error);
}

static void
keep_result (TvmSyncRun          *run,
             const char          *name,
             const TvmListResult *result,
             int                  n_requests)
{
  TvmListResult *kept = g_memdup2 (result, sizeof *result);

  g_strlcpy (kept->name, name, sizeof kept->name);
  kept->requests = n_requests;
  g_ptr_array_add (run->results, kept);
}

typedef GPtrArray *(*ListFunc) (TvmClient *client, int *n_requests, GCancellable *cancellable, GError **error);
typedef gboolean (*MergeFunc) (TvmStore *store, GPtrArray *rows, TvmListResult *result, GError **error);

static void
pull_list (TvmSyncRun *run,
           const char *name,
           const char *text,
           ListFunc    list,
           MergeFunc   merge)
{
  TvmListResult result = { 0 };
  g_autoptr(GPtrArray) rows = NULL;
  GError *error = NULL;
  int n_requests = 0;

  tvm_sync_run_step (run, name);
  rows = list (run->client, &n_requests, run->cancellable, &error);
  if (rows == NULL || !merge (run->engine->store, rows, &result, &error))
    keep_error (run, text, error);
  else
    keep_result (run, name, &result, n_requests);
}

static void
pull_scores (TvmSyncRun *run)
{
  static const TvmScoreKind kinds[] = { TVM_SCORE_EXPOSURE, TVM_SCORE_SECURE };
  TvmListResult result = { 0 };

  tvm_sync_run_step (run, "scores");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gint64 when_us;
      double score;
      GError *error = NULL;

      if (!tvm_client_get_score (run->client, kinds[i], &when_us, &score, run->cancellable, &error) ||
          !tvm_store_add_score (run->engine->store, kinds[i], when_us, score, &result, &error))
        {
          keep_error (run, _("Scores"), error);
          return;
        }
    }
  keep_result (run, "scores", &result, G_N_ELEMENTS (kinds));
}

static void
pull_managed_devices (TvmSyncRun *run)
{
  TvmListResult result = { 0 };
  g_autoptr(GHashTable) ids = NULL;
  GError *error = NULL;
  int n_requests = 0;

  tvm_sync_run_step (run, "managed-devices");
  ids = tvm_client_list_managed_devices (run->client, &n_requests, run->cancellable, &error);
  if (ids == NULL || !tvm_store_merge_managed_devices (run->engine->store, ids, &result, &error))
    keep_error (run, _("Intune devices"), error);
  else
    keep_result (run, "managed-devices", &result, n_requests);
}

/* ---- per recommendation, several in flight ---- */

typedef struct
{
  TvmSyncRun    *run;
  TvmListResult  refs, vulnerabilities;  /* sums, under run->mutex */
} TrackedRun;

static void
add_result (TvmListResult       *sum,
            const TvmListResult *part,
            int                  n_requests)
{
  sum->received += part->received;
  sum->added += part->added;
  sum->changed += part->changed;
  sum->removed += part->removed;
  sum->requests += n_requests;
}

static gboolean
pull_refs (TvmSyncRun     *run,
           const char     *id,
           TvmListResult  *result,
           int            *n_requests,
           GError        **error)
{
  g_autoptr(TvmDeviceRefs) refs =
    tvm_client_list_device_refs (run->client, id, n_requests, run->cancellable, error);

  return refs != NULL && tvm_store_merge_device_refs (run->engine->store, id, refs, result, error);
}

static gboolean
pull_vulnerabilities (TvmSyncRun     *run,
                      const char     *id,
                      TvmListResult  *result,
                      int            *n_requests,
                      GError        **error)
{
  g_autoptr(GPtrArray) rows =
    tvm_client_list_vulnerabilities (run->client, id, n_requests, run->cancellable, error);

  return rows != NULL && tvm_store_merge_vulnerabilities (run->engine->store, id, rows, result, error);
}

static void
pull_tracked_cb (gpointer item,
                 gpointer user_data)
{
  g_autofree char *id = item;
  TrackedRun *tracked = user_data;
  TvmSyncRun *run = tracked->run;
  TvmListResult refs = { 0 }, vulnerabilities = { 0 };
  int n_refs = 0, n_vulnerabilities = 0;
  GError *error = NULL;
  gboolean go_on;

  g_mutex_lock (&run->mutex);
  go_on = may_go_on (run);
  g_mutex_unlock (&run->mutex);
  if (!go_on)
    return;
  if (pull_refs (run, id, &refs, &n_refs, &error))
    pull_vulnerabilities (run, id, &vulnerabilities, &n_vulnerabilities, &error);
  g_mutex_lock (&run->mutex);
  add_result (&tracked->refs, &refs, n_refs);
  add_result (&tracked->vulnerabilities, &vulnerabilities, n_vulnerabilities);
  keep_error (run, _("Exposed devices"), error);
  run->n_done++;
  tvm_sync_run_tell (run, 0);
  g_mutex_unlock (&run->mutex);
}

/* All active recommendations where @full, else those that open activities follow. */
static char **
list_recommendations_to_pull (TvmSyncRun  *run,
                              GError     **error)
{
  g_autoptr(TvmQuery) query = NULL;
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) records = NULL;
  GPtrArray *ids;

  if (!run->full)
    return tvm_store_list_tracked_recommendations (run->engine->store, error);
  query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  keys = tvm_store_list_keys (run->engine->store, query, NULL, error);
  if (keys == NULL)
    return NULL;
  records = tvm_store_list_records (run->engine->store, query, (gint64 *) (gpointer) keys->data,
                                    keys->len, error);
  if (records == NULL)
    return NULL;
  ids = g_ptr_array_new ();
  for (guint i = 0; i < records->len; i++)
    if (records->pdata[i] != NULL)
      g_ptr_array_add (ids, g_strdup (((TvmRecommendation *) records->pdata[i])->id));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

static void
pull_tracked (TvmSyncRun *run)
{
  TrackedRun tracked = { .run = run };
  g_autofree char **ids = NULL; /* the workers free the strings */
  GThreadPool *pool;
  GError *error = NULL;

  tvm_sync_run_step (run, "device-references");
  ids = list_recommendations_to_pull (run, &error);
  if (ids == NULL)
    {
      keep_error (run, _("Exposed devices"), error);
      return;
    }
  g_mutex_lock (&run->mutex);
  run->n_steps += g_strv_length (ids);
  g_mutex_unlock (&run->mutex);
  pool = g_thread_pool_new (pull_tracked_cb, &tracked, MAX_CALLS_IN_FLIGHT, FALSE, NULL);
  for (char **id = ids; *id != NULL; id++)
    g_thread_pool_push (pool, *id, NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  keep_result (run, "device-references", &tracked.refs, tracked.refs.requests);
  keep_result (run, "vulnerabilities", &tracked.vulnerabilities, tracked.vulnerabilities.requests);
}

/* Everything in order. Lists that others refer to come first. */
void
tvm_sync_run_pull (TvmSyncRun *run)
{
  static const struct { const char *name, *text; ListFunc list; MergeFunc merge; } lists[] = {
    { "recommendations", N_("Recommendations"), tvm_client_list_recommendations,
      tvm_store_merge_recommendations },
    { "devices", N_("Devices"), tvm_client_list_devices, tvm_store_merge_devices },
    { "activities", N_("Activities"), tvm_client_list_portal_activities,
      tvm_store_merge_portal_activities },
  };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lists) && may_go_on (run); i++)
    pull_list (run, lists[i].name, _(lists[i].text), lists[i].list, lists[i].merge);
  if (may_go_on (run))
    pull_scores (run);
  if (may_go_on (run) && run->intune_connected)
    pull_list (run, "tickets", _("Tickets"), tvm_client_list_tickets, tvm_store_merge_tickets);
  if (may_go_on (run) && run->intune_connected)
    pull_managed_devices (run);
  if (may_go_on (run))
    pull_tracked (run);
  if (may_go_on (run))
    {
      g_autofree char *today = tvm_today ();

      if (!tvm_store_recompute_progress (run->engine->store, &error) ||
          !tvm_store_apply_retention (run->engine->store, today, &error))
        keep_error (run, _("Progress"), error);
    }
  if (run->first_error == NULL)
    g_cancellable_set_error_if_cancelled (run->cancellable, &run->first_error);
}

/**
 * tvm_sync_engine_fetch_recommendation:
 * @self: an engine
 * @id: a recommendation
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Pulls its exposed devices and its CVEs.
 *
 * Returns: whether both lists are in the store now
 */
gboolean
tvm_sync_engine_fetch_recommendation (TvmSyncEngine *self,
                                      const char    *id,
                                      GCancellable  *cancellable,
                                      GError       **error)
{
  g_autoptr(TvmClient) client = tvm_sync_engine_dup_client (self, error);
  TvmSyncRun run = { .engine = self, .client = client, .cancellable = cancellable };
  TvmListResult result = { 0 };

  return client != NULL && pull_refs (&run, id, &result, NULL, error) &&
         pull_vulnerabilities (&run, id, &result, NULL, error);
}

/**
 * tvm_sync_engine_fetch_activity:
 * @self: an engine
 * @id: an activity
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Pulls the devices still exposed: of a portal activity its own list, of one requested here its
 * recommendation's.
 *
 * Returns: whether the list is in the store now
 */
gboolean
tvm_sync_engine_fetch_activity (TvmSyncEngine *self,
                                const char    *id,
                                GCancellable  *cancellable,
                                GError       **error)
{
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, error);
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmDeviceRefs) refs = NULL;
  TvmListResult result = { 0 };

  if (activity == NULL)
    return FALSE;
  if (activity->origin == TVM_ORIGIN_LOCAL)
    return tvm_sync_engine_fetch_recommendation (self, activity->recommendation_id, cancellable, error);
  client = tvm_sync_engine_dup_client (self, error);
  if (client == NULL)
    return FALSE;
  refs = tvm_client_list_portal_refs (client, activity->id, NULL, cancellable, error);
  return refs != NULL && tvm_store_merge_portal_refs (self->store, activity->id, refs, &result, error);
}
