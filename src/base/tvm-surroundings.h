/* tvm-surroundings.h: what the process was started with, put right before anything else runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

void tvm_surroundings_settle (void);

G_END_DECLS
