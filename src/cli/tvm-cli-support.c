/* tvm-cli-support.c: option parsing, the store and Ctrl-C for the commands. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define TOLD_FROM_S 4  /* what the limits of calls a minute make of one call is less */

/**
 * tvm_cli_profile_check:
 * @profile: the name of a profile, which becomes the name of a folder
 *
 * Tells on standard error what is wrong with it.
 *
 * Returns: whether it may be used
 */
gboolean
tvm_cli_profile_check (const char *profile)
{
  g_autoptr(GError) error = NULL;

  if (tvm_profile_check (profile, &error))
    return TRUE;
  tvm_cli_fail (error);
  return FALSE;
}

/**
 * tvm_cli_dup_usage:
 * @command: a command
 *
 * Returns: (transfer full): its arguments; what stands for a value is in the user's language, as in
 *   the list of options
 */
char *
tvm_cli_dup_usage (const TvmCliCommand *command)
{
  /* Those of no option by itself; the others are extracted where these are. */
  G_GNUC_UNUSED static const char *const extracted[] = {
    /* Translators: what stands for a value in help texts; use the same word in errors */
    N_("ACTIVITY"), N_("COMMAND"), N_("ID"), N_("KEY"), N_("PRESET"), N_("RECOMMENDATION"),
    N_("TICKET"), N_("VALUE")
  };
  GString *usage = g_string_new (NULL);

  for (const char *p = command->arguments; *p != '\0';)
    {
      gsize length = *p == '-' ? 1 : MAX (1, strspn (p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"));
      g_autofree char *word = g_strndup (p, length);

      g_string_append (usage, length > 1 ? _(word) : word);
      p += length;
    }
  return g_string_free (usage, FALSE);
}

/* Or is made by this command. */
static gboolean
profile_is_there (TvmCli *self)
{
  const char *maker = self->command->makes_profile;
  g_autoptr(GError) error = NULL;

  if ((maker != NULL && (*maker == '\0' || g_strcmp0 (self->arguments[1], maker) == 0)) ||
      tvm_profile_find (self->profile, &error))
    return TRUE;
  tvm_cli_usage_error ("%s", error->message);
  return FALSE;
}

/* Which option was meant, where the trouble is one that there is not. */
static void
tell_bad_option (TvmCli             *self,
                 const GOptionEntry *entries,
                 const GOptionEntry *common,
                 const GError       *error)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new ();
  g_autofree char *sentence = g_strdup_printf (_("%s. See “tvm-remediate %s --help”."),
                                               error->message, self->command->name);

  for (; entries->long_name != NULL; entries++)
    g_ptr_array_add (known, (gpointer) entries->long_name);
  for (; common->long_name != NULL; common++)
    g_ptr_array_add (known, (gpointer) common->long_name);
  g_ptr_array_add (known, (gpointer) "help");
  g_ptr_array_add (known, NULL);
  if (g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    tvm_cli_unknown_option (sentence, self->arguments + 1,
                            (const char *const *) known->pdata);
  else
    tvm_cli_usage_error ("%s", sentence);
}

static const GOptionEntry *
find_entry (const GOptionEntry *entries,
            const char         *name)
{
  for (; entries->long_name != NULL; entries++)
    if (strcmp (entries->long_name, name) == 0)
      return entries;
  return NULL;
}

/* GLib takes "--delete-data=no" for "--delete-data". */
static gboolean
flags_are_bare (TvmCli             *self,
                const GOptionEntry *entries,
                const GOptionEntry *common)
{
  char **word = self->arguments + 1;

  for (; *word != NULL && strcmp (*word, "--") != 0; word++)
    {
      const char *value = strchr (*word, '=');
      g_autofree char *name = g_strndup (*word, value != NULL ? (gsize) (value - *word)
                                                               : strlen (*word));
      const GOptionEntry *entry = NULL;

      if (g_str_has_prefix (name, "--"))
        entry = find_entry (entries, name + 2);
      if (entry == NULL && g_str_has_prefix (name, "--"))
        entry = find_entry (common, name + 2);
      if (entry == NULL)
        continue;
      if (entry->arg == G_OPTION_ARG_NONE && value != NULL)
        {
          tvm_cli_usage_error (_("“%s” takes no value. See “tvm-remediate %s --help”."), name,
                               self->command->name);
          return FALSE;
        }
      if (entry->arg != G_OPTION_ARG_NONE && value == NULL && word[1] != NULL)
        word++;  /* its value, whatever it looks like */
    }
  return TRUE;
}

/* GLib leaves the separator where what follows it begins with a dash. */
static void
drop_separator (char **arguments)
{
  for (; *arguments != NULL && strcmp (*arguments, "--") != 0; arguments++)
    ;
  g_free (*arguments);
  for (; *arguments != NULL; arguments++)
    arguments[0] = arguments[1];
}

static gboolean
count_is_right (TvmCli *self,
                guint   min_operands,
                guint   max_operands)
{
  guint n_operands = g_strv_length (self->arguments) - 1;
  g_autofree char *usage = tvm_cli_dup_usage (self->command);

  if (n_operands < min_operands)
    tvm_cli_usage_error (_("“%s” needs more arguments: %s. See “tvm-remediate %s --help”."),
                         self->command->name, usage, self->command->name);
  else if (n_operands > max_operands)
    tvm_cli_usage_error (_("“%s” is one argument too many. See “tvm-remediate %s --help”."),
                         self->arguments[max_operands + 1], self->command->name);
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_cli_parse:
 * @self: the command line
 * @entries: (nullable): the command's own options, ended by %G_OPTION_ENTRY_NULL
 * @min_operands: how many arguments the command needs at least
 * @max_operands: how many it takes at most
 *
 * Parses the command's options; what is left in @self->arguments are the command's word and its
 * operands. Options are of type FILENAME rather than STRING: arguments are known to be UTF-8, and
 * must not be converted from the character set of the locale.
 *
 * Returns: %FALSE after a message on standard error when the usage is wrong
 */
gboolean
tvm_cli_parse (TvmCli             *self,
               const GOptionEntry *entries,
               guint               min_operands,
               guint               max_operands)
{
  g_autofree char *profile = NULL;
  g_autofree char *arguments = tvm_cli_dup_usage (self->command);
  g_autofree char *usage = g_strdup_printf ("%s %s", self->command->name, arguments);
  g_autoptr(GOptionContext) context = g_option_context_new (usage);
  g_autoptr(GError) error = NULL;
  const GOptionEntry common[] = {
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, N_("Use the profile of that name"),
      N_("NAME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_("Print one JSON document"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const GOptionEntry none = G_OPTION_ENTRY_NULL;

  if (entries == NULL)
    entries = &none;
  g_set_prgname ("tvm-remediate");
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _(self->command->summary));
  g_option_context_set_description (context, self->details);
  if (!flags_are_bare (self, entries, common))
    return FALSE;
  if (!g_option_context_parse_strv (context, &self->arguments, &error))
    {
      tell_bad_option (self, entries, common, error);
      return FALSE;
    }
  drop_separator (self->arguments);
  if (profile != NULL && !tvm_cli_profile_check (profile))
    return FALSE;
  if (profile != NULL)
    tvm_set_str (&self->profile, profile);
  return count_is_right (self, min_operands, max_operands) && profile_is_there (self);
}

/**
 * tvm_cli_open_store:
 * @self: the command line
 * @error: return location for a #TvmError
 *
 * Opens the profile's store, unless it is open.
 *
 * Returns: whether @self->store is there
 */
gboolean
tvm_cli_open_store (TvmCli  *self,
                    GError **error)
{
  g_autofree char *directory = NULL;

  if (self->store != NULL)
    return TRUE;
  directory = tvm_profile_dir (self->profile);
  self->store = tvm_store_open (directory, error);
  return self->store != NULL && tvm_store_expire_exceptions (self->store, error);
}

/* On the thread that waits. A progress line of a sync says it too. */
static void
waits_cb (gint64   next_call_us,
          gpointer user_data)
{
  TvmCli *self = user_data;
  int wait_s = (int) ((next_call_us - tvm_now_us () + TVM_SECOND_US / 2) / TVM_SECOND_US);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->told_mutex);

  if (self->shows_progress || wait_s < TOLD_FROM_S ||
      next_call_us < self->told_until_us + TVM_SECOND_US)
    return;
  self->told_until_us = next_call_us;
  tvm_cli_message (ngettext ("The service is asked next in %d second. Ctrl-C ends the wait.",
                             "The service is asked next in %d seconds. Ctrl-C ends the wait.",
                             (gulong) wait_s), wait_s);
}

/**
 * tvm_cli_open_engine:
 * @self: the command line
 * @error: return location for a #TvmError
 *
 * Opens the profile's store and makes the engine over it, whose long waits are told. Where a person
 * sits at the terminal a locked keyring opens its prompt; nobody else would answer it.
 *
 * Returns: whether @self->engine is there
 */
gboolean
tvm_cli_open_engine (TvmCli  *self,
                     GError **error)
{
  if (self->engine != NULL)
    return TRUE;
  if (!tvm_cli_open_store (self, error))
    return FALSE;
  self->engine = tvm_sync_engine_new (self->store, self->profile, FALSE);
  tvm_sync_engine_set_wait_func (self->engine, waits_cb, self);
  tvm_sync_engine_set_may_prompt (self->engine, isatty (STDIN_FILENO) && isatty (STDERR_FILENO));
  return TRUE;
}

/**
 * tvm_cli_close:
 * @self: the command line
 *
 * Closes what was opened and frees what is left, once no sign-in is at stake any more.
 */
void
tvm_cli_close (TvmCli *self)
{
  tvm_sign_in_await_stakes ();
  g_clear_object (&self->engine);
  if (self->store != NULL)
    tvm_store_close (self->store);
  while (g_main_context_iteration (NULL, FALSE)) /* reports that nobody waits for hold the store */
    ;
  g_clear_object (&self->store);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->arguments, g_strfreev);
  g_clear_pointer (&self->profile, g_free);
  g_mutex_clear (&self->told_mutex);
  g_clear_pointer (&self->details, g_free);
}

/**
 * tvm_cli_drop_repeated:
 * @words: (nullable) (inout) (array zero-terminated=1): what an option that may be repeated was
 *   given
 *
 * Leaves each word once.
 */
void
tvm_cli_drop_repeated (char **words)
{
  guint n = 0;

  for (char **word = words; words != NULL && *word != NULL; word++)
    {
      char *kept = *word;

      *word = NULL;
      if (g_strv_contains ((const char *const *) words, kept))
        g_free (kept);
      else
        words[n++] = kept;
    }
}

/* The terminal's end is one unless it is to be ignored, as nohup wants it. */
static void
fill_signal_set (sigset_t *signals)
{
  struct sigaction action;

  sigemptyset (signals);
  sigaddset (signals, SIGINT);
  sigaddset (signals, SIGTERM);
  if (sigaction (SIGHUP, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
    sigaddset (signals, SIGHUP);
}

static gpointer
wait_for_signals (gpointer data)
{
  g_autoptr(GCancellable) cancellable = data;
  sigset_t signals;
  int number;

  fill_signal_set (&signals);
  if (sigwait (&signals, &number) != 0)
    return NULL;
  if (tvm_sign_in_is_at_stake ())
    tvm_cli_message ("%s", _("The sign-in service's answer is awaited, 20 seconds at most, so that "
                             "the sign-in is not lost. Ctrl-C again ends at once."));
  g_cancellable_cancel (cancellable);
  /* Who insists gets out at once: the store survives that like a crash. */
  if (sigwait (&signals, &number) != 0)
    return NULL;
  if (tvm_sign_in_is_at_stake ())
    tvm_cli_message ("%s", _("Ended before the sign-in service had answered, so the sign-in may be "
                             "lost. Where a command says so, sign in again."));
  _exit (TVM_CLI_FAILED);
}

/**
 * tvm_cli_watch_signals:
 * @self: the command line, before it started any thread
 *
 * From now on Ctrl-C, SIGTERM and SIGHUP cancel what runs, so that it ends in order; a second one
 * ends the program, and says so where a sign-in may be lost by that. The calls below block their
 * thread, so that the signals are awaited in another one.
 */
void
tvm_cli_watch_signals (TvmCli *self)
{
  sigset_t signals;

  fill_signal_set (&signals);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  g_thread_unref (g_thread_new ("signals", wait_for_signals, g_object_ref (self->cancellable)));
}
