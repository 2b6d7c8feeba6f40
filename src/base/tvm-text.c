/* tvm-text.c: small helpers for outside text. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-text.h"

#include <string.h>

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

/**
 * tvm_text_make_plain:
 * @text: outside bytes
 * @size_bytes: their number, or -1 when NUL-terminated
 * @max_chars: characters to keep at most
 *
 * Makes outside text fit for one label: valid UTF-8, control, line separating and bidirectional
 * override characters turned into spaces, cut with an ellipsis.
 *
 * Returns: (transfer full): the text
 */
char *
tvm_text_make_plain (const char *text,
                     gssize      size_bytes,
                     gsize       max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text, size_bytes);
  GString *plain = g_string_new (NULL);
  gsize n_chars = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (n_chars++ == max_chars)
        {
          g_string_append (plain, "…");
          break;
        }
      if (g_unichar_iscntrl (c) || (c >= 0x2028 && c <= 0x202e))
        c = ' ';
      g_string_append_unichar (plain, c);
    }
  return g_string_free (plain, FALSE);
}

/**
 * tvm_text_contains_fold:
 * @haystack: (nullable): a UTF-8 text
 * @needle: a UTF-8 text
 *
 * Returns: whether @needle stands in @haystack, upper and lower case alike
 */
gboolean
tvm_text_contains_fold (const char *haystack,
                        const char *needle)
{
  g_autofree char *folded_haystack = haystack != NULL ? g_utf8_casefold (haystack, -1) : NULL;
  g_autofree char *folded_needle = g_utf8_casefold (needle, -1);

  return folded_haystack != NULL && strstr (folded_haystack, folded_needle) != NULL;
}
