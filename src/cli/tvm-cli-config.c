/* tvm-cli-config.c: the command config. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* Says which key was meant where there is none of that name. */
static gboolean
check_key (const char *key)
{
  guint n;
  const TvmSettingInfo *settings = tvm_settings_list (&n);
  g_autofree const char **keys = g_new0 (const char *, n + 1);
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < n; i++)
    keys[i] = settings[i].key;
  if (g_strv_contains (keys, key))
    return TRUE;
  sentence = g_strdup_printf (_("“%s” is not a setting. See “tvm-remediate config "
                                "list”."), key);
  tvm_cli_unknown_word (sentence, key, keys);
  return FALSE;
}

static char *
dup_keys_text (void)
{
  guint n;
  const TvmSettingInfo *settings = tvm_settings_list (&n);
  g_autoptr(GString) text = g_string_new (NULL);

  /* Translators: before a list of settings, each with its default and what it is. */
  g_string_append_printf (text, "%s\n", _("Settings and their defaults:"));
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "  %s=%s\n      %s\n", settings[i].key,
                            settings[i].default_value, _(settings[i].description));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What is wrong with the words themselves. */
static gboolean
check_words (TvmCli *self)
{
  static const char *const verbs[] = { "list", "get", "set", NULL };
  const char *verb = self->arguments[1];
  const char *key = self->arguments[2];
  guint n_words = g_strv_length (self->arguments) - 1;
  g_autoptr(GError) error = NULL;

  if (!(n_words == 1 && strcmp (verb, "list") == 0) &&
      !(n_words == 2 && strcmp (verb, "get") == 0) &&
      !(n_words == 3 && strcmp (verb, "set") == 0))
    {
      tvm_cli_unknown_word (_("“config” takes “list”, “get KEY” or “set KEY "
                              "VALUE”."), verb, verbs);
      return FALSE;
    }
  if (key != NULL && !check_key (key))
    return FALSE;
  if (n_words == 3 && !tvm_setting_check (key, self->arguments[3], &error))
    {
      tvm_cli_usage_error ("%s", error->message);
      return FALSE;
    }
  return TRUE;
}

static gboolean
print_setting (TvmCli      *self,
               JsonBuilder *builder,
               const char  *key,
               gboolean     with_key,
               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *value = tvm_sync_engine_get_config (self->engine, key, &local_error);
  g_autofree char *plain = NULL;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (self->json)
    {
      tvm_cli_json_string (builder, key, value);
      return TRUE;
    }
  plain = tvm_text_make_plain (value != NULL ? value : "", -1, G_MAXSIZE);
  if (with_key)
    g_print ("%s=%s\n", key, plain);
  else
    g_print ("%s\n", plain);
  return TRUE;
}

/* One setting, or all of them when key is NULL. */
static gboolean
print_settings (TvmCli     *self,
                const char *key,
                GError    **error)
{
  guint n;
  const TvmSettingInfo *settings = tvm_settings_list (&n);
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  if (key != NULL && !print_setting (self, builder, key, FALSE, error))
    return FALSE;
  for (guint i = 0; key == NULL && i < n; i++)
    if (!print_setting (self, builder, settings[i].key, TRUE, error))
      return FALSE;
  json_builder_end_object (builder);
  if (self->json)
    tvm_cli_json_print (builder);
  return TRUE;
}

static TvmCliStatus
run_config (TvmCli *self)
{
  g_autoptr(GError) error = NULL;
  const char *key;
  gboolean done;

  self->details = dup_keys_text ();
  if (!tvm_cli_parse (self, NULL, 1, 3) || !check_words (self))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  key = self->arguments[2];
  if (key != NULL && self->arguments[3] != NULL)
    done = tvm_sync_engine_set_config (self->engine, key, self->arguments[3], self->cancellable,
                                       &error);
  else
    done = print_settings (self, key, &error);
  return done ? TVM_CLI_DONE : tvm_cli_fail (error);
}

const TvmCliCommand tvm_cli_config_command = {
  "config", "list | get KEY | set KEY VALUE",
  N_("Show or change the profile's settings"), run_config, .makes_profile = "set"
};
