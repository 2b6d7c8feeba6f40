/* tvm-exceptions.c: the words and the rules of exceptions (R10). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exceptions.h"

#include "tvm-error.h"
#include "tvm-rules.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const TvmWord justification_words[] = {
  { "third-party-control", TVM_JUSTIFICATION_THIRD_PARTY_CONTROL },
  { "alternate-mitigation", TVM_JUSTIFICATION_ALTERNATE_MITIGATION },
  { "risk-accepted", TVM_JUSTIFICATION_RISK_ACCEPTED },
  { "planned-remediation", TVM_JUSTIFICATION_PLANNED_REMEDIATION },
  { NULL, 0 }
};
static const TvmWord justification_texts[] = {
  { N_("Third-party control"), TVM_JUSTIFICATION_THIRD_PARTY_CONTROL },
  { N_("Alternate mitigation"), TVM_JUSTIFICATION_ALTERNATE_MITIGATION },
  { N_("Risk accepted"), TVM_JUSTIFICATION_RISK_ACCEPTED },
  { N_("Planned remediation (grace)"), TVM_JUSTIFICATION_PLANNED_REMEDIATION },
  { NULL, 0 }
};
static const TvmWord status_words[] = {
  { "active", TVM_EXCEPTION_ACTIVE },
  { "suspended", TVM_EXCEPTION_SUSPENDED },
  { "expired", TVM_EXCEPTION_EXPIRED },
  { "cancelled", TVM_EXCEPTION_CANCELLED },
  { "requested", TVM_EXCEPTION_REQUESTED },
  { "rejected", TVM_EXCEPTION_REJECTED },
  { NULL, 0 }
};
static const TvmWord status_texts[] = {
  { NC_("exception", "Active"), TVM_EXCEPTION_ACTIVE },
  /* Translators: it holds no devices while a global one does */
  { NC_("exception", "Suspended"), TVM_EXCEPTION_SUSPENDED },
  { NC_("exception", "Expired"), TVM_EXCEPTION_EXPIRED },
  { NC_("exception", "Cancelled"), TVM_EXCEPTION_CANCELLED },
  { NC_("exception", "Waits for approval"), TVM_EXCEPTION_REQUESTED },
  { NC_("exception", "Rejected"), TVM_EXCEPTION_REJECTED },
  { NULL, 0 }
};
const TvmWords tvm_justification_words = { NULL, justification_words, justification_texts };
const TvmWords tvm_exception_status_words = { NULL, status_words, status_texts, "exception" };

/**
 * tvm_justification_to_word:
 * @justification: a justification
 *
 * Returns: (nullable): its word for scripts; %NULL for another number
 */
const char *
tvm_justification_to_word (TvmJustification justification)
{
  return tvm_words_to_word (&tvm_justification_words, (int) justification);
}

/**
 * tvm_justification_from_word:
 * @word: (nullable): a word for scripts, in whichever letter case
 * @out: (out): its justification; left as it is where there is none
 *
 * Returns: whether there is one
 */
gboolean
tvm_justification_from_word (const char       *word,
                             TvmJustification *out)
{
  int value;

  if (!tvm_words_from_word (&tvm_justification_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

/**
 * tvm_justification_to_text:
 * @justification: a justification
 *
 * Returns: its localized name for people; empty for another number
 */
const char *
tvm_justification_to_text (TvmJustification justification)
{
  return tvm_words_to_text (&tvm_justification_words, (int) justification);
}

/**
 * tvm_exception_status_to_word:
 * @status: a status
 *
 * Returns: (nullable): its word for scripts; %NULL for another number
 */
const char *
tvm_exception_status_to_word (TvmExceptionStatus status)
{
  return tvm_words_to_word (&tvm_exception_status_words, (int) status);
}

/**
 * tvm_exception_status_from_word:
 * @word: (nullable): a word for scripts, in whichever letter case
 * @out: (out): its status; left as it is where there is none
 *
 * Returns: whether there is one
 */
gboolean
tvm_exception_status_from_word (const char         *word,
                                TvmExceptionStatus *out)
{
  int value;

  if (!tvm_words_from_word (&tvm_exception_status_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

/**
 * tvm_exception_status_to_text:
 * @status: a status
 *
 * Returns: its localized name for people; empty for another number
 */
const char *
tvm_exception_status_to_text (TvmExceptionStatus status)
{
  return tvm_words_to_text (&tvm_exception_status_words, (int) status);
}

/**
 * tvm_exception_review_to_word:
 * @flag: one flag
 *
 * Returns: (nullable): its word for scripts; %NULL for none or several
 */
const char *
tvm_exception_review_to_word (TvmExceptionReview flag)
{
  switch (flag)
    {
    case TVM_REVIEW_ENDS_SOON:
      return "ends-soon";
    case TVM_REVIEW_NEW_EXPLOIT:
      return "new-public-exploit";
    case TVM_REVIEW_NEW_CVES:
      return "new-cves";
    case TVM_REVIEW_NEW_GROUPS:
      return "new-device-groups";
    default:
      return NULL;
    }
}

static char *
ends_soon_text (const TvmException *exception,
                const char         *today)
{
  int days = tvm_days_between (today, exception->ends_on);

  if (days <= 0)
    return g_strdup (_("It ends today: file a new one, or request remediation."));
  return g_strdup_printf (ngettext ("It ends in %d day: file a new one then, or request "
                                    "remediation.",
                                    "It ends in %d days: file a new one then, or request "
                                    "remediation.",
                                    days), days);
}

/**
 * tvm_exception_review_text:
 * @exception: an exception
 * @flag: one of its review flags
 * @today: the local date, YYYY-MM-DD
 *
 * Returns: (transfer full): what a person should look at again, as a localized sentence
 */
char *
tvm_exception_review_text (const TvmException *exception,
                           TvmExceptionReview  flag,
                           const char         *today)
{
  int n_new = MAX (1, exception->weaknesses_now - exception->weaknesses_then);
  g_autofree char *groups = NULL;

  switch (flag)
    {
    case TVM_REVIEW_ENDS_SOON:
      return ends_soon_text (exception, today);
    case TVM_REVIEW_NEW_EXPLOIT:
      return g_strdup (_("A public exploit has appeared since it was filed. Check whether the "
                         "reason still holds."));
    case TVM_REVIEW_NEW_CVES:
      return g_strdup_printf (ngettext ("%d new CVE since it was filed. Check whether the reason "
                                        "still holds.",
                                        "%d new CVEs since it was filed. Check whether the reason "
                                        "still holds.",
                                        n_new), n_new);
    case TVM_REVIEW_NEW_GROUPS:
      groups = g_strjoinv (_(", "), exception->new_groups);
      /* Translators: %s is a list of device groups. */
      return g_strdup_printf (_("It does not cover these new device groups: %s."), groups);
    default:
      return g_strdup ("");
    }
}

/**
 * tvm_exception_form_new:
 * Returns: (transfer full): an empty form, which tvm_exception_validate() refuses
 */
TvmExceptionForm *
tvm_exception_form_new (void)
{
  return g_new0 (TvmExceptionForm, 1);
}

/**
 * tvm_exception_form_copy:
 * @self: a form
 *
 * Returns: (transfer full): a copy with texts of its own
 */
TvmExceptionForm *
tvm_exception_form_copy (const TvmExceptionForm *self)
{
  TvmExceptionForm *copy = g_memdup2 (self, sizeof *self);

  copy->recommendation_id = g_strdup (self->recommendation_id);
  copy->context = g_strdup (self->context);
  copy->ends_on = g_strdup (self->ends_on);
  copy->groups = g_strdupv (self->groups);
  return copy;
}

/**
 * tvm_exception_form_free:
 * @self: (transfer full) (nullable): a form
 */
void
tvm_exception_form_free (TvmExceptionForm *self)
{
  if (self == NULL)
    return;
  g_free (self->recommendation_id);
  g_free (self->context);
  g_free (self->ends_on);
  g_strfreev (self->groups);
  g_free (self);
}

/* ---- rules */

/**
 * tvm_justification_mitigates:
 * @justification: a justification
 *
 * Returns: whether something else protects the devices, so that they no longer count as exposed
 */
gboolean
tvm_justification_mitigates (TvmJustification justification)
{
  return justification == TVM_JUSTIFICATION_THIRD_PARTY_CONTROL ||
         justification == TVM_JUSTIFICATION_ALTERNATE_MITIGATION;
}

static gboolean
validate_context (const char *context,
                  GError    **error)
{
  g_autofree char *stripped = context != NULL && g_utf8_validate (context, -1, NULL)
                                ? g_strstrip (tvm_note_clean (context)) : NULL;

  if (context != NULL && stripped == NULL)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("The justification context is not valid UTF-8 text. Type it again."));
  else if (stripped == NULL || *stripped == '\0')
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("A justification context is required: say why the recommendation is not "
                           "followed."));
  else if (strlen (context) > TVM_NOTE_MAX_BYTES)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: both numbers are sizes in bytes. */
                 _("The justification context is too long: %d bytes, at most %d are allowed. "
                   "Shorten it."),
                 (int) MIN (strlen (context), G_MAXINT), TVM_NOTE_MAX_BYTES);
  else
    return TRUE;
  return FALSE;
}

static gboolean
validate_end (const char *ends_on,
              const char *today,
              GError    **error)
{
  g_autofree char *last = tvm_date_add_days (today, TVM_EXCEPTION_MAX_DAYS);

  if (ends_on == NULL)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("A duration is required: 30, 60 or 90 days, or a date."));
  else if (!tvm_date_is_valid (ends_on))
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is what was typed instead of a date. */
                 _("“%s” is no date. Write the last day of the exception as YYYY-MM-DD, for "
                   "example %s."),
                 ends_on, last);
  else if (tvm_days_between (today, ends_on) < 1)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is a date. */
                 _("The exception would end on %s, which is not in the future. Choose a later "
                   "day."), ends_on);
  else if (tvm_days_between (today, ends_on) > TVM_EXCEPTION_MAX_DAYS)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: both are dates. */
                 _("An exception holds for one year at most; %s is too late. Choose a day up to "
                   "%s."),
                 ends_on, last);
  else
    return TRUE;
  return FALSE;
}

static gboolean
validate_scope (const TvmExceptionForm *form,
                GError                **error)
{
  gboolean has_groups = form->groups != NULL && form->groups[0] != NULL;

  if (form->is_global && has_groups)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("A global exception covers all device groups. Leave the chosen ones "
                           "out."));
  else if (!form->is_global && !has_groups)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("Choose at least one device group, or a global exception."));
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_exception_validate:
 * @form: a filled-in form
 * @today: the local date, YYYY-MM-DD
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Checks what the form says; whether the groups exist and are free is the store's to check.
 *
 * Returns: whether the exception may be filed
 */
gboolean
tvm_exception_validate (const TvmExceptionForm *form,
                        const char             *today,
                        GError                **error)
{
  if (tvm_justification_to_word (form->justification) == NULL)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                           _("A justification is required: third-party control, alternate "
                             "mitigation, risk accepted or planned remediation."));
      return FALSE;
    }
  return validate_context (form->context, error) && validate_end (form->ends_on, today, error) &&
         validate_scope (form, error);
}

/**
 * tvm_exception_may_cancel:
 * @exception: an exception
 *
 * Returns: whether it has not ended, so that there is something to cancel
 */
gboolean
tvm_exception_may_cancel (const TvmException *exception)
{
  return exception->status == TVM_EXCEPTION_ACTIVE ||
         exception->status == TVM_EXCEPTION_SUSPENDED ||
         exception->status == TVM_EXCEPTION_REQUESTED;
}

/* Cancelled, or rejected before it could hold. */
static gboolean
is_cancelled (const TvmException *exception)
{
  return exception->status == TVM_EXCEPTION_CANCELLED ||
         exception->status == TVM_EXCEPTION_REJECTED ||
         (!exception->is_global && exception->groups[0] == NULL);
}

/**
 * tvm_exception_holds:
 * @exception: an exception
 * @today: the local date, YYYY-MM-DD
 *
 * Returns: whether it has neither been cancelled or rejected nor passed its last day; it may still
 *   wait for an approval
 */
gboolean
tvm_exception_holds (const TvmException *exception,
                     const char         *today)
{
  return !is_cancelled (exception) && exception->status != TVM_EXCEPTION_EXPIRED &&
         tvm_days_between (today, exception->ends_on) >= 0;
}

/**
 * tvm_exception_ends_soon:
 * @exception: an exception
 * @today: the local date, YYYY-MM-DD
 *
 * Returns: whether it holds and ends today or within 14 days
 */
gboolean
tvm_exception_ends_soon (const TvmException *exception,
                         const char         *today)
{
  return tvm_exception_holds (exception, today) &&
         tvm_days_between (today, exception->ends_on) <= TVM_EXCEPTION_SOON_DAYS;
}

/**
 * tvm_exception_status_on:
 * @exception: an exception
 * @under_global: whether a global exception holds for the same recommendation
 * @today: the local date, YYYY-MM-DD
 *
 * Returns: its status that day
 */
TvmExceptionStatus
tvm_exception_status_on (const TvmException *exception,
                         gboolean            under_global,
                         const char         *today)
{
  if (exception->status == TVM_EXCEPTION_REJECTED)
    return TVM_EXCEPTION_REJECTED;
  if (is_cancelled (exception))
    return TVM_EXCEPTION_CANCELLED;
  if (!tvm_exception_holds (exception, today))
    return TVM_EXCEPTION_EXPIRED;
  if (exception->approval == TVM_APPROVAL_REQUESTED)
    return TVM_EXCEPTION_REQUESTED;
  return under_global && !exception->is_global ? TVM_EXCEPTION_SUSPENDED : TVM_EXCEPTION_ACTIVE;
}

/**
 * tvm_exception_devices_title:
 * @exception: an exception
 *
 * Returns: what its number of exposed devices says, localized: only an active one covers them, and
 *   one that ended while it waited for an approval never did
 */
const char *
tvm_exception_devices_title (const TvmException *exception)
{
  if (exception->approval == TVM_APPROVAL_REQUESTED)
    return _("Exposed devices it would cover");
  switch (exception->status)
    {
    case TVM_EXCEPTION_ACTIVE:
      return _("Exposed devices it covers");
    case TVM_EXCEPTION_EXPIRED:
    case TVM_EXCEPTION_CANCELLED:
      return _("Exposed devices it covered");
    case TVM_EXCEPTION_SUSPENDED:
    case TVM_EXCEPTION_REQUESTED:
    case TVM_EXCEPTION_REJECTED:
    case TVM_N_EXCEPTION_STATUSES:
    default:
      return _("Exposed devices it would cover");
    }
}

/**
 * tvm_exception_covers_group:
 * @exception: an exception
 * @group: (nullable): a device group; %NULL: the one that the service does not tell
 *
 * Returns: whether the group is in its scope; a global one covers every group
 */
gboolean
tvm_exception_covers_group (const TvmException *exception,
                            const char         *group)
{
  return exception->is_global ||
         (group != NULL && g_strv_contains ((const char *const *) exception->groups, group));
}
