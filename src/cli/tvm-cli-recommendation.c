/* tvm-cli-recommendation.c: the command recommendation. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-error.h"
#include "tvm-said.h"

#include <glib/gi18n-lib.h>

/* A recommendation with everything that belongs to it. */
typedef struct
{
  TvmRecommendation *recommendation;            /* (owned) */
  GPtrArray         *vulnerabilities, *groups;  /* (owned) */
  GPtrArray         *other_tickets;             /* (owned) */
} Whole;

static void
whole_free (Whole *whole)
{
  g_clear_pointer (&whole->recommendation, tvm_recommendation_unref);
  g_clear_pointer (&whole->vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&whole->groups, g_ptr_array_unref);
  g_clear_pointer (&whole->other_tickets, g_ptr_array_unref);
  g_free (whole);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Whole, whole_free)

/* NULL with @error. */
static Whole *
whole_load (TvmCli      *self,
            const char  *id,
            GError     **error)
{
  g_autoptr(Whole) whole = g_new0 (Whole, 1);

  whole->recommendation = tvm_store_get_recommendation (self->store, id, error);
  if (whole->recommendation == NULL)
    return NULL;
  whole->vulnerabilities = tvm_store_list_vulnerabilities (self->store, id, error);
  if (whole->vulnerabilities == NULL)
    return NULL;
  whole->groups = tvm_store_list_group_counts (self->store, id, error);
  if (whole->groups == NULL)
    return NULL;
  whole->other_tickets = tvm_store_list_adopted_tickets (self->store, id, error);
  return whole->other_tickets != NULL ? g_steal_pointer (&whole) : NULL;
}

/**
 * tvm_cli_refresh:
 * @self: the command line with an engine
 * @fetch: asks a service for the details of one thing
 * @id: the thing's ID
 * @have_some: whether the store has details from an earlier time
 *
 * Asks for details that a sync does not pull. That it failed is told; it makes the command fail
 * only when there is nothing from an earlier time to show instead, or when Ctrl-C ended it.
 *
 * Returns: the exit status after showing what is there
 */
TvmCliStatus
tvm_cli_refresh (TvmCli          *self,
                 TvmCliFetchFunc  fetch,
                 const char      *id,
                 gboolean         have_some)
{
  g_autoptr(GError) error = NULL;
  TvmCliStatus status;

  if (have_some && tvm_store_is_read_only (self->store))
    return TVM_CLI_DONE; /* an answer could not be kept */
  if (fetch (self->engine, id, self->cancellable, &error))
    return TVM_CLI_DONE;
  status = tvm_cli_fail (error);
  return have_some && !tvm_cli_was_cancelled (error) ? TVM_CLI_DONE : status;
}

static void
print_number (const char *label,
              double      number,
              int         decimals)
{
  g_autofree char *text = g_strdup_printf ("%.*f", decimals, number);

  tvm_cli_print_field (label, number > TVM_REAL_UNKNOWN ? text : _("not known"));
}

/* Below 0 is not known. */
static void
print_count (const char *label,
             int         count)
{
  print_number (label, count >= 0 ? count : TVM_REAL_UNKNOWN, 0);
}

static void
print_threats (const TvmRecommendation *recommendation)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) unknown = g_string_new (NULL);
  const struct { TvmTruth is_set; const char *text; } marks[] = {
    { recommendation->public_exploit, _("public exploit") },
    { recommendation->active_alert, _("active alert") },
    { recommendation->known_exploited, _("known exploited") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      GString *list = marks[i].is_set == TVM_TRUTH_UNKNOWN ? unknown : text;

      if (marks[i].is_set != TVM_TRUTH_NO)
        g_string_append_printf (list, "%s%s", list->len > 0 ? _(", ") : "", marks[i].text);
    }
  tvm_cli_print_field (_("Threats"), text->len > 0 ? text->str : NULL);
  /* Translators: before a list: “public exploit, active alert”. */
  tvm_cli_print_field (_("Not known"), unknown->len > 0 ? unknown->str : NULL);
}

static void
print_recommendation (const TvmRecommendation *recommendation)
{
  g_autofree char *exposed =
    /* Translators: exposed devices, then all devices that have the software. */
    g_strdup_printf (_("%d of %d"), recommendation->exposed_devices, recommendation->total_devices);
  g_autofree char *epss = tvm_epss_to_share (recommendation->epss);
  gboolean is_known = recommendation->exposed_devices >= 0 && recommendation->total_devices >= 0;

  tvm_cli_print_field (_("ID"), recommendation->id);
  tvm_cli_print_field (_("Name"), recommendation->name);
  tvm_cli_print_field (_("Related component"), recommendation->related_component);
  tvm_cli_print_field (_("Remediation type"), tvm_recommendation_type_text (recommendation));
  tvm_cli_print_field (_("Status"), tvm_recommendation_status_text (recommendation));
  tvm_cli_print_field (_("Recommended version"), recommendation->recommended_version);
  if (is_known)
    tvm_cli_print_field (_("Exposed devices"), exposed);
  else
    print_count (_("Exposed devices"), recommendation->exposed_devices);
  print_count (_("Weaknesses"), recommendation->weaknesses);
  print_number (_("Severity"), recommendation->severity, 1);
  tvm_cli_print_field (_("EPSS"), epss != NULL ? epss : _("not known"));
  print_number (_("Exposure impact"), recommendation->exposure_impact, 2);
  print_number (_("Secure score impact"), recommendation->config_score_impact, 2);
  print_threats (recommendation);
  print_count (_("Activities"), recommendation->n_activities);
}

static void
print_groups (GPtrArray *groups)
{
  static const char *const headings[] = {
    N_("Device group"), N_("Exposed"),
    /* Translators: devices joined to Microsoft Entra. */
    N_("Joined to Entra"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *group = g_ptr_array_index (groups, i);

      tvm_cli_table_cell (table, group->name != NULL ? group->name : _("not known"));
      tvm_cli_table_number (table, group->exposed);
      tvm_cli_table_number (table, group->joined);
    }
  tvm_cli_table_print_below (table);
}

/* What the groups and the service's own count are apart. */
static void
print_unnamed (const Whole *whole)
{
  int unnamed = tvm_recommendation_unnamed (whole->recommendation, whole->groups);
  g_autofree char *text = g_strdup_printf (ngettext ("%d device", "%d devices", ABS (unnamed)),
                                           ABS (unnamed));

  tvm_cli_print_field (tvm_unnamed_text (unnamed), unnamed != 0 ? text : NULL);
}

static void
print_vulnerabilities (GPtrArray *vulnerabilities)
{
  static const char *const headings[] = {
    N_("CVE"), N_("Severity"), N_("CVSS"), N_("Public exploit"), N_("Exposed"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < vulnerabilities->len; i++)
    {
      const TvmVulnerability *vulnerability = g_ptr_array_index (vulnerabilities, i);
      g_autofree char *cvss = vulnerability->cvss >= 0
                                ? g_strdup_printf ("%.1f", vulnerability->cvss)
                                : NULL;

      tvm_cli_table_cell (table, vulnerability->id);
      tvm_cli_table_cell (table, tvm_vulnerability_severity_text (vulnerability));
      tvm_cli_table_cell (table, cvss);
      tvm_cli_table_cell (table, vulnerability->public_exploit == TVM_TRUTH_YES  ? _("yes")
                                 : vulnerability->public_exploit == TVM_TRUTH_NO ? _("no")
                                                                                 : NULL);
      tvm_cli_table_number (table, vulnerability->exposed_devices);
    }
  tvm_cli_table_print_below (table);
}

static void
add_groups_json (JsonBuilder             *builder,
                 const TvmRecommendation *recommendation,
                 GPtrArray               *groups)
{
  tvm_cli_json_array (builder, "groups");
  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *group = g_ptr_array_index (groups, i);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "name", group->name);
      tvm_cli_json_int (builder, "exposed", group->exposed);
      tvm_cli_json_int (builder, "joined", group->joined);
      if (recommendation->type == TVM_TYPE_CONFIGURATION_CHANGE)
        {
          tvm_cli_json_int (builder, "no_impact",
                            group->impact_unknown < group->exposed ? group->no_impact : -1);
          tvm_cli_json_int (builder, "impact_unknown", group->impact_unknown);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_whole_as_json (TvmCli      *self,
                     const Whole *whole)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  tvm_cli_json_fields (builder, &tvm_recommendation_fields, whole->recommendation);
  tvm_cli_json_unnamed (builder, whole->recommendation, whole->groups);
  if (tvm_recommendation_knows_devices (whole->recommendation))
    add_groups_json (builder, whole->recommendation, whole->groups);
  else
    tvm_cli_json_null (builder, "groups");
  if (tvm_recommendation_knows_cves (whole->recommendation))
    tvm_cli_json_records (builder, "vulnerabilities", &tvm_vulnerability_fields,
                          whole->vulnerabilities);
  else
    tvm_cli_json_null (builder, "vulnerabilities");
  tvm_cli_json_other_tickets (self, builder, whole->other_tickets);
  tvm_cli_json_end (builder);
}

/* Its CVEs and exposed devices are asked for when they are older than the recommendation, or other
 * devices are named than it counts; what cannot be asked for at present is told, and the rest is
 * shown. */
static TvmCliStatus
run_recommendation (TvmCli *self)
{
  g_autoptr(Whole) whole = NULL;
  g_autoptr(GError) error = NULL;
  TvmCliStatus status = TVM_CLI_DONE;
  gboolean is_known;
  gint64 synced_us;

  if (!tvm_cli_parse (self, NULL, 1, 1))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error) ||
      (whole = whole_load (self, self->arguments[1], &error)) == NULL)
    return tvm_cli_fail (error);
  synced_us = whole->recommendation->devices_synced_us;
  is_known = synced_us != 0 && tvm_recommendation_knows_cves (whole->recommendation);
  if (!is_known || tvm_recommendation_unnamed (whole->recommendation, whole->groups) != 0 ||
      synced_us < tvm_store_get_list_synced_us (self->store, "recommendations", NULL))
    {
      status = tvm_cli_refresh (self, tvm_sync_engine_fetch_recommendation, self->arguments[1],
                                is_known);
      whole_free (whole);
      whole = whole_load (self, self->arguments[1], &error);
      if (whole == NULL)
        return tvm_cli_fail (error);
      if (status == TVM_CLI_DONE && !tvm_recommendation_knows_devices (whole->recommendation))
        tvm_cli_message ("%s", _("The service lists fewer exposed devices than it counts. Look "
                                 "again later."));
    }
  if (self->json)
    {
      print_whole_as_json (self, whole);
      return status;
    }
  print_recommendation (whole->recommendation);
  print_groups (whole->groups);
  print_unnamed (whole);
  if (!tvm_recommendation_knows_devices (whole->recommendation))
    tvm_cli_print_field (_("Device groups"), whole->groups->len == 0
                           ? _("not known") : _("there may be more"));
  print_vulnerabilities (whole->vulnerabilities);
  if (!tvm_recommendation_knows_cves (whole->recommendation))
    tvm_cli_print_field (_("CVEs"), _("not known"));
  tvm_cli_print_other_tickets (whole->other_tickets);
  return status;
}

const TvmCliCommand tvm_cli_recommendation_command = {
  "recommendation", "ID", N_("Show one security recommendation, whole"), run_recommendation
};
