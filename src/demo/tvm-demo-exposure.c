/* tvm-demo-exposure.c: what happens to devices after the start, and what they were like before it
 * happened. The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include "tvm-time.h"

/* What becomes of a device with a product is noted with what it had and has. */
static void
note_change (TvmDemoData           *self,
             TvmDemoRecommendation *about,
             guint                  device,
             TvmDemoInstall         before,
             guint                  group_before)
{
  TvmDemoChange change = { about, device, tvm_now_us (), before, before, group_before,
                           self->devices[device].group };

  if (about != NULL)
    change.after = tvm_demo_get_install (about, device);
  g_array_append_val (self->changes, change);
}

static void
set_present (TvmDemoRecommendation *about,
             guint                  device,
             gboolean               present)
{
  if (tvm_demo_bit (about->present, device) == present)
    return;
  tvm_demo_set_bit (about->present, device, present);
  about->n_total += present ? 1 : -1;
}

/**
 * tvm_demo_data_set_exposed:
 * @self: the data
 * @recommendation: one of its recommendations
 * @device: the index of a device
 * @exposed: whether it is exposed from now on
 *
 * Keeps the recommendation's counts, and notes the change for the list of changes. Activities are
 * left to tvm_demo_data_settle().
 *
 * Returns: whether that changed anything
 */
gboolean
tvm_demo_data_set_exposed (TvmDemoData           *self,
                           TvmDemoRecommendation *recommendation,
                           guint                  device,
                           gboolean               exposed)
{
  TvmDemoInstall before = tvm_demo_get_install (recommendation, device);

  if (tvm_demo_bit (recommendation->exposed, device) == exposed)
    return FALSE;
  tvm_demo_count_install (recommendation, device, -1);
  tvm_demo_set_bit (recommendation->exposed, device, exposed);
  /* Who is exposed has the product; what was uninstalled is gone, and so are lost devices. */
  set_present (recommendation, device, exposed ||
               (recommendation->type != TVM_DEMO_UNINSTALL && !self->devices[device].is_removed));
  if (recommendation->steps != NULL)
    g_hash_table_remove (recommendation->steps, GUINT_TO_POINTER (device));
  tvm_demo_count_install (recommendation, device, 1);
  recommendation->n_exposed += exposed ? 1 : -1;
  if (self->devices[device].value == 2)
    recommendation->n_critical += exposed ? 1 : -1;
  note_change (self, recommendation, device, before, self->devices[device].group);
  return TRUE;
}

/**
 * tvm_demo_data_uninstall:
 * @self: the data
 * @recommendation: one of its recommendations of software
 * @device: the index of a device
 *
 * Takes the product off a device, exposed or not.
 *
 * Returns: whether it was there
 */
gboolean
tvm_demo_data_uninstall (TvmDemoData           *self,
                         TvmDemoRecommendation *recommendation,
                         guint                  device)
{
  gboolean was_there = tvm_demo_bit (recommendation->present, device);

  tvm_demo_data_set_exposed (self, recommendation, device, FALSE);
  if (tvm_demo_bit (recommendation->present, device))
    {
      TvmDemoInstall before = tvm_demo_get_install (recommendation, device);

      set_present (recommendation, device, FALSE);
      note_change (self, recommendation, device, before, self->devices[device].group);
    }
  return was_there;
}

/**
 * tvm_demo_data_step:
 * @self: the data
 * @recommendation: one of its recommendations
 * @device: the index of a device
 *
 * Updates an exposed device to the next version, which has weaknesses, too.
 *
 * Returns: %FALSE where there is no such version, or the device is not exposed
 */
gboolean
tvm_demo_data_step (TvmDemoData           *self,
                    TvmDemoRecommendation *recommendation,
                    guint                  device)
{
  TvmDemoInstall before = tvm_demo_get_install (recommendation, device);
  guint steps;

  if (!tvm_demo_bit (recommendation->exposed, device) ||
      before.versions[0] + 1u >= recommendation->n_versions)
    return FALSE;
  if (recommendation->steps == NULL)
    recommendation->steps = g_hash_table_new (NULL, NULL);
  tvm_demo_count_install (recommendation, device, -1);
  steps = GPOINTER_TO_UINT (g_hash_table_lookup (recommendation->steps, GUINT_TO_POINTER (device)));
  g_hash_table_insert (recommendation->steps, GUINT_TO_POINTER (device),
                       GUINT_TO_POINTER (steps + 1));
  tvm_demo_count_install (recommendation, device, 1);
  note_change (self, recommendation, device, before, self->devices[device].group);
  return TRUE;
}

/**
 * tvm_demo_data_remove:
 * @self: the data
 * @device: one of its devices
 * @keep_references: whether it goes on being listed as exposed, as the service does for a while yet
 *   with a lost device
 *
 * Takes a device out of the inventory.
 */
void
tvm_demo_data_remove (TvmDemoData   *self,
                      TvmDemoDevice *device,
                      gboolean       keep_references)
{
  guint index = device - self->devices;

  if (!device->is_removed)
    self->n_removed++;
  device->is_removed = TRUE;
  for (guint i = 0; i < self->recommendations->len; i++)
    {
      TvmDemoRecommendation *about = self->recommendations->pdata[i];

      if (!keep_references)
        tvm_demo_data_set_exposed (self, about, index, FALSE);
      if (!tvm_demo_bit (about->exposed, index))
        set_present (about, index, FALSE);
    }
  tvm_demo_data_settle (self);
}

/**
 * tvm_demo_data_restore:
 * @self: the data
 * @device: one of its devices
 *
 * Takes a device that left the inventory into it again, with what it still counts as exposed to.
 */
void
tvm_demo_data_restore (TvmDemoData   *self,
                       TvmDemoDevice *device)
{
  if (device->is_removed)
    self->n_removed--;
  device->is_removed = FALSE;
}

/* Notes for each device with a version that has the CVE that something is told of it. */
static void
note_cve (TvmDemoData           *self,
          TvmDemoRecommendation *about,
          const TvmDemoCve      *cve,
          gboolean               is_found)
{
  const TvmDemoWeakness *weakness = tvm_demo_find_weakness (about, cve);

  for (guint device = 0; device < self->n_devices; device++)
    {
      TvmDemoInstall install = tvm_demo_get_install (about, device);
      TvmDemoChange *change;

      if (!tvm_demo_install_has (install, weakness))
        continue;
      note_change (self, about, device, install, self->devices[device].group);
      change = &g_array_index (self->changes, TvmDemoChange, self->changes->len - 1);
      change->cve = cve;
      change->is_found = is_found;
    }
}

/**
 * tvm_demo_data_discover:
 * @self: the data
 * @about: one of its recommendations of software
 * @cve: (nullable): one of its CVEs; %NULL: a new one
 *
 * Finds a CVE in some of a product's versions.
 *
 * Returns: (nullable): the CVE; %NULL where the product had it, or is none
 */
const TvmDemoCve *
tvm_demo_data_discover (TvmDemoData           *self,
                        TvmDemoRecommendation *about,
                        TvmDemoCve            *cve)
{
  if (about->type == TVM_DEMO_CONFIGURATION ||
      (cve != NULL && tvm_demo_find_weakness (about, cve) != NULL))
    return NULL;
  if (cve == NULL)
    {
      cve = g_new0 (TvmDemoCve, 1);
      g_snprintf (cve->id, sizeof cve->id, "CVE-2026-9%05u",
                  tvm_demo_random_below (&self->random, 100000));
      cve->severity = tvm_demo_random_below (&self->random, 4);
      cve->cvss = (double[]){ 2.5, 5.0, 7.2, 9.1 }[cve->severity];
      cve->published_us = tvm_now_us ();
      cve = tvm_demo_data_take_cve (self, cve, about);
    }
  tvm_demo_recommendation_add_weakness (about, cve, self->changes->len + 1);
  note_cve (self, about, cve, TRUE);
  self->n_counted = G_MAXUINT;
  return cve;
}

/**
 * tvm_demo_data_exploit:
 * @self: the data
 * @cve: one of its CVEs
 *
 * Makes an exploit for it public, which changes what is told of every device that has it.
 *
 * Returns: how many devices and products that is; 0 where there was one
 */
guint
tvm_demo_data_exploit (TvmDemoData *self,
                       TvmDemoCve  *cve)
{
  guint n_before = self->changes->len;

  for (guint i = 0; i < cve->products->len && !cve->exploited; i++)
    {
      TvmDemoRecommendation *about = cve->products->pdata[i];

      about->public_exploit = TRUE;
      note_cve (self, about, cve, FALSE);
    }
  cve->exploited = TRUE;
  return self->changes->len - n_before;
}

static void
change_group (TvmDemoData   *self,
              TvmDemoDevice *device,
              guint          group)
{
  guint index = device - self->devices, before = device->group;

  if (group == before)
    return;
  device->group = group;
  g_clear_pointer (&device->machine_row, g_free);
  g_clear_pointer (&device->reference_row, g_free);
  note_change (self, NULL, index, (TvmDemoInstall) { { 0 } }, before);
  for (guint i = 0; i < self->recommendations->len; i++)
    {
      TvmDemoRecommendation *about = self->recommendations->pdata[i];

      if (tvm_demo_bit (about->exposed, index))
        note_change (self, about, index, tvm_demo_get_install (about, index), before);
    }
}

/**
 * tvm_demo_data_move:
 * @self: the data
 * @device: one of its devices
 * @group: (nullable): the name of a device group
 *
 * Returns: whether it is in that group now; %FALSE where there is no such group
 */
gboolean
tvm_demo_data_move (TvmDemoData   *self,
                    TvmDemoDevice *device,
                    const char    *group)
{
  for (guint i = 0; i < tvm_demo_n_groups; i++)
    if (g_strcmp0 (group, tvm_demo_groups[i]) == 0)
      {
        change_group (self, device, i);
        return TRUE;
      }
  return FALSE;
}

struct _TvmDemoView
{
  TvmDemoData *data;      /* borrowed */
  guint        n_changes;
  GHashTable  *installs;  /* recommendation -> (device -> its first change since, from 1) */
  GHashTable  *groups;    /* device -> the same */
};

static void
add_first (GHashTable *places,
           guint       device,
           guint       place)
{
  if (!g_hash_table_contains (places, GUINT_TO_POINTER (device)))
    g_hash_table_insert (places, GUINT_TO_POINTER (device), GUINT_TO_POINTER (place));
}

/**
 * tvm_demo_view_new:
 * @data: what the tenant knows; must outlive the view, and not change meanwhile
 * @n_changes: how many of its changes count
 *
 * Returns: (transfer full): the tenant as it was after so many changes
 */
TvmDemoView *
tvm_demo_view_new (TvmDemoData *data,
                   guint        n_changes)
{
  TvmDemoView *self = g_new0 (TvmDemoView, 1);

  self->data = data;
  self->n_changes = n_changes;
  self->groups = g_hash_table_new (NULL, NULL);
  self->installs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  for (guint i = n_changes; i < data->changes->len; i++)
    {
      const TvmDemoChange *change = &g_array_index (data->changes, TvmDemoChange, i);
      GHashTable *places = change->about != NULL
                             ? g_hash_table_lookup (self->installs, change->about)
                             : self->groups;

      if (places == NULL)
        {
          places = g_hash_table_new (NULL, NULL);
          g_hash_table_insert (self->installs, change->about, places);
        }
      add_first (places, change->device, i + 1);
    }
  return self;
}

/**
 * tvm_demo_view_free:
 * @self: (transfer full): a view
 */
void
tvm_demo_view_free (TvmDemoView *self)
{
  g_hash_table_unref (self->installs);
  g_hash_table_unref (self->groups);
  g_free (self);
}

static const TvmDemoChange *
find_change (const TvmDemoView *self,
             GHashTable        *places,
             guint              device)
{
  guint place = places != NULL
                  ? GPOINTER_TO_UINT (g_hash_table_lookup (places, GUINT_TO_POINTER (device)))
                  : 0;

  return place > 0 ? &g_array_index (self->data->changes, TvmDemoChange, place - 1) : NULL;
}

/**
 * tvm_demo_view_get:
 * @self: a view
 * @about: a recommendation
 * @device: the index of a device
 *
 * Returns: what the device had of the product
 */
TvmDemoInstall
tvm_demo_view_get (const TvmDemoView     *self,
                   TvmDemoRecommendation *about,
                   guint                  device)
{
  const TvmDemoChange *change =
    find_change (self, g_hash_table_lookup (self->installs, about), device);

  return change != NULL ? change->before : tvm_demo_get_install (about, device);
}

/**
 * tvm_demo_view_get_group:
 * @self: a view
 * @device: the index of a device
 *
 * Returns: the device group that it was in
 */
guint
tvm_demo_view_get_group (const TvmDemoView *self,
                         guint              device)
{
  const TvmDemoChange *change = find_change (self, self->groups, device);

  return change != NULL ? change->group_before : self->data->devices[device].group;
}

/**
 * tvm_demo_view_get_n_changes:
 * @self: a view
 *
 * Returns: after how many changes the tenant was so
 */
guint
tvm_demo_view_get_n_changes (const TvmDemoView *self)
{
  return self->n_changes;
}
