/* tvm-cli-notify.c: the command notify: the e-mail to the IT admin (R11). Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include <glib/gi18n-lib.h>

static void
print_as_json (const TvmNotice *notice,
               const char      *attachment,
               gint64           n_rows)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autofree char *mailto = tvm_notice_to_mailto (notice);

  tvm_cli_json_string (builder, "to", notice->to);
  tvm_cli_json_string (builder, "subject", notice->subject);
  tvm_cli_json_string (builder, "body", notice->body);
  tvm_cli_json_string (builder, "mailto", mailto);
  tvm_cli_json_string (builder, "attachment", attachment);
  if (attachment != NULL)
    tvm_cli_json_int (builder, "attached_devices", n_rows);
  tvm_cli_json_end (builder);
}

static TvmCliStatus
tell (TvmCli     *self,
      const char *attachment,
      gboolean    force)
{
  g_autoptr(TvmNotice) notice = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 n_rows = 0;

  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  notice = tvm_sync_engine_make_notice (self->engine, self->arguments[1], &error);
  if (notice != NULL && attachment != NULL)
    n_rows = tvm_sync_engine_save_notice_devices (self->engine, self->arguments[1], attachment,
                                                  force, self->cancellable, &error);
  if (error != NULL)
    return tvm_cli_fail (error);
  if (self->json)
    {
      print_as_json (notice, attachment, n_rows);
      return TVM_CLI_DONE;
    }
  text = tvm_notice_to_text (notice);
  g_print ("%s", text);
  if (attachment != NULL)
    tvm_cli_message (ngettext ("%d row written to %s", "%d rows written to %s", n_rows),
                     (int) n_rows, attachment);
  return TVM_CLI_DONE;
}

/* Asks no service and sends nothing; a script hands text and file to its mail program. */
static TvmCliStatus
run_notify (TvmCli *self)
{
  g_autofree char *attachment = NULL;
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "attach", 0, 0, G_OPTION_ARG_FILENAME, &attachment,
      N_("Also write its devices to a CSV file, to attach"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace an existing file"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse (self, entries, 1, 1))
    return TVM_CLI_USAGE;
  if (g_strcmp0 (attachment, "-") == 0)
    return tvm_cli_usage_error (_("“--attach” needs a file: standard output has the e-mail."));
  return tell (self, attachment, force);
}

const TvmCliCommand tvm_cli_notify_command = {
  "notify", "ID [--attach FILE]",
  N_("Print the e-mail that tells the IT admin of a remediation activity"), run_notify
};
