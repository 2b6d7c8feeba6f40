/* tvm-window-problem.c: a profile that cannot be opened: why, and what can be done about it. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

#include "tvm-list-cells.h"
#include "tvm-question.h"
#include "tvm-restore.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>

static void
restore_cb (TvmWindow *self)
{
  tvm_restore_ask (GTK_WIDGET (self), GTK_WIDGET (self), NULL,
                   g_object_get_data (G_OBJECT (self), "tvm-newest"), NULL);
}

static GtkWidget *
add_button (GtkWidget  *box,
            const char *label)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), TRUE);
  gtk_label_set_justify (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))),
                         GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
add_mending (GtkWidget  *box,
             const char *label,
             const char *way)
{
  GtkWidget *button = add_button (box, label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.mend-store");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", way, "");
}

static void
add_restore (TvmWindow       *self,
             GtkWidget       *box,
             const TvmBackup *newest)
{
  g_autofree char *when = tvm_make_instant (newest->when_us);
  /* Translators: %s is a date and time. */
  g_autofree char *label = g_strdup_printf (_("_Restore the newest backup, of %s…"), when);
  GtkWidget *button = add_button (box, label);

  g_object_set_data_full (G_OBJECT (self), "tvm-newest", tvm_backup_copy (newest),
                          (GDestroyNotify) tvm_backup_free);
  gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (restore_cb), self);
}

/**
 * tvm_window_show_problem:
 * @self: a window
 * @error: why the profile cannot be opened
 * @newest: (nullable): its newest backup
 * @is_damaged: whether the data could be read and are not whole
 *
 * Shows it, with what can be done.
 */
void
tvm_window_show_problem (TvmWindow       *self,
                         const GError    *error,
                         const TvmBackup *newest,
                         gboolean         is_damaged)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  if (newest != NULL)
    add_restore (self, box, newest);
  if (is_damaged)
    add_mending (box, _("Recover _what can be read"), "recover");
  add_mending (box, _("_Try again"), "reopen");
  adw_status_page_set_description (self->problem_page, escaped);
  adw_status_page_set_child (self->problem_page, box);
  gtk_stack_set_visible_child_name (self->states, "problem");
  tvm_window_show_switchers (self);
  gtk_widget_child_focus (box, GTK_DIR_TAB_FORWARD);
  tvm_window_tell_news (self);
}

/**
 * tvm_window_tell:
 * @self: a window whose profile is being opened
 * @heading: what was done before, or did not work
 * @text: the rest
 *
 * Tells it once the profile is open, or cannot be opened.
 */
void
tvm_window_tell (TvmWindow  *self,
                 const char *heading,
                 const char *text)
{
  tvm_set_str (&self->news[0], heading);
  tvm_set_str (&self->news[1], text);
}

/**
 * tvm_window_tell_news:
 * @self: a window whose profile is open, or cannot be opened
 *
 * Tells what there is to be told.
 */
void
tvm_window_tell_news (TvmWindow *self)
{
  if (self->news[0] != NULL)
    tvm_question_tell (GTK_WIDGET (self), self->news[0], self->news[1]);
  g_clear_pointer (&self->news[0], g_free);
  g_clear_pointer (&self->news[1], g_free);
}

/* The application closes the profile, does it and opens the profile anew. */
static void
mend_store (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  const char *way, *name;

  g_variant_get (parameter, "(&s&s)", &way, &name);
  gtk_widget_activate_action (widget, "app.mend-store", "(sss)", TVM_WINDOW (widget)->profile, way,
                              name);
}

/**
 * tvm_window_install_problem_actions:
 * @klass: the window's class, in its class_init
 *
 * Installs the action that restores or recovers the store, or tries again to open it.
 */
void
tvm_window_install_problem_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.mend-store", "(ss)", mend_store);
}
