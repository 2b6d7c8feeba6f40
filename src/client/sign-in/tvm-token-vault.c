/* tvm-token-vault.c: where the refresh token lives (R15): the Secret Service, or memory. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-token-vault-private.h"
#include "tvm-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
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

static const SecretSchema schema = {
  TVM_APPLICATION_ID, SECRET_SCHEMA_NONE,
  { { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
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

static gboolean
propagate_keyring_failure (GError  *failure,
                           GError **error)
{
  g_autoptr(GError) owned = failure;

  if (g_error_matches (owned, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
      g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_NO_KEYRING,
                         _("The keyring is locked. Unlock it (for example with “Passwords and "
                           "Keys”) and try again: sign-in data is kept nowhere else."));
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_NO_KEYRING,
                 _("No keyring answers (%s). Install and start gnome-keyring, or KWallet with its "
                   "Secret Service, and sign in to the desktop session again: sign-in data is kept "
                   "nowhere else."), owned->message);
  return FALSE;
}

/* libsecret goes on with the session of a keyring that has ended since. Whether another try, with a
 * session of its own, may help; the failure is cleared then. */
static gboolean
starts_anew (GError  **failure,
             gboolean *is_again)
{
  if (*failure == NULL || *is_again || (*failure)->domain == SECRET_ERROR ||
      g_error_matches (*failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  g_clear_error (failure);
  secret_service_disconnect ();
  *is_again = TRUE;
  return TRUE;
}

/* A locked keyring lets nothing out and deletes nothing, and calls neither a failure: what is still
 * there after that is locked. */
static void
check_unlocked (TvmTokenVault  *self,
                GError        **failure)
{
  g_autoptr(SecretService) service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, failure);
  g_autoptr (GHashTable)
    attributes = secret_attributes_build (&schema, "profile", self->profile, NULL);
  GList *items = NULL;

  if (service != NULL)
    items = secret_service_search_sync (service, &schema, attributes, SECRET_SEARCH_ALL, NULL,
                                        failure);
  if (items != NULL)
    g_set_error_literal (failure, SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "locked");
  g_list_free_full (items, g_object_unref);
}

/**
 * tvm_token_vault_save:
 * @self: a vault
 * @secret: what replaces the secret there was
 * @error: return location for a #TvmError
 *
 * Blocks, also while the keyring asks the person to unlock it.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING when it could not be kept
 */
gboolean
tvm_token_vault_save (TvmTokenVault  *self,
                      const char     *secret,
                      GError        **error)
{
  g_autofree char *label = NULL;
  GError *failure = NULL;
  gboolean is_again = FALSE;

  if (self->profile == NULL)
    {
      g_mutex_lock (&self->mutex);
      tvm_secret_free (self->secret);
      self->secret = g_strdup (secret);
      g_mutex_unlock (&self->mutex);
      return TRUE;
    }
  /* Translators: how the keyring's entry is called; %s is a profile's name */
  label = g_strdup_printf (_("TVM Remediate sign-in (%s)"), self->profile);
  do
    if (secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, secret, NULL,
                                    &failure, "profile", self->profile, NULL))
      return TRUE;
  while (starts_anew (&failure, &is_again));
  if (failure == NULL)
    failure = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "locked");
  return propagate_keyring_failure (failure, error);
}

/**
 * tvm_token_vault_load:
 * @self: a vault
 * @out_secret: (out) (transfer full) (nullable): the secret, to be freed with tvm_secret_free();
 *   %NULL when there is none
 * @error: return location for a #TvmError
 *
 * Blocks, also while the keyring asks the person to unlock it.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING when the vault could not be read
 */
gboolean
tvm_token_vault_load (TvmTokenVault  *self,
                      char          **out_secret,
                      GError        **error)
{
  GError *failure = NULL;
  gboolean is_again = FALSE;
  char *found;

  *out_secret = NULL;
  if (self->profile == NULL)
    {
      g_mutex_lock (&self->mutex);
      *out_secret = g_strdup (self->secret);
      g_mutex_unlock (&self->mutex);
      if (self->prompt != NULL)
        self->prompt (self->prompt_data);
      return TRUE;
    }
  do
    found = secret_password_lookup_sync (&schema, NULL, &failure, "profile", self->profile, NULL);
  while (starts_anew (&failure, &is_again));
  if (failure == NULL && found == NULL)
    check_unlocked (self, &failure);
  if (failure != NULL)
    return propagate_keyring_failure (failure, error);
  *out_secret = g_strdup (found);
  secret_password_free (found);
  return TRUE;
}

/**
 * tvm_token_vault_wipe:
 * @self: a vault
 * @error: return location for a #TvmError
 *
 * Removes the secret. That there is none is no failure; that the keyring is locked is. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING when the secret could not be removed
 */
gboolean
tvm_token_vault_wipe (TvmTokenVault  *self,
                      GError        **error)
{
  GError *failure = NULL;
  gboolean is_again = FALSE;

  if (self->profile == NULL)
    {
      g_mutex_lock (&self->mutex);
      g_clear_pointer (&self->secret, tvm_secret_free);
      g_mutex_unlock (&self->mutex);
      return TRUE;
    }
  do
    secret_password_clear_sync (&schema, NULL, &failure, "profile", self->profile, NULL);
  while (starts_anew (&failure, &is_again));
  if (failure == NULL)
    check_unlocked (self, &failure);
  return failure == NULL || propagate_keyring_failure (failure, error);
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
