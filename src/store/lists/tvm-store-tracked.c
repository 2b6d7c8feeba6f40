/* tvm-store-tracked.c: the recommendations whose exposed devices and CVEs are kept up to date, and
 * which of them are not. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* Those that were opened, too, until the lists of all devices made all known. */
#define TRACKED \
  "SELECT r.id FROM recommendation r WHERE (r.is_listed = 1 AND r.devices_synced_us > 0 AND NOT " \
  "EXISTS (SELECT 1 FROM list_state WHERE name = '" TVM_EXPOSURE_LIST "' AND synced_us > 0) OR " \
  TVM_IS_WATCHED ") "
#define MOVED \
  "AND (r.devices_synced_us < ?1 OR r.id NOT LIKE 'va-%' OR " TVM_AWAITS_CONFIRMATION " OR " \
  "r.exposed_devices <> " \
  "(SELECT count(*) FROM exposure e WHERE e.recommendation_key = r.key) OR r.weaknesses <> " \
  "(SELECT count(*) FROM recommendation_vulnerability l WHERE l.recommendation_key = r.key)) "

typedef struct
{
  GStrvBuilder *ids;
  gint64        old_us;
} Tracked;

static void
add_ids (TvmDb *db, sqlite3_stmt *row, GStrvBuilder *ids)
{
  while (tvm_db_next (db, row))
    g_strv_builder_add (ids, tvm_db_text (row, 0));
}

static void
list_tracked (TvmDb *db, gpointer user_data)
{
  Tracked *tracked = user_data;

  add_ids (db, tvm_db_query (db, TRACKED "ORDER BY r.key", ""), tracked->ids);
}

static void
list_moved (TvmDb *db, gpointer user_data)
{
  Tracked *tracked = user_data;

  add_ids (db, tvm_db_query (db, TRACKED MOVED "ORDER BY r.key", "I", tracked->old_us),
           tracked->ids);
}

/**
 * tvm_store_list_tracked_recommendations:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): those whose exposed devices are kept up to date
 */
char **
tvm_store_list_tracked_recommendations (TvmStore *self,
                                        GError  **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  Tracked tracked = { ids, 0 };

  return tvm_store_read (self, list_tracked, &tracked, error) ? g_strv_builder_end (ids) : NULL;
}

/**
 * tvm_store_list_moved_recommendations:
 * @self: a store
 * @old_us: what was pulled before is old
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the tracked ones whose devices or CVEs are old or differ in
 *   number from what the recommendation says; those of configurations, of whose changes the service
 *   does not tell, are always among them
 */
char **
tvm_store_list_moved_recommendations (TvmStore *self,
                                      gint64    old_us,
                                      GError  **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  Tracked tracked = { ids, old_us };

  return tvm_store_read (self, list_moved, &tracked, error) ? g_strv_builder_end (ids) : NULL;
}
