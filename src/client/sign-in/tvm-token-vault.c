/* tvm-token-vault.c: where the refresh token lives (R15): the Secret Service, or memory. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-token-vault-private.h"
#include "tvm-keyring-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tvm-time.h"

#define LOCK_WAIT_US (75 * TVM_SECOND_US) /* longer than an answer may take */
#define LOCK_STEP_US (20 * 1000)

struct _TvmTokenVault
{
  char  *profile;  /* (owned) (nullable): NULL for the one in memory */
  GMutex mutex;
  char  *secret;   /* (owned) (nullable): of the one in memory; guarded by the mutex */
  TvmVaultPrompt prompt;       /* (nullable): of the one in memory */
  gpointer       prompt_data;  /* given to it */
};

/**
 * tvm_secret_free:
 * @secret: (nullable) (transfer full): a text
 *
 * Overwrites and frees a text.
 */
void
tvm_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * tvm_kept_secret_new:
 * @text: (nullable): a secret
 *
 * Returns: (transfer full) (nullable): a copy in locked memory; %NULL for %NULL
 */
TvmKeptSecret *
tvm_kept_secret_new (const char *text)
{
  return text != NULL ? secret_value_new (text, -1, "text/plain") : NULL;
}

/**
 * tvm_kept_secret_copy:
 * @self: (nullable): a secret
 *
 * Returns: (transfer full) (nullable): the same, which is in memory once
 */
TvmKeptSecret *
tvm_kept_secret_copy (TvmKeptSecret *self)
{
  return self != NULL ? secret_value_ref (self) : NULL;
}

/**
 * tvm_kept_secret_get:
 * @self: (nullable): a secret
 *
 * Returns: (transfer none) (nullable): its text
 */
const char *
tvm_kept_secret_get (TvmKeptSecret *self)
{
  return self != NULL ? secret_value_get_text (self) : NULL;
}

/**
 * tvm_kept_secret_free:
 * @self: (transfer full) (nullable): a secret, overwritten when nobody has it any more
 */
void
tvm_kept_secret_free (TvmKeptSecret *self)
{
  if (self != NULL)
    secret_value_unref (self);
}

/**
 * tvm_token_vault_new_keyring:
 * @profile: whose tokens
 *
 * Returns: (transfer full): a vault in the Secret Service; nothing is opened before it is used
 */
TvmTokenVault *
tvm_token_vault_new_keyring (const char *profile)
{
  TvmTokenVault *self = tvm_token_vault_new_memory ();

  self->profile = g_strdup (profile);
  return self;
}

/**
 * tvm_token_vault_new_memory:
 * Returns: (transfer full): a vault that forgets when it is freed, for the demo and tests
 */
TvmTokenVault *
tvm_token_vault_new_memory (void)
{
  TvmTokenVault *self = g_new0 (TvmTokenVault, 1);

  g_mutex_init (&self->mutex);
  return self;
}

/**
 * tvm_token_vault_set_prompt:
 * @self: a vault in memory
 * @prompt: (nullable) (scope forever): called before what was found is handed over
 * @prompt_data: given to it
 *
 * Keeps whoever loads waiting, as a keyring does that asks a person, for tests.
 */
void
tvm_token_vault_set_prompt (TvmTokenVault  *self,
                            TvmVaultPrompt  prompt,
                            gpointer        prompt_data)
{
  self->prompt = prompt;
  self->prompt_data = prompt_data;
}

/**
 * tvm_token_vault_free:
 * @self: (nullable) (transfer full): a vault
 */
void
tvm_token_vault_free (TvmTokenVault *self)
{
  if (self == NULL)
    return;
  tvm_secret_free (self->secret);
  g_mutex_clear (&self->mutex);
  g_free (self->profile);
  g_free (self);
}

/**
 * tvm_token_vault_probe:
 * @self: a vault
 * @may_prompt: whether a person may be asked to unlock the keyring
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Whether a secret could be kept now. Blocks, like all that follows: 20 seconds at most, and as
 * long as a person takes who is asked.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING or %TVM_ERROR_KEYRING_LOCKED
 */
gboolean
tvm_token_vault_probe (TvmTokenVault  *self,
                       gboolean        may_prompt,
                       GCancellable   *cancellable,
                       GError        **error)
{
  TvmKeyringUse use = { self->profile, may_prompt, cancellable };

  return self->profile == NULL || tvm_keyring_probe (&use, error);
}

/**
 * tvm_token_vault_save:
 * @self: a vault
 * @secret: what replaces the secret there was
 * @may_prompt: whether a person may be asked to unlock the keyring
 * @cancellable: (nullable): stops it
 * @error: return location for the errors of tvm_token_vault_probe()
 *
 * Returns: %FALSE when it could not be kept
 */
gboolean
tvm_token_vault_save (TvmTokenVault  *self,
                      const char     *secret,
                      gboolean        may_prompt,
                      GCancellable   *cancellable,
                      GError        **error)
{
  TvmKeyringUse use = { self->profile, may_prompt, cancellable };

  if (self->profile != NULL)
    return tvm_keyring_save (&use, secret, error);
  g_mutex_lock (&self->mutex);
  tvm_secret_free (self->secret);
  self->secret = g_strdup (secret);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/**
 * tvm_token_vault_load:
 * @self: a vault
 * @out_secret: (out) (transfer full) (nullable): the secret, to be freed with tvm_secret_free();
 *   %NULL when there is none
 * @may_prompt: whether a person may be asked to unlock the keyring
 * @cancellable: (nullable): stops it
 * @error: return location for the errors of tvm_token_vault_probe()
 *
 * Returns: %FALSE when the vault could not be read
 */
gboolean
tvm_token_vault_load (TvmTokenVault  *self,
                      char          **out_secret,
                      gboolean        may_prompt,
                      GCancellable   *cancellable,
                      GError        **error)
{
  TvmKeyringUse use = { self->profile, may_prompt, cancellable };

  if (self->profile != NULL)
    return tvm_keyring_load (&use, out_secret, error);
  g_mutex_lock (&self->mutex);
  *out_secret = g_strdup (self->secret);
  g_mutex_unlock (&self->mutex);
  if (self->prompt != NULL)
    self->prompt (self->prompt_data);
  return TRUE;
}

/**
 * tvm_token_vault_wipe:
 * @self: a vault
 * @may_prompt: whether a person may be asked to unlock the keyring
 * @cancellable: (nullable): stops it
 * @error: return location for the errors of tvm_token_vault_probe()
 *
 * Removes the secret. That there is none is no failure; that the keyring is locked is.
 *
 * Returns: %FALSE when the secret could not be removed
 */
gboolean
tvm_token_vault_wipe (TvmTokenVault  *self,
                      gboolean        may_prompt,
                      GCancellable   *cancellable,
                      GError        **error)
{
  TvmKeyringUse use = { self->profile, may_prompt, cancellable };

  if (self->profile != NULL)
    return tvm_keyring_wipe (&use, error);
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->secret, tvm_secret_free);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/**
 * tvm_token_vault_lock:
 * @self: a vault
 * @cancellable: (nullable): stops waiting
 *
 * Keeps other processes from renewing the same sign-in: the service may void a refresh token with
 * its use, and until its successor is kept here nobody else has one that is good. Waits for whoever
 * does it now; where it takes long, or the lock cannot be used, goes on without.
 *
 * Returns: to be given to tvm_token_vault_unlock()
 */
int
tvm_token_vault_lock (TvmTokenVault *self,
                      GCancellable  *cancellable)
{
  gint64 until_us = tvm_ticks_us () + LOCK_WAIT_US;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  int fd;

  if (self->profile == NULL)
    return -1;
  name = g_strdup_printf ("tvm-remediate-%s.lock", self->profile);
  path = g_build_filename (g_get_user_runtime_dir (), name, NULL);
  fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  while (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
         tvm_ticks_us () < until_us && !g_cancellable_is_cancelled (cancellable))
    g_usleep (LOCK_STEP_US);
  return fd;
}

/**
 * tvm_token_vault_unlock:
 * @lock: what tvm_token_vault_lock() returned
 */
void
tvm_token_vault_unlock (int lock)
{
  if (lock >= 0)
    close (lock);
}
