/* truth-check.c: what must hold after each step, and what at the end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth-world.h"

#include <string.h>

#define N_PORTAL_TARGETS 6
#define N(bits) __builtin_popcount (bits)

static const Tenant *
at (World *world, int moment)
{
  return &g_array_index (world->moments, Tenant, moment);
}

static gboolean
is_of (const Flight *flight, TvmPullKind kind)
{
  return flight != NULL && flight->pull->kind == kind;
}

/* More than a few, or half. */
static gboolean
is_great (int n_lacking, int n_received)
{
  return n_lacking > MAX (5, (n_lacking + n_received) / 10) || n_lacking > n_received;
}

/* How many rows the service tells that there are; -1: it does not. */
static int
count_of (const World *world, const Flight *flight)
{
  if (flight->pull->kind == TVM_PULL_EXPOSED_DEVICES)
    return world->before.counts[flight->owner];
  if (flight->pull->kind == TVM_PULL_VULNERABILITIES)
    return N_CVES;
  return flight->pull->kind == TVM_PULL_PORTAL_DEVICES
           ? N_PORTAL_TARGETS - world->before.portal_fixed[flight->owner] : -1;
}

/* Two answers of the service agreed, so that nobody could know better: the list and the count
 * beside it, or two lists in a row that lack what churn explains. */
static gboolean
is_explained (World *world, const Flight *flight)
{
  int n_rows = N (flight->rows), n_counted = count_of (world, flight);

  return n_rows >= n_counted || (world->was_short[flight->pull->kind][flight->owner] &&
                                 !is_great (n_counted - n_rows, n_rows));
}

/* @removed and @added, of a list that should be @truth. */
static void
check_rows (World        *world,
            const Flight *flight,
            guint32       before,
            guint32       after,
            guint32       truth,
            const char   *what)
{
  guint32 removed = before & ~after, added = after & ~before;
  int moment = flight->moment;

  if ((added & ~truth) != 0)
    truth_fail (world, "%s %x were added that never were", what, added & ~truth);
  if (removed != 0 && flight->pull->n_passed_over > 0)
    truth_fail (world, "%s %x were removed because of rows that could not be used", what, removed);
  if ((removed | added) != 0 && !world->with_stale &&
      moment < world->kept_moment[flight->pull->kind][flight->owner])
    truth_fail (world, "%s: an older list overwrote a newer one", what);
}

/* ---- exposed devices, and what follows from them */

gboolean
truth_has_open_activity (const Kept *kept,
                         int         rec)
{
  for (int i = 0; i < kept->n_activities; i++)
    if (kept->activities[i].rec == rec && kept->activities[i].status == TVM_STATUS_ACTIVE)
      return TRUE;
  return FALSE;
}

static void
check_exposed (World        *world,
               const Flight *flight,
               int           rec)
{
  guint32 before = world->before.exposed[rec], after = world->after.exposed[rec];

  if (is_of (flight, TVM_PULL_EXPOSED_DEVICES) && flight->owner == rec)
    {
      guint32 truth = at (world, flight->moment)->exposed[rec];
      guint32 wrong = before & ~after & truth;

      check_rows (world, flight, before, after, truth, "exposed devices");
      if (wrong != 0 && truth_has_open_activity (&world->before, rec) &&
          !is_explained (world, flight))
        truth_fail (world, "devices %x of %d were taken for remediated", wrong, rec);
      world->n_excused += wrong != 0;
      world->is_excused[rec] = (truth & ~after) != 0 &&
                               (world->is_excused[rec] ||
                                is_explained (world, flight));
    }
  else if (is_of (flight, TVM_PULL_RECOMMENDATIONS) ||
           (is_of (flight, TVM_PULL_RECOMMENDATION) && flight->owner == rec))
    {
      if ((after & ~before) != 0)
        truth_fail (world, "devices of %d were added by another list", rec);
    }
  else if (before != after)
    truth_fail (world, "exposed devices of %d changed by themselves", rec);
}

static void
check_completed (World              *world,
                 const Flight       *flight,
                 const KeptActivity *activity)
{
  world->n_completed++;
  if (flight == NULL)
    truth_fail (world, "%d was completed by nothing", activity->rec);
  if (is_of (flight, TVM_PULL_EXPOSED_DEVICES))
    {
      if (flight->pull->n_passed_over > 0 ||
          ((at (world, flight->moment)->exposed[activity->rec] & activity->targets) != 0 &&
           !world->is_excused[activity->rec]))
        truth_fail (world, "%d was completed while targets were exposed", activity->rec);
    }
  else if ((at (world, flight->moment)->recs & 1u << activity->rec) != 0 &&
           (flight->asked_moment < 0 ||
            (at (world, flight->asked_moment)->recs & 1u << activity->rec) != 0))
    truth_fail (world, "%d was completed while the tenant has it", activity->rec);
}

static void
check_activity (World              *world,
                const Flight       *flight,
                const KeptActivity *before,
                const KeptActivity *after)
{
  guint32 exposed = world->after.exposed[after->rec] & after->targets;

  if (before != NULL && before->status == TVM_STATUS_ACTIVE &&
      after->completion == TVM_COMPLETION_SYSTEM)
    check_completed (world, flight, after);
  if (before != NULL && before->completion == TVM_COMPLETION_SYSTEM &&
      after->status == TVM_STATUS_ACTIVE)
    {
      world->n_taken_back++;
      if (exposed == 0)
        truth_fail (world, "the completion of %d was taken back for nothing", after->rec);
    }
  if (after->status != TVM_STATUS_ACTIVE)
    return;
  if (after->exposed != exposed)
    truth_fail (world, "targets of %d are %x, exposed %x", after->rec, after->exposed, exposed);
  if (after->type != TVM_TYPE_ATTENTION_REQUIRED &&
      after->n_fixed != N (after->targets & ~after->exposed))
    truth_fail (world, "%d tells of %d fixed devices", after->rec, after->n_fixed);
}

/* ---- recommendations */

static void
check_count (World        *world,
             const Flight *flight,
             int           rec)
{
  int count = world->after.counts[rec], moment;

  if (world->before.counts[rec] == count ||
      ((world->before.recs | world->after.recs) & 1u << rec) == 0)
    return;
  if (!is_of (flight, TVM_PULL_RECOMMENDATIONS) && !is_of (flight, TVM_PULL_RECOMMENDATION))
    truth_fail (world, "the count of %d changed by itself", rec);
  moment = N (at (world, flight->moment)->exposed[rec]) == count ? flight->moment
                                                                 : flight->asked_moment;
  if ((world->after.recs & 1u << rec) == 0)
    return;
  if (moment < 0 || N (at (world, moment)->exposed[rec]) != count)
    truth_fail (world, "%d never had %d exposed devices", rec, count);
  moment = MAX (moment, flight->asked_moment);
  if (!world->with_stale && moment < world->count_moment[rec])
    truth_fail (world, "an older count of %d overwrote a newer one", rec);
  world->count_moment[rec] = moment;
}

static void
check_recommendations (World        *world,
                       const Flight *flight)
{
  guint32 removed = world->before.recs & ~world->after.recs, asked, wrong;

  for (int rec = 0; rec < N_RECS; rec++)
    check_count (world, flight, rec);
  if (removed == 0)
    return;
  if (!is_of (flight, TVM_PULL_RECOMMENDATIONS) && !is_of (flight, TVM_PULL_RECOMMENDATION))
    truth_fail (world, "recommendations %x went by themselves", removed);
  asked = flight->asked_moment < 0 ? ~0u : at (world, flight->asked_moment)->recs;
  wrong = removed & at (world, flight->moment)->recs & asked;
  if (N (wrong) > 5 || (removed & asked && flight->pull->n_passed_over > 0))
    truth_fail (world, "recommendations %x went though they are there", wrong);
  for (int rec = 0; rec < N_RECS; rec++)
    if ((wrong & 1u << rec) != 0 && truth_has_open_activity (&world->before, rec))
      truth_fail (world, "%d went, with its activities", rec);
}

/* ---- the other lists */

static void
check_inventory (World        *world,
                 const Flight *flight,
                 TvmPullKind   kind,
                 guint32       before,
                 guint32       after,
                 guint32       truth)
{
  int n_wrong = N (before & ~after & truth);

  if (before == after)
    return;
  if (!is_of (flight, kind))
    truth_fail (world, "the devices of list %d changed by themselves", kind);
  check_rows (world, flight, before, after, truth, "devices");
  if (is_great (n_wrong, N (flight->rows)) && !world->was_short[kind][0])
    truth_fail (world, "%d devices went with one short list", n_wrong);
}

static void
check_links (World        *world,
             const Flight *flight,
             TvmPullKind   kind,
             int           owner,
             guint32       before,
             guint32       after,
             guint32       truth)
{
  int n_lacking = count_of (world, flight) - N (flight->rows);

  check_rows (world, flight, before, after, truth, "rows");
  if ((before & ~after & truth) != 0 && is_great (n_lacking, N (flight->rows)) &&
      !world->was_short[kind][owner])
    truth_fail (world, "rows of list %d of %d went with a short list", kind, owner);
}

static void
check_owned (World        *world,
             const Flight *flight)
{
  const Tenant *truth = flight != NULL ? at (world, flight->moment) : NULL;

  if (is_of (flight, TVM_PULL_VULNERABILITIES))
    check_links (world, flight, flight->pull->kind, flight->owner,
                 world->before.cves[flight->owner], world->after.cves[flight->owner],
                 truth->cves[flight->owner]);
  else if (is_of (flight, TVM_PULL_PORTAL_DEVICES))
    check_links (world, flight, flight->pull->kind, flight->owner,
                 world->before.portal_exposed[flight->owner],
                 world->after.portal_exposed[flight->owner],
                 truth->portal_exposed[flight->owner]);
}

static void
check_portal (World        *world,
              const Flight *flight)
{
  guint32 removed = world->before.portal & ~world->after.portal;

  if (world->before.portal != world->after.portal && !is_of (flight, TVM_PULL_PORTAL_ACTIVITIES))
    truth_fail (world, "portal activities changed by themselves");
  if ((removed & truth_now (world)->portal) != 0)
    truth_fail (world, "portal activities %x vanished", removed & truth_now (world)->portal);
  for (int i = 0; i < N_PORTAL; i++)
    if ((world->before.portal & world->after.portal & 1u << i) != 0 &&
        world->before.portal_fixed[i] != world->after.portal_fixed[i] && !world->with_stale &&
        flight->moment < world->kept_moment[TVM_PULL_PORTAL_ACTIVITIES][0])
      truth_fail (world, "an older list of portal activities overwrote a newer one");
}

/* ---- tickets */

static int
rank (TvmTicketStatus status)
{
  return status == TVM_TICKET_PENDING ? 0 : status == TVM_TICKET_ACTIVE ? 1 : 2;
}

static gboolean
had_status (World           *world,
            int              ticket,
            TvmTicketStatus  status)
{
  for (guint i = 0; i < world->moments->len; i++)
    if (at (world, i)->n_tickets > ticket && at (world, i)->tickets[ticket] == status)
      return TRUE;
  return FALSE;
}

static void
check_ticket (World            *world,
              const KeptTicket *before,
              const KeptTicket *after)
{
  gboolean is_out = after->status == TVM_TICKET_GONE || after->status == TVM_TICKET_WITHDRAWN;

  if (after->tenant < 0)
    return;
  if (is_out && truth_now (world)->tickets[after->tenant] != TVM_TICKET_GONE)
    truth_fail (world, "ticket %d is taken for gone", after->tenant);
  if (!is_out && !had_status (world, after->tenant, after->status))
    truth_fail (world, "ticket %d never was %d", after->tenant, after->status);
  if (before != NULL && before->tenant >= 0 && !is_out && !world->with_stale &&
      before->status != TVM_TICKET_GONE && rank (after->status) < rank (before->status))
    truth_fail (world, "ticket %d went back from %d to %d", after->tenant, before->status,
                after->status);
}

static const KeptTicket *
find_ticket (const Kept *kept,
             gint64      key)
{
  for (int i = 0; i < kept->n_tickets; i++)
    if (kept->tickets[i].key == key)
      return &kept->tickets[i];
  return NULL;
}

static void
check_tickets (World *world)
{
  for (int i = 0; i < world->after.n_tickets; i++)
    check_ticket (world, find_ticket (&world->before, world->after.tickets[i].key),
                  &world->after.tickets[i]);
  for (int i = 0; i < world->before.n_tickets; i++)
    {
      const KeptTicket *ticket = &world->before.tickets[i];

      for (int t = 0; t < truth_now (world)->n_tickets; t++)
        if (find_ticket (&world->after, ticket->key) == NULL &&
            truth_now (world)->tickets[t] != TVM_TICKET_GONE &&
            strcmp (world->markers[t], ticket->marker) == 0)
          truth_fail (world, "ticket %d was revoked though it was made", t);
    }
}

/* ---- history */

static const KeptActivity *
find_activity (const Kept *kept,
               gint64      key)
{
  for (int i = 0; i < kept->n_activities; i++)
    if (kept->activities[i].key == key)
      return &kept->activities[i];
  return NULL;
}

static void
check_counted_line (World      *world,
                    gint64      key,
                    const char *kind,
                    int         count)
{
  const KeptActivity *before = find_activity (&world->before, key);
  const KeptActivity *after = find_activity (&world->after, key);

  if (after == NULL)
    return;
  if (strcmp (kind, "device-remediated") == 0 && count != N (before->exposed & ~after->exposed))
    truth_fail (world, "the history tells of %d devices remediated", count);
  if (strcmp (kind, "exposed-again") == 0 && count != N (after->exposed & ~before->exposed))
    truth_fail (world, "the history tells of %d devices exposed again", count);
  if (strcmp (kind, "completed-system") == 0 && after->completion != TVM_COMPLETION_SYSTEM)
    truth_fail (world, "the history tells of a completion that is none");
  if (strcmp (kind, "completion-taken-back") == 0 && count != N (after->exposed))
    truth_fail (world, "the history tells of %d devices at the taking back", count);
}

/* Each must have been true at some moment. */
static void
check_line (World        *world,
            sqlite3_stmt *row)
{
  gint64 key = sqlite3_column_int64 (row, 1);
  const char *kind = (const char *) sqlite3_column_text (row, 2);
  const char *detail = (const char *) sqlite3_column_text (row, 3);
  const char *after = (const char *) sqlite3_column_text (row, 5);

  world->last_line = sqlite3_column_int64 (row, 0);
  truth_log (world, "      history: %s %s -> %s", kind, detail != NULL ? detail : "", after);
  check_counted_line (world, key, kind, sqlite3_column_int (row, 4));
  if (strcmp (kind, "portal-removed") == 0 &&
      (truth_now (world)->portal & 1u << truth_index (detail)) != 0)
    truth_fail (world, "the history tells of a portal activity removed");
  if (detail != NULL && g_str_has_prefix (detail, "bbbbbbbb"))
    for (TvmTicketStatus status = TVM_TICKET_UNKNOWN; status <= TVM_TICKET_WITHDRAWN; status++)
      if (status != TVM_TICKET_WITHDRAWN && g_str_has_prefix (kind, "ticket-") &&
          g_strcmp0 (after, tvm_ticket_status_to_word (status)) == 0 &&
          !had_status (world, truth_index (detail), status))
        truth_fail (world, "the history tells that a ticket became %s", after);
}

static void
check_history (World *world)
{
  sqlite3_bind_int64 (world->lines, 1, world->last_line);
  while (sqlite3_step (world->lines) == SQLITE_ROW)
    check_line (world, world->lines);
  sqlite3_reset (world->lines);
}

void
truth_check (World        *world,
             const Flight *flight)
{
  truth_run (world->begin);
  truth_load (world);
  check_history (world);
  truth_run (world->commit);
  for (int rec = 0; rec < N_RECS; rec++)
    check_exposed (world, flight, rec);
  check_recommendations (world, flight);
  for (int i = 0; i < world->after.n_activities; i++)
    check_activity (world, flight, find_activity (&world->before, world->after.activities[i].key),
                    &world->after.activities[i]);
  check_inventory (world, flight, TVM_PULL_DEVICES, world->before.inventory, world->after.inventory,
                   flight != NULL ? at (world, flight->moment)->inventory : 0);
  check_inventory (world, flight, TVM_PULL_MANAGED_DEVICES, world->before.managed,
                   world->after.managed, flight != NULL ? at (world, flight->moment)->managed : 0);
  check_owned (world, flight);
  check_portal (world, flight);
  check_tickets (world);
  if (flight == NULL)
    return;
  world->was_short[flight->pull->kind][flight->owner] = flight->is_short ||
                                                        N (flight->rows) < count_of (world, flight);
  world->kept_moment[flight->pull->kind][flight->owner] = flight->moment;
}

/* ---- the end */

static void
check_same (World      *world,
            const char *what,
            int         owner,
            guint32     kept,
            guint32     truth)
{
  if (kept != truth)
    truth_fail (world, "at the end %s of %d are %x and should be %x", what, owner, kept, truth);
}

/* After whole lists of everything. */
void
truth_check_end (World *world)
{
  const Tenant *truth = truth_now (world);
  const Kept *kept = &world->after;

  check_same (world, "recommendations", 0, kept->recs, truth->recs);
  check_same (world, "devices", 0, kept->inventory, truth->inventory);
  check_same (world, "Intune devices", 0, kept->managed, truth->managed);
  check_same (world, "portal activities", 0, kept->portal, truth->portal);
  for (int i = 0; i < N_RECS; i++)
    if ((truth->recs & 1u << i) != 0)
      {
        check_same (world, "counts", i, kept->counts[i], N (truth->exposed[i]));
        if (i < N_HOT || kept->exposed[i] != 0)
          check_same (world, "exposed devices", i, kept->exposed[i], truth->exposed[i]);
        if (i < N_HOT)
          check_same (world, "CVEs", i, kept->cves[i], truth->cves[i]);
      }
  for (int i = 0; i < N_PORTAL; i++)
    if ((truth->portal & 1u << i) != 0)
      {
        check_same (world, "portal devices", i, kept->portal_exposed[i], truth->portal_exposed[i]);
        check_same (world, "portal numbers", i, kept->portal_fixed[i],
                    N_PORTAL_TARGETS - N (truth->portal_exposed[i]));
      }
  for (int i = 0; i < kept->n_tickets; i++)
    if (kept->tickets[i].tenant >= 0 && kept->tickets[i].status != TVM_TICKET_WITHDRAWN)
      check_same (world, "tickets", i, kept->tickets[i].status,
                  truth->tickets[kept->tickets[i].tenant]);
  for (int i = 0; i < kept->n_activities; i++)
    {
      const KeptActivity *activity = &kept->activities[i];
      guint32 exposed = (truth->recs & 1u << activity->rec) != 0
                          ? truth->exposed[activity->rec] & activity->targets : 0;

      if (activity->targets == 0 || activity->completion == TVM_COMPLETION_MANUAL ||
          activity->type == TVM_TYPE_ATTENTION_REQUIRED)
        continue;
      check_same (world, "activities", activity->rec, activity->status,
                  exposed != 0 ? TVM_STATUS_ACTIVE : TVM_STATUS_COMPLETED);
    }
}
