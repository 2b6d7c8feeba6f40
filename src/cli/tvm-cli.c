/* tvm-cli.c: the program users start: finds the command, or opens the window without one. Main
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-demo-tenant.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const TvmCliCommand commands[] = {
  { "config", "list | get KEY | set KEY VALUE", N_("Show or change the profile's settings"),
    tvm_cli_config_run },
  { "sign-in", "[--device-code|--no-browser] [--intune]",
    N_("Sign in with the browser, or with a code on another device"), tvm_cli_sign_in_run },
  { "sign-out", "[--delete-data]", N_("Forget the account's tokens"), tvm_cli_sign_out_run },
  { "sync", "[--full]", N_("Pull from the services and send what waits in the outbox"),
    tvm_cli_sync_run },
  { "status", "", N_("Show the account, the last sync, counts and the outbox"),
    tvm_cli_status_run },
  { "recommendations", "[--search TEXT] [--status STATUS] [--limit N]",
    N_("List the security recommendations"), tvm_cli_recommendations_run },
  { "devices", "[--search TEXT] [--status STATUS] [--limit N]", N_("List the devices"),
    tvm_cli_devices_run },
  { "activities", "[--search TEXT] [--status STATUS] [--limit N] [--overdue] "
    "[--disagreements] [--archived]",
    N_("List the remediation activities"), tvm_cli_activities_run },
  { "recommendation", "ID", N_("Show one security recommendation, whole"),
    tvm_cli_recommendation_run },
  { "activity", "ID", N_("Show one remediation activity, whole"), tvm_cli_activity_run },
  { "exceptions", "[--search TEXT] [--status STATUS] [--justification JUSTIFICATION] [--limit N]",
    N_("List the exceptions"), tvm_cli_exceptions_run },
  { "exception",
    "ID | add RECOMMENDATION --justification JUSTIFICATION --context TEXT (--duration DAYS | "
    "--until YYYY-MM-DD) (--all-groups | --group NAME…) [--dry-run] | cancel ID [--group NAME…]",
    N_("Show, file or cancel an exception"), tvm_cli_exception_run },
  { "request",
    "RECOMMENDATION [RECOMMENDATION…] --type TYPE (--all-groups | --group NAME…) "
    "[--priority PRIORITY] [--due YYYY-MM-DD] [--note TEXT] "
    "[--intune [--split] [--left-out FILE]] [--dry-run]",
    N_("Request remediation of one or several recommendations"), tvm_cli_request_run },
  { "complete", "ID [ID…] [--note TEXT]", N_("Mark remediation activities as completed"),
    tvm_cli_complete_run },
  { "withdraw", "TICKET [TICKET…]",
    N_("Take back tickets that the IT admin has not accepted yet"), tvm_cli_withdraw_run },
  { "outbox", "list | retry ID | revoke ID",
    N_("Show what waits to be sent, send it now or take it back"), tvm_cli_outbox_run },
  { "export",
    "(activities | activity ID [ID…] | recommendations | devices | exceptions | archive | "
    "history [ID]) --output FILE [--format FORMAT] [--force]",
    N_("Export to CSV"), tvm_cli_export_run },
  { "notify", "ID [--attach FILE]",
    N_("Print the e-mail that tells the IT admin of a remediation activity"), tvm_cli_notify_run },
  { "due", "[--within DAYS]", N_("List what is overdue or due soon, for timers"), tvm_cli_due_run },
  { "demo-tenant", "[--port N] [--devices N] [--recommendations N] [--activities N] [--seed N]",
    N_("Serve the demo tenant on this computer only"), NULL /* a program of its own */ },
};

/* The words before the command, and where it stands. */
typedef struct
{
  const char *profile;        /* NULL: the default one */
  int         command_index;  /* 0: none */
  gboolean    json, help, version;
} Start;

static void
use_translations (void)
{
  g_autofree char *built = tvm_cli_dup_build_path ("po");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, built != NULL ? TVM_BUILD_LOCALEDIR : TVM_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static gboolean
arguments_are_utf8 (int    argc,
                    char **argv)
{
  for (int i = 1; i < argc; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      {
        g_autofree char *shown = g_utf8_make_valid (argv[i], -1);

        tvm_cli_message (_("Argument %d, “%s”, is not valid UTF-8 text. Type it again."), i, shown);
        return FALSE;
      }
  return TRUE;
}

static const TvmCliCommand *
find_command (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, word) == 0)
      return &commands[i];
  return NULL;
}

/* Reads one option before the command; *index moves on over its value. */
static gboolean
read_early_option (Start *start,
                   int    argc,
                   char **argv,
                   int   *index)
{
  const char *word = argv[*index];

  if (strcmp (word, "--json") == 0)
    start->json = TRUE;
  else if (strcmp (word, "--help") == 0 || strcmp (word, "-h") == 0)
    start->help = TRUE;
  else if (strcmp (word, "--version") == 0)
    start->version = TRUE;
  else if (g_str_has_prefix (word, "--profile="))
    start->profile = word + strlen ("--profile=");
  else if (strcmp (word, "--profile") == 0 && *index + 1 < argc)
    start->profile = argv[++*index];
  else if (strcmp (word, "--demo") != 0)
    {
      tvm_cli_usage_error (_("“%s” is not an option, or lacks its value. See “tvm-remediate "
                             "--help”."),
                           word);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_start (Start *start,
            int    argc,
            char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      if (argv[i][0] != '-')
        {
          start->command_index = i;
          break;
        }
      if (!read_early_option (start, argc, argv, &i))
        return FALSE;
    }
  return start->profile == NULL || tvm_cli_profile_check (start->profile);
}

static void
print_help (void)
{
  g_print ("%s\n\n", _("Usage: tvm-remediate [--profile NAME] [--json] COMMAND …\n"
                       "       tvm-remediate [--profile NAME | --demo]     opens the window"));
  g_print ("%s\n", _("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %s %s\n      %s\n", commands[i].name, commands[i].arguments,
             _(commands[i].summary));
  g_print ("\n%s\n", _("“tvm-remediate COMMAND --help” tells a command's options."));
  g_print ("%s\n", _("Exit status: 0 done, 1 failed, 2 wrong usage, 3 sign-in needed, "
                     "4 service not reachable (what could be done offline is done), "
                     "10 something is overdue (due only)."));
}

static TvmCliStatus
run_command (const TvmCliCommand *command,
             const Start         *start,
             int                  argc,
             char               **argv)
{
  TvmCli cli = { .command = command, .json = start->json };
  g_autoptr(GStrvBuilder) arguments = g_strv_builder_new ();
  g_autoptr(GError) error = NULL;
  TvmCliStatus status;

  for (int i = start->command_index; i < argc; i++)
    g_strv_builder_add (arguments, argv[i]);
  cli.arguments = g_strv_builder_end (arguments);
  cli.profile = g_strdup (start->profile != NULL ? start->profile : "default");
  cli.cancellable = g_cancellable_new ();
  g_mutex_init (&cli.told_mutex);
  tvm_cli_watch_signals (&cli);
  status = command->run (&cli);
  if (!tvm_cli_close (&cli, &error) && status == TVM_CLI_DONE)
    status = tvm_cli_fail (error);
  if ((fflush (stdout) != 0 || ferror (stdout)) && status == TVM_CLI_DONE)
    {
      tvm_cli_message ("%s", _("Standard output cannot be written."));
      status = TVM_CLI_FAILED;
    }
  return status;
}

/**
 * main:
 * @argc: how many words
 * @argv: (array length=argc): the command line
 *
 * Runs one command, or becomes the window's program where none is named.
 *
 * Returns: the exit status, a #TvmCliStatus
 */
int
main (int    argc,
      char **argv)
{
  Start start = { NULL };
  const TvmCliCommand *command;

  use_translations ();
  if (!arguments_are_utf8 (argc, argv) || !read_start (&start, argc, argv))
    return TVM_CLI_USAGE;
  if (start.version)
    g_print ("tvm-remediate %s\n", TVM_VERSION);
  else if (start.help)
    print_help ();
  if (start.version || start.help)
    return TVM_CLI_DONE;
  if (start.command_index == 0)
    return start.json ? tvm_cli_usage_error (_("“--json” needs a command. See “tvm-remediate "
                                               "--help”."))
                      : tvm_cli_open_window (argc, argv);
  command = find_command (argv[start.command_index]);
  if (command == NULL)
    return tvm_cli_usage_error (_("“%s” is not a command. See “tvm-remediate --help”."),
                                argv[start.command_index]);
  if (command->run == NULL)
    return tvm_demo_tenant_main (argc - start.command_index, argv + start.command_index);
  return run_command (command, &start, argc, argv);
}
