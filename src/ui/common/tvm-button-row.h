/* tvm-button-row.h: buttons with a row of their own. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

GtkWidget *tvm_button_row_new (AdwPreferencesGroup *group, GtkOrientation orientation);
GtkWidget *tvm_button_row_add (GtkWidget *box, const char *label, GCallback callback,
                               gpointer data);

G_END_DECLS
