/* tvm-token-vault-private.h: reading and writing the one secret of a profile. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"
G_BEGIN_DECLS

gboolean tvm_token_vault_probe (TvmTokenVault *self, gboolean may_prompt, GCancellable *cancellable,
                                GError **error);
gboolean tvm_token_vault_save (TvmTokenVault *self, const char *secret, gboolean may_prompt,
                               GCancellable *cancellable, GError **error);
/* TRUE with *out_secret NULL: there is none */
gboolean tvm_token_vault_load (TvmTokenVault *self, char **out_secret, gboolean may_prompt,
                               GCancellable *cancellable, GError **error);
gboolean tvm_token_vault_wipe (TvmTokenVault *self, gboolean may_prompt, GCancellable *cancellable,
                               GError **error);
int      tvm_token_vault_lock (TvmTokenVault *self, GCancellable *cancellable);
void     tvm_token_vault_unlock (int lock);
/* of the one in memory, for tests: called while a load waits */
typedef void (*TvmVaultPrompt) (gpointer user_data);
void     tvm_token_vault_set_prompt (TvmTokenVault *self, TvmVaultPrompt prompt,
                                     gpointer prompt_data);
void     tvm_secret_free      (char *secret);  /* overwrites it first */

/* A secret that is kept for as long as a program runs: libsecret's, whose memory is locked, so that
 * it is on no disk that memory is swapped to, as far as the limit for that goes (8 MB). */
typedef struct _SecretValue TvmKeptSecret;
TvmKeptSecret *tvm_kept_secret_new  (const char *text);
TvmKeptSecret *tvm_kept_secret_copy (TvmKeptSecret *self);
const char    *tvm_kept_secret_get  (TvmKeptSecret *self);
void           tvm_kept_secret_free (TvmKeptSecret *self);

G_END_DECLS
