/* mapped.c: loaded into the program under test. What GTK 4.10 and newer answer to AT-SPI's Contains
 * does not depend on whether a widget is mapped, which no other call tells; here it does again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <gtk/gtk.h>

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
  if (g_str_equal (method, "Contains"))
    g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(b)", is_mapped (gtk_at_context_get_accessible (context))));
  else
    component_method_call (connection, sender, path, interface, method, parameters, invocation,
                           context);
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
      component_method_call = vtable->method_call;
      vtable = &component_vtable;
    }
  return gio_register (connection, path, interface, vtable, user_data, free_data, error);
}
