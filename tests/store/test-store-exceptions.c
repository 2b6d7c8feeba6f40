/* test-store-exceptions.c: exceptions in the store: filing, cancelling, the end, and what a
 * recommendation becomes (R10). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exceptions-fixture.h"
#include "tvm-error.h"
#include "tvm-store-clock.h"
#include "keep.h"

static char *
history_words (Fixture *self, const char *id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) history = tvm_store_list_exception_history (self->store, id, &error);
  g_autoptr(GString) words = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = history->len; i > 0; i--)
    {
      TvmHistoryEntry *entry = history->pdata[i - 1];

      g_assert_cmpint (entry->when_us, >, 0);
      g_string_append_printf (words, "%s%s[%s>%s]", words->len > 0 ? " " : "", entry->kind + strlen ("exception-"),
                              entry->before != NULL ? entry->before : "", entry->after != NULL ? entry->after : "");
    }
  return g_strdup (words->str);
}

static void
assert_history (Fixture *self, const char *id, const char *expected)
{
  g_autofree char *words = history_words (self, id);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_groups (Fixture *self, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autofree char *other = NULL;

  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_ACTIVE, 8, 8);
  id = exceptions_file_one (self, TVM_JUSTIFICATION_ALTERNATE_MITIGATION, "g0,g1,g1", 30);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 2, 2);
  other = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g2", 60);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 2, 2);
  exceptions_cancel (self, id, "g1");
  exceptions_assert_status (self, id, TVM_EXCEPTION_ACTIVE);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 4, 4);
  exceptions_cancel (self, id, "g0");
  exceptions_assert_status (self, id, TVM_EXCEPTION_CANCELLED);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 8, 8);
  exceptions_cancel (self, other, NULL);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_ACTIVE, 8, 8);
  assert_history (self, id, "filed[>active] group-cancelled[g0\ng1>g0] group-cancelled[g0>] cancelled[active>cancelled]");
}

static void
assert_devices (Fixture *self, const char *id, int devices)
{
  g_autoptr(TvmException) x = exceptions_get_one (self, id);

  g_assert_cmpint (x->devices, ==, devices);
}

/* While it holds it covers what is left; once it has ended it tells what it covered, each device group as of
 * when it was cancelled for it, and nothing where that is not known. */
static void
test_covered (Fixture *self, gconstpointer data)
{
  const int exposed[] = { 4, 2, 0 }, fewer[] = { 1, 1, 0 };
  g_autofree char *id = NULL, *other = NULL, *expired = NULL;

  exceptions_set_exposed (self, exposed, 3, 4);
  id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0,g2", 30);
  other = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g1", 30);
  assert_devices (self, id, 4);
  exceptions_cancel (self, id, "g0");
  assert_devices (self, id, 0);
  exceptions_set_exposed (self, fewer, 3, 4);
  exceptions_cancel (self, id, "g2");
  exceptions_assert_status (self, id, TVM_EXCEPTION_CANCELLED);
  assert_devices (self, id, 4);
  exceptions_cancel (self, other, NULL);
  assert_devices (self, other, 1);
  expired = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0,g1", 30);
  exceptions_cancel (self, expired, "g1");
  assert_devices (self, expired, 1);
  exceptions_pass_days (self, 31);
  assert_devices (self, expired, 2);
  g_assert_true (tvm_store_record_expiry (self->store, NULL));
  assert_devices (self, expired, 2);
}

static void
test_global (Fixture *self, gconstpointer data)
{
  g_autofree char *group = exceptions_file_one (self, TVM_JUSTIFICATION_THIRD_PARTY_CONTROL, "g0", 30);
  g_autofree char *global = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 10);
  g_autofree char *second = NULL;

  exceptions_assert_status (self, group, TVM_EXCEPTION_SUSPENDED);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 8, 8);
  exceptions_pass_days (self, 10);
  exceptions_assert_status (self, global, TVM_EXCEPTION_ACTIVE);
  exceptions_pass_days (self, 1);
  g_assert_true (tvm_store_record_expiry (self->store, NULL));
  exceptions_assert_status (self, global, TVM_EXCEPTION_EXPIRED);
  exceptions_assert_status (self, group, TVM_EXCEPTION_ACTIVE);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 4, 4);
  second = exceptions_file_one (self, TVM_JUSTIFICATION_ALTERNATE_MITIGATION, NULL, 90);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 0, 0);
  exceptions_cancel (self, second, NULL);
  exceptions_pass_days (self, 20);
  g_assert_true (tvm_store_record_expiry (self->store, NULL));
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_ACTIVE, 8, 8);
  assert_history (self, group, "filed[>active] suspended[active>suspended] resumed[suspended>active] "
                               "suspended[active>suspended] resumed[suspended>active] expired[active>expired]");
  assert_history (self, global, "filed[>active] expired[active>expired]");
}

static void
test_new_group (Fixture *self, gconstpointer data)
{
  const int exposed[] = { 4, 2, 2, 1 };
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0,g1,g2", 90);
  g_autoptr(TvmException) before = exceptions_get_one (self, id);
  g_autoptr(TvmException) after = NULL;

  g_assert_cmpint (before->review, ==, 0);
  g_assert_cmpint (before->devices, ==, 8);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 8, 8);
  exceptions_set_devices (self, 4, 4);
  exceptions_set_exposed (self, exposed, 4, 4);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 9, 8);
  after = exceptions_get_one (self, id);
  g_assert_cmpint (after->review, ==, TVM_REVIEW_NEW_GROUPS);
  g_assert_cmpstr (after->new_groups[0], ==, "g3");
  g_assert_null (after->new_groups[1]);
}

static void
test_review (Fixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 90);
  TvmRecommendation *r = tvm_recommendation_new ();
  g_autoptr(TvmException) x = NULL;

  r->id = g_strdup (REC);
  r->weaknesses = 5;
  r->public_exploit = TRUE;
  r->status = TVM_RECOMMENDATION_ACTIVE;
  g_ptr_array_add (list, r);
  g_assert_true (keep_recommendations (self->store, list, NULL, NULL));
  exceptions_pass_days (self, 76);
  x = exceptions_get_one (self, id);
  g_assert_cmpint (x->review, ==, TVM_REVIEW_ENDS_SOON | TVM_REVIEW_NEW_EXPLOIT | TVM_REVIEW_NEW_CVES);
  g_assert_cmpint (x->weaknesses_now - x->weaknesses_then, ==, 2);
  exceptions_cancel (self, id, NULL);
  tvm_exception_unref (x);
  x = exceptions_get_one (self, id);
  g_assert_cmpint (x->review, ==, 0);
  g_assert_cmpstr (x->cancelled_by, ==, "bo@contoso.example");
  g_assert_cmpint (x->ended_us, ==, tvm_now_us ());
}

/* The preview changes nothing and foretells exactly what filing does. */
static void
test_preview (Fixture *self, gconstpointer data)
{
  g_autofree char *first = exceptions_file_one (self, TVM_JUSTIFICATION_THIRD_PARTY_CONTROL, "g1", 30);
  g_autoptr(TvmExceptionForm) form = exceptions_make_form (TVM_JUSTIFICATION_ALTERNATE_MITIGATION, "g0,g2", 30);
  g_autoptr(TvmExceptionForm) global = exceptions_make_form (TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 30);
  g_autoptr(GError) error = NULL;
  TvmExceptionEffect effect;

  g_assert_true (tvm_store_preview_exception (self->store, form, &effect, &error));
  g_assert_no_error (error);
  g_assert_cmpint (effect.groups, ==, 2);
  g_assert_cmpint (effect.devices, ==, 6);
  g_assert_cmpint (effect.suspended, ==, 0);
  g_assert_cmpint (effect.exposed_before, ==, 6);
  g_assert_cmpint (effect.exposed_after, ==, 0);
  g_assert_cmpfloat_with_epsilon (effect.exposure_impact_before, 6, 1e-9);
  g_assert_cmpint (effect.status_before, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  g_assert_cmpint (effect.status_after, ==, TVM_RECOMMENDATION_FULL_EXCEPTION);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 6, 6);
  g_assert_true (tvm_store_preview_exception (self->store, global, &effect, &error));
  g_assert_cmpint (effect.suspended, ==, 1);
  g_assert_cmpint (effect.groups, ==, 3);
  g_assert_cmpint (effect.devices, ==, 8);
  g_assert_cmpint (effect.exposed_after, ==, 8);
  exceptions_assert_status (self, first, TVM_EXCEPTION_ACTIVE);
}

static void
assert_refused (Fixture *self, const char *groups, TvmError code, const char *says)
{
  g_autoptr(TvmExceptionForm) form = exceptions_make_form (TVM_JUSTIFICATION_RISK_ACCEPTED, groups, 30);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) same = NULL;
  TvmExceptionEffect effect;
  gint64 changes = tvm_store_total_changes (self->store);

  g_assert_null (tvm_store_add_exception (self->store, form, ANA, &error));
  g_assert_error (error, TVM_ERROR, (int) code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” lacks “%s”", error->message, says);
  g_assert_false (tvm_store_preview_exception (self->store, form, &effect, &same));
  g_assert_cmpstr (same->message, ==, error->message);
  g_assert_cmpint (tvm_store_total_changes (self->store), ==, changes);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0", 30);
  const char *const groups[] = { "g0", "g1", NULL };
  g_autofree char *global = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmException) as_before = NULL;

  assert_refused (self, "g0,g1", TVM_ERROR_CONFLICT, "“g0” has an exception until 2026-04-19");
  assert_refused (self, "g1,nowhere", TVM_ERROR_INVALID, "no device group “nowhere”");
  /* One of the groups is not its: it stays for the other, too. */
  g_assert_false (tvm_store_cancel_exception (self->store, id, groups, ANA, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  g_clear_error (&error);
  as_before = tvm_store_get_exception (self->store, id, NULL);
  g_assert_cmpint (as_before->status, ==, TVM_EXCEPTION_ACTIVE);
  g_assert_cmpstr (as_before->groups[0], ==, "g0");
  g_assert_null (as_before->cancelled_groups[0]);
  global = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 30);
  assert_refused (self, "g1", TVM_ERROR_CONFLICT, "covers all device groups until");
  assert_refused (self, NULL, TVM_ERROR_CONFLICT, "covers all device groups until");
  g_assert_false (tvm_store_cancel_exception (self->store, global, groups, ANA, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  g_clear_error (&error);
  exceptions_cancel (self, global, NULL);
  g_assert_false (tvm_store_cancel_exception (self->store, global, NULL, ANA, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (tvm_store_cancel_exception (self->store, "00000000", NULL, ANA, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
}

static void
test_offered (Fixture *self, gconstpointer data)
{
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g1", 30);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) groups = tvm_store_list_exception_groups (self->store, REC, &error);

  g_assert_no_error (error);
  g_assert_cmpint (groups->len, ==, 2);
  g_assert_cmpstr (((TvmGroupCount *) groups->pdata[0])->name, ==, "g0");
  g_assert_cmpint (((TvmGroupCount *) groups->pdata[0])->exposed, ==, 4);
  g_assert_cmpstr (((TvmGroupCount *) groups->pdata[1])->name, ==, "g2");
  exceptions_cancel (self, id, NULL);
  g_ptr_array_unref (groups);
  groups = tvm_store_list_exception_groups (self->store, REC, &error);
  g_assert_cmpint (groups->len, ==, 3);
}

static int
count_listed (Fixture *self, TvmQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, &error);
  g_autoptr(GPtrArray) records = NULL;

  g_assert_no_error (error);
  records = tvm_store_list_records (self->store, query, (const gint64 *) (gpointer) keys->data, keys->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    g_assert_nonnull (records->pdata[i]);
  return (int) keys->len;
}

static void
test_list (Fixture *self, gconstpointer data)
{
  static const char *const sorts[] = { NULL, "recommendation", "justification", "type", "devices", "created",
                                       "created-by", "ends", "status" };
  static const struct { const char *search; int n; } searches[] = {
    { "player", 3 }, { "g1", 1 }, { "BECAUSE", 3 }, { "100%", 0 }, { "ana@", 3 }, { "x'; DROP", 0 },
  };
  g_autofree char *one = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0", 30);
  g_autofree char *two = exceptions_file_one (self, TVM_JUSTIFICATION_THIRD_PARTY_CONTROL, "g1", 60);
  g_autofree char *three = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 90);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXCEPTIONS);
  g_autoptr(TvmQuery) recommendations = tvm_query_new (TVM_LIST_RECOMMENDATIONS);

  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      g_free (query->sort);
      query->sort = g_strdup (sorts[i]);
      g_assert_cmpint (count_listed (self, query), ==, 3);
    }
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_free (query->search);
      query->search = g_strdup (searches[i].search);
      g_assert_cmpint (count_listed (self, query), ==, searches[i].n);
    }
  g_clear_pointer (&query->search, g_free);
  query->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  g_assert_cmpint (count_listed (self, query), ==, 2);
  query->status = TVM_EXCEPTION_SUSPENDED;
  g_assert_cmpint (count_listed (self, query), ==, 1);
  query->type = TVM_TYPE_UPGRADE;
  g_assert_cmpint (count_listed (self, query), ==, 0);
  recommendations->status = TVM_RECOMMENDATION_FULL_EXCEPTION;
  g_assert_cmpint (count_listed (self, recommendations), ==, 1);
  recommendations->status = TVM_RECOMMENDATION_ACTIVE;
  g_assert_cmpint (count_listed (self, recommendations), ==, 0);
}

static char *
export_text (Fixture *self, TvmListKind kind, TvmFormat format)
{
  g_autofree char *path = g_build_filename (self->directory, "out.csv", NULL);
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_assert_cmpint (tvm_store_export (self->store, query, path, format, TRUE, NULL, NULL, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  return text;
}

static void
test_export (Fixture *self, gconstpointer data)
{
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_THIRD_PARTY_CONTROL, "g0,g1", 30);
  g_autofree char *row = NULL;
  g_autofree char *machine = NULL;
  g_autofree char *spreadsheet = NULL;
  g_autofree char *recommendations = NULL;

  exceptions_cancel (self, id, "g1");
  row = g_strdup_printf ("id,recommendation_id,recommendation,related_component,type,status,justification,context,"
                         "global,groups,cancelled_groups,devices,ends_on,created_on,created_by,ended_on,cancelled_by,"
                         "approval,decided_by,decided_on,decision_reason\r\n"
                         "%s," REC ",Update Example Player,player,update,active,third-party-control,"
                         "\"=because,\n\"\"quoted\"\"\",false,g0,g1,4,2026-04-19,2026-03-20T09:46:40+00:00," ANA ",,,,,,\r\n", id);
  machine = export_text (self, TVM_LIST_EXCEPTIONS, TVM_FORMAT_MACHINE);
  g_assert_cmpstr (machine, ==, row);
  spreadsheet = export_text (self, TVM_LIST_EXCEPTIONS, TVM_FORMAT_SPREADSHEET);
  g_assert_true (g_str_has_prefix (spreadsheet, "\xef\xbb\xbf"));
  g_assert_nonnull (strstr (spreadsheet, "\"'=because"));
  g_assert_nonnull (strstr (spreadsheet, ",Third-party control,"));
  recommendations = export_text (self, TVM_LIST_RECOMMENDATIONS, TVM_FORMAT_MACHINE);
  g_assert_nonnull (strstr (recommendations, ",partial-exception,3,8,4,0,0,8,2,4,1,"));
}

static void
test_append_only (Fixture *self, gconstpointer data)
{
  static const char *const attacks[] = { "UPDATE exception_history SET who = 'x'", "DELETE FROM exception_history" };
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 30);
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    g_assert_cmpint (sqlite3_exec (handle, attacks[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  sqlite3_close (handle);
  assert_history (self, id, "filed[>active]");
}

/* The service's status shows where nothing was filed here, and the stronger one where something was. */
static void
test_portal (Fixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  TvmRecommendation *r = tvm_recommendation_new ();
  g_autofree char *id = NULL;

  r->id = g_strdup (REC);
  r->status = TVM_RECOMMENDATION_PARTIAL_EXCEPTION;
  r->exposed_devices = 8;
  r->exposure_impact = 8;
  g_ptr_array_add (list, r);
  g_assert_true (keep_recommendations (self->store, list, NULL, NULL));
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 8, 8);
  id = exceptions_file_one (self, TVM_JUSTIFICATION_THIRD_PARTY_CONTROL, NULL, 30);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 0, 0);
  /* Syncing the same again writes nothing. */
  g_assert_true (keep_recommendations (self->store, list, NULL, NULL));
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 0, 0);
  exceptions_cancel (self, id, NULL);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 8, 8);
  /* A recommendation that goes and comes back has its exception again. */
  g_free (id);
  id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 30);
  g_ptr_array_remove_index (list, 0);
  g_assert_true (keep_recommendations (self->store, list, NULL, NULL));
  exceptions_assert_status (self, id, TVM_EXCEPTION_ACTIVE);
  exceptions_set_exposed (self, (const int[]) { 1, 0, 0 }, 3, 4);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 1, 8);
}

static void
test_reopen (Fixture *self, gconstpointer data)
{
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0,g1,g2", 30);
  g_autofree char *prefix = g_strndup (id, 8);

  fixture_reopen (self);
  exceptions_assert_status (self, prefix, TVM_EXCEPTION_ACTIVE);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 8, 8);
  tvm_set_clock_us (tvm_now_us () + 31 * TVM_DAY_US);
  fixture_reopen (self);
  exceptions_pass_days (self, 0);
  exceptions_assert_status (self, id, TVM_EXCEPTION_EXPIRED);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_ACTIVE, 8, 8);
}

/* That the last day passed follows from the date, and comes back with it, until it is written down. */
static void
test_derived (Fixture *self, gconstpointer data)
{
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 30);
  g_autoptr(GError) error = NULL;

  exceptions_pass_days (self, 31);
  exceptions_assert_status (self, id, TVM_EXCEPTION_EXPIRED);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_ACTIVE, 8, 8);
  assert_history (self, id, "filed[>active]");
  exceptions_pass_days (self, -31);
  exceptions_assert_status (self, id, TVM_EXCEPTION_ACTIVE);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 8, 8);
  exceptions_pass_days (self, 31);
  tvm_store_record_expiry (self->store, &error);
  g_assert_no_error (error);
  assert_history (self, id, "filed[>active] expired[active>expired]");
  exceptions_pass_days (self, -31);
  exceptions_assert_status (self, id, TVM_EXCEPTION_EXPIRED);
}

/* A clock that a service contradicted ends nothing, until a person says that it is right. */
static void
test_clock (Fixture *self, gconstpointer data)
{
  g_autofree char *id = exceptions_file_one (self, TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, 30);
  gint64 then_us = tvm_now_us ();
  g_autoptr(GError) error = NULL;
  TvmClock clock;

  tvm_set_clock_us (then_us + 365 * TVM_DAY_US);
  g_assert_true (tvm_store_note_clock (self->store, tvm_now_us (), then_us, NULL));
  exceptions_pass_days (self, 0);
  exceptions_assert_status (self, id, TVM_EXCEPTION_ACTIVE);
  exceptions_assert_recommendation (self, TVM_RECOMMENDATION_FULL_EXCEPTION, 8, 8);
  g_assert_true (tvm_store_read_clock (self->store, NULL, &clock, NULL));
  g_assert_cmpint (clock.doubt, ==, TVM_CLOCK_OFF_SERVICE);
  g_assert_true (tvm_store_accept_clock (self->store, NULL));
  exceptions_pass_days (self, 0);
  exceptions_assert_status (self, id, TVM_EXCEPTION_EXPIRED);
  g_assert_false (tvm_store_accept_clock (self->store, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*run) (Fixture *, gconstpointer); } tests[] = {
    { "/exceptions/groups", test_groups },
    { "/exceptions/covered", test_covered },
    { "/exceptions/global", test_global },
    { "/exceptions/new-group", test_new_group },
    { "/exceptions/review", test_review },
    { "/exceptions/preview", test_preview },
    { "/exceptions/refused", test_refused },
    { "/exceptions/offered", test_offered },
    { "/exceptions/list", test_list },
    { "/exceptions/export", test_export },
    { "/exceptions/append-only", test_append_only },
    { "/exceptions/portal", test_portal },
    { "/exceptions/reopen", test_reopen },
    { "/exceptions/derived", test_derived },
    { "/exceptions/clock", test_clock },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, exceptions_set_up, tests[i].run, fixture_tear_down);
  exceptions_add_random_tests ();
  return g_test_run ();
}
