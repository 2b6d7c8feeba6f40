/* tvm-cli-query.c: what a list is asked for, and reading it in portions. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define RECORDS_AT_ONCE 500

/* Hands out one portion of the list. */
static gboolean
visit_records (TvmCli           *self,
               GPtrArray        *records,
               TvmCliRecordFunc  func,
               gpointer          user_data,
               GError          **error)
{
  gboolean goes_on = !g_cancellable_set_error_if_cancelled (self->cancellable, error);

  for (guint i = 0; i < records->len; i++)
    {
      gpointer record = g_ptr_array_index (records, i);

      if (record != NULL && goes_on)
        goes_on = func (self, record, user_data, error);
    }
  return goes_on;
}

/**
 * tvm_cli_foreach_record:
 * @self: the command line with an open store
 * @query: what to list
 * @func: called for each record, in order
 * @user_data: for @func
 * @error: return location for a #TvmError
 *
 * Reads the list in portions, so that its size does not matter.
 *
 * Returns: %FALSE when reading or @func failed
 */
gboolean
tvm_cli_foreach_record (TvmCli           *self,
                        const TvmQuery   *query,
                        TvmCliRecordFunc  func,
                        gpointer          user_data,
                        GError          **error)
{
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, error);

  if (keys == NULL)
    return FALSE;
  for (guint first = 0; first < keys->len; first += RECORDS_AT_ONCE)
    {
      guint n = MIN (RECORDS_AT_ONCE, keys->len - first);
      g_autoptr(GPtrArray) records =
        tvm_store_list_records (self->store, query, &g_array_index (keys, gint64, first), n, error);

      if (records == NULL || !visit_records (self, records, func, user_data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_target_state (TvmQuery   *query,
                  const char *word)
{
  for (int state = 0; state < TVM_N_DEVICE_STATES; state++)
    if (strcmp (word, tvm_device_state_to_word (state)) == 0)
      {
        query->target_state = state;
        return TRUE;
      }
  return FALSE;
}

/* The words that --status takes; NULL: the list has no status. */
static const char *
status_words (TvmListKind kind)
{
  switch (kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return "active, partial-exception, full-exception";
    case TVM_LIST_ACTIVITIES:
      return "active, completed";
    case TVM_LIST_EXCEPTIONS:
      return "active, suspended, expired, cancelled, requested, rejected";
    case TVM_LIST_TARGETS:
      return "remediated, exposed, exposed-again, not-seen-7-days, not-seen-30-days, left-group, "
             "gone, waiting";
    case TVM_LIST_DEVICES:
      return "active, inactive, impaired-communication, no-sensor-data, "
             "no-sensor-data-impaired-communication, unknown";
    case TVM_LIST_EXPOSED:
    case TVM_LIST_WEAKNESSES:
    case TVM_LIST_AFFECTED:
    case TVM_LIST_LEFT_OUT:
    case TVM_LIST_HISTORY:
    case TVM_N_LISTS:
    default:
      return NULL;
    }
}

/**
 * tvm_cli_query_set_status:
 * @query: a list
 * @word: (nullable): what was typed after --status
 *
 * Tells on standard error when there is no such status.
 *
 * Returns: whether the query has the status
 */
gboolean
tvm_cli_query_set_status (TvmQuery   *query,
                          const char *word)
{
  TvmRecommendationStatus recommendation_status = 0;
  TvmActivityStatus activity_status = 0;
  TvmExceptionStatus exception_status = 0;
  TvmHealth health = TVM_HEALTH_UNKNOWN;

  if (word == NULL)
    return TRUE;
  if (query->kind == TVM_LIST_RECOMMENDATIONS &&
      tvm_recommendation_status_from_word (word, &recommendation_status))
    query->status = recommendation_status;
  else if (query->kind == TVM_LIST_ACTIVITIES &&
           tvm_activity_status_from_word (word, &activity_status))
    query->status = activity_status;
  else if (query->kind == TVM_LIST_EXCEPTIONS &&
           tvm_exception_status_from_word (word, &exception_status))
    query->status = exception_status;
  else if (query->kind == TVM_LIST_DEVICES && tvm_health_from_word (word, &health))
    query->status = TVM_QUERY_HEALTH (health);
  else if (status_words (query->kind) == NULL)
    {
      tvm_cli_usage_error (_("The rows of this list have no status. Leave --status out."));
      return FALSE;
    }
  else if (query->kind != TVM_LIST_TARGETS || !set_target_state (query, word))
    {
      tvm_cli_usage_error (_("“%s” is not a status of this list. Use %s."), word,
                           status_words (query->kind));
      return FALSE;
    }
  return TRUE;
}
