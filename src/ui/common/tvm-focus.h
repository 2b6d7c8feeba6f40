/* tvm-focus.h: Tab goes to what does something. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

void     tvm_focus_skip_dead_rows (GtkWidgetClass *klass);
gboolean tvm_focus_is_dead        (GtkWidget *focus);

G_END_DECLS
