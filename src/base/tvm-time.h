/* tvm-time.h: instants (microseconds since 1970, UTC) and calendar dates (YYYY-MM-DD). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

#define TVM_SECOND_US G_GINT64_CONSTANT (1000000)
#define TVM_HOUR_US   (3600 * TVM_SECOND_US)
#define TVM_DAY_US    (24 * TVM_HOUR_US)
#define TVM_LONGEST_WAIT_US TVM_DAY_US  /* that is kept for later, whoever asks for it */

gint64   tvm_now_us          (void);
void     tvm_set_clock_us    (gint64 now_us);
gint64   tvm_ticks_us        (void);
void     tvm_set_virtual_waits (gboolean is_virtual);
gboolean tvm_pass_time_us    (gint64 until_ticks_us);
gboolean tvm_wait_is_over    (gint64 until_us, gint64 now_us);
gboolean tvm_parse_instant   (const char *text, gint64 *out_us);
gboolean tvm_time_is_placeholder (const char *text);
char    *tvm_format_instant  (gint64 instant_us);
gboolean tvm_date_is_valid   (const char *date);
char    *tvm_today           (void);
char    *tvm_date_of_instant (gint64 instant_us);
gint64   tvm_start_of_date   (const char *date);
int      tvm_days_between    (const char *from_date, const char *to_date);
char    *tvm_date_add_days   (const char *date, int days);

G_END_DECLS
