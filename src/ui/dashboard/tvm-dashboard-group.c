/* tvm-dashboard-group.c: the device group that is chosen on other pages, on the dashboard: which
 * one it is, what it does not hold for, and the way back to all. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-dashboard-group.h"
#include "tvm-list-filters.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static GAction *
get_action (GtkWidget *line)
{
  return g_object_get_data (G_OBJECT (line), "tvm-group");
}

static void
update (GtkWidget *line)
{
  const char *group = tvm_dashboard_group_get (line);
  GtkWidget *words = gtk_widget_get_first_child (line);
  /* Translators: a filter and what it is set to: "Device group: Finance" */
  g_autofree char *title = g_strdup_printf (_("%s: %s"), _("Device group"),
                                            group != NULL ? group : "");

  gtk_widget_set_visible (line, group != NULL);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (words)), title);
}

static void
remove_clicked_cb (GtkWidget *button, GAction *group)
{
  g_simple_action_set_state (G_SIMPLE_ACTION (group), g_variant_new_string (""));
}

static GtkWidget *
create_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  return label;
}

/**
 * tvm_dashboard_group_new:
 * @ui: the window's context
 * @changed: called with @object, swapped, when another group is chosen
 * @object: the page
 *
 * Returns: (transfer floating): a line about the device group that is chosen; hidden while none is
 */
GtkWidget *
tvm_dashboard_group_new (TvmUi *ui, GCallback changed, gpointer object)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  GSimpleAction *group = tvm_list_filters_ref_group (ui);

  g_object_set_data_full (G_OBJECT (line), "tvm-group", group, g_object_unref);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), create_label (NULL, "heading"));
  gtk_box_append (GTK_BOX (words), create_label (
    _("Scores, history, times, tickets and what changed are those of all device groups."),
    "dim-label"));
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("All device groups"));
  tvm_toolkit_name (button, _("All device groups"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), group, 0);
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), button);
  g_signal_connect_object (group, "notify::state", G_CALLBACK (update), line, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "notify::state", changed, object, G_CONNECT_SWAPPED);
  update (line);
  return line;
}

/**
 * tvm_dashboard_group_get:
 * @line: a line of tvm_dashboard_group_new()
 *
 * Returns: (nullable): the device group that is chosen; %NULL: all
 */
const char *
tvm_dashboard_group_get (GtkWidget *line)
{
  g_autoptr(GVariant) state = g_action_get_state (get_action (line));
  const char *group = g_variant_get_string (state, NULL);

  return *group != '\0' ? g_intern_string (group) : NULL;
}
