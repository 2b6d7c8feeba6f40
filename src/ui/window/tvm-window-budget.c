/* tvm-window-budget.c: what the services' limits still allow, beside the sync. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

#include <glib/gi18n-lib.h>

#define MAX_CHARS 40

static void
add_words (GtkBox     *box,
           const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (box, label);
}

/* What is left of each class of calls, below what it is for. Returns whether there is any. */
static gboolean
list_calls (TvmWindow            *self,
            const TvmSyncBudgets *budgets)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->budget_list))) != NULL)
    gtk_box_remove (self->budget_list, child);
  for (TvmCallClass i = 0; i < TVM_N_CALL_CLASSES; i++)
    {
      const char *name;
      g_autofree char *left = tvm_sync_describe_calls (budgets, i, &name);
      GtkWidget *box;

      if (left == NULL)
        continue;
      box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      add_words (GTK_BOX (box), name, "caption");
      add_words (GTK_BOX (box), left, "body");
      gtk_box_append (self->budget_list, box);
    }
  return gtk_widget_get_first_child (GTK_WIDGET (self->budget_list)) != NULL;
}

static void
show_budgets (TvmWindow            *self,
              const TvmSyncBudgets *budgets)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self->budget_text), GTK_TYPE_POPOVER);
  gboolean has_calls = list_calls (self, budgets);
  g_autofree char *callers = tvm_sync_describe_callers (budgets);
  g_autofree char *when = NULL, *ready = NULL, *made = NULL;

  if (callers != NULL)
    /* Translators: %s is “by the window: 3, by the command line: 5”. */
    made = g_strdup_printf (_("Calls in the last hour %s"), callers);
  gtk_label_set_label (self->budget_text,
                       has_calls ? made : tvm_sync_describe_no_calls (budgets));
  gtk_widget_set_visible (GTK_WIDGET (self->budget_list), has_calls);
  gtk_widget_set_visible (GTK_WIDGET (self->budget_text), !has_calls || made != NULL);
  if (budgets->full_sync_ready_us > 0)
    {
      when = tvm_window_make_time_text (budgets->full_sync_ready_us);
      /* Translators: %s is a time, perhaps with a date. */
      ready = g_strdup_printf (_("Reads all lists anew; started now, it is done by about %s."),
                               when);
    }
  gtk_label_set_label (self->ready_text, ready != NULL ? ready
                       : _("Reads all lists anew, which can take a while; how long is known once "
                           "it was done."));
  if (gtk_widget_get_mapped (popover))
    gtk_popover_present (GTK_POPOVER (popover));  /* as large as the words are now */
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TvmWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  const TvmSyncBudgets *budgets =
    tvm_sync_engine_read_budgets_finish (TVM_SYNC_ENGINE (object), result, &error);

  self->is_reading_budget = FALSE;
  if (budgets != NULL)
    show_budgets (self, budgets);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gtk_label_set_label (self->budget_text, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->budget_text), TRUE);
    }
}

/**
 * tvm_window_update_budget:
 * @self: a window
 *
 * Reads anew what its popover tells of the services' limits.
 */
void
tvm_window_update_budget (TvmWindow *self)
{
  if (self->ui == NULL || self->is_reading_budget)
    return;
  self->is_reading_budget = TRUE;
  tvm_sync_engine_read_budgets_async (self->ui->engine, self->cancellable, read_cb,
                                      g_object_ref (self));
}

/**
 * tvm_window_show_budget:
 * @self: a window whose popover has just been shown
 *
 * The focus went to words that can be copied, and selected all of them: they lie unselected.
 */
void
tvm_window_show_budget (TvmWindow *self)
{
  gtk_label_select_region (self->sync_text, 0, 0);
  tvm_window_update_budget (self);
}
