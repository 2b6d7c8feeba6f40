/* tvm-user-impact.h: which devices a configuration change is expected to disturb the users of, as
 * the wire gives it: four bytes a device and configuration, however long the list is. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-rules.h"
G_BEGIN_DECLS

/* Of one recommendation: each entry is a device's position times two, plus one with an impact. */
typedef struct {
  char *recommendation_id;     /* (owned) */
  GArray *entries;             /* of guint32 */
  GArray *exposed;             /* of guint32: positions of exposed devices; some have no entry */
  gboolean is_assessed;        /* those are all */
} TvmUserImpactList;

typedef struct {
  TvmDeviceRefs *devices;      /* an entry names one by its position */
  GPtrArray *lists;            /* of TvmUserImpactList */
  GHashTable *device_positions, *lists_by_id;
  guint n_entries;             /* of all lists */
  gint64 newest_us;            /* what they say is no older; 0: not told */
} TvmUserImpacts;

TvmUserImpacts *tvm_user_impacts_new  (void);
void            tvm_user_impacts_add  (TvmUserImpacts *self, const char *recommendation_id,
                                       const char *device_id, gboolean is_impacted);
void            tvm_user_impacts_assess (TvmUserImpacts *self, const char *recommendation_id,
                                         const TvmDeviceRef *device, gboolean is_exposed,
                                         TvmTruth is_impacted);
void            tvm_user_impacts_free (TvmUserImpacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmUserImpacts, tvm_user_impacts_free)

/* in few bytes, to be added to others */
GBytes  *tvm_user_impacts_pack       (const TvmUserImpacts *self);
gboolean tvm_user_impacts_add_packed (TvmUserImpacts *self, GBytes *packed);

char *tvm_user_impact_describe_doubts (const TvmRecommendation *recommendation,
                                       const TvmCoverage *coverage);

G_END_DECLS
