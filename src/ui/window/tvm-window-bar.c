/* tvm-window-bar.c: the pages at the bottom of a narrow window: names that are too long for a fifth
 * of it stand in two lines, and where text is too large for that, icons alone stand for them. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

#define NAME_PX     68   /* a fifth of 360 px */
#define MAX_LINES   2
#define SOFT_HYPHEN "\302\255"

static const struct { const char *title, *name; } names[] = {
  { N_("Dashboard"),
    /* Translators: names of pages in a narrow window, two short lines each. "|" is where a line may
     * end, with a hyphen; a space, and in languages without hyphens a line break, end one too. */
    NC_("narrow", "Dash|board") },
  { N_("Recommendations"), NC_("narrow", "Recommen|dations") },
  { N_("Weaknesses"), NC_("narrow", "Weaknesses") },
  { N_("Remediation"), NC_("narrow", "Remediation") },
  { N_("Devices"), NC_("narrow", "Devices") },
};

typedef void (*LabelFunc) (GtkLabel *label, gpointer user_data);

static void
for_each_label (GtkWidget *widget, LabelFunc func, gpointer user_data)
{
  if (GTK_IS_LABEL (widget))
    func (GTK_LABEL (widget), user_data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    for_each_label (child, func, user_data);
}

/* What the page of that title is called here; once set, that is the label's own. */
static void
shorten (GtkLabel *label, gpointer user_data)
{
  GtkWidget *button = gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_TOGGLE_BUTTON);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (gtk_label_get_label (label), _(names[i].title)) == 0)
      {
        const char *words = g_dpgettext2 (GETTEXT_PACKAGE, "narrow", names[i].name);
        g_auto(GStrv) parts = g_strsplit (words, "|", -1);
        g_autofree char *name = g_strjoinv (SOFT_HYPHEN, parts);

        gtk_label_set_label (label, name);
        gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_NONE);
        gtk_label_set_wrap (label, TRUE);
        gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
        gtk_label_set_yalign (label, 0);
        gtk_widget_set_tooltip_text (button, _(names[i].title));
        tvm_toolkit_name (button, _(names[i].title));
        break;
      }
}

typedef struct { int n_lines, height_px; gboolean fits; } Room;

static void
measure (GtkLabel *label, gpointer user_data)
{
  Room *room = user_data;
  g_autoptr(PangoLayout) layout =
    gtk_widget_create_pango_layout (GTK_WIDGET (label), gtk_label_get_label (label));
  int width, height;

  pango_layout_set_width (layout, NAME_PX * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &width, &height);
  room->n_lines = MAX (room->n_lines, pango_layout_get_line_count (layout));
  room->height_px = MAX (room->height_px, height);
  room->fits &= width <= NAME_PX && pango_layout_get_line_count (layout) <= MAX_LINES;
}

/* All as high as the highest, so that the icons stand in one line. */
static void
give_room (GtkLabel *label, gpointer user_data)
{
  const Room *room = user_data;

  gtk_widget_set_visible (GTK_WIDGET (label), room->fits);
  gtk_widget_set_size_request (GTK_WIDGET (label), -1, room->height_px);
}

/**
 * tvm_window_fit_bar:
 * @self: a window with its pages
 *
 * Makes the names of the pages fit the bottom of a narrow window, with text as large as it is now.
 */
void
tvm_window_fit_bar (TvmWindow *self)
{
  GtkWidget *bar = GTK_WIDGET (self->switcher_bar);
  Room room = { .fits = TRUE };

  for_each_label (bar, shorten, NULL);
  for_each_label (bar, measure, &room);
  for_each_label (bar, give_room, &room);
}
