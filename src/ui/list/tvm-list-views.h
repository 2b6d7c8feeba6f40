/* tvm-list-views.h: named views of a list. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-page.h"
G_BEGIN_DECLS

void       tvm_list_views_install (GtkWidgetClass *klass);
GtkWidget *tvm_list_views_new     (TvmListPage *page);

G_END_DECLS
