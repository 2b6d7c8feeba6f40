/* tvm-disagreement.c: see tvm-disagreement.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-disagreement.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tvm_disagreement_add_ticket:
 * @facts: what is known of an activity
 * @status: the status of one of its tickets
 * @is_withdrawn: whether somebody wants it withdrawn
 *
 * Counts the ticket. One that is withdrawn, or gone, says nothing.
 */
void
tvm_disagreement_add_ticket (TvmDisagreementFacts *facts,
                             TvmTicketStatus       status,
                             gboolean              is_withdrawn)
{
  switch (status)
    {
    case TVM_TICKET_OUTBOX:
    case TVM_TICKET_FAILED:
      facts->n_unsent++;
      break;
    case TVM_TICKET_PENDING:
    case TVM_TICKET_ACTIVE:
      facts->n_open += is_withdrawn ? 0 : 1;
      break;
    case TVM_TICKET_COMPLETED:
      facts->n_completed++;
      break;
    case TVM_TICKET_REJECTED:
      facts->n_rejected++;
      break;
    case TVM_TICKET_UNKNOWN:
    case TVM_TICKET_GONE:
    case TVM_TICKET_WITHDRAWN:
    default:
      break;
    }
}

/**
 * tvm_disagreements_find:
 * @facts: what is known of an activity
 *
 * An activity that is completed only disagrees with a ticket that is still open or waits in the
 * outbox, or within itself: the rest was decided.
 *
 * Returns: the disagreements, as flags of #TvmDisagreement
 */
guint
tvm_disagreements_find (const TvmDisagreementFacts *facts)
{
  gboolean is_active = facts->status != TVM_STATUS_COMPLETED;
  gboolean is_known = facts->type != TVM_TYPE_ATTENTION_REQUIRED && facts->fixed_devices >= 0;
  gboolean are_all_fixed = is_known && facts->fixed_devices >= facts->target_devices;
  guint found = 0;

  if (is_active && is_known && !are_all_fixed && facts->n_completed > 0 && facts->n_open == 0 &&
      facts->n_unsent == 0 && facts->n_rejected == 0)
    found |= TVM_DISAGREEMENT_STILL_EXPOSED;
  if (are_all_fixed && facts->target_devices > 0 && facts->n_open > 0)
    found |= TVM_DISAGREEMENT_TICKET_OPEN;
  else if (!is_active && facts->n_open > 0)
    found |= TVM_DISAGREEMENT_COMPLETED;
  if (!is_active && facts->n_unsent > 0)
    found |= TVM_DISAGREEMENT_UNSENT;
  if (is_active && !are_all_fixed && facts->n_rejected > 0)
    found |= TVM_DISAGREEMENT_REJECTED;
  if (is_active && facts->has_twin)
    found |= TVM_DISAGREEMENT_TWIN;
  if (facts->is_sent_twice)
    found |= TVM_DISAGREEMENT_SENT_TWICE;
  if (is_known && facts->target_devices >= 0 && facts->fixed_devices > facts->target_devices)
    found |= TVM_DISAGREEMENT_NUMBERS;
  return found;
}

/**
 * tvm_groups_overlap:
 * @one: (nullable): device groups, one per line; none are all
 * @other: (nullable): others
 *
 * Returns: whether a device can be in both
 */
gboolean
tvm_groups_overlap (const char *one,
                    const char *other)
{
  g_auto(GStrv) ones = NULL;
  g_auto(GStrv) others = NULL;

  if (one == NULL || *one == '\0' || other == NULL || *other == '\0')
    return TRUE;
  ones = g_strsplit (one, "\n", -1);
  others = g_strsplit (other, "\n", -1);
  for (guint i = 0; ones[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) others, ones[i]))
      return TRUE;
  return FALSE;
}

/**
 * tvm_disagreement_to_word:
 * @disagreement: one
 *
 * Returns: what scripts call it
 */
const char *
tvm_disagreement_to_word (TvmDisagreement disagreement)
{
  switch (disagreement)
    {
    case TVM_DISAGREEMENT_STILL_EXPOSED:
      return "ticket-completed-devices-exposed";
    case TVM_DISAGREEMENT_TICKET_OPEN:
      return "devices-remediated-ticket-open";
    case TVM_DISAGREEMENT_REJECTED:
      return "ticket-rejected";
    case TVM_DISAGREEMENT_COMPLETED:
      return "completed-ticket-open";
    case TVM_DISAGREEMENT_SENT_TWICE:
      return "ticket-sent-twice";
    case TVM_DISAGREEMENT_NUMBERS:
      return "more-remediated-than-targeted";
    case TVM_DISAGREEMENT_UNSENT:
      return "completed-ticket-unsent";
    case TVM_DISAGREEMENT_TWIN:
    default:
      return "requested-twice";
    }
}

/**
 * tvm_disagreement_to_text:
 * @disagreement: one
 * @activity: whose
 *
 * Returns: (transfer full): what disagrees, as a localized sentence
 */
char *
tvm_disagreement_to_text (TvmDisagreement    disagreement,
                          const TvmActivity *activity)
{
  int n_left = activity->target_devices - activity->fixed_devices;

  switch (disagreement)
    {
    case TVM_DISAGREEMENT_STILL_EXPOSED:
      return g_strdup_printf (ngettext ("Ticket completed, %d device still exposed as far as is "
                                        "known",
                                        "Ticket completed, %d devices still exposed as far as is "
                                        "known", (gulong) n_left), n_left);
    case TVM_DISAGREEMENT_TICKET_OPEN:
      return g_strdup (_("All devices are remediated, but a ticket is still open"));
    case TVM_DISAGREEMENT_REJECTED:
      return g_strdup (_("The IT admin rejected a ticket of this activity"));
    case TVM_DISAGREEMENT_COMPLETED:
      return g_strdup (_("Marked as completed, but a ticket is still open"));
    case TVM_DISAGREEMENT_SENT_TWICE:
      return g_strdup (_("Microsoft Intune has a ticket of this activity twice"));
    case TVM_DISAGREEMENT_NUMBERS:
      /* Translators: both are numbers of devices */
      return g_strdup_printf (_("The service's numbers disagree: %d remediated of %d targeted"),
                              activity->fixed_devices, activity->target_devices);
    case TVM_DISAGREEMENT_UNSENT:
      return g_strdup (_("Completed, so a ticket in the outbox that was not sent yet is not sent"));
    case TVM_DISAGREEMENT_TWIN:
    default:
      return g_strdup (activity->origin == TVM_ORIGIN_LOCAL
        ? _("An activity made in the portal asks for the same remediation")
        : _("An activity requested here asks for the same remediation"));
    }
}

/* The least advanced ticket decides whether it can be taken back. */
static gboolean
can_withdraw (const TvmActivity *activity)
{
  return activity->ticket_status == TVM_TICKET_OUTBOX ||
         activity->ticket_status == TVM_TICKET_FAILED ||
         activity->ticket_status == TVM_TICKET_PENDING;
}

/**
 * tvm_disagreement_to_step:
 * @disagreement: one
 * @activity: whose
 *
 * Returns: what to do about it, a localized sentence
 */
const char *
tvm_disagreement_to_step (TvmDisagreement    disagreement,
                          const TvmActivity *activity)
{
  switch (disagreement)
    {
    case TVM_DISAGREEMENT_STILL_EXPOSED:
      return _("It takes up to 24 hours until a fix is reported. Ask the IT admin about devices "
               "that stay exposed.");
    case TVM_DISAGREEMENT_TICKET_OPEN:
      return can_withdraw (activity)
        ? _("Nothing is left to do: withdraw the ticket.")
        : _("Nothing is left to do: ask the IT admin to complete the ticket.");
    case TVM_DISAGREEMENT_REJECTED:
      return _("Ask the IT admin for the reason. Then request remediation again, or file an "
               "exception.");
    case TVM_DISAGREEMENT_COMPLETED:
      return can_withdraw (activity)
        ? _("Withdraw the ticket, so that nobody works on it.")
        : _("Tell the IT admin that the ticket can be completed or rejected.");
    case TVM_DISAGREEMENT_SENT_TWICE:
      return _("Ask the IT admin to reject the one that is not shown here.");
    case TVM_DISAGREEMENT_NUMBERS:
      return _("Look at the activity in the Defender portal, and synchronize again later.");
    case TVM_DISAGREEMENT_UNSENT:
      return _("Withdraw the ticket, so that it does not wait any more.");
    case TVM_DISAGREEMENT_TWIN:
    default:
      return _("Each counts its own devices: this one those that it was requested for, the "
               "portal's those that the service counts. Agree on one of them, so that nobody works "
               "twice.");
    }
}
