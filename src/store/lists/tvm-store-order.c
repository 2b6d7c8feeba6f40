/* tvm-store-order.c: what the lists are sorted by. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#define OF_WEAKNESS \
  "FROM recommendation_vulnerability l JOIN recommendation r ON r.key = l.recommendation_key "

/* "@" stands for the direction; the first line of a kind is its natural order. That of the devices
 * is the order of an index, so that nothing is sorted. The last member: the largest is the urgent
 * one, so that people look for it first. */
static const struct {
  TvmListKind kind;
  const char *sort, *order;
  gboolean    is_largest_first;
} orders[] = {
  { TVM_LIST_RECOMMENDATIONS, "", "r.exposure_impact DESC, r.config_score_impact DESC, "
                                  "r.exposed_devices DESC, r.key" },
  { TVM_LIST_RECOMMENDATIONS, "urgency",
    TVM_RECOMMENDATION_STATUS " = TVM_RECOMMENDATION_FULL_EXCEPTION, r.exposed_devices = 0, "
    TVM_ANY_EXPLOITED " = 1 @, r.active_alert = 1 @, r.public_exploit = 1 @, r.exposure_impact @, "
    "r.config_score_impact @, " TVM_HIGHEST_EPSS " @, r.exposed_devices @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "known-exploited", TVM_ANY_EXPLOITED " @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "component", "r.related_component COLLATE NOCASE @, r.key" },
  { TVM_LIST_RECOMMENDATIONS, "epss", TVM_HIGHEST_EPSS " @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "name", "r.name COLLATE NOCASE @, r.key" },
  { TVM_LIST_RECOMMENDATIONS, "type", "r.type @, r.name COLLATE NOCASE" },
  { TVM_LIST_RECOMMENDATIONS, "weaknesses", "r.weaknesses @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "exposed", "r.exposed_devices @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "exposed-after", TVM_EXPOSED_AFTER " @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "impact-after",
    TVM_IMPACT_AFTER ("r.exposure_impact") " @, " TVM_IMPACT_AFTER ("r.config_score_impact")
    " @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "impact",
    "r.exposure_impact @, r.config_score_impact @, r.key", TRUE },
  { TVM_LIST_RECOMMENDATIONS, "status", TVM_RECOMMENDATION_STATUS " @, r.name COLLATE NOCASE" },
  { TVM_LIST_RECOMMENDATIONS, "activities",
    TVM_OPEN_ACTIVITIES " @, r.key", TRUE },
  { TVM_LIST_ACTIVITIES, "", "a.status, coalesce (a.due_on, '') = '', a.due_on, a.created_us DESC, "
                             "a.key" },
  { TVM_LIST_ACTIVITIES, "title", "a.title COLLATE NOCASE @, a.key" },
  { TVM_LIST_ACTIVITIES, "component", "a.related_component COLLATE NOCASE @, a.key" },
  { TVM_LIST_ACTIVITIES, "created-by", "a.created_by COLLATE NOCASE @, a.key" },
  { TVM_LIST_ACTIVITIES, "assignee", "a.assignee COLLATE NOCASE @, a.key" },
  { TVM_LIST_ACTIVITIES, "type", "a.type @, a.key" },
  { TVM_LIST_ACTIVITIES, "progress",
    "a.fixed_devices < 0, a.fixed_devices * 1.0 / max (a.target_devices, 1) @, a.key" },
  { TVM_LIST_ACTIVITIES, "priority", "a.priority = TVM_PRIORITY_NONE, a.priority @, a.key" },
  { TVM_LIST_ACTIVITIES, "due", "a.status, coalesce (a.due_on, '') = '', a.due_on @, "
                                "a.created_us DESC, a.key" },
  { TVM_LIST_ACTIVITIES, "created", "a.created_us @, a.key", TRUE },
  { TVM_LIST_ACTIVITIES, "ticket", TVM_TICKET_STATUS " @, a.key" },
  { TVM_LIST_ACTIVITIES, "completed", "a.completed_us @, a.key", TRUE },
  { TVM_LIST_ACTIVITIES, "status", "a.status @, a.key" },
  { TVM_LIST_DEVICES, "", "d.name COLLATE NOCASE, d.group_name, d.key" },
  { TVM_LIST_DEVICES, "name", "d.name COLLATE NOCASE @, d.group_name @, d.key @" },
  { TVM_LIST_DEVICES, "os", "d.os_platform @, d.key" },
  { TVM_LIST_DEVICES, "group", "d.group_name COLLATE NOCASE @, d.key" },
  { TVM_LIST_DEVICES, "exposure", "d.exposure @, d.key", TRUE },
  { TVM_LIST_DEVICES, "risk", "d.risk @, d.key", TRUE },
  { TVM_LIST_DEVICES, "health", "d.health @, d.key" },
  { TVM_LIST_DEVICES, "last-seen", "d.last_seen_us @, d.key" },
  { TVM_LIST_DEVICES, "recommendations",
    "(SELECT count(*) FROM recommendation r WHERE r.is_listed = 1 AND EXISTS (SELECT 1 FROM "
    "exposure e WHERE e.recommendation_key = r.key AND e.device_key = d.key)) @, d.key", TRUE },
  { TVM_LIST_DEVICES, "activities",
    "(SELECT count(*) FROM activity a WHERE a.status = TVM_STATUS_ACTIVE AND EXISTS (SELECT 1 FROM "
    "target t WHERE t.activity_key = a.key AND t.device_key = d.key AND t.is_exposed = 1)) @, "
    "d.key", TRUE },
  { TVM_LIST_TARGETS, "", "t.is_exposed DESC, d.name COLLATE NOCASE, d.key" },
  { TVM_LIST_TARGETS, "name", "d.name COLLATE NOCASE @, d.key" },
  { TVM_LIST_TARGETS, "group", "d.group_name COLLATE NOCASE @, d.key" },
  { TVM_LIST_TARGETS, "state", TVM_TARGET_STATE " @, d.name COLLATE NOCASE, d.key", TRUE },
  { TVM_LIST_TARGETS, "last-seen", "d.last_seen_us @, d.key" },
  { TVM_LIST_TARGETS, "ticket", TVM_TARGET_LEFT_OUT " @, d.key" },
  { TVM_LIST_LEFT_OUT, "", "d.name COLLATE NOCASE, d.key" },
  { TVM_LIST_LEFT_OUT, "name", "d.name COLLATE NOCASE @, d.key" },
  { TVM_LIST_LEFT_OUT, "group", "d.group_name COLLATE NOCASE @, d.key" },
  { TVM_LIST_LEFT_OUT, "last-seen", "d.last_seen_us @, d.key" },
  { TVM_LIST_LEFT_OUT, "ticket", TVM_LEFT_OUT_REASON " @, d.key" },
  { TVM_LIST_WEAKNESSES, "", TVM_KNOWN_EXPLOITED " DESC, v.exposed_devices > 0 DESC, "
                             "v.severity DESC, v.epss DESC, v.cvss DESC, v.id DESC" },
  { TVM_LIST_WEAKNESSES, "id", "length (v.id) @, v.id @" },
  { TVM_LIST_WEAKNESSES, "name", "v.name COLLATE NOCASE @, v.key" },
  { TVM_LIST_WEAKNESSES, "severity", "v.severity @, v.cvss @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "cvss", "v.cvss @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "epss", "v.epss @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "exploit", TVM_EXPLOIT " @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "known-exploited", TVM_KNOWN_EXPLOITED " @, v.exposed_devices > 0 @, "
                         "v.severity @, v.epss @, v.cvss @, v.id @", TRUE },
  { TVM_LIST_WEAKNESSES, "published", "v.published_us @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "updated", "v.updated_us @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "first-detected", "v.first_detected_us @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "exposed", "v.exposed_devices @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "recommendations",
    "(SELECT count(*) FROM recommendation_vulnerability l WHERE l.vulnerability_key = v.key) @, "
    "v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "activities", "(SELECT count(*) " OF_WEAKNESS
    "JOIN activity a ON a.recommendation_id = r.id WHERE l.vulnerability_key = v.key AND "
    "a.status <> TVM_STATUS_COMPLETED) @, v.key", TRUE },
  { TVM_LIST_WEAKNESSES, "exceptions", "(SELECT count(*) " OF_WEAKNESS
    "JOIN exception x ON x.recommendation_id = r.id WHERE l.vulnerability_key = v.key AND "
    TVM_EXCEPTION_STATUS " = TVM_EXCEPTION_ACTIVE) @, v.key", TRUE },
  { TVM_LIST_HISTORY, "", "h.when_us, h.subject, h.key" },
  { TVM_LIST_EXCEPTIONS, "", TVM_EXCEPTION_STATUS " <> TVM_EXCEPTION_REQUESTED, "
    TVM_EXCEPTION_STATUS ", iif (x.ended_us > 0, -x.ended_us, 0), "
    "x.ends_on, x.key" },
  { TVM_LIST_EXCEPTIONS, "recommendation", "x.recommendation_name COLLATE NOCASE @, x.key" },
  { TVM_LIST_EXCEPTIONS, "scope", "(SELECT count(*) FROM exception_group g WHERE g.exception_key = "
    "x.key) = 0 @, (SELECT min (g.name) FROM exception_group g WHERE g.exception_key = x.key) @, "
    "x.key" },
  { TVM_LIST_EXCEPTIONS, "justification", "x.justification @, x.key" },
  { TVM_LIST_EXCEPTIONS, "type", "x.type @, x.key" },
  { TVM_LIST_EXCEPTIONS, "devices", TVM_EXCEPTION_DEVICES " @, x.key", TRUE },
  { TVM_LIST_EXCEPTIONS, "created", "x.created_us @, x.key", TRUE },
  { TVM_LIST_EXCEPTIONS, "created-by", "x.created_by COLLATE NOCASE @, x.key" },
  { TVM_LIST_EXCEPTIONS, "ends", "x.ends_on @, x.key" },
  { TVM_LIST_EXCEPTIONS, "status", TVM_EXCEPTION_STATUS " <> TVM_EXCEPTION_REQUESTED @, "
    TVM_EXCEPTION_STATUS " @, iif (x.ended_us > 0, -x.ended_us, 0), x.ends_on, x.key" },
};

/**
 * tvm_sql_add_order:
 * @self: (inout): a statement after tvm_sql_add_from(), which gets ORDER BY and LIMIT
 * @query: what to list; a word to sort by that its kind does not have gives the natural order
 */
void
tvm_sql_add_order (TvmSql         *self,
                   const TvmQuery *query)
{
  TvmListKind kind = query->kind == TVM_LIST_EXPOSED || query->kind == TVM_LIST_AFFECTED
                       ? TVM_LIST_DEVICES : query->kind;
  const char *order = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    if (orders[i].kind == kind &&
        (orders[i].sort[0] == '\0' || g_strcmp0 (orders[i].sort, query->sort) == 0))
      order = orders[i].order;
  g_assert (order != NULL);
  g_string_append (self->sql, " ORDER BY ");
  for (; *order != '\0'; order++)
    if (*order == '@')
      g_string_append (self->sql, query->descending ? "DESC" : "ASC");
    else
      g_string_append_c (self->sql, *order);
  if (query->limit > 0)
    {
      tvm_sql_bind (self, TVM_VALUE_INT (query->limit));
      g_string_append_printf (self->sql, " LIMIT ?%u", self->values->len);
    }
}

/**
 * tvm_sort_is_largest_first:
 * @kind: a kind of list
 * @sort: (nullable): a word to sort by, as in #TvmQuery
 *
 * Returns: whether descending is what people look for first: what is most urgent, newest, most
 */
gboolean
tvm_sort_is_largest_first (TvmListKind kind,
                           const char *sort)
{
  for (guint i = 0; sort != NULL && i < G_N_ELEMENTS (orders); i++)
    if (orders[i].kind == kind && g_str_equal (orders[i].sort, sort))
      return orders[i].is_largest_first;
  return FALSE;
}

/**
 * tvm_list_key_column:
 * @kind: a kind of list
 *
 * Returns: (transfer none): the column of its rows' keys, as tvm_sql_add_from() names the tables
 */
const char *
tvm_list_key_column (TvmListKind kind)
{
  switch (kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return "r.key";
    case TVM_LIST_ACTIVITIES:
      return "a.key";
    case TVM_LIST_EXCEPTIONS:
      return "x.key";
    case TVM_LIST_WEAKNESSES:
      return "v.key";
    case TVM_LIST_AFFECTED:
      return "d.key";
    case TVM_LIST_HISTORY:
      return "h.key";
    case TVM_LIST_DEVICES:
    case TVM_LIST_TARGETS:
    case TVM_LIST_EXPOSED:
    case TVM_LIST_LEFT_OUT:
    case TVM_N_LISTS:
    default:
      return "d.key";
    }
}
