/* store-fixture.h: a store in a temporary folder with a small tenant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-private.h"

#include "tvm-time.h"
#include <glib/gstdio.h>
#include <string.h>

#define REC "va-_-example-_-player"
#define NOW_US (G_GINT64_CONSTANT (1774000000) * TVM_SECOND_US) /* 2026-03-20 */

#define BOOKKEEPING 3   /* rows that an unchanged list writes: when it was merged */

/* SQL: the layout before each line of the history had a hash. */
#define FIXTURE_WITHOUT_CHAIN \
  "DROP TABLE team_event; DROP TABLE team_member; ALTER TABLE activity DROP COLUMN assignee; " \
  "ALTER TABLE exception DROP COLUMN approval; ALTER TABLE exception DROP COLUMN decided_by; " \
  "ALTER TABLE exception DROP COLUMN decided_us; " \
  "ALTER TABLE exception DROP COLUMN decision_reason; " \
  "ALTER TABLE exception_group DROP COLUMN devices; " \
  "DROP TRIGGER history_is_chained; DROP TRIGGER exception_history_is_chained; " \
  "DROP TRIGGER history_keeps; DROP TRIGGER exception_history_keeps; " \
  "ALTER TABLE history DROP COLUMN hash; ALTER TABLE exception_history DROP COLUMN hash; " \
  "CREATE TRIGGER history_keeps BEFORE UPDATE ON history BEGIN SELECT 1; END; " \
  "CREATE TRIGGER exception_history_keeps BEFORE UPDATE ON exception_history BEGIN SELECT 1; END; "

typedef struct
{
  char     *directory, *path;
  TvmStore *store;
} Fixture;

/* Who submits, and nobody known. */
extern const TvmSubmission fixture_ana, fixture_nobody;

void           fixture_set_up    (Fixture *self, gconstpointer data);
void           fixture_tear_down (Fixture *self, gconstpointer data);
void           fixture_reopen    (Fixture *self);
TvmListResult  fixture_recommendations (Fixture *self, int n);
TvmListResult  fixture_devices   (Fixture *self, int from, int to, const char *os_version);
TvmListResult  fixture_refs      (Fixture *self, int from, int to);
TvmActivity   *fixture_submit    (Fixture *self, TvmRemediationType type, gboolean ticket);
TvmActivity   *fixture_activity  (Fixture *self, const char *id);
void           fixture_add_lists_tests (void);
