/* tvm-remediation-page.c: the Remediation page: activities and their archive, with the flyout of one.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-remediation-page.h"
#include "tvm-activity-flyout.h"
#include "tvm-export-run.h"
#include "tvm-list-page.h"
#include "tvm-remediation-list.h"
#include <glib/gi18n-lib.h>

struct _TvmRemediationPage
{
  AdwBin             parent_instance;
  TvmUi             *ui;
  TvmListPage       *list;
  TvmActivityFlyout *flyout;
  GtkToggleButton   *archive;
};

G_DEFINE_FINAL_TYPE (TvmRemediationPage, tvm_remediation_page, ADW_TYPE_BIN)

static void
tab_toggled_cb (TvmRemediationPage *self)
{
  g_autoptr(TvmQuery) base = tvm_query_new (TVM_LIST_ACTIVITIES);

  base->archived = gtk_toggle_button_get_active (self->archive);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.close-flyout", NULL);
  tvm_list_page_set_base (self->list, base);
}

static void
record_opened_cb (TvmRemediationPage *self, gpointer record)
{
  tvm_activity_flyout_show (self->flyout, ((const TvmActivity *) record)->id);
}

static void
loaded_cb (TvmRemediationPage *self, gint64 key)
{
  if (tvm_list_page_is_flyout_shown (self->list))
    tvm_list_page_show_flyout (self->list, key);
}

/* The devices of the listed activities, in one file. */
static void
export_devices_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRemediationPage *self = TVM_REMEDIATION_PAGE (widget);
  g_autoptr(TvmQuery) query = tvm_query_copy (tvm_list_page_get_query (self->list));

  query->kind = TVM_LIST_TARGETS;
  tvm_export_run (self->ui, widget, query, "activities-devices");
}

static GMenuModel *
create_export_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("Export this _list…"), "list.export");
  g_menu_append (menu, _("Export the _devices of these activities…"), "remediation.export-devices");
  return G_MENU_MODEL (menu);
}

static GtkWidget *
create_tabs (TvmRemediationPage *self)
{
  GtkWidget *tabs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *activities = gtk_toggle_button_new_with_label (_("Activities"));
  GtkWidget *archive = gtk_toggle_button_new_with_label (_("Archive"));

  self->archive = GTK_TOGGLE_BUTTON (archive);
  gtk_toggle_button_set_group (self->archive, GTK_TOGGLE_BUTTON (activities));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (activities), TRUE);
  gtk_box_set_homogeneous (GTK_BOX (tabs), TRUE);
  gtk_widget_add_css_class (tabs, "linked");
  gtk_accessible_update_property (GTK_ACCESSIBLE (tabs), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Remediation lists"), -1);
  gtk_box_append (GTK_BOX (tabs), activities);
  gtk_box_append (GTK_BOX (tabs), archive);
  g_signal_connect_object (archive, "toggled", G_CALLBACK (tab_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  return tabs;
}

static void
tvm_remediation_page_class_init (TvmRemediationPageClass *klass)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "remediation.export-devices", NULL,
                                   export_devices_activated_cb);
}

static void
tvm_remediation_page_init (TvmRemediationPage *self)
{
}

/**
 * tvm_remediation_page_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
tvm_remediation_page_new (TvmUi *ui)
{
  TvmRemediationPage *self = g_object_new (TVM_TYPE_REMEDIATION_PAGE, NULL);
  g_autoptr(GMenuModel) menu = create_export_menu ();

  self->ui = ui;
  self->list = tvm_list_page_new (ui, &tvm_remediation_list);
  self->flyout = tvm_activity_flyout_new (ui);
  tvm_list_page_set_export_menu (self->list, menu);
  tvm_list_page_set_start (self->list, create_tabs (self));
  tvm_list_page_set_flyout (self->list, GTK_WIDGET (self->flyout));
  g_signal_connect_object (self->list, "record-opened", G_CALLBACK (record_opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flyout, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  return GTK_WIDGET (self);
}

/**
 * tvm_remediation_page_select:
 * @self: the page
 * @activity_id: an activity's id
 *
 * Opens the activity's flyout and selects its row if it is listed.
 */
void
tvm_remediation_page_select (TvmRemediationPage *self, const char *activity_id)
{
  g_return_if_fail (TVM_IS_REMEDIATION_PAGE (self));

  tvm_list_page_show_flyout (self->list, 0);
  tvm_activity_flyout_show (self->flyout, activity_id);
}

/**
 * tvm_remediation_page_set_search:
 * @self: the page
 * @text: (nullable): the search words
 */
void
tvm_remediation_page_set_search (TvmRemediationPage *self, const char *text)
{
  g_return_if_fail (TVM_IS_REMEDIATION_PAGE (self));

  tvm_list_page_set_search (self->list, text);
}
