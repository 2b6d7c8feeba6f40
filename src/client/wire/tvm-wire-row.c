/* tvm-wire-row.c: the members of a row, read without trusting their types. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-wire-row-private.h"
#include "tvm-error.h"
#include "tvm-known-exploited.h"
#include "tvm-said.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define CVE         "CVE"
#define SHORTEST_ID 32   /* digits of a GUID without its dashes */

/* What people write with several lines. */
static const char *const prose[] = { "description", "requesterNotes", NULL };

/* Numbers of devices, activities and tickets among them, in hexadecimal digits, and CVEs. */
static const char *const ids[] = { "id", "deviceId", "cveId", NULL };

static void
want_member (TvmWireRow *row,
             const char *name)
{
  TvmWireMember member = { .name = name, .length = strlen (name),
                           .keeps_lines = g_strv_contains (prose, name),
                           .is_id = g_strv_contains (ids, name) };

  g_array_append_val (row->members, member);
}

/**
 * tvm_wire_fold_digits:
 * @text: an id
 *
 * A number is the same in whatever case its digits come: in lower case it is written the same, too.
 * So is a CVE, in upper case. Names ("va-…") are no numbers and stay.
 */
void
tvm_wire_fold_digits (char *text)
{
  gsize length = strspn (text, "0123456789abcdefABCDEF-");

  if (tvm_cve_id_is_valid (text))
    memcpy (text, CVE, strlen (CVE));
  if (length < SHORTEST_ID || text[length] != '\0')
    return;
  for (gsize i = 0; i < length; i++)
    text[i] = (char) (text[i] | (text[i] >= 'A' && text[i] <= 'F' ? 0x20 : 0));
}

/**
 * tvm_wire_row_init:
 * @row: a row
 * @shape: (transfer none): which members it has; must outlive it
 */
void
tvm_wire_row_init (TvmWireRow         *row,
                   const TvmWireShape *shape)
{
  row->shape = shape;
  row->text = g_string_sized_new (1024);
  row->members = g_array_new (FALSE, FALSE, sizeof (TvmWireMember));
  for (guint i = 0; shape->fields != NULL && i < shape->fields->n_fields; i++)
    if (shape->fields->fields[i].wire != NULL)
      want_member (row, shape->fields->fields[i].wire);
  for (guint i = 0; shape->members != NULL && shape->members[i] != NULL; i++)
    want_member (row, shape->members[i]);
}

/**
 * tvm_wire_row_empty:
 * @row: a row
 *
 * Makes it ready for the next one of its list.
 */
void
tvm_wire_row_empty (TvmWireRow *row)
{
  for (guint i = 0; i < row->members->len; i++)
    TVM_WIRE_MEMBER (row, i)->value = (TvmWireValue) { 0 };
  g_string_truncate (row->text, 0);
}

/**
 * tvm_wire_row_open:
 * @row: a row
 * @member: its number in the row's shape
 * @kind: of the object or array whose items come next
 *
 * Takes the place of what came by the same name before.
 */
void
tvm_wire_row_open (TvmWireRow       *row,
                   guint             member,
                   TvmWireValueKind  kind)
{
  TvmWireValue *value = &TVM_WIRE_MEMBER (row, member)->value;

  *value = (TvmWireValue) { .kind = kind, .offset = row->text->len,
                            .is_odd = value->kind == TVM_WIRE_ARRAY };
}

/**
 * tvm_wire_row_clear:
 * @row: a row
 *
 * Frees what it has.
 */
void
tvm_wire_row_clear (TvmWireRow *row)
{
  g_array_unref (row->members);
  g_string_free (row->text, TRUE);
}

static gboolean
is_blank (const char *text)
{
  if (g_ascii_isgraph (*text))
    return FALSE;  /* as nearly all begin */
  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text == '\0';
}

/**
 * tvm_wire_row_get_string:
 * @row: a row
 * @member: its number in the row's shape, as of tvm_wire_row_find()
 *
 * Returns: (nullable): the text of a string or a number, lent until the row function returns; %NULL
 *   for anything else and for one that is empty or blank
 */
const char *
tvm_wire_row_get_string (const TvmWireRow *row,
                         guint             member)
{
  const TvmWireValue *value = &TVM_WIRE_MEMBER (row, member)->value;
  const char *text = row->text->str + value->offset;

  if (value->kind != TVM_WIRE_STRING && value->kind != TVM_WIRE_NUMBER)
    return NULL;
  return is_blank (text) ? NULL : text;
}

/**
 * tvm_wire_row_get_kind:
 * @row: a row
 * @member: its number in the row's shape
 *
 * Returns: what came as its value, if something did
 */
TvmWireValueKind
tvm_wire_row_get_kind (const TvmWireRow *row,
                       guint             member)
{
  return TVM_WIRE_MEMBER (row, member)->value.kind;
}

/**
 * tvm_wire_row_get_double:
 * @row: a row
 * @member: its number in the row's shape
 * @fallback: for what is absent, null or no finite number
 *
 * Returns: the member, also where it is a number written as a string, else @fallback
 */
double
tvm_wire_row_get_double (const TvmWireRow *row,
                         guint             member,
                         double            fallback)
{
  const char *text = tvm_wire_row_get_string (row, member);
  char *end = NULL;
  double number;

  if (text == NULL)
    return fallback;
  number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (number) ? number : fallback;
}

/**
 * tvm_wire_row_get_int:
 * @row: a row
 * @member: its number in the row's shape
 * @fallback: for what is absent, null or no whole number within the range of an int
 *
 * Returns: the member, else @fallback
 */
int
tvm_wire_row_get_int (const TvmWireRow *row,
                      guint             member,
                      int               fallback)
{
  double number = tvm_wire_row_get_double (row, member, fallback);

  return number >= G_MININT && number <= G_MAXINT && number == floor (number) ? (int) number
                                                                              : fallback;
}

/**
 * tvm_wire_row_get_boolean:
 * @row: a row
 * @member: its number in the row's shape
 * @fallback: for what is absent or null; may be -1 to tell that apart
 *
 * Returns: the member, also where it is written as a string or a number, else @fallback
 */
gboolean
tvm_wire_row_get_boolean (const TvmWireRow *row,
                          guint             member,
                          gboolean          fallback)
{
  const TvmWireValue *value = &TVM_WIRE_MEMBER (row, member)->value;
  const char *text = tvm_wire_row_get_string (row, member);

  if (value->kind == TVM_WIRE_YES || value->kind == TVM_WIRE_NO)
    return value->kind == TVM_WIRE_YES;
  if (text == NULL)
    return fallback;
  return g_ascii_strcasecmp (text, "true") == 0 || strcmp (text, "1") == 0;
}

/**
 * tvm_wire_row_get_instant:
 * @row: a row
 * @member: its number in the row's shape
 *
 * Returns: the instant in microseconds since 1970, 0 where there is none, or a placeholder for that
 */
gint64
tvm_wire_row_get_instant (const TvmWireRow *row,
                          guint             member)
{
  const char *text = tvm_wire_row_get_string (row, member);
  gint64 instant_us;

  return !tvm_time_is_placeholder (text) && tvm_parse_instant (text, &instant_us) ? instant_us : 0;
}

/**
 * tvm_wire_row_dup_strv:
 * @row: a row
 * @member: its number in the row's shape
 *
 * Returns: (transfer full): the texts of an array, none where it is no array
 */
char **
tvm_wire_row_dup_strv (const TvmWireRow *row,
                       guint             member)
{
  const TvmWireValue *value = &TVM_WIRE_MEMBER (row, member)->value;
  guint n_items = value->kind == TVM_WIRE_ARRAY ? value->n_items : 0;
  char **items = g_new0 (char *, n_items + 1);
  const char *text = row->text->str + value->offset;

  for (guint i = 0; i < n_items; i++, text += strlen (text) + 1)
    items[i] = g_strdup (text);
  return items;
}

/**
 * tvm_wire_row_is_odd:
 * @row: a row
 * @member: its number in the row's shape
 *
 * Returns: whether an array has items that are no texts, or came twice, so that nobody knows what
 *   tvm_wire_row_dup_strv() lacks
 */
gboolean
tvm_wire_row_is_odd (const TvmWireRow *row,
                     guint             member)
{
  return TVM_WIRE_MEMBER (row, member)->value.is_odd;
}

/**
 * tvm_wire_row_dup_lines:
 * @row: a row
 * @member: its number in the row's shape
 *
 * Returns: (transfer full) (nullable): the texts of an array, one a line; empty: there are none;
 *   %NULL where it is no array
 */
char *
tvm_wire_row_dup_lines (const TvmWireRow *row,
                        guint             member)
{
  g_auto(GStrv) items = NULL;

  if (TVM_WIRE_MEMBER (row, member)->value.kind != TVM_WIRE_ARRAY)
    return NULL;
  items = tvm_wire_row_dup_strv (row, member);
  for (guint i = 0; items[i] != NULL; i++)
    g_strdelimit (items[i], "\r\n", ' ');
  return g_strjoinv ("\n", items);
}

/**
 * tvm_wire_row_is_setting:
 * @row: a row
 * @member: its number in the row's shape: the id of a recommendation
 *
 * Returns: whether the recommendation is about a setting; %FALSE where there is no id
 */
gboolean
tvm_wire_row_is_setting (const TvmWireRow *row,
                         guint             member)
{
  const char *id = tvm_wire_row_get_string (row, member);

  return id != NULL && g_ascii_strncasecmp (id, "sca-", 4) == 0;
}

/**
 * tvm_wire_row_find:
 * @row: a row
 * @name: one of the members its shape names
 *
 * Returns: the member's number
 */
guint
tvm_wire_row_find (const TvmWireRow *row,
                   const char       *name)
{
  for (guint member = 0; member < row->members->len; member++)
    if (strcmp (TVM_WIRE_MEMBER (row, member)->name, name) == 0)
      return member;
  g_assert_not_reached ();
}

/**
 * tvm_wire_row_require_id:
 * @row: a row
 * @error: return location for a #TvmError
 *
 * Returns: (nullable): the row's id, its shape's first member, lent until the row function returns;
 *   %NULL with %TVM_ERROR_BAD_RESPONSE that names the member
 */
const char *
tvm_wire_row_require_id (const TvmWireRow *row,
                         GError          **error)
{
  const char *id = tvm_wire_row_get_string (row, 0);

  if (id == NULL)
    g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                 /* Translators: a list's name, then a JSON member's name */
                 _("The answer for the list “%s” is not usable: a row has no “%s”. Nothing "
                   "of it was kept; try again later."),
                 row->shape->name, TVM_WIRE_MEMBER (row, 0)->name);
  return id;
}

/* Only the date part: a due date is a calendar date, whatever the hour. */
static char *
dup_date (const TvmWireRow *row,
          guint             member)
{
  const char *text = tvm_wire_row_get_string (row, member);
  g_autofree char *date = text != NULL ? g_strndup (text, 10) : NULL;

  return tvm_date_is_valid (date) && !tvm_time_is_placeholder (text) ? g_steal_pointer (&date)
                                                                     : NULL;
}

static gboolean
is_told (const TvmWireRow *row,
         guint             member)
{
  return TVM_WIRE_MEMBER (row, member)->value.kind == TVM_WIRE_ARRAY;
}

/* What no such number can be is not known. */
static double
read_double (const TvmWireRow *row,
             guint             member,
             const TvmField   *field)
{
  double number = tvm_wire_row_get_double (row, member, field->unknown);

  return field->most > 0 && (number < 0 || number > field->most) ? field->unknown : number;
}

static void
read_field (const TvmWireRow *row,
            guint             member,
            const TvmField   *field,
            gpointer          record)
{
  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
      TVM_FIELD_AT (char *, record, field) = g_strdup (tvm_wire_row_get_string (row, member));
      break;
    case TVM_FIELD_DATE:
      TVM_FIELD_AT (char *, record, field) = dup_date (row, member);
      break;
    case TVM_FIELD_LINES:
      TVM_FIELD_AT (char *, record, field) = tvm_wire_row_dup_lines (row, member);
      break;
    case TVM_FIELD_LIST:
      TVM_FIELD_AT (char **, record, field) = is_told (row, member) || field->unknown >= 0
                                                ? tvm_wire_row_dup_strv (row, member) : NULL;
      break;
    case TVM_FIELD_INT:
      TVM_FIELD_AT (int, record, field) =
        MAX (tvm_wire_row_get_int (row, member, (int) field->unknown), (int) field->unknown);
      break;
    case TVM_FIELD_DOUBLE:
      TVM_FIELD_AT (double, record, field) = read_double (row, member, field);
      break;
    case TVM_FIELD_BOOLEAN:
      TVM_FIELD_AT (gboolean, record, field) =
        tvm_wire_row_get_boolean (row, member, (int) field->unknown);
      break;
    case TVM_FIELD_INSTANT:
      TVM_FIELD_AT (gint64, record, field) = tvm_wire_row_get_instant (row, member);
      break;
    case TVM_FIELD_WORD:
      if (field->words->wire != NULL)
        TVM_FIELD_AT (int, record, field) =
          tvm_words_from_wire (field->words, tvm_wire_row_get_string (row, member));
      break;
    case TVM_FIELD_KEY:
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

/* A word that the vocabulary does not know is kept as it is. */
static void
note_said (const TvmWireRow *row,
           guint             member,
           const TvmField   *field,
           char           ***said)
{
  const char *word;

  if (field->kind != TVM_FIELD_WORD || field->words->wire == NULL)
    return;
  word = tvm_wire_row_get_string (row, member);
  if (!tvm_words_knows (field->words, word))
    tvm_said_add (said, field->column, word);
}

/**
 * tvm_wire_row_to_record:
 * @row: a row whose shape has fields
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): a new record with what the row says, each member by its
 *   description alone; %NULL where the row has no id
 */
gpointer
tvm_wire_row_to_record (const TvmWireRow *row,
                        GError          **error)
{
  const TvmFields *fields = row->shape->fields;
  gpointer record;
  char **said = NULL;
  guint member = 0;

  if (tvm_wire_row_require_id (row, error) == NULL)
    return NULL;
  record = tvm_fields_new_record (fields);
  for (guint i = 0; i < fields->n_fields; i++)
    if (fields->fields[i].wire != NULL)
      {
        note_said (row, member, &fields->fields[i], &said);
        read_field (row, member++, &fields->fields[i], record);
      }
  if (fields->said != 0)
    {
      g_strfreev (G_STRUCT_MEMBER (char **, record, fields->said));
      G_STRUCT_MEMBER (char **, record, fields->said) = said;
    }
  return record;
}
