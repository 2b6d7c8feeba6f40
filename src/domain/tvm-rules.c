/* tvm-rules.c: the rules R2-R8 as pure functions over records. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-rules.h"

#include "tvm-bulk.h"
#include "tvm-error.h"
#include "tvm-i18n.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <string.h>

#define MAX_DUE_YEARS 10
#define SOFTWARE_DELAY_US      (2 * TVM_HOUR_US)
#define CONFIGURATION_DELAY_US (24 * TVM_HOUR_US)

/**
 * tvm_request_new:
 * Returns: (transfer full): an empty form
 */
TvmRequest *
tvm_request_new (void)
{
  TvmRequest *self = g_new0 (TvmRequest, 1);

  self->shown.covered = -1;
  return self;
}

/**
 * tvm_request_copy:
 * @self: a form
 *
 * Returns: (transfer full): a copy
 */
TvmRequest *
tvm_request_copy (const TvmRequest *self)
{
  TvmRequest *copy = g_memdup2 (self, sizeof *self);

  copy->recommendation_id = g_strdup (self->recommendation_id);
  copy->due_on = g_strdup (self->due_on);
  copy->notes = g_strdup (self->notes);
  copy->groups = g_strdupv (self->groups);
  copy->policy_reason = g_strdup (self->policy_reason);
  return copy;
}

/**
 * tvm_request_free:
 * @self: (transfer full) (nullable): a form
 */
void
tvm_request_free (TvmRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->recommendation_id);
  g_free (self->due_on);
  g_free (self->notes);
  g_strfreev (self->groups);
  g_free (self->policy_reason);
  g_free (self);
}

/**
 * tvm_type_fits:
 * @offered: a remediation type
 * @recommendation: a recommendation
 *
 * R2: a configuration can be changed, software updated, upgraded or uninstalled; attention can
 * always be required.
 *
 * Returns: whether the form may offer the type
 */
gboolean
tvm_type_fits (TvmRemediationType       offered,
               const TvmRecommendation *recommendation)
{
  switch (offered)
    {
    case TVM_TYPE_ATTENTION_REQUIRED:
      return TRUE;
    case TVM_TYPE_CONFIGURATION_CHANGE:
      return recommendation->type == TVM_TYPE_CONFIGURATION_CHANGE;
    case TVM_TYPE_UPDATE:
    case TVM_TYPE_UPGRADE:
    case TVM_TYPE_UNINSTALL:
      return recommendation->type == offered;
    case TVM_TYPE_UNKNOWN:
    default:
      return FALSE;
    }
}

static gboolean
validate_due_date (const TvmRequest *request,
                   const char       *today,
                   GError          **error)
{
  if (request->due_on == NULL)
    return TRUE;
  if (request->type == TVM_TYPE_ATTENTION_REQUIRED)
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("“Attention required” has no due date, because there is no specific action. "
        "Leave the due date out."));
  else if (!tvm_date_is_valid (request->due_on))
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is what was typed instead of a date. */
                 _("“%s” is no date. Write the due date as YYYY-MM-DD, for example %s."),
                 request->due_on, today);
  else if (tvm_days_between (today, request->due_on) < 0)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is a date, YYYY-MM-DD. */
                 _("The due date %s has passed. Choose today or a later day."), request->due_on);
  else if (tvm_days_between (today, request->due_on) > MAX_DUE_YEARS * 366)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is a date, YYYY-MM-DD. */
                 _("The due date %s is more than ten years away. Choose an earlier day."),
                 request->due_on);
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_note_check:
 * @note: (nullable): what a person wrote, from anywhere
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether it can be kept
 */
gboolean
tvm_note_check (const char *note,
                GError    **error)
{
  if (note == NULL)
    return TRUE;
  if (!g_utf8_validate (note, -1, NULL))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("The notes are not valid UTF-8 text. Type them again."));
  else if (strlen (note) > TVM_NOTE_MAX_BYTES)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: both numbers are sizes in bytes. */
                 _("The notes are too long: %d bytes, at most %d are allowed. Shorten them."),
                 (int) MIN (strlen (note), G_MAXINT), TVM_NOTE_MAX_BYTES);
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_comment_check:
 * @text: (nullable): a comment or a reason that a person wrote, from anywhere
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether it can be kept
 */
gboolean
tvm_comment_check (const char *text,
                   GError    **error)
{
  if (text == NULL)
    return TRUE;
  if (!g_utf8_validate (text, -1, NULL))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                         _("What you wrote is not valid UTF-8 text. Type it again."));
  else if (strlen (text) > TVM_NOTE_MAX_BYTES)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: both numbers are sizes in bytes. */
                 _("What you wrote is too long: %d bytes, at most %d are allowed. Shorten it."),
                 (int) MIN (strlen (text), G_MAXINT), TVM_NOTE_MAX_BYTES);
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_note_clean:
 * @note: (nullable): what a person wrote, or pasted from anywhere
 *
 * Returns: (transfer full) (nullable): what is kept of it: its lines, but nothing that nobody sees
 */
char *
tvm_note_clean (const char *note)
{
  return note != NULL ? tvm_text_clean (note, -1, TRUE) : NULL;
}

static gboolean
validate_ticket (const TvmRequest *request,
                 gboolean          intune_connected,
                 GError          **error)
{
  if (!request->create_ticket)
    return TRUE;
  if (request->type == TVM_TYPE_ATTENTION_REQUIRED)
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("“Attention required” has no ticket, because there is no specific action. "
        "Choose another remediation type or leave the ticket out."));
  else if (!intune_connected)
    g_set_error_literal (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("The Microsoft Intune connection is off, so no ticket can be created. "
        "Switch it on in the preferences (intune-connection) or leave the ticket out."));
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_request_validate:
 * @request: a filled-in form
 * @recommendation: the recommendation it names
 * @intune_connected: whether the Microsoft Intune connection is on
 * @today: the local date, YYYY-MM-DD
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Checks R2 and R3 and the form's limits; device groups are the store's to check.
 *
 * Returns: whether the form may be submitted
 */
gboolean
tvm_request_validate (const TvmRequest        *request,
                      const TvmRecommendation *recommendation,
                      gboolean                 intune_connected,
                      const char              *today,
                      GError                 **error)
{
  if (!tvm_request_check_type (request, recommendation, error))
    return FALSE;
  if (request->type != TVM_TYPE_ATTENTION_REQUIRED && request->priority == TVM_PRIORITY_NONE)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                           _("A priority is required: high, medium or low."));
      return FALSE;
    }
  if (request->no_impact_only && request->type != TVM_TYPE_CONFIGURATION_CHANGE)
    {
      g_set_error_literal (
        error, TVM_ERROR, TVM_ERROR_INVALID,
        _("Only a configuration change can be limited to devices with no user impact."));
      return FALSE;
    }
  return validate_due_date (request, today, error) && tvm_note_check (request->notes, error) &&
         validate_ticket (request, intune_connected, error);
}

/**
 * tvm_coverage_plan:
 * @coverage: (inout): with covered, joined and same filled in
 * @create_ticket: whether a ticket is wanted
 * @split: whether more than 10,000 devices become several tickets
 *
 * Fills in the rest (R5).
 */
void
tvm_coverage_plan (TvmCoverage *coverage,
                   gboolean     create_ticket,
                   gboolean     split)
{
  coverage->not_joined = coverage->joined >= 0
                           ? coverage->covered - coverage->joined - coverage->same : -1;
  coverage->n_tickets = 0;
  coverage->left_out = 0;
  if (!create_ticket || coverage->joined <= 0)
    return;
  if (split)
    coverage->n_tickets = (coverage->joined + TVM_TICKET_MAX_DEVICES - 1) / TVM_TICKET_MAX_DEVICES;
  else
    {
      coverage->n_tickets = 1;
      coverage->left_out = MAX (0, coverage->joined - TVM_TICKET_MAX_DEVICES);
    }
}

/**
 * tvm_left_out_to_text:
 * @reason: why no ticket carries a device
 *
 * Returns: the reason for people
 */
const char *
tvm_left_out_to_text (TvmLeftOut reason)
{
  return tvm_words_to_text (&tvm_left_out_words, (int) reason);
}

/**
 * tvm_activity_title:
 * @request: a form
 * @recommendation: its recommendation
 *
 * Returns: (transfer full): the activity's title: the recommendation's name
 */
char *
tvm_activity_title (const TvmRequest        *request,
                    const TvmRecommendation *recommendation)
{
  if (recommendation->name != NULL && *recommendation->name != '\0')
    return g_strdup (recommendation->name);
  return g_strdup_printf ("%s %s", tvm_remediation_type_to_text (request->type),
                          recommendation->product != NULL ? recommendation->product
                                                          : recommendation->id);
}

static gboolean
has_live_due_date (const TvmActivity *activity)
{
  return activity->status != TVM_STATUS_COMPLETED &&
         activity->type != TVM_TYPE_ATTENTION_REQUIRED && tvm_date_is_valid (activity->due_on);
}

/**
 * tvm_is_overdue:
 * @activity: an activity
 * @today: the local date, YYYY-MM-DD
 *
 * Returns: whether it is active and its due date has passed (the due day itself is not overdue)
 */
gboolean
tvm_is_overdue (const TvmActivity *activity,
                const char        *today)
{
  return has_live_due_date (activity) && tvm_days_between (today, activity->due_on) < 0;
}

/**
 * tvm_is_due_soon:
 * @activity: an activity
 * @today: the local date, YYYY-MM-DD
 *
 * Returns: whether it is active and due today or within seven days
 */
gboolean
tvm_is_due_soon (const TvmActivity *activity,
                 const char        *today)
{
  int days = has_live_due_date (activity) ? tvm_days_between (today, activity->due_on) : -1;

  return days >= 0 && days <= TVM_DUE_SOON_DAYS;
}

/**
 * tvm_due_to_text:
 * @due: how urgent
 *
 * Returns: its name for people
 */
const char *
tvm_due_to_text (TvmDue due)
{
  switch (due)
    {
    case TVM_DUE_OVERDUE:
      return _("Overdue");
    case TVM_DUE_SOON:
      /* Translators: an activity is due today or within seven days. */
      return _("Due soon");
    case TVM_DUE_ANY:
      return _("Overdue or due soon");
    case TVM_N_DUES:
    default:
      return "";
    }
}

static gboolean
is_in_groups (const TvmDevice   *device,
              const char *const *groups)
{
  if (groups == NULL || groups[0] == NULL)
    return TRUE;
  return device->group == NULL || g_strv_contains (groups, device->group);
}

/**
 * tvm_target_state:
 * @exposed: whether the device is among those exposed to the recommendation now
 * @was_remediated: whether it was not, at an earlier sync
 * @device: (nullable): what is known of it
 * @groups: (nullable): the activity's device groups; none means all
 * @ticket_completed_us: when the IT admin completed the ticket, 0: not
 * @type: the activity's remediation type
 * @now_us: now
 *
 * Says why a target is or is not remediated (R6). The causes exclude each other.
 *
 * Returns: the state
 */
TvmDeviceState
tvm_target_state (gboolean           exposed,
                  gboolean           was_remediated,
                  const TvmDevice   *device,
                  const char *const *groups,
                  gint64             ticket_completed_us,
                  TvmRemediationType type,
                  gint64             now_us)
{
  gint64 delay_us = type == TVM_TYPE_CONFIGURATION_CHANGE ? CONFIGURATION_DELAY_US
                                                          : SOFTWARE_DELAY_US;

  if (!exposed)
    return TVM_DEVICE_REMEDIATED;
  if (device == NULL || device->in_inventory == TVM_TRUTH_NO)
    return TVM_DEVICE_GONE;
  if (was_remediated)
    return TVM_DEVICE_EXPOSED_AGAIN;
  if (!is_in_groups (device, groups))
    return TVM_DEVICE_LEFT_GROUP;
  if (device->last_seen_us != 0 && now_us - device->last_seen_us > 30 * TVM_DAY_US)
    return TVM_DEVICE_NOT_SEEN_30;
  if (device->last_seen_us != 0 && now_us - device->last_seen_us > 7 * TVM_DAY_US)
    return TVM_DEVICE_NOT_SEEN_7;
  if (ticket_completed_us != 0 && now_us - ticket_completed_us < delay_us)
    return TVM_DEVICE_WAITING;
  return TVM_DEVICE_EXPOSED;
}

/**
 * tvm_completed_by_text:
 * @activity: an activity
 *
 * Returns: (nullable): who completed it, for people: an e-mail address, "System confirmation",
 *   "N/A" (R7) or what else the service calls it, or %NULL while it is active
 */
const char *
tvm_completed_by_text (const TvmActivity *activity)
{
  const char *said = tvm_said_find ((const char *const *) activity->said, "completion");

  if (activity->status != TVM_STATUS_COMPLETED)
    return NULL;
  if (activity->completion == TVM_COMPLETION_SYSTEM)
    return _("System confirmation");
  if (activity->completion == TVM_COMPLETION_MANUAL && activity->completed_by != NULL)
    return activity->completed_by;
  /* Translators: it is not known who completed an older activity. */
  return said != NULL ? said : _("N/A");
}
