/* test-lists.c: lists and their pages over real HTTP. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "fetch.h"

#include <string.h>

#define MACHINES "/api/machines"
#define MANAGED  "/beta/deviceManagement/managedDevices"

/* A page of devices d<first>... */
static char *
make_page (int first, int n, const char *link)
{
  GString *page = g_string_new ("{\"value\":[");

  for (int i = 0; i < n; i++)
    g_string_append_printf (page, "%s{\"id\":\"d%d\",\"computerDnsName\":\"pc\"}", i > 0 ? "," : "", first + i);
  g_string_append (page, "]");
  if (link != NULL)
    g_string_append_printf (page, ",\"@odata.nextLink\":\"%s\"", link);
  g_string_append (page, "}");
  return g_string_free (page, FALSE);
}

static void
add_page (SignedIn *self, const char *path, int first, int n, const char *link)
{
  g_autofree char *page = make_page (first, n, link);

  fake_service_add (self->service, path, 200, NULL, page);
}

static void
assert_devices (SignedIn *self, guint n, int n_requests)
{
  g_autoptr(GError) error = NULL;
  int requests = 100;
  g_autoptr(GPtrArray) devices = fetch_records (self->client, TVM_PULL_DEVICES, NULL, &requests, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, n);
  g_assert_cmpint (requests, ==, 100 + n_requests);
  fake_service_clear (self->service, MACHINES);
}

static void
assert_bad (SignedIn *self, const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (fetch_records (self->client, TVM_PULL_DEVICES, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
  fake_service_clear (self->service, MACHINES);
}

static void
test_skip (SignedIn *self, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  add_page (self, MACHINES, 0, 10000, NULL);
  add_page (self, MACHINES, 9990, 25, NULL);  /* ten repeated rows */
  {
    g_autoptr(GPtrArray) devices = fetch_records (self->client, TVM_PULL_DEVICES, NULL, NULL, NULL);

    g_assert_cmpuint (devices->len, ==, 10015);
  }
  first = fake_service_get_request (self->service, MACHINES, 0);
  second = fake_service_get_request (self->service, MACHINES, 1);
  g_assert_true (g_str_has_prefix (first, "GET /api/machines?$top=10000&$skip=0\nBearer access-1\n"));
  g_assert_true (g_str_has_prefix (second, "GET /api/machines?$top=10000&$skip=10000\n"));
  fake_service_clear (self->service, MACHINES);

  add_page (self, MACHINES, 0, 37, NULL);
  assert_devices (self, 37, 1);
  add_page (self, MACHINES, 0, 0, NULL);
  assert_devices (self, 0, 1);
  /* the last page is full: an empty one ends the list */
  add_page (self, MACHINES, 0, 10000, NULL);
  add_page (self, MACHINES, 0, 0, NULL);
  assert_devices (self, 10000, 2);
  /* a service that ignores $skip */
  add_page (self, MACHINES, 0, 10000, NULL);
  assert_devices (self, 10000, 2);
  assert_devices (self, 0, 1);  /* 404 */
}

/* A service that caps its pages without links. */
static void
test_capped (SignedIn *self, gconstpointer data)
{
  add_page (self, MACHINES, 0, 1000, NULL);
  add_page (self, MACHINES, 1000, 1000, NULL);
  add_page (self, MACHINES, 2000, 1, NULL);
  assert_devices (self, 2001, 3);
  add_page (self, MACHINES, 0, 100, NULL);
  add_page (self, MACHINES, 0, 0, NULL);
  assert_devices (self, 100, 2);
  add_page (self, MACHINES, 0, 100, NULL);
  fake_service_add (self->service, MACHINES, 400, NULL, "{}");
  assert_devices (self, 100, 2);
}

/* Nobody knows what an answer lacks that is a part, or has two lists. */
static void
test_parts (SignedIn *self, gconstpointer data)
{
  static const struct { guint status; const char *header, *more; int n_passed_over; } answers[] = {
    { 200, NULL, "", 0 }, { 206, NULL, "", 1 },
    { 206, "Content-Range: bytes 0-49/100", "", 1 },
    { 206, "Content-Range: bytes 0-99/100", "", 0 },
    { 206, "Content-Range: bytes 10-99/100", "", 1 },
    { 206, "Content-Range: bytes 0-99/*", "", 1 },
    { 200, NULL, ",\"value\":[]", 1 }, { 200, NULL, ",\"value\":[{\"id\":\"c\"}]", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(TvmPull) pull = tvm_pull_new (TVM_PULL_DEVICES, NULL);
      g_autofree char *body = g_strdup_printf ("{\"value\":[{\"id\":\"a\"},{\"id\":\"b\"}]%s}",
                                               answers[i].more);
      g_autoptr(GError) error = NULL;

      fake_service_add (self->service, MACHINES, answers[i].status, answers[i].header, body);
      g_assert_true (tvm_client_fetch (self->client, pull, NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (pull->records->len, >=, 2);
      g_assert_cmpint (pull->n_passed_over, ==, answers[i].n_passed_over);
      fake_service_clear (self->service, MACHINES);
    }
}

static void
test_links (SignedIn *self, gconstpointer data)
{
  g_autoptr(FakeService) other = fake_service_new ();
  g_autofree char *elsewhere = g_strconcat (fake_service_get_url (other), "/steal", NULL);
  g_autofree char *followed = NULL;

  add_page (self, MACHINES, 0, 3, "%URL%/next?$skiptoken=a%20b");
  add_page (self, "/next", 2, 3, NULL);
  assert_devices (self, 5, 2);
  followed = fake_service_get_request (self->service, "/next", 0);
  g_assert_true (g_str_has_prefix (followed, "GET /next?$skiptoken=a%20b\nBearer access-1\n"));
  add_page (self, MACHINES, 0, 3, elsewhere);
  assert_bad (self, "another server");
  g_assert_cmpuint (fake_service_count (other, "/steal"), ==, 0);
  add_page (self, MACHINES, 0, 3, "%URL%/api/machines?again");
  assert_bad (self, "same next page");
  add_page (self, MACHINES, 0, 3, "not a link");
  assert_bad (self, "another server");
  add_page (self, MACHINES, 0, 3, "file:///etc/passwd");
  assert_bad (self, "another server");
}

/* Ever new links to pages without anything new. */
static void
test_stale_links (SignedIn *self, gconstpointer data)
{
  add_page (self, MACHINES, 0, 3, "%URL%/p0");
  for (int i = 0; i < 40; i++)
    {
      g_autofree char *path = g_strdup_printf ("/p%d", i);
      g_autofree char *link = g_strdup_printf ("%%URL%%/p%d", i + 1);

      add_page (self, path, 0, 3, link);
    }
  assert_bad (self, "never ends");
  g_assert_cmpuint (fake_service_count (self->service, "/p30"), ==, 0);
}

/* Each page has something new, and there is always another one. */
static void
test_endless_pages (SignedIn *self, gconstpointer data)
{
  add_page (self, MACHINES, 0, 1, "%URL%/p0");
  for (int i = 0; i <= 5000; i++)
    {
      g_autofree char *path = g_strdup_printf ("/p%d", i);
      g_autofree char *link = g_strdup_printf ("%%URL%%/p%d", i + 1);

      add_page (self, path, i + 1, 1, link);
    }
  assert_bad (self, "has not ended after 5000 pages");
  g_assert_cmpuint (fake_service_count (self->service, "/p4998"), ==, 1);
  g_assert_cmpuint (fake_service_count (self->service, "/p4999"), ==, 0);
}

static void
test_not_whole (SignedIn *self, gconstpointer data)
{
  g_autofree char *page = make_page (10000, 50, NULL);

  add_page (self, MACHINES, 0, 10000, NULL);
  fake_service_add_fault (self->service, MACHINES, FAKE_CUT, page);
  assert_bad (self, "cut off");
  fake_service_add (self->service, MACHINES, 200, NULL, "<html>");
  assert_bad (self, "machines");
  fake_service_add (self->service, MACHINES, 200, NULL, "");
  assert_bad (self, "empty");
  fake_service_add (self->service, MACHINES, 200, NULL, "{\"value\":[{\"computerDnsName\":\"x\"}]}");
  assert_bad (self, "“id”");
}

static void
test_later_row_wins (SignedIn *self, gconstpointer data)
{
  g_autoptr(GPtrArray) devices = NULL;
  TvmDevice *first;

  fake_service_add (self->service, MACHINES, 200, NULL,
                    "{\"value\":[{\"id\":\"a\",\"computerDnsName\":\"old\"},{\"id\":\"b\"},"
                    "{\"id\":\"a\",\"computerDnsName\":\"new\"},{\"id\":\"a\",\"computerDnsName\":\"newer\"}]}");
  devices = fetch_records (self->client, TVM_PULL_DEVICES, NULL, NULL, NULL);
  g_assert_cmpuint (devices->len, ==, 2);
  first = g_ptr_array_index (devices, 0);
  g_assert_cmpstr (first->id, ==, "a");
  g_assert_cmpstr (first->name, ==, "newer");
}

static void
test_refs (SignedIn *self, gconstpointer data)
{
  const char *path = "/api/recommendations/va-_-ex-_-a?b#c ü/machineReferences";
  g_autoptr(TvmDeviceRefs) refs = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *request = NULL;

  fake_service_add (self->service, path, 200, NULL,
                    "{\"value\":[{\"id\":\"a\",\"rbacGroupName\":\"G\"},{\"id\":\"b\",\"osPlatform\":\"macOS\"},"
                    "{\"id\":\"a\",\"rbacGroupName\":\"H\"}]}");
  refs = fetch_refs (self->client, TVM_PULL_EXPOSED_DEVICES, "va-_-ex-_-a?b#c ü", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (refs->refs->len, ==, 2);
  g_assert_cmpstr (g_array_index (refs->refs, TvmDeviceRef, 0).group, ==, "H");
  g_assert_cmpstr (g_array_index (refs->refs, TvmDeviceRef, 1).os_platform, ==, "macOS");
  request = fake_service_get_request (self->service, path, 0);
  g_assert_true (g_str_has_prefix (request, "GET /api/recommendations/va-_-ex-_-a?b#c ü/machineReferences?"));
}

static void
test_managed_devices (SignedIn *self, gconstpointer data)
{
  g_autoptr(GHashTable) ids = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *request = NULL;

  fake_service_add (self->service, MANAGED, 200, NULL,
                    "{\"value\":[{\"id\":\"i1\",\"azureADDeviceId\":\"E1\"},{\"id\":\"i2\",\"azureADDeviceId\":null}],"
                    "\"@odata.nextLink\":\"%URL%/more\"}");
  fake_service_add (self->service, "/more", 200, NULL, "{\"value\":[{\"id\":\"i3\",\"azureADDeviceId\":\"e3\"}]}");
  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("graph-1", "refresh-2"));
  ids = fetch_managed_devices (self->client, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (ids), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (ids, "e1"), ==, "i1");
  g_assert_cmpstr (g_hash_table_lookup (ids, "e3"), ==, "i3");
  request = fake_service_get_request (self->service, MANAGED, 0);
  g_assert_true (g_str_has_prefix (request, "GET " MANAGED "?$select=id,azureADDeviceId,deviceName,lastSyncDateTime"
                                            "\nBearer graph-1\n"));
}

#define ADD(name, func) g_test_add ("/client/lists/" name, SignedIn, NULL, signed_in_set_up, func, signed_in_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("skip", test_skip);
  ADD ("capped", test_capped);
  ADD ("parts", test_parts);
  ADD ("links", test_links);
  ADD ("stale-links", test_stale_links);
  ADD ("endless-pages", test_endless_pages);
  ADD ("not-whole", test_not_whole);
  ADD ("later-row-wins", test_later_row_wins);
  ADD ("refs", test_refs);
  ADD ("managed-devices", test_managed_devices);
  return g_test_run ();
}
