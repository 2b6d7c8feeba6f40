/* tvm-list-portal.c: leads from a row to the same thing in the Microsoft Defender portal. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-page-private.h"
#include "tvm-portal.h"
#include "tvm-setting-load.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

/* Of the row that is open; NULL: the portal has no address for it. */
static char *
make_uri (TvmListPage *self)
{
  guint position = tvm_row_list_find_key (self->rows, self->open_key);
  g_autoptr(TvmRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  gconstpointer record = row != NULL ? tvm_row_get_record (row) : NULL;

  if (record == NULL || !self->is_cloud_known)
    return NULL;
  switch (self->spec->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return tvm_portal_uri (self->cloud, TVM_PORTAL_RECOMMENDATIONS, NULL);
    case TVM_LIST_WEAKNESSES:
      return tvm_portal_uri (self->cloud, TVM_PORTAL_WEAKNESS,
                             ((const TvmVulnerability *) record)->id);
    case TVM_LIST_DEVICES:
      return tvm_portal_uri (self->cloud, TVM_PORTAL_DEVICE, ((const TvmDevice *) record)->id);
    default:
      return NULL;
    }
}

static void
open_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autofree char *uri = make_uri (TVM_LIST_PAGE (widget));

  if (uri != NULL)
    tvm_toolkit_open_uri (GTK_WINDOW (gtk_widget_get_root (widget)), uri);
}

static void
copy_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autofree char *uri = make_uri (TVM_LIST_PAGE (widget));

  if (uri == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), uri);
  tvm_ui_toast (TVM_LIST_PAGE (widget)->ui, _("Copied"));
}

static void
cloud_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmListPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *cloud = tvm_load_finish (TVM_STORE (object), result, &error);

  self->is_cloud_known = error == NULL;
  tvm_set_str (&self->cloud, cloud);
}

/**
 * tvm_list_page_learn_cloud:
 * @self: the page, which is new, or a setting has changed
 */
void
tvm_list_page_learn_cloud (TvmListPage *self)
{
  tvm_load_async (self->ui->store, &tvm_load_setting, "cloud", NULL, cloud_loaded_cb,
                  g_object_ref (self));
}

/**
 * tvm_list_page_add_portal:
 * @self: the page, a row of which is open
 * @menu: of that row, which gets what leads to the portal where that has an address for it
 */
void
tvm_list_page_add_portal (TvmListPage *self, GMenu *menu)
{
  g_autofree char *uri = make_uri (self);

  if (uri == NULL)
    return;
  g_menu_append (menu, _("Open in the _portal"), "list.open-portal");
  g_menu_append (menu, _("Copy _link"), "list.copy-link");
}

/**
 * tvm_list_page_install_portal:
 * @klass: the page's class, in its class_init
 *
 * Installs "list.open-portal" and "list.copy-link".
 */
void
tvm_list_page_install_portal (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "list.open-portal", NULL, open_cb);
  gtk_widget_class_install_action (klass, "list.copy-link", NULL, copy_cb);
}
