/* test-clock.c: syncs with a clock that is wrong do nothing that cannot be undone (R19).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "outbox.h"
#include "tvm-error.h"
#include "tvm-store-clock.h"
#include "tvm-sync-clock.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

#include <string.h>

static const SyncFixtureOptions connected = { .intune = TRUE };

typedef struct {
  char *completed, *exception;  /* ids */
  gint64 then_us;
} Kept;

static void
kept_clear (Kept *self)
{
  g_free (self->completed);
  g_free (self->exception);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kept, kept_clear)

/* This computer's clock is so many days from the service's, which goes on as before. */
static void
set_off (SyncFixture *self, gint64 then_us, int days)
{
  g_autofree char *body = g_strdup_printf ("{\"offset_seconds\":%d}", -days * 24 * 3600);

  json_object_unref (sync_fixture_order (self, "clock", body));
  tvm_set_clock_us (then_us + days * TVM_DAY_US);
}

/* An exception of 30 days, and a completed activity that is deleted after 180. */
static void
set_up_kept (SyncFixture *self, Kept *kept)
{
  g_autoptr(TvmExceptionForm) form = tvm_exception_form_new ();
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmException) exception = NULL;
  g_autofree char *today = NULL;
  g_autoptr(GError) error = NULL;

  kept->then_us = g_get_real_time ();
  tvm_set_clock_us (kept->then_us);
  today = tvm_today ();
  sync_fixture_sync_plain (self);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (about, FALSE);
  activity = sync_fixture_submit (self, request);
  kept->completed = g_strdup (activity->id);
  g_assert_true (tvm_sync_engine_complete (self->engine, activity->id, NULL, &error));
  form->recommendation_id = g_strdup (about->id);
  form->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  form->context = g_strdup ("test");
  form->ends_on = tvm_date_add_days (today, 30);
  form->is_global = TRUE;
  tvm_sync_engine_add_exception (self->engine, form, FALSE, NULL, &exception, NULL, &error);
  g_assert_no_error (error);
  kept->exception = g_strdup (exception->id);
  tvm_sync_engine_set_config (self->engine, "retention-action", "delete", NULL, &error);
  g_assert_no_error (error);
}

static gboolean
has_expired_line (SyncFixture *self, const Kept *kept)
{
  g_autoptr(GPtrArray) lines = tvm_store_list_exception_history (self->store, kept->exception, NULL);

  for (guint i = 0; i < lines->len; i++)
    if (strcmp (((TvmHistoryEntry *) lines->pdata[i])->kind, "exception-expired") == 0)
      return TRUE;
  return FALSE;
}

static void
assert_kept (SyncFixture *self, const Kept *kept)
{
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, kept->completed, NULL);
  g_autoptr(TvmException) exception = tvm_store_get_exception (self->store, kept->exception, NULL);

  g_assert_nonnull (activity);
  g_assert_cmpint (exception->status, ==, TVM_EXCEPTION_ACTIVE);
  g_assert_false (has_expired_line (self, kept));
}

static void
sync_and_be_told (SyncFixture *self, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
  g_autofree char *warning = NULL;
  TvmClockFacts facts;
  TvmClock clock;

  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (results->len, ==, 0);
  g_assert_true (tvm_sync_engine_read_clock (self->engine, &facts, &clock, NULL));
  warning = tvm_clock_describe (&clock);
  g_assert_nonnull (strstr (warning, words));
}

static void
test_ahead (SyncFixture *self, gconstpointer data)
{
  g_auto(Kept) kept = { NULL };
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmException) exception = NULL;
  TvmOutboxFailure failure = { .message = "Not reached." };

  set_up_kept (self, &kept);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  set_off (self, kept.then_us, 365);
  failure.next_attempt_us = tvm_now_us () + TVM_HOUR_US;
  g_assert_true (tvm_store_outbox_failed (self->store, outbox_first_key (self), &failure, NULL));
  sync_and_be_told (self, "365 days ahead");
  assert_kept (self, &kept);
  /* Set right: the ticket does not wait for a year, and all goes on. */
  set_off (self, kept.then_us, 0);
  g_assert_cmpint (outbox_push_due (self), ==, 1);
  sync_fixture_sync_plain (self);
  assert_kept (self, &kept);
  /* The person says that this clock is right. */
  set_off (self, kept.then_us, 365);
  sync_and_be_told (self, "365 days ahead");
  g_assert_true (tvm_sync_engine_accept_clock (self->engine, NULL));
  sync_fixture_sync_plain (self);
  exception = tvm_store_get_exception (self->store, kept.exception, NULL);
  g_assert_cmpint (exception->status, ==, TVM_EXCEPTION_EXPIRED);
  g_assert_true (has_expired_line (self, &kept));
  g_clear_pointer (&activity, tvm_activity_unref);
  activity = tvm_store_get_activity (self->store, kept.completed, NULL);
  g_assert_null (activity);
  tvm_set_clock_us (0);
}

static void
test_behind (SyncFixture *self, gconstpointer data)
{
  g_auto(Kept) kept = { NULL };
  gint64 before_us = 0, after_us = 0;

  set_up_kept (self, &kept);
  set_off (self, kept.then_us, 0);
  g_assert_true (tvm_store_last_sync (self->store, &before_us, NULL, NULL));
  set_off (self, kept.then_us, -365);
  sync_and_be_told (self, "365 days behind");
  assert_kept (self, &kept);
  g_assert_true (tvm_store_last_sync (self->store, &after_us, NULL, NULL));
  g_assert_cmpint (before_us, ==, after_us);
  set_off (self, kept.then_us, 0);
  sync_fixture_sync_plain (self);
  assert_kept (self, &kept);
  tvm_set_clock_us (0);
}

typedef struct {
  SyncFixture *fixture;
  gint64       then_us;
  int          days;
  gint         jumped;  /* atomic */
} Jump;

static void
progressed_cb (const char *step, int n_done, int n_steps, gint64 next_call_us, const char *files,
               gpointer user_data)
{
  Jump *jump = user_data;

  if (g_strcmp0 (step, "devices") == 0 && g_atomic_int_compare_and_exchange (&jump->jumped, FALSE, TRUE))
    set_off (jump->fixture, jump->then_us, jump->days);
}

/* While lists are on their way. */
static void
test_jump (SyncFixture *self, gconstpointer data)
{
  static const int days[] = { 365, -365 };
  g_auto(Kept) kept = { NULL };

  set_up_kept (self, &kept);
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      Jump jump = { self, kept.then_us, days[i], FALSE };
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, TRUE, progressed_cb, &jump,
                                                           NULL, &error);

      g_assert_true (jump.jumped);
      g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
      assert_kept (self, &kept);
      set_off (self, kept.then_us, 0);
      sync_fixture_sync_plain (self);
      assert_kept (self, &kept);
    }
  tvm_set_clock_us (0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  OUTBOX_ADD ("/clock/ahead", test_ahead);
  OUTBOX_ADD ("/clock/behind", test_behind);
  OUTBOX_ADD ("/clock/jump", test_jump);
  return g_test_run ();
}
