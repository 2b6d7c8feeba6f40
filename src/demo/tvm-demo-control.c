/* tvm-demo-control.c: the control path: what happens in the tenant on order. The server's thread
 * only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-exports-private.h"

#include <string.h>

#include "tvm-time.h"

static const char *
text_member (JsonObject *body,
             const char *name)
{
  JsonNode *node = json_object_get_member (body, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static void
reply_number (TvmDemoExchange *ex,
              const char      *name,
              guint            number)
{
  g_string_assign (ex->reply, "{");
  tvm_demo_put_int (ex->reply, name, number);
  tvm_demo_close (ex->reply, '}');
}

static void
handle_sign_in (TvmDemoExchange *ex,
                JsonObject      *body)
{
  TvmDemoIdentity *identity = ex->tenant->identity;

  if (tvm_demo_part_is (ex, 2, "revoke"))
    tvm_demo_identity_revoke (identity);
  else if (tvm_demo_part_is (ex, 2, "deny"))
    tvm_demo_identity_deny (
      identity, text_member (body, "scopes") != NULL ? text_member (body, "scopes") : "");
  else if (tvm_demo_part_is (ex, 2, "user"))
    tvm_demo_identity_set_user (
      identity, text_member (body, "user") != NULL ? text_member (body, "user") : "");
  else if (!tvm_demo_part_is (ex, 2, "approve") && !tvm_demo_part_is (ex, 2, "decline") &&
           !tvm_demo_part_is (ex, 2, "expire"))
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such order.");
  else if (!tvm_demo_identity_decide (identity, text_member (body, "user_code"), ex->parts[2]))
    tvm_demo_reply_error (ex, 404, "NotFound", "No such sign-in waits.");
}

static void
handle_ticket (TvmDemoExchange *ex,
               JsonObject      *body)
{
  TvmDemoTicket *ticket = ex->n_parts == 4 ? tvm_demo_ticket_find (ex->tenant, ex->parts[2]) : NULL;
  const char *note = text_member (body, "note");
  const char *assigned_to = text_member (body, "assigned_to");

  if (ticket == NULL)
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such ticket.");
  else if (tvm_demo_part_is (ex, 3, "accept"))
    tvm_demo_ticket_set (ticket, "active", note,
                         assigned_to != NULL ? assigned_to : TVM_DEMO_IT_ADMIN);
  else if (tvm_demo_part_is (ex, 3, "reject"))
    tvm_demo_ticket_set (ticket, "rejected", note, assigned_to);
  else if (tvm_demo_part_is (ex, 3, "complete"))
    tvm_demo_ticket_set (ticket, "completed", note, assigned_to);
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such order.");
}

/* What an order does to a device: patched, exposed again, updated to a version that is no good
 * either, or rid of the product. */
typedef enum { PATCH, EXPOSE, STEP, UNINSTALL, N_ACTS } Act;
static const char *const acts[N_ACTS] = { "patch", "expose", "step", "uninstall" };

static gboolean
change_device (TvmDemoData           *data,
               TvmDemoRecommendation *about,
               guint                  device,
               Act                    act)
{
  return act == STEP        ? tvm_demo_data_step (data, about, device)
         : act == UNINSTALL ? tvm_demo_data_uninstall (data, about, device)
                            : tvm_demo_data_set_exposed (data, about, device, act == EXPOSE);
}

/* Changes the first @n that can be, in the order of the inventory. */
static guint
change_some (TvmDemoExchange       *ex,
             TvmDemoRecommendation *about,
             guint                  n,
             Act                    act)
{
  TvmDemoData *data = ex->tenant->data;
  guint n_changed = 0;

  for (guint i = 0; i < data->n_devices && n_changed < n; i++)
    if (act != EXPOSE ||
        (!data->devices[i].is_removed &&
         (tvm_demo_platforms[data->devices[i].platform].platforms & about->platforms) != 0))
      n_changed += change_device (data, about, i, act);
  return n_changed;
}

static void
remove_recommendation (TvmDemoData           *data,
                       TvmDemoRecommendation *about)
{
  guint index = 0;

  for (guint i = 0; i < data->n_devices; i++)
    tvm_demo_data_set_exposed (data, about, i, FALSE);
  if (g_ptr_array_find (data->recommendations, about, &index))
    g_ptr_array_add (data->gone, g_ptr_array_steal_index (data->recommendations, index));
  tvm_demo_data_settle (data);
}

/* A CVE is found in a product. */
static void
discover (TvmDemoExchange       *ex,
          TvmDemoRecommendation *about,
          const char            *id)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoCve *cve = id != NULL ? tvm_demo_data_find_cve (data, id) : NULL;
  const TvmDemoCve *found = cve != NULL || id == NULL ? tvm_demo_data_discover (data, about, cve)
                                                      : NULL;

  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "cve", found != NULL ? found->id : NULL);
  tvm_demo_close (ex->reply, '}');
}

static void
handle_activity (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoActivity *activity = ex->n_parts == 4 ? tvm_demo_data_find_activity (data, ex->parts[2])
                                               : NULL;

  if (activity == NULL || !tvm_demo_part_is (ex, 3, "remove"))
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such remediation activity or order.");
  else
    g_ptr_array_remove (data->activities, activity);
}

static void
handle_recommendation (TvmDemoExchange *ex,
                       JsonObject      *body)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoRecommendation *about = ex->n_parts == 4
                                   ? tvm_demo_data_find_recommendation (data, ex->parts[2])
                                   : NULL;
  Act act = PATCH;
  JsonNode *devices = json_object_get_member (body, "devices");
  const char *ticket_id = text_member (body, "ticket");
  TvmDemoTicket *ticket = ticket_id != NULL ? tvm_demo_ticket_find (ex->tenant, ticket_id) : NULL;
  guint n = 0;

  if (about != NULL && tvm_demo_part_is (ex, 3, "remove"))
    {
      remove_recommendation (data, about);
      return;
    }
  if (about != NULL && tvm_demo_part_is (ex, 3, "discover"))
    {
      discover (ex, about, text_member (body, "cve"));
      return;
    }
  while (act < N_ACTS && !tvm_demo_part_is (ex, 3, acts[act]))
    act++;
  if (about == NULL || act == N_ACTS ||
      (ticket_id != NULL && ticket == NULL))
    {
      tvm_demo_reply_error (ex, 404, "NotFound",
                            "There is no such recommendation, ticket or order.");
      return;
    }
  if (devices != NULL && JSON_NODE_HOLDS_ARRAY (devices))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (devices)); i++)
      {
        const char *id = json_array_get_string_element (json_node_get_array (devices), i);
        TvmDemoDevice *device = id != NULL ? tvm_demo_data_find_device (data, id) : NULL;

        if (device != NULL)
          n += change_device (data, about, device - data->devices, act);
      }
  else if (ticket != NULL && act == PATCH)
    n = tvm_demo_life_patch_ticket (ex->tenant, ticket, about, G_MAXUINT);
  else if (json_object_has_member (body, "fraction"))
    n = change_some (
      ex, about,
      json_object_get_double_member_with_default (body, "fraction", 0) * about->n_exposed + 0.5,
      act);
  else
    n = change_some (ex, about, json_object_get_int_member_with_default (body, "count", 0),
                     act);
  tvm_demo_data_settle (data);
  reply_number (ex, "changed", n);
}

static void
handle_device (TvmDemoExchange *ex,
               JsonObject      *body)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoDevice *device = ex->n_parts == 4 ? tvm_demo_data_find_device (data, ex->parts[2]) : NULL;

  if (device == NULL)
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such device.");
  else if (tvm_demo_part_is (ex, 3, "remove"))
    tvm_demo_data_remove (
      data, device, json_object_get_boolean_member_with_default (body, "keep_references", TRUE));
  else if (tvm_demo_part_is (ex, 3, "restore"))
    tvm_demo_data_restore (data, device);
  else if (!tvm_demo_part_is (ex, 3, "move"))
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such order.");
  else if (!tvm_demo_data_move (data, device, text_member (body, "group")))
    tvm_demo_reply_error (ex, 400, "BadRequest", "There is no such device group.");
}

static void
put_ticket (const TvmDemoTicket *ticket,
            GString             *out)
{
  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", ticket->id);
  tvm_demo_put_string (out, "type",
                       ticket->is_setting ? "securityConfigurationTask" : "appVulnerabilityTask");
  tvm_demo_put_string (out, "display_name", tvm_demo_ticket_get (ticket, "displayName"));
  tvm_demo_put_string (out, "description", tvm_demo_ticket_get (ticket, "description"));
  tvm_demo_put_string (out, "status", tvm_demo_ticket_get (ticket, "status"));
  tvm_demo_put_string (out, "assigned_to", tvm_demo_ticket_get (ticket, "assignedTo"));
  g_string_append (out, "\"devices\":[");
  for (guint i = 0; ticket->devices != NULL && i < json_array_get_length (ticket->devices); i++)
    {
      JsonObject *device = json_array_get_object_element (ticket->devices, i);

      tvm_demo_put_quoted (out, json_object_get_string_member (device, "id"));
      g_string_append_c (out, ',');
    }
  tvm_demo_close (out, ']');
  g_string_append (out, "},");
}

static void
reply_state (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  GString *out = ex->reply;

  g_string_assign (out, "{");
  tvm_demo_put_int (out, "devices", data->n_devices - data->n_removed);
  tvm_demo_put_int (out, "recommendations", data->recommendations->len);
  tvm_demo_put_int (out, "activities", data->activities->len);
  tvm_demo_identity_describe (ex->tenant->identity, out);
  g_string_append (out, "\"exposed\":{");
  for (guint i = 0; i < data->recommendations->len; i++)
    {
      const TvmDemoRecommendation *about = data->recommendations->pdata[i];

      tvm_demo_put_int (out, about->id, about->n_exposed);
    }
  tvm_demo_close (out, '}');
  g_string_append (out, ",\"tickets\":[");
  for (guint i = 0; i < ex->tenant->tickets->len; i++)
    put_ticket (ex->tenant->tickets->pdata[i], out);
  tvm_demo_close (out, ']');
  g_string_append_c (out, '}');
}

static void
handle_faults (TvmDemoExchange *ex,
               JsonObject      *body)
{
  g_autofree char *problem = tvm_demo_faults_add (ex->tenant->faults, body);

  if (problem != NULL)
    tvm_demo_reply_error (ex, 400, "BadRequest", "%s", problem);
}

/* The documentation allows 30 of each export a minute, whatever else is called. */
static void
throttle (TvmDemoExchange *ex,
          JsonObject      *body)
{
  TvmDemoLimits *limits = tvm_demo_faults_get_limits (ex->tenant->faults);
  gint64 calls = json_object_get_int_member_with_default (body, "calls_per_minute", 0);
  gint64 exports = json_object_get_int_member_with_default (body, "exports_per_minute",
                                                            calls > 0 ? 30 : 0);

  if (json_object_get_boolean_member_with_default (body, "documented", FALSE))
    tvm_demo_limits_set_documented (limits);
  else
    tvm_demo_limits_set (limits, (guint) calls, (guint) exports);
}

static void
handle_exports (TvmDemoExchange *ex,
                JsonObject      *body)
{
  TvmDemoExports *exports = &ex->tenant->exports;

  if (tvm_demo_part_is (ex, 2, "expire"))
    tvm_demo_files_new_key (ex->tenant);
  exports->valid_s =
    json_object_get_int_member_with_default (body, "valid_seconds", exports->valid_s);
  exports->n_files = json_object_get_int_member_with_default (body, "files", exports->n_files);
  exports->has_no_groups =
    !json_object_get_boolean_member_with_default (body, "groups", !exports->has_no_groups);
  for (guint i = 0; exports->has_no_groups && i < ex->tenant->data->n_devices; i++)
    tvm_demo_data_move (ex->tenant->data, &ex->tenant->data->devices[i], tvm_demo_groups[0]);
}

static void
handle_snapshots (TvmDemoExchange *ex,
                  JsonObject      *body)
{
  TvmDemoExports *exports = &ex->tenant->exports;
  gint64 n, at_us;

  n = json_object_get_int_member_with_default (body, "every_hours", -1);
  if (n >= 0)
    exports->period_us = n * TVM_HOUR_US;
  exports->is_held = FALSE;
  if (!json_object_get_boolean_member_with_default (body, "hold", FALSE))
    return;
  exports->n_held = tvm_demo_exports_count (ex->tenant, &at_us);
  exports->held_us = at_us;
  exports->is_held = TRUE;
}

/* A CVE gets a public exploit. */
static void
handle_vulnerability (TvmDemoExchange *ex)
{
  TvmDemoCve *cve = ex->n_parts == 4 ? tvm_demo_data_find_cve (ex->tenant->data, ex->parts[2])
                                     : NULL;

  if (cve == NULL || !tvm_demo_part_is (ex, 3, "exploit"))
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such vulnerability or order.");
  else
    reply_number (ex, "changed", tvm_demo_data_exploit (ex->tenant->data, cve));
}

/**
 * tvm_demo_control_handle:
 * @ex: (inout): an exchange under `/_demo`
 *
 * Does what the path and the JSON body order (docs/demo-tenant.md) and answers with `{}` or what
 * was asked for; 400 for a body that is no JSON object, 404 for no such order or thing. Asks for no
 * token.
 */
void
tvm_demo_control_handle (TvmDemoExchange *ex)
{
  g_autoptr(JsonObject) body = tvm_demo_dup_body (ex);
  gboolean is_post = g_str_equal (ex->method, "POST");

  g_string_assign (ex->reply, "{}");
  if (body == NULL)
    tvm_demo_reply_error (ex, 400, "BadRequest", "The request is no JSON object.");
  else if (is_post && ex->n_parts == 3 && tvm_demo_part_is (ex, 1, "sign-in"))
    handle_sign_in (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "tokens") && tvm_demo_part_is (ex, 2, "expire"))
    tvm_demo_identity_expire (ex->tenant->identity);
  else if (is_post && tvm_demo_part_is (ex, 1, "tickets"))
    handle_ticket (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "recommendations"))
    handle_recommendation (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "activities"))
    handle_activity (ex);
  else if (is_post && tvm_demo_part_is (ex, 1, "devices"))
    handle_device (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "faults"))
    handle_faults (ex, body);
  else if (g_str_equal (ex->method, "DELETE") && tvm_demo_part_is (ex, 1, "faults"))
    tvm_demo_faults_clear (ex->tenant->faults);
  else if (is_post && tvm_demo_part_is (ex, 1, "throttle"))
    throttle (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "exports"))
    handle_exports (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "snapshots"))
    handle_snapshots (ex, body);
  else if (is_post && tvm_demo_part_is (ex, 1, "clock"))
    ex->tenant->clock_offset_us =
      json_object_get_int_member_with_default (body, "offset_seconds", 0) * TVM_SECOND_US;
  else if (is_post && tvm_demo_part_is (ex, 1, "vulnerabilities"))
    handle_vulnerability (ex);
  else if (tvm_demo_part_is (ex, 1, "state"))
    reply_state (ex);
  else if (tvm_demo_part_is (ex, 1, "stats"))
    {
      g_string_assign (ex->reply, "{");
      tvm_demo_put_int (ex->reply, "leaked_tokens", ex->tenant->exports.n_leaks);
      tvm_demo_faults_describe (ex->tenant->faults, ex->reply);
      tvm_demo_close (ex->reply, '}');
    }
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such order.");
}
