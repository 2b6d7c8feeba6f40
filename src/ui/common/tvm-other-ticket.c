/* tvm-other-ticket.c: see tvm-other-ticket.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-other-ticket.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-said.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static void
open_clicked_cb (GtkWidget *button, const char *uri)
{
  tvm_toolkit_open_uri (GTK_WINDOW (gtk_widget_get_root (button)), uri);
}

/* What it is, who asked and when, for what; a line each. */
static char *
make_words (const TvmTicket *ticket)
{
  g_autofree char *date = tvm_make_instant_date (ticket->created_us);
  g_autofree char *number = tvm_make_number (ticket->devices);
  g_autofree char *names = ticket->groups != NULL ? g_strjoinv (_(", "), ticket->groups) : NULL;
  g_autoptr(GString) words = g_string_new (ticket->title);

  g_string_append_printf (words, "%s", words->len > 0 ? "\n" : "");
  /* Translators: an e-mail address */
  g_string_append_printf (words, _("By %s"), ticket->created_by != NULL ? ticket->created_by
                                                                        : _("N/A"));
  if (date != NULL)
    g_string_append_printf (words, _(", created %s"), date);
  g_string_append_printf (words, "\n%s", names == NULL ? _("Device groups not known")
                                         : *names == '\0' ? _("All device groups") : names);
  if (ticket->devices >= 0)
    {
      g_string_append (words, _(", "));
      g_string_append_printf (words, ngettext ("%s device", "%s devices", (gulong) ticket->devices),
                              number);
    }
  if (ticket->assigned_to != NULL)
    {
      g_string_append_c (words, '\n');
      g_string_append_printf (words, _("Assigned to %s"), ticket->assigned_to);
    }
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/**
 * tvm_other_ticket_row_new:
 * @ticket: a ticket that was made elsewhere
 * @admin_center_uri: (nullable) (transfer none): an address that lives forever, where to find it
 *
 * Returns: (transfer floating): the row, with nothing to change
 */
AdwActionRow *
tvm_other_ticket_row_new (const TvmTicket *ticket, const char *admin_center_uri)
{
  const char *style = NULL, *icon_name = tvm_ticket_icon (ticket->status, &style);
  /* Translators: %s is a ticket's status: "Accepted" */
  g_autofree char *title = g_strdup_printf (_("Microsoft Intune: %s"),
                                            tvm_ticket_status_text (ticket));
  g_autofree char *words = make_words (ticket);
  AdwActionRow *row = tvm_plain_row_new (title, words);
  GtkWidget *open;

  adw_action_row_set_subtitle_lines (row, 0);
  adw_action_row_set_icon_name (row, icon_name);
  if (admin_center_uri == NULL)
    return row;
  open = gtk_button_new_from_icon_name ("tvm-external-symbolic");
  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (open, "flat");
  gtk_widget_set_tooltip_text (open, _("Open in the Intune admin center"));
  tvm_toolkit_name (open, _("Open in the Intune admin center"));
  g_signal_connect (open, "clicked", G_CALLBACK (open_clicked_cb), (gpointer) admin_center_uri);
  adw_action_row_add_suffix (row, open);
  return row;
}
