/* tvm-recommendations-list.c: the columns and filters of recommendations. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-recommendations-list.h"
#include "tvm-list-cells.h"
#include "tvm-said.h"
#include "tvm-triage.h"
#include <glib/gi18n-lib.h>

#define SHOWN_IMPACT 0.005  /* what is less rounds to 0.00 and is left out */

/* What stands before what follows, so that it is never cut; NULL: nobody has requested it. */
static const char *
get_requested_words (const TvmRecommendation *recommendation)
{
  /* Translators: of a recommendation: there is a remediation activity for it that is active */
  return recommendation->n_activities > 0 ? _("Already requested") : NULL;
}

static char *
prepend_requested_words (const TvmRecommendation *recommendation, const char *text)
{
  const char *words = get_requested_words (recommendation);

  return words != NULL ? g_strjoin (" · ", words, text, NULL) : g_strdup (text);
}

static char *
make_caption (const TvmRecommendation *recommendation)
{
  /* Translators: remediation type and component: "Update · Google Chrome" */
  g_autofree char *text = g_strdup_printf (_("%s · %s"),
                                           tvm_recommendation_type_text (recommendation),
                                           recommendation->related_component != NULL
                                             ? recommendation->related_component : "–");

  return prepend_requested_words (recommendation, text);
}

static void
fill_name (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;
  g_autofree char *caption = make_caption (recommendation);

  tvm_cell_set_lines (cell, recommendation->name, caption);
}

static void
fill_threats (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_threats (cell, record);
}

static void
fill_exposed (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;
  g_autofree char *exposed = tvm_make_number (recommendation->exposed_devices);
  g_autofree char *total = tvm_make_number (recommendation->total_devices);
  /* Translators: below a number of exposed devices; %s is the number of all devices */
  g_autofree char *of = g_strdup_printf (_("of %s"), total);

  tvm_cell_set_lines (cell, exposed, of);
}

static void
set_impact (GtkWidget *cell, double exposure_impact, double secure_impact)
{
  /* Translators: how far the exposure score falls; %.2f is a positive number after a minus sign */
  g_autofree char *exposure = g_strdup_printf (_("Exposure −%.2f"), ABS (exposure_impact));
  /* Translators: how far Microsoft Secure Score for Devices rises */
  g_autofree char *secure = g_strdup_printf (_("Secure score +%.2f"), ABS (secure_impact));
  const char *lines[3] = { NULL, NULL, NULL };
  gboolean is_known = exposure_impact > TVM_REAL_UNKNOWN && secure_impact > TVM_REAL_UNKNOWN;
  guint n = 0;

  if (exposure_impact > TVM_REAL_UNKNOWN && ABS (exposure_impact) >= SHOWN_IMPACT)
    lines[n++] = exposure;
  if (secure_impact > TVM_REAL_UNKNOWN && ABS (secure_impact) >= SHOWN_IMPACT)
    lines[n++] = secure;
  if (n == 0 && !is_known)
    lines[n++] = _("Unknown");
  tvm_cell_set_lines (cell, lines[0], lines[1]);
}

static void
fill_impact (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;

  set_impact (cell, recommendation->exposure_impact, recommendation->config_score_impact);
}

static void
fill_impact_after (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;

  set_impact (cell, recommendation->exposure_impact_after,
              recommendation->config_score_impact_after);
}

static void
fill_status (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;
  const char *style = NULL, *icon_name = tvm_recommendation_status_icon (recommendation, &style);

  tvm_cell_set_mark (cell, icon_name, style,
                     tvm_recommendation_status_text (recommendation));
}

static void
fill_type (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell,
                     tvm_recommendation_type_text (record));
}

static void
fill_known_exploited (GtkWidget *cell, gconstpointer record)
{
  TvmTruth is_known_exploited = ((const TvmRecommendation *) record)->known_exploited;

  tvm_cell_set_text (cell, is_known_exploited == TVM_TRUTH_YES  ? _("yes")
                           : is_known_exploited == TVM_TRUTH_NO ? _("no") : _("Unknown"));
}

static void
fill_epss (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;
  g_autofree char *percent = tvm_epss_to_percent (recommendation->epss);

  tvm_cell_set_text (cell, percent != NULL ? percent : _("Unknown"));
}

static char *
make_exposed_words (const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_make_number (recommendation->exposed_devices);
  g_autofree char *total = tvm_make_number (recommendation->total_devices);

  /* Translators: exposed devices and all devices */
  return g_strdup_printf (
    ngettext ("%s of %s exposed", "%s of %s exposed", (gulong) recommendation->total_devices),
    exposed, total);
}

static char *
make_words (gconstpointer record)
{
  const TvmRecommendation *recommendation = record;
  g_autofree char *exposed = make_exposed_words (recommendation);
  const char *requested = get_requested_words (recommendation);
  const char *parts[7] = { recommendation->name, exposed };
  guint n = 2;

  if (recommendation->known_exploited == TVM_TRUTH_YES)
    parts[n++] = _("Known exploited");
  if (recommendation->public_exploit == TVM_TRUTH_YES)
    parts[n++] = _("Public exploit");
  if (recommendation->active_alert == TVM_TRUTH_YES)
    parts[n++] = _("Active alert");
  if (requested != NULL)
    parts[n++] = requested;
  if (recommendation->status != TVM_RECOMMENDATION_ACTIVE)
    parts[n++] = tvm_recommendation_status_text (recommendation);
  return tvm_make_spoken (parts, n);
}

/* ---- the narrow list: name, exposed devices and component, threats and status */

static GtkWidget *
create_narrow (void)
{
  return tvm_cell_new_narrow (tvm_cell_new_two_lines (), NULL, tvm_cell_new_threats (),
                              tvm_cell_new_narrow_mark ());
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmRecommendation *recommendation = record;
  GtkWidget *lines = gtk_widget_get_first_child (cell);
  GtkWidget *marks = gtk_widget_get_last_child (lines);
  g_autofree char *exposed = make_exposed_words (recommendation);
  g_autofree char *text = g_strjoin (" · ", exposed, recommendation->related_component, NULL);
  g_autofree char *caption = prepend_requested_words (recommendation, text);

  tvm_cell_set_lines (gtk_widget_get_first_child (lines), recommendation->name, caption);
  tvm_cell_set_threats (gtk_widget_get_first_child (marks), recommendation);
  /* Without the column's heading "None" says nothing. */
  gtk_widget_set_visible (gtk_widget_get_last_child (gtk_widget_get_first_child (marks)), FALSE);
  fill_status (gtk_widget_get_last_child (marks), record);
}

static char *
make_count (guint n_total, const char *shown, const char *total)
{
  return g_strdup_printf (ngettext ("%s of %s recommendation", "%s of %s recommendations", n_total),
                          shown, total);
}

static const char *
to_name (gconstpointer record)
{
  return ((const TvmRecommendation *) record)->name;
}

static const TvmListColumn columns[] = {
  { "name", N_("Recommendation"), "name", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_name,
    NULL, make_words },
  { "threats", N_("Threats"), "urgency", 105, FALSE, FALSE, tvm_cell_new_threats, fill_threats,
    N_("Most urgent first") },
  { "weaknesses", N_("Weaknesses"), "weaknesses", 125, TRUE, FALSE, tvm_cell_new_number,
    .member = G_STRUCT_OFFSET (TvmRecommendation, weaknesses) },
  { "exposed", N_("Exposed"), "exposed", 100, TRUE, FALSE, tvm_cell_new_two_numbers, fill_exposed },
  { "impact", N_("Impact"), "impact", 156, TRUE, FALSE, tvm_cell_new_two_numbers, fill_impact },
  { "status", N_("Status"), "status", 175, FALSE, FALSE, tvm_cell_new_mark, fill_status },
  { "known-exploited", N_("Known exploited"), "known-exploited", 150, FALSE, TRUE,
    tvm_cell_new_text, fill_known_exploited },
  { "epss", N_("EPSS"), "epss", 90, TRUE, TRUE, tvm_cell_new_number, fill_epss },
  { "exposed-after", N_("After exceptions"), "exposed-after", 150, TRUE, TRUE, tvm_cell_new_number,
    .member = G_STRUCT_OFFSET (TvmRecommendation, exposed_after) },
  { "impact-after", N_("Impact after exceptions"), "impact-after", 190, TRUE, TRUE,
    tvm_cell_new_two_numbers, fill_impact_after },
  { "component", N_("Related component"), "component", 170, FALSE, TRUE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmRecommendation, related_component) },
  { "type", N_("Remediation type"), "type", 160, FALSE, TRUE, tvm_cell_new_text, fill_type },
  { "activities", N_("Activities"), "activities", 110, TRUE, TRUE, tvm_cell_new_number,
    .member = G_STRUCT_OFFSET (TvmRecommendation, n_activities) },
};

static const TvmListFilter filters[] = {
  { TVM_FILTER_CHOICE, N_("Status"), G_STRUCT_OFFSET (TvmQuery, status),
    TVM_RECOMMENDATION_FULL_EXCEPTION, tvm_recommendation_status_to_text, "status" },
  { TVM_FILTER_CHOICE, N_("Threats"), G_STRUCT_OFFSET (TvmQuery, threat), TVM_N_THREATS - 1,
    tvm_threat_to_text, "threat" },
  { TVM_FILTER_CHOICE, N_("Severity"), G_STRUCT_OFFSET (TvmQuery, severity), TVM_LEVEL_CRITICAL,
    (TvmChoiceText) tvm_severity_to_text, "severity" },
  { TVM_FILTER_CHOICE, N_("Remediation type"), G_STRUCT_OFFSET (TvmQuery, type),
    TVM_TYPE_ATTENTION_REQUIRED, tvm_remediation_type_to_text, "type" },
  { TVM_FILTER_TEXT, N_("Related component"), G_STRUCT_OFFSET (TvmQuery, component), 0, NULL,
    "component", TVM_FACET_COMPONENT },
  { TVM_FILTER_GROUP, N_("Device group"), G_STRUCT_OFFSET (TvmQuery, device_group), 0, NULL, NULL,
    TVM_FACET_GROUP },
  { TVM_FILTER_CHOICE, N_("Exposed"), G_STRUCT_OFFSET (TvmQuery, exposed), TVM_N_EXPOSED - 1,
    tvm_exposed_to_text, "exposed" },
  /* Translators: a filter: only recommendations whose remediation nobody has requested */
  { TVM_FILTER_FLAG, N_("Not requested"), G_STRUCT_OFFSET (TvmQuery, unrequested_only), 0, NULL,
    "unrequested" },
};

static const TvmListView views[] = {
  { N_("Known exploited"), "[view]\nfilter-threat=1\nfilter-status=1\n" },
  { N_("Not requested"), "[view]\nfilter-unrequested=1\nfilter-status=1\nfilter-exposed=2\n" },
};

/* The list of the Recommendations page. */
const TvmListSpec tvm_recommendations_list = {
  .kind = TVM_LIST_RECOMMENDATIONS, .word = "recommendations", .label = N_("Recommendations"),
  .icon_name = "tvm-recommendations-symbolic", .empty_title = N_("No recommendations yet"),
  .empty_text = N_("Synchronize to get the security recommendations of your organization."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters),
  .id = G_STRUCT_OFFSET (TvmRecommendation, id),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, create_narrow, fill_narrow, NULL, make_words },
  .make_count = make_count, .to_name = to_name, .sort = "urgency",
  .keeps_filters = TRUE, .views = views, .n_views = G_N_ELEMENTS (views),
};
