/* tvm-remediation-list.h: the columns and filters of remediation activities. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

extern const TvmListSpec tvm_remediation_list;

G_END_DECLS
