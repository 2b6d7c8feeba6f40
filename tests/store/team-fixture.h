/* team-fixture.h: several stores in one team, whose log is a list in memory, as the database keeps
 * it. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "store-fixture.h"
#include "tvm-store-team.h"

#define MEMBERS 5
#define ADMINISTRATORS 3       /* the first of them; the others are approvers */

typedef struct
{
  Fixture    stores[MEMBERS];
  GPtrArray *log;              /* of TvmTeamEvent */
  gint64     now_us;
  int        n_late, n_void, n_over, n_doubled;
  int        n_rejected, n_both, n_in_vain, n_approved, n_views;
} Team;

extern const char *const people[MEMBERS];

void team_set_up    (Team *self, gconstpointer data);
void team_tear_down (Team *self, gconstpointer data);
void keep_people    (TvmStore *store, int n_administrators);
void push           (Team *self, int member);
void pull           (Team *self, int member, guint max);
