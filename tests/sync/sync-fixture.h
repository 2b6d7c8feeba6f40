/* sync-fixture.h: a store in a folder of its own, an engine on it, and a demo tenant to talk to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-demo-tenant.h"
#include "tvm-sync-engine.h"

#include <json-glib/json-glib.h>

typedef struct {
  TvmDemoTenant *tenant;
  TvmStore      *store;
  TvmSyncEngine *engine;
  char          *directory;
} SyncFixture;

#define SYNC_FIXTURE_SECRET "a-secret-of-the-tests"  /* any application's */

/* What a test wants; NULL is the usual tenant, with somebody signed in. */
typedef struct {
  guint    page_size;       /* with next links; 0: without */
  guint    recommendations, devices, activities; /* 0: few */
  guint    seed;            /* 0: the usual one */
  gboolean signed_out, intune;
} SyncFixtureOptions;

void sync_fixture_set_up    (SyncFixture *self, gconstpointer options);
void sync_fixture_tear_down (SyncFixture *self, gconstpointer options);
/* Another profile, perhaps somebody else's, on the same tenant. */
void sync_fixture_open_other  (SyncFixture *other, SyncFixture *self);
void sync_fixture_close_other (SyncFixture *other);
void sync_fixture_sign_in   (SyncFixture *self);
void sync_fixture_stop_tenant (SyncFixture *self);

/* @body may be NULL for a GET. */
JsonObject *sync_fixture_order (SyncFixture *self, const char *path, const char *body);
void        sync_fixture_fault (SyncFixture *self, const char *path, const char *method, const char *rest);
void        sync_fixture_forget_faults (SyncFixture *self);
/* How many tickets the service has; the first one's id and devices where wanted. */
guint       sync_fixture_count_tickets (SyncFixture *self, char **out_id, GHashTable **out_devices);

/* Whether each recommendation is asked for its own devices and CVEs; else the exports tell all. */
gboolean     sync_fixture_asks_one_by_one (void);
/* The list by which exposed devices come with a sync. */
const char  *sync_fixture_exposure_list   (void);
GPtrArray   *sync_fixture_sync       (SyncFixture *self);  /* must be good */
void         sync_fixture_sync_plain (SyncFixture *self);
const TvmListResult *sync_fixture_find (GPtrArray *results, const char *name);
TvmRecommendation *sync_fixture_pick (SyncFixture *self, TvmRemediationType type);  /* the most exposed one */
GPtrArray   *sync_fixture_list_exposed (SyncFixture *self, const char *id);  /* of TvmDevice */
TvmRequest  *sync_fixture_new_request (const TvmRecommendation *recommendation, gboolean create_ticket);
TvmActivity *sync_fixture_submit      (SyncFixture *self, const TvmRequest *request);
TvmTicket   *sync_fixture_get_ticket  (SyncFixture *self, const TvmActivity *activity);  /* its only one */
/* Newest first, each a kind; those that name a person name the one who is signed in. */
void         sync_fixture_assert_history (SyncFixture *self, const TvmActivity *activity, const char *expected);
