/* tvm-device-keys.c: a table with open addressing that holds the usual 40 hexadecimal digits as 20
 * bytes in place: a look-up touches one line of memory where GHashTable touches three, which is
 * most of what a reference costs. Other ids go to a GHashTable.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-device-keys.h"

#include <string.h>

#define ID_DIGITS   40
#define FIRST_SLOTS 1024

typedef struct
{
  guint32 words[ID_DIGITS / 8];
  guint32 key;                    /* 0: free */
} Slot;

struct _TvmDeviceKeys
{
  Slot       *slots;              /* (owned) */
  guint       n_slots, n_used;    /* n_slots: a power of two, at least twice n_used */
  guint64     seed;               /* so that nobody can choose ids that collide */
  GHashTable *others;             /* (owned): id to gint64 (both owned) */
};

/**
 * tvm_device_keys_new:
 * Returns: (transfer full): an empty table
 */
TvmDeviceKeys *
tvm_device_keys_new (void)
{
  TvmDeviceKeys *self = g_new0 (TvmDeviceKeys, 1);

  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (Slot, self->n_slots);
  self->seed = ((guint64) g_random_int () << 32) | g_random_int () | 1;
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * tvm_device_keys_free:
 * @self: (nullable): a table
 */
void
tvm_device_keys_free (TvmDeviceKeys *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->others);
  g_free (self->slots);
  g_free (self);
}

/* Lower case only: an id in capitals is another text, so another id. */
static gboolean
pack_id (const char *id,
         guint32    *words)
{
  for (guint w = 0; w < ID_DIGITS / 8; w++)
    {
      guint32 word = 0;

      for (guint i = 0; i < 8; i++, id++)
        {
          if (*id >= '0' && *id <= '9')
            word = word << 4 | (guint32) (*id - '0');
          else if (*id >= 'a' && *id <= 'f')
            word = word << 4 | (guint32) (*id - 'a' + 10);
          else
            return FALSE;
        }
      words[w] = word;
    }
  return *id == '\0';
}

/* The slot that has these words, or the free one where they belong. */
static Slot *
find_slot (const TvmDeviceKeys *self,
           const guint32       *words)
{
  guint64 hash = self->seed;

  for (guint w = 0; w < ID_DIGITS / 8; w++)
    {
      hash = (hash ^ words[w]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  for (guint i = (guint) hash & (self->n_slots - 1);; i = (i + 1) & (self->n_slots - 1))
    if (self->slots[i].key == 0 ||
        memcmp (self->slots[i].words, words, sizeof self->slots[i].words) == 0)
      return &self->slots[i];
}

static void
grow (TvmDeviceKeys *self)
{
  Slot *old = self->slots;
  guint n_old = self->n_slots;

  self->n_slots *= 2;
  self->slots = g_new0 (Slot, self->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i].key != 0)
      *find_slot (self, old[i].words) = old[i];
  g_free (old);
}

/**
 * tvm_device_keys_insert:
 * @self: a table
 * @id: a device's id
 * @key: its key, above 0
 */
void
tvm_device_keys_insert (TvmDeviceKeys *self,
                        const char    *id,
                        gint64         key)
{
  guint32 words[ID_DIGITS / 8];
  Slot *slot;

  g_return_if_fail (key > 0);

  if (key > G_MAXUINT32 || !pack_id (id, words))
    {
      g_hash_table_replace (self->others, g_strdup (id), g_memdup2 (&key, sizeof key));
      return;
    }
  if (2 * (self->n_used + 1) > self->n_slots)
    grow (self);
  slot = find_slot (self, words);
  self->n_used += slot->key == 0 ? 1 : 0;
  memcpy (slot->words, words, sizeof words);
  slot->key = (guint32) key;
}

/**
 * tvm_device_keys_lookup:
 * @self: a table
 * @id: a device's id
 *
 * Returns: its key, 0 where it is not in the table
 */
gint64
tvm_device_keys_lookup (TvmDeviceKeys *self,
                        const char    *id)
{
  guint32 words[ID_DIGITS / 8];
  gint64 key = pack_id (id, words) ? find_slot (self, words)->key : 0;
  const gint64 *other = key == 0 ? g_hash_table_lookup (self->others, id) : NULL;

  return other != NULL ? *other : key;
}
