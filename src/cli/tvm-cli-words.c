/* tvm-cli-words.c: which known word somebody meant who typed another one. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_BYTES 40

/* How many letters have to be typed, left out, changed or swapped with the next one. */
static int
count_edits (const char *a,
             const char *b)
{
  int n_a = (int) strlen (a), n_b = (int) strlen (b);
  int edits[MAX_BYTES + 1][MAX_BYTES + 1];

  if (n_a > MAX_BYTES || n_b > MAX_BYTES)
    return MAX_BYTES;
  for (int i = 0; i <= n_a; i++)
    for (int j = 0; j <= n_b; j++)
      if (i == 0 || j == 0)
        edits[i][j] = i + j;
      else
        {
          edits[i][j] = MIN (MIN (edits[i - 1][j], edits[i][j - 1]) + 1,
                             edits[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            edits[i][j] = MIN (edits[i][j], edits[i - 2][j - 2] + 1);
        }
  return edits[n_a][n_b];
}

/* The one of the words there are that was meant, in whatever letter case; NULL: none is near. */
static const char *
find_nearest (const char        *word,
              const char *const *known)
{
  g_autofree char *typed = g_ascii_strdown (word, -1);
  int least = MAX (1, (int) strlen (word) / 3) + 1;
  const char *nearest = NULL;

  for (; *known != NULL; known++)
    {
      int n = count_edits (typed, *known);

      if (n < least)
        {
          least = n;
          nearest = *known;
        }
    }
  return nearest;
}

static TvmCliStatus
tell (const char *sentence,
      const char *dashes,
      const char *meant)
{
  g_autofree char *word = g_strconcat (dashes, meant, NULL);

  if (meant == NULL)
    return tvm_cli_usage_error ("%s", sentence);
  /* Translators: the first %s is a sentence that something typed is not known. */
  return tvm_cli_usage_error (_("%s Did you mean “%s”?"), sentence, word);
}

/**
 * tvm_cli_unknown_word:
 * @sentence: that there is no such word, or that it is not used so
 * @word: what was typed
 * @known: (array zero-terminated=1): the words there are
 *
 * Says so, and which one was meant where that is near.
 *
 * Returns: %TVM_CLI_USAGE
 */
TvmCliStatus
tvm_cli_unknown_word (const char        *sentence,
                      const char        *word,
                      const char *const *known)
{
  const char *nearest = find_nearest (word, known);

  return tell (sentence, "", g_strcmp0 (nearest, word) != 0 ? nearest : NULL);
}

static const char *
skip_dashes (const char *word)
{
  return word + strspn (word, "-");
}

/* NULL: all of them are. */
static char *
find_unknown_option (char              **arguments,
                     const char *const  *known)
{
  for (; *arguments != NULL && strcmp (*arguments, "--") != 0; arguments++)
    {
      const char *name = skip_dashes (*arguments);
      g_autofree char *bare = g_strndup (name, strcspn (name, "="));

      if (name != *arguments && *bare != '\0' && !g_strv_contains (known, bare))
        return g_steal_pointer (&bare);
    }
  return NULL;
}

/**
 * tvm_cli_unknown_option:
 * @sentence: that there is no such option
 * @arguments: what was typed
 * @known: (array zero-terminated=1): the options there are, without dashes
 *
 * Says so, and which one was meant where that is near.
 *
 * Returns: %TVM_CLI_USAGE
 */
TvmCliStatus
tvm_cli_unknown_option (const char         *sentence,
                        char              **arguments,
                        const char *const  *known)
{
  g_autofree char *word = find_unknown_option (arguments, known);

  return tell (sentence, "--", word != NULL ? find_nearest (word, known) : NULL);
}
