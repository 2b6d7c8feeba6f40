/* test-json-stream.c: lists read while they arrive. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-error.h"
#include "tvm-json-stream-private.h"

#include <string.h>

static const char *const members[] = { "id", "n", "flag", "items", "when", "description", NULL };
static const TvmWireShape shape = { "things", NULL, members };

static gboolean
row_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  const char *id = tvm_wire_row_require_id (row, error);
  g_autofree char *lines = NULL;

  if (id == NULL)
    return FALSE;
  lines = tvm_wire_row_dup_lines (row, 3);
  g_string_append_printf (user_data, "%s,%d,%d,%s,%" G_GINT64_FORMAT ";", id, tvm_wire_row_get_int (row, 1, -1),
                          tvm_wire_row_get_boolean (row, 2, FALSE), lines != NULL ? lines : "-",
                          tvm_wire_row_get_instant (row, 4));
  return TRUE;
}

/* Reads @text in pieces of @step bytes. */
static char *
read_text (const char *text, gssize length, gsize step, char **out_link, GError **error)
{
  GString *rows = g_string_new (NULL);
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&shape, row_cb, rows);
  gsize size_bytes = length < 0 ? strlen (text) : (gsize) length;
  gboolean good = TRUE;

  for (gsize i = 0; good && i < size_bytes; i += step)
    good = tvm_json_stream_feed (stream, text + i, MIN (step, size_bytes - i), error);
  if (good && tvm_json_stream_finish (stream, error))
    {
      if (out_link != NULL)
        *out_link = g_strdup (tvm_json_stream_get_next_link (stream));
      return g_string_free (rows, FALSE);
    }
  g_string_free (rows, TRUE);
  return NULL;
}

static void
assert_rows (const char *text, const char *expected)
{
  for (gsize step = 1; step < 70; step += 7)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *rows = read_text (text, -1, step, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (rows, ==, expected);
    }
}

static void
assert_bad (const char *text, gssize length, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *rows = read_text (text, length, 4096, NULL, &error);

  g_assert_null (rows);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
  if (strstr (error->message, word) == NULL || strstr (error->message, "things") == NULL)
    g_error ("“%s” lacks “%s”", error->message, word);
}

static void
test_rows (void)
{
  assert_rows ("{\"value\":[]}", "");
  assert_rows ("\xef\xbb\xbf \n{\"value\":[{\"id\":\"a\"}]}\r\n", "a,-1,0,-,0;");
  assert_rows ("{\"@odata.context\":{\"value\":[1]},\"value\":[{\"n\":7,\"x\":{\"id\":\"no\",\"items\":[\"no\"]},"
               "\"id\":\"a\\u00e9\",\"flag\":true,\"items\":[\"p\",null,[\"q\"],{\"id\":\"z\"},\"r\\ns\"]},null,"
               "{\"id\":\"b\",\"n\":\"12\",\"flag\":\"True\",\"items\":null}],\"more\":[[{}]]}",
               "a\xc3\xa9,7,1,p\nr s,0;b,12,1,-,0;");
  /* wrong types count as not there, seven decimals are cut to six */
  assert_rows ("{\"value\":[{\"id\":5,\"n\":{},\"flag\":[],\"items\":\"x\",\"when\":\"1970-01-01T00:00:01.0000019Z\"}]}",
               "5,-1,0,-,1000001;");
  assert_rows ("{\"value\":[{\"id\":\"a\",\"n\":1e99},{\"id\":\"b\\u0000c\",\"n\":-2.9}]}",
               "a,-1,0,-,0;b c,-1,0,-,0;");
}

/* Of a member that comes twice the last one counts, also of the list itself; nothing is mixed up. */
static void
test_duplicates (void)
{
  assert_rows ("{\"value\":[{\"id\":\"a\",\"n\":1,\"items\":[\"p\",\"q\"],\"n\":2,\"id\":\"b\",\"items\":[\"r\"]}]}",
               "b,2,0,r,0;");
  assert_rows ("{\"value\":[{\"id\":\"a\",\"n\":1,\"n\":null,\"items\":[\"p\"],\"items\":null}]}", "a,-1,0,-,0;");
  assert_rows ("{\"value\":[{\"id\":\"a\"}],\"value\":[{\"id\":\"b\"}]}", "a,-1,0,-,0;b,-1,0,-,0;");
  assert_bad ("{\"value\":[{\"id\":\"a\"}],\"value\":{}}", -1, "array");
  assert_bad ("{\"value\":[{\"id\":\"a\",\"id\":null}]}", -1, "“id”");
}

static void
test_values (void)
{
  assert_rows ("{\"value\":[{\"id\":\"a\",\"n\":null,\"flag\":null,\"items\":null,\"when\":null}]}", "a,-1,0,-,0;");
  assert_rows ("{\"value\":[{\"id\":\"a\",\"n\":\"12.0\",\"flag\":\"1\",\"when\":\"1970-01-01T00:00:02\"}]}",
               "a,12,1,-,2000000;");
  assert_rows ("{\"value\":[{\"id\":\"a\",\"n\":\"many\",\"when\":\"soon\"}]}", "a,-1,0,-,0;");
}

static gboolean
prose_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "%s|%s;", tvm_wire_row_get_string (row, 0),
                          tvm_wire_row_get_string (row, 5));
  return TRUE;
}

/* A text of blanks is as good as none: a row is refused without an id, and has no name. */
static void
test_blank (void)
{
  assert_bad ("{\"value\":[{\"id\":\" \"}]}", -1, "“id”");
  assert_bad ("{\"value\":[{\"id\":\"\\u00a0 \\u3000\\t\\u0000\"}]}", -1, "“id”");
  assert_rows ("{\"value\":[{\"id\":\" a \",\"n\":\" \"}]}", " a ,-1,0,-,0;");
}

/* What turns, hides or parts a text does not come in, but people write several lines. */
static void
test_clean (void)
{
  static const char text[] =
    "{\"value\":[{\"id\":\"p\\u202ec\\u2066-\\u200b1\\udb40\\udc41\\u2028\\u001b\\n\",\"description\":"
    "\"one\\r\\ntwo\\u2029\\u0085\\ufeff\\u2069\"}]}";
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&shape, prose_cb, rows);

  assert_rows ("{\"value\":[{\"id\":\"a\",\"items\":[\"t\\u200dag\",\"b\\u009fc\"]}]}", "a,-1,0,tag\nb c,0;");
  g_assert_true (tvm_json_stream_feed (stream, text, strlen (text), NULL));
  g_assert_cmpstr (rows->str, ==, "pc-1   |one\ntwo  ;");
}

/* Wherever it stands in a text of whatever length: eight bytes are looked at together. */
static void
test_clean_anywhere (void)
{
  static const char *const odd[] = { "\\u0000", "\\u001f", "\x7f", "\\u0085", "\\u202e", "\\ufeff" };
  static const char letters[] = "~ abcdefghijklmnopqrst~";

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    for (gsize at = 0; at < sizeof letters; at++)
      {
        gboolean is_gap = i < 4;
        g_autofree char *json = g_strdup_printf ("{\"value\":[{\"id\":\"%.*s%s%s\"}]}", (int) at, letters,
                                                 odd[i], letters + at);
        g_autofree char *row = g_strdup_printf ("%.*s%s%s,-1,0,-,0;", (int) at, letters,
                                                is_gap ? " " : "", letters + at);

        assert_rows (json, row);
      }
}

static void
test_next_link (void)
{
  g_autofree char *link = NULL;
  g_autofree char *none = NULL;
  g_autofree char *rows = read_text ("{\"@odata.nextLink\":\"https://x/?a=1&b=%20\",\"value\":[]}", -1, 9,
                                     &link, NULL);
  g_autofree char *more = read_text ("{\"value\":[{\"id\":\"a\",\"@odata.nextLink\":\"no\"}],\"@odata.nextLink\":null}",
                                     -1, 9, &none, NULL);

  g_assert_nonnull (rows);
  g_assert_cmpstr (link, ==, "https://x/?a=1&b=%20");
  g_assert_nonnull (more);
  g_assert_null (none);
  assert_bad ("{\"value\":[],\"@odata.nextLink\":5}", -1, "next link");
  assert_bad ("{\"value\":[],\"@odata.nextLink\":{}}", -1, "next link");
}

static void
test_bad (void)
{
  const char *whole = "{\"value\":[{\"id\":\"a\",\"items\":[\"p\"]}],\"x\":1}";

  for (gssize length = 1; length < (gssize) strlen (whole); length++)
    assert_bad (whole, length, "in the middle");
  assert_bad ("", -1, "empty");
  assert_bad (" \n", -1, "empty");
  assert_bad ("<!doctype html><html></html>", -1, "web page");
  assert_bad ("[]", -1, "JSON object");
  assert_bad ("null", -1, "JSON object");
  assert_bad ("{}", -1, "value");
  assert_bad ("{\"value\":null}", -1, "array");
  assert_bad ("{\"value\":{}}", -1, "array");
  assert_bad ("{\"value\":\"x\"}", -1, "array");
  assert_bad ("{\"value\":[1]}", -1, "object");
  assert_bad ("{\"value\":[[]]}", -1, "object");
  assert_bad ("{\"value\":[{\"n\":1}]}", -1, "“id”");
  assert_bad ("{\"value\":[{\"id\":null}]}", -1, "“id”");
  assert_bad ("{\"value\":[{\"id\":\"\"}]}", -1, "“id”");
  assert_bad ("{\"value\":[]} {}", -1, "JSON");
  assert_bad ("{\"value\":[,]}", -1, "JSON");
  assert_bad ("{\"value\":[{\"id\":\"a\xff\"}]}", -1, "UTF-8");
  assert_bad ("{\"value\":[{\"id\":\"\xc0\xaf\"}]}", -1, "UTF-8");
  assert_bad ("{\"value\":[{\"id\":\"\xed\xa0\x80\"}]}", -1, "UTF-8");
}

static void
test_limits (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *deep_list = g_strconcat ("{\"value\":[{\"x\":", deep, NULL);
  g_autofree char *letters = g_strnfill (3 * 1024 * 1024, 'x');
  g_autofree char *long_text = g_strconcat ("{\"value\":[{\"id\":\"", letters, "\"}]}", NULL);
  g_autofree char *long_open = g_strconcat ("{\"value\":[{\"id\":\"", letters, NULL);

  assert_bad (deep_list, -1, "deep");
  assert_bad (long_text, -1, "long");
  assert_bad (long_open, -1, "long");
  long_text[17 + 1024 * 1024 - 1] = '"';
  strcpy (long_text + 17 + 1024 * 1024, "}]}");
  {
    g_autofree char *rows = read_text (long_text, -1, 4096, NULL, NULL);

    g_assert_nonnull (rows);
  }
}

/* Spoiled documents are refused or read, but never trusted: sanitizers watch this one. */
static void
test_spoiled (void)
{
  const char *whole = "{\"@odata.nextLink\":\"x\",\"value\":[{\"id\":\"a\\u00e9\",\"n\":1.5e3,\"flag\":true,"
                      "\"items\":[\"p\",null],\"when\":\"2026-01-01T00:00:00.1234567Z\"},{\"id\":\"b\",\"x\":{\"y\":[[]]}}]}";
  const char bytes[] = "{}[]\",:\\0e-.ntf \xff\xc3u";
  g_autoptr(GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 20000; round++)
    {
      g_autofree char *text = g_strdup (whole);
      g_autofree char *rows = NULL;
      g_autofree char *link = NULL;
      g_autoptr(GError) error = NULL;
      gsize length = strlen (text);

      for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
        text[g_rand_int_range (random, 0, length)] = bytes[g_rand_int_range (random, 0, sizeof bytes)];
      rows = read_text (text, length, g_rand_int_range (random, 1, 64), &link, &error);
      if (rows == NULL)
        g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
      else
        g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/client/json-stream/rows", test_rows);
  g_test_add_func ("/client/json-stream/duplicates", test_duplicates);
  g_test_add_func ("/client/json-stream/values", test_values);
  g_test_add_func ("/client/json-stream/blank", test_blank);
  g_test_add_func ("/client/json-stream/clean", test_clean);
  g_test_add_func ("/client/json-stream/clean-anywhere", test_clean_anywhere);
  g_test_add_func ("/client/json-stream/next-link", test_next_link);
  g_test_add_func ("/client/json-stream/bad", test_bad);
  g_test_add_func ("/client/json-stream/limits", test_limits);
  g_test_add_func ("/client/json-stream/spoiled", test_spoiled);
  return g_test_run ();
}
