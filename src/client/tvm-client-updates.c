/* tvm-client-updates.c: which security updates (KB numbers) remediate the devices of a
 * recommendation; only the records of single devices name them. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-list-private.h"

#include "tvm-error.h"

/* A record is about 1 KB, and a large tenant has hundreds of millions. They name the same few
 * updates again and again, so the first ones tell nearly all of them. */
#define MAX_ROWS      200000
#define MAX_UPDATES   20000

typedef struct {
  TvmUpdates updates;
  guint      n_rows;
} Exposure;

/**
 * tvm_updates_init:
 * @self: (out caller-allocates): who takes rows
 * @list: (element-type TvmSecurityUpdate): where the updates go; has to stay
 */
void
tvm_updates_init (TvmUpdates *self,
                  GPtrArray  *list)
{
  self->list = list;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * tvm_updates_take_row:
 * @self: a collection
 * @row: a record of a device's vulnerability
 *
 * Keeps the update that the row names, unless it is there.
 */
void
tvm_updates_take_row (TvmUpdates       *self,
                      const TvmWireRow *row)
{
  g_autoptr(TvmSecurityUpdate) update = tvm_wire_build_security_update (row);
  char *key;

  if (update == NULL || self->list->len >= MAX_UPDATES)
    return;
  key = g_strconcat (update->recommendation_id, "\n", update->id, NULL);
  if (g_hash_table_add (self->seen, key))
    g_ptr_array_add (self->list, g_steal_pointer (&update));
}

/**
 * tvm_updates_clear:
 * @self: not to be used any more
 */
void
tvm_updates_clear (TvmUpdates *self)
{
  g_hash_table_unref (self->seen);
}

static gboolean
record_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    gboolean         *is_new,
                    GError          **error)
{
  Exposure *exposure = user_data;

  *is_new = TRUE;  /* each is one of its own */
  if (tvm_wire_row_is_setting (row, 0))
    return FALSE;
  tvm_updates_take_row (&exposure->updates, row);
  if (++exposure->n_rows <= MAX_ROWS)
    return TRUE;
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE, "enough");
  return FALSE;
}

/**
 * tvm_client_fetch_updates:
 * @self: a client
 * @call: the records of all devices' software vulnerabilities; its sink is set here
 * @pull: (inout): an empty list of security updates; of very many records only the first are read,
 *   and then it is a part
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Reads the records (API page "Export software vulnerabilities assessment per device", JSON) and
 * keeps the updates that they name.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_client_fetch_updates (TvmClient     *self,
                          TvmListCall   *call,
                          TvmPull       *pull,
                          int           *n_requests,
                          GCancellable  *cancellable,
                          GError       **error)
{
  Exposure exposure = { .n_rows = 0 };
  g_autoptr(GError) failure = NULL;

  call->by_skip = FALSE;
  call->sink = record_received_cb;
  call->sink_data = &exposure;
  tvm_updates_init (&exposure.updates, pull->records);
  pull->is_part = !tvm_list_fetch (tvm_client_get_http (self), call, n_requests, cancellable,
                                   &failure);
  tvm_updates_clear (&exposure.updates);
  if (!pull->is_part || exposure.n_rows > MAX_ROWS)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
