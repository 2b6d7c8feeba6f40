/* tvm-client-private.h: what the layer's files and its tests share. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-client.h"
#include "tvm-json-stream-private.h"
G_BEGIN_DECLS

/* A new token in place of one that was refused; refreshes only if no other thread did already. */
char *tvm_sign_in_replace_token (TvmSignIn *self, TvmResource resource, gboolean intune_write,
                                 const char *refused_token, GCancellable *cancellable,
                                 GError **error);

/* (nullable): what the token in memory is good for, as its answer named it */
char *tvm_sign_in_dup_scope (TvmSignIn *self, TvmResource resource, gboolean intune_write);

/* Tests: waits last 1/divisor of what was told. */
void  tvm_sign_in_set_wait_divisor (TvmSignIn *self, guint divisor);
void  tvm_client_set_wait_divisor  (TvmClient *self, guint divisor);
/* for its limits and its trust */
struct _TvmTransport *tvm_client_get_transport (TvmClient *self);

/* ---- rows to records: the first member of each shape is the required id */
typedef gpointer (*TvmWireBuilder) (const TvmWireRow *row, GError **error);
extern const TvmWireShape tvm_shape_recommendations, tvm_shape_devices, tvm_shape_activities,
                         tvm_shape_vulnerabilities, tvm_shape_references, tvm_shape_changes,
                         tvm_shape_exposure, tvm_shape_score, tvm_shape_assessments,
                         tvm_shape_tickets, tvm_shape_ticket, tvm_shape_managed_devices;
gpointer tvm_wire_build_recommendation (const TvmWireRow *row, GError **error);
gpointer tvm_wire_build_device         (const TvmWireRow *row, GError **error);
char    *tvm_wire_dup_entra_id         (const char *id);
gpointer tvm_wire_build_activity       (const TvmWireRow *row, GError **error);
gpointer tvm_wire_build_ticket         (const TvmWireRow *row, GError **error);
/* (nullable) Of tvm_shape_changes and tvm_shape_exposure: NULL where the row names no update. */
gpointer tvm_wire_build_security_update (const TvmWireRow *row);

/* ---- tvm-client-updates.c: security updates, each once, as rows name them */
typedef struct {
  GPtrArray  *list;   /* (unowned): of TvmSecurityUpdate */
  GHashTable *seen;   /* (owned) */
} TvmUpdates;
void tvm_updates_init     (TvmUpdates *self, GPtrArray *list);
void tvm_updates_take_row (TvmUpdates *self, const TvmWireRow *row);
void tvm_updates_clear    (TvmUpdates *self);
/* Members of tvm_shape_references, tvm_shape_score, tvm_shape_assessments and
 * tvm_shape_managed_devices, in order. */
enum { TVM_REFERENCE_ID, TVM_REFERENCE_NAME, TVM_REFERENCE_OS, TVM_REFERENCE_GROUP };
enum { TVM_SCORE_VALUE, TVM_SCORE_TIME };
enum { TVM_ASSESSMENT_DEVICE, TVM_ASSESSMENT_RECOMMENDATION, TVM_ASSESSMENT_CONFIGURATION,
       TVM_ASSESSMENT_APPLICABLE, TVM_ASSESSMENT_COMPLIANT, TVM_ASSESSMENT_IMPACT,
       TVM_ASSESSMENT_NAME, TVM_ASSESSMENT_OS, TVM_ASSESSMENT_GROUP, TVM_ASSESSMENT_TIME };
enum { TVM_MANAGED_ID, TVM_MANAGED_ENTRA_ID };

#define TVM_TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"
/* The JSON body of a ticket (api section 4); transfer full. */
char *tvm_ticket_body_build (const TvmTicketDraft *draft, const char *creator);

/* tvm-wire-trace.c: what tells a ticket of this program, at the end of its description */
char *tvm_ticket_trace_build (const TvmTicketDraft *draft);
void  tvm_ticket_trace_read  (TvmTicket *ticket, const char *description);

G_END_DECLS
