/* truth.h: what the tests of lists that tell something wrong share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "sync-fixture.h"

#define TRUTH_TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"

/* The most exposed update but the first recommendation, which short lists still have. */
TvmRecommendation *truth_pick (SyncFixture *self);
/* Synchronizes, and requests that one. */
TvmActivity *truth_request (SyncFixture *self, gboolean with_ticket);
void         truth_assert_activity (SyncFixture *self, const TvmActivity *activity,
                                    TvmActivityStatus status, int n_fixed);
char        *truth_details_path (const TvmActivity *activity, const char *list);
/* Synchronizes everything; returns how many lists of that name were doubted. */
int          truth_sync_doubtful (SyncFixture *self, const char *name);

#define TRUTH_ADD(path, options, test) \
  g_test_add (path, SyncFixture, options, sync_fixture_set_up, test, sync_fixture_tear_down)
