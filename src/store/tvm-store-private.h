/* tvm-store-private.h: what the store's files share. Functions that take a TvmDb run on the thread
 * that owns it, inside a transaction. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-fields.h"
#include "tvm-store-thread.h"
#include "tvm-store.h"
#include "tvm-store-exceptions-private.h"
G_BEGIN_DECLS

gboolean tvm_store_read    (TvmStore *self, TvmStoreFunc func, gpointer data, GError **error);
typedef gpointer (*TvmStoreLoadFunc) (TvmDb *db, gconstpointer what);
gpointer tvm_store_load    (TvmStore *self, TvmStoreLoadFunc func, gconstpointer what,
                            GDestroyNotify free_answer, GError **error);
gboolean tvm_store_read_apart (TvmStore *self, TvmStoreFunc func, gpointer data, GError **error);
gboolean tvm_store_write   (TvmStore *self, TvmStoreFunc func, gpointer data, GError **error);
gboolean tvm_store_write_list (TvmStore *self, TvmStoreFunc func, gpointer data, GError **error);
/* for tests: rows written since it was opened */
gint64   tvm_store_total_changes (TvmStore *self);

/* tvm-store-table.c: a table and the records it keeps, by their description. */
typedef struct {
  const char *column;          /* in the description */
  const char *sql;             /* what it is made of */
  gboolean is_hidden;          /* in no exported list */
} TvmExpression;
typedef struct {
  const char *name, *alias;
  const char *from;            /* FROM, with that alias, and a space */
  const TvmFields *fields;
  const TvmExpression *expressions;  /* (nullable), up to one without a column */
  const char *scope;           /* the rows that a list of the service speaks about */
  const char *mark;            /* (nullable): a column that has this value in all of them */
  int mark_value;
  void (*settle) (gpointer record);  /* (nullable): fills in what follows from the rest */
  char *select;                /* SELECT ... FROM ..., once it was needed; the caller adds WHERE */
} TvmTable;
sqlite3_stmt *tvm_table_query      (TvmDb *db, TvmTable *table, const char *rest,
                                    const char *types, ...);
gpointer      tvm_table_find       (TvmDb *db, TvmTable *table, const char *rest,
                                    const char *types, ...);
GPtrArray    *tvm_table_list       (TvmDb *db, TvmTable *table, GDestroyNotify unref,
                                    const char *rest, const char *types, ...);
gpointer      tvm_table_read       (const TvmTable *table, sqlite3_stmt *row);
void          tvm_table_append_sql (const TvmTable *table, const TvmField *field, GString *sql);
const TvmExpression *tvm_table_expression (const TvmTable *table, const TvmField *field);
char         *tvm_groups_to_text   (const char *const *groups);

/* tvm-store-merge.c */
GArray *tvm_table_merge (TvmDb *db, const TvmTable *table, GPtrArray *records,
                         TvmListResult *result);

/* tvm-store-records.c */
extern TvmTable tvm_recommendation_table, tvm_device_table, tvm_plain_device_table,
                tvm_vulnerability_table, tvm_weakness_table, tvm_ticket_table,
                tvm_activity_table, tvm_target_table,
                tvm_left_out_table, tvm_exception_table;
guint tvm_activities_fill_untold (TvmDb *db, GPtrArray *activities);
/* The service's status or that of the exceptions filed here, whichever is stronger; what is left
 * after these. */
#define TVM_RECOMMENDATION_STATUS \
  "iif (r.exception_status > TVM_RECOMMENDATION_ACTIVE, max (r.status, r.exception_status), " \
  "r.status)"
/* Of a recommendation: those that are not completed; -1: none is known, and the portal was never
 * asked. */
#define TVM_MAY_HAVE_MORE \
  "(NOT EXISTS (SELECT 1 FROM list_state WHERE name = 'activities' AND synced_us > 0) OR EXISTS " \
  "(SELECT 1 FROM activity o WHERE o.origin = TVM_ORIGIN_DEFENDER AND o.recommendation_id IS " \
  "NULL AND o.status <> TVM_STATUS_COMPLETED))"
#define TVM_OPEN_ACTIVITIES \
  "(SELECT iif (count(*) = 0 AND " TVM_MAY_HAVE_MORE ", -1, count(*)) FROM activity a WHERE " \
  "a.recommendation_id = r.id AND a.status <> TVM_STATUS_COMPLETED)"
/* Of an activity: whether it is open nobody says. */
#define TVM_IS_UNTOLD \
  "(a.status NOT IN (TVM_STATUS_ACTIVE, TVM_STATUS_COMPLETED) AND a.said IS NULL)"
/* Of an activity: NULL is not known, empty all. */
#define TVM_ACTIVITY_GROUPS \
  "iif (a.origin = TVM_ORIGIN_LOCAL, coalesce (a.groups, ''), a.groups)"
#define TVM_EXPOSED_AFTER \
  "iif (r.exposed_devices < 0 OR r.mitigated_devices < 0, -1, " \
  "r.exposed_devices - min (r.mitigated_devices, r.exposed_devices))"
#define TVM_SHARE_AFTER \
  "iif (r.exposed_devices > 0, " TVM_EXPOSED_AFTER " * 1.0 / r.exposed_devices, " \
  "r.mitigated_devices < 2147483647)"
/* An impact that is left; where it is not known, TVM_REAL_UNKNOWN. */
#define TVM_IMPACT_AFTER(impact) \
  "iif (r.mitigated_devices < 0 OR " impact " < -1e300, -1.7976931348623157e308, " impact " * " \
  TVM_SHARE_AFTER ")"
/* Of a recommendation: it has CVEs, or may have, and they were never pulled (R18). */
#define TVM_CVES_UNKNOWN "(r.vulnerabilities_synced_us = 0 AND r.weaknesses <> 0)"
/* The CVEs "v" of recommendations, and those of them that the catalog has: empty, there is none. */
#define TVM_FROM_CVES \
  "FROM recommendation_vulnerability l JOIN vulnerability v ON v.key = l.vulnerability_key "
#define TVM_FROM_EXPLOITED TVM_FROM_CVES "JOIN known_exploited k ON k.id = v.id "
/* Of a recommendation: one of its CVEs is in the catalog, or the service says so; 0 only where the
 * catalog and all of its CVEs are known. */
#define TVM_ANY_EXPLOITED \
  "(CASE WHEN r.known_exploited = 1 OR EXISTS (SELECT 1 " TVM_FROM_EXPLOITED \
  "WHERE l.recommendation_key = r.key) THEN 1 WHEN NOT " TVM_CVES_UNKNOWN " AND " \
  "EXISTS (SELECT 1 FROM known_exploited) THEN 0 ELSE r.known_exploited END)"
/* The highest of its CVEs; -1: none is told. */
#define TVM_HIGHEST_EPSS \
  "coalesce ((SELECT max (v.epss) " TVM_FROM_CVES "WHERE l.recommendation_key = r.key), -1)"
/* Of a CVE: the catalog names it; -1: there is no catalog. */
#define TVM_KNOWN_EXPLOITED \
  "iif (NOT EXISTS (SELECT 1 FROM known_exploited), -1, EXISTS (SELECT 1 FROM known_exploited k " \
  "WHERE k.id = v.id))"
/* Of a CVE: a TvmExploit. */
#define TVM_EXPLOIT \
  "CASE WHEN v.exploit_in_kit = 1 THEN TVM_EXPLOIT_IN_KIT WHEN v.exploit_verified = 1 THEN " \
  "TVM_EXPLOIT_VERIFIED WHEN v.public_exploit = 1 THEN TVM_EXPLOIT_PUBLIC WHEN " \
  "v.public_exploit = 0 THEN TVM_EXPLOIT_NONE ELSE -1 END"
/* What happened to activities and exceptions; of what is gone the portal's have ids. */
#define TVM_HISTORY \
  "(SELECT 'activity' AS subject, coalesce (a.id, (SELECT g.detail FROM history g WHERE " \
  "g.activity_key = j.activity_key AND g.kind = 'portal-removed' ORDER BY g.key DESC LIMIT 1)) " \
  "AS id, a.title, j.kind, j.who, j.detail, iif (j.count > 0, j.count, -1) AS count, j.before, " \
  "j.after, j.when_us, j.key, a.key AS activity_key FROM history j LEFT JOIN activity a ON " \
  "a.key = j.activity_key UNION ALL SELECT 'exception', x.id, x.recommendation_name, e.kind, " \
  "e.who, e.detail, -1, e.before, e.after, e.when_us, e.key, NULL FROM " \
  "exception_history e LEFT JOIN exception x ON x.key = e.exception_key)"
/* Of the one ticket of an activity, or the least advanced of several. */
#define TVM_FIRST_TICKET(column) \
  "(SELECT " column " FROM ticket k WHERE k.activity_key = a.key " \
  "ORDER BY CASE k.status WHEN TVM_TICKET_FAILED THEN 0 WHEN TVM_TICKET_COMPLETED THEN 98 WHEN " \
  "TVM_TICKET_WITHDRAWN THEN 99 ELSE k.status END LIMIT 1)"
#define TVM_TICKET_STATUS TVM_FIRST_TICKET ("k.status")
/* ticket.was_sent: 0, 1 where it may have arrived, or one of these. Intune said that it made it, or
 * deleted it; its list lacked it once since it may have arrived. When: changed_us. */
#define TVM_ARRIVAL_TOLD 2
#define TVM_ARRIVAL_MISSED 3
/* ticket.is_parked: 0, 1 where Intune refused it, or this: somebody else asked for the same. */
#define TVM_PARKED_ASKED 2

#define TVM_TICKET_MATTERS /* waits for the IT admin, or was refused */ \
  "(k.is_parked = 1 OR k.status IN (TVM_TICKET_REJECTED, TVM_TICKET_FAILED, TVM_TICKET_PENDING))"
/* Of a ticket: it is to be made, or to be withdrawn. */
#define TVM_IN_OUTBOX "((id IS NULL AND status IN (TVM_TICKET_OUTBOX, TVM_TICKET_FAILED)) OR " \
  "withdraw_us <> 0)"
/* A ticket to be made of what is completed meanwhile, by whomever, is not sent (R7). */
#define TVM_OF_COMPLETED "(id IS NULL AND EXISTS (SELECT 1 FROM activity c WHERE c.key = " \
  "activity_key AND c.status = TVM_STATUS_COMPLETED))"
/* An active one of the other origin for the same recommendation and device groups. */
#define TVM_TWIN_ID \
  "(SELECT b.id FROM activity b WHERE a.status <> TVM_STATUS_COMPLETED AND b.recommendation_id = " \
  "a.recommendation_id AND b.status <> TVM_STATUS_COMPLETED AND b.origin <> a.origin AND " \
  "groups_overlap (a.groups, b.groups) ORDER BY b.key LIMIT 1)"
/* The tickets as "status" or, where it is to be withdrawn, "-status". */
#define TVM_DISAGREEMENTS \
  "disagreements (a.status, a.type, a.target_devices, a.fixed_devices, " \
  "(SELECT group_concat (iif (k.withdraw_us <> 0, -k.status, k.status)) FROM ticket k " \
  "WHERE k.activity_key = a.key), " TVM_TWIN_ID " IS NOT NULL, EXISTS (SELECT 1 FROM ticket k " \
  "JOIN adopted_ticket o ON o.marker = k.marker WHERE k.activity_key = a.key AND " \
  "o.status IN (TVM_TICKET_PENDING, TVM_TICKET_ACTIVE)))"
/* The targets of activity ?1, whoever made it, beside their devices. */
#define TVM_FROM_TARGETS \
  "FROM (SELECT device_key, is_exposed, remediated_us, exposed_again_us FROM target WHERE " \
  "activity_key = ?1 UNION ALL SELECT device_key, 1, NULL, NULL FROM portal_exposure WHERE " \
  "activity_key = ?1) t " \
  "JOIN device d ON d.key = t.device_key "
/* Intune takes a device only by its Entra id (R5). Never NULL: it is also asked what is not. */
#define TVM_HEX4 "[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]"
#define TVM_IS_JOINED \
  "(d.is_aad_joined = 1 AND d.aad_device_id IS NOT NULL AND d.aad_device_id GLOB '" TVM_HEX4 \
  TVM_HEX4 "-" TVM_HEX4 "-" TVM_HEX4 "-" TVM_HEX4 "-" TVM_HEX4 TVM_HEX4 TVM_HEX4 "')"
/* The inventory was read at least once: a device that it does not show is gone (R18). */
#define TVM_KNOWS_INVENTORY \
  "EXISTS (SELECT 1 FROM list_state WHERE name = 'devices' AND synced_us > 0)"
#define TVM_IN_INVENTORY \
  "iif (d.in_inventory = 0 AND NOT " TVM_KNOWS_INVENTORY ", -1, d.in_inventory)"
/* Several devices of Defender may be one in Entra: a ticket names it once. */
#define TVM_COUNT_IN_ENTRA(condition) \
  "count (DISTINCT iif (" condition " AND " TVM_IS_JOINED ", d.aad_device_id, NULL))"
/* The inventory has it and does not tell whether it is joined. */
#define TVM_JOINED_UNTOLD \
  "(d.in_inventory = 1 AND d.is_aad_joined = -1 AND d.aad_device_id IS NULL)"
/* Of many devices of which the condition holds: how many Intune takes; -1: not known, because the
 * inventory was never read, or tells it of no device. */
#define TVM_COUNT_JOINED(condition) \
  "iif ((coalesce (sum (" condition " AND d.in_inventory = 0), 0) > 0 AND NOT " \
  TVM_KNOWS_INVENTORY ") OR (coalesce (sum (" condition " AND " TVM_JOINED_UNTOLD "), 0) > 0 AND " \
  "NOT EXISTS (SELECT 1 FROM device j WHERE j.is_aad_joined >= 0)), -1, " \
  TVM_COUNT_IN_ENTRA (condition) ")"
/* How many more these are in Defender. */
#define TVM_COUNT_SAME(condition) \
  "coalesce (sum (" condition " AND " TVM_IS_JOINED "), 0) - " TVM_COUNT_IN_ENTRA (condition)
/* Devices "key" of a FROM with their places in the order in which tickets take them: what is the
 * same in Entra has one place. Those that can go and those that cannot have places of their own. */
#define TVM_FROM_PLACES(key, from) \
  " FROM (SELECT device_key, is_joined, dense_rank () OVER (PARTITION BY is_joined ORDER BY " \
  "first_group, first_key) AS place FROM (SELECT " key " AS device_key, " TVM_IS_JOINED \
  " AS is_joined, first_value (d.group_name) OVER same AS first_group, first_value (" key \
  ") OVER same AS first_key" from " WINDOW same AS (PARTITION BY " TVM_IS_JOINED ", iif (" \
  TVM_IS_JOINED ", d.aad_device_id, " key ") ORDER BY d.group_name, " key "))) t "
/* Of an exposed device e: whether the change is known to have no impact on its users. */
#define TVM_HAS_NO_IMPACT \
  "EXISTS (SELECT 1 FROM user_impact u WHERE u.recommendation_key = e.recommendation_key AND " \
  "u.device_key = e.device_key AND u.is_impacted = 0)"
/* The devices exposed to recommendation ?1 in the groups ?2 (one per line; NULL: all); ?4: only
 * those with no user impact. */
#define TVM_FROM_COVERED \
  " FROM exposure e JOIN device d ON d.key = e.device_key WHERE e.recommendation_key = ?1 " \
  "AND (?2 IS NULL OR instr (char (10) || ?2 || char (10), " \
  "char (10) || d.group_name || char (10)) > 0) " \
  "AND (?4 = 0 OR " TVM_HAS_NO_IMPACT ")"
/* ?3: how many can go. */
#define TVM_FROM_LEFT_OUT \
  TVM_FROM_PLACES ("e.device_key", TVM_FROM_COVERED) \
  "JOIN device d ON d.key = t.device_key WHERE (t.is_joined = 0 OR t.place > ?3)"
#define TVM_LEFT_OUT_REASON \
  "iif (" TVM_IS_JOINED ", TVM_LEFT_OUT_FULL, iif (" TVM_JOINED_UNTOLD ", TVM_LEFT_OUT_UNTOLD, " \
  "TVM_LEFT_OUT_NOT_JOINED))"
/* Of a target of activity ?1: a column of the ticket that carries it, and a TvmLeftOut. */
#define TVM_TARGET_TICKET(column) \
  "(SELECT " column " FROM ticket k JOIN ticket_device l ON l.ticket_key = k.key " \
  "WHERE k.activity_key = ?1 AND k.status <> TVM_TICKET_WITHDRAWN AND l.device_key = " \
  "t.device_key LIMIT 1)"
#define TVM_TARGET_LEFT_OUT \
  "(CASE WHEN NOT EXISTS (SELECT 1 FROM ticket k WHERE k.activity_key = ?1) " \
  "THEN TVM_LEFT_OUT_NONE WHEN " TVM_TARGET_TICKET ("1") " THEN TVM_LEFT_OUT_NONE " \
  "WHEN " TVM_JOINED_UNTOLD " THEN TVM_LEFT_OUT_UNTOLD " \
  "WHEN NOT " TVM_IS_JOINED " THEN TVM_LEFT_OUT_NOT_JOINED " \
  "WHEN EXISTS (SELECT 1 FROM ticket k WHERE k.activity_key = ?1 AND " \
  "k.status <> TVM_TICKET_WITHDRAWN AND k.devices >= TVM_TICKET_MAX_DEVICES) " \
  "THEN TVM_LEFT_OUT_FULL ELSE " \
  "TVM_LEFT_OUT_OTHER END)"
#define TVM_TARGET_STATE \
  "target_state (t.is_exposed, t.exposed_again_us, " TVM_IN_INVENTORY ", d.group_name, " \
  "d.last_seen_us)"
GPtrArray *tvm_history_read (TvmDb *db, sqlite3_stmt *row);

/* tvm-store-exceptions.c */
TvmException *tvm_exceptions_find        (TvmDb *db, const char *id);

/* tvm-store-exception-state.c */
GPtrArray    *tvm_exceptions_load        (TvmDb *db, const char *recommendation_id);
GPtrArray    *tvm_exceptions_load_counts (TvmDb *db, const char *recommendation_id);
void          tvm_exceptions_count_cves (TvmDb *db, const TvmRecommendation *r,
                                         const TvmException *exception,
                                         TvmExceptionEffect *effect);
int           tvm_exception_count_devices (const TvmException *x, GPtrArray *counts,
                                           int exposed_devices);
void          tvm_exceptions_recompute   (TvmDb *db, const char *recommendation_id /* NULL: all */);
void          tvm_exception_add_group_lines (TvmDb *db, const TvmException *x,
                                             const char *const *groups, const char *who);
void          tvm_exception_note_groups  (TvmDb *db, const char *id);
void          tvm_exception_history_add  (TvmDb *db, gint64 exception_key, const char *kind,
                                          const char *who, const char *detail,
                                          const char *before, const char *after);

/* tvm-store-counts.c */
void tvm_list_note_synced (TvmDb *db, const char *name);
void tvm_list_note_known  (TvmDb *db, const char *select, const char *update, gint64 key);

/* tvm-store-details.c, tvm-store-updates.c: of a recommendation; transfer full */
GPtrArray *tvm_vulnerabilities_load (TvmDb *db, const char *recommendation_id);
GPtrArray *tvm_updates_load         (TvmDb *db, const char *recommendation_id);

/* tvm-store-gone.c */
int      tvm_gone_remove        (TvmDb *db, const char *id, gint64 asked);
void     tvm_gone_note_returned (TvmDb *db, GPtrArray *records);
void     tvm_gone_settle        (TvmDb *db, gint64 asked);

/* tvm-store-updates.c */
void  tvm_updates_write        (TvmDb *db, GPtrArray *updates, gint64 now_us,
                                TvmListResult *result);
int   tvm_updates_forget       (TvmDb *db, gint64 now_us, gboolean only_old);

/* tvm-store-lists.c */
void tvm_devices_note_known (TvmDb *db, GPtrArray *devices);

/* tvm-store-weaknesses.c */
#define TVM_KNOWS_SOFTWARE \
  "EXISTS (SELECT 1 FROM list_state WHERE name = 'exposure' AND synced_us > 0)"
/* Of an activity "a" of the portal: nobody knows its devices, of which some are still exposed. */
#define TVM_DEVICES_UNASKED \
  "(a.devices_synced_us = 0 AND NOT (a.target_devices > 0 AND a.fixed_devices >= " \
  "a.target_devices))"
/* Of an activity "a": it is open, and the device is still exposed in it. */
#define TVM_HAS_EXPOSED(device) \
  "a.status <> TVM_STATUS_COMPLETED AND (EXISTS (SELECT 1 FROM target t WHERE t.activity_key = " \
  "a.key AND t.device_key = " device " AND t.is_exposed = 1) OR EXISTS (SELECT 1 FROM " \
  "portal_exposure p WHERE p.activity_key = a.key AND p.device_key = " device "))"
/* Of a CVE "v": it has devices, or may have, and no export of software names it (yet). */
#define TVM_CVE_UNNAMED \
  "(v.exposed_devices <> 0 AND NOT EXISTS (SELECT 1 FROM software_state_vulnerability n WHERE " \
  "n.vulnerability_key = v.key))"
/* Of a device: it has one of these CVEs, a subquery of keys; where nobody knows, it is exposed to
 * what fixes one of them. */
#define TVM_AFFECTED_BY(keys) \
  "d.key IN (SELECT i.device_key FROM software_state_vulnerability s JOIN installation i ON " \
  "i.state_key = s.state_key WHERE s.vulnerability_key IN " keys " UNION SELECT e.device_key " \
  "FROM recommendation_vulnerability l JOIN vulnerability v ON v.key = l.vulnerability_key JOIN " \
  "exposure e ON e.recommendation_key = l.recommendation_key WHERE (NOT " TVM_KNOWS_SOFTWARE \
  " OR " TVM_CVE_UNNAMED ") AND l.vulnerability_key IN " keys ")"
gint64 tvm_weaknesses_as_of (TvmDb *db);
void   tvm_known_exploited_read (TvmDb *db, TvmKnownExploitedState *state);
TvmSoftware *tvm_software_read (sqlite3_stmt *row);
TvmSecurityUpdate *tvm_security_update_read (sqlite3_stmt *row);
GArray *tvm_weaknesses_link   (TvmDb *db, gint64 recommendation_key, GPtrArray *records,
                               TvmListResult *result);
GArray *tvm_weaknesses_merge  (TvmDb *db, GPtrArray *records, TvmListResult *result);
int     tvm_weaknesses_unlist (TvmDb *db, GArray *keys);
void    tvm_weaknesses_sweep  (TvmDb *db);

/* tvm-store-believe.c */
typedef struct {
  TvmPullKind kind;
  const char *owner;           /* (not nullable) */
  gint64      n_received, n_lost, n_added, n_passed_over;
  gint64      n_counted;       /* what the service counts elsewhere; -1: not told */
  gboolean    is_floor;        /* there are at least so many */
  gboolean    asks;            /* the service answers about each row */
  gboolean    hangs;           /* more than rows hangs on an absence */
} TvmClaim;
gint64   tvm_claim_judge        (TvmDb *db, const TvmClaim *claim, gboolean *out_doubtful);
gboolean tvm_list_is_partial    (gint64 n_received, gint64 n_passed_over, gint64 n_counted);
void     tvm_gone_hold          (TvmDb *db, const TvmPull *pull);
gboolean tvm_counts_hold        (TvmDb *db, GPtrArray *records);
gboolean tvm_counts_are_held    (TvmDb *db);
void     tvm_counts_hold_one    (TvmDb *db, GPtrArray *records);
gboolean tvm_pull_is_superseded (TvmDb *db, TvmPullKind kind, const char *owner, gint64 asked);
gboolean      tvm_pull_check_clock   (TvmDb *db, const TvmPull *pull);
void     tvm_pull_note_merged   (TvmDb *db, TvmPullKind kind, const char *owner, gint64 n_lacking);
void     tvm_pull_refuse_earlier (TvmDb *db, TvmPullKind kind, const char *owner);
void     tvm_pulls_refuse       (TvmDb *db);

/* tvm-store-updates.c */
gint64   tvm_updates_merge      (TvmDb *db, const TvmPull *pull, TvmListResult *result,
                                 gboolean *out_doubtful);

/* tvm-store-pull.c */
/* Of a recommendation: it can go. */
#define TVM_IS_THERE \
  "(r.is_listed = 1 OR EXISTS (SELECT 1 FROM exposure e WHERE e.recommendation_key = r.key))"

/* tvm-store-refs.c */
/* ?1: the owner; insert_row NULL: it and a device */
typedef struct { const char *select, *remove, *insert_head, *insert_row; } TvmLinks;
extern const TvmLinks tvm_exposure_links, tvm_portal_links;
typedef struct {
  GArray *added, *gone;        /* (owned): of gint64, keys of devices */
  guint   n_received;          /* each once */
} TvmLinkChanges;
void tvm_links_compare      (TvmDb *db, const TvmLinks *links, gint64 owner, GArray *keys,
                             TvmLinkChanges *changes);
void tvm_links_insert       (TvmDb *db, const TvmLinks *links, gint64 owner, GArray *keys);
void tvm_links_write        (TvmDb *db, const TvmLinks *links, gint64 owner,
                             const TvmLinkChanges *changes);
void tvm_link_changes_clear (TvmLinkChanges *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmLinkChanges, tvm_link_changes_clear)
GArray *tvm_refs_list_keys     (TvmDb *db, TvmDeviceRefs *refs);
void    tvm_keys_sort          (GArray *keys);
gint64 tvm_refs_recommendation_key (TvmDb *db, const char *id);
void   tvm_refs_remove_devices     (TvmDb *db, GArray *missing);
gint64 tvm_refs_activity_key       (TvmDb *db, const char *id);
void   tvm_refs_check_groups       (TvmDb *db, const char *const *groups);   /* (nullable) */
void   tvm_refs_load_device_keys   (TvmDb *db);                              /* db->device_keys */

/* tvm-store-tracked.c, tvm-store-exposure-plan.c */
/* Of a recommendation: something hangs on its exposed devices, or a completion may be wrong. */
#define TVM_IS_WATCHED \
  "(r.is_listed = 1 AND (r.exception_status <> 0 OR EXISTS (SELECT 1 FROM activity a WHERE " \
  "a.recommendation_id = r.id AND a.origin = TVM_ORIGIN_LOCAL AND (a.status = TVM_STATUS_ACTIVE " \
  "OR (r.exposed_devices > 0 AND a.completion = TVM_COMPLETION_SYSTEM AND a.completed_us > " \
  "take_back_us ())))))"
/* All targets of an activity are remediated, and one look at that was not enough. */
#define TVM_AWAITS_CONFIRMATION \
  "EXISTS (SELECT 1 FROM activity a WHERE a.recommendation_id = r.id AND a.status = " \
  "TVM_STATUS_ACTIVE AND a.origin = TVM_ORIGIN_LOCAL AND a.type <> TVM_TYPE_ATTENTION_REQUIRED " \
  "AND a.fixed_devices >= a.target_devices)"
#define TVM_MAX_UNSETTLED 100

/* tvm-store-exposed.c */
typedef struct {
  TvmPullKind kind;            /* whose doubts are remembered for the next one */
  const char *id;              /* of the recommendation */
  gint64      owner;           /* its key */
  GArray     *keys;            /* of gint64, as tvm_keys_sort() leaves them */
  gint64      asked;           /* the stamp; -1: what it is made of may be the same as before */
  int         n_passed_over;
} TvmKeyList;
gint64   tvm_exposed_merge_devices (TvmDb *db, const TvmKeyList *list, TvmListResult *result);
void     tvm_exposed_merge_cves    (TvmDb *db, const TvmKeyList *list, TvmListResult *result);
gboolean tvm_recommendation_has_activity (TvmDb *db, const char *id, gboolean is_open);

/* tvm-store-pull-ask.c */
char    *tvm_store_dup_spool_path (TvmStore *self, TvmPullKind kind);

/* tvm-store-matrix.c, tvm-store-delta.c, tvm-store-derive.c */
typedef struct {
  GArray *devices, *software, *cves;  /* (owned): of gint64, in the order of the matrix */
} TvmMatrixKeys;
#define TVM_EXPOSURE_BASELINE "exposure-baseline"  /* when all of it was pulled, in list_state */
void     tvm_matrix_keys_load   (TvmDb *db, const TvmMatrix *matrix, TvmMatrixKeys *keys);
void     tvm_matrix_keys_clear  (TvmMatrixKeys *keys);
guint64  tvm_matrix_digest_cve  (gint64 key);
gint64   tvm_matrix_find_state  (TvmDb *db, gint64 software_key, const char *version,
                                 guint64 digest);
gint64   tvm_matrix_add_state   (TvmDb *db, gint64 software_key, const char *version, GArray *cves);
void     tvm_matrix_write_updates (TvmDb *db, const TvmMatrix *matrix, const TvmMatrixKeys *keys);
void     tvm_matrix_sweep       (TvmDb *db);
gint64   tvm_matrix_merge       (TvmDb *db, const TvmPull *pull, TvmListResult *result,
                                 gboolean *out_doubtful);
void     tvm_matrix_merge_changes (TvmDb *db, const TvmPull *pull, TvmListResult *result);
void     tvm_exposure_derive    (TvmDb *db, const TvmPull *pull);
void     tvm_exposure_remove_unnamed (TvmDb *db, const char *id);
gboolean tvm_exposure_is_newer  (TvmDb *db, TvmPullKind kind, const char *id, gint64 asked,
                                 gint64 newest_us);

/* tvm-store-impact.c */
gboolean tvm_user_impacts_merge (TvmDb *db, const TvmPull *pull, TvmListResult *result);

/* tvm-store-history.c */
#define TVM_LINE_US(db) ((db)->line_us != 0 ? (db)->line_us : tvm_now_us ())
void tvm_history_add_change      (TvmDb *db, gint64 activity_key, const char *kind, const char *who,
                                  const char *detail, const char *before, const char *after);
void tvm_history_add_counted     (TvmDb *db, gint64 activity_key, const char *kind, const char *who,
                                  const char *detail, int count, const char *before,
                                  const char *after);
void tvm_chains_verify           (TvmDb *db, TvmChain chains[TVM_N_CHAINS]);
void tvm_history_add_devices     (TvmDb *db, gint64 activity_key, int before, int after);
GHashTable *tvm_history_remember_portal    (TvmDb *db);
void        tvm_history_add_portal_changes (TvmDb *db, GHashTable *known, GPtrArray *activities);
void        tvm_history_add_portal_removed (TvmDb *db, GHashTable *known, const char *id);
void        tvm_history_keep_portal (TvmDb *db);  /* of what is there again */

/* tvm-store-progress.c */
/* What a list of exposed devices is good for: nothing final on one look alone (R19). */
typedef struct {
  gboolean is_exact;           /* it has just as many devices as the service counts */
  gboolean is_too_long;        /* it has more */
  gint64   asked;              /* the stamp when it was asked for */
} TvmEvidence;
void tvm_progress_recompute      (TvmDb *db, const char *recommendation_id,
                                  const TvmEvidence *evidence /* NULL: it was doubted */);
void tvm_progress_note           (TvmDb *db, gint64 activity_key /* 0: all of the portal */);

/* tvm-store-details.c */
TvmRecommendation *tvm_recommendation_load (TvmDb *db, const char *id);  /* fails without one */
GPtrArray         *tvm_group_counts_read   (TvmDb *db, sqlite3_stmt *row);
GPtrArray         *tvm_group_counts_load   (TvmDb *db, const char *recommendation_id);
GStrv              tvm_shared_groups_load  (TvmDb *db, const char *recommendation_id,
                                            gboolean no_impact_only);

/* tvm-store-priors.c */
GPtrArray *tvm_priors_load (TvmDb *db, const char *recommendation_id);

/* tvm-store-adopted.c */
GPtrArray *tvm_tickets_adopt  (TvmDb *db, GPtrArray *tickets, TvmListResult *result);
void       tvm_tickets_forget (TvmDb *db, GPtrArray *missing, GHashTable *gone,
                               TvmListResult *result);
GPtrArray *tvm_adopted_load   (TvmDb *db, const char *recommendation_id /* NULL: all */);

/* tvm-store-tickets.c */
gint64   tvm_ticket_activity    (TvmDb *db, gint64 ticket_key);  /* fails where it is gone */
void     tvm_outbox_fail_gone (TvmDb *db);
gboolean tvm_outbox_check_claim (TvmDb *db, gint64 key);
gboolean tvm_ticket_take_answer (TvmDb *db, gint64 key, const TvmTicket *answer);
/* Key and id of those that Intune had and that did not change here since ?3; ?1, ?2: gone,
 * withdrawn */
#define TVM_TICKETS_IN_INTUNE \
  "SELECT key, id FROM ticket WHERE id IS NOT NULL AND status NOT IN (?1, ?2) AND stamp <= ?3"
guint    tvm_tickets_merge      (TvmDb *db, const TvmPull *pull, TvmListResult *result);

/* tvm-store-withdraw.c */
gboolean tvm_ticket_note_withdrawn (TvmDb *db, gint64 key, gboolean is_told);  /* was wanted */
void     tvm_ticket_drop_withdrawal (TvmDb *db, gint64 key);  /* if it is no longer pending */
void     tvm_ticket_renew_withdrawal (TvmDb *db, gint64 key);
/* of the ticket to make or its withdrawal */
const char *tvm_ticket_entry_status (TvmDb *db, gint64 key);

/* tvm-store-finder.c */
gboolean tvm_finder_list (TvmDb *db, const TvmQuery *query, GArray *keys);

/* tvm-store-query.c */
typedef struct {
  GString *sql;
  GArray *values;              /* of TvmValue, texts in chunk */
  GStringChunk *chunk;
} TvmSql;
void          tvm_sql_init   (TvmSql *self);
void          tvm_sql_clear  (TvmSql *self);
void          tvm_sql_bind   (TvmSql *self, TvmValue value);
sqlite3_stmt *tvm_sql_query  (TvmSql *self, TvmDb *db);
void          tvm_sql_and (TvmSql *self, const char *condition, TvmValue value);
/* tvm-store-query-search.c */
void          tvm_sql_add_search (TvmSql *self, const TvmQuery *query);
void          tvm_sql_add_triage (TvmSql *self, const TvmQuery *query);
void          tvm_sql_add_from  (TvmSql *self, TvmDb *db, const TvmQuery *query);  /* WHERE too */
void          tvm_sql_add_order (TvmSql *self, const TvmQuery *query);
const char   *tvm_list_key_column (TvmListKind kind);
gint64        tvm_retention_cutoff_us (TvmDb *db, const char *today);
void          tvm_target_context_load (TvmDb *db, gint64 activity_key);
gint64        tvm_query_count (TvmDb *db, const TvmQuery *query, gboolean filtered);

G_END_DECLS
