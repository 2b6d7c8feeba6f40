/* tvm-demo-cves.c: the CVEs known to the tenant, on devices or not. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include <string.h>

#include "tvm-time.h"

/* Flaws of a library or a common part are in several products. */
static const struct { const char *product, *cve; } shared[] = {
  { "firefox", "CVE-2023-4863" },
  { "edge_chromium-based", "CVE-2023-4863" },
  { "teams", "CVE-2023-4863" },
  { "libwebp", "CVE-2023-4863" },
  { "windows_10", "CVE-2024-38112" },
  { "windows_server_2022", "CVE-2024-38112" },
};

/**
 * tvm_demo_cve_free:
 * @self: (transfer full): a CVE
 */
void
tvm_demo_cve_free (TvmDemoCve *self)
{
  g_ptr_array_unref (self->products);
  g_free (self);
}

/**
 * tvm_demo_data_find_cve:
 * @self: the data
 * @id: its id, in any letter case
 *
 * Returns: (transfer none) (nullable): the CVE
 */
TvmDemoCve *
tvm_demo_data_find_cve (TvmDemoData *self,
                        const char  *id)
{
  g_autofree char *upper = g_ascii_strup (id, -1);

  return g_hash_table_lookup (self->cve_by_id, upper);
}

/**
 * tvm_demo_data_take_cve:
 * @self: the data
 * @cve: (transfer full): a CVE, with neither products nor the time of its detection
 * @about: (nullable): a product that has it
 *
 * A CVE that other products have is theirs, too; one that the product has already gets another
 * number.
 *
 * Returns: (transfer none): the CVE that the data have of that id
 */
TvmDemoCve *
tvm_demo_data_take_cve (TvmDemoData                 *self,
                        TvmDemoCve                  *cve,
                        const TvmDemoRecommendation *about)
{
  TvmDemoCve *known;

  while ((known = g_hash_table_lookup (self->cve_by_id, cve->id)) != NULL &&
         (about == NULL || g_ptr_array_find (known->products, about, NULL)))
    {
      char *number = cve->id + strlen ("CVE-2024-9");
      guint next = (g_ascii_strtoull (number, NULL, 10) + 1) % 100000;

      g_snprintf (number, sizeof cve->id - (number - cve->id), "%05u", next);
    }
  if (known != NULL)
    {
      g_free (cve);
      return known;
    }
  cve->products = g_ptr_array_new ();
  cve->detected_us = MIN (self->start_us,
                          cve->published_us + g_str_hash (cve->id) % 72 * TVM_HOUR_US);
  g_ptr_array_add (self->cves, cve);
  g_hash_table_insert (self->cve_by_id, cve->id, cve);
  return cve;
}

/**
 * tvm_demo_data_find_shared:
 * @self: the data
 * @about: a recommendation with the weaknesses of its own
 *
 * Returns: (transfer none) (nullable): a CVE that the product shares with others
 */
TvmDemoCve *
tvm_demo_data_find_shared (TvmDemoData                 *self,
                           const TvmDemoRecommendation *about)
{
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    if (g_str_equal (shared[i].product, about->product))
      return g_hash_table_lookup (self->cve_by_id, shared[i].cve);
  return NULL;
}

/**
 * tvm_demo_data_add_cves:
 * @self: data with all recommendations
 *
 * Adds CVEs that the tenant knows and no product of its has: one for twelve others, and ten.
 */
void
tvm_demo_data_add_cves (TvmDemoData *self)
{
  TvmDemoRandom random = { self->seed ^ G_GUINT64_CONSTANT (0x6376657300000000) };
  guint n = self->cves->len > 0 ? self->cves->len / 12 + 10 : 0;

  for (guint i = 0; i < n; i++)
    {
      TvmDemoCve *cve = g_new0 (TvmDemoCve, 1);

      g_snprintf (cve->id, sizeof cve->id, "CVE-2023-9%05u",
                  tvm_demo_random_below (&random, 100000));
      cve->severity = tvm_demo_random_below (&random, 4);
      cve->cvss = (double[]){ 2.5, 5.0, 7.2, 9.1 }[cve->severity];
      cve->published_us = self->start_us -
                          (gint64) (400 + tvm_demo_random_below (&random, 600)) * TVM_DAY_US;
      tvm_demo_data_take_cve (self, cve, NULL);
    }
}

/**
 * tvm_demo_data_dup_exposed:
 * @self: the data
 * @cve: one of its CVEs
 *
 * Returns: (transfer full): the devices exposed to it by any product, a bit each
 */
guint64 *
tvm_demo_data_dup_exposed (TvmDemoData      *self,
                           const TvmDemoCve *cve)
{
  guint64 *bits = g_new0 (guint64, self->n_words);

  for (guint i = 0; i < cve->products->len; i++)
    {
      const TvmDemoRecommendation *about = cve->products->pdata[i];
      const TvmDemoWeakness *weakness = tvm_demo_find_weakness (about, cve);

      for (guint w = 0; w < self->n_words; w++)
        for (guint64 word = about->exposed[w]; word != 0; word &= word - 1)
          {
            guint device = w * 64 + __builtin_ctzll (word);

            if (tvm_demo_install_has (tvm_demo_get_install (about, device), weakness))
              tvm_demo_set_bit (bits, device, TRUE);
          }
    }
  return bits;
}

static guint
count_exposed (TvmDemoData      *self,
               const TvmDemoCve *cve)
{
  g_autofree guint64 *bits = NULL;
  guint n = 0;

  if (cve->products->len == 1)
    return tvm_demo_count_with (cve->products->pdata[0],
                                tvm_demo_find_weakness (cve->products->pdata[0], cve));
  if (cve->products->len == 0)
    return 0;
  bits = tvm_demo_data_dup_exposed (self, cve);
  for (guint w = 0; w < self->n_words; w++)
    n += __builtin_popcountll (bits[w]);
  return n;
}

/**
 * tvm_demo_data_count_cves:
 * @self: the data
 *
 * Brings the CVEs' counts of exposed devices up to date.
 */
void
tvm_demo_data_count_cves (TvmDemoData *self)
{
  if (self->n_counted == self->changes->len)
    return;
  for (guint i = 0; i < self->cves->len; i++)
    {
      TvmDemoCve *cve = self->cves->pdata[i];

      cve->n_exposed = count_exposed (self, cve);
    }
  self->n_counted = self->changes->len;
}
