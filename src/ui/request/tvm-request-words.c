/* tvm-request-words.c: the request form's sentences about what it covers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-words.h"
#include "tvm-list-cells.h"
#include <glib/gi18n-lib.h>

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
