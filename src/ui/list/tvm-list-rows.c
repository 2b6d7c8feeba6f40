/* tvm-list-rows.c: the headings and rows of flyouts and forms. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <string.h>
#include <glib/gi18n-lib.h>

/* Whether it is one name, of a machine, a file, an address: read as a whole or not at all. */
static gboolean
is_name (const char *text)
{
  return text != NULL && g_str_is_ascii (text) && strchr (text, ' ') == NULL &&
         strpbrk (text, ".-_@0123456789") != NULL;
}

/**
 * tvm_title_keep_whole:
 * @label: shows a title
 * @text: (nullable): the title
 *
 * Has a title wrap that is a sentence. A name that has too little room is cut in the middle, for
 * those alike differ at the end.
 */
void
tvm_title_keep_whole (GtkLabel *label, const char *text)
{
  gboolean is_whole = is_name (text);

  gtk_label_set_wrap (label, !is_whole);
  gtk_label_set_ellipsize (label, is_whole ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), is_whole ? text : NULL);
}

/**
 * tvm_group_set_title:
 * @group: a group
 * @title: its heading, one of ours and so no outside text
 */
void
tvm_group_set_title (AdwPreferencesGroup *group, const char *title)
{
  GtkLabel *label = GTK_LABEL (tvm_toolkit_find (GTK_WIDGET (group), GTK_TYPE_LABEL));

  adw_preferences_group_set_title (group, title);
  /* libadwaita 1.2 cuts long headings off. */
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  tvm_toolkit_wrap_by_width (GTK_WIDGET (group));
}

/* A row is called as its title; what it says of that is told after it. */
static void
subtitle_changed_cb (AdwActionRow *row)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  adw_action_row_get_subtitle (row), -1);
}

/**
 * tvm_paragraph_new:
 * @text: plain text
 *
 * Returns: (transfer floating): the text, which wraps and can be copied
 */
GtkWidget *
tvm_paragraph_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  tvm_toolkit_wrap_by_width (label);
  return label;
}

/**
 * tvm_quote_new:
 * @text: what the service says, which is not in the person's language
 *
 * Returns: (transfer floating): the text, marked as the service's
 */
GtkWidget *
tvm_quote_new (const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  /* Translators: below a text of the service, which is in its language */
  GtkWidget *mark = gtk_label_new (_("In the words of the service"));

  gtk_label_set_xalign (GTK_LABEL (mark), 0);
  gtk_label_set_wrap (GTK_LABEL (mark), TRUE);
  gtk_widget_add_css_class (mark, "caption");
  gtk_widget_add_css_class (mark, "dim-label");
  gtk_box_append (GTK_BOX (box), tvm_paragraph_new (text));
  gtk_box_append (GTK_BOX (box), mark);
  return box;
}

/**
 * tvm_plain_row_new:
 * @title: (nullable): plain text
 * @subtitle: (nullable): plain text
 *
 * Returns: (transfer floating): a row that takes no text for markup, with the beginning of a long
 *   one
 */
AdwActionRow *
tvm_plain_row_new (const char *title, const char *subtitle)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *title_start = tvm_long_text_cut (title);
  g_autofree char *subtitle_start = tvm_long_text_cut (subtitle);

  g_signal_connect (row, "notify::subtitle", G_CALLBACK (subtitle_changed_cb), NULL);
  tvm_plain_row_set (row, title_start != NULL ? title_start : title,
                     subtitle_start != NULL ? subtitle_start : subtitle);
  if (title_start != NULL || subtitle_start != NULL)
    tvm_long_row_add_button (row, title_start != NULL ? title : subtitle);
  adw_action_row_set_title_lines (row, 3);
  if (is_name (title))
    tvm_title_keep_whole (GTK_LABEL (tvm_toolkit_find (GTK_WIDGET (row), GTK_TYPE_LABEL)), title);
  tvm_toolkit_wrap_by_width (GTK_WIDGET (row));
  return row;
}

/**
 * tvm_plain_row_set:
 * @row: a row
 * @title: (nullable): plain text
 * @subtitle: (nullable): plain text
 */
void
tvm_plain_row_set (AdwActionRow *row, const char *title, const char *subtitle)
{
  g_autofree char *above = tvm_text_make_breakable (title != NULL ? title : "");
  g_autofree char *below = tvm_text_make_breakable (subtitle != NULL ? subtitle : "");

  /* First of all, and notified, or the labels would still take the text for markup. */
  g_object_set (row, "use-markup", FALSE, NULL);
  g_object_set (row, "title", above, "subtitle", below, NULL);
}

/**
 * tvm_count_row_new:
 * @icon_name: (nullable): the icon
 * @style: (nullable): the icon's style class
 * @label: plain text
 * @number: what is at the end
 *
 * Returns: (transfer floating): a row for a list with the style class "compact"
 */
GtkWidget *
tvm_count_row_new (const char *icon_name, const char *style, const char *label, gint64 number)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_label_new (label);
  g_autofree char *text = tvm_make_number (number);
  GtkWidget *count = gtk_label_new (text);
  g_autofree char *spoken = tvm_make_spoken ((const char *[]) { label, text }, 2);

  if (icon_name != NULL)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

      if (style != NULL)
        gtk_widget_add_css_class (icon, style);
      gtk_box_append (GTK_BOX (box), icon);
    }
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_ellipsize (GTK_LABEL (words), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  tvm_toolkit_name (row, spoken);
  return row;
}
