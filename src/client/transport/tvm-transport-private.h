/* tvm-transport-private.h: the pool of SoupSessions, one exchange at a time, and waits. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"
#include <libsoup/soup.h>
G_BEGIN_DECLS

#define TVM_ANSWER_MAX_BYTES (512 * 1024 * 1024)
#define TVM_ERROR_MAX_BYTES  (64 * 1024)

typedef struct _TvmTransport TvmTransport;
TvmTransport *tvm_transport_new   (void);
void          tvm_transport_free (TvmTransport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmTransport, tvm_transport_free)

/* One request and its answer; on the stack of one thread. */
typedef struct {
  TvmTransport *transport;
  SoupSession  *session;      /* borrowed from the pool until the end */
  SoupMessage  *message;      /* (owned) */
  GInputStream *body;         /* (owned) (nullable) */
  guint         status;
  gsize         received_bytes, max_bytes;  /* it may be so large */
  gint64        started_us, max_us;         /* monotonic; it may take so long */
  gboolean      is_broken;    /* the connection ended before an answer came */
  gboolean      was_started;  /* there was a connection, so that something may have arrived */
  gboolean      has_words;    /* an error came in the shape that the services give it */
} TvmExchange;

SoupSession *tvm_transport_borrow (TvmTransport *self);
void     tvm_transport_give_back (TvmTransport *self, SoupSession *session);
gboolean tvm_exchange_begin    (TvmExchange *self, TvmTransport *transport, SoupSession *session,
                                SoupMessage *message, GCancellable *cancellable, GError **error);
gssize   tvm_exchange_read     (TvmExchange *self, char *buffer, gsize size_bytes,
                                GCancellable *cancellable, GError **error);
GString *tvm_exchange_read_all (TvmExchange *self, gsize max_bytes, GCancellable *cancellable,
                                GError **error);
void     tvm_exchange_end      (TvmExchange *self);

/* ---- tvm-exchange-error.c */
void     tvm_exchange_propagate (TvmExchange *self, GError *failure, GError **error);
gboolean tvm_exchange_fail_at_proxy (TvmExchange *self, GError **error);

SoupMessage *tvm_transport_make_message (const char *method, const char *url, GError **error);
gint64   tvm_transport_backoff_us (int attempt);
gint64   tvm_transport_retry_delay_us (SoupMessage *message, int attempt);
gboolean tvm_transport_wait    (TvmTransport *self, gint64 delay_us, gboolean is_asked,
                                GCancellable *cancellable, GError **error);
void     tvm_transport_set_wait_func (TvmTransport *self, TvmWaitFunc func, gpointer user_data);
void     tvm_transport_set_limits (TvmTransport *self, guint timeout_s, gsize max_bytes);
void     tvm_transport_set_trust  (TvmTransport *self, GTlsDatabase *trust);
void     tvm_transport_set_proxies (TvmTransport *self, GProxyResolver *resolver);
char    *tvm_transport_dup_proxy_name (TvmTransport *self, GUri *uri);
/* Tests wait 1/divisor of what was told. */
void     tvm_transport_set_wait_divisor (TvmTransport *self, guint divisor);
guint    tvm_transport_get_wait_divisor (TvmTransport *self);

G_END_DECLS
