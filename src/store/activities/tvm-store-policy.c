/* tvm-store-policy.c: what a policy may ask about a recommendation (R22). What nobody knows stays
 * open in both directions. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

typedef struct
{
  const char *id;
  guint       asks;
} Question;

/* The highest of the CVEs is at least the highest that is told; it is no more than that where all
 * are told. */
static TvmBounds
bounds_of (sqlite3_stmt *row,
           int           column,
           gboolean      is_whole,
           TvmBounds     range)
{
  TvmBounds bounds = range;

  bounds.low = MAX (range.low, sqlite3_column_double (row, column));
  if (is_whole && sqlite3_column_int (row, column + 1) == 0)
    bounds.high = bounds.low;
  return bounds;
}

/* Of which CVEs: the highest, and of how many it is not told. */
#define HIGHEST(column) "coalesce (max (" column "), -1), coalesce (sum (" column " < 0), 0)"

static void
read_cves (TvmDb          *db,
           gint64          key,
           gboolean        is_whole,
           TvmPolicyFacts *facts)
{
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT " HIGHEST ("v.epss") ", " HIGHEST ("v.cvss") ", " HIGHEST ("v.severity") ", "
    HIGHEST ("(" TVM_EXPLOIT ")") " " TVM_FROM_CVES "WHERE l.recommendation_key = ?1", "I", key);

  if (tvm_db_next (db, row))
    {
      facts->epss = bounds_of (row, 0, is_whole, facts->epss);
      facts->cvss = bounds_of (row, 2, is_whole, facts->cvss);
      facts->severity = bounds_of (row, 4, is_whole, facts->severity);
      facts->exploit = bounds_of (row, 6, is_whole, facts->exploit);
    }
  tvm_db_reset (row);
}

/* Used in ransomware campaigns: as far as the catalog says, of those that it has. */
static void
read_catalog (TvmDb          *db,
              gint64          key,
              gboolean        is_whole,
              TvmPolicyFacts *facts)
{
  gboolean has_catalog = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM known_exploited)",
                                         "") != 0;
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT coalesce (max (k.ransomware), 0), coalesce (sum (k.ransomware < 0), 0), "
    "min (k.due_on) " TVM_FROM_EXPLOITED "WHERE l.recommendation_key = ?1", "I", key);

  if (tvm_db_next (db, row))
    {
      if (sqlite3_column_int (row, 0) == 1)
        facts->ransomware = TVM_TRUTH_YES;
      else if (is_whole && has_catalog && sqlite3_column_int (row, 1) == 0)
        facts->ransomware = TVM_TRUTH_NO;
      facts->catalog_due_on = tvm_db_dup (row, 2);
    }
  tvm_db_reset (row);
}

/* A configuration has no CVEs; the service tells how severe it is. */
static void
read_score (TvmPolicyFacts          *facts,
            const TvmRecommendation *r)
{
  TvmLevel level = r->severity >= 9   ? TVM_LEVEL_CRITICAL
                   : r->severity >= 7 ? TVM_LEVEL_HIGH
                   : r->severity >= 4 ? TVM_LEVEL_MEDIUM
                   : r->severity > 0  ? TVM_LEVEL_LOW : TVM_LEVEL_NONE;

  if (r->severity >= 0)
    facts->severity = (TvmBounds) { level, level };
  else
    facts->severity = (TvmBounds) { TVM_LEVEL_NONE, TVM_LEVEL_CRITICAL };
}

/* A device that the inventory does not show was never asked for its tags. */
static void
read_places (TvmDb          *db,
             gint64          key,
             TvmPolicyFacts *facts)
{
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT DISTINCT d.group_name, d.tags, d.value FROM exposure e JOIN device d ON d.key = "
    "e.device_key WHERE e.recommendation_key = ?1", "I", key);

  while (tvm_db_next (db, row))
    tvm_policy_facts_add_place (facts, tvm_db_text (row, 0), tvm_db_text (row, 1),
                                sqlite3_column_int (row, 2));
}

static gpointer
read_facts (TvmDb         *db,
            gconstpointer  data)
{
  const Question *question = data;
  g_autoptr(TvmRecommendation) r = tvm_recommendation_load (db, question->id);
  TvmPolicyFacts *facts;
  gboolean is_whole;

  if (r == NULL)
    return NULL;
  facts = tvm_policy_facts_new ();
  is_whole = tvm_recommendation_knows_cves (r);
  facts->known_exploited = r->known_exploited;
  read_cves (db, r->key, is_whole, facts);
  read_catalog (db, r->key, is_whole, facts);
  if (r->weaknesses == 0)
    read_score (facts, r);
  if (r->public_exploit == TVM_TRUTH_YES)  /* the service says so, whatever it says of the CVEs */
    {
      facts->exploit.low = MAX (facts->exploit.low, TVM_EXPLOIT_PUBLIC);
      facts->exploit.high = MAX (facts->exploit.high, facts->exploit.low);
    }
  if (r->exposed_critical_devices >= 0)
    facts->critical_devices =
      (TvmBounds) { r->exposed_critical_devices, r->exposed_critical_devices };
  facts->knows_places = tvm_recommendation_knows_devices (r);
  if ((question->asks & (TVM_FACT_GROUPS | TVM_FACT_TAGS | TVM_FACT_VALUE)) != 0)
    read_places (db, r->key, facts);
  return facts;
}

/**
 * tvm_store_get_policy_facts:
 * @self: a store
 * @recommendation_id: a recommendation
 * @asks: which facts the policy asks about, #TvmPolicyFact flags: where devices are exposed is
 *   looked up only where it does
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable): what is known of it; %NULL on error
 */
TvmPolicyFacts *
tvm_store_get_policy_facts (TvmStore    *self,
                            const char  *recommendation_id,
                            guint        asks,
                            GError     **error)
{
  const Question question = { recommendation_id, asks };

  return tvm_store_load (self, read_facts, &question, (GDestroyNotify) tvm_policy_facts_free,
                         error);
}
