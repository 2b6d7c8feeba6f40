/* tvm-sign-in.h: who is signed in, and the tokens that follow from it. Blocking calls for worker
 * threads. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-endpoints.h"
G_BEGIN_DECLS

typedef enum { TVM_RESOURCE_DEFENDER, TVM_RESOURCE_GRAPH } TvmResource;
typedef struct {
  char    *name, *user_name /* e-mail; of an application its id behind a word */, *tenant_id;
  gboolean is_unattended;  /* nobody: an application that signed itself in */
} TvmAccount;
void tvm_account_free (TvmAccount *self);
/* the permissions that a sign-in asks a service for, in one line */
char *tvm_permissions_name (TvmResource resource, gboolean write);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmAccount, tvm_account_free)

/* Where the refresh token lives: the Secret Service, or memory for the demo and tests. */
typedef struct _TvmTokenVault TvmTokenVault;
TvmTokenVault *tvm_token_vault_new_keyring (const char *profile);
TvmTokenVault *tvm_token_vault_new_memory  (void);
void           tvm_token_vault_free        (TvmTokenVault *self);

/* What an application signs itself in with, from the folder of systemd's credentials. */
typedef struct _TvmCredential TvmCredential;
gboolean tvm_credential_load (const char *directory, TvmCredential **out_credential,
                              GError **error);
void     tvm_credential_free (TvmCredential *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmCredential, tvm_credential_free)

/* ---- sign-in: thread-safe, refreshes ahead of expiry, once for all waiting calls */
#define TVM_TYPE_SIGN_IN (tvm_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (TvmSignIn, tvm_sign_in, TVM, SIGN_IN, GObject)
typedef void (*TvmDeviceCodeFunc) (const char *user_code, const char *verification_uri,
                                   const char *message, gpointer user_data);
/* Called on whichever thread waits: next_call_us is when the next call may be made (throttled), 0
 * when it goes on. */
typedef void (*TvmWaitFunc) (gint64 next_call_us, gpointer user_data);
/* Opens a page in the person's browser, on the worker thread; FALSE: there is none. */
typedef gboolean (*TvmOpenUrlFunc) (const char *url, gpointer user_data);
TvmSignIn *
tvm_sign_in_new (const TvmEndpoints *endpoints, TvmTokenVault *vault /* (transfer full) */);
/* Without a person, to read only; tokens in memory alone. AUTH_DECLINED: the tenant is no single
 * one. */
TvmSignIn *tvm_sign_in_new_unattended (const TvmEndpoints *endpoints,
                                       TvmCredential *credential /* (transfer full) */,
                                       GError **error);
gboolean tvm_sign_in_is_unattended (TvmSignIn *self);
void tvm_sign_in_set_wait_func (TvmSignIn *self, TvmWaitFunc func, gpointer user_data);
/* intune_write: asks for the permission to write Intune tickets as well (R1) */
gboolean tvm_sign_in_with_browser (TvmSignIn *self, gboolean intune_write, TvmOpenUrlFunc open,
                                   gpointer user_data, GCancellable *cancellable, GError **error);
gboolean
tvm_sign_in_with_device_code (TvmSignIn *self, gboolean intune_write, TvmDeviceCodeFunc show,
                              gpointer user_data, GCancellable *cancellable, GError **error);
TvmAccount *tvm_sign_in_dup_account (
  TvmSignIn *self, GCancellable *cancellable,
  GError **error); /* AUTH_REQUIRED when signed out; from the vault, no network */
/* a person is there to unlock a locked keyring, also for what is neither of these: */
void     tvm_sign_in_set_may_prompt (TvmSignIn *self, gboolean may_prompt);
gboolean tvm_sign_in_unlock   (TvmSignIn *self, GCancellable *cancellable, GError **error);
gboolean tvm_sign_in_sign_out (TvmSignIn *self, GCancellable *cancellable, GError **error);
gboolean tvm_sign_in_is_expired (TvmSignIn *self); /* the last refresh was refused: sign in again */
char *tvm_sign_in_dup_warning (
  TvmSignIn *self); /* (nullable): a renewed token could not be kept in the keyring */
char *tvm_sign_in_get_token (TvmSignIn *self, TvmResource resource, gboolean intune_write,
                             gboolean refuse_cached /* after a 401 */, GCancellable *cancellable,
                             GError **error);
/* Of all sign-ins of the process: an answer that replaces one is awaited, or not kept yet. */
gboolean tvm_sign_in_is_at_stake  (void);
void     tvm_sign_in_await_stakes (void);

G_END_DECLS
