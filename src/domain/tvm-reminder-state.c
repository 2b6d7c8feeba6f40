/* tvm-reminder-state.c: reminders (R12) and what was told already, as text. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-reminders.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SNOOZED 500

/* A word for settings and a name for switches. */
static const struct { const char *word, *text; } kinds[TVM_N_REMINDERS] = {
  [TVM_REMIND_OVERDUE] = { "overdue", N_("Overdue") },
  [TVM_REMIND_DUE_SOON] = { "due-soon", N_("Due soon") },
  [TVM_REMIND_TICKET_REJECTED] = { "ticket-rejected", N_("Ticket rejected") },
  [TVM_REMIND_EXPOSED_AGAIN] = { "exposed-again", N_("Devices exposed again") },
  [TVM_REMIND_TICKET_ACCEPTED] = { "ticket-accepted", N_("Ticket accepted") },
  [TVM_REMIND_TICKET_COMPLETED] = { "ticket-completed", N_("Ticket completed") },
  [TVM_REMIND_ACTIVITY_COMPLETED] = { "activity-completed", N_("Activity completed") },
  [TVM_REMIND_EXCEPTION_ENDING] = { "exception-ending", N_("Exception ends soon") },
};

/**
 * tvm_reminder_kind_to_word:
 * @kind: a kind of reminder
 *
 * Returns: its word for scripts and settings
 */
const char *
tvm_reminder_kind_to_word (TvmReminderKind kind)
{
  g_return_val_if_fail (kind < TVM_N_REMINDERS, NULL);

  return kinds[kind].word;
}

/**
 * tvm_reminder_kind_from_word:
 * @word: (nullable): a word
 * @out: (out): the kind
 *
 * Returns: %FALSE if there is none of that word
 */
gboolean
tvm_reminder_kind_from_word (const char      *word,
                             TvmReminderKind *out)
{
  for (int kind = 0; kind < TVM_N_REMINDERS; kind++)
    if (g_strcmp0 (word, kinds[kind].word) == 0)
      {
        *out = kind;
        return TRUE;
      }
  return FALSE;
}

/**
 * tvm_reminder_kind_to_text:
 * @kind: a kind of reminder
 *
 * Returns: its name for people
 */
const char *
tvm_reminder_kind_to_text (TvmReminderKind kind)
{
  g_return_val_if_fail (kind < TVM_N_REMINDERS, NULL);

  return _(kinds[kind].text);
}

/* ---- records ------------------------------------------------------------------------------- */

static void
tvm_reminder_clear (gpointer data)
{
  g_free (((TvmReminder *) data)->subject_id);
  g_free (((TvmReminder *) data)->title);
}
TVM_DEFINE_RECORD (TvmReminder, tvm_reminder)

/**
 * tvm_reminder_make:
 * @kind: its kind
 * @subject_id: what it is about
 * @title: (nullable): that one's title; control characters become spaces
 *
 * Returns: (transfer full): a reminder
 */
TvmReminder *
tvm_reminder_make (TvmReminderKind  kind,
                   const char      *subject_id,
                   const char      *title)
{
  TvmReminder *self = tvm_reminder_new ();

  self->kind = kind;
  self->subject_id = g_strdup (subject_id);
  self->title = g_utf8_make_valid (title != NULL ? title : subject_id, -1);
  for (char *c = self->title; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  self->count = 1;
  return self;
}

static GPtrArray *
reminders_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);
}

/* ---- the state ----------------------------------------------------------------------------- */

/* UNTIL KIND SUBJECT TITLE */
static TvmReminder *
parse_snoozed (const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", 4);
  TvmReminder *reminder;
  TvmReminderKind kind;
  gint64 until_us;

  if (g_strv_length (words) != 4 || *words[2] == '\0' ||
      !g_ascii_string_to_signed (words[0], 10, 0, G_MAXINT64, &until_us, NULL) ||
      !tvm_reminder_kind_from_word (words[1], &kind))
    return NULL;
  reminder = tvm_reminder_make (kind, words[2], words[3]);
  reminder->until_us = until_us;
  return reminder;
}

/**
 * tvm_reminder_state_parse:
 * @text: (nullable): what tvm_reminder_state_to_text() wrote
 *
 * Returns: (transfer full): the state; that of somebody who was never told anything, where @text is
 *   none
 */
TvmReminderState *
tvm_reminder_state_parse (const char *text)
{
  TvmReminderState *self = g_new0 (TvmReminderState, 1);
  g_auto(GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", MAX_SNOOZED + 1);
  g_auto(GStrv) words = g_strsplit (lines[0] != NULL ? lines[0] : "", " ", -1);

  self->snoozed = reminders_new ();
  if (g_strv_length (words) != 3 || !tvm_date_is_valid (words[2]) ||
      !g_ascii_string_to_signed (words[0], 10, 0, G_MAXINT64, &self->history, NULL) ||
      !g_ascii_string_to_signed (words[1], 10, 0, G_MAXINT64, &self->activity, NULL))
    {
      self->history = self->activity = 0;
      return self;
    }
  self->day = g_strdup (words[2]);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      TvmReminder *reminder = parse_snoozed (lines[i]);

      if (reminder != NULL)
        g_ptr_array_add (self->snoozed, reminder);
    }
  return self;
}

/**
 * tvm_reminder_state_to_text:
 * @self: a state
 *
 * Returns: (transfer full): the state as text for the settings
 */
char *
tvm_reminder_state_to_text (const TvmReminderState *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", self->history,
                          self->activity, self->day != NULL ? self->day : "-");
  for (guint i = 0; i < self->snoozed->len; i++)
    {
      const TvmReminder *reminder = self->snoozed->pdata[i];

      g_string_append_printf (text, "\n%" G_GINT64_FORMAT " %s %s %s", reminder->until_us,
                              kinds[reminder->kind].word, reminder->subject_id, reminder->title);
    }
  return g_string_free (text, FALSE);
}

/**
 * tvm_reminder_state_free:
 * @self: (transfer full) (nullable): a state
 */
void
tvm_reminder_state_free (TvmReminderState *self)
{
  if (self == NULL)
    return;
  g_free (self->day);
  g_ptr_array_unref (self->snoozed);
  g_free (self);
}

/**
 * tvm_reminders_find:
 * @reminders: (element-type TvmReminder): reminders
 * @kind: a kind
 * @subject_id: what it is about
 *
 * Returns: (transfer none) (nullable): the one of them that is this
 */
TvmReminder *
tvm_reminders_find (GPtrArray       *reminders,
                    TvmReminderKind  kind,
                    const char      *subject_id)
{
  for (guint i = 0; i < reminders->len; i++)
    {
      TvmReminder *reminder = reminders->pdata[i];

      if (reminder->kind == kind && strcmp (reminder->subject_id, subject_id) == 0)
        return reminder;
    }
  return NULL;
}

/**
 * tvm_reminder_state_snooze:
 * @self: a state
 * @reminders: (element-type TvmReminder): what to tell again
 * @until_us: and when
 *
 * Ids with spaces or control characters are none of ours and left out.
 */
void
tvm_reminder_state_snooze (TvmReminderState *self,
                           GPtrArray        *reminders,
                           gint64            until_us)
{
  for (guint i = 0; i < reminders->len && self->snoozed->len < MAX_SNOOZED - 1; i++)
    {
      const TvmReminder *from = reminders->pdata[i];
      TvmReminder *to = tvm_reminders_find (self->snoozed, from->kind, from->subject_id);

      if (*from->subject_id == '\0' || strpbrk (from->subject_id, " \t\r\n") != NULL)
        continue;
      if (to == NULL)
        {
          to = tvm_reminder_make (from->kind, from->subject_id, from->title);
          g_ptr_array_add (self->snoozed, to);
        }
      to->until_us = until_us;
    }
}
