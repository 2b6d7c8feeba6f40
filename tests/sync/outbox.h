/* outbox.h: what the tests of the outbox share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "sync-fixture.h"

#define OUTBOX_TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"
#define OUTBOX_ADD(path, test) \
  g_test_add (path, SyncFixture, &connected, sync_fixture_set_up, test, sync_fixture_tear_down)

TvmActivity    *outbox_submit         (SyncFixture *self, TvmRemediationType type);
gint64          outbox_first_key      (SyncFixture *self);
TvmOutboxEntry *outbox_first_entry    (SyncFixture *self);
int             outbox_push_due       (SyncFixture *self);
guint           outbox_count_posts    (SyncFixture *self);
gboolean        outbox_has_line       (SyncFixture *self, const char *activity_id, const char *kind);
void            outbox_assert_revoked (SyncFixture *self, const TvmActivity *activity);
