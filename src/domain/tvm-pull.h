/* tvm-pull.h: one list as a service gave it, and what is known about that: of whose, when it was
 * asked for, how much of it could not be used. Filled by client, kept by store. Plain data, one
 * thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-file-progress.h"
#include "tvm-matrix.h"
#include "tvm-spool.h"
#include "tvm-user-impact.h"
G_BEGIN_DECLS

/* The numbers are stored: never renumber. */
typedef enum
{
  TVM_PULL_RECOMMENDATIONS = 1, /* of TvmRecommendation */
  TVM_PULL_RECOMMENDATION,      /* one of them, the owner: the service's own answer about it */
  TVM_PULL_DEVICES,             /* of TvmDevice */
  TVM_PULL_PORTAL_ACTIVITIES,   /* of TvmActivity */
  TVM_PULL_TICKETS,             /* of TvmTicket */
  TVM_PULL_MANAGED_DEVICES,     /* Entra device id to Intune device id */
  TVM_PULL_EXPOSED_DEVICES,     /* references, of a recommendation */
  TVM_PULL_VULNERABILITIES,     /* of TvmVulnerability, of a recommendation */
  TVM_PULL_PORTAL_DEVICES,      /* references: the devices still exposed of a portal activity */
  TVM_PULL_USER_IMPACT,         /* of each exposed device and configuration */
  TVM_PULL_SECURITY_UPDATES,    /* of TvmSecurityUpdate: each of each recommendation once */
  TVM_PULL_WEAKNESSES,          /* of TvmVulnerability: every CVE of the tenant */
  TVM_PULL_EXPOSURE,            /* a matrix: the software of all devices, with its CVEs */
  TVM_PULL_EXPOSURE_CHANGES,    /* a matrix of what changed in it */
  TVM_N_PULLS
} TvmPullKind;

typedef struct
{
  TvmPullKind kind;
  char *owner;          /* (not nullable): an id; empty where the list is the tenant's */
  gint64 asked;         /* the store's stamp when it was asked for */
  gint64 begun_us, begun_ticks_us;  /* tvm_now_us() and tvm_ticks_us() then; 0: not asked for */
  GPtrArray *records;   /* (nullable): for the kinds that have records */
  TvmDeviceRefs *refs;  /* (nullable): for the kinds that have references */
  GHashTable *ids;      /* (nullable): for the kind that has ids */
  TvmUserImpacts *impacts;  /* (nullable): for the kind that has these */
  int n_passed_over;    /* rows that could not be used, or that nobody knows of: it is doubted */
  gboolean lacked_some; /* the service itself, asked for each, has what the list lacked */
  gboolean is_part;     /* of security updates: says nothing about those that it lacks */
  GHashTable *gone;     /* of ids that the service itself, asked for each, does not have */
  TvmMatrix *matrix;    /* (nullable): for the kinds that have one */
  gint64 since_us;      /* of changes: from when on they are told */
  gboolean wants_files; /* there are so many rows that files are cheaper */
  TvmSpool *spool;      /* (nullable): where files that were read are kept until all are */
  TvmFileProgressFunc progress;  /* (nullable): is told of files, on any thread, one at a time */
  gpointer progress_data;
} TvmPull;

TvmPull *tvm_pull_new        (TvmPullKind kind, const char *owner);
void     tvm_pull_free       (TvmPull *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmPull, tvm_pull_free)
guint    tvm_pull_get_n_rows (const TvmPull *self);
const char *tvm_pull_get_id  (const TvmPull *self, guint i);

G_END_DECLS
