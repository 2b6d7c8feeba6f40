/* tvm-sync-pull-details.c: what is pulled for one recommendation or activity: exposed devices and
 * CVEs, a few lists at a time. Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <string.h>

#define RECORDS_CHUNK 500
/* The service's data are renewed every 6 hours, so a change may be told long after it happened. */
#define CHANGES_OVERLAP_US (12 * TVM_HOUR_US)
#define CHANGES_MAX_AGE_US (13 * TVM_DAY_US)  /* the API takes 14 days */
#define LIST_MAX_AGE_US    TVM_DAY_US

/* The id of a listed recommendation other than @id. */
static char *
find_other (TvmSyncEngine *self,
            const char    *id)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GPtrArray) records = NULL;

  query->limit = 2;
  records = tvm_store_list_rows (self->store, query, NULL);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const TvmRecommendation *other = records->pdata[i];

      if (strcmp (other->id, id) != 0)
        return g_strdup (other->id);
    }
  return NULL;
}

/* Asks for a recommendation by its id. That it is gone counts where the service knows another. */
static gboolean
pull_recommendation (TvmSyncEngine *self,
                     TvmClient     *client,
                     const char    *id,
                     int           *n_requests,
                     GCancellable  *cancellable,
                     gboolean      *out_gone)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (self->store, TVM_PULL_RECOMMENDATION, id, NULL);
  g_autofree char *other = NULL;

  if (pull == NULL || !tvm_client_fetch (client, pull, n_requests, cancellable, NULL))
    return FALSE;
  *out_gone = g_hash_table_contains (pull->gone, id);
  if (*out_gone)
    other = find_other (self, id);
  if (*out_gone && (other == NULL || !tvm_sync_answers_by_id (client, TVM_PULL_RECOMMENDATION,
                                                              other, n_requests, cancellable)))
    return FALSE;
  return tvm_store_keep_pull (self->store, pull, NULL, NULL);
}

/* Fetches a list of a recommendation. The service does not know it where it no longer knows the
 * recommendation: then that is kept, and @out_pull is NULL. */
static gboolean
fetch_of_recommendation (TvmSyncEngine  *self,
                         TvmClient      *client,
                         TvmPullKind     kind,
                         const char     *id,
                         TvmPull       **out_pull,
                         int            *n_requests,
                         GCancellable   *cancellable,
                         GError        **error)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (self->store, kind, id, error);
  g_autoptr(GError) failure = NULL;
  gboolean is_gone = FALSE;

  *out_pull = NULL;
  if (pull == NULL)
    return FALSE;
  if (tvm_client_fetch (client, pull, n_requests, cancellable, &failure))
    {
      *out_pull = g_steal_pointer (&pull);
      return TRUE;
    }
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) &&
      pull_recommendation (self, client, id, n_requests, cancellable, &is_gone) && is_gone)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A doubted list is asked for once more. Where that fails, the first one stands. */
static gboolean
look_again (TvmSyncEngine  *self,
            TvmClient      *client,
            const char     *id,
            TvmListResult  *result,
            int            *n_requests,
            GCancellable   *cancellable,
            GError        **error)
{
  TvmListResult first = *result;
  g_autoptr(TvmPull) pull = NULL;

  if (!fetch_of_recommendation (self, client, TVM_PULL_EXPOSED_DEVICES, id, &pull, n_requests,
                                cancellable, NULL) || pull == NULL)
    return TRUE;
  if (!tvm_store_keep_pull (self->store, pull, result, error))
    return FALSE;
  result->added += first.added;
  return TRUE;
}

/* Where the recommendation counts other devices than were listed, it is asked how many there are
 * now: its count may be hours old. Without an answer the list is kept for what it is. */
static gboolean
keep_exposed_devices (TvmSyncEngine  *self,
                      TvmClient      *client,
                      const TvmPull  *pull,
                      TvmListResult  *result,
                      int            *n_requests,
                      GCancellable   *cancellable,
                      GError        **error)
{
  gboolean doubts = FALSE, is_gone = FALSE;

  if (!tvm_store_doubts_pull (self->store, pull, &doubts, error))
    return FALSE;
  if (doubts &&
      pull_recommendation (self, client, pull->owner, n_requests, cancellable, &is_gone) && is_gone)
    return TRUE;
  if (!tvm_store_keep_pull (self->store, pull, result, error))
    return FALSE;
  return !doubts || result->doubtful == 0 ||
         look_again (self, client, pull->owner, result, n_requests, cancellable, error);
}

/**
 * tvm_sync_pull_device_refs:
 * @self: an engine
 * @client: who asks
 * @recommendation_id: a recommendation
 * @result: (out caller-allocates): what changed
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE with an error; the store then has the old list
 */
gboolean
tvm_sync_pull_device_refs (TvmSyncEngine  *self,
                           TvmClient      *client,
                           const char     *recommendation_id,
                           TvmListResult  *result,
                           GCancellable   *cancellable,
                           GError        **error)
{
  g_autoptr(TvmPull) pull = NULL;

  if (!fetch_of_recommendation (self, client, TVM_PULL_EXPOSED_DEVICES, recommendation_id, &pull,
                                NULL, cancellable, error))
    return FALSE;
  return pull == NULL ||
         keep_exposed_devices (self, client, pull, result, NULL, cancellable, error);
}

/* What vanished between the list of recommendations and this one fails no sync: where the service
 * does not say of the recommendation itself that it is gone, it is told as a doubt. */
static gboolean
doubt_vanished (gboolean        is_good,
                TvmListResult  *result,
                GError        **error)
{
  if (is_good || !g_error_matches (*error, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    return is_good;
  g_clear_error (error);
  result->doubtful++;
  return TRUE;
}

/* What another process found gone meanwhile needs no list any more. */
static gboolean
pass_gone (gboolean   is_good,
           GError   **error)
{
  if (is_good || !g_error_matches (*error, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    return is_good;
  g_clear_error (error);
  return TRUE;
}

/* Fetched while the list of devices is still under way, but kept after it: a device that the store
 * does not have would get a stub, which costs more than its row. */
static gboolean
pull_exposed_devices (TvmSyncRun     *run,
                      const char     *id,
                      TvmListResult  *result,
                      int            *n_requests,
                      GError        **error)
{
  g_autoptr(TvmPull) pull = NULL;
  gboolean is_good;
  guint n_rows;

  tvm_sync_run_start_fetch (run);
  is_good = fetch_of_recommendation (run->engine, run->client, TVM_PULL_EXPOSED_DEVICES, id, &pull,
                                     n_requests, run->cancellable, error);
  n_rows = pull != NULL ? tvm_pull_get_n_rows (pull) : 0;
  tvm_sync_run_end_fetch (run, n_rows);
  if (pull == NULL)
    return doubt_vanished (is_good, result, error);
  tvm_sync_run_wait_for (run, &run->devices_came);
  is_good = pass_gone (keep_exposed_devices (run->engine, run->client, pull, result, n_requests,
                                             run->cancellable, error), error);
  tvm_sync_run_release (run, n_rows);
  return is_good;
}

static gboolean
pull_vulnerabilities (TvmSyncRun     *run,
                      const char     *id,
                      TvmListResult  *result,
                      int            *n_requests,
                      GError        **error)
{
  g_autoptr(TvmPull) pull = NULL;

  if (!fetch_of_recommendation (run->engine, run->client, TVM_PULL_VULNERABILITIES, id, &pull,
                                n_requests, run->cancellable, error))
    return doubt_vanished (FALSE, result, error);
  return pull == NULL ||
         pass_gone (tvm_store_keep_pull (run->engine->store, pull, result, error), error);
}

/* Only a full sync asks for the records of all devices. What cannot be had is not named: a tenant
 * may refuse them, and nothing else rests on them. */
static gboolean
pull_security_updates (TvmSyncRun     *run,
                       const char     *id,
                       TvmListResult  *result,
                       int            *n_requests,
                       GError        **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (run->engine->store, TVM_PULL_SECURITY_UPDATES,
                                                  NULL, error);

  if (pull == NULL)
    return FALSE;
  if (tvm_client_fetch (run->client, pull, n_requests, run->cancellable, &failure))
    return tvm_store_keep_pull (run->engine->store, pull, result, error);
  g_debug ("Security updates are not known: %s", failure->message);
  return !g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

static void
push_all (TvmSyncRun      *run,
          const char      *step,
          TvmSyncPullFunc  func,
          GPtrArray       *ids)
{
  tvm_sync_run_set_step (run, step, (int) ids->len);
  for (guint i = 0; i < ids->len; i++)
    tvm_sync_run_push (run, step, func, ids->pdata[i]);
}

/* Whether a recommendation's lists were made of those of all devices just now. */
static gboolean
is_fed (const TvmSyncRun *run,
        const char       *id)
{
  return (run->has_software && g_str_has_prefix (id, "va-")) ||
         (run->has_configurations && g_str_has_prefix (id, "sca-"));
}

/* The ids of the recommendations of a status (0: all), or of those with CVEs, after those in
 * @ids. */
static gboolean
add_listed (TvmSyncRun  *run,
            GPtrArray   *ids,
            int          status,
            gboolean     with_cves,
            GError     **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GArray) keys = NULL;

  query->status = status;
  keys = tvm_store_list_keys (run->engine->store, query, NULL, error);
  if (keys == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (seen, ids->pdata[i]);
  for (guint first = 0; first < keys->len; first += RECORDS_CHUNK)
    {
      g_autoptr(GPtrArray) records =
        tvm_store_list_records (run->engine->store, query, &g_array_index (keys, gint64, first),
                                MIN (keys->len - first, RECORDS_CHUNK), error);

      if (records == NULL)
        return FALSE;
      for (guint i = 0; i < records->len; i++)
        {
          const TvmRecommendation *recommendation = records->pdata[i];

          if (recommendation != NULL && !g_hash_table_contains (seen, recommendation->id) &&
              !is_fed (run, recommendation->id) && (!with_cves || recommendation->weaknesses != 0))
            g_ptr_array_add (ids, g_strdup (recommendation->id));
        }
    }
  return TRUE;
}

/* What the service says has changed since the last good sync; NULL: not known, for whatever reason,
 * or that sync had its doubts about a list. */
static GHashTable *
list_changed (TvmSyncRun *run)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmPull) updates = NULL;
  g_autofree char *problem = NULL;
  GHashTable *changed;
  gint64 last_us = 0;

  if (run->full || !tvm_store_last_sync (run->engine->store, &last_us, &problem, NULL) ||
      problem != NULL || ABS (tvm_now_us () - last_us) > CHANGES_MAX_AGE_US - CHANGES_OVERLAP_US)
    return NULL;
  updates = tvm_store_begin_pull (run->engine->store, TVM_PULL_SECURITY_UPDATES, NULL, NULL);
  if (updates == NULL)
    return NULL;
  changed = tvm_client_list_changed (run->client, last_us - CHANGES_OVERLAP_US, updates,
                                     run->cancellable, &failure);
  if (changed != NULL)
    tvm_store_keep_pull (run->engine->store, updates, NULL, NULL);
  return changed;
}

/* Devices and CVEs of a tracked recommendation are pulled again where its numbers moved, they are
 * old, or the service says that they changed: equal numbers may hide a swap. Where it does not say
 * that, all are. What was made of the lists of all devices is asked for only where its own count
 * says otherwise. */
static char **
list_to_pull (TvmSyncRun  *run,
              GError     **error)
{
  g_autoptr(GHashTable) changed = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) moved = NULL, tracked = NULL, unsettled = NULL;
  gint64 old_us = tvm_now_us () - LIST_MAX_AGE_US;

  unsettled = tvm_store_list_unsettled (run->engine->store, run->has_software,
                                        run->has_configurations, error);
  if (unsettled == NULL)
    return NULL;
  for (guint i = 0; unsettled[i] != NULL; i++)
    g_strv_builder_add (builder, unsettled[i]);
  tracked = tvm_store_list_tracked_recommendations (run->engine->store, error);
  moved = tracked != NULL ? tvm_store_list_moved_recommendations (run->engine->store, old_us, error)
                          : NULL;
  if (moved == NULL)
    return NULL;
  if (run->asks_one_by_one && g_strv_length (moved) < g_strv_length (tracked))
    changed = list_changed (run);
  for (guint i = 0; tracked[i] != NULL; i++)
    if (!is_fed (run, tracked[i]) &&
        (changed == NULL || g_hash_table_contains (changed, tracked[i]) ||
         g_strv_contains ((const char *const *) moved, tracked[i])))
      g_strv_builder_add (builder, tracked[i]);
  return g_strv_builder_end (builder);
}

/**
 * tvm_sync_pull_details:
 * @run: a run, with its client; the recommendations are in the store
 *
 * Pulls what is exposed of all devices, then lets the lists of single recommendations be pulled
 * beside the others: exposed devices and CVEs of those whose counts say otherwise. Where the lists
 * of all devices could not be had, of those that are tracked and may have changed; in a full run
 * the devices of all that are active then, and the CVEs of all that have some. Returns before they
 * came, but tvm_sync_run_join() waits for them. A failure is kept in the run.
 */
void
tvm_sync_pull_details (TvmSyncRun *run)
{
  g_autoptr(GPtrArray) with_devices = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) with_cves = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) tracked = NULL;
  GError *failure = NULL;

  if (!tvm_sync_run_is_stopped (run, TVM_SYNC_DEFENDER))
    tvm_sync_pull_exposure (run);
  if (tvm_sync_run_is_stopped (run, TVM_SYNC_DEFENDER))
    return;
  tracked = list_to_pull (run, &failure);
  for (guint i = 0; tracked != NULL && tracked[i] != NULL; i++)
    {
      g_ptr_array_add (with_devices, g_strdup (tracked[i]));
      g_ptr_array_add (with_cves, g_strdup (tracked[i]));
    }
  if (tracked == NULL ||
      (run->full &&
       (!add_listed (run, with_devices, TVM_RECOMMENDATION_ACTIVE, FALSE, &failure) ||
        !add_listed (run, with_cves, 0, TRUE, &failure))))
    {
      tvm_sync_run_fail (run, "", failure);
      return;
    }
  if (run->full && run->asks_one_by_one)
    {
      tvm_sync_run_set_step (run, "security-updates", 1);
      tvm_sync_run_push (run, "security-updates", pull_security_updates, NULL);
    }
  push_all (run, "device-references", pull_exposed_devices, with_devices);
  push_all (run, "vulnerabilities", pull_vulnerabilities, with_cves);
  if (run->full && run->asks_one_by_one)
    tvm_sync_pull_user_impact (run);
  tvm_sync_pull_portal (run);
}

/**
 * tvm_sync_engine_fetch_recommendation:
 * @self: an engine
 * @id: a recommendation of the store
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Pulls its exposed devices and CVEs. Blocks; any thread.
 *
 * Returns: %FALSE with an error, %TVM_ERROR_NOT_FOUND where the store or the service does not know
 *   it, %TVM_ERROR_AUTH_REQUIRED where nobody is signed in
 */
gboolean
tvm_sync_engine_fetch_recommendation (TvmSyncEngine  *self,
                                      const char     *id,
                                      GCancellable   *cancellable,
                                      GError        **error)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmClient) client = NULL;
  TvmListResult result = { .received = 0 };

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  recommendation = tvm_store_get_recommendation (self->store, id, error);
  if (recommendation == NULL ||
      !tvm_sync_session_require (self, &client, NULL, cancellable, error) ||
      !tvm_sync_pull_device_refs (self, client, recommendation->id, &result, cancellable, error))
    return FALSE;
  return tvm_sync_pull_list (self, client, TVM_PULL_VULNERABILITIES, recommendation->id, &result,
                             NULL, cancellable, error);
}
