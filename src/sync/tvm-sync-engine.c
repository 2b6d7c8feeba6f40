/* tvm-sync-engine.c: the engine's properties, which follow what worker threads report, and its
 * automatic syncs, which its schedule starts. Properties belong to the main context, the rest to any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-text.h"

#include <stdlib.h>

typedef enum {
  PROP_SYNCING = 1,
  PROP_STEP,
  PROP_N_DONE,
  PROP_N_STEPS,
  PROP_NEXT_CALL_US,
  PROP_LAST_ERROR,
  PROP_LAST_SYNC_US,
  PROP_ACCOUNT,
  PROP_ACCOUNT_NAME,
  PROP_TENANT,
  PROP_INTUNE_CONNECTED,
  PROP_OUTBOX,
  PROP_OUTBOX_PARKED,
  PROP_OFFLINE,
  PROP_METERED,
  PROP_SIGN_IN_REQUIRED,
} TvmSyncEngineProperty;

G_DEFINE_FINAL_TYPE (TvmSyncEngine, tvm_sync_engine, G_TYPE_OBJECT)

static GParamSpec *properties[PROP_SIGN_IN_REQUIRED + 1];

static void
state_copy (TvmSyncState       *self,
            const TvmSyncState *other)
{
  *self = *other;
  self->last_error = g_strdup (other->last_error);
  self->account = g_strdup (other->account);
  self->account_name = g_strdup (other->account_name);
  self->tenant = g_strdup (other->tenant);
}

static void
state_clear (TvmSyncState *self)
{
  g_clear_pointer (&self->last_error, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->account_name, g_free);
  g_clear_pointer (&self->tenant, g_free);
}

static void
notify_differences (TvmSyncEngine      *self,
                    const TvmSyncState *old)
{
  const TvmSyncState *new = &self->shown;
  const gboolean differs[] = {
    [PROP_SYNCING] = old->syncing != new->syncing,
    [PROP_STEP] = g_strcmp0 (old->step, new->step) != 0,
    [PROP_N_DONE] = old->n_done != new->n_done,
    [PROP_N_STEPS] = old->n_steps != new->n_steps,
    [PROP_NEXT_CALL_US] = old->next_call_us != new->next_call_us,
    [PROP_LAST_ERROR] = g_strcmp0 (old->last_error, new->last_error) != 0,
    [PROP_LAST_SYNC_US] = old->last_sync_us != new->last_sync_us,
    [PROP_ACCOUNT] = g_strcmp0 (old->account, new->account) != 0,
    [PROP_ACCOUNT_NAME] = g_strcmp0 (old->account_name, new->account_name) != 0,
    [PROP_TENANT] = g_strcmp0 (old->tenant, new->tenant) != 0,
    [PROP_INTUNE_CONNECTED] = old->intune_connected != new->intune_connected,
    [PROP_OUTBOX] = old->outbox != new->outbox,
    [PROP_OUTBOX_PARKED] = old->outbox_parked != new->outbox_parked,
    [PROP_SIGN_IN_REQUIRED] = old->sign_in_required != new->sign_in_required,
  };

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_SYNCING; i < G_N_ELEMENTS (differs); i++)
    if (differs[i])
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* ---- automatic syncs; main context */

static void
start_sync (gpointer owner)
{
  TvmSyncEngine *self = owner;

  if (self->shown.syncing)
    return;
  g_clear_object (&self->automatic_cancellable);
  self->automatic_cancellable = g_cancellable_new ();
  g_atomic_int_set (&self->next_is_automatic, TRUE);
  tvm_sync_engine_sync_async (self, FALSE, self->automatic_cancellable, NULL, NULL);
}

static void
network_changed (gpointer owner)
{
  TvmSyncEngine *self = owner;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFLINE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_METERED]);
}

static void
update_schedule (TvmSyncEngine *self,
                 gint64         was_due_us)
{
  const TvmSyncState *shown = &self->shown;

  if (self->schedule == NULL)
    return;
  tvm_sync_schedule_set_local (self->schedule, shown->is_local);
  tvm_sync_schedule_set_interval (self->schedule, MAX (shown->interval_minutes, 0));
  tvm_sync_schedule_set_running (self->schedule, shown->syncing, !shown->is_unreachable);
  tvm_sync_schedule_set_ready (self->schedule, shown->account != NULL && !shown->sign_in_required);
  if (shown->account == NULL || shown->sign_in_required || !shown->intune_connected ||
      shown->interval_minutes <= 0)
    tvm_sync_outbox_disarm (self);
  else if (shown->outbox_due_us != was_due_us || self->outbox_source == NULL)
    tvm_sync_outbox_arm (self, shown->outbox_due_us);
}

/**
 * tvm_sync_engine_set_automatic:
 * @is_automatic: whether to synchronize by itself
 *
 * Synchronizes as soon as somebody is signed in, then as often as the setting
 * "sync-interval-minutes" says (0 there means never) and when the network is back; over a metered
 * network not at all. Switching it off cancels an automatic sync that runs, and has to
 * come before the engine is let go. Main context only.
 */
void
tvm_sync_engine_set_automatic (TvmSyncEngine *self,
                               gboolean       is_automatic)
{
  const TvmSyncScheduleFuncs funcs = { .start = start_sync, .changed = network_changed };

  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  if (self->is_automatic == is_automatic)
    return;
  self->is_automatic = is_automatic;
  if (!is_automatic)
    {
      g_cancellable_cancel (self->automatic_cancellable);
      tvm_sync_outbox_disarm (self);
      g_clear_pointer (&self->schedule, tvm_sync_schedule_free);
      return;
    }
  self->schedule = tvm_sync_schedule_new (g_network_monitor_get_default (), self->context, &funcs, self);
  update_schedule (self, self->shown.outbox_due_us);
  tvm_sync_engine_refresh_state (self);
}

/* ---- from any thread to the main context */

static gboolean
flush_cb (gpointer user_data)
{
  g_autoptr(TvmSyncEngine) self = g_weak_ref_get (user_data);
  TvmSyncState old;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  old = self->shown;
  g_mutex_lock (&self->mutex);
  state_copy (&self->shown, &self->wanted);
  self->flush_queued = FALSE;
  g_mutex_unlock (&self->mutex);
  notify_differences (self, &old);
  update_schedule (self, old.outbox_due_us);
  state_clear (&old);
  return G_SOURCE_REMOVE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/**
 * tvm_sync_engine_change_state:
 * @change: (scope call): changes what the properties shall show, with a lock held
 * @data: given to it
 *
 * The properties follow on the main context. They are not kept waiting for: a command without a main
 * loop never sees them. Any thread.
 */
void
tvm_sync_engine_change_state (TvmSyncEngine    *self,
                              TvmSyncStateFunc  change,
                              gconstpointer     data)
{
  gboolean must_queue;

  g_mutex_lock (&self->mutex);
  change (&self->wanted, data);
  must_queue = !self->flush_queued;
  self->flush_queued = TRUE;
  g_mutex_unlock (&self->mutex);
  if (must_queue)
    {
      g_autoptr(GSource) source = g_idle_source_new ();
      GWeakRef *weak = g_new0 (GWeakRef, 1);

      g_weak_ref_init (weak, self);
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, flush_cb, weak, weak_ref_free);
      g_source_attach (source, self->context);
    }
}

static void
show_last_error (TvmSyncState  *state,
                 gconstpointer  data)
{
  tvm_set_str (&state->last_error, data);
}

void
tvm_sync_engine_set_last_error (TvmSyncEngine *self,
                                const char    *text)
{
  tvm_sync_engine_change_state (self, show_last_error, text);
}

static void
show_read (TvmSyncState  *state,
           gconstpointer  data)
{
  const TvmSyncState *read = data;

  state->intune_connected = read->intune_connected;
  state->interval_minutes = read->interval_minutes;
  state->is_local = read->is_local;
  state->outbox = read->outbox;
  state->outbox_parked = read->outbox_parked;
  state->sign_in_required = read->sign_in_required;
  state->outbox_due_us = read->outbox_due_us;
  state->last_sync_us = read->last_sync_us;
  tvm_set_str (&state->last_error, read->last_error);
  tvm_set_str (&state->account, read->account);
  tvm_set_str (&state->account_name, read->account_name);
  tvm_set_str (&state->tenant, read->tenant);
}

/* Whether the services are on this computer, as the demo tenant's are. */
static gboolean
is_local (TvmSyncEngine *self)
{
  g_autofree char *cloud = tvm_sync_engine_get_config (self, "cloud", NULL);
  g_autofree char *address = tvm_sync_engine_get_config (self, "defender-url", NULL);
  g_autoptr(GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr(GInetAddress) host = NULL;

  if (g_strcmp0 (cloud, "custom") != 0 || uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  host = g_inet_address_new_from_string (g_uri_get_host (uri));
  return host != NULL ? g_inet_address_get_is_loopback (host)
                      : g_ascii_strcasecmp (g_uri_get_host (uri), "localhost") == 0;
}

/**
 * tvm_sync_engine_read_state:
 * Reads settings, account, outbox and the last sync into the properties. What cannot be read shows as
 * not there; the command that needs it tells why. Blocks.
 */
void
tvm_sync_engine_read_state (TvmSyncEngine *self)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL);
  g_autofree char *minutes = tvm_sync_engine_get_config (self, "sync-interval-minutes", NULL);
  g_autofree char *tenant = tvm_sync_engine_get_config (self, "tenant-id", NULL);
  TvmStoreCounts counts = { .outbox = 0 };
  TvmSyncState read = { .interval_minutes = minutes != NULL ? atoi (minutes) : 0,
                        .is_local = is_local (self) };

  tvm_sync_reads_true (self, "intune-connection", &read.intune_connected, NULL);
  tvm_store_expire_exceptions (self->store, NULL);   /* what fails here fails in the next command, with words */
  if (tvm_store_counts (self->store, &counts, NULL))
    {
      read.outbox = counts.outbox;
      read.outbox_parked = counts.outbox_parked;
      read.outbox_due_us = counts.outbox_due_us;
    }
  tvm_store_last_sync (self->store, &read.last_sync_us, &read.last_error, NULL);
  if (read.last_error == NULL || *read.last_error == '\0')
    {
      g_free (read.last_error);
      read.last_error = tvm_sync_engine_dup_warning (self);
    }
  read.sign_in_required = account != NULL && tvm_sync_session_is_expired (self);
  if (account != NULL)
    {
      read.account = account->user_name;
      read.account_name = account->name;
    }
  read.tenant = account != NULL && account->tenant_id != NULL ? account->tenant_id : tenant;
  if (read.tenant != NULL && *read.tenant == '\0')
    read.tenant = NULL;
  tvm_sync_engine_change_state (self, show_read, &read);
  g_free (read.last_error);
}

/* ---- overrides */

static void
tvm_sync_engine_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TvmSyncEngine *self = TVM_SYNC_ENGINE (object);
  const TvmSyncState *shown = &self->shown;

  switch ((TvmSyncEngineProperty) prop_id)
    {
    case PROP_SYNCING:
      g_value_set_boolean (value, shown->syncing);
      break;
    case PROP_STEP:
      g_value_set_static_string (value, shown->step);
      break;
    case PROP_N_DONE:
      g_value_set_int (value, shown->n_done);
      break;
    case PROP_N_STEPS:
      g_value_set_int (value, shown->n_steps);
      break;
    case PROP_NEXT_CALL_US:
      g_value_set_int64 (value, shown->next_call_us);
      break;
    case PROP_LAST_ERROR:
      g_value_set_string (value, shown->last_error);
      break;
    case PROP_LAST_SYNC_US:
      g_value_set_int64 (value, shown->last_sync_us);
      break;
    case PROP_ACCOUNT:
      g_value_set_string (value, shown->account);
      break;
    case PROP_ACCOUNT_NAME:
      g_value_set_string (value, shown->account_name);
      break;
    case PROP_TENANT:
      g_value_set_string (value, shown->tenant);
      break;
    case PROP_INTUNE_CONNECTED:
      g_value_set_boolean (value, shown->intune_connected);
      break;
    case PROP_OUTBOX:
      g_value_set_int (value, shown->outbox);
      break;
    case PROP_OUTBOX_PARKED:
      g_value_set_int (value, shown->outbox_parked);
      break;
    case PROP_SIGN_IN_REQUIRED:
      g_value_set_boolean (value, shown->sign_in_required);
      break;
    case PROP_OFFLINE:
      g_value_set_boolean (value, self->schedule != NULL && tvm_sync_schedule_is_offline (self->schedule));
      break;
    case PROP_METERED:
      g_value_set_boolean (value, self->schedule != NULL && tvm_sync_schedule_is_metered (self->schedule));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tvm_sync_engine_dispose (GObject *object)
{
  TvmSyncEngine *self = TVM_SYNC_ENGINE (object);

  g_clear_pointer (&self->schedule, tvm_sync_schedule_free);
  tvm_sync_outbox_disarm (self);
  self->is_automatic = FALSE;
  G_OBJECT_CLASS (tvm_sync_engine_parent_class)->dispose (object);
}

static void
tvm_sync_engine_finalize (GObject *object)
{
  TvmSyncEngine *self = TVM_SYNC_ENGINE (object);

  tvm_sync_session_clear (self);
  g_clear_object (&self->store);
  g_clear_object (&self->automatic_cancellable);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  state_clear (&self->shown);
  state_clear (&self->wanted);
  g_cond_clear (&self->run_ended);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->session_mutex);
  g_mutex_clear (&self->command_mutex);
  g_mutex_clear (&self->push_mutex);
  G_OBJECT_CLASS (tvm_sync_engine_parent_class)->finalize (object);
}

static void
tvm_sync_engine_class_init (TvmSyncEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = tvm_sync_engine_get_property;
  object_class->dispose = tvm_sync_engine_dispose;
  object_class->finalize = tvm_sync_engine_finalize;
  /* Whether a sync runs, also one that was not started from the window. */
  properties[PROP_SYNCING] = g_param_spec_boolean ("syncing", NULL, NULL, FALSE, flags);
  /* (nullable): the list being pulled, a script word such as "devices" */
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  /* How many lists of "n-steps" are done; the whole may grow while a sync runs. */
  properties[PROP_N_DONE] = g_param_spec_int ("n-done", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_N_STEPS] = g_param_spec_int ("n-steps", NULL, NULL, 0, G_MAXINT, 0, flags);
  /* Until when a throttled service lets nobody in, in microseconds since 1970; 0 when it does. */
  properties[PROP_NEXT_CALL_US] = g_param_spec_int64 ("next-call-us", NULL, NULL, 0, G_MAXINT64, 0, flags);
  /* (nullable): a localized sentence about the last sync or ticket that failed */
  properties[PROP_LAST_ERROR] = g_param_spec_string ("last-error", NULL, NULL, NULL, flags);
  /* When the last good sync ended, in microseconds since 1970; 0: never */
  properties[PROP_LAST_SYNC_US] = g_param_spec_int64 ("last-sync-us", NULL, NULL, 0, G_MAXINT64, 0, flags);
  /* (nullable): the e-mail address of who is signed in */
  properties[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT_NAME] = g_param_spec_string ("account-name", NULL, NULL, NULL, flags);
  /* (nullable): the signed-in tenant, else the one in the settings */
  properties[PROP_TENANT] = g_param_spec_string ("tenant", NULL, NULL, NULL, flags);
  /* Whether the Microsoft Intune connection is on (R1). */
  properties[PROP_INTUNE_CONNECTED] = g_param_spec_boolean ("intune-connected", NULL, NULL, FALSE, flags);
  /* How many tickets wait to be sent. */
  properties[PROP_OUTBOX] = g_param_spec_int ("outbox", NULL, NULL, 0, G_MAXINT, 0, flags);
  /* How many of them were refused and wait for a person. */
  properties[PROP_OUTBOX_PARKED] = g_param_spec_int ("outbox-parked", NULL, NULL, 0, G_MAXINT, 0,
                                                     flags);
  /* Whether there is no network; the services may be out of reach for other reasons. */
  properties[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE, flags);
  /* Whether the network costs by volume, so that no sync starts by itself. */
  properties[PROP_METERED] = g_param_spec_boolean ("metered", NULL, NULL, FALSE, flags);
  /* Whether the services let nobody in until the account is signed in again; all local data can be used. */
  properties[PROP_SIGN_IN_REQUIRED] = g_param_spec_boolean ("sign-in-required", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
tvm_sync_engine_init (TvmSyncEngine *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->shown.interval_minutes = self->wanted.interval_minutes = -1;
  g_cond_init (&self->run_ended);
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->session_mutex);
  g_mutex_init (&self->command_mutex);
  g_mutex_init (&self->push_mutex);
}

/* ---- public */

/**
 * tvm_sync_engine_new:
 * @store: the profile's store
 * @profile: the profile's name; its tokens are in the keyring under it
 * @memory_vault: whether tokens are kept in memory instead, for the demo and tests
 *
 * Returns: (transfer full): an engine whose properties change on this thread's main context
 */
TvmSyncEngine *
tvm_sync_engine_new (TvmStore    *store,
                     const char  *profile,
                     gboolean     memory_vault)
{
  TvmSyncEngine *self;

  g_return_val_if_fail (TVM_IS_STORE (store), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (TVM_TYPE_SYNC_ENGINE, NULL);
  self->store = g_object_ref (store);
  self->profile = g_strdup (profile);
  self->memory_vault = memory_vault;
  return self;
}

/**
 * tvm_sync_engine_get_store:
 * Returns: (transfer none): the profile's store
 */
TvmStore *
tvm_sync_engine_get_store (TvmSyncEngine *self)
{
  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  return self->store;
}
