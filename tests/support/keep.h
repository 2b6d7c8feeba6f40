/* keep.h: brings a list into a store as a sync would, without a service.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"

/* The service says of each of @gone (nullable, NULL-terminated) that it does not have it. */
static inline gboolean
keep_list (TvmStore *store, TvmPullKind kind, const char *owner, gpointer rows,
           const char *const *gone, TvmListResult *result, GError **error)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (store, kind, owner, error);
  gboolean is_kept;

  if (pull == NULL)
    return FALSE;
  for (gsize i = 0; gone != NULL && gone[i] != NULL; i++)
    g_hash_table_add (pull->gone, g_strdup (gone[i]));
  if (pull->records != NULL)
    {
      g_ptr_array_unref (pull->records);
      pull->records = g_ptr_array_ref (rows);
      return tvm_store_keep_pull (store, pull, result, error);
    }
  if (pull->ids != NULL)
    {
      g_hash_table_unref (pull->ids);
      pull->ids = g_hash_table_ref (rows);
      return tvm_store_keep_pull (store, pull, result, error);
    }
  tvm_device_refs_free (pull->refs);
  pull->refs = rows;
  is_kept = tvm_store_keep_pull (store, pull, result, error);
  pull->refs = tvm_device_refs_new ();
  return is_kept;
}

static inline gboolean
keep_recommendations (TvmStore *store, GPtrArray *list, TvmListResult *result, GError **error)
{
  return keep_list (store, TVM_PULL_RECOMMENDATIONS, NULL, list, NULL, result, error);
}

static inline gboolean
keep_devices (TvmStore *store, GPtrArray *list, TvmListResult *result, GError **error)
{
  return keep_list (store, TVM_PULL_DEVICES, NULL, list, NULL, result, error);
}

static inline gboolean
keep_portal_activities (TvmStore *store, GPtrArray *list, TvmListResult *result, GError **error)
{
  return keep_list (store, TVM_PULL_PORTAL_ACTIVITIES, NULL, list, NULL, result, error);
}

static inline gboolean
keep_tickets (TvmStore *store, GPtrArray *list, TvmListResult *result, GError **error)
{
  return keep_list (store, TVM_PULL_TICKETS, NULL, list, NULL, result, error);
}

static inline gboolean
keep_managed_devices (TvmStore *store, GHashTable *ids, TvmListResult *result, GError **error)
{
  return keep_list (store, TVM_PULL_MANAGED_DEVICES, NULL, ids, NULL, result, error);
}

/* The service counts as many as it lists. */
static inline gboolean
keep_count (TvmStore *store, const char *id, TvmDeviceRefs *refs, GError **error)
{
  g_autoptr(TvmRecommendation) one = tvm_store_get_recommendation (store, id, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new ();
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  if (one == NULL)
    return FALSE;
  for (guint i = 0; i < refs->refs->len; i++)
    g_hash_table_add (ids, (gpointer) g_array_index (refs->refs, TvmDeviceRef, i).id);
  if (one->exposed_devices == (int) g_hash_table_size (ids))
    return TRUE;
  one->exposed_devices = (int) g_hash_table_size (ids);
  one->status = TVM_RECOMMENDATION_ACTIVE;   /* not that of the exceptions filed here */
  g_ptr_array_add (list, one);
  return keep_list (store, TVM_PULL_RECOMMENDATION, id, list, NULL, NULL, error);
}

static inline gboolean
keep_device_refs (TvmStore *store, const char *id, TvmDeviceRefs *refs, TvmListResult *result,
                  GError **error)
{
  return keep_count (store, id, refs, error) &&
         keep_list (store, TVM_PULL_EXPOSED_DEVICES, id, refs, NULL, result, error);
}

static inline gboolean
keep_portal_refs (TvmStore *store, const char *id, TvmDeviceRefs *refs, TvmListResult *result,
                  GError **error)
{
  return keep_list (store, TVM_PULL_PORTAL_DEVICES, id, refs, NULL, result, error);
}

static inline gboolean
keep_vulnerabilities (TvmStore *store, const char *id, GPtrArray *list, TvmListResult *result,
                      GError **error)
{
  return keep_list (store, TVM_PULL_VULNERABILITIES, id, list, NULL, result, error);
}

/* @impacts stays the caller's. */
static inline gboolean
keep_user_impacts (TvmStore *store, TvmUserImpacts *impacts, TvmListResult *result, GError **error)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (store, TVM_PULL_USER_IMPACT, NULL, error);
  TvmUserImpacts *own;
  gboolean is_kept;

  if (pull == NULL)
    return FALSE;
  own = pull->impacts;
  pull->impacts = impacts;
  is_kept = tvm_store_keep_pull (store, pull, result, error);
  pull->impacts = own;
  return is_kept;
}
