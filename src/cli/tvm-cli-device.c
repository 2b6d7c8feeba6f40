/* tvm-cli-device.c: the command device. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-said.h"

#include <glib/gi18n-lib.h>

static void
print_facts (const TvmDevice *device)
{
  g_autofree char *first_seen = tvm_cli_local_time (device->first_seen_us);
  g_autofree char *last_seen = tvm_cli_local_time (device->last_seen_us);

  tvm_cli_print_field (_("ID"), device->id);
  tvm_cli_print_field (_("Name"), device->name);
  tvm_cli_print_field (_("OS"), device->os_platform);
  tvm_cli_print_field (_("Version"), device->os_version);
  tvm_cli_print_field (_("Device group"), device->group);
  tvm_cli_print_field (_("Exposure level"), tvm_device_exposure_text (device));
  tvm_cli_print_field (_("Risk score"), tvm_device_risk_text (device));
  tvm_cli_print_field (_("Device value"), tvm_device_value_text (device));
  tvm_cli_print_field (_("Health"), tvm_device_health_text (device));
  if (device->in_inventory == TVM_TRUTH_NO)
    tvm_cli_print_field (_("Inventory"), _("gone; the rest is what was told last"));
  tvm_cli_print_field (_("First seen"), first_seen != NULL ? first_seen : _("not known"));
  tvm_cli_print_field (_("Last seen"), last_seen != NULL ? last_seen : _("not known"));
}

static void
print_software (GPtrArray *software)
{
  static const char *const headings[] = {
    N_("Vendor"), N_("Software"), N_("Version"), N_("Weaknesses"), N_("First seen"),
    N_("Last seen"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < software->len; i++)
    {
      const TvmSoftware *one = software->pdata[i];
      g_autofree char *first_seen = tvm_cli_local_time (one->first_seen_us);
      g_autofree char *last_seen = tvm_cli_local_time (one->last_seen_us);

      tvm_cli_table_cell (table, one->vendor);
      tvm_cli_table_cell (table, one->name);
      tvm_cli_table_cell (table, one->version != NULL ? one->version : _("not known"));
      tvm_cli_table_number (table, one->n_weaknesses);
      tvm_cli_table_cell (table, first_seen);
      tvm_cli_table_cell (table, last_seen);
    }
  tvm_cli_table_print_below (table);
}

static void
print_activities (GPtrArray *activities)
{
  static const char *const headings[] = {
    N_("Activity"), N_("Title"), N_("Priority"), N_("Due by"), N_("Ticket status"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *one = activities->pdata[i];

      tvm_cli_table_cell (table, one->id);
      tvm_cli_table_cell (table, one->title);
      tvm_cli_table_cell (table, tvm_activity_priority_text (one));
      tvm_cli_table_cell (table, one->due_on);
      tvm_cli_table_cell (table, one->n_tickets > 0 ? tvm_activity_ticket_text (one) : NULL);
    }
  tvm_cli_table_print_below (table);
}

static void
print_whole (const TvmDeviceWhole *whole)
{
  print_facts (whole->device);
  if (!whole->device->counts_all)
    tvm_cli_print_field (_("Recommendations"), whole->recommendations->len > 0
                           ? _("there may be more; “tvm-remediate sync --full” makes them known")
                           : _("not known; “tvm-remediate sync --full” makes them known"));
  if (!whole->device->counts_activities)
    tvm_cli_print_field (_("Activities"), whole->activities->len > 0
                           ? _("there may be more; “tvm-remediate sync --full” makes them known")
                           : _("not known; “tvm-remediate sync --full” makes them known"));
  if (whole->software == NULL)
    {
      tvm_cli_print_field (_("Weaknesses"), tvm_cli_software_unknown ());
      tvm_cli_print_field (_("Software"), tvm_cli_software_unknown ());
      tvm_cli_print_field (_("Security updates"), tvm_cli_software_unknown ());
    }
  tvm_cli_print_recommendations (whole->recommendations);
  if (whole->software != NULL)
    {
      tvm_cli_weaknesses_print (whole->weaknesses);
      print_software (whole->software);
      tvm_cli_print_updates (whole->updates);
    }
  print_activities (whole->activities);
}

/* Those of recommendations that nobody knows all of are there, with a word that says so. */
static gboolean
print_json (TvmCli                *self,
            const TvmDeviceWhole  *whole,
            GError               **error)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  gboolean is_unknown = !whole->device->counts_all && whole->recommendations->len == 0;

  tvm_cli_json_fields (builder, &tvm_device_fields, whole->device);
  tvm_cli_json_boolean (builder, "in_inventory", whole->device->in_inventory);
  tvm_cli_json_known (builder, "recommendations", &tvm_recommendation_fields,
               is_unknown ? NULL : whole->recommendations);
  tvm_cli_json_known (builder, "weaknesses", &tvm_vulnerability_fields, whole->weaknesses);
  tvm_cli_json_known (builder, "software", &tvm_software_fields, whole->software);
  tvm_cli_json_known (builder, "missing_security_updates", &tvm_security_update_fields,
                      whole->updates);
  if (!tvm_cli_json_activities (self, builder, whole->device->counts_activities ||
                                  whole->activities->len > 0 ? whole->activities : NULL, error))
    return FALSE;
  tvm_cli_json_known (builder, "tickets", &tvm_ticket_fields, whole->tickets);
  tvm_cli_json_end (builder);
  return TRUE;
}

/* Asks no service. */
static TvmCliStatus
run_device (TvmCli *self)
{
  g_autoptr(TvmDeviceWhole) whole = NULL;
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_parse (self, NULL, 1, 1))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_store (self, &error))
    return tvm_cli_fail (error);
  whole = tvm_store_load_device (self->store, self->arguments[1], &error);
  if (whole == NULL)
    return tvm_cli_fail (error);
  if (whole->software == NULL)
    tvm_cli_tell_refusal (self, TVM_EXPOSURE_LIST);
  if (self->json)
    return print_json (self, whole, &error) ? TVM_CLI_DONE : tvm_cli_fail (error);
  print_whole (whole);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_device_command = {
  "device", "NAME | ID", N_("Show one device, whole"), run_device
};
