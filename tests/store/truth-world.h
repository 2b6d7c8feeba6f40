/* truth-world.h: a tenant that knows the truth of each moment, a store that two processes have open,
 * and what must never be in it. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-private.h"

#include <sqlite3.h>

#define N_PROCESSES    2
#define N_FLIGHTS      4
#define N_DEVICES      16
#define N_RECS         8
#define N_HOT          2   /* of the recommendations, most happens to these */
#define N_CVES         4
#define N_PORTAL       4
#define MAX_ACTIVITIES 6
#define MAX_TICKETS    24
#define N_LOADS        10

/* Bits are of devices where nothing else is said. */
typedef struct
{
  guint32 exposed[N_RECS], cves[N_RECS], portal_exposed[N_PORTAL];
  guint32 recs, portal; /* those that exist */
  guint32 inventory, managed;
  TvmTicketStatus tickets[MAX_TICKETS]; /* TVM_TICKET_GONE: deleted */
  int n_tickets;
} Tenant;

typedef struct
{
  gint64             key;
  int                rec, n_fixed;
  TvmActivityStatus  status;
  TvmCompletion      completion;
  TvmRemediationType type;
  guint32            targets, exposed;
} KeptActivity;

typedef struct
{
  gint64          key, activity;
  int             tenant; /* which of the tenant's; -1: it has no id yet */
  TvmTicketStatus status;
  char            marker[48];
} KeptTicket;

/* What the store has. */
typedef struct
{
  guint32      exposed[N_RECS], cves[N_RECS], portal_exposed[N_PORTAL];
  guint32      recs, portal, inventory, managed;
  int          counts[N_RECS], portal_fixed[N_PORTAL];
  KeptActivity activities[MAX_ACTIVITIES];
  KeptTicket   tickets[MAX_TICKETS];
  int          n_activities, n_tickets;
} Kept;

/* A list under way. */
typedef struct
{
  TvmPull *pull;        /* (owned) (nullable): none */
  int      owner;
  int      moment, asked_moment; /* of the tenant, when it answered; -1: not yet */
  guint32  rows;
  gboolean is_short, is_stale;
} Flight;

/* A ticket on its way to Intune, or out of it. */
typedef struct
{
  enum { IDLE, LOOKED, POSTED, DELETED } stage;
  gint64   key, asked;
  int      tenant;      /* which of the tenant's, -1: none */
  TvmTicketStatus seen; /* as it was answered */
  gboolean is_lost, is_refused, is_crash, is_withdrawal;
} Sending;

typedef struct
{
  guint32   seed;
  GRand    *rand;
  char     *directory;
  TvmStore *stores[N_PROCESSES];
  sqlite3  *db;         /* reads, and erases between sequences */
  sqlite3_stmt *loads[N_LOADS], *lines, *stamp, *begin, *commit;
  GArray   *moments;    /* of Tenant; the last one is now */
  Kept      before, after;
  Flight    flights[N_PROCESSES][N_FLIGHTS];
  Sending   sendings[N_PROCESSES];
  int       sender;     /* who holds the outbox; -1: nobody */
  char     *markers[MAX_TICKETS];
  gboolean  with_stale; /* the services may answer from an older copy */
  gint64    last_line;
  int       kept_moment[TVM_N_PULLS][N_RECS], count_moment[N_RECS];
  gboolean  was_short[TVM_N_PULLS][N_RECS], is_excused[N_RECS];
  int       n_excused, n_completed, n_taken_back;
  GString  *log;
} World;

#define truth_fail(world, ...) \
  G_STMT_START { truth_log (world, "BROKEN: " __VA_ARGS__); truth_end (world); } G_STMT_END

void     truth_log           (World *world, const char *format, ...) G_GNUC_PRINTF (2, 3);
void     truth_end           (World *world) G_GNUC_NORETURN;
int      truth_pick          (World *world, int n);
int      truth_pick_rec      (World *world);      /* mostly one of a few */
Tenant  *truth_now           (World *world);
Tenant  *truth_change        (World *world);      /* a new moment, to be changed */
void     truth_open          (World *world);
void     truth_erase         (World *world);
void     truth_close         (World *world);
void     truth_run           (sqlite3_stmt *statement);
void     truth_load          (World *world);      /* before becomes what after was */
void     truth_check         (World *world, const Flight *flight /* (nullable): just kept */);
gboolean truth_has_open_activity (const Kept *kept, int rec);
void     truth_check_end     (World *world);
char    *truth_rec_id        (int i);
char    *truth_device_id     (int i);
char    *truth_portal_id     (int i);
char    *truth_ticket_id     (int i);
char    *truth_entra_id      (int i);
int      truth_index         (const char *id);    /* of any of these */
gint64   truth_merge_stamp   (World *world, TvmPullKind kind, const char *owner);
