/* tvm-long-row.c: a row of a long text shows its beginning, because a label of many thousand
 * letters stops a window for seconds; a button shows all of it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-flyout.h"

#include "tvm-question.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CHARS   1000
#define TEXT_HEIGHT 280

/**
 * tvm_long_text_cut:
 * @text: (nullable): plain text
 *
 * Returns: (transfer full) (nullable): its beginning; %NULL where it is short
 */
char *
tvm_long_text_cut (const char *text)
{
  g_autofree char *start = NULL;

  if (text == NULL || strlen (text) <= MAX_CHARS || g_utf8_strlen (text, -1) <= MAX_CHARS)
    return NULL;
  start = g_utf8_substring (text, 0, MAX_CHARS);
  return g_strconcat (start, "…", NULL);
}

/* A text view lays out only what is in sight. */
static GtkWidget *
create_view (const char *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *view = gtk_text_view_new ();

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (view, "note");
  tvm_toolkit_name (view, _("The whole text"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_HEIGHT);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

static void
show_cb (GtkWidget  *button,
         const char *text)
{
  GtkWidget *question = tvm_question_new (button, _("The whole text"), NULL);

  tvm_question_set_child (question, create_view (text));
  tvm_question_add_answer (question, "close", _("_Close"), ADW_RESPONSE_DEFAULT);
  tvm_question_present (question);
}

static void
text_free (gpointer  text,
           GClosure *closure)
{
  g_free (text);
}

/**
 * tvm_long_row_add_button:
 * @row: a row that shows the beginning of a text
 * @text: all of it
 */
void
tvm_long_row_add_button (AdwActionRow *row,
                         const char   *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("view-fullscreen-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Show the whole text"));
  tvm_toolkit_name (button, _("Show the whole text"));
  g_signal_connect_data (button, "clicked", G_CALLBACK (show_cb), g_strdup (text), text_free, 0);
  adw_action_row_add_suffix (row, button);
}
