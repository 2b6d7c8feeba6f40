/* tvm-application.h: the application of the window. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_APPLICATION (tvm_application_get_type ())
G_DECLARE_FINAL_TYPE (TvmApplication, tvm_application, TVM, APPLICATION, AdwApplication)

TvmApplication *tvm_application_new (void);

G_END_DECLS
