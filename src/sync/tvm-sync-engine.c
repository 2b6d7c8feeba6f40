/* tvm-sync-engine.c: the engine's properties, and its automatic syncs, which its schedule starts.
 * Properties belong to the main context, the rest to any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-time.h"

typedef enum {
  PROP_SYNCING = 1,
  PROP_STEP,
  PROP_FRACTION,
  PROP_NEXT_CALL_US,
  PROP_LAST_ERROR,
  PROP_LAST_SYNC_US,
  PROP_TICKETS_US,
  PROP_ACCOUNT,
  PROP_ACCOUNT_NAME,
  PROP_TENANT,
  PROP_INTUNE_CONNECTED,
  PROP_OUTBOX,
  PROP_OUTBOX_PARKED,
  PROP_OFFLINE,
  PROP_METERED,
  PROP_SIGN_IN_REQUIRED,
  PROP_KEYRING_LOCKED,
  PROP_KEYRING_WARNING,
  PROP_FILES,
  PROP_CLOCK_WARNING,
  PROP_BACKUP_WARNING,
  PROP_TEAM_RIGHT,
  PROP_ASKED_TO_WAIT,
} TvmSyncEngineProperty;

G_DEFINE_FINAL_TYPE (TvmSyncEngine, tvm_sync_engine, G_TYPE_OBJECT)

static GParamSpec *properties[PROP_ASKED_TO_WAIT + 1];

static void
notify_differences (TvmSyncEngine      *self,
                    const TvmSyncState *old)
{
  const TvmSyncState *new = &self->shown;
  const gboolean differs[] = {
    [PROP_SYNCING] = old->syncing != new->syncing,
    [PROP_STEP] = g_strcmp0 (old->step, new->step) != 0,
    [PROP_FRACTION] = old->fraction != new->fraction,
    [PROP_ASKED_TO_WAIT] = old->is_asked != new->is_asked,
    [PROP_NEXT_CALL_US] = old->next_call_us != new->next_call_us,
    [PROP_LAST_ERROR] = g_strcmp0 (old->last_error, new->last_error) != 0,
    [PROP_LAST_SYNC_US] = old->last_sync_us != new->last_sync_us,
    [PROP_TICKETS_US] = old->tickets_us != new->tickets_us,
    [PROP_ACCOUNT] = g_strcmp0 (old->account, new->account) != 0,
    [PROP_ACCOUNT_NAME] = g_strcmp0 (old->account_name, new->account_name) != 0,
    [PROP_TENANT] = g_strcmp0 (old->tenant, new->tenant) != 0,
    [PROP_INTUNE_CONNECTED] = old->intune_connected != new->intune_connected,
    [PROP_OUTBOX] = old->outbox != new->outbox,
    [PROP_OUTBOX_PARKED] = old->outbox_parked != new->outbox_parked,
    [PROP_SIGN_IN_REQUIRED] = old->sign_in_required != new->sign_in_required,
    [PROP_KEYRING_LOCKED] = old->keyring_locked != new->keyring_locked,
    [PROP_KEYRING_WARNING] = g_strcmp0 (old->keyring_warning, new->keyring_warning) != 0,
    [PROP_FILES] = g_strcmp0 (old->files, new->files) != 0,
    [PROP_CLOCK_WARNING] = g_strcmp0 (old->clock_warning, new->clock_warning) != 0,
    [PROP_BACKUP_WARNING] = g_strcmp0 (old->backup_warning, new->backup_warning) != 0,
    [PROP_TEAM_RIGHT] = g_strcmp0 (old->team_right, new->team_right) != 0,
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
  tvm_sync_schedule_set_ready (self->schedule, shown->account != NULL &&
                               !shown->sign_in_required && shown->clock_warning == NULL);
  tvm_sync_clock_watch (self, shown->clock_warning != NULL);
  if (shown->account == NULL || shown->sign_in_required || !shown->intune_connected ||
      shown->interval_minutes <= 0)
    tvm_sync_outbox_disarm (self);
  else if (shown->outbox_due_us != was_due_us || self->outbox_source == NULL)
    tvm_sync_outbox_arm (self, shown->outbox_due_us);
}

/**
 * tvm_sync_engine_set_automatic:
 * @self: an engine
 * @is_automatic: whether to synchronize by itself
 *
 * Synchronizes as soon as somebody is signed in, then as often as the setting
 * "sync-interval-minutes" says (0 there means never) and when the network is back; over a metered
 * network not at all. Switching it off cancels an automatic sync and a push that run, and has to
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
      tvm_sync_push_cancel (self);
      tvm_sync_outbox_disarm (self);
      self->owes_held = tvm_sync_push_drop_held (self);
      tvm_sync_clock_watch (self, FALSE);
      tvm_sync_team_watch (self, FALSE);
      g_clear_pointer (&self->schedule, tvm_sync_schedule_free);
      return;
    }
  self->schedule = tvm_sync_schedule_new (g_network_monitor_get_default (), self->context, &funcs,
                                          self);
  update_schedule (self, self->shown.outbox_due_us);
  tvm_sync_engine_refresh_state (self);
}

/**
 * tvm_sync_engine_show:
 * @self: an engine whose state is to be shown
 * @old: what was shown before
 *
 * The properties and what starts by itself follow. Main context only.
 */
void
tvm_sync_engine_show (TvmSyncEngine      *self,
                      const TvmSyncState *old)
{
  notify_differences (self, old);
  update_schedule (self, old->outbox_due_us);
  tvm_sync_team_watch (self, self->schedule != NULL && self->shown.team_right != NULL &&
                             self->shown.account != NULL);
}

/* ---- overrides */

static gboolean
ask_schedule (TvmSyncEngine *self, gboolean (*is_so) (TvmSyncSchedule *schedule))
{
  return self->schedule != NULL && is_so (self->schedule);
}

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
    case PROP_FILES:
      g_value_set_string (value, shown->files);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, shown->fraction);
      break;
    case PROP_NEXT_CALL_US:
      g_value_set_int64 (value, shown->next_call_us);
      break;
    case PROP_ASKED_TO_WAIT:
      g_value_set_boolean (value, shown->is_asked);
      break;
    case PROP_LAST_ERROR:
      g_value_set_string (value, shown->last_error);
      break;
    case PROP_LAST_SYNC_US:
      g_value_set_int64 (value, shown->last_sync_us);
      break;
    case PROP_TICKETS_US:
      g_value_set_int64 (value, shown->tickets_us);
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
    case PROP_KEYRING_LOCKED:
      g_value_set_boolean (value, shown->keyring_locked);
      break;
    case PROP_KEYRING_WARNING:
      g_value_set_string (value, shown->keyring_warning);
      break;
    case PROP_CLOCK_WARNING:
      g_value_set_string (value, shown->clock_warning);
      break;
    case PROP_BACKUP_WARNING:
      g_value_set_string (value, shown->backup_warning);
      break;
    case PROP_TEAM_RIGHT:
      g_value_set_string (value, shown->team_right);
      break;
    case PROP_OFFLINE:
      g_value_set_boolean (value, ask_schedule (self, tvm_sync_schedule_is_offline));
      break;
    case PROP_METERED:
      g_value_set_boolean (value, ask_schedule (self, tvm_sync_schedule_is_metered));
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
  tvm_sync_push_drop_held (self);
  tvm_sync_clock_watch (self, FALSE);
  tvm_sync_team_watch (self, FALSE);
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
  g_clear_object (&self->push_cancellable);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->team_trouble, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  tvm_sync_state_clear (&self->shown);
  tvm_sync_state_clear (&self->wanted);
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
  properties[PROP_FILES] = g_param_spec_string ("files", NULL, NULL, NULL, flags);
  /* Which part is done: of the bytes of files while these come, else of the lists, which may
   * become more while a sync runs. */
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  /* Until when a throttled service lets nobody in, in microseconds since 1970; 0 when it does. */
  properties[PROP_NEXT_CALL_US] = g_param_spec_int64 ("next-call-us", NULL, NULL, 0, G_MAXINT64, 0,
                                                      flags);
  /* Whether that service asks for it; else the calls are kept below its limits, or one failed. */
  properties[PROP_ASKED_TO_WAIT] = g_param_spec_boolean ("asked-to-wait", NULL, NULL, FALSE, flags);
  /* (nullable): a localized sentence about the last sync or ticket that failed */
  properties[PROP_LAST_ERROR] = g_param_spec_string ("last-error", NULL, NULL, NULL, flags);
  /* When the last good sync ended, in microseconds since 1970; 0: never */
  properties[PROP_LAST_SYNC_US] = g_param_spec_int64 ("last-sync-us", NULL, NULL, 0, G_MAXINT64, 0,
                                                      flags);
  /* When the tickets last came, which a good sync may have been without; 0: never */
  properties[PROP_TICKETS_US] = g_param_spec_int64 ("tickets-us", NULL, NULL, 0, G_MAXINT64, 0,
                                                    flags);
  /* (nullable): the e-mail address of who is signed in */
  properties[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT_NAME] = g_param_spec_string ("account-name", NULL, NULL, NULL, flags);
  /* (nullable): the signed-in tenant, else the one in the settings */
  properties[PROP_TENANT] = g_param_spec_string ("tenant", NULL, NULL, NULL, flags);
  /* Whether the Microsoft Intune connection is on (R1). */
  properties[PROP_INTUNE_CONNECTED] = g_param_spec_boolean ("intune-connected", NULL, NULL, FALSE,
                                                            flags);
  /* How many tickets wait to be sent. */
  properties[PROP_OUTBOX] = g_param_spec_int ("outbox", NULL, NULL, 0, G_MAXINT, 0, flags);
  /* How many of them were refused and wait for a person. */
  properties[PROP_OUTBOX_PARKED] = g_param_spec_int ("outbox-parked", NULL, NULL, 0, G_MAXINT, 0,
                                                     flags);
  /* Whether there is no network; the services may be out of reach for other reasons. */
  properties[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE, flags);
  /* Whether the network costs by volume, so that no sync starts by itself. */
  properties[PROP_METERED] = g_param_spec_boolean ("metered", NULL, NULL, FALSE, flags);
  /* Whether the services let nobody in until the account is signed in again; all local data can be
   * used. */
  properties[PROP_SIGN_IN_REQUIRED] = g_param_spec_boolean ("sign-in-required", NULL, NULL, FALSE,
                                                            flags);
  /* Whether nobody knows who is signed in until a person unlocks the keyring. */
  properties[PROP_KEYRING_LOCKED] = g_param_spec_boolean ("keyring-locked", NULL, NULL, FALSE,
                                                          flags);
  /* (nullable): why no keyring tells who is signed in */
  properties[PROP_KEYRING_WARNING] = g_param_spec_string ("keyring-warning", NULL, NULL, NULL,
                                                          flags);
  /* (nullable): why this computer's clock is in doubt and what to do; nothing starts by itself */
  properties[PROP_CLOCK_WARNING] = g_param_spec_string ("clock-warning", NULL, NULL, NULL, flags);
  properties[PROP_BACKUP_WARNING] = g_param_spec_string ("backup-warning", NULL, NULL, NULL, flags);
  /* (nullable): a right's word in the team, or "none"; NULL: the profile is in no team */
  properties[PROP_TEAM_RIGHT] = g_param_spec_string ("team-right", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
tvm_sync_engine_init (TvmSyncEngine *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->shown.interval_minutes = self->wanted.interval_minutes = -1;
  self->look_again_us = 30 * TVM_SECOND_US;
  self->hold_us = 8 * TVM_SECOND_US;  /* a toast with a button shows for 7 */
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
 * @self: an engine
 *
 * Returns: (transfer none): the profile's store
 */
TvmStore *
tvm_sync_engine_get_store (TvmSyncEngine *self)
{
  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  return self->store;
}
