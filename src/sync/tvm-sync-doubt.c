/* tvm-sync-doubt.c: lists that are shorter than the service's own counts say. What they lack is filled
 * up from the store, so that a merge removes nothing. The thread of the sync; blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"

#define RECORDS_CHUNK 500
#define CHURN_DEVICES 5   /* so few may have been remediated between two calls */
#define CHURN_PERCENT 10

static gboolean
is_short (guint n_received,
          int   n_counted)
{
  return (gint64) n_received + MAX (CHURN_DEVICES, (gint64) n_counted * CHURN_PERCENT / 100) < n_counted;
}

typedef gboolean (*RecordFunc) (gpointer record, gpointer user_data);

/* Calls @func with each record of a list until it has enough; @func owns what it returns %TRUE for. */
static gboolean
for_each (TvmStore        *store,
          const TvmQuery  *query,
          RecordFunc       func,
          gpointer         user_data,
          GError         **error)
{
  g_autoptr(GArray) keys = tvm_store_list_keys (store, query, NULL, error);

  for (guint first = 0; keys != NULL && first < keys->len; first += RECORDS_CHUNK)
    {
      g_autoptr(GPtrArray) records =
        tvm_store_list_records (store, query, &g_array_index (keys, gint64, first),
                                MIN (keys->len - first, RECORDS_CHUNK), error);

      if (records == NULL)
        return FALSE;
      for (guint i = 0; i < records->len; i++)
        if (records->pdata[i] != NULL && func (records->pdata[i], user_data))
          records->pdata[i] = NULL;
    }
  return keys != NULL;
}

typedef struct {
  GHashTable    *ids;      /* (owned): what arrived */
  TvmDeviceRefs *refs;
  GPtrArray     *devices;
  int            largest;  /* devices that any recommendation counts */
} Filling;

static gboolean
fill_ref (gpointer record,
          gpointer user_data)
{
  const TvmDevice *device = record;
  Filling *filling = user_data;

  if (!g_hash_table_contains (filling->ids, device->id))
    tvm_device_refs_add (filling->refs, device->id, device->name, device->os_platform, device->group);
  return FALSE;
}

static gboolean
fill_device (gpointer record,
             gpointer user_data)
{
  Filling *filling = user_data;

  if (g_hash_table_contains (filling->ids, ((TvmDevice *) record)->id))
    return FALSE;
  g_ptr_array_add (filling->devices, record);
  return TRUE;
}

static gboolean
note_largest (gpointer record,
              gpointer user_data)
{
  Filling *filling = user_data;

  filling->largest = MAX (filling->largest, ((TvmRecommendation *) record)->total_devices);
  return FALSE;
}

/**
 * tvm_sync_doubt_refs:
 * @refs: the devices exposed to a recommendation, as they arrived; filled up where they are too few
 * @out_doubtful: (out): whether they are fewer than its count of exposed devices by more than churn
 *   explains
 *
 * Returns: %FALSE where the store cannot be read
 */
gboolean
tvm_sync_doubt_refs (TvmStore       *store,
                     const char     *recommendation_id,
                     TvmDeviceRefs  *refs,
                     gboolean       *out_doubtful,
                     GError        **error)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);
  Filling filling = { .refs = refs };
  gboolean filled;

  *out_doubtful = FALSE;
  recommendation = tvm_store_get_recommendation (store, recommendation_id, error);
  if (recommendation == NULL)
    return FALSE;
  *out_doubtful = is_short (refs->refs->len, recommendation->exposed_devices);
  if (!*out_doubtful)
    return TRUE;
  query->recommendation_id = g_strdup (recommendation_id);
  filling.ids = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < refs->refs->len; i++)
    g_hash_table_add (filling.ids, (char *) g_array_index (refs->refs, TvmDeviceRef, i).id);
  filled = for_each (store, query, fill_ref, &filling, error);
  g_hash_table_unref (filling.ids);
  return filled;
}

/**
 * tvm_sync_doubt_devices:
 * @devices: (element-type TvmDevice): the inventory as it arrived; filled up where it is too small
 * @out_doubtful: (out): whether a recommendation counts more devices by more than churn explains
 *
 * Returns: %FALSE where the store cannot be read
 */
gboolean
tvm_sync_doubt_devices (TvmStore   *store,
                        GPtrArray  *devices,
                        gboolean   *out_doubtful,
                        GError    **error)
{
  g_autoptr(TvmQuery) recommendations = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  Filling filling = { .devices = devices };
  gboolean filled;

  *out_doubtful = FALSE;
  if (!for_each (store, recommendations, note_largest, &filling, error))
    return FALSE;
  *out_doubtful = is_short (devices->len, filling.largest);
  if (!*out_doubtful)
    return TRUE;
  filling.ids = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < devices->len; i++)
    g_hash_table_add (filling.ids, ((TvmDevice *) devices->pdata[i])->id);
  filled = for_each (store, query, fill_device, &filling, error);
  g_hash_table_unref (filling.ids);
  return filled;
}
