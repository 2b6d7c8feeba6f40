/* tvm-wire-intune.c: rows of Intune through Microsoft Graph as records (api section 4). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"

#include <string.h>

enum { T_ID, T_DESCRIPTION, T_STATUS, T_ASSIGNED, T_DEVICES, T_CREATED };
static const char *const ticket_members[] = {
  "id", "description", "status", "assignedTo", "managedDeviceCount", "createdDateTime", NULL,
};
const TvmRowShape tvm_shape_tickets = { "deviceAppManagementTasks", ticket_members };
const TvmRowShape tvm_shape_ticket = { "deviceAppManagementTask", ticket_members, TRUE };

static const char *const managed_device_members[] = { "id", "azureADDeviceId", NULL };
const TvmRowShape tvm_shape_managed_devices = { "managedDevices", managed_device_members };

#define MARKER_PREFIX   "TVM-"
#define MARKER_CHARS    40   /* the prefix and a GUID */

/* The last marker of a description: it stands at its end, but people may write behind it. */
static char *
dup_marker (const char *description)
{
  char *marker = NULL;
  const char *found = description;

  while (found != NULL && (found = strstr (found, MARKER_PREFIX)) != NULL)
    {
      g_autofree char *candidate = g_strndup (found, MARKER_CHARS);

      if (strlen (candidate) == MARKER_CHARS &&
          g_uuid_string_is_valid (candidate + strlen (MARKER_PREFIX)))
        {
          g_free (marker);
          marker = g_steal_pointer (&candidate);
        }
      found += strlen (MARKER_PREFIX);
    }
  return marker;
}

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
  self->marker = dup_marker (tvm_row_get_string (row, T_DESCRIPTION));
  self->assigned_to = tvm_row_dup_string (row, T_ASSIGNED);
  self->status = tvm_ticket_status_from_wire (tvm_row_get_string (row, T_STATUS));
  self->devices = MAX (tvm_row_get_int (row, T_DEVICES, 0), 0);
  self->created_us = tvm_row_get_instant (row, T_CREATED);
  return self;
}
