/* test-reminders.c: what a person is reminded of, and how often (R12).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-reminders.h"

#include "tvm-time.h"

#include <string.h>

typedef struct
{
  TvmReminderState *state;
  TvmReminderInput  input;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->state = tvm_reminder_state_parse (NULL);
  f->input.news = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_news_item_unref);
  f->input.activities = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  f->input.exceptions = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_exception_unref);
  f->input.history = 100;
  for (int kind = 0; kind < TVM_N_REMINDERS; kind++)
    f->input.is_on[kind] = TRUE;
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  tvm_reminder_state_free (f->state);
  g_ptr_array_unref (f->input.news);
  g_ptr_array_unref (f->input.activities);
  g_ptr_array_unref (f->input.exceptions);
}

static TvmActivity *
add_activity (Fixture    *f,
              const char *id,
              const char *due_on,
              TvmOrigin   origin)
{
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup (id);
  activity->title = g_strdup_printf ("Update %s", id);
  activity->type = TVM_TYPE_UPDATE;
  activity->status = TVM_STATUS_ACTIVE;
  activity->origin = origin;
  activity->due_on = g_strdup (due_on);
  activity->key = f->input.activities->len + 1;
  g_ptr_array_add (f->input.activities, activity);
  return activity;
}

static void
add_item (Fixture    *f,
           const char *kind,
           const char *subject_id,
           int         count)
{
  TvmNewsItem *item = tvm_news_item_new ();

  item->kind = g_strdup (kind);
  item->subject_id = g_strdup (subject_id);
  item->title = g_strdup_printf ("Update %s", subject_id);
  item->count = count;
  g_ptr_array_add (f->input.news, item);
}

/* Decides on a day and writes down what was told: "overdue a, due-soon b". */
static char *
tell (Fixture    *f,
      const char *today)
{
  g_autoptr(GPtrArray) reminders = NULL;
  g_autofree char *text = NULL;
  GString *told = g_string_new (NULL);

  f->input.today = today;
  reminders = tvm_reminders_decide (f->state, &f->input);
  for (guint i = 0; i < reminders->len; i++)
    {
      const TvmReminder *reminder = reminders->pdata[i];

      g_string_append_printf (told, "%s%s %s", i > 0 ? ", " : "",
                              tvm_reminder_kind_to_word (reminder->kind), reminder->subject_id);
    }
  /* Whatever is remembered survives the settings. */
  text = tvm_reminder_state_to_text (f->state);
  tvm_reminder_state_free (f->state);
  f->state = tvm_reminder_state_parse (text);
  return g_string_free (told, FALSE);
}

static void
assert_told (Fixture    *f,
             const char *today,
             const char *expected)
{
  g_autofree char *told = tell (f, today);

  g_assert_cmpstr (told, ==, expected);
}

/* Once a week before, once on the day, once when it is over; also where days were skipped. */
static void
test_due (Fixture       *f,
          gconstpointer  data)
{
  add_activity (f, "a", "2026-03-20", TVM_ORIGIN_LOCAL);
  assert_told (f, "2026-03-10", "");
  assert_told (f, "2026-03-12", "");
  assert_told (f, "2026-03-13", "due-soon a");
  assert_told (f, "2026-03-13", "");
  assert_told (f, "2026-03-16", "");
  assert_told (f, "2026-03-20", "due-soon a");
  assert_told (f, "2026-03-20", "");
  assert_told (f, "2026-03-24", "overdue a");
  assert_told (f, "2026-04-24", "");
}

/* What was requested here with a near date is no news, what came from the portal is. */
static void
test_new (Fixture       *f,
          gconstpointer  data)
{
  assert_told (f, "2026-03-10", "");
  add_activity (f, "mine", "2026-03-12", TVM_ORIGIN_LOCAL);
  add_activity (f, "portal", "2026-03-12", TVM_ORIGIN_DEFENDER);
  add_activity (f, "late", "2026-03-01", TVM_ORIGIN_DEFENDER);
  assert_told (f, "2026-03-10", "overdue late, due-soon portal");
  f->input.activity = 3;
  assert_told (f, "2026-03-10", "overdue late, due-soon portal");
  assert_told (f, "2026-03-10", "");
}

static void
test_events (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) reminders = NULL;

  add_item (f, "ticket-rejected", "old", 0);
  assert_told (f, "2026-03-10", ""); /* the first look is no news */
  g_ptr_array_set_size (f->input.news, 0);
  add_item (f, "requested", "a", 5);
  add_item (f, "completed-manual", "a", 0);
  add_item (f, "exposed-again", "a", 2);
  add_item (f, "exposed-again", "a", 3);
  add_item (f, "ticket-accepted", "b", 0);
  add_item (f, "ticket-rejected", "c", 0);
  add_item (f, "ticket-completed", "b", 0);
  add_item (f, "completed-system", "d", 0);
  f->input.is_on[TVM_REMIND_TICKET_COMPLETED] = FALSE;
  reminders = tvm_reminders_decide (f->state, &f->input);
  g_assert_cmpuint (reminders->len, ==, 4);
  g_assert_cmpint (tvm_reminders_find (reminders, TVM_REMIND_EXPOSED_AGAIN, "a")->count, ==, 5);
  g_assert_null (tvm_reminders_find (reminders, TVM_REMIND_TICKET_COMPLETED, "b"));
  g_assert_cmpint (f->state->history, ==, 100);
}

static void
test_exceptions (Fixture       *f,
                 gconstpointer  data)
{
  TvmException *exception = tvm_exception_new ();

  exception->id = g_strdup ("x");
  exception->recommendation_id = g_strdup ("va-_-example-_-player");
  exception->ends_on = g_strdup ("2026-03-20");
  exception->status = TVM_EXCEPTION_ACTIVE;
  exception->is_global = TRUE;
  exception->groups = g_new0 (char *, 1);
  g_ptr_array_add (f->input.exceptions, exception);
  assert_told (f, "2026-03-01", "");
  assert_told (f, "2026-03-06", "exception-ending x");
  assert_told (f, "2026-03-19", "");
  assert_told (f, "2026-03-20", "exception-ending x");
}

/* Each kind can be switched off, and what was passed over does not come later. */
static void
test_switches (Fixture       *f,
               gconstpointer  data)
{
  add_activity (f, "a", "2026-03-20", TVM_ORIGIN_LOCAL);
  f->input.is_on[TVM_REMIND_OVERDUE] = FALSE;
  assert_told (f, "2026-03-01", "");
  assert_told (f, "2026-03-21", "");
  f->input.is_on[TVM_REMIND_OVERDUE] = TRUE;
  assert_told (f, "2026-03-22", "");
}

/* What was snoozed comes back with what it is then, or not at all. */
static void
test_snooze (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) reminders =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);

  add_activity (f, "a", "2026-03-20", TVM_ORIGIN_LOCAL);
  assert_told (f, "2026-03-20", "due-soon a");
  g_ptr_array_add (reminders, tvm_reminder_make (TVM_REMIND_DUE_SOON, "a", "Update\na"));
  g_ptr_array_add (reminders, tvm_reminder_make (TVM_REMIND_OVERDUE, "gone", "Update gone"));
  g_ptr_array_add (reminders, tvm_reminder_make (TVM_REMIND_TICKET_REJECTED, "t", "Update t"));
  g_ptr_array_add (reminders, tvm_reminder_make (TVM_REMIND_OVERDUE, "not an id", "x"));
  tvm_reminder_state_snooze (f->state, reminders, 1000);
  tvm_reminder_state_snooze (f->state, reminders, 2000);
  f->input.now_us = 1999;
  assert_told (f, "2026-03-20", "");
  f->input.now_us = 2000;
  assert_told (f, "2026-03-21", "overdue a, ticket-rejected t");
  assert_told (f, "2026-03-21", "");
  /* While the clock was a year ahead. */
  tvm_reminder_state_snooze (f->state, reminders, 366 * TVM_DAY_US);
  assert_told (f, "2026-03-21", "overdue a, ticket-rejected t");
}

static void
test_state (void)
{
  const char *const bad[] = { "", "1 2", "1 2 x", "-1 2 2026-03-10", "1 2 2026-13-10", "a\nb" };
  g_autoptr(TvmReminderState) good =
    tvm_reminder_state_parse ("5 6 2026-03-10\n7 overdue a Some title\n7 overdue  x\nx overdue a b\n"
                              "7 unheard-of a b\n\n8 due-soon b c");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(TvmReminderState) state = tvm_reminder_state_parse (bad[i]);

      g_assert_null (state->day);
      g_assert_cmpint (state->history + state->activity, ==, 0);
    }
  g_assert_cmpint (good->history, ==, 5);
  g_assert_cmpuint (good->snoozed->len, ==, 2);
  g_assert_cmpstr (((TvmReminder *) good->snoozed->pdata[0])->title, ==, "Some title");
}

/* A few are told one by one, a flood as one digest. */
static void
test_pack (void)
{
  g_autoptr(GPtrArray) reminders =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);
  g_autoptr(GPtrArray) few = NULL;
  g_autoptr(GPtrArray) many = NULL;
  g_autoptr(GPtrArray) none = tvm_reminders_pack (reminders);
  const TvmReminderNote *digest;

  for (int i = 0; i < TVM_REMINDERS_MAX_SINGLE; i++)
    g_ptr_array_add (reminders, tvm_reminder_make (TVM_REMIND_OVERDUE, "a", "Update a"));
  few = tvm_reminders_pack (reminders);
  g_ptr_array_add (reminders, tvm_reminder_make (TVM_REMIND_EXCEPTION_ENDING, "x", "Update x"));
  many = tvm_reminders_pack (reminders);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (few->len, ==, TVM_REMINDERS_MAX_SINGLE);
  g_assert_cmpstr (((TvmReminderNote *) few->pdata[0])->title, ==, "Overdue");
  g_assert_cmpstr (((TvmReminderNote *) few->pdata[0])->body, ==, "Update a");
  g_assert_cmpuint (many->len, ==, 1);
  digest = many->pdata[0];
  g_assert_cmpuint (digest->reminders->len, ==, 4);
  g_assert_cmpstr (digest->title, ==, "4 reminders");
  g_assert_cmpstr (digest->body, ==, "Overdue: 3\nException ends soon: 1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/reminders/due", Fixture, NULL, set_up, test_due, tear_down);
  g_test_add ("/reminders/new", Fixture, NULL, set_up, test_new, tear_down);
  g_test_add ("/reminders/news", Fixture, NULL, set_up, test_events, tear_down);
  g_test_add ("/reminders/exceptions", Fixture, NULL, set_up, test_exceptions, tear_down);
  g_test_add ("/reminders/switches", Fixture, NULL, set_up, test_switches, tear_down);
  g_test_add ("/reminders/snooze", Fixture, NULL, set_up, test_snooze, tear_down);
  g_test_add_func ("/reminders/state", test_state);
  g_test_add_func ("/reminders/pack", test_pack);
  return g_test_run ();
}
