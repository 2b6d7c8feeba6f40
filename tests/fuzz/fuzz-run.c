/* fuzz-run.c: runs a fuzz target without libFuzzer: over the folder of its corpus, then over so
 * many mutations of it, the same at each run. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"

#include <string.h>

#define MAX_SIZE_BYTES 65536
#define SEED 20260321

/* Pieces that parsers of JSON, dates and addresses trip over. */
static const char *const pieces[] = {
  "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", ",", ":",
  "null", "true", "-", "1e999", "-9223372036854775809", "0.0000000000000000001", "\"value\":[",
  "\"@odata.nextLink\":", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xef\xbb\xbf", "\r\n", "\t", "=", "99", "T",
  "Z", "+24:00", "http://", "@", "%00", "..", "[::1]", "\xf0\x9f\x92\xa5",
};

static void
mutate (GRand      *rand,
        GByteArray *bytes)
{
  guint at = bytes->len > 0 ? (guint) g_rand_int_range (rand, 0, bytes->len) : 0;
  const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
  guint n = bytes->len - at;

  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      if (n > 0)
        bytes->data[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    case 1:
      if (n > 0)
        g_byte_array_remove_range (bytes, at, g_rand_int_range (rand, 0, MIN (n, 16)) + 1);
      break;
    case 2:
      g_byte_array_set_size (bytes, at);
      break;
    case 3:
      n = MIN (n, (guint) g_rand_int_range (rand, 1, 64));
      for (guint i = 0; i < n; i++)
        g_byte_array_append (bytes, &(guint8) { bytes->data[at + i] }, 1);
      break;
    default:
      g_byte_array_set_size (bytes, bytes->len + strlen (piece));
      memmove (bytes->data + at + strlen (piece), bytes->data + at, n);
      memcpy (bytes->data + at, piece, strlen (piece));
      break;
    }
  if (bytes->len > MAX_SIZE_BYTES)
    g_byte_array_set_size (bytes, MAX_SIZE_BYTES);
}

/* A copy of its own size, so that a sanitizer sees a read behind the end. */
static void
feed (const guint8 *data,
      gsize         size_bytes)
{
  g_autofree guint8 *copy = g_malloc (MAX (size_bytes, 1));

  memcpy (copy, data, size_bytes);
  LLVMFuzzerTestOneInput (copy, size_bytes);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* In the order of names, which the folder does not keep. */
static GPtrArray *
read_corpus (const char *folder)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      char *text;
      gsize size_bytes;

      g_assert_true (g_file_get_contents (names->pdata[i], &text, &size_bytes, NULL));
      g_ptr_array_add (corpus, g_bytes_new_take (text, size_bytes));
    }
  g_assert_cmpuint (corpus->len, >, 0);
  return corpus;
}

static void
test_corpus (gconstpointer folder)
{
  g_autoptr(GPtrArray) corpus = read_corpus (folder);

  feed ((const guint8 *) "", 0);
  for (guint i = 0; i < corpus->len; i++)
    feed (g_bytes_get_data (corpus->pdata[i], NULL), g_bytes_get_size (corpus->pdata[i]));
}

static guint64 n_mutations;

static void
test_mutations (gconstpointer folder)
{
  g_autoptr(GPtrArray) corpus = read_corpus (folder);
  g_autoptr(GRand) rand = g_rand_new_with_seed (SEED);

  for (guint64 i = 0; i < n_mutations; i++)
    {
      g_autoptr(GByteArray) bytes = g_byte_array_new ();
      GBytes *first = corpus->pdata[g_rand_int_range (rand, 0, corpus->len)];

      g_byte_array_append (bytes, g_bytes_get_data (first, NULL), g_bytes_get_size (first));
      for (int n = g_rand_int_range (rand, 1, 6); n > 0; n--)
        mutate (rand, bytes);
      feed (bytes->data, bytes->len);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_assert_cmpint (argc, ==, 3);
  g_assert_true (g_ascii_string_to_unsigned (argv[2], 10, 1, G_MAXUINT, &n_mutations, NULL));
  g_test_add_data_func ("/fuzz/corpus", argv[1], test_corpus);
  g_test_add_data_func ("/fuzz/mutations", argv[1], test_mutations);
  return g_test_run ();
}
