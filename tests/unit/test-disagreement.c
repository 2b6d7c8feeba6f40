/* test-disagreement.c: what disagrees, as a table; device groups that overlap; the words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-disagreement.h"

#include <string.h>

#define ACTIVE TVM_STATUS_ACTIVE
#define DONE TVM_STATUS_COMPLETED
#define UPDATE TVM_TYPE_UPDATE
#define EXPOSED TVM_DISAGREEMENT_STILL_EXPOSED
#define OPEN TVM_DISAGREEMENT_TICKET_OPEN
#define REJECTED TVM_DISAGREEMENT_REJECTED
#define TWIN TVM_DISAGREEMENT_TWIN
#define COMPLETED TVM_DISAGREEMENT_COMPLETED
#define NUMBERS TVM_DISAGREEMENT_NUMBERS

/* status, type, targets, fixed, tickets (unsent, open, completed, rejected), a twin; what disagrees */
static const struct { TvmDisagreementFacts facts; guint expected; } cases[] = {
  { { ACTIVE, UPDATE, 12, 0, 0, 0, 0, 0, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, 3, 0, 1, 0, 0, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, 0, 0, 0, 1, 0, FALSE }, EXPOSED },
  { { ACTIVE, UPDATE, 12, 11, 0, 0, 2, 0, FALSE }, EXPOSED },
  { { ACTIVE, UPDATE, 12, 11, 0, 1, 1, 0, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, 11, 1, 0, 1, 0, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, -1, 0, 0, 1, 0, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, 12, 0, 0, 1, 0, FALSE }, 0 },
  { { DONE, UPDATE, 12, 5, 0, 0, 1, 0, FALSE }, 0 },
  { { DONE, UPDATE, 12, 12, 0, 1, 0, 0, FALSE }, OPEN },
  { { ACTIVE, UPDATE, 12, 12, 0, 2, 1, 0, FALSE }, OPEN },
  { { DONE, UPDATE, 12, 11, 0, 1, 0, 0, FALSE }, COMPLETED },
  { { DONE, UPDATE, 12, 11, 1, 0, 1, 0, FALSE }, TVM_DISAGREEMENT_UNSENT },
  { { DONE, UPDATE, 12, 12, 1, 0, 0, 0, FALSE }, TVM_DISAGREEMENT_UNSENT },
  { { DONE, UPDATE, 12, 12, 1, 1, 0, 0, FALSE }, OPEN | TVM_DISAGREEMENT_UNSENT },
  { { DONE, UPDATE, 12, 11, 1, 1, 0, 0, FALSE }, COMPLETED | TVM_DISAGREEMENT_UNSENT },
  { { DONE, UPDATE, 12, -1, 0, 1, 0, 0, FALSE }, COMPLETED },
  { { DONE, UPDATE, 12, 12, 0, 0, 1, 0, FALSE, TRUE }, TVM_DISAGREEMENT_SENT_TWICE },
  { { DONE, UPDATE, 0, 0, 0, 1, 0, 0, FALSE }, COMPLETED },
  { { ACTIVE, UPDATE, 0, 0, 0, 1, 0, 0, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, 3, 0, 0, 0, 1, FALSE }, REJECTED },
  { { ACTIVE, UPDATE, 12, 3, 0, 0, 1, 1, FALSE }, REJECTED },
  { { ACTIVE, UPDATE, 12, 12, 0, 0, 0, 1, FALSE }, 0 },
  { { DONE, UPDATE, 12, 3, 0, 0, 0, 1, FALSE }, 0 },
  { { ACTIVE, UPDATE, 12, 3, 0, 0, 0, 0, TRUE }, TWIN },
  { { ACTIVE, UPDATE, 12, 3, 0, 0, 0, 1, TRUE }, REJECTED | TWIN },
  { { DONE, UPDATE, 12, 12, 0, 0, 0, 0, TRUE }, 0 },
  { { ACTIVE, TVM_TYPE_ATTENTION_REQUIRED, 12, -1, 0, 0, 0, 0, TRUE }, TWIN },
  { { ACTIVE, UPDATE, 10, 50, 0, 0, 0, 0, FALSE }, NUMBERS },
  { { DONE, UPDATE, 10, 11, 0, 0, 0, 0, FALSE }, NUMBERS },
  { { ACTIVE, UPDATE, 0, 1, 0, 0, 0, 0, FALSE }, NUMBERS },
  { { ACTIVE, UPDATE, -1, -1, 0, 0, 0, 0, FALSE }, 0 },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint found = tvm_disagreements_find (&cases[i].facts);

      if (found != cases[i].expected)
        g_error ("case %u: %u instead of %u", i, found, cases[i].expected);
    }
}

static void
test_tickets (void)
{
  TvmDisagreementFacts facts = { .status = ACTIVE };

  for (int status = TVM_TICKET_UNKNOWN; status <= TVM_TICKET_WITHDRAWN; status++)
    tvm_disagreement_add_ticket (&facts, status, FALSE);
  tvm_disagreement_add_ticket (&facts, TVM_TICKET_PENDING, TRUE);
  g_assert_cmpint (facts.n_unsent, ==, 2);
  g_assert_cmpint (facts.n_open, ==, 2);
  g_assert_cmpint (facts.n_completed, ==, 1);
  g_assert_cmpint (facts.n_rejected, ==, 1);
}

static void
test_groups (void)
{
  g_assert_true (tvm_groups_overlap (NULL, "Servers"));
  g_assert_true (tvm_groups_overlap ("Servers", ""));
  g_assert_true (tvm_groups_overlap ("Kiosks\nServers", "Servers\nLab"));
  g_assert_false (tvm_groups_overlap ("Servers", "Server"));
  g_assert_false (tvm_groups_overlap ("A\nB", "C\nD"));
}

/* What is to be done depends on how far the ticket is. */
static void
test_completed_step (void)
{
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  static const TvmTicketStatus withdrawable[] = { TVM_TICKET_OUTBOX, TVM_TICKET_PENDING,
                                                  TVM_TICKET_FAILED };

  activity->status = DONE;
  for (guint i = 0; i < G_N_ELEMENTS (withdrawable); i++)
    {
      activity->ticket_status = withdrawable[i];
      g_assert_nonnull (strstr (tvm_disagreement_to_step (COMPLETED, activity), "Withdraw"));
    }
  activity->ticket_status = TVM_TICKET_ACTIVE;
  g_assert_nonnull (strstr (tvm_disagreement_to_step (COMPLETED, activity), "IT admin"));
}

/* Each has a sentence, a next step and a word of its own. */
static void
test_words (void)
{
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  g_autoptr(GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *one = NULL;
  g_autofree char *many = NULL;

  activity->id = g_strdup ("x");
  activity->origin = TVM_ORIGIN_LOCAL;
  activity->target_devices = 20;
  activity->fixed_devices = 8;
  for (guint i = 0; i < TVM_N_DISAGREEMENTS; i++)
    {
      g_autofree char *text = tvm_disagreement_to_text (1u << i, activity);

      g_assert_cmpstr (text, !=, "");
      g_assert_cmpstr (tvm_disagreement_to_step (1u << i, activity), !=, "");
      /* Devices are exposed: nobody is told to complete that. */
      g_assert_null (strstr (tvm_disagreement_to_step (1u << i, activity), "as completed"));
      g_assert_true (g_hash_table_add (words, (char *) tvm_disagreement_to_word (1u << i)));
    }
  many = tvm_disagreement_to_text (EXPOSED, activity);
  g_assert_cmpstr (many, ==, "Ticket completed, 12 devices still exposed as far as is known");
  activity->fixed_devices = 19;
  one = tvm_disagreement_to_text (EXPOSED, activity);
  g_assert_cmpstr (one, ==, "Ticket completed, 1 device still exposed as far as is known");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disagreement/table", test_table);
  g_test_add_func ("/disagreement/tickets", test_tickets);
  g_test_add_func ("/disagreement/groups", test_groups);
  g_test_add_func ("/disagreement/completed-step", test_completed_step);
  g_test_add_func ("/disagreement/words", test_words);
  return g_test_run ();
}
