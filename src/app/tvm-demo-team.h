/* tvm-demo-team.h: the team that the demo's profile is in, where PostgreSQL is installed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
#include "tvm-window.h"
G_BEGIN_DECLS

typedef struct _TvmDemoTeam TvmDemoTeam;

TvmDemoTeam *tvm_demo_team_new    (TvmStore *store, TvmSyncEngine *engine);
void         tvm_demo_team_follow (TvmDemoTeam *self, TvmWindow *window);
void         tvm_demo_team_rest   (TvmDemoTeam *self);
void         tvm_demo_team_free   (TvmDemoTeam *self);

G_END_DECLS
