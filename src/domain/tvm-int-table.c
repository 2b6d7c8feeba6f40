/* tvm-int-table.c: open addressing. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-int-table.h"

#define FIRST_PLACES 64

/**
 * tvm_int_table_mix:
 * @x: a number
 *
 * Returns: one whose bits look like chance; different for different numbers
 */
guint64
tvm_int_table_mix (guint64 x)
{
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/**
 * tvm_int_table_clear:
 * @self: (inout): a table, or all 0
 */
void
tvm_int_table_clear (TvmIntTable *self)
{
  g_clear_pointer (&self->places, g_free);
  self->n_places = self->n_there = 0;
}

static gsize
find_place (const TvmIntTable *self,
            guint64            key)
{
  gsize place = tvm_int_table_mix (key) & (self->n_places - 1);

  while (self->places[place].is_there != 0 && self->places[place].key != key)
    place = (place + 1) & (self->n_places - 1);
  return place;
}

static void
grow (TvmIntTable *self)
{
  TvmIntTable old = *self;

  self->n_places = MAX (FIRST_PLACES, old.n_places * 2);
  self->places = g_malloc0_n (self->n_places, sizeof *self->places);
  for (gsize i = 0; i < old.n_places; i++)
    if (old.places[i].is_there != 0)
      self->places[find_place (self, old.places[i].key)] = old.places[i];
  g_free (old.places);
}

/**
 * tvm_int_table_ensure:
 * @self: a table; all 0 is an empty one
 * @key: any number
 * @value: what it gets where it is not there yet
 * @is_new: (out) (optional): whether it was not
 *
 * Returns: (transfer none): where its value is, until the next call
 */
guint32 *
tvm_int_table_ensure (TvmIntTable *self,
                      guint64      key,
                      guint32      value,
                      gboolean    *is_new)
{
  gsize place;

  if (self->n_there * 4 >= self->n_places * 3)
    grow (self);
  place = find_place (self, key);
  if (is_new != NULL)
    *is_new = self->places[place].is_there == 0;
  if (self->places[place].is_there == 0)
    {
      self->places[place].key = key;
      self->places[place].value = value;
      self->places[place].is_there = 1;
      self->n_there++;
    }
  return &self->places[place].value;
}
