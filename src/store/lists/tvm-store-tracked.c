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
/* Open ones of the portal; never asked for, old by now, and then other devices or any at all. */
#define UNASKED \
  "SELECT a.id FROM activity a WHERE a.origin = TVM_ORIGIN_DEFENDER AND a.status <> " \
  "TVM_STATUS_COMPLETED AND (" TVM_DEVICES_UNASKED " OR (a.devices_synced_us BETWEEN 1 AND ?1 " \
  "AND (SELECT count(*) FROM portal_exposure p WHERE p.activity_key = a.key) <> " \
  "a.target_devices - a.fixed_devices) OR (a.devices_synced_us > 0 AND ?1 = ?2 AND " \
  "(a.fixed_devices < a.target_devices OR a.fixed_devices < 0))) " \
  "ORDER BY a.devices_synced_us, a.key LIMIT ?3"

typedef struct
{
  GStrvBuilder *ids;
  gint64        old_us;
  guint         limit;
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
  Tracked tracked = { ids };

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

static void
list_unasked (TvmDb *db, gpointer user_data)
{
  Tracked *tracked = user_data;

  add_ids (db, tvm_db_query (db, UNASKED, "III", tracked->old_us, G_MAXINT64,
                             (gint64) tracked->limit), tracked->ids);
}

/**
 * tvm_store_list_unasked_activities:
 * @self: a store
 * @old_us: devices that were asked for after that are new; %G_MAXINT64 for all that has devices
 * @limit: so many at the most
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): open activities made in the portal whose devices are not
 *   known, or are old and not as many as the activity counts; those never asked for first
 */
char **
tvm_store_list_unasked_activities (TvmStore *self,
                                   gint64    old_us,
                                   guint     limit,
                                   GError  **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  Tracked tracked = { ids, old_us, limit };

  return tvm_store_read (self, list_unasked, &tracked, error) ? g_strv_builder_end (ids) : NULL;
}
