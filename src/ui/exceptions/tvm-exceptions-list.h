/* tvm-exceptions-list.h: the columns and filters of exceptions. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

extern const TvmListSpec tvm_exceptions_list;

const char *tvm_exception_status_icon (const TvmException *exception, const char **style);

G_END_DECLS
