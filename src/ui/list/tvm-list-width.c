/* tvm-list-width.c: how wide the cells of a column want to be, learned as they are filled: a table
 * shows few of its rows, and to measure all of them would take long. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-width.h"
#include <string.h>

#define N_MEASURED 40     /* the first cells; later ones only if their words are longer than all */
#define XFT_DPI (96 * 1024)  /* of text of 100 % */

typedef struct {
  GCallback wider_cb;
  gpointer user_data;
  guint n_measured;
  gsize longest;          /* bytes */
  int width;              /* px, 0: not known */
} Width;

static const char *
get_words (GtkWidget *widget)
{
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  return GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : NULL;
}

static gsize
count_bytes (GtkWidget *widget)
{
  const char *words = get_words (widget);
  gsize n = words != NULL ? strlen (words) : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += gtk_widget_get_visible (child) ? count_bytes (child) : 0;
  return n;
}

static int
measure_words (GtkWidget *widget, const char *words)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, words);
  int width;

  /* Its style class brings the features that the layout does not have from the widget. */
  if (gtk_widget_has_css_class (widget, "numeric"))
    {
      g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
      pango_layout_set_attributes (layout, attributes);
    }
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width + 1;  /* rounded down somewhere, it would be cut */
}

/* What its words need in pixels, whatever room an inscription asks for. */
static int
width_of (GtkWidget *widget)
{
  const char *words = get_words (widget);
  gboolean is_row = GTK_IS_BOX (widget) &&
    gtk_orientable_get_orientation (GTK_ORIENTABLE (widget)) == GTK_ORIENTATION_HORIZONTAL;
  int width = 0, n = 0;

  if (words != NULL)
    return measure_words (widget, words);
  if (!GTK_IS_BOX (widget))
    {
      gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
      return width;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child))
      {
        int one = width_of (child);

        width = is_row ? width + one + (n++ > 0 ? gtk_box_get_spacing (GTK_BOX (widget)) : 0)
                       : MAX (width, one);
      }
  return width;
}

/**
 * tvm_list_width_follow:
 * @factory: of a column's cells
 * @wider_cb: (scope forever) (nullable): called with @user_data when they want more; %NULL: not
 *   any longer
 * @user_data: what it is called with
 */
void
tvm_list_width_follow (GtkListItemFactory *factory, GCallback wider_cb, gpointer user_data)
{
  Width *self = wider_cb != NULL ? g_new0 (Width, 1) : NULL;

  if (self != NULL)
    *self = (Width) { .wider_cb = wider_cb, .user_data = user_data };
  g_object_set_data_full (G_OBJECT (factory), "tvm-width", self, g_free);
}

/**
 * tvm_list_width_note:
 * @factory: of a column's cells
 * @cell: one that was just filled
 */
void
tvm_list_width_note (GtkListItemFactory *factory, GtkWidget *cell)
{
  Width *self = g_object_get_data (G_OBJECT (factory), "tvm-width");
  gsize n_bytes = self != NULL ? count_bytes (cell) : 0;
  int width;

  if (self == NULL || (self->n_measured >= N_MEASURED && n_bytes <= self->longest))
    return;
  self->n_measured++;
  self->longest = MAX (self->longest, n_bytes);
  width = width_of (cell);
  if (width <= self->width)
    return;
  self->width = width;
  ((void (*) (gpointer)) self->wider_cb) (self->user_data);
}

/**
 * tvm_list_width_get:
 * @factory: of a column's cells
 *
 * Returns: what the widest cell so far wants, 0 if there was none
 */
int
tvm_list_width_get (GtkListItemFactory *factory)
{
  Width *self = g_object_get_data (G_OBJECT (factory), "tvm-width");

  return self != NULL ? self->width : 0;
}

/**
 * tvm_list_width_scale:
 * @widget: what shows
 *
 * Returns: how large the text of the desktop is: 2 for 200 %
 */
double
tvm_list_width_scale (GtkWidget *widget)
{
  int dpi = 0;

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi > XFT_DPI ? (double) dpi / XFT_DPI : 1;
}
