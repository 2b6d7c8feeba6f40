/* tvm-cli-weakness.c: the command weakness. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-said.h"
#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>

static gboolean
add_device (TvmCli        *self,
            gconstpointer  record,
            gpointer       devices,
            GError       **error)
{
  g_ptr_array_add (devices, tvm_device_ref ((TvmDevice *) record));
  return TRUE;
}

/* NULL with @error, or where they are not known. */
static GPtrArray *
list_devices (TvmCli                  *self,
              const TvmWeaknessWhole  *whole,
              GError                 **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_AFFECTED);
  g_autoptr(GPtrArray) devices =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);

  if (whole->groups == NULL)
    return NULL;
  query->cve = g_strdup (whole->vulnerability->id);
  return tvm_cli_foreach_record (self, query, add_device, devices, error)
           ? g_steal_pointer (&devices) : NULL;
}

/* ---- for people */

static void
print_when (const char *label,
            gint64      when_us)
{
  g_autofree char *text = tvm_cli_local_time (when_us);

  tvm_cli_print_field (label, text != NULL ? text : _("not known"));
}

static void
print_number (const char *label,
              const char *format,
              double      number)
{
  g_autofree char *text = number >= 0 ? g_strdup_printf ("%.*f", *format - '0', number) : NULL;

  tvm_cli_print_field (label, text != NULL ? text : _("not known"));
}

static void
print_facts (const TvmVulnerability *cve)
{
  g_autofree char *vector = tvm_cvss_describe (cve->cvss_vector);
  g_autofree char *known = tvm_known_exploited_text (cve);
  g_autofree char *epss = tvm_epss_to_share (cve->epss);

  tvm_cli_print_field (_("CVE"), cve->id);
  tvm_cli_print_field (_("Name"), cve->name);
  tvm_cli_print_field (_("Severity"), tvm_vulnerability_severity_text (cve));
  print_number (_("CVSS"), "1", cve->cvss);
  tvm_cli_print_field (_("CVSS vector"), cve->cvss_vector);
  tvm_cli_print_field (_("In words"), vector);
  tvm_cli_print_field (_("EPSS"), epss != NULL ? epss : _("not known"));
  tvm_cli_print_field (_("Exploit"), tvm_exploit_to_text (tvm_vulnerability_exploit (cve)));
  tvm_cli_print_field (_("Known exploited"), known);
  tvm_cli_print_field (_("Due by the catalog"), cve->known_exploited_due_on);
  print_when (_("Published"), cve->published_us);
  print_when (_("Updated"), cve->updated_us);
  print_when (_("First found here"), cve->first_detected_us);
  print_number (_("Exposed devices"), "0", cve->exposed_devices);
  print_number (_("Recommendations"), "0", cve->n_recommendations);
  print_number (_("Activities"), "0", cve->n_activities);
  print_number (_("Exceptions"), "0", cve->n_exceptions);
  tvm_cli_print_field (_("Description"), cve->description);
}

static void
print_software (GPtrArray *software)
{
  static const char *const headings[] = {
    N_("Vendor"), N_("Software"), N_("Version"), N_("Devices"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  if (software == NULL)
    tvm_cli_print_field (_("Software"), tvm_cli_software_unknown ());
  for (guint i = 0; software != NULL && i < software->len; i++)
    {
      const TvmSoftware *one = software->pdata[i];

      tvm_cli_table_cell (table, one->vendor);
      tvm_cli_table_cell (table, one->name);
      tvm_cli_table_cell (table, one->version);
      tvm_cli_table_number (table, one->n_devices);
    }
  tvm_cli_table_print_below (table);
}

static void
print_devices (const TvmWeaknessWhole *whole,
               GPtrArray              *devices)
{
  static const char *const group_headings[] = { N_("Device group"), N_("Devices"), NULL };
  static const char *const headings[] = {
    N_("Device"), N_("Device group"), N_("OS"), N_("Last seen"), NULL
  };
  g_autoptr(TvmCliTable) groups = tvm_cli_table_new (group_headings);
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  if (devices == NULL)
    {
      tvm_cli_print_field (_("Devices"), whole->awaits_exports
                             ? _("not known; the service's exports name this CVE within about six "
                                 "hours, and “tvm-remediate recommendation ID”, of what fixes it, "
                                 "tells sooner")
                             : _("not known; “tvm-remediate sync --full” makes them known"));
      return;
    }
  if (!whole->is_exact && devices->len > 0)
    tvm_cli_print_field (_("Devices"), _("those exposed to what fixes it; not all of "
                                           "these may be exposed, and there may be others"));
  else if (whole->is_contradicted)
    tvm_cli_print_field (_("Devices"), _("what fixes it counts other devices; some may not be told "
                                         "yet, or be fixed already"));
  else if (whole->is_miscounted)
    tvm_cli_print_field (_("Devices"), _("the list of CVEs counts other devices; some may not be "
                                         "told yet, or be fixed already"));
  for (guint i = 0; i < whole->groups->len; i++)
    {
      const TvmGroupCount *group = whole->groups->pdata[i];

      tvm_cli_table_cell (groups, group->name);
      tvm_cli_table_number (groups, group->exposed);
    }
  for (guint i = 0; i < devices->len; i++)
    {
      const TvmDevice *device = devices->pdata[i];
      g_autofree char *last_seen = tvm_cli_local_time (device->last_seen_us);

      tvm_cli_table_cell (table, device->name != NULL ? device->name : device->id);
      tvm_cli_table_cell (table, device->group);
      tvm_cli_table_cell (table, device->os_platform);
      tvm_cli_table_cell (table, last_seen);
    }
  if (devices->len == 0)
    return;
  tvm_cli_table_print_below (groups);
  tvm_cli_table_print_below (table);
}

/**
 * tvm_cli_print_updates:
 * @updates: (element-type TvmSecurityUpdate): security updates
 *
 * Prints them as a table, if there are any.
 */
void
tvm_cli_print_updates (GPtrArray *updates)
{
  static const char *const headings[] = { N_("Security update"), N_("Name"), N_("Address"), NULL };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < updates->len; i++)
    {
      const TvmSecurityUpdate *update = updates->pdata[i];
      g_autofree char *kb = tvm_security_update_text (update);

      tvm_cli_table_cell (table, kb);
      tvm_cli_table_cell (table, update->name);
      tvm_cli_table_cell (table, update->url);
    }
  tvm_cli_table_print_below (table);
}

/**
 * tvm_cli_print_recommendations:
 * @recommendations: (element-type TvmRecommendation): recommendations
 *
 * Prints them as a table, if there are any.
 */
void
tvm_cli_print_recommendations (GPtrArray *recommendations)
{
  static const char *const headings[] = {
    N_("Recommendation"), N_("Name"), N_("Remediation type"), N_("Exposed"), N_("Status"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < recommendations->len; i++)
    {
      const TvmRecommendation *one = recommendations->pdata[i];

      tvm_cli_table_cell (table, one->id);
      tvm_cli_table_cell (table, one->name);
      tvm_cli_table_cell (table, tvm_recommendation_type_text (one));
      tvm_cli_table_number (table, one->exposed_devices);
      tvm_cli_table_cell (table, tvm_recommendation_status_text (one));
    }
  tvm_cli_table_print_below (table);
}

static void
print_timeline (GPtrArray *events)
{
  static const char *const headings[] = { N_("When"), N_("What happened"), N_("Details"), NULL };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < events->len; i++)
    {
      const TvmWeaknessEvent *event = events->pdata[i];
      g_autofree char *when = tvm_cli_local_time (event->when_us);

      tvm_cli_table_cell (table, when);
      tvm_cli_table_cell (table, tvm_weakness_event_text (event));
      tvm_cli_table_cell (table, event->detail);
    }
  tvm_cli_table_print_below (table);
}

/* ---- for programs */

static void
add_groups (JsonBuilder *builder,
            GPtrArray   *groups)
{
  if (groups == NULL)
    {
      tvm_cli_json_null (builder, "groups");
      return;
    }
  tvm_cli_json_array (builder, "groups");
  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *group = groups->pdata[i];

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "name", group->name);
      tvm_cli_json_int (builder, "exposed", group->exposed);
      tvm_cli_json_int (builder, "joined", group->joined);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tvm_cli_json_activities:
 * @self: the command line with an open store
 * @builder: a builder inside an object
 * @activities: (nullable) (element-type TvmActivity): activities; %NULL: not known
 * @error: return location for a #TvmError
 *
 * Adds them as the member "activities", with their tickets.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_cli_json_activities (TvmCli       *self,
                         JsonBuilder  *builder,
                         GPtrArray    *activities,
                         GError      **error)
{
  if (activities == NULL)
    {
      tvm_cli_json_null (builder, "activities");
      return TRUE;
    }
  tvm_cli_json_array (builder, "activities");
  for (guint i = 0; i < activities->len; i++)
    {
      g_autoptr(GPtrArray) tickets = tvm_cli_list_tickets (self, activities->pdata[i], error);

      if (tickets == NULL)
        return FALSE;
      json_builder_begin_object (builder);
      tvm_cli_json_activity (builder, activities->pdata[i], tickets);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return TRUE;
}

static void
add_exceptions (JsonBuilder *builder,
                GPtrArray   *exceptions)
{
  if (exceptions == NULL)
    {
      tvm_cli_json_null (builder, "exceptions");
      return;
    }
  tvm_cli_json_array (builder, "exceptions");
  for (guint i = 0; i < exceptions->len; i++)
    {
      json_builder_begin_object (builder);
      tvm_cli_json_exception (builder, exceptions->pdata[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static gboolean
print_json (TvmCli                  *self,
            const TvmWeaknessWhole  *whole,
            GPtrArray               *devices,
            GError                 **error)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  const TvmVulnerability *cve = whole->vulnerability;
  gboolean knows_fixes = cve->n_recommendations >= 0;

  tvm_cli_weakness_json (builder, cve);
  tvm_cli_json_known (builder, "software", &tvm_software_fields, whole->software);
  add_groups (builder, whole->groups);
  tvm_cli_json_known (builder, "devices", &tvm_device_fields, devices);
  tvm_cli_json_boolean (builder, "devices_exact", devices == NULL ? -1 : whole->is_exact &&
                        !whole->is_contradicted && !whole->is_miscounted);
  tvm_cli_json_known (builder, "security_updates", &tvm_security_update_fields,
                      knows_fixes || whole->updates->len > 0 ? whole->updates : NULL);
  tvm_cli_json_known (builder, "recommendations", &tvm_recommendation_fields,
                      knows_fixes ? whole->recommendations : NULL);
  if (!tvm_cli_json_activities (self, builder, cve->n_activities >= 0 || whole->activities->len > 0
                                  ? whole->activities : NULL, error))
    return FALSE;
  add_exceptions (builder, cve->n_exceptions >= 0 ? whole->exceptions : NULL);
  tvm_cli_json_known (builder, "timeline", &tvm_weakness_event_fields, whole->timeline);
  tvm_cli_json_end (builder);
  return TRUE;
}

/* Of what is not one CVE, whole, nobody can tell that it is not there. */
static TvmCliStatus
fail_to_find (TvmCli            *self,
              char             **named,
              const GError      *error)
{
  const char *typed = self->arguments[1];
  gboolean is_empty = typed[strspn (typed, " \t\r\n")] == '\0';

  if (g_strv_length (named) > 1)
    return tvm_cli_usage_error (_("“%s” names several CVEs. “tvm-remediate weaknesses --search "
                                  "TEXT” tells of all of them."), typed);
  if (named[0] == NULL && (is_empty || tvm_text_names_cve (typed)))
    return tvm_cli_usage_error (_("“%s” is not a whole CVE (such as CVE-2024-1234). "
                                  "“tvm-remediate weaknesses --search TEXT” finds by a part."),
                                typed);
  tvm_cli_tell_refusal (self, TVM_WEAKNESSES_LIST);
  return tvm_cli_fail (error);
}

/* Asks no service. */
static TvmCliStatus
run_weakness (TvmCli *self)
{
  g_autoptr(TvmWeaknessWhole) whole = NULL;
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) named = NULL;

  if (!tvm_cli_parse (self, NULL, 1, 1))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_store (self, &error))
    return tvm_cli_fail (error);
  /* As documents write it, whatever its dashes are. */
  named = tvm_text_list_cves (self->arguments[1]);
  whole = tvm_store_load_weakness (self->store, g_strv_length (named) == 1 ? named[0]
                                                                        : self->arguments[1],
                                   &error);
  if (whole == NULL)
    return fail_to_find (self, named, error);
  devices = list_devices (self, whole, &error);
  if (error != NULL)
    return tvm_cli_fail (error);
  if (whole->software == NULL && !whole->awaits_exports)
    tvm_cli_tell_refusal (self, TVM_EXPOSURE_LIST);
  if (self->json)
    return print_json (self, whole, devices, &error) ? TVM_CLI_DONE : tvm_cli_fail (error);
  print_facts (whole->vulnerability);
  print_software (whole->software);
  tvm_cli_print_updates (whole->updates);
  tvm_cli_print_recommendations (whole->recommendations);
  print_timeline (whole->timeline);
  print_devices (whole, devices);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_weakness_command = {
  "weakness", "CVE", N_("Show one weakness (CVE), whole"), run_weakness
};
