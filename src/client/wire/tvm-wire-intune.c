/* tvm-wire-intune.c: rows of Intune through Microsoft Graph as records (api section 4). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"

static const char *const ticket_members[] = { "description", NULL };
const TvmWireShape tvm_shape_tickets = {
  "deviceAppManagementTasks", &tvm_ticket_fields, ticket_members
};
const TvmWireShape tvm_shape_ticket = {
  "deviceAppManagementTask", &tvm_ticket_fields, ticket_members, TRUE
};

static const char *const managed_device_members[] = { "id", "azureADDeviceId", NULL };
const TvmWireShape tvm_shape_managed_devices = { "managedDevices", NULL, managed_device_members };

/**
 * tvm_wire_build_ticket:
 * @row: a row of tvm_shape_tickets or tvm_shape_ticket
 * @error: return location for a #TvmError
 *
 * Reads the marker and what else tvm_ticket_trace_read() finds in the description, whoever made it.
 *
 * Returns: (transfer full) (nullable): a #TvmTicket whose activity is not known yet (an empty id),
 *   or %NULL with %TVM_ERROR_BAD_RESPONSE where the row has no id
 */
gpointer
tvm_wire_build_ticket (const TvmWireRow *row,
                       GError          **error)
{
  TvmTicket *self = tvm_wire_row_to_record (row, error);

  if (self == NULL)
    return NULL;
  self->activity_id = g_strdup ("");
  tvm_ticket_trace_read (self, tvm_wire_row_get_string (row,
                                                        tvm_wire_row_find (row, "description")));
  return self;
}
