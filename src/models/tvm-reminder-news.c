/* tvm-reminder-news.c: what a person is reminded of now (R12), read and noted on a worker. Main
 * thread in, main thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-reminder-news.h"

#include "tvm-load-private.h"
#include "tvm-store-clock.h"
#include "tvm-time.h"

#define STATE_SETTING "reminders-told"
#define MAX_EXCEPTIONS 500

typedef struct
{
  GPtrArray *snoozed;  /* (owned) (nullable) */
  gint64     until_us;
} LoadData;

static void
load_data_free (LoadData *data)
{
  g_clear_pointer (&data->snoozed, g_ptr_array_unref);
  g_free (data);
}

static void
input_clear (TvmReminderInput *input)
{
  g_clear_pointer (&input->news, g_ptr_array_unref);
  g_clear_pointer (&input->activities, g_ptr_array_unref);
  g_clear_pointer (&input->exceptions, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmReminderInput, input_clear)

static gboolean
read_switches (TvmStore          *store,
               TvmReminderInput  *input,
               GError           **error)
{
  for (int kind = 0; kind < TVM_N_REMINDERS; kind++)
    {
      g_autofree char *key = g_strconcat ("remind-", tvm_reminder_kind_to_word (kind), NULL);
      g_autoptr(GError) local_error = NULL;
      g_autofree char *value = tvm_store_get_setting (store, key, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      input->is_on[kind] = g_strcmp0 (value, "false") != 0;
    }
  return TRUE;
}

static gboolean
read_input (TvmStore                *store,
            const TvmReminderState  *state,
            TvmReminderInput        *input,
            GError                 **error)
{
  g_autoptr(TvmQuery) activities = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(TvmQuery) exceptions = tvm_query_new (TVM_LIST_EXCEPTIONS);
  TvmNewsMark now, since;

  activities->due = TVM_DUE_ANY;
  exceptions->status = TVM_EXCEPTION_ACTIVE;
  exceptions->sort = g_strdup ("ends");
  exceptions->limit = MAX_EXCEPTIONS;
  if (!read_switches (store, input, error) || !tvm_store_get_news_mark (store, &now, error))
    return FALSE;
  since = now;
  /* Before the first look nothing of the history is news. */
  since.history = state->day != NULL ? state->history : now.history;
  input->history = now.history;
  input->activity = now.activity;
  input->news = tvm_store_list_news (store, &since, error);
  if (input->news == NULL)
    return FALSE;
  input->activities = tvm_store_list_rows (store, activities, error);
  if (input->activities == NULL)
    return FALSE;
  input->exceptions = tvm_store_list_rows (store, exceptions, error);
  return input->exceptions != NULL;
}

/* What is told is noted first: rather lost than told twice. */
static gpointer
collect (TvmStore *store, gpointer load_data, GCancellable *cancellable, GError **error)
{
  const LoadData *data = load_data;
  g_autofree char *today = tvm_today ();
  g_autoptr(GError) local_error = NULL;
  g_autofree char *before = tvm_store_get_setting (store, STATE_SETTING, &local_error);
  g_autoptr(TvmReminderState) state = tvm_reminder_state_parse (before);
  g_auto(TvmReminderInput) input = { .today = today, .now_us = tvm_now_us () };
  g_autoptr(GPtrArray) reminders = NULL;
  g_autofree char *after = NULL;
  gint64 last_sync_us = 0;
  TvmClock clock;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (!tvm_store_last_sync (store, &last_sync_us, NULL, error))
    return NULL;
  if (last_sync_us == 0)
    return g_ptr_array_new ();
  if (!tvm_store_read_clock (store, NULL, &clock, error) ||
      !read_input (store, state, &input, error))
    return NULL;
  /* What is told once is not told again, so it waits for a clock that can be believed (R19). */
  reminders = clock.doubt == TVM_CLOCK_GOOD
    ? tvm_reminders_decide (state, &input)
    : g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);
  if (data->snoozed != NULL)
    tvm_reminder_state_snooze (state, data->snoozed, data->until_us);
  after = tvm_reminder_state_to_text (state);
  if (g_strcmp0 (before, after) != 0 &&
      !tvm_store_set_setting (store, STATE_SETTING, after, error))
    return NULL;
  return tvm_reminders_pack (reminders);
}

/**
 * tvm_reminder_news_load_async:
 * @store: a store
 * @snoozed: (nullable) (element-type TvmReminder): what to tell again
 * @until_us: and when
 * @cancellable: (nullable): drops the answer; what it says counts as told
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Finds out what to tell now.
 */
void
tvm_reminder_news_load_async (TvmStore            *store,
                              GPtrArray           *snoozed,
                              gint64               until_us,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  LoadData *data = g_new0 (LoadData, 1);

  data->snoozed = snoozed != NULL ? g_ptr_array_ref (snoozed) : NULL;
  data->until_us = until_us;
  tvm_load_in_thread (store, collect, data, (GDestroyNotify) load_data_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}
