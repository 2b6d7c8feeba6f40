/* tvm-store-news.c: what the histories say since somebody last looked. On the reader's thread; the
 * public functions block. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/* What nobody looked at for so long is told by its newest part. */
#define MAX_NEWS "10000"
#define LAST_KEY "SELECT coalesce (max (key), 0) FROM "

static void
read_mark (TvmDb   *db,
           gpointer user_data)
{
  TvmNewsMark *now = user_data;

  now->history = tvm_db_get_int (db, LAST_KEY "history", "");
  now->exception_history = tvm_db_get_int (db, LAST_KEY "exception_history", "");
  now->recommendation = tvm_db_get_int (db, LAST_KEY "recommendation", "");
  now->activity = tvm_db_get_int (db, LAST_KEY "activity", "");
  now->when_us = tvm_now_us ();
}

/**
 * tvm_store_get_news_mark:
 * @self: a store
 * @out: (out): where its histories end now
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_get_news_mark (TvmStore     *self,
                         TvmNewsMark  *out,
                         GError      **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_read (self, read_mark, out, error);
}

/* The newest rows, turned so that the oldest comes first. */
static void
add_news (TvmDb      *db,
            GPtrArray  *news,
            const char *sql,
            gint64      since)
{
  sqlite3_stmt *row = tvm_db_query (db, sql, "I", since);

  while (tvm_db_next (db, row))
    {
      TvmNewsItem *item = tvm_news_item_new ();

      item->kind = tvm_db_dup (row, 0);
      item->subject_id = tvm_db_dup (row, 1);
      item->title = tvm_db_dup (row, 2);
      item->who = tvm_db_dup (row, 3);
      item->count = sqlite3_column_int (row, 4);
      item->when_us = sqlite3_column_int64 (row, 5);
      item->origin = sqlite3_column_int (row, 6);
      g_ptr_array_add (news, item);
    }
}

static gpointer
list_news (TvmDb         *db,
           gconstpointer  data)
{
  GPtrArray *news = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_news_item_unref);
  const TvmNewsMark *since = data;

  add_news (db, news,
            "SELECT * FROM (SELECT j.kind, a.id, a.title, j.who, j.count, j.when_us, a.origin, "
            "j.key FROM history j JOIN activity a ON a.key = j.activity_key WHERE j.key > ?1 "
            "ORDER BY j.key DESC LIMIT " MAX_NEWS ") ORDER BY key", since->history);
  add_news (db, news,
            "SELECT * FROM (SELECT j.kind, x.id, coalesce (x.recommendation_name, "
            "x.recommendation_id), j.who, 0, j.when_us, 0, j.key FROM exception_history j "
            "JOIN exception x ON x.key = j.exception_key WHERE j.key > ?1 ORDER BY j.key DESC "
            "LIMIT " MAX_NEWS ") ORDER BY key", since->exception_history);
  add_news (db, news,
            "SELECT 'new-recommendation', id, name, NULL, 0, 0, 0 FROM recommendation WHERE "
            "key > ?1 AND is_listed = 1 ORDER BY key LIMIT " MAX_NEWS, since->recommendation);
  add_news (db, news,
            "SELECT 'new-activity', id, title, created_by, 0, created_us, origin FROM activity "
            "WHERE key > ?1 ORDER BY key LIMIT " MAX_NEWS, since->activity);
  return news;
}

/**
 * tvm_store_list_news:
 * @self: a store
 * @since: how far somebody has read
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmNewsItem) (nullable): what happened since,
 *   each history from its oldest line on; %NULL on error
 */
GPtrArray *
tvm_store_list_news (TvmStore           *self,
                       const TvmNewsMark  *since,
                       GError            **error)
{
  return tvm_store_load (self, list_news, since, (GDestroyNotify) g_ptr_array_unref, error);
}
