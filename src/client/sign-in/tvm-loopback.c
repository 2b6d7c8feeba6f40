/* tvm-loopback.c: waits on a loopback port for the browser to come back, once. One thread, which
 * polls: a connection that says nothing (browsers open some ahead) holds up no other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-loopback-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define N_LISTENERS    2  /* 127.0.0.1 and ::1: a browser may take “localhost” for either */
#define MAX_VISITORS   16
#define MAX_HEAD_BYTES (32 * 1024)
#define MAX_PORTS      20
#define SEND_TIMEOUT_S 5

typedef struct {
  GSocket *socket;  /* (owned) */
  GString *head;    /* (owned): what it said so far */
} Visitor;

struct _TvmLoopback
{
  GSocket   *listeners[N_LISTENERS];  /* (owned) (nullable) */
  GPtrArray *visitors;                /* of Visitor (owned), the oldest first */
  Visitor   *waiting;                 /* (owned) (nullable): came back, and has no page yet */
  guint16    port;
};

static void
visitor_free (gpointer data)
{
  Visitor *self = data;

  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  explicit_bzero (self->head->str, self->head->len);
  g_string_free (self->head, TRUE);
  g_free (self);
}

static GSocket *
listen_on (GSocketFamily   family,
           guint16         port,
           GError        **error)
{
  g_autoptr(GSocket) socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                            error);
  g_autoptr(GInetAddress) host = g_inet_address_new_loopback (family);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (host, port);

  if (socket == NULL || !g_socket_bind (socket, address, FALSE, error) ||
      !g_socket_listen (socket, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static guint16
get_local_port (GSocket  *socket,
                GError  **error)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (socket, error);

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

/* FALSE without an error: another program has the port on ::1. */
static gboolean
try_port (TvmLoopback  *self,
          GError      **error)
{
  g_autoptr(GError) failure = NULL;

  g_clear_object (&self->listeners[0]);
  self->listeners[0] = listen_on (G_SOCKET_FAMILY_IPV4, 0, error);
  self->port = self->listeners[0] != NULL ? get_local_port (self->listeners[0], error) : 0;
  if (self->port == 0)
    return FALSE;
  self->listeners[1] = listen_on (G_SOCKET_FAMILY_IPV6, self->port, &failure);
  return !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

/**
 * tvm_loopback_new:
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): a listener on a free port of the loopback addresses, and of
 *   no other; %NULL with %TVM_ERROR_FAILED
 */
TvmLoopback *
tvm_loopback_new (GError **error)
{
  TvmLoopback *self = g_new0 (TvmLoopback, 1);
  g_autoptr(GError) failure = NULL;

  self->visitors = g_ptr_array_new_with_free_func (visitor_free);
  for (int i = 0; i < MAX_PORTS && failure == NULL; i++)
    if (try_port (self, &failure))
      return self;
  g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
               /* Translators: %s is the system's reason. */
               _("The browser cannot come back to this program (%s). Sign in with a code instead."),
               failure != NULL ? failure->message : "localhost");
  tvm_loopback_free (self);
  return NULL;
}

static void
stop_listening (TvmLoopback *self)
{
  for (guint i = 0; i < N_LISTENERS; i++)
    if (self->listeners[i] != NULL)
      g_socket_close (self->listeners[i], NULL);
  for (guint i = 0; i < N_LISTENERS; i++)
    g_clear_object (&self->listeners[i]);
  g_ptr_array_set_size (self->visitors, 0);
}

/**
 * tvm_loopback_free:
 * @self: (nullable) (transfer full): a listener
 */
void
tvm_loopback_free (TvmLoopback *self)
{
  if (self == NULL)
    return;
  stop_listening (self);
  g_clear_pointer (&self->waiting, visitor_free);
  g_ptr_array_unref (self->visitors);
  g_free (self);
}

/**
 * tvm_loopback_get_port:
 * @self: a listener
 *
 * Returns: its TCP port, the same on 127.0.0.1 and ::1
 */
guint16
tvm_loopback_get_port (TvmLoopback *self)
{
  return self->port;
}

static void
send_page (Visitor    *visitor,
           const char *status,
           const char *title,
           const char *text)
{
  g_autofree char *page = NULL;
  g_autofree char *all = NULL;
  gsize sent = 0, size_bytes;

  page = g_markup_printf_escaped (
    "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><title>%s</title><style>:root{color-scheme:light dark}"
    "body{font-family:sans-serif;text-align:center;margin:15vh "
    "1.5em;line-height:1.5}</style></head>"
    "<body><main><h1>%s</h1><p>%s</p></main></body></html>\n",
    /* Translators: the language of this translation as in HTML: de, fr, ja, sv, zh-TW. */
    _("en"), title, title, text);
  all = g_strdup_printf (
    "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
    "Content-Length: %" G_GSIZE_FORMAT "\r\nCache-Control: no-store\r\n"
    "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
    "Connection: close\r\n\r\n%s",
    status, strlen (page), page);
  size_bytes = strlen (all);
  g_socket_set_blocking (visitor->socket, TRUE);
  g_socket_set_timeout (visitor->socket, SEND_TIMEOUT_S);
  while (sent < size_bytes)
    {
      gssize n = g_socket_send (visitor->socket, all + sent, size_bytes - sent, NULL, NULL);

      if (n <= 0)
        return;
      sent += n;
    }
  g_socket_shutdown (visitor->socket, FALSE, TRUE, NULL);
}

/* The query of "GET /?... HTTP/1.x" where it is the answer that is waited for. */
static GHashTable *
read_answer (const char *head,
             const char *state)
{
  g_autoptr(GHashTable) query = NULL;
  g_autofree char *text = NULL;
  const char *end = strstr (head, " HTTP/1.");
  const char *code;

  if (!g_str_has_prefix (head, "GET /?") || end == NULL || end > head + strcspn (head, "\r\n"))
    return NULL;
  text = g_strndup (head + strlen ("GET /?"), end - head - strlen ("GET /?"));
  query = soup_form_decode (text);
  code = g_hash_table_lookup (query, "code");
  if (g_strcmp0 (g_hash_table_lookup (query, "state"), state) != 0 ||
      (!g_hash_table_contains (query, "error") && (code == NULL || *code == '\0')))
    return NULL;
  return g_steal_pointer (&query);
}

/* Reads what a visitor says; whoever says anything but the answer gets a page and has to go. */
static GHashTable *
hear_visitor (TvmLoopback *self,
              guint        index,
              const char  *state)
{
  Visitor *visitor = g_ptr_array_index (self->visitors, index);
  g_autoptr(GError) error = NULL;
  GHashTable *query = NULL;
  char buffer[4096];
  gssize n = g_socket_receive (visitor->socket, buffer, sizeof buffer, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return NULL;
  if (n > 0)
    {
      g_string_append_len (visitor->head, buffer, n);
      explicit_bzero (buffer, n);
      if (visitor->head->len <= MAX_HEAD_BYTES && strstr (visitor->head->str, "\r\n\r\n") == NULL)
        return NULL;
      query = read_answer (visitor->head->str, state);
      if (query == NULL)
        send_page (visitor, "400 Bad Request", _("This is not the running sign-in"),
                   _("Go back to TVM Remediate and start the sign-in again."));
    }
  if (query != NULL)
    self->waiting = g_ptr_array_steal_index (self->visitors, index);
  else
    g_ptr_array_remove_index (self->visitors, index);
  return query;
}

static void
accept_visitor (TvmLoopback *self,
                GSocket     *listener)
{
  GSocket *socket = g_socket_accept (listener, NULL, NULL);
  Visitor *visitor;

  if (socket == NULL)
    return;
  if (self->visitors->len == MAX_VISITORS)
    g_ptr_array_remove_index (self->visitors, 0);
  g_socket_set_blocking (socket, FALSE);
  visitor = g_new0 (Visitor, 1);
  visitor->socket = socket;
  visitor->head = g_string_new (NULL);
  g_ptr_array_add (self->visitors, visitor);
}

/* One look at all sockets, until something happens or the time is over. */
static GHashTable *
look (TvmLoopback *self,
      const char  *state,
      GPollFD     *cancel_fd,
      int          timeout_ms)
{
  GPollFD fds[1 + N_LISTENERS + MAX_VISITORS];
  guint n_visitors = self->visitors->len;
  GHashTable *query = NULL;

  fds[0] = *cancel_fd;
  for (guint i = 0; i < N_LISTENERS; i++)
    fds[1 + i] = (GPollFD) { self->listeners[i] != NULL ? g_socket_get_fd (self->listeners[i]) : -1,
                             G_IO_IN, 0 };
  for (guint i = 0; i < n_visitors; i++)
    {
      Visitor *visitor = g_ptr_array_index (self->visitors, i);

      fds[1 + N_LISTENERS + i] = (GPollFD) { g_socket_get_fd (visitor->socket), G_IO_IN, 0 };
    }
  if (g_poll (fds, 1 + N_LISTENERS + n_visitors, timeout_ms) <= 0)
    return NULL;
  for (guint i = n_visitors; i > 0 && query == NULL; i--)
    if (fds[N_LISTENERS + i].revents != 0)
      query = hear_visitor (self, i - 1, state);
  for (guint i = 0; i < N_LISTENERS && query == NULL; i++)
    if (fds[1 + i].revents != 0)
      accept_visitor (self, self->listeners[i]);
  return query;
}

/**
 * tvm_loopback_wait:
 * @self: a listener that did not wait yet
 * @state: what tells the answer from what others send
 * @timeout_us: how long to wait, in microseconds
 * @cancellable: (nullable): stops the wait
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Waits for the browser to come back with @state and stops listening then. Blocks.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): the query, which has a "code" or an
 *   "error"; %NULL with %TVM_ERROR_AUTH_DECLINED when the time was over, or %G_IO_ERROR_CANCELLED
 */
GHashTable *
tvm_loopback_wait (TvmLoopback   *self,
                   const char    *state,
                   gint64         timeout_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  gint64 until_us = g_get_monotonic_time () + timeout_us;
  gint64 left_us = timeout_us;
  GPollFD cancel_fd = { -1, 0, 0 };
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &cancel_fd);
  GHashTable *query = NULL;

  while (query == NULL && left_us > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      query = look (self, state, &cancel_fd, (int) MIN (left_us / 1000 + 1, 60 * 1000));
      left_us = until_us - g_get_monotonic_time ();
    }
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  stop_listening (self);
  if (query == NULL && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                         _("Nobody signed in in the browser in time. Start the sign-in again."));
  return query;
}

/**
 * tvm_loopback_answer:
 * @self: a listener that waited
 * @failure: (nullable): why the sign-in did not work
 *
 * Gives the browser its last page; does nothing where it did not come back.
 */
void
tvm_loopback_answer (TvmLoopback  *self,
                     const GError *failure)
{
  if (self->waiting == NULL)
    return;
  if (failure == NULL)
    send_page (self->waiting, "200 OK", _("You are signed in"),
               _("You can close this page and go back to TVM Remediate."));
  else
    send_page (self->waiting, "200 OK", _("Sign-in did not work"), failure->message);
  g_clear_pointer (&self->waiting, visitor_free);
}
