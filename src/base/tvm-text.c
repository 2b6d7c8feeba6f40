/* tvm-text.c: small helpers for outside text. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-text.h"

#include <string.h>

#define EACH_BYTE    G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGHEST_BITS (0x80 * EACH_BYTE)

/**
 * tvm_set_str:
 * @field: (inout): an owned string or %NULL
 * @value: (nullable): what it shall be
 *
 * Returns: whether @field changed
 */
gboolean
tvm_set_str (char      **field,
             const char *value)
{
  char *copy;

  if (g_strcmp0 (*field, value) == 0)
    return FALSE;
  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  return TRUE;
}

/* What nobody sees, but what changes how the rest is shown, read or compared: the soft hyphen,
 * joiners, fillers, marks, embeddings, overrides and isolates of direction, variation selectors,
 * annotations, tags. The two joiners go as well, though some scripts and emoji use them: names stay
 * legible without, and with them two different ones look the same. */
static const struct { gunichar first, last; } unseen[] = {
  { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
  { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f },
  { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
  { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 },
  { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static gboolean
is_unseen (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (unseen) && c >= unseen[i].first; i++)
    if (c <= unseen[i].last)
      return TRUE;
  return FALSE;
}

/* Controls, and what parts lines and paragraphs. */
static gboolean
is_gap (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

/**
 * tvm_text_is_plain:
 * @text: outside bytes
 * @size_bytes: their number
 *
 * Returns: whether there is nothing but printable ASCII, as in nearly all texts; such a one is
 *   clean
 */
gboolean
tvm_text_is_plain (const char *text,
                   gsize       size_bytes)
{
  guint64 eight, other = 0;

  /* Of eight bytes at once: one below 0x20, or above 0x7e, sets its highest bit. */
  for (; size_bytes >= sizeof eight; text += sizeof eight, size_bytes -= sizeof eight)
    {
      memcpy (&eight, text, sizeof eight);
      other |= eight | (eight + EACH_BYTE) | (eight - 0x20 * EACH_BYTE);
    }
  for (; size_bytes > 0; text++, size_bytes--)
    other |= (guchar) *text < 0x20 || (guchar) *text > 0x7e ? HIGHEST_BITS : 0;
  return (other & HIGHEST_BITS) == 0;
}

/**
 * tvm_text_clean:
 * @text: outside bytes
 * @size_bytes: their number, or -1 when NUL-terminated
 * @keeps_lines: whether line feeds stay
 *
 * Takes what is not for the eye out of a text: characters that nobody sees, among them those that
 * turn the direction of the rest; controls and separators of lines become spaces.
 *
 * Returns: (transfer full): the text, valid UTF-8
 */
char *
tvm_text_clean (const char *text,
                gssize      size_bytes,
                gboolean    keeps_lines)
{
  g_autofree char *valid = NULL;
  gsize size = size_bytes < 0 ? strlen (text) : (gsize) size_bytes;
  GString *clean;

  if (tvm_text_is_plain (text, size))
    return g_strndup (text, size);
  clean = g_string_sized_new (size);
  if (!g_utf8_validate_len (text, size, NULL))
    {
      text = valid = g_utf8_make_valid (text, (gssize) size);
      size = strlen (text);
    }
  for (const char *p = text; p < text + size; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (keeps_lines && c == '\r')  /* a line feed, by itself or with the one that follows */
        {
          if (p + 1 < text + size && p[1] == '\n')
            continue;
          c = '\n';
        }
      if (!is_unseen (c))
        g_string_append_unichar (clean, is_gap (c) && !(keeps_lines && c == '\n') ? ' ' : c);
    }
  return g_string_free (clean, FALSE);
}

/**
 * tvm_text_make_plain:
 * @text: outside bytes
 * @size_bytes: their number, or -1 when NUL-terminated
 * @max_chars: characters to keep at most
 *
 * Makes outside text fit for one label: clean as of tvm_text_clean(), without lines, and cut with
 * an ellipsis.
 *
 * Returns: (transfer full): the text
 */
char *
tvm_text_make_plain (const char *text,
                     gssize      size_bytes,
                     gsize       max_chars)
{
  g_autofree char *plain = tvm_text_clean (text, size_bytes, FALSE);

  if ((gsize) g_utf8_strlen (plain, -1) <= max_chars)
    return g_steal_pointer (&plain);
  *g_utf8_offset_to_pointer (plain, (glong) max_chars) = '\0';
  return g_strconcat (plain, "…", NULL);
}

/* Characters up to the next space. */
static guint
measure_word (const char *p)
{
  guint n = 0;

  for (; *p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)); p = g_utf8_next_char (p))
    n++;
  return n;
}

/**
 * tvm_text_make_breakable:
 * @text: valid UTF-8
 *
 * A label takes minutes to lay a long text out whose words are longer than its lines, or that has
 * thousands of lines. So those words get places to break at, which nobody sees, and no more than
 * 500 lines stay.
 *
 * Returns: (transfer full): the text for a label
 */
char *
tvm_text_make_breakable (const char *text)
{
  GString *broken;
  guint n = 0, length = 0, n_lines = 0;

  if (strlen (text) < 1000)
    return g_strdup (text);
  broken = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (length == 0)
        length = measure_word (p);
      g_string_append_unichar (broken, c);
      if (c == '\n' && ++n_lines == 500)
        {
          g_string_append (broken, "…");
          break;
        }
      n = g_unichar_isspace (c) ? 0 : n + 1;
      if (n == 0)
        length = 0;
      else if (length > 60 && n % 30 == 0)
        g_string_append (broken, "\u200b");
    }
  return g_string_free (broken, FALSE);
}

/**
 * tvm_text_fold:
 * @text: a text; what is no UTF-8 in it is found by nobody
 *
 * What people take for the same text becomes the same: upper and lower case, "ß" and "ss",
 * composed and decomposed, full and half width, with and without what nobody sees.
 *
 * Returns: (transfer full): what to compare
 */
char *
tvm_text_fold (const char *text)
{
  g_autofree char *valid = NULL, *composed = NULL, *folded = NULL;

  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);
  valid = tvm_text_clean (text, -1, TRUE);
  composed = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  folded = g_utf8_casefold (composed, -1);
  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);  /* folding may decompose */
}

/**
 * tvm_text_contains_fold:
 * @haystack: (nullable): a text
 * @needle: a text
 *
 * Returns: whether @needle stands in @haystack, as tvm_text_fold() takes them
 */
gboolean
tvm_text_contains_fold (const char *haystack,
                        const char *needle)
{
  g_autofree char *folded_haystack = haystack != NULL ? tvm_text_fold (haystack) : NULL;
  g_autofree char *folded_needle = tvm_text_fold (needle);

  return folded_haystack != NULL && strstr (folded_haystack, folded_needle) != NULL;
}
