/* truth.c: see the header. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth.h"

#include <string.h>

TvmRecommendation *
truth_pick (SyncFixture *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(JsonObject) state = sync_fixture_order (self, "state", NULL);
  g_autoptr(GList) ids = json_object_get_members (json_object_get_object_member (state, "exposed"));
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) list = NULL;
  TvmRecommendation *best = NULL;

  query->type = TVM_TYPE_UPDATE;
  keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  list = tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data, keys->len,
                                 NULL);
  g_ptr_array_set_free_func (list, (GDestroyNotify) tvm_recommendation_unref);
  for (guint i = 0; i < list->len; i++)
    {
      TvmRecommendation *one = list->pdata[i];

      if (strcmp (one->id, ids->data) != 0 &&
          (best == NULL || one->exposed_devices > best->exposed_devices))
        best = one;
    }
  g_assert_nonnull (best);
  g_assert_cmpint (best->exposed_devices, >, 20);
  return tvm_recommendation_ref (best);
}

TvmActivity *
truth_request (SyncFixture *self,
               gboolean     with_ticket)
{
  g_autoptr(TvmRecommendation) one = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  one = truth_pick (self);
  tvm_sync_engine_fetch_recommendation (self->engine, one->id, NULL, &error);
  g_assert_no_error (error);
  request = sync_fixture_new_request (one, with_ticket);
  return sync_fixture_submit (self, request);
}

void
truth_assert_activity (SyncFixture       *self,
                       const TvmActivity *activity,
                       TvmActivityStatus  status,
                       int                n_fixed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) now = tvm_store_get_activity (self->store, activity->id, &error);

  g_assert_no_error (error);
  g_assert_cmpint (now->target_devices, ==, activity->target_devices);
  g_assert_cmpint (now->fixed_devices, ==, n_fixed);
  g_assert_cmpint (now->status, ==, status);
}

char *
truth_details_path (const TvmActivity *activity,
                    const char        *list)
{
  return g_strdup_printf ("/api/recommendations/%s%s", activity->recommendation_id, list);
}

int
truth_sync_doubtful (SyncFixture *self,
                     const char  *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL,
                                                       &error);
  const TvmListResult *result = sync_fixture_find (results, name);
  gint64 good_us = 0;
  g_autofree char *problem = NULL;
  int n_doubtful = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < results->len; i++)
    n_doubtful += ((TvmListResult *) results->pdata[i])->doubtful;
  g_assert_true (tvm_store_last_sync (self->store, &good_us, &problem, NULL));
  g_assert_cmpint (problem != NULL, ==, n_doubtful > 0);
  return result->doubtful;
}
