/* tvm-store-requests.c: what a request covers, submitting it, marking it completed, retention
 * (R4, R5, R7, R8). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"

#include "tvm-bulk.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const TvmRequest    *request;
  const TvmSubmission *submission;
  TvmRequestFacts     *facts;
  const char          *who, *id, *note;
  TvmActivity         *activity;  /* (owned) (nullable): the result */
} RequestData;

/* Beside the devices that are covered: those of the groups of which nobody knows, and all of the
 * recommendation that have no impact, which the service counts too. */
static void
count_impacts (TvmDb       *db,
               TvmCoverage *coverage,
               gint64       key,
               const char  *groups)
{
  coverage->impact_unknown = (int) tvm_db_get_int (
    db, "SELECT count(*)" TVM_FROM_COVERED " AND NOT EXISTS (SELECT 1 FROM user_impact u WHERE "
    "u.recommendation_key = ?1 AND u.device_key = e.device_key)", "Isii", key, groups, 0, 0);
  coverage->no_impact = (int) tvm_db_get_int (
    db, "SELECT count(*) FROM exposure e WHERE e.recommendation_key = ?1 AND " TVM_HAS_NO_IMPACT,
    "I", key);
}

static void
count_coverage (TvmDb             *db,
                const TvmRequest  *request,
                gint64             key,
                TvmCoverage       *coverage)
{
  g_autofree char *groups = tvm_groups_to_text ((const char *const *) request->groups);
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT count(*), " TVM_COUNT_JOINED ("1") ", " TVM_COUNT_SAME ("1")
                  TVM_FROM_COVERED, "Isii", key, groups, 0, request->no_impact_only);

  *coverage = (TvmCoverage) { .covered = -1 };
  if (tvm_db_next (db, row))
    {
      coverage->covered = sqlite3_column_int (row, 0);
      coverage->joined = sqlite3_column_int (row, 1);
      coverage->same = sqlite3_column_int (row, 2);
    }
  tvm_db_reset (row);
  if (request->no_impact_only)
    count_impacts (db, coverage, key, groups);
  tvm_coverage_plan (coverage, request->create_ticket &&
                     request->type != TVM_TYPE_ATTENTION_REQUIRED, request->split);
}

/* Only what meets the request stays. */
static void
find_priors (TvmDb             *db,
             const TvmRequest  *request,
             TvmRequestFacts   *facts)
{
  g_autoptr(GPtrArray) all = tvm_priors_load (db, request->recommendation_id);
  g_autoptr(GPtrArray) meeting =
    tvm_priors_meeting (all, (const char *const *) request->groups);

  facts->priors = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_prior_free);
  for (guint i = 0; i < meeting->len; i++)
    {
      guint position;

      if (g_ptr_array_find (all, meeting->pdata[i], &position))
        g_ptr_array_add (facts->priors, g_ptr_array_steal_index (all, position));
    }
}

/* What the request is about, what it covers and what it meets; then it is judged. */
static void
find_facts (TvmDb             *db,
            const RequestData *data)
{
  const TvmRequest *request = data->request;
  TvmRequestFacts *facts = data->facts;
  g_autoptr(GError) refusal = NULL;

  facts->recommendation = tvm_recommendation_load (db, request->recommendation_id);
  if (facts->recommendation == NULL)
    return;
  count_coverage (db, request, facts->recommendation->key, &facts->coverage);
  facts->groups = tvm_group_counts_load (db, facts->recommendation->id);
  find_priors (db, request, facts);
  if (facts->recommendation->devices_synced_us != 0)  /* else they may be known only after that */
    tvm_refs_check_groups (db, (const char *const *) request->groups);
  if (tvm_db_is_good (db) && data->submission->check != NULL &&
      !data->submission->check (request, facts, data->submission, &refusal))
    tvm_db_fail (db, refusal->code, "%s", refusal->message);
}

/* The devices go group by group, so that a ticket holds as few device groups as its size allows.
 * Those that are the same in Entra go together, and count once. */
static void
insert_ticket (TvmDb *db,
               gint64 activity_key,
               int    position,
               gint64 hold_us)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *marker = g_strconcat ("TVM-", uuid, NULL);
  gint64 now_us = tvm_now_us ();
  gint64 ticket_key;

  tvm_db_run (db, "INSERT INTO ticket (activity_key, marker, status, devices, created_us, "
              "changed_us, next_attempt_us) VALUES (?1, ?2, ?3, 0, ?4, ?4, ?5)", "IsiII",
              activity_key, marker, TVM_TICKET_OUTBOX, now_us, hold_us > 0 ? now_us + hold_us : 0);
  if (!tvm_db_is_good (db))
    return;
  ticket_key = sqlite3_last_insert_rowid (db->handle);
  tvm_db_run (db, "INSERT INTO ticket_device (ticket_key, device_key) SELECT ?1, t.device_key"
              TVM_FROM_PLACES ("x.device_key", " FROM target x JOIN device d ON d.key = "
                               "x.device_key WHERE x.activity_key = ?2")
              "WHERE t.is_joined AND t.place > ?4 AND t.place <= ?4 + ?3", "IIii", ticket_key,
              activity_key, TVM_TICKET_MAX_DEVICES, position * TVM_TICKET_MAX_DEVICES);
  tvm_db_run (db, "UPDATE ticket SET devices = (SELECT " TVM_COUNT_IN_ENTRA ("1")
              " FROM ticket_device l JOIN device d ON d.key = l.device_key WHERE l.ticket_key = "
              "?1) WHERE key = ?1", "I", ticket_key);
}

static TvmActivity *
load_activity (TvmDb *db,
               gint64 key)
{
  return tvm_table_find (db, &tvm_activity_table, "WHERE a.key = ?1", "I", key);
}

/* What would be stored. */
static TvmActivity *
preview_activity (const RequestData *data)
{
  const TvmRequest *request = data->request;
  const TvmRecommendation *recommendation = data->facts->recommendation;
  gboolean is_plain = request->type == TVM_TYPE_ATTENTION_REQUIRED;
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup ("");
  activity->title = tvm_activity_title (request, recommendation);
  activity->recommendation_id = g_strdup (recommendation->id);
  activity->related_component = g_strdup (recommendation->related_component);
  activity->notes = tvm_note_clean (request->notes);
  activity->groups = request->groups != NULL ? g_strdupv (request->groups) : g_new0 (char *, 1);
  activity->type = request->type;
  activity->priority = is_plain ? TVM_PRIORITY_NONE : request->priority;
  activity->status = TVM_STATUS_ACTIVE;
  activity->origin = TVM_ORIGIN_LOCAL;
  activity->due_on = g_strdup (request->due_on);
  activity->policy_reason = is_plain ? NULL : g_strdup (request->policy_reason);
  activity->created_by = g_strdup (data->submission->who);
  activity->created_us = tvm_now_us ();
  activity->target_devices = data->facts->coverage.covered;
  activity->fixed_devices = is_plain ? -1 : 0;
  activity->no_impact_only = request->no_impact_only;
  activity->n_tickets = data->facts->coverage.n_tickets;
  activity->ticket_status = activity->n_tickets > 0 ? TVM_TICKET_OUTBOX : TVM_TICKET_UNKNOWN;
  return activity;
}

static gint64
insert_activity (TvmDb       *db,
                 RequestData *data,
                 const char  *groups)
{
  const TvmRequest *request = data->request;
  g_autofree char *id = g_uuid_string_random (), *notes = tvm_note_clean (request->notes);
  g_autofree char *title = tvm_activity_title (request, data->facts->recommendation);
  gboolean is_plain = request->type == TVM_TYPE_ATTENTION_REQUIRED;

  tvm_db_run (db, "INSERT INTO activity (id, title, recommendation_id, related_component, notes, "
              "groups, type, priority, status, completion, due_on, created_by, created_us, "
              "completed_us, target_devices, fixed_devices, no_impact_only, origin, "
              "policy_reason) SELECT ?1, ?2, "
              "r.id, coalesce (r.related_component, "
              "r.product), ?4, ?5, ?6, ?7, TVM_STATUS_ACTIVE, TVM_COMPLETION_NONE, ?8, ?9, ?10, 0, "
              "0, ?11, ?12, TVM_ORIGIN_LOCAL, ?13 FROM recommendation r "
              "WHERE r.id = ?3", "sssssiissIiis", id, title, request->recommendation_id,
              notes, groups, request->type,
              is_plain ? TVM_PRIORITY_NONE : request->priority,
              is_plain ? NULL : request->due_on, data->submission->who, tvm_now_us (),
              is_plain ? -1 : 0, request->no_impact_only,
              is_plain ? NULL : request->policy_reason);
  return sqlite3_last_insert_rowid (db->handle);
}

static void
submit (TvmDb *db, gpointer user_data)
{
  RequestData *data = user_data;
  const TvmRequest *request = data->request;
  const TvmCoverage *coverage = &data->facts->coverage;
  g_autofree char *groups = tvm_groups_to_text ((const char *const *) request->groups);
  gint64 key;

  find_facts (db, data);
  if (!tvm_db_is_good (db))
    return;
  if (data->submission->dry_run)
    {
      data->activity = preview_activity (data);
      return;
    }
  key = insert_activity (db, data, groups);
  tvm_db_run (db, "INSERT INTO target (activity_key, device_key, is_exposed) SELECT ?3, "
              "e.device_key, 1" TVM_FROM_COVERED, "IsIi", data->facts->recommendation->key, groups,
              key, request->no_impact_only);
  tvm_db_run (db, "UPDATE activity SET target_devices = ?2 WHERE key = ?1", "Ii", key,
              coverage->covered);
  tvm_progress_note (db, key);
  tvm_history_add_counted (db, key, "requested", data->submission->who, request->policy_reason,
                           coverage->covered, NULL,
                           tvm_activity_status_to_word (TVM_STATUS_ACTIVE));
  for (int i = 0; i < coverage->n_tickets && tvm_db_is_good (db); i++)
    insert_ticket (db, key, i, data->submission->hold_us);
  db->changes |= coverage->n_tickets > 0 ? TVM_CHANGED_OUTBOX : 0;
  data->activity = load_activity (db, key);
  tvm_team_note_request (db, data->activity);
  db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES;
}

/**
 * tvm_store_submit:
 * @self: a store
 * @request: a filled-in form
 * @submission: who submits it, and how
 * @out_facts: (out) (nullable): what it is about, covers and meets, as far as it came to that, also
 *   on error; to be cleared
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_INVALID (an unknown group), or what
 *   the submission's check refuses with
 *
 * One look at the store tells what the form covers and who asked for the same (R20), lets that be
 * judged, and makes the activity, its frozen targets and its tickets in the outbox, all or nothing
 * (R4).
 *
 * Returns: (transfer full): the activity, or %NULL on error
 */
TvmActivity *
tvm_store_submit (TvmStore            *self,
                  const TvmRequest    *request,
                  const TvmSubmission *submission,
                  TvmRequestFacts     *out_facts,
                  GError             **error)
{
  g_auto(TvmRequestFacts) unused = TVM_REQUEST_FACTS_INIT;
  RequestData data = { .request = request, .submission = submission,
                       .facts = out_facts != NULL ? out_facts : &unused };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  *data.facts = (TvmRequestFacts) TVM_REQUEST_FACTS_INIT;
  if (!(submission->dry_run ? tvm_store_read : tvm_store_write) (self, submit, &data, error))
    g_clear_pointer (&data.activity, tvm_activity_unref);
  return data.activity;
}

static void
complete (TvmDb *db, gpointer user_data)
{
  RequestData *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->id);
  g_autoptr(GError) refusal = NULL;
  sqlite3_stmt *row;

  row = tvm_db_query (db, "SELECT origin, status FROM activity WHERE key = ?1", "I", key);
  if (tvm_db_next (db, row))
    tvm_activity_may_complete (sqlite3_column_int (row, 0), sqlite3_column_int (row, 1), &refusal);
  tvm_db_reset (row);
  if (refusal != NULL)
    {
      tvm_db_fail (db, TVM_ERROR_CONFLICT, "%s", refusal->message);
      return;
    }
  tvm_db_run (db, "UPDATE activity SET status = TVM_STATUS_COMPLETED, completion = ?2, "
              "completed_by = ?3, completed_us = ?4 "
              "WHERE key = ?1 AND status = TVM_STATUS_ACTIVE", "IisI", key, TVM_COMPLETION_MANUAL,
              data->who, tvm_now_us ());
  tvm_history_add_change (db, key, "completed-manual", data->who, data->note,
                          tvm_activity_status_to_word (TVM_STATUS_ACTIVE),
                          tvm_activity_status_to_word (TVM_STATUS_COMPLETED));
  tvm_team_note (db, key, TVM_EVENT_COMPLETED, data->who, data->note);
  db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_RECOMMENDATIONS;
}

/**
 * tvm_store_complete:
 * @self: a store
 * @activity_id: an activity requested here
 * @completed_by: (nullable): the person's e-mail address
 * @note: (nullable): why, for the history
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_CONFLICT
 *
 * Marks it as completed by hand (R7).
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_complete (TvmStore   *self,
                    const char *activity_id,
                    const char *completed_by,
                    const char *note,
                    GError    **error)
{
  g_autofree char *clean = tvm_note_clean (note);
  RequestData data = { .id = activity_id, .who = completed_by, .note = clean };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, complete, &data, error);
}

/* Only the person's own mark, and only for a moment: what was archived stays as it is. */
static void
undo_complete (TvmDb *db, gpointer user_data)
{
  RequestData *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->id);
  g_autofree char *recommendation_id = NULL;

  if (!tvm_db_is_good (db))
    return;
  if (tvm_db_run (db, "UPDATE activity SET status = TVM_STATUS_ACTIVE, completion = "
                  "TVM_COMPLETION_NONE, completed_by = NULL, "
                  "completed_us = 0 WHERE key = ?1 AND status = TVM_STATUS_COMPLETED AND "
                  "completion = ?2 AND origin = TVM_ORIGIN_LOCAL AND completed_us > ?3", "IiI", key,
                  TVM_COMPLETION_MANUAL,
                  tvm_now_us () - TVM_UNDO_US) == 0)
    {
      tvm_db_fail (db, TVM_ERROR_CONFLICT,
                   _("This completion cannot be undone any more. Request remediation again to go "
                     "on."));
      return;
    }
  tvm_history_add_change (db, key, "completion-undone", data->who, NULL,
                          tvm_activity_status_to_word (TVM_STATUS_COMPLETED),
                          tvm_activity_status_to_word (TVM_STATUS_ACTIVE));
  tvm_team_note (db, key, TVM_EVENT_REOPENED, data->who, NULL);
  recommendation_id =
    tvm_db_get_text (db, "SELECT recommendation_id FROM activity WHERE key = ?1", "I", key);
  if (recommendation_id != NULL)
    tvm_progress_recompute (db, recommendation_id, NULL);
  db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_RECOMMENDATIONS;
}

/**
 * tvm_store_undo_complete:
 * @self: a store
 * @activity_id: an activity that was marked as completed a moment ago
 * @who: (nullable): the person's e-mail address
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_CONFLICT
 *
 * Makes it active again, with the progress that its devices have now. The history tells both.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_undo_complete (TvmStore   *self,
                         const char *activity_id,
                         const char *who,
                         GError    **error)
{
  RequestData data = { .id = activity_id, .who = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, undo_complete, &data, error);
}

/* Only one's own request, and only for a moment: until then nobody else can have built on it. */
static gboolean
may_undo_request (TvmDb      *db,
                  gint64      key,
                  const char *who)
{
  g_autoptr(GArray) tickets = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean is_fresh = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity WHERE key = ?1 "
                                      "AND status = TVM_STATUS_ACTIVE AND origin = "
                                      "TVM_ORIGIN_LOCAL AND created_us > ?2 AND created_by IS ?3)",
                                      "IIs", key, tvm_now_us () - TVM_UNDO_US, who) != 0;
  gboolean is_sent = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM ticket WHERE activity_key "
                                     "= ?1 AND (id IS NOT NULL OR was_sent <> 0))", "I", key) != 0;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT key FROM ticket WHERE activity_key = ?1", "I", key);

  while (tvm_db_next (db, row))
    {
      gint64 ticket_key = sqlite3_column_int64 (row, 0);

      g_array_append_val (tickets, ticket_key);
    }
  if (tvm_db_get_int (db, "SELECT status = TVM_STATUS_COMPLETED FROM activity WHERE key = ?1", "I",
                      key) == 1)
    tvm_db_fail (db, TVM_ERROR_CONFLICT, _("The activity is completed already, so the request "
                                           "stays."));
  else if (is_sent)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("Its ticket was sent already, so the request stays. The ticket can still be "
                   "withdrawn."));
  else if (!is_fresh)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("This request cannot be undone: only who made it can do that, and only for a "
                   "moment."));
  for (guint i = 0; i < tickets->len && tvm_db_is_good (db); i++)
    tvm_outbox_check_claim (db, g_array_index (tickets, gint64, i));
  return tvm_db_is_good (db);
}

static void
undo_request (TvmDb *db, gpointer user_data)
{
  RequestData *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->id);

  if (!tvm_db_is_good (db) || !may_undo_request (db, key, data->who))
    return;
  tvm_team_forget_request (db, data->id);
  tvm_history_add_change (db, key, "request-undone", data->who, NULL,
                          tvm_activity_status_to_word (TVM_STATUS_ACTIVE), NULL);
  tvm_db_run (db, "DELETE FROM activity WHERE key = ?1", "I", key);
  db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES |
                 TVM_CHANGED_OUTBOX;
}

/**
 * tvm_store_undo_request:
 * @self: a store
 * @activity_id: an activity that was requested a moment ago
 * @who: (nullable): the person's e-mail address, who requested it
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_CONFLICT (a ticket of it was sent
 *   or is being sent, or it is another's or too long ago)
 *
 * Takes the activity, its targets and its tickets out of the outbox back in one transaction, as if
 * it was never made; its history stays and says so.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_undo_request (TvmStore   *self,
                        const char *activity_id,
                        const char *who,
                        GError    **error)
{
  RequestData data = { .id = activity_id, .who = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, undo_request, &data, error);
}

/* What was completed before ?1, would not come back, and has nothing in the outbox. */
#define OUTLIVED \
  "a.status = TVM_STATUS_COMPLETED AND a.origin = TVM_ORIGIN_LOCAL AND a.completed_us > 0 AND " \
  "a.completed_us < ?1 AND NOT EXISTS (SELECT 1 FROM ticket WHERE activity_key = a.key AND " \
  TVM_IN_OUTBOX ")"

static void
apply_retention (TvmDb *db, gpointer data)
{
  gint64 cutoff_us = tvm_retention_cutoff_us (db, data);

  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM setting WHERE name = 'retention-action' "
                      "AND value = 'delete')", "") == 0)
    return;
  tvm_db_run (db, "INSERT INTO history (activity_key, kind, count, when_us, detail) SELECT a.key, "
              "'deleted', a.target_devices, ?2, a.title FROM activity a WHERE " OUTLIVED
              " ORDER BY a.key", "II", cutoff_us, tvm_now_us ());
  if (tvm_db_run (db, "DELETE FROM activity AS a WHERE " OUTLIVED, "I", cutoff_us) > 0)
    db->changes |= TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_apply_retention:
 * @self: a store
 * @today: the local date, YYYY-MM-DD
 * @error: return location for a #TvmError
 *
 * With the setting retention-action "delete", deletes the activities requested here that have left
 * the Remediation page (R8); those of the portal would come back, so they are only hidden. One
 * with a ticket in the outbox stays until that is settled.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_apply_retention (TvmStore   *self,
                           const char *today,
                           GError    **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, apply_retention, (gpointer) today, error);
}
