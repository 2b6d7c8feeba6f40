/* tvm-demo-changes.c: software vulnerabilities by device: all of them, and the changes since an
 * instant. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include "tvm-time.h"

#include <string.h>

#define MAX_AGE_US    (14 * TVM_DAY_US)
#define MAX_PAGE_SIZE 200000
#define PAGE_SIZE     50000

/* Only what Microsoft's monthly updates fix has one; two releases of Windows 11 have two. */
static void
put_update (const TvmDemoRecommendation *about,
            guint                        device,
            GString                     *out)
{
  const char *id = NULL;
  g_autofree char *url = NULL;

  if (g_str_has_prefix (about->product, "windows_11"))
    id = device % 2 == 0 ? "5044285" : "5044284";
  else if (g_str_has_prefix (about->product, "windows_server_2022"))
    id = "5044281";
  if (id != NULL)
    url = g_strconcat ("https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB", id, NULL);
  tvm_demo_put_string (out, "recommendedSecurityUpdate",
                       id != NULL ? "October 2024 Security Updates" : NULL);
  tvm_demo_put_string (out, "recommendedSecurityUpdateId", id);
  tvm_demo_put_string (out, "recommendedSecurityUpdateUrl", url);
}

/* What both kinds of records have; the object stays open. */
static void
put_record (TvmDemoData                 *data,
            const TvmDemoRecommendation *about,
            guint                        index,
            const TvmDemoCve            *cve,
            GString                     *out)
{
  const TvmDemoDevice *device = &data->devices[index];
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
  put_update (about, index, out);
}

static void
put_change (TvmDemoData         *data,
            const TvmDemoChange *change,
            const TvmDemoCve    *cve,
            GString             *out)
{
  put_record (data, change->about, change->device, cve, out);
  tvm_demo_put_string (out, "status", change->exposed ? "New" : "Fixed");
  tvm_demo_put_time (out, "eventTimestamp", change->when_us);
  tvm_demo_close (out, '}');
  g_string_append_c (out, ',');
}

/* Whether record @n is on the page; it is counted. */
static gboolean
is_on_page (guint64 *n,
            guint64  first,
            guint64  size)
{
  guint64 place = (*n)++;

  return place >= first && place < first + size;
}

static guint64
put_changes (TvmDemoExchange *ex,
             gint64           since_us,
             guint64          first,
             guint64          size)
{
  TvmDemoData *data = ex->tenant->data;
  guint64 n = 0;

  for (guint i = 0; i < data->changes->len; i++)
    {
      const TvmDemoChange *change = &g_array_index (data->changes, TvmDemoChange, i);

      /* Configurations have no CVEs, and no changes here. */
      for (guint j = 0; change->when_us >= since_us && j < change->about->cves->len; j++)
        if (is_on_page (&n, first, size))
          put_change (data, change, &g_array_index (change->about->cves, TvmDemoCve, j), ex->reply);
    }
  return n;
}

/* Device by device, as the service does. */
static guint64
put_exposures (TvmDemoExchange *ex,
               guint64          first,
               guint64          size)
{
  TvmDemoData *data = ex->tenant->data;
  guint64 n = 0;

  for (guint device = 0; device < data->n_devices && n <= first + size; device++)
    for (guint i = 0; i < data->recommendations->len; i++)
      {
        const TvmDemoRecommendation *about = data->recommendations->pdata[i];
        gboolean is_exposed = !data->devices[device].is_removed &&
                              tvm_demo_bit (about->exposed, device);

        for (guint j = 0; is_exposed && j < about->cves->len; j++)
          if (is_on_page (&n, first, size))
            {
              put_record (data, about, device, &g_array_index (about->cves, TvmDemoCve, j),
                          ex->reply);
              tvm_demo_close (ex->reply, '}');
              g_string_append_c (ex->reply, ',');
            }
      }
  return n;
}

/* @since: (nullable): from when on, as it was asked for; NULL: all there is */
static void
reply_page (TvmDemoExchange *ex,
            const char      *since,
            gint64           since_us,
            guint64          first,
            guint64          size)
{
  g_autofree char *escaped = since != NULL ? g_uri_escape_string (since, NULL, FALSE) : NULL;
  g_autofree char *uri = tvm_demo_own_uri (ex, ex->path);
  g_autofree char *link = g_strdup_printf (
    "%s?%s%s%spageSize=%" G_GUINT64_FORMAT "&$skiptoken=%" G_GUINT64_FORMAT, uri,
    since != NULL ? "sinceTime=" : "", since != NULL ? escaped : "", since != NULL ? "&" : "", size,
    first + size);
  guint64 n;

  g_string_assign (ex->reply, "{\"value\":[");
  n = since != NULL ? put_changes (ex, since_us, first, size) : put_exposures (ex, first, size);
  tvm_demo_close (ex->reply, ']');
  if (n <= first + size)
    {
      g_string_append_c (ex->reply, '}');
      return;
    }
  g_string_append_c (ex->reply, ',');
  tvm_demo_put_string (ex->reply, "@odata.nextLink", link);
  tvm_demo_close (ex->reply, '}');
}

/**
 * tvm_demo_changes_handle:
 * @ex: (inout): an exchange whose caller was let in
 * @all: whether SoftwareVulnerabilitiesByMachine is asked for, or else
 *   SoftwareVulnerabilityChangesByMachine
 *
 * Answers with a page of the export as the Defender API documents it: sinceTime at most 14 days
 * back (changes only), pageSize up to 200,000 (50,000); 400 otherwise.
 */
void
tvm_demo_changes_handle (TvmDemoExchange *ex,
                         gboolean         all)
{
  const char *since = all ? NULL : tvm_demo_query (ex, "sinceTime");
  const char *page_size = tvm_demo_query (ex, "pageSize"),
             *token = tvm_demo_query (ex, "$skiptoken");
  guint64 size = PAGE_SIZE, first = 0;
  gint64 since_us = 0;

  if (!all && (since == NULL || !tvm_parse_instant (since, &since_us) ||
               since_us < tvm_now_us () - MAX_AGE_US))
    tvm_demo_reply_error (ex, 400, "BadRequest", "sinceTime is no time of the last 14 days.");
  else if ((page_size != NULL &&
            !g_ascii_string_to_unsigned (page_size, 10, 1, MAX_PAGE_SIZE, &size, NULL)) ||
           (token != NULL && !g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT32, &first, NULL)))
    tvm_demo_reply_error (ex, 400, "BadRequest", "pageSize is no number up to 200,000.");
  else
    reply_page (ex, since, since_us, first, size);
}
