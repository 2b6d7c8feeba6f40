/* tvm-client-ticket.c: one ticket: made, looked at, taken away. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-http-private.h"
#include "tvm-list-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>

/* A gateway's page with status 404 is no word of Intune about a ticket, so nothing follows from it
 * but another try. */
static gboolean
begin (TvmClient          *self,
       const TvmHttpCall  *call,
       TvmExchange        *exchange,
       GCancellable       *cancellable,
       GError            **error)
{
  g_autoptr(GError) failure = NULL;

  if (tvm_http_begin (tvm_client_get_http (self), call, exchange, cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) && !exchange->has_words)
    failure->code = TVM_ERROR_OFFLINE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
ticket_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    GError          **error)
{
  TvmTicket **ticket = user_data;

  *ticket = tvm_wire_build_ticket (row, error);
  return *ticket != NULL;
}

/* Reads what was created. It exists by now: an answer that cannot be read counts as lost. */
static TvmTicket *
read_created (TvmExchange           *exchange,
              const TvmTicketDraft  *draft,
              GCancellable          *cancellable,
              GError               **error)
{
  g_autoptr(TvmTicket) ticket = NULL;
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&tvm_shape_ticket, ticket_received_cb,
                                                         &ticket);
  g_autoptr(GError) failure = NULL;

  if (!tvm_list_read (exchange, stream, cancellable, &failure))
    {
      if (failure->domain == TVM_ERROR)
        g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                     _("Intune's answer about the ticket was lost. The next synchronization looks "
                       "for the ticket before it sends it again. %s"), failure->message);
      else
        g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  tvm_set_str (&ticket->activity_id, draft->activity->id);
  tvm_set_str (&ticket->marker, draft->marker);
  if (ticket->status == TVM_TICKET_UNKNOWN)
    ticket->status = TVM_TICKET_PENDING;
  if (ticket->devices <= 0)
    ticket->devices = (int) draft->devices->len;
  return g_steal_pointer (&ticket);
}

/**
 * tvm_client_create_ticket:
 * @self: a client
 * @draft: what the ticket is about, with at most 10,000 devices (R5)
 * @out_outcome: (out) (optional): whether the ticket may have been made all the same where this
 *   fails: then look for its marker before sending it again (R4)
 * @cancellable: (nullable): stops it; what went out by then may have been carried out
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Makes a ticket in Intune (api section 4). Blocks.
 *
 * Returns: (transfer full) (nullable): the ticket, or %NULL: with %TVM_ERROR_INVALID where there
 *   are too many devices, %TVM_ERROR_OFFLINE also where it was made and the answer was lost
 */
TvmTicket *
tvm_client_create_ticket (TvmClient             *self,
                          const TvmTicketDraft  *draft,
                          TvmSendOutcome        *out_outcome,
                          GCancellable          *cancellable,
                          GError               **error)
{
  g_autoptr(TvmAccount) account = NULL;
  g_autofree char *body = NULL;
  g_autofree char *url = NULL;
  TvmSendOutcome unused;
  TvmHttp *http = tvm_client_get_http (self);
  TvmHttpCall call = { .resource = TVM_RESOURCE_GRAPH, .intune_write = TRUE,
                       .outcome = out_outcome != NULL ? out_outcome : &unused };
  TvmExchange exchange;

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  *call.outcome = (TvmSendOutcome) { .may_exist = FALSE };
  if (draft->devices->len > TVM_TICKET_MAX_DEVICES)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                   _("A ticket carries at most %d devices."), TVM_TICKET_MAX_DEVICES);
      return NULL;
    }
  account = tvm_sign_in_dup_account (http->sign_in, cancellable, error);
  if (account == NULL)
    return NULL;
  body = tvm_ticket_body_build (draft, account->user_name);
  url = g_strconcat (http->endpoints->graph_url, TVM_TICKETS_PATH, NULL);
  call.url = url;
  call.body = body;
  if (!begin (self, &call, &exchange, cancellable, error))
    return NULL;
  return read_created (&exchange, draft, cancellable, error);
}

static char *
build_ticket_url (TvmHttp    *http,
                  const char *id)
{
  g_autofree char *path = tvm_client_build_path (TVM_TICKETS_PATH "/", id, NULL);

  return g_strconcat (http->endpoints->graph_url, path, NULL);
}

/**
 * tvm_client_get_ticket:
 * @self: a client
 * @id: Intune's id of a ticket
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Blocks.
 *
 * Returns: (transfer full) (nullable): the ticket as it is now; %NULL with %TVM_ERROR_NOT_FOUND
 *   where there is none
 */
TvmTicket *
tvm_client_get_ticket (TvmClient     *self,
                       const char    *id,
                       GCancellable  *cancellable,
                       GError       **error)
{
  TvmTicket *ticket = NULL;
  g_autoptr(TvmJsonStream) stream = NULL;
  g_autofree char *url = NULL;
  TvmHttpCall call = { .resource = TVM_RESOURCE_GRAPH };
  TvmExchange exchange;

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  url = build_ticket_url (tvm_client_get_http (self), id);
  call.url = url;
  stream = tvm_json_stream_new (&tvm_shape_ticket, ticket_received_cb, &ticket);
  if (!begin (self, &call, &exchange, cancellable, error))
    return NULL;
  if (!tvm_list_read (&exchange, stream, cancellable, error))
    g_clear_pointer (&ticket, tvm_ticket_unref);
  return ticket;
}

/**
 * tvm_client_delete_ticket:
 * @self: a client
 * @id: Intune's id of a ticket
 * @out_outcome: (out) (optional): how long the service asks to wait where this fails
 * @cancellable: (nullable): stops it; what went out by then may have been carried out
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Deletes a ticket of any status, also one that an IT admin has accepted: look at it first. Blocks.
 *
 * Returns: whether it was there and is gone; %FALSE with %TVM_ERROR_NOT_FOUND where it was gone
 *   before
 */
gboolean
tvm_client_delete_ticket (TvmClient       *self,
                          const char      *id,
                          TvmSendOutcome  *out_outcome,
                          GCancellable    *cancellable,
                          GError         **error)
{
  g_autofree char *url = NULL;
  TvmSendOutcome unused;
  TvmHttpCall call = { .resource = TVM_RESOURCE_GRAPH, .intune_write = TRUE, .is_delete = TRUE,
                       .outcome = out_outcome != NULL ? out_outcome : &unused };
  TvmExchange exchange;

  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);
  *call.outcome = (TvmSendOutcome) { .may_exist = FALSE };
  url = build_ticket_url (tvm_client_get_http (self), id);
  call.url = url;
  if (!begin (self, &call, &exchange, cancellable, error))
    return FALSE;
  tvm_exchange_end (&exchange);
  return TRUE;
}
