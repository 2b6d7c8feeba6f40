/* tvm-names.c: the service's machine names ("windows_11", "edge_chromium-based") as people write
 * them. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-brief.h"

#include "tvm-text.h"

#include <string.h>

#define MAX_CHARS 200

static gboolean
is_gap (char c)
{
  return c == '_' || c == '-' || c == ' ';
}

/* Whether @text begins with the words of @name as people write them, and a new word, or none, after
 * them. */
static gboolean
begins_with (const char *text,
             const char *name)
{
  gsize i;

  for (i = 0; name[i] != '\0'; i++)
    if (text[i] == '_' || (g_ascii_tolower (text[i]) != g_ascii_tolower (name[i]) &&
                           !(is_gap (name[i]) && is_gap (text[i]))))
      return FALSE;
  return !g_ascii_isalnum (text[i]);
}

static char *
find_words (const char *text,
            const char *name)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((p == text || !g_ascii_isalnum (p[-1])) && begins_with (p, name))
      return tvm_text_make_plain (p, (gssize) strlen (name), MAX_CHARS);
  return NULL;
}

/**
 * tvm_name_to_words:
 * @machine_name: what the service calls a product or vendor
 * @texts: (array zero-terminated=1): sentences of people in which the name may stand
 *
 * Returns: (transfer full): the name as it is written in the first text that has it; else with
 *   spaces and capitals
 */
char *
tvm_name_to_words (const char        *machine_name,
                   const char *const *texts)
{
  char *words;
  char before = ' ';

  for (guint i = 0; *machine_name != '\0' && texts[i] != NULL; i++)
    {
      words = find_words (texts[i], machine_name);
      if (words != NULL)
        return words;
    }
  words = tvm_text_make_plain (machine_name, -1, MAX_CHARS);
  for (char *p = words; *p != '\0'; p++)
    {
      *p = *p == '_' ? ' ' : is_gap (before) ? g_ascii_toupper (*p) : *p;
      before = *p;
    }
  return words;
}

/**
 * tvm_name_os_to_words:
 * @platform: (nullable): what the service calls an operating system: "WindowsServer2019"
 *
 * Returns: (transfer full) (nullable): "Windows Server 2019"; others' names are as they write them
 */
char *
tvm_name_os_to_words (const char *platform)
{
  g_autoptr(GString) words = g_string_new (NULL);

  if (platform == NULL || !g_str_has_prefix (platform, "Windows"))
    return g_strdup (platform);
  for (const char *p = platform; *p != '\0'; p++)
    {
      if (p > platform && g_ascii_islower (p[-1]) && !g_ascii_islower (*p) &&
          g_ascii_isalnum (*p))
        g_string_append_c (words, ' ');
      g_string_append_c (words, *p);
    }
  return g_strdup (words->str);
}

/**
 * tvm_name_dup_value:
 * @name: a recommendation's, which begins with "Set ": "Set 'Minimum length' to 14 or more"
 *
 * Returns: (transfer full) (nullable): the value that it names: "14 or more"
 */
char *
tvm_name_dup_value (const char *name)
{
  const char *quote = name[strlen ("Set ")] == '\'' ? strchr (name + strlen ("Set '"), '\'') : NULL;
  const char *to = strstr (quote != NULL ? quote : name, " to ");
  g_autofree char *value = to != NULL ? g_strstrip (g_strdup (to + strlen (" to "))) : NULL;
  gsize length = value != NULL ? strlen (value) : 0;

  if (length == 0)
    return NULL;
  if (length > 2 && value[0] == '\'' && strchr (value + 1, '\'') == value + length - 1)
    return g_strndup (value + 1, length - 2);
  return g_steal_pointer (&value);
}

/**
 * tvm_security_update_to_text:
 * @update: a security update
 *
 * Returns: (transfer full): "KB5044285", and its name where it has one
 */
char *
tvm_security_update_to_text (const TvmSecurityUpdate *update)
{
  gboolean is_number = strspn (update->id, "0123456789") == strlen (update->id);
  g_autofree char *text = g_strconcat (is_number ? "KB" : "", update->id, NULL);

  if (update->name != NULL && *update->name != '\0')
    {
      g_autofree char *whole = g_strconcat (text, " (", update->name, ")", NULL);

      return tvm_text_make_plain (whole, -1, MAX_CHARS);
    }
  return tvm_text_make_plain (text, -1, MAX_CHARS);
}
