/* tvm-token-answer-private.h: what the token endpoint says, and what of it is kept. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"
#include "tvm-json-private.h"
G_BEGIN_DECLS

/* What is kept in the vault: a refresh token, whose it is, and for which authority and app. */
typedef struct {
  char *refresh_token, *name, *user_name, *tenant_id;
} TvmSession;
void        tvm_session_free     (TvmSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmSession, tvm_session_free)
TvmSession *tvm_session_copy     (const TvmSession *other);
char       *tvm_session_to_json  (const TvmSession *self, const TvmEndpoints *endpoints);
/* NULL: no session of these endpoints */
TvmSession *tvm_session_from_json (const char *json, const TvmEndpoints *endpoints);

void        tvm_session_read_id_token (TvmSession *self, const char *id_token);
char       *tvm_scopes_build     (const TvmEndpoints *endpoints, TvmResource resource,
                                  gboolean write);
/* A localized sentence for an error answer of the identity platform. */
void        tvm_token_set_error  (const TvmEndpoints *endpoints, guint status, JsonObject *answer,
                                  GError **error);
void tvm_token_set_refusal (const TvmEndpoints *endpoints, TvmResource resource, guint status,
                            JsonObject *answer, GError **error);

G_END_DECLS
