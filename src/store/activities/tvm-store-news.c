/* tvm-store-news.c: what the journals say since somebody last looked. On the reader's thread; the
 * public functions block. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/* What nobody looked at for so long is told by its newest part. */
#define MAX_EVENTS "10000"
#define LAST_KEY "SELECT coalesce (max (key), 0) FROM "

typedef struct
{
  const TvmNewsMark *since;
  TvmNewsMark       *now;
  GPtrArray         *events;
} NewsData;

static void
read_mark (TvmDb   *db,
           gpointer user_data)
{
  TvmNewsMark *now = ((NewsData *) user_data)->now;

  now->journal = tvm_db_get_int (db, LAST_KEY "journal", "");
  now->exception_journal = tvm_db_get_int (db, LAST_KEY "exception_journal", "");
  now->recommendation = tvm_db_get_int (db, LAST_KEY "recommendation", "");
  now->activity = tvm_db_get_int (db, LAST_KEY "activity", "");
  now->when_us = tvm_now_us ();
}

/**
 * tvm_store_get_news_mark:
 * @self: a store
 * @out: (out): where its journals end now
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_get_news_mark (TvmStore     *self,
                         TvmNewsMark  *out,
                         GError      **error)
{
  NewsData data = { .now = out };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_read (self, read_mark, &data, error);
}

/* The newest rows, turned so that the oldest comes first. */
static void
add_events (TvmDb      *db,
            GPtrArray  *events,
            const char *sql,
            gint64      since)
{
  sqlite3_stmt *row = tvm_db_query (db, sql, "I", since);

  while (tvm_db_next (db, row))
    {
      TvmEvent *event = tvm_event_new ();

      event->kind = tvm_db_dup (row, 0);
      event->subject_id = tvm_db_dup (row, 1);
      event->title = tvm_db_dup (row, 2);
      event->who = tvm_db_dup (row, 3);
      event->count = sqlite3_column_int (row, 4);
      event->when_us = sqlite3_column_int64 (row, 5);
      event->origin = sqlite3_column_int (row, 6);
      g_ptr_array_add (events, event);
    }
}

static void
list_events (TvmDb   *db,
             gpointer user_data)
{
  NewsData *data = user_data;

  add_events (db, data->events,
              "SELECT * FROM (SELECT j.kind, a.id, a.title, j.who, j.count, j.when_us, a.origin, "
              "j.key FROM journal j JOIN activity a ON a.key = j.activity_key WHERE j.key > ?1 "
              "ORDER BY j.key DESC LIMIT " MAX_EVENTS ") ORDER BY key", data->since->journal);
  add_events (db, data->events,
              "SELECT * FROM (SELECT j.kind, x.id, coalesce (x.recommendation_name, "
              "x.recommendation_id), j.who, 0, j.when_us, 0, j.key FROM exception_journal j "
              "JOIN exception x ON x.key = j.exception_key WHERE j.key > ?1 ORDER BY j.key DESC "
              "LIMIT " MAX_EVENTS ") ORDER BY key", data->since->exception_journal);
  add_events (db, data->events,
              "SELECT 'new-recommendation', id, name, NULL, 0, 0, 0 FROM recommendation WHERE "
              "key > ?1 AND is_listed = 1 ORDER BY key LIMIT " MAX_EVENTS,
              data->since->recommendation);
  add_events (db, data->events,
              "SELECT 'new-activity', id, title, created_by, 0, created_us, origin FROM activity "
              "WHERE key > ?1 ORDER BY key LIMIT " MAX_EVENTS, data->since->activity);
}

/**
 * tvm_store_list_events:
 * @self: a store
 * @since: how far somebody has read
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmEvent) (nullable): what happened since,
 *   each journal from its oldest line on; %NULL on error
 */
GPtrArray *
tvm_store_list_events (TvmStore           *self,
                       const TvmNewsMark  *since,
                       GError            **error)
{
  g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_event_unref);
  NewsData data = { .since = since, .events = events };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_events, &data, error) ? g_steal_pointer (&events) : NULL;
}
