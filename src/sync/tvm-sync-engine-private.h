/* tvm-sync-engine-private.h: what the engine's parts share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
G_BEGIN_DECLS

struct _TvmSyncEngine
{
  GObject        parent_instance;
  TvmStore      *store;             /* (owned) */
  char          *profile;           /* (owned) */
  gboolean       memory_vault;
  GMainContext  *context;           /* (owned) where properties change */

  GMutex         connection_mutex;  /* guards the three below */
  TvmEndpoints  *endpoints;         /* (owned) (nullable): made when first needed */
  TvmSignIn     *sign_in;           /* (owned) (nullable) */
  TvmClient     *client;            /* (owned) (nullable) */

  GMutex         work_mutex;        /* one sync or outgoing command at a time */
  int            is_syncing;        /* atomic */

  /* Main context only: the properties. */
  gboolean       syncing, intune_connected;
  char          *step, *last_error, *account, *account_name, *tenant;
  int            n_done, n_steps, outbox;
  gint64         next_call_us, last_sync_us;
  gboolean       is_automatic;
  guint          timer_id;
};

/* One run of a sync: where its progress goes and what it found. Used on the sync's thread; the
 * workers that pull device lists hold mutex. */
typedef struct
{
  TvmSyncEngine   *engine;
  TvmClient       *client;
  GPtrArray       *results;     /* of TvmListResult */
  TvmSyncProgress  progress;
  gpointer         progress_data;
  GCancellable    *cancellable;
  GError          *first_error; /* (owned) (nullable) */
  GMutex           mutex;
  const char      *step;
  int              n_done, n_steps;
  gboolean         full, intune_connected;
} TvmSyncRun;

TvmSignIn *tvm_sync_engine_dup_sign_in (TvmSyncEngine *self, GError **error);
TvmClient *tvm_sync_engine_dup_client  (TvmSyncEngine *self, GError **error);
void       tvm_sync_engine_drop_connection (TvmSyncEngine *self);
gboolean   tvm_sync_engine_intune_is_on (TvmSyncEngine *self, gboolean *out, GError **error);
void       tvm_sync_run_tell           (TvmSyncRun *run, gint64 next_call_us);
void       tvm_sync_run_step           (TvmSyncRun *run, const char *step);
void       tvm_sync_run_pull           (TvmSyncRun *run);
gboolean   tvm_sync_push               (TvmSyncEngine *self, TvmClient *client, int *out_sent, GCancellable *cancellable, GError **error);
void       tvm_sync_engine_show_progress (TvmSyncEngine *self, gboolean syncing, const char *step, int n_done, int n_steps, gint64 next_call_us);

G_END_DECLS
