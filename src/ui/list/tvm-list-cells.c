/* tvm-list-cells.c: the kinds of cells that lists are made of. A cell is a box whose children have
 * fixed places; the setters fill it from a record. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-rules.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

static const char *
get_text (GtkWidget *label)
{
  return GTK_IS_INSCRIPTION (label) ? gtk_inscription_get_text (GTK_INSCRIPTION (label))
                                    : gtk_label_get_label (GTK_LABEL (label));
}

/* An inscription lays a line that runs against the window's direction out at the wrong side of its
 * column: from right to left the text becomes an isolate within a line of the window's
 * direction. */
static void
put_text (GtkWidget *label, const char *text)
{
  gboolean is_rtl = gtk_widget_get_direction (label) == GTK_TEXT_DIR_RTL;
  g_autofree char *isolate = is_rtl ? g_strconcat ("\u200f\u2068", text, "\u2069", NULL) : NULL;

  if (GTK_IS_INSCRIPTION (label))
    gtk_inscription_set_text (GTK_INSCRIPTION (label), isolate != NULL ? isolate : text);
  else
    gtk_label_set_label (GTK_LABEL (label), text);
}

/* The whole text, only where it is cut off. */
static gboolean
query_tooltip_cb (GtkWidget *label, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                  gpointer user_data)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (label, get_text (label));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width <= gtk_widget_get_width (label))
    return FALSE;
  gtk_tooltip_set_text (tooltip, get_text (label));
  return TRUE;
}

/* Nothing to show is a dash to the eye and a word to the ear; an empty @text leaves the place
 * empty. */
static void
set_words (GtkWidget *label, const char *text)
{
  /* Translators: a list's cell is empty */
  const char *spoken = text != NULL ? text : C_("cell", "None");

  put_text (label, text != NULL ? text : "–");
  /* Always, for a property once set is not taken from the text again (GTK 4.8). */
  tvm_toolkit_name (label, spoken);
  if (text == NULL)
    gtk_widget_add_css_class (label, "none");
  else
    gtk_widget_remove_css_class (label, "none");
}

static GtkWidget *
finish_label (GtkWidget *label, const char *style)
{
  gtk_widget_set_has_tooltip (label, TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

/* As wide as its words. */
static GtkWidget *
create_label (float xalign, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return finish_label (label, style);
}

/* As wide as its column, so that other words need no new layout of the table. */
static GtkWidget *
create_inscription (float xalign, const char *style)
{
  GtkWidget *label = gtk_inscription_new (NULL);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (label), xalign);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (label),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  return finish_label (label, style);
}

static GtkWidget *
create_mark (GtkWidget *words)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new ();

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (cell), icon);
  gtk_box_append (GTK_BOX (cell), words);
  gtk_widget_add_css_class (cell, "mark");
  return cell;
}

static GtkWidget *
create_lines (float xalign)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *first = create_inscription (xalign, xalign > 0 ? "numeric" : NULL);
  GtkWidget *second = create_inscription (xalign, "caption");

  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (second, "dim-label");
  if (xalign > 0)
    gtk_widget_add_css_class (second, "numeric");
  gtk_box_append (GTK_BOX (cell), first);
  gtk_box_append (GTK_BOX (cell), second);
  return cell;
}

/**
 * tvm_cell_new_text:
 *
 * Returns: (transfer floating): a cell with one line of text
 */
GtkWidget *
tvm_cell_new_text (void)
{
  return create_inscription (0, NULL);
}

/**
 * tvm_cell_new_number:
 *
 * Returns: (transfer floating): a cell with a number at the end
 */
GtkWidget *
tvm_cell_new_number (void)
{
  return create_inscription (1, "numeric");
}

/**
 * tvm_cell_new_words:
 *
 * Returns: (transfer floating): as tvm_cell_new_number(), but as wide as its words
 */
GtkWidget *
tvm_cell_new_words (void)
{
  return create_label (1, "numeric");
}

/**
 * tvm_cell_new_two_lines:
 *
 * Returns: (transfer floating): a cell with a line and a dim one below
 */
GtkWidget *
tvm_cell_new_two_lines (void)
{
  return create_lines (0);
}

/**
 * tvm_cell_new_machine:
 *
 * Returns: (transfer floating): as tvm_cell_new_two_lines(), the first one the name of a machine:
 *   names that begin alike end differently
 */
GtkWidget *
tvm_cell_new_machine (void)
{
  GtkWidget *cell = create_lines (0);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (gtk_widget_get_first_child (cell)),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  return cell;
}

/**
 * tvm_cell_new_narrow:
 * @text: (transfer floating): two lines
 * @between: (nullable) (transfer floating): what stands between the lines and the marks
 * @first_mark: (transfer floating): takes the room there is
 * @last_mark: (transfer floating): stands at the end
 *
 * Returns: (transfer floating): a whole row of a narrow list; its first child is a box with two
 *   lines first and the box of the marks last
 */
GtkWidget *
tvm_cell_new_narrow (GtkWidget *text, GtkWidget *between, GtkWidget *first_mark,
                     GtkWidget *last_mark)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *marks = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *next = gtk_image_new_from_icon_name ("go-next-symbolic");

  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_hexpand (first_mark, TRUE);
  gtk_widget_add_css_class (next, "dim-label");
  gtk_widget_add_css_class (marks, "caption");
  gtk_box_append (GTK_BOX (marks), first_mark);
  gtk_box_append (GTK_BOX (marks), last_mark);
  gtk_box_append (GTK_BOX (lines), text);
  if (between != NULL)
    gtk_box_append (GTK_BOX (lines), between);
  gtk_box_append (GTK_BOX (lines), marks);
  gtk_box_append (GTK_BOX (cell), lines);
  gtk_box_append (GTK_BOX (cell), next);
  return cell;
}

/**
 * tvm_cell_new_two_numbers:
 *
 * Returns: (transfer floating): as tvm_cell_new_two_lines(), at the end
 */
GtkWidget *
tvm_cell_new_two_numbers (void)
{
  return create_lines (1);
}

/**
 * tvm_cell_new_mark:
 *
 * Returns: (transfer floating): a cell with an icon and words
 */
GtkWidget *
tvm_cell_new_mark (void)
{
  return create_mark (create_inscription (0, NULL));
}

/**
 * tvm_cell_new_narrow_mark:
 *
 * Returns: (transfer floating): as tvm_cell_new_mark(), but as wide as its words
 */
GtkWidget *
tvm_cell_new_narrow_mark (void)
{
  return create_mark (create_label (0, NULL));
}

/**
 * tvm_cell_new_due:
 *
 * Returns: (transfer floating): a cell with a due date and, below, how urgent it is
 */
GtkWidget *
tvm_cell_new_due (void)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *mark = tvm_cell_new_mark ();

  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (cell), create_inscription (0, "numeric"));
  gtk_widget_add_css_class (gtk_widget_get_last_child (mark), "caption");
  gtk_box_append (GTK_BOX (cell), mark);
  return cell;
}

/**
 * tvm_cell_new_progress:
 *
 * Returns: (transfer floating): a cell with "n of m", a check mark when done, and a bar
 */
GtkWidget *
tvm_cell_new_progress (void)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 5);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = create_inscription (0, "numeric");
  GtkWidget *check = gtk_image_new_from_icon_name ("tvm-done-symbolic");
  GtkWidget *bar = gtk_progress_bar_new ();

  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_image_set_pixel_size (GTK_IMAGE (check), 14);
  gtk_widget_add_css_class (check, "done");
  gtk_widget_add_css_class (bar, "slim");
  tvm_toolkit_name (bar, _("Device remediation progress"));
  tvm_toolkit_name (check, _("All devices remediated"));
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), check);
  gtk_box_append (GTK_BOX (cell), line);
  gtk_box_append (GTK_BOX (cell), bar);
  return cell;
}

static GtkWidget *
create_threat (const char *icon_name, const char *words)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (icon, words);
  tvm_toolkit_name (icon, words);
  return icon;
}

/**
 * tvm_cell_new_threats:
 *
 * Returns: (transfer floating): a cell with the threat marks, always in one order
 */
GtkWidget *
tvm_cell_new_threats (void)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  /* Translators: no threat is known */
  GtkWidget *none = gtk_label_new (C_("threats", "None"));

  gtk_box_append (GTK_BOX (cell),
                  create_threat ("tvm-known-exploited-symbolic", _("Known exploited")));
  gtk_box_append (GTK_BOX (cell), create_threat ("tvm-exploit-symbolic", _("Public exploit")));
  gtk_box_append (GTK_BOX (cell), create_threat ("tvm-alert-symbolic", _("Active alert")));
  gtk_widget_add_css_class (none, "dim-label");
  gtk_box_append (GTK_BOX (cell), none);
  return cell;
}

/**
 * tvm_cell_set_text:
 * @cell: a cell of tvm_cell_new_text()
 * @text: (nullable): plain text; %NULL shows a dash
 */
void
tvm_cell_set_text (GtkWidget *cell, const char *text)
{
  set_words (cell, text);
}

/**
 * tvm_cell_set_number:
 * @cell: a cell of tvm_cell_new_number()
 * @number: what to show, in the locale's way
 */
void
tvm_cell_set_number (GtkWidget *cell, gint64 number)
{
  g_autofree char *text = tvm_make_number (number);

  put_text (cell, text);
}

/**
 * tvm_cell_set_lines:
 * @cell: a cell of two lines
 * @first: (nullable): the upper line; %NULL shows a dash
 * @second: (nullable): the lower line; without one it takes no room
 */
void
tvm_cell_set_lines (GtkWidget *cell, const char *first, const char *second)
{
  GtkWidget *upper = gtk_widget_get_first_child (cell);
  GtkWidget *lower = gtk_widget_get_next_sibling (upper);

  set_words (upper, first);
  put_text (lower, second != NULL ? second : "");
  gtk_widget_set_visible (lower, second != NULL && second[0] != '\0');
}

/* The same icon once more would be laid out anew. */
static void
set_icon (GtkWidget *icon, const char *icon_name, const char *style)
{
  const char *classes[] = { style, NULL };
  g_auto(GStrv) old = gtk_widget_get_css_classes (icon);

  if (g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (icon)), icon_name) != 0)
    gtk_image_set_from_icon_name (GTK_IMAGE (icon), icon_name);
  if (!g_strv_equal ((const char *const *) old, classes))
    gtk_widget_set_css_classes (icon, classes);
}

/**
 * tvm_cell_set_mark:
 * @cell: a cell of tvm_cell_new_mark()
 * @icon_name: (nullable): the icon; its shape, not its colour, carries the meaning
 * @style: (nullable): the icon's style class
 * @text: (nullable): the words; %NULL shows a dash, "" nothing
 */
void
tvm_cell_set_mark (GtkWidget *cell, const char *icon_name, const char *style, const char *text)
{
  GtkWidget *icon = gtk_widget_get_first_child (cell);
  GtkWidget *label = gtk_widget_get_next_sibling (icon);

  set_icon (icon, icon_name, style);
  gtk_widget_set_visible (icon, icon_name != NULL && text != NULL);
  set_words (label, text);
  if (g_strcmp0 (style, "overdue") == 0)
    gtk_widget_add_css_class (label, "overdue");
  else
    gtk_widget_remove_css_class (label, "overdue");
}

/**
 * tvm_cell_set_due:
 * @cell: a cell of tvm_cell_new_due()
 * @activity: an activity
 */
void
tvm_cell_set_due (GtkWidget *cell, const TvmActivity *activity)
{
  GtkWidget *mark = gtk_widget_get_last_child (cell);
  const char *icon_name = NULL, *style = NULL;
  g_autofree char *date = tvm_make_date (activity->due_on);
  g_autofree char *words = tvm_make_due_words (activity, &icon_name, &style);

  set_words (gtk_widget_get_first_child (cell), date);
  tvm_cell_set_mark (mark, icon_name, style, words);
  gtk_widget_set_visible (mark, words != NULL);
}

/**
 * tvm_cell_set_progress:
 * @cell: a cell of tvm_cell_new_progress()
 * @activity: an activity
 */
void
tvm_cell_set_progress (GtkWidget *cell, const TvmActivity *activity)
{
  GtkWidget *line = gtk_widget_get_first_child (cell);
  GtkWidget *words = gtk_widget_get_first_child (line);
  GtkWidget *bar = gtk_widget_get_last_child (cell);
  gboolean is_known = activity->type != TVM_TYPE_ATTENTION_REQUIRED && activity->fixed_devices >= 0;
  gboolean has_share = tvm_progress_adds_up (activity);
  gboolean is_done = has_share && tvm_progress_left (activity) == 0;
  g_autofree char *text = NULL;

  if (is_known)
    text = tvm_make_n_of_m (activity->fixed_devices, activity->target_devices);
  else
    text = g_strdup (tvm_progress_unknown_text (activity));
  put_text (words, text);
  gtk_widget_set_tooltip_text (cell, tvm_progress_doubt_text (activity));
  gtk_widget_set_visible (gtk_widget_get_last_child (line), is_done);
  gtk_widget_set_visible (bar, has_share);
  if (is_known)
    gtk_widget_remove_css_class (words, "dim-label");
  else
    gtk_widget_add_css_class (words, "dim-label");
  if (has_share)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar),
                                   (double) activity->fixed_devices / activity->target_devices);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
}

/**
 * tvm_cell_set_threats:
 * @cell: a cell of tvm_cell_new_threats()
 * @recommendation: a recommendation
 */
void
tvm_cell_set_threats (GtkWidget *cell, const TvmRecommendation *recommendation)
{
  const TvmTruth marks[] = { recommendation->known_exploited, recommendation->public_exploit,
                             recommendation->active_alert };
  GtkWidget *child = gtk_widget_get_first_child (cell);
  gboolean is_any = FALSE, is_known = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      gtk_widget_set_visible (child, marks[i] == TVM_TRUTH_YES);
      is_any |= marks[i] == TVM_TRUTH_YES;
      is_known &= marks[i] != TVM_TRUTH_UNKNOWN;
      child = gtk_widget_get_next_sibling (child);
    }
  gtk_widget_set_visible (child, !is_any);
  gtk_label_set_label (GTK_LABEL (child), is_known ? C_("threats", "None")
                       /* Translators: no threat is known, but not every kind was looked up */
                                                   : C_("threats", "None known"));
}
