/* tvm-welcome-page.c: first run: what it is, and the ways in. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-welcome-page.h"

#include <glib/gi18n-lib.h>

static GtkWidget *
add_button (GtkWidget  *box,
            const char *label,
            const char *action_name,
            const char *style)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), TRUE);
  gtk_label_set_justify (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))),
                         GTK_JUSTIFY_CENTER);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, style);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

/**
 * tvm_welcome_page_new:
 * Returns: (transfer floating): the page; its buttons name actions of window and application
 */
GtkWidget *
tvm_welcome_page_new (void)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *note;

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "tvm-remediate");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("TVM Remediate"));
  adw_status_page_set_description (
    ADW_STATUS_PAGE (page), _("Request remediation, hand it to your IT admins and follow every "
                               "device until it is fixed."));
  gtk_widget_add_css_class (add_button (box, _("_Sign in"), "win.sign-in", "pill"),
                            "suggested-action");
  add_button (box, _("_Try the demo tenant"), "app.try-demo", "pill");
  note = gtk_label_new (
    _("Sign in with a Microsoft Entra account that may read Defender Vulnerability "
       "Management. The demo tenant needs no account and no network, and is thrown "
       "away afterwards."));
  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_justify (GTK_LABEL (note), GTK_JUSTIFY_CENTER);
  gtk_widget_set_margin_top (note, 12);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  gtk_box_append (GTK_BOX (box), note);
  add_button (box, _("_Cloud and account settings…"), "win.show-preferences", "flat");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 420);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), clamp);
  return page;
}
