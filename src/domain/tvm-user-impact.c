/* tvm-user-impact.c: which devices a configuration change is expected to disturb the users of. One
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-user-impact.h"

#include "tvm-pack.h"

#include <glib/gi18n-lib.h>

static void
list_free (gpointer data)
{
  TvmUserImpactList *list = data;

  g_free (list->recommendation_id);
  g_array_unref (list->entries);
  g_array_unref (list->exposed);
  g_free (list);
}

/**
 * tvm_user_impacts_new:
 *
 * Returns: (transfer full): nothing known of any device
 */
TvmUserImpacts *
tvm_user_impacts_new (void)
{
  TvmUserImpacts *self = g_new0 (TvmUserImpacts, 1);

  self->devices = tvm_device_refs_new ();
  self->lists = g_ptr_array_new_with_free_func (list_free);
  self->device_positions = g_hash_table_new (g_str_hash, g_str_equal);
  self->lists_by_id = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

static guint32
position_of_device (TvmUserImpacts     *self,
                    const TvmDeviceRef *device)
{
  GArray *refs = self->devices->refs;
  gpointer position = g_hash_table_lookup (self->device_positions, device->id);

  if (position != NULL)
    return GPOINTER_TO_UINT (position) - 1;
  tvm_device_refs_add (self->devices, device->id, device->name, device->os_platform,
                       tvm_name_of_group (device->group));
  g_hash_table_insert (self->device_positions,
                       (gpointer) g_array_index (refs, TvmDeviceRef, refs->len - 1).id,
                       GUINT_TO_POINTER (refs->len));
  return refs->len - 1;
}

static TvmUserImpactList *
list_of_recommendation (TvmUserImpacts *self,
                        const char     *recommendation_id)
{
  TvmUserImpactList *list = g_hash_table_lookup (self->lists_by_id, recommendation_id);

  if (list != NULL)
    return list;
  list = g_new0 (TvmUserImpactList, 1);
  list->recommendation_id = g_strdup (recommendation_id);
  list->entries = g_array_new (FALSE, FALSE, sizeof (guint32));
  list->exposed = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_ptr_array_add (self->lists, list);
  g_hash_table_insert (self->lists_by_id, list->recommendation_id, list);
  return list;
}

/**
 * tvm_user_impacts_add:
 * @self: what is known so far
 * @recommendation_id: a configuration's recommendation
 * @device_id: a device that is exposed to it
 * @is_impacted: whether its users are expected to notice the change
 *
 * Adds a device. Of one that is added again the last word counts.
 */
void
tvm_user_impacts_add (TvmUserImpacts *self,
                      const char     *recommendation_id,
                      const char     *device_id,
                      gboolean        is_impacted)
{
  const TvmDeviceRef device = { .id = device_id };
  guint32 entry = position_of_device (self, &device) * 2 + (is_impacted ? 1 : 0);

  g_array_append_val (list_of_recommendation (self, recommendation_id)->entries, entry);
  self->n_entries++;
}

/**
 * tvm_user_impacts_assess:
 * @self: what is known so far
 * @recommendation_id: a configuration's recommendation
 * @device: a device that was assessed for it
 * @is_exposed: whether the configuration applies to it and is not as recommended
 * @is_impacted: whether its users are expected to notice the change; -1: not told
 *
 * Adds what an assessment says. From now on the recommendation's list has all exposed devices.
 */
void
tvm_user_impacts_assess (TvmUserImpacts     *self,
                         const char         *recommendation_id,
                         const TvmDeviceRef *device,
                         gboolean            is_exposed,
                         TvmTruth            is_impacted)
{
  TvmUserImpactList *list = list_of_recommendation (self, recommendation_id);
  guint32 position;

  list->is_assessed = TRUE;
  if (!is_exposed)
    return;
  position = position_of_device (self, device);
  g_array_append_val (list->exposed, position);
  if (is_impacted >= 0)
    tvm_user_impacts_add (self, recommendation_id, device->id, is_impacted);
}

/**
 * tvm_user_impacts_pack:
 * @self: what is known
 *
 * Returns: (transfer full): it as bytes, for tvm_user_impacts_add_packed()
 */
GBytes *
tvm_user_impacts_pack (const TvmUserImpacts *self)
{
  TvmPacker out;

  tvm_packer_init (&out);
  tvm_pack_uint (&out, (guint64) self->newest_us);
  tvm_pack_uint (&out, self->devices->refs->len);
  for (guint i = 0; i < self->devices->refs->len; i++)
    {
      const TvmDeviceRef *ref = &g_array_index (self->devices->refs, TvmDeviceRef, i);

      tvm_pack_text (&out, ref->id);
      tvm_pack_text (&out, ref->name);
      tvm_pack_text (&out, ref->os_platform);
      tvm_pack_text (&out, ref->group);
    }
  tvm_pack_uint (&out, self->lists->len);
  for (guint i = 0; i < self->lists->len; i++)
    {
      const TvmUserImpactList *list = self->lists->pdata[i];

      tvm_pack_text (&out, list->recommendation_id);
      tvm_pack_uint (&out, list->is_assessed);
      tvm_pack_uint (&out, list->exposed->len);
      for (guint j = 0; j < list->exposed->len; j++)
        tvm_pack_uint (&out, g_array_index (list->exposed, guint32, j));
      tvm_pack_uint (&out, list->entries->len);
      for (guint j = 0; j < list->entries->len; j++)
        tvm_pack_uint (&out, g_array_index (list->entries, guint32, j));
    }
  return tvm_packer_finish (&out);
}

static GArray *
unpack_devices (TvmUserImpacts *self,
                TvmUnpacker    *in)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint64 n = tvm_unpack_uint (in);

  for (guint64 i = 0; i < n && !in->is_bad; i++)
    {
      TvmDeviceRef device = { .id = tvm_unpack_text (in) };
      guint32 position;

      device.name = tvm_unpack_text (in);
      device.os_platform = tvm_unpack_text (in);
      device.group = tvm_unpack_text (in);
      in->is_bad = in->is_bad || device.id == NULL;
      if (in->is_bad)
        break;
      position = position_of_device (self, &device);
      g_array_append_val (positions, position);
    }
  return positions;
}

static void
unpack_list (TvmUserImpacts *self,
             TvmUnpacker    *in,
             GArray         *positions)
{
  const char *id = tvm_unpack_text (in);
  gboolean is_assessed = tvm_unpack_below (in, 2) != 0;
  TvmUserImpactList *list = in->is_bad || id == NULL ? NULL : list_of_recommendation (self, id);
  guint64 n = tvm_unpack_uint (in);

  in->is_bad = in->is_bad || list == NULL;
  for (guint64 i = 0; i < n && !in->is_bad; i++)
    {
      guint32 place = tvm_unpack_below (in, positions->len);

      if (!in->is_bad)
        g_array_append_val (list->exposed, g_array_index (positions, guint32, place));
    }
  n = tvm_unpack_uint (in);
  for (guint64 i = 0; i < n && !in->is_bad; i++)
    {
      guint32 entry = tvm_unpack_below (in, (guint64) positions->len * 2);

      if (in->is_bad)
        return;
      entry = g_array_index (positions, guint32, entry / 2) * 2 + entry % 2;
      g_array_append_val (list->entries, entry);
      self->n_entries++;
    }
  if (!in->is_bad)
    list->is_assessed = list->is_assessed || is_assessed;
}

/**
 * tvm_user_impacts_add_packed:
 * @self: what is known so far
 * @packed: what else is, as bytes, or anything else
 *
 * Returns: %FALSE where it is none: then @self is of no use
 */
gboolean
tvm_user_impacts_add_packed (TvmUserImpacts *self,
                             GBytes         *packed)
{
  g_auto(TvmUnpacker) in;
  g_autoptr(GArray) positions = NULL;
  gint64 newest_us;
  guint64 n;

  tvm_unpacker_init (&in, packed);
  newest_us = (gint64) tvm_unpack_uint (&in);
  self->newest_us = MAX (self->newest_us, newest_us);
  positions = unpack_devices (self, &in);
  n = tvm_unpack_uint (&in);
  for (guint64 i = 0; i < n && !in.is_bad; i++)
    unpack_list (self, &in, positions);
  return !in.is_bad && in.at == in.end;
}

/**
 * tvm_user_impacts_free:
 * @self: (transfer full) (nullable): what is known
 */
void
tvm_user_impacts_free (TvmUserImpacts *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->device_positions);
  g_hash_table_unref (self->lists_by_id);
  tvm_device_refs_free (self->devices);
  g_ptr_array_unref (self->lists);
  g_free (self);
}

/**
 * tvm_user_impact_describe_doubts:
 * @recommendation: (nullable): a recommendation; %NULL: of several together
 * @coverage: what a request for its devices with no user impact covers
 *
 * Returns: (transfer full) (nullable): how many are not covered because nobody knows, and where the
 *   recommendation counts others than the list names, a line each; %NULL: neither
 */
char *
tvm_user_impact_describe_doubts (const TvmRecommendation *recommendation,
                                 const TvmCoverage       *coverage)
{
  g_autoptr(GString) text = g_string_new (NULL);
  int n_counted = recommendation != NULL ? recommendation->no_impact_devices : -1;

  if (coverage->impact_unknown > 0)
    g_string_append_printf (
      text, ngettext ("Of %'d exposed device the user impact is not known, so it is not "
                      "covered. Synchronize everything to ask again.",
                      "Of %'d exposed devices the user impact is not known, so they are not "
                      "covered. Synchronize everything to ask again.", coverage->impact_unknown),
      coverage->impact_unknown);
  if (text->len > 0 && n_counted >= 0 && n_counted != coverage->no_impact)
    g_string_append_c (text, '\n');
  if (n_counted >= 0 && n_counted != coverage->no_impact)
    g_string_append_printf (
      text,
      /* Translators: both numbers are devices with no user impact, of all device groups */
      _("The recommendation counts %'d devices with no user impact, the service's list names %'d: "
        "it renews them at different times."), n_counted, coverage->no_impact);
  return text->len > 0 ? g_strdup (text->str) : NULL;
}
