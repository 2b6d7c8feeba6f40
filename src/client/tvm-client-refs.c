/* tvm-client-refs.c: lists of devices that are exposed, and which of them changed. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-list-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CHANGES_PER_PAGE 50000
#define MAX_CHANGES      200000  /* the lists themselves are shorter then */

typedef struct {
  TvmDeviceRefs *refs;
  GHashTable    *positions;  /* id (in the refs' chunk) to position + 1 */
} Refs;

/* Eight characters at a time: a list may have a million ids, and g_str_hash() takes them one by
 * one. */
static guint
hash_id (gconstpointer key)
{
  const char *id = key;
  gsize left = strlen (id);
  guint64 hash = left;

  while (left > 0)
    {
      guint64 word = 0;
      gsize n = MIN (left, sizeof word);

      memcpy (&word, id, n);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
      id += n;
      left -= n;
    }
  return (guint) hash;
}

/* Rows may repeat across pages: the last one stays. */
static gboolean
ref_received_cb (const TvmWireRow *row,
                 gpointer          user_data,
                 gboolean         *is_new,
                 GError          **error)
{
  Refs *refs = user_data;
  GArray *array = refs->refs->refs;
  const char *id = tvm_wire_row_require_id (row, error);
  TvmDeviceRef added;
  guint position;

  if (id == NULL)
    return FALSE;
  tvm_device_refs_add (refs->refs, id, tvm_wire_row_get_string (row, TVM_REFERENCE_NAME),
                       tvm_wire_row_get_string (row, TVM_REFERENCE_OS),
                       tvm_wire_row_get_string (row, TVM_REFERENCE_GROUP));
  added = g_array_index (array, TvmDeviceRef, array->len - 1);
  position = GPOINTER_TO_UINT (g_hash_table_lookup (refs->positions, added.id));
  *is_new = position == 0;
  if (*is_new)
    {
      g_hash_table_insert (refs->positions, (char *) added.id, GUINT_TO_POINTER (array->len));
      return TRUE;
    }
  g_array_index (array, TvmDeviceRef, position - 1) = added;
  g_array_set_size (array, array->len - 1);
  return TRUE;
}

/**
 * tvm_client_fetch_refs:
 * @self: a client
 * @call: which list; its sink is set here
 * @refs: (inout): where the devices go, each once
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Returns: %TRUE only if the whole list arrived
 */
gboolean
tvm_client_fetch_refs (TvmClient      *self,
                       TvmListCall    *call,
                       TvmDeviceRefs  *refs,
                       int            *n_requests,
                       GCancellable   *cancellable,
                       GError        **error)
{
  g_autoptr(GHashTable) positions = g_hash_table_new (hash_id, g_str_equal);
  Refs sink = { refs, positions };

  call->sink = ref_received_cb;
  call->sink_data = &sink;
  return tvm_list_fetch (tvm_client_get_http (self), call, n_requests, cancellable, error);
}

/* ---- changes */

typedef struct {
  GHashTable *ids;      /* (owned) */
  TvmUpdates  updates;
  guint       n_rows;
} Changes;

static gboolean
change_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    gboolean         *is_new,
                    GError          **error)
{
  Changes *changes = user_data;
  const char *id = tvm_wire_row_get_string (row, 0);

  *is_new = TRUE;  /* each is one of its own */
  if (id != NULL && !g_hash_table_contains (changes->ids, id))
    g_hash_table_add (changes->ids, g_strdup (id));
  tvm_updates_take_row (&changes->updates, row);
  if (++changes->n_rows <= MAX_CHANGES)
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               _("The answer of %s is too large. Nothing of it was kept; try again later."),
               tvm_shape_changes.name);
  return FALSE;
}

/**
 * tvm_client_list_changed:
 * @self: a client
 * @since_us: from when on, in microseconds since 1970, at most 14 days ago
 * @updates: (inout): an empty list of security updates, for those that the changes name: a part
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Asks which devices' software vulnerabilities are new or fixed (API page "Export software
 * vulnerabilities assessment per device", delta). Configurations are not among them. Blocks.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): a set with the ids of the
 *   recommendations that these changes belong to, or %NULL on error, also where there are too many
 */
GHashTable *
tvm_client_list_changed (TvmClient     *self,
                         gint64         since_us,
                         TvmPull       *updates,
                         GCancellable  *cancellable,
                         GError       **error)
{
  Changes changes = { .ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  g_autofree char *since = tvm_format_instant (since_us);
  g_autofree char *escaped = g_uri_escape_string (since, NULL, FALSE);
  g_autofree char *path = g_strdup_printf (
    "/api/machines/SoftwareVulnerabilityChangesByMachine?sinceTime=%s&pageSize=%d", escaped,
    CHANGES_PER_PAGE);
  TvmListCall call = { .resource = TVM_RESOURCE_DEFENDER, .shape = &tvm_shape_changes, .path = path,
                       .sink = change_received_cb, .sink_data = &changes };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  updates->is_part = TRUE;
  tvm_updates_init (&changes.updates, updates->records);
  if (!tvm_list_fetch (tvm_client_get_http (self), &call, NULL, cancellable, error))
    g_clear_pointer (&changes.ids, g_hash_table_unref);
  tvm_updates_clear (&changes.updates);
  return changes.ids;
}
