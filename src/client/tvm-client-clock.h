/* tvm-client-clock.h: what the services say of the time in each answer's Date. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"
G_BEGIN_DECLS

/* By how much this computer's clock may be ahead, as a person said; 0: nobody did */
void     tvm_client_accept_clock   (TvmClient *self, gint64 accepted_us);
void     tvm_client_forget_clock   (TvmClient *self);
gboolean tvm_client_read_clock     (TvmClient *self, gint64 *out_here_us, gint64 *out_service_us);
gboolean tvm_client_confirms_clock (TvmClient *self);

G_END_DECLS
