/* tvm-cli-due.c: the command due, for timers: what is overdue or due soon. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-said.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define DEFAULT_DAYS 7
#define MAX_DAYS     3650

typedef struct
{
  const char  *today;
  TvmCliTable *table;    /* NULL: JSON */
  JsonBuilder *builder;  /* NULL: a table */
  int          n_days, n_activities, n_overdue;
  gboolean     may_lack;  /* the portal did not tell of all whether they are completed */
} DueOutput;

static void
add_row (TvmCliTable       *table,
         const TvmActivity *activity,
         int                days)
{
  g_autofree char *urgency =
    days < 0
      ? g_strdup_printf (ngettext ("%d day overdue", "%d days overdue", (gulong) -days), -days)
    : days == 0 ? g_strdup (_("Today"))
                : g_strdup_printf (ngettext ("In %d day", "In %d days", (gulong) days), days);

  tvm_cli_table_cell (table, activity->id);
  tvm_cli_table_cell (table, activity->title);
  tvm_cli_table_cell (table, activity->due_on);
  tvm_cli_table_cell (table, urgency);
  tvm_cli_table_cell (table, tvm_activity_priority_text (activity));
  tvm_cli_table_number (table, activity->fixed_devices);
  tvm_cli_table_number (table, activity->target_devices);
}

static gboolean
add_activity (TvmCli         *self,
              gconstpointer   record,
              gpointer        user_data,
              GError        **error)
{
  const TvmActivity *activity = record;
  DueOutput *output = user_data;
  int days = tvm_days_between (output->today, activity->due_on);
  g_autoptr(GPtrArray) tickets = NULL;

  output->n_activities++;
  output->n_overdue += days < 0 ? 1 : 0;
  if (output->table != NULL)
    {
      add_row (output->table, activity, days);
      return TRUE;
    }
  tickets = tvm_cli_list_tickets (self, activity, error);
  if (tickets == NULL)
    return FALSE;
  json_builder_begin_object (output->builder);
  tvm_cli_json_activity (output->builder, activity, tickets);
  json_builder_set_member_name (output->builder, "days_left");
  json_builder_add_int_value (output->builder, days);
  json_builder_end_object (output->builder);
  return TRUE;
}

static gboolean
find_untold (TvmCli     *self,
             DueOutput  *output,
             GError    **error)
{
  TvmStoreCounts counts;

  if (!tvm_store_counts (self->store, &counts, error))
    return FALSE;
  output->may_lack = counts.overdue < 0;
  if (output->may_lack)
    tvm_cli_message ("%s", _("There may be more: the portal did not tell the status of all its "
                             "remediation activities. “tvm-remediate sync” asks again."));
  return TRUE;
}

static gboolean
print_due (TvmCli          *self,
           const TvmQuery  *query,
           DueOutput       *output,
           gboolean        *out_is_unknown,
           GError         **error)
{
  static const char *const headings[] = { N_("ID"),       N_("Activity"),
                                          N_("Due by"),   N_("Time left"),
                                          N_("Priority"), N_("Remediated"),
                                          N_("Targets"),  NULL };
  g_autoptr(TvmCliTable) table = self->json ? NULL : tvm_cli_table_new (headings);
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  output->table = table;
  output->builder = builder;
  json_builder_begin_array (builder);
  if (!tvm_cli_open_store (self, error) ||
      !tvm_cli_foreach_record (self, query, add_activity, output, error) ||
      !tvm_cli_tell_unknown (self, query, output->n_activities == 0, out_is_unknown, error) ||
      !find_untold (self, output, error))
    return FALSE;
  *out_is_unknown |= output->may_lack && output->n_activities == 0;
  json_builder_end_array (builder);
  if (self->json && *out_is_unknown)
    tvm_cli_json_print_text ("null\n");
  else if (self->json)
    tvm_cli_json_print (builder);
  else if (output->n_activities > 0)
    tvm_cli_table_print (table);
  else if (!*out_is_unknown)
    tvm_cli_message (ngettext ("Nothing is overdue or due within %d day. “tvm-remediate "
                               "activities” shows all remediation activities.",
                               "Nothing is overdue or due within %d days. “tvm-remediate "
                               "activities” shows all remediation activities.",
                               (gulong) output->n_days), output->n_days);
  return TRUE;
}

/* Active remediation activities that are overdue, or due today or within so many days, the most
 * urgent first. Asks no service. Returns the exit status; %TVM_CLI_OVERDUE where something is
 * overdue, %TVM_CLI_FAILED where nobody knows. */
static TvmCliStatus
run_due (TvmCli *self)
{
  int days = DEFAULT_DAYS;
  const GOptionEntry entries[] = {
    { "within", 0, 0, G_OPTION_ARG_INT, &days, N_("Days from today (7)"), N_("DAYS") },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autofree char *today = tvm_today ();
  g_autoptr(GError) error = NULL;
  DueOutput output = { .today = today };
  gboolean is_unknown;

  if (!tvm_cli_parse (self, entries, 0, 0))
    return TVM_CLI_USAGE;
  if (days < 0 || days > MAX_DAYS)
    return tvm_cli_usage_error (_("“--within” takes a number of days from 0 to %d, not %d."),
                                MAX_DAYS, days);
  output.n_days = days;
  query->due_until = tvm_date_add_days (today, days);
  query->sort = g_strdup ("due");
  if (!print_due (self, query, &output, &is_unknown, &error))
    return tvm_cli_fail (error);
  tvm_cli_tell_clock (self);
  if (output.n_overdue == 0)
    return is_unknown || output.may_lack ? TVM_CLI_FAILED : TVM_CLI_DONE;
  tvm_cli_message (ngettext ("%d remediation activity is overdue.",
                             "%d remediation activities are overdue.", (gulong) output.n_overdue),
                   output.n_overdue);
  return TVM_CLI_OVERDUE;
}

const TvmCliCommand tvm_cli_due_command = {
  "due", "[--within DAYS]", N_("List what is overdue or due soon, for timers"), run_due
};
