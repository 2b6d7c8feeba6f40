/* tvm-preferences-window.h: the profile's settings. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_PREFERENCES_WINDOW (tvm_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (TvmPreferencesWindow, tvm_preferences_window, TVM, PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

GtkWidget *tvm_preferences_window_new          (TvmUi *ui);
void       tvm_preferences_window_show_setting (TvmPreferencesWindow *self, const char *title);

G_END_DECLS
