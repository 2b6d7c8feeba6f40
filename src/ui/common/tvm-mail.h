/* tvm-mail.h: hands an e-mail to the desktop's mail program. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-notice.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

void tvm_mail_compose (GtkWindow *window, const TvmNotice *notice, const char *attachment);

G_END_DECLS
