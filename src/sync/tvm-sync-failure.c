/* tvm-sync-failure.c: what went wrong in a sync, whose fault it is, and what it stops. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-store-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What the lists are called in a message, and whose they are. */
static const struct { const char *step, *text; TvmSyncParty party; } labels[] = {
  { "outbox", N_("Tickets"), TVM_SYNC_INTUNE },
  { "recommendations", N_("Recommendations"), TVM_SYNC_DEFENDER },
  { "devices", N_("Devices"), TVM_SYNC_DEFENDER },
  { TVM_EXPOSURE_LIST, N_("Software of all devices"), TVM_SYNC_DEFENDER },
  { TVM_WEAKNESSES_LIST, N_("Weaknesses"), TVM_SYNC_DEFENDER },
  { "activities", N_("Activities"), TVM_SYNC_DEFENDER },
  { TVM_ACTIVITY_DEVICES_LIST, N_("Activities"), TVM_SYNC_DEFENDER },
  { "scores", N_("Scores"), TVM_SYNC_DEFENDER },
  { "tickets", N_("Tickets"), TVM_SYNC_INTUNE },
  { "managed-devices", N_("Intune devices"), TVM_SYNC_INTUNE },
  { "device-references", N_("Exposed devices"), TVM_SYNC_DEFENDER },
  { "vulnerabilities", N_("Exposed devices"), TVM_SYNC_DEFENDER },
  { TVM_USER_IMPACT_LIST, N_("User impact"), TVM_SYNC_DEFENDER },
  { "security-updates", N_("Security updates"), TVM_SYNC_DEFENDER },
  { TVM_TEAM_LIST, N_("Team"), TVM_SYNC_TEAM },
  { "progress", N_("Progress"), TVM_SYNC_OURSELVES },
};

/**
 * tvm_sync_rank_of_step:
 * @step: a list's script word
 *
 * Returns: where it stands among the lists when they are told; one past the last where it is none
 */
guint
tvm_sync_rank_of_step (const char *step)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (labels) && strcmp (labels[i].step, step) != 0; i++)
    ;
  return i;
}

/**
 * tvm_sync_party_of_step:
 * @step: a list's script word, or ""
 *
 * Returns: whose list it is
 */
TvmSyncParty
tvm_sync_party_of_step (const char *step)
{
  guint i = tvm_sync_rank_of_step (step);

  return i < G_N_ELEMENTS (labels) ? labels[i].party : TVM_SYNC_OURSELVES;
}

/**
 * tvm_sync_run_is_unreachable:
 * @self: a run that is over
 *
 * Returns: whether no service that it needed could be reached
 */
gboolean
tvm_sync_run_is_unreachable (const TvmSyncRun *self)
{
  const GError *intune = self->failed[TVM_SYNC_INTUNE];

  return g_error_matches (self->failed[TVM_SYNC_DEFENDER], TVM_ERROR, TVM_ERROR_OFFLINE) &&
         (intune == NULL || g_error_matches (intune, TVM_ERROR, TVM_ERROR_OFFLINE));
}

/**
 * tvm_sync_run_was_good:
 * @self: a run that is over
 *
 * Returns: whether all came that Microsoft Defender and the store were asked for. Where Microsoft
 *   Intune alone failed, that is told, but what is known of devices is of today.
 */
gboolean
tvm_sync_run_was_good (const TvmSyncRun *self)
{
  return self->failed[TVM_SYNC_DEFENDER] == NULL && self->failed[TVM_SYNC_OURSELVES] == NULL;
}

/* Whether nobody's lists could be pulled after it. */
static gboolean
stops_all (const GError *failure)
{
  return g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_NO_KEYRING) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_STORE_FAILED);
}

/**
 * tvm_sync_error_stops:
 * @failure: why a list failed
 *
 * Returns: whether the same service's lists after it would fail for the same reason
 */
gboolean
tvm_sync_error_stops (const GError *failure)
{
  return stops_all (failure) || g_error_matches (failure, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_AUTH_DECLINED) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_OFFLINE);
}

/**
 * tvm_sync_run_fail:
 * @self: a run
 * @step: the list that failed, a script word that lives forever; "": none
 * @failure: (transfer full): why
 *
 * Keeps the first error of whoever it is that failed, and stops what would fail for that reason.
 */
void
tvm_sync_run_fail (TvmSyncRun *self,
                   const char *step,
                   GError     *failure)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  TvmSyncParty party = tvm_sync_party_of_step (step);

  if (stops_all (failure) ||
      (party != TVM_SYNC_TEAM && g_error_matches (failure, TVM_ERROR, TVM_ERROR_FAILED)))
    party = TVM_SYNC_OURSELVES;

  for (guint i = 0; i < TVM_SYNC_N_PARTIES; i++)
    if ((i == party || party == TVM_SYNC_OURSELVES) && tvm_sync_error_stops (failure))
      self->stopped[i] = TRUE;
  g_cond_broadcast (&self->came);
  if (self->failed[party] != NULL)
    {
      g_error_free (failure);
      return;
    }
  self->failed[party] = failure;
  self->failed_step[party] = step;
}

/* The list's name, and the service's where its words do not tell it, before what went wrong. */
static char *
describe_failure (const TvmSyncRun *self,
                  TvmSyncParty      party,
                  gboolean          is_one)
{
  static const char *const names[] = { "Microsoft Defender", "Microsoft Intune", "" };
  const GError *failure = self->failed[party];
  guint i = tvm_sync_rank_of_step (self->failed_step[party]);
  g_autofree char *name = NULL;

  if (failure->domain != TVM_ERROR || failure->code == TVM_ERROR_NO_KEYRING ||
      failure->code == TVM_ERROR_KEYRING_LOCKED ||
      i == G_N_ELEMENTS (labels) || (is_one && failure->code == TVM_ERROR_AUTH_REQUIRED))
    return g_strdup (failure->message);
  name = party == TVM_SYNC_OURSELVES || strstr (failure->message, names[party]) != NULL
           ? g_strdup (_(labels[i].text))
           : g_strdup_printf ("%s, %s", names[party], _(labels[i].text));
  /* Translators: a list's name, perhaps after its service's, then what went wrong. */
  return g_strdup_printf (_("%s: %s"), name, failure->message);
}

/* Whether whatever failed did so for one reason, in the same words. */
static gboolean
is_one_reason (const TvmSyncRun *self)
{
  const GError *first = NULL;

  for (guint i = 0; i < TVM_SYNC_N_PARTIES; i++)
    if (first == NULL)
      first = self->failed[i];
    else if (self->failed[i] != NULL && strcmp (self->failed[i]->message, first->message) != 0)
      return FALSE;
  return TRUE;
}

/**
 * tvm_sync_run_settle_error:
 * @self: a run that is over
 *
 * Makes the one error that is told of the first of each service; the code is that of the store, of
 * Microsoft Defender, of Microsoft Intune or of the team's database, in this order.
 */
void
tvm_sync_run_settle_error (TvmSyncRun *self)
{
  static const TvmSyncParty order[] = { TVM_SYNC_OURSELVES, TVM_SYNC_DEFENDER, TVM_SYNC_INTUNE,
                                        TVM_SYNC_TEAM };
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean is_one = is_one_reason (self);
  const GError *first = NULL;

  g_clear_error (&self->first_error);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const GError *failure = self->failed[order[i]];
      g_autofree char *words = NULL;

      if (failure == NULL || (first != NULL && (is_one || first->domain != TVM_ERROR)))
        continue;
      words = describe_failure (self, order[i], is_one);
      g_string_append_printf (text, "%s%s", first != NULL ? " " : "", words);
      first = first != NULL ? first : failure;
    }
  if (first == NULL)
    return;
  self->first_error = g_error_new_literal (first->domain, first->code, text->str);
  tvm_error_set_correlation_id (self->first_error, tvm_error_get_correlation_id (first));
}
