/* tvm-weakness-row.c: a CVE in a flyout: a link to it with a menu. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-row.h"
#include "tvm-list-cells.h"
#include "tvm-said.h"
#include "tvm-row-menu.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static void
open_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tvm_ui_open_weakness (TVM_RECORD_FLYOUT (widget)->ui, g_variant_get_string (parameter, NULL));
}

static void
copy_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
  tvm_ui_toast (TVM_RECORD_FLYOUT (widget)->ui, _("Copied"));
}

static void
activated_cb (AdwActionRow *row, TvmRecordFlyout *flyout)
{
  tvm_ui_open_weakness (flyout->ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

/**
 * tvm_weakness_row_install:
 * @klass: the flyouts' base, in its class_init
 *
 * Installs "cve.open" and "cve.copy", whose parameter is a CVE.
 */
void
tvm_weakness_row_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "cve.open", "s", open_cb);
  gtk_widget_class_install_action (klass, "cve.copy", "s", copy_cb);
}

static void
add_item (GMenu *menu, const char *label, const char *action_name, GVariant *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action_name, target);
  g_menu_append_item (menu, item);
}

static GMenuModel *
create_menu (const char *cve)
{
  GMenu *menu = g_menu_new ();

  add_item (menu, _("_Open"), "cve.open", g_variant_new ("s", cve));
  add_item (menu, _("_Copy"), "cve.copy", g_variant_new ("s", cve));
  add_item (menu, _("Related _recommendations"), "win.show-list",
            g_variant_new ("(ss)", "recommendations", cve));
  add_item (menu, _("Related _devices"), "win.show-list", g_variant_new ("(ss)", "devices", cve));
  return G_MENU_MODEL (menu);
}

/* What shows of it as an icon is read out with its row. */
static void
add_mark (AdwActionRow *row, const char *icon_name, const char *words, GPtrArray *spoken)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (icon, words);
  tvm_toolkit_name (icon, words);
  g_ptr_array_add (spoken, (gpointer) words);
  adw_action_row_add_suffix (row, icon);
  /* The arrow, which is there already, stays at the end. */
  gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (icon)), icon, NULL);
}

/* What is known of attackers. */
static void
add_marks (AdwActionRow *row, const TvmVulnerability *weakness, GPtrArray *spoken)
{
  if (weakness->exploit_in_kit == TVM_TRUTH_YES)
    add_mark (row, "tvm-exploit-symbolic", _("Part of an exploit kit"), spoken);
  else if (weakness->public_exploit == TVM_TRUTH_YES)
    add_mark (row, "tvm-exploit-symbolic",
              weakness->exploit_verified == TVM_TRUTH_YES ? _("Public exploit, verified")
                                                          : _("Public exploit"), spoken);
  if (weakness->known_exploited == TVM_TRUTH_YES)
    add_mark (row, "tvm-known-exploited-symbolic", _("Known exploited"), spoken);
}

/**
 * tvm_weakness_row_add:
 * @flyout: a flyout
 * @weakness: a CVE
 *
 * Adds its row to the last group.
 */
void
tvm_weakness_row_add (TvmRecordFlyout *flyout, const TvmVulnerability *weakness)
{
  g_autoptr(GMenuModel) menu = create_menu (weakness->id);
  g_autoptr(GPtrArray) spoken = g_ptr_array_new ();
  g_autofree char *words = NULL, *name = NULL;
  AdwActionRow *row;

  if (weakness->cvss >= 0)
    /* Translators: severity and score: "High, CVSS 8.8" */
    words = g_strdup_printf (_("%s, CVSS %.1f"), tvm_vulnerability_severity_text (weakness),
                             weakness->cvss);
  else
    words = g_strdup (tvm_vulnerability_severity_text (weakness));
  row = tvm_list_flyout_add_link (flyout->flyout, weakness->id, words, weakness->id);
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), flyout, 0);
  tvm_row_menu_add (GTK_WIDGET (row), GTK_WIDGET (flyout->flyout), menu);
  if (weakness->name != NULL && g_strcmp0 (weakness->name, weakness->id) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (row), weakness->name);
  g_ptr_array_add (spoken, weakness->id);
  g_ptr_array_add (spoken, words);
  add_marks (row, weakness, spoken);
  name = tvm_make_spoken ((const char *const *) spoken->pdata, spoken->len);
  tvm_toolkit_name (GTK_WIDGET (row), name);
}
