/* tvm-demo-private.h: the demo tenant's server: one exchange, and who answers it. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <libsoup/soup.h>
#include <json-glib/json-glib.h>

#include "tvm-demo-data-private.h"
G_BEGIN_DECLS

typedef enum { TVM_DEMO_AUDIENCE_DEFENDER = 1, TVM_DEMO_AUDIENCE_GRAPH } TvmDemoAudience;

/* What an access token is good for. */
typedef struct {
  TvmDemoAudience audience;
  char           *scopes;      /* (owned) short names by spaces, one at each end too */
  gint64          expires_us;  /* monotonic */
} TvmDemoToken;

typedef struct _TvmDemoIdentity TvmDemoIdentity;
typedef struct _TvmDemoFaults TvmDemoFaults;
typedef struct _TvmDemoLimits TvmDemoLimits;

/* A ticket: an Intune security task. */
typedef struct {
  char        id[37];
  gboolean    is_setting;      /* a securityConfigurationTask */
  JsonObject *fields; /* (owned) what was posted, checked; status and assignedTo included */
  JsonArray  *devices;         /* (owned) (nullable) its managedDevices */
  gint64      created_us;
  gint64      created_ticks_us; /* monotonic */
} TvmDemoTicket;

/* How exports are made, on order. */
typedef struct {
  guint8   key[32];            /* signs the files' addresses */
  guint    n_leaks;            /* tokens that came along with such an address */
  guint    n_files;            /* 0: by the number of devices */
  gint64   valid_s;            /* of such an address; 0: as asked for */
  gint64   period_us;          /* between two snapshots; 0: always new */
  gboolean is_held;            /* the snapshot stays the one of held_us */
  gint64   held_us;
  guint    n_held;             /* the changes that it has */
  gboolean has_no_groups;      /* the tenant has no device groups */
} TvmDemoExports;

struct _TvmDemoTenant {
  TvmDemoOptions   options;
  char            *uri;        /* (owned) (nullable) once started */
  GThread         *thread;
  GMainContext    *context;
  GMainLoop       *loop;
  GError          *start_error;
  GMutex           lock;
  GCond            started;
  gboolean         is_ready;   /* under the lock, as is start_error */
  /* from here on the server's thread only */
  SoupServer      *server;
  TvmDemoData     *data;
  TvmDemoIdentity *identity;
  TvmDemoFaults   *faults;
  GPtrArray       *tickets;    /* TvmDemoTicket, oldest first */
  GSource         *life;
  TvmDemoExports   exports;
  gint64           clock_offset_us;  /* of what answers say of the time */
};

/* One request and its answer in the making. */
typedef struct {
  TvmDemoTenant     *tenant;
  SoupServerMessage *message;
  const char        *method;
  const char        *path;      /* decoded */
  char             **parts;     /* (owned) the path's non-empty segments */
  guint              n_parts;
  GHashTable        *query;     /* (nullable) decoded */
  GString           *reply;     /* (owned) the body */
  guint              status;
  const char        *content_type;
  gboolean           is_graph;  /* writes errors as Graph does */
  guint              max_top;   /* of $top, 0: 10,000 */
} TvmDemoExchange;

void     tvm_demo_tenant_open_port (TvmDemoTenant *tenant);
gboolean tvm_demo_part_is     (TvmDemoExchange *ex, guint index, const char *word);
const char *tvm_demo_query    (TvmDemoExchange *ex, const char *name);
char    *tvm_demo_own_uri     (TvmDemoExchange *ex, const char *path);
void tvm_demo_reply_error (TvmDemoExchange *ex, guint status, const char *code, const char *format,
                           ...) G_GNUC_PRINTF (4, 5);
void
tvm_demo_reply_row (TvmDemoExchange *ex, const char *context, TvmDemoRowFunc row, gpointer item);
void tvm_demo_reply_list (TvmDemoExchange *ex, const char *context, TvmDemoRowFunc row,
                          GPtrArray *items);
JsonObject *tvm_demo_dup_body (TvmDemoExchange *ex);

TvmDemoIdentity *tvm_demo_identity_new  (void);
void             tvm_demo_identity_free (TvmDemoIdentity *self);
gboolean         tvm_demo_identity_handles (TvmDemoExchange *ex);
void             tvm_demo_identity_handle  (TvmDemoExchange *ex);
gboolean tvm_demo_identity_decide (TvmDemoIdentity *self, const char *user_code, const char *verb);
void             tvm_demo_identity_revoke  (TvmDemoIdentity *self);
void             tvm_demo_identity_expire  (TvmDemoIdentity *self);
void             tvm_demo_identity_deny    (TvmDemoIdentity *self, const char *scopes);
void             tvm_demo_identity_set_user (TvmDemoIdentity *self, const char *user);
void             tvm_demo_identity_describe (TvmDemoIdentity *self, GString *out);
const TvmDemoToken *tvm_demo_identity_check (TvmDemoExchange *ex, TvmDemoAudience audience);
gboolean         tvm_demo_token_has (const TvmDemoToken *token, const char *scope);

void tvm_demo_defender_handle (TvmDemoExchange *ex);
void tvm_demo_graph_handle    (TvmDemoExchange *ex);
void tvm_demo_control_handle  (TvmDemoExchange *ex);

TvmDemoTicket *tvm_demo_ticket_find (TvmDemoTenant *tenant, const char *id);
void           tvm_demo_ticket_free (TvmDemoTicket *ticket);
void tvm_demo_ticket_set (TvmDemoTicket *ticket, const char *status, const char *note,
                          const char *assigned_to);
const char    *tvm_demo_ticket_get  (const TvmDemoTicket *ticket, const char *member);
char          *tvm_demo_ticket_check (JsonObject *body, gboolean is_new, gboolean *is_setting);
gboolean       tvm_demo_is_guid     (const char *text);
gboolean       tvm_demo_ticket_status_is_known (const char *status);

TvmDemoFaults *tvm_demo_faults_new    (void);
void           tvm_demo_faults_free   (TvmDemoFaults *self);
char          *tvm_demo_faults_add    (TvmDemoFaults *self, JsonObject *body);
TvmDemoLimits *tvm_demo_faults_get_limits (TvmDemoFaults *self);
void           tvm_demo_faults_clear  (TvmDemoFaults *self);
gboolean       tvm_demo_faults_before (TvmDemoExchange *ex);
void           tvm_demo_faults_after  (TvmDemoExchange *ex);
void           tvm_demo_faults_describe (TvmDemoFaults *self, GString *out);

TvmDemoLimits *tvm_demo_limits_new      (void);
void           tvm_demo_limits_free     (TvmDemoLimits *self);
void           tvm_demo_limits_set      (TvmDemoLimits *self, guint calls_per_minute,
                                         guint exports_per_minute);
void           tvm_demo_limits_set_documented (TvmDemoLimits *self);
gboolean       tvm_demo_limits_refuse   (TvmDemoLimits *self, TvmDemoExchange *ex);
guint          tvm_demo_limits_count_violations (TvmDemoLimits *self);
void           tvm_demo_limits_describe (TvmDemoLimits *self, GString *out);

void tvm_demo_break_cut     (TvmDemoExchange *ex);
void tvm_demo_break_reset   (TvmDemoExchange *ex);
void tvm_demo_break_delay   (TvmDemoExchange *ex, guint delay_ms);
void tvm_demo_break_endless (TvmDemoExchange *ex);
void tvm_demo_break_refuse  (TvmDemoExchange *ex, guint delay_ms);

/* Makes an answer worse, as ordered. */
typedef void (*TvmDemoSpoilFunc) (TvmDemoExchange *ex, JsonObject *order);
TvmDemoSpoilFunc tvm_demo_spoil_find (const char *kind);
TvmDemoSpoilFunc tvm_demo_spoil_find_file (const char *kind);
void             tvm_demo_pack            (GString *text);

guint    tvm_demo_life_patch_ticket (TvmDemoTenant *tenant, TvmDemoTicket *ticket,
                                     TvmDemoRecommendation *recommendation, guint at_most);
GSource *tvm_demo_life_start        (TvmDemoTenant *tenant);

G_END_DECLS
