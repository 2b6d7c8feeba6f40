/* tvm-columns.c: widgets side by side in as many columns as fit, all as wide; those of a row are as
 * high as the highest of them. A GtkFlowBox gives every row the height of the highest one of all.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-columns.h"
#include "tvm-toolkit.h"

#define SPACING_PX 24

struct _TvmColumns
{
  GtkWidget parent_instance;
  int       width;             /* of a column, at least */
  int       most;              /* columns */
};

G_DEFINE_FINAL_TYPE (TvmColumns, tvm_columns, GTK_TYPE_WIDGET)

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
count_columns (TvmColumns *self,
               int         width)
{
  return CLAMP ((width + SPACING_PX) / (self->width + SPACING_PX), 1, self->most);
}

static int
find_column_width (int width,
                   int n_columns)
{
  return MAX (0, (width - (n_columns - 1) * SPACING_PX) / n_columns);
}

/* The height of the row that begins with this child; @last: the child after the row. */
static int
measure_row (GtkWidget  *first,
             int         n_columns,
             int         column_width,
             GtkWidget **last)
{
  GtkWidget *child = first;
  int height = 0;

  for (int i = 0; i < n_columns && child != NULL; i++)
    {
      int minimum, least;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, MAX (column_width, least), &minimum,
                          NULL, NULL, NULL);
      height = MAX (height, minimum);
      child = next_shown (gtk_widget_get_next_sibling (child));
    }
  *last = child;
  return height;
}

static int
measure_height (TvmColumns *self,
                int         width)
{
  int n_columns = count_columns (self, width), height = 0;
  GtkWidget *child = next_shown (gtk_widget_get_first_child (GTK_WIDGET (self)));

  while (child != NULL)
    height += (height > 0 ? SPACING_PX : 0) +
              measure_row (child, n_columns, find_column_width (width, n_columns), &child);
  return height;
}

static int
measure_least_width (TvmColumns *self)
{
  int widest = 0;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (GTK_WIDGET (self)));
       child != NULL; child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int minimum;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      widest = MAX (widest, minimum);
    }
  return widest;
}

static void
tvm_columns_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  TvmColumns *self = TVM_COLUMNS (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL
    ? measure_least_width (self)
    : measure_height (self, for_size < 0 ? self->width : for_size);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL
    ? MAX (*minimum, self->most * self->width + (self->most - 1) * SPACING_PX) : *minimum;
}

static void
tvm_columns_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  TvmColumns *self = TVM_COLUMNS (widget);
  int n_columns = count_columns (self, width), y = 0;
  int column_width = find_column_width (width, n_columns);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)), *after;

  while (child != NULL)
    {
      int row_height = measure_row (child, n_columns, column_width, &after);

      for (int i = 0; child != after; i++)
        {
          int x = (is_rtl ? n_columns - 1 - i : i) * (column_width + SPACING_PX);

          gtk_widget_size_allocate (child, &(GtkAllocation) { x, y, column_width, row_height }, -1);
          child = next_shown (gtk_widget_get_next_sibling (child));
        }
      y += row_height + SPACING_PX;
    }
}

static void
tvm_columns_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (tvm_columns_parent_class)->dispose (object);
}

static void
tvm_columns_class_init (TvmColumnsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tvm_columns_dispose;
  widget_class->measure = tvm_columns_measure;
  widget_class->size_allocate = tvm_columns_size_allocate;
  widget_class->get_request_mode = tvm_toolkit_by_width;
}

static void
tvm_columns_init (TvmColumns *self)
{
}

/**
 * tvm_columns_new:
 * @width: how wide a column is at least
 * @most: how many columns there are at most
 *
 * Returns: (transfer floating): a widget without children
 */
GtkWidget *
tvm_columns_new (int width,
                 int most)
{
  TvmColumns *self = g_object_new (TVM_TYPE_COLUMNS, NULL);

  self->width = width;
  self->most = most;
  return GTK_WIDGET (self);
}

/**
 * tvm_columns_append:
 * @self: columns
 * @child: (transfer floating): what comes after the others; one that is hidden takes no place
 */
void
tvm_columns_append (TvmColumns *self,
                    GtkWidget  *child)
{
  g_return_if_fail (TVM_IS_COLUMNS (self));

  gtk_widget_set_parent (child, GTK_WIDGET (self));
}
