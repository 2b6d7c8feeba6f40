/* test-transport.c: connections, certificates, compression, limits and the log, against a server of our
 * own. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-error.h"
#include "tvm-time.h"
#include "tvm-transport-private.h"

#include <string.h>

#ifdef __SANITIZE_ADDRESS__
/* The leak sanitizer itself fails once the TLS library is loaded. Leaks of the transport show in the
 * other tests of the client. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif

#define PLAIN "{\"score\":5}"
#define LARGE (4 * 1024 * 1024)
#define N_CLOSED 2000
#define CLOSED_TIMEOUT_S 120

typedef struct {
  TvmTransport *transport;
  SoupServer   *server;
  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
  GMutex        mutex;
  GCond         cond;
  gboolean      is_tls;
  int           port;         /* guarded by the mutex, as is what follows */
  int           n_requests;
  guint         client_ports[2];
  char         *user_agent, *accept_encoding;
} Server;

/* /plain, /gzip (the same compressed), /bomb (much compressed into little) */
static void
request_received_cb (SoupServer        *server,
                     SoupServerMessage *message,
                     const char        *path,
                     GHashTable        *query,
                     gpointer           user_data)
{
  Server *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GInetSocketAddress *address = G_INET_SOCKET_ADDRESS (soup_server_message_get_remote_address (message));
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  gsize size = strcmp (path, "/bomb") == 0 ? LARGE : strlen (PLAIN), n_read = 0, n_written = 0;
  g_autofree char *text = size == LARGE ? g_strnfill (LARGE, ' ') : g_strdup (PLAIN);
  g_autofree char *packed = g_malloc (size + 1024);

  g_mutex_lock (&self->mutex);
  self->client_ports[self->n_requests++ % 2] = g_inet_socket_address_get_port (address);
  g_free (self->user_agent);
  g_free (self->accept_encoding);
  self->user_agent = g_strdup (soup_message_headers_get_one (headers, "User-Agent"));
  self->accept_encoding = g_strdup (soup_message_headers_get_list (headers, "Accept-Encoding"));
  g_mutex_unlock (&self->mutex);
  soup_server_message_set_status (message, 200, NULL);
  if (strcmp (path, "/plain") == 0)
    {
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, PLAIN, strlen (PLAIN));
      return;
    }
  g_converter_convert (G_CONVERTER (compressor), text, size, packed, size + 1024, G_CONVERTER_INPUT_AT_END,
                       &n_read, &n_written, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Encoding", "gzip");
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, packed, n_written);
}

static char *
get_certificate_path (void)
{
  return g_test_build_filename (G_TEST_DIST, "..", "data", "localhost.pem", NULL);
}

static gpointer
serve (gpointer data)
{
  Server *self = data;
  g_autofree char *path = get_certificate_path ();
  g_autoptr(GTlsCertificate) certificate = self->is_tls ? g_tls_certificate_new_from_file (path, NULL) : NULL;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, request_received_cb, self, NULL);
  g_assert_true (soup_server_listen_local (self->server, 0,
                                           SOUP_SERVER_LISTEN_IPV4_ONLY |
                                           (self->is_tls ? SOUP_SERVER_LISTEN_HTTPS : 0), NULL));
  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->mutex);
  self->port = g_uri_get_port (uris->data);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (self->loop);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
set_up (Server *self, gconstpointer is_tls)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->transport = tvm_transport_new ();
  self->is_tls = is_tls != NULL;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("server", serve, self);
  g_mutex_lock (&self->mutex);
  while (self->port == 0)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
tear_down (Server *self, gconstpointer is_tls)
{
  tvm_transport_free (self->transport);
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->user_agent);
  g_free (self->accept_encoding);
}

/* Returns: (transfer full) (nullable): the whole answer */
static char *
get (Server *self, const char *host, const char *path, gboolean *out_broken,
     GError **error)
{
  g_autofree char *url = g_strdup_printf ("%s://%s:%d%s", self->is_tls ? "https" : "http", host, self->port, path);
  SoupMessage *message = tvm_transport_make_message ("GET", url, NULL);
  TvmExchange exchange;
  GString *all = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", "Bearer top-secret-1");
  if (tvm_exchange_begin (&exchange, self->transport, NULL, message, NULL, error))
    all = tvm_exchange_read_all (&exchange, 16 * LARGE, NULL, error);
  if (out_broken != NULL)
    *out_broken = exchange.is_broken;
  tvm_exchange_end (&exchange);
  return all != NULL ? g_string_free (all, FALSE) : NULL;
}

/* One connection serves several requests; who we are and what we understand is said. */
static void
test_connection (Server *self, gconstpointer is_tls)
{
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = get (self, "127.0.0.1", i == 0 ? "/plain" : "/gzip", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, PLAIN);
    }
  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (self->client_ports[0], ==, self->client_ports[1]);
  g_assert_cmpstr (self->user_agent, ==, "tvm-remediate/" TVM_VERSION);
  g_assert_nonnull (strstr (self->accept_encoding, "gzip"));
  g_mutex_unlock (&self->mutex);
}

/* What counts is how large an answer becomes. */
static void
test_bomb (Server *self, gconstpointer is_tls)
{
  g_autoptr(GError) error = NULL;

  tvm_transport_set_limits (self->transport, 10, 256 * 1024);
  g_assert_null (get (self, "127.0.0.1", "/bomb", NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
  g_assert_nonnull (strstr (error->message, "too large"));
}

/* Answers one request on each connection and closes it some microseconds later: before, while or
 * after the client looks for a connection for its next request. */
static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  static int n_answers;  /* atomic */
  gint64 close_us;
  char request[4096];

  if (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), request, sizeof request, NULL,
                           NULL) > 0)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer, strlen (answer),
                               NULL, NULL, NULL);
  close_us = g_get_monotonic_time () + g_atomic_int_add (&n_answers, 1) % 250;
  while (g_get_monotonic_time () < close_us)
    ;
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return TRUE;
}

static gpointer
ask_often (gpointer data)
{
  Server *self = data;

  for (int i = 0; i < N_CLOSED; i++)
    {
      g_autofree char *text = get (self, "127.0.0.1", "/", NULL, NULL);

      self->n_requests += text != NULL ? 1 : 0;
    }
  g_main_loop_quit (self->loop);
  return NULL;
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("A request waits for ever.");
  return G_SOURCE_REMOVE;
}

/* A kept connection that ends at the wrong moment does not let the next request wait for ever. */
static void
test_closed_connections (void)
{
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (4);
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Server self = { .transport = tvm_transport_new (), .loop = loop };
  guint too_late = g_timeout_add_seconds (CLOSED_TIMEOUT_S, too_late_cb, NULL);
  GThread *asking;

  self.port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_signal_connect (service, "run", G_CALLBACK (run_cb), NULL);
  asking = g_thread_new ("asking", ask_often, &self);
  g_main_loop_run (loop);
  g_thread_join (asking);
  g_assert_cmpint (self.n_requests, >, N_CLOSED / 2);
  g_source_remove (too_late);
  g_socket_service_stop (service);
  tvm_transport_free (self.transport);
}

/* A byte of the head each tenth of a second, for ever. */
static gboolean
drip_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  const char *text = "HTTP/1.1 200 OK\r\nX-Slow: ";
  gboolean is_read = TRUE;
  GMutex mutex;
  GCond never;

  g_mutex_init (&mutex);
  g_cond_init (&never);
  g_mutex_lock (&mutex);
  while (is_read)
    {
      gint64 until_us = g_get_monotonic_time () + TVM_SECOND_US / 10;

      is_read = g_output_stream_write_all (out, *text != '\0' ? text : "x", 1, NULL, NULL, NULL);
      text += *text != '\0' ? 1 : 0;
      while (g_cond_wait_until (&never, &mutex, until_us))
        ;
    }
  g_mutex_unlock (&mutex);
  g_cond_clear (&never);
  g_mutex_clear (&mutex);
  return TRUE;
}

static gpointer
ask_once (gpointer data)
{
  Server *self = data;
  GError *error = NULL;
  g_autofree char *text = get (self, "127.0.0.1", "/", NULL, &error);

  g_main_loop_quit (self->loop);
  return error;
}

/* Something comes all the time, and never the end of the head. */
static void
test_dripping_head (void)
{
  g_autoptr(GSocketService) service = g_threaded_socket_service_new (1);
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Server self = { .transport = tvm_transport_new (), .loop = loop };
  gint64 begun_us = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  GThread *asking;

  self.port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_signal_connect (service, "run", G_CALLBACK (drip_cb), NULL);
  tvm_transport_set_limits (self.transport, 1, LARGE);
  asking = g_thread_new ("asking", ask_once, &self);
  g_main_loop_run (loop);
  error = g_thread_join (asking);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_nonnull (strstr (error->message, "in time"));
  g_assert_cmpint (g_get_monotonic_time () - begun_us, >=, 3 * TVM_SECOND_US);
  g_socket_service_stop (service);
  tvm_transport_free (self.transport);
}

static gboolean
has_tls (void)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return TRUE;
  g_test_skip ("GLib has no TLS here");
  return FALSE;
}

static void
assert_refused (Server *self, const char *host)
{
  g_autoptr(GError) error = NULL;
  gboolean is_broken = TRUE;

  g_assert_null (get (self, host, "/plain", &is_broken, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_nonnull (strstr (error->message, "no secure connection"));
  g_assert_nonnull (strstr (error->message, "trusted certificates"));
  g_assert_false (is_broken);  /* final: it is not tried again */
  g_assert_cmpint (g_atomic_int_get (&self->n_requests), ==, 0);
}

/* Counts who says something once the connection is secure. (A server of libsoup 3.6 that is freed
 * while somebody refuses its certificate calls itself when it is gone.) */
static gboolean
secure_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  Server *self = user_data;
  g_autofree char *path = get_certificate_path ();
  g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, NULL);
  g_autoptr(GIOStream) secure = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL);
  char first;

  g_assert_nonnull (secure);
  if (g_input_stream_read (g_io_stream_get_input_stream (secure), &first, 1, NULL, NULL) > 0)
    g_atomic_int_inc (&self->n_requests);
  return TRUE;
}

static GTlsDatabase *
load_trust (void)
{
  g_autofree char *path = get_certificate_path ();
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr(GError) error = NULL;
  GTlsDatabase *trust = g_tls_file_database_new (absolute, &error);

  g_assert_no_error (error);
  return trust;
}

static gpointer
be_refused (gpointer data)
{
  Server *self = data;
  g_autoptr(GTlsDatabase) trust = load_trust ();

  assert_refused (self, "localhost");
  tvm_transport_set_trust (self->transport, trust);
  assert_refused (self, "127.0.0.1");
  g_main_loop_quit (self->loop);
  return NULL;
}

/* A certificate that nobody vouches for, or not for this name, gets no request, and so no token. */
static void
test_unknown_certificate (void)
{
  g_autoptr(GSocketService) service = NULL;
  g_autoptr(GMainLoop) loop = NULL;
  Server self = { .is_tls = TRUE };
  GThread *asking;

  if (!has_tls ())
    return;
  service = g_threaded_socket_service_new (2);
  self.loop = loop = g_main_loop_new (NULL, FALSE);
  self.transport = tvm_transport_new ();
  self.port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_signal_connect (service, "run", G_CALLBACK (secure_cb), &self);
  asking = g_thread_new ("asking", be_refused, &self);
  g_main_loop_run (loop);
  g_thread_join (asking);
  g_socket_service_stop (service);
  tvm_transport_free (self.transport);
}

/* What an administrator trusts is trusted. */
static void
test_trusted_certificate (Server *self, gconstpointer is_tls)
{
  g_autoptr(GTlsDatabase) trust = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (!has_tls ())
    return;
  trust = load_trust ();
  tvm_transport_set_trust (self->transport, trust);
  text = get (self, "localhost", "/gzip", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, PLAIN);
}

static void
test_log_child (void)
{
  Server self = { .transport = NULL };
  g_autofree char *text = NULL;

  g_setenv ("TVM_DEBUG", "http", TRUE);
  set_up (&self, NULL);
  text = get (&self, "127.0.0.1", "/plain?sig=top-secret-2", NULL, NULL);
  tear_down (&self, NULL);
}

/* One line for each exchange, without token and query. */
static void
test_log (void)
{
  g_test_trap_subprocess ("/client/transport/log/subprocess", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*http: GET /plain 200 11 B * ms*");
  g_test_trap_assert_stderr_unmatched ("*top-secret*");
}

int
main (int argc, char *argv[])
{
  gconstpointer tls = "tls";

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/client/transport/connection", Server, NULL, set_up, test_connection, tear_down);
  g_test_add ("/client/transport/bomb", Server, NULL, set_up, test_bomb, tear_down);
  g_test_add_func ("/client/transport/closed-connections", test_closed_connections);
  g_test_add_func ("/client/transport/dripping-head", test_dripping_head);
  g_test_add_func ("/client/transport/unknown-certificate", test_unknown_certificate);
  g_test_add ("/client/transport/trusted-certificate", Server, tls, set_up, test_trusted_certificate, tear_down);
  g_test_add_func ("/client/transport/log/subprocess", test_log_child);
  g_test_add_func ("/client/transport/log", test_log);
  return g_test_run ();
}
