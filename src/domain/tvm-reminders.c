/* tvm-reminders.c: what a person is reminded of (R12), and how. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-reminders.h"

#include "tvm-rules.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A reminder is put off for a day; one that is for longer was while the clock was ahead. */
#define LONGEST_SNOOZE_US (2 * TVM_DAY_US)

/* The history's word, where one tells of it. */
static const char *const news_words[TVM_N_REMINDERS] = {
  [TVM_REMIND_TICKET_REJECTED] = "ticket-rejected",
  [TVM_REMIND_EXPOSED_AGAIN] = "exposed-again",
  [TVM_REMIND_TICKET_ACCEPTED] = "ticket-accepted",
  [TVM_REMIND_TICKET_COMPLETED] = "ticket-completed",
  [TVM_REMIND_ACTIVITY_COMPLETED] = "completed-system",
};

static GPtrArray *
reminders_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);
}

/* ---- the decision -------------------------------------------------------------------------- */

static void
add (GPtrArray              *reminders,
     const TvmReminderInput *input,
     TvmReminderKind         kind,
     const char             *subject_id,
     const char             *title,
     int                     count)
{
  TvmReminder *reminder = tvm_reminders_find (reminders, kind, subject_id);

  if (!input->is_on[kind])
    return;
  if (reminder != NULL)
    {
      reminder->count += count;
      return;
    }
  reminder = tvm_reminder_make (kind, subject_id, title);
  reminder->count = MAX (count, 1);
  g_ptr_array_add (reminders, reminder);
}

/* Whether so many days before the date were reached since dates were last looked at. */
static gboolean
has_come (const TvmReminderState *state,
          const char             *today,
          const char             *date,
          int                     days_before)
{
  return tvm_days_between (today, date) <= days_before &&
         (state->day == NULL || tvm_days_between (state->day, date) > days_before);
}

/* Of activities made in the portal a due date that is near is news; of those requested here it is
 * not, until it comes nearer. */
static void
add_activities (GPtrArray              *reminders,
                const TvmReminderState *state,
                const TvmReminderInput *input)
{
  for (guint i = 0; i < input->activities->len; i++)
    {
      const TvmActivity *a = input->activities->pdata[i];
      gboolean is_new = a->origin == TVM_ORIGIN_DEFENDER && a->key > state->activity;

      if (tvm_is_overdue (a, input->today))
        {
          if (is_new || has_come (state, input->today, a->due_on, -1))
            add (reminders, input, TVM_REMIND_OVERDUE, a->id, a->title, 1);
        }
      else if (tvm_is_due_soon (a, input->today) &&
               (is_new || has_come (state, input->today, a->due_on, TVM_DUE_SOON_DAYS) ||
                has_come (state, input->today, a->due_on, 0)))
        add (reminders, input, TVM_REMIND_DUE_SOON, a->id, a->title, 1);
    }
}

static void
add_exceptions (GPtrArray              *reminders,
                const TvmReminderState *state,
                const TvmReminderInput *input)
{
  for (guint i = 0; i < input->exceptions->len; i++)
    {
      const TvmException *x = input->exceptions->pdata[i];

      if (tvm_exception_ends_soon (x, input->today) &&
          (has_come (state, input->today, x->ends_on, TVM_EXCEPTION_SOON_DAYS) ||
           has_come (state, input->today, x->ends_on, 0)))
        add (reminders, input, TVM_REMIND_EXCEPTION_ENDING, x->id,
             x->recommendation_name != NULL ? x->recommendation_name : x->recommendation_id, 1);
    }
}

/* What happened before the first look is no news. */
static void
add_news (GPtrArray              *reminders,
            const TvmReminderState *state,
            const TvmReminderInput *input)
{
  if (state->day == NULL)
    return;
  for (guint i = 0; i < input->news->len; i++)
    for (int kind = 0; kind < TVM_N_REMINDERS; kind++)
      {
        const TvmNewsItem *item = input->news->pdata[i];

        if (g_strcmp0 (item->kind, news_words[kind]) == 0)
          add (reminders, input, kind, item->subject_id, item->title, MAX (item->count, 1));
      }
}

/* What a snoozed reminder says now; FALSE if it is over. */
static gboolean
is_still_so (const TvmReminderInput *input,
             const TvmReminder      *reminder,
             TvmReminderKind        *out_kind)
{
  *out_kind = reminder->kind;
  if (reminder->kind == TVM_REMIND_EXCEPTION_ENDING)
    {
      for (guint i = 0; i < input->exceptions->len; i++)
        if (strcmp (((TvmException *) input->exceptions->pdata[i])->id, reminder->subject_id) == 0)
          return TRUE;
      return FALSE;
    }
  if (reminder->kind != TVM_REMIND_OVERDUE && reminder->kind != TVM_REMIND_DUE_SOON)
    return TRUE;
  for (guint i = 0; i < input->activities->len; i++)
    {
      const TvmActivity *activity = input->activities->pdata[i];

      if (strcmp (activity->id, reminder->subject_id) != 0)
        continue;
      *out_kind = tvm_is_overdue (activity, input->today) ? TVM_REMIND_OVERDUE
                                                          : TVM_REMIND_DUE_SOON;
      return TRUE;
    }
  return FALSE;
}

static void
add_snoozed (GPtrArray              *reminders,
             TvmReminderState       *state,
             const TvmReminderInput *input)
{
  for (guint i = state->snoozed->len; i > 0; i--)
    {
      const TvmReminder *reminder = state->snoozed->pdata[i - 1];
      TvmReminderKind kind;

      if (reminder->until_us > input->now_us &&
          reminder->until_us <= input->now_us + LONGEST_SNOOZE_US)
        continue;
      if (is_still_so (input, reminder, &kind) &&
          tvm_reminders_find (reminders, kind, reminder->subject_id) == NULL)
        add (reminders, input, kind, reminder->subject_id, reminder->title, 1);
      g_ptr_array_remove_index (state->snoozed, i - 1);
    }
}

static int
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  return (int) (*(TvmReminder *const *) a)->kind - (int) (*(TvmReminder *const *) b)->kind;
}

/**
 * tvm_reminders_decide:
 * @state: what was told already; it is moved on
 * @input: what there is, on which day
 *
 * Each thing is told once when it comes to be so, a due date and an exception's end once more on
 * their day, and what was snoozed again if it is still so. A kind that is off is passed over for
 * good.
 *
 * Returns: (transfer full) (element-type TvmReminder): what to tell now, the most urgent first
 */
GPtrArray *
tvm_reminders_decide (TvmReminderState       *state,
                      const TvmReminderInput *input)
{
  GPtrArray *reminders = reminders_new ();

  add_activities (reminders, state, input);
  add_exceptions (reminders, state, input);
  add_news (reminders, state, input);
  add_snoozed (reminders, state, input);
  g_ptr_array_sort (reminders, compare_kinds);
  state->history = input->history;
  state->activity = input->activity;
  g_free (state->day);
  state->day = g_strdup (input->today);
  return reminders;
}

/* ---- the notifications --------------------------------------------------------------------- */

static void
note_free (TvmReminderNote *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->body);
  g_ptr_array_unref (self->reminders);
  g_free (self);
}

static char *
make_title (const TvmReminder *reminder)
{
  if (reminder->kind == TVM_REMIND_EXPOSED_AGAIN)
    return g_strdup_printf (ngettext ("%d device is exposed again", "%d devices are exposed again",
                                      reminder->count), reminder->count);
  return g_strdup (tvm_reminder_kind_to_text (reminder->kind));
}

/* "Overdue: 3" and so on, a line for each kind. */
static char *
make_digest (GPtrArray *reminders)
{
  GString *text = g_string_new (NULL);

  for (int kind = 0; kind < TVM_N_REMINDERS; kind++)
    {
      int n = 0;

      for (guint i = 0; i < reminders->len; i++)
        n += (int) ((TvmReminder *) reminders->pdata[i])->kind == kind;
      if (n > 0)
        /* Translators: a kind of reminder and how many of it there are: "Overdue: 3" */
        g_string_append_printf (text, _("%s: %d"), tvm_reminder_kind_to_text (kind), n);
      if (n > 0)
        g_string_append_c (text, '\n');
    }
  g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

static TvmReminderNote *
make_note (GPtrArray *reminders,
           guint      first,
           guint      n)
{
  TvmReminderNote *note = g_new0 (TvmReminderNote, 1);

  note->reminders = reminders_new ();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (note->reminders, tvm_reminder_ref (reminders->pdata[first + i]));
  if (n == 1)
    {
      note->title = make_title (reminders->pdata[first]);
      note->body = g_strdup (((TvmReminder *) reminders->pdata[first])->title);
      return note;
    }
  note->title = g_strdup_printf (ngettext ("%u reminder", "%u reminders", n), n);
  note->body = make_digest (note->reminders);
  return note;
}

/**
 * tvm_reminders_pack:
 * @reminders: (element-type TvmReminder): what to tell
 *
 * Returns: (transfer full) (element-type TvmReminderNote): one notification each, or one digest
 *   instead of a flood
 */
GPtrArray *
tvm_reminders_pack (GPtrArray *reminders)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify) note_free);

  if (reminders->len > TVM_REMINDERS_MAX_SINGLE)
    g_ptr_array_add (notes, make_note (reminders, 0, reminders->len));
  else
    for (guint i = 0; i < reminders->len; i++)
      g_ptr_array_add (notes, make_note (reminders, i, 1));
  return notes;
}
