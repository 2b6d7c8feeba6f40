/* tvm-cli-exceptions.c: the list of exceptions (R10). Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-sync-team.h"

#include <glib/gi18n-lib.h>

static const char *const exception_headings[] = {
  N_("ID"), N_("Recommendation"), N_("Justification"), N_("Device groups"), N_("Exposed"),
  N_("Created by"), N_("Last day"), N_("Status"), NULL
};

static void
add_exception_row (TvmCliTable   *table,
                   gconstpointer  record)
{
  const TvmException *exception = record;
  g_autofree char *groups = g_strjoinv (_(", "), exception->groups);

  tvm_cli_table_cell (table, exception->id);
  tvm_cli_table_cell (table, exception->recommendation_name);
  tvm_cli_table_cell (table, tvm_justification_to_text (exception->justification));
  tvm_cli_table_cell (table, exception->is_global ? _("Global") : groups);
  tvm_cli_table_number (table, exception->devices);
  tvm_cli_table_cell (table, exception->created_by);
  tvm_cli_table_cell (table, exception->ends_on);
  tvm_cli_table_cell (table, tvm_exception_status_to_text (exception->status));
}

static gboolean
add_exception_json (TvmCli        *self,
                    JsonBuilder   *builder,
                    gconstpointer  record,
                    GError       **error)
{
  tvm_cli_json_exception (builder, record);
  return TRUE;
}

/* Whose approval it is. */
static gboolean
set_approver (TvmCli    *self,
              TvmQuery  *query,
              GError   **error)
{
  g_autoptr(TvmSyncTeam) team = NULL;

  if (tvm_cli_open_engine (self, error))
    team = tvm_sync_engine_get_team (self->engine, FALSE, self->cancellable, error);
  if (team != NULL)
    query->approver = g_strdup (team->account);
  return team != NULL;
}

static TvmCliStatus
run_exceptions (TvmCli *self)
{
  static const TvmCliListFormat format = { exception_headings, add_exception_row,
                                           add_exception_json };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXCEPTIONS);
  g_autofree char *status = NULL;
  g_autofree char *justification = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_approvable = FALSE;
  TvmJustification found = 0;
  const GOptionEntry entries[] = {
    { "status", 0, 0, G_OPTION_ARG_FILENAME, &status, N_("active, suspended, expired, "
      "cancelled, requested or rejected"),
      N_("STATUS") },
    { "justification", 0, 0, G_OPTION_ARG_FILENAME, &justification,
      N_("third-party-control, alternate-mitigation, risk-accepted or planned-remediation"),
      N_("JUSTIFICATION") },
    { "approvable", 0, 0, G_OPTION_ARG_NONE, &is_approvable,
      N_("Only those that wait for an approval, and are somebody else's"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse_list (self, entries, query) || !tvm_cli_query_set_status (query, status))
    return TVM_CLI_USAGE;
  if (justification != NULL && !tvm_justification_from_word (justification, &found))
    return tvm_cli_usage_error (_("“%s” is not a justification. Use third-party-control, "
                                  "alternate-mitigation, risk-accepted or planned-remediation."),
                                    justification);
  query->justification = found;
  if (is_approvable && !set_approver (self, query, &error))
    return tvm_cli_fail (error);
  return tvm_cli_print_list (self, query, &format);
}

const TvmCliCommand tvm_cli_exceptions_command = {
  "exceptions",
  "[--search TEXT] [--status STATUS] [--justification JUSTIFICATION] [--approvable] [--limit N]",
  N_("List the exceptions"),
  run_exceptions
};
