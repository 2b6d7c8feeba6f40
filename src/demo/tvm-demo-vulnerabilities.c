/* tvm-demo-vulnerabilities.c: every CVE known to the tenant, and whom it exposes. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include "tvm-time.h"

/* Likely with exploits, small without: as the real ones are spread. */
static double
get_epss (const TvmDemoCve *self)
{
  double lot = (tvm_demo_mix (g_str_hash (self->id), 1) >> 40) / (double) (1 << 24);

  if (self->exploited)
    return 0.55 + lot * 0.4;
  return self->severity >= 2 ? lot * lot * 0.3 : lot * lot * 0.05;
}

static void
put_vector (const TvmDemoCve *self,
            GString          *out)
{
  static const char *const vectors[] = {
    "CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:L",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:L/A:L", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
  };

  tvm_demo_put_string (out, "cvssVector", vectors[self->severity]);
}

/* The service does not tell it of all. */
static void
put_epss (const TvmDemoCve *self,
          GString          *out)
{
  if (g_str_hash (self->id) % 11 == 0)
    tvm_demo_put_raw (out, "epss", "null");
  else
    tvm_demo_put_double (out, "epss", get_epss (self));
}

/**
 * tvm_demo_row_cve:
 * @data: what the tenant knows
 * @item: a #TvmDemoCve
 * @out: (inout): gets the row as GET /api/vulnerabilities documents it
 */
void
tvm_demo_row_cve (TvmDemoData *data,
                  gpointer     item,
                  GString     *out)
{
  static const char *const severities[] = { "Low", "Medium", "High", "Critical" };
  const TvmDemoCve *self = item;
  gboolean is_detected = self->products->len > 0 && g_str_hash (self->id) % 9 != 0;

  tvm_demo_data_count_cves (data);
  g_string_append_c (out, '{');
  tvm_demo_put_string (out, "id", self->id);
  tvm_demo_put_string (out, "name", self->id);
  tvm_demo_put_string (out, "description",
                       "An invented description: a flaw lets an attacker run code.");
  tvm_demo_put_string (out, "severity", severities[self->severity]);
  tvm_demo_put_double (out, "cvssV3", self->cvss);
  put_vector (self, out);
  tvm_demo_put_int (out, "exposedMachines", self->n_exposed);
  tvm_demo_put_time (out, "publishedOn", self->published_us);
  tvm_demo_put_time (out, "updatedOn", self->published_us + 2 * TVM_DAY_US);
  tvm_demo_put_time (out, "firstDetected", is_detected ? self->detected_us : 0);
  tvm_demo_put_bool (out, "publicExploit", self->exploited);
  tvm_demo_put_bool (out, "exploitVerified", self->exploited && self->severity == 3);
  tvm_demo_put_bool (out, "exploitInKit", self->in_kit);
  tvm_demo_put_raw (out, "exploitTypes", self->exploited ? "[\"Remote\"]" : "[]");
  tvm_demo_put_raw (out, "exploitUris", "[]");
  put_epss (self, out);
  tvm_demo_put_string (out, "cveSupportability", "Supported");
  tvm_demo_close (out, '}');
}
