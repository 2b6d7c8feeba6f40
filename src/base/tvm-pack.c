/* tvm-pack.c: numbers by seven bits a byte, texts once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pack.h"

#include <string.h>

typedef enum { NO_TEXT, NEW_TEXT, FIRST_TEXT } TextWord;

/**
 * tvm_packer_init:
 * @self: (out caller-allocates): a packer, for tvm_packer_finish()
 */
void
tvm_packer_init (TvmPacker *self)
{
  self->bytes = g_byte_array_new ();
  self->texts = g_hash_table_new (NULL, NULL);
}

/**
 * tvm_pack_uint:
 * @self: a packer
 * @number: what to append
 */
void
tvm_pack_uint (TvmPacker *self,
               guint64    number)
{
  guint8 bytes[10];
  guint n = 0;

  for (; number >= 0x80; number >>= 7)
    bytes[n++] = (guint8) (number | 0x80);
  bytes[n++] = (guint8) number;
  g_byte_array_append (self->bytes, bytes, n);
}

/**
 * tvm_pack_text:
 * @self: a packer
 * @text: (nullable): what to append; it stays where it is until tvm_packer_finish()
 */
void
tvm_pack_text (TvmPacker  *self,
               const char *text)
{
  gpointer place;

  if (text == NULL)
    tvm_pack_uint (self, NO_TEXT);
  else if (g_hash_table_lookup_extended (self->texts, text, NULL, &place))
    tvm_pack_uint (self, FIRST_TEXT + GPOINTER_TO_SIZE (place));
  else
    {
      g_hash_table_insert (self->texts, (gpointer) text,
                           GSIZE_TO_POINTER (g_hash_table_size (self->texts)));
      tvm_pack_uint (self, NEW_TEXT);
      g_byte_array_append (self->bytes, (const guint8 *) text, (guint) strlen (text) + 1);
    }
}

/**
 * tvm_packer_finish:
 * @self: a packer, of no use afterwards
 *
 * Returns: (transfer full): all that was appended
 */
GBytes *
tvm_packer_finish (TvmPacker *self)
{
  g_clear_pointer (&self->texts, g_hash_table_unref);
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes));
}

/**
 * tvm_unpacker_init:
 * @self: (out caller-allocates): an unpacker, for tvm_unpacker_clear()
 * @bytes: what a packer made, or anything else; must outlive it
 */
void
tvm_unpacker_init (TvmUnpacker *self,
                   GBytes      *bytes)
{
  gsize size_bytes;

  self->at = g_bytes_get_data (bytes, &size_bytes);
  self->end = self->at + size_bytes;
  self->texts = g_ptr_array_new ();
  self->is_bad = FALSE;
}

/**
 * tvm_unpacker_clear:
 * @self: an unpacker
 */
void
tvm_unpacker_clear (TvmUnpacker *self)
{
  g_clear_pointer (&self->texts, g_ptr_array_unref);
}

/**
 * tvm_unpack_uint:
 * @self: an unpacker
 *
 * Returns: the next number
 */
guint64
tvm_unpack_uint (TvmUnpacker *self)
{
  guint64 number = 0;

  for (guint shift = 0; shift < 64 && !self->is_bad && self->at < self->end; shift += 7)
    {
      guint8 byte = *self->at++;

      number |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return number;
    }
  self->is_bad = TRUE;
  return 0;
}

/**
 * tvm_unpack_below:
 * @self: an unpacker
 * @limit: what the next number is below of
 *
 * Returns: the next number
 */
guint32
tvm_unpack_below (TvmUnpacker *self,
                  guint64      limit)
{
  guint64 number = tvm_unpack_uint (self);

  if (number < limit && number <= G_MAXUINT32)
    return (guint32) number;
  self->is_bad = TRUE;
  return 0;
}

/**
 * tvm_unpack_text:
 * @self: an unpacker
 *
 * Returns: (transfer none) (nullable): the next text, as long as the bytes are there
 */
const char *
tvm_unpack_text (TvmUnpacker *self)
{
  guint64 word = tvm_unpack_uint (self);
  const char *text = (const char *) self->at;
  const guint8 *end;

  if (word == NO_TEXT)
    return NULL;
  if (word >= FIRST_TEXT && word - FIRST_TEXT < self->texts->len)
    return self->texts->pdata[word - FIRST_TEXT];
  end = word == NEW_TEXT ? memchr (self->at, '\0', (gsize) (self->end - self->at)) : NULL;
  if (end == NULL || !g_utf8_validate_len (text, (gsize) (end - self->at), NULL))
    {
      self->is_bad = TRUE;
      return NULL;
    }
  self->at = end + 1;
  g_ptr_array_add (self->texts, (gpointer) text);
  return text;
}
