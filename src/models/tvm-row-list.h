/* tvm-row-list.h: a GListModel over a store list: keys in memory, the rows around the view read on
 * demand. Row objects belong to positions: a change of content re-reads the live ones, only the
 * tail is announced. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

/* One position; "record" notifies when it was read (again). */
#define TVM_TYPE_ROW (tvm_row_get_type ())
G_DECLARE_FINAL_TYPE (TvmRow, tvm_row, TVM, ROW, GObject)
/* (nullable) TvmRecommendation, TvmActivity, ... by kind; NULL while it loads */
gconstpointer tvm_row_get_record   (TvmRow *self);
gint64        tvm_row_get_key      (TvmRow *self);
/* signal "changed": record or key changed */

#define TVM_TYPE_ROW_LIST (tvm_row_list_get_type ())
G_DECLARE_FINAL_TYPE (TvmRowList, tvm_row_list, TVM, ROW_LIST, GObject)
/* Properties: "loading" gboolean (first load not done), "n-total" guint (without search and
 * filters), "n-unknown" guint (see tvm_store_count_unknown_cves()), "n-items" guint, "error"
 * string, "missing" string (a line for each CVE looked for that is not there, and for what a
 * filter leaves out because nobody knows). */
TvmRowList     *tvm_row_list_new       (TvmStore *store, TvmListKind kind);
void            tvm_row_list_set_query (TvmRowList *self, const TvmQuery *query);  /* re-lists */
const TvmQuery *tvm_row_list_get_query (TvmRowList *self);
guint           tvm_row_list_find_key  (TvmRowList *self, gint64 key);  /* position or G_MAXUINT */
gint64          tvm_row_list_get_key   (TvmRowList *self, guint position);
GArray         *tvm_row_list_dup_keys  (TvmRowList *self);  /* of gint64, as listed */
/* signal "reloaded": a new listing is in place */

/* ---- details for flyouts, dashboard and form, loaded on a worker; free with the matching
 * function */
typedef struct {
  TvmActivity *activity; GPtrArray *tickets, *history; int states[TVM_N_DEVICE_STATES];
  GArray *progress;            /* of TvmProgressPoint, oldest first */
  GPtrArray *targets;          /* the first few TvmTarget, exposed ones first */
  TvmRecommendation *recommendation;  /* nullable; the next two with it */
  GPtrArray *vulnerabilities, *updates;  /* of TvmVulnerability and TvmSecurityUpdate */
  const char *admin_center_uri;       /* nullable: of Intune; the cloud may have none */
  GPtrArray *people;                  /* of TvmTeamPerson: of the team; empty: there is none */
  gboolean is_shared;                 /* the team has it, or will have it */
} TvmActivityDetails;
void tvm_activity_details_free (TvmActivityDetails *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmActivityDetails, tvm_activity_details_free)
extern const TvmLoad tvm_load_activity;  /* by its id */

typedef struct {
  TvmRecommendation *recommendation;
  GPtrArray *vulnerabilities, *groups /* TvmGroupCount */, *activities /* TvmActivity */;
  GPtrArray *other_tickets;           /* of TvmTicket: made elsewhere */
  const char *admin_center_uri;       /* nullable */
} TvmRecommendationDetails;
void tvm_recommendation_details_free (TvmRecommendationDetails *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmRecommendationDetails, tvm_recommendation_details_free)
extern const TvmLoad tvm_load_recommendation;  /* by its id */

typedef struct {
  GArray *exposure_scores, *secure_scores;   /* of TvmScorePoint */
  int exposure_by_level[6];
  GPtrArray *groups;             /* of TvmGroupExposure, the most exposed first, at most 6 */
  GArray *left;                  /* of TvmLeftPoint */
  int n_uncounted;               /* open activities that left does not have: numbers not known */
  TvmStanding standing;
  GPtrArray *ticket_matters;     /* of TvmTicketMatter, at most 6 */
  GPtrArray *top_recommendations, *top_activities, *due_activities;  /* at most 6 each */
  GPtrArray *ending_exceptions;  /* of TvmException, the first to end first, at most 6 */
  TvmStoreCounts counts;
  GPtrArray *news;               /* of TvmNewsLine */
  TvmNewsMark news_since, news_now;  /* when_us 0: nobody looked before, nothing was synced */
} TvmDashboardData;
void tvm_dashboard_data_free (TvmDashboardData *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDashboardData, tvm_dashboard_data_free)
void tvm_dashboard_data_load_async (TvmStore *store, const TvmNewsMark *since,
                                    const char *group, GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
void tvm_dashboard_note_seen (TvmStore *store, const TvmNewsMark *now);

/* GPtrArray of the kind's records, one for each key; NULL where it is gone */
void tvm_records_load_async (TvmStore *store, TvmListKind kind, GArray *keys,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);

/* GPtrArray of TvmOutboxEntry without their devices, oldest first */
extern const TvmLoad tvm_load_outbox;

void tvm_export_async (TvmStore *store, const TvmQuery *query, const char *path,
                       TvmFormat format, gboolean overwrite,
                       TvmExportProgress progress /* on the main context */, gpointer progress_data,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gint64 tvm_export_finish (TvmStore *store, GAsyncResult *result, guint *out_n_cut,
                          GError **error);
/* the same for the names of an activity's devices; overwrites: the save dialog has asked */
void tvm_export_names_async (TvmStore *store, const char *activity_id, gboolean all_devices,
                             TvmNamesFormat format, const char *path, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean tvm_export_names_finish (TvmStore *store, GAsyncResult *result,
                                  TvmNamesResult *out_result, GError **error);
/* and for its evidence */
void tvm_export_evidence_async (TvmStore *store, const char *activity_id, const char *path,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tvm_export_evidence_finish (TvmStore *store, GAsyncResult *result,
                                     TvmEvidenceResult *out, GError **error);

G_END_DECLS
