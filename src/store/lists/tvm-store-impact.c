/* tvm-store-impact.c: on which exposed devices a configuration change disturbs the users. On the
 * writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

typedef struct
{
  const char *list_name, *message;
} RefusalData;

/* Those that come later for the same device count. */
typedef struct
{
  gint64  key;
  guint32 place;
  guint32 is_impacted;
} Impact;

static int
compare_impacts (gconstpointer a, gconstpointer b)
{
  const Impact *x = a, *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return x->place < y->place ? -1 : x->place > y->place;
}

/* The keys of the list's devices: exposed ones that are not known here become known; another one is
 * 0 then, because it is not exposed here. */
static GArray *
list_device_keys (TvmDb                *db,
                  const TvmUserImpacts *impacts)
{
  guint n = impacts->devices->refs->len;
  GArray *keys;

  for (guint i = 0; i < impacts->lists->len; i++)
    if (((const TvmUserImpactList *) impacts->lists->pdata[i])->is_assessed)
      return tvm_refs_list_keys (db, impacts->devices);
  keys = g_array_sized_new (FALSE, TRUE, sizeof (gint64), n);
  g_array_set_size (keys, n);
  tvm_refs_load_device_keys (db);
  for (guint i = 0; i < n; i++)
    tvm_device_keys_lookup (db->device_keys,
                            &g_array_index (impacts->devices->refs, TvmDeviceRef, i).id, 1,
                            &g_array_index (keys, gint64, i));
  return keys;
}

/* In the table's order, which costs the least. */
static GArray *
list_impacts (const TvmUserImpactList *list,
              GArray                  *device_keys)
{
  GArray *impacts = g_array_sized_new (FALSE, FALSE, sizeof (Impact), list->entries->len);

  for (guint i = 0; i < list->entries->len; i++)
    {
      guint32 entry = g_array_index (list->entries, guint32, i);
      Impact impact = { g_array_index (device_keys, gint64, entry / 2), i, entry % 2 };

      if (impact.key != 0)
        g_array_append_val (impacts, impact);
    }
  g_array_sort (impacts, compare_impacts);
  return impacts;
}

static void
merge_list (TvmDb                   *db,
            const TvmUserImpactList *list,
            GArray                  *device_keys,
            TvmListResult           *result)
{
  gint64 owner = tvm_db_get_int (db, "SELECT key FROM recommendation WHERE id = ?1", "s",
                                 list->recommendation_id);
  g_autoptr(GArray) impacts = NULL;

  if (owner == 0)
    return;
  impacts = list_impacts (list, device_keys);
  for (guint i = 0; i < impacts->len && tvm_db_is_good (db); i++)
    {
      const Impact *impact = &g_array_index (impacts, Impact, i);

      if (i + 1 < impacts->len && impact[1].key == impact->key)
        continue;
      result->received++;
      result->changed += tvm_db_run (
        db, "INSERT INTO user_impact (recommendation_key, device_key, is_impacted) "
        "VALUES (?1, ?2, ?3) ON CONFLICT (recommendation_key, device_key) DO UPDATE SET "
        "is_impacted = excluded.is_impacted WHERE is_impacted <> excluded.is_impacted", "IIi",
        owner, impact->key, (int) impact->is_impacted);
    }
}

/* What is exposed stays known where this list does not name it: it may have come short. */
static void
forget_others (TvmDb         *db,
               TvmListResult *result)
{
  result->removed = tvm_db_run (
    db, "DELETE FROM user_impact WHERE NOT EXISTS (SELECT 1 FROM exposure e WHERE "
    "e.recommendation_key = user_impact.recommendation_key AND e.device_key = "
    "user_impact.device_key) AND EXISTS (SELECT 1 FROM recommendation r WHERE r.key = "
    "user_impact.recommendation_key AND r.devices_synced_us <> 0)", "");
}

/* Of a list that has all exposed devices, those are the recommendation's. */
static void
merge_exposed (TvmDb                   *db,
               const TvmPull           *pull,
               const TvmUserImpactList *list,
               GArray                  *device_keys)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  TvmKeyList exposed = { TVM_PULL_USER_IMPACT, list->recommendation_id, 0, keys, -1,
                         pull->n_passed_over };
  TvmListResult unused = { .received = 0 };

  exposed.owner = tvm_db_get_int (db, "SELECT key FROM recommendation WHERE id = ?1 AND is_listed "
                                  "= 1", "s", list->recommendation_id);
  if (exposed.owner == 0 || !list->is_assessed ||
      tvm_exposure_is_newer (db, TVM_PULL_EXPOSED_DEVICES, list->recommendation_id, pull->asked,
                             pull->impacts->newest_us))
    return;
  for (guint i = 0; i < list->exposed->len; i++)
    g_array_append_val (keys, g_array_index (device_keys, gint64,
                                             g_array_index (list->exposed, guint32, i)));
  tvm_keys_sort (keys);
  tvm_exposed_merge_devices (db, &exposed, &unused);
  tvm_db_run (db, "UPDATE recommendation SET vulnerabilities_synced_us = ?2 WHERE key = ?1 AND "
              "weaknesses = 0 AND vulnerabilities_synced_us = 0", "II", exposed.owner,
              tvm_now_us ());
  db->changes |= TVM_CHANGED_DEVICES;
}

/* Of some devices nobody tells whether a change disturbs, though they are exposed. */
static gboolean
names_exposed (const TvmUserImpacts *impacts)
{
  for (guint i = 0; i < impacts->lists->len; i++)
    if (((const TvmUserImpactList *) impacts->lists->pdata[i])->exposed->len > 0)
      return TRUE;
  return FALSE;
}

/**
 * tvm_user_impacts_merge:
 * @db: the writer's connection
 * @pull: what a whole list says
 * @result: (inout): what changed
 *
 * Keeps which devices are exposed to a configuration, and which of them a change disturbs, beside
 * what was known of others.
 *
 * Returns: whether it says anything, or there is nothing to say: no configuration is exposed
 */
gboolean
tvm_user_impacts_merge (TvmDb         *db,
                        const TvmPull *pull,
                        TvmListResult *result)
{
  const TvmUserImpacts *impacts = pull->impacts;
  g_autoptr(GArray) device_keys = list_device_keys (db, impacts);
  gint64 n_before;

  result->received = 0;
  for (guint i = 0; i < impacts->lists->len && tvm_db_is_good (db); i++)
    merge_exposed (db, pull, impacts->lists->pdata[i], device_keys);
  forget_others (db, result);
  n_before = tvm_db_get_int (db, "SELECT count(*) FROM user_impact", "");
  for (guint i = 0; i < impacts->lists->len && tvm_db_is_good (db); i++)
    merge_list (db, impacts->lists->pdata[i], device_keys, result);
  result->added = (int) (tvm_db_get_int (db, "SELECT count(*) FROM user_impact", "") - n_before);
  result->changed -= result->added;
  return result->received > 0 || names_exposed (impacts) ||
         tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM recommendation WHERE is_listed = 1 AND "
                         "type = ?1 AND exposed_devices > 0)", "i",
                         TVM_TYPE_CONFIGURATION_CHANGE) == 0;
}

static void
note_refusal (TvmDb *db, gpointer data)
{
  const RefusalData *refusal = data;

  tvm_db_run (db, "INSERT INTO list_state (name, error) VALUES (?1, ?2) ON CONFLICT (name) DO "
              "UPDATE SET error = excluded.error", "ss", refusal->list_name, refusal->message);
  db->changes |= TVM_CHANGED_LISTS;
}

/**
 * tvm_store_note_refusal:
 * @self: a store
 * @list_name: a list
 * @message: why the service will not give it
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_note_refusal (TvmStore    *self,
                        const char  *list_name,
                        const char  *message,
                        GError     **error)
{
  RefusalData data = { .list_name = list_name, .message = message };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_refusal, &data, error);
}

static gpointer
read_refusal (TvmDb *db, gconstpointer list_name)
{
  return tvm_db_get_text (db, "SELECT error FROM list_state WHERE name = ?1", "s", list_name);
}

/**
 * tvm_store_dup_refusal:
 * @self: a store
 * @list_name: a list
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): why the service would not give it last time; %NULL where it
 *   did or was never asked, and on error
 */
char *
tvm_store_dup_refusal (TvmStore    *self,
                       const char  *list_name,
                       GError     **error)
{
  return tvm_store_load (self, read_refusal, list_name, g_free, error);
}
