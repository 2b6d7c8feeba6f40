/* exposure-world.h: a tenant that changes by chance, what was true of it at some moment, and what
 * the store must never have. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "exposure-truth.h"

/* An activity that was requested here. */
typedef struct {
  char       *id, *recommendation_id;
  GPtrArray  *targets;       /* (owned): ids of devices */
  GHashTable *fixed;         /* (owned): those that were not exposed at some moment since */
  gboolean    all_fixed;     /* all of them at one moment */
  gboolean    was_completed; /* at the last look */
  guint       n_lines;       /* of its history by then */
} ExposureActivity;

typedef struct {
  SyncFixture   sync;
  ExposureTruth truth;
  guint         seed;
  GRand        *rand;
  GString      *log;
  gint64        start_us;
  GPtrArray    *recommendations, *devices;  /* (owned): their ids */
  GHashTable   *now;         /* (owned): recommendation to the lines that are true of it now */
  GHashTable   *ever;        /* (owned): lines that were true at some moment */
  GPtrArray    *activities;  /* of ExposureActivity */
  gboolean      is_spoiled;  /* an answer was, since the last whole sync without */
  gboolean      has_faults, has_spans;
} ExposureWorld;

void exposure_world_log        (ExposureWorld *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void exposure_world_fail       (ExposureWorld *self, const char *format, ...)
  G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;
int  exposure_world_pick       (ExposureWorld *self, int n);
void exposure_world_pass       (ExposureWorld *self, gint64 by_us);
void exposure_world_open       (ExposureWorld *self, guint seed);
void exposure_world_close      (ExposureWorld *self);
void exposure_world_change     (ExposureWorld *self);  /* something happens in the tenant */
void exposure_world_spoil      (ExposureWorld *self);  /* an answer will be no good */
void exposure_world_request    (ExposureWorld *self);  /* somebody asks for a remediation */
void exposure_world_check      (ExposureWorld *self);  /* nothing false is in the store */
#define EXPOSURE_ALL \
  (EXPOSURE_SOFTWARE | EXPOSURE_INSTALLED | EXPOSURE_SETTINGS | EXPOSURE_CVES)
void exposure_world_check_same (ExposureWorld *self, ExposureParts parts);
