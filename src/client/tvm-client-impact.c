/* tvm-client-impact.c: the assessment of every configuration of every device, of which those that
 * are exposed are kept, and the user impact of a change. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-list-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ROWS 2000000000  /* a million devices with 2,000 configurations */

typedef struct
{
  TvmUserImpacts *impacts;
  gint64          n_rows;
} Assessments;

/* The recommendation's id, or that of its configuration where the row has none. */
static char *
dup_recommendation_id (const TvmWireRow *row)
{
  const char *id = tvm_wire_row_get_string (row, TVM_ASSESSMENT_RECOMMENDATION);
  const char *scid = tvm_wire_row_get_string (row, TVM_ASSESSMENT_CONFIGURATION);

  return id != NULL ? g_strdup (id) : scid != NULL ? g_strconcat ("sca-_-", scid, NULL) : NULL;
}

static gboolean
assessment_received_cb (const TvmWireRow *row,
                        gpointer          user_data,
                        gboolean         *is_new,
                        GError          **error)
{
  Assessments *self = user_data;
  const TvmDeviceRef device = { tvm_wire_row_require_id (row, error),
                                tvm_wire_row_get_string (row, TVM_ASSESSMENT_NAME),
                                tvm_wire_row_get_string (row, TVM_ASSESSMENT_OS),
                                tvm_wire_row_get_string (row, TVM_ASSESSMENT_GROUP) };
  int is_applicable = tvm_wire_row_get_boolean (row, TVM_ASSESSMENT_APPLICABLE, -1);
  int is_compliant = tvm_wire_row_get_boolean (row, TVM_ASSESSMENT_COMPLIANT, -1);
  g_autofree char *id = NULL;

  if (device.id == NULL)
    return FALSE;
  *is_new = TRUE;  /* each is one of its own */
  if (++self->n_rows > MAX_ROWS)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The answer of %s is too large. Nothing of it was kept; try again later."),
                   tvm_shape_assessments.name);
      return FALSE;
    }
  self->impacts->newest_us = MAX (self->impacts->newest_us,
                                  tvm_wire_row_get_instant (row, TVM_ASSESSMENT_TIME));
  id = dup_recommendation_id (row);
  if (id != NULL)
    tvm_user_impacts_assess (self->impacts, id, &device, is_applicable == 1 && is_compliant == 0,
                             tvm_wire_row_get_boolean (row, TVM_ASSESSMENT_IMPACT, -1));
  return TRUE;
}

/**
 * tvm_client_fetch_user_impact:
 * @self: a client
 * @call: which list; its sink is set here
 * @impacts: (inout): where the exposed devices go, and the user impact of those whose row tells it
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError, %TVM_ERROR_FORBIDDEN without permission or licence
 *
 * Asks for the secure configuration assessment by device (API page "Export secure configuration
 * assessment per device"), a row for each device and configuration.
 *
 * Returns: %TRUE only if the whole list arrived
 */
gboolean
tvm_client_fetch_user_impact (TvmClient       *self,
                              TvmListCall     *call,
                              TvmUserImpacts  *impacts,
                              int             *n_requests,
                              GCancellable    *cancellable,
                              GError         **error)
{
  Assessments assessments = { impacts, 0 };

  call->by_skip = FALSE;
  call->sink = assessment_received_cb;
  call->sink_data = &assessments;
  return tvm_list_fetch (tvm_client_get_http (self), call, n_requests, cancellable, error);
}
