/* tvm-exceptions-list.c: the columns and filters of exceptions. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exceptions-list.h"
#include "tvm-list-cells.h"
#include "tvm-time.h"
#include "tvm-triage.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_exception_status_icon:
 * @exception: an exception
 * @style: (out): the style class, or %NULL
 *
 * Returns: the icon of its status; a warning where it should be looked at again
 */
const char *
tvm_exception_status_icon (const TvmException *exception, const char **style)
{
  *style = NULL;
  if (exception->review != 0)
    {
      *style = "waiting";
      return "dialog-warning-symbolic";
    }
  switch (exception->status)
    {
    case TVM_EXCEPTION_ACTIVE:
      return exception->is_global ? "tvm-exception-full-symbolic"
                                  : "tvm-exception-partial-symbolic";
    case TVM_EXCEPTION_SUSPENDED:
      return "media-playback-pause-symbolic";
    case TVM_EXCEPTION_REQUESTED:
      *style = "waiting";
      return "tvm-clock-symbolic";
    case TVM_EXCEPTION_REJECTED:
      *style = "rejected";
      return "tvm-rejected-symbolic";
    case TVM_EXCEPTION_EXPIRED:
    case TVM_EXCEPTION_CANCELLED:
    case TVM_N_EXCEPTION_STATUSES:
    default:
      *style = "dim-label";
      return "tvm-left-symbolic";
    }
}

static void
fill_recommendation (GtkWidget *cell, gconstpointer record)
{
  const TvmException *exception = record;

  tvm_cell_set_lines (cell, exception->recommendation_name, exception->related_component);
}

static void
fill_justification (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell,
                     tvm_justification_to_text (((const TvmException *) record)->justification));
}

static char *
make_scope (const TvmException *exception)
{
  return exception->is_global ? g_strdup (_("Global")) : g_strjoinv (_(", "), exception->groups);
}

static void
fill_scope (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *scope = make_scope (record);

  tvm_cell_set_text (cell, scope);
}

static void
fill_devices (GtkWidget *cell, gconstpointer record)
{
  const TvmException *exception = record;

  tvm_cell_set_number (cell, exception->devices);
  gtk_widget_set_tooltip_text (cell, tvm_exception_devices_title (exception));
}

static void
fill_ends (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *date = tvm_make_date (((const TvmException *) record)->ends_on);

  tvm_cell_set_text (cell, date);
}

static const char *
get_status_words (const TvmException *exception)
{
  return exception->review != 0
    /* Translators: an exception that a person should look at again */
    ? _("Review") : tvm_exception_status_to_text (exception->status);
}

static void
fill_status (GtkWidget *cell, gconstpointer record)
{
  const TvmException *exception = record;
  const char *style = NULL;
  const char *icon_name = tvm_exception_status_icon (exception, &style);
  g_autoptr(GString) why = g_string_new (NULL);
  g_autofree char *today = tvm_today ();

  for (guint flag = TVM_REVIEW_ENDS_SOON; flag <= TVM_REVIEW_NEW_GROUPS; flag <<= 1)
    if ((exception->review & flag) != 0)
      {
        g_autofree char *text = tvm_exception_review_text (exception, flag, today);

        g_string_append_printf (why, "%s%s", why->len > 0 ? "\n" : "", text);
      }
  tvm_cell_set_mark (cell, icon_name, style, get_status_words (exception));
  gtk_widget_set_tooltip_text (cell, why->len > 0 ? why->str : NULL);
}

static void
fill_created (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *day = tvm_date_of_instant (((const TvmException *) record)->created_us);
  g_autofree char *date = tvm_make_date (day);

  tvm_cell_set_text (cell, date);
}

static void
fill_type (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell, tvm_remediation_type_to_text (((const TvmException *) record)->type));
}

static char *
make_words (gconstpointer record)
{
  const TvmException *exception = record;
  g_autofree char *scope = make_scope (exception);
  g_autofree char *date = tvm_make_date (exception->ends_on);
  g_autofree char *ends = date != NULL ? g_strdup_printf (_("%s: %s"), _("Last day"), date) : NULL;
  const char *parts[] = { exception->recommendation_name,
                          tvm_justification_to_text (exception->justification), scope,
                          get_status_words (exception), ends };

  return tvm_make_spoken (parts, ends != NULL ? 5 : 4);
}

/* ---- the narrow list: recommendation, justification and scope, status and last day */

static GtkWidget *
create_narrow (void)
{
  return tvm_cell_new_narrow (tvm_cell_new_two_lines (), NULL, tvm_cell_new_narrow_mark (),
                              tvm_cell_new_words ());
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmException *exception = record;
  GtkWidget *lines = gtk_widget_get_first_child (cell);
  GtkWidget *marks = gtk_widget_get_last_child (lines);
  g_autofree char *scope = make_scope (exception);
  /* Translators: justification and scope of an exception: "Risk accepted · Global" */
  g_autofree char *caption = g_strdup_printf (_("%s · %s"),
                                              tvm_justification_to_text (exception->justification),
                                              scope);

  tvm_cell_set_lines (gtk_widget_get_first_child (lines), exception->recommendation_name, caption);
  fill_status (gtk_widget_get_first_child (marks), record);
  fill_ends (gtk_widget_get_last_child (marks), record);
}

/* ---- tables */

static char *
make_count (guint n_total, const char *shown, const char *total)
{
  return g_strdup_printf (ngettext ("%s of %s exception", "%s of %s exceptions", n_total),
                          shown, total);
}

static const TvmListColumn columns[] = {
  { "recommendation", N_("Recommendation"), "recommendation", 0, FALSE, FALSE,
    tvm_cell_new_two_lines,
    fill_recommendation, NULL, make_words },
  { "justification", N_("Justification"), "justification", 190, FALSE, FALSE, tvm_cell_new_text,
    fill_justification },
  { "scope", N_("Device groups"), "scope", 160, FALSE, FALSE, tvm_cell_new_text, fill_scope },
  { "devices", N_("Exposed"), "devices", 100, TRUE, FALSE, tvm_cell_new_number, fill_devices },
  { "ends", N_("Last day"), "ends", 120, FALSE, FALSE, tvm_cell_new_text, fill_ends },
  { "status", N_("Status"), "status", 130, FALSE, FALSE, tvm_cell_new_mark, fill_status },
  { "created", N_("Created on"), "created", 110, FALSE, TRUE, tvm_cell_new_text, fill_created },
  { "created-by", N_("Created by"), "created-by", 160, FALSE, TRUE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmException, created_by) },
  { "type", N_("Remediation type"), "type", 150, FALSE, TRUE, tvm_cell_new_text, fill_type },
};

static const char *
to_name (gconstpointer record)
{
  const TvmException *exception = record;

  return exception->recommendation_name != NULL ? exception->recommendation_name
                                                : exception->recommendation_id;
}

static const TvmListFilter filters[] = {
  { TVM_FILTER_CHOICE, N_("Status"), G_STRUCT_OFFSET (TvmQuery, status), TVM_EXCEPTION_REJECTED,
    tvm_exception_status_to_text, "status" },
  { TVM_FILTER_CHOICE, N_("Justification"), G_STRUCT_OFFSET (TvmQuery, justification),
    TVM_JUSTIFICATION_PLANNED_REMEDIATION, tvm_justification_to_text, "justification" },
  { TVM_FILTER_CHOICE, N_("Remediation type"), G_STRUCT_OFFSET (TvmQuery, type),
    TVM_TYPE_ATTENTION_REQUIRED, tvm_remediation_type_to_text, "type" },
  { TVM_FILTER_CHOICE, N_("Created on"), G_STRUCT_OFFSET (TvmQuery, age), TVM_N_AGES - 1,
    tvm_age_to_text, "age" },
  { TVM_FILTER_GROUP, N_("Device group"), G_STRUCT_OFFSET (TvmQuery, device_group), 0, NULL, NULL,
    TVM_FACET_GROUP },
  { TVM_FILTER_MINE, N_("Mine"), G_STRUCT_OFFSET (TvmQuery, created_by), 0, NULL, "mine" },
  /* Translators: a filter: only exceptions that the signed-in person may approve or reject */
  { TVM_FILTER_APPROVER, N_("Waiting for my approval"), G_STRUCT_OFFSET (TvmQuery, approver), 0,
    NULL, "approvable" },
};

static const TvmListView views[] = {
  { N_("Mine"), "[view]\nfilter-mine=1\n" },
  { N_("New since yesterday"),
    "[view]\nfilter-age=1\nsort=created\ndescending=true\n" },
};

/* The list of the Exceptions tab. */
const TvmListSpec tvm_exceptions_list = {
  .kind = TVM_LIST_EXCEPTIONS, .word = "exceptions", .label = N_("Exceptions"),
  .icon_name = "tvm-exception-full-symbolic", .empty_title = N_("No exceptions filed here"),
  .empty_text = N_("Open a recommendation and choose “Exception options” to file one. "
                   "Exceptions "
                   "made in the portal show as the recommendation's status."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters),
  .id = G_STRUCT_OFFSET (TvmException, id),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, create_narrow, fill_narrow, NULL, make_words },
  .make_count = make_count, .to_name = to_name, .sort = "status",
  .keeps_filters = TRUE, .views = views, .n_views = G_N_ELEMENTS (views),
};
