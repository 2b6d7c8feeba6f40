/* tvm-cli-clock.c: clock: whether this computer's clock agrees with the services', and a person's
 * word that it is right. Main thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-store-clock.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *
state_to_word (TvmClockDoubt doubt)
{
  static const char *const words[] = { "good", "off", "before-last-sync", "not-confirmed" };

  return words[doubt];
}

/**
 * tvm_cli_dup_clock_warning:
 * @self: the command line, with its store open
 *
 * Returns: (transfer full) (nullable): what is wrong with this computer's clock, and what to type
 *   where it is right; %NULL: nothing contradicts it
 */
char *
tvm_cli_dup_clock_warning (TvmCli *self)
{
  TvmClockFacts facts;
  TvmClock clock;
  g_autofree char *text = NULL;

  if (!tvm_store_read_clock (self->store, &facts, &clock, NULL))
    return NULL;
  text = tvm_clock_describe (&clock);
  return text == NULL ? NULL : g_strdup_printf ("%s %s", text,
    _("Until then no exception ends, nothing is deleted, and no reminder or synchronization comes "
      "by itself. Only if this clock is right: “tvm-remediate clock accept”."));
}

/**
 * tvm_cli_tell_clock:
 * @self: the command line, with its store open
 *
 * Tells what is wrong with this computer's clock, where something is.
 */
void
tvm_cli_tell_clock (TvmCli *self)
{
  g_autofree char *warning = tvm_cli_dup_clock_warning (self);

  if (warning != NULL)
    tvm_cli_message ("%s", warning);
}

static TvmCliStatus
show (TvmCli *self)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autoptr(GError) error = NULL;
  g_autofree char *warning = tvm_cli_dup_clock_warning (self);
  g_autofree char *here = tvm_cli_local_time (tvm_now_us ());
  g_autofree char *told = NULL;
  TvmClockFacts facts;
  TvmClock clock;

  if (!tvm_store_read_clock (self->store, &facts, &clock, &error))
    return tvm_cli_fail (error);
  if (!self->json)
    {
      told = tvm_cli_local_time (facts.service_us);
      tvm_cli_print_field (_("This computer's clock"), here);
      /* Translators: what a service said of the time */
      tvm_cli_print_field (_("Last time told by a service"), told != NULL ? told : _("never"));
      tvm_cli_print_field (_("State"), warning != NULL ? warning : _("Nothing contradicts it"));
      return TVM_CLI_DONE;
    }
  tvm_cli_json_instant (builder, "computer", tvm_now_us ());
  tvm_cli_json_instant (builder, "service", facts.service_us);
  tvm_cli_json_instant (builder, "computer_then", facts.service_us != 0 ? facts.here_us : 0);
  tvm_cli_json_string (builder, "state", state_to_word (clock.doubt));
  tvm_cli_json_string (builder, "warning", warning);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

static TvmCliStatus
run_clock (TvmCli *self)
{
  static const char *const verbs[] = { "show", "accept", NULL };
  g_autoptr(GError) error = NULL;
  gboolean is_accept;

  if (!tvm_cli_parse (self, NULL, 1, 1))
    return TVM_CLI_USAGE;
  is_accept = strcmp (self->arguments[1], "accept") == 0;
  if (!g_strv_contains (verbs, self->arguments[1]))
    return tvm_cli_unknown_word (_("Use “clock show” or “clock accept”."), self->arguments[1],
                                 verbs);
  if (!tvm_cli_open_engine (self, &error) ||
      (is_accept && !tvm_sync_engine_accept_clock (self->engine, &error)))
    return tvm_cli_fail (error);
  return show (self);
}

const TvmCliCommand tvm_cli_clock_command = {
  "clock", "show | accept",
  N_("Show whether this computer's clock can be believed, or say that it is right"), run_clock
};
