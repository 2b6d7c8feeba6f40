/* test-tickets.c: the body of a ticket, and what becomes of it over real HTTP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "tvm-json.h"
#include "tvm-notice.h"
#include "tvm-text.h"

#include <libintl.h>
#include <string.h>

#define TASKS  "/beta/deviceAppManagement/deviceAppManagementTasks"
#define MARKER "TVM-0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11"

typedef struct {
  TvmTicketDraft draft;
  TvmActivity *activity;
  TvmRecommendation *recommendation;
} Draft;

static void
draft_init (Draft *self, TvmRemediationType type)
{
  const char *ids[][3] = { { "E1", "pc-1", "Windows11" }, { "e2", NULL, "WindowsServer2019" } };

  self->activity = tvm_activity_new ();
  self->activity->id = g_strdup ("a1");
  self->activity->title = g_strdup ("Do \"it\" ü");
  self->activity->type = type;
  self->activity->priority = TVM_PRIORITY_MEDIUM;
  self->recommendation = tvm_recommendation_new ();
  self->recommendation->id = g_strdup ("r1");
  self->recommendation->product = g_strdup ("player");
  self->recommendation->vendor = g_strdup ("example");
  self->recommendation->name = g_strdup ("Turn on Microsoft Defender Firewall");
  self->draft = (TvmTicketDraft) { self->activity, self->recommendation, MARKER, NULL, NULL };
  self->draft.devices = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  self->draft.managed_ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (self->draft.managed_ids, (char *) "e1", (char *) "i1");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      TvmDevice *device = tvm_device_new ();

      device->id = g_strdup (ids[i][0]);
      device->aad_device_id = g_strdup (ids[i][0]);
      device->name = g_strdup (ids[i][1]);
      device->os_platform = g_strdup (ids[i][2]);
      device->last_seen_us = 1;
      g_ptr_array_add (self->draft.devices, device);
    }
}

static void
draft_clear (Draft *self)
{
  tvm_activity_unref (self->activity);
  tvm_recommendation_unref (self->recommendation);
  g_ptr_array_unref (self->draft.devices);
  g_hash_table_unref (self->draft.managed_ids);
}

static JsonObject *
parse (const char *text)
{
  JsonObject *object = tvm_json_parse_small (text, strlen (text));

  g_assert_nonnull (object);
  return object;
}

static JsonObject *
build_body (Draft *draft)
{
  g_autofree char *body = tvm_ticket_body_build (&draft->draft, "me@x");

  return parse (body);
}

/* Only documented members may be sent: the list is that of the reference. */
static void
assert_members (JsonObject *object, const char *allowed)
{
  g_autoptr(GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *word = g_strdup_printf (" %s ", (char *) l->data);

      if (strstr (allowed, word) == NULL)
        g_error ("%s is not documented", word);
    }
}

#define COMMON " @odata.type displayName description dueDateTime category priority creator creatorNotes status managedDevices "

/* What one program writes another one reads; what an older one wrote stays not known. */
static void
test_trace (void)
{
  static const char *const names[] = { "Köln \"A\"\nB", "TVM-REQUEST {}", NULL };
  g_autoptr(TvmTicket) ticket = tvm_ticket_new ();
  g_autofree char *trace = NULL;
  g_autofree char *text = NULL;
  Draft draft;

  draft_init (&draft, TVM_TYPE_UPDATE);
  draft.activity->recommendation_id = g_strdup ("va-_-example-_-player");
  draft.activity->groups = g_strdupv ((char **) names);
  trace = tvm_ticket_trace_build (&draft.draft);
  text = g_strconcat ("Why TVM-REQUEST {\"recommendation\":\"none\"}\n\n", trace, " seen by IT", NULL);
  tvm_ticket_trace_read (ticket, text);
  g_assert_cmpstr (ticket->marker, ==, MARKER);
  g_assert_cmpstr (ticket->recommendation_id, ==, "va-_-example-_-player");
  g_assert_cmpuint (g_strv_length (ticket->groups), ==, 2);
  g_assert_cmpstr (ticket->groups[0], ==, "Köln \"A\" B");
  draft_clear (&draft);
}

static void
test_trace_read (void)
{
  static const struct { const char *description, *marker, *id; int n_groups; } cases[] = {
    { NULL, NULL, NULL, -1 },
    { "Update it", NULL, NULL, -1 },
    { "TVM-REQUEST {\"recommendation\":\"r\"}", NULL, NULL, -1 },
    { "Update it\n\n" MARKER, MARKER, NULL, -1 },
    { "TVM-REQUEST {\"recommendation\":\"r\",\"groups\":[]}\n" MARKER, MARKER, "r", 0 },
    { "TVM-REQUEST {\"recommendation\":\"r\",\"groups\":[\"a\",\"b\"]}\r\n" MARKER, MARKER, "r", 2 },
    { "TVM-REQUEST {\"recommendation\":\"r\",\"groups\":[1]}\n" MARKER, MARKER, "r", -1 },
    { "TVM-REQUEST {\"recommendation\":\"r\",\"groups\":\"a\"}\n" MARKER, MARKER, "r", -1 },
    { "TVM-REQUEST {\"recommendation\":7}\n" MARKER, MARKER, NULL, -1 },
    { "TVM-REQUEST {\"recommendation\":\n" MARKER, MARKER, NULL, -1 },
    { "TVM-REQUEST []\n" MARKER, MARKER, NULL, -1 },
    { MARKER "\nTVM-REQUEST {\"recommendation\":\"r\"}", MARKER, NULL, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TvmTicket) ticket = tvm_ticket_new ();

      g_test_message ("%u", i);
      tvm_ticket_trace_read (ticket, cases[i].description);
      g_assert_cmpstr (ticket->marker, ==, cases[i].marker);
      g_assert_cmpstr (ticket->recommendation_id, ==, cases[i].id);
      g_assert_cmpint (ticket->groups != NULL ? (int) g_strv_length (ticket->groups) : -1, ==,
                       cases[i].n_groups);
    }
}

/* An IT admin reads it too: more device groups than fit are not told, which is not none. */
static void
test_trace_many_groups (void)
{
  g_autoptr(TvmTicket) ticket = tvm_ticket_new ();
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char *trace = NULL;
  Draft draft;

  for (guint i = 0; i < 300; i++)
    g_strv_builder_add (names, "Group of many");
  draft_init (&draft, TVM_TYPE_UPDATE);
  draft.activity->groups = g_strv_builder_end (names);
  trace = tvm_ticket_trace_build (&draft.draft);
  tvm_ticket_trace_read (ticket, trace);
  g_assert_cmpstr (ticket->recommendation_id, ==, "r1");
  g_assert_null (ticket->groups);
  draft_clear (&draft);
}

static void
test_software_body (void)
{
  Draft draft;
  g_autoptr(JsonObject) body = NULL;
  JsonArray *devices;
  JsonObject *device;

  draft_init (&draft, TVM_TYPE_UPGRADE);
  draft.activity->due_on = g_strdup ("2026-05-01");
  draft.activity->notes = g_strdup ("Please");
  body = build_body (&draft);
  assert_members (body, COMMON "appName appPublisher appVersion mitigationType remediation ");
  g_assert_cmpstr (tvm_json_get_string (body, "@odata.type"), ==, "#microsoft.graph.appVulnerabilityTask");
  g_assert_cmpstr (tvm_json_get_string (body, "displayName"), ==, "Turn on Microsoft Defender Firewall");
  g_assert_cmpstr (tvm_json_get_string (body, "description"), ==,
                   "Upgrade Player to a supported version.\n"
                   "In the Intune admin center: Apps > All apps\n\n"
                   "Devices of this ticket: 2\nRemediation activity: Turn on Microsoft Defender Firewall\n"
                   "Remediation type: Upgrade\nProduct: Player\nPublisher: Example\nPriority: Medium\n"
                   "Due by: 1 May 2026\nNotes: Please\n\n"
                   "TVM-REQUEST {\"recommendation\":\"r1\"}\n" MARKER);
  g_assert_cmpstr (tvm_json_get_string (body, "dueDateTime"), ==, "2026-05-01T00:00:00Z");
  g_assert_cmpstr (tvm_json_get_string (body, "category"), ==, "advancedThreatProtection");
  g_assert_cmpstr (tvm_json_get_string (body, "priority"), ==, "none");
  g_assert_cmpstr (tvm_json_get_string (body, "creator"), ==, "me@x");
  g_assert_cmpstr (tvm_json_get_string (body, "creatorNotes"), ==, "Please");
  g_assert_cmpstr (tvm_json_get_string (body, "status"), ==, "pending");
  g_assert_cmpstr (tvm_json_get_string (body, "mitigationType"), ==, "update");
  g_assert_cmpstr (tvm_json_get_string (body, "appName"), ==, "Player");
  g_assert_cmpstr (tvm_json_get_string (body, "appPublisher"), ==, "Example");
  g_assert_cmpstr (tvm_json_get_string (body, "remediation"), ==, "Upgrade Player to a supported version.");
  g_assert_false (json_object_has_member (body, "appVersion"));
  devices = json_object_get_array_member (body, "managedDevices");
  g_assert_cmpuint (json_array_get_length (devices), ==, 2);
  device = json_array_get_object_element (devices, 0);
  assert_members (device, " id managedDeviceId displayName lastSyncDateTime ");
  g_assert_cmpstr (tvm_json_get_string (device, "id"), ==, "E1");
  g_assert_cmpstr (tvm_json_get_string (device, "managedDeviceId"), ==, "i1");
  device = json_array_get_object_element (devices, 1);
  g_assert_false (json_object_has_member (device, "managedDeviceId"));
  g_assert_false (json_object_has_member (device, "displayName"));
  draft_clear (&draft);
}

static void
test_other_bodies (void)
{
  Draft draft;
  JsonObject *body, *setting;
  JsonArray *settings;

  draft_init (&draft, TVM_TYPE_UNINSTALL);
  draft.activity->priority = TVM_PRIORITY_LOW;
  draft.draft.recommendation = NULL;
  body = build_body (&draft);
  g_assert_cmpstr (tvm_json_get_string (body, "mitigationType"), ==, "uninstall");
  g_assert_cmpstr (tvm_json_get_string (body, "priority"), ==, "low");
  g_assert_false (json_object_has_member (body, "dueDateTime"));
  g_assert_true (g_str_has_suffix (tvm_json_get_string (body, "description"), MARKER));
  json_object_unref (body);
  draft_clear (&draft);

  draft_init (&draft, TVM_TYPE_CONFIGURATION_CHANGE);
  draft.activity->priority = TVM_PRIORITY_HIGH;
  body = build_body (&draft);
  assert_members (body, COMMON "endpointSecurityPolicy applicablePlatform endpointSecurityPolicyProfile intendedSettings ");
  g_assert_cmpstr (tvm_json_get_string (body, "@odata.type"), ==, "#microsoft.graph.securityConfigurationTask");
  g_assert_cmpstr (tvm_json_get_string (body, "endpointSecurityPolicy"), ==, "firewall");
  g_assert_cmpstr (tvm_json_get_string (body, "applicablePlatform"), ==, "windows10AndWindowsServer");
  g_assert_cmpstr (tvm_json_get_string (body, "priority"), ==, "high");
  settings = json_object_get_array_member (body, "intendedSettings");
  g_assert_cmpuint (json_array_get_length (settings), ==, 1);
  setting = json_array_get_object_element (settings, 0);
  assert_members (setting, " name value ");
  g_assert_cmpstr (tvm_json_get_string (setting, "name"), ==, "Turn on Microsoft Defender Firewall");
  g_assert_cmpstr (tvm_json_get_string (setting, "value"), ==, "enabled");
  json_object_unref (body);
  draft_clear (&draft);
}

static void
add_facts (Draft *draft)
{
  draft->draft.vulnerabilities = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_vulnerability_unref);
  draft->draft.updates = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_security_update_unref);
  for (guint i = 0; i < 30; i++)
    {
      TvmVulnerability *cve = tvm_vulnerability_new ();
      TvmSecurityUpdate *update = tvm_security_update_new ();

      cve->id = g_strdup_printf ("CVE-2024-%04u", i);
      cve->severity = TVM_LEVEL_CRITICAL;
      update->recommendation_id = g_strdup ("r1");
      update->id = g_strdup_printf ("50442%02u", i);
      update->name = g_strnfill (500, 'x');
      g_ptr_array_add (draft->draft.vulnerabilities, cve);
      g_ptr_array_add (draft->draft.updates, update);
    }
}

/* Of several tickets each says which it is; words are those of the language that the draft names,
 * whatever the locale is. */
static void
test_split_in_languages (void)
{
  static const struct { const char *language, *name, *first; } cases[] = {
    { "en", "Update Player (1 of 2)", "Update Player to the latest version.\n" },
    { "de", "Update Player (1 von 2)", "Aktualisieren Sie Player auf die neueste Version.\n" },
    { "fr", "Update Player (1 sur 2)", "Mettez à jour Player vers la dernière version.\n" },
    { "ja", "Update Player (1/2)", "Player を最新バージョンに更新してください。\n" },
    { "sv", "Update Player (1 av 2)", "Uppdatera Player till den senaste versionen.\n" },
    { "zh_TW", "Update Player（1/2）", "將 Player 更新到最新版本。\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonObject) body = NULL;
      const char *description;
      Draft draft;

      draft_init (&draft, TVM_TYPE_UPDATE);
      tvm_set_str (&draft.recommendation->name, "Update Player");
      draft.draft.number = 1;
      draft.draft.n_tickets = 2;
      draft.draft.language = tvm_language_find (cases[i].language);
      body = build_body (&draft);
      description = tvm_json_get_string (body, "description");
      g_assert_cmpstr (tvm_json_get_string (body, "displayName"), ==, cases[i].name);
      g_assert_true (g_str_has_prefix (description, cases[i].first));
      g_assert_true (g_str_has_suffix (description, "\n" MARKER));
      g_assert_null (tvm_language_current ());
      draft_clear (&draft);
    }
}

static char *
repeat (const char *text, guint n)
{
  GString *whole = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (whole, text);
  return g_string_free (whole, FALSE);
}

/* A long one loses lines, never its marker; what the requester wrote is no second one. */
static void
test_long_description (void)
{
  Draft draft;
  g_autoptr(JsonObject) body = NULL;
  const char *description;

  draft_init (&draft, TVM_TYPE_UPDATE);
  add_facts (&draft);
  draft.activity->notes = g_strnfill (1900, 'n');
  tvm_set_str (&draft.recommendation->related_component, "Some Ünit");
  tvm_set_str (&draft.activity->created_by, "TVM-11111111-2222-3333-4444-555555555555");
  body = build_body (&draft);
  description = tvm_json_get_string (body, "description");
  g_assert_cmpuint (strlen (description), <=, 8192);
  g_assert_nonnull (strstr (description, "\n- KB5044209"));
  g_assert_nonnull (strstr (description, "\n- and 20 more\n"));
  g_assert_null (strstr (description, "CVE-2024-0010"));
  g_assert_true (g_str_has_suffix (description, "\n" MARKER));
  json_object_unref (g_steal_pointer (&body));
  for (guint i = 0; i < 10; i++)
    {
      TvmSecurityUpdate *update = draft.draft.updates->pdata[i];

      g_autofree char *name = repeat ("漢", 200);

      tvm_set_str (&update->name, name);
    }
  g_free (draft.activity->notes);
  draft.activity->notes = repeat ("漢", 1900);
  body = build_body (&draft);
  description = tvm_json_get_string (body, "description");
  g_assert_cmpuint (strlen (description), <=, 8192);
  g_assert_nonnull (strstr (description, "\n(shortened)\n\n"));
  g_assert_true (g_str_has_suffix (description, "\n" MARKER));
  g_assert_true (g_str_has_suffix (description, MARKER));
  g_clear_pointer (&draft.draft.vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&draft.draft.updates, g_ptr_array_unref);
  draft_clear (&draft);
}

/* Each line of the ticket but its own number of devices stands in the e-mail too. */
static void
test_email_says_the_same (void)
{
  for (TvmRemediationType type = TVM_TYPE_UPDATE; type <= TVM_TYPE_CONFIGURATION_CHANGE; type++)
    {
      Draft draft;
      g_autoptr(JsonObject) body = NULL;
      g_autoptr(TvmNotice) notice = NULL;
      g_auto(GStrv) lines = NULL;
      guint n_lines = 0;

      draft_init (&draft, type);
      add_facts (&draft);
      draft.activity->notes = g_strdup ("Please");
      draft.activity->due_on = g_strdup ("2026-05-01");
      body = build_body (&draft);
      notice = tvm_notice_new (&(TvmBrief) { draft.activity, draft.recommendation,
                                             draft.draft.vulnerabilities, draft.draft.updates },
                               NULL, NULL, "https://intune.microsoft.com/", NULL);
      lines = g_strsplit (tvm_json_get_string (body, "description"), "\n", -1);
      for (guint i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0' && !g_str_has_prefix (lines[i], "Devices of this ticket: ") &&
            !g_str_has_prefix (lines[i], "TVM-"))
          {
            g_autofree char *line = g_strconcat (lines[i], "\n", NULL);

            n_lines++;
            g_assert_nonnull (strstr (notice->body, line));
          }
      g_assert_cmpuint (n_lines, >, 15);
      g_clear_pointer (&draft.draft.vulnerabilities, g_ptr_array_unref);
      g_clear_pointer (&draft.draft.updates, g_ptr_array_unref);
      draft_clear (&draft);
    }
}

static void
set_up (SignedIn *self, gconstpointer data)
{
  signed_in_set_up (self, data);
  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("graph-1", "refresh-2"));
}

static TvmTicket *
create (SignedIn *self, GError **error)
{
  Draft draft;
  TvmTicket *ticket;

  draft_init (&draft, TVM_TYPE_UPDATE);
  ticket = tvm_client_create_ticket (self->client, &draft.draft, NULL, NULL, error);
  draft_clear (&draft);
  return ticket;
}

static void
test_created (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmTicket) ticket = NULL;
  g_autofree char *request = NULL;
  g_autofree char *token_request = NULL;
  g_auto(GStrv) lines = NULL;

  /* a throttled one waits in the outbox */
  fake_service_add (self->service, TASKS, 429, "Retry-After: 3", "{}");
  fake_service_add (self->service, TASKS, 201, NULL, "{\"id\":\"t1\",\"status\":\"pending\",\"assignedTo\":null}");
  g_assert_null (create (self, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_THROTTLED);
  g_clear_error (&error);
  ticket = create (self, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ticket->id, ==, "t1");
  g_assert_cmpstr (ticket->marker, ==, MARKER);
  g_assert_cmpstr (ticket->activity_id, ==, "a1");
  g_assert_cmpint (ticket->status, ==, TVM_TICKET_PENDING);
  g_assert_cmpint (ticket->devices, ==, 2);
  g_assert_cmpuint (fake_service_count (self->service, TASKS), ==, 2);
  request = fake_service_get_request (self->service, TASKS, 1);
  lines = g_strsplit (request, "\n", 4);
  g_assert_cmpstr (lines[0], ==, "POST " TASKS);
  g_assert_cmpstr (lines[1], ==, "Bearer graph-1");
  g_assert_true (g_uuid_string_is_valid (lines[2]));
  json_object_unref (parse (lines[3]));
  token_request = fake_service_get_request (self->service, TOKEN_PATH, 0);
  g_assert_nonnull (strstr (token_request, "DeviceManagementApps.ReadWrite.All"));
}

static void
assert_sent_once (SignedIn *self, int code, const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (create (self, &error));
  g_assert_error (error, TVM_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
  g_assert_cmpuint (fake_service_count (self->service, TASKS), ==, 1);
  fake_service_clear (self->service, TASKS);
}

/* After a lost answer nobody knows whether the ticket was made: it is not sent again here (R4). */
static void
test_lost (SignedIn *self, gconstpointer data)
{
  fake_service_add_fault (self->service, TASKS, FAKE_LOST, NULL);
  assert_sent_once (self, TVM_ERROR_OFFLINE, "127.0.0.1");
  fake_service_add_fault (self->service, TASKS, FAKE_CUT, "{\"id\":\"t1\",\"status\":\"pending\"}");
  assert_sent_once (self, TVM_ERROR_OFFLINE, "lost");
  fake_service_add (self->service, TASKS, 201, NULL, "");
  assert_sent_once (self, TVM_ERROR_OFFLINE, "lost");
  fake_service_add (self->service, TASKS, 500, NULL, "{}");
  assert_sent_once (self, TVM_ERROR_OFFLINE, "500");
  fake_service_add (self->service, TASKS, 504, NULL, "{}");
  assert_sent_once (self, TVM_ERROR_OFFLINE, "504");
  fake_service_add (self->service, TASKS, 400, NULL,
                    "{\"error\":{\"code\":\"B\",\"message\":\"Bad\",\"innerError\":{\"request-id\":\"corr-3\"}}}");
  assert_sent_once (self, TVM_ERROR_REJECTED, "corr-3");
  fake_service_add (self->service, TASKS, 307, "Location: /other", "");
  assert_sent_once (self, TVM_ERROR_BAD_RESPONSE, "redirected");
}

#define ADD(name, func) g_test_add ("/client/tickets/" name, SignedIn, NULL, set_up, func, signed_in_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  bindtextdomain (GETTEXT_PACKAGE, TVM_BUILD_LOCALEDIR);
  g_test_add_func ("/tickets/trace", test_trace);
  g_test_add_func ("/tickets/trace-read", test_trace_read);
  g_test_add_func ("/tickets/trace-many-groups", test_trace_many_groups);
  g_test_add_func ("/client/tickets/software-body", test_software_body);
  g_test_add_func ("/client/tickets/other-bodies", test_other_bodies);
  g_test_add_func ("/client/tickets/split-in-languages", test_split_in_languages);
  g_test_add_func ("/client/tickets/long-description", test_long_description);
  g_test_add_func ("/client/tickets/email-says-the-same", test_email_says_the_same);
  ADD ("created", test_created);
  ADD ("lost", test_lost);
  return g_test_run ();
}
