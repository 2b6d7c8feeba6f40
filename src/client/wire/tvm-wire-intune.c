/* tvm-wire-intune.c: rows of Intune through Microsoft Graph as records (api section 4). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"

enum { T_ID, T_DESCRIPTION, T_STATUS, T_ASSIGNED, T_DEVICES, T_CREATED, T_TITLE, T_CREATOR, T_APP,
       T_PUBLISHER };
static const char *const ticket_members[] = {
  "id", "description", "status", "assignedTo", "managedDeviceCount", "createdDateTime",
  "displayName", "creator", "appName", "appPublisher", NULL,
};
const TvmRowShape tvm_shape_tickets = { "deviceAppManagementTasks", ticket_members };
const TvmRowShape tvm_shape_ticket = { "deviceAppManagementTask", ticket_members, TRUE };

static const char *const managed_device_members[] = { "id", "azureADDeviceId", NULL };
const TvmRowShape tvm_shape_managed_devices = { "managedDevices", managed_device_members };

gpointer
tvm_wire_build_ticket (const TvmRow  *row,
                       GError       **error)
{
  const char *id = tvm_row_require_id (row, error);
  TvmTicket *self;

  if (id == NULL)
    return NULL;
  self = tvm_ticket_new ();
  self->id = g_strdup (id);
  if (self->activity_id == NULL)
    self->activity_id = g_strdup ("");
  tvm_ticket_trace_read (self, tvm_row_get_string (row, T_DESCRIPTION));
  self->assigned_to = tvm_row_dup_string (row, T_ASSIGNED);
  self->status = tvm_ticket_status_from_wire (tvm_row_get_string (row, T_STATUS));
  self->devices = MAX (tvm_row_get_int (row, T_DEVICES, -1), -1);
  self->created_us = tvm_row_get_instant (row, T_CREATED);
  self->title = tvm_row_dup_string (row, T_TITLE);
  self->created_by = tvm_row_dup_string (row, T_CREATOR);
  self->product = tvm_row_dup_string (row, T_APP);
  self->vendor = tvm_row_dup_string (row, T_PUBLISHER);
  return self;
}
