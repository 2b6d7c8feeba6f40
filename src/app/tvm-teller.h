/* tvm-teller.h: tells of a profile what there is to be reminded of, as desktop notifications. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-reminder-news.h"
G_BEGIN_DECLS

#define TVM_TYPE_TELLER (tvm_teller_get_type ())
G_DECLARE_FINAL_TYPE (TvmTeller, tvm_teller, TVM, TELLER, GObject)

/* How a notification goes out: g_application_send_notification(), or what a test counts with. */
typedef void (*TvmTellerSend) (const char *id, GNotification *notification, gpointer user_data);

TvmTeller *tvm_teller_new    (TvmStore *store, const char *profile, const char *label,
                              TvmTellerSend send, gpointer user_data);
void       tvm_teller_check  (TvmTeller *self);
void       tvm_teller_snooze (TvmTeller *self, GVariant *reminders /* a(sss) */);
void       tvm_teller_stop   (TvmTeller *self);

G_END_DECLS
