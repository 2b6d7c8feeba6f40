/* test-json-lexer.c: JSON told piece by piece. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-json-lexer.h"

#include <string.h>

static gboolean
note (gpointer user_data, TvmJsonEvent event, const char *text, gsize length)
{
  static const char *const signs[] = { "null", "no", "yes", "#", "", "=", "{", "}", "[", "]" };

  g_string_append (user_data, signs[event]);
  if (event == TVM_JSON_STRING || event == TVM_JSON_NAME || event == TVM_JSON_NUMBER)
    g_string_append_len (user_data, text, (gssize) length);
  g_string_append_c (user_data, ' ');
  return length != 4 || memcmp (text, "stop", 4) != 0;
}

/* Reads @text in pieces of @step bytes. */
static TvmJsonVerdict
read_text (const char *text, gsize step, GString *told, gboolean *out_is_ended)
{
  TvmJsonLexer *lexer = tvm_json_lexer_new (note, told);
  TvmJsonVerdict verdict = TVM_JSON_GOOD;

  for (gsize i = 0, length = strlen (text); verdict == TVM_JSON_GOOD && i < length; i += step)
    verdict = tvm_json_lexer_feed (lexer, text + i, MIN (step, length - i));
  *out_is_ended = tvm_json_lexer_is_ended (lexer);
  tvm_json_lexer_free (lexer);
  return verdict;
}

static void
assert_told (const char *text, const char *expected)
{
  for (gsize step = 1; step < 30; step++)
    {
      g_autoptr(GString) told = g_string_new (NULL);
      gboolean is_ended;

      g_assert_cmpint (read_text (text, step, told, &is_ended), ==, TVM_JSON_GOOD);
      g_assert_true (is_ended);
      g_assert_cmpstr (told->str, ==, expected);
    }
}

static void
assert_refused (const char *text, TvmJsonVerdict expected)
{
  for (gsize step = 1; step < 30; step++)
    {
      g_autoptr(GString) told = g_string_new (NULL);
      gboolean is_ended;

      if (read_text (text, step, told, &is_ended) != expected)
        g_error ("%s in pieces of %" G_GSIZE_FORMAT, text, step);
    }
}

static void
test_values (void)
{
  assert_told ("{}", "{ } ");
  assert_told (" [ ] \n", "[ ] ");
  assert_told ("{\"a\":[true,false,null],\"b\" : {\"\":\"\"}}",
               "{ =a [ yes no null ] =b { =  } } ");
  assert_told ("[0,-1,10.25,1e5,-2E-03,0.5e+1]", "[ #0 #-1 #10.25 #1e5 #-2E-03 #0.5e+1 ] ");
  assert_told ("[\"sixteen letters.\",\"seventeen letters\","
               "\"\xc3\xa9 and more letters \xe6\x97\xa5\"]",
               "[ sixteen letters. seventeen letters \xc3\xa9 and more letters \xe6\x97\xa5 ] ");
}

static void
test_escapes (void)
{
  assert_told ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[ \"\\/\b\f\n\r\t ] ");
  assert_told ("{\"\\u0061b\":\"\\u00e9\\u65e5\\uD83D\\uDe00.\"}",
               "{ =ab \xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80. } ");
  /* Halves of pairs are no letters. */
  assert_told ("[\"\\ud83d\",\"\\ude00x\",\"\\ud83d\\u0041\","
               "\"\\ud83d\\ud83d\\ude00\",\"\\ud83d\\n\"]",
               "[ \xef\xbf\xbd \xef\xbf\xbdx \xef\xbf\xbd"
               "A \xef\xbf\xbd\xf0\x9f\x98\x80 \xef\xbf\xbd\n ] ");
  assert_refused ("[\"\\x\"]", TVM_JSON_INVALID);
  assert_refused ("[\"\\u12\"]", TVM_JSON_INVALID);
  assert_refused ("[\"\\u12g4\"]", TVM_JSON_INVALID);
  assert_refused ("[\"\\U1234\"]", TVM_JSON_INVALID);
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "[1,]", "[,1]", "[1 2]", "[1}", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
    "{\"a\" 1}", "{,}", "{]", "[}", "]", "}",
    ":", "[:]", "{\"a\":1]", "[01]", "[1.]", "[.5]", "[-]", "[+1]", "[1e]", "[1e+]",
    "[--1]", "[1.2.3]", "[-01]", "[truth]",
    "[nul]", "[falsehood]", "[TRUE]", "['a']", "[a]", "{} {}", "[] 1",
    "[\"a\nb\"]", "[\"a long text\x01 of letters\"]",
    "/* */ []", "[1]\x01", "[NaN]", "[\"a\"b]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], TVM_JSON_INVALID);
  assert_refused ("[\"\xff\"]", TVM_JSON_NOT_UTF8);
  assert_refused ("[\"a long text of ASCII and then\xc3\"]", TVM_JSON_NOT_UTF8);
  assert_refused ("{\"\xed\xa0\x80\":1}", TVM_JSON_NOT_UTF8);
  assert_refused ("[\xc3\xa9]", TVM_JSON_INVALID);
}

static void
test_stop (void)
{
  g_autofree char *deep = g_strnfill (33, '[');

  assert_refused ("[\"stop\",}", TVM_JSON_STOPPED);
  assert_refused ("{\"stop\",}", TVM_JSON_STOPPED);
  assert_refused (deep, TVM_JSON_TOO_DEEP);
  assert_refused (deep + 1, TVM_JSON_GOOD);
}

/* What has not come yet is neither told nor wrong; one byte at a time takes no longer for a long
 * text. */
static void
test_unfinished (void)
{
  static const char whole[] = "{\"a\":[1,true,\"\\u00e9\\\\\",{}],\"b\":null}";
  g_autofree char *letters = g_strnfill (1024 * 1024, 'x');
  g_autofree char *text = g_strconcat ("[\"", letters, "\\n\"]", NULL);
  g_autoptr(GString) told = g_string_new (NULL);
  gboolean is_ended;

  for (gsize length = 0; length < strlen (whole); length++)
    {
      g_autofree char *start = g_strndup (whole, length);

      g_assert_cmpint (read_text (start, 7, told, &is_ended), ==, TVM_JSON_GOOD);
      g_assert_false (is_ended);
    }
  g_string_truncate (told, 0);
  for (gsize length = strlen (text), step = 1; step < length; step *= 997)
    {
      g_assert_cmpint (read_text (text, step, told, &is_ended), ==, TVM_JSON_GOOD);
      g_assert_true (is_ended);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/client/json-lexer/values", test_values);
  g_test_add_func ("/client/json-lexer/escapes", test_escapes);
  g_test_add_func ("/client/json-lexer/invalid", test_invalid);
  g_test_add_func ("/client/json-lexer/stop", test_stop);
  g_test_add_func ("/client/json-lexer/unfinished", test_unfinished);
  return g_test_run ();
}
