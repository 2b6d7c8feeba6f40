/* tvm-progress.c: what the numbers of an activity's progress say (R6). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-progress.h"

#include "tvm-i18n.h"
#include "tvm-known.h"
#include "tvm-language.h"

/**
 * tvm_effective_progress:
 * @activity: an activity
 * @states: how many of its devices are in which state
 * @out: (out): its progress without the devices that cannot report
 *
 * Leaves out exactly the devices that the remainder counts under "not seen for 30 days" and "gone
 * from the inventory". A remediated device stays, seen lately or not.
 */
void
tvm_effective_progress (const TvmActivity    *activity,
                        const int             states[TVM_N_DEVICE_STATES],
                        TvmEffectiveProgress *out)
{
  gboolean is_monitored =
    activity->type != TVM_TYPE_ATTENTION_REQUIRED && activity->fixed_devices >= 0;
  int silent = states[TVM_DEVICE_NOT_SEEN_30] + states[TVM_DEVICE_GONE];

  *out = (TvmEffectiveProgress) { -1, -1, 0 };
  if (!is_monitored)
    return;
  out->fixed_devices = activity->fixed_devices;
  /* The service's numbers and its list of devices are of different moments. */
  out->left_out = CLAMP (silent, 0, MAX (0, activity->target_devices - activity->fixed_devices));
  out->target_devices = activity->target_devices - out->left_out;
}

/**
 * tvm_progress_delay_text:
 * @activity: an activity
 *
 * Returns: (nullable): when a fix shows at the service, as a localized sentence; %NULL where
 *   nothing is waited for
 */
const char *
tvm_progress_delay_text (const TvmActivity *activity)
{
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED || activity->status == TVM_STATUS_COMPLETED)
    return NULL;
  if (activity->type == TVM_TYPE_CONFIGURATION_CHANGE)
    return _("A changed configuration usually shows here within 24 hours after the change, at the "
             "next sync.");
  return _("Fixed software usually shows here within 2 hours after the fix, at the next sync.");
}

/**
 * tvm_progress_left:
 * @activity: an activity
 *
 * Returns: how many of its devices are not remediated; -1: not monitored (R3), or not known yet
 */
int
tvm_progress_left (const TvmActivity *activity)
{
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED || activity->fixed_devices < 0 ||
      activity->target_devices < 0)
    return -1;
  return MAX (0, activity->target_devices - activity->fixed_devices);
}

/**
 * tvm_progress_adds_up:
 * @activity: an activity
 *
 * Returns: whether its numbers tell how far it is: not where none is remediated of none, or more
 *   than there are, as the service may tell of one made in the portal
 */
gboolean
tvm_progress_adds_up (const TvmActivity *activity)
{
  return tvm_progress_left (activity) >= 0 && activity->target_devices > 0 &&
         activity->fixed_devices <= activity->target_devices;
}

/**
 * tvm_progress_doubt_text:
 * @activity: an activity
 *
 * Returns: (nullable): why nobody knows how far it is, localized; %NULL where its numbers add up,
 *   or there are none
 */
const char *
tvm_progress_doubt_text (const TvmActivity *activity)
{
  if (tvm_progress_left (activity) < 0 || tvm_progress_adds_up (activity))
    return NULL;
  if (activity->target_devices == 0)
    return _("Its progress is not known: no device is counted for it.");
  return _("Its progress is not known: more devices are counted as remediated than there are.");
}

/**
 * tvm_progress_unknown_text:
 * @activity: an activity without known progress
 *
 * Returns: why there is none, in short, localized
 */
const char *
tvm_progress_unknown_text (const TvmActivity *activity)
{
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return _("Not monitored");
  return activity->origin == TVM_ORIGIN_DEFENDER ? _("Not told by the service")
                                                 : _("Waiting for data");
}

/**
 * tvm_progress_unknown_hint:
 * @activity: an activity without known progress
 *
 * Returns: what would make it known, or why nothing will, localized
 */
const char *
tvm_progress_unknown_hint (const TvmActivity *activity)
{
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return _("Attention required has no specific action to monitor");
  return activity->origin == TVM_ORIGIN_DEFENDER
    ? _("The last sync got the activity without its numbers; each sync asks for them again")
    : _("Progress is known after the next sync");
}

/**
 * tvm_progress_unnamed_text:
 * @activity: an activity
 *
 * Returns: (transfer full) (nullable): how many devices its list lacks because they are
 *   remediated, localized; %NULL where it lacks none
 */
char *
tvm_progress_unnamed_text (const TvmActivity *activity)
{
  g_autofree char *number = tvm_number_to_words (activity->fixed_devices);

  if (activity->origin != TVM_ORIGIN_DEFENDER || tvm_progress_left (activity) < 0 ||
      activity->fixed_devices == 0)
    return NULL;
  return g_strdup_printf (
    /* Translators: about a list of devices; a number of devices */
    ngettext ("The service does not name the %s device that it counts as remediated",
              "The service does not name the %s devices that it counts as remediated",
              (gulong) activity->fixed_devices), number);
}

/**
 * tvm_progress_is_done:
 * @activity: an activity
 *
 * Returns: whether it is completed and nothing is left, or nothing to monitor; one that a person
 *   completed while devices are exposed, or may be, is not
 */
gboolean
tvm_progress_is_done (const TvmActivity *activity)
{
  return activity->status == TVM_STATUS_COMPLETED &&
         (activity->type == TVM_TYPE_ATTENTION_REQUIRED ||
          (tvm_progress_adds_up (activity) && tvm_progress_left (activity) == 0));
}

/* Of an activity of the portal whose progress is monitored and told. */
static gboolean
is_counted (const TvmActivity *activity)
{
  return activity->origin == TVM_ORIGIN_DEFENDER && tvm_progress_left (activity) >= 0;
}

static int
count_named (const int states[TVM_N_DEVICE_STATES])
{
  int n_named = 0;

  for (int state = TVM_DEVICE_REMEDIATED + 1; state < TVM_N_DEVICE_STATES; state++)
    n_named += states[state];
  return n_named;
}

/**
 * tvm_progress_gap:
 * @activity: an activity
 * @states: how many of its devices are in which state
 *
 * What an activity of the portal counts and the devices that the service names are two answers.
 * With this the sum of R6 is whole: remediated + causes + gap = targets.
 *
 * Returns: how many devices are counted and not named; below 0: so many more are named, or counted
 *   as remediated, than there are targets
 */
int
tvm_progress_gap (const TvmActivity *activity,
                  const int          states[TVM_N_DEVICE_STATES])
{
  return is_counted (activity)
    ? activity->target_devices - activity->fixed_devices - count_named (states) : 0;
}

/**
 * tvm_progress_list_gaps:
 * @activity: an activity
 * @n_named: how many devices are named that are not remediated
 * @gaps: (out caller-allocates): what tvm_progress_gap() is made of, in words of the thread's
 *   language
 *
 * Returns: how many of @gaps there are
 */
guint
tvm_progress_list_gaps (const TvmActivity *activity,
                        int                n_named,
                        TvmProgressGap     gaps[TVM_MAX_PROGRESS_GAPS])
{
  int beyond = activity->fixed_devices - activity->target_devices;
  int unnamed = tvm_progress_left (activity) - n_named;
  gboolean is_unknown = n_named == 0 && !tvm_activity_knows_devices (activity);
  guint n_gaps = 0;

  if (!is_counted (activity))
    return 0;
  if (beyond > 0)
    /* Translators: a cause of devices not remediated; a number of devices follows */
    gaps[n_gaps++] = (TvmProgressGap) { _("Counted as remediated beyond the targets"), beyond };
  if (unnamed != 0)
    /* Translators: a cause of devices not remediated; a number of devices follows */
    gaps[n_gaps++] = (TvmProgressGap) { unnamed > 0 && is_unknown ? _("Not known which")
                                                                  : tvm_unnamed_text (unnamed),
                                        ABS (unnamed) };
  return n_gaps;
}

/**
 * tvm_progress_names_devices:
 * @activity: an activity
 * @states: how many of its devices are in which state
 *
 * Returns: whether its devices are known, or some of them, and of the others how many there are
 */
gboolean
tvm_progress_names_devices (const TvmActivity *activity,
                            const int          states[TVM_N_DEVICE_STATES])
{
  return tvm_activity_knows_devices (activity) ||
         (is_counted (activity) && count_named (states) > 0);
}
