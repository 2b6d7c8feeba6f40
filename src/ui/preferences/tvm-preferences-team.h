/* tvm-preferences-team.h: the page about the team. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_PREFERENCES_TEAM (tvm_preferences_team_get_type ())
G_DECLARE_FINAL_TYPE (TvmPreferencesTeam, tvm_preferences_team, TVM, PREFERENCES_TEAM,
                      AdwPreferencesPage)

GtkWidget *tvm_preferences_team_new (TvmUi *ui);

G_END_DECLS
