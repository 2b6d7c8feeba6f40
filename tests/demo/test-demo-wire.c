/* test-demo-wire.c: a tenant and a small blocking client for it. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "test-demo-wire.h"

#include <string.h>

void
wire_start (Wire                 *wire,
            const TvmDemoOptions *options)
{
  g_autoptr(GError) error = NULL;

  memset (wire, 0, sizeof *wire);
  wire->tenant = tvm_demo_tenant_new (options);
  tvm_demo_tenant_start (wire->tenant, &error);
  g_assert_no_error (error);
  wire->session = soup_session_new ();
}

void
wire_stop (Wire *wire)
{
  soup_session_abort (wire->session);
  g_assert_finalize_object (wire->session);
  tvm_demo_tenant_free (wire->tenant);
  g_free (wire->token);
  g_free (wire->refresh);
}

/* Returns: (transfer full): the answer's object, an empty one where there is no body */
JsonObject *
wire_send (Wire       *wire,
           const char *method,
           const char *path,
           const char *type,
           const char *body)
{
  g_autofree char *uri = g_str_has_prefix (path, "http")
                         ? g_strdup (path) : g_strconcat (tvm_demo_tenant_get_uri (wire->tenant), path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (method, uri);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  if (wire->token != NULL)
    {
      g_autofree char *header = g_strconcat ("Bearer ", wire->token, NULL);

      soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", header);
    }
  if (body != NULL)
    {
      g_autoptr(GBytes) request = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, type, request);
    }
  bytes = soup_session_send_and_read (wire->session, message, NULL, &error);
  g_assert_no_error (error);
  wire->status = soup_message_get_status (message);
  if (g_bytes_get_size (bytes) == 0)
    return json_object_new ();
  json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return json_node_dup_object (json_parser_get_root (parser));
}

JsonObject *
wire_get (Wire       *wire,
          const char *path)
{
  return wire_send (wire, "GET", path, NULL, NULL);
}

/* Returns: (transfer full): (element-type JsonObject): the rows of a list over all its pages */
GPtrArray *
wire_list (Wire       *wire,
           const char *path)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autofree char *next = g_strdup (path);

  while (next != NULL)
    {
      g_autoptr(JsonObject) page = wire_get (wire, next);
      JsonArray *value = json_object_get_array_member (page, "value");

      g_assert_cmpuint (wire->status, ==, 200);
      for (guint i = 0; i < json_array_get_length (value); i++)
        g_ptr_array_add (rows, json_object_ref (json_array_get_object_element (value, i)));
      g_free (next);
      next = g_strdup (json_object_get_string_member_with_default (page, "@odata.nextLink", NULL));
    }
  return rows;
}

JsonObject *
wire_post (Wire       *wire,
           const char *path,
           const char *json)
{
  return wire_send (wire, "POST", path, "application/json", json);
}

JsonObject *
wire_token (Wire       *wire,
            const char *form)
{
  return wire_send (wire, "POST", "/contoso.example/oauth2/v2.0/token", "application/x-www-form-urlencoded", form);
}

/* On the control path: it must work. */
void
wire_order (Wire       *wire,
            const char *path,
            const char *json)
{
  g_autoptr(JsonObject) answer = wire_post (wire, path, json);

  g_assert_cmpuint (wire->status, ==, 200);
}

void
wire_assert_oauth_error (Wire       *wire,
                         const char *form,
                         const char *expected)
{
  g_autoptr(JsonObject) answer = wire_token (wire, form);

  g_assert_cmpuint (wire->status, ==, 400);
  g_assert_cmpstr (json_object_get_string_member (answer, "error"), ==, expected);
  g_assert_true (g_str_has_prefix (json_object_get_string_member (answer, "error_description"), "AADSTS"));
}

/* Returns: (transfer full): the form to poll with */
char *
wire_start_device_code (Wire       *wire,
                        const char *scope)
{
  g_autofree char *form = soup_form_encode ("client_id", "app", "scope", scope, NULL);
  g_autoptr(JsonObject) answer = wire_send (wire, "POST", "/organizations/oauth2/v2.0/devicecode",
                                            "application/x-www-form-urlencoded", form);

  g_assert_cmpuint (wire->status, ==, 200);
  return soup_form_encode ("client_id", "app", "grant_type", "urn:ietf:params:oauth:grant-type:device_code",
                           "device_code", json_object_get_string_member (answer, "device_code"), NULL);
}

void
wire_sign_in (Wire       *wire,
              const char *scope)
{
  g_autofree char *form = wire_start_device_code (wire, scope);
  g_autoptr(JsonObject) answer = NULL;

  wire_order (wire, "/_demo/sign-in/approve", "{}");
  answer = wire_token (wire, form);
  g_assert_cmpuint (wire->status, ==, 200);
  g_free (wire->token);
  g_free (wire->refresh);
  wire->token = g_strdup (json_object_get_string_member (answer, "access_token"));
  wire->refresh = g_strdup (json_object_get_string_member (answer, "refresh_token"));
}
