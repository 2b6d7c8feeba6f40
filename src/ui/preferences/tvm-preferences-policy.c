/* tvm-preferences-policy.c: what suggests priority and due date (R22), whose it is, and where its
 * catalog comes from. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-private.h"

#include "tvm-list-cells.h"
#include "tvm-policy.h"
#include "tvm-team-load.h"
#include "tvm-text.h"
#include "tvm-weakness-models.h"

#include <glib/gi18n-lib.h>

/* ---- the catalog --------------------------------------------------------------------------- */

static char *
describe_catalog (const TvmKnownExploitedState *state)
{
  g_autofree char *date = tvm_make_instant_date (tvm_known_exploited_day_us (state));
  g_autofree char *number = tvm_make_number (state->count);

  if (state->count < 0)
    return g_strdup (_("None is here. Fill in the address and synchronize, or load a file with "
                       "“tvm-remediate known-exploited import”."));
  /* Translators: how many entries a catalog has, then its date. */
  return g_strdup_printf (ngettext ("%s entry, of %s", "%s entries, of %s", (gulong) state->count),
                          number, date);
}

static void
catalog_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(AdwActionRow) row = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TvmKnownExploitedState *state = tvm_load_finish (TVM_STORE (object), result, &error);
  g_autofree char *text = state != NULL ? describe_catalog (state) : NULL;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tvm_plain_row_set (row, _("Catalog of known exploited vulnerabilities"),
                       text != NULL ? text : error->message);
}

/* ---- the policy ---------------------------------------------------------------------------- */

/* A policy of one's own is no preset. */
static char *
describe_own (const char *value)
{
  g_autoptr(TvmPolicy) policy = tvm_policy_parse (value, NULL);

  return policy != NULL ? tvm_policy_describe (policy, FALSE) : NULL;
}

static char *
describe_teams (const char *value)
{
  g_autoptr(TvmPolicy) policy = tvm_policy_parse (value, NULL);

  return policy != NULL ? tvm_policy_describe (policy, TRUE) : NULL;
}

/* Who may set it, or what is to be known before one does. */
static char *
describe_right (const TvmTeamPolicyState *state)
{
  const TvmTeamPolicy *policy = state->policy;

  if (policy == NULL)
    return g_strdup (_("What you choose here becomes the policy of the whole team."));
  if (!policy->may_set)
    /* Translators: %s is a list of e-mail addresses. */
    return g_strdup_printf (_("Only an administrator of the team can change it: %s."),
                            policy->administrators);
  if (policy->over != NULL)
    /* Translators: two e-mail addresses. */
    return g_strdup_printf (_("%s had not seen the policy that %s set before."), policy->set_by,
                            policy->over);
  return g_strdup (_("What you choose here is for the whole team."));
}

static void
whose_loaded_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TvmPreferencesWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmTeamPolicyState) state = tvm_load_finish (TVM_STORE (object), result, &error);
  g_autofree char *whose = NULL;
  g_autofree char *right = NULL;
  gboolean is_teams;

  if (state == NULL || self->is_closed)
    return;
  is_teams = state->policy != NULL;
  whose = is_teams ? tvm_team_policy_describe (state->policy)
                   : g_strdup (_("Your own: the team has none"));
  right = describe_right (state);
  gtk_widget_set_visible (GTK_WIDGET (self->policy_whose), is_teams || state->gives);
  tvm_plain_row_set (self->policy_whose, whose, right);
  tvm_preferences_describe_others (self->policy_row, is_teams ? describe_teams : describe_own);
  tvm_preferences_fix (self->policy_row, is_teams && !state->policy->may_set);
}

static void
load_whose (gpointer user_data)
{
  TvmPreferencesWindow *self = user_data;

  tvm_load_async (self->ui->store, &tvm_load_team_policy, NULL, self->cancellable, whose_loaded_cb,
                  g_object_ref (self));
}

/**
 * tvm_preferences_add_policy:
 * @self: the window
 *
 * Adds the policy to the page.
 */
void
tvm_preferences_add_policy (TvmPreferencesWindow *self)
{
  AdwPreferencesGroup *group = tvm_preferences_create_group (self->page, _("Policy"), NULL);
  const char *const *words = tvm_policy_presets ();
  g_autofree const char **texts = g_new0 (const char *, g_strv_length ((char **) words) + 1);

  for (guint i = 0; words[i] != NULL; i++)
    texts[i] = tvm_policy_preset_to_text (words[i]);
  self->policy_row = tvm_preferences_add_choice (self, group, _("Priority and due date"), "policy",
                                                 words, texts);
  adw_combo_row_set_use_subtitle (ADW_COMBO_ROW (self->policy_row), TRUE);  /* its words are long */
  tvm_preferences_describe_others (self->policy_row, describe_own);
  self->policy_whose = tvm_preferences_create_row (group, "");
  gtk_widget_set_visible (GTK_WIDGET (self->policy_whose), FALSE);
  tvm_preferences_add_entry (self, group, _("Address of the known exploited catalog"),
                             "known-exploited-url");
  tvm_load_async (
    self->ui->store, &tvm_load_catalog, NULL, self->cancellable, catalog_loaded_cb,
    g_object_ref (tvm_preferences_create_row (group,
                                              _("Catalog of known exploited vulnerabilities"))));
  load_whose (self);
  tvm_ui_follow_store (self->ui, GTK_WIDGET (self), TVM_CHANGED_SETTINGS, load_whose);
}
