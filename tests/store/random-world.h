/* random-world.h: what the random sequences know of a tenant and of the store, and what must hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "exceptions-fixture.h"

#define N_DEVICES 24
#define N_GROUPS 4

typedef struct
{
  /* as it is in the tenant */
  gboolean in_inventory, is_silent, is_exposed;
  int      group;
  gint64   seen_us;
  /* as the store was told last */
  gboolean is_known, is_listed, is_kept_exposed;
  int      kept_group;
  gint64   kept_seen_us;
} Device;

typedef struct
{
  char              *id, *who;
  TvmRemediationType type;
  guint              groups; /* 0: all */
  gboolean           is_target[N_DEVICES], is_exposed[N_DEVICES], was_remediated[N_DEVICES];
  int                n_targets;
  TvmCompletion      completion;
  gint64             completed_us, ticket_completed_us;
} Activity;

typedef struct
{
  char    *id, *ends_on;
  guint    groups;
  gboolean is_global, is_cancelled;
} Exception;

typedef struct
{
  Fixture *f;
  GRand   *rand;
  Device   devices[N_DEVICES];
  GArray  *activities, *exceptions;
} World;

gboolean random_exception_holds (const Exception *exception, const char *today);
void     random_world_check     (World *world);
