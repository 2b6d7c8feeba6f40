/* tvm-language.c: see tvm-language.h. Gettext takes its language from the process's locale and
 * environment, which every thread shares, and needs that locale to be installed. So the catalogues
 * are read here, from where gettext was told that they are. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-i18n.h"

#include "tvm-time.h"

#include <langinfo.h>
#include <string.h>

#define GMO_MAGIC         0x950412deu
#define GMO_MAGIC_SWAPPED 0xde120495u
#define GMO_HEADER_BYTES  28

/* When the first of two forms is taken; a test compares these with the catalogues' Plural-Forms. */
typedef enum { ONE_FORM, ONE_IS_ALONE, ZERO_AND_ONE } Plural;

struct _TvmLanguage
{
  const char *name;
  Plural      plural;
  const char *thousands;  /* what stands between groups of three digits */
  gboolean    has_comma;  /* before the decimals */
  GHashTable *texts;      /* (owned) (nullable) once looked for; then it stays */
};

static TvmLanguage languages[] = {
  { "en", ONE_IS_ALONE, ",", FALSE, NULL },
  { "de", ONE_IS_ALONE, ".", TRUE, NULL },
  { "fr", ZERO_AND_ONE, "\u202f", TRUE, NULL },
  { "ja", ONE_FORM, ",", FALSE, NULL },
  { "sv", ONE_IS_ALONE, "\u00a0", TRUE, NULL },
  { "zh_TW", ONE_FORM, ",", FALSE, NULL },
};

static _Thread_local const TvmLanguage *current;

/* ---- a catalogue */

typedef struct
{
  const char *data;
  gsize       size;
  gboolean    is_swapped;
} Catalogue;

static guint32
get_word (const Catalogue *self,
          gsize            offset)
{
  guint32 word;

  memcpy (&word, self->data + offset, sizeof word);
  return self->is_swapped ? GUINT32_SWAP_LE_BE (word) : word;
}

/* Returns: (nullable): the text that entry @i of the table at @table names; it ends with a NUL */
static const char *
get_text (const Catalogue *self,
          guint64          table,
          guint32          i,
          gsize           *out_length)
{
  guint64 entry = table + (guint64) i * 8;
  guint64 length, offset;

  if (entry + 8 > self->size)
    return NULL;
  length = get_word (self, (gsize) entry);
  offset = get_word (self, (gsize) entry + 4);
  if (offset + length >= self->size || self->data[offset + length] != '\0')
    return NULL;
  *out_length = (gsize) length;
  return self->data + offset;
}

static gboolean
has_forms (const char *text,
           gsize       length,
           guint       n_forms)
{
  guint n = 1;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '\0' ? 1 : 0;
  return n >= n_forms;
}

/**
 * tvm_catalogue_read:
 * @data: the bytes of a GMO file, which have to stay
 * @size: how many
 * @n_forms: how many plural forms its language has
 *
 * Reads what msgfmt writes, of either byte order. What cannot be right is passed over.
 *
 * Returns: (transfer full) (element-type utf8 utf8): texts to their translations, in @data; of a
 *   text with plural forms the first form to all of them, one after the other; empty where it is no
 *   catalogue
 */
GHashTable *
tvm_catalogue_read (const char *data,
                    gsize       size,
                    guint       n_forms)
{
  GHashTable *texts = g_hash_table_new (g_str_hash, g_str_equal);
  Catalogue self = { data, size, FALSE };
  guint32 magic = size >= GMO_HEADER_BYTES ? get_word (&self, 0) : 0;

  self.is_swapped = magic == GMO_MAGIC_SWAPPED;
  if ((magic != GMO_MAGIC && !self.is_swapped) || get_word (&self, 4) >> 16 > 1)
    return texts;
  for (guint32 i = 0; i < get_word (&self, 8); i++)
    {
      gsize from_length = 0, to_length = 0;
      const char *from = get_text (&self, get_word (&self, 12), i, &from_length);
      const char *to = from != NULL ? get_text (&self, get_word (&self, 16), i, &to_length) : NULL;

      if (to == NULL)
        break;
      if (*to != '\0' && g_utf8_validate (to, -1, NULL) &&
          (strlen (from) == from_length || has_forms (to, to_length, n_forms)))
        g_hash_table_insert (texts, (char *) from, (char *) to);
    }
  return texts;
}

/* ---- languages */

/**
 * tvm_language_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the languages, English first
 */
const char *const *
tvm_language_list (void)
{
  static const char *const names[] = { "en", "de", "fr", "ja", "sv", "zh_TW", NULL };

  return names;
}

static guint
count_forms (const TvmLanguage *self)
{
  return self->plural == ONE_FORM ? 1 : 2;
}

/* English is what is written in the program, so it has no catalogue. */
static GHashTable *
load_texts (const TvmLanguage *self)
{
  const char *directory = bindtextdomain (GETTEXT_PACKAGE, NULL);
  g_autofree char *path = g_build_filename (directory != NULL ? directory : TVM_LOCALEDIR,
                                            self->name, "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
  char *data = NULL;  /* the texts are in it */
  gsize size = 0;

  if (strcmp (self->name, "en") != 0 && !g_file_get_contents (path, &data, &size, NULL))
    g_debug ("There is no catalogue %s", path);
  return tvm_catalogue_read (data, size, count_forms (self));
}

/**
 * tvm_language_find:
 * @name: (nullable): one of tvm_language_list()
 *
 * Where its catalogue is not there, its texts are English.
 *
 * Returns: (transfer none) (nullable): the language; %NULL: there is none of that name
 */
const TvmLanguage *
tvm_language_find (const char *name)
{
  static GMutex mutex;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&mutex);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_strcmp0 (languages[i].name, name) == 0)
      {
        if (languages[i].texts == NULL)
          languages[i].texts = load_texts (&languages[i]);
        return &languages[i];
      }
  return NULL;
}

/**
 * tvm_language_enter:
 * @language: (nullable): a language; %NULL: that of the process
 *
 * Returns: what tvm_language_leave() needs; keep it in a g_auto variable
 */
TvmLanguageScope
tvm_language_enter (const TvmLanguage *language)
{
  TvmLanguageScope scope = { current };

  current = language;
  return scope;
}

/**
 * tvm_language_leave:
 * @scope: what tvm_language_enter() gave
 *
 * The thread writes as before.
 */
void
tvm_language_leave (TvmLanguageScope *scope)
{
  current = scope->before;
}

/**
 * tvm_language_current:
 *
 * Returns: (transfer none) (nullable): what the thread writes in; %NULL: the process's language
 */
const TvmLanguage *
tvm_language_current (void)
{
  return current;
}

/* ---- texts */

/**
 * tvm_translate:
 * @text: a text of the program
 *
 * Returns: (transfer none): the text in the thread's language; lives forever
 */
const char *
tvm_translate (const char *text)
{
  const char *found;

  if (current == NULL)
    return g_dgettext (GETTEXT_PACKAGE, text);
  found = g_hash_table_lookup (current->texts, text);
  return found != NULL ? found : text;
}

/**
 * tvm_translate_plural:
 * @one: a text of the program, for one
 * @many: the same for several
 * @n: how many there are
 *
 * Returns: (transfer none): the form for @n in the thread's language; lives forever
 */
const char *
tvm_translate_plural (const char *one,
                      const char *many,
                      gulong      n)
{
  const char *forms;

  if (current == NULL)
    return g_dngettext (GETTEXT_PACKAGE, one, many, n);
  forms = g_hash_table_lookup (current->texts, one);
  if (forms == NULL)
    return n == 1 ? one : many;
  if (current->plural == ONE_FORM || n == 1 || (n == 0 && current->plural == ZERO_AND_ONE))
    return forms;
  return forms + strlen (forms) + 1;
}

/**
 * tvm_translate_context:
 * @context: what the text is about, for those who translate it
 * @text: a text of the program
 *
 * Returns: (transfer none): the text in the thread's language; lives forever
 */
const char *
tvm_translate_context (const char *context,
                       const char *text)
{
  g_autofree char *key = g_strconcat (context, "\004", text, NULL);
  const char *found;

  if (current == NULL)
    return g_dpgettext2 (GETTEXT_PACKAGE, context, text);
  found = g_hash_table_lookup (current->texts, key);
  return found != NULL ? found : text;
}

/**
 * tvm_number_to_words:
 * @number: a whole number
 *
 * Returns: (transfer full): its digits in groups of three, as the thread's language writes them
 */
char *
tvm_number_to_words (gint64 number)
{
  g_autofree char *digits = NULL;
  GString *words;
  gsize n_left;

  if (current == NULL)
    return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
  digits = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  words = g_string_new (NULL);
  n_left = strlen (digits);
  for (const char *p = digits; *p != '\0'; p++, n_left--)
    {
      if (p > digits && p[-1] != '-' && n_left % 3 == 0)
        g_string_append (words, current->thousands);
      g_string_append_c (words, *p);
    }
  return g_string_free (words, FALSE);
}

/**
 * tvm_date_to_words:
 * @date: (nullable): a date, YYYY-MM-DD
 *
 * Returns: (transfer full) (nullable): the date in the thread's language: "1 May 2026"; %NULL where
 *   it is none
 */
char *
tvm_date_to_words (const char *date)
{
  static const char *const months[] = {
    NC_("in a date", "January"), NC_("in a date", "February"), NC_("in a date", "March"),
    NC_("in a date", "April"), NC_("in a date", "May"), NC_("in a date", "June"),
    NC_("in a date", "July"), NC_("in a date", "August"), NC_("in a date", "September"),
    NC_("in a date", "October"), NC_("in a date", "November"), NC_("in a date", "December"),
  };
  GString *words;
  int month;

  if (!tvm_date_is_valid (date))
    return NULL;
  month = (int) g_ascii_strtoll (date + 5, NULL, 10);
  /* Translators: a date; put day (%-d), month (%B is its name, %-m its number) and year in your
   * language's order */
  words = g_string_new (tvm_translate (N_("%-d %B %Y")));
  g_string_replace (words, "%-d", date[8] == '0' ? date + 9 : date + 8, 0);
  g_string_replace (words, "%-m", date[5] == '0' ? (char[]) { date[6], '\0' }
                                                 : (char[]) { date[5], date[6], '\0' }, 0);
  g_string_replace (words, "%B", tvm_translate_context ("in a date", months[month - 1]), 0);
  g_string_replace (words, "%Y", (char[]) { date[0], date[1], date[2], date[3], '\0' }, 0);
  return g_string_free (words, FALSE);
}

/**
 * tvm_decimal_is_comma:
 * Returns: whether a comma stands before the decimals of a number, as the thread's language or the
 *   process's locale writes it; spreadsheets then take a semicolon for what parts cells
 */
gboolean
tvm_decimal_is_comma (void)
{
  return current != NULL ? current->has_comma : strcmp (nl_langinfo (RADIXCHAR), ",") == 0;
}
