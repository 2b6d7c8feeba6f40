/* tvm-demo-break.c: connections that are broken off, held back or never end. The server's thread
 * only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include <sys/socket.h>

/* What is done to a connection from the main loop, once libsoup is through with the request's
 * handler. */
typedef struct
{
  TvmDemoTenant     *tenant;   /* borrowed */
  SoupServerMessage *message;
  GBytes            *bytes;    /* (nullable) to send before */
  guint              delay_ms;
} Breaking;

static gboolean
break_off_cb (gpointer user_data)
{
  Breaking *breaking = user_data;
  g_autoptr(GSocket) socket = soup_server_message_get_socket (breaking->message);
  g_autoptr(GIOStream) stream = NULL;
  struct linger abort_it = { 1, 0 };

  if (socket != NULL)
    g_object_ref (socket);
  stream = soup_server_message_steal_connection (breaking->message);
  if (stream != NULL && breaking->bytes != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                               g_bytes_get_data (breaking->bytes, NULL),
                               g_bytes_get_size (breaking->bytes), NULL, NULL, NULL);
  else if (socket != NULL) /* closing then resets the connection */
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &abort_it, sizeof abort_it);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
breaking_free (gpointer user_data)
{
  Breaking *breaking = user_data;

  g_object_unref (breaking->message);
  g_clear_pointer (&breaking->bytes, g_bytes_unref);
  g_free (breaking);
}

static gboolean
unpause_cb (gpointer user_data)
{
  soup_server_message_unpause (((Breaking *) user_data)->message);
  return G_SOURCE_REMOVE;
}

/* @source: (transfer full): when; @bytes: (transfer full) (nullable) */
static Breaking *
pause_and (TvmDemoExchange *ex,
           GSource         *source,
           GSourceFunc      callback,
           GBytes          *bytes)
{
  Breaking *breaking = g_new0 (Breaking, 1);

  breaking->tenant = ex->tenant;
  breaking->message = g_object_ref (ex->message);
  breaking->bytes = bytes;
  soup_server_message_pause (ex->message);
  g_source_set_callback (source, callback, breaking, breaking_free);
  g_source_attach (source, ex->tenant->context);
  g_source_unref (source);
  return breaking;
}

/**
 * tvm_demo_break_cut:
 * @ex: an exchange whose answer was made
 *
 * Sends half of the reply under the length of the whole, then closes the connection.
 */
void
tvm_demo_break_cut (TvmDemoExchange *ex)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_printf (
    text, "HTTP/1.1 %u OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
    ex->status, ex->content_type, MAX (ex->reply->len, 2));
  g_string_append_len (text, ex->reply->str, ex->reply->len / 2);
  pause_and (ex, g_idle_source_new (), break_off_cb, g_bytes_new (text->str, text->len));
}

/**
 * tvm_demo_break_reset:
 * @ex: an exchange
 *
 * Resets the connection instead of an answer.
 */
void
tvm_demo_break_reset (TvmDemoExchange *ex)
{
  pause_and (ex, g_idle_source_new (), break_off_cb, NULL);
}

/**
 * tvm_demo_break_delay:
 * @ex: an exchange whose answer was made
 * @delay_ms: how long to hold it back
 */
void
tvm_demo_break_delay (TvmDemoExchange *ex,
                      guint            delay_ms)
{
  pause_and (ex, g_timeout_source_new (delay_ms), unpause_cb, NULL);
}

static void
append_rows_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr(GString) rows = g_string_new (NULL);

  while (rows->len < 64 * 1024)
    g_string_append (rows, "{\"id\":\"endless\",\"deviceId\":\"endless\"},");
  soup_message_body_append (body, SOUP_MEMORY_COPY, rows->str, rows->len);
}

/**
 * tvm_demo_break_endless:
 * @ex: an exchange
 *
 * Answers with rows as long as somebody reads them.
 */
void
tvm_demo_break_endless (TvmDemoExchange *ex)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (ex->message);
  SoupMessageBody *body = soup_server_message_get_response_body (ex->message);

  soup_server_message_set_status (ex->message, 200, NULL);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "{\"value\":[", 10);
  g_signal_connect (ex->message, "wrote-chunk", G_CALLBACK (append_rows_cb), NULL);
}

static gboolean
listen_again_cb (gpointer user_data)
{
  tvm_demo_tenant_open_port (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
close_port_cb (gpointer user_data)
{
  Breaking *breaking = user_data;
  g_autoptr(GSource) later = g_timeout_source_new (breaking->delay_ms);

  break_off_cb (breaking);
  soup_server_disconnect (breaking->tenant->server);
  g_source_set_callback (later, listen_again_cb, breaking->tenant, NULL);
  g_source_attach (later, breaking->tenant->context);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_demo_break_refuse:
 * @ex: an exchange
 * @delay_ms: how long nobody is answered
 *
 * Resets the connection, and closes the port for a while.
 */
void
tvm_demo_break_refuse (TvmDemoExchange *ex,
                       guint            delay_ms)
{
  pause_and (ex, g_idle_source_new (), close_port_cb, NULL)->delay_ms = delay_ms;
}

