/* tvm-remediation-page.c: the Remediation page: activities, exceptions and the archive, with the
 * flyout of one. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-remediation-page.h"
#include "tvm-activities-bulk.h"
#include "tvm-activity-flyout.h"
#include "tvm-exception-flyout.h"
#include "tvm-exceptions-list.h"
#include "tvm-export-run.h"
#include "tvm-list-page.h"
#include "tvm-portal-exceptions.h"
#include "tvm-remediation-list.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

struct _TvmRemediationPage
{
  AdwBin             parent_instance;
  TvmUi             *ui;
  GtkStack          *stack;
  TvmListPage       *list;              /* of activities, archived or not */
  TvmListPage       *exceptions;
  const char        *tab;               /* one of tabs[] */
};

typedef enum { PROP_TAB = 1 } TvmRemediationPageProperty;
G_DEFINE_FINAL_TYPE (TvmRemediationPage, tvm_remediation_page, ADW_TYPE_BIN)
static GParamSpec *properties[PROP_TAB + 1];

static const struct { const char *word, *label; } tabs[] = {
  { "activities", N_("Activities") },
  { "exceptions", N_("Exceptions") },
  { "archive", N_("Archive") },
};

static void
set_tab (TvmRemediationPage *self, const char *tab)
{
  g_autoptr(TvmQuery) base = tvm_query_new (TVM_LIST_ACTIVITIES);

  if (g_strcmp0 (tab, self->tab) == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    if (g_strcmp0 (tab, tabs[i].word) == 0)
      self->tab = tabs[i].word;
  if (g_str_equal (self->tab, "exceptions"))
    gtk_stack_set_visible_child_name (self->stack, "exceptions");
  else
    {
      base->archived = g_str_equal (self->tab, "archive");
      gtk_widget_activate_action (GTK_WIDGET (self->list), "list.close-flyout", NULL);
      tvm_list_page_set_base (self->list, base);
      gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->list));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAB]);
}

/* The devices of the listed activities, in one file. */
static void
export_devices_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRemediationPage *self = TVM_REMEDIATION_PAGE (widget);
  g_autoptr(TvmQuery) query = tvm_query_copy (tvm_list_page_get_query (self->list));

  query->kind = TVM_LIST_TARGETS;
  tvm_export_run (self->ui, widget, query, "activities-devices", NULL);
}

/* ---- several activities */

static void
bulk_done_cb (GtkWidget *list)
{
  tvm_list_page_stop_choosing (TVM_LIST_PAGE (list));
}

static void
complete_chosen_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRemediationPage *self = TVM_REMEDIATION_PAGE (widget);
  g_autoptr(GArray) keys = tvm_list_page_dup_chosen (self->list);

  if (keys->len > 0)
    tvm_activities_complete (self->ui, GTK_WIDGET (self->list), keys, bulk_done_cb);
}

static void
withdraw_chosen_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRemediationPage *self = TVM_REMEDIATION_PAGE (widget);
  g_autoptr(GArray) keys = tvm_list_page_dup_chosen (self->list);

  if (keys->len > 0)
    tvm_activities_withdraw (self->ui, GTK_WIDGET (self->list), keys, bulk_done_cb);
}

static void
export_chosen_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRemediationPage *self = TVM_REMEDIATION_PAGE (widget);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);

  query->keys = tvm_list_page_dup_chosen (self->list);
  if (query->keys->len > 0)
    tvm_export_run (self->ui, widget, query, "activities-devices", NULL);
}

static GMenuModel *
create_choice_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("_Export to CSV…"), "remediation.export-chosen");
  g_menu_append (menu, _("_Withdraw tickets…"), "remediation.withdraw-chosen");
  g_menu_append (menu, _("_Mark as completed…"), "remediation.complete-chosen");
  return G_MENU_MODEL (menu);
}

static GMenuModel *
create_export_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("Export this _list…"), "list.export");
  g_menu_append (menu, _("Export the _devices of these activities…"), "remediation.export-devices");
  return G_MENU_MODEL (menu);
}

/* Each list has its own, above it; the action keeps them the same. */
static GtkWidget *
create_tabs (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (box, "linked");
  gtk_widget_add_css_class (box, "tabs");
  tvm_toolkit_name (box, _("Remediation lists"));
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_(tabs[i].label));
      GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));

      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_set_tooltip_text (button, _(tabs[i].label));
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", tabs[i].word);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "remediation.tab");
      gtk_widget_set_hexpand (button, TRUE);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static void
tvm_remediation_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((TvmRemediationPageProperty) prop_id)
    {
    case PROP_TAB:
      g_value_set_string (value, TVM_REMEDIATION_PAGE (object)->tab);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tvm_remediation_page_set_property (GObject *object, guint prop_id, const GValue *value,
                                   GParamSpec *pspec)
{
  switch ((TvmRemediationPageProperty) prop_id)
    {
    case PROP_TAB:
      set_tab (TVM_REMEDIATION_PAGE (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tvm_remediation_page_class_init (TvmRemediationPageClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = tvm_remediation_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = tvm_remediation_page_set_property;
  /* Which list shows: a word of tabs[]. */
  properties[PROP_TAB] =
    g_param_spec_string ("tab", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (properties), properties);
  gtk_widget_class_install_property_action (GTK_WIDGET_CLASS (klass), "remediation.tab", "tab");
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "remediation.export-devices", NULL,
                                   export_devices_activated_cb);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "remediation.export-chosen", NULL,
                                   export_chosen_cb);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "remediation.withdraw-chosen", NULL,
                                   withdraw_chosen_cb);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "remediation.complete-chosen", NULL,
                                   complete_chosen_cb);
}

static void
tvm_remediation_page_init (TvmRemediationPage *self)
{
  self->tab = tabs[0].word;
}

static void
create_exceptions (TvmRemediationPage *self)
{
  self->exceptions = tvm_list_page_new (self->ui, &tvm_exceptions_list);
  tvm_list_page_set_start (self->exceptions, create_tabs ());
  tvm_list_page_set_top (self->exceptions, tvm_portal_exceptions_new (self->ui));
  tvm_list_page_set_flyout (self->exceptions,
                            TVM_RECORD_FLYOUT (tvm_exception_flyout_new (self->ui)));
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->exceptions), "exceptions");
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
  g_autoptr(GMenuModel) choice_menu = create_choice_menu ();

  self->ui = tvm_ui_share (ui, self);
  self->list = tvm_list_page_new (ui, &tvm_remediation_list);
  tvm_list_page_set_export_menu (self->list, menu);
  tvm_list_page_set_choice_menu (self->list, choice_menu);
  tvm_list_page_set_start (self->list, create_tabs ());
  tvm_list_page_set_flyout (self->list, TVM_RECORD_FLYOUT (tvm_activity_flyout_new (ui)));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->list));
  create_exceptions (self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  return GTK_WIDGET (self);
}

/* A filter of the list by the member of the query that it sets. */
static void
set_filter (TvmRemediationPage *self, gsize offset, int value)
{
  for (guint i = 0; i < tvm_remediation_list.n_filters; i++)
    if (tvm_remediation_list.filters[i].offset == offset)
      tvm_list_page_set_filter (self->list, i, value);
}

/**
 * tvm_remediation_page_show_only:
 * @self: the page
 * @status: the #TvmActivityStatus of the activities to list, 0 for all
 * @due: their #TvmDue, 0 for all
 * @ticket_matters: only those with a ticket that waits or was refused
 *
 * Lists these activities, whatever was searched for or filtered before.
 */
void
tvm_remediation_page_show_only (TvmRemediationPage *self, int status, int due,
                                gboolean ticket_matters)
{
  g_return_if_fail (TVM_IS_REMEDIATION_PAGE (self));

  set_tab (self, "activities");
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.close-flyout", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.clear-filters", NULL);
  set_filter (self, G_STRUCT_OFFSET (TvmQuery, status), status);
  set_filter (self, G_STRUCT_OFFSET (TvmQuery, due), due);
  set_filter (self, G_STRUCT_OFFSET (TvmQuery, ticket_matters_only), ticket_matters);
}

/**
 * tvm_remediation_page_show_past:
 * @self: the page
 * @past: the #TvmFigure of the activities to list
 *
 * Lists these activities, whatever was searched for or filtered before.
 */
void
tvm_remediation_page_show_past (TvmRemediationPage *self, int past)
{
  g_return_if_fail (TVM_IS_REMEDIATION_PAGE (self));

  tvm_remediation_page_show_only (self, 0, 0, FALSE);
  set_filter (self, G_STRUCT_OFFSET (TvmQuery, past), past);
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

  if (g_str_equal (self->tab, "exceptions"))
    set_tab (self, "activities");
  tvm_list_page_open (self->list, activity_id);
}

/**
 * tvm_remediation_page_select_exception:
 * @self: the page
 * @exception_id: an exception's id
 *
 * Opens the exception's flyout and selects its row if it is listed.
 */
void
tvm_remediation_page_select_exception (TvmRemediationPage *self, const char *exception_id)
{
  g_return_if_fail (TVM_IS_REMEDIATION_PAGE (self));

  set_tab (self, "exceptions");
  tvm_list_page_open (self->exceptions, exception_id);
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
  tvm_list_page_set_search (self->exceptions, text);
}
