/* tvm-wire-text.c: how a service's texts come into a row: valid, and without what is not for the
 * eye. One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-text.h"
#include "tvm-wire-row-private.h"

#include <string.h>

/* Appends a text that is not plain. A NUL, which would cut it short for C, becomes a space. */
static gboolean
append_cleaned (GString    *buffer,
                const char *text,
                gsize       length,
                gboolean    keeps_lines)
{
  g_autofree char *whole = NULL, *clean = NULL;

  if (memchr (text, '\0', length) != NULL)
    {
      whole = g_memdup2 (text, length);
      for (gsize i = 0; i < length; i++)
        whole[i] = whole[i] != '\0' ? whole[i] : ' ';
      text = whole;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  clean = tvm_text_clean (text, (gssize) length, keeps_lines);
  g_string_append (buffer, clean);
  return TRUE;
}

/**
 * tvm_wire_row_append_text:
 * @row: a row
 * @member: of which member
 * @text: as it came
 * @length: its bytes
 *
 * Appends one text to the row's buffer: the one way by which a service's texts come in, so that
 * they are cleaned here.
 *
 * Returns: whether it is valid UTF-8
 */
gboolean
tvm_wire_row_append_text (TvmWireRow *row,
                          int         member,
                          const char *text,
                          gsize       length)
{
  const TvmWireMember *of = TVM_WIRE_MEMBER (row, member);
  gsize start = row->text->len;

  if (tvm_text_is_plain (text, length))
    {
      g_string_set_size (row->text, start + length);
      memcpy (row->text->str + start, text, length);
    }
  else if (!append_cleaned (row->text, text, length, of->keeps_lines))
    return FALSE;
  if (of->is_id)
    tvm_wire_fold_digits (row->text->str + start);
  g_string_append_c (row->text, '\0');
  return TRUE;
}
