/* tvm-context.h: builds store, engine and, for the demo, its tenant, once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-demo-team.h"
#include "tvm-demo-tenant.h"
G_BEGIN_DECLS

typedef struct
{
  TvmStore      *store;      /* (owned) */
  TvmSyncEngine *engine;     /* (owned) */
  TvmDemoTenant *tenant;     /* (owned) (nullable) */
  TvmDemoTeam   *team;       /* (owned) (nullable): the demo's */
  char          *directory;  /* (owned) (nullable): the demo's throw-away profile */
  gboolean       is_new;     /* nobody is signed in and nothing was ever synced */
} TvmContext;

TvmContext *tvm_context_open      (const char *profile, GError **error);
TvmContext *tvm_context_open_demo (GError **error);
void        tvm_context_follow_demo (TvmContext *self, TvmWindow *window);
void        tvm_context_rest      (TvmContext *self);
void        tvm_context_close     (TvmContext *self);

G_END_DECLS
