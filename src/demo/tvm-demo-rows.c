/* tvm-demo-rows.c: the tenant's things as the services write them. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include <string.h>

#include "tvm-time.h"

static void
build_machine_row (const TvmDemoDevice *device,
                   GString             *out)
{
  static const char *const healths[] = { "Active", "Inactive", "ImpairedCommunication" };
  static const char *const risks[] = { "None", "Informational", "Low", "Medium", "High" };
  static const char *const values[] = { "Normal", "Low", "High" };
  const TvmDemoPlatform *platform = &tvm_demo_platforms[device->platform];
  g_autofree char *address = g_strdup_printf ("%u.%u.%u.%u", device->address >> 24,
                                              device->address >> 16 & 255,
                                              device->address >> 8 & 255, device->address & 255);
  g_autofree char *addresses = g_strdup_printf ("[{\"ipAddress\":\"%s\",\"type\":\"Ethernet\","
                                                "\"operationalStatus\":\"Up\"}]", address);

  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", device->id);
  tvm_demo_put_string (out, "computerDnsName", device->name);
  tvm_demo_put_time (out, "firstSeen", device->first_seen_us);
  tvm_demo_put_time (out, "lastSeen", device->last_seen_us);
  tvm_demo_put_string (out, "osPlatform", platform->name);
  tvm_demo_put_string (out, "version", platform->version);
  if (device->has_build)
    tvm_demo_put_int (out, "osBuild", platform->build);
  else
    tvm_demo_put_raw (out, "osBuild", "null");
  tvm_demo_put_string (out, "osArchitecture", platform->architecture);
  tvm_demo_put_string (out, "lastIpAddress", address);
  tvm_demo_put_string (out, "healthStatus", healths[device->health]);
  tvm_demo_put_string (out, "onboardingStatus", "Onboarded");
  tvm_demo_put_int (out, "rbacGroupId", device->group);
  tvm_demo_put_string (out, "rbacGroupName", tvm_demo_groups[device->group]);
  tvm_demo_put_string (out, "riskScore", risks[device->risk]);
  tvm_demo_put_string (out, "exposureLevel", risks[device->exposure + 1]);
  tvm_demo_put_string (out, "deviceValue", values[device->value]);
  tvm_demo_put_bool (out, "isAadJoined", device->is_joined);
  tvm_demo_put_string (out, "aadDeviceId", device->is_joined ? device->entra_id : NULL);
  tvm_demo_put_raw (out, "machineTags", device->value == 2 ? "[\"Tier 0\"]" : "[]");
  tvm_demo_put_raw (out, "ipAddresses", addresses);
  tvm_demo_close (out, '}');
}

/**
 * tvm_demo_row_machine:
 * @data: what the tenant knows
 * @item: a #TvmDemoDevice, which keeps the text until it changes
 * @out: (inout): gets the row as GET /api/machines documents it
 */
void
tvm_demo_row_machine (TvmDemoData *data,
                      gpointer     item,
                      GString     *out)
{
  TvmDemoDevice *device = item;

  if (device->machine_row == NULL)
    {
      GString *row = g_string_sized_new (768);

      build_machine_row (device, row);
      device->machine_row = g_strdup (row->str);
      g_string_free (row, TRUE);
    }
  g_string_append (out, device->machine_row);
}

/**
 * tvm_demo_row_reference:
 * @data: what the tenant knows
 * @item: a #TvmDemoDevice, which keeps the text until it changes
 * @out: (inout): gets the row as machineReferences are documented
 */
void
tvm_demo_row_reference (TvmDemoData *data,
                        gpointer     item,
                        GString     *out)
{
  TvmDemoDevice *device = item;

  if (device->reference_row == NULL)
    {
      GString *row = g_string_new ("{");

      tvm_demo_put_string (row, "id", device->id);
      tvm_demo_put_string (row, "computerDnsName", device->name);
      tvm_demo_put_string (row, "osPlatform", tvm_demo_platforms[device->platform].name);
      tvm_demo_put_string (row, "rbacGroupName", tvm_demo_groups[device->group]);
      tvm_demo_close (row, '}');
      device->reference_row = g_strdup (row->str);
      g_string_free (row, TRUE);
    }
  g_string_append (out, device->reference_row);
}

/**
 * tvm_demo_row_managed_device:
 * @data: what the tenant knows
 * @item: a #TvmDemoDevice that is joined to Microsoft Entra
 * @out: (inout): gets the row with what is selected of Graph's managedDevice
 */
void
tvm_demo_row_managed_device (TvmDemoData *data,
                             gpointer     item,
                             GString     *out)
{
  const TvmDemoDevice *device = item;

  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", device->intune_id);
  tvm_demo_put_string (out, "azureADDeviceId", device->entra_id);
  tvm_demo_put_string (out, "deviceName", device->name);
  tvm_demo_put_time (out, "lastSyncDateTime", device->last_seen_us);
  tvm_demo_close (out, '}');
}

/**
 * tvm_demo_row_recommendation:
 * @data: what the tenant knows
 * @item: a #TvmDemoRecommendation
 * @out: (inout): gets the row as GET /api/recommendations documents it
 */
void
tvm_demo_row_recommendation (TvmDemoData *data,
                             gpointer     item,
                             GString     *out)
{
  static const char *const types[] = { "Update", "Upgrade", "Uninstall", "ConfigurationChange",
                                       "AttentionRequired" };
  const TvmDemoRecommendation *self = item;
  gboolean is_setting = self->type == TVM_DEMO_CONFIGURATION;
  gboolean is_system = g_str_has_prefix (self->product, "windows") ||
                       g_strcmp0 (self->product, "macos") == 0;
  const char *category = is_setting ? "SecurityControls" : is_system ? "OS" : "Application";
  gboolean is_windows_10 = g_str_has_prefix (self->product, "windows_10");

  if (is_setting && g_str_has_prefix (self->component, "Accounts"))
    category = "Accounts";
  else if (is_setting && g_str_has_prefix (self->component, "Network"))
    category = "Network";
  else if (is_setting && g_str_has_prefix (self->component, "OS"))
    category = "OS";
  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", self->id);
  tvm_demo_put_string (out, "productName", self->product);
  tvm_demo_put_string (out, "recommendationName", self->name);
  tvm_demo_put_int (out, "weaknesses", tvm_demo_count_weaknesses (self));
  tvm_demo_put_string (out, "vendor", self->vendor);
  tvm_demo_put_string (out, "recommendedVersion", self->version);
  /* Only what is upgraded to another program names one. */
  tvm_demo_put_string (out, "recommendedVendor", is_windows_10 ? "Microsoft" : NULL);
  tvm_demo_put_string (out, "recommendedProgram", is_windows_10 ? "windows_11" : NULL);
  tvm_demo_put_string (out, "recommendationCategory", category);
  tvm_demo_put_string (out, "subCategory", is_setting ? self->component : NULL);
  tvm_demo_put_double (out, "severityScore", self->severity_tenths / 10.0);
  tvm_demo_put_bool (out, "publicExploit", self->public_exploit);
  tvm_demo_put_bool (out, "activeAlert", self->active_alert);
  tvm_demo_put_raw (out, "associatedThreats",
                    self->active_alert ? "[\"3098b8ef-23b1-46b3-aed4-499e1928f9ed\"]" : "[]");
  tvm_demo_put_string (out, "remediationType", types[self->type]);
  tvm_demo_put_string (out, "status", self->is_exception ? "Exception" : "Active");
  tvm_demo_put_double (out, "configScoreImpact", self->n_exposed > 0 ? self->config_impact : 0);
  tvm_demo_put_double (out, "exposureImpact", self->n_exposed > 0 ? self->exposure_impact : 0);
  tvm_demo_put_int (out, "totalMachineCount", self->n_total);
  tvm_demo_put_int (out, "exposedMachinesCount", self->n_exposed);
  tvm_demo_put_int (out, "nonProductivityImpactedAssets",
                    is_setting ? tvm_demo_count_no_impact (data, self) : 0);
  tvm_demo_put_string (out, "relatedComponent", self->component);
  tvm_demo_put_int (out, "exposedCriticalDevices", self->n_critical);
  tvm_demo_close (out, '}');
}

static void
put_groups (GString               *out,
            const TvmDemoActivity *self)
{
  GString *groups = g_string_new ("[");

  for (guint i = 0; i < tvm_demo_n_groups; i++)
    if (self->group_mask >> i & 1)
      {
        tvm_demo_put_quoted (groups, tvm_demo_groups[i]);
        g_string_append_c (groups, ',');
      }
  tvm_demo_close (groups, ']');
  tvm_demo_put_raw (out, "rbacGroupNames", groups->str);
  g_string_free (groups, TRUE);
}

/**
 * tvm_demo_row_activity:
 * @data: what the tenant knows
 * @item: a #TvmDemoActivity
 * @out: (inout): gets the row as GET /api/remediationTasks documents it, with the devices fixed by
 *   now
 */
void
tvm_demo_row_activity (TvmDemoData *data,
                       gpointer     item,
                       GString     *out)
{
  static const char *const types[] = { "Update", "Upgrade", "Uninstall", "ConfigurationChange",
                                       "AttentionRequired" };
  static const char *const people[] = { TVM_DEMO_USER, "li.wei@" TVM_DEMO_DOMAIN,
                                        "jürgen.groß@" TVM_DEMO_DOMAIN };
  static const char *const priorities[] = { "High", "Medium", "Low" };
  static const char *const methods[] = { NULL, "Automatic", "Manual" };
  const TvmDemoActivity *self = item;
  const TvmDemoRecommendation *about = self->recommendation;
  gboolean is_setting = about->type == TVM_DEMO_CONFIGURATION;
  g_autofree char *product_id = g_strconcat (about->vendor, "-_-", about->product, NULL);

  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", self->id);
  tvm_demo_put_string (out, "title", about->name);
  tvm_demo_put_time (out, "createdOn", self->created_us);
  tvm_demo_put_string (out, "requesterId", self->requester_id);
  tvm_demo_put_string (out, "requesterEmail", people[self->requester]);
  tvm_demo_put_string (out, "status", self->is_completed ? "Completed" : "Active");
  tvm_demo_put_time (out, "statusLastModifiedOn", self->changed_us);
  tvm_demo_put_string (out, "description", about->name);
  tvm_demo_put_string (out, "relatedComponent", about->component);
  tvm_demo_put_int (out, "targetDevices", self->n_targets);
  put_groups (out, self);
  tvm_demo_put_int (out, "fixedDevices", tvm_demo_data_count_fixed (data, self));
  tvm_demo_put_string (out, "requesterNotes",
                       self->has_notes ? "Please plan this for the next maintenance window."
                                       : NULL);
  tvm_demo_put_time (out, "dueOn", self->due_us);
  tvm_demo_put_string (out, "category", is_setting ? "Security configuration" : "Software");
  tvm_demo_put_string (out, "productivityImpactRemediationType",
                       !is_setting               ? NULL
                       : self->non_impacted_only ? "NonProductivityImpactedAssets"
                                                 : "AllExposedAssets");
  tvm_demo_put_string (out, "priority", priorities[self->priority]);
  tvm_demo_put_string (out, "completionMethod", methods[self->method]);
  tvm_demo_put_string (out, "completerId", self->method == 2 ? self->completer_id : NULL);
  tvm_demo_put_string (out, "completerEmail", self->method == 2 ? people[self->requester] : NULL);
  tvm_demo_put_string (out, "scid", is_setting ? about->id + strlen ("sca-_-") : NULL);
  tvm_demo_put_string (out, "type", types[about->type]);
  tvm_demo_put_string (out, "productId", is_setting ? NULL : product_id);
  tvm_demo_put_string (out, "vendorId", is_setting ? NULL : about->vendor);
  tvm_demo_put_string (out, "nameId", is_setting ? NULL : about->product);
  tvm_demo_put_string (out, "recommendedVersion", about->version);
  tvm_demo_put_string (out, "recommendedVendor", NULL);
  tvm_demo_put_string (out, "recommendedProgram", NULL);
  tvm_demo_close (out, '}');
}
