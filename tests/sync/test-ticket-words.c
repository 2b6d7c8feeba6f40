/* test-ticket-words.c: what tickets and e-mails say, with what a sync brought, in the profile's language.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <sqlite3.h>
#include <string.h>

#define EXPOSURE   "/api/machines/SoftwareVulnerabilitiesByMachine"
#define WINDOWS_11 "va-_-microsoft-_-windows_11"

static const SyncFixtureOptions connected = { .intune = TRUE };

/* Returns: how the sync of everything went with the list of security updates; NULL: it has none */
static const TvmListResult *
sync_all (SyncFixture *self, GPtrArray **results)
{
  g_autoptr(GError) error = NULL;

  *results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return sync_fixture_find (*results, "security-updates");
}

static void
assert_updates (SyncFixture *self, const char *const *ids)
{
  g_autoptr(GPtrArray) updates = tvm_store_list_security_updates (self->store, WINDOWS_11, NULL);

  g_assert_cmpuint (updates->len, ==, g_strv_length ((char **) ids));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const TvmSecurityUpdate *update = updates->pdata[i];

      g_assert_cmpstr (update->id, ==, ids[i]);
      g_assert_cmpstr (update->name, ==, "October 2024 Security Updates");
    }
}

static TvmActivity *
request_windows (SyncFixture *self, gboolean create_ticket)
{
  g_autoptr(TvmRecommendation) about = tvm_store_get_recommendation (self->store, WINDOWS_11, NULL);
  g_autoptr(TvmRequest) request = sync_fixture_new_request (about, create_ticket);

  request->notes = g_strdup ("After hours");
  return sync_fixture_submit (self, request);
}

/* Only a full sync reads the records of all devices, and where it may not, what is known stays. */
static void
test_full_names_updates (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) first = NULL, refused = NULL, broken = NULL;
  const TvmListResult *result;

  sync_fixture_sync_plain (self);
  assert_updates (self, (const char *const[]) { NULL });
  sync_fixture_fault (self, EXPOSURE, "GET", "\"status\":403");
  result = sync_all (self, &refused);
  g_assert_cmpint (result->received, ==, 0);
  assert_updates (self, (const char *const[]) { NULL });
  result = sync_all (self, &first);
  g_assert_cmpint (result->added, >=, 2);
  assert_updates (self, (const char *const[]) { "5044285", "5044284", NULL });
  sync_fixture_fault (self, EXPOSURE, "GET", "\"kind\":\"wrong-shape\"");
  sync_all (self, &broken);
  assert_updates (self, (const char *const[]) { "5044285", "5044284", NULL });
}

/* The changes, which a sync asks for anyway, name them too; what is fixed needs none. */
static void
test_changes_name_updates (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GPtrArray) devices = NULL, updates = NULL;
  g_autoptr(JsonObject) answer = NULL, back = NULL;
  g_autofree char *body = NULL;

  sync_fixture_sync_plain (self);
  activity = request_windows (self, FALSE);
  sync_fixture_sync_plain (self);
  devices = sync_fixture_list_exposed (self, WINDOWS_11);
  body = g_strdup_printf ("{\"devices\":[\"%s\"]}", ((const TvmDevice *) devices->pdata[0])->id);
  answer = sync_fixture_order (self, "recommendations/" WINDOWS_11 "/patch", body);
  sync_fixture_sync_plain (self);
  sync_fixture_sync_plain (self);
  assert_updates (self, (const char *const[]) { NULL });
  back = sync_fixture_order (self, "recommendations/" WINDOWS_11 "/expose", body);
  sync_fixture_sync_plain (self);
  sync_fixture_sync_plain (self);
  updates = tvm_store_list_security_updates (self->store, WINDOWS_11, NULL);
  g_assert_cmpuint (updates->len, ==, 1);
}

static JsonObject *
dup_ticket (SyncFixture *self, guint i)
{
  g_autoptr(JsonObject) state = sync_fixture_order (self, "state", NULL);
  JsonArray *tickets = json_object_get_array_member (state, "tickets");

  g_assert_cmpuint (json_array_get_length (tickets), >, i);
  return json_object_ref (json_array_get_object_element (tickets, i));
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” lacks “%s”", text, part);
}

/* In German, whatever the locale is: names, CVEs, updates, the note; the marker last. */
static void
test_german_ticket (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmNotice) notice = NULL;
  g_autoptr(GPtrArray) tickets = NULL;
  g_autoptr(JsonObject) ticket = NULL;
  g_autoptr(GError) error = NULL;
  const char *text;

  g_assert_true (tvm_sync_engine_set_config (self->engine, "ticket-language", "de", NULL, NULL));
  g_assert_false (tvm_sync_engine_set_config (self->engine, "ticket-language", "DE", NULL, NULL));
  sync_all (self, &results);
  activity = request_windows (self, TRUE);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  ticket = dup_ticket (self, 0);
  text = json_object_get_string_member (ticket, "description");
  assert_has (text, "Aktualisieren Sie Microsoft Windows 11 auf die neueste Version.\n");
  assert_has (text, "Im Intune Admin Center: Geräte > Windows-Updates\n");
  assert_has (text, "\n- KB5044285 (October 2024 Security Updates)\n");
  assert_has (text, "Schließt 64 Schwachstellen, die schwersten zuerst:\n- CVE-");
  assert_has (text, " (Kritisch)\n");
  assert_has (text, "\nHinweise: After hours\n");
  assert_has (text, "\n\nTVM-");
  g_assert_cmpstr (json_object_get_string_member (ticket, "display_name"), ==, "Update Microsoft Windows 11");
  tickets = tvm_store_list_tickets (self->store, activity->id, NULL);
  g_assert_true (g_str_has_suffix (text, ((const TvmTicket *) tickets->pdata[0])->marker));
  notice = tvm_sync_engine_make_notice (self->engine, activity->id, &error);
  g_assert_no_error (error);
  assert_has (notice->body, "\n- KB5044285 (October 2024 Security Updates)\n");
  assert_has (notice->body, "Im Intune Admin Center: Geräte > Windows-Updates\n");
  assert_has (notice->subject, "Korrektur angefordert: ");
}

/* As a split makes them: each says which of how many it is. */
static void
test_split_is_numbered (SyncFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->directory, "store.db", NULL);
  g_autoptr(TvmActivity) activity = NULL;
  sqlite3 *handle;

  sync_fixture_sync_plain (self);
  activity = request_windows (self, TRUE);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "INSERT INTO ticket (activity_key, marker, status, devices) SELECT "
                                 "activity_key, 'TVM-11111111-2222-3333-4444-555555555555', 1, 1 FROM ticket",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("Update Microsoft Windows 11 (%u of 2)", i + 1);
      g_autoptr(JsonObject) ticket = dup_ticket (self, i);

      g_assert_cmpstr (json_object_get_string_member (ticket, "display_name"), ==, name);
    }
}

/* The devices to attach: in the language of the e-mail, and never over an older file unasked. */
static void
test_attachment (SyncFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->directory, "devices.csv", NULL);
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 n;

  sync_fixture_sync_plain (self);
  activity = request_windows (self, FALSE);
  g_assert_true (tvm_sync_engine_set_config (self->engine, "ticket-language", "sv", NULL, NULL));
  n = tvm_sync_engine_save_notice_devices (self->engine, activity->id, path, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, activity->target_devices);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_has (text, "Enhetsgrupp");
  assert_has (text, "Fortfarande exponerad");
  g_assert_cmpint (tvm_sync_engine_save_notice_devices (self->engine, activity->id, path, FALSE, NULL, NULL),
                   ==, -1);
  g_assert_cmpint (tvm_sync_engine_save_notice_devices (self->engine, "none", path, TRUE, NULL, &error), ==, -1);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_assert_null (tvm_language_current ());
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  bindtextdomain (GETTEXT_PACKAGE, TVM_BUILD_LOCALEDIR);
#define ADD(name, options, func) \
  g_test_add ("/sync/ticket-words/" name, SyncFixture, options, sync_fixture_set_up, func, sync_fixture_tear_down)
  ADD ("full-names-updates", NULL, test_full_names_updates);
  ADD ("changes-name-updates", NULL, test_changes_name_updates);
  ADD ("german-ticket", &connected, test_german_ticket);
  ADD ("split-is-numbered", &connected, test_split_is_numbered);
  ADD ("attachment", NULL, test_attachment);
#undef ADD
  return g_test_run ();
}
