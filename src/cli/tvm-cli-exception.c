/* tvm-cli-exception.c: the command exception: show, add, cancel, approve and reject (R10). Main
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-sync-team.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* What was typed. */
typedef struct
{
  char     *justification, *context, *duration, *until, *reason;  /* (owned) (nullable) */
  char    **groups;                                      /* (owned) (nullable) */
  gboolean  all_groups, dry_run;
} Options;

static void
options_free (Options *options)
{
  g_free (options->justification);
  g_free (options->context);
  g_free (options->duration);
  g_free (options->until);
  g_free (options->reason);
  g_strfreev (options->groups);
  g_free (options);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

static gboolean
parse_options (TvmCli  *self,
               Options *options)
{
  const GOptionEntry entries[] = {
    { "justification", 0, 0, G_OPTION_ARG_FILENAME, &options->justification,
      N_("third-party-control, alternate-mitigation, risk-accepted or planned-remediation"),
      N_("JUSTIFICATION") },
    { "context", 0, 0, G_OPTION_ARG_FILENAME, &options->context, N_("Why, in your words"),
      N_("TEXT") },
    { "duration", 0, 0, G_OPTION_ARG_FILENAME, &options->duration, N_("30, 60 or 90 days"),
      N_("DAYS") },
    { "until", 0, 0, G_OPTION_ARG_FILENAME, &options->until, N_("Its last day, within one year"),
      N_("YYYY-MM-DD") },
    { "all-groups", 0, 0, G_OPTION_ARG_NONE, &options->all_groups,
      N_("Global: all current and future device groups"), NULL },
    { "group", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->groups,
      N_("A device group; may be repeated"), N_("NAME") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->dry_run,
      N_("Only say what the exception would do"), NULL },
    { "reason", 0, 0, G_OPTION_ARG_FILENAME, &options->reason,
      N_("approve, reject: why; a rejection needs it"), N_("TEXT") },
    G_OPTION_ENTRY_NULL
  };

  return tvm_cli_parse (self, entries, 1, 2);
}

/* ---- output */

/**
 * tvm_cli_json_exception:
 * @builder: a builder inside an object
 * @exception: an exception
 *
 * Adds its members.
 */
void
tvm_cli_json_exception (JsonBuilder        *builder,
                        const TvmException *exception)
{
  tvm_cli_json_fields (builder, &tvm_exception_fields, exception);
  tvm_cli_json_array (builder, "review");
  for (guint flag = TVM_REVIEW_ENDS_SOON; flag <= TVM_REVIEW_NEW_GROUPS; flag <<= 1)
    if ((exception->review & flag) != 0)
      json_builder_add_string_value (builder, tvm_exception_review_to_word (flag));
  json_builder_end_array (builder);
  tvm_cli_json_strings (builder, "new_groups", exception->new_groups);
}

static void
print_exception (const TvmException *exception)
{
  g_autofree char *groups = g_strjoinv (_(", "), exception->groups);
  g_autofree char *created_on = tvm_cli_local_time (exception->created_us);
  g_autofree char *ended_on = tvm_cli_local_time (exception->ended_us);
  g_autofree char *devices = exception->devices >= 0 ? g_strdup_printf ("%d", exception->devices)
                                                     : g_strdup (_("not known"));
  g_autofree char *today = tvm_today ();

  tvm_cli_print_field (_("ID"), exception->id);
  tvm_cli_print_field (_("Recommendation"), exception->recommendation_name);
  tvm_cli_print_field (_("Recommendation ID"), exception->recommendation_id);
  tvm_cli_print_field (_("Status"), tvm_exception_status_to_text (exception->status));
  tvm_cli_print_field (_("Justification"), tvm_justification_to_text (exception->justification));
  tvm_cli_print_field (_("Context"), exception->context);
  tvm_cli_print_field (_("Device groups"), exception->is_global ? _("Global") : groups);
  tvm_cli_print_field (tvm_exception_devices_title (exception), devices);
  tvm_cli_print_field (_("Last day"), exception->ends_on);
  tvm_cli_print_field (_("Created on"), created_on);
  tvm_cli_print_field (_("Created by"), exception->created_by);
  tvm_cli_print_field (_("Ended on"), ended_on);
  tvm_cli_print_field (_("Cancelled by"), exception->cancelled_by);
  if (exception->approval != TVM_APPROVAL_NONE)
    tvm_cli_print_field (_("Approval"),
                         tvm_words_to_text (&tvm_approval_words, (int) exception->approval));
  tvm_cli_print_field (_("Decided by"), exception->decided_by);
  tvm_cli_print_field (_("Reason"), exception->decision_reason);
  for (guint flag = TVM_REVIEW_ENDS_SOON; flag <= TVM_REVIEW_NEW_GROUPS; flag <<= 1)
    if ((exception->review & flag) != 0)
      {
        g_autofree char *text = tvm_exception_review_text (exception, flag, today);

        tvm_cli_print_field (_("Review"), text);
      }
}

static void
print_history (GPtrArray *history)
{
  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = g_ptr_array_index (history, i);
      g_autofree char *when = tvm_cli_local_time (entry->when_us);
      g_autofree char *what = tvm_exception_history_text (entry);

      tvm_cli_print_field (when != NULL ? when : "-", what);
    }
}

static void
add_effect_json (JsonBuilder              *builder,
                 const TvmExceptionEffect *effect)
{
  gboolean is_known = effect->devices >= 0 && effect->exposed_before >= 0;

  json_builder_set_member_name (builder, "effect");
  json_builder_begin_object (builder);
  tvm_cli_json_int (builder, "groups", effect->groups);
  tvm_cli_json_int (builder, "devices", effect->devices);
  tvm_cli_json_int (builder, "not_told_devices", is_known ? MAX (effect->unnamed, 0) : -1);
  tvm_cli_json_int (builder, "surplus_devices", is_known ? MAX (-effect->unnamed, 0) : -1);
  tvm_cli_json_int (builder, "suspended_exceptions", effect->suspended);
  tvm_cli_json_int (builder, "cves", effect->cves);
  tvm_cli_json_boolean (builder, "cves_exact", effect->cves >= 0 ? !effect->is_at_most : -1);
  tvm_cli_json_int (builder, "known_exploited_cves", effect->known_exploited);
  tvm_cli_json_int (builder, "exposed_devices_before", effect->exposed_before);
  tvm_cli_json_int (builder, "exposed_devices_after", effect->exposed_after);
  tvm_cli_json_double (builder, "exposure_impact_before", effect->exposure_impact_before);
  tvm_cli_json_double (builder, "exposure_impact_after", effect->exposure_impact_after);
  tvm_cli_json_double (builder, "config_score_impact_before", effect->secure_impact_before);
  tvm_cli_json_double (builder, "config_score_impact_after", effect->secure_impact_after);
  tvm_cli_json_string (builder, "status_before",
                       tvm_recommendation_status_to_word (effect->status_before));
  tvm_cli_json_string (builder, "status_after",
                       tvm_recommendation_status_to_word (effect->status_after));
  json_builder_end_object (builder);
}

static void
print_effect (const TvmExceptionEffect *effect)
{
  g_autofree char *groups = tvm_exception_groups_text (effect);
  g_autofree char *devices = tvm_exception_devices_text (effect);
  g_autofree char *weaknesses = tvm_exception_weaknesses_text (effect);
  g_autofree char *changes = tvm_exception_changes_text (effect);
  g_autofree char *rest = tvm_describe_rest (effect->elsewhere, 0, effect->unnamed);
  g_autofree char *remark = tvm_exception_remark_text (effect);

  tvm_cli_print_field (_("Covers"), groups);
  tvm_cli_print_field (_("Covers"), devices);
  tvm_cli_print_field (_("Covers"), weaknesses);
  tvm_cli_print_lines (rest);
  tvm_cli_print_lines (changes);
  if (remark != NULL)
    tvm_cli_print_lines (remark);
}

static TvmCliStatus
show_exception (TvmCli                   *self,
                const char               *id,
                const TvmExceptionEffect *effect)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmException) exception = tvm_store_get_exception (self->store, id, &error);
  g_autoptr(GPtrArray)
    history = exception != NULL
                ? tvm_store_list_exception_history (self->store, exception->id, &error)
                : NULL;
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (history == NULL)
    return tvm_cli_fail (error);
  if (!self->json)
    {
      print_exception (exception);
      print_history (history);
      if (effect != NULL)
        print_effect (effect);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_exception (builder, exception);
  tvm_cli_json_history (builder, history);
  if (effect != NULL)
    add_effect_json (builder, effect);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

/* ---- add */

static gboolean
set_end (TvmExceptionForm *form,
         const Options    *options)
{
  static const char *const durations[] = { "30", "60", "90", NULL };
  g_autofree char *today = tvm_today ();

  if ((options->duration == NULL) == (options->until == NULL))
    tvm_cli_usage_error (
      _("“exception add” needs either --duration 30, 60 or 90, or --until YYYY-MM-DD."));
  else if (options->duration != NULL && !g_strv_contains (durations, options->duration))
    tvm_cli_usage_error (_("“%s” is not a duration. Use 30, 60 or 90, or --until YYYY-MM-DD."),
                         options->duration);
  else if (options->until != NULL && !tvm_date_is_valid (options->until))
    tvm_cli_usage_error (_("“%s” is not a date. Write the last day as YYYY-MM-DD, for example "
                           "%s."),
                         options->until, today);
  else
    {
      form->ends_on = options->until != NULL ? g_strdup (options->until)
                                             : tvm_date_add_days (today, atoi (options->duration));
      return TRUE;
    }
  return FALSE;
}

/* What is wrong with the words themselves; the rest is the engine's to say. */
static TvmExceptionForm *
form_from_options (TvmCli        *self,
                   const Options *options)
{
  g_autoptr(TvmExceptionForm) form = tvm_exception_form_new ();

  if (self->arguments[2] == NULL)
    tvm_cli_usage_error (_("“exception add” needs the ID of a recommendation."));
  else if (options->justification == NULL)
    tvm_cli_usage_error (
      _("“exception add” needs a justification: --justification JUSTIFICATION."));
  else if (!tvm_justification_from_word (options->justification, &form->justification))
    tvm_cli_usage_error (
      _("“%s” is not a justification. Use third-party-control, alternate-mitigation, "
        "risk-accepted or planned-remediation."),
      options->justification);
  else if (options->context == NULL)
    tvm_cli_usage_error (_("“exception add” needs a justification context: --context TEXT."));
  else if (options->all_groups && options->groups != NULL)
    tvm_cli_usage_error (_("Use either --all-groups or --group, not both."));
  else if (!options->all_groups && options->groups == NULL)
    tvm_cli_usage_error (
      _("“exception add” needs --all-groups, or --group NAME for each device group."));
  else if (set_end (form, options))
    {
      form->recommendation_id = g_strdup (self->arguments[2]);
      form->context = g_strdup (options->context);
      form->is_global = options->all_groups;
      tvm_cli_drop_repeated (options->groups);
      form->groups = g_strdupv (options->groups);
      return g_steal_pointer (&form);
    }
  return NULL;
}

static TvmCliStatus
add_exception (TvmCli        *self,
               const Options *options)
{
  g_autoptr(TvmExceptionForm) form = form_from_options (self, options);
  g_autoptr(TvmException) exception = NULL;
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autoptr(GError) error = NULL;
  TvmExceptionEffect effect;

  if (form == NULL)
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  tvm_cli_tell_tickets (self, form->recommendation_id, form->groups);
  if (!tvm_sync_engine_add_exception (self->engine, form, options->dry_run, &effect, &exception,
                                      self->cancellable, &error))
    return tvm_cli_fail (error);
  if (!options->dry_run)
    return show_exception (self, exception->id, &effect);
  if (!self->json)
    {
      print_effect (&effect);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_boolean (builder, "dry_run", TRUE);
  tvm_cli_json_string (builder, "recommendation_id", form->recommendation_id);
  tvm_cli_json_string (builder, "ends_on", form->ends_on);
  add_effect_json (builder, &effect);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

/* ---- cancel */

static TvmCliStatus
cancel_exception (TvmCli        *self,
                  const Options *options)
{
  g_autoptr(TvmException) exception = NULL;
  g_autoptr(GError) error = NULL;

  if (self->arguments[2] == NULL)
    return tvm_cli_usage_error (_("“exception cancel” needs the ID of an exception."));
  if (options->all_groups && options->groups != NULL)
    return tvm_cli_usage_error (_("Use either --all-groups or --group, not both."));
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  exception = tvm_store_get_exception (self->store, self->arguments[2], &error);
  if (exception == NULL)
    return tvm_cli_fail (error);
  tvm_cli_drop_repeated (options->groups);
  if (!tvm_sync_engine_cancel_exception (self->engine, exception->id,
                                         (const char *const *) options->groups, &error))
    return tvm_cli_fail (error);
  return show_exception (self, exception->id, NULL);
}

/* ---- approve, reject */

static TvmCliStatus
decide (TvmCli        *self,
        const Options *options,
        gboolean       is_approved)
{
  g_autoptr(TvmException) exception = NULL;
  g_autoptr(GError) error = NULL;

  if (self->arguments[2] == NULL)
    return tvm_cli_usage_error (_("“exception approve” and “exception reject” need the ID of an "
                                  "exception."));
  if (!is_approved && options->reason == NULL)
    return tvm_cli_usage_error (_("“exception reject” needs a reason: --reason TEXT."));
  if (tvm_cli_open_engine (self, &error))
    exception = tvm_store_get_exception (self->store, self->arguments[2], &error);
  if (exception == NULL ||
      !tvm_sync_engine_decide_exception (self->engine, exception->id, is_approved, options->reason,
                                         &error))
    return tvm_cli_fail (error);
  return show_exception (self, exception->id, NULL);
}

/* Works offline. */
static TvmCliStatus
run_exception (TvmCli *self)
{
  static const char *const verbs[] = { "add", "cancel", "approve", "reject", NULL };
  g_autoptr(Options) options = g_new0 (Options, 1);
  g_autoptr(GError) error = NULL;
  gboolean has_form, is_approval, is_decision;

  if (!parse_options (self, options))
    return TVM_CLI_USAGE;
  is_approval = strcmp (self->arguments[1], "approve") == 0;
  is_decision = is_approval || strcmp (self->arguments[1], "reject") == 0;
  has_form = options->justification != NULL || options->context != NULL ||
             options->duration != NULL || options->until != NULL || options->dry_run;
  if (strcmp (self->arguments[1], "add") == 0)
    return add_exception (self, options);
  if (has_form)
    return tvm_cli_usage_error (_("These options belong to “exception add RECOMMENDATION”."));
  if (is_decision && options->groups == NULL && !options->all_groups)
    return decide (self, options, is_approval);
  if (options->reason != NULL)
    return tvm_cli_usage_error (_("“--reason” belongs to “exception approve” and “exception "
                                  "reject”."));
  if (strcmp (self->arguments[1], "cancel") == 0)
    return cancel_exception (self, options);
  if (self->arguments[2] != NULL || options->groups != NULL || options->all_groups)
    return tvm_cli_unknown_word (_("Use “exception ID”, “exception add RECOMMENDATION …”, "
                                   "“exception cancel ID”, “exception approve ID” or “exception "
                                   "reject ID”."), self->arguments[1], verbs);
  if (!tvm_cli_open_store (self, &error))
    return tvm_cli_fail (error);
  return show_exception (self, self->arguments[1], NULL);
}

const TvmCliCommand tvm_cli_exception_command = {
  "exception",
  "ID | add RECOMMENDATION --justification JUSTIFICATION --context TEXT (--duration DAYS | "
  "--until YYYY-MM-DD) (--all-groups | --group NAME…) [--dry-run] | cancel ID [--group NAME…] | "
  "approve ID [--reason TEXT] | reject ID --reason TEXT",
  N_("Show, file, cancel, approve or reject an exception"),
  run_exception
};
