/* tvm-sync-push.c: the outbox: each ticket is created once (R4). Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-engine-private.h"

#include "tvm-error.h"

#include <string.h>

/* A ticket of an earlier attempt whose answer was lost. (transfer full) (nullable) */
static TvmTicket *
find_by_marker (GPtrArray  *tickets,
                const char *marker)
{
  for (guint i = 0; i < tickets->len; i++)
    {
      TvmTicket *ticket = tickets->pdata[i];

      if (g_strcmp0 (ticket->marker, marker) == 0)
        return tvm_ticket_ref (ticket);
    }
  return NULL;
}

/* The errors after which the other entries would fail as well. */
static gboolean
stops_pushing (const GError *error)
{
  return error->domain != TVM_ERROR || error->code == TVM_ERROR_AUTH_REQUIRED ||
         error->code == TVM_ERROR_OFFLINE || error->code == TVM_ERROR_THROTTLED ||
         error->code == TVM_ERROR_NO_KEYRING || error->code == TVM_ERROR_STORE_FAILED;
}

static TvmTicket *
create_ticket (TvmSyncEngine   *self,
               TvmClient       *client,
               TvmOutboxEntry  *entry,
               GCancellable    *cancellable,
               GError         **error)
{
  TvmTicketDraft draft = {
    .activity = entry->activity,
    .recommendation = entry->recommendation,
    .marker = entry->marker,
    .devices = entry->devices,
    .managed_ids = entry->managed_ids,
  };

  if (!tvm_store_outbox_sending (self->store, entry->ticket_key, error))
    return NULL;
  return tvm_client_create_ticket (client, &draft, cancellable, error);
}

/* Pushes one entry; *tickets is listed once, when a first entry needs it. */
static gboolean
push_entry (TvmSyncEngine   *self,
            TvmClient       *client,
            TvmOutboxEntry  *entry,
            GPtrArray      **tickets,
            GCancellable    *cancellable,
            GError         **error)
{
  g_autoptr(TvmTicket) ticket = NULL;

  if (entry->was_sent)
    {
      if (*tickets == NULL)
        *tickets = tvm_client_list_tickets (client, NULL, cancellable, error);
      if (*tickets == NULL)
        return FALSE;
      ticket = find_by_marker (*tickets, entry->marker);
    }
  if (ticket == NULL)
    ticket = create_ticket (self, client, entry, cancellable, error);
  return ticket != NULL && tvm_store_outbox_sent (self->store, entry->ticket_key, ticket, error);
}

/* Pushes every entry that is not parked. Refused ones are parked with the service's words; the
 * activity stays. The caller holds work_mutex. */
gboolean
tvm_sync_push (TvmSyncEngine  *self,
               TvmClient      *client,
               int            *out_sent,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autoptr(GPtrArray) entries = tvm_store_list_outbox (self->store, TRUE, error);
  g_autoptr(GPtrArray) tickets = NULL;
  g_autoptr(GError) first_error = NULL;
  int n_sent = 0;

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      TvmOutboxEntry *entry = entries->pdata[i];
      g_autoptr(GError) local_error = NULL;
      gboolean stop;

      if (entry->is_parked)
        continue;
      if (push_entry (self, client, entry, &tickets, cancellable, &local_error))
        {
          n_sent++;
          continue;
        }
      stop = stops_pushing (local_error);
      tvm_store_outbox_failed (self->store, entry->ticket_key, local_error->message,
                               g_error_matches (local_error, TVM_ERROR, TVM_ERROR_REJECTED), NULL);
      if (first_error == NULL)
        first_error = g_steal_pointer (&local_error);
      if (stop)
        break;
    }
  if (out_sent != NULL)
    *out_sent = n_sent;
  if (first_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first_error));
  return FALSE;
}

/**
 * tvm_sync_engine_push_outbox:
 * @self: an engine
 * @out_sent: (out) (nullable): how many tickets were created or found
 * @cancellable: (nullable): stops it
 * @error: return location for the first error; what could be sent is sent
 *
 * Returns: whether nothing failed
 */
gboolean
tvm_sync_engine_push_outbox (TvmSyncEngine *self,
                             int           *out_sent,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(TvmClient) client = tvm_sync_engine_dup_client (self, error);
  gboolean result;

  if (client == NULL)
    return FALSE;
  g_mutex_lock (&self->work_mutex);
  result = tvm_sync_push (self, client, out_sent, cancellable, error);
  g_mutex_unlock (&self->work_mutex);
  return result;
}
