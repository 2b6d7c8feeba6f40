/* fuzz-queries.h: everything that can be asked of a store. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

/* Asks all lists for @search, and all that is not a list. Returns whether nothing failed. */
gboolean fuzz_ask_everything (TvmStore *store, const char *search, GError **error);

G_END_DECLS
