/* tvm-demo-records.c: rows of the exports: a device's versions with their CVEs, and its settings.
 * The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-records-private.h"

#include <string.h>
#include <time.h>

#include "tvm-time.h"

#define UNINSTALL_KEY \
  "HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Uninstall\\\\"

/* The exports' times have neither zone nor `T`; some have decimals. */
static void
put_plain_time (GString    *out,
                const char *key,
                gint64      instant_us)
{
  time_t seconds = instant_us / TVM_SECOND_US;
  struct tm parts;
  char text[40];
  gsize length;

  gmtime_r (&seconds, &parts);
  length = strftime (text, sizeof text, "\"%Y-%m-%d %H:%M:%S", &parts);
  if (seconds % 3 == 0)
    g_snprintf (text + length, sizeof text - length, "\"");
  else
    g_snprintf (text + length, sizeof text - length, ".%06d%d\"",
                (int) (instant_us % TVM_SECOND_US), (int) (seconds % 10));
  tvm_demo_put_raw (out, key, text);
}

/* Some devices' names are not told. */
static void
put_device (const TvmDemoRecord *self,
            GString             *out)
{
  const TvmDemoDevice *device = &self->data->devices[self->device];
  const TvmDemoPlatform *platform = &tvm_demo_platforms[device->platform];

  tvm_demo_put_string (out, "deviceId", device->id);
  tvm_demo_put_string (out, "deviceName", self->device % 53 == 17 ? NULL : device->name);
  tvm_demo_put_string (out, "rbacGroupName",
                       self->group > 0 ? tvm_demo_groups[self->group] : self->no_group);
  tvm_demo_put_string (out, "osPlatform", platform->name);
  tvm_demo_put_string (out, "osVersion", platform->version);
}

/* Only what Microsoft's monthly updates fix has one; two releases of Windows 11 have two. */
static void
put_update (const TvmDemoRecord *self,
            GString             *out)
{
  const char *product = self->about->product, *id = NULL;
  g_autofree char *url = NULL;

  if (self->weakness != NULL && g_str_has_prefix (product, "windows_11"))
    id = self->device % 2 == 0 ? "5044285" : "5044284";
  else if (self->weakness != NULL && g_str_has_prefix (product, "windows_server_2022"))
    id = "5044281";
  if (id != NULL)
    url = g_strconcat ("https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB", id, NULL);
  tvm_demo_put_string (out, "recommendedSecurityUpdate",
                       id != NULL ? "October 2024 Security Updates" : NULL);
  tvm_demo_put_string (out, "recommendedSecurityUpdateId", id);
  tvm_demo_put_string (out, "recommendedSecurityUpdateUrl", url);
}

/* Where it was found: files and, on Windows, keys of the registry; neither of a system. */
static void
put_paths (const TvmDemoRecord *self,
           GString             *out)
{
  const TvmDemoRecommendation *about = self->about;
  guint platform =
    tvm_demo_platforms[self->data->devices[self->device].platform].platforms;
  gboolean is_windows = (platform & (TVM_DEMO_CLIENT | TVM_DEMO_SERVER)) != 0;

  if (about->is_system)
    g_string_append (out, "\"diskPaths\":[],\"registryPaths\":[],");
  else if (is_windows)
    g_string_append_printf (out, "\"diskPaths\":[\"C:\\\\Program Files\\\\%s\\\\%s\\\\%s.exe\"],"
                            "\"registryPaths\":[\"" UNINSTALL_KEY "%s %s\"],", about->component,
                            about->versions[self->version], about->product, about->component,
                            about->versions[self->version]);
  else
    g_string_append_printf (out, "\"diskPaths\":[\"%s/%s\"],\"registryPaths\":[],",
                            platform == TVM_DEMO_MAC ? "/Applications" : "/usr/lib",
                            about->product);
}

/* When the service first saw the CVE on the device, whatever the version; or the software. */
static gint64
get_first_seen (const TvmDemoRecord *self)
{
  const TvmDemoCve *cve = self->weakness != NULL ? self->weakness->cve : NULL;
  guint64 lot = tvm_demo_mix (cve != NULL ? g_str_hash (cve->id) : self->about->salt, self->device);
  gint64 from_us = cve != NULL ? cve->detected_us
                               : self->data->devices[self->device].first_seen_us;

  return from_us + (gint64) (lot % (guint64) MAX (self->data->start_us - from_us, 1));
}

/* Devices that were seen lately are seen again and again, at the latest where something changed. */
static gint64
get_last_seen (const TvmDemoRecord *self)
{
  gint64 seen_us = self->data->devices[self->device].last_seen_us;

  return seen_us > self->data->start_us - TVM_DAY_US ? MAX (seen_us, self->changed_us) : seen_us;
}

static void
put_cve (const TvmDemoCve *cve,
         GString          *out)
{
  static const char *const severities[] = { "Low", "Medium", "High", "Critical" };

  tvm_demo_put_string (out, "cveId", cve != NULL ? cve->id : NULL);
  tvm_demo_put_string (out, "vulnerabilitySeverityLevel",
                       cve != NULL ? severities[cve->severity] : NULL);
  if (cve != NULL)
    tvm_demo_put_double (out, "cvssScore", cve->cvss);
  else
    tvm_demo_put_raw (out, "cvssScore", "null");
  tvm_demo_put_string (out, "exploitabilityLevel",
                       cve == NULL || !cve->exploited ? "NoExploit"
                       : cve->in_kit                  ? "ExploitIsInKit"
                       : cve->severity == 3           ? "ExploitIsVerified"
                                                      : "ExploitIsPublic");
}

/**
 * tvm_demo_put_record:
 * @self: what the record is about
 * @out: (inout): gets the record as the export of software vulnerabilities has it, still open, with
 *   a comma
 */
void
tvm_demo_put_record (const TvmDemoRecord *self,
                     GString             *out)
{
  const TvmDemoDevice *device = &self->data->devices[self->device];
  const TvmDemoRecommendation *about = self->about;

  g_string_append (out, "{\"id\":\"");
  g_string_append (out, device->id);
  g_string_append_c (out, '_');
  g_string_append (out, about->product);
  g_string_append_c (out, '_');
  g_string_append (out, about->versions[self->version]);
  g_string_append_c (out, '_');
  if (self->weakness != NULL)
    g_string_append (out, self->weakness->cve->id);
  g_string_append (out, "_\",");
  put_device (self, out);
  tvm_demo_put_string (out, "osArchitecture", tvm_demo_platforms[device->platform].architecture);
  tvm_demo_put_string (out, "softwareVendor", about->vendor);
  tvm_demo_put_string (out, "softwareName", about->product);
  tvm_demo_put_string (out, "softwareVersion", about->versions[self->version]);
  put_cve (self->weakness != NULL ? self->weakness->cve : NULL, out);
  put_update (self, out);
  put_paths (self, out);
  put_plain_time (out, "firstSeenTimestamp", get_first_seen (self));
  put_plain_time (out, "lastSeenTimestamp", get_last_seen (self));
  tvm_demo_put_string (out, "recommendationReference", about->id);
  tvm_demo_put_bool (out, "securityUpdateAvailable",
                     self->weakness != NULL && about->type != TVM_DEMO_ATTENTION);
}

/* What the service expects of a change of a setting on a device; of some it does not say. */
typedef enum { UNTOLD, NO_IMPACT, IMPACT } Expectation;

static Expectation
get_expectation (const TvmDemoRecommendation *about,
                 const TvmDemoDevice         *device)
{
  guint lot = (g_str_hash (device->id) ^ about->catalog_index * 2654435761u) >> 8;

  if (device->health == 2)
    return UNTOLD;
  return lot % 10 < 7 ? NO_IMPACT : IMPACT;
}

/**
 * tvm_demo_count_no_impact:
 * @data: what the tenant knows
 * @about: a configuration recommendation
 *
 * Counts what put_setting() tells, for the recommendation's nonProductivityImpactedAssets.
 *
 * Returns: how many exposed devices no user would notice the change on; those of which nothing is
 *   told do not count
 */
guint
tvm_demo_count_no_impact (TvmDemoData                 *data,
                          const TvmDemoRecommendation *about)
{
  guint n = 0;

  for (guint i = 0; i < data->n_devices; i++)
    if (tvm_demo_bit (about->exposed, i))
      n += get_expectation (about, &data->devices[i]) == NO_IMPACT;
  return n;
}

/* The record as the export of secure configurations has it, still open, with a comma; version 0 is
 * a setting that is not as recommended. */
static void
put_setting (const TvmDemoRecord *self,
             GString             *out)
{
  const TvmDemoRecommendation *about = self->about;
  const TvmDemoDevice *device = &self->data->devices[self->device];
  const char *scid = about->id + strlen ("sca-_-");
  gboolean applies = tvm_demo_bit (about->present, self->device);
  /* What does not apply may be told either way. */
  gboolean is_wrong = applies ? self->version == 0 : self->device % 2 == 0;
  Expectation expectation = get_expectation (about, device);

  g_string_append_printf (out, "{\"id\":\"%s_%s_\",", device->id, scid);
  put_device (self, out);
  put_plain_time (out, "timestamp", get_last_seen (self));
  tvm_demo_put_string (out, "configurationId", scid);
  tvm_demo_put_string (out, "configurationCategory", "Security controls");
  tvm_demo_put_string (out, "configurationSubcategory", about->component);
  tvm_demo_put_int (out, "configurationImpact", MAX (1, about->severity_tenths / 10));
  tvm_demo_put_string (out, "configurationName", about->name);
  tvm_demo_put_bool (out, "isApplicable", applies);
  tvm_demo_put_bool (out, "isCompliant", !is_wrong);
  if (expectation == UNTOLD)
    tvm_demo_put_raw (out, "isExpectedUserImpact", "null");
  else
    tvm_demo_put_bool (out, "isExpectedUserImpact", expectation == IMPACT);
  tvm_demo_put_string (out, "recommendationReference", about->id);
}

/* Writes one record, unless it is before the place or beyond the number asked for. */
static void
put_one (const TvmDemoRecord *record,
         TvmDemoDataset       dataset,
         TvmDemoWalk         *walk)
{
  if (walk->n_left == 0)
    {
      walk->is_full = TRUE;
      return;
    }
  if (walk->n_seen++ < walk->place.offset)
    return;
  if (dataset == TVM_DEMO_SETTINGS)
    put_setting (record, walk->out);
  else
    tvm_demo_put_record (record, walk->out);
  tvm_demo_close (walk->out, '}');
  g_string_append_c (walk->out, walk->separator);
  walk->n_left--;
}

/**
 * tvm_demo_walk_version:
 * @record: (inout): of a device, a product and one of its versions
 * @func: what to do with each CVE of the version
 * @user_data: for @func
 *
 * Returns: how many CVEs the version has
 */
guint
tvm_demo_walk_version (TvmDemoRecord    *record,
                       TvmDemoRecordFunc func,
                       gpointer          user_data)
{
  const GArray *weaknesses = record->about->weaknesses;
  guint n = 0;

  for (guint i = 0; i < weaknesses->len; i++)
    {
      record->weakness = &g_array_index (weaknesses, TvmDemoWeakness, i);
      if (record->version < record->weakness->first || record->version > record->weakness->last ||
          record->weakness->since > record->n_changes)
        continue;
      func (record, user_data);
      n++;
    }
  record->weakness = NULL;
  return n;
}

static void
weakness_cb (const TvmDemoRecord *record,
             gpointer             user_data)
{
  put_one (record, TVM_DEMO_SOFTWARE, user_data);
}

/* A device that left the inventory is told of only where it still counts as exposed. */
static void
put_about (TvmDemoRecord *record,
           TvmDemoDataset dataset,
           TvmDemoWalk   *walk)
{
  TvmDemoInstall install = tvm_demo_view_get (walk->view, record->about, record->device);
  gboolean is_removed = record->data->devices[record->device].is_removed;

  record->weakness = NULL;
  record->version = install.versions[0];
  if (dataset == TVM_DEMO_SETTINGS)
    {
      if (!is_removed || install.versions[0] == 0)
        put_one (record, dataset, walk);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (install.versions); i++)
    {
      record->version = install.versions[i];
      if (record->version != TVM_DEMO_NO_VERSION &&
          tvm_demo_walk_version (record, weakness_cb, walk) == 0 && !is_removed)
        put_one (record, dataset, walk);
    }
}

/* Every sixteenth device's rows are mixed with those of the next: nobody promised an order. */
static guint
get_unit (TvmDemoData *data,
          guint        place)
{
  gboolean is_mixed = (place | 3) < 2 * data->n_devices;

  return is_mixed && place % 32 == 1 ? place + 1 : is_mixed && place % 32 == 2 ? place - 1 : place;
}

/**
 * tvm_demo_walk:
 * @walk: (inout): from where on, how many rows, and where to; then where it stopped
 * @dataset: which rows
 * @end: the unit to stop before; a device is two
 *
 * Writes rows device by device until there are enough or no more.
 */
void
tvm_demo_walk (TvmDemoWalk   *walk,
               TvmDemoDataset dataset,
               guint          end)
{
  TvmDemoData *data = walk->data;
  TvmDemoRecord record = { .data = data, .no_group = walk->no_group,
                           .n_changes = tvm_demo_view_get_n_changes (walk->view) };

  if (record.n_changes > 0)
    record.changed_us =
      g_array_index (data->changes, TvmDemoChange, record.n_changes - 1).when_us;
  for (; walk->place.unit < end; walk->place.unit++, walk->place.offset = 0)
    {
      guint unit = get_unit (data, walk->place.unit);

      walk->n_seen = 0;
      record.device = unit / 2;
      record.group = tvm_demo_view_get_group (walk->view, record.device);
      for (guint i = unit % 2; i < data->recommendations->len; i += 2)
        {
          record.about = data->recommendations->pdata[i];
          if ((record.about->type == TVM_DEMO_CONFIGURATION) == (dataset == TVM_DEMO_SETTINGS))
            put_about (&record, dataset, walk);
          if (walk->is_full)
            {
              walk->place.offset = walk->n_seen;
              return;
            }
        }
    }
}
