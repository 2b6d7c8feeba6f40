/* fuzz-lexer.c: what the lexer tells of a document is what YAJL tells of it, however it is cut.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-json-lexer.h"

#include <string.h>
#include <yajl/yajl_parse.h>

typedef struct
{
  GString *told;
  int      depth, deepest;
  gboolean is_over;  /* a whole document was told */
} Told;

static gboolean
note (gpointer     user_data,
      TvmJsonEvent event,
      const char  *text,
      gsize        length)
{
  Told *told = user_data;

  told->depth += event == TVM_JSON_OPEN_OBJECT || event == TVM_JSON_OPEN_ARRAY;
  told->depth -= event == TVM_JSON_CLOSE_OBJECT || event == TVM_JSON_CLOSE_ARRAY;
  told->deepest = MAX (told->depth, told->deepest);
  g_string_append_printf (told->told, "%d %" G_GSIZE_FORMAT ":", event, length);
  g_string_append_len (told->told, text, (gssize) length);
  return TRUE;
}

static int null_cb (void *told) { return note (told, TVM_JSON_NULL, NULL, 0); }
static int boolean_cb (void *told, int is_true)
{ return note (told, is_true ? TVM_JSON_TRUE : TVM_JSON_FALSE, NULL, 0); }
static int number_cb (void *told, const char *text, size_t length)
{ return note (told, TVM_JSON_NUMBER, text, length); }
static int string_cb (void *told, const unsigned char *text, size_t length)
{ return note (told, TVM_JSON_STRING, (const char *) text, length); }
static int name_cb (void *told, const unsigned char *text, size_t length)
{ return note (told, TVM_JSON_NAME, (const char *) text, length); }
static int map_cb (void *told) { return note (told, TVM_JSON_OPEN_OBJECT, NULL, 0); }
static int map_end_cb (void *told) { return note (told, TVM_JSON_CLOSE_OBJECT, NULL, 0); }
static int array_cb (void *told) { return note (told, TVM_JSON_OPEN_ARRAY, NULL, 0); }
static int array_end_cb (void *told) { return note (told, TVM_JSON_CLOSE_ARRAY, NULL, 0); }

static gboolean
read_with_yajl (Told         *told,
                const guint8 *data,
                gsize         size_bytes)
{
  static const yajl_callbacks callbacks = {
    .yajl_null = null_cb, .yajl_boolean = boolean_cb, .yajl_number = number_cb,
    .yajl_string = string_cb, .yajl_start_map = map_cb, .yajl_map_key = name_cb,
    .yajl_end_map = map_end_cb, .yajl_start_array = array_cb, .yajl_end_array = array_end_cb,
  };
  yajl_handle parser = yajl_alloc (&callbacks, NULL, told);
  gboolean is_good = yajl_parse (parser, data, size_bytes) == yajl_status_ok &&
                     yajl_complete_parse (parser) == yajl_status_ok;

  yajl_free (parser);
  return is_good;
}

static gboolean
read_pieces (Told         *told,
             const guint8 *data,
             gsize         size_bytes,
             gsize         step)
{
  TvmJsonLexer *lexer = tvm_json_lexer_new (note, told);
  TvmJsonVerdict verdict = TVM_JSON_GOOD;
  gboolean is_good;

  for (gsize i = 0; verdict == TVM_JSON_GOOD && i < size_bytes; i += step)
    {
      gsize n = MIN (step, size_bytes - i);
      g_autofree char *piece = g_memdup2 (data + i, n);  /* so that a look beyond it is seen */

      verdict = tvm_json_lexer_feed (lexer, piece, n);
    }
  told->is_over = tvm_json_lexer_is_ended (lexer);
  is_good = verdict == TVM_JSON_GOOD && told->is_over;
  tvm_json_lexer_free (lexer);
  return is_good;
}

/* YAJL takes what is no UTF-8, two blanks that are none in JSON and a text that is begun behind the
 * document's end, makes others of halves of pairs, and knows no depth. A number that nothing follows
 * is not over for the lexer: no list is one. */
static gboolean
is_comparable (const guint8 *data,
               gsize         size_bytes,
               int           deepest)
{
  if (deepest > 32 || !g_utf8_validate_len ((const char *) data, size_bytes, NULL) ||
      (size_bytes > 0 && g_ascii_isdigit (data[size_bytes - 1])))
    return FALSE;
  if (memchr (data, '\v', size_bytes) != NULL || memchr (data, '\f', size_bytes) != NULL)
    return FALSE;
  for (gsize i = 0; i + 3 < size_bytes; i++)
    if (data[i] == '\\' && data[i + 1] == 'u' && (data[i + 2] | 0x20) == 'd' &&
        g_ascii_xdigit_value ((char) data[i + 3]) >= 8)
      return FALSE;
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  Told yajls = { g_string_new (NULL) }, whole = { g_string_new (NULL) };
  Told pieces = { g_string_new (NULL) };
  gsize step = 1 + (size_bytes > 0 ? data[0] % 23 : 0);
  gboolean is_good = read_pieces (&whole, data, size_bytes, MAX (size_bytes, 1));

  g_assert_true (read_pieces (&pieces, data, size_bytes, step) == is_good);
  g_assert_true (g_string_equal (whole.told, pieces.told));
  if (read_with_yajl (&yajls, data, size_bytes) != is_good)
    g_assert_true ((whole.is_over && !is_good) || !is_comparable (data, size_bytes, yajls.deepest));
  else if (is_good && is_comparable (data, size_bytes, yajls.deepest))
    g_assert_true (g_string_equal (whole.told, yajls.told));
  g_string_free (yajls.told, TRUE);
  g_string_free (whole.told, TRUE);
  g_string_free (pieces.told, TRUE);
  return 0;
}
