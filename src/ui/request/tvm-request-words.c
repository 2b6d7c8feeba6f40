/* tvm-request-words.c: the request form's sentences about what it covers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-words.h"
#include "tvm-list-cells.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_request_make_exposed:
 * @recommendation: what is requested
 *
 * Returns: (transfer full): its exposed devices and weaknesses
 */
char *
tvm_request_make_exposed (const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_make_n_of_m (recommendation->exposed_devices,
                                              recommendation->total_devices);
  g_autofree char *weaknesses = tvm_make_number (recommendation->weaknesses);
  g_autofree char *devices = g_strdup_printf (
    ngettext ("%s device exposed", "%s devices exposed", (gulong) recommendation->total_devices),
    exposed);
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

  if (!create_ticket)
    return g_steal_pointer (&devices);
  tickets = g_strdup_printf (ngettext ("%d ticket", "%d tickets", (gulong) coverage->n_tickets),
                             coverage->n_tickets);
  /* Translators: "43 devices covered", how many of them, "1 ticket" */
  return g_strdup_printf (_("%s, %s can go to Intune in %s"), devices, sendable, tickets);
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
  g_autoptr(GString) text = g_string_new ("");

  if (coverage->not_joined > 0)
    g_string_append_printf (text, ngettext ("%s cannot: it is not joined to Microsoft Entra",
                                            "%s cannot: they are not joined to Microsoft Entra",
                                            (gulong) coverage->not_joined), n_not_joined);
  if (coverage->not_joined > 0 && coverage->left_out > 0)
    g_string_append_c (text, '\n');
  if (coverage->left_out > 0)
    g_string_append_printf (text, ngettext ("%s is left out: the ticket is full",
                                            "%s are left out: the ticket is full",
                                            (gulong) coverage->left_out), n_left_out);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * tvm_request_make_split:
 * @coverage: what the form covers in as many tickets as it needs
 * @is_for_several: whether several recommendations fill tickets
 * @out_title: (out) (transfer full): that choice
 * @out_words: (out) (transfer full): what comes of it
 */
void
tvm_request_make_split (const TvmCoverage *coverage, gboolean is_for_several, char **out_title,
                        char **out_words)
{
  int n_last = coverage->joined % TVM_TICKET_MAX_DEVICES;
  g_autofree char *maximum = tvm_make_number (TVM_TICKET_MAX_DEVICES);
  g_autofree char *last = tvm_make_number (n_last > 0 ? n_last : TVM_TICKET_MAX_DEVICES);

  *out_title = g_strdup_printf (ngettext ("Split into %d ticket", "Split into %d tickets",
                                          (gulong) coverage->n_tickets), coverage->n_tickets);
  *out_words = is_for_several
    /* Translators: %s is 10,000 */
    ? g_strdup_printf (_("At most %s devices each"), maximum)
    /* Translators: devices of each ticket but the last, devices of the last ticket */
    : g_strdup_printf (_("%s devices each, %s in the last one"), maximum, last);
}

/**
 * tvm_request_make_first:
 * @coverage: what the form covers in one ticket each
 * @out_title: (out) (transfer full): that choice
 * @out_words: (out) (transfer full): what comes of it
 */
void
tvm_request_make_first (const TvmCoverage *coverage, char **out_title, char **out_words)
{
  g_autofree char *maximum = tvm_make_number (TVM_TICKET_MAX_DEVICES);
  g_autofree char *left = tvm_make_number (coverage->left_out);

  /* Translators: %s is 10,000 */
  *out_title = g_strdup_printf (_("Send the first %s"), maximum);
  *out_words = g_strdup_printf (ngettext ("%s device is left out of the ticket",
                                          "%s devices are left out of the ticket",
                                          (gulong) coverage->left_out), left);
}
