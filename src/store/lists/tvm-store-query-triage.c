/* tvm-store-query-triage.c: the filters by which people sort out what to do first, in each kind of
 * list. On a connection's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-standing.h"
#include "tvm-time.h"
#include "tvm-triage.h"

#define OF_GROUP "(SELECT d.key FROM device d WHERE d.group_name = $)"
/* The CVEs of a group's devices; where nobody knows the software, of what they are exposed to. */
#define GROUP_WEAKNESSES \
  "v.key IN (SELECT s.vulnerability_key FROM software_state_vulnerability s WHERE s.state_key IN " \
  "(SELECT i.state_key FROM installation i WHERE i.device_key IN " OF_GROUP ") UNION SELECT " \
  "l.vulnerability_key FROM recommendation_vulnerability l JOIN vulnerability v ON v.key = " \
  "l.vulnerability_key WHERE (NOT " TVM_KNOWS_SOFTWARE " OR " TVM_CVE_UNNAMED ") AND " \
  "EXISTS (SELECT 1 FROM exposure e WHERE e.recommendation_key = l.recommendation_key AND " \
  "e.device_key IN " OF_GROUP "))"

/* Of an activity made in the portal only the devices that are exposed still are known, if any: its
 * groups count, where none are all. */
#define GROUP_ACTIVITIES \
  "iif (a.origin = TVM_ORIGIN_DEFENDER, coalesce (a.groups, '') = '' OR instr (char (10) || " \
  "a.groups || char (10), char (10) || $ || char (10)) > 0, EXISTS (SELECT 1 FROM target t WHERE " \
  "t.activity_key = a.key AND t.device_key IN " OF_GROUP "))"

static const struct { const char *group, *exposed, *when; } columns[TVM_N_LISTS] = {
  [TVM_LIST_RECOMMENDATIONS] = {
    "EXISTS (SELECT 1 FROM exposure e WHERE e.recommendation_key = r.key AND e.device_key IN "
    OF_GROUP ")", "r.exposed_devices", NULL },
  [TVM_LIST_ACTIVITIES] = { GROUP_ACTIVITIES, NULL, "a.created_us" },
  [TVM_LIST_DEVICES] = { "d.group_name = $", NULL, "d.last_seen_us" },
  [TVM_LIST_WEAKNESSES] = { GROUP_WEAKNESSES, "v.exposed_devices", "v.first_detected_us" },
  [TVM_LIST_EXCEPTIONS] = {
    "(x.is_global = 1 OR EXISTS (SELECT 1 FROM exception_group g WHERE g.exception_key = x.key AND "
    "g.name = $))", NULL, "x.created_us" },
};

static void
add_threat (TvmSql *self, int threat, gboolean or_untold)
{
  const char *is = or_untold ? "<> 0" : "= 1";

  if (threat == TVM_THREAT_KNOWN_EXPLOITED)
    g_string_append_printf (self->sql, " AND " TVM_ANY_EXPLOITED " %s", is);
  else if (threat == TVM_THREAT_ALERT)
    g_string_append_printf (self->sql, " AND r.active_alert %s", is);
  else if (threat == TVM_THREAT_EXPLOIT)
    g_string_append_printf (self->sql, " AND r.public_exploit %s", is);
  else
    g_string_append_printf (self->sql, " AND (" TVM_ANY_EXPLOITED " %s OR r.active_alert %s OR "
                            "r.public_exploit %s)", is, is, is);
}

/* By the bounds of CVSS for its four words. */
static void
add_score (TvmSql *self, int severity)
{
  static const double least[] = { [TVM_LEVEL_LOW] = 0.1, [TVM_LEVEL_MEDIUM] = 4,
                                  [TVM_LEVEL_HIGH] = 7, [TVM_LEVEL_CRITICAL] = 9 };

  tvm_sql_and (self, "r.severity >= $",
               TVM_VALUE_REAL (severity >= TVM_LEVEL_LOW ? least[severity] : 0));
  if (severity < TVM_LEVEL_CRITICAL)
    tvm_sql_and (self, "r.severity < $", TVM_VALUE_REAL (least[MAX (severity, 0) + 1]));
}

static void
add_recommendation_filters (TvmSql *self, const TvmQuery *query)
{
  if (query->threat != 0)
    add_threat (self, query->threat, query->or_untold);
  if (query->severity != 0)
    add_score (self, query->severity);
  if (query->unrequested_only)
    g_string_append (self->sql, " AND " TVM_OPEN_ACTIVITIES " <= 0");
}

/* 0 is not known. */
static void
add_age (TvmSql         *self,
         const TvmQuery *query,
         const char     *when)
{
  g_autofree char *today = tvm_today ();
  g_autofree char *untold = query->or_untold ? g_strconcat (" OR coalesce (", when, ", 0) <= 0",
                                                            NULL) : g_strdup ("");
  g_autofree char *from = g_strconcat ("(", when, " >= $", untold, ")", NULL);
  g_autofree char *until = g_strconcat ("(", when, " < $", untold, ")", NULL);
  gint64 from_us, until_us;

  tvm_age_get_bounds (query->age, today, &from_us, &until_us);
  tvm_sql_and (self, from, TVM_VALUE_INT (from_us));
  tvm_sql_and (self, until, TVM_VALUE_INT (until_us));
}

/* The same as tvm_store_list_past() and tvm_standing_sum() count. */
static void
add_past (TvmSql *self, TvmFigure past)
{
  g_autofree char *today = tvm_today ();

  g_string_append (self->sql, " AND a.type <> TVM_TYPE_ATTENTION_REQUIRED");
  if (past == TVM_FIGURE_REMEDIATED)
    g_string_append (self->sql, " AND a.status = TVM_STATUS_COMPLETED AND a.created_us > 0 AND "
                     "a.fixed_devices >= a.target_devices AND a.target_devices >= 0");
  else
    tvm_sql_and (self, "coalesce (a.due_on, '') <> '' AND (a.status = TVM_STATUS_COMPLETED OR "
                 "a.status = TVM_STATUS_ACTIVE AND a.due_on < $)", TVM_VALUE_TEXT (today));
  tvm_sql_and (self, "(a.status <> TVM_STATUS_COMPLETED OR a.completed_us >= $)",
               TVM_VALUE_INT (tvm_now_us () - TVM_STANDING_DAYS * TVM_DAY_US));
}

/**
 * tvm_sql_add_triage:
 * @self: (inout): a statement after WHERE and a first condition
 * @query: a list; a filter that its kind does not have changes nothing
 */
void
tvm_sql_add_triage (TvmSql         *self,
                    const TvmQuery *query)
{
  const char *when = columns[query->kind].when, *exposed = columns[query->kind].exposed;
  g_autofree char *condition = NULL;

  if (query->kind == TVM_LIST_RECOMMENDATIONS)
    add_recommendation_filters (self, query);
  if (query->kind == TVM_LIST_ACTIVITIES && query->past != 0)
    add_past (self, query->past);
  if (query->kind == TVM_LIST_ACTIVITIES && query->ticket_matters_only)
    g_string_append (self->sql, " AND EXISTS (SELECT 1 FROM ticket k WHERE k.activity_key = a.key "
                     "AND " TVM_TICKET_MATTERS ")");
  if (query->kind == TVM_LIST_DEVICES && query->severity != 0)
    tvm_sql_and (self, "d.exposure = $", TVM_VALUE_INT (query->severity));
  if (query->component != NULL && query->kind <= TVM_LIST_ACTIVITIES)
    tvm_sql_and (self, query->kind == TVM_LIST_ACTIVITIES ? "a.related_component = $"
                                                          : "r.related_component = $",
                 TVM_VALUE_TEXT (query->component));
  if (query->device_group != NULL && columns[query->kind].group != NULL)
    tvm_sql_and (self, columns[query->kind].group, TVM_VALUE_TEXT (query->device_group));
  if (query->exposed != 0 && exposed != NULL)
    {
      condition = g_strdup_printf ("(%s %s $%s%s%s)", exposed,
                                   query->exposed == TVM_EXPOSED_NONE ? "=" : ">=",
                                   query->or_untold ? " OR coalesce (" : "",
                                   query->or_untold ? exposed : "",
                                   query->or_untold ? ", -1) < 0" : "");
      tvm_sql_and (self, condition, TVM_VALUE_INT (tvm_exposed_least (query->exposed)));
    }
  if (query->age != 0 && when != NULL)
    add_age (self, query, when);
}

typedef struct
{
  const TvmQuery *query;
  TvmFacetKind    kind;
} Facets;

static void
facet_free (gpointer facet)
{
  if (facet != NULL)
    g_free (((TvmFacet *) facet)->text);
  g_free (facet);
}

static gpointer
list_facets (TvmDb *db, gconstpointer data)
{
  GPtrArray *facets = g_ptr_array_new_with_free_func (facet_free);
  const Facets *self = data;
  gboolean is_group = self->kind == TVM_FACET_GROUP;
  TvmSql sql;
  sqlite3_stmt *row;

  tvm_sql_init (&sql);
  g_string_append_printf (sql.sql, "SELECT %s AS facet, count(*) AS n_rows",
                          is_group ? "d.group_name"
                          : self->query->kind == TVM_LIST_ACTIVITIES ? "a.related_component"
                                                                     : "r.related_component");
  if (is_group)
    g_string_append (sql.sql, " FROM device d WHERE d.in_inventory = 1");
  else
    tvm_sql_add_from (&sql, db, self->query);
  g_string_append (sql.sql, " AND facet <> '' GROUP BY facet ORDER BY n_rows DESC, facet "
                   "LIMIT 500");
  row = tvm_sql_query (&sql, db);
  while (tvm_db_next (db, row))
    {
      TvmFacet *facet = g_new0 (TvmFacet, 1);

      facet->text = g_strdup (tvm_db_text (row, 0));
      facet->n = sqlite3_column_int64 (row, 1);
      g_ptr_array_add (facets, facet);
    }
  tvm_sql_clear (&sql);
  return facets;
}

/**
 * tvm_store_list_facets:
 * @self: a store
 * @kind: which values
 * @query: the list they are for, whose filters count
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmFacet): the values that there are, the most
 *   frequent first, 500 at most: of components with the number of rows, of device groups with that
 *   of devices; %NULL on error
 */
GPtrArray *
tvm_store_list_facets (TvmStore       *self,
                       TvmFacetKind    kind,
                       const TvmQuery *query,
                       GError        **error)
{
  const Facets what = { query, kind };

  return tvm_store_load (self, list_facets, &what, (GDestroyNotify) g_ptr_array_unref, error);
}

typedef struct
{
  const TvmQuery *query;
  gint64          n;
} Count;

static void
count_rows (TvmDb *db, gpointer data)
{
  Count *self = data;

  self->n = tvm_query_count (db, self->query, TRUE);
}

/**
 * tvm_store_count_rows:
 * @self: a store
 * @query: a list, whose limit does not matter
 * @error: return location for a #TvmError
 *
 * Returns: how many rows search and filters leave, -1 on error
 */
gint64
tvm_store_count_rows (TvmStore       *self,
                      const TvmQuery *query,
                      GError        **error)
{
  Count data = { .query = query };

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  return tvm_store_read (self, count_rows, &data, error) ? data.n : -1;
}
