/* tvm-context.c: builds store, engine and, for the demo, its tenant, once. Opening blocks: it runs
 * on a worker while the window already shows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-context.h"

#include "tvm-demo-past.h"

#define DEMO_CLIENT_ID "6d2c9d7e-3b0a-4f4e-9c55-0c1d2e3f4a5b"

/* The name under which the demo's profile would keep tokens; its vault is memory. */
#define DEMO_PROFILE "demo"

static gboolean
open_profile (TvmContext  *self,
              const char  *directory,
              const char  *profile,
              gboolean     memory_vault,
              GError     **error)
{
  self->store = tvm_store_open (directory, error);
  if (self->store == NULL)
    return FALSE;
  self->engine = tvm_sync_engine_new (self->store, profile, memory_vault);
  tvm_sync_engine_set_caller (self->engine, TVM_CALLER_WINDOW);
  return TRUE;
}

/**
 * tvm_context_open:
 * @profile: the profile's name
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the open profile
 */
TvmContext *
tvm_context_open (const char  *profile,
                  GError     **error)
{
  TvmContext *self = g_new0 (TvmContext, 1);
  g_autofree char *directory = tvm_profile_dir (profile);
  g_autoptr(TvmAccount) account = NULL;
  gint64 last_sync_us = 0;

  if (!open_profile (self, directory, profile, FALSE, error))
    {
      tvm_context_close (self);
      return NULL;
    }
  tvm_store_last_sync (self->store, &last_sync_us, NULL, NULL);
  if (last_sync_us == 0) /* else a slow keyring need not keep the window waiting */
    account = tvm_sync_engine_dup_account (self->engine, NULL, NULL);
  self->is_new = account == NULL && last_sync_us == 0;
  return self;
}

static gboolean
connect_demo (TvmContext  *self,
              GError     **error)
{
  const char *uri = tvm_demo_tenant_get_uri (self->tenant);
  const char *const settings[][2] = {
    { "cloud", "custom" }, { "authority-url", uri }, { "defender-url", uri }, { "graph-url", uri },
    { "tenant-id", "organizations" }, { "client-id", DEMO_CLIENT_ID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (!tvm_sync_engine_set_config (self->engine, settings[i][0], settings[i][1], NULL, error))
      return FALSE;
  return tvm_sync_engine_sign_in_with_device_code (self->engine, FALSE, NULL, NULL, NULL, error);
}

/**
 * tvm_context_open_demo:
 * @error: return location for an error
 *
 * Starts the demo tenant and signs in to it, in a profile that tvm_context_close() throws away.
 *
 * Returns: (transfer full) (nullable): the open demo
 */
TvmContext *
tvm_context_open_demo (GError **error)
{
  TvmContext *self = g_new0 (TvmContext, 1);
  TvmDemoOptions options;

  tvm_demo_options_init (&options);
  options.auto_approve = TRUE;
  options.alive = TRUE;
  options.device_code_interval = 1;
  self->tenant = tvm_demo_tenant_new (&options);
  self->directory = g_dir_make_tmp ("tvm-remediate-demo-XXXXXX", error);
  if (self->directory == NULL || !tvm_demo_tenant_start (self->tenant, error) ||
      !open_profile (self, self->directory, DEMO_PROFILE, TRUE, error) ||
      !connect_demo (self, error))
    {
      tvm_context_close (self);
      return NULL;
    }
  tvm_demo_past_begin (self->store, options.recommendations, options.activities);
  self->team = tvm_demo_team_new (self->store, self->engine);
  return self;
}

/**
 * tvm_context_follow_demo:
 * @self: an open demo whose first sync did not begin yet
 * @window: its window
 *
 * Lets past and team of the demo follow the first sync. Main thread.
 */
void
tvm_context_follow_demo (TvmContext *self,
                         TvmWindow  *window)
{
  tvm_demo_past_follow (self->store, self->engine);
  tvm_demo_team_follow (self->team, window);
}

/**
 * tvm_context_rest:
 * @self: a context
 *
 * Nothing begins by itself any more. Main thread, before tvm_context_close().
 */
void
tvm_context_rest (TvmContext *self)
{
  tvm_sync_engine_set_automatic (self->engine, FALSE);
  if (self->team != NULL)
    tvm_demo_team_rest (self->team);
}

/**
 * tvm_context_close:
 * @self: (transfer full): a context that rests
 *
 * Closes everything in order; the demo's profile is removed. Blocks: a sign-in that is just being
 * renewed is kept first, which takes about 20 seconds at most.
 */
void
tvm_context_close (TvmContext *self)
{
  g_clear_pointer (&self->team, tvm_demo_team_free);
  tvm_sign_in_await_stakes ();
  g_clear_object (&self->engine);
  if (self->store != NULL)
    tvm_store_close (self->store);
  g_clear_object (&self->store);
  if (self->tenant != NULL)
    tvm_demo_tenant_stop (self->tenant);
  g_clear_pointer (&self->tenant, tvm_demo_tenant_free);
  if (self->directory != NULL)
    tvm_profile_delete (self->directory, NULL);
  g_free (self->directory);
  g_free (self);
}
