/* tvm-date-row.c: the row of a form in which a date is chosen: one that cannot be is dimmed, and a
 * choice closes the calendar. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-date-row.h"
#include "tvm-date-picker.h"
#include "tvm-list-cells.h"
#include "tvm-list-width.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

#define LARGE_TEXT 1.5  /* of what is usual */

struct _TvmDateRow
{
  AdwActionRow      parent_instance;
  char             *date;                 /* (nullable) YYYY-MM-DD */
  int               first_day, last_day;  /* what can be chosen, in days from today */
  gboolean          is_optional;
  GtkWidget        *button, *popover, *picker, *clear;
  AdwButtonContent *content;              /* NULL: large text has the date below the title */
};

typedef enum { CHANGED, N_SIGNALS } TvmDateRowSignal;
G_DEFINE_FINAL_TYPE (TvmDateRow, tvm_date_row, ADW_TYPE_ACTION_ROW)
static guint signals[N_SIGNALS];

static void
show_date (TvmDateRow *self)
{
  g_autofree char *date = tvm_make_weekday_date (self->date);
  /* Translators: beside "Due date": there is none */
  const char *words = date != NULL ? date : C_("due date", "None");

  if (self->content != NULL)
    {
      adw_button_content_set_label (self->content, words);
      /* A newer libadwaita has the row's title as its name. */
      tvm_toolkit_name (self->button, words);
    }
  else
    g_object_set (self, "subtitle", words, NULL);
  gtk_widget_set_visible (self->clear, self->is_optional && self->date != NULL);
}

static void
popover_shown_cb (TvmDateRow *self)
{
  tvm_date_picker_show (TVM_DATE_PICKER (self->picker), self->date, self->first_day,
                        self->last_day);
}

static void
chosen_cb (TvmDateRow *self, const char *date)
{
  tvm_date_row_set_date (self, date);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
}

static void
clear_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tvm_date_row_set_date (TVM_DATE_ROW (widget), NULL);
}

static void
tvm_date_row_finalize (GObject *object)
{
  g_free (TVM_DATE_ROW (object)->date);
  G_OBJECT_CLASS (tvm_date_row_parent_class)->finalize (object);
}

static void
tvm_date_row_class_init (TvmDateRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_date_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_DATE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "date.clear", NULL,
                                   clear_activated_cb);
}

/* Beside a large date a narrow window would leave the title a letter a line. */
static void
create_content (TvmDateRow *self)
{
  if (tvm_list_width_scale (GTK_WIDGET (self)) >= LARGE_TEXT)
    {
      gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->button), "x-office-calendar-symbolic");
      tvm_toolkit_name (self->button, _("Choose a date"));
      return;
    }
  self->content = ADW_BUTTON_CONTENT (adw_button_content_new ());
  adw_button_content_set_icon_name (self->content, "x-office-calendar-symbolic");
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), GTK_WIDGET (self->content));
}

static void
tvm_date_row_init (TvmDateRow *self)
{
  self->last_day = -1;
  self->button = gtk_menu_button_new ();
  self->popover = gtk_popover_new ();
  self->picker = tvm_date_picker_new ();
  self->clear = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  create_content (self);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), self->popover);
  gtk_popover_set_child (GTK_POPOVER (self->popover), self->picker);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->clear, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->clear), "date.clear");
  g_signal_connect_object (self->popover, "show", G_CALLBACK (popover_shown_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->picker, "chosen", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clear);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
  show_date (self);
}

/**
 * tvm_date_row_get_date:
 * @self: the row
 *
 * Returns: (transfer none) (nullable): the date as YYYY-MM-DD; %NULL: none
 */
const char *
tvm_date_row_get_date (TvmDateRow *self)
{
  g_return_val_if_fail (TVM_IS_DATE_ROW (self), NULL);

  return self->date;
}

/**
 * tvm_date_row_set_date:
 * @self: the row
 * @date: (nullable): YYYY-MM-DD; %NULL: none
 */
void
tvm_date_row_set_date (TvmDateRow *self, const char *date)
{
  g_return_if_fail (TVM_IS_DATE_ROW (self));

  if (g_strcmp0 (date, self->date) == 0)
    return;
  tvm_set_str (&self->date, date);
  show_date (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tvm_date_row_set_range:
 * @self: the row
 * @first_day: the first day that can be chosen, in days from today
 * @last_day: the last one; below @first_day: there is none
 *
 * Without this any day from today on can be chosen.
 */
void
tvm_date_row_set_range (TvmDateRow *self, int first_day, int last_day)
{
  g_return_if_fail (TVM_IS_DATE_ROW (self));

  self->first_day = first_day;
  self->last_day = last_day;
}

/**
 * tvm_date_row_set_optional:
 * @self: the row
 * @clear_label: what a button that takes the date away says
 */
void
tvm_date_row_set_optional (TvmDateRow *self, const char *clear_label)
{
  g_return_if_fail (TVM_IS_DATE_ROW (self));

  self->is_optional = TRUE;
  gtk_widget_set_tooltip_text (self->clear, clear_label);
  tvm_toolkit_name (self->clear, clear_label);
  show_date (self);
}

/**
 * tvm_date_row_set_choosable:
 * @self: the row
 * @is_choosable: %FALSE: it only shows a date that follows from something else
 */
void
tvm_date_row_set_choosable (TvmDateRow *self, gboolean is_choosable)
{
  g_return_if_fail (TVM_IS_DATE_ROW (self));

  gtk_widget_set_sensitive (self->button, is_choosable);
}
