/* tvm-matrix-order.c: what a matrix is brought to once all records were added. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-matrix-private.h"

#include "tvm-time.h"

/* What was last comes last; of two at one instant, what is there outweighs what is not: a device
 * that moves to another group comes as both. */
static int
compare_changes (gconstpointer a,
                 gconstpointer b)
{
  const TvmMatrixChange *x = a, *y = b;

  if (x->device != y->device)
    return x->device < y->device ? -1 : 1;
  if (x->version != y->version)
    return x->version < y->version ? -1 : 1;
  if (x->cve != y->cve)
    return x->cve < y->cve ? -1 : 1;
  if (x->when_us != y->when_us)
    return x->when_us < y->when_us ? -1 : 1;
  return (int) x->status - (int) y->status;
}

/* ---- pairs: there may be millions, so they are moved where they are */

static void
find_starts (TvmMatrix *self)
{
  guint n_devices = self->devices->refs->len;
  guint32 *starts;

  if (self->starts == NULL)
    self->starts = g_array_new (FALSE, TRUE, sizeof (guint32));
  g_array_set_size (self->starts, 0);
  g_array_set_size (self->starts, n_devices + 1);
  starts = (guint32 *) (gpointer) self->starts->data;
  for (guint i = 0; i < self->pairs->len; i++)
    starts[g_array_index (self->pairs, TvmMatrixPair, i).device + 1]++;
  for (guint i = 0; i < n_devices; i++)
    starts[i + 1] += starts[i];
}

/* Each pair goes where its device's next one stands, and what stood there goes on. */
static void
group_pairs (TvmMatrix *self)
{
  const guint32 *starts = (const guint32 *) (gpointer) self->starts->data;
  guint n_devices = self->devices->refs->len;
  g_autofree guint32 *next = g_memdup2 (starts, (n_devices + 1) * sizeof *starts);
  TvmMatrixPair *pairs = (TvmMatrixPair *) (gpointer) self->pairs->data;

  for (guint device = 0; device < n_devices; device++)
    while (next[device] < starts[device + 1])
      {
        TvmMatrixPair pair = pairs[next[device]];

        while (pair.device != device)
          {
            TvmMatrixPair *place = &pairs[next[pair.device]++], other = *place;

            *place = pair;
            pair = other;
          }
        pairs[next[device]++] = pair;
      }
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b,
                  gpointer      unused)
{
  const TvmMatrixPair *x = a, *y = b;

  return x->version < y->version ? -1 : x->version > y->version;
}

static guint32
join_sets (TvmMatrix *self,
           guint32    set,
           guint32    other)
{
  while (other != 0 && other != set)
    {
      TvmMatrixSet one = g_array_index (self->sets, TvmMatrixSet, other);

      set = tvm_matrix_add_to_set (self, set, one.cve);
      other = one.parent;
    }
  return set;
}

/* Brings together the pairs of each device, and makes one of those that have the same version: they
 * may have come in several parts. */
static void
order_pairs (TvmMatrix *self)
{
  TvmMatrixPair *pairs;
  guint32 n = 0;

  find_starts (self);
  group_pairs (self);
  pairs = (TvmMatrixPair *) (gpointer) self->pairs->data;
  for (guint device = 0; device < self->devices->refs->len; device++)
    {
      guint32 first = g_array_index (self->starts, guint32, device), mine = n;
      guint32 end = g_array_index (self->starts, guint32, device + 1);

      if (first == end)
        continue;  /* where no device has any there are none to point to */
      g_qsort_with_data (pairs + first, (int) (end - first), sizeof *pairs, compare_versions, NULL);
      for (guint32 i = first; i < end; i++)
        if (n == mine || pairs[n - 1].version != pairs[i].version)
          pairs[n++] = pairs[i];
        else
          {
            tvm_matrix_join_pair (&pairs[n - 1], &pairs[i]);
            pairs[n - 1].set = join_sets (self, pairs[n - 1].set, pairs[i].set);
          }
    }
  g_array_set_size (self->pairs, n);
  find_starts (self);
}

/**
 * tvm_matrix_finish:
 * @self: a matrix to which all records were added
 *
 * Brings together what is of one device, frees what adding needs, and leaves of the changes of each
 * device, version and CVE the last one.
 */
void
tvm_matrix_finish (TvmMatrix *self)
{
  guint n = 0;
  gint64 newest_us = 0;

  tvm_int_table_clear (&self->pair_places);
  g_hash_table_remove_all (self->device_places);
  order_pairs (self);
  tvm_int_table_clear (&self->transitions);
  tvm_int_table_clear (&self->set_places);
  tvm_int_table_clear (&self->update_places);
  if (*self->newest != '\0' && tvm_parse_instant (self->newest, &newest_us))
    self->newest_us = MAX (self->newest_us, newest_us);
  g_array_sort (self->changes, compare_changes);
  for (guint i = 0; i < self->changes->len; i++)
    {
      const TvmMatrixChange *change = &g_array_index (self->changes, TvmMatrixChange, i);

      if (i + 1 == self->changes->len || change->device != change[1].device ||
          change->version != change[1].version || change->cve != change[1].cve)
        g_array_index (self->changes, TvmMatrixChange, n++) = *change;
    }
  g_array_set_size (self->changes, n);
}
