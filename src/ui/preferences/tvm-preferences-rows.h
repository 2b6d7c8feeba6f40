/* tvm-preferences-rows.h: what the pages of the preferences are made of. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-button-row.h"
#include "tvm-list-flyout.h"
G_BEGIN_DECLS

AdwPreferencesGroup *tvm_preferences_create_group (AdwPreferencesPage *page, const char *title,
                                                   const char *description);
AdwActionRow *tvm_preferences_create_row     (AdwPreferencesGroup *group, const char *title);
void          tvm_preferences_add_control    (AdwActionRow *row, GtkWidget *control);
GtkWidget    *tvm_preferences_add_button     (AdwActionRow *row, const char *label,
                                              GCallback callback, gpointer data);
GtkWidget    *tvm_preferences_create_spinner (void);

G_END_DECLS
