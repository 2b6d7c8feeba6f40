/* tvm-dashboard-group.h: the device group that is chosen on other pages, on the dashboard. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

GtkWidget  *tvm_dashboard_group_new (TvmUi *ui, GCallback changed, gpointer object);
const char *tvm_dashboard_group_get (GtkWidget *line);

G_END_DECLS
