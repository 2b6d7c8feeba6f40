/* test-impact.c: the assessment of configurations, of which only what counts is kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "tvm-pace-private.h"

#include <string.h>

#define PATH "/api/machines/SecureConfigurationsAssessmentByMachine"
#define ROW(device, reference, applicable, compliant, impact) \
  "{\"id\":\"x\",\"deviceId\":\"" device "\",\"configurationId\":\"scid-7\"," \
  "\"timestamp\":\"2020-12-30 14:17:26\",\"isApplicable\":" applicable \
  ",\"isCompliant\":" compliant ",\"isExpectedUserImpact\":" impact \
  ",\"recommendationReference\":" reference "}"
#define SCA "\"sca-_-scid-7\""

/* "device word" of each entry, by spaces. */
static char *
describe (const TvmUserImpacts *impacts, const char *id)
{
  const TvmUserImpactList *list = g_hash_table_lookup (impacts->lists_by_id, id);
  GString *text = g_string_new (NULL);

  for (guint i = 0; list != NULL && i < list->entries->len; i++)
    {
      guint32 entry = g_array_index (list->entries, guint32, i);

      g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "",
                              g_array_index (impacts->devices->refs, TvmDeviceRef, entry / 2).id,
                              entry % 2 ? "!" : "");
    }
  return g_string_free (text, FALSE);
}

static void
test_rows (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmPull) pull = tvm_pull_new (TVM_PULL_USER_IMPACT, NULL);
  g_autofree char *seven = NULL, *request = NULL;
  int n_requests = 0;

  fake_service_add (self->service, PATH, 200, NULL,
                    "{\"value\":[" ROW ("d1", SCA, "true", "false", "false") ","
                    ROW ("d2", SCA, "true", "false", "true") ","
                    ROW ("d3", SCA, "true", "true", "false") "],\"@odata.nextLink\":\"%URL%/more\"}");
  fake_service_add (self->service, "/more", 200, NULL,
                    "{\"value\":[" ROW ("d4", SCA, "false", "false", "false") ","
                    ROW ("d5", SCA, "true", "false", "null") ","
                    ROW ("d6", "null", "true", "false", "\"False\"") ","
                    ROW ("d7", SCA, "null", "null", "false") ","
                    "{\"deviceId\":\"d8\"}]}");
  tvm_client_fetch (self->client, pull, &n_requests, NULL, &error);
  g_assert_no_error (error);
  seven = describe (pull->impacts, "sca-_-scid-7");
  g_assert_cmpstr (seven, ==, "d1 d2! d6");
  g_assert_cmpuint (pull->impacts->lists->len, ==, 1);
  g_assert_cmpuint (tvm_pull_get_n_rows (pull), ==, 3);
  g_assert_cmpint (n_requests, ==, 2);
  request = fake_service_get_request (self->service, PATH, 0);
  g_assert_true (g_str_has_prefix (request, "GET " PATH "?pageSize=100000\n"));
}

static void
test_refused (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmPull) pull = tvm_pull_new (TVM_PULL_USER_IMPACT, NULL);
  g_autoptr(GError) forbidden = NULL, broken = NULL;

  fake_service_add (self->service, PATH, 403, NULL,
                    "{\"error\":{\"code\":\"DisabledFeature\",\"message\":\"No licence\"}}");
  g_assert_false (tvm_client_fetch (self->client, pull, NULL, NULL, &forbidden));
  g_assert_error (forbidden, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  fake_service_clear (self->service, PATH);
  fake_service_add (self->service, PATH, 200, NULL, "{\"value\":[{\"isApplicable\":true}]}");
  g_assert_false (tvm_client_fetch (self->client, pull, NULL, NULL, &broken));
  g_assert_error (broken, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
}

#define SOFTWARE "/api/machines/SoftwareVulnerabilitiesByMachine"
#define SETTING(device) ROW (device, SCA, "true", "false", "false")
#define PRODUCT(device) \
  "{\"id\":\"x\",\"deviceId\":\"" device "\",\"softwareVendor\":\"ex\",\"softwareName\":\"app\"," \
  "\"softwareVersion\":\"1\",\"cveId\":null,\"recommendationReference\":\"va-_-ex-_-app\"}"

static const struct { TvmPullKind kind; const char *pages, *files, *rows[3]; } others[] = {
  { TVM_PULL_EXPOSURE, SOFTWARE, "/api/machines/SoftwareVulnerabilitiesExport",
    { SETTING ("d1"), SETTING ("d2"), PRODUCT ("d3") } },
  { TVM_PULL_USER_IMPACT, PATH, "/api/machines/SecureConfigurationsAssessmentExport",
    { PRODUCT ("d1"), PRODUCT ("d2"), SETTING ("d3") } },
};

/* What another list has is no use here, in pages or in files; a single row of it is passed over. */
static void
test_other_list (SignedIn *self, gconstpointer data)
{
  gboolean is_files = data != NULL;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (others); i++)
    {
      const char *const *rows = others[i / 2].rows;
      const char *path = is_files ? others[i / 2].files : others[i / 2].pages;
      g_autoptr(TvmPull) pull = tvm_pull_new (others[i / 2].kind, NULL);
      g_autofree char *body = NULL;
      g_autoptr(GError) error = NULL;
      gboolean is_good;

      body = g_strdup_printf (is_files ? "%s\n%s\n%s\n" : "{\"value\":[%s,%s,%s]}", rows[0],
                              rows[i % 2 == 0 ? 1 : 2], rows[2]);
      fake_service_clear (self->service, path);
      fake_service_clear (self->service, "/file");
      fake_service_add (self->service, path, 200, NULL,
                        is_files ? "{\"exportFiles\":[\"%URL%/file\"]}" : body);
      fake_service_add (self->service, "/file", 200, NULL, body);
      pull->wants_files = is_files;
      is_good = tvm_client_fetch (self->client, pull, NULL, NULL, &error);
      if (i % 2 == 0)
        {
          g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
          g_assert_nonnull (strstr (error->message, "is not usable"));
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (is_good);
      g_assert_cmpint (pull->n_passed_over, ==, 1);
      g_assert_cmpuint (tvm_pull_get_n_rows (pull), ==, 2);
    }
}

/* Nobody knows which files a part of their list lacks, or one with items that are none. */
static void
test_part_of_files (SignedIn *self, gconstpointer data)
{
  static const struct { guint status; const char *header, *answer; int n_passed_over; } answers[] = {
    { 200, NULL, "{\"exportFiles\":[\"%URL%/file\"]}", 0 },
    { 206, NULL, "{\"exportFiles\":[\"%URL%/file\"]}", 1 },
    { 206, "Content-Range: bytes 0-49/50", "{\"exportFiles\":[\"%URL%/file\"]}", 0 },
    { 206, "Content-Range: bytes 0-49/100", "{\"exportFiles\":[\"%URL%/file\"]}", 1 },
    { 200, NULL, "{\"exportFiles\":[\"%URL%/file\",null]}", 1 },
    { 200, NULL, "{\"exportFiles\":[5,\"%URL%/file\"]}", 1 },
    { 200, NULL, "{\"exportFiles\":[\"%URL%/file\",{}]}", 1 },
    { 200, NULL, "{\"exportFiles\":[\"%URL%/other\"],\"exportFiles\":[\"%URL%/file\"]}", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(TvmPull) pull = tvm_pull_new (others[0].kind, NULL);
      g_autoptr(GError) error = NULL;

      fake_service_clear (self->service, others[0].files);
      fake_service_clear (self->service, "/file");
      fake_service_add (self->service, others[0].files, answers[i].status, answers[i].header, answers[i].answer);
      fake_service_add (self->service, "/file", 200, NULL, PRODUCT ("d1") "\n" PRODUCT ("d2") "\n");
      pull->wants_files = TRUE;
      g_assert_true (tvm_client_fetch (self->client, pull, NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (pull->n_passed_over, ==, answers[i].n_passed_over);
      g_assert_cmpuint (tvm_pull_get_n_rows (pull), ==, 2);
    }
}

/* Files that only the query of their address tells apart are several; one that is named twice is one. */
static void
test_same_path (SignedIn *self, gconstpointer data)
{
  static const struct { const char *answer; int n_passed_over; guint n_rows; } answers[] = {
    { "{\"exportFiles\":[\"%URL%/file?n=1\",\"%URL%/file?n=2\"]}", 0, 2 },
    { "{\"exportFiles\":[\"%URL%/file?n=1\",\"%URL%/file?n=1\"]}", 1, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(TvmPull) pull = tvm_pull_new (others[0].kind, NULL);
      g_autoptr(GError) error = NULL;

      fake_service_clear (self->service, others[0].files);
      fake_service_clear (self->service, "/file");
      fake_service_add (self->service, others[0].files, 200, NULL, answers[i].answer);
      fake_service_add (self->service, "/file", 200, NULL, PRODUCT ("d1") "\n");
      fake_service_add (self->service, "/file", 200, NULL, PRODUCT ("d2") "\n");
      pull->wants_files = TRUE;
      g_assert_true (tvm_client_fetch (self->client, pull, NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (pull->n_passed_over, ==, answers[i].n_passed_over);
      g_assert_cmpuint (tvm_pull_get_n_rows (pull), ==, answers[i].n_rows);
    }
}

/* 30 calls a minute, where devices have 100. */
static void
test_limit (void)
{
  static const struct { const char *path; TvmCallClass calls; } cases[] = {
    { PATH, TVM_CALLS_CONFIGURATIONS },
    { "/API/MACHINES/secureconfigurationsassessmentexport", TVM_CALLS_CONFIGURATION_FILES },
    { "/api/machines/SoftwareVulnerabilityChangesByMachine", TVM_CALLS_CHANGES },
    { "/api/machines/SoftwareVulnerabilitiesByMachine", TVM_CALLS_SOFTWARE },
    { "/api/machines/SoftwareVulnerabilitiesExport", TVM_CALLS_SOFTWARE_FILES },
    { "/api/machines", TVM_CALLS_MACHINES }, { "/api/recommendations", TVM_CALLS_DEFENDER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (tvm_pace_classify (TVM_RESOURCE_DEFENDER, FALSE, cases[i].path), ==,
                     cases[i].calls);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/impact/rows", SignedIn, NULL, signed_in_set_up, test_rows, signed_in_tear_down);
  g_test_add ("/impact/refused", SignedIn, NULL, signed_in_set_up, test_refused,
              signed_in_tear_down);
  g_test_add ("/impact/other-list/pages", SignedIn, NULL, signed_in_set_up, test_other_list,
              signed_in_tear_down);
  g_test_add ("/impact/other-list/files", SignedIn, "files", signed_in_set_up, test_other_list,
              signed_in_tear_down);
  g_test_add ("/impact/part-of-files", SignedIn, NULL, signed_in_set_up, test_part_of_files,
              signed_in_tear_down);
  g_test_add ("/impact/same-path", SignedIn, NULL, signed_in_set_up, test_same_path,
              signed_in_tear_down);
  g_test_add_func ("/impact/limit", test_limit);
  return g_test_run ();
}
