/* tvm-store-query.c: a TvmQuery as SQL. The text is made of fixed fragments only; everything a
 * person typed is bound. On a connection's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <string.h>

#define DEFAULT_RETENTION_DAYS 180
#define IS_DUE \
  "(a.status <> TVM_STATUS_COMPLETED AND a.type <> TVM_TYPE_ATTENTION_REQUIRED AND a.due_on <> '' "
#define IS_DUE_UNTIL IS_DUE "AND a.due_on <= "
#define IS_OVERDUE   IS_DUE "AND a.due_on < "

/**
 * tvm_query_new:
 * @kind: a kind of list
 *
 * Returns: (transfer full): a query for all of it, in its natural order
 */
TvmQuery *
tvm_query_new (TvmListKind kind)
{
  TvmQuery *self = g_new0 (TvmQuery, 1);

  self->kind = kind;
  self->target_state = -1;
  return self;
}

/**
 * tvm_query_copy:
 * @self: a query
 *
 * Returns: (transfer full): a copy; it shares the keys, which nobody may change any more
 */
TvmQuery *
tvm_query_copy (const TvmQuery *self)
{
  TvmQuery *copy = g_memdup2 (self, sizeof *self);

  copy->search = g_strdup (self->search);
  copy->sort = g_strdup (self->sort);
  copy->created_by = g_strdup (self->created_by);
  copy->assignee = g_strdup (self->assignee);
  copy->approver = g_strdup (self->approver);
  copy->due_until = g_strdup (self->due_until);
  copy->activity_id = g_strdup (self->activity_id);
  copy->recommendation_id = g_strdup (self->recommendation_id);
  copy->cve = g_strdup (self->cve);
  copy->component = g_strdup (self->component);
  copy->device_group = g_strdup (self->device_group);
  copy->groups = g_strdupv (self->groups);
  copy->keys = self->keys != NULL ? g_array_ref (self->keys) : NULL;  /* nobody changes it */
  return copy;
}

/**
 * tvm_query_free:
 * @self: (transfer full) (nullable): a query
 */
void
tvm_query_free (TvmQuery *self)
{
  if (self == NULL)
    return;
  g_free (self->search);
  g_free (self->sort);
  g_free (self->created_by);
  g_free (self->assignee);
  g_free (self->approver);
  g_free (self->due_until);
  g_free (self->activity_id);
  g_free (self->recommendation_id);
  g_free (self->cve);
  g_free (self->component);
  g_free (self->device_group);
  g_strfreev (self->groups);
  g_clear_pointer (&self->keys, g_array_unref);
  g_free (self);
}

/**
 * tvm_sql_init:
 * @self: (out caller-allocates): a statement in the making, empty; tvm_sql_clear() frees what is in
 *   it
 */
void
tvm_sql_init (TvmSql *self)
{
  self->sql = g_string_new (NULL);
  self->values = g_array_new (FALSE, FALSE, sizeof (TvmValue));
  self->chunk = g_string_chunk_new (256);
}

/**
 * tvm_sql_clear:
 * @self: a statement in the making, whose statement was reset
 */
void
tvm_sql_clear (TvmSql *self)
{
  g_string_free (self->sql, TRUE);
  g_array_unref (self->values);
  g_string_chunk_free (self->chunk);
}

/**
 * tvm_sql_bind:
 * @self: (inout): a statement in the making
 * @value: the value of the next "?n", of which a text is copied; n is the number of values
 *   afterwards
 */
void
tvm_sql_bind (TvmSql  *self,
              TvmValue value)
{
  if (value.type == 's' && value.text != NULL)
    value.text = g_string_chunk_insert (self->chunk, value.text);
  g_array_append_val (self->values, value);
}

/**
 * tvm_sql_query:
 * @self: a statement; its values must outlive the last step
 * @db: a connection
 *
 * Returns: (transfer none) (nullable): the statement for tvm_db_next(); %NULL after an error
 */
sqlite3_stmt *
tvm_sql_query (TvmSql *self,
               TvmDb  *db)
{
  sqlite3_stmt *statement = tvm_db_prepare (db, self->sql->str);

  for (guint i = 0; statement != NULL && i < self->values->len; i++)
    tvm_db_bind_value (statement, (int) i + 1, &g_array_index (self->values, TvmValue, i));
  return statement;
}

/**
 * tvm_sql_and:
 * @self: (inout): a statement after WHERE and a first condition
 * @condition: another one, in which "$" stands for the value
 * @value: the value
 */
void
tvm_sql_and (TvmSql     *self,
             const char *condition,
             TvmValue    value)
{
  tvm_sql_bind (self, value);
  g_string_append (self->sql, " AND ");
  for (const char *c = condition; *c != '\0'; c++)
    if (*c == '$')
      g_string_append_printf (self->sql, "?%u", self->values->len);
    else
      g_string_append_c (self->sql, *c);
}

/**
 * tvm_retention_cutoff_us:
 * @db: a connection
 * @today: the local date, YYYY-MM-DD
 *
 * Looks at the setting retention-days (180 where it is not set); that day is the last one.
 *
 * Returns: the instant before which a completed activity has left the Remediation page (R8), in
 *   microseconds since 1970 UTC: that at which the last day it shows begins; 0 where there is no
 *   such date
 */
gint64
tvm_retention_cutoff_us (TvmDb      *db,
                         const char *today)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT value FROM setting WHERE name = 'retention-days'",
                                    "");
  gint64 days = DEFAULT_RETENTION_DAYS;
  g_autofree char *date = NULL;

  if (tvm_db_next (db, row))
    days = CLAMP (g_ascii_strtoll (tvm_db_text (row, 0), NULL, 10), 0, 36500);
  tvm_db_reset (row);
  date = tvm_date_add_days (today, (int) -days);
  return date != NULL ? tvm_start_of_date (date) : 0;
}

/* One value however many there are: SQLite limits how many can be bound. */
static void
add_keys_condition (TvmSql     *self,
                    const char *condition,
                    GArray     *keys)
{
  g_autoptr(GString) text = g_string_new ("[");

  for (guint i = 0; i < keys->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                            g_array_index (keys, gint64, i));
  g_string_append_c (text, ']');
  tvm_sql_and (self, condition, TVM_VALUE_TEXT (text->str));
}

static void
add_activity_scope (TvmSql         *self,
                    TvmDb          *db,
                    const TvmQuery *query)
{
  g_autofree char *today = tvm_today ();
  TvmValue cutoff = TVM_VALUE_INT (tvm_retention_cutoff_us (db, today));

  if (query->keys != NULL)
    {
      add_keys_condition (self, "a.key IN (SELECT value FROM json_each ($))", query->keys);
      return;
    }
  if (!query->archived && query->past == 0)
    tvm_sql_and (self, "NOT (a.status = TVM_STATUS_COMPLETED AND a.completed_us > 0 AND "
                         "a.completed_us < $)", cutoff);
  if (query->archived)
    tvm_sql_and (self, "a.status = TVM_STATUS_COMPLETED AND a.completed_us > 0 AND "
                   "a.completed_us < $ AND NOT EXISTS (SELECT 1 FROM "
                   "setting WHERE name = 'retention-action' AND value = 'delete')", cutoff);
  if (query->recommendation_id != NULL)
    tvm_sql_and (self, "a.recommendation_id = $", TVM_VALUE_TEXT (query->recommendation_id));
}

static void
add_exception_filters (TvmSql         *self,
                       const TvmQuery *query)
{
  if (query->status != 0)
    tvm_sql_and (self, TVM_EXCEPTION_STATUS " = $", TVM_VALUE_INT (query->status));
  if (query->type != 0)
    tvm_sql_and (self, "x.type = $", TVM_VALUE_INT (query->type));
  if (query->justification != 0)
    tvm_sql_and (self, "x.justification = $", TVM_VALUE_INT (query->justification));
  if (query->created_by != NULL)
    tvm_sql_and (self, "x.created_by = $ COLLATE NOCASE", TVM_VALUE_TEXT (query->created_by));
  if (query->approver != NULL)
    tvm_sql_and (self, TVM_EXCEPTION_STATUS " = TVM_EXCEPTION_REQUESTED AND x.created_by IS NOT $ "
                 "COLLATE NOCASE", TVM_VALUE_TEXT (query->approver));
}

static void
add_weakness_filters (TvmSql         *self,
                      const TvmQuery *query)
{
  if (query->severity != 0)
    tvm_sql_and (self, query->or_untold ? "v.severity IN (-1, $)"
                                        : "v.severity = $", TVM_VALUE_INT (query->severity));
  if (query->exploit == TVM_EXPLOIT_ANY)
    g_string_append (self->sql, query->or_untold ? " AND " TVM_EXPLOIT " <> TVM_EXPLOIT_NONE"
                                                 : " AND " TVM_EXPLOIT " > TVM_EXPLOIT_NONE");
  else if (query->exploit != 0)
    tvm_sql_and (self, query->or_untold ? TVM_EXPLOIT " IN (-1, $)" : TVM_EXPLOIT " = $",
                 TVM_VALUE_INT (query->exploit));
  if (query->known_exploited_only)
    tvm_sql_and (self, TVM_KNOWN_EXPLOITED " IN (1, $)", TVM_VALUE_INT (query->or_untold ? -1 : 1));
}

static void
add_due_condition (TvmSql *self,
                   int     due)
{
  g_autofree char *today = tvm_today ();
  g_autofree char *last = tvm_date_add_days (today, TVM_DUE_SOON_DAYS);

  if (due == TVM_DUE_OVERDUE)
    tvm_sql_and (self, IS_OVERDUE "$)", TVM_VALUE_TEXT (today));
  else
    tvm_sql_and (self, IS_DUE_UNTIL "$)", TVM_VALUE_TEXT (last));
  if (due == TVM_DUE_SOON)
    tvm_sql_and (self, "a.due_on >= $", TVM_VALUE_TEXT (today));
}

static void
add_filters (TvmSql         *self,
             const TvmQuery *query)
{
  gboolean is_activities = query->kind == TVM_LIST_ACTIVITIES;

  if (query->search != NULL && *query->search != '\0')
    tvm_sql_add_search (self, query);
  tvm_sql_add_triage (self, query);
  if (query->kind == TVM_LIST_WEAKNESSES)
    add_weakness_filters (self, query);
  if (query->kind == TVM_LIST_TARGETS && query->target_state == TVM_TARGETS_LEFT)
    g_string_append (self->sql, " AND " TVM_TARGET_STATE " <> 0");
  else if (query->kind == TVM_LIST_TARGETS && query->target_state >= 0)
    tvm_sql_and (self, TVM_TARGET_STATE " = $", TVM_VALUE_INT (query->target_state));
  if (query->kind == TVM_LIST_TARGETS && query->left_out == TVM_LEFT_OUT_ANY)
    g_string_append (self->sql, " AND " TVM_TARGET_LEFT_OUT " <> 0");
  else if (query->kind == TVM_LIST_TARGETS && query->left_out != 0)
    tvm_sql_and (self, TVM_TARGET_LEFT_OUT " = $", TVM_VALUE_INT (query->left_out));
  if (query->kind == TVM_LIST_EXCEPTIONS)
    add_exception_filters (self, query);
  if (query->kind == TVM_LIST_DEVICES && query->status != 0)
    tvm_sql_and (self, "max (d.health, 0) + 1 = $", TVM_VALUE_INT (query->status));
  if (query->kind > TVM_LIST_ACTIVITIES)
    return;
  if (query->status == 1)  /* active, or nobody says that it is not */
    tvm_sql_and (self, is_activities ? "a.status <= $" : TVM_RECOMMENDATION_STATUS " <= $",
                   TVM_VALUE_INT (query->status));
  else if (query->status != 0)
    tvm_sql_and (self, is_activities ? "a.status = $" : TVM_RECOMMENDATION_STATUS " = $",
                   TVM_VALUE_INT (query->status));
  if (query->type != 0)
    tvm_sql_and (self, is_activities ? "a.type = $" : "r.type = $", TVM_VALUE_INT (query->type));
  if (!is_activities && query->excepted_there_only)
    g_string_append (self->sql, " AND r.status > TVM_RECOMMENDATION_ACTIVE");
  if (!is_activities)
    return;
  if (query->priority != 0)
    tvm_sql_and (self, "a.priority = $", TVM_VALUE_INT (query->priority));
  if (query->created_by != NULL)
    tvm_sql_and (self, "a.created_by = $ COLLATE NOCASE", TVM_VALUE_TEXT (query->created_by));
  if (query->assignee != NULL)
    tvm_sql_and (self, "a.assignee = $ COLLATE NOCASE", TVM_VALUE_TEXT (query->assignee));
  if (query->overdue_only)
    add_due_condition (self, TVM_DUE_OVERDUE);
  if (query->due != 0)
    add_due_condition (self, query->due);
  if (query->monitored_only)
    g_string_append (self->sql,
                     " AND a.type <> TVM_TYPE_ATTENTION_REQUIRED AND a.fixed_devices >= 0");
  if (query->disagreeing_only)
    g_string_append (self->sql, " AND " TVM_DISAGREEMENTS " <> 0");
  if (query->due_until != NULL)
    tvm_sql_and (self, IS_DUE_UNTIL "$)", TVM_VALUE_TEXT (query->due_until));
}

/**
 * tvm_target_context_load:
 * @db: a connection
 * @activity_key: key of an activity
 *
 * Tells the connection what the targets' states depend on beside the devices, for the SQL function
 * target_state(); good for that activity, now.
 */
void
tvm_target_context_load (TvmDb *db,
                         gint64 activity_key)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT a.type, a.groups, coalesce ((SELECT max "
                                    "(completed_us) FROM ticket k WHERE k.activity_key = a.key AND "
                                    "k.status = TVM_TICKET_COMPLETED), 0) FROM activity a "
                                    "WHERE a.key = ?1", "I", activity_key);

  g_clear_pointer (&db->target.groups, g_strfreev);
  db->target = (TvmTargetContext) { .now_us = tvm_now_us () };
  if (tvm_db_next (db, row))
    {
      const char *groups = tvm_db_text (row, 1);

      db->target.type = sqlite3_column_int (row, 0);
      db->target.groups = groups != NULL && *groups != '\0' ? g_strsplit (groups, "\n", -1) : NULL;
      db->target.ticket_completed_us = sqlite3_column_int64 (row, 2);
    }
  tvm_db_reset (row);
}

static void
add_left_out (TvmSql         *self,
              TvmDb          *db,
              const TvmQuery *query)
{
  g_autofree char *groups = tvm_groups_to_text ((const char *const *) query->groups);

  tvm_sql_bind (self, TVM_VALUE_INT (tvm_refs_recommendation_key (db, query->recommendation_id)));
  tvm_sql_bind (self, TVM_VALUE_TEXT (groups));
  tvm_sql_bind (self, TVM_VALUE_INT (query->split ? G_MAXINT : TVM_TICKET_MAX_DEVICES));
  tvm_sql_bind (self, TVM_VALUE_INT (query->no_impact_only));
  g_string_append (self->sql, TVM_FROM_LEFT_OUT);
}

/* The rows that are wanted, of a list whose rows have a key of their own. */
static void
add_keys (TvmSql         *self,
          const TvmQuery *query)
{
  static const char *const conditions[TVM_N_LISTS] = {
    [TVM_LIST_RECOMMENDATIONS] = "r.key IN (SELECT value FROM json_each ($))",
    [TVM_LIST_DEVICES] = "d.key IN (SELECT value FROM json_each ($))",
    [TVM_LIST_EXCEPTIONS] = "x.key IN (SELECT value FROM json_each ($))",
    [TVM_LIST_WEAKNESSES] = "v.key IN (SELECT value FROM json_each ($))",
  };

  if (query->keys != NULL && conditions[query->kind] != NULL)
    add_keys_condition (self, conditions[query->kind], query->keys);
}

/* FROM ... WHERE ..., with @filtered also search and filters. */
static void
add_from (TvmSql         *self,
          TvmDb          *db,
          const TvmQuery *query,
          gboolean        filtered)
{
  gint64 key;

  switch (query->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      g_string_append (self->sql, " FROM recommendation r WHERE r.is_listed = 1");
      break;
    case TVM_LIST_ACTIVITIES:
      g_string_append (self->sql, " FROM activity a WHERE 1");
      add_activity_scope (self, db, query);
      break;
    case TVM_LIST_TARGETS:
      key = tvm_refs_activity_key (db, query->activity_id);
      tvm_sql_bind (self, TVM_VALUE_INT (key));
      tvm_target_context_load (db, key);
      g_string_append (self->sql, " " TVM_FROM_TARGETS "WHERE 1");
      break;
    case TVM_LIST_LEFT_OUT:
      add_left_out (self, db, query);
      break;
    case TVM_LIST_EXPOSED:
      tvm_sql_bind (self,
                    TVM_VALUE_INT (tvm_refs_recommendation_key (db, query->recommendation_id)));
      g_string_append (self->sql, " FROM exposure e CROSS JOIN device d ON d.key = e.device_key "
                       "WHERE e.recommendation_key = ?1");
      break;
    case TVM_LIST_WEAKNESSES:
      g_string_append (self->sql, " FROM vulnerability v WHERE 1");
      break;
    case TVM_LIST_AFFECTED:
      tvm_sql_bind (self, TVM_VALUE_TEXT (query->cve));
      g_string_append (self->sql, " FROM device d WHERE "
                       TVM_AFFECTED_BY ("(SELECT key FROM vulnerability WHERE id = ?1)"));
      break;
    case TVM_LIST_EXCEPTIONS:
      g_string_append (self->sql, " FROM exception x WHERE 1");
      if (query->recommendation_id != NULL)
        tvm_sql_and (self, "x.recommendation_id = $", TVM_VALUE_TEXT (query->recommendation_id));
      break;
    case TVM_LIST_HISTORY:
      g_string_append (self->sql, " FROM " TVM_HISTORY " h WHERE 1");
      if (query->activity_id != NULL)
        tvm_sql_and (self, "h.activity_key = (SELECT key FROM activity WHERE id = $)",
                     TVM_VALUE_TEXT (query->activity_id));
      if (query->keys != NULL)
        add_keys_condition (self, "h.activity_key IN (SELECT value FROM json_each ($))",
                            query->keys);
      break;
    case TVM_LIST_DEVICES:
    case TVM_N_LISTS:
    default:
      g_string_append (self->sql, " FROM device d WHERE d.in_inventory = 1");
    }
  add_keys (self, query);
  if (filtered)
    add_filters (self, query);
}

/**
 * tvm_sql_add_from:
 * @self: (inout): a statement in the making without values, which gets FROM ... WHERE ..., with
 *   search and filters
 * @db: a connection; it fails with %TVM_ERROR_NOT_FOUND where the query's activity or
 *   recommendation is gone, and gets the context of targets
 * @query: what to list
 */
void
tvm_sql_add_from (TvmSql         *self,
                  TvmDb          *db,
                  const TvmQuery *query)
{
  add_from (self, db, query, TRUE);
}

/**
 * tvm_query_count:
 * @db: a connection, as of tvm_sql_add_from()
 * @query: what to count; its limit does not matter
 * @filtered: whether search and filters count
 *
 * Returns: how many rows there are, 0 after an error
 */
gint64
tvm_query_count (TvmDb          *db,
                 const TvmQuery *query,
                 gboolean        filtered)
{
  TvmSql sql;
  sqlite3_stmt *row;
  gint64 n = 0;

  tvm_sql_init (&sql);
  g_string_append (sql.sql, "SELECT count(*)");
  add_from (&sql, db, query, filtered);
  row = tvm_sql_query (&sql, db);
  if (tvm_db_next (db, row))
    n = sqlite3_column_int64 (row, 0);
  tvm_db_reset (row);
  tvm_sql_clear (&sql);
  return n;
}
