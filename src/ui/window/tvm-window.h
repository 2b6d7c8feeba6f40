/* tvm-window.h: the main window. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-backups.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_WINDOW (tvm_window_get_type ())
G_DECLARE_FINAL_TYPE (TvmWindow, tvm_window, TVM, WINDOW, AdwApplicationWindow)

TvmWindow *tvm_window_new (GtkApplication *application, const char *profile, gboolean is_demo);
void       tvm_window_show_problem (TvmWindow *self, const GError *error, const TvmBackup *newest,
                                    gboolean is_damaged);
void
tvm_window_set_context (TvmWindow *self, TvmStore *store, TvmSyncEngine *engine, gboolean is_new);
void       tvm_window_show_failure (TvmWindow *self, const char *heading, const GError *error);
void       tvm_window_tell         (TvmWindow *self, const char *heading, const char *text);
void       tvm_window_add_to_banner (TvmWindow *self, const char *text);

G_END_DECLS
