/* tvm-list-words.c: the words and marks that cells and flyouts share. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-rules.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <stdlib.h>

/**
 * tvm_make_number:
 * @number: a count; below 0: not known
 *
 * Returns: (transfer full): the number with the locale's thousands separators, or words
 */
char *
tvm_make_number (gint64 number)
{
  if (number < 0)
    return g_strdup (_("Unknown"));
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/**
 * tvm_make_n_of_m:
 * @n: the part
 * @m: the whole
 *
 * Returns: (transfer full): "n of m"
 */
char *
tvm_make_n_of_m (gint64 n, gint64 m)
{
  g_autofree char *part = tvm_make_number (n);
  g_autofree char *whole = tvm_make_number (m);

  /* Translators: a part and a whole: "812 of 1,204" */
  return g_strdup_printf (_("%s of %s"), part, whole);
}

/**
 * tvm_make_exposed:
 * @recommendation: a recommendation
 *
 * Returns: (transfer full): how many of the devices it is about are exposed, in words: some
 *   languages have another form of the word behind a whole than behind a number
 */
char *
tvm_make_exposed (const TvmRecommendation *recommendation)
{
  g_autofree char *exposed = tvm_make_number (recommendation->exposed_devices);
  g_autofree char *all = tvm_make_number (recommendation->total_devices);

  return g_strdup_printf (ngettext ("%s of %s device exposed", "%s of %s devices exposed",
                                    (gulong) recommendation->total_devices), exposed, all);
}

/**
 * tvm_make_spoken:
 * @parts: (array length=n_parts): what a row holds, the most important first; %NULL is left out
 * @n_parts: how many
 *
 * Returns: (transfer full): the words for a screen reader
 */
char *
tvm_make_spoken (const char *const *parts, guint n_parts)
{
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < n_parts; i++)
    if (parts[i] != NULL)
      g_string_append_printf (words, "%s%s", words->len > 0 ? _(", ") : "", parts[i]);
  return g_strdup (words->str);
}

static char *
format_date (const char *date, const char *format)
{
  g_autoptr(GDateTime) time = NULL;

  if (date == NULL || !tvm_date_is_valid (date))
    return NULL;
  time = g_date_time_new_utc (atoi (date), atoi (date + 5), atoi (date + 8), 0, 0, 0);
  return time != NULL ? g_date_time_format (time, format) : NULL;
}

/**
 * tvm_make_date:
 * @date: (nullable): YYYY-MM-DD
 *
 * Returns: (transfer full) (nullable): the date for people, %NULL without a valid one
 */
char *
tvm_make_date (const char *date)
{
  /* Translators: a date as g_date_time_format() writes it, as short as is clear: 14 Nov 2026 */
  return format_date (date, _("%-d %b %Y"));
}

/**
 * tvm_make_weekday_date:
 * @date: (nullable): YYYY-MM-DD
 *
 * Returns: (transfer full) (nullable): the date with its weekday for people, %NULL without a valid
 *   one
 */
char *
tvm_make_weekday_date (const char *date)
{
  /* Translators: the same with the weekday, as short as is clear: Sat, 14 Nov 2026 */
  return format_date (date, _("%a, %-d %b %Y"));
}

/**
 * tvm_make_instant:
 * @instant_us: an instant, 0 for none
 *
 * Returns: (transfer full) (nullable): date and time for people, in local time
 */
char *
tvm_make_instant (gint64 instant_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (instant_us / TVM_SECOND_US);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (instant_us <= 0 || local == NULL)
    return NULL;
  /* Translators: date and time as g_date_time_format() writes them: 19 Nov 2026, 14:05 */
  return g_date_time_format (local, _("%-d %b %Y, %H:%M"));
}

/**
 * tvm_make_instant_date:
 * @instant_us: an instant, 0 for none
 *
 * Returns: (transfer full) (nullable): its local date for people
 */
char *
tvm_make_instant_date (gint64 instant_us)
{
  g_autofree char *date = instant_us > 0 ? tvm_date_of_instant (instant_us) : NULL;

  return tvm_make_date (date);
}

/**
 * tvm_make_due_words:
 * @activity: an activity
 * @icon_name: (out): the mark's icon
 * @style: (out): the icon's style class
 *
 * Returns: (transfer full) (nullable): "8 days overdue", "In 3 days" or %NULL if not urgent
 */
char *
tvm_make_due_words (const TvmActivity *activity, const char **icon_name, const char **style)
{
  g_autofree char *today = tvm_today ();
  int days;

  if (activity->due_on == NULL)
    return NULL;
  days = tvm_days_between (today, activity->due_on);
  if (tvm_is_overdue (activity, today))
    {
      *icon_name = "tvm-overdue-symbolic";
      *style = "overdue";
      return g_strdup_printf (ngettext ("%d day overdue", "%d days overdue", (gulong) -days),
                              -days);
    }
  if (!tvm_is_due_soon (activity, today))
    return NULL;
  *icon_name = "alarm-symbolic";
  *style = "soon";
  if (days == 0)
    return g_strdup (_("Today"));
  return g_strdup_printf (ngettext ("In %d day", "In %d days", (gulong) days), days);
}

/**
 * tvm_priority_icon:
 * @priority: a priority
 *
 * Returns: (nullable): the icon's name
 */
const char *
tvm_priority_icon (TvmPriority priority)
{
  switch (priority)
    {
    case TVM_PRIORITY_HIGH:
      return "tvm-priority-high-symbolic";
    case TVM_PRIORITY_MEDIUM:
      return "tvm-priority-medium-symbolic";
    case TVM_PRIORITY_LOW:
      return "tvm-priority-low-symbolic";
    case TVM_PRIORITY_NONE:
    default:
      return NULL;
    }
}

/**
 * tvm_recommendation_status_icon:
 * @recommendation: a recommendation
 * @style: (out): the style class that belongs to the icon, or %NULL
 *
 * Returns: (not nullable): the icon of its status, the same wherever that is told
 */
const char *
tvm_recommendation_status_icon (const TvmRecommendation *recommendation, const char **style)
{
  *style = recommendation->status > TVM_RECOMMENDATION_ACTIVE ? NULL : "dim-label";
  switch (recommendation->status)
    {
    case TVM_RECOMMENDATION_PARTIAL_EXCEPTION:
      return "tvm-exception-partial-symbolic";
    case TVM_RECOMMENDATION_FULL_EXCEPTION:
      return "tvm-exception-full-symbolic";
    case TVM_RECOMMENDATION_UNKNOWN:
    case TVM_RECOMMENDATION_ACTIVE:
    default:
      return "tvm-clock-symbolic";
    }
}

/**
 * tvm_activity_status_icon:
 * @activity: an activity
 * @style: (out) (nullable): the icon's style class
 *
 * Green is for what is done: not for what a person completed while devices are exposed.
 *
 * Returns: the icon's name
 */
const char *
tvm_activity_status_icon (const TvmActivity *activity, const char **style)
{
  *style = NULL;
  if (activity->status != TVM_STATUS_COMPLETED)
    return "tvm-clock-symbolic";
  if (!tvm_progress_is_done (activity))
    return "object-select-symbolic";
  *style = "done";
  return "tvm-done-symbolic";
}

/**
 * tvm_ticket_icon:
 * @status: a ticket's status
 * @style: (out) (nullable): the icon's style class
 *
 * Returns: the icon's name
 */
const char *
tvm_ticket_icon (TvmTicketStatus status, const char **style)
{
  *style = NULL;
  switch (status)
    {
    case TVM_TICKET_OUTBOX:
      *style = "waiting";
      return "tvm-up-symbolic";
    case TVM_TICKET_PENDING:
      return "content-loading-symbolic";
    case TVM_TICKET_ACTIVE:
      return "tvm-clock-symbolic";
    case TVM_TICKET_COMPLETED:
      *style = "done";
      return "tvm-done-symbolic";
    case TVM_TICKET_REJECTED:
    case TVM_TICKET_FAILED:
      *style = "rejected";
      return "tvm-rejected-symbolic";
    case TVM_TICKET_GONE:
    case TVM_TICKET_WITHDRAWN:
      return "tvm-left-symbolic";
    case TVM_TICKET_UNKNOWN:
    default:
      return "tvm-ticket-symbolic";
    }
}

/**
 * tvm_device_state_icon:
 * @state: a target device's state
 * @style: (out): the icon's style class
 *
 * Returns: the icon's name
 */
const char *
tvm_device_state_icon (TvmDeviceState state, const char **style)
{
  *style = "dim-label";
  switch (state)
    {
    case TVM_DEVICE_REMEDIATED:
      *style = "done";
      return "tvm-done-symbolic";
    case TVM_DEVICE_EXPOSED_AGAIN:
      *style = "overdue";
      return "tvm-overdue-symbolic";
    case TVM_DEVICE_NOT_SEEN_7:
    case TVM_DEVICE_NOT_SEEN_30:
      return "tvm-clock-symbolic";
    case TVM_DEVICE_LEFT_GROUP:
    case TVM_DEVICE_GONE:
      return "tvm-left-symbolic";
    case TVM_DEVICE_WAITING:
      return "content-loading-symbolic";
    case TVM_DEVICE_EXPOSED:
    case TVM_N_DEVICE_STATES:
    default:
      return "computer-symbolic";
    }
}

/**
 * tvm_pill_new:
 * @icon_name: (nullable): the icon
 * @style: (nullable): the icon's style class; "threat" tints the pill's icon
 * @text: the words
 *
 * Returns: (transfer floating): icon and words in a pill
 */
GtkWidget *
tvm_pill_new (const char *icon_name, const char *style, const char *text)
{
  GtkWidget *pill = tvm_cell_new_narrow_mark ();
  GtkLabel *label = GTK_LABEL (gtk_widget_get_last_child (pill));

  tvm_cell_set_mark (pill, icon_name, style, text);
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (label, GTK_NATURAL_WRAP_NONE);
  tvm_toolkit_wrap_by_width (GTK_WIDGET (label));
  gtk_box_set_spacing (GTK_BOX (pill), 5);
  gtk_widget_remove_css_class (pill, "mark");
  gtk_widget_add_css_class (pill, "pill-mark");
  if (g_strcmp0 (style, "threat") == 0)
    gtk_widget_add_css_class (pill, "threat");
  return pill;
}

/**
 * tvm_box_clear:
 * @box: a box or list box, which loses its children
 */
void
tvm_box_clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    if (GTK_IS_LIST_BOX (box))
      gtk_list_box_remove (GTK_LIST_BOX (box), child);
    else
      gtk_box_remove (GTK_BOX (box), child);
}

/* ---- words that scroll where they are many */

static GtkScrolledWindow *
scrolled_of (GtkWidget *box)
{
  return GTK_SCROLLED_WINDOW (gtk_widget_get_first_child (box));
}

/* A scrolled window and its viewport ask for the height that words have on one line. */
static void
bounded_measure (GtkWidget      *box,
                 GtkOrientation  orientation,
                 int             for_size,
                 int            *minimum,
                 int            *natural,
                 int            *minimum_baseline,
                 int            *natural_baseline)
{
  GtkViewport *viewport = GTK_VIEWPORT (gtk_scrolled_window_get_child (scrolled_of (box)));

  /* The width hangs on no height, which may be less than it needs. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  /* Who was not asked hands on no change of what is in it. */
  gtk_widget_measure (GTK_WIDGET (scrolled_of (box)), orientation, for_size, NULL, NULL, NULL,
                      NULL);
  gtk_widget_measure (gtk_viewport_get_child (viewport), orientation, for_size, minimum, natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = MIN (*minimum, gtk_scrolled_window_get_max_content_height (scrolled_of (box)));
  *natural = *minimum;
}

static void
bounded_allocate (GtkWidget *box,
                  int        width,
                  int        height,
                  int        baseline)
{
  gtk_widget_size_allocate (GTK_WIDGET (scrolled_of (box)),
                            &(GtkAllocation) { 0, 0, width, height }, -1);
}

/**
 * tvm_box_bound:
 * @box: a box with a scrolled window alone, in which words wrap
 *
 * Makes the box as high as the words are at its width, but no higher than the scrolled window's
 * greatest content height: they scroll then. The keyboard stops there in any case: a scrolled
 * window that takes no focus keeps it from going on (GTK 4.8).
 */
void
tvm_box_bound (GtkWidget *box)
{
  gtk_widget_set_layout_manager (box, gtk_custom_layout_new (tvm_toolkit_by_width, bounded_measure,
                                                             bounded_allocate));
}
