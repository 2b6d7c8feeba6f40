/* tvm-due-row.c: a request's due date, with a calendar. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-due-row.h"
#include "tvm-list-cells.h"
#include "tvm-request-resources.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include <glib/gi18n-lib.h>

struct _TvmDueRow
{
  AdwActionRow      parent_instance;
  char             *date;  /* (nullable) YYYY-MM-DD */
  GtkMenuButton    *button;
  GtkCalendar      *calendar;
  AdwButtonContent *content;
  GtkWidget        *clear;
};

typedef enum { CHECKED, N_SIGNALS } TvmDueRowSignal;
G_DEFINE_FINAL_TYPE (TvmDueRow, tvm_due_row, ADW_TYPE_ACTION_ROW)
static guint signals[N_SIGNALS];

/**
 * tvm_due_row_set_date:
 * @self: the row
 * @date: (nullable): YYYY-MM-DD, not in the past; %NULL: none
 */
void
tvm_due_row_set_date (TvmDueRow *self, const char *date)
{
  g_autofree char *words = tvm_make_date (date);

  tvm_set_str (&self->date, date);
  adw_button_content_set_label (self->content, words != NULL ? words
    /* Translators: beside "Due date": there is none */
    : C_("due date", "None"));
  gtk_widget_set_visible (self->clear, date != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "due.clear", date != NULL);
  g_signal_emit (self, signals[CHECKED], 0, NULL);
}

static void
day_selected_cb (TvmDueRow *self)
{
  g_autoptr(GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");
  g_autofree char *today = tvm_today ();

  if (tvm_days_between (today, date) < 0)
    g_signal_emit (self, signals[CHECKED], 0, _("A due date cannot be in the past."));
  else
    tvm_due_row_set_date (self, date);
}

static void
clear_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tvm_due_row_set_date (TVM_DUE_ROW (widget), NULL);
}

static void
tvm_due_row_finalize (GObject *object)
{
  g_free (TVM_DUE_ROW (object)->date);
  G_OBJECT_CLASS (tvm_due_row_parent_class)->finalize (object);
}

static void
tvm_due_row_class_init (TvmDueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tvm_due_row_finalize;
  signals[CHECKED] = g_signal_new ("checked", TVM_TYPE_DUE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  tvm_request_get_resource ();  /* links the resources in */
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/example/TvmRemediate/request/tvm-due-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TvmDueRow, button);
  gtk_widget_class_bind_template_child (widget_class, TvmDueRow, calendar);
  gtk_widget_class_bind_template_child (widget_class, TvmDueRow, content);
  gtk_widget_class_bind_template_child (widget_class, TvmDueRow, clear);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
  gtk_widget_class_install_action (widget_class, "due.clear", NULL, clear_activated_cb);
}

static void
tvm_due_row_init (TvmDueRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tvm_due_row_set_date (self, NULL);
}

/**
 * tvm_due_row_get_date:
 * @self: the row
 *
 * Returns: (transfer none) (nullable): the date as YYYY-MM-DD; %NULL: none
 */
const char *
tvm_due_row_get_date (TvmDueRow *self)
{
  g_return_val_if_fail (TVM_IS_DUE_ROW (self), NULL);

  return self->date;
}
