/* tvm-cli-history.c: history: whether its lines are as they were written. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
tell (const TvmChain *chain,
      const char     *name)
{
  g_autofree char *lines = g_strdup_printf ("%'" G_GINT64_FORMAT, chain->n_lines);
  g_autofree char *line = g_strdup_printf ("%" G_GINT64_FORMAT, chain->changed_line);
  g_autofree char *when = tvm_cli_local_time (chain->changed_us);
  g_autofree char *text = NULL;

  if (chain->changed_line != 0)
    /* Translators: the number of a line of the history, its kind, a time */
    text = g_strdup_printf (_("Changed, or one before it is missing: line %s (%s, %s)"), line,
                            chain->changed_kind, when);
  else if (chain->lacks_last)
    text = g_strdup (_("The last line is missing"));
  else
    /* Translators: a number */
    text = g_strdup_printf (ngettext ("As written: %s line", "As written: %s lines",
                                      (gulong) chain->n_lines), lines);
  tvm_cli_print_field (name, text);
  tvm_cli_print_field (_("Hash of the last line"), chain->head != NULL ? chain->head : "–");
}

static void
add_as_json (JsonBuilder    *builder,
             const char     *name,
             const TvmChain *chain)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  tvm_cli_json_int (builder, "lines", chain->n_lines);
  tvm_cli_json_boolean (builder, "is_whole", tvm_chain_is_whole (chain));
  if (chain->changed_line != 0)
    tvm_cli_json_int (builder, "first_changed", chain->changed_line);
  else
    tvm_cli_json_null (builder, "first_changed");
  tvm_cli_json_string (builder, "head", chain->head);
  json_builder_end_object (builder);
}

static void
print (TvmCli         *self,
       const TvmChain  chains[TVM_N_CHAINS])
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (!self->json)
    {
      tell (&chains[TVM_CHAIN_ACTIVITIES], _("Remediation activities"));
      tell (&chains[TVM_CHAIN_EXCEPTIONS], _("Exceptions"));
      return;
    }
  add_as_json (builder, "activities", &chains[TVM_CHAIN_ACTIVITIES]);
  add_as_json (builder, "exceptions", &chains[TVM_CHAIN_EXCEPTIONS]);
  tvm_cli_json_end (builder);
}

/* Returns the exit status: failed where a line was changed or is missing. */
static TvmCliStatus
run_history (TvmCli *self)
{
  static const char *const verbs[] = { "verify", NULL };
  g_autoptr(GError) error = NULL;
  TvmChain chains[TVM_N_CHAINS];
  gboolean is_whole;

  if (!tvm_cli_parse (self, NULL, 1, 1))
    return TVM_CLI_USAGE;
  if (!g_strv_contains (verbs, self->arguments[1]))
    return tvm_cli_unknown_word (_("Use “history verify”."), self->arguments[1], verbs);
  if (!tvm_cli_open_engine (self, &error) ||
      !tvm_store_verify_history (self->store, chains, &error))
    return tvm_cli_fail (error);
  print (self, chains);
  is_whole = tvm_chain_is_whole (&chains[TVM_CHAIN_ACTIVITIES]) &&
             tvm_chain_is_whole (&chains[TVM_CHAIN_EXCEPTIONS]);
  tvm_chains_clear (chains);
  if (!is_whole)
    tvm_cli_message ("%s", _("The history is not as it was written. A backup may have it whole: "
                             "“tvm-remediate backup list”."));
  return is_whole ? TVM_CLI_DONE : TVM_CLI_FAILED;
}

const TvmCliCommand tvm_cli_history_command = {
  "history", "verify", N_("Find out whether lines of the history were changed"), run_history
};
