/* tvm-matrix-part.c: a matrix in few bytes, and such bytes added to another matrix, in whichever
 * order the parts come. One thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-matrix-private.h"

#include "tvm-pack.h"

#include <string.h>

#define N_LEVELS (TVM_LEVEL_CRITICAL + 1)

/* What numbers of the part are in the whole. */
typedef struct {
  TvmMatrix  *whole;
  TvmUnpacker in;
  GArray     *devices, *software, *versions, *cves, *sets;  /* of guint32 */
} Adding;

/* ---- out */

static void
pack_names (const TvmMatrix *self,
            TvmPacker       *out)
{
  tvm_pack_uint (out, self->devices->refs->len);
  for (guint i = 0; i < self->devices->refs->len; i++)
    {
      const TvmDeviceRef *ref = &g_array_index (self->devices->refs, TvmDeviceRef, i);

      tvm_pack_text (out, ref->id);
      tvm_pack_text (out, ref->name);
      tvm_pack_text (out, ref->os_platform);
      tvm_pack_text (out, ref->group);
    }
  tvm_pack_uint (out, self->software->len);
  for (guint i = 0; i < self->software->len; i++)
    {
      const TvmMatrixSoftware *software = &g_array_index (self->software, TvmMatrixSoftware, i);

      tvm_pack_text (out, software->vendor);
      tvm_pack_text (out, software->name);
      tvm_pack_text (out, software->recommendation_id);
    }
  tvm_pack_uint (out, self->versions->len);
  for (guint i = 0; i < self->versions->len; i++)
    {
      const TvmMatrixVersion *version = &g_array_index (self->versions, TvmMatrixVersion, i);

      tvm_pack_uint (out, version->software);
      tvm_pack_text (out, version->version);
    }
}

static void
pack_cves (const TvmMatrix *self,
           TvmPacker       *out)
{
  tvm_pack_uint (out, self->cves->len);
  for (guint i = 0; i < self->cves->len; i++)
    {
      const TvmMatrixCve *cve = &g_array_index (self->cves, TvmMatrixCve, i);
      guint64 cvss;

      memcpy (&cvss, &cve->cvss, sizeof cvss);
      tvm_pack_text (out, cve->id);
      tvm_pack_uint (out, (guint64) cve->severity + 1);
      tvm_pack_uint (out, cvss);
      for (guint j = 0; j < G_N_ELEMENTS (cve->exploits); j++)
        tvm_pack_uint (out, (guint64) cve->exploits[j] + 1);
    }
  tvm_pack_uint (out, self->sets->len);
  for (guint i = 1; i < self->sets->len; i++)
    {
      const TvmMatrixSet *set = &g_array_index (self->sets, TvmMatrixSet, i);

      tvm_pack_uint (out, set->parent);
      tvm_pack_uint (out, set->cve);
    }
  tvm_pack_uint (out, self->updates->len);
  for (guint i = 0; i < self->updates->len; i++)
    {
      const TvmMatrixUpdate *update = &g_array_index (self->updates, TvmMatrixUpdate, i);

      tvm_pack_uint (out, update->software);
      tvm_pack_uint (out, update->cve);
      tvm_pack_text (out, update->id);
      tvm_pack_text (out, update->name);
      tvm_pack_text (out, update->url);
    }
}

/**
 * tvm_matrix_pack:
 * @self: a matrix that is not finished, without changes
 *
 * Returns: (transfer full): it as bytes, for tvm_matrix_add_packed()
 */
GBytes *
tvm_matrix_pack (const TvmMatrix *self)
{
  TvmPacker out;

  tvm_packer_init (&out);
  tvm_pack_uint (&out, self->n_records);
  tvm_pack_text (&out, self->newest);
  pack_names (self, &out);
  pack_cves (self, &out);
  tvm_pack_uint (&out, self->pairs->len);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      const TvmMatrixPair *pair = &g_array_index (self->pairs, TvmMatrixPair, i);

      tvm_pack_uint (&out, pair->device);
      tvm_pack_uint (&out, pair->version);
      tvm_pack_uint (&out, pair->set);
      tvm_pack_uint (&out, pair->first_day);
      tvm_pack_uint (&out, pair->last_day);
    }
  return tvm_packer_finish (&out);
}

/* ---- in */

/* Calls @add for each of a list, until there is something wrong. */
static void
add_each (Adding *self,
          void  (*add) (Adding *self))
{
  guint64 n = tvm_unpack_uint (&self->in);

  for (guint64 i = 0; i < n && !self->in.is_bad; i++)
    add (self);
}

/* What a number of the part is in the whole. */
static guint32
unpack_place (Adding *self,
              GArray *places)
{
  guint32 place = tvm_unpack_below (&self->in, places->len);

  return self->in.is_bad ? 0 : g_array_index (places, guint32, place);
}

/* Without it there is nothing to be made. */
static const char *
require_text (Adding *self)
{
  const char *text = tvm_unpack_text (&self->in);

  self->in.is_bad = self->in.is_bad || text == NULL;
  return text;
}

static void
add_device (Adding *self)
{
  TvmDeviceRef device = { .id = require_text (self) };
  guint32 place;

  device.name = tvm_unpack_text (&self->in);
  device.os_platform = tvm_unpack_text (&self->in);
  device.group = tvm_unpack_text (&self->in);
  if (self->in.is_bad)
    return;
  place = tvm_matrix_place_device (self->whole, &device);
  g_array_append_val (self->devices, place);
}

static void
add_software (Adding *self)
{
  TvmMatrixRecord record = { .vendor = require_text (self) };
  guint32 place;

  record.product = require_text (self);
  record.recommendation_id = tvm_unpack_text (&self->in);
  if (self->in.is_bad)
    return;
  place = tvm_matrix_place_software (self->whole, &record);
  g_array_append_val (self->software, place);
}

static void
add_version (Adding *self)
{
  guint32 software = unpack_place (self, self->software), place;
  TvmMatrixRecord record = { .version = require_text (self) };

  if (self->in.is_bad)
    return;
  place = tvm_matrix_place_version (self->whole, &record, software);
  g_array_append_val (self->versions, place);
}

static void
add_cve (Adding *self)
{
  TvmMatrixRecord record = { .cve = require_text (self) };
  guint64 cvss;
  guint32 place;

  record.severity = (TvmLevel) tvm_unpack_below (&self->in, N_LEVELS + 1) - 1;
  cvss = tvm_unpack_uint (&self->in);
  memcpy (&record.cvss, &cvss, sizeof cvss);
  for (guint i = 0; i < G_N_ELEMENTS (record.exploits); i++)
    record.exploits[i] = (TvmTruth) tvm_unpack_below (&self->in, 3) - 1;
  if (self->in.is_bad)
    return;
  place = tvm_matrix_place_cve (self->whole, &record);
  g_array_append_val (self->cves, place);
}

static void
add_sets (Adding *self)
{
  guint64 n = tvm_unpack_uint (&self->in);
  guint32 set = 0;

  g_array_append_val (self->sets, set);
  for (guint64 i = 1; i < n && !self->in.is_bad; i++)
    {
      guint32 parent = unpack_place (self, self->sets), cve = unpack_place (self, self->cves);

      if (self->in.is_bad)
        return;
      set = tvm_matrix_add_to_set (self->whole, parent, cve);
      g_array_append_val (self->sets, set);
    }
}

static void
add_update (Adding *self)
{
  guint32 software = unpack_place (self, self->software), cve = unpack_place (self, self->cves);
  TvmMatrixRecord record = { .update_id = require_text (self) };

  record.update_name = tvm_unpack_text (&self->in);
  record.update_url = tvm_unpack_text (&self->in);
  if (!self->in.is_bad)
    tvm_matrix_note_update (self->whole, &record, software, cve);
}

/* What another part knows of the same is brought together at the end. */
static void
add_pair (Adding *self)
{
  TvmMatrixPair pair;

  pair.device = unpack_place (self, self->devices);
  pair.version = unpack_place (self, self->versions);
  pair.set = unpack_place (self, self->sets);
  pair.first_day = (guint16) tvm_unpack_below (&self->in, G_MAXUINT16 + 1);
  pair.last_day = (guint16) tvm_unpack_below (&self->in, G_MAXUINT16 + 1);
  if (!self->in.is_bad)
    g_array_append_val (self->whole->pairs, pair);
}

/**
 * tvm_matrix_add_packed:
 * @self: a matrix that is not finished
 * @packed: another one as bytes, or anything else
 *
 * Returns: %FALSE where it is none, or it became too large to be held: then @self is of no use
 */
gboolean
tvm_matrix_add_packed (TvmMatrix *self,
                       GBytes    *packed)
{
  Adding adding = { .whole = self };
  GArray **lists[] = { &adding.devices, &adding.software, &adding.versions, &adding.cves,
                       &adding.sets };
  gboolean is_good;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    *lists[i] = g_array_new (FALSE, FALSE, sizeof (guint32));
  tvm_unpacker_init (&adding.in, packed);
  self->n_records += tvm_unpack_below (&adding.in, G_MAXUINT - (guint64) self->n_records);
  tvm_matrix_note_newest (self, tvm_unpack_text (&adding.in));
  add_each (&adding, add_device);
  add_each (&adding, add_software);
  add_each (&adding, add_version);
  add_each (&adding, add_cve);
  add_sets (&adding);
  add_each (&adding, add_update);
  add_each (&adding, add_pair);
  is_good = !adding.in.is_bad && adding.in.at == adding.in.end;
  tvm_unpacker_clear (&adding.in);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_array_unref (*lists[i]);
  return is_good && self->sets->len < TVM_MATRIX_MAX_SETS;
}
