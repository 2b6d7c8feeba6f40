/* test-spool.c: parts of a long answer kept beside until the whole is there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pack.h"
#include "tvm-spool.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct { char *folder, *path; } Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("tvm-spool-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "list.part", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);  /* nothing else is there */
  g_free (f->folder);
  g_free (f->path);
}

static TvmSpool *
open_spool (Fixture *f, const char *subject)
{
  g_autoptr(GError) error = NULL;
  TvmSpool *spool = tvm_spool_new (f->path);

  g_assert_true (tvm_spool_open (spool, subject, &error));
  g_assert_no_error (error);
  return spool;
}

static void
append (TvmSpool *spool, guint32 attempt, const char *text)
{
  g_autoptr(GBytes) data = g_bytes_new (text, strlen (text));

  g_assert_true (tvm_spool_append (spool, attempt, data, NULL));
}

static TvmSpoolPart
make_part (char letter)
{
  TvmSpoolPart part = { .size_bytes = 7, .n_passed_over = 1 };

  memset (part.name, letter, sizeof part.name);
  return part;
}

static void
commit (TvmSpool *spool, guint32 attempt, char letter)
{
  TvmSpoolPart part = make_part (letter);

  g_assert_true (tvm_spool_commit (spool, attempt, &part, NULL));
}

static gboolean
read_cb (GBytes *data, gpointer user_data, GError **error)
{
  g_string_append_len (user_data, g_bytes_get_data (data, NULL), (gssize) g_bytes_get_size (data));
  return TRUE;
}

static void
assert_has (TvmSpool *spool, const char *expected)
{
  g_autoptr(GString) all = g_string_new (NULL);

  g_assert_true (tvm_spool_read (spool, read_cb, all, NULL));
  g_assert_cmpstr (all->str, ==, expected);
}

/* Two parts are whole, the attempt between them is not. */
static void
fill (TvmSpool *spool)
{
  guint32 a = tvm_spool_begin (spool), failed = tvm_spool_begin (spool), b = tvm_spool_begin (spool);

  append (spool, a, "one ");
  append (spool, failed, "half ");
  append (spool, b, "two ");
  commit (spool, a, 'a');
  append (spool, b, "three ");
  commit (spool, b, 'b');
}

static void
test_again (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmSpool) spool = open_spool (f, "list 1");
  TvmSpoolPart part = make_part ('b'), found;

  fill (spool);
  assert_has (spool, "one two three ");
  g_clear_pointer (&spool, tvm_spool_free);
  spool = open_spool (f, "list 1");
  assert_has (spool, "one two three ");
  g_assert_true (tvm_spool_find (spool, part.name, &found));
  g_assert_cmpint (found.size_bytes, ==, 7);
  part = make_part ('c');
  g_assert_false (tvm_spool_find (spool, part.name, NULL));
  append (spool, tvm_spool_begin (spool), "half ");
  assert_has (spool, "one two three ");
  g_clear_pointer (&spool, tvm_spool_free);
  spool = open_spool (f, "list 2");  /* of another one nothing is left */
  assert_has (spool, "");
  part = make_part ('a');
  g_assert_false (tvm_spool_find (spool, part.name, NULL));
  tvm_spool_discard (spool);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

/* Whatever is cut off or changed: what is not whole does not count, and what comes is kept. */
static void
test_spoiled (Fixture *f, gconstpointer data)
{
  g_autofree char *whole = NULL;
  gsize length;

  {
    g_autoptr(TvmSpool) spool = open_spool (f, "list");

    fill (spool);
  }
  g_assert_true (g_file_get_contents (f->path, &whole, &length, NULL));
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *bad = g_memdup2 (whole, length);
      g_autoptr(TvmSpool) spool = NULL;
      g_autoptr(GString) all = g_string_new (NULL);

      bad[i] ^= 0x41;
      g_assert_true (g_file_set_contents (f->path, bad, (gssize) (i % 2 == 0 ? length : i), NULL));
      spool = open_spool (f, "list");
      g_assert_true (tvm_spool_read (spool, read_cb, all, NULL));
      if (*all->str != '\0' && strcmp (all->str, "one ") != 0)
        g_assert_cmpstr (all->str, ==, "one two ");  /* the third piece is of a part that lacks */
      fill (spool);
      g_string_truncate (all, 0);
      g_assert_true (tvm_spool_read (spool, read_cb, all, NULL));
      g_assert_true (g_str_has_suffix (all->str, "one two three "));
    }
}

/* What another one has is left to it; ours ends with us. */
static void
test_two (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmSpool) first = open_spool (f, "list"), second = NULL;

  fill (first);
  second = open_spool (f, "list");
  assert_has (second, "");
  fill (second);
  assert_has (second, "one two three ");
  tvm_spool_discard (second);
  g_assert_true (g_file_test (f->path, G_FILE_TEST_EXISTS));
  assert_has (first, "one two three ");
  tvm_spool_discard (first);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

static void
test_pack (void)
{
  const char *word = "word", *other = "ö";
  const guint64 numbers[] = { 0, 1, 127, 128, 300, G_MAXUINT32, G_MAXUINT64 };
  g_autoptr(GBytes) packed = NULL;
  g_auto(TvmUnpacker) in;
  TvmPacker out;

  tvm_packer_init (&out);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    tvm_pack_uint (&out, numbers[i]);
  tvm_pack_text (&out, word);
  tvm_pack_text (&out, NULL);
  tvm_pack_text (&out, other);
  tvm_pack_text (&out, word);
  packed = tvm_packer_finish (&out);
  g_assert_cmpuint (g_bytes_get_size (packed), ==, 1 + 1 + 1 + 2 + 2 + 5 + 10 + 6 + 1 + 4 + 1);
  tvm_unpacker_init (&in, packed);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpuint (tvm_unpack_uint (&in), ==, numbers[i]);
  g_assert_cmpstr (tvm_unpack_text (&in), ==, word);
  g_assert_null (tvm_unpack_text (&in));
  g_assert_cmpstr (tvm_unpack_text (&in), ==, other);
  g_assert_cmpstr (tvm_unpack_text (&in), ==, word);
  g_assert_false (in.is_bad);
  g_assert_cmpuint (tvm_unpack_uint (&in), ==, 0);
  g_assert_true (in.is_bad);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/spool/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("again", test_again);
  ADD ("spoiled", test_spoiled);
  ADD ("two", test_two);
#undef ADD
  g_test_add_func ("/spool/pack", test_pack);
  return g_test_run ();
}
