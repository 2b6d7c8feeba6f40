/* tvm-store-records.c: the tables of the records, and what of a record is no column but an
 * expression over others. On a connection's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-said.h"
#include "tvm-time.h"

static const TvmExpression recommendation_expressions[] = {
  { "status", TVM_RECOMMENDATION_STATUS },
  { "exposed_after", TVM_EXPOSED_AFTER },
  { "exposure_impact_after", TVM_IMPACT_AFTER ("r.exposure_impact") },
  { "config_score_impact_after", TVM_IMPACT_AFTER ("r.config_score_impact") },
  { "known_exploited", TVM_ANY_EXPLOITED },
  { "epss", TVM_HIGHEST_EPSS },
  { "n_activities",
    "iif (EXISTS (SELECT 1 FROM activity a WHERE a.recommendation_id = r.id AND " TVM_IS_UNTOLD
    "), -1, " TVM_OPEN_ACTIVITIES ")" },
  { NULL }
};
TvmTable tvm_recommendation_table = {
  .name = "recommendation", .alias = "r", .from = "FROM recommendation r ",
  .fields = &tvm_recommendation_fields, .expressions = recommendation_expressions,
  .scope = "1", .mark = "is_listed", .mark_value = 1,
};

/* Probing each recommendation is what spares the exposure table a second index. */
static const TvmExpression device_expressions[] = {
  { "in_inventory", TVM_IN_INVENTORY },
  { "n_recommendations",
    "(SELECT count(*) FROM recommendation r WHERE r.is_listed = 1 AND EXISTS (SELECT 1 FROM "
    "exposure e WHERE e.recommendation_key = r.key AND e.device_key = d.key))" },
  { "n_activities",
    "(SELECT iif (max (" TVM_IS_UNTOLD "), -1, count(*)) FROM activity a WHERE "
    TVM_HAS_EXPOSED ("d.key") ")" },
  { NULL }
};
TvmTable tvm_device_table = {
  .name = "device", .alias = "d", .from = "FROM device d ", .fields = &tvm_device_fields,
  .expressions = device_expressions, .scope = "1", .mark = "in_inventory", .mark_value = 1,
};
static const TvmExpression plain_device_expressions[] = {
  { "in_inventory", TVM_IN_INVENTORY },
  { "n_recommendations", "0" }, { "n_activities", "0" }, { NULL }
};
TvmTable tvm_plain_device_table = {
  .name = "device", .alias = "d", .from = "FROM device d ", .fields = &tvm_device_fields,
  .expressions = plain_device_expressions,
};

#define FIXES \
  "recommendation_vulnerability l JOIN recommendation r ON r.key = l.recommendation_key WHERE " \
  "l.vulnerability_key = v.key AND r.is_listed = 1"
/* Not known where nothing fixes it as far as is known, and the CVEs of some were never pulled, or
 * nothing names a device that has it. */
#define UNLESS_UNKNOWN(count) \
  "iif (NOT EXISTS (SELECT 1 FROM " FIXES ") AND (" TVM_CVE_UNNAMED " OR EXISTS (SELECT 1 FROM " \
  "recommendation r WHERE r.is_listed = 1 AND " TVM_CVES_UNKNOWN ")), -1, " count ")"
static const TvmExpression vulnerability_expressions[] = {
  { "known_exploited", TVM_KNOWN_EXPLOITED },
  { "known_ransomware",
    "coalesce ((SELECT k.ransomware FROM known_exploited k WHERE k.id = v.id), -1)" },
  { "known_exploited_due_on", "(SELECT k.due_on FROM known_exploited k WHERE k.id = v.id)" },
  { "n_recommendations", UNLESS_UNKNOWN ("(SELECT count(*) FROM " FIXES ")") },
  { "n_activities",
    UNLESS_UNKNOWN (
      "(SELECT iif (max (" TVM_IS_UNTOLD ") OR (count(*) = 0 AND " TVM_MAY_HAVE_MORE "), -1, "
      "count(*)) FROM activity "
      "a WHERE a.status <> TVM_STATUS_COMPLETED AND a.recommendation_id IN (SELECT r.id "
      "FROM " FIXES "))") },
  { "n_exceptions",
    UNLESS_UNKNOWN (
      "(SELECT count(*) FROM exception x WHERE " TVM_EXCEPTION_STATUS " = TVM_EXCEPTION_ACTIVE AND "
      "x.recommendation_id IN (SELECT r.id FROM " FIXES "))") },
  { NULL }
};
TvmTable tvm_vulnerability_table = {
  .name = "vulnerability", .alias = "v", .from = "FROM vulnerability v ",
  .fields = &tvm_vulnerability_fields, .expressions = vulnerability_expressions, .scope = "1",
};
/* As the tenant's list of them speaks about it. */
TvmTable tvm_weakness_table = {
  .name = "vulnerability", .alias = "v", .from = "FROM vulnerability v ",
  .fields = &tvm_vulnerability_fields, .expressions = vulnerability_expressions, .scope = "1",
  .mark = "is_listed", .mark_value = 1,
};

static const TvmExpression ticket_expressions[] = {
  { "activity_id", "a.id" },
  { "outbox_key", "iif (k.id IS NULL OR k.withdraw_us <> 0, k.key, 0)" },
  { NULL }
};
TvmTable tvm_ticket_table = {
  .name = "ticket", .alias = "k",
  .from = "FROM ticket k JOIN activity a ON a.key = k.activity_key ",
  .fields = &tvm_ticket_fields, .expressions = ticket_expressions,
};

/* What attention required does not have (R3) is none whatever its row says. */
static const TvmExpression activity_expressions[] = {
  { "groups", TVM_ACTIVITY_GROUPS },
  { "due_on", "iif (a.type = TVM_TYPE_ATTENTION_REQUIRED, NULL, a.due_on)" },
  { "fixed_devices", "iif (a.type = TVM_TYPE_ATTENTION_REQUIRED, -1, a.fixed_devices)" },
  { "ticket_status", "iif (a.type = TVM_TYPE_ATTENTION_REQUIRED, NULL, " TVM_TICKET_STATUS ")" },
  { "said", "iif (" TVM_FIRST_TICKET ("k.said") " IS NULL, a.said, coalesce (a.said || char (10), "
    "'') || 'ticket_' || " TVM_FIRST_TICKET ("k.said") ")" },
  { "n_tickets", "(SELECT count(*) FROM ticket k WHERE k.activity_key = a.key)" },
  { "twin_id", TVM_TWIN_ID },
  { "disagreements", TVM_DISAGREEMENTS },
  { NULL }
};
TvmTable tvm_activity_table = {
  .name = "activity", .alias = "a", .from = "FROM activity a ", .fields = &tvm_activity_fields,
  .expressions = activity_expressions, .scope = "origin = TVM_ORIGIN_DEFENDER", .mark = "origin",
  .mark_value = TVM_ORIGIN_DEFENDER,
};

/**
 * tvm_activities_fill_untold:
 * @db: the writer's connection
 * @activities: (inout) (element-type TvmActivity): the portal's list, as it arrived
 *
 * A row that does not even tell the activity's status tells nothing that could be believed: what
 * was known of it takes its place. So does a due date that was told and now is not; where the
 * portal says that there is none it is empty, and becomes %NULL here.
 *
 * Returns: of how many that was so
 */
guint
tvm_activities_fill_untold (TvmDb     *db,
                            GPtrArray *activities)
{
  guint n_untold = 0;

  for (guint i = 0; i < activities->len; i++)
    {
      TvmActivity *activity = activities->pdata[i];
      sqlite3_stmt *row;

      if (g_strcmp0 (activity->due_on, "") == 0)
        g_clear_pointer (&activity->due_on, g_free);
      else if (activity->due_on == NULL && activity->type != TVM_TYPE_ATTENTION_REQUIRED)
        activity->due_on = tvm_db_get_text (db, "SELECT due_on FROM activity WHERE id = ?1 AND "
                                            "origin = TVM_ORIGIN_DEFENDER", "s", activity->id);
      if (activity->status != TVM_STATUS_UNKNOWN ||
          tvm_said_find ((const char *const *) activity->said, "status") != NULL)
        continue;
      n_untold++;
      row = tvm_table_query (db, &tvm_activity_table, "WHERE a.id = ?1 AND a.origin = "
                             "TVM_ORIGIN_DEFENDER AND a.status IN (TVM_STATUS_ACTIVE, "
                             "TVM_STATUS_COMPLETED)", "s", activity->id);
      if (tvm_db_next (db, row))
        {
          activities->pdata[i] = tvm_table_read (&tvm_activity_table, row);
          tvm_activity_unref (activity);
        }
      tvm_db_reset (row);
    }
  return n_untold;
}

static const TvmExpression target_expressions[] = {
  { "key", "t.device_key" },
  { "state", TVM_TARGET_STATE },
  { "changed_us", "max (coalesce (t.remediated_us, 0), coalesce (t.exposed_again_us, 0))" },
  { "ticket_id", TVM_TARGET_TICKET ("k.id") },
  { "left_out", TVM_TARGET_LEFT_OUT },
  { NULL }
};
TvmTable tvm_target_table = {
  .name = "target", .alias = "d", .from = TVM_FROM_TARGETS, .fields = &tvm_target_fields,
  .expressions = target_expressions,
};
/* The devices that a request's tickets would leave out. */
static const TvmExpression left_out_expressions[] = {
  { "state", "TVM_DEVICE_EXPOSED", TRUE },
  { "changed_us", "0", TRUE },
  { "ticket_id", "NULL", TRUE },
  { "left_out", TVM_LEFT_OUT_REASON },
  { NULL }
};
TvmTable tvm_left_out_table = {
  .name = "device", .alias = "d", .from = "FROM device d ", .fields = &tvm_target_fields,
  .expressions = left_out_expressions,
};

#define EXCEPTION_GROUPS(is_cancelled) \
  "(SELECT group_concat (name, char (10)) FROM (SELECT g.name FROM exception_group g WHERE " \
  "g.exception_key = x.key AND g.is_cancelled = " is_cancelled " ORDER BY g.name))"
static const TvmExpression exception_expressions[] = {
  { "groups", EXCEPTION_GROUPS ("0") },
  { "cancelled_groups", EXCEPTION_GROUPS ("1") },
  { "status", TVM_EXCEPTION_STATUS },
  { "devices", TVM_EXCEPTION_DEVICES },
  { "weaknesses_now", "coalesce (r.weaknesses, x.weaknesses)" },
  { "exploit_now", "coalesce (r.public_exploit, -1)" },
  { NULL }
};

static void
settle_exception (gpointer record)
{
  TvmException *x = record;
  g_autofree char *today = tvm_today ();

  if (!tvm_exception_holds (x, today))
    return;
  if (tvm_exception_ends_soon (x, today))
    x->review |= TVM_REVIEW_ENDS_SOON;
  if (x->exploit_now == TVM_TRUTH_YES && x->exploit_then == TVM_TRUTH_NO)
    x->review |= TVM_REVIEW_NEW_EXPLOIT;
  if (x->weaknesses_then >= 0 && x->weaknesses_now > x->weaknesses_then)
    x->review |= TVM_REVIEW_NEW_CVES;
  if (x->new_groups[0] != NULL)
    x->review |= TVM_REVIEW_NEW_GROUPS;
}

TvmTable tvm_exception_table = {
  .name = "exception", .alias = "x",
  .from = "FROM exception x LEFT JOIN recommendation r ON r.id = x.recommendation_id ",
  .fields = &tvm_exception_fields, .expressions = exception_expressions,
  .settle = settle_exception,
};
