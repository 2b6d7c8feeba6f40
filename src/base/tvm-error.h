/* tvm-error.h: the program's one error domain. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

/**
 * TvmError:
 * Codes that callers act on; the message is a whole sentence for people, already localized where
 * a rule of ours is told, and quotes the service's words and correlation id where a service spoke.
 * Cancellation stays %G_IO_ERROR_CANCELLED.
 */
typedef enum {
  TVM_ERROR_FAILED,
  TVM_ERROR_INVALID,         /* bad input: nothing was changed */
  TVM_ERROR_NOT_FOUND,       /* no such recommendation, activity, group, ... */
  TVM_ERROR_AUTH_REQUIRED,   /* sign in (again) */
  TVM_ERROR_AUTH_DECLINED,   /* the person declined, the code expired, a credential will not do */
  TVM_ERROR_FORBIDDEN,       /* 403 */
  TVM_ERROR_THROTTLED,       /* 429 beyond what we wait for */
  TVM_ERROR_OFFLINE,         /* name lookup, connect, time-out, TLS, 5xx after retries */
  TVM_ERROR_BAD_RESPONSE,    /* the answer is not what is documented */
  TVM_ERROR_REJECTED,        /* another 4xx: the service refused what we sent */
  TVM_ERROR_CONFLICT,        /* not in a state that allows this */
  TVM_ERROR_STORE_FAILED,
  TVM_ERROR_SCHEMA_TOO_NEW,
  TVM_ERROR_NO_KEYRING,
  TVM_ERROR_EXISTS,          /* the output file exists */
  TVM_ERROR_CONSENT_REQUIRED, /* sign in once more to give a permission that was not given yet */
  TVM_ERROR_KEYRING_LOCKED,   /* nobody knows who is signed in until it is unlocked */
  TVM_ERROR_READ_ONLY,        /* an unattended sign-in decides and sends nothing */
} TvmError;

#define TVM_ERROR (tvm_error_quark ())
GQuark tvm_error_quark (void);

/* What a service calls its answer, for its support; it stands in the message too. */
void        tvm_error_set_correlation_id (GError *error, const char *id);
const char *tvm_error_get_correlation_id (const GError *error);

G_END_DECLS
