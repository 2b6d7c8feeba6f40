/* tvm-weaknesses-list.c: the columns and filters of CVEs. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weaknesses-list.h"
#include "tvm-list-cells.h"
#include "tvm-said.h"
#include "tvm-weakness.h"
#include "tvm-triage.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_weakness_make_epss:
 * @weakness: a CVE
 *
 * Returns: (transfer full): how likely it is to be exploited, in percent
 */
char *
tvm_weakness_make_epss (const TvmVulnerability *weakness)
{
  g_autofree char *percent = tvm_epss_to_percent (weakness->epss);

  return percent != NULL ? g_steal_pointer (&percent) : g_strdup (_("Unknown"));
}

/**
 * tvm_weakness_date:
 * @words: (transfer full): what is known
 * @of_us: of when that is; 0: not known
 *
 * Returns: (transfer full): the words, with the date where it is known
 */
char *
tvm_weakness_date (char *words, gint64 of_us)
{
  g_autofree char *date = of_us != 0 ? tvm_make_instant_date (of_us) : NULL;
  g_autofree char *before = date != NULL ? words : NULL;

  /* Translators: what is known, then the date of the list or catalog that says it. */
  return date != NULL ? g_strdup_printf (_("%s (as of %s)"), before, date) : words;
}

static void
fill_id (GtkWidget *cell, gconstpointer record)
{
  const TvmVulnerability *weakness = record;

  tvm_cell_set_lines (cell, weakness->id, g_strcmp0 (weakness->name, weakness->id) != 0
                                            ? weakness->name : NULL);
}

static void
fill_severity (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell, tvm_vulnerability_severity_text (record));
}

static void
fill_cvss (GtkWidget *cell, gconstpointer record)
{
  const TvmVulnerability *weakness = record;
  g_autofree char *score = weakness->cvss >= 0 ? g_strdup_printf ("%.1f", weakness->cvss)
                                               : g_strdup (_("Unknown"));

  tvm_cell_set_text (cell, score);
  gtk_widget_set_tooltip_text (cell, weakness->cvss_vector);
}

static void
fill_epss (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *words = tvm_weakness_make_epss (record);

  tvm_cell_set_text (cell, words);
}

static void
fill_exploit (GtkWidget *cell, gconstpointer record)
{
  TvmExploit exploit = tvm_vulnerability_exploit (record);

  tvm_cell_set_mark (cell, exploit > TVM_EXPLOIT_NONE ? "tvm-exploit-symbolic" : NULL,
                     exploit > TVM_EXPLOIT_NONE ? "threat" : NULL, tvm_exploit_to_text (exploit));
}

static void
fill_known_exploited (GtkWidget *cell, gconstpointer record)
{
  const TvmVulnerability *weakness = record;
  g_autofree char *words = tvm_known_exploited_text (weakness);
  gboolean is_known = weakness->known_exploited == TVM_TRUTH_YES;

  tvm_cell_set_mark (cell, is_known ? "tvm-known-exploited-symbolic" : NULL,
                     is_known ? "threat" : NULL, words);
}

static void
set_date (GtkWidget *cell, gint64 when_us)
{
  g_autofree char *words = tvm_make_instant_date (when_us);

  tvm_cell_set_text (cell, words != NULL ? words : _("Unknown"));
}

static void
fill_published (GtkWidget *cell, gconstpointer record)
{
  set_date (cell, ((const TvmVulnerability *) record)->published_us);
}

static void
fill_updated (GtkWidget *cell, gconstpointer record)
{
  set_date (cell, ((const TvmVulnerability *) record)->updated_us);
}

static void
fill_first_detected (GtkWidget *cell, gconstpointer record)
{
  set_date (cell, ((const TvmVulnerability *) record)->first_detected_us);
}

static char *
make_exposed_words (const TvmVulnerability *weakness)
{
  g_autofree char *number = tvm_make_number (weakness->exposed_devices);

  if (weakness->exposed_devices < 0)
    return g_strdup (_("Exposed devices not known"));
  return g_strdup_printf (ngettext ("%s device exposed", "%s devices exposed",
                                    (gulong) weakness->exposed_devices), number);
}

static char *
make_words (gconstpointer record)
{
  const TvmVulnerability *weakness = record;
  g_autofree char *exposed = make_exposed_words (weakness);
  const char *parts[4] = { weakness->id, tvm_vulnerability_severity_text (weakness), exposed };
  guint n = 3;

  if (weakness->known_exploited == TVM_TRUTH_YES)
    parts[n++] = _("Known exploited");
  return tvm_make_spoken (parts, n);
}

/* ---- the narrow list: CVE, exposed devices, severity and threat */

static GtkWidget *
create_narrow (void)
{
  return tvm_cell_new_narrow (tvm_cell_new_two_lines (), NULL, tvm_cell_new_words (),
                              tvm_cell_new_narrow_mark ());
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmVulnerability *weakness = record;
  GtkWidget *lines = gtk_widget_get_first_child (cell);
  GtkWidget *marks = gtk_widget_get_last_child (lines);
  g_autofree char *exposed = make_exposed_words (weakness);
  g_autoptr(GString) severity = g_string_new (tvm_vulnerability_severity_text (weakness));
  gboolean is_known = weakness->known_exploited == TVM_TRUTH_YES;
  gboolean has_exploit = tvm_vulnerability_exploit (weakness) > TVM_EXPLOIT_NONE;

  if (weakness->cvss >= 0)
    g_string_append_printf (severity, " %.1f", weakness->cvss);
  tvm_cell_set_lines (gtk_widget_get_first_child (lines), weakness->id, exposed);
  tvm_cell_set_text (gtk_widget_get_first_child (marks), severity->str);
  gtk_label_set_xalign (GTK_LABEL (gtk_widget_get_first_child (marks)), 0);
  tvm_cell_set_mark (gtk_widget_get_last_child (marks),
                     is_known ? "tvm-known-exploited-symbolic" : "tvm-exploit-symbolic", "threat",
                     is_known      ? _("Known exploited")
                     : has_exploit ? _("Public exploit") : "");
  gtk_widget_set_visible (gtk_widget_get_last_child (marks), is_known || has_exploit);
}

static char *
make_count (guint n_total, const char *shown, const char *total)
{
  return g_strdup_printf (ngettext ("%s of %s weakness", "%s of %s weaknesses", n_total),
                          shown, total);
}

static const TvmListColumn columns[] = {
  { "id", N_("CVE"), "id", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_id, NULL, make_words },
  { "severity", N_("Severity"), "severity", 100, FALSE, FALSE, tvm_cell_new_text, fill_severity },
  { "exposed", N_("Exposed"), "exposed", 100, TRUE, FALSE, tvm_cell_new_number,
    .member = G_STRUCT_OFFSET (TvmVulnerability, exposed_devices) },
  { "cvss", N_("CVSS"), "cvss", 70, TRUE, FALSE, tvm_cell_new_number, fill_cvss },
  { "epss", N_("EPSS"), "epss", 80, TRUE, FALSE, tvm_cell_new_number, fill_epss },
  { "exploit", N_("Exploit"), "exploit", 120, FALSE, FALSE, tvm_cell_new_mark, fill_exploit },
  { "known-exploited", N_("Known exploited"), "known-exploited", 200, FALSE, FALSE,
    tvm_cell_new_mark, fill_known_exploited },
  { "first-detected", N_("First found here"), "first-detected", 150, FALSE, FALSE,
    tvm_cell_new_text, fill_first_detected },
  { "name", N_("Name"), "name", 170, FALSE, TRUE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmVulnerability, name) },
  { "published", N_("Published"), "published", 120, FALSE, TRUE, tvm_cell_new_text,
    fill_published },
  { "updated", N_("Updated"), "updated", 120, FALSE, TRUE, tvm_cell_new_text, fill_updated },
  { "recommendations", N_("Recommendations"), "recommendations", 150, TRUE, TRUE,
    tvm_cell_new_number, .member = G_STRUCT_OFFSET (TvmVulnerability, n_recommendations) },
  { "activities", N_("Activities"), "activities", 110, TRUE, TRUE, tvm_cell_new_number,
    .member = G_STRUCT_OFFSET (TvmVulnerability, n_activities) },
  { "exceptions", N_("Exceptions"), "exceptions", 120, TRUE, TRUE, tvm_cell_new_number,
    .member = G_STRUCT_OFFSET (TvmVulnerability, n_exceptions) },
};

static const char *
to_name (gconstpointer record)
{
  return ((const TvmVulnerability *) record)->id;
}

static const TvmListFilter filters[] = {
  { TVM_FILTER_CHOICE, N_("Severity"), G_STRUCT_OFFSET (TvmQuery, severity), TVM_LEVEL_CRITICAL,
    (TvmChoiceText) tvm_severity_to_text, "severity" },
  { TVM_FILTER_CHOICE, N_("Exploit"), G_STRUCT_OFFSET (TvmQuery, exploit), TVM_EXPLOIT_ANY,
    (TvmChoiceText) tvm_exploit_to_text, "exploit" },
  { TVM_FILTER_FLAG, N_("Known exploited"), G_STRUCT_OFFSET (TvmQuery, known_exploited_only), 0,
    NULL, "known-exploited" },
  { TVM_FILTER_CHOICE, N_("Exposed"), G_STRUCT_OFFSET (TvmQuery, exposed), TVM_N_EXPOSED - 1,
    tvm_exposed_to_text, "exposed" },
  { TVM_FILTER_CHOICE, N_("First found here"), G_STRUCT_OFFSET (TvmQuery, age), TVM_N_AGES - 1,
    tvm_age_to_text, "age" },
  { TVM_FILTER_GROUP, N_("Device group"), G_STRUCT_OFFSET (TvmQuery, device_group), 0, NULL, NULL,
    TVM_FACET_GROUP },
};

static const TvmListView views[] = {
  { N_("Known exploited"), "[view]\nfilter-known-exploited=1\nfilter-exposed=2\n" },
  { N_("New since yesterday"),
    "[view]\nfilter-age=1\nsort=first-detected\ndescending=true\n" },
};

/* The list of the Weaknesses page. */
const TvmListSpec tvm_weaknesses_list = {
  .kind = TVM_LIST_WEAKNESSES, .word = "weaknesses", .label = N_("Weaknesses"),
  .icon_name = "tvm-weaknesses-symbolic", .empty_title = N_("No weaknesses"),
  .empty_text = N_("Synchronize to get the CVEs of your organization. The list needs the "
                   "permission Vulnerability.Read."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters),
  .id = G_STRUCT_OFFSET (TvmVulnerability, id),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, create_narrow, fill_narrow, NULL, make_words },
  .make_count = make_count, .to_name = to_name, .sort = "known-exploited",
  .keeps_filters = TRUE, .views = views, .n_views = G_N_ELEMENTS (views),
};
