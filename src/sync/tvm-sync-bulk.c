/* tvm-sync-bulk.c: one command on several recommendations, activities or tickets. Each is a command
 * and a transaction of its own: what was done stays, whatever comes after it. Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define SHEET_HOLDS 8  /* a sheet about several is read before the toast that undoes them */

static TvmBulkResult *
add_result (GPtrArray  *results,
            const char *id,
            const char *title)
{
  TvmBulkResult *result = g_new0 (TvmBulkResult, 1);

  result->id = g_strdup (id);
  result->title = g_strdup (title);
  g_ptr_array_add (results, result);
  return result;
}

/* @error is of no use afterwards. */
static void
tell (TvmBulkResult  *result,
      TvmBulkOutcome  outcome,
      const GError   *error)
{
  result->outcome = outcome;
  if (error != NULL)
    tvm_set_str (&result->reason, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                                    ? _("Cancelled.") : error->message);
}

/* The same one twice would make two activities, or look like a failure. */
static gboolean
is_first (GHashTable    *seen,
          TvmBulkResult *result,
          const char    *id)
{
  if (g_hash_table_add (seen, g_strdup (id)))
    return TRUE;
  result->outcome = TVM_BULK_SKIPPED;
  tvm_set_str (&result->reason, _("It was named twice."));
  return FALSE;
}

static void
tell_doubts (TvmBulkResult           *result,
             const TvmRecommendation *recommendation,
             const TvmCoverage       *coverage)
{
  g_autofree char *doubts = tvm_user_impact_describe_doubts (recommendation, coverage);

  tvm_set_str (&result->reason, doubts != NULL ? g_strdelimit (doubts, "\n", ' ') : NULL);
}

/* What a trial is for. */
static void
tell_trial (TvmBulkResult     *result,
            const TvmActivity *activity,
            int                covered)
{
  g_autofree char *coverage = g_strdup_printf (
    ngettext ("It covers %d device.", "It covers %d devices.", covered), covered);
  g_autofree char *doubts = g_steal_pointer (&result->reason);
  g_autofree char *policy = NULL;

  if (activity->policy_reason != NULL && activity->due_on != NULL)
    /* Translators: a priority, a date and why */
    policy = g_strdup_printf (_("By the policy: priority %s, due by %s (%s)."),
                              tvm_priority_to_text (activity->priority), activity->due_on,
                              activity->policy_reason);
  else if (activity->policy_reason != NULL)
    policy = g_strdup_printf (_("By the policy: priority %s, no due date (%s)."),
                              tvm_priority_to_text (activity->priority), activity->policy_reason);
  result->reason = g_strjoin (" ", coverage, policy != NULL ? policy : doubts,
                              policy != NULL ? doubts : NULL, NULL);
}

/* What does no harm is skipped: the type does not fit, nothing is exposed, it changed meanwhile. */
static gboolean
is_harmless (const TvmRequest       *request,
             const TvmRequestFacts  *facts)
{
  return facts->recommendation != NULL &&
         (!tvm_request_check_bulk (request, facts->recommendation, NULL) ||
          (facts->coverage.covered >= 0 &&
           (!tvm_coverage_check (&facts->coverage, request, NULL) ||
            !tvm_request_check_shown (request, facts, NULL))));
}

static void
request_one (TvmSyncEngine  *self,
             const TvmBulk  *bulk,
             guint           position,
             GHashTable     *seen,
             GPtrArray      *results,
             GCancellable   *cancellable)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(TvmRequest) request = tvm_request_copy (bulk->request);
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmSubmission submission = { .dry_run = bulk->dry_run, .is_one_of_several = TRUE,
                               .hold_us = bulk->hold_us };
  TvmBulkResult *result = add_result (results, bulk->ids[position], NULL);

  result->is_trial = bulk->dry_run;
  if (!is_first (seen, result, result->id))
    return;
  tvm_set_str (&request->recommendation_id, result->id);
  if (bulk->shown != NULL)
    request->shown = bulk->shown[position];
  activity = tvm_sync_submit (self, request, &submission, &facts, cancellable, &error);
  tvm_set_str (&result->title, facts.recommendation != NULL ? facts.recommendation->name : NULL);
  if (activity != NULL)
    {
      tvm_set_str (&result->activity_id, *activity->id != '\0' ? activity->id : NULL);
      result->n_tickets = facts.coverage.n_tickets;
      if (request->no_impact_only)
        tell_doubts (result, facts.recommendation, &facts.coverage);
      if (bulk->dry_run)
        tell_trial (result, activity, facts.coverage.covered);
    }
  else
    tell (result, is_harmless (request, &facts) ? TVM_BULK_SKIPPED : TVM_BULK_FAILED, error);
  result->priors = g_steal_pointer (&facts.priors);
}

static void
complete_one (TvmSyncEngine *self,
              const TvmBulk *bulk,
              const char    *id,
              GHashTable    *seen,
              GPtrArray     *results)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, &error);
  TvmBulkResult *result = add_result (results, id, activity != NULL ? activity->title : NULL);

  if (activity == NULL)
    {
      tell (result, TVM_BULK_FAILED, error);
      return;
    }
  tvm_set_str (&result->activity_id, activity->id);
  if (!is_first (seen, result, activity->id))
    return;
  if (!tvm_activity_may_complete (activity->origin, activity->status, &error))
    tell (result, TVM_BULK_SKIPPED, error);
  else if (!tvm_sync_engine_complete (self, activity->id, bulk->note, &error))
    tell (result, TVM_BULK_FAILED, error);
  else
    tvm_set_str (&result->reason, tvm_activity_unsent_text (activity));
}

static void
withdraw_ticket (TvmSyncEngine   *self,
                 const TvmTicket *ticket,
                 TvmBulkResult   *result,
                 GCancellable    *cancellable)
{
  g_autoptr(GError) error = NULL;

  tvm_set_str (&result->activity_id, ticket->activity_id);
  if (!tvm_ticket_may_withdraw (ticket->status, &error))
    {
      tell (result, TVM_BULK_SKIPPED, error);
      return;
    }
  switch (tvm_sync_engine_withdraw (self, ticket->key, cancellable, &error))
    {
    case TVM_WITHDRAW_WAITS:
      result->is_waiting = TRUE;
      tell (result, TVM_BULK_DONE, NULL);
      tvm_set_str (&result->reason, _("The withdrawal waits in the outbox for the next sync."));
      break;
    case TVM_WITHDRAW_FAILED:
      tell (result, TVM_BULK_FAILED, error);
      break;
    case TVM_WITHDRAW_DONE:
    default:
      break;
    }
}

static void
withdraw_one (TvmSyncEngine *self,
              const char    *id,
              GHashTable    *seen,
              GPtrArray     *results,
              GCancellable  *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmTicket) ticket = tvm_store_find_ticket (self->store, id, &error);
  g_autoptr(TvmActivity) activity = ticket != NULL
    ? tvm_store_get_activity (self->store, ticket->activity_id, NULL) : NULL;
  TvmBulkResult *result = add_result (results, id, activity != NULL ? activity->title : NULL);
  g_autofree char *key = ticket != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT, ticket->key) : NULL;

  if (ticket == NULL)
    tell (result, TVM_BULK_FAILED, error);
  else if (is_first (seen, result, key))
    withdraw_ticket (self, ticket, result, cancellable);
}

static void
withdraw_of_one (TvmSyncEngine *self,
                 const char    *id,
                 GPtrArray     *results,
                 GCancellable  *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, &error);
  g_autoptr(GPtrArray) tickets = NULL;

  if (activity == NULL)
    {
      tell (add_result (results, id, NULL), TVM_BULK_FAILED, error);
      return;
    }
  if (!tvm_activity_may_withdraw (activity, &error))
    {
      tell (add_result (results, id, activity->title), TVM_BULK_SKIPPED, error);
      return;
    }
  tickets = tvm_store_list_tickets (self->store, activity->id, &error);
  if (tickets == NULL)
    tell (add_result (results, id, activity->title), TVM_BULK_FAILED, error);
  for (guint i = 0; tickets != NULL && i < tickets->len; i++)
    withdraw_ticket (self, tickets->pdata[i], add_result (results, id, activity->title),
                     cancellable);
}

/* What no recommendation can make right is told once, before anything is submitted. */
static gboolean
check_form (TvmSyncEngine  *self,
            const TvmBulk  *bulk,
            GError        **error)
{
  g_autoptr(TvmRecommendation) any = tvm_recommendation_new ();
  g_autoptr(TvmRequest) form = tvm_request_copy (bulk->request);
  g_autofree char *today = tvm_today ();
  gboolean intune_connected = FALSE;

  if (form->use_policy)
    form->priority = TVM_PRIORITY_HIGH;  /* each gets its own */
  any->type = bulk->request->type;
  return tvm_sync_reads_true (self, "intune-connection", &intune_connected, error) &&
         tvm_request_validate (form, any, intune_connected, today, error);
}

/**
 * tvm_sync_engine_bulk:
 * @self: an engine
 * @bulk: the command and what it is for
 * @cancellable: (nullable): what was not begun then is told as failed
 * @error: return location for a #TvmError
 *
 * Does to each what the command for one does, in order. What cannot be done and does no harm
 * (completed already, no ticket, a type that does not fit ...) is skipped. Blocks.
 *
 * Returns: (transfer full) (element-type TvmBulkResult): what became of each; %NULL on error, and
 *   then nothing was done
 */
GPtrArray *
tvm_sync_engine_bulk (TvmSyncEngine  *self,
                      const TvmBulk  *bulk,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr(GPtrArray) results =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_bulk_result_free);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if ((bulk->kind == TVM_BULK_REQUEST && !check_form (self, bulk, error)) ||
      !tvm_note_check (bulk->note, error))
    return NULL;
  for (guint i = 0; bulk->ids[i] != NULL; i++)
    {
      const char *id = bulk->ids[i];
      g_autoptr(GError) cancelled = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, &cancelled))
        tell (add_result (results, id, NULL), TVM_BULK_FAILED, cancelled);
      else if (bulk->kind == TVM_BULK_REQUEST)
        request_one (self, bulk, i, seen, results, cancellable);
      else if (bulk->kind == TVM_BULK_COMPLETE)
        complete_one (self, bulk, id, seen, results);
      else if (bulk->kind == TVM_BULK_WITHDRAW_TICKETS)
        withdraw_one (self, id, seen, results, cancellable);
      else
        withdraw_of_one (self, id, results, cancellable);
    }
  return g_steal_pointer (&results);
}

/* ---- for the window ------------------------------------------------------------------------ */

typedef struct
{
  TvmBulk       bulk;
  char        **ids;          /* (owned) */
  TvmRequest   *request;      /* (owned) (nullable) */
  TvmShown     *shown;        /* (owned) (nullable) */
  char         *note;         /* (owned) (nullable) */
  GCancellable *cancellable;  /* (owned) (nullable) */
  GPtrArray    *results;      /* (owned) (nullable) */
} BulkData;

static void
bulk_data_free (gpointer user_data)
{
  BulkData *data = user_data;

  g_strfreev (data->ids);
  tvm_request_free (data->request);
  g_free (data->shown);
  g_free (data->note);
  g_clear_object (&data->cancellable);
  g_clear_pointer (&data->results, g_ptr_array_unref);
  g_free (data);
}

static gboolean
bulk_call (TvmSyncEngine *self, gpointer user_data, GCancellable *none, GError **error)
{
  BulkData *data = user_data;

  data->bulk.hold_us = self->hold_us * SHEET_HOLDS;
  data->results = tvm_sync_engine_bulk (self, &data->bulk, data->cancellable, error);
  if (data->results != NULL && data->request != NULL && data->request->create_ticket)
    tvm_sync_push_once_held (self, data->bulk.hold_us);
  return data->results != NULL;
}

/**
 * tvm_sync_engine_bulk_async:
 * @self: an engine
 * @bulk: the command and what it is for
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_bulk() on a worker. Of requests it is done once the store has them; their tickets
 * are sent afterwards.
 */
void
tvm_sync_engine_bulk_async (TvmSyncEngine *self, const TvmBulk *bulk, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  BulkData *data = g_new0 (BulkData, 1);

  data->bulk = *bulk;
  data->ids = g_strdupv ((char **) bulk->ids);
  data->request = bulk->request != NULL ? tvm_request_copy (bulk->request) : NULL;
  data->note = bulk->note != NULL && *bulk->note != '\0' ? g_strdup (bulk->note) : NULL;
  data->bulk.ids = (const char *const *) data->ids;
  data->bulk.request = data->request;
  data->shown = bulk->shown != NULL
    ? g_memdup2 (bulk->shown, g_strv_length (data->ids) * sizeof *bulk->shown) : NULL;
  data->bulk.shown = data->shown;
  data->bulk.note = data->note;
  /* Not the task's: what was done before it was cancelled is to be told. */
  g_set_object (&data->cancellable, cancellable);
  tvm_sync_task_run (self, bulk_call, data, bulk_data_free, NULL, callback, user_data);
}

/**
 * tvm_sync_engine_bulk_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmBulkResult): what became of each
 */
GPtrArray *
tvm_sync_engine_bulk_finish (TvmSyncEngine  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  BulkData *data = tvm_sync_task_finish (self, result, bulk_call, error);

  return data != NULL ? g_steal_pointer (&data->results) : NULL;
}
