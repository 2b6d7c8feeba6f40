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

#define X4 16, 16, 16, 16
#define X16 X4, X4, X4, X4
/* What a character is worth; 16: it is no digit. */
static const guint8 digits[256] = {
  X16, X16, X16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 16, X4, X16, X16,
  16, 10, 11, 12, 13, 14, 15, 16, X4, X4, X16, X16, X16, X16, X16, X16, X16, X16, X16,
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
  guint8 wrong = 0;

  if (strlen (id) != ID_DIGITS)
    return FALSE;
  for (guint w = 0; w < ID_DIGITS / 8; w++)
    {
      guint32 word = 0;

      for (guint i = 0; i < 8; i++)
        {
          guint8 digit = digits[(guchar) *id++];

          wrong |= digit;
          word = word << 4 | (digit & 15);
        }
      words[w] = word;
    }
  return wrong < 16;
}

static guint
hash_words (const TvmDeviceKeys *self,
            const guint32       *words)
{
  guint64 hash = self->seed;

  for (guint w = 0; w < ID_DIGITS / 8; w++)
    {
      hash = (hash ^ words[w]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  return (guint) hash & (self->n_slots - 1);
}

/* The slot that has these words, or the free one where they belong. */
static Slot *
find_slot (const TvmDeviceKeys *self,
           const guint32       *words,
           guint                start)
{
  for (guint i = start;; i = (i + 1) & (self->n_slots - 1))
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
      *find_slot (self, old[i].words, hash_words (self, old[i].words)) = old[i];
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
  slot = find_slot (self, words, hash_words (self, words));
  self->n_used += slot->key == 0 ? 1 : 0;
  memcpy (slot->words, words, sizeof words);
  slot->key = (guint32) key;
}

/**
 * tvm_device_keys_lookup:
 * @self: a table
 * @ids: devices' ids
 * @n: how many, up to %TVM_DEVICE_KEYS_BATCH
 * @keys: (out caller-allocates): their keys, 0 where an id is not in the table
 *
 * Asks for the memory of all before it looks at the first: the waits overlap.
 */
void
tvm_device_keys_lookup (TvmDeviceKeys     *self,
                        const char *const *ids,
                        guint              n,
                        gint64            *keys)
{
  guint32 words[TVM_DEVICE_KEYS_BATCH][ID_DIGITS / 8];
  guint starts[TVM_DEVICE_KEYS_BATCH];
  gboolean packed[TVM_DEVICE_KEYS_BATCH];

  g_return_if_fail (n <= TVM_DEVICE_KEYS_BATCH);

  for (guint i = 0; i < n; i++)
    {
      packed[i] = pack_id (ids[i], words[i]);
      starts[i] = packed[i] ? hash_words (self, words[i]) : 0;
      __builtin_prefetch (&self->slots[starts[i]]);
    }
  for (guint i = 0; i < n; i++)
    {
      const gint64 *other;

      keys[i] = packed[i] ? find_slot (self, words[i], starts[i])->key : 0;
      if (keys[i] == 0 && (other = g_hash_table_lookup (self->others, ids[i])) != NULL)
        keys[i] = *other;
    }
}
