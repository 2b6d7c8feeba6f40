/* tvm-cli-bulk.c: request, complete and withdraw for several at once. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include <glib/gi18n-lib.h>

static void
print_as_json (const TvmBulk *bulk,
               GPtrArray     *results)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  tvm_cli_json_boolean (builder, "dry_run", bulk->dry_run);
  tvm_cli_json_array (builder, "results");
  for (guint i = 0; i < results->len; i++)
    {
      const TvmBulkResult *result = results->pdata[i];

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "id", result->id);
      tvm_cli_json_string (builder, "title", result->title);
      tvm_cli_json_string (builder, "outcome", tvm_bulk_outcome_to_word (result->outcome));
      tvm_cli_json_string (builder, "reason", result->reason);
      tvm_cli_json_string (builder, "activity_id", result->activity_id);
      tvm_cli_json_boolean (builder, "waiting", result->is_waiting);
      tvm_cli_json_priors (builder, result->priors);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tvm_cli_json_end (builder);
}

static void
print_for_people (GPtrArray *results)
{
  g_autofree char *summary = tvm_bulk_summary (results);

  for (guint i = 0; i < results->len; i++)
    {
      g_autofree char *text = tvm_bulk_result_text (results->pdata[i]);

      tvm_cli_print_field (((const TvmBulkResult *) results->pdata[i])->id, text);
    }
  g_print ("%s\n", summary);
}

/**
 * tvm_cli_bulk_run:
 * @self: the command line, its engine open
 * @bulk: the command
 * @out_n_tickets: (out) (nullable): how many new tickets wait to be sent
 *
 * Does it and prints what became of each.
 *
 * Returns: the exit status: failed where any failed
 */
TvmCliStatus
tvm_cli_bulk_run (TvmCli        *self,
                  const TvmBulk *bulk,
                  int           *out_n_tickets)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_bulk (self->engine, bulk, self->cancellable,
                                                       &error);
  TvmCliStatus status = TVM_CLI_DONE;

  if (results == NULL)
    return tvm_cli_fail (error);
  for (guint i = 0; i < results->len; i++)
    {
      const TvmBulkResult *result = results->pdata[i];

      tvm_cli_tell_priors (result->id, result->priors);
      if (result->outcome == TVM_BULK_FAILED)
        {
          tvm_cli_message (_("%s: %s"), result->id, result->reason);
          status = TVM_CLI_FAILED;
        }
      else if (result->is_waiting)
        {
          tvm_cli_message (_("%s: %s"), result->id, result->reason);
          status = status == TVM_CLI_DONE ? TVM_CLI_UNREACHABLE : status;
        }
      if (out_n_tickets != NULL)
        *out_n_tickets += result->n_tickets;
    }
  if (self->json)
    print_as_json (bulk, results);
  else
    print_for_people (results);
  return status;
}
