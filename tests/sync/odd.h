/* odd.h: what tests of odd services share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "sync-fixture.h"

#define ALWAYS "\"times\":999"
#define TASKS  "/beta/deviceAppManagement/deviceAppManagementTasks"

extern const SyncFixtureOptions odd_connected;

/* As the sync fixture, but nothing really waits. */
void       odd_set_up    (SyncFixture *self, gconstpointer options);
void       odd_tear_down (SyncFixture *self, gconstpointer options);
/* The records of a list, without a function that frees them. */
GPtrArray *odd_list      (SyncFixture *self, const TvmQuery *query);
guint      odd_count     (SyncFixture *self, const TvmQuery *query);
