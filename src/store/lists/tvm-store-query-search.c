/* tvm-store-query-search.c: what a search means in each kind of list. On a connection's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-weakness.h"

#define FIND(column) "contains (" column ", $)"
/* The devices whose names match are read once, then probed against each recommendation's
 * devices. */
#define HITS "(SELECT h.key FROM device h WHERE " FIND ("h.name") ")"
#define IN_RECOMMENDATION \
  FIND ("r.name") " OR " FIND ("r.product") " OR " FIND ("r.related_component") " OR " \
  FIND ("r.vendor") " OR " FIND ("r.id") " OR EXISTS (SELECT 1 FROM recommendation_vulnerability " \
  "l JOIN vulnerability v ON v.key = l.vulnerability_key WHERE l.recommendation_key = r.key AND " \
  FIND ("v.id") ")"
#define IN_ACTIVITY \
  FIND ("a.title") " OR " FIND ("a.related_component") " OR " FIND ("a.groups") " OR " \
  FIND ("a.id") " OR " FIND ("a.created_by") " OR " FIND ("a.assignee") " OR EXISTS (SELECT 1 " \
  "FROM recommendation r JOIN recommendation_vulnerability l ON l.recommendation_key = r.key " \
  "JOIN vulnerability v ON v.key = l.vulnerability_key WHERE r.id = a.recommendation_id AND " \
  FIND ("v.id") ")"
/* Of a device only by its whole name: a part of many has them all. */
#define OF_DEVICE \
  "(SELECT s.vulnerability_key FROM installation i JOIN software_state_vulnerability s ON " \
  "s.state_key = i.state_key WHERE i.device_key IN (SELECT d.key FROM device d WHERE " \
  FIND ("d.name") " AND contains ($, d.name)))"
static const char *const searches[TVM_N_LISTS] = {
  [TVM_LIST_RECOMMENDATIONS] =
    "(" IN_RECOMMENDATION " OR EXISTS (SELECT 1 FROM exposure e WHERE "
    "e.recommendation_key = r.key AND e.device_key IN " HITS "))",
  [TVM_LIST_ACTIVITIES] =
    "(" IN_ACTIVITY " OR EXISTS (SELECT 1 FROM target t WHERE t.activity_key = a.key AND "
    "t.device_key IN " HITS "))",
  [TVM_LIST_DEVICES] = "(" FIND ("d.name") " OR " FIND ("d.group_name") ")",
  [TVM_LIST_AFFECTED] = "(" FIND ("d.name") " OR " FIND ("d.group_name") ")",
  [TVM_LIST_WEAKNESSES] = "(" FIND ("v.id") " OR " FIND ("v.name") " OR EXISTS (SELECT 1 FROM "
    "recommendation_vulnerability l JOIN recommendation r ON r.key = l.recommendation_key WHERE "
    "l.vulnerability_key = v.key AND (" FIND ("r.name") " OR " FIND ("r.related_component")
    ")) OR EXISTS (SELECT 1 FROM software_state_vulnerability s JOIN software_state t ON t.key = "
    "s.state_key JOIN software w ON w.key = t.software_key WHERE s.vulnerability_key = v.key AND ("
    FIND ("w.name") " OR " FIND ("w.vendor") ")) OR v.key IN " OF_DEVICE ")",
  [TVM_LIST_TARGETS] = "(" FIND ("d.name") " OR " FIND ("d.group_name") ")",
  [TVM_LIST_EXPOSED] = "(" FIND ("d.name") " OR " FIND ("d.group_name") ")",
  [TVM_LIST_LEFT_OUT] = "(" FIND ("d.name") " OR " FIND ("d.group_name") ")",
  [TVM_LIST_HISTORY] = "(" FIND ("h.title") " OR " FIND ("h.id") " OR " FIND ("h.who") ")",
  [TVM_LIST_EXCEPTIONS] =
    "(" FIND ("x.recommendation_name") " OR " FIND ("x.recommendation_id") " OR "
    FIND ("x.related_component") " OR " FIND ("x.context") " OR " FIND ("x.created_by") " OR "
    FIND ("x.id") " OR EXISTS (SELECT 1 FROM exception_group g WHERE g.exception_key = x.key AND "
    FIND ("g.name") "))",
};

/* The same where the names of devices do not count. */
static const char *const plain_searches[TVM_N_LISTS] = {
  [TVM_LIST_RECOMMENDATIONS] = "(" IN_RECOMMENDATION ")",
  [TVM_LIST_ACTIVITIES] = "(" IN_ACTIVITY ")",
};

/* The same by CVEs alone, of which the values are given as JSON, and by a part of one. */
#define NAMED  "v.id IN (SELECT value FROM json_each ($))"
#define CVES(find) "(SELECT v.key FROM vulnerability v WHERE " find ")"
#define OF_RECOMMENDATION(id, find) \
  "EXISTS (SELECT 1 FROM recommendation q JOIN recommendation_vulnerability l ON " \
  "l.recommendation_key = q.key WHERE q.id = " id " AND l.vulnerability_key IN " CVES (find) ")"
static const struct { const char *named, *part; } cve_searches[TVM_N_LISTS] = {
  [TVM_LIST_RECOMMENDATIONS] = { OF_RECOMMENDATION ("r.id", NAMED) },
  [TVM_LIST_ACTIVITIES] = { OF_RECOMMENDATION ("a.recommendation_id", NAMED) },
  [TVM_LIST_EXCEPTIONS] = { OF_RECOMMENDATION ("x.recommendation_id", NAMED),
                            OF_RECOMMENDATION ("x.recommendation_id", FIND ("v.id")) },
  [TVM_LIST_DEVICES] = { TVM_AFFECTED_BY (CVES (NAMED)), TVM_AFFECTED_BY (CVES (FIND ("v.id"))) },
  [TVM_LIST_WEAKNESSES] = { NAMED },
};

static void
add_named (TvmSql     *self,
           const char *condition,
           GStrv       ids)
{
  g_autofree char *joined = g_strjoinv ("\",\"", ids);
  g_autofree char *json = g_strconcat ("[\"", joined, "\"]", NULL);

  tvm_sql_and (self, condition, TVM_VALUE_TEXT (json));
}

/**
 * tvm_sql_add_search:
 * @self: (inout): a statement after WHERE and a first condition
 * @query: a list with a text that is searched for
 *
 * A text that names CVEs among other words, or several, finds by these alone.
 */
void
tvm_sql_add_search (TvmSql         *self,
                    const TvmQuery *query)
{
  g_auto(GStrv) ids = tvm_text_list_wanted_cves (query->search);
  const char *part = cve_searches[query->kind].part;
  const char *plain = query->without_devices ? plain_searches[query->kind] : NULL;
  g_autofree char *either = NULL;

  if (ids != NULL && cve_searches[query->kind].named != NULL)
    add_named (self, cve_searches[query->kind].named, ids);
  else if (part != NULL && tvm_text_names_cve (query->search))
    {
      either = g_strconcat ("(", searches[query->kind], " OR ", part, ")", NULL);
      tvm_sql_and (self, either, TVM_VALUE_TEXT (query->search));
    }
  else
    tvm_sql_and (self, plain != NULL ? plain : searches[query->kind],
                 TVM_VALUE_TEXT (query->search));
}
