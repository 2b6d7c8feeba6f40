/* tvm-exchange-error.c: what fails below HTTP, or at a proxy, in words for people. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-transport-private.h"
#include "tvm-error.h"

#include <glib/gi18n-lib.h>

/* Whether reading failed because the answer ended too early or could not be unpacked. */
static gboolean
is_spoiled_body (const GError *failure)
{
  return g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
         g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

/* Whether the connection broke before an answer came. */
static gboolean
is_broken_connection (const GError *failure)
{
  return g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static char *
dup_proxy (const TvmExchange *self)
{
  return tvm_transport_dup_proxy_name (self->transport, soup_message_get_uri (self->message));
}

/* Whether nothing has gone out yet but to a proxy. */
static gboolean
is_at_proxy (const TvmExchange *self)
{
  g_autofree char *proxy = self->was_started ? NULL : dup_proxy (self);

  return proxy != NULL;
}

/* No answer came, and neither did one from a proxy, if there is one. */
static void
fail_unreachable (const TvmExchange  *self,
                  const GError       *failure,
                  GError            **error)
{
  const char *host = g_uri_get_host (soup_message_get_uri (self->message));
  g_autofree char *proxy = dup_proxy (self);

  if (proxy != NULL)
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 /* Translators: a host name, a proxy's host and port, then the reason */
                 _("%s cannot be reached by the proxy %s: %s. Check the proxy in the system's "
                   "network settings or in https_proxy, then try again."), host, proxy,
                 failure->message);
  else if (failure->domain == G_RESOLVER_ERROR)
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 _("The server %s was not found. Check the network connection."), host);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 /* Translators: a host name, then the reason */
                 _("%s cannot be reached: %s. Check the network connection, then try again."), host,
                 failure->message);
}

/**
 * tvm_exchange_propagate:
 * @self: (inout): an exchange; where no answer came, whether the connection broke is noted
 * @failure: (transfer full): what failed below HTTP
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Turns the failure into words for people.
 */
void
tvm_exchange_propagate (TvmExchange  *self,
                        GError       *failure,
                        GError      **error)
{
  g_autoptr(GError) owned = failure;
  const char *host = g_uri_get_host (soup_message_get_uri (self->message));

  self->is_broken = self->body == NULL && is_broken_connection (owned);
  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&owned));
  else if (self->body != NULL && is_spoiled_body (owned))
    g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                 _("The answer of %s was cut off. Try again later."), host);
  else if (owned->domain == G_TLS_ERROR)
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 /* Translators: a host name, then the reason */
                 _("There is no secure connection to %s, so nothing was sent: %s If a proxy of "
                   "your company inspects connections, its certificate authority must be among "
                   "the system's trusted certificates."), host, owned->message);
  else if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && !is_at_proxy (self))
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 _("%s did not answer in time. Try again later."), host);
  else
    fail_unreachable (self, owned, error);
}

/**
 * tvm_exchange_fail_at_proxy:
 * @self: (inout): an exchange that a proxy answered: nothing has arrived
 * @error: return location for %TVM_ERROR_OFFLINE
 *
 * Whatever the status, it says nothing of what the service has.
 *
 * Returns: %FALSE
 */
gboolean
tvm_exchange_fail_at_proxy (TvmExchange  *self,
                            GError      **error)
{
  g_autofree char *proxy = dup_proxy (self);
  const char *name = proxy != NULL ? proxy : "?";
  const char *host = g_uri_get_host (soup_message_get_uri (self->message));

  self->was_started = FALSE;
  if (self->status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 /* Translators: a proxy's host and port, then the host that was to be reached */
                 _("The proxy %s wants another user name or password (status 407), so nothing was "
                   "sent to %s. Set them in the system's network settings or in https_proxy, then "
                   "try again."), name, host);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 /* Translators: a proxy's host and port, an HTTP status, then the host that was to
                  * be reached */
                 _("The proxy %s makes no connection (status %u), so nothing was sent to %s. Try "
                   "again later; if it stays, ask those who run the proxy to allow this host."),
                 name, self->status, host);
  return FALSE;
}
