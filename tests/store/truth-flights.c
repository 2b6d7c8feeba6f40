/* truth-flights.c: lists that are begun, answered, perhaps badly, and kept in any order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth-flights.h"

#include "tvm-error.h"

#define N(bits) __builtin_popcount (bits)
#define N_PORTAL_TARGETS 6

/* ---- answers */

static TvmRecommendation *
make_recommendation (const Tenant *truth,
                     int           i)
{
  TvmRecommendation *r = tvm_recommendation_new ();

  r->id = truth_rec_id (i);
  r->type = TVM_TYPE_UPDATE;
  r->status = TVM_RECOMMENDATION_ACTIVE;
  r->exposed_devices = N (truth->exposed[i]);
  r->weaknesses = N_CVES;
  return r;
}

static TvmActivity *
make_portal_activity (const Tenant *truth,
                      int           i)
{
  TvmActivity *activity = tvm_activity_new ();

  activity->id = truth_portal_id (i);
  activity->type = TVM_TYPE_UPDATE;
  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->target_devices = N_PORTAL_TARGETS;
  activity->fixed_devices = N_PORTAL_TARGETS - N (truth->portal_exposed[i]);
  activity->status = truth->portal_exposed[i] == 0 ? TVM_STATUS_COMPLETED : TVM_STATUS_ACTIVE;
  return activity;
}

TvmTicket *
truth_make_ticket (World           *world,
                   int              i,
                   TvmTicketStatus  status)
{
  TvmTicket *ticket = tvm_ticket_new ();

  ticket->activity_id = g_strdup ("");
  ticket->id = truth_ticket_id (i);
  ticket->marker = g_strdup (world->markers[i]);
  ticket->status = status;
  return ticket;
}

static TvmDevice *
make_device (int i)
{
  TvmDevice *device = tvm_device_new ();

  device->id = truth_device_id (i);
  device->group = g_strdup_printf ("g%d", i % 2);
  device->aad_device_id = truth_entra_id (i);
  device->is_aad_joined = i % 8 != 7;
  return device;
}

static TvmVulnerability *
make_cve (int i)
{
  TvmVulnerability *cve = tvm_vulnerability_new ();

  cve->id = g_strdup_printf ("CVE-2026-%04x", i);
  return cve;
}

static gpointer
make_record (World        *world,
             TvmPullKind   kind,
             const Tenant *truth,
             int           i)
{
  switch (kind)
    {
    case TVM_PULL_DEVICES:
      return make_device (i);
    case TVM_PULL_PORTAL_ACTIVITIES:
      return make_portal_activity (truth, i);
    case TVM_PULL_TICKETS:
      return truth_make_ticket (world, i, truth->tickets[i]);
    case TVM_PULL_VULNERABILITIES:
      return make_cve (i);
    case TVM_PULL_RECOMMENDATIONS:
    case TVM_PULL_RECOMMENDATION:
      return make_recommendation (truth, i);
    case TVM_PULL_MANAGED_DEVICES:
    case TVM_PULL_EXPOSED_DEVICES:
    case TVM_PULL_PORTAL_DEVICES:
    case TVM_N_PULLS:
    default:
      g_assert_not_reached ();
    }
}

/* The rows of the whole list. */
static guint32
rows_of (const Tenant *truth,
         TvmPullKind   kind,
         int           owner)
{
  guint32 tickets = 0;

  for (int i = 0; i < truth->n_tickets; i++)
    tickets |= (guint32) (truth->tickets[i] != TVM_TICKET_GONE) << i;
  switch (kind)
    {
    case TVM_PULL_RECOMMENDATIONS:
      return truth->recs;
    case TVM_PULL_RECOMMENDATION:
      return truth->recs & 1u << owner;
    case TVM_PULL_DEVICES:
      return truth->inventory;
    case TVM_PULL_PORTAL_ACTIVITIES:
      return truth->portal;
    case TVM_PULL_TICKETS:
      return tickets;
    case TVM_PULL_MANAGED_DEVICES:
      return truth->managed;
    case TVM_PULL_EXPOSED_DEVICES:
      return truth->exposed[owner];
    case TVM_PULL_VULNERABILITIES:
      return truth->cves[owner];
    case TVM_PULL_PORTAL_DEVICES:
      return truth->portal_exposed[owner];
    case TVM_N_PULLS:
    default:
      g_assert_not_reached ();
    }
}

static void
add_row (World        *world,
         Flight       *flight,
         const Tenant *truth,
         int           i)
{
  TvmPull *pull = flight->pull;
  g_autofree char *device = truth_device_id (i);
  g_autofree char *group = g_strdup_printf ("g%d", i % 2);

  if (pull->records != NULL)
    g_ptr_array_add (pull->records, make_record (world, pull->kind, truth, i));
  else if (pull->ids != NULL)
    g_hash_table_insert (pull->ids, truth_entra_id (i), truth_device_id (i));
  else
    tvm_device_refs_add (pull->refs, device, "stub", NULL, group);
}

/* ---- what goes wrong */

/* Rows that are lost on the way, with status 200. */
static guint32
shorten (World   *world,
         guint32  rows)
{
  guint32 kept = 0;

  switch (truth_pick (world, 4))
    {
    case 0:
      return 0;
    case 1:
      return rows & -rows;   /* the first */
    case 2:
      for (int i = 0; i < 32; i++)
        kept |= truth_pick (world, 2) == 0 ? rows & 1u << i : 0;
      return kept;
    default:
      return rows & ~(1u << truth_pick (world, N_DEVICES));
    }
}

static gboolean
knows_owner (const Tenant *truth,
             TvmPullKind   kind,
             int           owner)
{
  if (kind == TVM_PULL_EXPOSED_DEVICES || kind == TVM_PULL_VULNERABILITIES)
    return (truth->recs & 1u << owner) != 0;
  return kind != TVM_PULL_PORTAL_DEVICES || (truth->portal & 1u << owner) != 0;
}

static void
drop (Flight *flight)
{
  g_clear_pointer (&flight->pull, tvm_pull_free);
}

/* The service answers: as it is now, or was when @with_stale, or worse. */
void
truth_answer (World    *world,
              Flight   *flight,
              gboolean  is_good)
{
  TvmPull *pull = flight->pull;
  const Tenant *truth;
  guint32 rows;

  flight->moment = (int) world->moments->len - 1;
  if (!is_good && world->with_stale && truth_pick (world, 8) == 0)
    flight->moment = truth_pick (world, (int) world->moments->len);
  truth = &g_array_index (world->moments, Tenant, flight->moment);
  rows = flight->rows = rows_of (truth, pull->kind, flight->owner);
  if (!knows_owner (truth, pull->kind, flight->owner))
    {
      truth_log (world, "    not found");
      drop (flight);
      return;
    }
  if (pull->kind == TVM_PULL_RECOMMENDATION)
    {
      flight->asked_moment = flight->moment;
      if (rows == 0)
        g_hash_table_add (pull->gone, truth_rec_id (flight->owner));
    }
  else if (!is_good && truth_pick (world, 3) == 0)
    flight->rows = shorten (world, rows);
  flight->is_short = flight->rows != rows;
  if (!is_good && truth_pick (world, 12) == 0 && pull->kind != TVM_PULL_RECOMMENDATION)
    pull->n_passed_over = 1 + N (rows & ~flight->rows);
  for (int i = 0; i < 32; i++)
    if ((flight->rows & 1u << i) != 0)
      {
        add_row (world, flight, truth, i);
        if (!is_good && pull->ids == NULL && truth_pick (world, 16) == 0)
          add_row (world, flight, truth, i);   /* twice */
      }
  truth_log (world, "    of moment %d: %x of %x, %d unusable", flight->moment, flight->rows, rows,
             pull->n_passed_over);
}

/* ---- the questions before it is kept */

static gboolean
is_there (const Tenant *truth,
          TvmPullKind   kind,
          const char   *id)
{
  return (rows_of (truth, kind, 0) & 1u << truth_index (id)) != 0;
}

/* Asks about what the list lacks; always answered by the truth, but not always answered. */
void
truth_ask (World    *world,
           TvmStore *store,
           Flight   *flight,
           guint     max)
{
  TvmPull *pull = flight->pull;
  const Tenant *truth = truth_now (world);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;

  if (pull->kind != TVM_PULL_RECOMMENDATIONS && pull->kind != TVM_PULL_PORTAL_ACTIVITIES &&
      pull->kind != TVM_PULL_TICKETS)
    return;
  if (flight->asked_moment >= 0)
    return;
  flight->asked_moment = (int) world->moments->len - 1;
  ids = tvm_store_list_unanswered (store, pull, max, &error);
  g_assert_no_error (error);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (is_there (truth, pull->kind, ids[i]))
        g_ptr_array_add (pull->records,
                         make_record (world, pull->kind, truth, truth_index (ids[i])));
      else
        g_hash_table_add (pull->gone, g_strdup (ids[i]));
      truth_log (world, "    asked: %s is %s", ids[i],
                 is_there (truth, pull->kind, ids[i]) ? "there" : "gone");
    }
}

/* ---- into the store */

void
truth_begin (World       *world,
             TvmStore    *store,
             Flight      *flight,
             TvmPullKind  kind,
             int          owner)
{
  g_autofree char *id = kind == TVM_PULL_PORTAL_DEVICES ? truth_portal_id (owner)
                                                        : truth_rec_id (owner);
  gboolean is_owned = kind == TVM_PULL_PORTAL_DEVICES || kind == TVM_PULL_EXPOSED_DEVICES ||
                      kind == TVM_PULL_VULNERABILITIES || kind == TVM_PULL_RECOMMENDATION;
  g_autoptr(GError) error = NULL;

  *flight = (Flight) { .owner = is_owned ? owner : 0, .moment = -1, .asked_moment = -1 };
  flight->pull = tvm_store_begin_pull (store, kind, is_owned ? id : NULL, &error);
  g_assert_no_error (error);
}

/* Returns whether it was doubted. */
static gboolean
keep_one (World    *world,
          TvmStore *store,
          Flight   *flight)
{
  TvmPull *pull = flight->pull;
  gint64 stamp = truth_merge_stamp (world, pull->kind, pull->owner);
  TvmListResult result = { .received = 0 };
  g_autoptr(GError) error = NULL;
  gboolean is_merged;

  if (!tvm_store_keep_pull (store, pull, &result, &error))
    g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);   /* its owner is gone */
  is_merged = truth_merge_stamp (world, pull->kind, pull->owner) != stamp;
  truth_log (world, "    %s: %d received, %d added, %d changed, %d removed, doubtful %d",
             error != NULL ? "no owner" : is_merged ? "kept" : "too late", result.received,
             result.added, result.changed, result.removed, result.doubtful);
  truth_check (world, is_merged ? flight : NULL);
  return result.doubtful > 0;
}

/* The list is asked for once more. */
static gboolean
look_again (World    *world,
            TvmStore *store,
            Flight   *flight,
            gboolean  is_good)
{
  Flight again;
  gboolean is_doubtful = TRUE;

  truth_begin (world, store, &again, TVM_PULL_EXPOSED_DEVICES, flight->owner);
  truth_answer (world, &again, is_good);
  if (again.pull != NULL)
    is_doubtful = keep_one (world, store, &again);
  drop (&again);
  return is_doubtful;
}

/* As a sync does it. Returns whether it was doubted. */
gboolean
truth_keep (World    *world,
            TvmStore *store,
            Flight   *flight,
            gboolean  is_good)
{
  g_autoptr(GError) error = NULL;
  gboolean doubts = FALSE, is_doubtful;
  Flight one;

  truth_ask (world, store, flight, 40);
  if (flight->pull->kind == TVM_PULL_EXPOSED_DEVICES)
    tvm_store_doubts_pull (store, flight->pull, &doubts, &error);
  g_assert_no_error (error);
  if (doubts)
    {
      truth_log (world, "    asks for the recommendation");
      truth_begin (world, store, &one, TVM_PULL_RECOMMENDATION, flight->owner);
      truth_answer (world, &one, TRUE);
      keep_one (world, store, &one);
      drop (&one);
    }
  is_doubtful = keep_one (world, store, flight);
  if (is_doubtful && doubts)
    is_doubtful = look_again (world, store, flight, is_good);
  drop (flight);
  return is_doubtful;
}
