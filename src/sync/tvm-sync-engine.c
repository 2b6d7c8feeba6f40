/* tvm-sync-engine.c: the engine: its connection to the services, its settings, one whole sync.
 * Blocking calls, from any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-engine.h"

#include "tvm-error.h"
#include "tvm-settings-private.h"
#include "tvm-sync-engine-private.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum {
  PROP_SYNCING = 1, PROP_STEP, PROP_N_DONE, PROP_N_STEPS, PROP_NEXT_CALL_US, PROP_LAST_ERROR,
  PROP_LAST_SYNC_US, PROP_ACCOUNT, PROP_ACCOUNT_NAME, PROP_TENANT, PROP_INTUNE_CONNECTED, PROP_OUTBOX,
} TvmSyncEngineProperty;

G_DEFINE_FINAL_TYPE (TvmSyncEngine, tvm_sync_engine, G_TYPE_OBJECT)

static void
tvm_sync_engine_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TvmSyncEngine *self = TVM_SYNC_ENGINE (object);

  switch ((TvmSyncEngineProperty) prop_id)
    {
    case PROP_SYNCING:
      g_value_set_boolean (value, self->syncing);
      break;
    case PROP_STEP:
      g_value_set_string (value, self->step);
      break;
    case PROP_N_DONE:
      g_value_set_int (value, self->n_done);
      break;
    case PROP_N_STEPS:
      g_value_set_int (value, self->n_steps);
      break;
    case PROP_NEXT_CALL_US:
      g_value_set_int64 (value, self->next_call_us);
      break;
    case PROP_LAST_ERROR:
      g_value_set_string (value, self->last_error);
      break;
    case PROP_LAST_SYNC_US:
      g_value_set_int64 (value, self->last_sync_us);
      break;
    case PROP_ACCOUNT:
      g_value_set_string (value, self->account);
      break;
    case PROP_ACCOUNT_NAME:
      g_value_set_string (value, self->account_name);
      break;
    case PROP_TENANT:
      g_value_set_string (value, self->tenant);
      break;
    case PROP_INTUNE_CONNECTED:
      g_value_set_boolean (value, self->intune_connected);
      break;
    case PROP_OUTBOX:
      g_value_set_int (value, self->outbox);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tvm_sync_engine_dispose (GObject *object)
{
  TvmSyncEngine *self = TVM_SYNC_ENGINE (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  tvm_sync_engine_drop_connection (self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (tvm_sync_engine_parent_class)->dispose (object);
}

static void
tvm_sync_engine_finalize (GObject *object)
{
  TvmSyncEngine *self = TVM_SYNC_ENGINE (object);

  g_free (self->profile);
  g_free (self->step);
  g_free (self->last_error);
  g_free (self->account);
  g_free (self->account_name);
  g_free (self->tenant);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->connection_mutex);
  g_mutex_clear (&self->work_mutex);
  G_OBJECT_CLASS (tvm_sync_engine_parent_class)->finalize (object);
}

static void
tvm_sync_engine_class_init (TvmSyncEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  static const struct { guint id; const char *name; } strings[] = {
    { PROP_STEP, "step" }, { PROP_LAST_ERROR, "last-error" }, { PROP_ACCOUNT, "account" },
    { PROP_ACCOUNT_NAME, "account-name" }, { PROP_TENANT, "tenant" },
  }, ints[] = { { PROP_N_DONE, "n-done" }, { PROP_N_STEPS, "n-steps" }, { PROP_OUTBOX, "outbox" } },
    instants[] = { { PROP_NEXT_CALL_US, "next-call-us" }, { PROP_LAST_SYNC_US, "last-sync-us" } },
    flags_of[] = { { PROP_SYNCING, "syncing" }, { PROP_INTUNE_CONNECTED, "intune-connected" } };

  object_class->get_property = tvm_sync_engine_get_property;
  object_class->dispose = tvm_sync_engine_dispose;
  object_class->finalize = tvm_sync_engine_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_object_class_install_property (object_class, strings[i].id,
                                     g_param_spec_string (strings[i].name, NULL, NULL, NULL, flags));
  for (guint i = 0; i < G_N_ELEMENTS (ints); i++)
    g_object_class_install_property (object_class, ints[i].id,
                                     g_param_spec_int (ints[i].name, NULL, NULL, 0, G_MAXINT, 0, flags));
  for (guint i = 0; i < G_N_ELEMENTS (instants); i++)
    g_object_class_install_property (object_class, instants[i].id,
                                     g_param_spec_int64 (instants[i].name, NULL, NULL, 0, G_MAXINT64, 0,
                                                         flags));
  for (guint i = 0; i < G_N_ELEMENTS (flags_of); i++)
    g_object_class_install_property (object_class, flags_of[i].id,
                                     g_param_spec_boolean (flags_of[i].name, NULL, NULL, FALSE, flags));
}

static void
tvm_sync_engine_init (TvmSyncEngine *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->connection_mutex);
  g_mutex_init (&self->work_mutex);
}

/**
 * tvm_sync_engine_new:
 * @store: the profile's store
 * @profile: the profile's name, under which its tokens are kept
 * @memory_vault: whether tokens stay in memory (demo, tests) instead of the Secret Service
 *
 * Returns: (transfer full): an engine whose properties change on the calling thread's main context
 */
TvmSyncEngine *
tvm_sync_engine_new (TvmStore   *store,
                     const char *profile,
                     gboolean    memory_vault)
{
  TvmSyncEngine *self = g_object_new (TVM_TYPE_SYNC_ENGINE, NULL);

  self->store = g_object_ref (store);
  self->profile = g_strdup (profile);
  self->memory_vault = memory_vault;
  return self;
}

/**
 * tvm_sync_engine_get_store:
 * @self: an engine
 *
 * Returns: (transfer none): its store
 */
TvmStore *
tvm_sync_engine_get_store (TvmSyncEngine *self)
{
  return self->store;
}

/* ---- connection ---------------------------------------------------------------------------- */

static TvmEndpoints *
make_endpoints (TvmSyncEngine *self,
                GError       **error)
{
  static const char *const keys[] = { "cloud", "authority-url", "defender-url", "graph-url",
                                      "tenant-id", "client-id" };
  char *values[G_N_ELEMENTS (keys)] = { NULL };
  TvmEndpoints *endpoints = NULL;
  guint n = 0;

  for (; n < G_N_ELEMENTS (keys); n++)
    {
      values[n] = tvm_sync_engine_get_config (self, keys[n], error);
      if (values[n] == NULL)
        break;
    }
  if (n == G_N_ELEMENTS (keys))
    endpoints = tvm_endpoints_new (values[0], values[1], values[2], values[3], values[4], values[5],
                                   error);
  for (guint i = 0; i < n; i++)
    g_free (values[i]);
  return endpoints;
}

/* Makes what is missing; connection_mutex is held. */
static gboolean
ensure_connection (TvmSyncEngine *self,
                   GError       **error)
{
  if (self->client != NULL)
    return TRUE;
  self->endpoints = make_endpoints (self, error);
  if (self->endpoints == NULL)
    return FALSE;
  self->sign_in = tvm_sign_in_new (self->endpoints,
                                   self->memory_vault ? tvm_token_vault_new_memory ()
                                                      : tvm_token_vault_new_keyring (self->profile));
  self->client = tvm_client_new (self->endpoints, self->sign_in);
  return TRUE;
}

/* (transfer full) */
TvmSignIn *
tvm_sync_engine_dup_sign_in (TvmSyncEngine *self,
                             GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->connection_mutex);

  return ensure_connection (self, error) ? g_object_ref (self->sign_in) : NULL;
}

/* (transfer full) */
TvmClient *
tvm_sync_engine_dup_client (TvmSyncEngine *self,
                            GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->connection_mutex);

  return ensure_connection (self, error) ? g_object_ref (self->client) : NULL;
}

void
tvm_sync_engine_drop_connection (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->connection_mutex);

  g_clear_object (&self->client);
  g_clear_object (&self->sign_in);
  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
}

/**
 * tvm_sync_engine_sign_in_with_device_code:
 * @self: an engine
 * @show: (scope call) (nullable): shows the code and the page to type it in; on the calling thread
 * @user_data: for @show
 * @cancellable: (nullable): gives up waiting
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether somebody is signed in now
 */
gboolean
tvm_sync_engine_sign_in_with_device_code (TvmSyncEngine     *self,
                                          TvmDeviceCodeFunc  show,
                                          gpointer           user_data,
                                          GCancellable      *cancellable,
                                          GError           **error)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sync_engine_dup_sign_in (self, error);

  return sign_in != NULL &&
         tvm_sign_in_with_device_code (sign_in, show, user_data, cancellable, error);
}

/**
 * tvm_sync_engine_sign_out:
 * @self: an engine
 * @error: return location for a #TvmError
 *
 * Forgets the tokens; the profile's data stays.
 *
 * Returns: %FALSE when the keyring could not be reached
 */
gboolean
tvm_sync_engine_sign_out (TvmSyncEngine *self,
                          GError       **error)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sync_engine_dup_sign_in (self, error);

  return sign_in != NULL && tvm_sign_in_sign_out (sign_in, error);
}

/**
 * tvm_sync_engine_dup_account:
 * @self: an engine
 * @error: return location for %TVM_ERROR_AUTH_REQUIRED and others
 *
 * Returns: (transfer full) (nullable): who is signed in
 */
TvmAccount *
tvm_sync_engine_dup_account (TvmSyncEngine *self,
                             GError       **error)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sync_engine_dup_sign_in (self, error);

  return sign_in != NULL ? tvm_sign_in_dup_account (sign_in, error) : NULL;
}

/* ---- settings ------------------------------------------------------------------------------ */

/**
 * tvm_sync_engine_get_config:
 * @self: an engine
 * @key: a setting's name
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): its value, the default where it was never set
 */
char *
tvm_sync_engine_get_config (TvmSyncEngine *self,
                            const char    *key,
                            GError       **error)
{
  const TvmSettingInfo *info = tvm_setting_find (key, error);
  g_autoptr(GError) local_error = NULL;
  char *value;

  if (info == NULL)
    return NULL;
  value = tvm_store_get_setting (self->store, key, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return value != NULL ? value : g_strdup (info->default_value);
}

gboolean
tvm_sync_engine_intune_is_on (TvmSyncEngine *self,
                              gboolean      *out,
                              GError       **error)
{
  g_autofree char *value = tvm_sync_engine_get_config (self, "intune-connection", error);

  *out = g_strcmp0 (value, "true") == 0;
  return value != NULL;
}

/* R1: the extra permission and one call; only then the connection may be on. */
static gboolean
check_intune (TvmSyncEngine *self,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TvmClient) client = tvm_sync_engine_dup_client (self, error);
  GError *local_error = NULL;

  if (client == NULL)
    return FALSE;
  if (tvm_client_check_intune (client, cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
                 /* Translators: %s is what the service said. */
                 _("The Microsoft Intune connection stays off: the account may not manage Intune "
                   "security tasks. Ask an administrator to consent to "
                   "DeviceManagementApps.ReadWrite.All and to assign an Intune licence. (%s)"),
                 local_error->message);
  else if (local_error->domain == TVM_ERROR)
    g_set_error (error, TVM_ERROR, local_error->code,
                 /* Translators: %s is the reason, a whole sentence. */
                 _("The Microsoft Intune connection stays off. %s"), local_error->message);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  g_clear_error (&local_error);
  return FALSE;
}

/**
 * tvm_sync_engine_set_config:
 * @self: an engine
 * @key: a setting's name
 * @value: its new value
 * @cancellable: (nullable): for the check of the Microsoft Intune connection
 * @error: return location for a #TvmError
 *
 * Sets a setting. Another cloud, address, tenant or client id signs nobody in there: the
 * connection is made anew and the Microsoft Intune connection goes off.
 *
 * Returns: %FALSE on error; the setting is then as before
 */
gboolean
tvm_sync_engine_set_config (TvmSyncEngine *self,
                            const char    *key,
                            const char    *value,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autofree char *before = tvm_sync_engine_get_config (self, key, error);

  if (before == NULL || !tvm_setting_check (key, value, error))
    return FALSE;
  if (strcmp (key, "intune-connection") == 0 && strcmp (value, "true") == 0 &&
      !check_intune (self, cancellable, error))
    return FALSE;
  if (strcmp (before, value) == 0)
    return TRUE;
  if (!tvm_store_set_setting (self->store, key, value, error))
    return FALSE;
  if (!tvm_setting_is_of_connection (key))
    return TRUE;
  tvm_sync_engine_drop_connection (self);
  return tvm_store_set_setting (self->store, "intune-connection", NULL, error);
}

/* ---- a sync -------------------------------------------------------------------------------- */

/* Tells the caller and the window how far the run is. */
void
tvm_sync_run_tell (TvmSyncRun *run,
                   gint64      next_call_us)
{
  if (run->progress != NULL)
    run->progress (run->step, run->n_done, run->n_steps, next_call_us, run->progress_data);
  tvm_sync_engine_show_progress (run->engine, TRUE, run->step, run->n_done, run->n_steps, next_call_us);
}

/* Begins the next step. */
void
tvm_sync_run_step (TvmSyncRun *run,
                   const char *step)
{
  if (run->step != NULL)
    run->n_done++;
  run->step = step;
  tvm_sync_run_tell (run, 0);
}

static void
waited_cb (gint64   next_call_us,
           gpointer user_data)
{
  TvmSyncRun *run = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  tvm_sync_run_tell (run, next_call_us);
}

static void
run_sync (TvmSyncRun *run)
{
  GError *push_error = NULL;

  run->client = tvm_sync_engine_dup_client (run->engine, &run->first_error);
  if (run->client == NULL ||
      !tvm_sync_engine_intune_is_on (run->engine, &run->intune_connected, &run->first_error))
    return;
  tvm_client_set_wait_func (run->client, waited_cb, run);
  tvm_sync_run_step (run, "outbox");
  if (!tvm_sync_push (run->engine, run->client, NULL, run->cancellable, &push_error))
    run->first_error = push_error;
  if (push_error == NULL || !g_error_matches (push_error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED))
    tvm_sync_run_pull (run);
  tvm_client_set_wait_func (run->client, NULL, NULL);
}

/**
 * tvm_sync_engine_sync:
 * @self: an engine
 * @full: whether the device lists of all recommendations are pulled, not only of tracked ones
 * @progress: (scope call) (nullable): told about each step, on this thread or a worker's
 * @user_data: for @progress
 * @cancellable: (nullable): stops it; whole lists that arrived stay
 * @error: return location for the first error
 *
 * Pushes the outbox, then pulls. A list that fails leaves its old rows; the rest goes on where
 * that makes sense (R13).
 *
 * Returns: (transfer full) (element-type TvmListResult): what each whole list changed, also when
 *   @error is set
 */
GPtrArray *
tvm_sync_engine_sync (TvmSyncEngine    *self,
                      gboolean          full,
                      TvmSyncProgress   progress,
                      gpointer          user_data,
                      GCancellable     *cancellable,
                      GError          **error)
{
  TvmSyncRun run = { .engine = self, .progress = progress, .progress_data = user_data,
                     .cancellable = cancellable, .full = full, .n_steps = 8 };

  run.results = g_ptr_array_new_with_free_func (g_free);
  if (!g_atomic_int_compare_and_exchange (&self->is_syncing, FALSE, TRUE))
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("A synchronization is already running. Wait until it is done."));
      return run.results;
    }
  g_mutex_init (&run.mutex);
  g_mutex_lock (&self->work_mutex);
  run_sync (&run);
  if (run.first_error == NULL || run.first_error->domain == TVM_ERROR)
    tvm_store_note_sync (self->store, tvm_now_us (),
                         run.first_error != NULL ? run.first_error->message : NULL,
                         run.first_error == NULL ? &run.first_error : NULL);
  g_mutex_unlock (&self->work_mutex);
  g_mutex_clear (&run.mutex);
  g_clear_object (&run.client);
  g_atomic_int_set (&self->is_syncing, FALSE);
  tvm_sync_engine_show_progress (self, FALSE, NULL, 0, 0, 0);
  if (run.first_error != NULL)
    g_propagate_error (error, run.first_error);
  return run.results;
}
