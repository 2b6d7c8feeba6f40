/* component.c: loaded into the program under test. What GTK 4.10 and newer answer to AT-SPI's Contains
 * and GetAccessibleAtPoint does not depend on whether a widget is mapped, which no other call tells,
 * a dialog is on no layer, and extents forget padding; here it is as in GTK 4.8. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <gtk/gtk.h>
#include <math.h>

#define PATH_KEY "tvm-accessible-path"
#define LAYER_WINDOW 7

static GDBusInterfaceMethodCallFunc component_method_call;  /* GTK's own */

static gboolean
is_mapped (GtkAccessible *accessible)
{
  g_autoptr(GtkWidget) child = NULL;

  if (GTK_IS_WIDGET (accessible))
    return gtk_widget_get_mapped (GTK_WIDGET (accessible));
  /* The page of a stack. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (accessible), "child") != NULL)
    g_object_get (accessible, "child", &child, NULL);
  return child != NULL && gtk_widget_get_mapped (child);
}

/* Relative to the toplevel, with the padding of what is around, which GTK's own answer forgets. */
static gboolean
get_bounds (GtkWidget       *widget,
            graphene_rect_t *bounds)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  graphene_rect_t around;

  if (root == NULL || !gtk_widget_compute_bounds (root, root, &around) ||
      !gtk_widget_compute_bounds (widget, root, bounds))
    return FALSE;
  graphene_rect_offset (bounds, -around.origin.x, -around.origin.y);
  return TRUE;
}

/* (x, y) is relative to the toplevel. */
static GVariant *
pick (GDBusConnection *connection,
      GtkWidget       *widget,
      double           x,
      double           y)
{
  GtkWidget *found = NULL;
  graphene_rect_t bounds, own;
  const char *path = NULL;

  if (get_bounds (widget, &bounds) && gtk_widget_compute_bounds (widget, widget, &own))
    found = gtk_widget_pick (widget, x - bounds.origin.x + own.origin.x,
                             y - bounds.origin.y + own.origin.y, GTK_PICK_DEFAULT);
  for (; found != NULL && path == NULL; found = gtk_widget_get_parent (found))
    path = g_object_get_data (G_OBJECT (found), PATH_KEY);
  if (path == NULL)
    return g_variant_new ("((so))", "", "/org/a11y/atspi/null");
  return g_variant_new ("((so))", g_dbus_connection_get_unique_name (connection), path);
}

static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *path,
                const char            *interface,
                const char            *method,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               context)
{
  GtkAccessible *accessible = gtk_at_context_get_accessible (context);
  graphene_rect_t bounds;

  if (g_str_equal (method, "Contains"))
    g_dbus_method_invocation_return_value (invocation,
                                           g_variant_new ("(b)", is_mapped (accessible)));
  else if (g_str_equal (method, "GetLayer") && GTK_IS_WINDOW (accessible))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", LAYER_WINDOW));
  else if (g_str_equal (method, "GetExtents") && GTK_IS_WIDGET (accessible) &&
           get_bounds (GTK_WIDGET (accessible), &bounds))
    g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("((iiii))", (int) roundf (bounds.origin.x),
                                 (int) roundf (bounds.origin.y), (int) roundf (bounds.size.width),
                                 (int) roundf (bounds.size.height)));
  else if (g_str_equal (method, "GetAccessibleAtPoint") && GTK_IS_WIDGET (accessible))
    {
      int x, y;

      g_variant_get (parameters, "(iiu)", &x, &y, NULL);
      g_dbus_method_invocation_return_value (invocation,
                                             pick (connection, GTK_WIDGET (accessible), x, y));
    }
  else
    component_method_call (connection, sender, path, interface, method, parameters, invocation,
                           context);
}

/* What the window starts, a browser or a mail program, has none of these libraries. */
__attribute__ ((constructor)) static void
keep_from_others (void)
{
  if (dlsym (RTLD_DEFAULT, "gtk_init") != NULL)
    g_unsetenv ("LD_PRELOAD");
}

/* In the place of GIO's. */
guint
g_dbus_connection_register_object (GDBusConnection             *connection,
                                   const char                  *path,
                                   GDBusInterfaceInfo          *interface,
                                   const GDBusInterfaceVTable  *vtable,
                                   gpointer                     user_data,
                                   GDestroyNotify               free_data,
                                   GError                     **error)
{
  static const GDBusInterfaceVTable component_vtable = { .method_call = method_call_cb };
  typeof (&g_dbus_connection_register_object) gio_register =
    dlsym (RTLD_NEXT, "g_dbus_connection_register_object");

  if (g_str_equal (interface->name, "org.a11y.atspi.Component"))
    {
      g_object_set_data_full (G_OBJECT (gtk_at_context_get_accessible (user_data)), PATH_KEY,
                              g_strdup (path), g_free);
      component_method_call = vtable->method_call;
      vtable = &component_vtable;
    }
  return gio_register (connection, path, interface, vtable, user_data, free_data, error);
}
