/* tvm-cli.c: the program users start: finds the command, or opens the window without one. Main
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE  /* on_exit */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-demo-tenant.h"
#include "tvm-surroundings.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const TvmCliCommand *const commands[] = { TVM_CLI_COMMANDS };

/* The words before the command, and where it stands. */
typedef struct
{
  const char *profile;        /* NULL: the default one */
  int         command_index;  /* 0: none */
  gboolean    json, demo, help, version;
} Start;

/* Data keep their letters, and messages their quotes, in the C locale too. */
static void
print_utf8 (const char *text)
{
  fputs (text, stdout);
  fflush (stdout);
}

static void
print_error_utf8 (const char *text)
{
  fputs (text, stderr);
}

static void
use_translations (void)
{
  g_autofree char *built = tvm_cli_dup_build_path ("po");

  setlocale (LC_ALL, "");
  g_set_print_handler (print_utf8);
  g_set_printerr_handler (print_error_utf8);
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

        tvm_cli_usage_error (_("Argument %d, “%s”, is not valid UTF-8 text. Type it "
                               "again."), i, shown);
        return FALSE;
      }
  return TRUE;
}

/* NULL after a message where there is none. */
static const TvmCliCommand *
find_command (const char *word)
{
  const char *names[G_N_ELEMENTS (commands) + 1] = { NULL };
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (commands[i]->name, word) == 0)
        return commands[i];
      names[i] = commands[i]->name;
    }
  sentence = g_strdup_printf (_("“%s” is not a command. See “tvm-remediate "
                                "--help”."), word);
  tvm_cli_unknown_word (sentence, word, names);
  return NULL;
}

/* Reads one option before the command; *index moves on over its value. */
static gboolean
read_early_option (Start *start,
                   int    argc,
                   char **argv,
                   int   *index)
{
  static const char *const known[] = { "json", "help", "version", "profile", "demo", NULL };
  const char *word = argv[*index];
  char *typed[] = { argv[*index], NULL };
  g_autofree char *sentence = NULL;

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
  else if (strcmp (word, "--demo") == 0)
    start->demo = TRUE;
  else
    {
      sentence = g_strdup_printf (_("“%s” is not an option, or lacks its value. See "
                                    "“tvm-remediate --help”."), word);
      tvm_cli_unknown_option (sentence, typed, known);
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
    {
      g_autofree char *usage = tvm_cli_dup_usage (commands[i]);

      g_print ("  %s %s\n      %s\n", commands[i]->name, usage, _(commands[i]->summary));
    }
  g_print ("\n%s\n", _("“tvm-remediate COMMAND --help” tells a command's options."));
  g_print ("%s\n", _("Exit status: 0 done, 1 failed, 2 wrong usage, 3 sign-in needed, "
                     "4 service not reachable (what could be done offline is done), "
                     "10 something is overdue (due only)."));
}

static TvmCliStatus
run_version (TvmCli *self)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (!tvm_cli_parse (self, NULL, 0, 0))
    return TVM_CLI_USAGE;
  if (!self->json)
    {
      g_print ("tvm-remediate %s\n", TVM_VERSION);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_string (builder, "version", TVM_VERSION);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_version_command = {
  "version", "", N_("Print the version"), run_version, .makes_profile = ""
};

const TvmCliCommand tvm_cli_demo_tenant_command = {
  "demo-tenant", "[--port N] [--devices N] [--recommendations N] [--activities N] [--seed N]",
  N_("Serve the demo tenant on this computer only"), NULL /* a program of its own */
};

static TvmCliStatus
run_demo_tenant (int    argc,
                 char **argv)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  g_set_prgname ("tvm-remediate demo-tenant");
  if (tvm_demo_tenant_main (argc, argv, builder, &error))
    return TVM_CLI_DONE;
  if (error->domain != G_OPTION_ERROR)
    return tvm_cli_failure_message ("%s", error->message);
  if (!g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    return tvm_cli_usage_error ("%s", error->message);
  names = g_strv_builder_end (builder);
  sentence = g_strdup_printf (_("%s. See “tvm-remediate %s --help”."), error->message, argv[0]);
  return tvm_cli_unknown_option (sentence, argv + 1, (const char *const *) names);
}

/* help COMMAND is COMMAND --help. */
static TvmCliStatus
run_help (TvmCli *self)
{
  const TvmCliCommand *command;
  const char *words[] = { NULL, "--help", NULL };

  if (!tvm_cli_parse (self, NULL, 0, 1))
    return TVM_CLI_USAGE;
  if (self->arguments[1] == NULL)
    {
      print_help ();
      return TVM_CLI_DONE;
    }
  command = find_command (self->arguments[1]);
  if (command == NULL)
    return TVM_CLI_USAGE;
  words[0] = command->name;
  if (command->run == NULL)
    return run_demo_tenant (2, (char **) words);
  g_strfreev (self->arguments);
  self->arguments = g_strdupv ((char **) words);
  self->command = command;
  return command->run (self);
}

const TvmCliCommand tvm_cli_help_command = {
  "help", "[COMMAND]", N_("Tell what commands there are, or a command's options"), run_help,
  .makes_profile = ""
};

static TvmCliStatus
run_command (const TvmCliCommand *command,
             const Start         *start,
             int                  argc,
             char               **argv)
{
  TvmCli cli = { .command = command, .json = start->json };
  g_autoptr(GStrvBuilder) arguments = g_strv_builder_new ();
  TvmCliStatus status;

  for (int i = start->command_index; i < argc; i++)
    g_strv_builder_add (arguments, argv[i]);
  cli.arguments = g_strv_builder_end (arguments);
  cli.profile = g_strdup (start->profile != NULL ? start->profile : "default");
  cli.cancellable = g_cancellable_new ();
  g_mutex_init (&cli.told_mutex);
  tvm_cli_watch_signals (&cli);
  status = command->run (&cli);
  tvm_cli_close (&cli);
  return status;
}

static TvmCliStatus
run (int    argc,
     char **argv)
{
  Start start = { NULL };
  const TvmCliCommand *command;

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
    return TVM_CLI_USAGE;
  if (start.demo)
    return tvm_cli_usage_error (_("“--demo” opens the window and does not go with a command. "
                                  "Commands use a demo tenant as “tvm-remediate demo-tenant” "
                                  "serves it."));
  if (command->run == NULL)
    return run_demo_tenant (argc - start.command_index, argv + start.command_index);
  return run_command (command, &start, argc, argv);
}

/* Whether the document is asked for, be the rest of the words as wrong as it may. */
static gboolean
wants_json (char **argv)
{
  for (argv++; *argv != NULL && strcmp (*argv, "--") != 0; argv++)
    if (strcmp (*argv, "--json") == 0)
      return TRUE;
  return FALSE;
}

/* At the end of the program, wherever it ends: with --help GLib does that. */
static void
check_output (int   status,
              void *data)
{
  if ((fflush (stdout) == 0 && !ferror (stdout)) || status != TVM_CLI_DONE)
    return;
  tvm_cli_message ("%s", _("Standard output cannot be written."));
  _exit (TVM_CLI_FAILED);
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
  TvmCliStatus status;

  tvm_surroundings_settle ();
  use_translations ();
  on_exit (check_output, NULL);
  status = run (argc, argv);
  if (status != TVM_CLI_DONE && wants_json (argv))
    tvm_cli_print_failure ();
  return status;
}
