/* tvm-history.c: the lines of an activity's or exception's history in words. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-history.h"

#include "tvm-exceptions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Sentences that name a number of devices. */
static char *
counted_history_text (const TvmHistoryEntry *entry)
{
  if (strcmp (entry->kind, "device-remediated") == 0)
    return g_strdup_printf (ngettext ("%d device is remediated", "%d devices are remediated",
                                      entry->count), entry->count);
  if (strcmp (entry->kind, "exposed-again") == 0)
    return g_strdup_printf (ngettext ("%d device is exposed again", "%d devices are exposed again",
                                      entry->count), entry->count);
  if (strcmp (entry->kind, "completion-taken-back") == 0)
    return g_strdup_printf (ngettext ("Completion taken back: %d device is exposed",
                                      "Completion taken back: %d devices are exposed",
                                      entry->count),
                            entry->count);
  return NULL;
}

/* Sentences about a person; NULL for another kind. */
static const char *
history_format (const char *kind)
{
  static const struct { const char *kind, *format; } formats[] = {
    { "requested", N_("Requested by %s") },
    { "request-undone", N_("Request undone by %s") },
    { "completed-manual", N_("Marked as completed by %s") },
    { "completed-too", N_("Marked as completed by %s too, after somebody else had") },
    { "reopening-void", N_("Undone by %s in vain: somebody else had completed it") },
    { "comment", N_("Comment by %s") },
    { "assigned", N_("Assigned by %s") },
    { "assigned-over", N_("Assigned by %s, who did not know of the assignment before") },
    { "completion-undone", N_("Completion undone by %s: active again") },
    { "ticket-accepted", N_("Ticket accepted by %s") },
    { "ticket-rejected", N_("Ticket rejected by %s") },
    { "ticket-completed", N_("Ticket completed by %s") },
    { "ticket-revoked", N_("Ticket revoked by %s before it was sent") },
    /* Translators: the ticket is still in Intune until that is done */
    { "withdrawal-requested", N_("Withdrawal of the ticket requested by %s") },
    { "withdrawal-revoked", N_("Withdrawal of the ticket revoked by %s before it was sent") },
    { "ticket-withdrawn", N_("Ticket withdrawn by %s") },
    /* Translators: the ticket was not sent because of that */
    { "ticket-held", N_("Ticket held: %s asked Microsoft Intune for the same") },
    { "ticket-retried", N_("Ticket sent again by %s") },
    { "withdrawal-retried", N_("Withdrawal of the ticket sent again by %s") },
    { "ticket-assigned", N_("Ticket assigned to %s") },
    { "portal-completed", N_("Completed in the portal by %s") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (kind, formats[i].kind) == 0)
      return formats[i].format;
  return NULL;
}

/**
 * tvm_history_text:
 * @entry: a line of an activity's history
 *
 * Returns: (transfer full): what happened, as a localized sentence
 */
char *
tvm_history_text (const TvmHistoryEntry *entry)
{
  static const struct { const char *kind, *text; } texts[] = {
    { "completed-system", N_("All devices are remediated: completed by System confirmation") },
    { "ticket-sent", N_("Ticket created in Microsoft Intune") },
    { "ticket-failed", N_("Microsoft Intune refused the ticket") },
    { "ticket-gone", N_("The ticket is no longer in Microsoft Intune") },
    { "ticket-back", N_("The ticket is in Microsoft Intune after all") },
    { "withdrawal-dropped", N_("The ticket was not withdrawn: it was no longer pending") },
    { "withdrawal-failed", N_("Microsoft Intune refused to withdraw the ticket") },
    { "ticket-changed", N_("The ticket’s status changed in Microsoft Intune") },
    { "deleted", N_("Deleted, as the setting for old activities asks") },
    { "portal-removed", N_("No longer in the portal") },
    { "portal-back", N_("In the portal again") },
  };
  static const struct { const char *field, *text; } fields[] = {
    { "status", N_("Status changed in the portal") },
    { "priority", N_("Priority changed in the portal") },
    { "due_on", N_("Due date changed in the portal") },
    { "target_devices", N_("Number of devices changed in the portal") },
  };
  char *counted = counted_history_text (entry);
  const char *format = history_format (entry->kind);

  if (counted != NULL)
    return counted;
  if (format != NULL)
    {
      g_autofree char *who = entry->who != NULL ? g_strdup (entry->who)
                                                : g_strdup (_("an unknown person"));
      g_auto(GStrv) parts = g_strsplit (_(format), "%s", 2);

      return g_strjoinv (who, parts);
    }
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strcmp (entry->kind, "portal-changed") == 0 &&
        g_strcmp0 (entry->detail, fields[i].field) == 0)
      return g_strdup (_(fields[i].text));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (entry->kind, texts[i].kind) == 0)
      return g_strdup (_(texts[i].text));
  return g_strdup (entry->kind);
}

/**
 * tvm_history_note:
 * @entry: a line of an activity's history
 *
 * Returns: (nullable): what the person wrote to it, or why the policy asked for it; outside text
 */
const char *
tvm_history_note (const TvmHistoryEntry *entry)
{
  static const char *const kinds[] = { "completed-manual", "completed-too", "comment", "requested",
                                       NULL };

  return g_strv_contains (kinds, entry->kind) ? entry->detail : NULL;
}

static const char *
ticket_status_text (const char *word)
{
  for (int status = TVM_TICKET_UNKNOWN; status <= TVM_TICKET_WITHDRAWN; status++)
    if (g_strcmp0 (word, tvm_ticket_status_to_word (status)) == 0)
      return tvm_ticket_status_to_text (status);
  return word;
}

/* A status, or device groups, one per line. */
static char *
exception_value_text (const char *value)
{
  g_auto(GStrv) groups = g_strsplit (value, "\n", -1);
  TvmExceptionStatus status;

  if (tvm_exception_status_from_word (value, &status))
    return g_strdup (tvm_exception_status_to_text (status));
  return g_strjoinv (_(", "), groups);
}

/**
 * tvm_history_value_text:
 * @entry: a line of an activity's history or an exception's
 * @value: (nullable): its "before" or "after"
 *
 * Returns: (transfer full) (nullable): the value for people
 */
char *
tvm_history_value_text (const TvmHistoryEntry *entry,
                        const char            *value)
{
  TvmActivityStatus status;
  TvmPriority priority;

  if (value == NULL)
    return NULL;
  if (g_str_has_prefix (entry->kind, "exception-"))
    return exception_value_text (value);
  if (strcmp (entry->kind, "ticket-assigned") == 0)
    return g_strdup (value);
  if (g_str_has_prefix (entry->kind, "ticket-") || g_str_has_prefix (entry->kind, "withdrawal-"))
    return g_strdup (ticket_status_text (value));
  if (g_strcmp0 (entry->detail, "priority") == 0 && tvm_priority_from_word (value, &priority))
    return g_strdup (tvm_priority_to_text (priority));
  if (tvm_activity_status_from_word (value, &status))
    return g_strdup (tvm_activity_status_to_text (status));
  return g_strdup (value);
}

/**
 * tvm_history_change_text:
 * @entry: a line of an activity's history or an exception's
 *
 * Returns: (transfer full) (nullable): what it was and what it became, for people; %NULL where the
 *   line says nothing of it
 */
char *
tvm_history_change_text (const TvmHistoryEntry *entry)
{
  g_autofree char *before = tvm_history_value_text (entry, entry->before);
  g_autofree char *after = tvm_history_value_text (entry, entry->after);

  if (before == NULL && after == NULL)
    return NULL;
  /* Translators: what something was and what it became. */
  return g_strdup_printf (_("%s → %s"), before != NULL ? before : "–", after != NULL ? after : "–");
}

/* A sentence with one name in it; the name is outside text. */
static char *
fill_in (const char *format,
         const char *name)
{
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);

  return g_strjoinv (name, parts);
}

/**
 * tvm_exception_history_text:
 * @entry: a line of an exception's history
 *
 * Returns: (transfer full): what happened, as a localized sentence
 */
char *
tvm_exception_history_text (const TvmHistoryEntry *entry)
{
  static const struct { const char *kind, *format; } formats[] = {
    { "exception-filed", N_("Exception filed by %s") },
    { "exception-cancelled", N_("Exception cancelled by %s") },
    { "exception-group-cancelled", N_("Cancelled for a device group by %s") },
    { "comment", N_("Comment by %s") },
    { "exception-approved", N_("Approved by %s") },
    { "exception-rejected", N_("Rejected by %s") },
    { "exception-cancelled-too", N_("Cancelled by %s too, after it had ended") },
    { "exception-decided-too", N_("Decided about by %s too, after somebody else had") },
    { "exception-decision-void", N_("Decided about by %s in vain: it did not wait for that") },
    { "exception-decision-refused",
      N_("The decision of %s does not count: the team’s database does not take it") },
    { "exception-doubled", N_("%s filed one for the same devices at the same time: both hold") },
  };
  static const struct { const char *kind, *text; } texts[] = {
    { "exception-expired", N_("The exception expired") },
    { "exception-suspended", N_("Suspended by a global exception") },
    { "exception-resumed", N_("Active again: the global exception has ended") },
    { "exception-awaits-approval", N_("The team’s rule asks for an approval") },
    { "exception-needs-none", N_("The team’s rule asks for no approval") },
  };
  const char *who = entry->who != NULL ? entry->who : _("an unknown person");
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (formats) && sentence == NULL; i++)
    if (strcmp (entry->kind, formats[i].kind) == 0)
      sentence = fill_in (_(formats[i].format), who);
  for (guint i = 0; i < G_N_ELEMENTS (texts) && sentence == NULL; i++)
    if (strcmp (entry->kind, texts[i].kind) == 0)
      sentence = g_strdup (_(texts[i].text));
  if (sentence == NULL)
    sentence = g_strdup (entry->kind);
  if (entry->detail == NULL || *entry->detail == '\0')
    return g_steal_pointer (&sentence);
  return g_strdup_printf (_("%s: %s"), sentence, entry->detail);
}
