/* tvm-sync-pace.c: how much of the services' limits is used up: shared by the programs of a profile
 * through its store, and told. Any thread; blocks but for the words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define COST_KEY "full-sync-cost"  /* calls of each class, then the milliseconds besides waiting */

/* Each writes its own, so that neither forgets the other's. */
static const char *const pace_keys[TVM_N_CALLERS] = {
  [TVM_CALLER_COMMAND_LINE] = "call-pace",
  [TVM_CALLER_WINDOW] = "call-pace-window",
};

/**
 * tvm_sync_engine_set_caller:
 * @self: an engine that made no call yet
 * @caller: whose its calls are
 */
void
tvm_sync_engine_set_caller (TvmSyncEngine *self,
                            TvmCaller      caller)
{
  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  self->caller = caller;
}

static void
load_of (TvmSyncEngine *self,
         TvmClient     *client,
         TvmCaller      caller)
{
  g_autofree char *state = tvm_store_get_setting (self->store, pace_keys[caller], NULL);

  tvm_client_load_pace (client, caller, state);
}

/**
 * tvm_sync_load_pace:
 * @self: an engine
 * @client: who will make its calls, and made none yet
 *
 * Lets it go on from where the programs before it stopped.
 */
void
tvm_sync_load_pace (TvmSyncEngine *self,
                    TvmClient     *client)
{
  tvm_client_set_caller (client, self->caller);
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    load_of (self, client, i);
}

/**
 * tvm_sync_look_at_others:
 * @self: an engine
 * @client: who makes its calls
 *
 * Counts what other programs called meanwhile.
 */
void
tvm_sync_look_at_others (TvmSyncEngine *self,
                         TvmClient     *client)
{
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    if (i != self->caller)
      load_of (self, client, i);
}

/**
 * tvm_sync_keep_pace:
 * @self: an engine
 * @client: who made its calls
 *
 * Notes in the store how much of the services' limits they used up.
 */
void
tvm_sync_keep_pace (TvmSyncEngine *self,
                    TvmClient     *client)
{
  g_autofree char *state = tvm_client_dup_pace (client);

  if (!self->memory_vault)
    tvm_store_set_setting (self->store, pace_keys[self->caller], state, NULL);
}

/**
 * tvm_sync_note_cost:
 * @self: an engine
 * @client: who made the calls of a sync of everything
 * @before: what it had spent when that began
 * @started_us: in ticks, when it began
 *
 * Notes what such a sync takes, for the next one to be told when it would be done.
 */
void
tvm_sync_note_cost (TvmSyncEngine  *self,
                    TvmClient      *client,
                    const TvmSpent *before,
                    gint64          started_us)
{
  g_autoptr(GString) cost = g_string_new (NULL);
  TvmSpent after;
  gint64 busy_us;

  tvm_client_get_spent (client, &after);
  busy_us = tvm_ticks_us () - started_us - (after.waited_us - before->waited_us);
  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    g_string_append_printf (cost, "%u ", after.n_calls[i] - before->n_calls[i]);
  g_string_append_printf (cost, "%" G_GINT64_FORMAT, MAX (busy_us, 0) / 1000);
  tvm_store_set_setting (self->store, COST_KEY, cost->str, NULL);
}

/* What the last sync of everything took: of each class so many calls, and the time besides. */
static gboolean
read_cost (TvmSyncEngine *self,
           TvmSpent      *cost,
           gint64        *busy_us)
{
  g_autofree char *text = tvm_store_get_setting (self->store, COST_KEY, NULL);
  g_auto(GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);
  gboolean is_known = g_strv_length (words) == TVM_N_CALL_CLASSES + 1;

  *cost = (TvmSpent) { 0 };
  *busy_us = is_known ? g_ascii_strtoll (words[TVM_N_CALL_CLASSES], NULL, 10) * 1000 : 0;
  for (guint i = 0; is_known && i < TVM_N_CALL_CLASSES; i++)
    cost->n_calls[i] = (guint) CLAMP (g_ascii_strtoll (words[i], NULL, 10), 0, 1000000);
  return is_known;
}

/**
 * tvm_sync_engine_read_budgets:
 * @self: an engine
 * @budgets: (out caller-allocates): what is left of each service's limits: what this program knows,
 *   and what the others of this profile noted when they last made many calls
 * @error: return location for a #TvmError
 *
 * Asks no service.
 *
 * Returns: %FALSE where the store cannot be read
 */
gboolean
tvm_sync_engine_read_budgets (TvmSyncEngine   *self,
                              TvmSyncBudgets  *budgets,
                              GError         **error)
{
  char *states[TVM_N_CALLERS] = { NULL };
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(GError) failure = NULL;
  gint64 busy_us, wait_us;
  TvmSpent cost;
  gboolean is_known;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  g_mutex_lock (&self->session_mutex);
  g_set_object (&client, self->client);
  g_mutex_unlock (&self->session_mutex);
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    states[i] = client != NULL && i == self->caller
                  ? tvm_client_dup_pace (client)
                  : failure != NULL ? NULL
                  : tvm_store_get_setting (self->store, pace_keys[i], &failure);
  is_known = read_cost (self, &cost, &busy_us);
  wait_us = tvm_client_read_budgets ((const char *const *) states, &cost, budgets->classes);
  budgets->full_sync_ready_us = is_known ? tvm_now_us () + wait_us + busy_us : 0;
  budgets->has_limits = !self->memory_vault;
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    g_free (states[i]);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_read_budgets (self, data, error);
}

/**
 * tvm_sync_engine_read_budgets_async:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @callback: told the result
 * @user_data: for @callback
 *
 * Runs tvm_sync_engine_read_budgets() on a worker.
 */
void
tvm_sync_engine_read_budgets_async (TvmSyncEngine *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run_quiet (self, read_call, g_new0 (TvmSyncBudgets, 1), g_free, cancellable,
                           callback, user_data);
}

/**
 * tvm_sync_engine_read_budgets_finish:
 * @self: an engine
 * @result: what a callback was given
 * @error: return location for a #TvmError
 *
 * Returns: (transfer none) (nullable): what is left, alive as long as @result; %NULL on error
 */
const TvmSyncBudgets *
tvm_sync_engine_read_budgets_finish (TvmSyncEngine  *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return tvm_sync_task_finish (self, result, read_call, error);
}

/* What the services count together. */
static const char *
class_text (TvmCallClass calls)
{
  static const char *const texts[TVM_N_CALL_CLASSES] = {
    [TVM_CALLS_MACHINES] = N_("Devices"),
    [TVM_CALLS_DEFENDER] = N_("Other lists of Microsoft Defender"),
    [TVM_CALLS_GRAPH] = N_("Microsoft Intune, reading"),
    [TVM_CALLS_GRAPH_WRITE] = N_("Microsoft Intune, writing"),
    [TVM_CALLS_SOFTWARE] = N_("Software of all devices"),
    [TVM_CALLS_CHANGES] = N_("Changes of software"),
    [TVM_CALLS_CONFIGURATIONS] = N_("Configurations of all devices"),
    [TVM_CALLS_SOFTWARE_FILES] = N_("Software of all devices, as files"),
    [TVM_CALLS_CONFIGURATION_FILES] = N_("Configurations of all devices, as files"),
  };

  return _(texts[calls]);
}

/**
 * tvm_sync_describe_calls:
 * @budgets: what is left
 * @calls: which calls
 * @out_name: (out): what these calls are for
 *
 * Returns: (transfer full) (nullable): how many are left; %NULL where none was made or nothing
 *   limits them
 */
char *
tvm_sync_describe_calls (const TvmSyncBudgets  *budgets,
                         TvmCallClass           calls,
                         const char           **out_name)
{
  const TvmBudget *one = &budgets->classes[calls];

  *out_name = class_text (calls);
  if (!budgets->has_limits ||
      (one->hour_left >= one->hour_calls && one->span_left == one->span_calls))
    return NULL;
  if (one->hour_left < 0)
    /* Translators: calls of a service that are left: how many, of how many, seconds. */
    return g_strdup_printf (_("%d of %d in %d seconds"), one->span_left, one->span_calls,
                            one->span_s);
  /* Translators: the same, of a minute, then how many in an hour, of how many. */
  return g_strdup_printf (_("%'d of %'d in a minute, %'d of %'d in an hour"), one->span_left,
                          one->span_calls, one->hour_left, one->hour_calls);
}

/**
 * tvm_sync_describe_no_calls:
 * @budgets: what is left, where no class has anything to tell
 *
 * Returns: (transfer none): that none was made, or that nothing limits them
 */
const char *
tvm_sync_describe_no_calls (const TvmSyncBudgets *budgets)
{
  return budgets->has_limits ? _("All: none was made in the last hour.")
                             : _("The demo tenant has no limits.");
}

/**
 * tvm_sync_describe_callers:
 * @budgets: what is left
 *
 * Returns: (transfer full) (nullable): who made the calls of the last hour; %NULL where nobody did
 */
char *
tvm_sync_describe_callers (const TvmSyncBudgets *budgets)
{
  int n[TVM_N_CALLERS] = { 0 };

  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    for (guint j = 0; j < TVM_N_CALLERS; j++)
      n[j] += budgets->classes[i].used[j];
  if (!budgets->has_limits || n[TVM_CALLER_WINDOW] + n[TVM_CALLER_COMMAND_LINE] == 0)
    return NULL;
  /* Translators: calls of the services in the last hour. */
  return g_strdup_printf (_("by the window: %d, by the command line: %d"), n[TVM_CALLER_WINDOW],
                          n[TVM_CALLER_COMMAND_LINE]);
}
