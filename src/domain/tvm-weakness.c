/* tvm-weakness.c: CVEs found in texts and told in words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness.h"

#include "tvm-known.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The wide forms of "!" to "~". */
#define FIRST_WIDE 0xff01
#define LAST_WIDE  0xff5e
/* Documents write other dashes too, or none, and what nobody sees. */
#define UNSEEN "[\u00ad\u200b-\u200d\u2060\ufeff]*"
#define DASH   "[-\u2010-\u2015\u2212_]"
#define BLANKS "[\\h\u00ad\u200b-\u200d\u2060\ufeff]"
#define BETWEEN \
  "(?:" BLANKS "{0,3}(?:" DASH "|:)[\\s\u00ad\u200b-\u200d\u2060\ufeff]{0,3}|" BLANKS "{1,3})"
#define YEAR   "([0-9](?:" UNSEEN "[0-9]){3})"
#define NUMBER "([0-9](?:" UNSEEN "[0-9]){3,18})"
#define END    "(?!" UNSEEN "[0-9])"
/* One, or several of a year: "CVE-2024-{4947,44308}". Chinese and Japanese stand before it without
 * a blank, and another one does where the cells of a table are copied. */
#define CVE_PATTERN \
  "(?<![A-Za-z])C" UNSEEN "V" UNSEEN "Es?" BETWEEN YEAR BETWEEN "(?:" NUMBER END \
  "|[{(\\[]([0-9,;/|\\s]+)[})\\]])"
/* What goes on with the next one: "/44308", ", -38112", ", 2023-38112". */
#define NEXT_PATTERN \
  "(?:(?:\\h*(?:[,;/&+]|and\\b)\\h*){1,2}(?:((?:19|20)[0-9]{2})" DASH "|" DASH \
  ")|/)([0-9]{4,19})(?![0-9]|" DASH "[0-9])"

/* All that somebody looks for, as the search takes it. */
#define BARE_PATTERN "^\\s*((?:19|20)[0-9]{2})-([0-9]{4,19})\\s*$"

typedef struct
{
  GHashTable   *seen;
  GStrvBuilder *ids;
} CveList;

/* As valid UTF-8, with the narrow form of what Japanese writes wide. */
static char *
make_plain (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *plain = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      g_string_append_unichar (plain, letter >= FIRST_WIDE && letter <= LAST_WIDE
                                        ? letter - FIRST_WIDE + '!' : letter);
    }
  return g_string_free (plain, FALSE);
}

/* Without what nobody sees; empty where nothing matched. */
static char *
fetch_digits (GMatchInfo *match,
              int         n)
{
  g_autofree char *text = g_match_info_fetch (match, n);
  GString *digits = g_string_new (NULL);

  for (const char *at = text; at != NULL && *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
  return g_string_free (digits, FALSE);
}

static void
add_cve (CveList    *list,
         const char *year,
         const char *number)
{
  char *id = g_strdup_printf ("CVE-%s-%s", year, number);
  gsize length = strlen (number);

  if (length < 4 || length > 19)
    g_free (id);
  else if (g_hash_table_add (list->seen, id))
    g_strv_builder_add (list->ids, id);
}

/* Those that follow at @offset and are named by their ends alone. */
static void
add_next (CveList    *list,
          const char *text,
          int         offset,
          char       *year)
{
  static GRegex *regex;
  gboolean is_one = TRUE;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new (NEXT_PATTERN, G_REGEX_CASELESS | G_REGEX_ANCHORED, 0,
                                            NULL));
  while (is_one)
    {
      g_autoptr(GMatchInfo) match = NULL;
      g_autofree char *other = NULL, *number = NULL;

      is_one = g_regex_match_full (regex, text, -1, offset, 0, &match, NULL);
      if (!is_one)
        break;
      other = fetch_digits (match, 1);
      number = fetch_digits (match, 2);
      add_cve (list, *other != '\0' ? other : year, number);
      g_match_info_fetch_pos (match, 0, NULL, &offset);
    }
}

static void
add_match (CveList    *list,
           const char *text,
           GMatchInfo *match)
{
  g_autofree char *year = fetch_digits (match, 1);
  g_autofree char *number = fetch_digits (match, 2);
  g_autofree char *several = g_match_info_fetch (match, 3);
  g_auto(GStrv) numbers = g_strsplit_set (several != NULL ? several : "", ",;/| \t\r\n", -1);
  int end = 0;

  add_cve (list, year, number);
  for (guint i = 0; numbers[i] != NULL; i++)
    add_cve (list, year, numbers[i]);
  if (g_match_info_fetch_pos (match, 0, NULL, &end))
    add_next (list, text, end, year);
}

/* Where year and number are the whole text. */
static void
add_bare (CveList    *list,
          const char *text)
{
  g_autoptr(GRegex) regex = g_regex_new (BARE_PATTERN, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  if (g_regex_match (regex, text, 0, &match))
    {
      g_autofree char *year = fetch_digits (match, 1);
      g_autofree char *number = fetch_digits (match, 2);

      add_cve (list, year, number);
    }
}

/**
 * tvm_text_list_cves:
 * @text: (nullable): any text: an advisory, an e-mail, a search
 *
 * Returns: (transfer full): the ids of the CVEs that it names whole, or after another one of the
 *   same year by their last part, each once, in upper case and in the text's order; "2024-1234"
 *   is one where the text is nothing else
 */
GStrv
tvm_text_list_cves (const char *text)
{
  g_autoptr(GRegex) regex = g_regex_new (CVE_PATTERN, G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  CveList list = { seen, ids };
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *plain = make_plain (text);

  g_regex_match (regex, plain, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    add_match (&list, plain, match);
  add_bare (&list, plain);
  return g_strv_builder_end (ids);
}

/**
 * tvm_text_list_wanted_cves:
 * @text: (nullable): what somebody looks for
 *
 * Returns: (transfer full) (nullable): the CVEs that are looked for instead of the text: it names
 *   several, or one among other words; %NULL where the text itself is looked for
 */
GStrv
tvm_text_list_wanted_cves (const char *text)
{
  g_auto(GStrv) ids = tvm_text_list_cves (text);

  return ids[0] != NULL && !tvm_text_names_cve (text) ? g_steal_pointer (&ids) : NULL;
}

/**
 * tvm_cve_missing_text:
 * @id: a CVE that is not in the store
 * @as_of_us: of when the data are, in microseconds since 1970 UTC; 0: nobody ever asked for all
 *
 * Returns: (transfer full): that it is not there, or that this is not known, for people
 */
char *
tvm_cve_missing_text (const char *id,
                      gint64      as_of_us)
{
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local (as_of_us / TVM_SECOND_US);
  g_autofree char *date = when != NULL ? g_date_time_format (when, _("%-d %b %Y, %H:%M"))
                                          : NULL;

  if (as_of_us == 0)
    /* Translators: a CVE. */
    return g_strdup_printf (_("%s: not known; the list of all CVEs was never synchronized"), id);
  /* Translators: a CVE; a date and time. */
  return g_strdup_printf (_("%s: not found in this tenant (data of %s)"), id,
                          date != NULL ? date : "");
}

/**
 * tvm_vulnerability_exploit:
 * @self: a CVE
 *
 * Returns: how far its exploit is
 */
TvmExploit
tvm_vulnerability_exploit (const TvmVulnerability *self)
{
  if (self->exploit_in_kit == TVM_TRUTH_YES)
    return TVM_EXPLOIT_IN_KIT;
  if (self->exploit_verified == TVM_TRUTH_YES)
    return TVM_EXPLOIT_VERIFIED;
  return self->public_exploit == TVM_TRUTH_YES  ? TVM_EXPLOIT_PUBLIC
         : self->public_exploit == TVM_TRUTH_NO ? TVM_EXPLOIT_NONE
                                                : TVM_EXPLOIT_UNKNOWN;
}

/**
 * tvm_exploit_to_text:
 * @exploit: how far an exploit is
 *
 * Returns: (transfer none): for people
 */
const char *
tvm_exploit_to_text (TvmExploit exploit)
{
  switch (exploit)
    {
    case TVM_EXPLOIT_NONE:
      return C_("exploit", "None");
    case TVM_EXPLOIT_PUBLIC:
      return C_("exploit", "Public");
    case TVM_EXPLOIT_VERIFIED:
      return C_("exploit", "Verified");
    case TVM_EXPLOIT_IN_KIT:
      return C_("exploit", "In a kit");
    case TVM_EXPLOIT_ANY:
      return C_("exploit", "Any");
    case TVM_EXPLOIT_UNKNOWN:
    default:
      return C_("exploit", "Not known");
    }
}

/**
 * tvm_exploit_to_word:
 * @exploit: how far an exploit is
 *
 * Returns: (transfer none) (nullable): for scripts; %NULL: not known
 */
const char *
tvm_exploit_to_word (TvmExploit exploit)
{
  static const char *const words[] = { "none", "public", "verified", "in-kit" };

  return exploit >= 0 && exploit < TVM_EXPLOIT_ANY ? words[exploit] : NULL;
}

/**
 * tvm_known_exploited_text:
 * @self: a CVE
 *
 * Returns: (transfer full): whether it is exploited, as the catalog of known exploited ones says,
 *   for people
 */
char *
tvm_known_exploited_text (const TvmVulnerability *self)
{
  if (self->known_exploited == TVM_TRUTH_UNKNOWN)
    return g_strdup (C_("known exploited", "Not known"));
  if (self->known_exploited == TVM_TRUTH_NO)
    return g_strdup (C_("known exploited", "No"));
  return g_strdup (self->known_ransomware == TVM_TRUTH_YES ? _("Yes, by ransomware too")
                                                           : C_("known exploited", "Yes"));
}

/* ---- the CVSS vector */

static const struct { const char *metric; const char *text; } cvss_words[] = {
  { "AV:N", N_("over the network") },
  { "AV:A", N_("from a neighboring network") },
  { "AV:L", N_("local access needed") },
  { "AV:P", N_("physical access needed") },
  { "AC:L", N_("easy to exploit") },
  { "AC:H", N_("hard to exploit") },
  { "PR:N", N_("no privileges needed") },
  { "PR:L", N_("low privileges needed") },
  { "PR:H", N_("high privileges needed") },
  { "UI:N", N_("nobody has to take part") },
  { "UI:R", N_("a person has to take part") },
  { "UI:P", N_("a person has to take part") },
  { "UI:A", N_("a person has to take part") },
  { "S:C", N_("reaches other components") },
  { "C:H", N_("high loss of confidentiality") },
  { "C:L", N_("low loss of confidentiality") },
  { "VC:H", N_("high loss of confidentiality") },
  { "VC:L", N_("low loss of confidentiality") },
  { "I:H", N_("high loss of integrity") },
  { "I:L", N_("low loss of integrity") },
  { "VI:H", N_("high loss of integrity") },
  { "VI:L", N_("low loss of integrity") },
  { "A:H", N_("high loss of availability") },
  { "A:L", N_("low loss of availability") },
  { "VA:H", N_("high loss of availability") },
  { "VA:L", N_("low loss of availability") },
};

/**
 * tvm_cvss_describe:
 * @vector: (nullable): a CVSS vector of version 3 or 4
 *
 * Returns: (transfer full) (nullable): what its base metrics say, for people; %NULL where it has
 *   none that is known here
 */
char *
tvm_cvss_describe (const char *vector)
{
  g_auto(GStrv) metrics = g_strsplit (vector != NULL ? vector : "", "/", 64);
  g_autoptr(GString) text = g_string_new (NULL);

  if (vector == NULL || (!g_str_has_prefix (vector, "CVSS:3") && !g_str_has_prefix (vector,
                                                                                   "CVSS:4")))
    return NULL;
  for (guint i = 0; metrics[i] != NULL; i++)
    for (guint w = 0; w < G_N_ELEMENTS (cvss_words); w++)
      if (strcmp (metrics[i], cvss_words[w].metric) == 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "",
                                _(cvss_words[w].text));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/**
 * tvm_security_update_text:
 * @update: a security update
 *
 * Returns: (transfer full): what people call it: "KB5044285"
 */
char *
tvm_security_update_text (const TvmSecurityUpdate *update)
{
  return g_ascii_isdigit (*update->id) ? g_strconcat ("KB", update->id, NULL)
                                       : g_strdup (update->id);
}

/* ---- the timeline */

static void
add_event (GPtrArray  *events,
           const char *kind,
           gint64      when_us,
           const char *detail)
{
  TvmWeaknessEvent *event;

  if (when_us <= 0)
    return;
  event = tvm_weakness_event_new ();
  event->kind = g_strdup (kind);
  event->when_us = when_us;
  event->detail = g_strdup (detail);
  g_ptr_array_add (events, event);
}

static int
compare_events (gconstpointer a,
                gconstpointer b)
{
  const TvmWeaknessEvent *const *first = a, *const *second = b;

  return ((*first)->when_us > (*second)->when_us) - ((*first)->when_us < (*second)->when_us);
}

/**
 * tvm_weakness_timeline:
 * @self: a CVE
 * @activities: (element-type TvmActivity): remediation activities of what fixes it
 *
 * Returns: (transfer full) (element-type TvmWeaknessEvent): what is known to have happened, the
 *   oldest first, and when the catalog of known exploited ones wants it fixed
 */
GPtrArray *
tvm_weakness_timeline (const TvmVulnerability *self,
                       GPtrArray              *activities)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_weakness_event_unref);

  add_event (events, "published", self->published_us, NULL);
  add_event (events, "updated", self->updated_us, NULL);
  add_event (events, "first-detected", self->first_detected_us, NULL);
  if (self->known_exploited_due_on != NULL)
    add_event (events, "due", tvm_start_of_date (self->known_exploited_due_on), NULL);
  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *activity = activities->pdata[i];

      add_event (events, "requested", activity->created_us, activity->title);
      add_event (events, "completed", activity->completed_us, activity->title);
    }
  g_ptr_array_sort (events, compare_events);
  return events;
}

/**
 * tvm_weakness_event_text:
 * @event: a line of a timeline
 *
 * Returns: (transfer none): what happened, for people; without the detail
 */
const char *
tvm_weakness_event_text (const TvmWeaknessEvent *event)
{
  static const struct { const char *kind, *text; } texts[] = {
    { "published", N_("Published") },
    { "updated", N_("Description updated") },
    { "first-detected", N_("First found here") },
    { "due", N_("To be fixed by then, as the catalog of known exploited ones says") },
    { "requested", N_("Remediation requested") },
    { "completed", N_("Remediation completed") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].kind, event->kind) == 0)
      return _(texts[i].text);
  return event->kind;
}
