/* faults-dump.h: what a store holds, to compare before, after and in between.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "sync-fixture.h"

#define FAULTS_DUMP_N_TABLES 14

/* by table: whose list, or "", to a text of its rows */
typedef struct { GHashTable *tables[FAULTS_DUMP_N_TABLES]; int n_scores[2]; } FaultsDump;

FaultsDump *faults_dump_store (SyncFixture *sync);
void        faults_dump_free  (FaultsDump *dump);
void        faults_dump_check (const char *what, const FaultsDump *before,
                               const FaultsDump *between, const FaultsDump *after);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultsDump, faults_dump_free)
