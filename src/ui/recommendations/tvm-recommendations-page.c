/* tvm-recommendations-page.c: the Recommendations page: the list and the flyout of one.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-recommendations-page.h"
#include "tvm-list-page.h"
#include "tvm-recommendation-flyout.h"
#include "tvm-recommendations-list.h"
#include "tvm-request-dialog.h"
#include <glib/gi18n-lib.h>

struct _TvmRecommendationsPage
{
  AdwBin                   parent_instance;
  TvmUi                   *ui;
  TvmListPage             *list;
};

G_DEFINE_FINAL_TYPE (TvmRecommendationsPage, tvm_recommendations_page, ADW_TYPE_BIN)

/* ---- several recommendations */

static void
submitted_cb (TvmRecommendationsPage *self)
{
  tvm_list_page_stop_choosing (self->list);
}

static void
present_form (TvmRecommendationsPage *self, GPtrArray *recommendations)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  TvmRequestDialog *dialog;

  for (guint i = 0; i < recommendations->len; i++)
    if (recommendations->pdata[i] != NULL)
      g_ptr_array_add (ids, ((const TvmRecommendation *) recommendations->pdata[i])->id);
  if (ids->len == 0)
    return;
  g_ptr_array_add (ids, NULL);
  dialog = tvm_request_dialog_new (self->ui, (const char *const *) ids->pdata);
  g_signal_connect_object (dialog, "submitted", G_CALLBACK (submitted_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self->ui->window));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
chosen_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRecommendationsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) recommendations = tvm_load_finish (TVM_STORE (object), result, &error);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (recommendations != NULL)
    present_form (self, recommendations);
  else
    tvm_ui_show_error (self->ui, _("Request remediation"), error);
}

static void
request_chosen_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmRecommendationsPage *self = TVM_RECOMMENDATIONS_PAGE (widget);
  g_autoptr(GArray) keys = tvm_list_page_dup_chosen (self->list);

  if (keys->len > 0)
    tvm_records_load_async (self->ui->store, TVM_LIST_RECOMMENDATIONS, keys, NULL,
                            chosen_loaded_cb, g_object_ref (self));
}

static GMenuModel *
create_choice_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("_Request remediation…"), "recommendations.request-chosen");
  g_menu_append (menu, _("_Export to CSV…"), "list.export-chosen");
  return G_MENU_MODEL (menu);
}

/* ---- object */

static void
tvm_recommendations_page_class_init (TvmRecommendationsPageClass *klass)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "recommendations.request-chosen", NULL,
                                   request_chosen_cb);
}

static void
tvm_recommendations_page_init (TvmRecommendationsPage *self)
{
}

/**
 * tvm_recommendations_page_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
tvm_recommendations_page_new (TvmUi *ui)
{
  TvmRecommendationsPage *self = g_object_new (TVM_TYPE_RECOMMENDATIONS_PAGE, NULL);
  g_autoptr(GMenuModel) choice_menu = create_choice_menu ();

  self->ui = tvm_ui_share (ui, self);
  self->list = tvm_list_page_new (ui, &tvm_recommendations_list);
  tvm_list_page_set_flyout (self->list, TVM_RECORD_FLYOUT (tvm_recommendation_flyout_new (ui)));
  tvm_list_page_set_choice_menu (self->list, choice_menu);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  return GTK_WIDGET (self);
}

/**
 * tvm_recommendations_page_select:
 * @self: the page
 * @id: a recommendation's id
 *
 * Opens the recommendation's flyout and selects its row if it is listed.
 */
void
tvm_recommendations_page_select (TvmRecommendationsPage *self, const char *id)
{
  g_return_if_fail (TVM_IS_RECOMMENDATIONS_PAGE (self));

  tvm_list_page_open (self->list, id);
}

/**
 * tvm_recommendations_page_set_search:
 * @self: the page
 * @text: (nullable): the search words
 */
void
tvm_recommendations_page_set_search (TvmRecommendationsPage *self, const char *text)
{
  g_return_if_fail (TVM_IS_RECOMMENDATIONS_PAGE (self));

  tvm_list_page_set_search (self->list, text);
}

/**
 * tvm_recommendations_page_open_first:
 * @self: the page, whose search was just set
 *
 * Opens the first recommendation that is found.
 */
void
tvm_recommendations_page_open_first (TvmRecommendationsPage *self)
{
  g_return_if_fail (TVM_IS_RECOMMENDATIONS_PAGE (self));

  tvm_list_page_open_first (self->list);
}
