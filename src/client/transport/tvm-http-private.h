/* tvm-http-private.h: one call of a service with its token, retries and errors. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-pace-private.h"
G_BEGIN_DECLS

/* What the answers' Date said. */
typedef struct {
  GMutex   mutex;                 /* guards the rest */
  gint64   here_us, service_us;   /* at the same moment; 0: nobody said anything */
  gint64   running_us;            /* for how long the system ran then */
  gint64   accepted_us;           /* by how much this clock may be ahead */
  gboolean is_off;                /* what is noted did not agree */
} TvmHttpClock;

typedef struct {
  TvmEndpoints *endpoints;        /* (owned) */
  TvmSignIn    *sign_in;          /* (owned) */
  TvmTransport *transport;        /* (owned) */
  TvmPace       pace;
  GMutex        files_mutex;      /* guards the next one */
  guint         n_files;          /* files in flight, of all lists */
  GCond         file_ended;
  TvmHttpClock  clock;
} TvmHttp;

typedef struct {
  TvmResource resource;
  gboolean    intune_write;       /* the token may write tickets */
  const char *url;                /* absolute, of the resource's origin */
  const char *body;               /* (nullable): JSON to POST */
  int        *n_requests;         /* (nullable) */
  TvmSendOutcome *outcome;        /* (nullable): of what changes something */
  gboolean    is_delete;          /* DELETE; without a body */
  gboolean    is_single;          /* what fails is not tried again */
} TvmHttpCall;

void     tvm_http_init         (TvmHttp *self, const TvmEndpoints *endpoints, TvmSignIn *sign_in);
void     tvm_http_clear        (TvmHttp *self);
const char *tvm_http_get_base  (TvmHttp *self, TvmResource resource);
char    *tvm_http_resolve (const char *url, const char *location);
gboolean tvm_http_is_same_origin (const char *base, const char *url);
/* On success the exchange waits to be read; tvm_exchange_end() is due only then. */
gboolean tvm_http_begin        (TvmHttp *self, const TvmHttpCall *call, TvmExchange *exchange,
                                GCancellable *cancellable, GError **error);

/* ---- tvm-client.c, for the files beside it */
TvmHttp *tvm_client_get_http   (TvmClient *client);
char    *tvm_client_build_path (const char *before, const char *id, const char *after);

/* ---- tvm-http-clock.c */
gboolean tvm_http_clock_check (TvmHttpClock *self, SoupMessage *message, GError **error);

/* ---- tvm-http-error.c */
const char *tvm_http_get_service_name (TvmResource resource);
void tvm_http_fail_with_answer (TvmHttp *self, const TvmHttpCall *call, const char *request_id,
                                TvmExchange *exchange, GCancellable *cancellable, GError **error);

G_END_DECLS
