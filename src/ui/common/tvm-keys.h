/* tvm-keys.h: which keys do what: one table, from which the shortcuts, the tooltips and the window
 * that lists them are made. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

void       tvm_keys_set_accels    (GtkApplication *application);
void       tvm_keys_bind          (GtkWidgetClass *klass, const char *prefix);
void       tvm_keys_add_first     (GtkWidget *widget, const char *action);
void       tvm_keys_add           (GtkWidget *widget, const char *prefix);
const char *tvm_keys_get          (const char *action);
void       tvm_keys_tell          (GtkWidget *widget, const char *action);
void       tvm_keys_tell_buttons  (GtkWidget *widget);
GtkWidget *tvm_keys_create_window (void);

G_END_DECLS
