/* tvm-cli-sync.c: the commands sync and status. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ERASE_LINE "\r\033[K"

/* ---- sync */

static void
sync_progressed_cb (const char *step,
                    int         n_done,
                    int         n_steps,
                    gint64      next_call_us,
                    const char *files,
                    gpointer    user_data)
{
  g_autofree char *wait = NULL;

  if (step == NULL)
    return;
  if (next_call_us != 0)
    {
      g_autofree char *time = tvm_cli_local_time (next_call_us);

      /* Translators: %s is a date and time. */
      wait = g_strdup_printf (_(": next call at %s"), time != NULL ? time : "?");
    }
  if (files != NULL && wait == NULL)
    g_printerr (ERASE_LINE "%d/%d %s", n_done, n_steps, files);
  else
    g_printerr (ERASE_LINE "%d/%d %s%s", n_done, n_steps, step, wait != NULL ? wait : "");
}

static void
print_results_as_json (GPtrArray *results)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; results != NULL && i < results->len; i++)
    {
      const TvmListResult *result = g_ptr_array_index (results, i);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "name", result->name);
      tvm_cli_json_int (builder, "received", result->received);
      tvm_cli_json_int (builder, "added", result->added);
      tvm_cli_json_int (builder, "changed", result->changed);
      tvm_cli_json_int (builder, "removed", result->removed);
      tvm_cli_json_int (builder, "requests", result->requests);
      if (result->doubtful > 0)
        tvm_cli_json_int (builder, "doubtful", result->doubtful);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tvm_cli_json_print (builder);
}

static void
print_results (GPtrArray *results)
{
  static const char *const headings[] = {
    /* Translators: column headings of what a sync did. */
    N_("List"), N_("Received"), N_("Added"), N_("Changed"), N_("Removed"), N_("Requests"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; results != NULL && i < results->len; i++)
    {
      const TvmListResult *result = g_ptr_array_index (results, i);

      tvm_cli_table_cell (table, result->name);
      tvm_cli_table_number (table, result->received);
      tvm_cli_table_number (table, result->added);
      tvm_cli_table_number (table, result->changed);
      tvm_cli_table_number (table, result->removed);
      tvm_cli_table_number (table, result->requests);
    }
  tvm_cli_table_print (table);
}

/* What arrived before an error is kept and printed. */
static TvmCliStatus
run_sync (TvmCli *self)
{
  gboolean full = FALSE;
  const GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, N_("Pull every list anew"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GPtrArray) results = NULL;
  /* What is done without where a service does not give it. */
  static const char *const refusable[] = { TVM_EXPOSURE_LIST, TVM_USER_IMPACT_LIST,
                                           TVM_WEAKNESSES_LIST, TVM_KNOWN_EXPLOITED_LIST };
  g_autofree char *warning = NULL, *backup_warning = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *doubts = NULL;
  gboolean on_terminal = isatty (STDERR_FILENO);

  if (!tvm_cli_parse (self, entries, 0, 0))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  self->shows_progress = on_terminal;
  results = tvm_sync_engine_sync (self->engine, full, on_terminal ? sync_progressed_cb : NULL, NULL,
                                  self->cancellable, &error);
  if (on_terminal)
    g_printerr (ERASE_LINE);
  if (self->json && (error == NULL || results->len > 0))
    print_results_as_json (results);
  else if (results != NULL && results->len > 0)
    print_results (results);
  doubts = tvm_sync_describe_doubts (results);
  if (doubts != NULL)
    tvm_cli_message ("%s", doubts);
  for (guint i = 0; i < G_N_ELEMENTS (refusable); i++)
    tvm_cli_tell_refusal (self, refusable[i]);
  warning = tvm_sync_engine_dup_warning (self->engine);
  if (warning != NULL)
    tvm_cli_message ("%s", warning);
  backup_warning = tvm_sync_engine_dup_backup_warning (self->engine);
  if (backup_warning != NULL)
    tvm_cli_message ("%s", backup_warning);
  tvm_cli_tell_clock (self);
  tvm_cli_tell_wait (self);
  return error == NULL ? TVM_CLI_DONE : tvm_cli_fail (error);
}

/* ---- status */

typedef struct
{
  TvmAccount     *account;     /* (owned) (nullable): signed out, or not known */
  gboolean        knows_account;  /* the keyring said it */
  char           *tenant;      /* (owned) (nullable) */
  char           *cloud;       /* (owned) */
  char           *connection;  /* (owned): "true" or "false" */
  char           *last_error;  /* (owned) (nullable) */
  GPtrArray      *outbox;      /* (owned): of TvmOutboxEntry */
  GPtrArray      *other_tickets;  /* (owned): of TvmTicket */
  gint64          last_sync_us;
  gint64          next_call_us;  /* 0: no service asks to wait */
  TvmStoreCounts  counts;
  TvmKnownExploitedState catalog;
  TvmSyncBudgets  budgets;
} Status;

static void
status_free (Status *status)
{
  g_clear_pointer (&status->account, tvm_account_free);
  g_clear_pointer (&status->outbox, g_ptr_array_unref);
  g_clear_pointer (&status->other_tickets, g_ptr_array_unref);
  g_free (status->tenant);
  g_free (status->cloud);
  g_free (status->connection);
  g_free (status->last_error);
  g_free (status);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Status, status_free)

/* What is rejected or completed waits for nobody. */
static void
drop_closed (GPtrArray *tickets)
{
  for (guint i = tickets != NULL ? tickets->len : 0; i > 0; i--)
    {
      const TvmTicket *ticket = tickets->pdata[i - 1];

      if (ticket->status == TVM_TICKET_REJECTED || ticket->status == TVM_TICKET_COMPLETED)
        g_ptr_array_remove_index (tickets, i - 1);
    }
}

static gboolean
status_load (TvmCli  *self,
             Status  *status,
             GError **error)
{
  g_autoptr(GError) account_error = NULL;
  g_autofree char *next_call = tvm_store_get_setting (self->store, TVM_SYNC_NEXT_CALL_KEY, NULL);
  gint64 next_call_us = next_call != NULL ? g_ascii_strtoll (next_call, NULL, 10) : 0;

  status->next_call_us = !tvm_wait_is_over (next_call_us, tvm_now_us ()) ? next_call_us : 0;
  status->tenant = tvm_sync_engine_get_config (self->engine, "tenant-id", NULL);
  status->cloud = tvm_sync_engine_get_config (self->engine, "cloud", NULL);
  status->connection = tvm_sync_engine_get_config (self->engine, "intune-connection", NULL);
  tvm_sync_engine_set_may_prompt (self->engine, FALSE);
  status->account = tvm_sync_engine_dup_account (self->engine, self->cancellable, &account_error);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  status->knows_account = status->account != NULL ||
                          g_error_matches (account_error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  if (!status->knows_account)
    tvm_cli_fail (account_error);
  status->outbox = tvm_store_list_outbox (self->store, FALSE, error);
  status->other_tickets = status->outbox != NULL
    ? tvm_store_list_adopted_tickets (self->store, NULL, error) : NULL;
  drop_closed (status->other_tickets);
  return status->other_tickets != NULL &&
         tvm_store_last_sync (self->store, &status->last_sync_us, &status->last_error, error) &&
         tvm_store_counts (self->store, &status->counts, error) &&
         tvm_store_get_known_exploited (self->store, &status->catalog, error) &&
         tvm_sync_engine_read_budgets (self->engine, &status->budgets, error);
}

/* A count of a list that was never synced is not known. */
static int
known_count (gboolean is_known,
             int      count)
{
  return is_known ? count : -1;
}

/* What may still be called of each class. */
static void
put_budgets (JsonBuilder          *builder,
             const TvmSyncBudgets *budgets)
{
  tvm_cli_json_array (builder, "call_limits");
  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    {
      const TvmBudget *one = &budgets->classes[i];

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "name", one->name);
      tvm_cli_json_int (builder, "seconds", one->span_s);
      tvm_cli_json_int (builder, "calls", one->span_calls);
      tvm_cli_json_int (builder, "left", one->span_left);
      tvm_cli_json_int (builder, "hour_calls", one->hour_calls);
      tvm_cli_json_int (builder, "hour_left", one->hour_left);
      tvm_cli_json_int (builder, "window_calls", one->used[TVM_CALLER_WINDOW]);
      tvm_cli_json_int (builder, "command_line_calls", one->used[TVM_CALLER_COMMAND_LINE]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tvm_cli_json_instant (builder, "full_sync_ready_at", budgets->full_sync_ready_us);
}

static void
put_warnings (TvmCli      *self,
              JsonBuilder *builder)
{
  g_autofree char *clock = tvm_cli_dup_clock_warning (self);
  g_autofree char *backup = tvm_sync_engine_dup_backup_warning (self->engine);

  tvm_cli_json_string (builder, "clock_warning", clock);
  tvm_cli_json_string (builder, "backup_warning", backup);
}

static void
print_status_as_json (TvmCli       *self,
                      const Status *status)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  const TvmStoreCounts *counts = &status->counts;

  tvm_cli_json_string (builder, "profile", self->profile);
  tvm_cli_json_string (builder, "cloud", status->cloud);
  tvm_cli_json_string (builder, "account",
                       status->account != NULL ? status->account->user_name : NULL);
  tvm_cli_json_string (builder, "name", status->account != NULL ? status->account->name : NULL);
  tvm_cli_json_boolean (builder, "unattended",
                        status->account != NULL ? status->account->is_unattended : -1);
  tvm_cli_json_string (builder, "tenant", status->tenant);
  tvm_cli_json_instant (builder, "last_sync", status->last_sync_us);
  tvm_cli_json_instant (builder, "next_call", status->next_call_us);
  tvm_cli_json_string (builder, "last_error", status->last_error);
  put_warnings (self, builder);
  tvm_cli_json_int (builder, "recommendations",
                    known_count (counts->knows_recommendations, counts->recommendations));
  tvm_cli_json_int (builder, "devices", known_count (counts->knows_devices, counts->devices));
  tvm_cli_json_int (builder, "activities",
                    known_count (counts->knows_activities, counts->activities));
  tvm_cli_json_int (builder, "activities_archived",
                    known_count (counts->knows_activities, counts->archived));
  tvm_cli_json_int (builder, "activities_active",
                    known_count (counts->knows_activities, counts->activities_active));
  tvm_cli_json_int (builder, "overdue", known_count (counts->knows_activities, counts->overdue));
  tvm_cli_json_int (builder, "outbox", counts->outbox);
  tvm_cli_json_int (builder, "outbox_parked", counts->outbox_parked);
  json_builder_set_member_name (builder, "outbox_tickets");
  tvm_cli_json_outbox (builder, status->outbox);
  tvm_cli_json_other_tickets (self, builder, status->other_tickets);
  tvm_cli_json_catalog (builder, &status->catalog);
  tvm_cli_json_boolean (builder, "intune_connection", g_strcmp0 (status->connection, "true") == 0);
  put_budgets (builder, &status->budgets);
  tvm_cli_json_end (builder);
}

static void
print_count (const char *label,
             int         count)
{
  g_autofree char *text = g_strdup_printf ("%d", count);

  tvm_cli_print_field (label, count >= 0 ? text : _("not known"));
}

static void
print_budgets (const TvmSyncBudgets *budgets)
{
  guint n_told = 0;
  g_autofree char *callers = tvm_sync_describe_callers (budgets);
  g_autofree char *ready = tvm_cli_local_time (budgets->full_sync_ready_us);

  for (TvmCallClass i = 0; i < TVM_N_CALL_CLASSES; i++)
    {
      const char *name;
      g_autofree char *left = tvm_sync_describe_calls (budgets, i, &name);
      g_autofree char *line = left != NULL ? g_strdup_printf (_("%s: %s"), name, left) : NULL;

      /* Translators: calls of a service that may still be made. */
      tvm_cli_print_field (_("Calls left"), line);
      n_told += line != NULL;
    }
  if (n_told == 0)
    tvm_cli_print_field (_("Calls left"), tvm_sync_describe_no_calls (budgets));
  if (callers != NULL)
    /* Translators: calls of the services that were made. */
    tvm_cli_print_field (_("Calls in the last hour"), callers);
  /* Translators: when a sync of everything would be done, were it started now. */
  tvm_cli_print_field (_("Full sync done by"),
                       ready != NULL ? ready : _("not known before the first full sync"));
}

static void
print_account (const Status *status)
{
  g_autofree char *text = NULL;

  if (status->account != NULL && status->account->is_unattended)
    /* Translators: %s is the word “application” and its id. */
    text = g_strdup_printf (_("%s (unattended, reads only)"), status->account->user_name);
  else
    text = g_strdup (status->account != NULL ? status->account->user_name
                     : status->knows_account ? _("signed out") : _("not known"));
  tvm_cli_print_field (_("Account"), text);
}

static void
print_status (TvmCli       *self,
              const Status *status)
{
  g_autofree char *last_sync = tvm_cli_local_time (status->last_sync_us);
  g_autofree char *next_call = tvm_cli_local_time (status->next_call_us);
  g_autofree char *backup = tvm_sync_engine_dup_backup_warning (self->engine);
  const TvmStoreCounts *counts = &status->counts;

  tvm_cli_print_field (_("Profile"), self->profile);
  print_account (status);
  tvm_cli_print_field (_("Cloud"), status->cloud);
  tvm_cli_print_field (_("Tenant"), status->tenant);
  /* Translators: there was no sync yet. */
  tvm_cli_print_field (_("Last sync"), last_sync != NULL ? last_sync : _("never"));
  if (next_call != NULL)
    /* Translators: when a service that asks to wait may be called again. */
    tvm_cli_print_field (_("Next call"), next_call);
  tvm_cli_print_field (_("Last error"), status->last_error);
  tvm_cli_print_field (_("Backup"), backup);
  print_count (_("Recommendations"),
               known_count (counts->knows_recommendations, counts->recommendations));
  print_count (_("Devices"), known_count (counts->knows_devices, counts->devices));
  print_count (_("Activities"), known_count (counts->knows_activities, counts->activities));
  if (counts->archived > 0)
    print_count (_("Archive"), counts->archived);
  /* Translators: how many are not completed */
  print_count (C_("activities", "Active"),
               known_count (counts->knows_activities, counts->activities_active));
  /* Translators: how many are past their due date */
  print_count (C_("activities", "Overdue"),
               known_count (counts->knows_activities, counts->overdue));
  print_count (_("Outbox"), counts->outbox);
  tvm_cli_print_outbox (status->outbox);
  print_budgets (&status->budgets);
  tvm_cli_print_field (_("Microsoft Intune connection"),
                       g_strcmp0 (status->connection, "true") == 0 ? _("on") : _("off"));
  tvm_cli_print_catalog (&status->catalog);
  tvm_cli_print_other_tickets (status->other_tickets);
}

/* Without a network call. */
static TvmCliStatus
run_status (TvmCli *self)
{
  g_autoptr(Status) status = g_new0 (Status, 1);
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_parse (self, NULL, 0, 0))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error) || !status_load (self, status, &error))
    return tvm_cli_fail (error);
  if (self->json)
    print_status_as_json (self, status);
  else
    print_status (self, status);
  tvm_cli_tell_clock (self);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_sync_command = {
  "sync", "[--full]", N_("Pull from the services and send what waits in the outbox"), run_sync
};

const TvmCliCommand tvm_cli_status_command = {
  "status", "", N_("Show the account, the last sync, counts and the outbox"), run_status
};
