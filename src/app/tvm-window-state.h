/* tvm-window-state.h: what the window remembers beside the profiles. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

char *tvm_window_state_dup_profile (void);
void  tvm_window_state_restore     (GtkWindow *window);
void  tvm_window_state_save        (GtkWindow *window, const char *profile);

G_END_DECLS
