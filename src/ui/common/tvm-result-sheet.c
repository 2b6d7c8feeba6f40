/* tvm-result-sheet.c: a window that says what became of each of several, and why, to read and to
 * copy. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-result-sheet.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

static const char *const icons[TVM_N_BULK_OUTCOMES] = {
  "tvm-done-symbolic", "tvm-clock-symbolic", "dialog-error-symbolic"
};
static const char *const styles[TVM_N_BULK_OUTCOMES] = { "done", "waiting", "rejected" };

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GPtrArray *results = user_data;
  const TvmBulkResult *result = results->pdata[gtk_list_item_get_position (item)];
  GtkWidget *icon = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *classes[] = { styles[result->outcome], NULL };
  GtkStringObject *text = gtk_list_item_get_item (item);

  gtk_widget_set_css_classes (icon, classes);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icons[result->outcome]);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (icon)),
                       gtk_string_object_get_string (text));
}

static GtkWidget *
create_list (GPtrArray *results)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkStringList) texts = gtk_string_list_new (NULL);
  GtkWidget *scroller = gtk_scrolled_window_new (), *list;
  GtkNoSelection *model;

  for (guint i = 0; i < results->len; i++)
    gtk_string_list_take (texts, tvm_bulk_result_text (results->pdata[i]));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), g_ptr_array_ref (results),
                         (GClosureNotify) (GCallback) g_ptr_array_unref, 0);
  model = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&texts)));
  list = gtk_list_view_new (GTK_SELECTION_MODEL (model), factory);
  gtk_list_view_set_show_separators (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "records");
  tvm_toolkit_name (list, _("Results"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static void
copy_clicked_cb (GtkWidget *button, GPtrArray *results)
{
  g_autofree char *summary = tvm_bulk_summary (results);
  g_autoptr(GString) text = g_string_new (summary);

  for (guint i = 0; i < results->len; i++)
    {
      g_autofree char *line = tvm_bulk_result_text (results->pdata[i]);

      g_string_append_printf (text, "\n%s", line);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text->str);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
close_on_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                      gtk_callback_action_new (escape_cb, NULL, NULL)));
  gtk_widget_add_controller (window, keys);
}

/**
 * tvm_result_sheet_present:
 * @ui: the window's context
 * @title: what was done
 * @results: (element-type TvmBulkResult): what became of each
 *
 * Shows it where there still is a window.
 *
 * Returns: (transfer none) (nullable): the sheet
 */
GtkWidget *
tvm_result_sheet_present (TvmUi *ui, const char *title, GPtrArray *results)
{
  g_autofree char *summary = tvm_bulk_summary (results);
  GtkWidget *box, *header, *copy, *label, *window;

  if (ui->window == NULL)
    return NULL;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  header = adw_header_bar_new ();
  copy = gtk_button_new_with_mnemonic (_("C_opy"));
  label = gtk_label_new (summary);
  window = g_object_new (ADW_TYPE_WINDOW, "title", title, "modal", TRUE, "transient-for",
                         ui->window, "default-width", 520, "default-height", 480,
                         "width-request", 320, "content", box, NULL);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 12);
  g_signal_connect_data (copy, "clicked", G_CALLBACK (copy_clicked_cb), g_ptr_array_ref (results),
                         (GClosureNotify) (GCallback) g_ptr_array_unref, 0);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), copy);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), create_list (results));
  close_on_escape (window);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}
