/* tvm-page-bar.h: the pages at the bottom of a narrow window.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS
#define TVM_TYPE_PAGE_BAR (tvm_page_bar_get_type ())
G_DECLARE_FINAL_TYPE (TvmPageBar, tvm_page_bar, TVM, PAGE_BAR, GtkWidget)

void tvm_page_bar_set_stack (TvmPageBar   *self,
                             AdwViewStack *stack);
G_END_DECLS
