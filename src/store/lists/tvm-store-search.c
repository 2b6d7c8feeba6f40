/* tvm-store-search.c: the SQL function that searches. SQLite's LIKE knows the cases of ASCII only
 * and reads its pattern anew for every row. On a connection's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-text.h"

#include <string.h>

/* What is looked for; made once a statement. */
typedef struct
{
  char  *folded;    /* (owned): see tvm_text_fold() */
  gsize  n_bytes;
} Needle;

static void
needle_free (Needle *needle)
{
  g_free (needle->folded);
  g_free (needle);
}

static Needle *
needle_new (const char *text)
{
  Needle *needle = g_new0 (Needle, 1);

  needle->folded = tvm_text_fold (text != NULL ? text : "");
  needle->n_bytes = strlen (needle->folded);
  return needle;
}

/* Where the byte is next, in either case; memchr() is much faster than a loop of ours. */
static const char *
next_byte (const char *from,
           const char *end,
           char        lower)
{
  const char *a = memchr (from, lower, end - from), *b = NULL;
  char upper = g_ascii_toupper (lower);

  if (upper != lower)
    b = memchr (from, upper, (a != NULL ? a : end) - from);
  return b != NULL ? b : a;
}

/* Of a text of ASCII the bytes can be compared; nothing else is in it. */
static gboolean
contains_in_ascii (const Needle *needle,
                const char   *text,
                gsize         n_bytes)
{
  const char *end, *at = text;

  if (needle->n_bytes == 0)
    return TRUE;
  if (n_bytes < needle->n_bytes)
    return FALSE;
  end = text + n_bytes - needle->n_bytes + 1;
  while (at < end && (at = next_byte (at, end, needle->folded[0])) != NULL)
    {
      if (g_ascii_strncasecmp (at, needle->folded, needle->n_bytes) == 0)
        return TRUE;
      at++;
    }
  return FALSE;
}

/* Most texts are of ASCII alone; others are folded, each row anew. */
static gboolean
is_in (const Needle *needle,
       const char   *text,
       gsize         n_bytes)
{
  g_autofree char *folded = NULL;

  if (g_str_is_ascii (text))
    return contains_in_ascii (needle, text, n_bytes);
  folded = tvm_text_fold (text);
  return strstr (folded, needle->folded) != NULL;
}

/* contains (text, needle) */
static void
contains_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  Needle *needle = sqlite3_get_auxdata (context, 1), *made = NULL;
  const char *text = (const char *) sqlite3_value_text (arguments[0]);

  if (needle == NULL)
    needle = made = needle_new ((const char *) sqlite3_value_text (arguments[1]));
  sqlite3_result_int (context, text != NULL &&
                                 is_in (needle, text, sqlite3_value_bytes (arguments[0])));
  if (made != NULL)
    sqlite3_set_auxdata (context, 1, made, (void (*) (void *)) needle_free);
}

/**
 * tvm_db_add_search:
 * @handle: a connection
 *
 * Gives it contains(TEXT, NEEDLE): whether the needle is in the text, as tvm_text_fold() takes
 * both; 0 where that is NULL.
 */
void
tvm_db_add_search (sqlite3 *handle)
{
  sqlite3_create_function_v2 (handle, "contains", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY |
                              SQLITE_DETERMINISTIC, NULL, contains_cb, NULL, NULL, NULL);
}
