/* test-store-lists.c: lists, search, retention and export. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

static guint
count (Fixture *f, TvmQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (f->store, query, NULL, &error);

  g_assert_no_error (error);
  return keys->len;
}

static guint
count_search (Fixture *f, TvmListKind kind, const char *search)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);

  query->search = g_strdup (search);
  return count (f, query);
}

static void
test_search (Fixture *f, gconstpointer data)
{
  fixture_recommendations (f, 5);
  fixture_devices (f, 0, 50, "10");
  fixture_refs (f, 0, 10);
  g_assert_cmpuint (count_search (f, TVM_LIST_RECOMMENDATIONS, "100% OF_"), ==, 4);
  g_assert_cmpuint (count_search (f, TVM_LIST_RECOMMENDATIONS, "_%"), ==, 0);
  g_assert_cmpuint (count_search (f, TVM_LIST_RECOMMENDATIONS, "'3\""), ==, 1);
  g_assert_cmpuint (count_search (f, TVM_LIST_RECOMMENDATIONS, "host00003"), ==, 1);
  g_assert_cmpuint (count_search (f, TVM_LIST_RECOMMENDATIONS, "host00033"), ==, 0);
  g_assert_cmpuint (count_search (f, TVM_LIST_DEVICES, "HOST0000"), ==, 10);
  g_assert_cmpuint (count_search (f, TVM_LIST_DEVICES, "\\"), ==, 0);
}

/* Device groups and products have names of any language. */
static void
test_search_any_script (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;
  static const struct { const char *search; guint n; } cases[] = {
    { "KÖLN", 1 }, { "öl", 1 }, { "ol", 0 }, { "東京", 1 }, { "京 1", 1 }, { "東大", 0 }, { "σ", 1 },
    { "gruppe", 2 }, { "GRUPPE K", 1 }, { "\xf0\x9f\x92\xbb", 0 }, { "gruppe kölner", 0 },
    { "ko\xcc\x88ln", 1 }, { "koln", 0 }, { "\xef\xbc\xb0\xef\xbc\xa3-1", 1 }, { "pc-4", 1 },
    { "strasse", 1 }, { "STRA\xe1\xba\x9e" "E", 1 }, { "\xe3\x82\xac", 1 },
  };

  fixture_recommendations (f, 1);
  tvm_device_refs_add (refs, "a", "pc-1", "Windows11", "Gruppe Köln");
  tvm_device_refs_add (refs, "b", "pc-2", "Windows11", "Gruppe 東京 1");
  tvm_device_refs_add (refs, "c", "pc-3", "Windows11", "ΑΘΗΝΑΣ");
  tvm_device_refs_add (refs, "d", NULL, NULL, NULL);
  tvm_device_refs_add (refs, "e", "\xef\xbc\xb0\xef\xbc\xa3-4", NULL, "Stra\xc3\x9f" "e");
  tvm_device_refs_add (refs, "f", "\xef\xbd\xb6\xef\xbe\x9e", NULL, NULL);
  g_assert_true (keep_device_refs (f->store, REC, refs, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);

      query->recommendation_id = g_strdup (REC);
      query->search = g_strdup (cases[i].search);
      g_test_message ("%s", cases[i].search);
      g_assert_cmpuint (count (f, query), ==, cases[i].n);
    }
}

/* ---- searching in memory gives what SQL gives ---- */

typedef struct
{
  TvmQuery *query;
  GArray   *keys;
  gboolean  prepares, is_found;
} Found;

static void
find_cb (TvmDb *db, gpointer data)
{
  Found *found = data;

  found->is_found = tvm_finder_list (db, found->query, found->keys);
  if (!found->prepares || found->is_found || db->aside.work == NULL)
    return;
  db->aside.work (db, db->aside.data);   /* else it is done when there is time */
  found->is_found = tvm_finder_list (db, found->query, found->keys);
}

static const char *const pieces[] = {
  "pc", "PC", "4", "42", "-", "K\303\226LN", "k\303\266ln", "stra\303\237e", "SS", "\342\204\252",
  "\316\243", "\317\202",
  "\346\235\261\344\272\254", "\304\260", "i", " ", "%", "\n", "\360\237\222\273", "k", "\305\277", ".example",
  "ko\314\210ln", "\357\274\260\357\274\243", "\357\275\266\357\276\236", "\343\202\254",
  "ss", "\341\272\236",
};

static char *
make_text (GRand *random, int n)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

/* A limit is what memory leaves to SQL. */
static void
assert_finds_same (Fixture *f, const char *search, const char *sort, gboolean descending)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GArray) by_sql = NULL;
  g_autoptr(GArray) listed = NULL;
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  Found found = { .query = query, .prepares = TRUE, .keys = keys };

  query->search = g_strdup (search);
  query->sort = g_strdup (sort);
  query->descending = descending;
  g_assert_true (tvm_store_read (f->store, find_cb, &found, NULL));
  g_assert_true (found.is_found);
  listed = tvm_store_list_keys (f->store, query, NULL, NULL);
  query->limit = G_MAXINT;
  by_sql = tvm_store_list_keys (f->store, query, NULL, NULL);
  g_test_message ("\"%s\" by %s: %u", search, sort, by_sql->len);
  g_assert_cmpmem (keys->data, keys->len * sizeof (gint64),
                   by_sql->data, by_sql->len * sizeof (gint64));
  g_assert_cmpmem (listed->data, listed->len * sizeof (gint64),
                   by_sql->data, by_sql->len * sizeof (gint64));
}

static void
merge_random_devices (Fixture *f, GRand *random)
{
  g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 200; i++)
    {
      TvmDevice *device = tvm_device_new ();

      device->id = g_strdup_printf ("%040x", i);
      device->name = i % 17 == 0 ? NULL : make_text (random, g_rand_int_range (random, 0, 6));
      device->group = i % 3 == 0 ? NULL : make_text (random, i % 2);
      device->os_platform = g_strdup (i % 5 == 0 ? "Linux" : "Windows11");
      g_ptr_array_add (devices, device);
    }
  g_assert_true (keep_devices (f->store, devices, NULL, &error));
  g_assert_no_error (error);
}

static void
test_search_in_memory (Fixture *f, gconstpointer data)
{
  static const char *const sorts[] = { NULL, "name", "os", "group", "recommendations" };
  g_autoptr(GRand) random = g_rand_new_with_seed (20261123);

  assert_finds_same (f, "a", NULL, FALSE);
  for (int round = 0; round < 5; round++)
    {
      merge_random_devices (f, random);
      for (guint i = 0; i < 2 * G_N_ELEMENTS (sorts); i++)
        {
          assert_finds_same (f, NULL, sorts[i / 2], i % 2);
          for (guint n = 0; n < G_N_ELEMENTS (pieces); n++)
            {
              g_autofree char *search = make_text (random, g_rand_int_range (random, 1, 4));

              assert_finds_same (f, pieces[n], sorts[i / 2], i % 2);
              assert_finds_same (f, search, sorts[i / 2], i % 2);
            }
        }
    }
}

static guint
find_prepared (Fixture *f, const char *search, gboolean *is_found)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  Found found = { .query = query, .keys = keys };

  query->search = g_strdup (search);
  g_assert_true (tvm_store_read (f->store, find_cb, &found, NULL));
  *is_found = found.is_found;
  return keys->len;
}

/* What was read before a change, ours or another process's, is not used after it. */
static void
test_search_after_changes (Fixture *f, gconstpointer data)
{
  gboolean is_found;
  sqlite3 *other;

  fixture_devices (f, 0, 50, "10");
  assert_finds_same (f, "host00003", NULL, FALSE);
  g_assert_cmpuint (find_prepared (f, "host00003", &is_found), ==, 1);
  g_assert_true (is_found);
  fixture_devices (f, 0, 20, "10");
  g_assert_cmpuint (find_prepared (f, "host", &is_found), ==, 0);
  g_assert_false (is_found);
  g_assert_cmpuint (count_search (f, TVM_LIST_DEVICES, "host"), ==, 20);
  assert_finds_same (f, "host", NULL, FALSE);
  g_assert_cmpint (sqlite3_open (f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "UPDATE device SET name = 'Renamed' "
                                 "WHERE name LIKE 'host00003%'", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (other);
  g_assert_cmpuint (count_search (f, TVM_LIST_DEVICES, "rENAMED"), ==, 1);
  g_assert_cmpuint (count_search (f, TVM_LIST_DEVICES, "host00003"), ==, 0);
  assert_finds_same (f, "renamed", NULL, FALSE);
  assert_finds_same (f, "host00003", "os", TRUE);
}

static void
test_total (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);

  query->search = g_strdup ("host00003");
  fixture_recommendations (f, 1);
  for (int n = 20; n <= 60; n += 20)
    {
      g_autoptr(GArray) keys = NULL;
      int total = 0;

      fixture_devices (f, 0, n, "10");
      keys = tvm_store_list_keys (f->store, query, &total, NULL);
      g_assert_cmpuint (keys->len, ==, 1);
      g_assert_cmpint (total, ==, n);
    }
}

/* Every sort of every kind is valid SQL and gives the same rows. */
static void
test_sorts (Fixture *f, gconstpointer data)
{
  static const char *const words[] = { "name", "type", "weaknesses", "exposed", "impact", "status", "activities",
    "title", "progress", "priority", "due", "created", "ticket", "completed", "os", "group", "exposure", "risk",
    "health", "last-seen", "recommendations", "state", "no-such-column" };
  const guint expected[TVM_N_LISTS] = { 3, 1, 20, 10, 10, 1 /* not joined */ };
  g_autoptr(TvmActivity) activity = NULL;

  fixture_recommendations (f, 3);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 10);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  for (TvmListKind kind = 0; kind < TVM_LIST_HISTORY; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      {
        g_autoptr(TvmQuery) query = tvm_query_new (kind);
        g_autoptr(GArray) keys = NULL;
        GPtrArray *records;

        query->sort = g_strdup (words[i]);
        query->descending = i % 2;
        query->activity_id = g_strdup (activity->id);
        query->recommendation_id = g_strdup (REC);
        keys = tvm_store_list_keys (f->store, query, NULL, NULL);
        g_assert_cmpuint (keys->len, ==, expected[kind]);
        records = tvm_store_list_records (f->store, query, (gint64 *) keys->data, keys->len, NULL);
        g_assert_cmpuint (records->len, ==, keys->len);
        for (guint n = 0; n < records->len; n++)
          g_assert_nonnull (records->pdata[n]);
        g_ptr_array_unref (records);
      }
}

static void
test_retention (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) shown = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(TvmQuery) archive = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(TvmActivity) activity = NULL;

  archive->archived = TRUE;
  fixture_recommendations (f, 1);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_true (tvm_store_complete (f->store, activity->id, "ana@contoso.example", NULL, NULL));
  tvm_set_clock_us (NOW_US + 180 * TVM_DAY_US);
  g_assert_cmpuint (count (f, shown), ==, 1);
  g_assert_cmpuint (count (f, archive), ==, 0);
  tvm_set_clock_us (NOW_US + 181 * TVM_DAY_US);
  g_assert_cmpuint (count (f, shown), ==, 0);
  g_assert_cmpuint (count (f, archive), ==, 1);
  {
    g_autofree char *today = tvm_today ();

    g_assert_true (tvm_store_apply_retention (f->store, today, NULL));
    g_assert_cmpuint (count (f, archive), ==, 1);
    g_assert_true (tvm_store_set_setting (f->store, "retention-action", "delete", NULL));
    g_assert_cmpuint (count (f, archive), ==, 0);
    g_assert_true (tvm_store_apply_retention (f->store, today, NULL));
    g_assert_null (tvm_store_get_activity (f->store, activity->id, NULL));
  }
}

static void
test_export (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autofree char *machine = NULL;
  g_autofree char *sheet = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  fixture_recommendations (f, 1);
  fixture_refs (f, 0, 10);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &machine, NULL, NULL));
  expected = g_strdup_printf ("id,title,recommendation_id,related_component,type,status,priority,due_on,created_on,"
                              "created_by,completed_by,completed_on,completion,origin,target_devices,fixed_devices,"
                              "groups,notes,ticket_status,no_impact_only,policy_reason,assignee\r\n%s,Update Example Player,"
                              REC ",,update,active,high,"
                              "2026-03-10,2026-03-20T09:46:40+00:00,ana@contoso.example,,,,local,10,0,,"
                              "\"=1+1,\n\"\"x\"\"\",,false,,\r\n", activity->id);
  g_assert_cmpstr (machine, ==, expected);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_SPREADSHEET, FALSE, NULL, NULL, NULL, NULL, &error), ==, -1);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_SPREADSHEET, TRUE, NULL, NULL, NULL, NULL, NULL), ==, 1);
  g_assert_true (g_file_get_contents (path, &sheet, NULL, NULL));
  g_assert_true (g_str_has_prefix (sheet, "\xef\xbb\xbf"));
  g_assert_nonnull (strstr (sheet, "\"'=1+1,\n\"\"x\"\"\""));
  g_unlink (path);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL, cancellable, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  query->kind = TVM_LIST_TARGETS;
  query->activity_id = g_strdup (activity->id);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL, NULL, NULL, &error), ==, 10);
  g_unlink (path);
  g_assert_cmpint (tvm_store_export (f->store, query, "/no/such/folder/x.csv", TVM_FORMAT_MACHINE, FALSE, NULL, NULL, NULL, NULL,
                                     NULL), ==, -1);
}

/* The devices of all activities that the filters choose, in one file, each with its own activity. */
static void
test_export_all_targets (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr(TvmActivity) first = NULL;
  g_autoptr(TvmActivity) second = NULL;
  g_auto(GStrv) lines = NULL;
  guint n_first = 0, n_second = 0;

  fixture_recommendations (f, 1);
  fixture_refs (f, 0, 10);
  first = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  fixture_refs (f, 5, 20);
  second = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL, NULL, NULL, NULL), ==,
                   first->target_devices + second->target_devices);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      n_first += g_str_has_prefix (lines[i], first->id);
      n_second += g_str_has_prefix (lines[i], second->id);
    }
  g_assert_cmpuint (n_first, ==, first->target_devices);
  g_assert_cmpuint (n_second, ==, second->target_devices);
  query->status = TVM_STATUS_COMPLETED;
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, TRUE, NULL, NULL, NULL, NULL, NULL), ==, 0);
  g_unlink (path);
}

static char *
export_targets (Fixture *f, const char *activity_id, TvmFormat format)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  query->activity_id = g_strdup (activity_id);
  tvm_store_export (f->store, query, path, format, TRUE, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  return text;
}

/* Of many activities with the same devices the rows are made another way: it must not show. */
static void
test_export_shared_targets (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) activities = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 18, "10");
  fixture_refs (f, 0, 20);
  for (int i = 0; i < 4; i++)
    {
      g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, i == 1);
    }
  fixture_refs (f, 5, 20);
  fixture_refs (f, 3, 15);
  keys = tvm_store_list_keys (f->store, query, NULL, NULL);
  activities = tvm_store_list_records (f->store, query, (gint64 *) keys->data, keys->len, NULL);
  g_assert_cmpuint (activities->len, ==, 4);
  for (TvmFormat format = TVM_FORMAT_SPREADSHEET; format <= TVM_FORMAT_MACHINE; format++)
    {
      g_autofree char *together = export_targets (f, NULL, format);
      g_autoptr(GString) one_by_one = g_string_new (NULL);

      for (guint i = 0; i < activities->len; i++)
        {
          g_autofree char *one = export_targets (f, ((TvmActivity *) activities->pdata[i])->id, format);

          g_string_append (one_by_one, i == 0 ? one : strstr (one, "\r\n") + 2);
        }
      g_assert_cmpstr (together, ==, one_by_one->str);
    }
}

static gpointer
write_cb (gpointer data)
{
  for (int i = 0; i < 20; i++)
    fixture_refs (data, 0, 500 + i * 10);
  return NULL;
}

static void
test_concurrent_reads (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);
  GThread *thread;
  guint last = 0;

  query->recommendation_id = g_strdup (REC);
  fixture_recommendations (f, 1);
  thread = g_thread_new ("writer", write_cb, f);
  for (int i = 0; i < 100; i++)
    {
      guint n = count (f, query);

      g_assert_true (n == 0 || (n >= 500 && n % 10 == 0)); /* whole lists only */
      g_assert_cmpuint (n, >=, last);
      last = n;
    }
  g_thread_join (thread);
  g_assert_cmpuint (count (f, query), ==, 690);
}

void
fixture_add_lists_tests (void)
{
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/store/lists/search", test_search);
  ADD ("/store/lists/search-any-script", test_search_any_script);
  ADD ("/store/lists/search-in-memory", test_search_in_memory);
  ADD ("/store/lists/search-after-changes", test_search_after_changes);
  ADD ("/store/lists/total", test_total);
  ADD ("/store/lists/sorts", test_sorts);
  ADD ("/store/lists/retention", test_retention);
  ADD ("/store/export/formats", test_export);
  ADD ("/store/export/all-targets", test_export_all_targets);
  ADD ("/store/export/shared-targets", test_export_shared_targets);
  ADD ("/store/reads/during-a-write", test_concurrent_reads);
#undef ADD
}
