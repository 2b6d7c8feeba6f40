/* tvm-store-priors.c: who asked for the same recommendation before, or excepted it (R20).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

static TvmPrior *
add_prior (GPtrArray    *list,
           TvmPriorKind  kind,
           const char   *id,
           const char   *title,
           const char   *who,
           gint64        when_us)
{
  TvmPrior *prior = g_new0 (TvmPrior, 1);

  prior->kind = kind;
  prior->id = g_strdup (id);
  prior->title = g_strdup (title);
  prior->who = g_strdup (who);
  prior->when_us = when_us;
  prior->devices = -1;
  g_ptr_array_add (list, prior);
  return prior;
}

static void
add_activities (TvmDb      *db,
                const char *recommendation_id,
                GPtrArray  *list)
{
  sqlite3_stmt *row = tvm_db_query (db,
    "SELECT id, title, created_by, created_us, origin, " TVM_ACTIVITY_GROUPS ", target_devices "
    "FROM activity a WHERE recommendation_id = ?1 AND status <> ?2 ORDER BY created_us DESC, key "
    "DESC", "si", recommendation_id, TVM_STATUS_COMPLETED);

  while (tvm_db_next (db, row))
    {
      TvmPriorKind kind = sqlite3_column_int (row, 4) == TVM_ORIGIN_LOCAL ? TVM_PRIOR_ACTIVITY
                                                                          : TVM_PRIOR_PORTAL;
      TvmPrior *prior = add_prior (list, kind, tvm_db_text (row, 0), tvm_db_text (row, 1),
                                   tvm_db_text (row, 2), sqlite3_column_int64 (row, 3));

      prior->groups = tvm_db_dup (row, 5);
      prior->devices = sqlite3_column_int (row, 6);
    }
}

/* Only what the IT admin has still to do. */
static void
add_tickets (TvmDb      *db,
             const char *recommendation_id,
             GPtrArray  *list)
{
  g_autoptr(GPtrArray) tickets = tvm_adopted_load (db, recommendation_id);

  for (guint i = 0; i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];
      TvmPrior *prior;

      if (ticket->status != TVM_TICKET_PENDING && ticket->status != TVM_TICKET_ACTIVE)
        continue;
      prior = add_prior (list, TVM_PRIOR_TICKET, ticket->id, ticket->title, ticket->created_by,
                         ticket->created_us);
      prior->groups = ticket->groups != NULL ? g_strjoinv ("\n", ticket->groups) : NULL;
      prior->devices = ticket->devices;
      prior->ticket_status = ticket->status;
    }
}

/* Of one made in the portal the service tells no more than the recommendation's status. */
static void
add_exceptions (TvmDb      *db,
                const char *recommendation_id,
                GPtrArray  *list)
{
  g_autoptr(GPtrArray) exceptions = tvm_exceptions_load (db, recommendation_id);
  gint64 status = tvm_db_get_int (db, "SELECT status FROM recommendation WHERE id = ?1", "s",
                                  recommendation_id);

  for (guint i = 0; i < exceptions->len; i++)
    {
      const TvmException *x = exceptions->pdata[i];
      TvmPrior *prior;

      if (x->status != TVM_EXCEPTION_ACTIVE)
        continue;
      prior = add_prior (list, TVM_PRIOR_EXCEPTION, x->id, x->recommendation_name, x->created_by,
                         x->created_us);
      prior->groups = x->is_global ? g_strdup ("") : g_strjoinv ("\n", x->groups);
      prior->devices = x->devices;
      prior->ends_on = g_strdup (x->ends_on);
    }
  if (status == TVM_RECOMMENDATION_FULL_EXCEPTION)
    add_prior (list, TVM_PRIOR_EXCEPTION, NULL, NULL, NULL, 0)->groups = g_strdup ("");
  else if (status == TVM_RECOMMENDATION_PARTIAL_EXCEPTION)
    add_prior (list, TVM_PRIOR_EXCEPTION, NULL, NULL, NULL, 0);
}

/**
 * tvm_priors_load:
 * @db: a database
 * @recommendation_id: a recommendation
 *
 * Returns: (transfer full) (element-type TvmPrior): active activities, tickets made elsewhere and
 *   exceptions, whichever device groups they are about
 */
GPtrArray *
tvm_priors_load (TvmDb      *db,
                 const char *recommendation_id)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_prior_free);

  add_activities (db, recommendation_id, list);
  add_tickets (db, recommendation_id, list);
  add_exceptions (db, recommendation_id, list);
  return list;
}

typedef struct
{
  const char      *id;
  TvmRequestFacts *facts;
} FactsData;

static void
read_facts (TvmDb *db, gpointer user_data)
{
  FactsData *data = user_data;

  data->facts->recommendation = tvm_recommendation_load (db, data->id);
  if (data->facts->recommendation == NULL)
    return;
  data->facts->groups = tvm_group_counts_load (db, data->id);
  data->facts->shared = tvm_shared_groups_load (db, data->id, FALSE);
  data->facts->shared_no_impact = tvm_shared_groups_load (db, data->id, TRUE);
  data->facts->priors = tvm_priors_load (db, data->id);
}

/**
 * tvm_store_get_request_facts:
 * @self: a store
 * @recommendation_id: a recommendation
 * @out: (out caller-allocates): what a form about it shows, without a coverage; to be cleared
 * @error: return location for %TVM_ERROR_NOT_FOUND
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_get_request_facts (TvmStore         *self,
                             const char       *recommendation_id,
                             TvmRequestFacts  *out,
                             GError          **error)
{
  FactsData data = { .id = recommendation_id, .facts = out };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out = (TvmRequestFacts) TVM_REQUEST_FACTS_INIT;
  if (tvm_store_read (self, read_facts, &data, error))
    return TRUE;
  tvm_request_facts_clear (out);
  return FALSE;
}
