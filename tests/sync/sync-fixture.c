/* sync-fixture.c: see the header. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-history.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

static void
show_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
  g_assert_cmpstr (code, !=, "");
}

static void
configure (SyncFixture *self, const char *key, const char *value)
{
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_set_config (self->engine, key, value, NULL, &error);
  g_assert_no_error (error);
}

void
sync_fixture_sign_in (SyncFixture *self)
{
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_sign_in_with_device_code (self->engine, FALSE, show_cb, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
open_profile (SyncFixture *self, const SyncFixtureOptions *wanted)
{
  const char *url = tvm_demo_tenant_get_uri (self->tenant);
  g_autoptr(GError) error = NULL;

  self->directory = g_dir_make_tmp ("tvm-sync-XXXXXX", NULL);
  self->store = tvm_store_open (self->directory, &error);
  g_assert_no_error (error);
  self->engine = tvm_sync_engine_new (self->store, "test", TRUE);
  tvm_sync_engine_set_look_again (self->engine, 0);
  tvm_sync_engine_set_hold (self->engine, 0);
  configure (self, "cloud", "custom");
  configure (self, "authority-url", url);
  configure (self, "defender-url", url);
  configure (self, "graph-url", url);
  configure (self, "tenant-id", "contoso.example");
  configure (self, "client-id", "test-app");
  if (wanted == NULL || !wanted->signed_out)
    sync_fixture_sign_in (self);
  if (wanted != NULL && wanted->intune)
    configure (self, "intune-connection", "true");
}

void
sync_fixture_set_up (SyncFixture *self, gconstpointer data)
{
  const SyncFixtureOptions *wanted = data;
  g_autoptr(GError) error = NULL;
  TvmDemoOptions options;

  tvm_demo_options_init (&options);
  options.devices = wanted != NULL && wanted->devices > 0 ? wanted->devices : 120;
  options.recommendations = wanted != NULL && wanted->recommendations > 0 ? wanted->recommendations : 16;
  options.activities = wanted != NULL && wanted->activities > 0 ? wanted->activities : 9;
  options.client_secret = SYNC_FIXTURE_SECRET;
  if (wanted != NULL && wanted->seed > 0)
    options.seed = wanted->seed;
  options.auto_approve = TRUE;
  options.device_code_interval = 0;
  options.no_next_links = wanted == NULL || wanted->page_size == 0;
  options.page_size = wanted != NULL ? wanted->page_size : 0;
  self->tenant = tvm_demo_tenant_new (&options);
  g_assert_true (tvm_demo_tenant_start (self->tenant, &error));
  open_profile (self, wanted);
}

void
sync_fixture_open_other (SyncFixture *other, SyncFixture *self)
{
  static const SyncFixtureOptions connected = { .intune = TRUE };

  other->tenant = self->tenant;
  open_profile (other, &connected);
}

void
sync_fixture_stop_tenant (SyncFixture *self)
{
  tvm_demo_tenant_stop (self->tenant);
}

void
sync_fixture_close_other (SyncFixture *self)
{
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;

  /* Reports under way, and the worker that made them, hold the engine for a moment. */
  g_object_add_weak_pointer (G_OBJECT (self->engine), (gpointer *) &self->engine);
  g_object_unref (self->engine);
  while (g_atomic_pointer_get (&self->engine) != NULL)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  tvm_store_close (self->store);
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->store);
  dir = g_dir_open (self->directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->directory);
  g_free (self->directory);
}

void
sync_fixture_tear_down (SyncFixture *self, gconstpointer data)
{
  sync_fixture_close_other (self);
  tvm_demo_tenant_free (self->tenant);
}

JsonObject *
sync_fixture_order (SyncFixture *self, const char *path, const char *body)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (self->tenant), "/_demo/", path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (body != NULL ? "POST" : "GET", url);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();

  if (body != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  g_assert_true (json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL),
                                             (gssize) g_bytes_get_size (answer), NULL));
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

void
sync_fixture_fault (SyncFixture *self, const char *path, const char *method, const char *rest)
{
  g_autofree char *body = g_strdup_printf ("{\"path\":\"%s\",\"method\":\"%s\",%s}", path, method, rest);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, "faults", body);

  g_assert_nonnull (answer);
}

void
sync_fixture_forget_faults (SyncFixture *self)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (self->tenant), "/_demo/faults", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("DELETE", url);
  g_autoptr(GBytes) answer = soup_session_send_and_read (session, message, NULL, NULL);

  g_assert_nonnull (answer);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

guint
sync_fixture_count_tickets (SyncFixture *self, char **out_id, GHashTable **out_devices)
{
  g_autoptr(JsonObject) state = sync_fixture_order (self, "state", NULL);
  JsonArray *tickets = json_object_get_array_member (state, "tickets");
  guint n = json_array_get_length (tickets);
  JsonObject *first = n > 0 ? json_array_get_object_element (tickets, 0) : NULL;
  JsonArray *devices = first != NULL ? json_object_get_array_member (first, "devices") : NULL;

  if (out_id != NULL && first != NULL)
    *out_id = g_strdup (json_object_get_string_member (first, "id"));
  if (out_devices != NULL && first != NULL)
    {
      *out_devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < json_array_get_length (devices); i++)
        g_hash_table_add (*out_devices, g_ascii_strdown (json_array_get_string_element (devices, i), -1));
    }
  return n;
}

gboolean
sync_fixture_asks_one_by_one (void)
{
  return g_strcmp0 (g_getenv ("TVM_EXPOSURE"), "lists") == 0;
}

const char *
sync_fixture_exposure_list (void)
{
  return sync_fixture_asks_one_by_one () ? "device-references" : TVM_EXPOSURE_LIST;
}

GPtrArray *
sync_fixture_sync (SyncFixture *self)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return results;
}

void
sync_fixture_sync_plain (SyncFixture *self)
{
  g_autoptr(GPtrArray) results = sync_fixture_sync (self);

  g_assert_cmpuint (results->len, >=, 4);
}

const TvmListResult *
sync_fixture_find (GPtrArray *results, const char *name)
{
  for (guint i = 0; i < results->len; i++)
    if (strcmp (((TvmListResult *) results->pdata[i])->name, name) == 0)
      return results->pdata[i];
  return NULL;
}

TvmRecommendation *
sync_fixture_pick (SyncFixture *self, TvmRemediationType type)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  g_autoptr(GPtrArray) records = tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data,
                                                         keys->len, NULL);
  TvmRecommendation *best = NULL;

  g_ptr_array_set_free_func (records, (GDestroyNotify) tvm_recommendation_unref);
  for (guint i = 0; i < records->len; i++)
    {
      TvmRecommendation *one = records->pdata[i];

      if (one->type == type && (best == NULL || one->exposed_devices > best->exposed_devices))
        best = one;
    }
  g_assert_nonnull (best);
  return tvm_recommendation_ref (best);
}

GPtrArray *
sync_fixture_list_exposed (SyncFixture *self, const char *id)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);
  g_autoptr(GArray) keys = NULL;
  GPtrArray *devices;

  query->recommendation_id = g_strdup (id);
  keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  devices = tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data, keys->len, NULL);
  g_ptr_array_set_free_func (devices, (GDestroyNotify) tvm_device_unref);
  return devices;
}

TvmRequest *
sync_fixture_new_request (const TvmRecommendation *recommendation, gboolean create_ticket)
{
  TvmRequest *request = tvm_request_new ();

  g_free (request->recommendation_id);
  request->recommendation_id = g_strdup (recommendation->id);
  request->type = recommendation->type;
  request->priority = TVM_PRIORITY_MEDIUM;
  request->create_ticket = create_ticket;
  return request;
}

TvmActivity *
sync_fixture_submit (SyncFixture *self, const TvmRequest *request)
{
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_sync_engine_request (self->engine, request, FALSE, NULL, NULL, &error);

  g_assert_no_error (error);
  return activity;
}

TvmTicket *
sync_fixture_get_ticket (SyncFixture *self, const TvmActivity *activity)
{
  g_autoptr(GPtrArray) tickets = tvm_store_list_tickets (self->store, activity->id, NULL);

  g_assert_cmpuint (tickets->len, ==, 1);
  return tvm_ticket_ref (tickets->pdata[0]);
}

void
sync_fixture_assert_history (SyncFixture *self, const TvmActivity *activity, const char *expected)
{
  g_autoptr(GPtrArray) history = tvm_store_list_history (self->store, activity->id, NULL);
  g_autoptr(GString) kinds = g_string_new (NULL);

  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];
      g_autofree char *text = tvm_history_text (entry);

      g_string_append_printf (kinds, "%s%s", i > 0 ? " " : "", entry->kind);
      g_assert_cmpstr (text, !=, entry->kind);
      if (strcmp (entry->kind, "ticket-withdrawn") == 0 || strcmp (entry->kind,
                                                                   "withdrawal-requested") == 0)
        g_assert_cmpstr (entry->who, ==, activity->created_by);
    }
  g_assert_cmpstr (kinds->str, ==, expected);
}
