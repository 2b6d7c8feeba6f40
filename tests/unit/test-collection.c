/* test-collection.c: names and literals for Configuration Manager.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-collection.h"

#include <string.h>

static void
test_short_name (void)
{
  static const struct { const char *name, *short_name; } cases[] = {
    { "pc-1.contoso.example", "pc-1" }, { "PC-1", "PC-1" },
    { "more-than-15-letters.x", "more-than-15-letters" },
    { " pc .x", "pc" }, { "pc\n1.x", "pc 1" }, { ".x", NULL }, { "", NULL }, { NULL, NULL },
    { "\xff\xfe.x", "\xef\xbf\xbd\xef\xbf\xbd" }, { "t\xc3\xb6kyo.x", "t\xc3\xb6kyo" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = tvm_device_make_short_name (cases[i].name);

      g_assert_cmpstr (name, ==, cases[i].short_name);
    }
}

static void
test_quote (void)
{
  static const struct { const char *text, *literal; } cases[] = {
    { "pc", "'pc'" }, { "it's", "'it''s'" }, { "'", "''''" }, { "$x`n\"", "'$x`n\"'" },
    { "\xe2\x80\x98", "'\xe2\x80\x98\xe2\x80\x98'" },
    { "\xe2\x80\x9a\xe2\x80\x9b", "'\xe2\x80\x9a\xe2\x80\x9a\xe2\x80\x9b\xe2\x80\x9b'" },
    { "a\r\nb\xe2\x80\xa8" "c", "'a  b c'" }, { "", "''" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *literal = tvm_powershell_quote (cases[i].text);

      g_assert_cmpstr (literal, ==, cases[i].literal);
    }
}

/* A title is outside text: in a comment and in a literal it stays on its line. */
static void
test_begin (void)
{
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  g_autofree char *begin = NULL;
  g_auto(GStrv) lines = NULL;

  activity->id = g_strdup ("1");
  activity->title = g_strdup ("Don't\nInvoke-Expression 'x'");
  begin = tvm_collection_script_begin (activity, TRUE);
  lines = g_strsplit (begin, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (*lines[i] == '\0' || *lines[i] == '#' || *lines[i] == '$');
  g_assert_true (g_strv_contains ((const char *const *) lines,
                                  "$collectionName = 'Don''t Invoke-Expression ''x'''"));
}

static void
test_words (void)
{
  TvmNamesFormat format;
  TvmNamesResult plain = { 3, 0, 0 }, odd = { 1, 2, 1 };
  g_autofree char *first = tvm_names_result_text (&plain);
  g_autofree char *second = tvm_names_result_text (&odd);

  g_assert_true (tvm_names_format_from_word ("name-list", &format) && format == TVM_NAMES_LIST);
  g_assert_true (tvm_names_format_from_word ("collection-script", &format) &&
                 format == TVM_NAMES_SCRIPT);
  g_assert_false (tvm_names_format_from_word ("csv", &format));
  g_assert_cmpstr (first, ==, "3 device names written.");
  g_assert_nonnull (strstr (second, "2 devices have the short name"));
  g_assert_nonnull (strstr (second, "1 device is not known"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/collection/short-name", test_short_name);
  g_test_add_func ("/collection/quote", test_quote);
  g_test_add_func ("/collection/begin", test_begin);
  g_test_add_func ("/collection/words", test_words);
  return g_test_run ();
}
