/* tvm-cli-outbox.c: outbox: what waits to be sent; send it now, take it back. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
add_entry_as_json (JsonBuilder          *builder,
                   const TvmOutboxEntry *entry)
{
  TvmOutboxState state = tvm_outbox_entry_get_state (entry, tvm_now_us ());

  json_builder_begin_object (builder);
  tvm_cli_json_int (builder, "id", entry->ticket_key);
  tvm_cli_json_string (builder, "kind", entry->is_withdrawal ? "withdraw" : "create");
  tvm_cli_json_string (builder, "ticket_id", entry->ticket_id);
  tvm_cli_json_string (builder, "activity_id", entry->activity->id);
  tvm_cli_json_string (builder, "title", entry->activity->title);
  tvm_cli_json_string (builder, "state", tvm_outbox_state_to_word (state));
  tvm_cli_json_int (builder, "devices", entry->n_devices);
  tvm_cli_json_instant (builder, "since", entry->created_us);
  tvm_cli_json_int (builder, "attempts", entry->attempts);
  tvm_cli_json_instant (builder, "next_attempt",
                        MAX (entry->next_attempt_us, entry->not_before_us));
  tvm_cli_json_boolean (builder, "parked", entry->is_parked && !entry->is_asked);
  tvm_cli_json_string (builder, "last_error", entry->last_error);
  json_builder_end_object (builder);
}

/**
 * tvm_cli_json_outbox:
 * @builder: where to add an array
 * @outbox: (element-type TvmOutboxEntry): the entries
 */
void
tvm_cli_json_outbox (JsonBuilder *builder,
                     GPtrArray   *outbox)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < outbox->len; i++)
    add_entry_as_json (builder, g_ptr_array_index (outbox, i));
  json_builder_end_array (builder);
}

/**
 * tvm_cli_print_outbox:
 * @outbox: (element-type TvmOutboxEntry): the entries
 */
void
tvm_cli_print_outbox (GPtrArray *outbox)
{
  for (guint i = 0; i < outbox->len; i++)
    {
      const TvmOutboxEntry *entry = g_ptr_array_index (outbox, i);
      TvmOutboxState state = tvm_outbox_entry_get_state (entry, tvm_now_us ());
      gint64 next_us = MAX (entry->next_attempt_us, entry->not_before_us);
      g_autofree char *since = tvm_cli_local_time (entry->created_us);
      g_autofree char *next =
        entry->is_parked || next_us == 0 ? NULL : tvm_cli_local_time (next_us);
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, entry->ticket_key);
      /* Translators: %s is a number. */
      g_autofree char *label = g_strdup_printf (entry->is_withdrawal
                                                ? _("Withdrawal of ticket %s") : _("Ticket %s"),
                                                number);

      tvm_cli_print_field (label, entry->activity->title);
      tvm_cli_print_field (_("State"), tvm_outbox_state_to_text (state));
      /* Translators: since when a ticket waits to be sent */
      tvm_cli_print_field (_("Since"), since);
      tvm_cli_print_field (_("Next attempt"), next);
      tvm_cli_print_field (_("Last error"), entry->last_error);
    }
}

static TvmCliStatus
list (TvmCli *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  if (tvm_cli_open_store (self, &error))
    outbox = tvm_store_list_outbox (self->store, FALSE, &error);
  if (outbox == NULL)
    return tvm_cli_fail (error);
  if (!self->json)
    {
      if (outbox->len == 0)
        tvm_cli_message ("%s", _("Nothing waits to be sent."));
      tvm_cli_print_outbox (outbox);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_outbox (builder, outbox);
  tvm_cli_json_print (builder);
  return TVM_CLI_DONE;
}

/**
 * tvm_cli_tell_wait:
 * @self: the command line with an engine
 *
 * Tells on standard error until when what is in the outbox waits: because Intune asked for that, or
 * because it may have arrived.
 */
void
tvm_cli_tell_wait (TvmCli *self)
{
  g_autoptr(GPtrArray) outbox = tvm_store_list_outbox (self->store, FALSE, NULL);
  g_autoptr(GError) asked = NULL;

  for (guint i = 0; outbox != NULL && i < outbox->len; i++)
    {
      const TvmOutboxEntry *entry = outbox->pdata[i];

      if (asked == NULL && !tvm_sync_outbox_fail_asked (entry->not_before_us, &asked))
        tvm_cli_message ("%s", asked->message);
      if (tvm_outbox_entry_get_state (entry, tvm_now_us ()) == TVM_OUTBOX_UNSURE &&
          entry->last_error != NULL)
        tvm_cli_message ("%s", entry->last_error);
    }
}

static TvmCliStatus
decide (TvmCli     *self,
        gboolean    is_revoke,
        const char *id)
{
  g_autoptr(GError) error = NULL;
  guint64 key;
  gboolean good;

  if (!g_ascii_string_to_unsigned (id, 10, 1, G_MAXINT64, &key, NULL))
    return tvm_cli_usage_error (_("“%s” is not the number of an entry. See “tvm-remediate "
                                  "outbox list”."), id);
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  good = is_revoke ? tvm_sync_engine_revoke_outbox (self->engine, (gint64) key, self->cancellable,
                                                    &error)
                   : tvm_sync_engine_retry_outbox (self->engine, (gint64) key, self->cancellable,
                                                   &error);
  if (good)
    return TVM_CLI_DONE;
  if (!is_revoke && g_error_matches (error, TVM_ERROR, TVM_ERROR_THROTTLED))
    {
      tvm_cli_message ("%s", error->message);
      return TVM_CLI_DONE;
    }
  tvm_cli_fail (error);
  if (tvm_cli_was_cancelled (error))
    tvm_cli_message ("%s", _("The entry stays in the outbox."));
  return tvm_cli_status_of (error);
}

static TvmCliStatus
run_outbox (TvmCli *self)
{
  static const char *const verbs[] = { "list", "retry", "revoke", NULL };
  const char *word;
  guint n;

  if (!tvm_cli_parse (self, NULL, 1, 2))
    return TVM_CLI_USAGE;
  word = self->arguments[1];
  n = g_strv_length (self->arguments) - 1;
  if (strcmp (word, "list") == 0 && n == 1)
    return list (self);
  if ((strcmp (word, "retry") == 0 || strcmp (word, "revoke") == 0) && n == 2)
    return decide (self, strcmp (word, "revoke") == 0, self->arguments[2]);
  return tvm_cli_unknown_word (_("Use “outbox list”, “outbox retry ID” or “outbox revoke "
                                 "ID”."),
                               word, verbs);
}

const TvmCliCommand tvm_cli_outbox_command = {
  "outbox", "list | retry ID | revoke ID",
  N_("Show what waits to be sent, send it now or take it back"), run_outbox
};
