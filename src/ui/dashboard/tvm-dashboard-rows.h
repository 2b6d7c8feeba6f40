/* tvm-dashboard-rows.h: the rows of the dashboard's short lists. A row's data "tvm-id" names what
 * it opens. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_dashboard_clear_list            (GtkListBox *list);
void
tvm_dashboard_append_activity (GtkListBox *list, const TvmActivity *activity, gboolean with_bar);
void
tvm_dashboard_append_recommendation (GtkListBox *list, const TvmRecommendation *recommendation);
void tvm_dashboard_append_exception      (GtkListBox *list, const TvmException *exception);
void tvm_dashboard_append_news           (GtkListBox *list, const TvmNewsLine *line);
void tvm_dashboard_append_ticket         (GtkListBox *list, const TvmTicketMatter *matter);
void tvm_dashboard_append_group          (GtkListBox *list, const TvmGroupExposure *group);

G_END_DECLS
