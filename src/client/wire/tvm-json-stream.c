/* tvm-json-stream.c: the reader of lists. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-json-stream-private.h"
#include "tvm-error.h"
#include "tvm-json-lexer.h"
#include "tvm-wire-row-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_STRING_BYTES (1024 * 1024)
#define MAX_NUMBER_BYTES 400
#define MAX_NAMES        128  /* of members that are kept; any other is searched for */
#define MAX_NAME_BYTES   64
typedef enum { AT_NOTHING, AT_VALUE, AT_NEXT_LINK } RootMember;

/* Of a member that some row had. */
typedef struct {
  char  name[MAX_NAME_BYTES];
  gsize length;
  int   member;  /* -1: nobody wants it */
} Name;

struct _TvmJsonStream
{
  TvmWireRow      row;
  TvmJsonLexer *lexer;      /* (owned) */
  TvmWireRowFunc  func;
  gpointer    user_data;
  GError     *error;        /* (owned) (nullable): why a callback stopped the parser */
  char       *next_link;    /* (owned) (nullable) */
  int         depth;        /* containers open now */
  int         row_depth;    /* the depth inside a row object: 1 for a single one, else 3 */
  int         member;       /* the wanted member whose value comes next, or -1 */
  GArray     *names;        /* (owned) of Name, as rows had them first */
  guint       guess;        /* which of them is next: they mostly come in the same order */
  RootMember  root_member;
  gboolean    in_list, has_list, ended, saw_event;
  gboolean    started;      /* some byte other than a byte order mark was seen */
  gsize       quiet_bytes;  /* fed since the last event: the length of what is still open */
  guint       bom_bytes;
  int         n_rows, n_useless;  /* that the row function took, and passed over */
  int         n_passed_over;      /* null, and a second list */
};

static gboolean
refuse (TvmJsonStream *self, const char *what)
{
  if (self->error == NULL && self->row.shape->name == NULL)
    g_set_error_literal (&self->error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE, what);
  else if (self->error == NULL)
    g_set_error (&self->error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                 /* Translators: the first %s is a list's name, the second what is wrong with it */
                 _("The answer for the list “%s” is not usable: %s. Nothing of it was kept; try "
                   "again later."), self->row.shape->name, what);
  return 0;
}

static gboolean
in_row (TvmJsonStream *self)
{
  return self->depth >= self->row_depth && (self->row.shape->single || self->in_list);
}

/* A scalar inside a row: the value of a wanted member, or an item of a wanted member's array. */
static gboolean
take_scalar (TvmJsonStream   *self,
             TvmWireValueKind kind,
             const char      *text,
             gsize            length)
{
  TvmWireValue *value;

  if (!in_row (self))
    {
      if (self->depth == 0)
        return refuse (self, _("it is not a JSON object"));
      if (self->in_list && self->depth == 2 && kind != TVM_WIRE_NULL)
        return refuse (self, _("a row is not an object"));
      if (self->in_list && self->depth == 2)
        self->n_passed_over++;
      if (self->depth == 1 && self->root_member == AT_VALUE)
        return refuse (self, _("its “value” is not an array"));
      return 1;
    }
  if (self->member < 0)
    return 1;
  value = &TVM_WIRE_MEMBER (&self->row, self->member)->value;
  if (self->depth == self->row_depth)
    {
      value->kind = kind;
      value->offset = self->row.text->len;
    }
  else if (self->depth != self->row_depth + 1 || value->kind != TVM_WIRE_ARRAY ||
           kind != TVM_WIRE_STRING)
    return (value->is_odd = TRUE);
  else
    value->n_items++;
  if (text != NULL && !tvm_wire_row_append_text (&self->row, self->member, text, length))
    return refuse (self, _("a text is not valid UTF-8"));
  return 1;
}

static gboolean
take_value (TvmJsonStream *self,
            TvmJsonEvent   event,
            const char    *text,
            gsize          length)
{
  static const TvmWireValueKind kinds[] = {
    [TVM_JSON_NULL] = TVM_WIRE_NULL, [TVM_JSON_FALSE] = TVM_WIRE_NO, [TVM_JSON_TRUE] = TVM_WIRE_YES,
    [TVM_JSON_NUMBER] = TVM_WIRE_NUMBER, [TVM_JSON_STRING] = TVM_WIRE_STRING,
  };

  if (event == TVM_JSON_STRING && length > MAX_STRING_BYTES)
    return refuse (self, _("a text is too long"));
  if (event == TVM_JSON_NUMBER && length > MAX_NUMBER_BYTES)
    return refuse (self, _("a number is too long"));
  if (self->depth == 1 && self->root_member == AT_NEXT_LINK && event != TVM_JSON_NULL)
    {
      if (event != TVM_JSON_STRING)
        return refuse (self, _("its next link is not a text"));
      g_free (self->next_link);
      self->next_link = length > 0 ? g_strndup (text, length) : NULL;
      return TRUE;
    }
  return take_scalar (self, kinds[event], text, length);
}

static void
begin_row (TvmJsonStream *self)
{
  tvm_wire_row_empty (&self->row);
  self->member = -1;
  self->guess = 0;
}

static gboolean
open_container (TvmJsonStream *self, gboolean is_map)
{
  gboolean is_member = in_row (self) && self->depth == self->row_depth && self->member >= 0;

  if (self->depth == 0 && !is_map)
    return refuse (self, _("it is not a JSON object"));
  if (self->depth == 1 && !self->row.shape->single && self->root_member != AT_NOTHING &&
      (self->root_member == AT_NEXT_LINK || is_map))
    return refuse (self, self->root_member == AT_VALUE ? _("its “value” is not an array")
                                                       : _("its next link is not a text"));
  if (self->in_list && self->depth == 2 && !is_map)
    return refuse (self, _("a row is not an object"));
  self->depth++;
  if (is_member)
    tvm_wire_row_open (&self->row, self->member, is_map ? TVM_WIRE_OTHER : TVM_WIRE_ARRAY);
  else if (self->member >= 0 && in_row (self))
    TVM_WIRE_MEMBER (&self->row, self->member)->value.is_odd = TRUE;
  if (self->depth == 2 && self->root_member == AT_VALUE)
    {
      /* Of two lists nobody knows which is meant, or what they lack. */
      self->n_passed_over += self->has_list ? 1 : 0;
      self->in_list = self->has_list = TRUE;
    }
  if (is_map && self->depth == self->row_depth && in_row (self))
    begin_row (self);
  return 1;
}

static gboolean
close_container (TvmJsonStream *self, gboolean is_map)
{
  gboolean is_row = is_map && self->depth == self->row_depth && in_row (self);

  self->depth--;
  if (self->depth == 1 && self->in_list)
    self->in_list = FALSE;
  if (self->depth == 1)
    self->root_member = AT_NOTHING;
  if (self->depth == self->row_depth)
    self->member = -1;
  if (!is_row)
    return 1;
  if (self->func (&self->row, self->user_data, &self->error))
    self->n_rows++;
  else if (self->error == NULL)
    self->n_useless++;
  return self->error == NULL ? 1 : 0;
}

/* Which wanted member that is, or -1. */
static int
search_member (TvmJsonStream *self, const char *name, gsize length)
{
  for (guint i = 0; i < self->row.members->len; i++)
    {
      const TvmWireMember *member = TVM_WIRE_MEMBER (&self->row, i);

      if (member->length == length && memcmp (member->name, name, length) == 0)
        return (int) i;
    }
  return -1;
}

static int
find_member (TvmJsonStream *self, const char *name, gsize length)
{
  guint n_names = self->names->len;
  Name added = { .length = length };

  for (guint i = 0; i < n_names; i++)
    {
      guint number = self->guess + i < n_names ? self->guess + i : self->guess + i - n_names;
      const Name *known = &g_array_index (self->names, Name, number);

      if (known->length == length && memcmp (known->name, name, length) == 0)
        {
          self->guess = number + 1 < n_names ? number + 1 : 0;
          return known->member;
        }
    }
  added.member = search_member (self, name, length);
  if (length > MAX_NAME_BYTES || n_names == MAX_NAMES)
    return added.member;
  memcpy (added.name, name, length);
  g_array_append_val (self->names, added);
  return added.member;
}

static gboolean
name_is (const char *name, gsize length, const char *wanted)
{
  return strlen (wanted) == length && memcmp (name, wanted, length) == 0;
}

static gboolean
take_name (TvmJsonStream *self, const char *name, gsize length)
{
  if (length > MAX_STRING_BYTES)
    return refuse (self, _("a text is too long"));
  if (self->depth == self->row_depth && in_row (self))
    self->member = find_member (self, name, length);
  else if (self->depth == 1)
    self->root_member = name_is (name, length, TVM_WIRE_LIST_NAME (self->row.shape)) ? AT_VALUE
                        : name_is (name, length, "@odata.nextLink") ? AT_NEXT_LINK : AT_NOTHING;
  return TRUE;
}

static gboolean
take_event (gpointer      user_data,
            TvmJsonEvent  event,
            const char   *text,
            gsize         length)
{
  TvmJsonStream *self = user_data;

  self->saw_event = TRUE;
  switch (event)
    {
    case TVM_JSON_NAME:
      return take_name (self, text, length);
    case TVM_JSON_OPEN_OBJECT:
    case TVM_JSON_OPEN_ARRAY:
      return open_container (self, event == TVM_JSON_OPEN_OBJECT);
    case TVM_JSON_CLOSE_OBJECT:
    case TVM_JSON_CLOSE_ARRAY:
      return close_container (self, event == TVM_JSON_CLOSE_OBJECT);
    case TVM_JSON_NULL:
    case TVM_JSON_FALSE:
    case TVM_JSON_TRUE:
    case TVM_JSON_NUMBER:
    case TVM_JSON_STRING:
    default:
      return take_value (self, event, text, length);
    }
}

/**
 * tvm_json_stream_new:
 * @shape: (transfer none): which members of which list; must outlive the stream
 * @func: (scope notified): called for each row, in order; returning %FALSE with an error ends it,
 *   without one the row is of no use and passed over
 * @user_data: data for @func
 *
 * Returns: (transfer full): a reader that expects the start of a document
 */
TvmJsonStream *
tvm_json_stream_new (const TvmWireShape *shape,
                     TvmWireRowFunc      func,
                     gpointer            user_data)
{
  TvmJsonStream *self = g_new0 (TvmJsonStream, 1);

  tvm_wire_row_init (&self->row, shape);
  self->func = func;
  self->user_data = user_data;
  self->row_depth = shape->single ? 1 : 3;
  self->member = -1;
  self->names = g_array_new (FALSE, FALSE, sizeof (Name));
  self->lexer = tvm_json_lexer_new (take_event, self);
  return self;
}

/* What went wrong, without an excerpt: bodies are not shown. */
static gboolean
fail (TvmJsonStream   *self,
      TvmJsonVerdict   verdict,
      GError         **error)
{
  if (verdict == TVM_JSON_NOT_UTF8)
    refuse (self, _("a text is not valid UTF-8"));
  else if (verdict == TVM_JSON_TOO_DEEP)
    refuse (self, _("it nests too deep"));
  else if (verdict == TVM_JSON_INVALID)
    refuse (self, _("it is not valid JSON"));
  g_propagate_error (error, self->error != NULL ? g_steal_pointer (&self->error) : NULL);
  return FALSE;
}

/* The first bytes: a byte order mark is passed over, a web page is told apart from broken JSON. */
static gboolean
pass_start (TvmJsonStream  *self,
            const char    **data,
            gsize          *size_bytes)
{
  static const char mark[] = "\xef\xbb\xbf";

  while (*size_bytes > 0 && !self->started)
    {
      if (self->bom_bytes < 3 && **data == mark[self->bom_bytes])
        self->bom_bytes++;
      else if (g_ascii_isspace (**data))
        self->bom_bytes = 3;
      else
        {
          self->started = TRUE;
          if (**data == '<')
            return refuse (self, _("a web page came instead of JSON"));
          break;
        }
      (*data)++;
      (*size_bytes)--;
    }
  return TRUE;
}

/**
 * tvm_json_stream_feed:
 * @self: a reader
 * @data: the next bytes of the document
 * @size_bytes: their number
 * @error: return location for a #TvmError or the row function's error
 *
 * Returns: %FALSE with %TVM_ERROR_BAD_RESPONSE when this cannot become a usable list any more, or
 *   with the row function's error; the reader is not to be used further then
 */
gboolean
tvm_json_stream_feed (TvmJsonStream  *self,
                      const char     *data,
                      gsize           size_bytes,
                      GError        **error)
{
  TvmJsonVerdict verdict;

  if (!pass_start (self, &data, &size_bytes))
    return fail (self, TVM_JSON_STOPPED, error);
  if (size_bytes == 0)
    return TRUE;
  self->saw_event = FALSE;
  verdict = tvm_json_lexer_feed (self->lexer, data, size_bytes);
  if (verdict != TVM_JSON_GOOD)
    return fail (self, verdict, error);
  self->quiet_bytes = self->saw_event ? 0 : self->quiet_bytes + size_bytes;
  if (self->quiet_bytes > MAX_STRING_BYTES)
    {
      refuse (self, _("a text is too long"));
      return fail (self, TVM_JSON_STOPPED, error);
    }
  return TRUE;
}

/**
 * tvm_json_stream_finish:
 * @self: a reader that was given all there is
 * @error: return location for a #TvmError
 *
 * Returns: whether the document ended properly and was a list (or a single object) most of whose
 *   rows were of use;
 *   %TVM_ERROR_BAD_RESPONSE otherwise
 */
gboolean
tvm_json_stream_finish (TvmJsonStream  *self,
                        GError        **error)
{
  if (!self->started)
    refuse (self, _("it is empty"));
  else if (!tvm_json_lexer_is_ended (self->lexer))
    refuse (self, _("it ends in the middle"));
  else if (!self->row.shape->single && !self->has_list)
    refuse (self, _("the member “value” is missing"));
  else if (self->n_useless > self->n_rows)
    refuse (self, _("most of its rows are of no use"));
  else
    return TRUE;
  return fail (self, TVM_JSON_STOPPED, error);
}

/**
 * tvm_json_stream_get_next_link:
 * @self: a reader that finished
 *
 * Returns: (nullable): the document's @odata.nextLink, as it is
 */
const char *
tvm_json_stream_get_next_link (TvmJsonStream *self)
{
  return self->next_link;
}

/**
 * tvm_json_stream_get_n_rows:
 * @self: a reader
 *
 * Returns: how many rows the row function took
 */
int
tvm_json_stream_get_n_rows (TvmJsonStream *self)
{
  return self->n_rows;
}

/**
 * tvm_json_stream_get_n_passed_over:
 * @self: a reader
 *
 * Returns: how many elements of the list were no rows, or such of no use, with one more for a
 *   second list
 */
int
tvm_json_stream_get_n_passed_over (TvmJsonStream *self)
{
  return self->n_passed_over + self->n_useless;
}

/**
 * tvm_json_stream_free:
 * @self: (transfer full): a reader
 */
void
tvm_json_stream_free (TvmJsonStream *self)
{
  tvm_json_lexer_free (self->lexer);
  tvm_wire_row_clear (&self->row);
  g_array_unref (self->names);
  g_clear_error (&self->error);
  g_free (self->next_link);
  g_free (self);
}
