/* tvm-store-exceptions-private.h: what is worked out of an exception when it is read (R10), as SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Of an exception "x": what it is today (R10). Its column lags behind: that it ended is written
 * only where a service confirmed the time (R19). */
#define TVM_EXCEPTION_STATUS \
  "(CASE WHEN x.status NOT IN (TVM_EXCEPTION_ACTIVE, TVM_EXCEPTION_SUSPENDED, " \
  "TVM_EXCEPTION_REQUESTED) THEN x.status WHEN x.ends_on < believed_day () THEN " \
  "TVM_EXCEPTION_EXPIRED WHEN x.status = TVM_EXCEPTION_REQUESTED THEN x.status " \
  "WHEN NOT x.is_global AND EXISTS (SELECT 1 FROM exception y WHERE y.is_global AND " \
  "y.recommendation_id = x.recommendation_id AND y.status = TVM_EXCEPTION_ACTIVE AND " \
  "y.ends_on >= believed_day ()) THEN TVM_EXCEPTION_SUSPENDED ELSE TVM_EXCEPTION_ACTIVE END)"
/* Of an exception "x": the exposed devices it covers; of one that ended, what it covered, each
 * device group as of when it was cancelled for it. */
#define TVM_EXCEPTION_DEVICES \
  "(CASE WHEN x.is_global OR " TVM_EXCEPTION_STATUS " NOT IN (TVM_EXCEPTION_EXPIRED, " \
  "TVM_EXCEPTION_CANCELLED) THEN x.devices WHEN x.devices < 0 OR EXISTS (SELECT 1 FROM " \
  "exception_group g WHERE g.exception_key = x.key AND g.devices < 0) THEN -1 ELSE x.devices + " \
  "(SELECT coalesce (sum (g.devices), 0) FROM exception_group g WHERE g.exception_key = x.key) " \
  "END)"
