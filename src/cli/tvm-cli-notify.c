/* tvm-cli-notify.c: the command notify: the e-mail to the IT admin (R11). Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-notice.h"

#include <glib/gi18n-lib.h>

static TvmNotice *
make_notice (TvmCli      *self,
             const char  *id,
             GError     **error)
{
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, error);
  g_autoptr(GPtrArray) groups = NULL;
  g_autoptr(GPtrArray) tickets = NULL;
  g_autofree char *cloud = NULL;
  g_autofree char *to = NULL;

  if (activity == NULL)
    return NULL;
  groups = tvm_store_list_target_groups (self->store, activity->id, error);
  tickets = groups != NULL ? tvm_cli_list_tickets (self, activity, error) : NULL;
  cloud = tickets != NULL ? tvm_sync_engine_get_config (self->engine, "cloud", error) : NULL;
  to = cloud != NULL ? tvm_sync_engine_get_config (self->engine, "it-admin-email", error) : NULL;
  return to != NULL ? tvm_notice_new (activity, groups, tickets, tvm_admin_center_uri (cloud), to) : NULL;
}

/**
 * tvm_cli_notify_run:
 * @self: the command line
 *
 * notify ID: asks no service and sends nothing; a script hands the text to its mail program.
 *
 * Returns: the exit status
 */
TvmCliStatus
tvm_cli_notify_run (TvmCli *self)
{
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autoptr(TvmNotice) notice = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *mailto = NULL;

  if (!tvm_cli_parse (self, entries, 1, 1))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error) ||
      (notice = make_notice (self, self->arguments[1], &error)) == NULL)
    return tvm_cli_fail (error);
  if (!self->json)
    {
      text = tvm_notice_to_text (notice);
      g_print ("%s", text);
      return TVM_CLI_DONE;
    }
  mailto = tvm_notice_to_mailto (notice);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tvm_cli_json_string (builder, "to", notice->to);
  tvm_cli_json_string (builder, "subject", notice->subject);
  tvm_cli_json_string (builder, "body", notice->body);
  tvm_cli_json_string (builder, "mailto", mailto);
  json_builder_end_object (builder);
  tvm_cli_json_print (builder);
  return TVM_CLI_DONE;
}
