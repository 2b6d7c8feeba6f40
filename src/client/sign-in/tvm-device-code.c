/* tvm-device-code.c: signing in with a code on another device (RFC 8628). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-device-code-private.h"
#include "tvm-error.h"
#include "tvm-permissions-private.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include "tvm-token-post-private.h"
#include "tvm-token-vault-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEVICE_CODE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

typedef struct {
  const TvmEndpoints *endpoints;
  TvmTransport       *transport;
  TvmResource         resource;
  gboolean            write;
} Service;

typedef struct {
  char  *code;
  gint64 interval_s, expires_at_us;  /* expires: monotonic */
} DeviceCode;

static void
set_refusal (const Service  *self,
             guint           status,
             JsonObject     *answer,
             GError        **error)
{
  g_autofree char *permissions = tvm_permissions_name (self->resource, self->write);

  tvm_token_set_error (self->endpoints, permissions, status, answer, error);
}

static gboolean
request_code (const Service      *self,
              DeviceCode         *out,
              TvmDeviceCodeFunc   show,
              gpointer            user_data,
              GCancellable       *cancellable,
              GError            **error)
{
  g_autofree char *scope = tvm_scopes_build (self->endpoints, self->resource, self->write);
  g_autoptr(JsonObject) answer = NULL;
  g_autofree char *user_code = NULL;
  g_autofree char *message = NULL;
  const char *page;
  guint status = 0;

  answer = tvm_token_post (self->endpoints, self->transport, "devicecode",
                           soup_form_encode ("client_id", self->endpoints->client_id,
                                             "scope", scope, NULL),
                           &status, cancellable, error);
  if (answer == NULL)
    return FALSE;
  page = tvm_json_get_string (answer, "verification_uri");
  if (status != 200 || tvm_json_get_string (answer, "device_code") == NULL ||
      tvm_json_get_string (answer, "user_code") == NULL || page == NULL ||
      (!g_str_has_prefix (page, "https://") && !g_str_has_prefix (page, "http://")))
    {
      set_refusal (self, status, answer, error);
      return FALSE;
    }
  out->code = g_strdup (tvm_json_get_string (answer, "device_code"));
  out->interval_s = CLAMP (tvm_json_get_int (answer, "interval", 5), 1, 120);
  out->expires_at_us = g_get_monotonic_time () +
    CLAMP (tvm_json_get_int (answer, "expires_in", 900), 1, 24 * 3600) * TVM_SECOND_US;
  user_code = tvm_text_make_plain (tvm_json_get_string (answer, "user_code"), -1, 64);
  if (tvm_json_get_string (answer, "message") != NULL)
    message = tvm_text_make_plain (tvm_json_get_string (answer, "message"), -1, 400);
  else
    message = g_strdup_printf (_("To sign in, open %s in a browser and enter the code %s."), page,
                               user_code);
  if (show != NULL)
    show (user_code, page, message, user_data);
  return TRUE;
}

/* Polls once: TRUE with the answer, or TRUE to go on, or FALSE with an error. */
static gboolean
poll_code (const Service *self,
           DeviceCode    *code,
           JsonObject   **out_answer,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(GError) failure = NULL;
  const char *word;
  guint status = 0;

  answer = tvm_token_post (self->endpoints, self->transport, "token",
                           soup_form_encode ("grant_type", DEVICE_CODE_GRANT,
                                             "client_id", self->endpoints->client_id,
                                             "device_code", code->code, NULL),
                           &status, cancellable, &failure);
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_OFFLINE))
    {
      code->interval_s += 5;  /* RFC 8628, 3.5: ask less often after a lost answer */
      return TRUE;
    }
  if (answer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (status == 200)
    {
      *out_answer = g_steal_pointer (&answer);
      return TRUE;
    }
  word = tvm_json_get_string (answer, "error");
  if (g_strcmp0 (word, "slow_down") == 0 || tvm_token_is_busy (answer))
    code->interval_s += 5;
  else if (g_strcmp0 (word, "authorization_pending") != 0)
    {
      set_refusal (self, status, answer, error);
      return FALSE;
    }
  return TRUE;
}

/**
 * tvm_device_code_run:
 * @endpoints: whose authority, tenant and application
 * @transport: the pool
 * @resource: whom the token is for
 * @write: whether it may write tickets
 * @show: (scope call) (nullable): is given the code and the page, on this thread
 * @user_data: for @show
 * @cancellable: (nullable): stops the wait
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Asks for a code and polls until it was used (RFC 8628) or expired, after 15 minutes as a rule.
 * Blocks; a lost answer to a poll, or a service that is busy, only makes the next one later.
 *
 * Returns: (transfer full) (nullable): the token answer; %NULL with %TVM_ERROR_AUTH_DECLINED where
 *   the person declined or the code expired, or another code of tvm_token_set_error()
 */
JsonObject *
tvm_device_code_run (const TvmEndpoints  *endpoints,
                     TvmTransport        *transport,
                     TvmResource          resource,
                     gboolean             write,
                     TvmDeviceCodeFunc    show,
                     gpointer             user_data,
                     GCancellable        *cancellable,
                     GError             **error)
{
  const Service service = { endpoints, transport, resource, write };
  DeviceCode code = { NULL, 5, 0 };
  JsonObject *answer = NULL;
  gboolean good = request_code (&service, &code, show, user_data, cancellable, error);

  while (good && answer == NULL)
    {
      good = tvm_transport_wait (transport, code.interval_s * TVM_SECOND_US, FALSE, cancellable,
                                 error);
      if (good && g_get_monotonic_time () > code.expires_at_us)
        {
          g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                               _("The code expired before it was entered. Start the sign-in again "
                                 "for a new code."));
          good = FALSE;
        }
      good = good && poll_code (&service, &code, &answer, cancellable, error);
    }
  tvm_secret_free (code.code);
  return answer;
}
