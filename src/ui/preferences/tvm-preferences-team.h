/* tvm-preferences-team.h: the page about the team. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-flyout.h"
#include "tvm-sync-team.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_PREFERENCES_TEAM (tvm_preferences_team_get_type ())
G_DECLARE_FINAL_TYPE (TvmPreferencesTeam, tvm_preferences_team, TVM, PREFERENCES_TEAM,
                      AdwPreferencesPage)

GtkWidget *tvm_preferences_team_new (TvmUi *ui);

/* ---- tvm-preferences-team-rows.c */
char                *tvm_preferences_describe_log      (const TvmSyncTeam *team);
GtkWidget           *tvm_preferences_create_members    (GPtrArray *members);
AdwPreferencesGroup *tvm_preferences_create_group      (AdwPreferencesPage *page, const char *title,
                                                        const char *description);
AdwActionRow        *tvm_preferences_create_row        (AdwPreferencesGroup *group,
                                                        const char *title);
GtkWidget           *tvm_preferences_create_button_row (AdwPreferencesGroup *group);
GtkWidget           *tvm_preferences_create_button     (gpointer page, GtkWidget *box,
                                                        const char *label, GCallback callback);

G_END_DECLS
