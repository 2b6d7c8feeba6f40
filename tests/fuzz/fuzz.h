/* fuzz.h: what every fuzz target brings: the entry point that libFuzzer calls too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

/* Feeds @data to the target; returns 0. What it finds, it tells by aborting. */
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size_bytes);

G_END_DECLS
