/* tvm-list-team-views.h: views of a list that members of the profile's team share. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-page.h"
G_BEGIN_DECLS

void tvm_list_team_views_install (GtkWidgetClass *klass);
void tvm_list_team_views_follow  (TvmListPage *page, GtkWidget *button);
void tvm_list_team_views_append  (TvmListPage *page, GMenu *shared, GMenu *rest);
void tvm_list_views_append_item  (GMenu *menu, const char *text, const char *action,
                                  const char *target);

G_END_DECLS
