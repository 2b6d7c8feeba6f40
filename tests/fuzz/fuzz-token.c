/* fuzz-token.c: what the identity platform answers: tokens, errors, the session kept of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-token-answer-private.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  g_autoptr(TvmEndpoints) endpoints =
    tvm_endpoints_new ("commercial", NULL, NULL, NULL, "organizations",
                       "00000000-0000-0000-0000-000000000000", NULL);
  g_autoptr(JsonObject) answer = tvm_json_parse_small ((const char *) data, size_bytes);
  g_autoptr(TvmGrant) session = g_new0 (TvmGrant, 1);
  g_autoptr(TvmGrant) kept = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);
  g_autofree char *json = NULL;

  tvm_grant_read_id_token (session, text);
  kept = tvm_grant_from_json (text, endpoints);
  if (answer == NULL)
    return 0;
  tvm_token_set_error (endpoints, NULL, 400, answer, &error);
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  tvm_grant_read_id_token (session, tvm_json_get_string (answer, "id_token"));
  tvm_json_get_int (answer, "expires_in", 0);
  tvm_json_has_code (answer, "error_codes", 65001);
  /* What is written into the keyring is read back the same. */
  session->refresh_token = tvm_kept_secret_new (tvm_json_get_string (answer, "refresh_token"));
  if (session->refresh_token == NULL)
    return 0;
  json = tvm_grant_to_json (session, endpoints);
  g_clear_pointer (&kept, tvm_grant_free);
  kept = tvm_grant_from_json (json, endpoints);
  g_assert_nonnull (kept);
  g_assert_cmpstr (tvm_kept_secret_get (kept->refresh_token), ==,
                   tvm_kept_secret_get (session->refresh_token));
  return 0;
}
