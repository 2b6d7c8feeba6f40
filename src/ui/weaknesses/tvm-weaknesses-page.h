/* tvm-weaknesses-page.h: the Weaknesses page. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_WEAKNESSES_PAGE (tvm_weaknesses_page_get_type ())
G_DECLARE_FINAL_TYPE (TvmWeaknessesPage, tvm_weaknesses_page, TVM, WEAKNESSES_PAGE, AdwBin)

GtkWidget *tvm_weaknesses_page_new        (TvmUi *ui);
void       tvm_weaknesses_page_select     (TvmWeaknessesPage *self, const char *cve);
void       tvm_weaknesses_page_set_search (TvmWeaknessesPage *self, const char *text);
void       tvm_weaknesses_page_open_first (TvmWeaknessesPage *self);

G_END_DECLS
