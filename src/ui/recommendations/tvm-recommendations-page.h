/* tvm-recommendations-page.h: the Recommendations page. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_RECOMMENDATIONS_PAGE (tvm_recommendations_page_get_type ())
G_DECLARE_FINAL_TYPE (TvmRecommendationsPage, tvm_recommendations_page, TVM, RECOMMENDATIONS_PAGE,
                      AdwBin)

GtkWidget *tvm_recommendations_page_new        (TvmUi *ui);
void       tvm_recommendations_page_select     (TvmRecommendationsPage *self, const char *id);
void       tvm_recommendations_page_set_search (TvmRecommendationsPage *self, const char *text);
void       tvm_recommendations_page_open_first (TvmRecommendationsPage *self);

G_END_DECLS
