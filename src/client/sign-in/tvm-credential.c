/* tvm-credential.c: reads what an application signs itself in with from the folder of systemd's
 * credentials (systemd.exec, LoadCredential=): a client secret, or a private key with its
 * certificate. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-credential-private.h"
#include "tvm-browser-code-private.h"
#include "tvm-error.h"
#include "tvm-time.h"
#include "tvm-token-vault-private.h"

#include <glib/gi18n-lib.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_NAME "tvm-remediate.secret"
#define PEM_NAME    "tvm-remediate.pem"
#define MAX_BYTES   (1024 * 1024) /* systemd takes no more either */

static gboolean
fail (GError    **error,
      const char *name,
      const char *reason)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
               /* Translators: a file's name, then a sentence with the reason and what to do. */
               _("The credential “%s” for the unattended sign-in cannot be used. %s"), name,
               reason);
  return FALSE;
}

/* Others than its owner and those that an access control list names must not read it: with such a
 * list the group's bits are its mask. */
static gboolean
check_file (int          fd,
            const char  *name,
            gsize       *out_size_bytes,
            GError     **error)
{
  struct stat st;

  if (fstat (fd, &st) != 0)
    return fail (error, name, g_strerror (errno));
  if (!S_ISREG (st.st_mode) || st.st_size > MAX_BYTES)
    return fail (error, name, _("It is no file, or too large. Give one with LoadCredential= of "
                                "systemd."));
  if ((st.st_mode & (S_IWGRP | S_IRWXO)) != 0)
    return fail (error, name, _("Others on this computer can read or change it. Give it with "
                                "LoadCredential= of systemd, or take their permissions away."));
  *out_size_bytes = st.st_size;
  return TRUE;
}

/* TRUE with *out_text NULL: there is none. To be freed with tvm_secret_free(). A null character,
 * which would end the text early, comes as another that belongs into none. */
static gboolean
read_file (const char  *directory,
           const char  *name,
           char       **out_text,
           GError     **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gsize size_bytes = 0, done_bytes = 0;
  char *text = NULL;

  *out_text = NULL;
  if (fd == -1)
    return errno == ENOENT || fail (error, name, g_strerror (errno));
  if (check_file (fd, name, &size_bytes, error))
    {
      gssize n = 0;

      text = g_malloc0 (size_bytes + 1);
      while (done_bytes < size_bytes &&
             (n = read (fd, text + done_bytes, size_bytes - done_bytes)) > 0)
        done_bytes += n;
      for (gsize i = 0; i < done_bytes; i++)
        text[i] = text[i] == '\0' ? '\1' : text[i];
      if (n < 0)
        {
          fail (error, name, g_strerror (errno));
          g_clear_pointer (&text, tvm_secret_free);
        }
    }
  close (fd);
  *out_text = text;
  return text != NULL;
}

static gboolean
take_secret (TvmCredential  *self,
             char           *text,
             GError        **error)
{
  g_strchomp (text);
  for (const char *p = text; *p != '\0'; p++)
    if (*p <= 0x20 || *p >= 0x7f)
      return fail (error, SECRET_NAME, _("It is not one line with a client secret. Put the value "
                                         "that Microsoft Entra showed into it, and nothing else."));
  if (*text == '\0')
    return fail (error, SECRET_NAME, _("It is empty. Put the value of a client secret into it."));
  self->secret = g_strdup (text);
  return TRUE;
}

static gboolean
is_of_key (gnutls_x509_crt_t     certificate,
           gnutls_x509_privkey_t key)
{
  guint8 ids[2][64];
  gsize sizes[2] = { sizeof ids[0], sizeof ids[1] };

  return gnutls_x509_crt_get_key_id (certificate, 0, ids[0], &sizes[0]) == 0 &&
         gnutls_x509_privkey_get_key_id (key, 0, ids[1], &sizes[1]) == 0 && sizes[0] == sizes[1] &&
         memcmp (ids[0], ids[1], sizes[0]) == 0;
}

/* The certificate of the key, which others may surround. */
static gboolean
take_certificate (TvmCredential          *self,
                  const gnutls_datum_t   *pem,
                  gnutls_x509_privkey_t   key,
                  GError                **error)
{
  gnutls_x509_crt_t *certificates = NULL;
  guint n = 0;
  guint8 digest[32];
  gsize size_bytes = sizeof digest;

  if (gnutls_x509_crt_list_import2 (&certificates, &n, pem, GNUTLS_X509_FMT_PEM, 0) < 0)
    n = 0;
  for (guint i = 0; i < n; i++)
    {
      if (self->thumbprint == NULL && is_of_key (certificates[i], key) &&
          gnutls_x509_crt_get_fingerprint (certificates[i], GNUTLS_DIG_SHA256, digest,
                                           &size_bytes) == 0)
        {
          self->thumbprint = tvm_base64url_encode (digest, size_bytes);
          self->not_before_us = gnutls_x509_crt_get_activation_time (certificates[i]) *
                                TVM_SECOND_US;
          self->not_after_us = gnutls_x509_crt_get_expiration_time (certificates[i]) *
                               TVM_SECOND_US;
        }
      gnutls_x509_crt_deinit (certificates[i]);
    }
  gnutls_free (certificates);
  return self->thumbprint != NULL ||
         fail (error, PEM_NAME, _("It has no certificate that belongs to its private key. Put both "
                                  "into it, in PEM."));
}

static gboolean
take_pem (TvmCredential  *self,
          char           *text,
          GError        **error)
{
  gnutls_datum_t pem = { (guchar *) text, strlen (text) };
  gnutls_x509_privkey_t key;
  int algorithm;

  if (strstr (text, "ENCRYPTED") != NULL)
    return fail (error, PEM_NAME, _("Its private key is locked with a password. Put in one "
                                    "without; systemd can encrypt it (systemd-creds)."));
  gnutls_x509_privkey_init (&key);
  if (gnutls_x509_privkey_import (key, &pem, GNUTLS_X509_FMT_PEM) < 0)
    {
      gnutls_x509_privkey_deinit (key);
      return fail (error, PEM_NAME, _("It has no private key that can be read. Put a private key "
                                      "and its certificate into it, in PEM."));
    }
  algorithm = gnutls_x509_privkey_get_pk_algorithm (key);
  gnutls_privkey_init (&self->key);
  gnutls_privkey_import_x509 (self->key, key, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE);
  if (algorithm != GNUTLS_PK_RSA)
    return fail (error, PEM_NAME, _("Its private key is not an RSA key, which is all that "
                                    "Microsoft Entra takes. Make another certificate."));
  return take_certificate (self, &pem, key, error) && tvm_credential_check_time (self, error);
}

/**
 * tvm_credential_check_time:
 * @self: a credential
 * @error: return location for %TVM_ERROR_AUTH_DECLINED
 *
 * Returns: whether its certificate, if it has one, is valid now
 */
gboolean
tvm_credential_check_time (const TvmCredential  *self,
                           GError              **error)
{
  gint64 now_us = tvm_now_us ();
  g_autofree char *date = NULL;
  g_autofree char *reason = NULL;

  if (self->thumbprint == NULL ||
      (now_us >= self->not_before_us && now_us <= self->not_after_us))
    return TRUE;
  date = tvm_date_of_instant (now_us < self->not_before_us ? self->not_before_us
                                                            : self->not_after_us);
  /* Translators: %s is a date. */
  reason = g_strdup_printf (now_us < self->not_before_us
    ? _("Its certificate is not valid before %s. Look at this computer's clock.")
    : _("Its certificate expired on %s. Make a new one and upload it to the application (Microsoft "
        "Entra admin center, Certificates & secrets)."), date);
  return fail (error, PEM_NAME, reason);
}

/**
 * tvm_credential_free:
 * @self: (nullable) (transfer full): a credential; its secret is overwritten first
 */
void
tvm_credential_free (TvmCredential *self)
{
  if (self == NULL)
    return;
  tvm_secret_free (self->secret);
  if (self->key != NULL)
    gnutls_privkey_deinit (self->key);
  g_free (self->thumbprint);
  g_free (self);
}

/**
 * tvm_credential_load:
 * @directory: (nullable): the folder of systemd's credentials, $CREDENTIALS_DIRECTORY
 * @out_credential: (out) (nullable) (transfer full): a client secret (tvm-remediate.secret) or a
 *   private key with its certificate (tvm-remediate.pem); %NULL where neither is there
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE with %TVM_ERROR_AUTH_DECLINED where it cannot be used: both are there, others can
 *   read it, it is not what it should be, or has expired
 */
gboolean
tvm_credential_load (const char     *directory,
                     TvmCredential **out_credential,
                     GError        **error)
{
  g_autoptr(TvmCredential) self = NULL;
  char *secret = NULL, *pem = NULL;
  gboolean good;

  *out_credential = NULL;
  if (directory == NULL || *directory == '\0')
    return TRUE;
  self = g_new0 (TvmCredential, 1);
  good = read_file (directory, SECRET_NAME, &secret, error) &&
         read_file (directory, PEM_NAME, &pem, error);
  if (good && secret != NULL && pem != NULL)
    good = fail (error, PEM_NAME, _("There is “tvm-remediate.secret” too. Give one of the two."));
  else if (good && secret != NULL)
    good = take_secret (self, secret, error);
  else if (good && pem != NULL)
    good = take_pem (self, pem, error);
  if (good && (secret != NULL || pem != NULL))
    *out_credential = g_steal_pointer (&self);
  tvm_secret_free (secret);
  tvm_secret_free (pem);
  return good;
}
