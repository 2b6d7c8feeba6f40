/* test-language.c: texts in a language that is not the process's. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-i18n.h"

#include <locale.h>
#include <string.h>

/* ---- catalogues */

typedef struct { const char *from; gsize from_length; const char *to; gsize to_length; } Entry;

static void
put (GByteArray *bytes, guint32 word, gboolean is_swapped)
{
  if (is_swapped)
    word = GUINT32_SWAP_LE_BE (word);
  g_byte_array_append (bytes, (const guint8 *) &word, sizeof word);
}

/* What msgfmt writes, without a hash table. */
static GByteArray *
build_catalogue (const Entry *entries, guint n, gboolean is_swapped)
{
  GByteArray *bytes = g_byte_array_new ();
  guint32 offset = 28 + 16 * n;

  put (bytes, 0x950412de, is_swapped);
  put (bytes, 0, is_swapped);
  put (bytes, n, is_swapped);
  put (bytes, 28, is_swapped);
  put (bytes, 28 + 8 * n, is_swapped);
  put (bytes, 0, is_swapped);
  put (bytes, 0, is_swapped);
  for (guint i = 0; i < 2 * n; i++)
    {
      gsize length = i < n ? entries[i].from_length : entries[i - n].to_length;

      put (bytes, (guint32) length, is_swapped);
      put (bytes, offset, is_swapped);
      offset += (guint32) length + 1;
    }
  for (guint i = 0; i < 2 * n; i++)
    g_byte_array_append (bytes, (const guint8 *) (i < n ? entries[i].from : entries[i - n].to),
                         (guint) (i < n ? entries[i].from_length : entries[i - n].to_length) + 1);
  return bytes;
}

#define ENTRY(from, to) { from, sizeof from - 1, to, sizeof to - 1 }
static const Entry entries[] = {
  ENTRY ("", "Content-Type: text/plain; charset=UTF-8\n"),
  ENTRY ("ctx\004Save", "Sichern"),
  ENTRY ("device\0devices", "Gerät\0Geräte"),
  ENTRY ("lone\0lones", "Einzel"),
  ENTRY ("not yet", ""),
  ENTRY ("odd", "\xff\xfe"),
};

static void
test_catalogue (void)
{
  for (int is_swapped = 0; is_swapped < 2; is_swapped++)
    {
      g_autoptr(GByteArray) bytes = build_catalogue (entries, G_N_ELEMENTS (entries), is_swapped);
      g_autoptr(GHashTable) texts = tvm_catalogue_read ((const char *) bytes->data, bytes->len, 2);
      const char *forms = g_hash_table_lookup (texts, "device");

      g_assert_cmpstr (g_hash_table_lookup (texts, "ctx\004Save"), ==, "Sichern");
      g_assert_cmpstr (forms, ==, "Gerät");
      g_assert_cmpstr (forms + strlen (forms) + 1, ==, "Geräte");
      /* too few forms, not translated yet, not UTF-8 */
      g_assert_false (g_hash_table_contains (texts, "lone"));
      g_assert_false (g_hash_table_contains (texts, "not yet"));
      g_assert_false (g_hash_table_contains (texts, "odd"));
    }
}

/* Whatever stands in the file, nothing outside of it is read; the sanitizer sees to that. */
static void
test_broken_catalogue (void)
{
  g_autoptr(GByteArray) whole = build_catalogue (entries, G_N_ELEMENTS (entries), FALSE);
  g_autoptr(GRand) rand = g_rand_new_with_seed (13);

  for (guint size = 0; size < whole->len; size++)
    {
      g_autofree char *part = g_memdup2 (whole->data, MAX (size, 1));
      g_autoptr(GHashTable) texts = tvm_catalogue_read (part, size, 2);

      g_assert_nonnull (texts);
    }
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *copy = g_memdup2 (whole->data, whole->len);
      g_autoptr(GHashTable) texts = NULL;
      GHashTableIter iter;
      gpointer from, to;

      for (guint j = 0; j < 3; j++)
        copy[g_rand_int_range (rand, 4, (gint32) whole->len)] = (char) g_rand_int (rand);
      texts = tvm_catalogue_read (copy, whole->len, 2);
      g_hash_table_iter_init (&iter, texts);
      while (g_hash_table_iter_next (&iter, &from, &to))
        g_assert_true (strlen (from) + strlen (to) <= 2 * whole->len);
    }
}

/* ---- languages */

/* The table in the program and the catalogues' own word on plural forms. */
static void
test_plural_rules (void)
{
  static const struct { const char *language, *rule; } rules[] = {
    { "de", "nplurals=2; plural=(n != 1)" }, { "fr", "nplurals=2; plural=(n > 1)" },
    { "ja", "nplurals=1; plural=0" }, { "sv", "nplurals=2; plural=(n != 1)" },
    { "zh_TW", "nplurals=1; plural=0" },
  };

  g_assert_cmpuint (g_strv_length ((char **) tvm_language_list ()), ==, G_N_ELEMENTS (rules) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s/LC_MESSAGES/" GETTEXT_PACKAGE ".mo",
                                               TVM_BUILD_LOCALEDIR, rules[i].language);
      g_autofree char *data = NULL;
      g_autoptr(GHashTable) texts = NULL;
      gsize size;

      g_assert_true (g_strv_contains (tvm_language_list (), rules[i].language));
      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      texts = tvm_catalogue_read (data, size, 1);
      g_assert_nonnull (strstr (g_hash_table_lookup (texts, ""), rules[i].rule));
    }
}

static void
test_texts (void)
{
  static const struct { const char *language, *groups, *none, *one, *two; } texts[] = {
    { "en", "Device groups", "%s devices", "%s device", "%s devices" },
    { "de", "Gerätegruppen", "%s Geräte", "%s Gerät", "%s Geräte" },
    { "fr", "Groupes d’appareils", "%s appareil", "%s appareil", "%s appareils" },
    { "ja", "デバイス グループ", "%s 台のデバイス", "%s 台のデバイス", "%s 台のデバイス" },
    { "sv", "Enhetsgrupper", "%s enheter", "%s enhet", "%s enheter" },
    { "zh_TW", "裝置群組", "%s 台裝置", "%s 台裝置", "%s 台裝置" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find (texts[i].language));

      g_assert_nonnull (tvm_language_current ());
      g_assert_cmpstr (_("Device groups"), ==, texts[i].groups);
      g_assert_cmpstr (ngettext ("%s device", "%s devices", 0), ==, texts[i].none);
      g_assert_cmpstr (ngettext ("%s device", "%s devices", 1), ==, texts[i].one);
      g_assert_cmpstr (ngettext ("%s device", "%s devices", 2), ==, texts[i].two);
      g_assert_cmpstr (_("What nobody ever translated"), ==, "What nobody ever translated");
    }
  g_assert_null (tvm_language_current ());
  g_assert_cmpstr (_("Device groups"), ==, "Device groups");
  g_assert_null (tvm_language_find ("tlh"));
  g_assert_null (tvm_language_find (NULL));
}

static void
test_dates_and_numbers (void)
{
  static const struct { const char *language, *date, *number; } words[] = {
    { "en", "1 May 2026", "1,234,567" }, { "de", "1. Mai 2026", "1.234.567" },
    { "fr", "1 mai 2026", "1\u202f234\u202f567" }, { "ja", "2026年5月1日", "1,234,567" },
    { "sv", "1 maj 2026", "1\u00a0234\u00a0567" }, { "zh_TW", "2026年5月1日", "1,234,567" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find (words[i].language));
      g_autofree char *date = tvm_date_to_words ("2026-05-01");
      g_autofree char *number = tvm_number_to_words (1234567);
      g_autofree char *small = tvm_number_to_words (-123);

      g_assert_cmpstr (date, ==, words[i].date);
      g_assert_cmpstr (number, ==, words[i].number);
      g_assert_cmpstr (small, ==, "-123");
    }
  g_assert_null (tvm_date_to_words ("2026-02-30"));
  g_assert_null (tvm_date_to_words (NULL));
}

static gpointer
translate_thread (gpointer name)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find (name));
      const char *text = _("Device groups");

      if (strcmp (text, strcmp (name, "de") == 0 ? "Gerätegruppen" : "Enhetsgrupper") != 0)
        return (gpointer) text;
      {
        g_auto(TvmLanguageScope) inner = tvm_language_enter (NULL);

        if (strcmp (_("Device groups"), "Device groups") != 0)
          return (gpointer) "the inner one";
      }
      if (_("Device groups") != text)
        return (gpointer) "the outer one";
    }
  return NULL;
}

/* Each thread has its own, and a scope in a scope gives back what was there. */
static void
test_threads (void)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("translate", translate_thread, i % 2 == 0 ? "de" : "sv");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_null (g_thread_join (threads[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, TVM_BUILD_LOCALEDIR);
  g_test_add_func ("/language/catalogue", test_catalogue);
  g_test_add_func ("/language/broken-catalogue", test_broken_catalogue);
  g_test_add_func ("/language/plural-rules", test_plural_rules);
  g_test_add_func ("/language/texts", test_texts);
  g_test_add_func ("/language/dates-and-numbers", test_dates_and_numbers);
  g_test_add_func ("/language/threads", test_threads);
  return g_test_run ();
}
