/* tvm-cli-request.c: the command request. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-error.h"
#include "tvm-said.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* While another process sends: so often, with so long between. */
#define BUSY_TRIES   40
#define BUSY_WAIT_US (TVM_SECOND_US / 2)

/* What was typed. */
typedef struct
{
  char     *type, *priority, *due_on, *note;  /* (owned) (nullable) */
  char     *left_out;                         /* (owned) (nullable): a file */
  char    **groups;                           /* (owned) (nullable) */
  gboolean  all_groups, no_user_impact, intune, split, dry_run, policy;
} Options;

static void
options_free (Options *options)
{
  g_free (options->type);
  g_free (options->priority);
  g_free (options->due_on);
  g_free (options->note);
  g_free (options->left_out);
  g_strfreev (options->groups);
  g_free (options);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

static gboolean
parse_options (TvmCli  *self,
               Options *options)
{
  const GOptionEntry entries[] = {
    { "type", 0, 0, G_OPTION_ARG_FILENAME, &options->type,
      N_("update, upgrade, uninstall, configuration-change or attention-required"), N_("TYPE") },
    { "all-groups", 0, 0, G_OPTION_ARG_NONE, &options->all_groups, N_("All device groups"), NULL },
    { "group", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->groups,
      N_("A device group; may be repeated"), N_("NAME") },
    { "no-user-impact", 0, 0, G_OPTION_ARG_NONE, &options->no_user_impact,
      N_("Of a configuration change: only devices with no user impact"), NULL },
    { "priority", 0, 0, G_OPTION_ARG_FILENAME, &options->priority, N_("high, medium or low"),
      N_("PRIORITY") },
    { "due", 0, 0, G_OPTION_ARG_FILENAME, &options->due_on, N_("Due date"), N_("YYYY-MM-DD") },
    { "policy", 0, 0, G_OPTION_ARG_NONE, &options->policy,
      N_("Priority and due date as the policy of the settings suggests"), NULL },
    { "note", 0, 0, G_OPTION_ARG_FILENAME, &options->note, N_("Notes for the IT admin"),
      N_("TEXT") },
    { "intune", 0, 0, G_OPTION_ARG_NONE, &options->intune, N_("Create an Intune security task"),
      NULL },
    { "split", 0, 0, G_OPTION_ARG_NONE, &options->split,
      N_("Several tickets when there are more than 10,000 devices"), NULL },
    { "left-out", 0, 0, G_OPTION_ARG_FILENAME, &options->left_out,
      N_("Write the devices that no ticket carries, and why, to a new CSV file"), N_("FILE") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->dry_run,
      N_("Only say what the request would cover"), NULL },
    G_OPTION_ENTRY_NULL
  };

  return tvm_cli_parse (self, entries, 1, G_MAXUINT);
}

/* What is wrong with the words themselves; whether they fit the recommendation is the engine's to
 * say. */
static gboolean
check_options (const Options *options,
               TvmRequest    *request)
{
  g_autofree char *today = tvm_today ();

  if (options->type == NULL)
    tvm_cli_usage_error (_("“request” needs a remediation type: --type TYPE."));
  else if (!tvm_remediation_type_from_word (options->type, &request->type))
    tvm_cli_usage_error (_("“%s” is not a remediation type. Use update, upgrade, uninstall, "
                           "configuration-change or attention-required."), options->type);
  else if (options->all_groups && options->groups != NULL)
    tvm_cli_usage_error (_("Use either --all-groups or --group, not both."));
  else if (!options->all_groups && options->groups == NULL)
    tvm_cli_usage_error (_("“request” needs --all-groups, or --group NAME for each device "
                           "group."));
  else if (options->priority != NULL &&
           !tvm_priority_from_word (options->priority, &request->priority))
    tvm_cli_usage_error (_("“%s” is not a priority. Use high, medium or "
                           "low."), options->priority);
  else if (options->due_on != NULL && !tvm_date_is_valid (options->due_on))
    tvm_cli_usage_error (_("“%s” is not a date. Write the due date as YYYY-MM-DD, for example "
                           "%s."),
                         options->due_on, today);
  else if (options->policy && (options->priority != NULL || options->due_on != NULL))
    tvm_cli_usage_error (_("Use either --policy, or --priority and --due, not both."));
  else if (options->policy && request->type == TVM_TYPE_ATTENTION_REQUIRED)
    tvm_cli_usage_error (_("Attention required has neither priority nor due date, so “--policy” "
                           "does not go with it."));
  else if (options->split && !options->intune)
    tvm_cli_usage_error (_("“--split” needs “--intune”."));
  else if (options->left_out != NULL && (!options->intune || strcmp (options->left_out, "-") == 0))
    tvm_cli_usage_error (_("“--left-out” needs “--intune” and the name of a file."));
  else
    return TRUE;
  return FALSE;
}

static TvmRequest *
request_from_options (const Options *options,
                      const char    *recommendation_id)
{
  g_autoptr(TvmRequest) request = tvm_request_new ();

  if (!check_options (options, request))
    return NULL;
  request->recommendation_id = g_strdup (recommendation_id);
  request->due_on = g_strdup (options->due_on);
  request->use_policy = options->policy;
  request->notes = g_strdup (options->note);
  tvm_cli_drop_repeated (options->groups);
  request->groups = g_strdupv (options->groups);
  request->no_impact_only = options->no_user_impact;
  request->create_ticket = options->intune;
  request->split = options->split;
  return g_steal_pointer (&request);
}

/* ---- output */

/* Who scripts reads the numbers; the reasons go to those who look. */
static void
tell_doubts (const TvmRequest      *request,
             const TvmRequestFacts *facts)
{
  g_autofree char *doubts = NULL;
  g_auto(GStrv) lines = NULL;

  if (!request->no_impact_only)
    return;
  doubts = tvm_user_impact_describe_doubts (facts->recommendation, &facts->coverage);
  lines = g_strsplit (doubts != NULL ? doubts : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    tvm_cli_message ("%s", lines[i]);
}

static void
print_coverage (const TvmRequest      *request,
                const TvmRequestFacts *facts)
{
  const TvmCoverage *coverage = &facts->coverage;
  g_autofree char *rest = tvm_request_facts_describe_rest (facts, request);

  g_print (ngettext ("The request covers %d device.\n", "The request covers %d devices.\n",
                     coverage->covered), coverage->covered);
  tvm_cli_print_lines (rest);
  if (!request->create_ticket)
    return;
  g_print (ngettext ("%d of them can be sent to Microsoft Intune.\n",
                     "%d of them can be sent to Microsoft Intune.\n", coverage->joined),
           coverage->joined);
  if (coverage->not_joined > 0)
    g_print (ngettext ("%d cannot, because it is not joined to Microsoft Entra.\n",
                       "%d cannot, because they are not joined to Microsoft Entra.\n",
                       coverage->not_joined), coverage->not_joined);
  if (coverage->same > 0)
    g_print (ngettext ("%d is the same device in Microsoft Entra as another.\n",
                       "%d are the same devices in Microsoft Entra as others.\n",
                       coverage->same), coverage->same);
  if (coverage->left_out > 0)
    g_print (ngettext ("%d is left out: a ticket carries at most 10,000 devices. Use --split.\n",
                       "%d are left out: a ticket carries at most 10,000 devices. Use --split.\n",
                       coverage->left_out), coverage->left_out);
  g_print (ngettext ("%d ticket.\n", "%d tickets.\n", coverage->n_tickets), coverage->n_tickets);
}

static void
print_as_json (TvmCli                *self,
               const TvmActivity     *activity,
               GPtrArray             *tickets,
               const TvmRequestFacts *facts,
               gboolean               dry_run)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  const TvmCoverage *coverage = &facts->coverage;

  if (dry_run)
    {
      tvm_cli_json_boolean (builder, "dry_run", TRUE);
      tvm_cli_json_string (builder, "title", activity->title);
      tvm_cli_json_string (builder, "recommendation_id", activity->recommendation_id);
      tvm_cli_json_string (builder, "type", tvm_remediation_type_to_word (activity->type));
      tvm_cli_json_string (builder, "priority", tvm_priority_to_word (activity->priority));
      tvm_cli_json_string (builder, "due_on", activity->due_on);
      tvm_cli_json_string (builder, "policy_reason", activity->policy_reason);
      tvm_cli_json_boolean (builder, "no_impact_only", activity->no_impact_only != 0);
      tvm_cli_json_int (builder, "tickets", coverage->n_tickets);
    }
  else
    tvm_cli_json_activity (builder, activity, tickets);
  tvm_cli_json_int (builder, "covered", coverage->covered);
  tvm_cli_json_unnamed (builder, facts->recommendation, facts->groups);
  tvm_cli_json_int (builder, "joined", coverage->joined);
  tvm_cli_json_int (builder, "same_in_entra", coverage->same);
  tvm_cli_json_int (builder, "not_joined", coverage->not_joined);
  tvm_cli_json_int (builder, "left_out", coverage->left_out);
  tvm_cli_json_int (builder, "impact_unknown",
                    activity->no_impact_only != 0 ? coverage->impact_unknown : -1);
  tvm_cli_json_priors (builder, facts->priors);
  tvm_cli_json_instant (builder, "prior_tickets_as_of",
                        tvm_store_get_list_synced_us (self->store, "tickets", NULL));
  tvm_cli_json_end (builder);
}

/* The file comes before the request: where it cannot be written, nothing is submitted. It says what
 * is submitted, so that must still hold then. */
static gboolean
write_left_out (TvmCli      *self,
                TvmRequest  *request,
                const char  *path,
                GError     **error)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(TvmActivity) preview = tvm_sync_engine_request (self->engine, request, TRUE, &facts,
                                                            self->cancellable, error);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_LEFT_OUT);
  gint64 n_rows;

  if (preview == NULL)
    return FALSE;
  query->recommendation_id = g_strdup (request->recommendation_id);
  query->groups = g_strdupv (request->groups);
  query->split = request->split;
  query->no_impact_only = request->no_impact_only;
  n_rows = tvm_store_export (self->store, query, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL,
                             self->cancellable, NULL, error);
  request->shown = (TvmShown) { facts.coverage.covered, facts.coverage.joined,
                                (int) facts.priors->len };
  if (n_rows >= 0)
    tvm_cli_message (ngettext ("%d row written to %s", "%d rows written to %s", n_rows),
                     (int) n_rows, path);
  return n_rows >= 0;
}

/* Whether a ticket that could go now is still here. */
static gboolean
has_waiting (TvmCli    *self,
             gboolean  *out_waits,
             GError   **error)
{
  g_autoptr(GPtrArray) entries = tvm_store_list_outbox (self->store, FALSE, error);
  gint64 now_us = tvm_now_us ();

  *out_waits = FALSE;
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const TvmOutboxEntry *entry = entries->pdata[i];

      *out_waits |= tvm_outbox_entry_get_state (entry, now_us) == TVM_OUTBOX_WAITING &&
                    entry->next_attempt_us <= now_us && entry->not_before_us <= now_us;
    }
  return entries != NULL;
}

/* Another process that sends may have read the outbox before our tickets were there. */
static gboolean
push (TvmCli  *self,
      GError **error)
{
  gboolean waits = TRUE;

  for (int i = 0; i < BUSY_TRIES; i++)
    {
      if (!tvm_sync_engine_push_outbox (self->engine, NULL, self->cancellable, error) ||
          !has_waiting (self, &waits, error))
        return FALSE;
      if (!waits)
        return TRUE;
      g_usleep (BUSY_WAIT_US);
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
    }
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                       _("Another process has been sending tickets for a while."));
  return FALSE;
}

/* A service that asks to wait is obeyed, which is no failure. */
static TvmCliStatus
leave_tickets (const GError *busy)
{
  tvm_cli_message ("%s",
                   _("The request is kept. Its ticket waits in the outbox for the next sync."));
  return g_error_matches (busy, TVM_ERROR, TVM_ERROR_THROTTLED) ? TVM_CLI_DONE
                                                                : TVM_CLI_UNREACHABLE;
}

/* Why a ticket waits although no service asked for that: the team's database did not give it its
 * turn. NULL: none does. */
static char *
dup_delay (TvmCli *self)
{
  g_autoptr(GPtrArray) entries = tvm_store_list_outbox (self->store, FALSE, NULL);
  gint64 now_us = tvm_now_us ();

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const TvmOutboxEntry *entry = entries->pdata[i];

      if (tvm_outbox_entry_get_state (entry, now_us) == TVM_OUTBOX_WAITING &&
          entry->not_before_us == 0 && entry->next_attempt_us > now_us)
        return g_strdup (entry->last_error);
    }
  return NULL;
}

/* Sends the new tickets; a request whose ticket cannot be sent now is kept all the same. */
static TvmCliStatus
send_tickets (TvmCli *self)
{
  g_autofree char *delay = NULL;
  g_autoptr(GError) error = NULL;
  TvmCliStatus status;

  if (push (self, &error))
    {
      tvm_cli_tell_wait (self);
      delay = dup_delay (self);
      if (delay == NULL)
        return TVM_CLI_DONE;
      tvm_cli_message ("%s", delay);
      return leave_tickets (NULL);
    }
  status = tvm_cli_fail (error);
  if (status == TVM_CLI_FAILED && !tvm_cli_was_cancelled (error))
    tvm_cli_message ("%s", _("The request is kept. See “tvm-remediate status” about its ticket."));
  else
    leave_tickets (error);
  return status;
}

static TvmCliStatus
show_request (TvmCli                *self,
              const char            *id,
              const TvmRequest      *request,
              const TvmRequestFacts *facts)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, &error);
  g_autoptr(GPtrArray) tickets = activity != NULL ? tvm_cli_list_tickets (self, activity, &error)
                                                  : NULL;

  if (tickets == NULL)
    return tvm_cli_fail (error);
  if (self->json)
    print_as_json (self, activity, tickets, facts, FALSE);
  else
    {
      tvm_cli_print_activity (activity, tickets);
      print_coverage (request, facts);
    }
  return TVM_CLI_DONE;
}

static TvmCliStatus
submit (TvmCli           *self,
        const TvmRequest *request,
        gboolean          dry_run)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(GError) error = NULL, busy = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmCliStatus sent = TVM_CLI_DONE, shown = TVM_CLI_DONE;

  if (dry_run || !request->create_ticket ||
      tvm_cli_look_for_others (self, request, &busy, &error))
    activity = tvm_sync_engine_request (self->engine, request, dry_run, &facts, self->cancellable,
                                        &error);

  tvm_cli_tell_priors (NULL, facts.priors);
  if (activity == NULL)
    return tvm_cli_fail (error);
  tell_doubts (request, &facts);
  if (!dry_run)
    {
      if (facts.coverage.n_tickets > 0)
        sent = busy != NULL ? leave_tickets (busy) : send_tickets (self);
      shown = show_request (self, activity->id, request, &facts);
      return sent != TVM_CLI_DONE ? sent : shown;
    }
  if (self->json)
    {
      print_as_json (self, activity, NULL, &facts, TRUE);
      return TVM_CLI_DONE;
    }
  if (request->use_policy)
    {
      tvm_cli_print_field (_("Priority"), tvm_activity_priority_text (activity));
      tvm_cli_print_field (_("Due by"), activity->due_on);
      tvm_cli_print_field (_("Policy"), activity->policy_reason);
    }
  print_coverage (request, &facts);
  return TVM_CLI_DONE;
}

/* With several recommendations what became of each is printed; new tickets are sent afterwards. */
static TvmCliStatus
submit_several (TvmCli           *self,
                const TvmRequest *request,
                gboolean          dry_run)
{
  const TvmBulk bulk = { .kind = TVM_BULK_REQUEST, .request = request, .dry_run = dry_run,
                         .ids = (const char *const *) self->arguments + 1 };
  int n_tickets = 0;
  TvmCliStatus status = tvm_cli_bulk_run (self, &bulk, &n_tickets);
  TvmCliStatus sent = n_tickets > 0 && !dry_run ? send_tickets (self) : TVM_CLI_DONE;

  return status == TVM_CLI_DONE ? sent : status;
}

/* Submits remediation requests and sends their tickets. */
static TvmCliStatus
run_request (TvmCli *self)
{
  g_autoptr(Options) options = g_new0 (Options, 1);
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  if (!parse_options (self, options))
    return TVM_CLI_USAGE;
  if (options->left_out != NULL && self->arguments[2] != NULL)
    return tvm_cli_usage_error (_("“--left-out” is for one recommendation only."));
  request = request_from_options (options, self->arguments[1]);
  if (request == NULL)
    return TVM_CLI_USAGE;
  if (request->notes != NULL && strlen (request->notes) > TVM_NOTE_MAX_BYTES)
    return tvm_cli_failure_message (_("The note is too long: %d bytes, at most %d are allowed. "
                                      "Shorten it."),
                                    (int) strlen (request->notes), TVM_NOTE_MAX_BYTES);
  if (!tvm_cli_open_engine (self, &error) ||
      (options->left_out != NULL && !write_left_out (self, request, options->left_out, &error)))
    return tvm_cli_fail (error);
  if (self->arguments[2] != NULL)
    return submit_several (self, request, options->dry_run);
  return submit (self, request, options->dry_run);
}

const TvmCliCommand tvm_cli_request_command = {
  "request",
  "RECOMMENDATION [RECOMMENDATION…] --type TYPE (--all-groups | --group NAME…) ([--priority "
  "PRIORITY] [--due YYYY-MM-DD] | --policy) [--note TEXT] [--intune [--split] [--left-out FILE]] "
  "[--dry-run]",
  N_("Request remediation of one or several recommendations"),
  run_request
};
