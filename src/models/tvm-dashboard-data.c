/* tvm-dashboard-data.c: what the dashboard shows, read whole on a worker. Main thread in, main
 * thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-row-list.h"
#include "tvm-load-private.h"
#include "tvm-setting-load.h"

#include "tvm-time.h"

#define N_TOP 6
#define SEEN_SETTING "dashboard-seen"

/**
 * tvm_dashboard_data_free:
 * @self: (transfer full) (nullable): the dashboard's data
 */
void
tvm_dashboard_data_free (TvmDashboardData *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->exposure_scores, g_array_unref);
  g_clear_pointer (&self->secure_scores, g_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->left, g_array_unref);
  g_clear_pointer (&self->ticket_matters, g_ptr_array_unref);
  g_clear_pointer (&self->top_recommendations, g_ptr_array_unref);
  g_clear_pointer (&self->top_activities, g_ptr_array_unref);
  g_clear_pointer (&self->due_activities, g_ptr_array_unref);
  g_clear_pointer (&self->ending_exceptions, g_ptr_array_unref);
  g_clear_pointer (&self->news, g_ptr_array_unref);
  g_free (self);
}

static TvmQuery *
top_query (TvmListKind  kind,
           const char  *sort,
           gboolean     descending,
           int          status,
           const char  *group)
{
  TvmQuery *query = tvm_query_new (kind);

  query->sort = g_strdup (sort);
  query->descending = descending;
  query->status = status;
  query->limit = N_TOP;
  query->device_group = g_strdup (group);
  return query;
}

/* Sorted by due date, overdue first: what is neither overdue nor due soon ends the list. */
static void
keep_due (GPtrArray *activities)
{
  g_autofree char *today = tvm_today ();
  guint n = 0;

  while (n < activities->len && (tvm_is_overdue (activities->pdata[n], today) ||
                                 tvm_is_due_soon (activities->pdata[n], today)))
    n++;
  g_ptr_array_set_size (activities, n);
}

/* Sorted by their last day: the first one that does not end soon ends the list. */
static gboolean
read_ending (TvmStore          *store,
             const char        *group,
             TvmDashboardData  *data,
             GError           **error)
{
  g_autoptr(TvmQuery) query = top_query (TVM_LIST_EXCEPTIONS, "ends", FALSE, TVM_EXCEPTION_ACTIVE,
                                         group);
  g_autofree char *today = tvm_today ();
  guint n = 0;

  data->ending_exceptions = tvm_store_list_rows (store, query, error);
  if (data->ending_exceptions == NULL)
    return FALSE;
  while (n < data->ending_exceptions->len &&
         tvm_exception_ends_soon (data->ending_exceptions->pdata[n], today))
    n++;
  g_ptr_array_set_size (data->ending_exceptions, n);
  return TRUE;
}

/* Before the first synchronization nothing is news, and afterwards not everything is. */
static gboolean
read_news (TvmStore           *store,
           const TvmNewsMark  *since,
           TvmDashboardData   *data,
           GError            **error)
{
  g_autoptr(GPtrArray) news = NULL;
  g_autofree char *stored = NULL;
  gint64 last_sync_us = 0;

  data->news = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_news_line_unref);
  if (!tvm_store_last_sync (store, &last_sync_us, NULL, error))
    return FALSE;
  if (last_sync_us == 0)
    return TRUE;
  if (!tvm_store_get_news_mark (store, &data->news_now, error))
    return FALSE;
  if (since != NULL)
    data->news_since = *since;
  else
    {
      stored = tvm_store_get_setting (store, SEEN_SETTING, NULL);
      if (!tvm_news_mark_parse (stored, &data->news_since))
        return TRUE;
    }
  news = tvm_store_list_news (store, &data->news_since, error);
  if (news == NULL)
    return FALSE;
  g_ptr_array_unref (data->news);
  data->news = tvm_news_sum (news);
  return TRUE;
}

static gboolean
read_dashboard_lists (TvmStore          *store,
                      const char        *group,
                      TvmDashboardData  *data,
                      GError           **error)
{
  g_autoptr(TvmQuery) recommendations =
    top_query (TVM_LIST_RECOMMENDATIONS, "impact", TRUE, TVM_RECOMMENDATION_ACTIVE, group);
  g_autoptr(TvmQuery) activities =
    top_query (TVM_LIST_ACTIVITIES, "priority", FALSE, TVM_STATUS_ACTIVE, group);
  g_autoptr(TvmQuery) due = top_query (TVM_LIST_ACTIVITIES, "due", FALSE, TVM_STATUS_ACTIVE, group);

  activities->monitored_only = TRUE;
  data->top_recommendations = tvm_store_list_rows (store, recommendations, error);
  if (data->top_recommendations == NULL)
    return FALSE;
  data->top_activities = tvm_store_list_rows (store, activities, error);
  if (data->top_activities == NULL)
    return FALSE;
  data->due_activities = tvm_store_list_rows (store, due, error);
  if (data->due_activities == NULL)
    return FALSE;
  keep_due (data->due_activities);
  return TRUE;
}

static int
count_exposed (const TvmGroupExposure *group)
{
  return group->by_level[TVM_LEVEL_HIGH] + group->by_level[TVM_LEVEL_CRITICAL];
}

static int
compare_exposed (gconstpointer a, gconstpointer b)
{
  const TvmGroupExposure *const *first = a, *const *second = b;

  return count_exposed (*second) - count_exposed (*first);
}

/* The distribution is that of all device groups, or of the one that is asked for; the most exposed
 * ones are kept. */
static gboolean
read_exposure (TvmStore          *store,
               const char        *group,
               TvmDashboardData  *data,
               GError           **error)
{
  data->groups = tvm_store_list_group_exposure (store, error);
  if (data->groups == NULL)
    return FALSE;
  for (guint i = data->groups->len; group != NULL && i > 0; i--)
    if (g_strcmp0 (((const TvmGroupExposure *) data->groups->pdata[i - 1])->name, group) != 0)
      g_ptr_array_remove_index (data->groups, i - 1);
  for (guint i = 0; i < data->groups->len; i++)
    for (int level = 0; level < 6; level++)
      data->exposure_by_level[level] +=
        ((const TvmGroupExposure *) data->groups->pdata[i])->by_level[level];
  g_ptr_array_sort (data->groups, compare_exposed);
  g_ptr_array_set_size (data->groups, (int) MIN (data->groups->len, N_TOP));
  return TRUE;
}

static gboolean
read_standing (TvmStore          *store,
               TvmDashboardData  *data,
               GError           **error)
{
  gint64 now_us = tvm_now_us ();
  g_autoptr(GArray) changes = tvm_store_list_left (store, error);
  g_autoptr(GArray) past = NULL;

  if (changes == NULL)
    return FALSE;
  data->left = tvm_standing_by_day (changes, now_us);
  if (!tvm_store_count_uncounted (store, &data->n_uncounted, error))
    return FALSE;
  past = tvm_store_list_past (store, now_us - TVM_STANDING_DAYS * TVM_DAY_US, error);
  if (past == NULL)
    return FALSE;
  tvm_standing_sum (past, &data->standing);
  data->ticket_matters = tvm_store_list_ticket_matters (store, error);
  if (data->ticket_matters == NULL)
    return FALSE;
  g_ptr_array_set_size (data->ticket_matters, (int) MIN (data->ticket_matters->len, N_TOP));
  return TRUE;
}

static gboolean
read_scores (TvmStore          *store,
             TvmDashboardData  *data,
             GError           **error)
{
  data->exposure_scores = tvm_store_list_scores (store, TVM_SCORE_EXPOSURE, error);
  if (data->exposure_scores == NULL)
    return FALSE;
  data->secure_scores = tvm_store_list_scores (store, TVM_SCORE_SECURE, error);
  return data->secure_scores != NULL;
}

typedef struct
{
  TvmNewsMark *since;  /* (owned) (nullable) */
  char        *group;  /* (owned) (nullable) */
} Wanted;

static void
wanted_free (gpointer data)
{
  g_free (((Wanted *) data)->since);
  g_free (((Wanted *) data)->group);
  g_free (data);
}

static gpointer
read_dashboard (TvmStore *store, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Wanted *wanted = user_data;
  g_autoptr(TvmDashboardData) data = g_new0 (TvmDashboardData, 1);

  if (read_scores (store, data, error) && read_exposure (store, wanted->group, data, error) &&
      read_standing (store, data, error) && tvm_store_counts (store, &data->counts, error) &&
      read_dashboard_lists (store, wanted->group, data, error) &&
      read_ending (store, wanted->group, data, error) &&
      read_news (store, wanted->since, data, error))
    return g_steal_pointer (&data);
  return NULL;
}

/**
 * tvm_dashboard_data_load_async:
 * @store: a store
 * @since: (nullable): how far the person had read; %NULL for what tvm_dashboard_note_seen() noted
 * @group: (nullable): a device group, whose lists and exposure are wanted; what is recorded for the
 *   tenant alone (scores, what was left, times, tickets, news) stays that of all
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Reads what the dashboard shows.
 */
void
tvm_dashboard_data_load_async (TvmStore            *store,
                               const TvmNewsMark   *since,
                               const char          *group,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->since = g_memdup2 (since, since != NULL ? sizeof *since : 0);
  wanted->group = g_strdup (group);
  tvm_load_in_thread (store, read_dashboard, wanted, wanted_free,
                      (GDestroyNotify) tvm_dashboard_data_free, cancellable, callback, user_data);
}

/**
 * tvm_dashboard_note_seen:
 * @store: a store
 * @now: up to where the person has seen what happened
 *
 * Notes it in the profile for the next start. Does not wait for it.
 */
void
tvm_dashboard_note_seen (TvmStore          *store,
                         const TvmNewsMark *now)
{
  g_autofree char *text = tvm_news_mark_to_text (now);

  tvm_setting_save (store, SEEN_SETTING, text);  /* what was not noted shows once more */
}
