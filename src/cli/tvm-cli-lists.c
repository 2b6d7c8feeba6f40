/* tvm-cli-lists.c: the commands recommendations, devices and activities. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-said.h"
#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  const TvmCliListFormat *format;
  TvmCliTable      *table;   /* NULL: JSON */
  gboolean          is_first;
} ListOutput;

/**
 * tvm_cli_list_tickets:
 * @self: the command line with an open store
 * @activity: an activity
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmTicket): its tickets, or %NULL on error
 */
GPtrArray *
tvm_cli_list_tickets (TvmCli            *self,
                      const TvmActivity *activity,
                      GError           **error)
{
  if (activity->n_tickets == 0)
    return g_ptr_array_new ();
  return tvm_store_list_tickets (self->store, activity->id, error);
}

/* ---- output */

static gboolean
print_record (TvmCli        *self,
              gconstpointer  record,
              gpointer       user_data,
              GError       **error)
{
  ListOutput *output = user_data;
  g_autoptr(JsonBuilder) builder = NULL;
  g_autofree char *text = NULL;

  if (output->table != NULL)
    {
      output->format->add_row (output->table, record);
      output->is_first = FALSE;
      return TRUE;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  if (output->format->fields != NULL)
    tvm_cli_json_fields (builder, output->format->fields, record);
  else if (!output->format->add_json (self, builder, record, error))
    return FALSE;
  json_builder_end_object (builder);
  text = tvm_cli_json_to_text (builder, FALSE);
  tvm_cli_json_print_text (output->is_first ? "[\n" : ",\n");
  tvm_cli_json_print_text (text);
  output->is_first = FALSE;
  return TRUE;
}

/* A CVE that is nowhere is an answer too, in JSON a row where the rows are CVEs. */
static gboolean
tell_missing (TvmCli          *self,
              const TvmQuery  *query,
              ListOutput      *output,
              gboolean        *out_told,
              GError         **error)
{
  gint64 as_of_us = 0;
  g_auto(GStrv) ids = tvm_store_list_missing_cves (self->store, query->search, &as_of_us, error);
  gboolean is_about_cves = query->kind == TVM_LIST_WEAKNESSES;

  *out_told = FALSE;
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autofree char *text = tvm_cve_missing_text (ids[i], as_of_us);

      if (!is_about_cves && as_of_us == 0)
        continue;
      tvm_cli_message ("%s", text);
      *out_told = TRUE;
      if (is_about_cves && self->json)
        tvm_cli_json_missing_cve (ids[i], as_of_us, &output->is_first);
    }
  return ids != NULL;
}

/**
 * tvm_cli_print_list:
 * @self: the command line
 * @query: what to list
 * @format: how to show its records
 *
 * Prints a list, and says what of it is not known and which CVEs that are searched for are not
 * there.
 *
 * Returns: the exit status
 */
TvmCliStatus
tvm_cli_print_list (TvmCli                 *self,
                    const TvmQuery         *query,
                    const TvmCliListFormat *format)
{
  g_autoptr(TvmCliTable) table = self->json ? NULL : tvm_cli_table_new (format->headings);
  ListOutput output = { format, table, TRUE };
  g_autoptr(GError) error = NULL;
  gboolean is_unknown, is_empty, told = FALSE;

  if (!tvm_cli_open_store (self, &error) ||
      !tvm_cli_foreach_record (self, query, print_record, &output, &error))
    return tvm_cli_fail (error);
  is_empty = output.is_first;
  if (!tvm_cli_tell_unknown (self, query, is_empty, &is_unknown, &error) ||
      (!is_unknown && !tell_missing (self, query, &output, &told, &error)) ||
      (is_empty && !self->json && !is_unknown && !told && !tvm_cli_tell_none (self, query, &error)))
    return tvm_cli_fail (error);
  if (self->json)
    tvm_cli_json_print_text (is_unknown ? "null\n" : output.is_first ? "[]\n" : "\n]\n");
  else if (!is_empty)
    tvm_cli_table_print (table);
  /* What was searched for may be there; of a list that was never read, nothing was asked. */
  return is_unknown && query->search != NULL ? TVM_CLI_FAILED : TVM_CLI_DONE;
}

/**
 * tvm_cli_parse_list:
 * @self: the command line
 * @own_entries: the options of this list alone
 * @query: (inout): gets what all lists have in common
 *
 * Returns: %FALSE after a message
 */
gboolean
tvm_cli_parse_list (TvmCli             *self,
                    const GOptionEntry *own_entries,
                    TvmQuery           *query)
{
  g_autofree char *search = NULL;
  g_autoptr(GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  const GOptionEntry common[] = {
    { "search", 0, 0, G_OPTION_ARG_FILENAME, &search, N_("Only rows that contain the text"),
      N_("TEXT") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &query->limit, N_("At most so many rows"), N_("N") },
  };

  g_array_append_vals (entries, common, G_N_ELEMENTS (common));
  for (; own_entries->long_name != NULL; own_entries++)
    g_array_append_vals (entries, own_entries, 1);
  if (!tvm_cli_parse (self, (const GOptionEntry *) (gpointer) entries->data, 0, 0))
    return FALSE;
  if (query->limit < 0)
    {
      tvm_cli_usage_error (_("“--limit” takes a number of rows, not %d."), query->limit);
      return FALSE;
    }
  g_free (query->search);
  query->search = g_steal_pointer (&search);
  return TRUE;
}

/* ---- recommendations */

static const char *const recommendation_headings[] = {
  N_("ID"), N_("Name"), N_("Remediation type"), N_("Weaknesses"), N_("Known exploited"), N_("EPSS"),
  N_("Exposed"), N_("Devices"), N_("Status"), N_("Activities"), NULL
};

static void
add_recommendation_row (TvmCliTable   *table,
                        gconstpointer  record)
{
  const TvmRecommendation *recommendation = record;
  g_autofree char *epss = tvm_epss_to_share (recommendation->epss);

  tvm_cli_table_cell (table, recommendation->id);
  tvm_cli_table_cell (table, recommendation->name);
  tvm_cli_table_cell (table, tvm_recommendation_type_text (recommendation));
  tvm_cli_table_number (table, recommendation->weaknesses);
  tvm_cli_table_cell (table, recommendation->known_exploited == TVM_TRUTH_YES  ? _("yes")
                             : recommendation->known_exploited == TVM_TRUTH_NO ? _("no")
                                                                               : NULL);
  tvm_cli_table_cell (table, epss);
  tvm_cli_table_number (table, recommendation->exposed_devices);
  tvm_cli_table_number (table, recommendation->total_devices);
  tvm_cli_table_cell (table, tvm_recommendation_status_text (recommendation));
  tvm_cli_table_number (table, recommendation->n_activities);
}

static TvmCliStatus
run_recommendations (TvmCli *self)
{
  static const TvmCliListFormat format = { recommendation_headings, add_recommendation_row, NULL,
                                           &tvm_recommendation_fields };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autofree char *status = NULL, *sort = NULL;
  const GOptionEntry entries[] = {
    { "status", 0, 0, G_OPTION_ARG_FILENAME, &status,
      N_("active, partial-exception or full-exception"), N_("STATUS") },
    { "sort", 0, 0, G_OPTION_ARG_FILENAME, &sort,
      N_("impact (as it is without this) or urgency: the most urgent first"), N_("SORT") },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse_list (self, entries, query) || !tvm_cli_query_set_status (query, status))
    return TVM_CLI_USAGE;
  if (sort != NULL && strcmp (sort, "impact") != 0 && strcmp (sort, "urgency") != 0)
    return tvm_cli_usage_error (_("“%s” is not an order. Use impact or urgency."), sort);
  query->descending = g_strcmp0 (sort, "urgency") == 0;
  if (query->descending)
    query->sort = g_strdup (sort);
  return tvm_cli_print_list (self, query, &format);
}

/* ---- devices */

static const char *const device_headings[] = {
  N_("ID"), N_("Name"), N_("OS"), N_("Device group"), N_("Exposure level"), N_("Risk score"),
  N_("Health"), N_("Last seen"), N_("Recommendations"), N_("Activities"), NULL
};

/* No number that may be too low is told as the whole. */
static void
add_count (TvmCliTable *table,
           int          n,
           gboolean     is_whole)
{
  g_autofree char *at_least = g_strdup_printf ("%d+", n);

  if (is_whole)
    tvm_cli_table_number (table, n);
  else
    tvm_cli_table_cell (table, n > 0 ? at_least : NULL);
}

static void
add_device_row (TvmCliTable   *table,
                gconstpointer  record)
{
  const TvmDevice *device = record;
  g_autofree char *last_seen = tvm_cli_local_time (device->last_seen_us);

  tvm_cli_table_cell (table, device->id);
  tvm_cli_table_cell (table, device->name);
  tvm_cli_table_cell (table, device->os_platform);
  tvm_cli_table_cell (table, device->group);
  tvm_cli_table_cell (table, tvm_device_exposure_text (device));
  tvm_cli_table_cell (table, tvm_device_risk_text (device));
  tvm_cli_table_cell (table, tvm_device_health_text (device));
  tvm_cli_table_cell (table, last_seen);
  add_count (table, device->n_recommendations, device->counts_all);
  add_count (table, device->n_activities, device->counts_activities);
}

static TvmCliStatus
run_devices (TvmCli *self)
{
  static const TvmCliListFormat format = { device_headings, add_device_row, NULL,
                                           &tvm_device_fields };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autofree char *status = NULL;
  const GOptionEntry entries[] = {
    { "status", 0, 0, G_OPTION_ARG_FILENAME, &status,
      N_("Health: active, inactive, impaired-communication, no-sensor-data or unknown"),
      N_("STATUS") },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse_list (self, entries, query) || !tvm_cli_query_set_status (query, status))
    return TVM_CLI_USAGE;
  return tvm_cli_print_list (self, query, &format);
}

/* ---- activities */

static const char *const activity_headings[] = {
  N_("ID"), N_("Activity"), N_("Remediation type"), N_("Remediated"), N_("Targets"), N_("Priority"),
  N_("Due by"), N_("Ticket status"), N_("Completed by"), N_("Status"), NULL
};

static void
add_activity_row (TvmCliTable   *table,
                  gconstpointer  record)
{
  const TvmActivity *activity = record;
  gboolean is_attention = activity->type == TVM_TYPE_ATTENTION_REQUIRED;

  tvm_cli_table_cell (table, activity->id);
  tvm_cli_table_cell (table, activity->title);
  tvm_cli_table_cell (table, tvm_activity_type_text (activity));
  tvm_cli_table_number (table, is_attention ? -1 : activity->fixed_devices);
  tvm_cli_table_number (table, activity->target_devices);
  tvm_cli_table_cell (table, tvm_activity_priority_text (activity));
  tvm_cli_table_cell (table, is_attention ? NULL : activity->due_on);
  tvm_cli_table_cell (table, is_attention || activity->n_tickets == 0
                               ? NULL
                               : tvm_activity_ticket_text (activity));
  tvm_cli_table_cell (table, tvm_completed_by_text (activity));
  tvm_cli_table_cell (table, tvm_activity_status_text (activity));
}

static gboolean
add_activity_json (TvmCli        *self,
                   JsonBuilder   *builder,
                   gconstpointer  record,
                   GError       **error)
{
  g_autoptr(GPtrArray) tickets = tvm_cli_list_tickets (self, record, error);

  if (tickets == NULL)
    return FALSE;
  tvm_cli_json_activity (builder, record, tickets);
  return TRUE;
}

static TvmCliStatus
run_activities (TvmCli *self)
{
  static const TvmCliListFormat format = { activity_headings, add_activity_row, add_activity_json };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autofree char *status = NULL;
  const GOptionEntry entries[] = {
    { "status", 0, 0, G_OPTION_ARG_FILENAME, &status, N_("active or completed"), N_("STATUS") },
    { "overdue", 0, 0, G_OPTION_ARG_NONE, &query->overdue_only, N_("Only overdue ones"), NULL },
    { "disagreements", 0, 0, G_OPTION_ARG_NONE, &query->disagreeing_only,
      N_("Only those where ticket, devices and portal disagree"), NULL },
    { "assigned-to", 0, 0, G_OPTION_ARG_FILENAME, &query->assignee,
      N_("Only those that the team assigned to this e-mail address"), N_("WHO") },
    { "archived", 0, 0, G_OPTION_ARG_NONE, &query->archived,
      N_("Those that have left the Remediation page"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse_list (self, entries, query) || !tvm_cli_query_set_status (query, status))
    return TVM_CLI_USAGE;
  return tvm_cli_print_list (self, query, &format);
}

const TvmCliCommand tvm_cli_recommendations_command = {
  "recommendations", "[--search TEXT] [--status STATUS] [--sort SORT] [--limit N]",
  N_("List the security recommendations"), run_recommendations
};

const TvmCliCommand tvm_cli_devices_command = {
  "devices", "[--search TEXT] [--status STATUS] [--limit N]", N_("List the devices"), run_devices
};

const TvmCliCommand tvm_cli_activities_command = {
  "activities",
  "[--search TEXT] [--status STATUS] [--limit N] [--overdue] [--disagreements] [--assigned-to "
  "WHO] [--archived]",
  N_("List the remediation activities"),
  run_activities
};
