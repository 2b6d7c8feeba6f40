/* tvm-settings.c: the profile's known settings, their defaults and what values they take; R1. Any
 * thread; blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"
#include "tvm-policy.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const TvmSettingInfo infos[] = {
  { "cloud", "commercial", N_("Microsoft cloud: commercial, gcc, gcc-high, dod or custom") },
  { "region", "global",
    N_("Commercial cloud: region of the Defender API: global, us, eu, uk, au, swa or ina") },
  { "authority-url", "", N_("Custom cloud: address of the identity platform") },
  { "defender-url", "", N_("Custom cloud: address of the Defender API") },
  { "graph-url", "", N_("Custom cloud: address of Microsoft Graph") },
  { "tenant-id", "", N_("Tenant: its id, a verified domain or “organizations”") },
  { "client-id", "", N_("Application (client) id of the app registration") },
  { "intune-connection", "false", N_("Microsoft Intune connection: true or false") },
  { "sync-interval-minutes", "60", N_("Minutes between automatic synchronizations; 0: none") },
  { "retention-days", "180", N_("Days a completed activity stays on the Remediation page") },
  { "retention-action", "archive", N_("Afterwards: archive or delete") },
  { "known-exploited-url", "",
    N_("Address of a catalog of known exploited vulnerabilities, fetched daily; none: never") },
  { "policy", "none",
    N_("Policy for priority and due date: a preset (“policy --help” lists them) or JSON") },
  { "it-admin-email", "", N_("E-mail address of the IT admins") },
  { "ticket-language", "en",
    N_("Language of tickets and of the e-mail to the IT admins: en, de, fr, ja, sv or zh_TW") },
  { "remind-overdue", "true", N_("Notify of activities that are overdue: true or false") },
  { "remind-due-soon", "true", N_("Notify of activities that are due soon: true or false") },
  { "remind-ticket-accepted", "true", N_("Notify of accepted tickets: true or false") },
  { "remind-ticket-rejected", "true", N_("Notify of rejected tickets: true or false") },
  { "remind-ticket-completed", "true", N_("Notify of completed tickets: true or false") },
  { "remind-activity-completed", "true",
    N_("Notify of activities completed by System confirmation: true or false") },
  { "remind-exposed-again", "true", N_("Notify of devices exposed again: true or false") },
  { "remind-exception-ending", "true", N_("Notify of exceptions that end soon: true or false") },
};

/**
 * tvm_settings_list:
 * @n: (out): how many there are
 *
 * Returns: (transfer none): the known settings
 */
const TvmSettingInfo *
tvm_settings_list (guint *n)
{
  *n = G_N_ELEMENTS (infos);
  return infos;
}

/* NULL with INVALID where there is none of that name. */
static const TvmSettingInfo *
find_setting (const char *key,
              GError    **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (strcmp (infos[i].key, key) == 0)
      return &infos[i];
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: %s is what was typed as a setting's name. */
               _("There is no setting “%s”. “tvm-remediate config list” shows them "
                 "all."), key);
  return NULL;
}

static gboolean
check_word (const char        *key,
            const char        *value,
            const char *const *words,
            GError           **error)
{
  g_autofree char *list = NULL;

  if (g_strv_contains (words, value))
    return TRUE;
  list = g_strjoinv (_(", "), (char **) words);
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: a wrong value, the setting's name, then the list of values it
                * takes. */
               _("“%s” is no value for “%s”. Choose one of: %s."), value, key, list);
  return FALSE;
}

static gboolean
check_number (const char *key,
              const char *value,
              guint64     min,
              guint64     max,
              gboolean    zero_too,
              GError    **error)
{
  guint64 number;

  if (g_ascii_string_to_unsigned (value, 10, 0, max, &number, NULL) &&
      (number >= min || (zero_too && number == 0)))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: a wrong value, the setting's name, the smallest and largest
                * number. */
               zero_too ? _("“%s” is no value for “%s”. Give a whole number from %u to %u, or 0.")
                        : _("“%s” is no value for “%s”. Give a whole number from %u to %u."),
               value, key, (guint) min, (guint) max);
  return FALSE;
}

/* One address, or none. The mail program gets it, so nothing but an address may be in it. */
static gboolean
check_email (const char *value,
             GError    **error)
{
  /* U+FFFD stands where the input was not UTF-8. */
  static const char pattern[] =
    "\\A[^\\s[:cntrl:]@<>,;:?&\"%\uFFFD]{1,64}@[^\\s[:cntrl:]@<>,;:?&\"%\uFFFD]{1,190}\\z";

  if (*value == '\0' || g_regex_match_simple (pattern, value, 0, 0))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: %s is what was typed. */
               _("“%s” is no e-mail address. Write it as name@example.com."), value);
  return FALSE;
}

/* The other addresses, tenant and client id only complete the check. */
static gboolean
check_url (const char *key,
           const char *value,
           GError    **error)
{
  static const char *const keys[] = { "authority-url", "defender-url", "graph-url" };
  g_autoptr(TvmEndpoints) endpoints = NULL;
  const char *urls[G_N_ELEMENTS (keys)];

  if (*value == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    urls[i] = strcmp (keys[i], key) == 0 ? value : "https://localhost";
  endpoints = tvm_endpoints_new ("custom", urls[0], urls[1], urls[2], "organizations",
                                 "00000000-0000-0000-0000-000000000000", error);
  return endpoints != NULL;
}

static gboolean
check_policy (const char *value,
              GError    **error)
{
  g_autoptr(TvmPolicy) policy = tvm_policy_parse (value, error);

  return policy != NULL;
}

static gboolean
check_tenant (const char *tenant_id,
              const char *client_id,
              GError    **error)
{
  g_autoptr(TvmEndpoints) endpoints =
    tvm_endpoints_new ("commercial", NULL, NULL, NULL, tenant_id, client_id, error);

  return endpoints != NULL;
}

/**
 * tvm_setting_check:
 * @key: a setting's name
 * @text: UTF-8 text, from which tvm_sync_engine_set_config() takes what nobody sees
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether there is that setting and it takes the value; whether what it names works is
 *   another question
 */
gboolean
tvm_setting_check (const char *key,
                   const char *text,
                   GError    **error)
{
  g_autofree char *value = tvm_text_clean (text, -1, FALSE);
  static const char *const clouds[] = { "commercial", "gcc", "gcc-high", "dod", "custom", NULL };
  static const char *const regions[] = { "global", "us", "eu", "uk", "au", "swa", "ina", NULL };
  static const char *const booleans[] = { "true", "false", NULL };
  static const char *const actions[] = { "archive", "delete", NULL };

  if (find_setting (key, error) == NULL)
    return FALSE;
  if (strcmp (key, "cloud") == 0)
    return check_word (key, value, clouds, error);
  if (strcmp (key, "region") == 0)
    return check_word (key, value, regions, error);
  if (strcmp (key, "intune-connection") == 0 || g_str_has_prefix (key, "remind-"))
    return check_word (key, value, booleans, error);
  if (strcmp (key, "retention-action") == 0)
    return check_word (key, value, actions, error);
  if (strcmp (key, "sync-interval-minutes") == 0)
    return check_number (key, value, 5, 1440, TRUE, error);
  if (strcmp (key, "retention-days") == 0)
    return check_number (key, value, 1, 3650, FALSE, error);
  if (strcmp (key, "ticket-language") == 0)
    return check_word (key, value, tvm_language_list (), error);
  if (strcmp (key, "it-admin-email") == 0)
    return check_email (value, error);
  if (strcmp (key, "policy") == 0)
    return check_policy (value, error);
  if (strcmp (key, "known-exploited-url") == 0)
    return *value == '\0' || tvm_endpoints_check_url (value, key, error);
  if (g_str_has_suffix (key, "-url"))
    return check_url (key, value, error);
  if (strcmp (key, "tenant-id") == 0 && *value != '\0')
    return check_tenant (value, "00000000-0000-0000-0000-000000000000", error);
  if (strcmp (key, "client-id") == 0 && *value != '\0')
    return check_tenant ("organizations", value, error);
  return TRUE;
}

/* Whether another value means another service, so that tokens no longer fit. */
static gboolean
is_of_connection (const char *key)
{
  return strcmp (key, "cloud") == 0 || strcmp (key, "tenant-id") == 0 ||
         strcmp (key, "client-id") == 0 ||
         (g_str_has_suffix (key, "-url") && strcmp (key, "known-exploited-url") != 0);
}

/**
 * tvm_sync_engine_get_config:
 * @self: an engine
 * @key: a setting's name
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): its value, the default where it was never set; of the policy
 *   the team's, where it has one
 */
char *
tvm_sync_engine_get_config (TvmSyncEngine *self,
                            const char    *key,
                            GError       **error)
{
  const TvmSettingInfo *info = find_setting (key, error);
  g_autoptr(GError) local_error = NULL;
  char *value = NULL;

  if (info == NULL || (strcmp (key, "policy") == 0 &&
                       !tvm_sync_load_team_policy (self, &value, error)))
    return NULL;
  if (value != NULL)
    return value;
  value = tvm_store_get_setting (self->store, key, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return value != NULL ? value : g_strdup (info->default_value);
}

/**
 * tvm_sync_reads_true:
 * @self: an engine
 * @key: a setting's name
 * @out: (out): whether it is on
 * @error: return location for a #TvmError
 *
 * Returns: whether it could be read
 */
gboolean
tvm_sync_reads_true (TvmSyncEngine *self,
                     const char    *key,
                     gboolean      *out,
                     GError       **error)
{
  g_autofree char *value = tvm_sync_engine_get_config (self, key, error);

  *out = g_strcmp0 (value, "true") == 0;
  return value != NULL;
}

/* R1: the extra permission and one call; only then the connection may be on. */
static gboolean
check_intune (TvmSyncEngine *self,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TvmClient) client = NULL;
  GError *local_error = NULL;

  if (!tvm_sync_session_require (self, &client, NULL, cancellable, error))
    return FALSE;
  if (tvm_client_check_intune (client, cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
                 /* Translators: %s is what the service said. */
                 _("The Microsoft Intune connection stays off: the account may not manage Intune "
                   "security tasks. Ask an administrator to consent to "
                   "DeviceManagementApps.ReadWrite.All and to assign an Intune licence. (%s)"),
                 local_error->message);
  else if (g_error_matches (local_error, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED))
    g_set_error (error, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED,
                 /* Translators: %s is what the service said. */
                 _("The Microsoft Intune connection stays off until its permission is given. "
                   "Sign in once more for it: tvm-remediate sign-in --intune, then switch it on "
                   "again. (%s)"),
                 local_error->message);
  else if (local_error->domain == TVM_ERROR)
    g_set_error (error, TVM_ERROR, local_error->code,
                 /* Translators: %s is the reason, a whole sentence. */
                 _("The Microsoft Intune connection stays off. %s"), local_error->message);
  else
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (error != NULL)
    tvm_error_set_correlation_id (*error, tvm_error_get_correlation_id (local_error));
  g_clear_error (&local_error);
  return FALSE;
}

/* R1: on only if it works, also when it was on before. The service is asked without the lock, which
 * commands that work offline need; what was set meanwhile was decided later, and stands. */
static gboolean
connect_intune (TvmSyncEngine *self,
                GCancellable  *cancellable,
                GError       **error)
{
  int serial = g_atomic_int_get (&self->connection_serial);
  gboolean works = check_intune (self, cancellable, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  if (serial == g_atomic_int_get (&self->connection_serial))
    return tvm_store_set_setting (self->store, "intune-connection", works ? "true" : NULL,
                                  works ? error : NULL) && works;
  if (works)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("The settings of the connection were changed meanwhile. Look at them, "
                           "then switch the Microsoft Intune connection on again."));
  return FALSE;
}

/* What is listed line by line is kept so. */
static void
put_policy_in_line (char **value)
{
  g_autoptr(TvmPolicy) policy = tvm_policy_parse (*value, NULL);
  g_autofree char *line = tvm_policy_to_setting (policy);

  tvm_set_str (value, line);
}

/**
 * tvm_sync_engine_set_config:
 * @self: an engine
 * @key: a setting's name
 * @value: (nullable): its new value, which may be pasted: what nobody sees is left out; %NULL or ""
 *   where it has no default
 * @cancellable: (nullable): for the check of the Microsoft Intune connection
 * @error: return location for a #TvmError
 *
 * Sets a setting. Another cloud, address, tenant or client id signs nobody in there: the
 * connection is made anew and the Microsoft Intune connection goes off. In a team the policy is set
 * for the team.
 *
 * Returns: %FALSE on error; the setting is then as before, but a Microsoft Intune connection that
 *   does not work is off
 */
gboolean
tvm_sync_engine_set_config (TvmSyncEngine *self,
                            const char    *key,
                            const char    *value,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *before = NULL;
  g_autofree char *valid = tvm_text_clean (value != NULL ? value : "", -1, FALSE);
  gboolean is_intune = strcmp (key, "intune-connection") == 0, is_teams = FALSE;

  if (!tvm_setting_check (key, valid, error))
    return FALSE;
  if (strcmp (key, "policy") == 0)
    {
      put_policy_in_line (&valid);
      if (!tvm_sync_set_team_policy (self, valid, &is_teams, error) || is_teams)
        return is_teams;
    }
  if (is_intune && strcmp (valid, "true") == 0)
    return tvm_sync_session_may_decide (self, error) && connect_intune (self, cancellable, error);
  locker = g_mutex_locker_new (&self->command_mutex);
  before = tvm_sync_engine_get_config (self, key, error);
  if (before == NULL)
    return FALSE;
  if (is_intune || is_of_connection (key))
    g_atomic_int_inc (&self->connection_serial);
  if (strcmp (before, valid) == 0)
    return TRUE;
  if (is_of_connection (key) &&
      !tvm_store_set_setting (self->store, "intune-connection", NULL, error))
    return FALSE;
  if (!tvm_store_set_setting (self->store, key, valid, error))
    return FALSE;
  if (is_of_connection (key))
    tvm_sync_session_drop (self);
  return TRUE;
}

/* ---- for the window ------------------------------------------------------------------------ */

static gboolean
set_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  return tvm_sync_engine_set_config (self, words->first, words->second, cancellable, error);
}

/**
 * tvm_sync_engine_set_config_async:
 * @self: an engine
 * @key: a setting's name
 * @value: (nullable): its new value
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_set_config() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_set_config_async (TvmSyncEngine *self, const char *key, const char *value,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  tvm_sync_task_run (self, set_call, tvm_sync_words_new (key, value), tvm_sync_words_free,
                     cancellable, callback, user_data);
}

static gboolean
get_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  words->second = tvm_sync_engine_get_config (self, words->first, error);
  return words->second != NULL;
}

/**
 * tvm_sync_engine_get_config_async:
 * @self: an engine
 * @key: a setting's name
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_get_config() on a worker.
 */
void
tvm_sync_engine_get_config_async (TvmSyncEngine *self, const char *key, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run_quiet (self, get_call, tvm_sync_words_new (key, NULL), tvm_sync_words_free,
                           cancellable, callback, user_data);
}

/**
 * tvm_sync_engine_get_config_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the setting's value
 */
char *
tvm_sync_engine_get_config_finish (TvmSyncEngine  *self,
                                   GAsyncResult   *result,
                                   GError        **error)
{
  TvmSyncWords *words = tvm_sync_task_finish (self, result, get_call, error);

  return words != NULL ? g_steal_pointer (&words->second) : NULL;
}
