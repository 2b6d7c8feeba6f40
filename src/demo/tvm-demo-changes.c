/* tvm-demo-changes.c: the changes of software vulnerabilities by device since an instant. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include "tvm-time.h"

#include <string.h>

#define MAX_AGE_US    (14 * TVM_DAY_US)
#define MAX_PAGE_SIZE 200000
#define PAGE_SIZE     50000

static void
put_change (TvmDemoData         *data,
            const TvmDemoChange *change,
            const TvmDemoCve    *cve,
            GString             *out)
{
  const TvmDemoDevice *device = &data->devices[change->device];
  const TvmDemoRecommendation *about = change->about;
  g_autofree char *id = g_strdup_printf ("%s_%s_%s_%s", device->id, about->vendor, about->product,
                                         cve->id);

  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", id);
  tvm_demo_put_string (out, "deviceId", device->id);
  tvm_demo_put_string (out, "rbacGroupName", tvm_demo_groups[device->group]);
  tvm_demo_put_string (out, "deviceName", device->name);
  tvm_demo_put_string (out, "softwareVendor", about->vendor);
  tvm_demo_put_string (out, "softwareName", about->product);
  tvm_demo_put_string (out, "cveId", cve->id);
  tvm_demo_put_string (out, "recommendationReference", about->id);
  tvm_demo_put_string (out, "status", change->exposed ? "New" : "Fixed");
  tvm_demo_put_time (out, "eventTimestamp", change->when_us);
  tvm_demo_close (out, '}');
  g_string_append_c (out, ',');
}

static void
put_page (TvmDemoExchange *ex,
          gint64           since_us,
          guint64          first,
          guint64          size)
{
  TvmDemoData *data = ex->tenant->data;
  guint64 n = 0;

  g_string_assign (ex->reply, "{\"value\":[");
  for (guint i = 0; i < data->changes->len; i++)
    {
      const TvmDemoChange *change = &g_array_index (data->changes, TvmDemoChange, i);

      /* Configurations have no CVEs, and no changes here. */
      for (guint j = 0; change->when_us >= since_us && j < change->about->cves->len; j++, n++)
        if (n >= first && n < first + size)
          put_change (data, change, &g_array_index (change->about->cves, TvmDemoCve, j), ex->reply);
    }
  tvm_demo_close (ex->reply, ']');
  if (n > first + size)
    {
      g_autofree char *since = tvm_format_instant (since_us);
      g_autofree char *escaped = g_uri_escape_string (since, NULL, FALSE);
      g_autofree char *uri = tvm_demo_own_uri (ex, ex->path);
      g_autofree char *link =
        g_strdup_printf ("%s?sinceTime=%s&pageSize=%" G_GUINT64_FORMAT "&$skiptoken=%" G_GUINT64_FORMAT,
                         uri, escaped, size, first + size);

      g_string_append_c (ex->reply, ',');
      tvm_demo_put_string (ex->reply, "@odata.nextLink", link);
      tvm_demo_close (ex->reply, '}');
    }
  else
    g_string_append_c (ex->reply, '}');
}

void
tvm_demo_changes_handle (TvmDemoExchange *ex)
{
  const char *since = tvm_demo_query (ex, "sinceTime");
  const char *page_size = tvm_demo_query (ex, "pageSize"), *token = tvm_demo_query (ex, "$skiptoken");
  guint64 size = PAGE_SIZE, first = 0;
  gint64 since_us;

  if (since == NULL || !tvm_parse_instant (since, &since_us) || since_us < tvm_now_us () - MAX_AGE_US)
    tvm_demo_reply_error (ex, 400, "BadRequest", "sinceTime is no time of the last 14 days.");
  else if ((page_size != NULL &&
            !g_ascii_string_to_unsigned (page_size, 10, 1, MAX_PAGE_SIZE, &size, NULL)) ||
           (token != NULL && !g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT32, &first, NULL)))
    tvm_demo_reply_error (ex, 400, "BadRequest", "pageSize is no number up to 200,000.");
  else
    put_page (ex, since_us, first, size);
}
