/* test-changes.c: which lists of devices a repeated sync pulls again. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"

#include <string.h>

#define CHANGES "/api/machines/SoftwareVulnerabilityChangesByMachine"

/* How often the tenant was asked for the exposed devices of a recommendation. */
static int
count_pulls (SyncFixture *self, const char *id)
{
  g_autoptr(JsonObject) stats = sync_fixture_order (self, "stats", NULL);
  g_autofree char *key = g_strdup_printf ("GET /api/recommendations/%s/machinereferences", id);

  return (int) json_object_get_int_member_with_default (json_object_get_object_member (stats, "requests"), key, 0);
}

static gboolean
is_exposed (SyncFixture *self, const char *id, const char *device_id)
{
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, id);

  for (guint i = 0; i < devices->len; i++)
    if (strcmp (((const TvmDevice *) devices->pdata[i])->id, device_id) == 0)
      return TRUE;
  return FALSE;
}

static void
change (SyncFixture *self, const char *id, const char *word, const char *device_id)
{
  g_autofree char *path = g_strdup_printf ("recommendations/%s/%s", id, word);
  g_autofree char *body = g_strdup_printf ("{\"devices\":[\"%s\"]}", device_id);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, path, body);

  g_assert_cmpint (json_object_get_int_member (answer, "changed"), ==, 1);
}

/* Returns: (transfer full): a recommendation of software with an activity, whose devices were pulled */
static TvmRecommendation *
track_one (SyncFixture *self)
{
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmRecommendation *about;

  sync_fixture_sync_plain (self);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (about, FALSE);
  activity = sync_fixture_submit (self, request);
  g_assert_nonnull (activity);
  sync_fixture_sync_plain (self);
  return about;
}

/* Nothing moved: the list stays as it is. A number moved: it is pulled. */
static void
test_numbers (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = track_one (self);
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, about->id);
  const char *one = ((const TvmDevice *) devices->pdata[0])->id;
  int n_pulls = count_pulls (self, about->id);

  g_assert_cmpint (n_pulls, >, 0);
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_pulls (self, about->id), ==, n_pulls);
  change (self, about->id, "patch", one);
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_pulls (self, about->id), ==, n_pulls + 1);
  g_assert_false (is_exposed (self, about->id, one));
}

/* One device is patched, another exposed: the number is the same, and the service tells of both. */
static void
test_swap (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = track_one (self);
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, about->id);
  const char *first = ((const TvmDevice *) devices->pdata[0])->id;
  const char *second = ((const TvmDevice *) devices->pdata[1])->id;

  change (self, about->id, "patch", first);
  sync_fixture_sync_plain (self);
  change (self, about->id, "expose", first);
  change (self, about->id, "patch", second);
  sync_fixture_sync_plain (self);
  g_assert_true (is_exposed (self, about->id, first));
  g_assert_false (is_exposed (self, about->id, second));
}

/* Where the service does not tell what changed, nothing is taken for unchanged, and that is no error. */
static void
test_not_told (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = track_one (self);
  int n_pulls = count_pulls (self, about->id);

  sync_fixture_fault (self, CHANGES, "GET", "\"status\":404");
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_pulls (self, about->id), ==, n_pulls + 1);
  sync_fixture_fault (self, CHANGES, "GET", "\"kind\":\"wrong-shape\",\"times\":99");
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_pulls (self, about->id), ==, n_pulls + 2);
}

/* A whole sync pulls everything, and does not ask. */
static void
test_full (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = track_one (self);
  int n_pulls = count_pulls (self, about->id);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (count_pulls (self, about->id), ==, n_pulls + 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name, func) \
  g_test_add ("/sync/changes/" name, SyncFixture, NULL, sync_fixture_set_up, func, sync_fixture_tear_down)
  ADD ("numbers", test_numbers);
  ADD ("swap", test_swap);
  ADD ("not-told", test_not_told);
  ADD ("full", test_full);
#undef ADD
  return g_test_run ();
}
