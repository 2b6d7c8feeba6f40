/* test-text.c: helpers for outside text. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-text.h"

#include <string.h>

static void
test_set_str (void)
{
  char *field = NULL;

  g_assert_false (tvm_set_str (&field, NULL));
  g_assert_true (tvm_set_str (&field, "a"));
  g_assert_false (tvm_set_str (&field, "a"));
  g_assert_true (tvm_set_str (&field, field + 1));
  g_assert_cmpstr (field, ==, "");
  g_assert_true (tvm_set_str (&field, NULL));
  g_assert_null (field);
}

static void
assert_plain (const char *text,
              gssize      size_bytes,
              gsize       max_chars,
              const char *wanted)
{
  g_autofree char *plain = tvm_text_make_plain (text, size_bytes, max_chars);

  g_assert_cmpstr (plain, ==, wanted);
  g_assert_true (g_utf8_validate (plain, -1, NULL));
}

static void
test_plain (void)
{
  assert_plain ("Example Player", -1, 100, "Example Player");
  assert_plain ("Jörg 東京", -1, 7, "Jörg 東京");
  assert_plain ("Jörg 東京", -1, 6, "Jörg 東…");
  assert_plain ("abc", 2, 100, "ab");
  assert_plain ("", 0, 10, "");
}

static void
test_plain_hostile (void)
{
  assert_plain ("a\nb\tc\x1b[31m", -1, 100, "a b c [31m");
  assert_plain ("exe\xe2\x80\xaegpj", -1, 100, "exegpj");
  assert_plain ("a\xff" "b", -1, 100, "a\xef\xbf\xbd" "b");
  assert_plain ("cut \xe6\x9d", -1, 100, "cut \xef\xbf\xbd\xef\xbf\xbd");
}

static void
assert_clean (const char *text,
              gboolean    keeps_lines,
              const char *wanted)
{
  g_autofree char *clean = tvm_text_clean (text, -1, keeps_lines);
  g_autofree char *again = tvm_text_clean (clean, -1, keeps_lines);

  g_assert_cmpstr (clean, ==, wanted);
  g_assert_cmpstr (again, ==, clean);
}

/* What turns, hides or parts what a text says. */
static void
test_clean (void)
{
  static const char *const unseen[] = {
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e",
    "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u206f", "\u3164", "\ufe0f",
    "\ufeff", "\uffa0", "\ufff9", "\uffff", "\U0001bca0", "\U0001d173", "\U000e0001", "\U000e0041",
    "\U000e007f", "\U000e0100",
  };
  static const char *const gaps[] = { "\x01", "\t", "\x1b", "\x7f", "\xc2\x85", "\xc2\x9f", "\u2028",
                                      "\u2029" };

  for (guint i = 0; i < G_N_ELEMENTS (unseen); i++)
    {
      g_autofree char *text = g_strconcat ("pc", unseen[i], "-1", NULL);

      assert_clean (text, i % 2 == 0, "pc-1");
    }
  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    {
      g_autofree char *text = g_strconcat ("pc", gaps[i], "1", NULL);

      assert_clean (text, i % 2 == 0, "pc 1");
    }
  assert_clean ("a\r\nb\rc\n", TRUE, "a\nb\nc\n");
  assert_clean ("a\nb", FALSE, "a b");
  assert_clean ("Jörg 東京 \U0001f4bb مرحبا é", FALSE, "Jörg 東京 \U0001f4bb مرحبا é");
}

static void
test_contains_fold (void)
{
  g_assert_true (tvm_text_contains_fold ("Straße", "STRASSE"));
  g_assert_true (tvm_text_contains_fold ("Example Player", "PLAY"));
  g_assert_true (tvm_text_contains_fold ("Example", ""));
  g_assert_false (tvm_text_contains_fold ("Example", "sample"));
  g_assert_false (tvm_text_contains_fold (NULL, "a"));
}

/* What people take for the same is the same; nothing else is. */
static void
test_fold (void)
{
  static const char *const same[][2] = {
    { "K\303\266ln", "Ko\314\210ln" },                          /* composed, decomposed */
    { "STRASSE", "Stra\303\237e" }, { "\341\272\236", "ss" },    /* sharp s, capital sharp s */
    { "\357\274\241\357\274\242\357\274\221", "ab1" },         /* full width AB1 */
    { "\357\275\266\357\276\236", "\343\202\254" },            /* half width GA, full width GA */
    { "\316\243", "\317\202" }, { "\342\204\252", "k" },
    { "\341\274\210\316\271", "\341\276\200" },               /* folding decomposes */
    { "Arbeits\302\255pl\303\244tze\342\200\213", "arbeitspl\303\244tze" },  /* pasted: soft hyphen, zero-width */
  };
  static const char *const others[][2] = {
    { "Koln", "K\303\266ln" }, { "\343\202\253", "\343\202\254" }, { "a", "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *one = tvm_text_fold (same[i][0]), *other = tvm_text_fold (same[i][1]);

      g_assert_cmpstr (one, ==, other);
      g_assert_true (tvm_text_contains_fold (same[i][0], same[i][1]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (tvm_text_contains_fold (others[i][0], others[i][1]));
  g_assert_false (tvm_text_contains_fold ("a\377b", "c"));
}

/* A long text has no word and no number of lines that a label would be busy with for minutes. */
static void
test_breakable (void)
{
  g_autofree char *word = g_strnfill (2000, 'k');
  g_autofree char *broken = tvm_text_make_breakable (word);
  g_autofree char *lines = g_strnfill (2000, '\n');
  g_autofree char *fewer = tvm_text_make_breakable (lines);
  g_autofree char *same = tvm_text_make_breakable ("short, as kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
                                                   "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk");
  GString *text = g_string_new (NULL);
  g_autofree char *clean = tvm_text_clean (broken, -1, TRUE);
  g_auto(GStrv) parts = g_strsplit (broken, "\u200b", -1);
  g_autofree char *kept = NULL;

  g_assert_cmpstr (clean, ==, word);
  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_cmpuint (strlen (parts[i]), <=, 30);
  g_assert_cmpuint (strlen (fewer), ==, 500 + strlen ("…"));
  g_assert_null (strstr (same, "\u200b"));
  while (text->len < 2000)
    g_string_append (text, "The words of a person, é and 字, such as cgn-lt-1001.contoso.example.\n");
  kept = tvm_text_make_breakable (text->str);
  g_assert_cmpstr (kept, ==, text->str);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/text/set-str", test_set_str);
  g_test_add_func ("/text/plain/plain", test_plain);
  g_test_add_func ("/text/plain/hostile", test_plain_hostile);
  g_test_add_func ("/text/clean", test_clean);
  g_test_add_func ("/text/breakable", test_breakable);
  g_test_add_func ("/text/contains-fold", test_contains_fold);
  g_test_add_func ("/text/fold", test_fold);
  return g_test_run ();
}
