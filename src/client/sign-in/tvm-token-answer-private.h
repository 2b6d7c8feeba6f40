/* tvm-token-answer-private.h: what the token endpoint says, and what of it is kept. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"
#include "tvm-json.h"
#include "tvm-token-vault-private.h"
G_BEGIN_DECLS

/* What is kept in the vault: a refresh token, whose it is, and for which authority and app. */
typedef struct {
  TvmKeptSecret *refresh_token;
  char *name, *user_name, *tenant_id;
} TvmGrant;
void      tvm_grant_free          (TvmGrant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmGrant, tvm_grant_free)
TvmGrant *tvm_grant_copy          (const TvmGrant *other);
char     *tvm_grant_to_json       (const TvmGrant *self, const TvmEndpoints *endpoints);
TvmGrant *tvm_grant_from_json     (const char *json,   /* NULL: none of these endpoints */
                                   const TvmEndpoints *endpoints);
void      tvm_grant_read_id_token (TvmGrant *self, const char *id_token);

/* ---- tvm-token-error.c: localized sentences for error answers of the identity platform */
void tvm_token_set_error   (const TvmEndpoints *endpoints, const char *permissions, guint status,
                            JsonObject *answer, GError **error);
void tvm_token_set_unattended (const TvmEndpoints *endpoints, TvmResource resource, guint status,
                               JsonObject *answer, GError **error);
void tvm_token_set_refusal (const TvmEndpoints *endpoints, TvmResource resource, gboolean write,
                            guint status, JsonObject *answer, GError **error);
gboolean tvm_token_is_busy (JsonObject *answer);

G_END_DECLS
