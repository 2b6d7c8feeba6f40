/* tvm-reminder-news.h: reads the store, decides what a person is reminded of, and notes that it was
 * told. Main thread in, main thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
#include "tvm-reminders.h"
G_BEGIN_DECLS

/* snoozed: (nullable) of TvmReminder, told again at until_us. One call at a time for a store. */
void       tvm_reminder_news_load_async  (TvmStore *store, GPtrArray *snoozed, gint64 until_us,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);

G_END_DECLS
