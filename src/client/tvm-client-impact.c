/* tvm-client-impact.c: the assessment of every configuration of every device, of which those that
 * are exposed are kept, and the user impact of a change. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-files-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FILES_PATH "/api/machines/SecureConfigurationsAssessmentExport?sasValidHours=6"
#define MAX_ROWS 2000000000  /* a million devices with 2,000 configurations */

typedef struct
{
  TvmUserImpacts *impacts;
  gint64          n_rows;
} Assessments;

/* The recommendation's id, or that of its configuration where the row has none; another one than
 * that of a configuration belongs to another list. */
static char *
dup_recommendation_id (const TvmWireRow *row)
{
  const char *id = tvm_wire_row_get_string (row, TVM_ASSESSMENT_RECOMMENDATION);
  const char *scid = tvm_wire_row_get_string (row, TVM_ASSESSMENT_CONFIGURATION);

  if (id != NULL)
    return tvm_wire_row_is_setting (row, TVM_ASSESSMENT_RECOMMENDATION) ? g_strdup (id) : NULL;
  return scid != NULL ? g_strconcat ("sca-_-", scid, NULL) : NULL;
}

static gboolean
take_row (const TvmWireRow *row,
          gpointer          user_data,
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
  if (++self->n_rows > MAX_ROWS)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The answer of %s is too large. Nothing of it was kept; try again later."),
                   tvm_shape_assessments.name);
      return FALSE;
    }
  id = dup_recommendation_id (row);
  if (id == NULL)
    return FALSE;
  self->impacts->newest_us = MAX (self->impacts->newest_us,
                                  tvm_wire_row_get_instant (row, TVM_ASSESSMENT_TIME));
  tvm_user_impacts_assess (self->impacts, id, &device, is_applicable == 1 && is_compliant == 0,
                           tvm_wire_row_get_boolean (row, TVM_ASSESSMENT_IMPACT, -1));
  return TRUE;
}

static gboolean
assessment_received_cb (const TvmWireRow *row,
                        gpointer          user_data,
                        gboolean         *is_new,
                        GError          **error)
{
  *is_new = TRUE;  /* each is one of its own */
  return take_row (row, user_data, error);
}

/* ---- files */

static gpointer
begin_piece (void)
{
  Assessments *piece = g_new0 (Assessments, 1);

  piece->impacts = tvm_user_impacts_new ();
  return piece;
}

static GBytes *
pack_piece (gpointer piece)
{
  return tvm_user_impacts_pack (((const Assessments *) piece)->impacts);
}

static void
free_piece (gpointer data)
{
  Assessments *piece = data;

  tvm_user_impacts_free (piece->impacts);
  g_free (piece);
}

static gboolean
add_piece (TvmPull *pull,
           GBytes  *packed)
{
  return tvm_user_impacts_add_packed (pull->impacts, packed);
}

static const TvmFileKind files = {
  FILES_PATH, "SecureConfigurationsAssessmentExport", &tvm_shape_assessments, begin_piece,
  take_row, pack_piece, free_piece, add_piece
};

/**
 * tvm_client_fetch_user_impact:
 * @self: a client
 * @call: which list; its sink is set here
 * @pull: (inout): where the exposed devices go, and the user impact of those whose row tells it
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError, %TVM_ERROR_FORBIDDEN without permission or licence
 *
 * Asks for the secure configuration assessment by device (API page "Export secure configuration
 * assessment per device": JSON or files), a row for each device and configuration.
 *
 * Returns: %TRUE only if the whole list arrived
 */
gboolean
tvm_client_fetch_user_impact (TvmClient       *self,
                              TvmListCall     *call,
                              TvmPull         *pull,
                              int             *n_requests,
                              GCancellable    *cancellable,
                              GError         **error)
{
  Assessments assessments = { pull->impacts, 0 };

  if (pull->wants_files)
    return tvm_client_fetch_files (self, &files, pull, n_requests, cancellable, error);
  call->by_skip = FALSE;
  call->sink = assessment_received_cb;
  call->sink_data = &assessments;
  return tvm_list_fetch (tvm_client_get_http (self), call, n_requests, cancellable, error);
}
