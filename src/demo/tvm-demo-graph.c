/* tvm-demo-graph.c: Microsoft Graph: who is signed in, Intune's devices and security tasks.
 * The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include "tvm-time.h"

#define CONTEXT(name) "/beta/$metadata#" name

static const char *
type_name (const TvmDemoTicket *ticket)
{
  return ticket->is_setting ? "securityConfigurationTask" : "appVulnerabilityTask";
}

static void
put_member (GString             *out,
            const TvmDemoTicket *ticket,
            const char          *name,
            const char          *absent)
{
  JsonNode *node = json_object_get_member (ticket->fields, name);
  g_autofree char *text = node != NULL ? json_to_string (node, FALSE) : NULL;

  tvm_demo_put_raw (out, name, text != NULL ? text : absent);
}

static void
put_ticket (TvmDemoData *data,
            gpointer     item,
            GString     *out)
{
  const TvmDemoTicket *ticket = item;
  g_autofree char *type = g_strconcat ("#microsoft.graph.", type_name (ticket), NULL);
  static const char *const common[][2] = {
    { "displayName", "null" },     { "description", "null" },   { "dueDateTime", "null" },
    { "category", "\"unknown\"" }, { "priority", "\"none\"" },  { "creator", "null" },
    { "creatorNotes", "null" },    { "status", "\"pending\"" }, { "assignedTo", "null" },
    { "insights", "null" },
  };
  static const char *const apps[][2] = {
    { "appName", "null" },     { "appPublisher", "null" },
    { "appVersion", "null" },  { "mitigationType", "\"unknown\"" },
    { "mobileAppCount", "0" }, { "remediation", "null" },
  };
  static const char *const settings[][2] = {
    { "applicablePlatform", "\"unknown\"" }, { "endpointSecurityPolicy", "\"unknown\"" },
    { "endpointSecurityPolicyProfile", "\"unknown\"" }, { "intendedSettings", "[]" },
  };

  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "@odata.type", type);
  tvm_demo_put_string (out, "id", ticket->id);
  tvm_demo_put_time (out, "createdDateTime", ticket->created_us);
  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    put_member (out, ticket, common[i][0], common[i][1]);
  tvm_demo_put_int (out, "managedDeviceCount",
                    ticket->devices != NULL ? json_array_get_length (ticket->devices) : 0);
  for (guint i = 0; i < G_N_ELEMENTS (apps) && !ticket->is_setting; i++)
    put_member (out, ticket, apps[i][0], apps[i][1]);
  for (guint i = 0; i < G_N_ELEMENTS (settings) && ticket->is_setting; i++)
    put_member (out, ticket, settings[i][0], settings[i][1]);
  tvm_demo_close (out, '}');
}

static void
put_ticket_device (TvmDemoData *data,
                   gpointer     item,
                   GString     *out)
{
  g_autofree char *text = json_to_string (item, FALSE);

  g_string_append (out, text);
}

static gboolean
allow (TvmDemoExchange *ex,
       const char      *scope)
{
  const TvmDemoToken *token = tvm_demo_identity_check (ex, TVM_DEMO_AUDIENCE_GRAPH);

  if (token != NULL && (scope == NULL || tvm_demo_token_has (token, scope)))
    return TRUE;
  if (token != NULL)
    tvm_demo_reply_error (ex, 403, "Forbidden",
                          "The application needs one of these permissions: %s.", scope);
  return FALSE;
}

static void
create_ticket (TvmDemoExchange *ex)
{
  g_autoptr(JsonObject) body = tvm_demo_dup_body (ex);
  gboolean is_setting = FALSE;
  g_autofree char *problem = body != NULL ? tvm_demo_ticket_check (body, TRUE, &is_setting)
                                          : g_strdup ("The request is no JSON object.");
  TvmDemoTicket *ticket;
  JsonNode *devices;

  if (problem != NULL)
    {
      tvm_demo_reply_error (ex, 400, "BadRequest", "%s", problem);
      return;
    }
  ticket = g_new0 (TvmDemoTicket, 1);
  tvm_demo_random_uuid (&ex->tenant->data->random, ticket->id);
  ticket->is_setting = is_setting;
  ticket->created_us = tvm_now_us ();
  ticket->created_ticks_us = g_get_monotonic_time ();
  devices = json_object_get_member (body, "managedDevices");
  if (devices != NULL)
    ticket->devices = json_array_ref (json_node_get_array (devices));
  json_object_remove_member (body, "managedDevices");
  json_object_set_string_member (body, "status", "pending");
  ticket->fields = json_object_ref (body);
  g_ptr_array_add (ex->tenant->tickets, ticket);
  tvm_demo_reply_row (ex, CONTEXT ("deviceAppManagement/deviceAppManagementTasks/$entity"),
                      put_ticket, ticket);
  ex->status = 201;
}

static void
change_ticket (TvmDemoExchange *ex,
               TvmDemoTicket   *ticket)
{
  g_autoptr(JsonObject) body = tvm_demo_dup_body (ex);
  gboolean is_setting = ticket->is_setting;
  g_autofree char *problem = body != NULL ? tvm_demo_ticket_check (body, FALSE, &is_setting)
                                          : g_strdup ("The request is no JSON object.");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (problem != NULL || is_setting != ticket->is_setting)
    {
      tvm_demo_reply_error (ex, 400, "BadRequest", "%s",
                            problem != NULL ? problem : "A task keeps its type.");
      return;
    }
  json_object_iter_init (&iter, body);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (ticket->fields, name, json_node_copy (value));
  tvm_demo_reply_row (ex, CONTEXT ("deviceAppManagement/deviceAppManagementTasks/$entity"),
                      put_ticket, ticket);
}

static void
update_status (TvmDemoExchange *ex,
               TvmDemoTicket   *ticket)
{
  g_autoptr(JsonObject) body = tvm_demo_dup_body (ex);
  const char *status = NULL, *note = NULL;

  if (body != NULL)
    {
      status = json_object_get_string_member_with_default (body, "status", NULL);
      note = json_object_get_string_member_with_default (body, "note", NULL);
    }
  if (status == NULL || !tvm_demo_ticket_status_is_known (status))
    {
      tvm_demo_reply_error (ex, 400, "BadRequest", "The status is not a task status.");
      return;
    }
  tvm_demo_ticket_set (ticket, status, note, NULL);
  ex->status = 204;
}

/* …/{id}, …/{id}/updateStatus, …/{id}/microsoft.graph.TYPE/managedDevices */
static void
handle_ticket (TvmDemoExchange *ex,
               TvmDemoTicket   *ticket)
{
  gboolean is_get = g_str_equal (ex->method, "GET");
  g_autofree char *cast = g_strconcat ("microsoft.graph.", type_name (ticket), NULL);

  if (ex->n_parts == 4 && is_get)
    tvm_demo_reply_row (ex, CONTEXT ("deviceAppManagement/deviceAppManagementTasks/$entity"),
                        put_ticket, ticket);
  else if (ex->n_parts == 4 && g_str_equal (ex->method, "PATCH"))
    change_ticket (ex, ticket);
  else if (ex->n_parts == 4 && g_str_equal (ex->method, "DELETE"))
    {
      g_ptr_array_remove (ex->tenant->tickets, ticket);
      ex->status = 204;
    }
  else if (ex->n_parts == 5 && tvm_demo_part_is (ex, 4, "updateStatus") &&
           g_str_equal (ex->method, "POST"))
    update_status (ex, ticket);
  else if (ex->n_parts == 6 && is_get && tvm_demo_part_is (ex, 4, cast) &&
           tvm_demo_part_is (ex, 5, "managedDevices"))
    {
      g_autoptr(GList)
        elements = ticket->devices != NULL ? json_array_get_elements (ticket->devices) : NULL;
      g_autoptr(GPtrArray) items = g_ptr_array_new ();

      for (GList *l = elements; l != NULL; l = l->next)
        g_ptr_array_add (items, l->data);
      tvm_demo_reply_list (ex, CONTEXT ("managedDevices"), put_ticket_device, items);
    }
  else
    tvm_demo_reply_error (ex, 400, "BadRequest", "Resource not found for the segment '%s'.",
                          ex->parts[ex->n_parts - 1]);
}

static void
handle_tickets (TvmDemoExchange *ex)
{
  gboolean is_get = g_str_equal (ex->method, "GET");
  TvmDemoTicket *ticket = ex->n_parts > 3 ? tvm_demo_ticket_find (ex->tenant, ex->parts[3]) : NULL;

  if (!allow (ex, is_get ? "DeviceManagementApps.Read" : "DeviceManagementApps.ReadWrite"))
    return;
  if (ex->n_parts == 3 && is_get)
    tvm_demo_reply_list (ex, CONTEXT ("deviceAppManagement/deviceAppManagementTasks"), put_ticket,
                         ex->tenant->tickets);
  else if (ex->n_parts == 3 && g_str_equal (ex->method, "POST"))
    create_ticket (ex);
  else if (ex->n_parts > 3 && !tvm_demo_is_guid (ex->parts[3]))
    tvm_demo_reply_error (ex, 400, "BadRequest", "'%s' is not a GUID.", ex->parts[3]);
  else if (ex->n_parts > 3 && ticket == NULL)
    tvm_demo_reply_error (ex, 404, "ResourceNotFound", "The task %s does not exist.", ex->parts[3]);
  else if (ticket != NULL)
    handle_ticket (ex, ticket);
  else
    tvm_demo_reply_error (ex, 405, "MethodNotAllowed", "The method is not allowed here.");
}

static void
list_managed_devices (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  if (!allow (ex, "DeviceManagementManagedDevices.Read"))
    return;
  for (guint i = 0; i < data->n_devices; i++)
    if (data->devices[i].is_joined && !data->devices[i].is_removed)
      g_ptr_array_add (items, &data->devices[i]);
  tvm_demo_reply_list (
    ex, CONTEXT ("deviceManagement/managedDevices(id,azureADDeviceId,deviceName,lastSyncDateTime)"),
    tvm_demo_row_managed_device, items);
}

/**
 * tvm_demo_graph_handle:
 * @ex: (inout): an exchange under `/v1.0` or `/beta`
 *
 * Answers as Microsoft Graph does for who is signed in, Intune's devices and its security tasks;
 * 401 and 403 for tokens that will not do, 400 for paths beyond these, in Graph's form of errors.
 */
void
tvm_demo_graph_handle (TvmDemoExchange *ex)
{
  gboolean is_get = g_str_equal (ex->method, "GET");

  ex->is_graph = TRUE;
  if (ex->n_parts == 2 && tvm_demo_part_is (ex, 1, "me") && is_get)
    {
      if (allow (ex, NULL))
        g_string_assign (
          ex->reply,
          "{\"id\":\"6f3c1b1e-5d0a-4c7e-9a65-2f1d0c9b8a70\",\"displayName\":\"Adele Vance\","
          "\"mail\":\"" TVM_DEMO_USER "\",\"userPrincipalName\":\"" TVM_DEMO_USER "\"}");
    }
  else if (tvm_demo_part_is (ex, 0, "beta") && tvm_demo_part_is (ex, 1, "deviceAppManagement") &&
           tvm_demo_part_is (ex, 2, "deviceAppManagementTasks"))
    handle_tickets (ex);
  else if (tvm_demo_part_is (ex, 0, "beta") && tvm_demo_part_is (ex, 1, "deviceManagement") &&
           tvm_demo_part_is (ex, 2, "managedDevices") && ex->n_parts == 3 && is_get)
    list_managed_devices (ex);
  else if (tvm_demo_identity_check (ex, TVM_DEMO_AUDIENCE_GRAPH) != NULL)
    tvm_demo_reply_error (ex, 400, "BadRequest", "Resource not found for the segment '%s'.",
                          ex->parts[ex->n_parts - 1]);
}
