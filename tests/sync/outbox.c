/* outbox.c: see outbox.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "outbox.h"
#include "tvm-sync-private.h"

#include <string.h>

TvmActivity *
outbox_submit (SyncFixture *self, TvmRemediationType type)
{
  g_autoptr(TvmRecommendation) recommendation = sync_fixture_pick (self, type);
  g_autoptr(TvmRequest) request = sync_fixture_new_request (recommendation, TRUE);

  return sync_fixture_submit (self, request);
}

gint64
outbox_first_key (SyncFixture *self)
{
  g_autoptr(GPtrArray) list = tvm_store_list_outbox (self->store, FALSE, NULL);

  return list->len > 0 ? ((TvmOutboxEntry *) list->pdata[0])->ticket_key : 0;
}

TvmOutboxEntry *
outbox_first_entry (SyncFixture *self)
{
  TvmOutboxEntry *entry = tvm_store_get_outbox_entry (self->store, outbox_first_key (self), NULL);

  g_assert_nonnull (entry);
  return entry;
}

/* As an automatic sync does it: what backs off waits on. */
int
outbox_push_due (SyncFixture *self)
{
  g_autoptr(TvmClient) client = NULL;
  int n_sent = -1;

  g_assert_true (tvm_sync_session_require (self->engine, &client, NULL, NULL, NULL));
  tvm_sync_push (self->engine, client, FALSE, &n_sent, NULL, NULL);
  return n_sent;
}

guint
outbox_count_posts (SyncFixture *self)
{
  return sync_fixture_count_tickets (self, NULL, NULL);
}

gboolean
outbox_has_line (SyncFixture *self, const char *activity_id, const char *kind)
{
  g_autoptr(GPtrArray) history = tvm_store_list_history (self->store, activity_id, NULL);

  for (guint i = 0; i < history->len; i++)
    if (strcmp (((TvmHistoryEntry *) history->pdata[i])->kind, kind) == 0)
      return TRUE;
  return FALSE;
}

void
outbox_assert_revoked (SyncFixture *self, const TvmActivity *activity)
{
  g_autoptr(TvmActivity) after = tvm_store_get_activity (self->store, activity->id, NULL);

  g_assert_cmpint (outbox_first_key (self), ==, 0);
  g_assert_cmpint (after->n_tickets, ==, 0);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
  g_assert_true (outbox_has_line (self, activity->id, "ticket-revoked"));
}
