/* tvm-demo-recommendations.c: recommendations with their CVEs, and the portal's activities, made
 * from a seed. The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include <string.h>

#include "tvm-time.h"

/**
 * tvm_demo_recommendation_add_weakness:
 * @self: (inout): a recommendation of software
 * @cve: a CVE that the product has not
 * @since: the state of the tenant from which on it has it
 *
 * The product has it in some of its versions, the older the more; the first one in all.
 */
void
tvm_demo_recommendation_add_weakness (TvmDemoRecommendation *self,
                                      TvmDemoCve            *cve,
                                      guint                  since)
{
  guint64 lot = tvm_demo_mix (self->salt, g_str_hash (cve->id));
  TvmDemoWeakness weakness = { cve, 0, self->n_versions - 1, since };
  guint n_more;

  if (self->weaknesses->len > 0)
    {
      weakness.first = (lot & 3) == 0 ? (lot >> 2) % self->n_versions : 0;
      n_more = weakness.last - weakness.first + 1;
      weakness.last = weakness.first + MIN ((lot >> 16) % n_more, (lot >> 32) % n_more);
    }
  self->public_exploit = self->public_exploit || cve->exploited;
  g_array_append_val (self->weaknesses, weakness);
  g_ptr_array_add (cve->products, self);
}

static void
add_cves (TvmDemoData           *data,
          TvmDemoRecommendation *self,
          TvmDemoRandom         *random,
          const TvmDemoProduct  *product)
{
  g_auto(GStrv)
    known = g_strsplit (product->known_cves != NULL ? product->known_cves : "", " ", -1);
  guint n_known = product->known_cves != NULL ? g_strv_length (known) : 0;

  for (guint i = 0; i < product->weaknesses; i++)
    {
      TvmDemoCve *cve = g_new0 (TvmDemoCve, 1);
      guint age_days = 3 + tvm_demo_random_below (random, 500);
      guint lot = tvm_demo_random_below (random, 20);

      cve->severity = i < n_known || lot == 0 ? 3 : lot < 8 ? 2 : lot < 17 ? 1 : 0;
      cve->cvss = (double[]){ 2.5, 5.0, 7.2, 9.1 }[cve->severity] +
                  tvm_demo_random_below (random, 8) / 10.0;
      cve->published_us = data->start_us - age_days * TVM_DAY_US;
      cve->exploited = i < n_known || tvm_demo_random_below (random, 25) == 0;
      cve->in_kit = cve->exploited && tvm_demo_random_below (random, 4) == 0;
      if (i < n_known)
        g_strlcpy (cve->id, known[i], sizeof cve->id);
      else /* numbers beyond the real ones */
        g_snprintf (cve->id, sizeof cve->id, "CVE-%u-9%05u", 2024 + (i & 1),
                    tvm_demo_random_below (random, 100000));
      tvm_demo_recommendation_add_weakness (self, tvm_demo_data_take_cve (data, cve, self), 0);
    }
}

/* The last CVE gives way to one that the product shares with others. */
static void
share_cve (TvmDemoData           *data,
           TvmDemoRecommendation *self)
{
  TvmDemoCve *cve = tvm_demo_data_find_shared (data, self);
  guint last = self->weaknesses->len - 1;

  if (cve == NULL || g_ptr_array_find (cve->products, self, NULL))
    return;
  g_ptr_array_remove (g_array_index (self->weaknesses, TvmDemoWeakness, last).cve->products, self);
  g_array_set_size (self->weaknesses, last);
  tvm_demo_recommendation_add_weakness (self, cve, 0);
}

static char *
make_name (const TvmDemoProduct *product,
           const char           *component)
{
  if (product->title != NULL)
    return g_strdup (product->title);
  if (product->type == TVM_DEMO_UNINSTALL)
    return g_strconcat ("Uninstall ", component, NULL);
  if (product->type == TVM_DEMO_ATTENTION)
    return g_strconcat ("Attention required: vulnerabilities in ", component, NULL);
  return g_strconcat ("Update ", component, NULL);
}

/**
 * tvm_demo_recommendation_new:
 * @data: (inout): what the tenant knows, which gets its CVEs
 * @random: (inout): a generator of its own
 * @number: its place in the list; beyond the catalog products get a number of their own
 *
 * Returns: (transfer full): a recommendation with its CVEs, to which no device is exposed yet:
 *   exposed and present are %NULL
 */
TvmDemoRecommendation *
tvm_demo_recommendation_new (TvmDemoData   *data,
                             TvmDemoRandom *random,
                             guint          number)
{
  const TvmDemoProduct *product = &tvm_demo_catalog[number % tvm_demo_n_catalog];
  guint edition = number / tvm_demo_n_catalog;
  gboolean is_setting = product->type == TVM_DEMO_CONFIGURATION;
  TvmDemoRecommendation *self = g_new0 (TvmDemoRecommendation, 1);
  g_autofree char *suffix = edition > 0 ? g_strdup_printf (" %u", edition + 1) : g_strdup ("");
  g_autofree char *base_name = NULL;

  self->type = product->type;
  self->salt = random->state;
  self->is_rare = edition > 0;
  self->catalog_index = number % tvm_demo_n_catalog;
  self->platforms = product->platforms;
  self->vendor = g_strdup (is_setting ? "microsoft" : product->vendor);
  self->version = g_strdup (product->version);
  self->product = is_setting    ? g_strdup ("windows")
                  : edition > 0 ? g_strdup_printf ("%s_%u", product->product, edition + 1)
                                : g_strdup (product->product);
  self->component = is_setting ? g_strdup (product->component)
                               : g_strconcat (product->component, suffix, NULL);
  if (is_setting && edition > 0)
    self->id = g_strdup_printf ("sca-_-%s%u", product->vendor, 10000 + edition);
  else if (is_setting)
    self->id = g_strconcat ("sca-_-", product->vendor, NULL);
  else
    self->id = g_strconcat ("va-_-", self->vendor, "-_-", self->product, NULL);
  base_name = make_name (product, product->component);
  self->name = g_strconcat (base_name, suffix, NULL);
  tvm_demo_software_init (self);
  add_cves (data, self, random, product);
  self->severity_tenths = 20 + tvm_demo_random_below (random, 79);
  self->exposure_impact = is_setting ? 0 : tvm_demo_random_unit (random) * 3;
  self->config_impact = is_setting ? tvm_demo_random_unit (random) * 9 : 0;
  self->active_alert = self->public_exploit && tvm_demo_random_below (random, 6) == 0;
  self->is_exception = tvm_demo_random_below (random, 20) == 0;
  share_cve (data, self);
  return self;
}

/**
 * tvm_demo_recommendation_free:
 * @self: (transfer full): a recommendation
 */
void
tvm_demo_recommendation_free (TvmDemoRecommendation *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->component);
  g_free (self->product);
  g_free (self->vendor);
  g_free (self->version);
  g_free (self->exposed);
  g_free (self->present);
  g_array_unref (self->weaknesses);
  g_clear_pointer (&self->steps, g_hash_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->versions); i++)
    g_free (self->versions[i]);
  g_free (self);
}

static void
activity_free (TvmDemoActivity *self)
{
  g_free (self->targets);
  g_free (self);
}

/* The targets: devices of the chosen groups that are exposed (unless all are fixed), and others of
 * them that can have the product and no longer are. */
static void
choose_targets (TvmDemoData     *data,
                TvmDemoActivity *self,
                TvmDemoRandom   *random,
                gboolean         all_fixed)
{
  TvmDemoRecommendation *recommendation = self->recommendation;
  double fixed_share = tvm_demo_random_unit (random) * 0.12;

  self->targets = g_new0 (guint64, data->n_words);
  for (guint i = 0; i < data->n_devices; i++)
    {
      const TvmDemoDevice *device = &data->devices[i];
      gboolean exposed = tvm_demo_bit (recommendation->exposed, i);

      if ((self->group_mask >> device->group & 1) == 0 ||
          (tvm_demo_platforms[device->platform].platforms & recommendation->platforms) == 0)
        continue;
      if (exposed ? all_fixed : tvm_demo_random_unit (random) >= fixed_share)
        continue;
      tvm_demo_set_bit (self->targets, i, TRUE);
      self->n_targets++;
    }
}

static void
complete_activity (TvmDemoActivity *self,
                   TvmDemoRandom   *random,
                   gint64           now_us,
                   guint            method)
{
  self->is_completed = TRUE;
  self->method = method;
  self->changed_us = self->created_us +
                     (gint64) (tvm_demo_random_unit (random) * (now_us - self->created_us));
  if (method == 2)
    tvm_demo_random_uuid (random, self->completer_id);
}

/**
 * tvm_demo_data_add_activities:
 * @self: data with devices and recommendations, which gets its activities: once
 * @n: how many; none where there are no recommendations
 * @seed: what they follow from
 */
void
tvm_demo_data_add_activities (TvmDemoData *self,
                              guint        n,
                              guint64      seed)
{
  TvmDemoRandom random = { seed ^ G_GUINT64_CONSTANT (0x6163746976697400) };

  self->activities = g_ptr_array_new_with_free_func ((GDestroyNotify) activity_free);
  for (guint i = 0; i < n && self->recommendations->len > 0; i++)
    {
      TvmDemoActivity *activity = g_new0 (TvmDemoActivity, 1);
      guint age_days = 1 + tvm_demo_random_below (&random, i % 8 == 7 ? 400 : 90);
      guint mask = (guint) tvm_demo_random_next (&random) | 2 |
                   1u << tvm_demo_random_below (&random, 10);

      tvm_demo_random_uuid (&random, activity->id);
      tvm_demo_random_uuid (&random, activity->requester_id);
      activity->recommendation = self->recommendations->pdata[i % self->recommendations->len];
      activity->requester = tvm_demo_random_below (&random, 3);
      activity->priority = tvm_demo_random_below (&random, 3);
      activity->has_notes = tvm_demo_random_below (&random, 2);
      activity->created_us = self->start_us - age_days * TVM_DAY_US
                             - (gint64) (tvm_demo_random_unit (&random) * TVM_DAY_US);
      activity->changed_us = activity->created_us;
      activity->group_mask = i % 3 == 0 ? (1u << tvm_demo_n_groups) - 1
                                        : mask & ((1u << tvm_demo_n_groups) - 1);
      activity->non_impacted_only = activity->recommendation->type == TVM_DEMO_CONFIGURATION &&
                                    (i & 1);
      if (activity->recommendation->type != TVM_DEMO_ATTENTION &&
          i % 5 != 4) /* midnight, some gone by */
        activity->due_us =
          ((self->start_us / TVM_DAY_US) + tvm_demo_random_below (&random, 45) - 9) * TVM_DAY_US;
      if (i % 4 == 3)
        complete_activity (activity, &random, self->start_us, (guint[]) { 1, 2, 0 }[i / 4 % 3]);
      choose_targets (self, activity, &random, activity->is_completed && activity->method == 1);
      g_ptr_array_add (self->activities, activity);
    }
}

/**
 * tvm_demo_data_find_activity:
 * @self: the data
 * @id: its id, in any letter case
 *
 * Returns: (transfer none) (nullable): the activity
 */
TvmDemoActivity *
tvm_demo_data_find_activity (TvmDemoData *self,
                             const char  *id)
{
  for (guint i = 0; i < self->activities->len; i++)
    if (g_ascii_strcasecmp (((TvmDemoActivity *) self->activities->pdata[i])->id, id) == 0)
      return self->activities->pdata[i];
  return NULL;
}

/**
 * tvm_demo_data_count_fixed:
 * @self: the data
 * @activity: one of its activities
 *
 * Returns: how many of its targets are not exposed now
 */
guint
tvm_demo_data_count_fixed (TvmDemoData           *self,
                           const TvmDemoActivity *activity)
{
  guint n_exposed = 0;

  for (guint i = 0; i < self->n_words; i++)
    n_exposed += __builtin_popcountll (activity->targets[i] & activity->recommendation->exposed[i]);
  return activity->n_targets - n_exposed;
}

/**
 * tvm_demo_data_settle:
 * @self: the data
 *
 * Completes the active activities whose devices all are fixed, as the service does by itself; never
 * those with attention required.
 *
 * Returns: their number
 */
guint
tvm_demo_data_settle (TvmDemoData *self)
{
  guint n = 0;

  for (guint i = 0; i < self->activities->len; i++)
    {
      TvmDemoActivity *activity = self->activities->pdata[i];

      if (activity->is_completed || activity->n_targets == 0 ||
          activity->recommendation->type == TVM_DEMO_ATTENTION ||
          tvm_demo_data_count_fixed (self, activity) < activity->n_targets)
        continue;
      activity->is_completed = TRUE;
      activity->method = 1;
      activity->changed_us = tvm_now_us ();
      n++;
    }
  return n;
}
