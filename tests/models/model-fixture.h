/* model-fixture.h: a store in a throw-away profile, filled by merges. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

typedef gboolean (*ModelCondition) (gpointer data);

TvmStore *model_store_open        (void);
void      model_store_close       (TvmStore *store);
void      model_merge_products    (TvmStore *store, guint first, guint n, int exposed_devices);
void      model_merge_inventory   (TvmStore *store, guint n);
void      model_expose_inventory  (TvmStore *store, const char *recommendation_id, guint n);
char     *model_recommendation_id (guint number);
char     *model_submit            (TvmStore *store, const char *recommendation_id, TvmPriority priority,
                                   const char *due_on);
void      model_wait              (ModelCondition condition, gpointer data);
void      model_wait_result       (GAsyncResult **result);
void      model_result_cb         (GObject *object, GAsyncResult *result, gpointer user_data);

G_END_DECLS
