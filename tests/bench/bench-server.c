/* bench-server.c: the wire of a large tenant from memory, as cheap as a server can be, so that the
 * clients are what is measured. Makes its bodies at start; signs everybody in.
 * Usage: bench-server DEVICES RECOMMENDATIONS REFERENCES LATENCY-MS; prints its address, ends with
 * its standard input. POST /bench/change makes the next 1 % of everything differ.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 10000
#define N_GROUPS  12

typedef struct
{
  GMainLoop *loop;
  guint n_devices, n_recommendations, n_references, latency_ms, revision;
  GHashTable *bodies;  /* path and query to GBytes */
  gboolean is_changed;  /* since the changes were told */
} Server;

static void
append_device_id (GString *body,
                  guint    i)
{
  guint64 state = i;

  for (int word = 0; word < 5; word++)
    {
      state = state * 6364136223846793005u + 1442695040888963407u;
      g_string_append_printf (body, "%08x", (guint) (state >> 32));
    }
}

static void
append_machine (Server  *self,
                GString *body,
                guint    i)
{
  static const char *const levels[] = { "None", "Low", "Medium", "High" };
  guint changes = self->revision > i % 100 ? self->revision - i % 100 : 0;

  g_string_append (body, "{\"id\":\"");
  append_device_id (body, i);
  g_string_append_printf (body,
    "\",\"computerDnsName\":\"desktop-%06u.contoso.example\",\"firstSeen\":\"2026-01-%02uT08:15:30.1234567Z\","
    "\"lastSeen\":\"2026-11-%02uT09:%02u:30.1234567Z\",\"osPlatform\":\"Windows11\",\"version\":\"23H2\","
    "\"osBuild\":22631,\"osArchitecture\":\"64-bit\",\"lastIpAddress\":\"10.%u.%u.%u\",\"healthStatus\":\"Active\","
    "\"onboardingStatus\":\"Onboarded\",\"rbacGroupId\":%u,\"rbacGroupName\":\"Group %u\",\"riskScore\":\"%s\","
    "\"exposureLevel\":\"%s\",\"deviceValue\":\"Normal\",\"isAadJoined\":true,"
    "\"aadDeviceId\":\"%08x-1111-4222-8333-%012x\",\"machineTags\":[\"tag %u\"],\"ipAddresses\":[]}",
    i, 1 + i % 28, 1 + i % 20, changes % 60, i / 65536, i / 256 % 256, i % 256, i % N_GROUPS, i % N_GROUPS,
    levels[(i + changes) % 4], levels[i / 7 % 4], i, i, i % 50);
}

/* A hundredth of the devices of each recommendation moves on with each revision. */
static void
append_reference (Server  *self,
                  GString *body,
                  guint    recommendation,
                  guint    i)
{
  guint step = MAX (self->n_references / 100, 1);
  guint device = (recommendation * 997 + i + self->revision * step) % self->n_devices;

  g_string_append (body, "{\"id\":\"");
  append_device_id (body, device);
  g_string_append_printf (body, "\",\"computerDnsName\":\"desktop-%06u.contoso.example\",\"osPlatform\":\"Windows11\","
                          "\"rbacGroupName\":\"Group %u\"}", device, device % N_GROUPS);
}

static void
append_recommendation (Server  *self,
                       GString *body,
                       guint    i)
{
  g_string_append_printf (body,
    "{\"id\":\"va-_-vendor-_-product%u\",\"productName\":\"product %u\",\"recommendationName\":\"Update Product %u\","
    "\"weaknesses\":0,\"vendor\":\"vendor\",\"recommendedVersion\":\"1.%u\",\"recommendationCategory\":\"Application\","
    "\"subCategory\":\"\",\"severityScore\":5.5,\"publicExploit\":false,\"activeAlert\":false,\"associatedThreats\":[],"
    "\"remediationType\":\"Update\",\"status\":\"Active\",\"configScoreImpact\":0,\"exposureImpact\":1.5,"
    "\"totalMachineCount\":%u,\"exposedMachinesCount\":%u,\"nonProductivityImpactedAssets\":0,"
    "\"relatedComponent\":\"Product %u\",\"exposedCriticalDevices\":0}",
    i, i, i, self->revision, self->n_devices, self->n_references, i);
}

static GString *
begin_page (void)
{
  return g_string_new ("{\"@odata.context\":\"https://example.invalid/$metadata\",\"value\":[");
}

static void
keep_page (Server  *self,
           char    *key,
           GString *body)
{
  if (body->str[body->len - 1] == ',')
    g_string_truncate (body, body->len - 1);
  g_string_append (body, "]}");
  g_hash_table_replace (self->bodies, key, g_string_free_to_bytes (body));
}

static void
make_bodies (Server *self)
{
  GString *body;

  for (guint skip = 0; skip <= self->n_devices; skip += PAGE_ROWS)
    {
      body = begin_page ();
      for (guint i = skip; i < MIN (skip + PAGE_ROWS, self->n_devices); i++)
        {
          append_machine (self, body, i);
          g_string_append_c (body, ',');
        }
      keep_page (self, g_strdup_printf ("/api/machines %u", skip), body);
    }
  body = begin_page ();
  for (guint i = 0; i < self->n_recommendations; i++)
    {
      append_recommendation (self, body, i);
      g_string_append_c (body, ',');
    }
  keep_page (self, g_strdup ("/api/recommendations 0"), body);
  for (guint recommendation = 0; recommendation < self->n_recommendations; recommendation++)
    {
      body = begin_page ();
      for (guint i = 0; i < self->n_references; i++)
        {
          append_reference (self, body, recommendation, i);
          g_string_append_c (body, ',');
        }
      keep_page (self, g_strdup_printf ("/api/recommendations/va-_-vendor-_-product%u/machineReferences 0",
                                        recommendation), body);
    }
}

/* What changed is told once. */
static GBytes *
tell_changes (Server *self)
{
  GString *body = begin_page ();

  for (guint i = 0; self->is_changed && i < self->n_recommendations; i++)
    g_string_append_printf (body, "{\"recommendationReference\":\"va-_-vendor-_-product%u\"},", i);
  self->is_changed = FALSE;
  if (body->str[body->len - 1] == ',')
    g_string_truncate (body, body->len - 1);
  g_string_append (body, "]}");
  return g_string_free_to_bytes (body);
}

static const char *
get_small_answer (const char *path)
{
  if (g_str_has_suffix (path, "/devicecode"))
    return "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"http://localhost/\",\"expires_in\":900,"
           "\"interval\":1,\"message\":\"m\"}";
  if (g_str_has_suffix (path, "/token"))
    /* {"alg":"none"}.{"name":"Ana","preferred_username":"ana@contoso.example","oid":"o","tid":"t"} */
    return "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"bench\",\"refresh_token\":\"bench\","
           "\"id_token\":\"eyJhbGciOiJub25lIn0.eyJuYW1lIjoiQW5hIiwicHJlZmVycmVkX3VzZXJuYW1lIjoiYW5hQGNvbnRvc28uZXhhbXBsZSI"
           "sIm9pZCI6Im8iLCJ0aWQiOiJ0In0.\"}";
  if (g_str_has_suffix (path, "Score"))
    return "{\"time\":\"2026-11-20T00:00:00Z\",\"score\":42.5}";
  return "{\"value\":[]}";
}

static gboolean
unpause_cb (gpointer data)
{
  soup_server_message_unpause (data);
  return G_SOURCE_REMOVE;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Server *self = user_data;
  const char *skip = query != NULL ? g_hash_table_lookup (query, "$skip") : NULL;
  g_autofree char *key = g_strdup_printf ("%s %s", path, skip != NULL ? skip : "0");
  g_autoptr(GBytes) changes = g_str_has_suffix (path, "ChangesByMachine") ? tell_changes (self) : NULL;
  GBytes *body = changes != NULL ? changes : g_hash_table_lookup (self->bodies, key);
  SoupMessageBody *answer = soup_server_message_get_response_body (message);
  const char *small;

  if (strcmp (path, "/bench/change") == 0)
    {
      self->revision++;
      self->is_changed = TRUE;
      make_bodies (self);
      body = NULL;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_content_type (soup_server_message_get_response_headers (message), "application/json", NULL);
  small = get_small_answer (path);
  if (body != NULL)
    soup_message_body_append_bytes (answer, body);
  else
    soup_message_body_append (answer, SOUP_MEMORY_STATIC, small, strlen (small));
  if (self->latency_ms == 0)
    return;
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, self->latency_ms, unpause_cb, g_object_ref (message), g_object_unref);
}

static gboolean
input_ended_cb (GIOChannel   *channel,
                GIOCondition  condition,
                gpointer      user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

int
main (int   argc,
      char *argv[])
{
  Server self = { .loop = g_main_loop_new (NULL, FALSE) };
  g_autoptr(SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;
  GSList *uris;
  guint *const numbers[] = { &self.n_devices, &self.n_recommendations, &self.n_references, &self.latency_ms };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] = (int) i + 1 < argc ? atoi (argv[i + 1]) : 0;
  g_return_val_if_fail (self.n_devices > 0 && self.n_references <= self.n_devices, 1);
  self.bodies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  make_bodies (&self);
  soup_server_add_handler (server, NULL, request_cb, &self, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  uri = g_uri_to_string (uris->data);
  uri[strlen (uri) - 1] = '\0';
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_print ("%s\n", uri);
  g_io_add_watch (g_io_channel_unix_new (0), G_IO_HUP | G_IO_IN, input_ended_cb, self.loop);
  g_main_loop_run (self.loop);
  g_hash_table_unref (self.bodies);
  g_main_loop_unref (self.loop);
  return 0;
}
