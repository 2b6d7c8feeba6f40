/* tvm-team-error.c: what went wrong with the team's database, in words with the next step. By the
 * server's codes; where only libpq speaks, by its English words. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *sign;            /* a code of five signs, its first two, or words of libpq */
  TvmError    code;
  const char *words;           /* with the next step */
} Trouble;

static const Trouble refusals[] = {
  { "28P01", TVM_ERROR_FORBIDDEN,
    N_("The password for the team's database is wrong or missing. Put it into ~/.pgpass (mode "
       "0600): HOST:PORT:DATABASE:LOGIN:PASSWORD.") },
  { "28", TVM_ERROR_FORBIDDEN,
    N_("The team's database does not let this login in. Check the login in the address; its "
       "administrator sees the reason in PostgreSQL's log, and sets who may come from where in "
       "pg_hba.conf.") },
  { "3D000", TVM_ERROR_NOT_FOUND,
    N_("There is no such database on the team's server. Check its name in the address, or make it "
       "with “createdb”.") },
  { "3F000", TVM_ERROR_NOT_FOUND,
    N_("This database holds no team yet. Its owner makes one with “tvm-remediate team init”.") },
  { "42P01", TVM_ERROR_NOT_FOUND,
    N_("This database holds no team yet. Its owner makes one with “tvm-remediate team init”.") },
  { "42501", TVM_ERROR_FORBIDDEN,
    N_("The team's database does not allow this to your login. Ask an administrator of the team "
       "for the right: “tvm-remediate team members” lists them.") },
  { "42704", TVM_ERROR_NOT_FOUND,
    N_("There is no such login in the team's database. Make it first: “createuser --pwprompt "
       "LOGIN”.") },
  { "23505", TVM_ERROR_CONFLICT, N_("The team's database has this already.") },
  { "23", TVM_ERROR_REJECTED, N_("The team's database takes no such value.") },
  { "57014", TVM_ERROR_OFFLINE,
    N_("The team's database took too long for this. Try again later.") },
  { "55P03", TVM_ERROR_OFFLINE,
    N_("Somebody else holds up the team's database. Try again later.") },
  { "57P", TVM_ERROR_OFFLINE,
    N_("The team's database is starting or stopping. Try again in a moment.") },
  { "53", TVM_ERROR_OFFLINE,
    N_("The team's database has no room for this. Try again later, or tell its administrator.") },
  { "25006", TVM_ERROR_READ_ONLY,
    N_("The team's database can only be read now. Use the address of the server that is written "
       "to.") },
  { NULL, TVM_ERROR_FAILED, N_("The team's database reports an error.") },
};

/* libpq's words for an expired certificate too. */
#define UNTRUSTED "certificate verify failed"

static const Trouble expired = {
  UNTRUSTED, TVM_ERROR_FORBIDDEN,
  N_("The certificate of the team's server has expired. Its administrator has to renew it.")
};

static const Trouble failures[] = {
  { "no password supplied", TVM_ERROR_FORBIDDEN,
    N_("The password for the team's database is wrong or missing. Put it into ~/.pgpass (mode "
       "0600): HOST:PORT:DATABASE:LOGIN:PASSWORD.") },
  { "could not translate host name", TVM_ERROR_OFFLINE,
    N_("The host of the team's database is not known. Check its name in the address, and the "
       "network.") },
  { "root certificate file", TVM_ERROR_FORBIDDEN,
    N_("The file with the authority of the team's server cannot be read. Put it into "
       "~/.postgresql/root.crt, or name it with “sslrootcert” in the address.") },
  { "does not match host name", TVM_ERROR_FORBIDDEN,
    N_("The certificate of the team's server is for another name. Use the name that is in it, or "
       "have it renewed for this one.") },
  { UNTRUSTED, TVM_ERROR_FORBIDDEN,
    N_("The certificate of the team's server is not trusted, because its authority is not known "
       "here. Put the authority's certificate into ~/.postgresql/root.crt.") },
  { "does not support SSL", TVM_ERROR_FORBIDDEN,
    N_("The team's server does not speak TLS, without which nothing is sent to another computer. "
       "Its administrator has to set “ssl = on” with a certificate.") },
  { "definition of service", TVM_ERROR_INVALID,
    N_("The service of the address is not in ~/.pg_service.conf. Check its name.") },
  { NULL, TVM_ERROR_OFFLINE,
    N_("The team's database cannot be reached. Check host and port in the address, the network, "
       "and whether PostgreSQL runs there.") },
};

static void
set_error (GError       **error,
           const Trouble *trouble,
           const char    *said)
{
  g_autofree char *words = g_strdup (said != NULL ? said : "");

  g_strstrip (words);
  for (char *c = words; *c != '\0'; c++)
    if (*c == '\n')
      *c = ' ';
  if (*words == '\0')
    g_set_error_literal (error, TVM_ERROR, trouble->code, _(trouble->words));
  else
    g_set_error (error, TVM_ERROR, trouble->code, "%s (%s)", _(trouble->words), words);
}

static const Trouble *
find_refusal (const char *code)
{
  const Trouble *trouble = refusals;

  while (trouble->sign != NULL && !g_str_has_prefix (code, trouble->sign))
    trouble++;
  return trouble;
}

/* The last line with a code, as "FATAL:  28P01: password ..."; several addresses have one each. */
static char *
dup_code (const char *said,
          char      **out_words)
{
  g_autoptr(GRegex) regex = g_regex_new ("^.*?[A-Z]+:  ([0-9A-Z]{5}): (.*)$", G_REGEX_MULTILINE, 0,
                                         NULL);
  g_autoptr(GMatchInfo) match = NULL;

  if (!g_regex_match (regex, said, 0, &match))
    return NULL;
  *out_words = g_match_info_fetch (match, 2);
  return g_match_info_fetch (match, 1);
}

/**
 * tvm_team_fail_connect:
 * @connection: (nullable): one that could not be made
 * @error: return location for a #TvmError
 */
void
tvm_team_fail_connect (PGconn  *connection,
                       GError **error)
{
  const char *said = connection != NULL ? PQerrorMessage (connection) : "";
  const Trouble *trouble = failures;
  g_autofree char *words = NULL;
  g_autofree char *code = dup_code (said, &words);

  if (code != NULL)
    {
      set_error (error, find_refusal (code), words);
      return;
    }
  while (trouble->sign != NULL && strstr (said, trouble->sign) == NULL)
    trouble++;
  if (g_strcmp0 (trouble->sign, UNTRUSTED) == 0 && tvm_team_certificate_is_expired (connection))
    trouble = &expired;
  set_error (error, trouble, said);
}

/**
 * tvm_team_fail_result:
 * @result: (nullable): what the server answered; %NULL: the connection broke
 * @error: return location for a #TvmError
 */
void
tvm_team_fail_result (PGresult  *result,
                      GError   **error)
{
  const char *code = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;

  if (code != NULL)
    set_error (error, find_refusal (code), PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY));
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                 _("The connection with the team's database broke off. Try again."));
}
