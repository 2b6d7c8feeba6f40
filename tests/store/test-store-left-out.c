/* test-store-left-out.c: which devices no ticket carries, told before a request and after it (R5).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"

#define N_DEVICES 12000                    /* every tenth is not joined to Microsoft Entra, or has no id there */
#define N_NOT_JOINED 1200
#define N_FULL (N_DEVICES - N_NOT_JOINED - TVM_TICKET_MAX_DEVICES)

static void
set_up (Fixture *f, gconstpointer data)
{
  sqlite3 *other;

  fixture_set_up (f, data);
  fixture_recommendations (f, 1);
  fixture_devices (f, 0, N_DEVICES, "10");
  fixture_refs (f, 0, N_DEVICES);
  g_assert_cmpint (sqlite3_open (f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "UPDATE device SET is_aad_joined = 1, aad_device_id = NULL "
                                 "WHERE is_aad_joined = 0 AND id LIKE '%7'", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (other), >, 0);
  sqlite3_close (other);
}

/* The reason of each device that is left out, by its id. */
static GHashTable *
read_reasons (Fixture *f, const TvmQuery *query)
{
  g_autoptr(GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (f->store, query, NULL, &error);
  g_autoptr(GPtrArray) records = NULL;

  g_assert_no_error (error);
  records = tvm_store_list_records (f->store, query, (gint64 *) (gpointer) keys->data, keys->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      const TvmTarget *target = records->pdata[i];

      if (target->left_out != TVM_LEFT_OUT_NONE)
        g_hash_table_insert (reasons, g_strdup (target->device_id), GINT_TO_POINTER ((int) target->left_out));
    }
  return g_steal_pointer (&reasons);
}

static guint
count_reason (GHashTable *reasons, TvmLeftOut reason)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, reasons);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += GPOINTER_TO_INT (value) == (int) reason;
  return n;
}

static GHashTable *
read_before (Fixture *f, const char *group, gboolean split)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_LEFT_OUT);

  query->recommendation_id = g_strdup (REC);
  query->split = split;
  if (group != NULL)
    {
      const char *groups[] = { group, NULL };

      query->groups = g_strdupv ((char **) groups);
    }
  return read_reasons (f, query);
}

static GHashTable *
read_after (Fixture *f, const TvmActivity *activity, TvmLeftOut reason)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);

  query->activity_id = g_strdup (activity->id);
  query->left_out = reason;
  return read_reasons (f, query);
}

static TvmActivity *
submit (Fixture *f, gboolean split)
{
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(GError) error = NULL;
  TvmActivity *activity;

  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_HIGH;
  request->create_ticket = TRUE;
  request->split = split;
  activity = tvm_store_submit (f->store, request, &fixture_ana, NULL, &error);
  g_assert_no_error (error);
  return activity;
}

/* What the form says is what becomes of it, device by device. */
static void
test_same (Fixture *f, gconstpointer data)
{
  for (int split = 0; split < 2; split++)
    {
      g_autoptr(GHashTable) before = read_before (f, NULL, split);
      g_autoptr(TvmActivity) activity = submit (f, split);
      g_autoptr(GHashTable) after = read_after (f, activity, TVM_LEFT_OUT_NONE);
      g_autoptr(GHashTable) any = read_after (f, activity, TVM_LEFT_OUT_ANY);
      g_autoptr(GHashTable) full = read_after (f, activity, TVM_LEFT_OUT_FULL);
      GHashTableIter iter;
      gpointer id, reason;

      g_assert_cmpuint (count_reason (before, TVM_LEFT_OUT_NOT_JOINED), ==, N_NOT_JOINED);
      g_assert_cmpuint (count_reason (before, TVM_LEFT_OUT_FULL), ==, split ? 0 : N_FULL);
      g_assert_cmpuint (g_hash_table_size (after), ==, g_hash_table_size (before));
      g_assert_cmpuint (g_hash_table_size (any), ==, g_hash_table_size (before));
      g_assert_cmpuint (g_hash_table_size (full), ==, split ? 0 : N_FULL);
      g_hash_table_iter_init (&iter, before);
      while (g_hash_table_iter_next (&iter, &id, &reason))
        g_assert_true (g_hash_table_lookup (after, id) == reason);
    }
}

static void
test_group (Fixture *f, gconstpointer data)
{
  g_autoptr(GHashTable) even = read_before (f, "Even", FALSE);
  g_autoptr(GHashTable) odd = read_before (f, "Odd, \"quoted\"", FALSE);

  g_assert_cmpuint (g_hash_table_size (even), ==, 0);
  g_assert_cmpuint (count_reason (odd, TVM_LEFT_OUT_NOT_JOINED), ==, N_NOT_JOINED);
  g_assert_cmpuint (g_hash_table_size (odd), ==, N_NOT_JOINED);
}

/* A ticket that is taken back carries nothing; an activity that never had one leaves nothing out. */
static void
test_taken_back (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) plain = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autoptr(TvmActivity) activity = submit (f, TRUE);
  g_autoptr(GPtrArray) tickets = tvm_store_list_tickets (f->store, activity->id, NULL);
  g_autoptr(GHashTable) of_plain = read_after (f, plain, TVM_LEFT_OUT_NONE);
  g_autoptr(GHashTable) left = NULL;
  const TvmTicket *first = tickets->pdata[0];

  g_assert_cmpuint (tickets->len, ==, 2);
  g_assert_cmpuint (g_hash_table_size (of_plain), ==, 0);
  g_assert_true (tvm_store_outbox_revoke (f->store, first->key, TRUE, NULL, NULL));
  left = read_after (f, activity, TVM_LEFT_OUT_ANY);
  g_assert_cmpuint (count_reason (left, TVM_LEFT_OUT_NOT_JOINED), ==, N_NOT_JOINED);
  g_assert_cmpuint (count_reason (left, TVM_LEFT_OUT_OTHER), ==, TVM_TICKET_MAX_DEVICES);
}

static void
count_row (gint64 done, gint64 total, gpointer user_data)
{
  *(gint64 *) user_data = total;
}

static void
test_export (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_LEFT_OUT);
  g_autoptr(TvmActivity) activity = submit (f, FALSE);
  g_autofree char *text = NULL;
  gint64 total = 0;

  query->recommendation_id = g_strdup (REC);
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_MACHINE, TRUE, count_row, &total, NULL, NULL, NULL), ==,
                   N_FULL + N_NOT_JOINED);
  g_assert_cmpint (total, ==, N_FULL + N_NOT_JOINED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "device_id,device_name,os_platform,device_group,last_seen,not_in_ticket\r\n"));
  g_assert_nonnull (strstr (text, ",ticket-full\r\n"));
  g_clear_pointer (&text, g_free);
  query->kind = TVM_LIST_TARGETS;
  query->activity_id = g_strdup (activity->id);
  query->left_out = TVM_LEFT_OUT_NOT_JOINED;
  g_assert_cmpint (tvm_store_export (f->store, query, path, TVM_FORMAT_SPREADSHEET, TRUE, NULL, NULL, NULL, NULL, NULL), ==,
                   N_NOT_JOINED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, ",Ticket ID,Why in no ticket\r\n"));
  g_assert_nonnull (strstr (text, ",,Not joined to Microsoft Entra\r\n"));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, fixture_tear_down)
  ADD ("/left-out/same-before-and-after", test_same);
  ADD ("/left-out/group", test_group);
  ADD ("/left-out/taken-back", test_taken_back);
  ADD ("/left-out/export", test_export);
#undef ADD
  return g_test_run ();
}
