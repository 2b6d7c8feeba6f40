/* tvm-bulk.c: whether something may be requested, completed or withdrawn, and what became of each
 * of several. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-bulk.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_request_check_type:
 * @request: a filled-in form
 * @recommendation: a recommendation
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether the form's remediation type fits (R2)
 */
gboolean
tvm_request_check_type (const TvmRequest         *request,
                        const TvmRecommendation  *recommendation,
                        GError                  **error)
{
  if (tvm_type_fits (request->type, recommendation))
    return TRUE;
  g_set_error (
    error, TVM_ERROR, TVM_ERROR_INVALID,
    /* Translators: a remediation type, a recommendation's name, its usual type. */
    _("The remediation type “%s” does not fit “%s”. Choose “%s” or “Attention "
      "required”."),
    tvm_remediation_type_to_text (request->type),
    recommendation->name != NULL ? recommendation->name : recommendation->id,
    tvm_remediation_type_to_text (recommendation->type));
  return FALSE;
}

/**
 * tvm_request_check_bulk:
 * @request: a form for several recommendations
 * @recommendation: one of them
 * @error: return location for %TVM_ERROR_INVALID, %TVM_ERROR_CONFLICT
 *
 * Returns: whether it is requested along with the others; %FALSE: skipped, which does no harm
 */
gboolean
tvm_request_check_bulk (const TvmRequest         *request,
                        const TvmRecommendation  *recommendation,
                        GError                  **error)
{
  if (!tvm_request_check_type (request, recommendation, error))
    return FALSE;
  if (recommendation->status != TVM_RECOMMENDATION_FULL_EXCEPTION)
    return TRUE;
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                       _("An exception covers all of its devices. "
                         "Request it alone to remediate it all the same."));
  return FALSE;
}

/**
 * tvm_coverage_check:
 * @coverage: what the form covers
 * @request: the form
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Attention can be required where nothing is exposed; there is nothing to monitor anyway (R3).
 * No chosen group is not the same as all of them, which %NULL stands for.
 *
 * Returns: whether there is anything to request
 */
gboolean
tvm_coverage_check (const TvmCoverage  *coverage,
                    const TvmRequest   *request,
                    GError            **error)
{
  gboolean has_no_group = request->groups != NULL && request->groups[0] == NULL;

  if (!has_no_group && coverage->covered == 0 && request->no_impact_only)
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      coverage->impact_unknown > 0
        ? _("No exposed device of the chosen device groups is known to have no user impact. "
            "Synchronize everything to learn of the others, or choose all exposed devices.")
        : _("Each exposed device of the chosen device groups has a user impact. "
            "Choose all exposed devices or other device groups."));
  else if (has_no_group ||
           (coverage->covered == 0 && request->type != TVM_TYPE_ATTENTION_REQUIRED))
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("No exposed device is in the chosen device groups. Choose other groups, "
        "or synchronize to see the devices exposed now."));
  else if (request->create_ticket && coverage->joined < 0)
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("The list of devices was never synchronized as a whole, or does not tell which of these "
        "devices are joined to Microsoft Entra, so that is not known. Leave the ticket out, or "
        "synchronize with an account that may read the devices (permission Machine.Read)."));
  else if (request->create_ticket && coverage->joined == 0)
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("None of these devices is joined to Microsoft Entra, so Intune cannot take "
        "a ticket for them. Leave the ticket out or choose other device groups."));
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_activity_may_complete:
 * @origin: where the activity was made
 * @status: its status
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * Returns: whether a person may mark it as completed here (R7)
 */
gboolean
tvm_activity_may_complete (TvmOrigin           origin,
                           TvmActivityStatus   status,
                           GError            **error)
{
  if (origin == TVM_ORIGIN_DEFENDER)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("This remediation activity was made in the portal. "
                           "Mark it as completed there."));
  else if (status == TVM_STATUS_COMPLETED)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("This remediation activity is completed already."));
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_activity_unsent_text:
 * @activity: an activity that is, or will be, completed
 *
 * Returns: (nullable): what becomes of its tickets that wait in the outbox, a localized sentence;
 *   %NULL: none does
 */
const char *
tvm_activity_unsent_text (const TvmActivity *activity)
{
  if (activity->ticket_status == TVM_TICKET_OUTBOX || activity->ticket_status == TVM_TICKET_FAILED)
    return _("A ticket of it is in the outbox. Unless it has been sent already, it is not sent "
             "while the activity is completed.");
  return NULL;
}

/**
 * tvm_activity_may_withdraw:
 * @activity: an activity
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * Returns: whether it has tickets at all
 */
gboolean
tvm_activity_may_withdraw (const TvmActivity  *activity,
                           GError            **error)
{
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("“Attention required” has no ticket."));
  else if (activity->n_tickets == 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         activity->origin == TVM_ORIGIN_DEFENDER
                           ? _("It was made in the portal, and its tickets are not known here.")
                           : _("It has no ticket."));
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_ticket_may_withdraw:
 * @status: a ticket's status
 * @error: return location for %TVM_ERROR_CONFLICT: what to do instead
 *
 * Returns: whether it is pending or not sent yet
 */
gboolean
tvm_ticket_may_withdraw (TvmTicketStatus   status,
                         GError          **error)
{
  const char *reason = NULL;

  switch (status)
    {
    case TVM_TICKET_OUTBOX:
    case TVM_TICKET_PENDING:
    case TVM_TICKET_FAILED:
      return TRUE;
    case TVM_TICKET_ACTIVE:
      reason = _("The IT admin has accepted this ticket, so it cannot be withdrawn. "
                 "Ask the IT admin to reject it.");
      break;
    case TVM_TICKET_WITHDRAWN:
      reason = _("This ticket is withdrawn already.");
      break;
    case TVM_TICKET_UNKNOWN:
    case TVM_TICKET_COMPLETED:
    case TVM_TICKET_REJECTED:
    case TVM_TICKET_GONE:
    default:
      reason = _("This ticket is closed, so there is nothing to withdraw. "
                 "Synchronize to see its state.");
    }
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT, reason);
  return FALSE;
}

/**
 * tvm_bulk_result_free:
 * @self: (transfer full) (nullable): a result
 */
void
tvm_bulk_result_free (TvmBulkResult *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->activity_id);
  g_free (self->reason);
  g_clear_pointer (&self->priors, g_ptr_array_unref);
  g_free (self);
}

/**
 * tvm_bulk_outcome_to_word:
 * @outcome: an outcome
 *
 * Returns: its word for scripts
 */
const char *
tvm_bulk_outcome_to_word (TvmBulkOutcome outcome)
{
  static const char *const words[TVM_N_BULK_OUTCOMES] = { "done", "skipped", "failed" };

  return outcome < TVM_N_BULK_OUTCOMES ? words[outcome] : NULL;
}

/**
 * tvm_bulk_outcome_to_text:
 * @outcome: an outcome
 *
 * Returns: its name for people
 */
const char *
tvm_bulk_outcome_to_text (TvmBulkOutcome outcome)
{
  switch (outcome)
    {
    case TVM_BULK_DONE:
      /* Translators: what became of one of several: it was done */
      return C_("bulk", "Done");
    case TVM_BULK_SKIPPED:
      /* Translators: what became of one of several: it was left as it was */
      return C_("bulk", "Skipped");
    case TVM_BULK_FAILED:
      /* Translators: what became of one of several */
      return C_("bulk", "Failed");
    case TVM_N_BULK_OUTCOMES:
    default:
      return "";
    }
}

static guint
count_outcome (GPtrArray      *results,
               TvmBulkOutcome  outcome)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    n += ((const TvmBulkResult *) results->pdata[i])->outcome == outcome;
  return n;
}

/**
 * tvm_bulk_summary:
 * @results: (element-type TvmBulkResult): results
 *
 * Returns: (transfer full): how many were done, skipped and failed
 */
char *
tvm_bulk_summary (GPtrArray *results)
{
  if (results->len > 0 && ((const TvmBulkResult *) results->pdata[0])->is_trial)
    return g_strdup_printf (_("%u would be requested, %u skipped, %u failed. Nothing was "
                              "submitted."),
                            count_outcome (results, TVM_BULK_DONE),
                            count_outcome (results, TVM_BULK_SKIPPED),
                            count_outcome (results, TVM_BULK_FAILED));
  /* Translators: the numbers of what was done, skipped and failed */
  return g_strdup_printf (_("%u done, %u skipped, %u failed"),
                          count_outcome (results, TVM_BULK_DONE),
                          count_outcome (results, TVM_BULK_SKIPPED),
                          count_outcome (results, TVM_BULK_FAILED));
}

/**
 * tvm_bulk_result_text:
 * @self: a result
 *
 * Returns: (transfer full): one line that says it all
 */
char *
tvm_bulk_result_text (const TvmBulkResult *self)
{
  const char *title = self->title != NULL ? self->title : self->id;
  const char *outcome = self->is_trial && self->outcome == TVM_BULK_DONE
    ? _("Would be requested") : tvm_bulk_outcome_to_text (self->outcome);

  if (self->reason == NULL)
    /* Translators: an outcome ("Done") and a title */
    return g_strdup_printf (_("%s: %s"), outcome, title);
  /* Translators: an outcome ("Skipped"), a title and a sentence with the reason */
  return g_strdup_printf (_("%s: %s. %s"), outcome, title, self->reason);
}
