/* tvm-cli-sign-in.c: the commands sign-in and sign-out. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

/* What the person has to do now: on standard output, which JSON has for itself. */
static void
print_instruction (TvmCli     *self,
                   const char *text)
{
  g_autofree char *plain = tvm_text_make_plain (text, -1, G_MAXSIZE);

  if (self->json)
    tvm_cli_message ("%s", plain);
  else
    g_print ("%s\n", plain);
  fflush (stdout);
}

static void
show_device_code_cb (const char *user_code,
                     const char *verification_uri,
                     const char *message,
                     gpointer    user_data)
{
  /* Translators: the first %s is a web address, the second the code to type there. */
  g_autofree char *text = g_strdup_printf (_("Open %s in a browser and enter the code %s"),
                                           verification_uri, user_code);

  print_instruction (user_data, text);
}

static gboolean
print_url_cb (const char *url,
              gpointer    user_data)
{
  /* Translators: %s is a web address. */
  g_autofree char *text = g_strdup_printf (_("Open this page in a browser on this computer to sign "
                                             "in: %s"), url);

  print_instruction (user_data, text);
  return TRUE;
}

/* Where no browser starts, the printed page is still there to be opened by hand. */
static gboolean
open_url_cb (const char *url,
             gpointer    user_data)
{
  print_url_cb (url, user_data);
  g_app_info_launch_default_for_uri (url, NULL, NULL);
  return TRUE;
}

static void
print_account (TvmCli           *self,
               const TvmAccount *account)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (!self->json)
    {
      /* Translators: %s is an e-mail address. */
      g_autofree char *text = g_strdup_printf (
        _("Signed in as %s"), account->user_name != NULL ? account->user_name : "?");
      g_autofree char *plain = tvm_text_make_plain (text, -1, G_MAXSIZE);

      g_print ("%s\n", plain);
      return;
    }
  tvm_cli_json_string (builder, "account", account->user_name);
  tvm_cli_json_string (builder, "name", account->name);
  tvm_cli_json_string (builder, "tenant", account->tenant_id);
  tvm_cli_json_end (builder);
}

static gboolean
sign_in (TvmCli       *self,
         gboolean      device_code,
         gboolean      no_browser,
         gboolean      intune_write,
         GError      **error)
{
  if (device_code)
    return tvm_sync_engine_sign_in_with_device_code (self->engine, intune_write,
                                                     show_device_code_cb,
                                                     self, self->cancellable, error);
  return tvm_sync_engine_sign_in_with_browser (self->engine, intune_write,
                                               no_browser ? print_url_cb : open_url_cb, self,
                                               self->cancellable, error);
}

static TvmCliStatus
run_sign_in (TvmCli *self)
{
  gboolean device_code = FALSE, no_browser = FALSE, intune_write = FALSE;
  const GOptionEntry entries[] = {
    { "device-code", 0, 0, G_OPTION_ARG_NONE, &device_code,
      N_("Print a code to be entered in any browser"), NULL },
    { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser, N_("Only print the page to open"), NULL },
    { "intune", 0, 0, G_OPTION_ARG_NONE, &intune_write,
      N_("Ask for the permission to write Intune security tasks too"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_parse (self, entries, 0, 0))
    return TVM_CLI_USAGE;
  if (device_code && no_browser)
    return tvm_cli_usage_error (_("“--device-code” and “--no-browser” do not go "
                                  "together."));
  if (!tvm_cli_open_engine (self, &error) ||
      !sign_in (self, device_code, no_browser, intune_write, &error))
    return tvm_cli_fail (error);
  account = tvm_sync_engine_dup_account (self->engine, self->cancellable, &error);
  if (account == NULL)
    return tvm_cli_fail (error);
  print_account (self, account);
  return TVM_CLI_DONE;
}

/* Local data stay unless told otherwise. */
static TvmCliStatus
run_sign_out (TvmCli *self)
{
  gboolean delete_data = FALSE;
  const GOptionEntry entries[] = {
    { "delete-data", 0, 0, G_OPTION_ARG_NONE, &delete_data,
      N_("Delete all data of the profile too, its settings included"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_parse (self, entries, 0, 0))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error) ||
      !tvm_sync_engine_sign_out (self->engine, delete_data, self->cancellable, &error))
    return tvm_cli_fail (error);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_sign_in_command = {
  "sign-in",
  "[--device-code|--no-browser] [--intune]",
  N_("Sign in with the browser, or with a code on another device"),
  run_sign_in,
  .makes_profile = ""
};

const TvmCliCommand tvm_cli_sign_out_command = {
  "sign-out", "[--delete-data]", N_("Forget the account's tokens"), run_sign_out
};
