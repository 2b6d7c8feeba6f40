/* tvm-request-words.c: the request form's sentences about what it covers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-words.h"
#include "tvm-known.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_request_make_types:
 * @items: (element-type TvmRequestItem): what the form requests
 * @types: (out caller-allocates): the remediation types that it offers
 *
 * Returns: (transfer full): their names in that order; of several with how many each fits
 */
GListModel *
tvm_request_make_types (GPtrArray *items, TvmRemediationType types[5])
{
  GtkStringList *names = gtk_string_list_new (NULL);
  guint n_fitting[5];
  guint n = tvm_request_items_types (items, types, n_fitting);

  for (guint i = 0; i < n; i++)
    {
      const char *type = tvm_remediation_type_to_text (types[i]);
      g_autofree char *fitting = tvm_make_number (n_fitting[i]);
      g_autofree char *total = tvm_make_number (items->len);
      /* Translators: a remediation type, how many recommendations it fits, how many there are */
      g_autofree char *text = g_strdup_printf (_("%s (%s of %s)"), type, fitting, total);

      gtk_string_list_append (names, items->len > 1 ? text : type);
    }
  return G_LIST_MODEL (names);
}

/**
 * tvm_request_make_exposed:
 * @recommendation: what is requested
 *
 * Returns: (transfer full): its exposed devices and weaknesses
 */
char *
tvm_request_make_exposed (const TvmRecommendation *recommendation)
{
  g_autofree char *weaknesses = tvm_make_number (recommendation->weaknesses);
  g_autofree char *devices = tvm_make_exposed (recommendation);
  g_autofree char *cves = g_strdup_printf (
    ngettext ("%s weakness", "%s weaknesses", (gulong) recommendation->weaknesses), weaknesses);

  return g_strdup_printf (_("%s, %s"), devices, cves);
}

/**
 * tvm_request_make_covered:
 * @coverage: what the form covers
 * @create_ticket: whether a ticket is wanted
 *
 * Returns: (transfer full): how many devices, how many of them in how many tickets
 */
char *
tvm_request_make_covered (const TvmCoverage *coverage, gboolean create_ticket)
{
  g_autofree char *number = tvm_make_number (coverage->covered);
  g_autofree char *sendable = tvm_make_number (coverage->joined - coverage->left_out);
  g_autofree char *devices = g_strdup_printf (
    ngettext ("%s device covered", "%s devices covered", (gulong) coverage->covered), number);
  g_autofree char *tickets = NULL;

  if (coverage->lacks_devices && coverage->covered == 0)
    return g_strdup (_("It is not known which devices this covers"));
  if (coverage->lacks_devices)
    /* Translators: there may be more */
    return g_strdup_printf (ngettext ("%s device or more covered", "%s devices or more covered",
                                      (gulong) coverage->covered), number);
  if (!create_ticket)
    return g_steal_pointer (&devices);
  tickets = g_strdup_printf (ngettext ("%d ticket", "%d tickets", (gulong) coverage->n_tickets),
                             coverage->n_tickets);
  if (coverage->joined < 0)
    /* Translators: "43 devices covered" */
    return g_strdup_printf (_("%s, it is not known how many can go to Intune"), devices);
  /* Translators: "43 devices covered", how many of them, "1 ticket" */
  return g_strdup_printf (_("%s, %s can go to Intune in %s"), devices, sendable, tickets);
}

/**
 * tvm_request_make_summary:
 * @sums: what the form covers in all
 * @n_items: how many recommendations it is about
 * @n_requests: how many of them are requested
 * @create_ticket: whether a ticket is wanted
 *
 * Returns: (transfer full): what submitting makes; of several with the number of requests
 */
char *
tvm_request_make_summary (const TvmCoverage *sums, guint n_items, guint n_requests,
                          gboolean create_ticket)
{
  g_autofree char *covered = tvm_request_make_covered (sums, create_ticket);
  g_autofree char *number = tvm_make_number (n_requests);
  g_autofree char *requests = g_strdup_printf (
    ngettext ("%s request", "%s requests", n_requests), number);

  if (n_items == 1)
    return g_steal_pointer (&covered);
  /* Translators: "3 requests" and what they cover */
  return g_strdup_printf (_("%s: %s"), requests, covered);
}

/**
 * tvm_request_make_rest:
 * @item: what the form requests, planned
 * @request: the form
 *
 * Returns: (transfer full): why nothing can be requested, or what the service counts besides what
 *   is covered, a line each; empty where that is the same
 */
char *
tvm_request_make_rest (const TvmRequestItem *item, const TvmRequest *request)
{
  g_autoptr(GError) error = NULL;

  if (!tvm_request_item_covers_any (item, request, &error))
    return g_strdup (error->message);
  return tvm_request_facts_describe_rest (&item->facts, request);
}

/**
 * tvm_request_make_cannot:
 * @coverage: what the form covers
 *
 * Returns: (transfer full): what cannot go to Intune and why, a line each; empty if all can
 */
char *
tvm_request_make_cannot (const TvmCoverage *coverage)
{
  g_autofree char *n_not_joined = tvm_make_number (coverage->not_joined);
  g_autofree char *n_left_out = tvm_make_number (coverage->left_out);
  g_autofree char *n_same = tvm_make_number (coverage->same);
  g_autoptr(GString) text = g_string_new ("");

  if (coverage->joined < 0)
    g_string_append (text, _("Which of them are joined to Microsoft Entra is not known: the list "
                             "of devices was never synchronized as a whole, or does not tell"));
  if (coverage->not_joined > 0)
    g_string_append_printf (text, ngettext ("%s cannot: it is not joined to Microsoft Entra",
                                            "%s cannot: they are not joined to Microsoft Entra",
                                            (gulong) coverage->not_joined), n_not_joined);
  if (text->len > 0 && coverage->same > 0)
    g_string_append_c (text, '\n');
  if (coverage->same > 0)
    g_string_append_printf (text, ngettext ("%s is the same device in Microsoft Entra as another",
                                            "%s are the same devices in Microsoft Entra as others",
                                            (gulong) coverage->same), n_same);
  if (text->len > 0 && coverage->left_out > 0)
    g_string_append_c (text, '\n');
  if (coverage->left_out > 0)
    g_string_append_printf (text, ngettext ("%s is left out: the ticket is full",
                                            "%s are left out: the ticket is full",
                                            (gulong) coverage->left_out), n_left_out);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_in_several (AdwActionRow *row, const TvmCoverage *coverage, gboolean is_for_several)
{
  int n_last = coverage->joined % TVM_TICKET_MAX_DEVICES;
  g_autofree char *maximum = tvm_make_number (TVM_TICKET_MAX_DEVICES);
  g_autofree char *last = tvm_make_number (n_last > 0 ? n_last : TVM_TICKET_MAX_DEVICES);
  g_autofree char *title = g_strdup_printf (
    ngettext ("Split into %d ticket", "Split into %d tickets", (gulong) coverage->n_tickets),
    coverage->n_tickets);
  g_autofree char *words = is_for_several
    /* Translators: %s is 10,000 */
    ? g_strdup_printf (_("At most %s devices each"), maximum)
    /* Translators: devices of each ticket but the last, devices of the last ticket */
    : g_strdup_printf (_("%s devices each, %s in the last one"), maximum, last);

  tvm_plain_row_set (row, title, words);
}

static void
show_first (AdwActionRow *row, const TvmCoverage *coverage)
{
  g_autofree char *maximum = tvm_make_number (TVM_TICKET_MAX_DEVICES);
  g_autofree char *left = tvm_make_number (coverage->left_out);
  /* Translators: %s is 10,000 */
  g_autofree char *title = g_strdup_printf (_("Send the first %s"), maximum);
  g_autofree char *words = g_strdup_printf (ngettext ("%s device is left out of the ticket",
                                                      "%s devices are left out of the ticket",
                                                      (gulong) coverage->left_out), left);

  tvm_plain_row_set (row, title, words);
}

/**
 * tvm_request_show_split:
 * @items: (element-type TvmRequestItem): what the form requests; planned anew by this
 * @request: the form
 * @split_row: the choice of several tickets
 * @first_row: the choice of one
 *
 * Says what the two ways to treat more than 10,000 devices make of them, if there are so many.
 */
void
tvm_request_show_split (GPtrArray        *items,
                        const TvmRequest *request,
                        AdwActionRow     *split_row,
                        AdwActionRow     *first_row)
{
  g_autoptr(TvmRequest) either = tvm_request_copy (request);
  TvmCoverage split, first;

  either->split = TRUE;
  tvm_request_items_plan (items, either, &split);
  either->split = FALSE;
  tvm_request_items_plan (items, either, &first);
  show_in_several (split_row, &split, items->len > 1);
  show_first (first_row, &first);
  gtk_widget_set_visible (GTK_WIDGET (split_row), first.left_out > 0);
  gtk_widget_set_visible (GTK_WIDGET (first_row), first.left_out > 0);
}

/**
 * tvm_request_get_threat:
 * @recommendation: a recommendation
 * @out_icon_name: (out): the mark of it
 *
 * Returns: (nullable): why it is urgent, %NULL where it is not known to be
 */
const char *
tvm_request_get_threat (const TvmRecommendation *recommendation, const char **out_icon_name)
{
  if (recommendation->known_exploited == TVM_TRUTH_YES)
    {
      *out_icon_name = "tvm-known-exploited-symbolic";
      return _("Known exploited");
    }
  *out_icon_name = "tvm-exploit-symbolic";
  return recommendation->public_exploit == TVM_TRUTH_YES ? _("Public exploit") : NULL;
}

/**
 * tvm_request_make_fetching:
 * @n_done: recommendations whose exposed devices came
 * @n_total: of so many
 *
 * Returns: (transfer full): how far that is
 */
char *
tvm_request_make_fetching (guint n_done, guint n_total)
{
  g_autofree char *done = tvm_make_number (n_done);
  g_autofree char *total = tvm_make_number (n_total);

  /* Translators: done and all recommendations */
  return g_strdup_printf (ngettext ("Getting the exposed devices: %s of %s recommendation",
                                    "Getting the exposed devices: %s of %s recommendations",
                                    n_total), done, total);
}

/**
 * tvm_request_is_urgent:
 * @items: (element-type TvmRequestItem): what the form requests
 *
 * Returns: whether any of it is known to be exploited, or to have a public exploit
 */
gboolean
tvm_request_is_urgent (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const TvmRecommendation *r =
        ((const TvmRequestItem *) items->pdata[i])->facts.recommendation;

      if (r->known_exploited == TVM_TRUTH_YES || r->public_exploit == TVM_TRUTH_YES)
        return TRUE;
    }
  return FALSE;
}
