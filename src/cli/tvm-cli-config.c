/* tvm-cli-config.c: the command config. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

static gboolean
is_setting (const char *key)
{
  guint n;
  const TvmSettingInfo *settings = tvm_settings_list (&n);

  for (guint i = 0; i < n; i++)
    if (strcmp (settings[i].key, key) == 0)
      return TRUE;
  return FALSE;
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

/**
 * tvm_cli_config_run:
 * @self: the command line
 *
 * config list, config get KEY, config set KEY VALUE.
 *
 * Returns: the exit status
 */
TvmCliStatus
tvm_cli_config_run (TvmCli *self)
{
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autoptr(GError) error = NULL;
  const char *verb, *key;
  guint n_words;
  gboolean done;

  if (!tvm_cli_parse (self, entries, 1, 3))
    return TVM_CLI_USAGE;
  n_words = g_strv_length (self->arguments) - 1;
  verb = self->arguments[1];
  key = n_words > 1 ? self->arguments[2] : NULL;
  if (!(n_words == 1 && strcmp (verb, "list") == 0) &&
      !(n_words == 2 && strcmp (verb, "get") == 0) &&
      !(n_words == 3 && strcmp (verb, "set") == 0))
    return tvm_cli_usage_error (_("“config” takes “list”, “get KEY” or “set KEY VALUE”."));
  if (key != NULL && !is_setting (key))
    return tvm_cli_usage_error (_("“%s” is not a setting. See “tvm-remediate config list”."), key);
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  if (n_words == 3)
    done = tvm_sync_engine_set_config (self->engine, key, self->arguments[3], self->cancellable,
                                       &error);
  else
    done = print_settings (self, key, &error);
  return done ? TVM_CLI_DONE : tvm_cli_fail (error);
}
