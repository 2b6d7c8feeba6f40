/* tvm-cli-activity.c: the commands activity and complete. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-history.h"
#include "tvm-progress.h"
#include "tvm-said.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

/* An activity with everything that belongs to it. */
typedef struct
{
  TvmActivity *activity;                     /* (owned) */
  GPtrArray   *tickets, *history;            /* (owned) */
  GArray      *progress;                     /* (owned): of TvmProgressPoint */
  int          states[TVM_N_DEVICE_STATES];
  TvmQuery    *targets;                      /* (owned): lists its devices */
} Whole;

static void
whole_free (Whole *whole)
{
  g_clear_pointer (&whole->activity, tvm_activity_unref);
  g_clear_pointer (&whole->tickets, g_ptr_array_unref);
  g_clear_pointer (&whole->history, g_ptr_array_unref);
  g_clear_pointer (&whole->progress, g_array_unref);
  g_clear_pointer (&whole->targets, tvm_query_free);
  g_free (whole);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Whole, whole_free)

/* NULL with @error. */
static Whole *
whole_load (TvmCli      *self,
            const char  *id,
            GError     **error)
{
  g_autoptr(Whole) whole = g_new0 (Whole, 1);

  whole->activity = tvm_store_get_activity (self->store, id, error);
  if (whole->activity == NULL)
    return NULL;
  whole->tickets = tvm_cli_list_tickets (self, whole->activity, error);
  if (whole->tickets == NULL)
    return NULL;
  whole->history = tvm_store_list_history (self->store, whole->activity->id, error);
  if (whole->history == NULL)
    return NULL;
  whole->progress = tvm_store_list_progress (self->store, whole->activity->id, error);
  if (whole->progress == NULL)
    return NULL;
  whole->targets = tvm_query_new (TVM_LIST_TARGETS);
  whole->targets->activity_id = g_strdup (whole->activity->id);
  return tvm_store_count_target_states (self->store, whole->activity->id, whole->states, error)
           ? g_steal_pointer (&whole) : NULL;
}

/* Those that are not remediated. */
static int
count_named (const Whole *whole)
{
  int n = 0;

  for (int state = TVM_DEVICE_REMEDIATED + 1; state < TVM_N_DEVICE_STATES; state++)
    n += whole->states[state];
  return n;
}

/* ---- for people */

static void
print_progress (const TvmActivity *activity)
{
  g_autofree char *text = NULL;

  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return;
  if (activity->fixed_devices >= 0)
    /* Translators: how many of the target devices are remediated. */
    text = g_strdup_printf (_("%d of %d devices"), activity->fixed_devices,
                            activity->target_devices);
  else
    text = g_strdup (tvm_progress_unknown_text (activity));
  tvm_cli_print_field (_("Remediated"), text);
  tvm_cli_print_field (_("Note"), tvm_progress_doubt_text (activity));
}

static void
print_ticket (const TvmTicket *ticket)
{
  g_autofree char *text =
    g_strdup_printf (ngettext ("%s, %d device, %s", "%s, %d devices, %s", ticket->devices),
                     tvm_ticket_status_text (ticket), ticket->devices,
                     /* Translators: a ticket that waits in the outbox has no ID yet. */
                     ticket->id != NULL ? ticket->id : _("not sent yet"));

  tvm_cli_print_field (_("Ticket"), text);
  if (ticket->withdraw_us != 0)
    tvm_cli_print_field (_("Withdrawal"), _("Waiting to be sent"));
  tvm_cli_print_field (_("Assigned to"), ticket->assigned_to);
  tvm_cli_print_field (_("Last error"), ticket->last_error);
}

/**
 * tvm_cli_print_activity:
 * @activity: an activity; its id may be empty
 * @tickets: (nullable) (element-type TvmTicket): its tickets
 *
 * Prints its fields for people.
 */
void
tvm_cli_print_activity (const TvmActivity *activity,
                        GPtrArray         *tickets)
{
  gboolean is_attention = activity->type == TVM_TYPE_ATTENTION_REQUIRED;
  g_autofree char *groups = activity->groups != NULL ? g_strjoinv (_(", "), activity->groups)
                                                     : NULL;
  g_autofree char *created_on = tvm_cli_local_time (activity->created_us);
  g_autofree char *completed_on = tvm_cli_local_time (activity->completed_us);

  tvm_cli_print_field (_("ID"), *activity->id != '\0' ? activity->id : NULL);
  tvm_cli_print_field (_("Activity"), activity->title);
  tvm_cli_print_field (_("Recommendation"), activity->recommendation_id);
  tvm_cli_print_field (_("Related component"), activity->related_component);
  tvm_cli_print_field (_("Remediation type"), tvm_activity_type_text (activity));
  tvm_cli_print_field (_("Status"), tvm_activity_status_text (activity));
  if (activity->priority != TVM_PRIORITY_NONE)
    tvm_cli_print_field (_("Priority"), tvm_activity_priority_text (activity));
  tvm_cli_print_field (_("Due by"), is_attention ? NULL : activity->due_on);
  tvm_cli_print_field (_("Policy"), activity->policy_reason);
  tvm_cli_print_field (_("Device groups"), groups == NULL   ? _("not known")
                                           : *groups != '\0' ? groups : _("All device groups"));
  if (activity->no_impact_only > 0)
    tvm_cli_print_field (_("Devices"), _("Only devices with no user impact"));
  print_progress (activity);
  tvm_cli_print_field (_("Created on"), created_on);
  tvm_cli_print_field (_("Created by"), activity->created_by);
  tvm_cli_print_field (_("Assigned to"), activity->assignee);
  tvm_cli_print_field (_("Completed on"), completed_on);
  tvm_cli_print_field (_("Completed by"), tvm_completed_by_text (activity));
  tvm_cli_print_field (_("Notes"), activity->notes);
  for (guint i = 0; i < TVM_N_DISAGREEMENTS; i++)
    if ((activity->disagreements & (1u << i)) != 0)
      {
        g_autofree char *message = tvm_disagreement_to_text (1u << i, activity);

        tvm_cli_print_field (_("Needs attention"), message);
        /* Translators: what to do next about something */
        tvm_cli_print_field (_("Next step"), tvm_disagreement_to_step (1u << i, activity));
      }
  for (guint i = 0; !is_attention && tickets != NULL && i < tickets->len; i++)
    print_ticket (g_ptr_array_index (tickets, i));
}

/**
 * tvm_cli_show_activity:
 * @self: the command line with an open store
 * @id: an activity that was just decided about
 * @more: (nullable): the name of a member more of the JSON object
 * @word: (nullable): its value
 *
 * Prints it as it is now, with its tickets.
 *
 * Returns: the exit status
 */
TvmCliStatus
tvm_cli_show_activity (TvmCli     *self,
                       const char *id,
                       const char *more,
                       const char *word)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, &error);
  g_autoptr(GPtrArray) tickets = activity != NULL ? tvm_cli_list_tickets (self, activity, &error)
                                                  : NULL;
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (tickets == NULL)
    return tvm_cli_fail (error);
  if (!self->json)
    {
      tvm_cli_print_activity (activity, tickets);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_activity (builder, activity, tickets);
  if (more != NULL)
    tvm_cli_json_string (builder, more, word);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

/* The remainder by cause, what it is without devices that cannot report, and when a fix shows
 * (R6). */
static void
print_remainder (const Whole *whole)
{
  TvmEffectiveProgress effective;
  TvmProgressGap gaps[TVM_MAX_PROGRESS_GAPS];
  guint n_gaps = tvm_progress_list_gaps (whole->activity, count_named (whole), gaps);

  for (int state = TVM_DEVICE_REMEDIATED + 1; state < TVM_N_DEVICE_STATES; state++)
    if (whole->states[state] > 0)
      {
        g_autofree char *text = g_strdup_printf (
          ngettext ("%d device", "%d devices", whole->states[state]), whole->states[state]);

        tvm_cli_print_field (tvm_device_state_to_text (state), text);
      }
  for (guint i = 0; i < n_gaps; i++)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%d device", "%d devices",
                                                         gaps[i].devices), gaps[i].devices);

      tvm_cli_print_field (gaps[i].text, text);
    }
  tvm_effective_progress (whole->activity, whole->states, &effective);
  if (effective.left_out > 0)
    {
      g_autofree char *text = g_strdup_printf (_("%d of %d devices"), effective.fixed_devices,
                                               effective.target_devices);

      /* Translators: progress without the devices not seen for 30 days or gone from the
       * inventory. */
      tvm_cli_print_field (_("Effective progress"), text);
    }
  if (whole->activity->fixed_devices >= 0 &&
      whole->activity->fixed_devices < whole->activity->target_devices)
    tvm_cli_print_field (_("Expected delay"), tvm_progress_delay_text (whole->activity));
}

static gboolean
add_target_row (TvmCli        *self,
                gconstpointer  record,
                gpointer       user_data,
                GError       **error)
{
  const TvmTarget *target = record;
  TvmCliTable *table = user_data;
  g_autofree char *last_seen = tvm_cli_local_time (target->last_seen_us);

  tvm_cli_table_cell (table, target->name != NULL ? target->name : target->device_id);
  tvm_cli_table_cell (table, target->group);
  tvm_cli_table_cell (table, tvm_device_state_to_text (target->state));
  tvm_cli_table_cell (table, last_seen);
  return TRUE;
}

static gboolean
print_whole (TvmCli      *self,
             const Whole *whole,
             GError     **error)
{
  static const char *const headings[] = {
    N_("Device"), N_("Device group"), N_("State"), N_("Last seen"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);
  g_autofree char *unnamed = tvm_progress_unnamed_text (whole->activity);

  tvm_cli_print_activity (whole->activity, whole->tickets);
  print_remainder (whole);
  for (guint i = 0; i < whole->history->len; i++)
    {
      const TvmHistoryEntry *entry = g_ptr_array_index (whole->history, i);
      g_autofree char *when = tvm_cli_local_time (entry->when_us);
      g_autofree char *what = tvm_history_text (entry);
      g_autofree char *change = tvm_history_change_text (entry);
      g_autofree char *both = change != NULL ? g_strdup_printf ("%s (%s)", what, change) : NULL;

      tvm_cli_print_field (when != NULL ? when : "-", both != NULL ? both : what);
      tvm_cli_print_field (_("Note"), tvm_history_note (entry));
    }
  if (!tvm_progress_names_devices (whole->activity, whole->states))
    tvm_cli_print_field (_("Devices"), _("not known"));
  else
    tvm_cli_print_field (_("Devices"), unnamed);
  if (count_named (whole) + whole->states[TVM_DEVICE_REMEDIATED] == 0)
    return TRUE;
  if (!tvm_cli_foreach_record (self, whole->targets, add_target_row, table, error))
    return FALSE;
  tvm_cli_table_print_below (table);
  return TRUE;
}

/* ---- for scripts */

static gboolean
add_target_json (TvmCli        *self,
                 gconstpointer  record,
                 gpointer       user_data,
                 GError       **error)
{
  JsonBuilder *builder = user_data;

  json_builder_begin_object (builder);
  tvm_cli_json_fields (builder, &tvm_target_fields, record);
  json_builder_end_object (builder);
  return TRUE;
}

static void
add_progress_json (JsonBuilder *builder,
                   const Whole *whole)
{
  gboolean is_known = tvm_progress_names_devices (whole->activity, whole->states);
  TvmEffectiveProgress effective;
  TvmProgressGap gaps[TVM_MAX_PROGRESS_GAPS];
  guint n_gaps = tvm_progress_list_gaps (whole->activity, count_named (whole), gaps);
  int gap = tvm_progress_gap (whole->activity, whole->states);
  g_autofree char *note = g_strconcat (n_gaps > 0 ? gaps[0].text : "", n_gaps > 1 ? _(", ") : "",
                                       n_gaps > 1 ? gaps[1].text : "", NULL);
  gboolean is_monitored;

  tvm_effective_progress (whole->activity, whole->states, &effective);
  is_monitored = is_known && effective.target_devices >= 0;
  tvm_cli_json_int (builder, "not_told_devices", is_monitored ? MAX (gap, 0) : -1);
  tvm_cli_json_int (builder, "surplus_devices", is_monitored ? MAX (-gap, 0) : -1);
  tvm_cli_json_string (builder, "numbers_note", n_gaps > 0 ? note : NULL);
  tvm_cli_json_int (builder, "effective_target_devices", is_known ? effective.target_devices : -1);
  tvm_cli_json_int (builder, "effective_fixed_devices", is_known ? effective.fixed_devices : -1);
  tvm_cli_json_array (builder, "progress_history");
  for (guint i = 0; i < whole->progress->len; i++)
    {
      const TvmProgressPoint *point = &g_array_index (whole->progress, TvmProgressPoint, i);

      json_builder_begin_object (builder);
      tvm_cli_json_instant (builder, "at", point->when_us);
      tvm_cli_json_int (builder, "fixed_devices", point->fixed_devices);
      tvm_cli_json_int (builder, "target_devices", point->target_devices);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static gboolean
print_whole_as_json (TvmCli      *self,
                     const Whole *whole,
                     GError     **error)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  gboolean is_known = tvm_progress_names_devices (whole->activity, whole->states);
  /* The portal names none that is remediated: how many these are is a number of its own. */
  gboolean is_local = whole->activity->origin == TVM_ORIGIN_LOCAL;

  tvm_cli_json_activity (builder, whole->activity, whole->tickets);
  json_builder_set_member_name (builder, "states");
  json_builder_begin_object (builder);
  for (int state = 0; state < TVM_N_DEVICE_STATES; state++)
    tvm_cli_json_int (builder, tvm_device_state_to_word (state),
                      is_known && (state != TVM_DEVICE_REMEDIATED || is_local)
                        ? whole->states[state] : -1);
  json_builder_end_object (builder);
  add_progress_json (builder, whole);
  tvm_cli_json_history (builder, whole->history);
  if (is_known)
    {
      tvm_cli_json_array (builder, "devices");
      if (!tvm_cli_foreach_record (self, whole->targets, add_target_json, builder, error))
        return FALSE;
      json_builder_end_array (builder);
    }
  else
    tvm_cli_json_null (builder, "devices");
  tvm_cli_json_end (builder);
  return TRUE;
}

/* The devices of one made in the portal are asked for when it is shown; what cannot be asked for
 * at present is told, and the rest is shown. */
static TvmCliStatus
run_activity (TvmCli *self)
{
  g_autoptr(Whole) whole = NULL;
  g_autoptr(GError) error = NULL;
  TvmCliStatus status = TVM_CLI_DONE;

  if (!tvm_cli_parse (self, NULL, 1, 1))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error) ||
      (whole = whole_load (self, self->arguments[1], &error)) == NULL)
    return tvm_cli_fail (error);
  if (whole->activity->origin == TVM_ORIGIN_DEFENDER &&
      (whole->activity->status != TVM_STATUS_COMPLETED ||
       !tvm_activity_knows_devices (whole->activity)))
    {
      status = tvm_cli_refresh (self, tvm_sync_engine_fetch_activity, whole->activity->id,
                                tvm_activity_knows_devices (whole->activity));
      whole_free (whole);
      whole = whole_load (self, self->arguments[1], &error);
      if (whole == NULL)
        return tvm_cli_fail (error);
    }
  if (!(self->json ? print_whole_as_json (self, whole, &error) : print_whole (self, whole, &error)))
    return tvm_cli_fail (error);
  return status;
}

/* Works offline; the note is kept in the history. */
static TvmCliStatus
run_complete (TvmCli *self)
{
  g_autofree char *note = NULL;
  const GOptionEntry entries[] = {
    { "note", 0, 0, G_OPTION_ARG_FILENAME, &note, N_("Why, for the history"), N_("TEXT") },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_parse (self, entries, 1, G_MAXUINT))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  if (self->arguments[2] != NULL)
    {
      const TvmBulk bulk = { .kind = TVM_BULK_COMPLETE, .note = note,
                             .ids = (const char *const *) self->arguments + 1 };

      return tvm_cli_bulk_run (self, &bulk, NULL);
    }
  activity = tvm_store_get_activity (self->store, self->arguments[1], &error);
  if (activity == NULL)
    return tvm_cli_fail (error);
  tvm_cli_tell_tickets (self, activity->recommendation_id, activity->groups);
  if (!tvm_sync_engine_complete (self->engine, activity->id, note, &error))
    return tvm_cli_fail (error);
  if (tvm_activity_unsent_text (activity) != NULL)
    tvm_cli_message ("%s", tvm_activity_unsent_text (activity));
  return tvm_cli_show_activity (self, activity->id, NULL, NULL);
}

const TvmCliCommand tvm_cli_activity_command = {
  "activity", "ID", N_("Show one remediation activity, whole"), run_activity
};

const TvmCliCommand tvm_cli_complete_command = {
  "complete", "ID [ID…] [--note TEXT]",
  N_("Mark remediation activities as completed"), run_complete
};
