/* tvm-settings.c: the profile's known settings, their defaults and what values they take. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-settings-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const TvmSettingInfo infos[] = {
  { "cloud", "commercial", N_("Microsoft cloud: commercial, gcc, gcc-high, dod or custom") },
  { "authority-url", "", N_("Custom cloud: address of the identity platform") },
  { "defender-url", "", N_("Custom cloud: address of the Defender API") },
  { "graph-url", "", N_("Custom cloud: address of Microsoft Graph") },
  { "tenant-id", "", N_("Tenant: its id, a verified domain or “organizations”") },
  { "client-id", "", N_("Application (client) id of the app registration") },
  { "intune-connection", "false", N_("Microsoft Intune connection: true or false") },
  { "sync-interval-minutes", "60", N_("Minutes between automatic synchronizations; 0: none") },
  { "retention-days", "180", N_("Days a completed activity stays on the Remediation page") },
  { "retention-action", "archive", N_("Afterwards: archive or delete") },
  { "it-admin-email", "", N_("E-mail address of the IT admins") },
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

/**
 * tvm_setting_find:
 * @key: a setting's name
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: (transfer none) (nullable): the setting, %NULL when there is none of that name
 */
const TvmSettingInfo *
tvm_setting_find (const char *key,
                  GError    **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (strcmp (infos[i].key, key) == 0)
      return &infos[i];
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: %s is what was typed as a setting's name. */
               _("There is no setting “%s”. “tvm-remediate config list” shows them all."), key);
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
  list = g_strjoinv (", ", (char **) words);
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: a wrong value, the setting's name, then the list of values it takes. */
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
               /* Translators: a wrong value, the setting's name, the smallest and largest number. */
               _("“%s” is no value for “%s”. Give a whole number from %u to %u."), value, key,
               (guint) min, (guint) max);
  return FALSE;
}

/* One address, or none. The mail program gets it, so nothing but an address may be in it. */
static gboolean
check_email (const char *value,
             GError    **error)
{
  if (*value == '\0' || g_regex_match_simple ("^[^\\s@<>,;:?&\"]+@[^\\s@<>,;:?&\"]+$", value, 0, 0))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               /* Translators: %s is what was typed. */
               _("“%s” is no e-mail address. Write it as name@example.com."), value);
  return FALSE;
}

static gboolean
check_url (const char *value,
           GError    **error)
{
  /* The shared client id and tenant only complete the check; the address is what is looked at. */
  g_autoptr(TvmEndpoints) endpoints = NULL;

  if (*value == '\0')
    return TRUE;
  endpoints = tvm_endpoints_new ("custom", value, value, value, "organizations",
                                 "00000000-0000-0000-0000-000000000000", error);
  return endpoints != NULL;
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
 * @key: a known setting
 * @value: what it shall be, UTF-8
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether the setting takes the value
 */
gboolean
tvm_setting_check (const char *key,
                   const char *value,
                   GError    **error)
{
  static const char *const clouds[] = { "commercial", "gcc", "gcc-high", "dod", "custom", NULL };
  static const char *const booleans[] = { "true", "false", NULL };
  static const char *const actions[] = { "archive", "delete", NULL };

  if (strcmp (key, "cloud") == 0)
    return check_word (key, value, clouds, error);
  if (strcmp (key, "intune-connection") == 0)
    return check_word (key, value, booleans, error);
  if (strcmp (key, "retention-action") == 0)
    return check_word (key, value, actions, error);
  if (strcmp (key, "sync-interval-minutes") == 0)
    return check_number (key, value, 5, 1440, TRUE, error);
  if (strcmp (key, "retention-days") == 0)
    return check_number (key, value, 1, 3650, FALSE, error);
  if (strcmp (key, "it-admin-email") == 0)
    return check_email (value, error);
  if (g_str_has_suffix (key, "-url"))
    return check_url (value, error);
  if (strcmp (key, "tenant-id") == 0 && *value != '\0')
    return check_tenant (value, "00000000-0000-0000-0000-000000000000", error);
  if (strcmp (key, "client-id") == 0 && *value != '\0')
    return check_tenant ("organizations", value, error);
  return TRUE;
}

/**
 * tvm_setting_is_of_connection:
 * @key: a known setting
 *
 * Returns: whether another value means another service, so that tokens no longer fit
 */
gboolean
tvm_setting_is_of_connection (const char *key)
{
  return strcmp (key, "cloud") == 0 || strcmp (key, "tenant-id") == 0 ||
         strcmp (key, "client-id") == 0 || g_str_has_suffix (key, "-url");
}
