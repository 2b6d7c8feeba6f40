/* tvm-http-private.h: one call of a service with its token, retries and errors. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-transport-private.h"
G_BEGIN_DECLS

typedef struct {
  TvmEndpoints *endpoints;        /* (owned) */
  TvmSignIn    *sign_in;          /* (owned) */
  TvmTransport *transport;        /* (owned) */
  GMutex        mutex;            /* guards what follows */
  TvmWaitFunc   wait_func;        /* (nullable) */
  gpointer      wait_data;
  gint64        not_before_us[2]; /* monotonic, by resource: throttled for all threads */
} TvmHttp;

typedef struct {
  TvmResource resource;
  gboolean    intune_write;       /* the token may write tickets */
  const char *url;                /* absolute, of the resource's origin */
  const char *body;               /* (nullable): JSON to POST */
  int        *n_requests;         /* (nullable) */
} TvmHttpCall;

void     tvm_http_init         (TvmHttp *self, const TvmEndpoints *endpoints, TvmSignIn *sign_in);
void     tvm_http_clear        (TvmHttp *self);
const char *tvm_http_get_base  (TvmHttp *self, TvmResource resource);
gboolean tvm_http_is_same_origin (const char *base, const char *url);
/* On success the exchange waits to be read; tvm_exchange_end() is due only then. */
gboolean tvm_http_begin        (TvmHttp *self, const TvmHttpCall *call, TvmExchange *exchange,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
