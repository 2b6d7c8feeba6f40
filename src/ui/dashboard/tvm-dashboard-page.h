/* tvm-dashboard-page.h: the Dashboard. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_DASHBOARD_PAGE (tvm_dashboard_page_get_type ())
G_DECLARE_FINAL_TYPE (TvmDashboardPage, tvm_dashboard_page, TVM, DASHBOARD_PAGE, AdwBin)

GtkWidget *tvm_dashboard_page_new (TvmUi *ui);

G_END_DECLS
