/* odd.c: what tests of odd services share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "odd.h"
#include "tvm-time.h"

const SyncFixtureOptions odd_connected = { .intune = TRUE };

void
odd_set_up (SyncFixture *self, gconstpointer options)
{
  tvm_set_virtual_waits (TRUE);
  sync_fixture_set_up (self, options);
}

void
odd_tear_down (SyncFixture *self, gconstpointer options)
{
  sync_fixture_tear_down (self, options);
  tvm_set_virtual_waits (FALSE);
}

GPtrArray *
odd_list (SyncFixture *self, const TvmQuery *query)
{
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  GPtrArray *records = tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data,
                                               keys->len, NULL);

  g_assert_nonnull (records);
  return records;
}

guint
odd_count (SyncFixture *self, const TvmQuery *query)
{
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);

  return keys->len;
}
