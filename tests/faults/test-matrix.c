/* test-matrix.c: every list and every write with every way to fail, over real HTTP. After each the
 * store is the one before or after a whole sync, the message names cause and next step, and the next
 * good run heals everything. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "faults-dump.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"
#include "tvm-transport-private.h"

#include <libsoup/soup.h>
#include <string.h>

#define TASKS   "/beta/deviceAppManagement/deviceAppManagementTasks"
#define MACHINES "/api/machines/"
#define TIMEOUT_S 2  /* a busy machine answers late */
#define MAX_BYTES (2 * 1024 * 1024)
#define ALWAYS  "\"times\":99"

/* The sanitizers make all this slow: there each fault meets some lists, each list some faults. */
#ifdef __SANITIZE_ADDRESS__
#define EVERY 5
#else
#define EVERY 1
#endif

typedef enum { BY_SYNC, BY_FULL, BY_ACTIVITY, BY_PUSH } How;
typedef struct {
  const char *name, *method, *path;
  How how;
  gboolean is_single, by_exports;
} Target;

/* %s is the tracked recommendation or the portal activity. */
static const Target targets[] = {
  { "recommendations",  "GET", "/api/recommendations", BY_SYNC, FALSE },
  { "devices",          "GET", "/api/machines", BY_SYNC, FALSE },
  { "weaknesses",       "GET", "/api/vulnerabilities", BY_SYNC, FALSE },
  { "activities",       "GET", "/api/remediationTasks", BY_SYNC, FALSE },
  { "exposure-score",   "GET", "/api/exposureScore", BY_SYNC, TRUE },
  { "secure-score",     "GET", "/api/configurationScore", BY_SYNC, TRUE },
  { "tickets",          "GET", TASKS, BY_SYNC, FALSE },
  { "managed-devices",  "GET", "/beta/deviceManagement/managedDevices", BY_SYNC, FALSE },
  { "exposed-devices",  "GET", "/api/recommendations/%s/machineReferences", BY_SYNC, FALSE },
  { "vulnerabilities",  "GET", "/api/recommendations/%s/vulnerabilities", BY_SYNC, FALSE },
  { "user-impact",      "GET", "/api/machines/SecureConfigurationsAssessmentByMachine", BY_FULL, FALSE },
  { "activity-devices", "GET", "/api/remediationTasks/%s/machineReferences", BY_ACTIVITY, FALSE },
  { "create-ticket",    "POST", TASKS, BY_PUSH, TRUE },
  { "export", "GET", MACHINES "SoftwareVulnerabilitiesByMachine", BY_FULL, FALSE, TRUE },
  { "changes", "GET", MACHINES "SoftwareVulnerabilityChangesByMachine", BY_SYNC, FALSE, TRUE },
  { "configurations", "GET", MACHINES "SecureConfigurationsAssessmentByMachine", BY_FULL, FALSE,
    TRUE },
};

/* What to expect: the cause and the next step in words; NULL: nothing, because trying again helps. */
typedef struct {
  const char *name, *order, *cause, *next;
  gboolean of_exports;  /* only these are tried with it here */
} Kind;
static const Kind kinds[] = {
  { "refused", "\"kind\":\"refuse\",\"delay_ms\":250", "cannot be reached", "try again" },
  { "reset", "\"kind\":\"reset\"," ALWAYS, "cannot be reached", "try again" },
  { "cut", "\"kind\":\"cut\"," ALWAYS, "cut off", "Try again later" },
  { "stall", "\"kind\":\"stall\"", "did not answer in time", "Try again later" },
  { "401 once", "\"status\":401", NULL, NULL },
  { "401 always", "\"status\":401," ALWAYS, "status 401", "administrator" },
  { "403", "\"status\":403," ALWAYS, "status 403", "administrator" },
  { "404", "\"status\":404," ALWAYS, "status 404", "Synchronize again" },
  { "429 seconds", "\"status\":429,\"retry_after\":7,\"times\":2", NULL, NULL },
  { "429 date", "\"status\":429,\"retry_after_date\":30", NULL, NULL },
  { "429 plain", "\"status\":429,\"times\":2", NULL, NULL },
  { "500 once", "\"status\":500", NULL, NULL },
  { "503 always", "\"status\":503," ALWAYS, "status 503", "Try again later" },
  { "HTML 200", "\"kind\":\"html\"," ALWAYS, "web page", "try again later" },
  { "empty 200", "\"kind\":\"empty\"," ALWAYS, "empty", "try again later" },
  { "wrong shape", "\"kind\":\"wrong-shape\"," ALWAYS, "not usable", "try again later" },
  { "cut gzip", "\"kind\":\"cut-gzip\"," ALWAYS, NULL, "gain later" },
  { "endless", "\"kind\":\"endless\"," ALWAYS, "too large", "try again later" },
  { "redirect", "\"kind\":\"redirect\"," ALWAYS, NULL, "Check the cloud" },
  { "repeated link", "\"kind\":\"repeat-link\"," ALWAYS, "never ends", "try again later" },
  { "other server", "\"kind\":\"foreign-links\"," ALWAYS, "another server", "try again later", TRUE },
  { "a part", "\"kind\":\"partial\"," ALWAYS, NULL, NULL, TRUE },
  { "two values", "\"kind\":\"two-values\"," ALWAYS, NULL, NULL, TRUE },
  { "null rows", "\"kind\":\"null-rows\"," ALWAYS, NULL, NULL, TRUE },
  { "no rows", "\"kind\":\"short\",\"rows\":0," ALWAYS, NULL, NULL, TRUE },
  { "few rows", "\"kind\":\"short\",\"rows\":20," ALWAYS, NULL, NULL, TRUE },
  { "repeated rows", "\"kind\":\"repeat-rows\"," ALWAYS, NULL, NULL, TRUE },
  { "no values", "\"kind\":\"null-members\"," ALWAYS, "", "try again later", TRUE },
  { "other types", "\"kind\":\"set\",\"members\":{\"cveId\":{},\"isCompliant\":{}}," ALWAYS, NULL,
    "try again later", TRUE },
  { "no CVEs", "\"kind\":\"set\",\"members\":{\"cveId\":null,\"isCompliant\":null}," ALWAYS, NULL, NULL,
    TRUE },
};

static char *outcomes[G_N_ELEMENTS (targets)][G_N_ELEMENTS (kinds)];

typedef struct {
  SyncFixture sync;
  char *recommendation_id, *activity_id, *device_id;
  guint n_mutations;
} Matrix;

static void
order (Matrix *self, const char *body, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
order (Matrix *self, const char *body, const char *format, ...)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) answer = NULL;
  va_list args;

  va_start (args, format);
  path = g_strdup_vprintf (format, args);
  va_end (args);
  answer = sync_fixture_order (&self->sync, path, body);
}

/* Each run has something to bring: a device more or less exposed, one in another group. */
static void
mutate (Matrix *self)
{
  gboolean back = self->n_mutations++ % 2 != 0;

  order (self, "{\"count\":2}", "recommendations/%s/%s", self->recommendation_id, back ? "expose" : "patch");
  order (self, back ? "{\"group\":\"Windows Servers\"}" : "{\"group\":\"UnassignedGroup\"}", "devices/%s/move",
         self->device_id);
}

static void
submit (Matrix *self)
{
  g_autoptr(TvmRecommendation) about = tvm_store_get_recommendation (self->sync.store, self->recommendation_id, NULL);
  g_autoptr(TvmRequest) request = sync_fixture_new_request (about, TRUE);
  g_autoptr(TvmActivity) activity = sync_fixture_submit (&self->sync, request);

  g_assert_nonnull (activity);
}

static void
set_up (Matrix *self, gconstpointer data)
{
  const Target *target = data;
  gboolean by_exports = target != NULL && target->by_exports;
  const SyncFixtureOptions options = { .intune = TRUE, .recommendations = 8, .devices = 60,
                                       .page_size = by_exports ? 200 : 0 };
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) records = NULL, devices = NULL;

  g_setenv ("TVM_EXPOSURE", by_exports ? "" : "lists", TRUE);
  tvm_set_virtual_waits (TRUE);
  sync_fixture_set_up (&self->sync, &options);
  g_assert_true (tvm_sync_session_open (self->sync.engine, NULL, &client, NULL));
  tvm_transport_set_limits (tvm_client_get_transport (client), TIMEOUT_S, MAX_BYTES);
  sync_fixture_sync_plain (&self->sync);
  about = sync_fixture_pick (&self->sync, TVM_TYPE_UPDATE);
  self->recommendation_id = g_strdup (about->id);
  keys = tvm_store_list_keys (self->sync.store, query, NULL, NULL);
  records = tvm_store_list_records (self->sync.store, query, (gint64 *) (gpointer) keys->data, 1, NULL);
  self->activity_id = g_strdup (((TvmActivity *) records->pdata[0])->id);
  submit (self);
  sync_fixture_sync_plain (&self->sync);
  devices = sync_fixture_list_exposed (&self->sync, self->recommendation_id);
  self->device_id = g_strdup (((TvmDevice *) devices->pdata[devices->len - 1])->id);
}

static void
tear_down (Matrix *self, gconstpointer data)
{
  g_free (self->recommendation_id);
  g_free (self->activity_id);
  g_free (self->device_id);
  sync_fixture_tear_down (&self->sync, data);
  tvm_set_virtual_waits (FALSE);
}

/* The port may be closed for a moment. */
static void
forget_faults (Matrix *self)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (self->sync.tenant), "/_demo/faults", NULL);
  gint64 until_us = g_get_monotonic_time () + 20 * TVM_SECOND_US;
  guint status = 0;

  while (status != 200 && g_get_monotonic_time () < until_us)
    {
      g_autoptr(SoupMessage) message = soup_message_new ("DELETE", url);
      g_autoptr(GBytes) answer = soup_session_send_and_read (session, message, NULL, NULL);

      status = soup_message_get_status (message);
    }
  g_assert_cmpuint (status, ==, 200);
}

/* Returns what is doubted, transfer full. */
static char *
run (Matrix *self, const Target *target, GError **error)
{
  g_autoptr(GPtrArray) results = NULL;

  if (target->how == BY_ACTIVITY)
    tvm_sync_engine_fetch_activity (self->sync.engine, self->activity_id, NULL, error);
  else
    results = tvm_sync_engine_sync (self->sync.engine, target->how == BY_FULL, NULL, NULL, NULL, error);
  return tvm_sync_describe_doubts (results);
}

/* A new connection to send a ticket is what is refused, not one that is open. */
static void
close_port (Matrix *self)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (self->sync.tenant), "/api/close", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(GBytes) answer = NULL;

  sync_fixture_fault (&self->sync, "/api/close", "GET", "\"kind\":\"refuse\",\"delay_ms\":250");
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_null (answer);
}

/* What a failure must say; NULL where there must be none. */
static const char *
get_cause (const Target *target, const Kind *kind)
{
  if (target->how == BY_PUSH && (strcmp (kind->name, "500 once") == 0))
    return "status 500";
  if (target->is_single && strcmp (kind->name, "repeated link") == 0)
    return NULL;
  if (strcmp (kind->name, "cut gzip") == 0)
    return target->how == BY_PUSH ? "lost" : "";
  if (strcmp (kind->name, "redirect") == 0)
    return target->how == BY_PUSH ? "redirected" : "another server";
  if (strcmp (target->name, "devices") == 0 && strcmp (kind->name, "404") == 0)
    return NULL;  /* by the documentation: no device; the doubt keeps them */
  if ((strcmp (target->name, "exposed-devices") == 0 ||
       strcmp (target->name, "vulnerabilities") == 0) && strcmp (kind->name, "404") == 0)
    return NULL;  /* it may have vanished; the doubt keeps what was known */
  if (strcmp (target->name, "export") == 0 && strcmp (kind->name, "404") == 0)
    return NULL;  /* as where there is no licence */
  if ((strcmp (target->name, "user-impact") == 0 || target->by_exports) &&
      (strcmp (kind->name, "403") == 0 || strcmp (kind->name, "401 always") == 0))
    return NULL;  /* no licence: whoever wants to know is told */
  if (strcmp (target->name, "weaknesses") == 0 &&
      (strcmp (kind->name, "403") == 0 || strcmp (kind->name, "401 always") == 0 ||
       strcmp (kind->name, "404") == 0))
    return NULL;  /* likewise, and a cloud may not have it */
  if (strcmp (target->name, "export") == 0 && strcmp (kind->name, "other types") == 0)
    return "of no use";  /* no row tells its CVE */
  return kind->cause;
}

static void
check_message (const Target *target, const Kind *kind, const GError *error)
{
  const char *cause = get_cause (target, kind);

  if (cause == NULL)
    {
      g_assert_no_error (error);
      return;
    }
  if (error == NULL && strcmp (target->name, "changes") == 0)
    return;  /* all of it is asked for instead */
  if (error == NULL)
    g_error ("%s, %s: no error", target->name, kind->name);
  g_assert_true (error->domain == TVM_ERROR);
  if (strstr (error->message, cause) == NULL ||
      (kind->next != NULL && strstr (error->message, kind->next) == NULL))
    g_error ("%s, %s: “%s” lacks “%s” or “%s”", target->name, kind->name, error->message, cause, kind->next);
}

static void
check_dumps (const Target *target, const Kind *kind, const FaultsDump *before, const FaultsDump *between, const FaultsDump *after)
{
  g_autofree char *what = g_strdup_printf ("%s, %s", target->name, kind->name);

  faults_dump_check (what, before, between, after);
  g_assert_cmpint (between->n_scores[0] - before->n_scores[0], ==, between->n_scores[1] - before->n_scores[1]);
}

/* The store has what the service has. */
static void
check_healed (Matrix *self, guint n_tickets)
{
  g_autoptr(JsonObject) state = sync_fixture_order (&self->sync, "state", NULL);
  g_autoptr(JsonObject) stats = sync_fixture_order (&self->sync, "stats", NULL);
  JsonObject *exposed = json_object_get_object_member (state, "exposed");
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (&self->sync, self->recommendation_id);
  TvmStoreCounts counts;

  g_assert_true (tvm_store_counts (self->sync.store, &counts, NULL));
  g_assert_cmpint (counts.devices, ==, json_object_get_int_member (state, "devices"));
  g_assert_cmpint (counts.recommendations, ==, json_object_get_int_member (state, "recommendations"));
  g_assert_cmpint (counts.outbox, ==, 0);
  g_assert_cmpuint (devices->len, ==, json_object_get_int_member (exposed, self->recommendation_id));
  g_assert_cmpuint (sync_fixture_count_tickets (&self->sync, NULL, NULL), ==, n_tickets);
  g_assert_cmpint (json_object_get_int_member (stats, "retry_after_violations"), ==, 0);
  g_assert_false (json_object_has_member (json_object_get_object_member (stats, "requests"), "GET /elsewhere"));
}

/* A ticket that was refused for good is parked; making the same request anew is not what is tested. */
static void
retry_parked (Matrix *self)
{
  g_autoptr(GPtrArray) entries = tvm_store_list_outbox (self->sync.store, FALSE, NULL);

  g_assert_nonnull (entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const TvmOutboxEntry *entry = entries->pdata[i];

      if (entry->is_parked)
        g_assert_true (tvm_store_outbox_retry (self->sync.store, entry->ticket_key, NULL, NULL));
    }
}

static void
try_fault (Matrix *self, const Target *target, const Kind *kind, char **outcome)
{
  g_auto(GStrv) parts = g_strsplit (target->path, "%s", 2);
  g_autofree char *path = g_strjoinv (target->how == BY_ACTIVITY ? self->activity_id : self->recommendation_id,
                                      parts);
  g_autofree char *rest = g_strdup_printf ("\"exact\":true,%s", kind->order);
  guint n_tickets = sync_fixture_count_tickets (&self->sync, NULL, NULL);
  g_autoptr(FaultsDump) before = NULL, between = NULL, after = NULL;
  g_autoptr(GError) error = NULL, second = NULL;
  g_autofree char *doubts = NULL, *second_doubts = NULL;

  mutate (self);
  if (target->how == BY_PUSH)
    submit (self);
  before = faults_dump_store (&self->sync);
  if (target->how == BY_PUSH && strcmp (kind->name, "refused") == 0)
    close_port (self);
  else
    sync_fixture_fault (&self->sync, path, target->method, rest);
  doubts = run (self, target, &error);
  between = faults_dump_store (&self->sync);
  forget_faults (self);
  retry_parked (self);
  second_doubts = run (self, target, &second);
  g_assert_no_error (second);
  g_assert_null (second_doubts);
  if (target->how == BY_ACTIVITY)
    sync_fixture_sync_plain (&self->sync);
  after = faults_dump_store (&self->sync);
  *outcome = g_strdup (error != NULL ? "kept" : doubts != NULL ? "doubted" : "healed");
  check_message (target, kind, error);
  check_dumps (target, kind, before, between, after);
  check_healed (self, n_tickets + (target->how == BY_PUSH ? 1 : 0));
  if (error != NULL)
    g_test_message ("%s, %s: %s", target->name, kind->name, error->message);
}

/* Of changes fewer than there were may as well be all: what the recommendations count says more, and
 * the next whole export. */
static gboolean
is_tried (const Target *target, const Kind *kind)
{
  if (strcmp (target->name, "changes") == 0 && strcmp (kind->name, "few rows") == 0)
    return FALSE;
  return (kind - kinds + (target - targets)) % EVERY == 0 &&
         (target->by_exports || !kind->of_exports);
}

static void
test_target (Matrix *self, gconstpointer data)
{
  const Target *target = data;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (is_tried (target, &kinds[i]))
      try_fault (self, target, &kinds[i], &outcomes[target - targets][i]);
}

/* After a sync that was not good the next one pulls all lists. */
static void
fail_once (Matrix *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *doubts = NULL;

  sync_fixture_fault (&self->sync, "/api/exposureScore", "GET", "\"status\":403");
  doubts = run (self, &targets[0], &error);
  g_assert_nonnull (error);
}

/* A list that is much shorter than the service's own count is not deleted on, and that is told. */
static void
test_short (Matrix *self, gconstpointer data)
{
  static const Target *const shortened[] = { &targets[1], &targets[8] };

  for (guint i = 0; i < G_N_ELEMENTS (shortened); i++)
    {
      g_auto(GStrv) parts = g_strsplit (shortened[i]->path, "%s", 2);
      g_autofree char *path = g_strjoinv (self->recommendation_id, parts);
      g_autofree char *doubts = NULL, *told = NULL, *second_doubts = NULL;
      g_autoptr(FaultsDump) before = faults_dump_store (&self->sync), between = NULL;
      g_autoptr(GError) error = NULL;

      fail_once (self);
      /* Exposed devices are asked for again where the recommendation still counts more. */
      sync_fixture_fault (&self->sync, path, "GET", i == 0
                          ? "\"kind\":\"short\",\"exact\":true"
                          : "\"kind\":\"short\",\"exact\":true,\"times\":2");
      doubts = run (self, shortened[i], &error);
      g_assert_no_error (error);
      g_assert_nonnull (doubts);
      g_assert_nonnull (strstr (doubts, "1 list came shorter"));
      g_assert_true (tvm_store_last_sync (self->sync.store, NULL, &told, NULL));
      g_assert_cmpstr (told, ==, doubts);
      between = faults_dump_store (&self->sync);
      faults_dump_check (shortened[i]->name, before, between, before);
      second_doubts = run (self, shortened[i], &error);
      g_assert_no_error (error);
      g_assert_null (second_doubts);
      g_clear_pointer (&told, g_free);
      g_assert_true (tvm_store_last_sync (self->sync.store, NULL, &told, NULL));
      g_assert_null (told);
    }
}

static void
print_outcomes (void)
{
  g_print ("# after each fault; healed: tried again, all is there; kept: told, the old rows stay until the next run; "
           "doubted: told, nothing removed\n");
  g_print ("# %-14s", "");
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    g_print (" %-16s", targets[i].name);
  g_print ("\n");
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_print ("# %-14s", kinds[k].name);
      for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
        {
          g_print (" %-16s", outcomes[i][k] != NULL ? outcomes[i][k] : "-");
          g_free (outcomes[i][k]);
        }
      g_print ("\n");
    }
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *name = g_strconcat ("/faults/", targets[i].name, NULL);

      g_test_add (name, Matrix, &targets[i], set_up, test_target, tear_down);
    }
  g_test_add ("/faults/short-lists", Matrix, NULL, set_up, test_short, tear_down);
  status = g_test_run ();
  print_outcomes ();
  return status;
}
