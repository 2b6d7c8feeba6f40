/* exposure-world.c: see the header. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exposure-world.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <string.h>

void
exposure_world_log (ExposureWorld *self,
                    const char    *format,
                    ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->log, format, args);
  va_end (args);
  g_string_append_c (self->log, '\n');
}

void
exposure_world_fail (ExposureWorld *self,
                     const char    *format,
                     ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->log, format, args);
  va_end (args);
  g_printerr ("%s\nTVM_TEST_SEED=%u runs this sequence alone\n", self->log->str, self->seed);
  g_abort ();
}

int
exposure_world_pick (ExposureWorld *self,
                     int            n)
{
  return g_rand_int_range (self->rand, 0, n);
}

void
exposure_world_pass (ExposureWorld *self,
                     gint64         by_us)
{
  tvm_set_clock_us (tvm_now_us () + by_us);
}

static const char *
pick_of (ExposureWorld *self,
         GPtrArray     *ids)
{
  return ids->pdata[exposure_world_pick (self, (int) ids->len)];
}

static void
order (ExposureWorld *self,
       const char    *body,
       const char    *format,
       ...) G_GNUC_PRINTF (3, 4);

static void
order (ExposureWorld *self,
       const char    *body,
       const char    *format,
       ...)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) answer = NULL;
  va_list args;

  va_start (args, format);
  path = g_strdup_vprintf (format, args);
  va_end (args);
  exposure_world_log (self, "  %s %s", path, body);
  answer = sync_fixture_order (&self->sync, path, body);
}

/* ---- what was true at some moment */

static void
note_activity (ExposureWorld    *self,
               ExposureActivity *activity)
{
  GHashTable *lines = g_hash_table_lookup (self->now, activity->recommendation_id);
  guint n_fixed = 0;

  for (guint i = 0; i < activity->targets->len; i++)
    {
      g_autofree char *line = g_strdup_printf ("%s exposes %s", activity->recommendation_id,
                                               (char *) activity->targets->pdata[i]);

      if (lines != NULL && g_hash_table_contains (lines, line))
        continue;
      g_hash_table_add (activity->fixed, activity->targets->pdata[i]);
      n_fixed++;
    }
  activity->all_fixed = activity->all_fixed || n_fixed == activity->targets->len;
}

/* Asks who is exposed now: to one, or to all. */
static void
note_moment (ExposureWorld *self,
             const char    *about)
{
  for (guint i = 0; i < self->recommendations->len; i++)
    {
      const char *id = self->recommendations->pdata[i];
      GHashTable *lines;
      GHashTableIter iter;
      gpointer line;

      if (about != NULL && strcmp (id, about) != 0)
        continue;
      lines = exposure_truth_pairs (&self->truth, id);
      g_hash_table_iter_init (&iter, lines);
      while (g_hash_table_iter_next (&iter, &line, NULL))
        g_hash_table_add (self->ever, g_strdup (line));
      g_hash_table_replace (self->now, g_strdup (id), lines);
    }
  for (guint i = 0; i < self->activities->len; i++)
    note_activity (self, self->activities->pdata[i]);
}

/* ---- the world */

static GPtrArray *
list_ids (ExposureWorld *self,
          const char    *path)
{
  g_autoptr(JsonArray) rows = exposure_truth_list (&self->truth, path);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (rows); i++)
    g_ptr_array_add (ids, g_strdup (json_object_get_string_member (
                            json_array_get_object_element (rows, i), "id")));
  return ids;
}

static void
activity_free (gpointer data)
{
  ExposureActivity *self = data;

  g_free (self->id);
  g_free (self->recommendation_id);
  g_hash_table_unref (self->fixed);
  g_ptr_array_unref (self->targets);
  g_free (self);
}

void
exposure_world_open (ExposureWorld *self,
                     guint          seed)
{
  SyncFixtureOptions options = { .devices = 6 + seed % 17, .recommendations = 5 + seed % 5,
                                 .page_size = seed % 3 == 0 ? 17 : 0, .seed = seed };

  self->seed = seed;
  self->rand = g_rand_new_with_seed (seed);
  self->log = g_string_new (NULL);
  self->ever = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                     (GDestroyNotify) g_hash_table_unref);
  self->activities = g_ptr_array_new_with_free_func (activity_free);
  self->start_us = g_get_real_time ();
  tvm_set_clock_us (self->start_us);
  tvm_set_virtual_waits (TRUE);
  sync_fixture_set_up (&self->sync, &options);
  exposure_truth_open (&self->truth, &self->sync);
  self->recommendations = list_ids (self, "/api/recommendations");
  self->devices = list_ids (self, "/api/machines");
  exposure_world_log (self, "seed %u: %u devices, %u recommendations", seed, self->devices->len,
                      self->recommendations->len);
  for (int i = exposure_world_pick (self, 3); i > 0; i--)  /* they come later */
    order (self, "{\"keep_references\":false}", "devices/%s/remove",
           pick_of (self, self->devices));
  note_moment (self, NULL);
}

void
exposure_world_close (ExposureWorld *self)
{
  exposure_truth_close (&self->truth);
  sync_fixture_tear_down (&self->sync, NULL);
  tvm_set_clock_us (0);
  tvm_set_virtual_waits (FALSE);
  g_hash_table_unref (self->ever);
  g_hash_table_unref (self->now);
  g_ptr_array_unref (self->activities);
  g_ptr_array_unref (self->recommendations);
  g_ptr_array_unref (self->devices);
  g_string_free (self->log, TRUE);
  g_rand_free (self->rand);
}

/* ---- what happens */

static void
change_device (ExposureWorld *self)
{
  static const char *const groups[] = { "UnassignedGroup", "Windows Servers", "Taipei", "Cologne" };
  const char *device = pick_of (self, self->devices);
  g_autofree char *group = g_strdup_printf ("{\"group\":\"%s\"}",
                                            groups[exposure_world_pick (self, 2)]);

  switch (exposure_world_pick (self, 6))
    {
    case 0:
      order (self, "{\"keep_references\":false}", "devices/%s/remove", device);
      break;
    case 1:
      order (self, "{}", "devices/%s/remove", device);
      break;
    case 2:
    case 3:
      order (self, "{}", "devices/%s/restore", device);
      break;
    default:
      order (self, group, "devices/%s/move", device);
    }
}

/* Of one recommendation: one device, some, or all. */
static void
change_exposure (ExposureWorld *self,
                 const char    *about)
{
  static const char *const words[] = { "patch", "patch", "expose", "expose", "step", "step",
                                       "uninstall" };
  gboolean is_setting = g_str_has_prefix (about, "sca-");
  const char *word = words[exposure_world_pick (self, is_setting ? 4 : (int) G_N_ELEMENTS (words))];
  int lot = exposure_world_pick (self, 6);
  g_autofree char *body =
    lot < 3 ? g_strdup_printf ("{\"devices\":[\"%s\"]}", pick_of (self, self->devices))
    : lot < 5 ? g_strdup_printf ("{\"count\":%d}", 1 + exposure_world_pick (self, 4))
              : g_strdup ("{\"count\":99}");

  order (self, body, "recommendations/%s/%s", about, word);
}

static void
change_cve (ExposureWorld *self,
            const char    *about)
{
  g_autoptr(GPtrArray) cves = list_ids (self, "/api/vulnerabilities");
  const char *cve = pick_of (self, cves);
  g_autofree char *body = g_strdup_printf ("{\"cve\":\"%s\"}", cve);

  if (exposure_world_pick (self, 3) == 0)
    order (self, "{}", "vulnerabilities/%s/exploit", cve);
  else
    order (self, exposure_world_pick (self, 2) == 0 ? "{}" : body, "recommendations/%s/discover",
           about);
}

void
exposure_world_change (ExposureWorld *self)
{
  const char *about = pick_of (self, self->recommendations);
  int lot = exposure_world_pick (self, 24);

  exposure_world_pass (self, 1 + exposure_world_pick (self, 90) * TVM_SECOND_US);
  if (lot < 13)
    {
      change_exposure (self, about);
      note_moment (self, about);
    }
  else if (lot < 19)
    {
      change_device (self);
      note_moment (self, NULL);
    }
  else if (lot < 22)
    change_cve (self, about);
  else if (lot == 22 && self->recommendations->len > 3)
    {
      order (self, "{}", "recommendations/%s/remove", about);
      g_hash_table_remove (self->now, about);
      note_moment (self, "");
      g_ptr_array_remove (self->recommendations, (gpointer) about);
    }
  else
    {
      self->has_spans = exposure_world_pick (self, 2) == 0;
      order (self, self->has_spans ? "{\"every_hours\":6}" : "{\"every_hours\":0}", "snapshots");
    }
}

void
exposure_world_spoil (ExposureWorld *self)
{
  static const char *const paths[] = {
    "/api/machines/SoftwareVulnerabilitiesByMachine",
    "/api/machines/SoftwareVulnerabilitiesByMachine",
    "/api/machines/SoftwareVulnerabilityChangesByMachine",
    "/api/machines/SoftwareVulnerabilityChangesByMachine",
    "/api/machines/SecureConfigurationsAssessmentByMachine", "/api/recommendations",
    "/api/recommendations/", "/api/machines", "/api/vulnerabilities",
  };
  static const char *const kinds[] = {
    "\"kind\":\"cut\"", "\"kind\":\"reset\"", "\"kind\":\"bad-json\"", "\"kind\":\"wrong-shape\"",
    "\"kind\":\"html\"", "\"kind\":\"empty\"", "\"kind\":\"short\"",
    "\"kind\":\"short\",\"rows\":9", "\"kind\":\"short\",\"rows\":0", "\"kind\":\"null-rows\"",
    "\"kind\":\"partly\"", "\"kind\":\"repeat-rows\"", "\"kind\":\"null-members\"",
    "\"kind\":\"partial\"", "\"kind\":\"two-values\"", "\"kind\":\"stale\"",
    "\"kind\":\"repeat-link\"", "\"status\":401", "\"status\":403", "\"status\":404",
    "\"status\":429", "\"status\":500", "\"status\":400",
  };
  const char *path = paths[exposure_world_pick (self, G_N_ELEMENTS (paths))];
  g_autofree char *body =
    g_strdup_printf ("{\"path\":\"%s\",\"method\":\"GET\",\"exact\":%s,\"times\":%d,%s}", path,
                     g_str_has_suffix (path, "/") ? "false" : "true",
                     1 + exposure_world_pick (self, 8),
                     kinds[exposure_world_pick (self, G_N_ELEMENTS (kinds))]);

  order (self, body, "faults");
  self->has_faults = self->is_spoiled = TRUE;
}

/* ---- what is decided here */

void
exposure_world_request (ExposureWorld *self)
{
  const char *about = pick_of (self, self->recommendations);
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmRecommendation) one = tvm_store_get_recommendation (self->sync.store, about, NULL);
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) made = NULL;
  g_autoptr(GPtrArray) devices = NULL;
  ExposureActivity *activity;

  if (one == NULL || self->activities->len == 4 || one->type == TVM_TYPE_ATTENTION_REQUIRED)
    return;
  devices = sync_fixture_list_exposed (&self->sync, about);
  request = sync_fixture_new_request (one, FALSE);
  made = tvm_sync_engine_request (self->sync.engine, request, FALSE, NULL, NULL, &error);
  if (made == NULL || made->target_devices == 0)
    return;   /* nothing is exposed */
  exposure_world_log (self, "  requested for %s: %d devices", about, made->target_devices);
  activity = g_new0 (ExposureActivity, 1);
  activity->id = g_strdup (made->id);
  activity->recommendation_id = g_strdup (about);
  activity->targets = g_ptr_array_new_with_free_func (g_free);
  activity->fixed = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < devices->len; i++)
    g_ptr_array_add (activity->targets, g_strdup (((const TvmDevice *) devices->pdata[i])->id));
  g_ptr_array_add (self->activities, activity);
  note_activity (self, activity);
}

/* ---- what must hold */

static void
check_exposed (ExposureWorld *self)
{
  g_autoptr(GHashTable) lines =
    exposure_store_lines (&self->sync, EXPOSURE_PAIRS);
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, lines);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    if (!g_hash_table_contains (self->ever, line))
      exposure_world_fail (self, "never: %s", (char *) line);
}

/* The service must have told of each at some moment; nothing is written and taken back. */
static void
check_activity (ExposureWorld    *self,
                ExposureActivity *activity)
{
  g_autoptr(TvmActivity) now = tvm_store_get_activity (self->sync.store, activity->id, NULL);
  g_autoptr(GPtrArray) history = tvm_store_list_history (self->sync.store, activity->id, NULL);
  g_autofree char *before = NULL;

  exposure_world_log (self, "  %s: %d of %d, %s", activity->recommendation_id, now->fixed_devices,
                      now->target_devices, now->status == TVM_STATUS_COMPLETED ? "completed" : "");
  if (now->fixed_devices > (int) g_hash_table_size (activity->fixed))
    exposure_world_fail (self, "%d devices are taken for remediated, %u were at some moment",
                         now->fixed_devices, g_hash_table_size (activity->fixed));
  if (now->status == TVM_STATUS_COMPLETED && !activity->all_fixed)
    exposure_world_fail (self, "completed while devices were exposed");
  for (guint i = 0; i + activity->n_lines < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];

      exposure_world_log (self, "    history: %s", entry->kind);
      if (strcmp (entry->kind, "completed-system") == 0 && !activity->all_fixed)
        exposure_world_fail (self, "the history tells of a completion");
    }
  activity->n_lines = history->len;
  activity->was_completed = now->status == TVM_STATUS_COMPLETED;
}

void
exposure_world_check (ExposureWorld *self)
{
  check_exposed (self);
  for (guint i = 0; i < self->activities->len; i++)
    check_activity (self, self->activities->pdata[i]);
}

void
exposure_world_check_same (ExposureWorld *self,
                           ExposureParts  parts)
{
  g_autoptr(GHashTable) truth = exposure_truth_lines (&self->truth, parts);
  g_autoptr(GHashTable) store = exposure_store_lines (&self->sync, parts);
  g_autofree char *difference = exposure_compare (truth, store);

  if (difference != NULL)
    exposure_world_fail (self, "the store is not the tenant:\n%s", difference);
}
