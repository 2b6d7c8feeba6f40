/* test-proxy.c: a proxy that wants a password, and addresses that need none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fake-service.h"
#include "tvm-error.h"
#include "tvm-transport-private.h"

#include <string.h>

#define RIGHT "Proxy-Authorization: Basic YW5hOnJpZ2h0"  /* ana:right */
#define REFUSAL "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n" \
  "Content-Length: 0\r\nConnection: close\r\n\r\n"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"

/* It answers one request after the other, each on a connection of its own. */
typedef struct {
  TvmTransport    *transport;
  GSocketListener *listener;
  GThread         *thread;
  GCancellable    *end;
  guint16          port;
  int              n_requests, n_passwords;  /* atomic; the latter told one */
  const char      *no;  /* (nullable): what it says to all, static */
} Proxy;

static void
answer (Proxy *self, GSocketConnection *connection)
{
  g_autoptr(GString) head = g_string_new (NULL);
  char byte;
  const char *text;

  while (strstr (head->str, "\r\n\r\n") == NULL &&
         g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &byte, 1, NULL, NULL) == 1)
    g_string_append_c (head, byte);
  g_atomic_int_inc (&self->n_requests);
  if (strstr (head->str, "Proxy-Authorization:") != NULL)
    g_atomic_int_inc (&self->n_passwords);
  if (g_atomic_int_get (&self->n_requests) > 20)
    g_error ("the proxy is asked for ever");
  text = self->no != NULL ? self->no : strstr (head->str, RIGHT) != NULL ? ANSWER : REFUSAL;
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text), NULL,
                             NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

static gpointer
serve (gpointer data)
{
  Proxy *self = data;

  for (;;)
    {
      g_autoptr(GSocketConnection) connection = g_socket_listener_accept (self->listener, NULL, self->end, NULL);

      if (connection == NULL)
        return NULL;
      answer (self, connection);
    }
}

static void
set_up (Proxy *self, gconstpointer data)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;

  self->listener = g_socket_listener_new ();
  g_assert_true (g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->end = g_cancellable_new ();
  self->thread = g_thread_new ("proxy", serve, self);
  self->transport = tvm_transport_new ();
}

static void
tear_down (Proxy *self, gconstpointer data)
{
  tvm_transport_free (self->transport);
  g_cancellable_cancel (self->end);
  g_thread_join (self->thread);
  g_object_unref (self->end);
  g_object_unref (self->listener);
}

/* Gets a page; returns the status, or 0. */
static guint
fetch (Proxy *self, const char *url, GError **error)
{
  SoupMessage *message = tvm_transport_make_message ("GET", url, NULL);
  TvmExchange exchange;
  guint status;

  status = tvm_exchange_begin (&exchange, self->transport, NULL, message, NULL, error) ? exchange.status : 0;
  tvm_exchange_end (&exchange);
  return status;
}

/* The same by the proxies that the settings tell. */
static guint
get_by (Proxy *self, GProxyResolver *settings, const char *url, GError **error)
{
  tvm_transport_set_proxies (self->transport, settings);
  return fetch (self, url, error);
}

/* The same by our proxy, as whom it takes. */
static guint
get (Proxy *self, const char *who, const char *url, GError **error)
{
  g_autofree char *proxy = g_strdup_printf ("http://%s127.0.0.1:%u", who, self->port);
  g_autoptr(GProxyResolver) settings = g_simple_proxy_resolver_new (proxy, NULL);

  return get_by (self, settings, url, error);
}

/* One refusal ends the call, names the proxy, and tells nobody the password. */
static void
test_refused (Proxy *self, gconstpointer data)
{
  static const char *const urls[] = { "http://192.0.2.1/x", "https://192.0.2.1/x" };
  g_autofree char *name = g_strdup_printf ("127.0.0.1:%u", self->port);

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    for (guint with_password = 0; with_password < 2; with_password++)
      {
        g_autoptr(GError) error = NULL;

        tvm_transport_free (self->transport);
        self->transport = tvm_transport_new ();
        g_atomic_int_set (&self->n_requests, 0);
        g_atomic_int_set (&self->n_passwords, 0);
        g_assert_cmpuint (get (self, with_password ? "ana:secret@" : "", urls[i], &error), ==, 0);
        g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
        g_assert_nonnull (strstr (error->message, name));
        g_assert_nonnull (strstr (error->message, "407"));
        g_assert_null (strstr (error->message, "secret"));
        g_assert_cmpint (g_atomic_int_get (&self->n_requests), ==, 1 + (int) with_password);
        /* Nor does another call: many wrong passwords lock an account. */
        g_assert_cmpuint (fetch (self, urls[i], NULL), ==, 0);
        g_assert_cmpint (g_atomic_int_get (&self->n_passwords), ==, (int) with_password);
      }
}

static void
test_right_password (Proxy *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (get (self, "ana:right@", "http://192.0.2.1/x", &error), ==, 200);
  g_assert_no_error (error);
  g_assert_cmpint (g_atomic_int_get (&self->n_requests), ==, 2);
}

/* It is the proxy that cannot be found or reached, which is named, and not the network. */
static void
test_unreachable (Proxy *self, gconstpointer data)
{
  static const char *const proxies[] = { "http://proxy.invalid:8080", "http://127.0.0.1:1",
                                         "socks5://127.0.0.1:1" };

  for (guint i = 0; i < G_N_ELEMENTS (proxies); i++)
    {
      g_autoptr(GProxyResolver) settings = g_simple_proxy_resolver_new (proxies[i], NULL);
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (get_by (self, settings, "https://service.example/x", &error), ==, 0);
      g_test_message ("%s", error->message);
      g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
      g_assert_nonnull (strstr (error->message, strstr (proxies[i], "//") + 2));
      g_assert_nonnull (strstr (error->message, "service.example"));
    }
}

/* One that takes the connection and says nothing is named, not the service that was never reached. */
static void
test_silent (Proxy *self, gconstpointer data)
{
  static const char *const schemes[] = { "http", "socks5" };
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  tvm_transport_set_limits (self->transport, 1, 1024);
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      g_autofree char *proxy = g_strdup_printf ("%s://127.0.0.1:%u", schemes[i], port);
      g_autoptr(GProxyResolver) settings = g_simple_proxy_resolver_new (proxy, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (get_by (self, settings, "https://192.0.2.1/x", &error), ==, 0);
      g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
      g_assert_nonnull (strstr (error->message, strstr (proxy, "//") + 2));
    }
}

/* Whatever a proxy says that makes no connection: it is named, and none of it is the service's. */
static void
test_no_connection (Proxy *self, gconstpointer data)
{
  static const struct { const char *answer, *status; } all[] = {
    { "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "403" },
    { "HTTP/1.1 404 No such domain\r\nContent-Length: 2\r\n\r\n{}", "404" },
    { "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "401" },
    { "HTTP/1.1 302 Found\r\nLocation: https://192.0.2.1/portal\r\nContent-Length: 0\r\n\r\n", "302" },
    { "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "429" },
    { "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "502" },
    { "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", "503" },
  };
  g_autofree char *name = g_strdup_printf ("127.0.0.1:%u", self->port);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr(GError) error = NULL;

      self->no = all[i].answer;
      g_assert_cmpuint (get (self, "", "https://192.0.2.1/x", &error), ==, 0);
      g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
      g_assert_nonnull (strstr (error->message, name));
      g_assert_nonnull (strstr (error->message, all[i].status));
      g_assert_nonnull (strstr (error->message, "192.0.2.1"));
    }
  g_assert_cmpint (g_atomic_int_get (&self->n_requests), ==, (int) G_N_ELEMENTS (all));
}

/* What stays on this computer goes through no proxy, which would see tokens in clear. */
static void
test_loopback (Proxy *self, gconstpointer data)
{
  g_autoptr(FakeService) service = fake_service_new ();
  const char *port = strrchr (fake_service_get_url (service), ':');
  static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "localhost", "LOCALHOST" };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *url = g_strdup_printf ("http://%s%s/nothing", hosts[i], port);

      get (self, "", url, NULL);
    }
  get (self, "", "http://[::1]:1/nothing", NULL);
  g_assert_cmpint (g_atomic_int_get (&self->n_requests), ==, 0);
  g_assert_cmpuint (fake_service_count (service, "/nothing"), >=, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/client/proxy/refused", Proxy, NULL, set_up, test_refused, tear_down);
  g_test_add ("/client/proxy/right-password", Proxy, NULL, set_up, test_right_password, tear_down);
  g_test_add ("/client/proxy/unreachable", Proxy, NULL, set_up, test_unreachable, tear_down);
  g_test_add ("/client/proxy/silent", Proxy, NULL, set_up, test_silent, tear_down);
  g_test_add ("/client/proxy/no-connection", Proxy, NULL, set_up, test_no_connection, tear_down);
  g_test_add ("/client/proxy/loopback", Proxy, NULL, set_up, test_loopback, tear_down);
  return g_test_run ();
}
