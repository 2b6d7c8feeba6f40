/* tvm-cli-backup.c: backup: copies of the profile's store. Works where the store cannot be opened,
 * too. Main thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-store-backup.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
add_as_json (JsonBuilder     *builder,
             const TvmBackup *backup)
{
  json_builder_begin_object (builder);
  tvm_cli_json_string (builder, "name", backup->name);
  tvm_cli_json_instant (builder, "made", backup->when_us);
  tvm_cli_json_string (builder, "reason", backup->reason);
  tvm_cli_json_int (builder, "bytes", backup->bytes);
  json_builder_end_object (builder);
}

static TvmCliStatus
list (TvmCli     *self,
      const char *directory)
{
  static const char *const headings[] = { N_("Backup"), N_("Made"), N_("Size"), NULL };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = tvm_backups_list (directory, &error);

  if (all == NULL)
    return tvm_cli_fail (error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < all->len; i++)
    {
      const TvmBackup *one = all->pdata[i];
      g_autofree char *made = tvm_cli_local_time (one->when_us);
      g_autofree char *size = g_format_size ((guint64) one->bytes);

      add_as_json (builder, one);
      tvm_cli_table_cell (table, one->name);
      tvm_cli_table_cell (table, made);
      tvm_cli_table_cell (table, size);
    }
  json_builder_end_array (builder);
  if (self->json)
    tvm_cli_json_print (builder);
  else if (all->len > 0)
    tvm_cli_table_print (table);
  else
    tvm_cli_message ("%s", _("There is no backup yet. A sync makes one each day."));
  return TVM_CLI_DONE;
}

static TvmCliStatus
create (TvmCli     *self,
        const char *directory)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autoptr(GError) error = NULL;
  g_autofree char *name = tvm_backup_create (directory, "by-hand", &error);

  if (name == NULL)
    return tvm_cli_fail (error);
  if (!self->json)
    {
      g_print ("%s\n", name);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_string (builder, "name", name);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

static TvmCliStatus
restore (TvmCli     *self,
         const char *directory,
         const char *name)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *kept = NULL;
  gboolean is_good = tvm_backup_restore (directory, name, &kept, &error);

  if (kept != NULL)
    /* Translators: %s is a file name. */
    tvm_cli_message (_("The damaged store is kept as “%s”."), kept);
  if (!is_good)
    return tvm_cli_fail (error);
  tvm_cli_message ("%s", _("The backup is in place. What was decided since it was made is not in "
                           "it; “tvm-remediate sync” gets what the services have."));
  json_builder_begin_object (builder);
  tvm_cli_json_string (builder, "name", name);
  tvm_cli_json_string (builder, "kept", kept);
  json_builder_end_object (builder);
  if (self->json)
    tvm_cli_json_print (builder);
  return TVM_CLI_DONE;
}

static void
tell_recovered (TvmCli             *self,
                const TvmRecovered *read,
                const char         *kept)
{
  static const char *const headings[] = { N_("Activities"), N_("Tickets"), N_("Exceptions"),
                                          N_("History"), NULL };
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  if (!self->json)
    {
      const int counts[] = { read->n_activities, read->n_tickets, read->n_exceptions,
                             read->n_lines };

      for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
        tvm_cli_table_number (table, counts[i]);
      tvm_cli_table_print (table);
      return;
    }
  tvm_cli_json_int (builder, "activities", read->n_activities);
  tvm_cli_json_int (builder, "tickets", read->n_tickets);
  tvm_cli_json_int (builder, "exceptions", read->n_exceptions);
  tvm_cli_json_int (builder, "history_lines", read->n_lines);
  tvm_cli_json_boolean (builder, "is_whole", read->is_whole);
  tvm_cli_json_string (builder, "kept", kept);
  tvm_cli_json_end (builder);
}

static TvmCliStatus
recover (TvmCli     *self,
         const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *kept = NULL;
  TvmRecovered read;
  gboolean is_good = tvm_store_recover (directory, &read, &kept, &error);

  if (kept != NULL)
    tvm_cli_message (_("The damaged store is kept as “%s”."), kept);
  if (!is_good)
    return tvm_cli_fail (error);
  tell_recovered (self, &read, kept);
  if (!read.is_whole)
    tvm_cli_message ("%s", _("Not everything that was decided could be read. See “tvm-remediate "
                             "backup list” for older copies."));
  tvm_cli_message ("%s", _("“tvm-remediate sync” gets what the services have."));
  return TVM_CLI_DONE;
}

static TvmCliStatus
run_backup (TvmCli *self)
{
  static const char *const verbs[] = { "list", "create", "restore", "recover", NULL };
  g_autofree char *directory = NULL;
  const char *verb;

  if (!tvm_cli_parse (self, NULL, 1, 2))
    return TVM_CLI_USAGE;
  verb = self->arguments[1];
  directory = tvm_profile_dir (self->profile);
  if (!g_strv_contains (verbs, verb) ||
      (strcmp (verb, "restore") == 0) != (self->arguments[2] != NULL))
    return tvm_cli_unknown_word (_("Use “backup list”, “backup create”, “backup restore NAME” or "
                                   "“backup recover”."),
                                 verb, verbs);
  if (self->arguments[2] != NULL)
    return restore (self, directory, self->arguments[2]);
  return (strcmp (verb, "list") == 0 ? list : strcmp (verb, "create") == 0 ? create : recover) (
    self, directory);
}

const TvmCliCommand tvm_cli_backup_command = {
  "backup", "list | create | restore NAME | recover",
  N_("List, make or put back copies of the profile's data"), run_backup
};
