/* tvm-transport.c: the pool of SoupSessions, one exchange at a time, and waits. Any thread; one
 * thread uses a session at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-transport-private.h"
#include "tvm-deadline-private.h"
#include "tvm-error.h"
#include "tvm-proxy-private.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TIMEOUT_S       60   /* to connect, and between two pieces of an answer */
#define MAX_HEAD        3    /* times that, an answer's head with the connection before it */
#define MAX_IN_FLIGHT   4
#define IDLE_TIMEOUT_S  60   /* of a kept connection */
#define MAX_ANSWER_US   TVM_HOUR_US
#define STACK_BYTES     (64 * 1024)

struct _TvmTransport
{
  GMutex          mutex;
  GQueue          idle;          /* of SoupSession (owned); guarded by the mutex */
  int             n_lent;        /* sessions in use; guarded by the mutex */
  GCond           returned;
  int             wait_divisor;  /* atomic; 1 but in tests */
  guint           timeout_s;     /* changed only while there is no exchange, as are the next two */
  gsize           max_bytes;     /* of an answer, unpacked */
  GTlsDatabase   *trust;         /* (owned) (nullable): NULL: the system's store */
  TvmWaitFunc     wait_func;     /* (nullable): as before */
  gpointer        wait_data;     /* given to it */
  TvmProxy       *proxy;         /* (owned): by which way the sessions go out */
};

/**
 * tvm_transport_new:
 * Returns: (transfer full): a pool without connections
 */
TvmTransport *
tvm_transport_new (void)
{
  TvmTransport *self = g_new0 (TvmTransport, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->returned);
  g_queue_init (&self->idle);
  self->wait_divisor = 1;
  self->timeout_s = TIMEOUT_S;
  self->max_bytes = TVM_ANSWER_MAX_BYTES;
  self->proxy = tvm_proxy_new (g_proxy_resolver_get_default ());
  return self;
}

/**
 * tvm_transport_free:
 * @self: (transfer full): a pool; no exchange may be under way
 */
void
tvm_transport_free (TvmTransport *self)
{
  g_queue_clear_full (&self->idle, g_object_unref);
  g_cond_clear (&self->returned);
  g_mutex_clear (&self->mutex);
  g_clear_object (&self->trust);
  g_object_unref (self->proxy);
  g_free (self);
}

/**
 * tvm_transport_set_limits:
 * @self: a pool
 * @timeout_s: how long to wait for a connection, and for the next piece of an answer, in seconds
 * @max_bytes: how large an unpacked answer may be
 *
 * While no exchange is under way. Kept connections are closed.
 */
void
tvm_transport_set_limits (TvmTransport *self,
                          guint         timeout_s,
                          gsize         max_bytes)
{
  g_queue_clear_full (&self->idle, g_object_unref);
  self->timeout_s = timeout_s;
  self->max_bytes = max_bytes;
}

/**
 * tvm_transport_set_trust:
 * @self: a pool
 * @trust: whose certificates to accept in place of the system's store
 *
 * For tests; before the first exchange. There is no way to accept any certificate.
 */
void
tvm_transport_set_trust (TvmTransport *self,
                         GTlsDatabase *trust)
{
  g_set_object (&self->trust, trust);
}

/**
 * tvm_transport_set_proxies:
 * @self: a pool
 * @resolver: what tells the proxies in place of the system's settings
 *
 * For tests; before the first exchange.
 */
void
tvm_transport_set_proxies (TvmTransport   *self,
                           GProxyResolver *resolver)
{
  g_object_unref (self->proxy);
  self->proxy = tvm_proxy_new (resolver);
}

/**
 * tvm_transport_set_wait_func:
 * @self: a pool
 * @func: (nullable): is told when a wait ends that a service asked for, and 0 when it did; on the
 *   thread that waits
 * @user_data: for @func
 *
 * Before the first exchange.
 */
void
tvm_transport_set_wait_func (TvmTransport *self,
                             TvmWaitFunc   func,
                             gpointer      user_data)
{
  self->wait_func = func;
  self->wait_data = user_data;
}

/**
 * tvm_transport_set_wait_divisor:
 * @self: a pool
 * @divisor: waits last 1/@divisor of what was told; 0 counts as 1
 *
 * For tests; at any time.
 */
void
tvm_transport_set_wait_divisor (TvmTransport *self,
                                guint         divisor)
{
  g_atomic_int_set (&self->wait_divisor, (int) MAX (divisor, 1));
}

/**
 * tvm_transport_get_wait_divisor:
 * @self: a pool
 *
 * Returns: what waits are divided by: 1 but in tests
 */
guint
tvm_transport_get_wait_divisor (TvmTransport *self)
{
  return (guint) g_atomic_int_get (&self->wait_divisor);
}

/**
 * tvm_transport_borrow:
 * @self: the pool
 *
 * Waits while the most calls are in flight; each ends at its time-out at the latest.
 *
 * Returns: (transfer full): a session for one call: for tvm_exchange_begin(), or to be given back
 */
SoupSession *
tvm_transport_borrow (TvmTransport *self)
{
  SoupSession *session;

  g_mutex_lock (&self->mutex);
  while (self->n_lent >= MAX_IN_FLIGHT)
    g_cond_wait (&self->returned, &self->mutex);
  self->n_lent++;
  session = g_queue_pop_head (&self->idle);
  g_mutex_unlock (&self->mutex);
  if (session == NULL)
    {
      /* One connection each. That is said by max-conns alone: where max-conns-per-host is reached,
       * libsoup 3.2 waits for ever for a kept connection that was closed meanwhile. */
      session = soup_session_new_with_options ("timeout", self->timeout_s,
                                               "idle-timeout", IDLE_TIMEOUT_S,
                                               "user-agent", "tvm-remediate/" TVM_VERSION,
                                               "max-conns", 1, "max-conns-per-host", 2, NULL);
      if (self->trust != NULL)
        soup_session_set_tls_database (session, self->trust);
      tvm_proxy_attach (self->proxy, session);
    }
  return session;
}

/**
 * tvm_transport_give_back:
 * @self: the pool
 * @session: (transfer full): what was borrowed from it
 */
void
tvm_transport_give_back (TvmTransport *self,
                         SoupSession  *session)
{
  g_mutex_lock (&self->mutex);
  g_queue_push_head (&self->idle, session);
  self->n_lent--;
  g_cond_signal (&self->returned);
  g_mutex_unlock (&self->mutex);
}

/**
 * tvm_transport_make_message:
 * @method: an HTTP method
 * @url: an absolute http or https URL
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): a message that does not follow redirects, or %NULL with
 *   %TVM_ERROR_BAD_RESPONSE when @url is none
 */
SoupMessage *
tvm_transport_make_message (const char  *method,
                            const char  *url,
                            GError     **error)
{
  SoupMessage *message = soup_message_new (method, url);

  if (message == NULL)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                         _("The service named an address that is not valid."));
  else
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  return message;
}

static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  *(gboolean *) user_data = TRUE;
}

/**
 * tvm_transport_dup_proxy_name:
 * @self: a transport
 * @uri: where a connection goes
 *
 * Returns: (transfer full) (nullable): host and port of the proxy by which it goes; %NULL: none
 */
char *
tvm_transport_dup_proxy_name (TvmTransport *self,
                              GUri         *uri)
{
  return tvm_proxy_dup_name (self->proxy, uri);
}

/**
 * tvm_exchange_begin:
 * @self: (out caller-allocates): the exchange; give it to tvm_exchange_end() in any case
 * @transport: the pool
 * @session: (transfer full) (nullable): borrowed from it; %NULL for the next that is free
 * @message: (transfer full): what to send
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Waits for a free session of the pool, which cancelling does not shorten, sends a request and
 * reads the answer's head. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_OFFLINE or %G_IO_ERROR_CANCELLED where no answer came, also where
 *   a proxy refused; an answer of any status is %TRUE
 */
gboolean
tvm_exchange_begin (TvmExchange   *self,
                    TvmTransport  *transport,
                    SoupSession   *session,
                    SoupMessage   *message,
                    GCancellable  *cancellable,
                    GError       **error)
{
  TvmDeadline deadline;
  GError *failure = NULL;

  *self = (TvmExchange) { .transport = transport, .message = message,
                          .max_bytes = transport->max_bytes, .max_us = MAX_ANSWER_US };
  self->session = session != NULL ? session : tvm_transport_borrow (transport);
  self->started_us = g_get_monotonic_time ();
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), &self->was_started);
  tvm_deadline_begin (&deadline, cancellable, transport->timeout_s * MAX_HEAD * TVM_SECOND_US);
  self->body = soup_session_send (self->session, message, deadline.own, &failure);
  if (tvm_deadline_end (&deadline) && self->body == NULL)
    {
      g_clear_error (&failure);
      g_set_error_literal (&failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
    }
  if (self->body == NULL)
    {
      tvm_exchange_propagate (self, failure, error);
      return FALSE;
    }
  self->status = soup_message_get_status (message);
  /* An answer before the request went out is that of a proxy which was asked to connect. */
  return (self->was_started && self->status != SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED) ||
         tvm_exchange_fail_at_proxy (self, error);
}

/**
 * tvm_exchange_read:
 * @self: an exchange that began
 * @buffer: (out caller-allocates): where the bytes go
 * @size_bytes: its size
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Reads the next unpacked bytes of the answer. Blocks.
 *
 * Returns: the number of bytes read, 0 at the end of the answer, -1 on error:
 *   %TVM_ERROR_BAD_RESPONSE where the answer was cut off or is too large or took too long, else
 *   %TVM_ERROR_OFFLINE
 */
gssize
tvm_exchange_read (TvmExchange   *self,
                   char          *buffer,
                   gsize          size_bytes,
                   GCancellable  *cancellable,
                   GError       **error)
{
  GError *failure = NULL;
  gssize n_read = g_input_stream_read (self->body, buffer, size_bytes, cancellable, &failure);

  if (n_read < 0)
    {
      tvm_exchange_propagate (self, failure, error);
      return -1;
    }
  self->received_bytes += n_read;
  if (self->received_bytes > self->max_bytes ||
      g_get_monotonic_time () - self->started_us > self->max_us)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The answer of %s is too large. Nothing of it was kept; try again later."),
                   g_uri_get_host (soup_message_get_uri (self->message)));
      return -1;
    }
  return n_read;
}

/**
 * tvm_exchange_read_all:
 * @self: an exchange that began
 * @max_bytes: where to stop; the rest is left unread
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): at most @max_bytes of the answer, or %NULL on error
 */
GString *
tvm_exchange_read_all (TvmExchange   *self,
                       gsize          max_bytes,
                       GCancellable  *cancellable,
                       GError       **error)
{
  GString *all = g_string_new (NULL);
  char buffer[8192];
  gssize n_read;

  while (all->len < max_bytes)
    {
      n_read = tvm_exchange_read (self, buffer, MIN (sizeof buffer, max_bytes - all->len),
                                  cancellable, error);
      if (n_read == 0)
        break;
      if (n_read < 0)
        {
          g_string_free (all, TRUE);
          return NULL;
        }
      g_string_append_len (all, buffer, n_read);
    }
  return all;
}

static void
log_exchange (TvmExchange *self)
{
  static gsize checked;
  static gboolean wanted;

  if (g_once_init_enter (&checked))
    {
      const char *debug = g_getenv ("TVM_DEBUG");

      wanted = debug != NULL && strstr (debug, "http") != NULL;
      g_once_init_leave (&checked, 1);
    }
  if (wanted)
    g_printerr ("http: %s %s %u %" G_GSIZE_FORMAT " B %" G_GINT64_FORMAT " ms\n",
                soup_message_get_method (self->message),
                g_uri_get_path (soup_message_get_uri (self->message)), self->status,
                self->received_bytes, (g_get_monotonic_time () - self->started_us) / 1000);
}

/* What sent and read left parts of tokens on this thread's stack, libraries included: in their
 * buffers, and where the dynamic linker saves registers. */
static G_NO_INLINE void
wipe_stack (void)
{
  char area[STACK_BYTES];

  explicit_bzero (area, sizeof area);
}

/**
 * tvm_exchange_end:
 * @self: an exchange; can be used for a new one afterwards. Ending twice does no harm.
 *
 * Closes the answer and gives the session back.
 */
void
tvm_exchange_end (TvmExchange *self)
{
  if (self->session == NULL)
    return;
  log_exchange (self);
  if (self->body != NULL)
    g_input_stream_close (self->body, NULL, NULL);
  g_clear_object (&self->body);
  g_clear_object (&self->message);
  tvm_transport_give_back (self->transport, g_steal_pointer (&self->session));
  wipe_stack ();
}

typedef struct {
  GMutex   mutex;
  GCond    cond;
  gboolean cancelled;
} Waiter;

static void
wait_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  Waiter *waiter = user_data;

  g_mutex_lock (&waiter->mutex);
  waiter->cancelled = TRUE;
  g_cond_signal (&waiter->cond);
  g_mutex_unlock (&waiter->mutex);
}

/**
 * tvm_transport_wait:
 * @self: a pool
 * @delay_us: how long, in microseconds
 * @is_asked: whether a service asked for it, so that the pool's function is told
 * @cancellable: (nullable): ends the wait
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED when cancelled meanwhile
 */
gboolean
tvm_transport_wait (TvmTransport  *self,
                    gint64         delay_us,
                    gboolean       is_asked,
                    GCancellable  *cancellable,
                    GError       **error)
{
  gint64 now_us = tvm_ticks_us ();
  gint64 until_us = g_get_monotonic_time () + delay_us / g_atomic_int_get (&self->wait_divisor);
  Waiter waiter = { .cancelled = FALSE };
  gulong handler = 0;

  if (is_asked && self->wait_func != NULL)
    self->wait_func (tvm_now_us () + delay_us, self->wait_data);
  g_mutex_init (&waiter.mutex);
  g_cond_init (&waiter.cond);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (wait_cancelled_cb), &waiter, NULL);
  g_mutex_lock (&waiter.mutex);
  while (!waiter.cancelled && !tvm_pass_time_us (now_us + delay_us) &&
         g_cond_wait_until (&waiter.cond, &waiter.mutex, until_us))
    continue;
  g_mutex_unlock (&waiter.mutex);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  g_cond_clear (&waiter.cond);
  g_mutex_clear (&waiter.mutex);
  if (is_asked && self->wait_func != NULL)
    self->wait_func (0, self->wait_data);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
