/* tvm-token-error.c: what the token endpoint refuses, in words that say what to do next. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-token-answer-private.h"
#include "tvm-error.h"
#include "tvm-permissions-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>

/* What takes the place of %s in a sentence. */
typedef enum { NOTHING, TENANT, CLIENT, PERMISSIONS } Named;

/* A sign-in that a person has just made is not one that is no longer valid, and an application's
 * has no person. */
typedef enum { EVER, AT_SIGN_IN, AT_RENEWAL, UNATTENDED } When;

/* An answer is known by one of its numbers (AADSTS...) or by its word; the first that fits
 * counts. */
typedef struct {
  int         number;  /* 0: none */
  const char *word;    /* (nullable) */
  TvmError    code;
  Named       named;
  const char *text;    /* translatable */
  When        when;
} Known;

#define UNGRANTED \
  N_("The application has not been given all permissions it needs: %s. Ask an administrator of " \
     "Microsoft Entra to grant them to the application, then sign in again.")
#define NO_LONGER_VALID \
  N_("The sign-in is no longer valid. Sign in again; all local data stays.")
#define DECLINED N_("The sign-in was declined. Start it again and approve it.")

#define NO_TENANT \
  N_("There is no tenant “%s”. Set the right one in Preferences, or with “tvm-remediate config " \
     "set tenant-id TENANT”, then sign in.")
#define OTHER_TENANT \
  N_("The account is not of the tenant “%s”. Sign in with one that is, or set the right tenant " \
     "in Preferences, or with “tvm-remediate config set tenant-id TENANT”, then sign in.")
#define NO_SERVICE \
  N_("The tenant lacks a service of Microsoft's that this program asks: Defender for Endpoint, " \
     "or for tickets Intune. Ask an administrator for a licence, then sign in again.")
#define BLOCKED \
  N_("Conditional Access of the tenant blocks this way to sign in. Sign in with the browser, or " \
     "ask an administrator.")

static const Known known[] = {
  { 90002, NULL, TVM_ERROR_INVALID, TENANT, NO_TENANT, EVER },
  { 90019, NULL, TVM_ERROR_INVALID, TENANT, NO_TENANT, EVER },
  { 900023, NULL, TVM_ERROR_INVALID, TENANT, NO_TENANT, EVER },
  { 50128, NULL, TVM_ERROR_INVALID, TENANT, NO_TENANT, EVER },
  { 700016, NULL, TVM_ERROR_INVALID, CLIENT,
    N_("The tenant does not know the application “%s”. Set the right one in Preferences, or with "
       "“tvm-remediate config set client-id ID”, then sign in."), EVER },
  { 7000218, NULL, TVM_ERROR_INVALID, CLIENT,
    N_("The application “%s” does not allow programs on a computer to sign people in. Set “Allow "
       "public client flows” to “Yes” in its registration (Microsoft Entra admin center, "
       "Authentication), then sign in."), EVER },
  { 7000215, NULL, TVM_ERROR_AUTH_DECLINED, CLIENT,
    N_("The client secret of the application “%s” is wrong. Put the secret's value, not its ID, "
       "into the credential “tvm-remediate.secret”, then try again."), EVER },
  { 7000222, NULL, TVM_ERROR_AUTH_DECLINED, CLIENT,
    N_("The client secret of the application “%s” has expired. Make a new one (Microsoft Entra "
       "admin center, Certificates & secrets), put it into the credential “tvm-remediate.secret”, "
       "then try again."), EVER },
  { 700027, NULL, TVM_ERROR_AUTH_DECLINED, CLIENT,
    N_("The application “%s” does not have the certificate of the credential "
       "“tvm-remediate.pem”. Upload the certificate to it (Microsoft Entra admin center, "
       "Certificates & secrets), then try again."), EVER },
  { 700024, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING,
    N_("The sign-in service found the signed request out of its time. Set this computer's clock "
       "right, then try again."), EVER },
  { 90033, "temporarily_unavailable", TVM_ERROR_OFFLINE, NOTHING,
    N_("The sign-in service is not available for a short time. Wait some minutes, then try "
       "again."), EVER },
  { 65004, NULL, TVM_ERROR_AUTH_DECLINED, PERMISSIONS,
    N_("The permissions were declined: %s. Start the sign-in again and accept them, or ask an "
       "administrator of Microsoft Entra to grant them to the application."), EVER },
  { 65001, "consent_required", TVM_ERROR_CONSENT_REQUIRED, PERMISSIONS, UNGRANTED, EVER },
  { 90093, NULL, TVM_ERROR_CONSENT_REQUIRED, PERMISSIONS, UNGRANTED, EVER },
  { 90094, NULL, TVM_ERROR_CONSENT_REQUIRED, PERMISSIONS, UNGRANTED, EVER },
  { 90095, NULL, TVM_ERROR_CONSENT_REQUIRED, PERMISSIONS, UNGRANTED, EVER },
  { 900941, NULL, TVM_ERROR_CONSENT_REQUIRED, PERMISSIONS, UNGRANTED, EVER },
  { 650057, NULL, TVM_ERROR_CONSENT_REQUIRED, PERMISSIONS, UNGRANTED, EVER },
  { 500011, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING, NO_SERVICE, EVER },
  { 650052, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING, NO_SERVICE, EVER },
  { 53003, NULL, TVM_ERROR_AUTH_DECLINED, CLIENT,
    N_("Conditional Access of the tenant blocks the application “%s” here. Ask an administrator of "
       "Microsoft Entra to let it in from this computer, then try again."), UNATTENDED },
  { 53003, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING, BLOCKED, EVER },
  { 53000, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING, BLOCKED, AT_SIGN_IN },
  { 53001, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING, BLOCKED, AT_SIGN_IN },
  { 530003, NULL, TVM_ERROR_AUTH_DECLINED, NOTHING, BLOCKED, AT_SIGN_IN },
  { 50105, NULL, TVM_ERROR_AUTH_DECLINED, CLIENT,
    N_("The application “%s” lets only those in who are assigned to it. Ask an administrator of "
       "Microsoft Entra to assign you, then sign in again."), AT_SIGN_IN },
  { 50020, NULL, TVM_ERROR_AUTH_DECLINED, TENANT, OTHER_TENANT, AT_SIGN_IN },
  { 90072, NULL, TVM_ERROR_AUTH_DECLINED, TENANT, OTHER_TENANT, AT_SIGN_IN },
  { 0, "authorization_declined", TVM_ERROR_AUTH_DECLINED, NOTHING, DECLINED, EVER },
  { 0, "access_denied", TVM_ERROR_AUTH_DECLINED, NOTHING, DECLINED, EVER },
  { 0, "expired_token", TVM_ERROR_AUTH_DECLINED, NOTHING,
    N_("The code expired before it was entered. Start the sign-in again for a new code."), EVER },
  { 0, "bad_verification_code", TVM_ERROR_AUTH_DECLINED, NOTHING,
    N_("The code is not valid any more. Start the sign-in again for a new code."), EVER },
  { 0, "invalid_grant", TVM_ERROR_AUTH_REQUIRED, NOTHING, NO_LONGER_VALID, AT_RENEWAL },
  { 0, "interaction_required", TVM_ERROR_AUTH_REQUIRED, NOTHING, NO_LONGER_VALID, AT_RENEWAL },
  { 0, "login_required", TVM_ERROR_AUTH_REQUIRED, NOTHING, NO_LONGER_VALID, AT_RENEWAL },
};

static const Known *
find_known (JsonObject *answer,
            When        when)
{
  const char *word = tvm_json_get_string (answer, "error");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if ((known[i].when == EVER || known[i].when == when) &&
        ((known[i].number != 0 && tvm_json_has_code (answer, "error_codes", known[i].number)) ||
         (known[i].word != NULL && g_strcmp0 (word, known[i].word) == 0)))
      return &known[i];
  return NULL;
}

/**
 * tvm_token_is_busy:
 * @answer: an error answer (RFC 6749, 5.2)
 *
 * Returns: whether the service only wants to be asked again later (90033)
 */
gboolean
tvm_token_is_busy (JsonObject *answer)
{
  const Known *found = find_known (answer, EVER);

  return found != NULL && found->number == 90033;
}

static GError *
make_error (const TvmEndpoints *endpoints,
            const char         *permissions,
            guint               status,
            JsonObject         *answer,
            When                when)
{
  const Known *found = answer != NULL ? find_known (answer, when) : NULL;
  const char *correlation_id = tvm_json_get_string (answer, "correlation_id");
  const char *words = tvm_json_get_string (answer, "error_description");
  g_autofree char *plain = NULL;

  if (found != NULL)
    {
      const char *values[] = { [NOTHING] = "", [TENANT] = endpoints->tenant_id,
                               [CLIENT] = endpoints->client_id,
                               [PERMISSIONS] = permissions != NULL ? permissions : "?" };
      g_autoptr(GString) text = g_string_new (_(found->text));

      g_string_replace (text, "%s", values[found->named], 1);
      return g_error_new_literal (TVM_ERROR, found->code, text->str);
    }
  if (status == 429 || status >= 500)
    return g_error_new (TVM_ERROR, status == 429 ? TVM_ERROR_THROTTLED : TVM_ERROR_OFFLINE,
                        _("The sign-in service is busy (status %u). Try again later."), status);
  if (tvm_json_get_string (answer, "error") == NULL)
    return g_error_new (TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                        _("The sign-in service gave an answer that is not documented (status %u). "
                          "Check the addresses in the settings."), status);
  plain = tvm_text_make_plain (words != NULL ? words : tvm_json_get_string (answer, "error"), -1,
                               400);
  return g_error_new (TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                      /* Translators: the service's words, then a GUID that its support asks for */
                      _("The sign-in failed: %s (correlation id %s)"), plain,
                      correlation_id != NULL ? correlation_id : "–");
}

static void
set_error (const TvmEndpoints  *endpoints,
           const char          *permissions,
           guint                status,
           JsonObject          *answer,
           When                 when,
           GError             **error)
{
  GError *failure = make_error (endpoints, permissions, status, answer, when);
  const char *id = tvm_json_get_string (answer, "correlation_id");
  g_autofree char *plain = id != NULL ? tvm_text_make_plain (id, -1, 80) : NULL;

  tvm_error_set_correlation_id (failure, plain);
  g_propagate_error (error, failure);
}

/**
 * tvm_token_set_error:
 * @endpoints: whose tenant and application are named
 * @permissions: (nullable): the names of those that were asked for
 * @status: the HTTP status
 * @answer: (nullable): the answer's object (RFC 6749, 5.2)
 * @error: return location for a #TvmError: %TVM_ERROR_AUTH_DECLINED (also a credential that will
 *   not do), %TVM_ERROR_CONSENT_REQUIRED, %TVM_ERROR_INVALID (tenant or
 *   application unknown or not set up), %TVM_ERROR_THROTTLED, %TVM_ERROR_OFFLINE (5xx, 90033), or
 *   %TVM_ERROR_BAD_RESPONSE
 *
 * Sets an error whose sentence says what to do next, of a sign-in.
 */
void
tvm_token_set_error (const TvmEndpoints  *endpoints,
                     const char          *permissions,
                     guint                status,
                     JsonObject          *answer,
                     GError             **error)
{
  set_error (endpoints, permissions, status, answer, AT_SIGN_IN, error);
}

/**
 * tvm_token_set_unattended:
 * @endpoints: whose tenant and application are named
 * @resource: whom the token was for
 * @status: the HTTP status
 * @answer: (nullable): the answer's object
 * @error: return location for a #TvmError
 *
 * Like tvm_token_set_error(), for an application that signs itself in.
 */
void
tvm_token_set_unattended (const TvmEndpoints  *endpoints,
                          TvmResource          resource,
                          guint                status,
                          JsonObject          *answer,
                          GError             **error)
{
  g_autofree char *permissions = tvm_permissions_name_application (resource);

  set_error (endpoints, permissions, status, answer, UNATTENDED, error);
}

/**
 * tvm_token_set_refusal:
 * @endpoints: whose tenant and application are named
 * @resource: whom the token was for
 * @write: whether tickets were to be written with it
 * @status: the HTTP status
 * @answer: the answer's object
 * @error: return location for a #TvmError
 *
 * Like tvm_token_set_error(), for a refresh token. A sign-in asks for Defender, so that is what
 * mends a refusal there: %TVM_ERROR_AUTH_REQUIRED; for Graph it takes a sign-in that asks for
 * Graph: %TVM_ERROR_CONSENT_REQUIRED.
 */
void
tvm_token_set_refusal (const TvmEndpoints  *endpoints,
                       TvmResource          resource,
                       gboolean             write,
                       guint                status,
                       JsonObject          *answer,
                       GError             **error)
{
  g_autofree char *permissions = tvm_permissions_name (resource, write);
  GError *failure = NULL;

  set_error (endpoints, permissions, status, answer, AT_RENEWAL, &failure);
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED) &&
      resource == TVM_RESOURCE_DEFENDER)
    failure->code = TVM_ERROR_AUTH_REQUIRED;
  else if (g_strcmp0 (tvm_json_get_string (answer, "error"), "interaction_required") == 0 &&
           resource == TVM_RESOURCE_GRAPH)
    failure->code = TVM_ERROR_CONSENT_REQUIRED;
  g_propagate_error (error, failure);
}
