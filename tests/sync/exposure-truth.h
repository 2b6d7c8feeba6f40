/* exposure-truth.h: who is exposed to what, as the tenant tells it, asked in its own words and not
 * by the program's client, and as the store has it. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "sync-fixture.h"

#include <libsoup/soup.h>

typedef struct {
  SyncFixture *sync;
  SoupSession *session;
  char        *authorization;
} ExposureTruth;

void exposure_truth_open  (ExposureTruth *self, SyncFixture *sync);
void exposure_truth_close (ExposureTruth *self);

/* The rows of a list, whatever its pages. */
JsonArray *exposure_truth_list (ExposureTruth *self, const char *path);
/* Which devices a recommendation exposes now, whatever the exports say yet: a set of "recommendation
 * exposes device". */
GHashTable *exposure_truth_pairs (ExposureTruth *self, const char *recommendation_id);

/* What is compared, a line of text each. */
typedef enum
{
  EXPOSURE_SOFTWARE = 1,   /* recommendations of software by their machineReferences, the export's
                            * rows with a CVE, the devices' groups */
  EXPOSURE_INSTALLED = 2,  /* the export's rows without one */
  EXPOSURE_SETTINGS = 4,   /* recommendations of configurations */
  EXPOSURE_PAIRS = 8,      /* the store's exposed devices alone */
  EXPOSURE_CVES = 16,      /* each CVE's machineReferences */
} ExposureParts;
GHashTable *exposure_truth_lines (ExposureTruth *self, ExposureParts parts);
GHashTable *exposure_store_lines (SyncFixture *sync, ExposureParts parts);
/* NULL, or what one has and the other has not. */
char       *exposure_compare     (GHashTable *truth, GHashTable *store);
