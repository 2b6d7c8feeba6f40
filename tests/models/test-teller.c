/* test-teller.c: what would be sent as desktop notifications, counted without a session bus (R12).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "model-fixture.h"
#include "tvm-store-clock.h"
#include "tvm-teller.h"

#include "tvm-time.h"

#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1774008000) * TVM_SECOND_US) /* 2026-03-20, noon */

typedef struct
{
  TvmStore  *store;   /* (owned) */
  TvmTeller *teller;  /* (owned) */
  GPtrArray *sent;    /* (owned) of the ids of what was sent */
  guint      wanted;
} Fixture;

static void
send (const char    *id,
      GNotification *notification,
      gpointer       user_data)
{
  g_assert_true (G_IS_NOTIFICATION (notification));
  g_ptr_array_add (((Fixture *) user_data)->sent, g_strdup (id));
}

static gboolean
has_sent (gpointer data)
{
  Fixture *f = data;

  return f->sent->len >= f->wanted;
}

/* Looks, and waits until so many were sent in all. */
static void
look (Fixture *f,
      guint    wanted)
{
  f->wanted = wanted;
  tvm_teller_check (f->teller);
  model_wait (has_sent, f);
  g_assert_cmpuint (f->sent->len, ==, wanted);
}

/* How many notifications a look would send now; they count as sent. */
static guint
count_now (Fixture *f)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) notes = NULL;
  g_autoptr(GError) error = NULL;

  tvm_reminder_news_load_async (f->store, NULL, 0, NULL, model_result_cb, &result);
  model_wait_result (&result);
  notes = tvm_load_finish (f->store, result, &error);
  g_assert_no_error (error);
  return notes->len;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  tvm_set_clock_us (NOW_US);
  f->store = model_store_open ();
  f->sent = g_ptr_array_new_with_free_func (g_free);
  f->teller = tvm_teller_new (f->store, "default", NULL, send, f);
  model_merge_products (f->store, 0, 8, 4);
  model_merge_inventory (f->store, 6);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *id = model_recommendation_id (i);

      model_expose_inventory (f->store, id, 4);
    }
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  tvm_teller_stop (f->teller);
  g_object_unref (f->teller);
  model_store_close (f->store);
  g_ptr_array_unref (f->sent);
  tvm_set_clock_us (0);
}

static char *
submit (Fixture    *f,
        guint       number,
        const char *due_on)
{
  g_autofree char *id = model_recommendation_id (number);

  return model_submit (f->store, id, TVM_PRIORITY_HIGH, due_on);
}

/* Nothing before the first synchronization; then each once, for each its own. */
static void
test_once (Fixture       *f,
           gconstpointer  data)
{
  g_autofree char *soon = submit (f, 0, "2026-03-24");
  g_autofree char *later = submit (f, 1, "2026-06-01");
  g_autofree char *expected = g_strdup_printf ("default/due-soon/%s", soon);

  g_assert_cmpuint (count_now (f), ==, 0);
  g_assert_true (tvm_store_note_sync (f->store, tvm_now_us (), NULL, NULL));
  look (f, 1);
  g_assert_cmpstr (f->sent->pdata[0], ==, expected);
  g_assert_cmpuint (count_now (f), ==, 0);
  tvm_set_clock_us (NOW_US + 5 * TVM_DAY_US);
  look (f, 2);
  g_assert_true (g_str_has_prefix (f->sent->pdata[1], "default/overdue/"));
  g_assert_cmpuint (count_now (f), ==, 0);
}

/* What a wrong clock would tell is told once the clock is right, if it is so then (R19). */
static void
test_wrong_clock (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *later = submit (f, 1, "2026-06-01");

  g_assert_true (tvm_store_note_sync (f->store, tvm_now_us (), NULL, NULL));
  g_assert_cmpuint (count_now (f), ==, 0);
  tvm_set_clock_us (NOW_US + 365 * TVM_DAY_US);
  g_assert_cmpuint (count_now (f), ==, 0); /* so long after the last sync */
  g_assert_true (tvm_store_note_clock (f->store, tvm_now_us (), NOW_US, NULL));
  g_assert_cmpuint (count_now (f), ==, 0);
  g_assert_true (tvm_store_note_clock (f->store, tvm_now_us (), tvm_now_us (), NULL));
  g_assert_cmpuint (count_now (f), ==, 1);
}

/* One digest instead of a flood. */
static void
test_digest (Fixture       *f,
             gconstpointer  data)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *id = submit (f, i, "2026-03-21");
    }
  g_assert_true (tvm_store_note_sync (f->store, tvm_now_us (), NULL, NULL));
  look (f, 1);
  g_assert_cmpstr (f->sent->pdata[0], ==, "default/digest");
}

/* What the devices do is told, what is switched off is not. */
static void
test_history (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *recommendation = model_recommendation_id (0);
  g_autofree char *id = submit (f, 0, NULL);

  g_assert_true (tvm_store_note_sync (f->store, tvm_now_us (), NULL, NULL));
  g_assert_cmpuint (count_now (f), ==, 0);
  model_expose_inventory (f->store, recommendation, 2);
  g_assert_cmpuint (count_now (f), ==, 0); /* progress is no reminder */
  model_expose_inventory (f->store, recommendation, 3);
  look (f, 1);
  g_assert_true (g_str_has_prefix (f->sent->pdata[0], "default/exposed-again/"));
  g_assert_true (tvm_store_set_setting (f->store, "remind-exposed-again", "false", NULL));
  model_expose_inventory (f->store, recommendation, 4);
  g_assert_cmpuint (count_now (f), ==, 0);
}

/* A snoozed one comes back in a day; what came over the bus is not trusted. */
static void
test_snooze (Fixture       *f,
             gconstpointer  data)
{
  g_autofree char *id = submit (f, 0, "2026-03-24");
  g_autoptr(GVariant) reminders =
    g_variant_ref_sink (g_variant_new_parsed ("[('due-soon', %s, 'x'), ('no kind', 'y', 'z'), "
                                              "('overdue', 'nothing of ours', '')]", id));
  g_autoptr(GVariant) nonsense = g_variant_ref_sink (g_variant_new_string ("nonsense"));

  g_assert_true (tvm_store_note_sync (f->store, tvm_now_us (), NULL, NULL));
  look (f, 1);
  tvm_teller_snooze (f->teller, nonsense);
  tvm_teller_snooze (f->teller, reminders);
  /* The look that notes it has ended when the next one begins. */
  tvm_set_clock_us (NOW_US + 2 * TVM_DAY_US);
  look (f, 2);
  g_assert_cmpstr (f->sent->pdata[0], ==, f->sent->pdata[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/teller/once", Fixture, NULL, set_up, test_once, tear_down);
  g_test_add ("/teller/wrong-clock", Fixture, NULL, set_up, test_wrong_clock, tear_down);
  g_test_add ("/teller/digest", Fixture, NULL, set_up, test_digest, tear_down);
  g_test_add ("/teller/history", Fixture, NULL, set_up, test_history, tear_down);
  g_test_add ("/teller/snooze", Fixture, NULL, set_up, test_snooze, tear_down);
  return g_test_run ();
}
