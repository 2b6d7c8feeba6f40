/* tvm-demo-software.c: versions of products, and which device has which. Nothing of it is kept: it
 * follows from who has a product and who is exposed. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include <string.h>

/**
 * tvm_demo_mix:
 * @a: a number
 * @b: another
 *
 * Returns: 64 bits that follow from both alone and look random
 */
guint64
tvm_demo_mix (guint64 a,
              guint64 b)
{
  TvmDemoRandom random = { a ^ b * G_GUINT64_CONSTANT (0xd6e8feb86659fd93) };

  return tvm_demo_random_next (&random);
}

/* The same version as it was @back releases ago: its last number that can be is that much lower,
 * with as many digits and whatever follows it ("9.9p1"). */
static char *
dup_older (const char *version,
           guint       back)
{
  g_auto(GStrv) parts = g_strsplit (version, ".", -1);

  for (guint i = g_strv_length (parts); i-- > 0;)
    {
      char *rest;
      guint64 number = g_ascii_strtoull (parts[i], &rest, 10);
      int n_digits = (int) (rest - parts[i]);
      g_autofree char *part = NULL;

      if (number <= TVM_DEMO_MAX_VERSIONS)
        continue;
      part = g_strdup_printf ("%0*u%s", n_digits, (guint) number - back, rest);
      g_free (parts[i]);
      parts[i] = g_steal_pointer (&part);
      break;
    }
  return g_strjoinv (".", parts);
}

/**
 * tvm_demo_software_init:
 * @about: (inout): a recommendation that knows its product, to get versions and room for CVEs
 *
 * Makes one to three versions with weaknesses, oldest first, and one after them without; none for
 * settings.
 */
void
tvm_demo_software_init (TvmDemoRecommendation *about)
{
  const TvmDemoProduct *product = &tvm_demo_catalog[about->catalog_index];
  g_autofree char *invented = g_strdup_printf ("1.%u.4460", about->catalog_index);
  const char *newest = product->version != NULL ? product->version : invented;

  about->weaknesses = g_array_new (FALSE, FALSE, sizeof (TvmDemoWeakness));
  about->is_system = g_str_has_prefix (about->product, "windows") ||
                     g_str_has_prefix (about->product, "macos") ||
                     g_str_has_prefix (about->product, "linux");
  if (about->type == TVM_DEMO_CONFIGURATION)
    return;
  if (product->version == NULL && about->is_system)
    newest = "10.0.22631.4460";
  about->n_versions = CLAMP (product->weaknesses / 2, 1, TVM_DEMO_MAX_VERSIONS);
  for (guint i = 0; i <= about->n_versions; i++)
    about->versions[i] = dup_older (newest, about->n_versions - i);
}

/**
 * tvm_demo_get_install:
 * @about: a recommendation
 * @device: the index of a device
 *
 * Most devices have one version; one in twelve of those exposed has a second, with weaknesses or
 * without.
 *
 * Returns: what the device has of the product
 */
TvmDemoInstall
tvm_demo_get_install (const TvmDemoRecommendation *about,
                      guint                        device)
{
  TvmDemoInstall install = { { TVM_DEMO_NO_VERSION, TVM_DEMO_NO_VERSION } };
  gboolean is_exposed = tvm_demo_bit (about->exposed, device);
  guint steps = 0;
  guint64 lot;

  if (about->type == TVM_DEMO_CONFIGURATION && is_exposed)
    install.versions[0] = 0;
  else if (about->type != TVM_DEMO_CONFIGURATION && is_exposed)
    {
      lot = tvm_demo_mix (about->salt, device);
      if (about->steps != NULL)
        steps = GPOINTER_TO_UINT (g_hash_table_lookup (about->steps, GUINT_TO_POINTER (device)));
      install.versions[0] = MIN (lot % about->n_versions + steps, about->n_versions - 1);
      if (!about->is_system && (lot >> 8) % 12 == 0)
        install.versions[1] = (lot >> 16) & 1 ? about->n_versions : install.versions[0] + 1u;
    }
  else if (about->type != TVM_DEMO_CONFIGURATION && tvm_demo_bit (about->present, device))
    install.versions[0] = about->n_versions;
  return install;
}

static gboolean
version_has (guint                  version,
             const TvmDemoWeakness *weakness)
{
  return version >= weakness->first && version <= weakness->last;
}

/**
 * tvm_demo_install_has:
 * @install: what a device has of a product
 * @weakness: a CVE of that product
 *
 * Returns: whether one of its versions has the CVE
 */
gboolean
tvm_demo_install_has (TvmDemoInstall         install,
                      const TvmDemoWeakness *weakness)
{
  return version_has (install.versions[0], weakness) || version_has (install.versions[1], weakness);
}

/**
 * tvm_demo_count_install:
 * @about: (inout): a recommendation
 * @device: the index of a device
 * @by: 1 or -1
 *
 * Counts the device among those that have its versions, or no longer; only those exposed count.
 */
void
tvm_demo_count_install (TvmDemoRecommendation *about,
                        guint                  device,
                        int                    by)
{
  TvmDemoInstall install = tvm_demo_get_install (about, device);

  if (tvm_demo_bit (about->exposed, device))
    about->n_with[install.versions[0]][install.versions[1]] += by;
}

/**
 * tvm_demo_count_with:
 * @about: a recommendation
 * @weakness: a CVE of its product
 *
 * Returns: how many devices are exposed to the CVE by that product
 */
guint
tvm_demo_count_with (const TvmDemoRecommendation *about,
                     const TvmDemoWeakness       *weakness)
{
  guint n = 0;

  for (guint i = 0; i <= TVM_DEMO_NO_VERSION; i++)
    for (guint k = 0; k <= TVM_DEMO_NO_VERSION; k++)
      if (tvm_demo_install_has ((TvmDemoInstall) { { i, k } }, weakness))
        n += about->n_with[i][k];
  return n;
}

/**
 * tvm_demo_count_weaknesses:
 * @about: a recommendation
 *
 * Returns: how many CVEs of its product some device has
 */
guint
tvm_demo_count_weaknesses (const TvmDemoRecommendation *about)
{
  guint n = 0;

  for (guint i = 0; i < about->weaknesses->len; i++)
    n += tvm_demo_count_with (about, &g_array_index (about->weaknesses, TvmDemoWeakness, i)) > 0;
  return n;
}

/**
 * tvm_demo_find_weakness:
 * @about: a recommendation
 * @cve: a CVE of its product
 *
 * Returns: (transfer none) (nullable): in which versions it is; %NULL: it is not the product's
 */
const TvmDemoWeakness *
tvm_demo_find_weakness (const TvmDemoRecommendation *about,
                        const TvmDemoCve            *cve)
{
  for (guint i = 0; i < about->weaknesses->len; i++)
    {
      const TvmDemoWeakness *weakness = &g_array_index (about->weaknesses, TvmDemoWeakness, i);

      if (weakness->cve == cve)
        return weakness;
    }
  return NULL;
}
