/* tvm-demo-past.c: the ninety days that the demo's profile pretends to have behind it: what this
 * program would have recorded had it run that long. The services tell no history, so it is made up
 * here, once, after the first sync, to end at what that told. Main thread and a worker.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-past.h"

#include "tvm-news.h"
#include "tvm-time.h"

#define DAYS 90
#define N_STEPS 12             /* of an activity's progress, at most */
#define N_NEW_RECOMMENDATIONS 2
#define N_NEW_ACTIVITIES 3
#define EXPOSURE_FALL 17.0     /* of the scores in that time */
#define SECURE_RISE 64.0
#define SEEN_SETTING "dashboard-seen"

/**
 * tvm_demo_past_begin:
 * @store: the demo's store, before anything was synchronized
 * @n_recommendations: so many the demo tenant has
 * @n_activities: so many the demo tenant has
 *
 * Somebody looked yesterday; a few are new since.
 */
void
tvm_demo_past_begin (TvmStore *store,
                     guint     n_recommendations,
                     guint     n_activities)
{
  const TvmNewsMark mark = {
    .recommendation = MAX (0, (int) n_recommendations - N_NEW_RECOMMENDATIONS),
    .activity = MAX (0, (int) n_activities - N_NEW_ACTIVITIES),
    .when_us = tvm_now_us () - TVM_DAY_US,
  };
  g_autofree char *text = tvm_news_mark_to_text (&mark);

  tvm_store_set_setting (store, SEEN_SETTING, text, NULL);
}

static void
past_progress_free (gpointer data)
{
  TvmPastProgress *self = data;

  g_free (self->activity_id);
  g_array_unref (self->points);
  g_free (self);
}

/* From the day of the request to the last numbers; most is done early. */
static TvmPastProgress *
create_progress (const TvmActivity *activity,
                 gint64             now_us)
{
  TvmPastProgress *past = g_new0 (TvmPastProgress, 1);
  g_autoptr(GRand) random = g_rand_new_with_seed (g_str_hash (activity->id));
  gint64 from_us = MAX (activity->created_us, now_us - DAYS * TVM_DAY_US);
  gint64 until_us = activity->completed_us > from_us ? activity->completed_us : now_us;
  TvmProgressPoint point = { from_us, 0, activity->target_devices };

  past->activity_id = g_strdup (activity->id);
  past->points = g_array_new (FALSE, FALSE, sizeof (TvmProgressPoint));
  g_array_append_val (past->points, point);
  for (int step = 1; step <= N_STEPS; step++)
    {
      double time = (step - g_rand_double_range (random, 0, .9)) / N_STEPS;
      int fixed = (int) (activity->fixed_devices * time * (2 - time));

      if (step == N_STEPS)
        fixed = activity->fixed_devices;
      if (fixed <= point.fixed_devices)
        continue;
      point.when_us = step == N_STEPS && until_us < now_us
                        ? until_us : from_us + (gint64) ((until_us - from_us) * time);
      point.fixed_devices = fixed;
      g_array_append_val (past->points, point);
    }
  return past;
}

/* A day's score each, to the first one that the service told. */
static GArray *
create_scores (TvmStore     *store,
               TvmScoreKind  kind,
               double        change,
               gint64        now_us)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (TvmScorePoint));
  g_autoptr(GArray) told = tvm_store_list_scores (store, kind, NULL);
  g_autoptr(GRand) random = g_rand_new_with_seed ((guint32) kind);
  double last;

  if (told == NULL || told->len == 0)
    return points;
  last = g_array_index (told, TvmScorePoint, 0).score;
  for (int ago = DAYS; ago > 0; ago--)
    {
      double share = (double) ago / DAYS;
      TvmScorePoint point = { now_us - ago * TVM_DAY_US, 0 };

      point.score = last - change * share * (2 - share) +
                    g_rand_double_range (random, -.04, .04) * ABS (change);
      point.score = MAX (0, point.score);
      g_array_append_val (points, point);
    }
  return points;
}

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  gint64 now_us = tvm_now_us ();
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GPtrArray) activities = tvm_store_list_rows (source, query, NULL);
  g_autoptr(GPtrArray) progress = g_ptr_array_new_with_free_func (past_progress_free);
  g_autoptr(GArray) exposure = create_scores (source, TVM_SCORE_EXPOSURE, -EXPOSURE_FALL, now_us);
  g_autoptr(GArray) secure = create_scores (source, TVM_SCORE_SECURE, SECURE_RISE, now_us);
  const TvmPast past = { exposure, secure, progress };

  for (guint i = 0; activities != NULL && i < activities->len; i++)
    {
      const TvmActivity *activity = activities->pdata[i];

      if (activity->fixed_devices >= 0 && activity->created_us > 0)
        g_ptr_array_add (progress, create_progress (activity, now_us));
    }
  /* Without a past the demo is as good as any other first day. */
  tvm_store_write_past (source, &past, NULL);
}

static void
synced_cb (TvmSyncEngine *engine,
           GParamSpec    *pspec,
           TvmStore      *store)
{
  g_autoptr(GTask) task = NULL;
  gint64 last_sync_us;

  g_object_get (engine, "last-sync-us", &last_sync_us, NULL);
  if (last_sync_us == 0)
    return;
  g_signal_handlers_disconnect_by_func (engine, synced_cb, store);
  task = g_task_new (store, NULL, NULL, NULL);
  g_task_run_in_thread (task, write_thread);
}

/**
 * tvm_demo_past_follow:
 * @store: the demo's store
 * @engine: its engine, before the first sync
 *
 * Writes the past once the first sync is over. Main thread.
 */
void
tvm_demo_past_follow (TvmStore      *store,
                      TvmSyncEngine *engine)
{
  g_signal_connect_object (engine, "notify::last-sync-us", G_CALLBACK (synced_cb), store, 0);
}
