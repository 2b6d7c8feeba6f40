/* tvm-team-certificate.c: why a server's certificate will not do. libpq only says that it will not,
 * so the certificate is asked for once more, and nothing but that. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-time.h"

#include <gio/gio.h>

#define TIMEOUT_S 10

/* One that has expired is never taken for good, so it comes this way. */
static gboolean
look_at (GTlsConnection       *connection,
         GTlsCertificate      *certificate,
         GTlsCertificateFlags  errors,
         gpointer              is_expired)
{
  g_autoptr(GDateTime) until = g_tls_certificate_get_not_valid_after (certificate);

  *(gboolean *) is_expired = until != NULL &&
                             g_date_time_to_unix (until) < tvm_now_us () / TVM_SECOND_US;
  return FALSE;
}

/* As PostgreSQL wants it before TLS; 'S' is its yes. */
static gboolean
ask_for_tls (GIOStream *stream)
{
  static const guint8 request[] = { 0, 0, 0, 8, 4, 210, 22, 47 };
  guint8 answer = 0;

  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), request, sizeof request,
                                    NULL, NULL, NULL) &&
         g_input_stream_read (g_io_stream_get_input_stream (stream), &answer, 1, NULL, NULL) == 1 &&
         answer == 'S';
}

static GIOStream *
connect_to (PGconn *connection)
{
  const char *address = PQhostaddr (connection);
  const char *host = address != NULL && *address != '\0' ? address : PQhost (connection);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnectable) place = NULL;
  guint64 port = g_ascii_strtoull (PQport (connection), NULL, 10);

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, TIMEOUT_S);
  if (host == NULL || *host == '\0' || port == 0 || port > G_MAXUINT16)
    return NULL;
  place = g_network_address_new (host, (guint16) port);
  return (GIOStream *) g_socket_client_connect (client, place, NULL, NULL);
}

/**
 * tvm_team_certificate_is_expired:
 * @connection: one that could not be made, because the server's certificate will not do
 *
 * Returns: whether it has expired; %FALSE also where that cannot be told
 */
gboolean
tvm_team_certificate_is_expired (PGconn *connection)
{
  g_autoptr(GIOStream) stream = connect_to (connection);
  g_autoptr(GIOStream) secure = NULL;
  gboolean is_expired = FALSE;

  if (stream == NULL || !ask_for_tls (stream))
    return FALSE;
  secure = g_tls_client_connection_new (stream, NULL, NULL);
  if (secure == NULL)
    return FALSE;
  g_signal_connect (secure, "accept-certificate", G_CALLBACK (look_at), &is_expired);
  g_tls_connection_handshake (G_TLS_CONNECTION (secure), NULL, NULL);
  return is_expired;
}
