/* tvm-store-believe.c: which of two lists is newer, and whether one can be believed (R13, R19). On
 * the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#define CHURN_ROWS    5   /* so few may have changed between two calls */
#define CHURN_PERCENT 10

/* So long a list must lack the same before that is believed: one mistake shortens each list that is
 * asked for at the time, and the services renew their counts within a day. */
#define AGAIN_US   TVM_HOUR_US
#define COUNTED_US TVM_DAY_US

/* ---- which came first */

/**
 * tvm_pull_is_superseded:
 * @db: the writer's connection
 * @kind: which list
 * @owner: of whose; empty: the tenant's
 * @asked: the stamp when it was asked for
 *
 * Returns: whether one was merged since then: this one may be older
 */
gboolean
tvm_pull_is_superseded (TvmDb       *db,
                        TvmPullKind  kind,
                        const char  *owner,
                        gint64       asked)
{
  return tvm_db_get_int (db, "SELECT stamp FROM pulled WHERE kind = ?1 AND owner = ?2", "is", kind,
                         owner) > asked;
}

/**
 * tvm_pull_note_merged:
 * @db: the writer's connection
 * @kind: which list
 * @owner: of whose; empty: the tenant's
 * @n_lacking: how many rows it lacked, as tvm_claim_judge() returned; 0: none
 *
 * From now on what was asked for before comes too late.
 */
void
tvm_pull_note_merged (TvmDb       *db,
                      TvmPullKind  kind,
                      const char  *owner,
                      gint64       n_lacking)
{
  tvm_db_run (db, "UPDATE stamp SET value = value + 1", "");
  tvm_db_run (db, "INSERT INTO pulled (kind, owner, stamp, doubted, doubted_us, merged_us) VALUES "
              "(?1, ?2, (SELECT value FROM stamp), ?3, iif (?3 > 0, ?4, 0), ?4) ON CONFLICT (kind, "
              "owner) DO UPDATE SET stamp = excluded.stamp, merged_us = excluded.merged_us, "
              "doubted = excluded.doubted, doubted_us = "
              "iif (doubted_us BETWEEN 1 AND ?4 AND ?3 BETWEEN 1 AND doubted + doubted * ?5 / 100, "
              "doubted_us, excluded.doubted_us)",
              "isIIi", kind, owner, n_lacking, tvm_now_us (), CHURN_PERCENT);
}

/**
 * tvm_pull_refuse_earlier:
 * @db: the writer's connection
 * @kind: which list
 * @owner: of whose
 *
 * From now on what was asked for before comes too late, though none was merged.
 */
void
tvm_pull_refuse_earlier (TvmDb       *db,
                         TvmPullKind  kind,
                         const char  *owner)
{
  tvm_db_run (db, "UPDATE stamp SET value = value + 1", "");
  tvm_db_run (db, "INSERT INTO pulled (kind, owner, stamp, doubted, doubted_us, merged_us) VALUES "
              "(?1, ?2, (SELECT value FROM stamp), 0, 0, 0) ON CONFLICT (kind, owner) DO UPDATE "
              "SET stamp = excluded.stamp, doubted = 0, doubted_us = 0", "is", kind, owner);
}

/**
 * tvm_pulls_refuse:
 * @db: the writer's connection
 *
 * From now on every list that was asked for before comes too late: what was erased does not come
 * back with a list under way.
 */
void
tvm_pulls_refuse (TvmDb *db)
{
  tvm_pull_note_merged (db, 0, "", 0);
}

/* ---- what is believed */

/* More than churn explains; half of a short list is much too. */
static gboolean
is_great (gint64 n_lacking,
          gint64 n_received)
{
  return n_lacking > MAX (CHURN_ROWS, (n_lacking + n_received) * CHURN_PERCENT / 100) ||
         n_lacking > n_received;
}

/* Most of what was there is gone, and others have come instead: that the ids are written otherwise
 * now explains it better than so much churn, also where the service counts as many. A list that
 * was doubted for that has brought the others already. */
static gboolean
is_another (const TvmClaim *claim,
            gint64          n_before)
{
  gint64 n_kept = claim->n_received - claim->n_added;

  if (claim->n_lost <= CHURN_ROWS)
    return FALSE;
  if (n_before > CHURN_ROWS)
    return claim->n_lost >= n_before &&
           claim->n_lost <= n_before + n_before * CHURN_PERCENT / 100;
  return claim->n_lost > n_kept && claim->n_added > CHURN_ROWS && claim->n_added > n_kept;
}

/**
 * tvm_list_is_partial:
 * @n_received: how many rows a list has
 * @n_passed_over: how many of its elements were of no use
 * @n_counted: how many rows the service counts elsewhere; -1: not told
 *
 * A doubted list of that kind does not make known what was not: more is missing than churn explains
 * (R18).
 *
 * Returns: whether much of it is missing, whatever was there before
 */
gboolean
tvm_list_is_partial (gint64 n_received,
                     gint64 n_passed_over,
                     gint64 n_counted)
{
  return is_great (MAX (n_passed_over, n_counted - n_received), n_received);
}

/**
 * tvm_claim_judge:
 * @db: the writer's connection
 * @claim: what is known about a list
 * @out_doubtful: (out): whether nothing may be removed because of it
 *
 * A list lacks what the service counts beside it, or, where it counts nothing, what was there
 * before; so it does where most rows are others now. Much is doubted, and so is a little where more
 * than rows hangs on it, until a list an hour later lacks no more, or a day later where the
 * service's own count contradicts it: then they agree, or two numbers differ for good. No later
 * list will do for much where the service can be asked about each row, or contradicts it by its own
 * count and more than rows hangs on it.
 *
 * Returns: how many rows it lacks, to be remembered for the next one
 */
gint64
tvm_claim_judge (TvmDb          *db,
                 const TvmClaim *claim,
                 gboolean       *out_doubtful)
{
  gint64 n_short = claim->n_counted >= 0 ? MAX (claim->n_counted - claim->n_received, 0) : 0;
  gboolean is_counted = claim->n_counted >= 0 && !claim->is_floor;
  gint64 n_before = MAX (tvm_db_get_int (db, "SELECT doubted FROM pulled WHERE kind = ?1 AND "
                                         "owner = ?2", "is", claim->kind, claim->owner), 0);
  gint64 n_lacking = is_counted && !is_another (claim, n_before) ? n_short
                                                                 : MAX (n_short, claim->n_lost);
  gint64 since_us = tvm_db_get_int (db, "SELECT doubted_us FROM pulled WHERE kind = ?1 AND "
                                    "owner = ?2", "is", claim->kind, claim->owner);
  /* A clock that was wrong then makes nobody wait for long. */
  gint64 doubted_us = MIN (since_us, tvm_now_us ());
  gint64 patience_us = n_short > 0 && claim->hangs ? COUNTED_US : AGAIN_US;
  gboolean is_much = is_great (n_lacking, claim->n_received);
  gboolean is_settled = is_much && ((is_counted && n_short > 0 && claim->hangs) || claim->asks);
  gboolean is_new = n_lacking > n_before + n_before * CHURN_PERCENT / 100 ||
                    (n_lacking > 0 && tvm_now_us () < doubted_us + patience_us);

  *out_doubtful = claim->n_passed_over > 0 || is_settled ||
                  (is_new && (is_much || (claim->hangs && claim->n_lost > 0)));
  if (claim->n_passed_over > 0 || is_settled)
    return MIN (n_before, n_lacking);
  return *out_doubtful ? n_lacking : n_short;
}

/**
 * tvm_gone_hold:
 * @db: the writer's connection
 * @pull: (inout): a list of recommendations, of portal activities or of tickets
 *
 * Where a list names nothing, there is nothing that the service must know by its id either: one
 * mistake may be behind the list and behind all that it says of each. What it does not have then is
 * gone when a list an hour later says the same (R19); until then @pull is as if nobody had asked.
 * One alone goes by the answer about itself: the last of a list has to go some day.
 */
void
tvm_gone_hold (TvmDb         *db,
               const TvmPull *pull)
{
  static const char owner[] = "gone";
  TvmClaim claim = { .kind = pull->kind, .owner = owner, .n_counted = -1, .hangs = TRUE,
                     .n_lost = g_hash_table_size (pull->gone),
                     .n_passed_over = pull->n_passed_over };
  gboolean is_doubtful = FALSE;

  if (pull->records->len > 0)
    tvm_db_run (db, "DELETE FROM pulled WHERE kind = ?1 AND owner = ?2", "is", pull->kind, owner);
  else if (claim.n_lost > 1)
    tvm_pull_note_merged (db, pull->kind, owner, tvm_claim_judge (db, &claim, &is_doubtful));
  if (is_doubtful)
    g_hash_table_remove_all (pull->gone);
}

/* ---- what recommendations count */

static gint64
count_before (TvmDb                   *db,
              const TvmRecommendation *record)
{
  return tvm_db_get_int (db, "SELECT exposed_devices FROM recommendation WHERE id = ?1", "s",
                         record->id);
}

/* What goes with the count of devices stays with it. */
static void
hold_counts (TvmDb             *db,
             TvmRecommendation *record)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT exposed_devices, exposed_critical_devices, "
                                    "weaknesses, public_exploit, exposure_impact, "
                                    "config_score_impact FROM recommendation WHERE id = ?1", "s",
                                    record->id);

  if (tvm_db_next (db, row))
    {
      record->exposed_devices = sqlite3_column_int (row, 0);
      record->exposed_critical_devices = sqlite3_column_int (row, 1);
      record->weaknesses = sqlite3_column_int (row, 2);
      record->public_exploit = sqlite3_column_int (row, 3);
      record->exposure_impact = sqlite3_column_double (row, 4);
      record->config_score_impact = sqlite3_column_double (row, 5);
    }
  tvm_db_reset (row);
}

/**
 * tvm_counts_are_held:
 * @db: a connection
 *
 * Returns: whether the last list of all recommendations is doubted as in tvm_counts_hold(): what
 *   their counts would confirm is to wait as well
 */
gboolean
tvm_counts_are_held (TvmDb *db)
{
  return tvm_db_get_int (db, "SELECT doubted FROM pulled WHERE kind = ?1 AND owner = ''", "i",
                         TVM_PULL_RECOMMENDATION) > 0;
}

/**
 * tvm_counts_hold:
 * @db: the writer's connection
 * @records: (inout) (element-type TvmRecommendation): a list of recommendations
 *
 * Where most recommendations that exposed devices count none any more, all at once, one mistake may
 * be behind it, also behind what the service says of each of them: their counts (of devices, of
 * CVEs, and whether one of these has a public exploit) and what they do to the scores stay as they
 * were until a list an hour later says the same. An activity would be completed by them (R19).
 *
 * Returns: whether counts of @records were held back
 */
gboolean
tvm_counts_hold (TvmDb     *db,
                 GPtrArray *records)
{
  g_autoptr(GPtrArray) fallen = g_ptr_array_new ();
  TvmClaim claim = { .kind = TVM_PULL_RECOMMENDATION, .owner = "", .n_counted = -1 };
  gboolean is_doubtful = FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      TvmRecommendation *record = records->pdata[i];

      claim.n_received += record->exposed_devices > 0;
      if (record->exposed_devices == 0 && count_before (db, record) > 0)
        g_ptr_array_add (fallen, record);
    }
  if (fallen->len > 1 && fallen->len > claim.n_received)
    claim.n_lost = fallen->len;
  tvm_pull_note_merged (db, claim.kind, claim.owner, tvm_claim_judge (db, &claim, &is_doubtful));
  for (guint i = 0; i < fallen->len && is_doubtful; i++)
    hold_counts (db, fallen->pdata[i]);
  return is_doubtful;
}

/**
 * tvm_counts_hold_one:
 * @db: the writer's connection
 * @records: (inout) (element-type TvmRecommendation): a recommendation that was asked for by its id
 *
 * The same, while the last list of all is doubted.
 */
void
tvm_counts_hold_one (TvmDb     *db,
                     GPtrArray *records)
{
  TvmRecommendation *record = records->pdata[0];

  if (record->exposed_devices == 0 && tvm_counts_are_held (db))
    hold_counts (db, record);
}
