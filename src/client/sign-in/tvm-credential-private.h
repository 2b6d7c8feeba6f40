/* tvm-credential-private.h: what an application signs itself in with. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sign-in.h"

#include <gnutls/abstract.h>
G_BEGIN_DECLS

/* Read-only once it was loaded. */
struct _TvmCredential {
  char            *secret;      /* (owned) (nullable): either this one */
  gnutls_privkey_t key;         /* (owned) (nullable): or an RSA key and */
  char            *thumbprint;  /* (owned) (nullable): its certificate's, SHA-256, base64url */
  gint64           not_before_us, not_after_us;  /* of the certificate */
};
gboolean tvm_credential_check_time (const TvmCredential *self, GError **error);

G_END_DECLS
