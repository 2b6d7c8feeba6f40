/* tvm-team-private.h: what the files of the team's database share: one connection and its words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-team.h"

#include <libpq-fe.h>
G_BEGIN_DECLS

struct _TvmTeam
{
  PGconn *connection;          /* (owned) */
  char   *open_passfile;       /* (owned) (nullable): others may read it, so that it is not used */
  int     layout;              /* of the database, once it was looked at; 0: it was not */
};
#define TVM_TEAM_APPROVALS 2   /* the first layout with approvals and claims of tickets */
#define TVM_TEAM_TENANT    5   /* the first layout that keeps the tenant */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

/* ---- tvm-team-link.c */
PGresult *tvm_team_query      (TvmTeam *self, const char *sql, int n_values,
                               const char *const *values, GCancellable *cancellable,
                               GError **error);
gboolean  tvm_team_run        (TvmTeam *self, const char *sql, GCancellable *cancellable,
                               GError **error);
gboolean  tvm_team_end        (TvmTeam *self, gboolean is_good, GCancellable *cancellable,
                               GError **error);
char     *tvm_team_dup_cell   (PGresult *result, int row, int column);
gint64    tvm_team_get_number (PGresult *result, int row, int column);

/* ---- tvm-team-members.c */
gboolean  tvm_team_check_layout (TvmTeam *self, int layout, GError **error);

/* ---- tvm-team-uri.c */
gboolean  tvm_team_is_private (PGconn *connection);
gboolean  tvm_team_is_proven (PGconn *connection);
char     *tvm_team_dup_root   (PGconn *connection);
char     *tvm_team_find_open_passfile (const char *uri);

/* ---- tvm-team-certificate.c */
gboolean  tvm_team_certificate_is_expired (PGconn *connection);

/* ---- tvm-team-error.c */
void      tvm_team_fail_connect (PGconn *connection, GError **error);
void      tvm_team_fail_result  (PGresult *result, GError **error);

G_END_DECLS
