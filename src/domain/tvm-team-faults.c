/* tvm-team-faults.c: decisions in a team's log that count for nothing, because the program that
 * wrote them keeps to other rules. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-shared.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In the order of the enumeration. */
static const struct { const char *word, *text; } faults[] = {
  { NULL, NULL },
  { "unreadable", N_("What it says cannot be read. Whoever decided it should install the newest "
                     "version of this program.") },
  { "too-long", N_("It is an exception for longer than a year.") },
  { "taken-id", N_("It is a request under the id of an activity that was made in the portal.") },
  { "to-stranger", N_("It assigns an activity to somebody who is no member.") },
};

static TvmTeamFault
find_fault_of_request (const TvmTeamEvent *event)
{
  g_autoptr(TvmDeviceRefs) targets = tvm_device_refs_new ();
  g_autoptr(TvmActivity) activity = tvm_team_activity_from_json (event->after, targets);

  return activity != NULL ? TVM_TEAM_SOUND : TVM_TEAM_UNREADABLE;
}

static TvmTeamFault
find_fault_of_filing (const TvmTeamEvent *event)
{
  g_autoptr(TvmException) exception = tvm_team_exception_from_json (event->after);
  g_autoptr(TvmException) sound = tvm_team_exception_of_event (event);

  if (sound != NULL)
    return TVM_TEAM_SOUND;
  return exception != NULL ? TVM_TEAM_TOO_LONG : TVM_TEAM_UNREADABLE;
}

static gboolean
is_readable (const TvmTeamEvent *event)
{
  g_autofree char *text = NULL;
  g_autoptr(TvmTeamView) view = NULL;

  if (strcmp (event->kind, TVM_EVENT_ASSIGNED) == 0)
    return tvm_team_assignee_from_json (event->after, &text);
  if (strcmp (event->kind, TVM_EVENT_COMMENT) == 0)
    return (text = tvm_team_text_from_json (event->after)) != NULL;
  if (strcmp (event->kind, TVM_EVENT_CANCELLED) == 0)
    return tvm_team_groups_are_sound (event->after);
  if (strcmp (event->kind, TVM_EVENT_VIEW_SHARED) == 0)
    return (view = tvm_team_view_from_json (event->after)) != NULL;
  return TRUE;
}

/**
 * tvm_team_event_find_fault:
 * @event: a decision of the team's log
 *
 * A policy that cannot be read is told of by itself.
 *
 * Returns: why it counts for nothing, as far as that follows from itself
 */
TvmTeamFault
tvm_team_event_find_fault (const TvmTeamEvent *event)
{
  if (strcmp (event->kind, TVM_EVENT_REQUESTED) == 0)
    return find_fault_of_request (event);
  if (strcmp (event->kind, TVM_EVENT_FILED) == 0)
    return find_fault_of_filing (event);
  if (event->is_to_stranger)
    return TVM_TEAM_TO_STRANGER;
  return is_readable (event) ? TVM_TEAM_SOUND : TVM_TEAM_UNREADABLE;
}

/**
 * tvm_team_fault_to_word:
 * @fault: why a decision counts for nothing
 *
 * Returns: (nullable): its word for scripts
 */
const char *
tvm_team_fault_to_word (TvmTeamFault fault)
{
  return faults[fault].word;
}

/**
 * tvm_team_faults_clear:
 * @self: (inout): what is to be told
 */
void
tvm_team_faults_clear (TvmTeamFaults *self)
{
  g_clear_pointer (&self->who, g_free);
  *self = (TvmTeamFaults) { 0 };
}

/**
 * tvm_team_faults_to_text:
 * @self: what is to be told
 *
 * Returns: (transfer full): the same for a setting
 */
char *
tvm_team_faults_to_text (const TvmTeamFaults *self)
{
  return g_strdup_printf ("%d %" G_GINT64_FORMAT " %s %s", self->n, self->number,
                          faults[self->fault].word, self->who);
}

/**
 * tvm_team_faults_from_text:
 * @text: (nullable): of a setting
 * @out: (out caller-allocates): what is to be told, cleared with tvm_team_faults_clear()
 */
void
tvm_team_faults_from_text (const char    *text,
                           TvmTeamFaults *out)
{
  g_auto(GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 4);

  *out = (TvmTeamFaults) { 0 };
  if (g_strv_length (parts) != 4)
    return;
  out->n = (int) CLAMP (g_ascii_strtoll (parts[0], NULL, 10), 0, G_MAXINT);
  out->number = g_ascii_strtoll (parts[1], NULL, 10);
  out->fault = TVM_TEAM_UNREADABLE;
  for (guint i = 1; i < G_N_ELEMENTS (faults); i++)
    if (strcmp (faults[i].word, parts[2]) == 0)
      out->fault = i;
  out->who = g_strdup (parts[3]);
}

/**
 * tvm_team_faults_describe:
 * @self: what is to be told, which is not nothing
 *
 * Returns: (transfer full): the same for people
 */
char *
tvm_team_faults_describe (const TvmTeamFaults *self)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, self->number);
  g_autofree char *which = g_strdup_printf (
    /* Translators: %s is the number of the first one, then an e-mail address. */
    ngettext ("%d decision in the team’s log counts for nothing: number %s, by %s.",
              "%d decisions in the team’s log count for nothing. The first one is number %s, by "
              "%s.", (gulong) self->n), self->n, number, self->who);

  return g_strdup_printf ("%s %s", which, _(faults[self->fault].text));
}
