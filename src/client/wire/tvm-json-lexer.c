/* tvm-json-lexer.c: JSON told piece by piece while it arrives. What has no escapes is told where it
 * lies, so that what nobody wants costs no more than looking for its end. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-json-lexer.h"

#include <string.h>

#define MAX_DEPTH    32
#define EACH_BYTE    G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGHEST_BITS (0x80 * EACH_BYTE)

/* What may come next. */
typedef enum { VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END, NOTHING } Expected;

struct _TvmJsonLexer
{
  TvmJsonFunc func;
  gpointer    user_data;
  Expected    expected;
  int         depth;              /* containers open now */
  gboolean    is_object[MAX_DEPTH];
  GString    *rest;               /* (owned): the start of what is not whole yet */
  gsize       looked_at;          /* bytes of it that need not be looked at again */
  gboolean    has_escapes, is_wide;  /* of the text that is not whole yet */
  GString    *plain;              /* (owned): a text without its escapes */
};

typedef struct { const char *at, *end; } Piece;  /* of the document */

/* ---- texts */

/* The next byte of eight at once that may end a text or needs a look, or some bytes before it. */
static const char *
pass_letters (const char *at,
              const char *end,
              gboolean   *is_wide)
{
  guint64 eight, wide = 0;

  for (; (gsize) (end - at) >= sizeof eight; at += sizeof eight)
    {
      guint64 quotes, slashes, special;

      memcpy (&eight, at, sizeof eight);
      quotes = eight ^ ('"' * EACH_BYTE);
      slashes = eight ^ ('\\' * EACH_BYTE);
      special = ((quotes - EACH_BYTE) & ~quotes) | ((slashes - EACH_BYTE) & ~slashes) |
                ((eight - 0x20 * EACH_BYTE) & ~eight);
      if ((special & HIGHEST_BITS) != 0)
        break;
      wide |= eight;
    }
  *is_wide |= (wide & HIGHEST_BITS) != 0;
  return at;
}

/* The quote that ends the text from @at on, %NULL where it has not come or what comes is wrong;
 * then @out_stop is where to look next. */
static const char *
find_quote (TvmJsonLexer   *self,
            const char     *at,
            const char     *end,
            const char    **out_stop,
            TvmJsonVerdict *verdict)
{
  for (at = pass_letters (at, end, &self->is_wide); at < end; at++)
    {
      guchar letter = (guchar) *at;

      if (letter == '"')
        return at;
      if (letter < 0x20)
        {
          *verdict = TVM_JSON_INVALID;
          return NULL;
        }
      self->is_wide |= letter >= 0x80;
      if (letter != '\\')
        continue;
      if (end - at < 2)
        break;
      self->has_escapes = TRUE;
      at = pass_letters (at + 2, end, &self->is_wide) - 1;
    }
  *out_stop = at;
  return NULL;
}

/* The number of four hexadecimal digits, or -1. */
static int
read_hex (const char *at,
          const char *end)
{
  int number = 0;

  if (end - at < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      number = number * 16 + digit;
    }
  return number;
}

/* What stands after "\u"; a half of a pair that lacks the other one becomes U+FFFD. Returns the
 * bytes it takes, 0 where it is none. */
static int
append_code (GString    *plain,
             const char *at,
             const char *end)
{
  int code = read_hex (at, end), low = -1;

  if (code < 0)
    return 0;
  if ((code & 0xfc00) == 0xd800 && end - at >= 10 && at[4] == '\\' && at[5] == 'u')
    low = read_hex (at + 6, end);
  if ((low & ~0x3ff) == 0xdc00)
    {
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
      g_string_append_unichar (plain, (gunichar) code);
      return 10;
    }
  if (code == 0)
    g_string_append_c (plain, '\0');
  else
    g_string_append_unichar (plain, (code & 0xf800) == 0xd800 ? 0xfffd : (gunichar) code);
  return 4;
}

/* Takes the escapes out; whether all are such as there are. */
static gboolean
resolve_escapes (GString    *plain,
                 const char *at,
                 const char *end)
{
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";

  g_string_truncate (plain, 0);
  while (at < end)
    {
      const char *slash = memchr (at, '\\', (gsize) (end - at));
      const char *known;
      int taken = 1;

      g_string_append_len (plain, at, (slash != NULL ? slash : end) - at);
      if (slash == NULL)
        break;
      known = slash[1] != '\0' ? strchr (letters, slash[1]) : NULL;
      if (known != NULL)
        g_string_append_c (plain, meant[known - letters]);
      else if (slash[1] != 'u' || (taken = append_code (plain, slash + 2, end)) == 0)
        return FALSE;
      else
        taken++;
      at = slash + 1 + taken;
    }
  return TRUE;
}

static TvmJsonVerdict
tell (TvmJsonLexer *self,
      TvmJsonEvent  event,
      const char   *text,
      gsize         length)
{
  return self->func (self->user_data, event, text, length) ? TVM_JSON_GOOD : TVM_JSON_STOPPED;
}

/* After a value. */
static void
expect_more (TvmJsonLexer *self)
{
  self->expected = self->depth > 0 ? COMMA_OR_END : NOTHING;
}

/* @piece is at its quote, and stays there where the text is not whole. */
static TvmJsonVerdict
take_text (TvmJsonLexer *self,
           Piece        *piece)
{
  const char *first = piece->at + 1, *stop = NULL, *quote;
  TvmJsonVerdict verdict = TVM_JSON_GOOD;
  gboolean is_name = self->expected == NAME || self->expected == NAME_OR_END;
  gsize length;

  quote = find_quote (self, MAX (first, piece->at + self->looked_at), piece->end, &stop, &verdict);
  if (quote == NULL)
    {
      self->looked_at = stop != NULL ? (gsize) (stop - piece->at) : 0;
      return verdict;
    }
  length = (gsize) (quote - first);
  piece->at = quote + 1;
  if (self->is_wide && !g_utf8_validate_len (first, length, NULL))
    return TVM_JSON_NOT_UTF8;
  if (self->has_escapes && !resolve_escapes (self->plain, first, quote))
    return TVM_JSON_INVALID;
  if (self->has_escapes)
    {
      first = self->plain->str;
      length = self->plain->len;
    }
  self->looked_at = 0;
  self->has_escapes = self->is_wide = FALSE;
  if (is_name)
    self->expected = COLON;
  else
    expect_more (self);
  return tell (self, is_name ? TVM_JSON_NAME : TVM_JSON_STRING, first, length);
}

/* ---- numbers and words */

static const char *
pass_digits (const char *at,
             const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;
  return at;
}

/* Whether these letters are a number: -1, 0.5, 12e+3. */
static gboolean
is_number (const char *at,
           const char *end)
{
  const char *digits;

  at += *at == '-';
  digits = pass_digits (at, end);
  if (digits == at || (*at == '0' && digits > at + 1))
    return FALSE;
  at = digits;
  if (at < end && *at == '.')
    {
      digits = pass_digits (at + 1, end);
      if (digits == at + 1)
        return FALSE;
      at = digits;
    }
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      at++;
      at += at < end && (*at == '+' || *at == '-');
      digits = pass_digits (at, end);
      if (digits == at)
        return FALSE;
      at = digits;
    }
  return at == end;
}

static gboolean
may_be_in_number (char letter)
{
  return g_ascii_isdigit (letter) || letter == '-' || letter == '+' || letter == '.' ||
         letter == 'e' || letter == 'E';
}

static TvmJsonVerdict
take_number (TvmJsonLexer *self,
             Piece        *piece)
{
  const char *first = piece->at, *at = first + self->looked_at;

  while (at < piece->end && may_be_in_number (*at))
    at++;
  if (at == piece->end)
    {
      self->looked_at = (gsize) (at - first);
      return TVM_JSON_GOOD;
    }
  self->looked_at = 0;
  piece->at = at;
  if (!is_number (first, at))
    return TVM_JSON_INVALID;
  expect_more (self);
  return tell (self, TVM_JSON_NUMBER, first, (gsize) (at - first));
}

static TvmJsonVerdict
take_word (TvmJsonLexer *self,
           Piece        *piece,
           const char   *word,
           TvmJsonEvent  event)
{
  gsize length = strlen (word), there = MIN (length, (gsize) (piece->end - piece->at));

  if (memcmp (piece->at, word, there) != 0)
    return TVM_JSON_INVALID;
  if (there < length)
    return TVM_JSON_GOOD;
  piece->at += length;
  expect_more (self);
  return tell (self, event, NULL, 0);
}

/* ---- objects and arrays */

static TvmJsonVerdict
take_opening (TvmJsonLexer *self,
              Piece        *piece,
              gboolean      is_object)
{
  if (self->depth == MAX_DEPTH)
    return TVM_JSON_TOO_DEEP;
  piece->at++;
  self->is_object[self->depth++] = is_object;
  self->expected = is_object ? NAME_OR_END : VALUE_OR_END;
  return tell (self, is_object ? TVM_JSON_OPEN_OBJECT : TVM_JSON_OPEN_ARRAY, NULL, 0);
}

static TvmJsonVerdict
take_end (TvmJsonLexer *self,
          Piece        *piece)
{
  gboolean is_object = *piece->at++ == '}';

  if (self->depth == 0 || self->is_object[self->depth - 1] != is_object)
    return TVM_JSON_INVALID;
  self->depth--;
  expect_more (self);
  return tell (self, is_object ? TVM_JSON_CLOSE_OBJECT : TVM_JSON_CLOSE_ARRAY, NULL, 0);
}

static TvmJsonVerdict
take_value (TvmJsonLexer *self,
            Piece        *piece)
{
  switch (*piece->at)
    {
    case '"':
      return take_text (self, piece);
    case '{':
      return take_opening (self, piece, TRUE);
    case '[':
      return take_opening (self, piece, FALSE);
    case 't':
      return take_word (self, piece, "true", TVM_JSON_TRUE);
    case 'f':
      return take_word (self, piece, "false", TVM_JSON_FALSE);
    case 'n':
      return take_word (self, piece, "null", TVM_JSON_NULL);
    case ']':
      return self->expected == VALUE_OR_END ? take_end (self, piece) : TVM_JSON_INVALID;
    default:
      return *piece->at == '-' || g_ascii_isdigit (*piece->at) ? take_number (self, piece)
                                                               : TVM_JSON_INVALID;
    }
}

static TvmJsonVerdict
take_comma_or_end (TvmJsonLexer *self,
                   Piece        *piece)
{
  if (*piece->at == '}' || *piece->at == ']')
    return take_end (self, piece);
  if (*piece->at != ',')
    return TVM_JSON_INVALID;
  piece->at++;
  self->expected = self->is_object[self->depth - 1] ? NAME : VALUE;
  return TVM_JSON_GOOD;
}

static TvmJsonVerdict
take_next (TvmJsonLexer *self,
           Piece        *piece)
{
  switch (self->expected)
    {
    case VALUE:
    case VALUE_OR_END:
      return take_value (self, piece);
    case NAME_OR_END:
      if (*piece->at == '}')
        return take_end (self, piece);
      return *piece->at == '"' ? take_text (self, piece) : TVM_JSON_INVALID;
    case NAME:
      return *piece->at == '"' ? take_text (self, piece) : TVM_JSON_INVALID;
    case COLON:
      self->expected = VALUE;
      return *piece->at++ == ':' ? TVM_JSON_GOOD : TVM_JSON_INVALID;
    case COMMA_OR_END:
      return take_comma_or_end (self, piece);
    case NOTHING:
    default:
      return TVM_JSON_INVALID;
    }
}

/* Takes all that is whole; @piece is then at what is not. */
static TvmJsonVerdict
take_whole (TvmJsonLexer *self,
            Piece        *piece)
{
  TvmJsonVerdict verdict = TVM_JSON_GOOD;
  const char *before = NULL;

  while (verdict == TVM_JSON_GOOD && piece->at != before)
    {
      while (piece->at < piece->end && (*piece->at == ' ' || *piece->at == '\n' ||
                                        *piece->at == '\t' || *piece->at == '\r'))
        piece->at++;
      before = piece->at;
      if (piece->at < piece->end)
        verdict = take_next (self, piece);
    }
  return verdict;
}

/* ---- outside */

/**
 * tvm_json_lexer_new:
 * @func: (scope notified): is told what comes, in order
 * @user_data: data for @func
 *
 * Returns: (transfer full): a lexer that expects the start of a document
 */
TvmJsonLexer *
tvm_json_lexer_new (TvmJsonFunc func,
                    gpointer    user_data)
{
  TvmJsonLexer *self = g_new0 (TvmJsonLexer, 1);

  self->func = func;
  self->user_data = user_data;
  self->rest = g_string_new (NULL);
  self->plain = g_string_new (NULL);
  return self;
}

/**
 * tvm_json_lexer_feed:
 * @self: a lexer
 * @data: the next bytes of the document
 * @size_bytes: their number
 *
 * Tells what is whole with these bytes. What is begun is kept, however long it becomes: the caller
 * knows how much that may be.
 *
 * Returns: anything but %TVM_JSON_GOOD when nothing more can come of it; the lexer is not to be fed
 *   any further then
 */
TvmJsonVerdict
tvm_json_lexer_feed (TvmJsonLexer *self,
                     const char   *data,
                     gsize         size_bytes)
{
  gboolean has_rest = self->rest->len > 0;
  Piece piece = { data, data + size_bytes };
  TvmJsonVerdict verdict;

  if (has_rest)
    {
      g_string_append_len (self->rest, data, (gssize) size_bytes);
      piece = (Piece) { self->rest->str, self->rest->str + self->rest->len };
    }
  verdict = take_whole (self, &piece);
  if (!has_rest)
    g_string_append_len (self->rest, piece.at, piece.end - piece.at);
  else if (piece.at > self->rest->str)
    g_string_erase (self->rest, 0, piece.at - self->rest->str);
  return verdict;
}

/**
 * tvm_json_lexer_is_ended:
 * @self: a lexer
 *
 * Returns: whether the document is whole
 */
gboolean
tvm_json_lexer_is_ended (TvmJsonLexer *self)
{
  return self->expected == NOTHING;
}

/**
 * tvm_json_lexer_free:
 * @self: (transfer full): a lexer
 */
void
tvm_json_lexer_free (TvmJsonLexer *self)
{
  g_string_free (self->rest, TRUE);
  g_string_free (self->plain, TRUE);
  g_free (self);
}
