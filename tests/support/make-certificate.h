/* make-certificate.h: a private key and a certificate of its own, for tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <gnutls/x509.h>
#include <string.h>

typedef struct { char *key, *certificate; } MadeCertificate;  /* PEM */

static inline char *
made_dup (gnutls_datum_t text)
{
  char *copy = g_strndup ((const char *) text.data, text.size);

  gnutls_free (text.data);
  return copy;
}

/* is_rsa: else of an elliptic curve. host: (nullable): whose it is. Valid from so many seconds from
 * now, until so many. */
static inline MadeCertificate
make_certificate (gboolean is_rsa, const char *host, gint64 from_s, gint64 until_s)
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  gnutls_datum_t key_text, certificate_text;
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  const guint8 serial = 7;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_privkey_generate (key, is_rsa ? GNUTLS_PK_RSA : GNUTLS_PK_ECDSA, is_rsa ? 2048 : 256, 0);
  gnutls_x509_crt_init (&certificate);
  gnutls_x509_crt_set_version (certificate, 3);
  gnutls_x509_crt_set_dn (certificate, "CN=test", NULL);
  if (host != NULL)
    gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, host, strlen (host),
                                          GNUTLS_FSAN_SET);
  gnutls_x509_crt_set_serial (certificate, &serial, sizeof serial);
  gnutls_x509_crt_set_activation_time (certificate, now_s + from_s);
  gnutls_x509_crt_set_expiration_time (certificate, now_s + until_s);
  gnutls_x509_crt_set_key (certificate, key);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_text),
                   ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &certificate_text), ==, 0);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
  return (MadeCertificate) { made_dup (key_text), made_dup (certificate_text) };
}

static inline void
made_certificate_clear (MadeCertificate *self)
{
  g_free (self->key);
  g_free (self->certificate);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MadeCertificate, made_certificate_clear)
