/* tvm-toolkit.c: the one place that calls what GTK after 4.8 and libadwaita after 1.2 deprecate,
 * and what is newer where that does the same. AdwFlap, AdwSqueezer and AdwViewSwitcherTitle follow
 * the width by themselves, which what came after them does not; nothing newer looks up a color.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
/* The newer one is asked for where it is there. */
#undef GDK_VERSION_MAX_ALLOWED
#include "tvm-toolkit.h"

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/**
 * tvm_toolkit_open_uri:
 * @window: (nullable): the window that asks
 * @uri: an address, of a mail too
 *
 * Opens it in the program that the desktop has for it.
 */
void
tvm_toolkit_open_uri (GtkWindow  *window,
                      const char *uri)
{
#if GTK_CHECK_VERSION (4, 10, 0)
  g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);

  gtk_uri_launcher_launch (launcher, window, NULL, NULL, NULL);
#else
  gtk_show_uri (window, uri, GDK_CURRENT_TIME);
#endif
}

/**
 * tvm_toolkit_get_color:
 * @widget: a widget that draws itself
 * @color: (out): the color of its text
 */
void
tvm_toolkit_get_color (GtkWidget *widget,
                       GdkRGBA   *color)
{
#if GTK_CHECK_VERSION (4, 10, 0)
  gtk_widget_get_color (widget, color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
#endif
}

/**
 * tvm_toolkit_lookup_color:
 * @widget: a widget that draws itself
 * @name: a color that the style may define
 * @color: (out): what it is
 *
 * Returns: whether the style defines it
 */
gboolean
tvm_toolkit_lookup_color (GtkWidget  *widget,
                          const char *name,
                          GdkRGBA    *color)
{
  return gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, color);
}

/**
 * tvm_toolkit_name:
 * @widget: a widget that otherwise takes its name from what is in it
 * @name: what people who do not see it hear
 *
 * Names it; the newer GTK asks what is in it first, even where that has no words.
 */
void
tvm_toolkit_name (GtkWidget  *widget,
                  const char *name)
{
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * tvm_toolkit_find:
 * @widget: where to look
 * @type: a type of widgets
 *
 * Returns: (transfer none) (nullable): the first of that type, @widget itself or in it
 */
GtkWidget *
tvm_toolkit_find (GtkWidget *widget,
                  GType      type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = tvm_toolkit_find (child, type);
  return found;
}

/**
 * tvm_toolkit_by_width:
 * @widget: a widget
 *
 * Returns: that its height depends on its width, for classes and layouts
 */
GtkSizeRequestMode
tvm_toolkit_by_width (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

#if GTK_CHECK_VERSION (4, 10, 0)
static gboolean
mapped_cb (GSignalInvocationHint *hint,
           guint                  n_values,
           const GValue          *values,
           gpointer               user_data)
{
  GtkWidget *widget = g_value_get_object (values), *label;

  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkModelButton") &&
      (label = tvm_toolkit_find (widget, GTK_TYPE_LABEL)) != NULL)
    tvm_toolkit_name (widget, gtk_label_get_text (GTK_LABEL (label)));
  return G_SOURCE_CONTINUE;
}
#endif

/**
 * tvm_toolkit_name_menu_items:
 *
 * Has the items of all menus named from now on: the newer GTK says that their labels are none.
 * Called once.
 */
void
tvm_toolkit_name_menu_items (void)
{
#if GTK_CHECK_VERSION (4, 10, 0)
  g_type_class_ref (GTK_TYPE_WIDGET);   /* has the signal made */
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_cb, NULL, NULL);
#endif
}

/**
 * tvm_toolkit_get_flap:
 * @flap: beside a list
 *
 * Returns: (transfer none) (nullable): what is in it
 */
GtkWidget *
tvm_toolkit_get_flap (AdwFlap *flap)
{
  return adw_flap_get_flap (flap);
}

/**
 * tvm_toolkit_set_flap:
 * @flap: beside a list
 * @child: (nullable): what is in it
 */
void
tvm_toolkit_set_flap (AdwFlap   *flap,
                      GtkWidget *child)
{
  adw_flap_set_flap (flap, child);
}

/**
 * tvm_toolkit_is_flap_revealed:
 * @flap: beside a list
 *
 * Returns: whether it shows
 */
gboolean
tvm_toolkit_is_flap_revealed (AdwFlap *flap)
{
  return adw_flap_get_reveal_flap (flap);
}

/**
 * tvm_toolkit_set_flap_revealed:
 * @flap: beside a list
 * @is_revealed: whether it shows
 */
void
tvm_toolkit_set_flap_revealed (AdwFlap  *flap,
                               gboolean  is_revealed)
{
  adw_flap_set_reveal_flap (flap, is_revealed);
}

/**
 * tvm_toolkit_is_flap_folded:
 * @flap: beside a list
 *
 * Returns: whether it lies over the list, for want of width
 */
gboolean
tvm_toolkit_is_flap_folded (AdwFlap *flap)
{
  return adw_flap_get_folded (flap);
}

/**
 * tvm_toolkit_get_squeezed:
 * @squeezer: shows one of several children
 *
 * Returns: (transfer none) (nullable): the one that there is width for
 */
GtkWidget *
tvm_toolkit_get_squeezed (AdwSqueezer *squeezer)
{
  return adw_squeezer_get_visible_child (squeezer);
}

/**
 * tvm_toolkit_is_title_visible:
 * @title: a window's
 *
 * Returns: whether it shows a title, for want of width for the pages
 */
gboolean
tvm_toolkit_is_title_visible (AdwViewSwitcherTitle *title)
{
  return adw_view_switcher_title_get_title_visible (title);
}

/**
 * tvm_toolkit_set_title_pages:
 * @title: a window's
 * @has_pages: whether it shows the pages where there is width
 */
void
tvm_toolkit_set_title_pages (AdwViewSwitcherTitle *title,
                             gboolean              has_pages)
{
  adw_view_switcher_title_set_view_switcher_enabled (title, has_pages);
}

/**
 * tvm_toolkit_set_subtitle:
 * @title: a window's
 * @subtitle: shown below the title
 */
void
tvm_toolkit_set_subtitle (AdwViewSwitcherTitle *title,
                          const char           *subtitle)
{
  adw_view_switcher_title_set_subtitle (title, subtitle);
}

G_GNUC_END_IGNORE_DEPRECATIONS

/* A label lays itself out, a box has a layout manager, which is kept beside the new one. */
static GtkLayoutManager *
get_layout (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "tvm-layout");
}

static void
by_width_measure (GtkWidget      *widget,
                  GtkOrientation  orientation,
                  int             for_size,
                  int            *minimum,
                  int            *natural,
                  int            *minimum_baseline,
                  int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  if (get_layout (widget) != NULL)
    gtk_layout_manager_measure (get_layout (widget), widget, orientation, for_size, minimum,
                                natural, minimum_baseline, natural_baseline);
  else
    GTK_WIDGET_GET_CLASS (widget)->measure (widget, orientation, for_size, minimum, natural,
                                            minimum_baseline, natural_baseline);
  /* A row whose label and icon both have one is a pixel higher for a width than for none. */
  *minimum_baseline = *natural_baseline = -1;
}

static void
by_width_allocate (GtkWidget *widget,
                   int        width,
                   int        height,
                   int        baseline)
{
  if (get_layout (widget) != NULL)
    gtk_layout_manager_allocate (get_layout (widget), widget, width, height, baseline);
  else
    GTK_WIDGET_GET_CLASS (widget)->size_allocate (widget, width, height, baseline);
}

static gboolean
searches_width (GtkWidget *widget)
{
  if (GTK_IS_BOX (widget))
    return GTK_IS_BOX_LAYOUT (gtk_widget_get_layout_manager (widget)) &&
           gtk_orientable_get_orientation (GTK_ORIENTABLE (widget)) == GTK_ORIENTATION_VERTICAL;
  return GTK_IS_LABEL (widget) && gtk_widget_get_layout_manager (widget) == NULL;
}

/**
 * tvm_toolkit_wrap_by_width:
 * @root: a label, or what has labels that wrap in it
 *
 * A box in a row asks what is in it how wide it wants to be for the height that the row got: a
 * label that wraps, and a box with such labels below each other, try a dozen widths for the answer,
 * shaping all words each time (GTK 4.8). Within @root they tell the width that they want for any
 * height, which is what the row's height was reckoned from.
 */
void
tvm_toolkit_wrap_by_width (GtkWidget *root)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (root);

  if (searches_width (root))
    {
      if (layout != NULL)
        g_object_set_data_full (G_OBJECT (root), "tvm-layout", g_object_ref (layout),
                                g_object_unref);
      gtk_widget_set_layout_manager (root,
                                     gtk_custom_layout_new (tvm_toolkit_by_width, by_width_measure,
                                                            by_width_allocate));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tvm_toolkit_wrap_by_width (child);
}
