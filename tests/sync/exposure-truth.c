/* exposure-truth.c: see the header. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exposure-truth.h"

#include <sqlite3.h>
#include <string.h>

#define SCOPE "https%3A%2F%2Fapi.securitycenter.microsoft.com%2F.default"
#define FORM \
  "grant_type=client_credentials&client_id=truth&client_secret=" SYNC_FIXTURE_SECRET "&scope=" SCOPE
#define SOFTWARE "/api/machines/SoftwareVulnerabilitiesByMachine?pageSize=200000"

static JsonObject *
send (ExposureTruth *self,
      SoupMessage   *message)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GBytes) answer = soup_session_send_and_read (self->session, message, NULL, NULL);

  g_assert_nonnull (answer);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  g_assert_true (json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL),
                                             (gssize) g_bytes_get_size (answer), NULL));
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

void
exposure_truth_open (ExposureTruth *self,
                     SyncFixture   *sync)
{
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (sync->tenant),
                                      "/contoso.example/oauth2/v2.0/token", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr(GBytes) form = g_bytes_new_static (FORM, strlen (FORM));
  g_autoptr(JsonObject) answer = NULL;

  self->sync = sync;
  self->session = soup_session_new ();
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", form);
  answer = send (self, message);
  self->authorization = g_strconcat ("Bearer ", json_object_get_string_member (answer,
                                                                               "access_token"), NULL);
}

void
exposure_truth_close (ExposureTruth *self)
{
  g_object_unref (self->session);
  g_free (self->authorization);
}

JsonArray *
exposure_truth_list (ExposureTruth *self,
                     const char    *path)
{
  /* What goes wrong on order is for others: the tenant's faults go by the path as it is written. */
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (self->sync->tenant), "//", path + 1,
                                      NULL);
  JsonArray *rows = json_array_new ();

  while (url != NULL)
    {
      g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
      g_autoptr(JsonObject) answer = NULL;
      JsonArray *page;

      soup_message_headers_append (soup_message_get_request_headers (message), "Authorization",
                                   self->authorization);
      answer = send (self, message);
      page = json_object_get_array_member (answer, "value");
      for (guint i = 0; i < json_array_get_length (page); i++)
        json_array_add_element (rows, json_node_copy (json_array_get_element (page, i)));
      g_free (url);
      url = g_strdup (json_object_get_string_member_with_default (answer, "@odata.nextLink", NULL));
    }
  return rows;
}

static const char *
text (JsonObject *row,
      const char *member)
{
  return json_object_get_string_member_with_default (row, member, NULL);
}

static void
add (GHashTable *lines,
     const char *format,
     ...) G_GNUC_PRINTF (2, 3);

static void
add (GHashTable *lines,
     const char *format,
     ...)
{
  va_list args;

  va_start (args, format);
  g_hash_table_add (lines, g_strdup_vprintf (format, args));
  va_end (args);
}

static GHashTable *
new_lines (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* ---- as the tenant tells it */

static void
add_references (ExposureTruth *self,
                GHashTable    *lines,
                const char    *list,
                const char    *id,
                const char    *what,
                const char    *word)
{
  g_autofree char *path = g_strdup_printf ("/api/%s/%s/%s", list, id, what);
  g_autoptr(JsonArray) rows = exposure_truth_list (self, path);

  for (guint i = 0; i < json_array_get_length (rows); i++)
    add (lines, "%s %s %s", id, word, text (json_array_get_object_element (rows, i), "id"));
}

GHashTable *
exposure_truth_pairs (ExposureTruth *self,
                      const char    *recommendation_id)
{
  GHashTable *pairs = new_lines ();

  add_references (self, pairs, "recommendations", recommendation_id, "machineReferences",
                  "exposes");
  return pairs;
}

static void
add_recommendations (ExposureTruth *self,
                     GHashTable    *lines,
                     ExposureParts  parts)
{
  g_autoptr(JsonArray) rows = exposure_truth_list (self, "/api/recommendations");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      const char *id = text (row, "id");

      if ((parts & (g_str_has_prefix (id, "va-") ? EXPOSURE_SOFTWARE : EXPOSURE_SETTINGS)) == 0)
        continue;
      add_references (self, lines, "recommendations", id, "machineReferences", "exposes");
      add_references (self, lines, "recommendations", id, "vulnerabilities", "fixes");
      add (lines, "%s counts %d %d", id,
           (int) json_object_get_int_member (row, "exposedMachinesCount"),
           (int) json_object_get_int_member (row, "weaknesses"));
    }
}

static void
add_cves (ExposureTruth *self,
          GHashTable    *lines)
{
  g_autoptr(JsonArray) rows = exposure_truth_list (self, "/api/vulnerabilities");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (json_object_get_int_member (row, "exposedMachines") > 0)
        add_references (self, lines, "vulnerabilities", text (row, "id"), "machineReferences",
                        "exposes");
    }
}

static void
add_devices (ExposureTruth *self,
             GHashTable    *lines)
{
  g_autoptr(JsonArray) rows = exposure_truth_list (self, "/api/machines");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      add (lines, "%s is in %s", text (row, "id"), text (row, "rbacGroupName"));
    }
}

GHashTable *
exposure_truth_lines (ExposureTruth *self,
                      ExposureParts  parts)
{
  g_autoptr(JsonArray) rows = exposure_truth_list (self, SOFTWARE);
  GHashTable *lines = new_lines ();

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      const char *cve = text (row, "cveId");

      if ((parts & (cve != NULL ? EXPOSURE_SOFTWARE : EXPOSURE_INSTALLED)) != 0)
        add (lines, "%s has %s %s %s %s", text (row, "deviceId"), text (row, "softwareVendor"),
             text (row, "softwareName"), text (row, "softwareVersion"), cve != NULL ? cve : "-");
    }
  add_recommendations (self, lines, parts);
  if ((parts & EXPOSURE_SOFTWARE) != 0)
    add_devices (self, lines);
  if ((parts & EXPOSURE_CVES) != 0)
    add_cves (self, lines);
  return lines;
}

/* ---- as the store has it */

static void
add_query (sqlite3    *db,
           GHashTable *lines,
           const char *sql)
{
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    add (lines, "%s", (const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
}

/* The devices of a CVE, as its page lists them. */
static void
add_affected (SyncFixture *sync,
              GHashTable  *lines)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_WEAKNESSES);
  g_autoptr(GArray) keys = tvm_store_list_keys (sync->store, query, NULL, NULL);
  g_autoptr(GPtrArray) cves =
    tvm_store_list_records (sync->store, query, (gint64 *) (gpointer) keys->data, keys->len, NULL);

  g_ptr_array_set_free_func (cves, (GDestroyNotify) tvm_vulnerability_unref);
  for (guint i = 0; i < cves->len; i++)
    {
      const TvmVulnerability *cve = cves->pdata[i];
      g_autoptr(TvmQuery) affected = tvm_query_new (TVM_LIST_AFFECTED);
      g_autoptr(GArray) device_keys = NULL;
      g_autoptr(GPtrArray) devices = NULL;

      affected->cve = g_strdup (cve->id);
      device_keys = tvm_store_list_keys (sync->store, affected, NULL, NULL);
      devices = tvm_store_list_records (sync->store, affected,
                                        (gint64 *) (gpointer) device_keys->data, device_keys->len,
                                        NULL);
      g_ptr_array_set_free_func (devices, (GDestroyNotify) tvm_device_unref);
      for (guint k = 0; k < devices->len; k++)
        add (lines, "%s exposes %s", cve->id, ((const TvmDevice *) devices->pdata[k])->id);
    }
}

#define PAIRS \
  "SELECT r.id || ' exposes ' || d.id FROM exposure e JOIN recommendation r ON r.key = " \
  "e.recommendation_key JOIN device d ON d.key = e.device_key WHERE r.is_listed = 1"
#define OF_INSTALLATIONS \
  "SELECT d.id || ' has ' || w.vendor || ' ' || w.name || ' ' || t.version || ' ' || %s FROM " \
  "installation i JOIN device d ON d.key = i.device_key JOIN software_state t ON t.key = " \
  "i.state_key JOIN software w ON w.key = t.software_key %s"
#define WITH_CVE \
  "JOIN software_state_vulnerability s ON s.state_key = t.key JOIN vulnerability v ON v.key = " \
  "s.vulnerability_key"
#define WITHOUT \
  "WHERE NOT EXISTS (SELECT 1 FROM software_state_vulnerability s WHERE s.state_key = t.key)"

static void
add_of_kind (sqlite3    *db,
             GHashTable *lines,
             const char *prefix)
{
  static const char *const queries[] = {
    PAIRS " AND r.id LIKE '%s%%'",
    "SELECT r.id || ' fixes ' || v.id FROM recommendation_vulnerability l JOIN recommendation r ON "
    "r.key = l.recommendation_key JOIN vulnerability v ON v.key = l.vulnerability_key WHERE "
    "r.is_listed = 1 AND r.id LIKE '%s%%'",
    "SELECT id || ' counts ' || exposed_devices || ' ' || weaknesses FROM recommendation WHERE "
    "is_listed = 1 AND id LIKE '%s%%'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_auto(GStrv) halves = g_strsplit (queries[i], "%s%%", 2);
      g_autofree char *sql = g_strconcat (halves[0], prefix, "%", halves[1], NULL);

      add_query (db, lines, sql);
    }
}

GHashTable *
exposure_store_lines (SyncFixture   *sync,
                      ExposureParts  parts)
{
  g_autofree char *path = g_build_filename (sync->directory, "store.db", NULL);
  g_autofree char *with_cve = g_strdup_printf (OF_INSTALLATIONS, "v.id", WITH_CVE);
  g_autofree char *without = g_strdup_printf (OF_INSTALLATIONS, "'-'", WITHOUT);
  GHashTable *lines = new_lines ();
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  if ((parts & EXPOSURE_SOFTWARE) != 0)
    {
      add_query (db, lines, with_cve);
      add_of_kind (db, lines, "va-");
      add_query (db, lines, "SELECT id || ' is in ' || coalesce (group_name, '') FROM device "
                            "WHERE in_inventory = 1");
    }
  if ((parts & EXPOSURE_CVES) != 0)
    add_affected (sync, lines);
  if ((parts & EXPOSURE_INSTALLED) != 0)
    add_query (db, lines, without);
  if ((parts & EXPOSURE_SETTINGS) != 0)
    add_of_kind (db, lines, "sca-");
  if ((parts & EXPOSURE_PAIRS) != 0)
    add_query (db, lines, PAIRS);
  sqlite3_close (db);
  return lines;
}

static void
tell_missing (GString    *out,
              GHashTable *one,
              GHashTable *other,
              const char *word)
{
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    if (!g_hash_table_contains (other, line))
      g_string_append_printf (out, "  %s: %s\n", word, (const char *) line);
}

char *
exposure_compare (GHashTable *truth,
                  GHashTable *store)
{
  GString *out = g_string_new (NULL);

  tell_missing (out, truth, store, "lacking");
  tell_missing (out, store, truth, "too much");
  return g_string_free (out, out->len == 0);
}
