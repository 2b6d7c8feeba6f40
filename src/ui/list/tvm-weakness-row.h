/* tvm-weakness-row.h: a CVE in a flyout: a link to it with a menu. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-record-flyout.h"
G_BEGIN_DECLS

void tvm_weakness_row_install (GtkWidgetClass *klass);
void tvm_weakness_row_add     (TvmRecordFlyout *flyout, const TvmVulnerability *weakness);

G_END_DECLS
