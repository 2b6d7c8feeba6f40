/* tvm-request-fetch.h: gets the exposed devices that a form asks about and that are not known yet.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-request-items.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

typedef struct {
  guint n_done, n_total;
  gboolean is_over;
  char *error;         /* (nullable): the first that went wrong */
} TvmRequestFetchState;

/* @changed is called after each, and at the end */
void tvm_request_fetch_start (TvmUi *ui, GPtrArray *items, GCancellable *cancellable,
                              void (*changed) (GObject *object, const TvmRequestFetchState *state),
                              GObject *object);

G_END_DECLS
