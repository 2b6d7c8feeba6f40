/* tvm-demo-assessments.c: every configuration of every device: whether it applies, is as
 * recommended, and whether a change is expected to be noticed. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include "tvm-time.h"

#include <string.h>

#define MAX_PAGE_SIZE 200000
#define PAGE_SIZE     50000

/* What the service expects of the change on a device; of some it does not say. */
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
 * Counts what tvm_demo_assessments_handle() lists, for the recommendation's
 * nonProductivityImpactedAssets.
 *
 * Returns: how many exposed devices of the inventory no user would notice the change on; those of
 *   which nothing is told do not count
 */
guint
tvm_demo_count_no_impact (TvmDemoData                 *data,
                          const TvmDemoRecommendation *about)
{
  guint n = 0;

  for (guint i = 0; i < data->n_devices; i++)
    if (tvm_demo_bit (about->exposed, i) && !data->devices[i].is_removed)
      n += get_expectation (about, &data->devices[i]) == NO_IMPACT;
  return n;
}

static void
put_assessment (TvmDemoData                 *data,
                const TvmDemoRecommendation *about,
                guint                        position,
                GString                     *out)
{
  const TvmDemoDevice *device = &data->devices[position];
  const TvmDemoPlatform *platform = &tvm_demo_platforms[device->platform];
  const char *scid = about->id + strlen ("sca-_-");
  g_autofree char *id = g_strdup_printf ("%s_%s_", device->id, scid);
  g_autofree char *when = tvm_demo_format_time (device->last_seen_us);
  Expectation expectation = get_expectation (about, device);

  when[strlen ("2020-12-30")] = ' ';  /* the exports' times have neither T nor zone */
  when[strlen ("2020-12-30 14:17:26")] = '\0';
  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", id);
  tvm_demo_put_string (out, "deviceId", device->id);
  tvm_demo_put_string (out, "deviceName", device->name);
  tvm_demo_put_string (out, "rbacGroupName",
                       device->group > 0 ? tvm_demo_groups[device->group] : "Unassigned");
  tvm_demo_put_string (out, "osPlatform", platform->name);
  tvm_demo_put_string (out, "osVersion", platform->version);
  tvm_demo_put_string (out, "timestamp", when);
  tvm_demo_put_string (out, "configurationId", scid);
  tvm_demo_put_string (out, "configurationCategory", "Security controls");
  tvm_demo_put_string (out, "configurationSubcategory", about->component);
  tvm_demo_put_int (out, "configurationImpact", MAX (1, about->severity_tenths / 10));
  tvm_demo_put_string (out, "configurationName", about->name);
  tvm_demo_put_bool (out, "isApplicable", (platform->platforms & about->platforms) != 0);
  tvm_demo_put_bool (out, "isCompliant", !tvm_demo_bit (about->exposed, position));
  if (expectation == UNTOLD)
    tvm_demo_put_raw (out, "isExpectedUserImpact", "null");
  else
    tvm_demo_put_bool (out, "isExpectedUserImpact", expectation == IMPACT);
  tvm_demo_put_string (out, "recommendationReference", about->id);
  tvm_demo_close (out, '}');
  g_string_append_c (out, ',');
}

static void
put_next_link (TvmDemoExchange *ex,
               guint64          size,
               guint64          next)
{
  g_autofree char *uri = tvm_demo_own_uri (ex, ex->path);
  g_autofree char *link = g_strdup_printf ("%s?pageSize=%" G_GUINT64_FORMAT "&$skiptoken=%"
                                           G_GUINT64_FORMAT, uri, size, next);

  g_string_append_c (ex->reply, ',');
  tvm_demo_put_string (ex->reply, "@odata.nextLink", link);
  tvm_demo_close (ex->reply, '}');
}

static void
put_page (TvmDemoExchange *ex,
          guint64          first,
          guint64          size)
{
  TvmDemoData *data = ex->tenant->data;
  guint64 n = 0;

  g_string_assign (ex->reply, "{\"value\":[");
  for (guint i = 0; i < data->recommendations->len; i++)
    {
      const TvmDemoRecommendation *about = data->recommendations->pdata[i];

      if (about->type != TVM_DEMO_CONFIGURATION)
        continue;
      for (guint k = 0; k < data->n_devices; k++)
        {
          if (data->devices[k].is_removed)
            continue;
          if (n >= first && n < first + size)
            put_assessment (data, about, k, ex->reply);
          n++;
        }
    }
  tvm_demo_close (ex->reply, ']');
  if (n > first + size)
    put_next_link (ex, size, first + size);
  else
    g_string_append_c (ex->reply, '}');
}

/**
 * tvm_demo_assessments_handle:
 * @ex: (inout): an exchange whose caller was let in
 *
 * Answers SecureConfigurationsAssessmentByMachine as the Defender API documents it: pageSize up to
 * 200,000 (50,000), `@odata.nextLink` with a `$skiptoken`, 400 for numbers that are none.
 */
void
tvm_demo_assessments_handle (TvmDemoExchange *ex)
{
  guint page_size = ex->tenant->options.page_size;
  const char *wanted = tvm_demo_query (ex, "pageSize"), *token = tvm_demo_query (ex, "$skiptoken");
  guint64 size = PAGE_SIZE, first = 0;

  if ((wanted != NULL &&
       !g_ascii_string_to_unsigned (wanted, 10, 1, MAX_PAGE_SIZE, &size, NULL)) ||
      (token != NULL && !g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT32, &first, NULL)))
    tvm_demo_reply_error (ex, 400, "BadRequest", "pageSize is no number up to 200,000.");
  else
    put_page (ex, first, page_size > 0 ? MIN (size, page_size) : size);
}
