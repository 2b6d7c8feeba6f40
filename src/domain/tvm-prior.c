/* tvm-prior.c: see tvm-prior.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-prior.h"

#include "tvm-disagreement.h"
#include "tvm-error.h"
#include "tvm-known.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tvm_prior_free:
 * @self: (transfer full) (nullable): one
 */
void
tvm_prior_free (TvmPrior *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->who);
  g_free (self->groups);
  g_free (self->ends_on);
  g_free (self);
}

/**
 * tvm_prior_to_word:
 * @kind: a kind
 *
 * Returns: what scripts call it
 */
const char *
tvm_prior_to_word (TvmPriorKind kind)
{
  static const char *const words[TVM_N_PRIORS] = { "activity", "portal-activity", "ticket",
                                                   "exception" };

  return kind < TVM_N_PRIORS ? words[kind] : NULL;
}

/* A day as people write it. */
static char *
make_day (const char *date)
{
  GDate day;
  char text[100];

  g_date_clear (&day, 1);
  if (date != NULL)
    g_date_set_parse (&day, date);
  /* Translators: a date, as strftime writes it; put day, month and year in your language's order */
  if (g_date_valid (&day) && g_date_strftime (text, sizeof text, _("%-d %B %Y"), &day) > 0)
    return g_strdup (text);
  return g_strdup ("–");
}

/**
 * tvm_prior_to_text:
 * @self: one
 *
 * Returns: (transfer full): who did what and when, as a localized sentence without its full stop
 */
char *
tvm_prior_to_text (const TvmPrior *self)
{
  const char *who = self->who != NULL ? self->who : _("Somebody");
  g_autofree char *date = self->when_us != 0 ? tvm_date_of_instant (self->when_us) : NULL;
  g_autofree char *day = make_day (date);
  g_autofree char *end = NULL;

  switch (self->kind)
    {
    case TVM_PRIOR_ACTIVITY:
      /* Translators: an e-mail address, then a date */
      return g_strdup_printf (_("%s requested this here on %s"), who, day);
    case TVM_PRIOR_PORTAL:
      /* Translators: an e-mail address, then a date */
      return g_strdup_printf (_("%s requested this in the portal on %s"), who, day);
    case TVM_PRIOR_TICKET:
      /* Translators: an e-mail address, a date, then a ticket's status: "Pending" */
      return g_strdup_printf (_("%s requested this with a ticket in Microsoft Intune on %s (%s)"),
                              who, day, tvm_ticket_status_to_text (self->ticket_status));
    case TVM_PRIOR_EXCEPTION:
    case TVM_N_PRIORS:
    default:
      break;
    }
  if (self->id == NULL)
    return g_strdup (_("An exception was made in the portal"));
  end = make_day (self->ends_on);
  /* Translators: an e-mail address and two dates */
  return g_strdup_printf (_("%s made an exception on %s, which holds until %s"), who, day, end);
}

/**
 * tvm_prior_scope_text:
 * @self: one
 *
 * Returns: (transfer full): which devices it is about, localized
 */
char *
tvm_prior_scope_text (const TvmPrior *self)
{
  g_auto(GStrv) groups = g_strsplit (self->groups != NULL ? self->groups : "", "\n", -1);
  g_autofree char *names = g_strjoinv (_(", "), groups);
  const char *scope = self->groups == NULL ? _("Device groups not known")
                      : *names == '\0' ? _("All device groups") : names;
  g_autofree char *devices = NULL;

  if (self->devices < 0)
    return g_strdup (scope);
  devices = g_strdup_printf (ngettext ("%d device", "%d devices", (gulong) self->devices),
                             self->devices);
  return g_strdup_printf (_("%s, %s"), scope, devices);
}

/**
 * tvm_priors_meeting:
 * @priors: (element-type TvmPrior): what there is
 * @groups: (nullable) (array zero-terminated=1): device groups; %NULL: all
 *
 * Returns: (transfer container) (element-type TvmPrior): those that may be about the same devices,
 *   which @priors goes on owning
 */
GPtrArray *
tvm_priors_meeting (GPtrArray         *priors,
                    const char *const *groups)
{
  GPtrArray *meeting = g_ptr_array_new ();
  g_autofree char *text = groups != NULL ? g_strjoinv ("\n", (char **) groups) : NULL;

  for (guint i = 0; i < priors->len; i++)
    if (tvm_groups_overlap (((const TvmPrior *) priors->pdata[i])->groups, text))
      g_ptr_array_add (meeting, priors->pdata[i]);
  return meeting;
}

/**
 * tvm_request_facts_clear:
 * @self: facts; they may be filled in again
 */
void
tvm_request_facts_clear (TvmRequestFacts *self)
{
  tvm_recommendation_unref (self->recommendation);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->shared, g_strfreev);
  g_clear_pointer (&self->shared_no_impact, g_strfreev);
  g_clear_pointer (&self->priors, g_ptr_array_unref);
  *self = (TvmRequestFacts) TVM_REQUEST_FACTS_INIT;
}

/**
 * tvm_request_check_shown:
 * @request: a form, with what the person saw of it
 * @facts: how it is now
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * Who submits decides on what the form said. Where that is no longer so, they look again.
 *
 * Returns: whether what was shown still holds, or nobody was shown anything
 */
gboolean
tvm_request_check_shown (const TvmRequest       *request,
                         const TvmRequestFacts  *facts,
                         GError                **error)
{
  const TvmCoverage *now = &facts->coverage;

  if (request->shown.covered < 0)
    return TRUE;
  if (request->shown.covered != now->covered || request->shown.joined != now->joined)
    g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT, now->joined < 0
                 /* Translators: %d is a number of devices */
                 ? _("Meanwhile the exposed devices changed: now %d are covered. Look at the "
                     "request again, then submit it.")
                 /* Translators: both are numbers of devices */
                 : _("Meanwhile the exposed devices changed: now %d are covered, and Intune can "
                     "take %d. Look at the request again, then submit it."),
                 now->covered, now->joined);
  else if (facts->priors != NULL && (int) facts->priors->len > request->shown.n_priors)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("Meanwhile the same was requested or excepted. Look at the request "
                           "again, then submit it."));
  else
    return TRUE;
  return FALSE;
}

/**
 * tvm_request_facts_describe_rest:
 * @self: what a request is about, with its exposed devices by device group
 * @request: the request
 *
 * Returns: (transfer full): what the service counts besides what is covered, localized, a line
 *   each; empty where that is the same
 */
char *
tvm_request_facts_describe_rest (const TvmRequestFacts *self,
                                 const TvmRequest      *request)
{
  int elsewhere = 0, with_impact = 0;

  for (guint i = 0; i < self->groups->len; i++)
    {
      const TvmGroupCount *group = self->groups->pdata[i];

      if (request->groups != NULL &&
          (group->name == NULL ||
           !g_strv_contains ((const char *const *) request->groups, group->name)))
        elsewhere += group->exposed;
      else if (request->no_impact_only)
        with_impact += group->exposed - group->no_impact;
    }
  return tvm_describe_rest (elsewhere, with_impact,
                            tvm_recommendation_unnamed (self->recommendation, self->groups));
}
