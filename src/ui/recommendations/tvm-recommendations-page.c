/* tvm-recommendations-page.c: the Recommendations page: the list and the flyout of one.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-recommendations-page.h"
#include "tvm-list-page.h"
#include "tvm-recommendation-flyout.h"
#include "tvm-recommendations-list.h"

struct _TvmRecommendationsPage
{
  AdwBin                   parent_instance;
  TvmListPage             *list;
  TvmRecommendationFlyout *flyout;
};

G_DEFINE_FINAL_TYPE (TvmRecommendationsPage, tvm_recommendations_page, ADW_TYPE_BIN)

static void
record_opened_cb (TvmRecommendationsPage *self, gpointer record)
{
  tvm_recommendation_flyout_show (self->flyout, ((const TvmRecommendation *) record)->id);
}

static void
loaded_cb (TvmRecommendationsPage *self, gint64 key)
{
  if (tvm_list_page_is_flyout_shown (self->list))
    tvm_list_page_show_flyout (self->list, key);
}

static void
tvm_recommendations_page_class_init (TvmRecommendationsPageClass *klass)
{
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

  self->list = tvm_list_page_new (ui, &tvm_recommendations_list);
  self->flyout = tvm_recommendation_flyout_new (ui);
  tvm_list_page_set_flyout (self->list, GTK_WIDGET (self->flyout));
  g_signal_connect_object (self->list, "record-opened", G_CALLBACK (record_opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flyout, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
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

  tvm_list_page_show_flyout (self->list, 0);
  tvm_recommendation_flyout_show (self->flyout, id);
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
