/* tvm-date-picker.c: a month of days to choose one from, and the usual choices. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-date-picker.h"
#include "tvm-list-cells.h"
#include "tvm-text.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <stdlib.h>

#define DAYS_OF_WEEK 7
#define MAX_WEEKS 6
static const int usual_days[] = { 7, 14, 30 };

struct _TvmDatePicker
{
  AdwBin      parent_instance;
  char       *first, *last;       /* YYYY-MM-DD: what can be chosen; last: (nullable) */
  char       *date;               /* (nullable) the one that is */
  int         year, month;        /* what is shown */
  GtkGrid    *days;
  GtkLabel   *title;
  GtkWidget  *usual[G_N_ELEMENTS (usual_days) + 1];
};

typedef enum { CHOSEN, N_SIGNALS } TvmDatePickerSignal;
G_DEFINE_FINAL_TYPE (TvmDatePicker, tvm_date_picker, ADW_TYPE_BIN)
static guint signals[N_SIGNALS];

static char *
make_date (int year, int month, int day)
{
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

/* The day a week begins with: 1 is Monday, 7 is Sunday. */
static int
find_first_weekday (void)
{
#ifdef __GLIBC__
  const char *first = nl_langinfo (_NL_TIME_FIRST_WEEKDAY);
  /* The first weekday is counted from the day of this date, which comes instead of a pointer. */
  gboolean is_from_monday = GPOINTER_TO_UINT (nl_langinfo (_NL_TIME_WEEK_1STDAY)) == 19971201;

  return (*first + (is_from_monday ? 0 : -1) + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK + 1;
#else
  return 1;
#endif
}

static gboolean
can_choose (TvmDatePicker *self, const char *date)
{
  return tvm_days_between (self->first, date) >= 0 &&
         (self->last == NULL || tvm_days_between (date, self->last) >= 0);
}

static char *
make_end_of_month (const char *today)
{
  int year = atoi (today), month = atoi (today + 5);

  return make_date (year, month, g_date_get_days_in_month (month, (GDateYear) year));
}

static void
choose (TvmDatePicker *self, GtkWidget *button)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (button), "tvm-date"));
}

static GtkWidget *
create_day (TvmDatePicker *self, int day)
{
  g_autofree char *number = g_strdup_printf ("%d", day);
  GtkWidget *button = gtk_button_new_with_label (number);
  char *date = make_date (self->year, self->month, day);
  g_autofree char *words = tvm_make_weekday_date (date);
  g_autofree char *today = tvm_today ();

  gtk_widget_add_css_class (button, "day");
  gtk_widget_add_css_class (button, g_strcmp0 (date, self->date) == 0 ? "suggested-action"
                                                                      : "flat");
  if (g_str_equal (date, today))
    gtk_widget_add_css_class (button, "today");
  gtk_widget_set_sensitive (button, can_choose (self, date));
  tvm_toolkit_name (button, words);
  g_object_set_data_full (G_OBJECT (button), "tvm-date", date, g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (choose), self, G_CONNECT_SWAPPED);
  return button;
}

/* Empty rows keep their height, so that nothing moves below a pointer. */
static void
fill_month (TvmDatePicker *self)
{
  g_autoptr(GDateTime) start = g_date_time_new_utc (self->year, self->month, 1, 0, 0, 0);
  int n_before = (g_date_time_get_day_of_week (start) - find_first_weekday () + DAYS_OF_WEEK) %
                 DAYS_OF_WEEK;
  int n_days = g_date_get_days_in_month (self->month, (GDateYear) self->year);
  /* Translators: a month and its year above its days, as g_date_time_format() writes them */
  g_autofree char *title = g_date_time_format (start, _("%OB %Y"));
  g_autofree char *before = make_date (self->year, self->month, 1);
  g_autofree char *after = make_date (self->year, self->month, n_days);
  GtkWidget *child;

  for (int row = 1; row <= MAX_WEEKS; row++)
    for (int column = 0; column < DAYS_OF_WEEK; column++)
      if ((child = gtk_grid_get_child_at (self->days, column, row)) != NULL)
        gtk_grid_remove (self->days, child);
  for (int i = 0; i < DAYS_OF_WEEK * MAX_WEEKS; i++)
    if (i >= n_before && i < n_before + n_days)
      gtk_grid_attach (self->days, create_day (self, i - n_before + 1), i % DAYS_OF_WEEK,
                       1 + i / DAYS_OF_WEEK, 1, 1);
    else if (i % DAYS_OF_WEEK == 0)
      gtk_grid_attach (self->days, gtk_label_new (NULL), 0, 1 + i / DAYS_OF_WEEK, 1, 1);
  gtk_label_set_label (self->title, title);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "date.previous-month",
                                 tvm_days_between (self->first, before) > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "date.next-month", self->last == NULL ||
                                 tvm_days_between (after, self->last) > 0);
}

static gboolean
focus_day (TvmDatePicker *self)
{
  for (int row = 1; row <= MAX_WEEKS; row++)
    for (int column = 0; column < DAYS_OF_WEEK; column++)
      {
        GtkWidget *child = gtk_grid_get_child_at (self->days, column, row);
        const char *date = child != NULL ? g_object_get_data (G_OBJECT (child), "tvm-date") : NULL;

        if (date != NULL && gtk_widget_get_sensitive (child) &&
            (self->date == NULL || !can_choose (self, self->date) ||
             strncmp (date, self->date, strlen ("YYYY-MM")) != 0 ||
             g_str_equal (date, self->date)))
          return gtk_widget_grab_focus (child);
      }
  return FALSE;
}

static void
move_months (TvmDatePicker *self, int n)
{
  int months = self->year * 12 + self->month - 1 + n;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  gboolean was_in_days = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->days));

  self->year = months / 12;
  self->month = months % 12 + 1;
  fill_month (self);
  if (was_in_days)
    focus_day (self);
}

static void
previous_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  move_months (TVM_DATE_PICKER (widget), -1);
}

static void
next_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  move_months (TVM_DATE_PICKER (widget), 1);
}

/* ---- what does not change with the month */

static GtkWidget *
create_arrow (const char *icon_name, const char *label, const char *action_name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  tvm_toolkit_name (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  return button;
}

static GtkWidget *
create_header (TvmDatePicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_hexpand (GTK_WIDGET (self->title), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_box_append (GTK_BOX (box), create_arrow ("go-previous-symbolic", _("Previous month"),
                                               "date.previous-month"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), create_arrow ("go-next-symbolic", _("Next month"),
                                               "date.next-month"));
  return box;
}

static GtkWidget *
create_days (TvmDatePicker *self)
{
  int first = find_first_weekday ();

  self->days = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_homogeneous (self->days, TRUE);
  gtk_grid_set_row_homogeneous (self->days, TRUE);
  for (int i = 0; i < DAYS_OF_WEEK; i++)
    {
      /* The first of June 2026 is a Monday. */
      g_autoptr(GDateTime) day = g_date_time_new_utc (2026, 6, first + i, 0, 0, 0);
      g_autofree char *name = g_date_time_format (day, "%a");
      GtkWidget *label = gtk_label_new (name);

      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_grid_attach (self->days, label, i, 0, 1, 1);
    }
  return GTK_WIDGET (self->days);
}

static GtkWidget *
create_usual (TvmDatePicker *self)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  for (guint i = 0; i < G_N_ELEMENTS (self->usual); i++)
    {
      g_autofree char *label = i < G_N_ELEMENTS (usual_days)
        ? g_strdup_printf (ngettext ("In %d day", "In %d days", (gulong) usual_days[i]),
                           usual_days[i])
        /* Translators: one of the dates that a click chooses */
        : g_strdup (_("End of month"));

      self->usual[i] = gtk_button_new_with_label (label);
      g_signal_connect_object (self->usual[i], "clicked", G_CALLBACK (choose), self,
                               G_CONNECT_SWAPPED);
      gtk_grid_attach (GTK_GRID (grid), self->usual[i], (int) i % 2, (int) i / 2, 1, 1);
    }
  return grid;
}

static void
update_usual (TvmDatePicker *self)
{
  g_autofree char *today = tvm_today ();

  for (guint i = 0; i < G_N_ELEMENTS (self->usual); i++)
    {
      char *date = i < G_N_ELEMENTS (usual_days) ? tvm_date_add_days (today, usual_days[i])
                                                 : make_end_of_month (today);
      g_autofree char *words = tvm_make_weekday_date (date);

      gtk_widget_set_tooltip_text (self->usual[i], words);
      gtk_widget_set_sensitive (self->usual[i], can_choose (self, date));
      g_object_set_data_full (G_OBJECT (self->usual[i]), "tvm-date", date, g_free);
    }
}

/* ---- object */

static void
tvm_date_picker_finalize (GObject *object)
{
  TvmDatePicker *self = TVM_DATE_PICKER (object);

  g_free (self->first);
  g_free (self->last);
  g_free (self->date);
  G_OBJECT_CLASS (tvm_date_picker_parent_class)->finalize (object);
}

static void
tvm_date_picker_class_init (TvmDatePickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tvm_date_picker_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", TVM_TYPE_DATE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "date.previous-month", NULL,
                                   previous_activated_cb);
  gtk_widget_class_install_action (widget_class, "date.next-month", NULL, next_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "date.previous-month",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "date.next-month",
                                       NULL);
}

static void
tvm_date_picker_init (TvmDatePicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  gtk_box_append (GTK_BOX (box), create_header (self));
  gtk_box_append (GTK_BOX (box), create_days (self));
  gtk_box_append (GTK_BOX (box), create_usual (self));
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * tvm_date_picker_new:
 *
 * Returns: (transfer floating): a picker that shows nothing yet
 */
GtkWidget *
tvm_date_picker_new (void)
{
  return g_object_new (TVM_TYPE_DATE_PICKER, NULL);
}

/**
 * tvm_date_picker_show:
 * @self: a picker
 * @date: (nullable): what is chosen, YYYY-MM-DD
 * @first_day: the first that can be, in days from today
 * @last_day: the last one; below @first_day: there is none
 *
 * Shows the month of @date, or the first with a day to choose, and gives that day the focus.
 */
void
tvm_date_picker_show (TvmDatePicker *self, const char *date, int first_day, int last_day)
{
  g_autofree char *today = tvm_today ();
  const char *shown;

  g_return_if_fail (TVM_IS_DATE_PICKER (self));

  g_free (self->first);
  self->first = tvm_date_add_days (today, first_day);
  g_free (self->last);
  self->last = last_day >= first_day ? tvm_date_add_days (today, last_day) : NULL;
  tvm_set_str (&self->date, date);
  shown = date != NULL && can_choose (self, date) ? date : self->first;
  self->year = atoi (shown);
  self->month = atoi (shown + strlen ("YYYY-"));
  update_usual (self);
  fill_month (self);
  focus_day (self);
}
