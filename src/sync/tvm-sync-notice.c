/* tvm-sync-notice.c: the e-mail to the IT admin (R11): read from the store and written in the
 * language that the profile's tickets have. Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"

/**
 * tvm_sync_read_language:
 * @self: an engine
 * @out: (out) (transfer none): the language of what is written for IT admins
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_read_language (TvmSyncEngine      *self,
                        const TvmLanguage **out,
                        GError            **error)
{
  g_autofree char *name = tvm_sync_engine_get_config (self, "ticket-language", error);

  *out = tvm_language_find (name);
  return name != NULL;
}

/* Whether a call would wait; a ticket is not held up for what it can do without. */
static gboolean
is_throttled (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->wanted.next_call_us != 0;
}

/**
 * tvm_sync_find_cves:
 * @self: an engine
 * @client: asks for them
 * @entry: a ticket on its way
 * @cancellable: (nullable): stops it
 *
 * A ticket is often sent before a sync pulled the CVEs of its recommendation: so they are asked
 * for, once.
 *
 * Returns: (transfer full) (nullable) (element-type TvmVulnerability): those that it closes, the
 *   worst first; %NULL where there are none or they cannot be had
 */
GPtrArray *
tvm_sync_find_cves (TvmSyncEngine        *self,
                    TvmClient            *client,
                    const TvmOutboxEntry *entry,
                    GCancellable         *cancellable)
{
  const TvmRecommendation *recommendation = entry->recommendation;
  g_autoptr(TvmPull) pull = NULL;

  if (entry->vulnerabilities != NULL && entry->vulnerabilities->len > 0)
    return g_ptr_array_ref (entry->vulnerabilities);
  if (recommendation == NULL || recommendation->weaknesses == 0 || is_throttled (self))
    return NULL;
  pull = tvm_store_begin_pull (self->store, TVM_PULL_VULNERABILITIES, recommendation->id, NULL);
  if (pull == NULL || !tvm_client_try (client, pull, cancellable) ||
      !tvm_store_keep_pull (self->store, pull, NULL, NULL))
    return NULL;
  return tvm_store_list_vulnerabilities (self->store, recommendation->id, NULL);
}

/* What there is to tell; the recommendation may be gone. */
static gboolean
read_facts (TvmStore           *store,
            TvmActivity        *activity,
            TvmRecommendation **out_recommendation,
            TvmBrief           *brief,
            GError            **error)
{
  const char *id = activity->recommendation_id;
  g_autoptr(GError) failure = NULL;

  brief->activity = activity;
  if (id == NULL)
    return TRUE;
  *out_recommendation = tvm_store_get_recommendation (store, id, &failure);
  if (*out_recommendation == NULL)
    {
      if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  brief->recommendation = *out_recommendation;
  brief->vulnerabilities = tvm_store_list_vulnerabilities (store, id, error);
  if (brief->vulnerabilities != NULL)
    brief->updates = tvm_store_list_security_updates (store, id, error);
  return brief->updates != NULL;
}

static TvmNotice *
write_notice (TvmSyncEngine   *self,
              const TvmBrief  *brief,
              GError         **error)
{
  const char *id = brief->activity->id;
  g_autoptr(GPtrArray) groups = tvm_store_list_target_groups (self->store, id, error);
  g_autoptr(GPtrArray) tickets =
    groups != NULL ? tvm_store_list_tickets (self->store, id, error) : NULL;
  g_autofree char *cloud =
    tickets != NULL ? tvm_sync_engine_get_config (self, "cloud", error) : NULL;
  g_autofree char *to =
    cloud != NULL ? tvm_sync_engine_get_config (self, "it-admin-email", error) : NULL;

  if (to == NULL)
    return NULL;
  return tvm_notice_new (brief, groups, tickets, tvm_admin_center_uri (cloud), to);
}

/**
 * tvm_sync_engine_make_notice:
 * @self: an engine
 * @activity_id: an activity, or the beginning of its id
 * @error: return location for a #TvmError
 *
 * Asks no service. Blocks.
 *
 * Returns: (transfer full) (nullable): the e-mail, or %NULL on error
 */
TvmNotice *
tvm_sync_engine_make_notice (TvmSyncEngine *self,
                             const char    *activity_id,
                             GError       **error)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  const TvmLanguage *language;
  TvmNotice *notice = NULL;
  TvmBrief brief = { .activity = NULL };

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  activity = tvm_store_get_activity (self->store, activity_id, error);
  if (activity != NULL && tvm_sync_read_language (self, &language, error) &&
      read_facts (self->store, activity, &recommendation, &brief, error))
    {
      g_auto(TvmLanguageScope) scope = tvm_language_enter (language);

      notice = write_notice (self, &brief, error);
    }
  g_clear_pointer (&brief.vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&brief.updates, g_ptr_array_unref);
  return notice;
}

/**
 * tvm_sync_engine_save_notice_devices:
 * @self: an engine
 * @activity_id: an activity, or the beginning of its id
 * @path: the CSV file
 * @overwrite: whether a file of that name may be replaced
 * @cancellable: (nullable): stops it; no file is left then
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Writes the devices of the activity for the IT admin's spreadsheet. Blocks.
 *
 * Returns: the number of devices, or -1 on error; then no file was made or changed
 */
gint64
tvm_sync_engine_save_notice_devices (TvmSyncEngine *self,
                                     const char    *activity_id,
                                     const char    *path,
                                     gboolean       overwrite,
                                     GCancellable  *cancellable,
                                     GError       **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);
  g_autoptr(TvmActivity) activity = NULL;
  const TvmLanguage *language;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), -1);

  activity = tvm_store_get_activity (self->store, activity_id, error);
  if (activity == NULL || !tvm_sync_read_language (self, &language, error))
    return -1;
  query->activity_id = g_strdup (activity->id);
  query->target_state = -1;
  {
    g_auto(TvmLanguageScope) scope = tvm_language_enter (language);

    return tvm_store_export (self->store, query, path, TVM_FORMAT_SPREADSHEET, overwrite, NULL,
                             NULL, cancellable, NULL, error);
  }
}
