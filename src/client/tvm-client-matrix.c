/* tvm-client-matrix.c: which software each device has, with which CVEs: all of it, and what changed
 * since. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-files-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ALL_PATH     "/api/machines/SoftwareVulnerabilitiesByMachine?pageSize=%d"
#define CHANGES_PATH "/api/machines/SoftwareVulnerabilityChangesByMachine?sinceTime=%s&pageSize=%d"
#define FILES_PATH   "/api/machines/SoftwareVulnerabilitiesExport?sasValidHours=6"
#define PAGE_ROWS    200000  /* at most; a kilobyte each */

static const char *const members[] = {
  "deviceId", "deviceName", "osPlatform", "rbacGroupName", "softwareVendor", "softwareName",
  "softwareVersion", "cveId", "vulnerabilitySeverityLevel", "cvssScore", "exploitabilityLevel",
  "recommendationReference", "recommendedSecurityUpdateId", "recommendedSecurityUpdate",
  "recommendedSecurityUpdateUrl", "firstSeenTimestamp", "lastSeenTimestamp", "status",
  "eventTimestamp", NULL,
};
enum { DEVICE, DEVICE_NAME, OS, GROUP, VENDOR, PRODUCT, VERSION, CVE, SEVERITY, CVSS, EXPLOIT,
       RECOMMENDATION, UPDATE, UPDATE_NAME, UPDATE_URL, FIRST_SEEN, LAST_SEEN, STATUS, EVENT };

static const TvmWireShape all_shape = { "SoftwareVulnerabilitiesByMachine", NULL, members };
static const TvmWireShape changes_shape = {
  "SoftwareVulnerabilityChangesByMachine", NULL, members
};

typedef struct {
  TvmMatrix  *matrix;
  gboolean    has_status;      /* rows are changes */
  const char *name;            /* of the list, for errors */
} Reader;

/* Each level includes those before it. */
static void
read_exploits (const TvmWireRow *row,
               TvmMatrixRecord  *record)
{
  static const char *const levels[] = { "NoExploit", "ExploitIsPublic", "ExploitIsVerified",
                                        "ExploitIsInKit" };
  const char *word = tvm_wire_row_get_string (row, EXPLOIT);
  guint level = 0;

  while (word != NULL && level < G_N_ELEMENTS (levels) &&
         g_ascii_strcasecmp (word, levels[level]) != 0)
    level++;
  for (guint i = 0; i < G_N_ELEMENTS (record->exploits); i++)
    record->exploits[i] = word == NULL || level == G_N_ELEMENTS (levels) ? -1 : level > i;
}

/* Whether it is known what happened. */
static gboolean
read_status (const TvmWireRow *row,
             TvmMatrixRecord  *record)
{
  const char *word = tvm_wire_row_get_string (row, STATUS);

  record->when_us = tvm_wire_row_get_instant (row, EVENT);
  record->status = word != NULL && g_ascii_strcasecmp (word, "Fixed") == 0 ? TVM_MATRIX_FIXED
                                                                           : TVM_MATRIX_NEW;
  return word != NULL && (record->status == TVM_MATRIX_FIXED ||
                          g_ascii_strcasecmp (word, "New") == 0 ||
                          g_ascii_strcasecmp (word, "Updated") == 0);
}

/* Whether it is known which software the row is about, and which CVE, or that it is about none. */
static gboolean
tells_software (const TvmWireRow *row)
{
  TvmWireValueKind kind = tvm_wire_row_get_kind (row, CVE);
  TvmWireValueKind version = tvm_wire_row_get_kind (row, VERSION);

  return kind != TVM_WIRE_YES && kind != TVM_WIRE_NO && kind != TVM_WIRE_ARRAY &&
         kind != TVM_WIRE_OTHER && tvm_wire_row_get_string (row, PRODUCT) != NULL &&
         (version == TVM_WIRE_STRING || version == TVM_WIRE_NUMBER) &&
         !tvm_wire_row_is_setting (row, RECOMMENDATION);
}

static gboolean
take_row (const TvmWireRow *row,
          gpointer          user_data,
          GError          **error)
{
  Reader *self = user_data;
  TvmMatrixRecord record = {
    .device = { tvm_wire_row_require_id (row, error), tvm_wire_row_get_string (row, DEVICE_NAME),
                tvm_wire_row_get_string (row, OS), tvm_wire_row_get_string (row, GROUP) },
    .vendor = tvm_wire_row_get_string (row, VENDOR),
    .product = tvm_wire_row_get_string (row, PRODUCT),
    .version = tvm_wire_row_get_string (row, VERSION),
    .recommendation_id = tvm_wire_row_get_string (row, RECOMMENDATION),
    .cve = tvm_wire_row_get_string (row, CVE),
    .severity = tvm_words_from_wire (&tvm_severity_words, tvm_wire_row_get_string (row, SEVERITY)),
    .cvss = tvm_wire_row_get_double (row, CVSS, -1),
    .update_id = tvm_wire_row_get_string (row, UPDATE),
    .update_name = tvm_wire_row_get_string (row, UPDATE_NAME),
    .update_url = tvm_wire_row_get_string (row, UPDATE_URL),
    .first_seen = tvm_wire_row_get_string (row, FIRST_SEEN),
    .last_seen = tvm_wire_row_get_string (row, LAST_SEEN),
  };

  if (record.cvss < 0 || record.cvss > TVM_CVSS_MOST)
    record.cvss = -1;

  if (record.device.id == NULL)
    return FALSE;
  read_exploits (row, &record);
  if (!tells_software (row) || (self->has_status && !read_status (row, &record)))
    return FALSE;
  if (!tvm_matrix_add (self->matrix, &record))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The answer of %s is too large. Nothing of it was kept; try again later."),
                   self->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
row_received_cb (const TvmWireRow *row,
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
  return tvm_matrix_new ();
}

static gboolean
take_row_of_file (const TvmWireRow *row,
                  gpointer          piece,
                  GError          **error)
{
  Reader reader = { piece, FALSE, all_shape.name };

  return take_row (row, &reader, error);
}

static GBytes *
pack_piece (gpointer piece)
{
  return tvm_matrix_pack (piece);
}

static void
free_piece (gpointer piece)
{
  tvm_matrix_free (piece);
}

static gboolean
add_piece (TvmPull *pull,
           GBytes  *packed)
{
  return tvm_matrix_add_packed (pull->matrix, packed);
}

static const TvmFileKind files = {
  FILES_PATH, "SoftwareVulnerabilitiesExport", &all_shape, begin_piece, take_row_of_file,
  pack_piece, free_piece, add_piece
};

/**
 * tvm_client_fetch_matrix:
 * @self: a client
 * @call: which list; its shape, path and sink are set here
 * @pull: (inout): an empty matrix, or one of changes since its instant
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError, %TVM_ERROR_FORBIDDEN without permission or licence
 *
 * Asks for the software vulnerabilities by device (API page "Export software vulnerabilities
 * assessment per device": JSON, files, or delta), each record of which is forgotten once it was
 * read.
 *
 * Returns: %TRUE only if the whole list arrived
 */
gboolean
tvm_client_fetch_matrix (TvmClient     *self,
                         TvmListCall   *call,
                         TvmPull       *pull,
                         int           *n_requests,
                         GCancellable  *cancellable,
                         GError       **error)
{
  gboolean is_delta = pull->kind == TVM_PULL_EXPOSURE_CHANGES;
  g_autofree char *since = tvm_format_instant (pull->since_us);
  g_autofree char *escaped = g_uri_escape_string (since, NULL, FALSE);
  g_autofree char *path = is_delta ? g_strdup_printf (CHANGES_PATH, escaped, PAGE_ROWS)
                                   : g_strdup_printf (ALL_PATH, PAGE_ROWS);
  Reader reader = { pull->matrix, is_delta, is_delta ? changes_shape.name : all_shape.name };
  gboolean is_good;

  call->by_skip = FALSE;
  call->shape = is_delta ? &changes_shape : &all_shape;
  call->path = path;
  call->sink = row_received_cb;
  call->sink_data = &reader;
  is_good = pull->wants_files
              ? tvm_client_fetch_files (self, &files, pull, n_requests, cancellable, error)
              : tvm_list_fetch (tvm_client_get_http (self), call, n_requests, cancellable, error);
  if (is_good)
    tvm_matrix_finish (pull->matrix);
  return is_good;
}
