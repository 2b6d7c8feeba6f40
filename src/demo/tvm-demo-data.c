/* tvm-demo-data.c: devices and what they are exposed to, made from a seed. The server's thread
 * only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include <string.h>

#include "tvm-time.h"

/**
 * tvm_demo_random_next:
 * @self: (inout): a generator
 *
 * Returns: the next 64 bits (splitmix64)
 */
guint64
tvm_demo_random_next (TvmDemoRandom *self)
{
  guint64 z = self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * tvm_demo_random_below:
 * @self: (inout): a generator
 * @limit: how many numbers to choose from
 *
 * Returns: a number from 0 to @limit - 1; 0 where @limit is 0, without asking the generator
 */
guint
tvm_demo_random_below (TvmDemoRandom *self,
                       guint          limit)
{
  return limit > 0 ? (guint) ((tvm_demo_random_next (self) >> 11) % limit) : 0;
}

/**
 * tvm_demo_random_unit:
 * @self: (inout): a generator
 *
 * Returns: a number of at least 0 and below 1
 */
double
tvm_demo_random_unit (TvmDemoRandom *self)
{
  return (double) (tvm_demo_random_next (self) >> 11) / 9007199254740992.0;
}

/**
 * tvm_demo_random_hex:
 * @self: (inout): a generator
 * @out: (out caller-allocates): room for @n_digits + 1 bytes
 * @n_digits: how many hexadecimal digits, in lower case, to write before the NUL
 */
void
tvm_demo_random_hex (TvmDemoRandom *self,
                     char          *out,
                     guint          n_digits)
{
  guint64 bits = 0;

  for (guint i = 0; i < n_digits; i++)
    {
      if (i % 16 == 0)
        bits = tvm_demo_random_next (self);
      out[i] = "0123456789abcdef"[bits & 15];
      bits >>= 4;
    }
  out[n_digits] = '\0';
}

/**
 * tvm_demo_random_uuid:
 * @self: (inout): a generator
 * @out: (out caller-allocates): a random UUID (version 4, RFC 4122) as text in lower case
 */
void
tvm_demo_random_uuid (TvmDemoRandom *self,
                      char           out[37])
{
  char hex[33];

  tvm_demo_random_hex (self, hex, 32);
  hex[12] = '4';
  hex[16] = "89ab"[hex[16] & 3];
  g_snprintf (out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* Most were seen today; one in twelve not for 7 days, one in thirty not for 30. */
static gint64
pick_last_seen (TvmDemoRandom *random,
                gint64         now_us)
{
  double age_days = tvm_demo_random_unit (random) * 0.9;
  guint lot = tvm_demo_random_below (random, 60);

  if (lot < 2)
    age_days += 31 + tvm_demo_random_below (random, 60);
  else if (lot < 7)
    age_days += 8 + tvm_demo_random_below (random, 20);
  else if (lot < 20)
    age_days += 1 + tvm_demo_random_below (random, 4);
  return now_us - (gint64) (age_days * TVM_DAY_US);
}

static void
make_device (TvmDemoData   *self,
             TvmDemoRandom *random,
             guint          index)
{
  static const char *const sites[] = { "sto", "tpe", "cgn", "lyo", "tyo", "nyc" };
  static const guint8 site_groups[] = { 5, 3, 2, 6, 7, 8 };
  static const char *const kinds[] = { "lt", "ws", "srv", "srv", "mac", "lnx" };
  static const guint8 platform_lots[] = { 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 0 };
  TvmDemoDevice *device = &self->devices[index];
  guint site = tvm_demo_random_below (random, G_N_ELEMENTS (sites));
  gint64 age_us;

  tvm_demo_random_hex (random, device->id, 40);
  tvm_demo_random_uuid (random, device->entra_id);
  tvm_demo_random_uuid (random, device->intune_id);
  device->platform = platform_lots[tvm_demo_random_below (random, G_N_ELEMENTS (platform_lots))];
  g_snprintf (device->name, sizeof device->name, "%s-%s-%04u." TVM_DEMO_DOMAIN, sites[site],
              kinds[device->platform], 1000 + index);
  if (tvm_demo_random_below (random, 12) == 0)
    device->group = 0;
  else if (tvm_demo_platforms[device->platform].platforms == TVM_DEMO_SERVER)
    device->group = 1;
  else if (tvm_demo_platforms[device->platform].platforms == TVM_DEMO_LINUX)
    device->group = 9;
  else
    device->group = tvm_demo_random_below (random, 14) == 0 ? 4 : site_groups[site];
  device->last_seen_us = pick_last_seen (random, self->start_us);
  age_us = self->start_us - device->last_seen_us;
  device->health = age_us > 7 * TVM_DAY_US ? 1 : tvm_demo_random_below (random, 40) == 0 ? 2 : 0;
  device->first_seen_us = device->last_seen_us -
                          (10 + tvm_demo_random_below (random, 700)) * TVM_DAY_US;
  device->risk = MIN (tvm_demo_random_below (random, 5), tvm_demo_random_below (random, 5));
  device->exposure = 1 + MIN (tvm_demo_random_below (random, 3), tvm_demo_random_below (random, 3));
  device->value = tvm_demo_random_below (random, 3);
  device->is_joined = tvm_demo_random_below (random, 100) < 85;
  device->has_build = tvm_demo_platforms[device->platform].build != 0;
  device->address = (10u << 24) | ((site + 1) << 20) | (index & 0xfffff);
}

static void
make_devices (TvmDemoData *self,
              guint        n,
              guint64      seed)
{
  TvmDemoRandom random = { seed ^ G_GUINT64_CONSTANT (0x6465766963657300) };

  self->n_devices = n;
  self->n_words = n / 64 + 1;
  self->devices = g_new0 (TvmDemoDevice, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      make_device (self, &random, i);
      g_hash_table_insert (self->device_by_id, self->devices[i].id, GUINT_TO_POINTER (i + 1));
      if (self->devices[i].is_joined)
        g_hash_table_insert (self->device_by_entra_id, self->devices[i].entra_id,
                             GUINT_TO_POINTER (i + 1));
    }
}

/* Who has the product, and who of them is exposed: one throw for each device it can be on. */
static void
expose_devices (TvmDemoData           *self,
                TvmDemoRecommendation *recommendation,
                TvmDemoRandom         *random)
{
  double share = tvm_demo_random_unit (random);
  /* What comes after the catalog is on few devices, so that a large tenant's have no more each. */
  double part = recommendation->is_rare ? 0.03 : 1;
  double exposed_share = (0.004 + 0.45 * share * share) * part;
  double total_share = MIN (1.0, exposed_share + tvm_demo_random_unit (random) * 0.6 * part);

  recommendation->exposed = g_new0 (guint64, self->n_words);
  recommendation->present = g_new0 (guint64, self->n_words);
  for (guint i = 0; i < self->n_devices; i++)
    {
      TvmDemoDevice *device = &self->devices[i];
      double lot;

      if ((tvm_demo_platforms[device->platform].platforms & recommendation->platforms) == 0)
        continue;
      lot = tvm_demo_random_unit (random);
      if (lot >= total_share)
        continue;
      recommendation->n_total++;
      tvm_demo_set_bit (recommendation->present, i, TRUE);
      if (lot >= exposed_share)
        continue;
      recommendation->n_exposed++;
      recommendation->n_critical += device->value == 2;
      tvm_demo_set_bit (recommendation->exposed, i, TRUE);
      tvm_demo_count_install (recommendation, i, 1);
    }
}

/**
 * tvm_demo_data_new:
 * @options: how much of everything, and the seed
 *
 * Makes all of the tenant's data; the same seed makes the same, but for times, which count back
 * from now.
 *
 * Returns: (transfer full): the data
 */
TvmDemoData *
tvm_demo_data_new (const TvmDemoOptions *options)
{
  TvmDemoData *self = g_new0 (TvmDemoData, 1);
  TvmDemoRandom random = { options->seed ^ G_GUINT64_CONSTANT (0x7265636f6d6d0000) };

  self->random.state = self->seed = options->seed;
  self->start_us = tvm_now_us ();
  self->device_by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->device_by_entra_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->changes = g_array_new (FALSE, FALSE, sizeof (TvmDemoChange));
  self->gone = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_demo_recommendation_free);
  self->recommendations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_demo_recommendation_free);
  self->cves = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_demo_cve_free);
  self->cve_by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->n_counted = G_MAXUINT;
  make_devices (self, options->devices, options->seed);
  for (guint i = 0; i < options->recommendations; i++)
    {
      TvmDemoRandom own = { tvm_demo_random_next (&random) };
      TvmDemoRecommendation *recommendation = tvm_demo_recommendation_new (self, &own, i);

      expose_devices (self, recommendation, &own);
      g_ptr_array_add (self->recommendations, recommendation);
    }
  tvm_demo_data_add_cves (self);
  tvm_demo_data_add_activities (self, options->activities, options->seed);
  return self;
}

/**
 * tvm_demo_data_free:
 * @self: (transfer full): the data
 */
void
tvm_demo_data_free (TvmDemoData *self)
{
  for (guint i = 0; i < self->n_devices; i++)
    {
      g_free (self->devices[i].machine_row);
      g_free (self->devices[i].reference_row);
    }
  g_free (self->devices);
  g_ptr_array_unref (self->activities);
  g_array_unref (self->changes);
  g_ptr_array_unref (self->recommendations);
  g_ptr_array_unref (self->gone);
  g_ptr_array_unref (self->cves);
  g_hash_table_unref (self->cve_by_id);
  g_hash_table_unref (self->device_by_id);
  g_hash_table_unref (self->device_by_entra_id);
  g_free (self);
}

/**
 * tvm_demo_data_find_device:
 * @self: the data
 * @id: its id at Defender or, where it is joined, at Microsoft Entra, in any letter case
 *
 * Returns: (transfer none) (nullable): the device, removed or not
 */
TvmDemoDevice *
tvm_demo_data_find_device (TvmDemoData *self,
                           const char  *id)
{
  g_autofree char *lower = g_ascii_strdown (id, -1);
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (self->device_by_id, lower));

  if (position == 0)
    position = GPOINTER_TO_UINT (g_hash_table_lookup (self->device_by_entra_id, lower));
  return position != 0 ? &self->devices[position - 1] : NULL;
}

/**
 * tvm_demo_data_find_recommendation:
 * @self: the data
 * @id: its id, in any letter case
 *
 * Returns: (transfer none) (nullable): the recommendation
 */
TvmDemoRecommendation *
tvm_demo_data_find_recommendation (TvmDemoData *self,
                                   const char  *id)
{
  for (guint i = 0; i < self->recommendations->len; i++)
    {
      TvmDemoRecommendation *recommendation = self->recommendations->pdata[i];

      if (g_ascii_strcasecmp (recommendation->id, id) == 0)
        return recommendation;
    }
  return NULL;
}
