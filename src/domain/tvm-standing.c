/* tvm-standing.c: how a tenant stands and got there. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-standing.h"

#include "tvm-time.h"

#include <string.h>

/**
 * tvm_standing_sum:
 * @past: (element-type TvmPastActivity): activities that were completed lately, or are overdue
 * @out: (out caller-allocates): what they say together
 */
void
tvm_standing_sum (GArray      *past,
                  TvmStanding *out)
{
  gint64 sum_us = 0;

  *out = (TvmStanding) { .mean_days = -1 };
  for (guint i = 0; i < past->len; i++)
    {
      const TvmPastActivity *one = &g_array_index (past, TvmPastActivity, i);
      g_autofree char *day = one->completed_us > 0 ? tvm_date_of_instant (one->completed_us) : NULL;

      if (one->is_done && day != NULL && one->created_us > 0)
        {
          out->n_done++;
          sum_us += MAX (0, one->completed_us - one->created_us);
        }
      if (one->due_on[0] == '\0')
        continue;
      out->n_due++;
      out->n_in_time += day != NULL && strcmp (day, one->due_on) <= 0;
    }
  if (out->n_done > 0)
    out->mean_days = sum_us / (double) TVM_DAY_US / out->n_done;
}

/**
 * tvm_standing_by_day:
 * @changes: (element-type TvmLeftChange): all of them, oldest first
 * @now_us: the instant to look back from
 *
 * Returns: (transfer full) (element-type TvmLeftPoint): how many devices were left at the end of
 *   each span of 24 hours, the last of which ends now; not before the first change, and for
 *   %TVM_STANDING_DAYS at most
 */
GArray *
tvm_standing_by_day (GArray *changes,
                     gint64  now_us)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (TvmLeftPoint));
  int left = 0;
  guint next = 0;

  if (changes->len == 0)
    return points;
  for (int ago = TVM_STANDING_DAYS; ago >= 0; ago--)
    {
      TvmLeftPoint point = { now_us - ago * TVM_DAY_US, 0 };

      for (; next < changes->len &&
             (ago == 0 || g_array_index (changes, TvmLeftChange, next).when_us <= point.when_us);
           next++)
        left += g_array_index (changes, TvmLeftChange, next).change;
      point.left = left;
      if (next > 0)
        g_array_append_val (points, point);
    }
  return points;
}

/**
 * tvm_group_exposure_free:
 * @self: (transfer full) (nullable): a device group's
 */
void
tvm_group_exposure_free (TvmGroupExposure *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

/**
 * tvm_group_exposure_total:
 * @self: a device group's
 *
 * Returns: how many devices it has
 */
int
tvm_group_exposure_total (const TvmGroupExposure *self)
{
  int total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->by_level); i++)
    total += self->by_level[i];
  return total;
}

/**
 * tvm_ticket_matter_free:
 * @self: (transfer full) (nullable): an activity's
 */
void
tvm_ticket_matter_free (TvmTicketMatter *self)
{
  if (self == NULL)
    return;
  g_free (self->activity_id);
  g_free (self->title);
  g_free (self);
}
