/* tvm-sign-in-private.h: the sign-in's fields, and what its files and the ways to sign in need of
 * it. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-token-answer-private.h"
#include "tvm-transport-private.h"
G_BEGIN_DECLS

#define TVM_N_TOKEN_SLOTS 3  /* Defender, Graph to read, Graph to write */

typedef struct {
  TvmKeptSecret *token;  /* (owned) (nullable) */
  char  *scope;        /* (owned) (nullable): what it is good for */
  gint64 obtained_us;
  gint64 renew_at_us;  /* some time ahead of its expiry */
} TvmCachedToken;

struct _TvmSignIn
{
  GObject        parent_instance;
  TvmEndpoints  *endpoints;      /* (owned) */
  TvmTokenVault *vault;          /* (owned) */
  TvmCredential *credential;     /* (owned) (nullable): instead of a person and the vault */
  TvmTransport  *transport;      /* (owned) */
  int            may_prompt;     /* atomic: a person is there to unlock the keyring */
  GMutex         refresh_mutex;  /* held while a token is fetched, once for all; taken first */
  GMutex         mutex;          /* guards what follows, never held over the network */
  TvmGrant      *session;        /* (owned) (nullable): not loaded yet, or signed out */
  guint          generation;     /* counts sign-ins, sign-outs and renewals: what was read before
                                  * is old */
  TvmCachedToken tokens[TVM_N_TOKEN_SLOTS];
  gboolean       is_expired;     /* the session was refused: somebody has to sign in again */
  char          *warning;        /* (owned) (nullable): why the vault lacks the session's token */
};

/* ---- tvm-sign-in.c */
const TvmEndpoints *tvm_sign_in_get_endpoints (TvmSignIn *self);
TvmTransport       *tvm_sign_in_get_transport (TvmSignIn *self);
TvmGrant *tvm_sign_in_dup_session (TvmSignIn *self, gboolean from_vault, GCancellable *cancellable,
                                   GError **error);

/* ---- tvm-sign-in-tokens.c */
void     tvm_sign_in_drop_tokens (TvmSignIn *self);
/* Signs in whom the token answer tells, in place of whoever was. */
gboolean tvm_sign_in_adopt (TvmSignIn *self, JsonObject *answer, TvmResource resource,
                            gboolean write, GCancellable *cancellable, GError **error);

G_END_DECLS
