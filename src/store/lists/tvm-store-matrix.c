/* tvm-store-matrix.c: which software each device has, in which versions, with which CVEs, compared
 * with what is there (R21). On the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/* A version of a product with a set of CVEs. */
typedef struct {
  guint32 version, set;
  gint64  key;
} State;

typedef struct {
  TvmDb           *db;
  const TvmMatrix *matrix;
  TvmMatrixKeys    keys;
  GArray          *states;     /* of State: those that devices have */
  GArray          *pairs;      /* of TvmMatrixPair: their version is a place in states */
  GArray          *order;      /* of guint32: devices in the order of their keys */
  GArray          *added;      /* of guint32: places in pairs */
  GArray          *changed;    /* the same: only their days */
  GArray          *gone;       /* of Installation */
  TvmListResult   *result;
} Merge;

typedef struct { gint64 device_key, state_key; } Installation;

/**
 * tvm_matrix_write_updates:
 * @db: the writer's connection
 * @matrix: a matrix
 * @keys: its keys
 *
 * Keeps which security updates fix which CVEs, and which of them remediate a recommendation.
 */
void
tvm_matrix_write_updates (TvmDb               *db,
                          const TvmMatrix     *matrix,
                          const TvmMatrixKeys *keys)
{
  g_autoptr(GPtrArray) told =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_security_update_unref);
  TvmListResult unused = { .received = 0 };

  for (guint i = 0; i < matrix->updates->len && tvm_db_is_good (db); i++)
    {
      const TvmMatrixUpdate *update = &g_array_index (matrix->updates, TvmMatrixUpdate, i);
      const char *about = g_array_index (matrix->software, TvmMatrixSoftware,
                                         update->software).recommendation_id;
      TvmSecurityUpdate *one;

      if (about == NULL)
        continue;
      tvm_db_run (db, "INSERT INTO vulnerability_update (vulnerability_key, recommendation_id, id, "
                  "name, url) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET name = "
                  "excluded.name, url = excluded.url WHERE name IS NOT excluded.name OR url IS NOT "
                  "excluded.url", "Issss", g_array_index (keys->cves, gint64, update->cve), about,
                  update->id, update->name, update->url);
      one = tvm_security_update_new ();
      one->recommendation_id = g_strdup (about);
      one->id = g_strdup (update->id);
      one->name = g_strdup (update->name);
      g_ptr_array_add (told, one);
    }
  tvm_updates_write (db, told, tvm_now_us (), &unused);
  tvm_updates_forget (db, tvm_now_us (), TRUE);
}

/* ---- states */

static void
list_cves (const Merge *self,
           guint32      set,
           GArray      *cves)
{
  g_array_set_size (cves, 0);
  while (set != 0)
    {
      const TvmMatrixSet *one = &g_array_index (self->matrix->sets, TvmMatrixSet, set);

      g_array_append_val (cves, g_array_index (self->keys.cves, gint64, one->cve));
      set = one->parent;
    }
}

static void
ensure_states (Merge *self)
{
  g_autoptr(GArray) cves = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->states->len && tvm_db_is_good (self->db); i++)
    {
      State *state = &g_array_index (self->states, State, i);
      const TvmMatrixVersion *version = &g_array_index (self->matrix->versions, TvmMatrixVersion,
                                                        state->version);
      gint64 software = g_array_index (self->keys.software, gint64, version->software);
      guint64 digest = 0;

      list_cves (self, state->set, cves);
      for (guint j = 0; j < cves->len; j++)
        digest += tvm_matrix_digest_cve (g_array_index (cves, gint64, j));
      state->key = tvm_matrix_find_state (self->db, software, version->version, digest);
      if (state->key == 0)
        state->key = tvm_matrix_add_state (self->db, software, version->version, cves);
    }
}

static Installation
installation_of (const Merge         *self,
                 const TvmMatrixPair *pair)
{
  return (Installation) { g_array_index (self->keys.devices, gint64, pair->device),
                          g_array_index (self->states, State, pair->version).key };
}

static int
compare_installations (const Installation *x,
                       const Installation *y)
{
  if (x->device_key != y->device_key)
    return x->device_key < y->device_key ? -1 : 1;
  return x->state_key < y->state_key ? -1 : x->state_key > y->state_key;
}

/* Of one device. */
static int
compare_pairs (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  Installation x = installation_of (user_data, a), y = installation_of (user_data, b);

  return compare_installations (&x, &y);
}

static int
compare_devices (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Merge *self = user_data;
  gint64 x = g_array_index (self->keys.devices, gint64, *(const guint32 *) a);
  gint64 y = g_array_index (self->keys.devices, gint64, *(const guint32 *) b);

  return x < y ? -1 : x > y;
}

/* Pairs are by device: of each one those are brought into the table's order, and the devices. */
static void
sort_pairs (Merge *self)
{
  TvmMatrixPair *pairs = (TvmMatrixPair *) (gpointer) self->pairs->data;

  for (guint32 device = 0; device < self->matrix->devices->refs->len; device++)
    {
      guint32 first = g_array_index (self->matrix->starts, guint32, device);
      guint32 end = g_array_index (self->matrix->starts, guint32, device + 1);

      g_array_append_val (self->order, device);
      g_qsort_with_data (pairs + first, (int) (end - first), sizeof *pairs, compare_pairs, self);
    }
  g_array_sort_with_data (self->order, compare_devices, self);
}

/* In place: there may be millions. */
static void
find_states (Merge *self)
{
  TvmIntTable places = { NULL };

  self->pairs = g_array_ref (self->matrix->pairs);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      TvmMatrixPair *pair = &g_array_index (self->pairs, TvmMatrixPair, i);
      State added = { pair->version, pair->set, 0 };
      gboolean is_new;

      pair->version = *tvm_int_table_ensure (&places, (guint64) pair->version << 32 | pair->set,
                                             self->states->len, &is_new);
      if (is_new)
        g_array_append_val (self->states, added);
    }
  tvm_int_table_clear (&places);
  ensure_states (self);
  sort_pairs (self);
}

/* ---- devices and their states */

/* A place in pairs, in the table's order. */
typedef struct { guint32 rank, i; } Cursor;

/* Returns: (nullable): the pair there; %NULL: there is none any more */
static const TvmMatrixPair *
peek (const Merge *self,
      Cursor      *cursor)
{
  while (cursor->rank < self->order->len)
    {
      guint32 device = g_array_index (self->order, guint32, cursor->rank);

      cursor->i = MAX (cursor->i, g_array_index (self->matrix->starts, guint32, device));
      if (cursor->i < g_array_index (self->matrix->starts, guint32, device + 1))
        return &g_array_index (self->pairs, TvmMatrixPair, cursor->i);
      cursor->rank++;
      cursor->i = 0;
    }
  return NULL;
}

static void
compare (Merge *self)
{
  sqlite3_stmt *row = tvm_db_query (self->db, "SELECT device_key, state_key, first_seen_day, "
                                    "last_seen_day FROM installation ORDER BY device_key, "
                                    "state_key", "");
  const TvmMatrixPair *pair;
  Cursor at = { 0, 0 };

  while (tvm_db_next (self->db, row))
    {
      Installation there = { sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1) };
      int order = -1;

      for (; (pair = peek (self, &at)) != NULL; at.i++)
        {
          Installation ours = installation_of (self, pair);

          order = compare_installations (&there, &ours);
          if (order <= 0)
            break;
          g_array_append_val (self->added, at.i);
        }
      if (pair == NULL || order != 0)
        g_array_append_val (self->gone, there);
      else
        {
          if ((pair->first_day != 0 && sqlite3_column_int (row, 2) != pair->first_day) ||
              (pair->last_day != 0 && sqlite3_column_int (row, 3) != pair->last_day))
            g_array_append_val (self->changed, at.i);
          at.i++;
        }
    }
  for (; peek (self, &at) != NULL; at.i++)
    g_array_append_val (self->added, at.i);
}

/* Whether the device has the product, in whichever version. */
static gboolean
has_product (const Merge         *self,
             const TvmMatrixPair *pair)
{
  const State *state = &g_array_index (self->states, State, pair->version);
  const TvmMatrixVersion *version = &g_array_index (self->matrix->versions, TvmMatrixVersion,
                                                    state->version);

  return tvm_db_get_int (self->db, "SELECT EXISTS (SELECT 1 FROM installation i JOIN "
                         "software_state s ON s.key = i.state_key WHERE i.device_key = ?1 AND "
                         "s.software_key = ?2)", "II",
                         g_array_index (self->keys.devices, gint64, pair->device),
                         g_array_index (self->keys.software, gint64, version->software)) != 0;
}

/* What is doubted replaces nothing: a version that came may be in the place of one that went. */
static void
write_installations (Merge    *self,
                     gboolean  is_doubtful)
{
  for (guint i = 0; i < self->gone->len && !is_doubtful && tvm_db_is_good (self->db); i++)
    {
      const Installation *gone = &g_array_index (self->gone, Installation, i);

      self->result->removed += tvm_db_run (self->db, "DELETE FROM installation WHERE device_key = "
                                           "?1 AND state_key = ?2", "II", gone->device_key,
                                           gone->state_key);
    }
  for (guint i = 0; i < self->added->len && tvm_db_is_good (self->db); i++)
    {
      const TvmMatrixPair *pair = &g_array_index (self->pairs, TvmMatrixPair,
                                                  g_array_index (self->added, guint32, i));
      Installation added = installation_of (self, pair);

      if (!is_doubtful || !has_product (self, pair))
        self->result->added +=
          tvm_db_run (self->db, "INSERT INTO installation (device_key, state_key, first_seen_day, "
                      "last_seen_day) VALUES (?1, ?2, ?3, ?4)", "IIii", added.device_key,
                      added.state_key, pair->first_day, pair->last_day);
    }
  for (guint i = 0; i < self->changed->len && tvm_db_is_good (self->db); i++)
    {
      const TvmMatrixPair *pair = &g_array_index (self->pairs, TvmMatrixPair,
                                                  g_array_index (self->changed, guint32, i));
      Installation changed = installation_of (self, pair);

      tvm_db_run (self->db, "UPDATE installation SET first_seen_day = iif (?3 = 0, "
                  "first_seen_day, ?3), last_seen_day = iif (?4 = 0, last_seen_day, ?4) WHERE "
                  "device_key = ?1 AND state_key = ?2", "IIii", changed.device_key,
                  changed.state_key, pair->first_day, pair->last_day);
    }
}

/**
 * tvm_matrix_sweep:
 * @db: the writer's connection
 *
 * Removes states that no device has, and products without any.
 */
void
tvm_matrix_sweep (TvmDb *db)
{
  tvm_db_run (db, "DELETE FROM software_state WHERE NOT EXISTS (SELECT 1 FROM installation WHERE "
              "state_key = software_state.key)", "");
  tvm_db_run (db, "DELETE FROM software WHERE NOT EXISTS (SELECT 1 FROM software_state WHERE "
              "software_key = software.key)", "");
}

/* All recommendations of software may have changed. */
static void
note_all_due (TvmDb *db)
{
  tvm_db_run (db, "INSERT OR IGNORE INTO exposure_due SELECT recommendation_id FROM software WHERE "
              "recommendation_id IS NOT NULL UNION SELECT id FROM recommendation WHERE is_listed = "
              "1 AND id LIKE 'va-%'", "");
  tvm_list_note_synced (db, TVM_EXPOSURE_BASELINE);
}

/* Installations that may be gone for all that is known: they are no loss. */
static guint
count_unsure (TvmDb *db)
{
  return (guint) tvm_db_get_int (db, "SELECT count(*) FROM software_state s JOIN installation i ON "
                                 "i.state_key = s.key WHERE s.version = '' AND s.digest = 0", "");
}

/* Much software that lost its CVEs all at once is a list that does not tell them. */
static void
claim_weak (const Merge *self,
            TvmClaim    *claim)
{
  gint64 n_lost = tvm_db_get_int (self->db, "SELECT count(*) FROM software_state s JOIN "
                                  "installation i ON i.state_key = s.key WHERE s.digest <> 0", "");
  gint64 n_weak = 0;

  for (guint i = 0; i < self->pairs->len; i++)
    {
      const TvmMatrixPair *pair = &g_array_index (self->pairs, TvmMatrixPair, i);

      n_weak += g_array_index (self->states, State, pair->version).set != 0;
    }
  n_lost -= n_weak;
  if (n_lost <= claim->n_lost)
    return;
  claim->n_received = n_weak;
  claim->n_lost = n_lost;
}

/**
 * tvm_matrix_merge:
 * @db: the writer's connection
 * @pull: the software of all devices
 * @result: (inout): counts what changed of the software that devices have
 * @out_doubtful: (out): whether it came shorter than can be believed, or the recommendations'
 *   counts are doubted: then it only adds
 *
 * Returns: how many rows it lacks, to be remembered for the next one
 */
gint64
tvm_matrix_merge (TvmDb         *db,
                  const TvmPull *pull,
                  TvmListResult *result,
                  gboolean      *out_doubtful)
{
  Merge self = { .db = db, .matrix = pull->matrix, .result = result };
  TvmClaim claim = { .kind = pull->kind, .owner = pull->owner, .n_counted = -1,
                     .n_passed_over = pull->n_passed_over };
  guint n_kept;
  gint64 n_lacking;

  tvm_matrix_keys_load (db, self.matrix, &self.keys);
  self.states = g_array_new (FALSE, FALSE, sizeof (State));
  self.order = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.added = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.changed = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.gone = g_array_new (FALSE, FALSE, sizeof (Installation));
  find_states (&self);
  compare (&self);
  claim.n_received = self.pairs->len;
  n_kept = self.added->len + count_unsure (db);
  claim.n_lost = self.gone->len > n_kept ? self.gone->len - n_kept : 0;
  claim_weak (&self, &claim);
  n_lacking = tvm_claim_judge (db, &claim, out_doubtful);
  *out_doubtful = *out_doubtful || tvm_counts_are_held (db);
  write_installations (&self, *out_doubtful);
  tvm_matrix_write_updates (db, self.matrix, &self.keys);
  tvm_matrix_sweep (db);
  if (!*out_doubtful)
    note_all_due (db);
  g_array_unref (self.states);
  g_array_unref (self.pairs);
  g_array_unref (self.order);
  g_array_unref (self.added);
  g_array_unref (self.changed);
  g_array_unref (self.gone);
  tvm_matrix_keys_clear (&self.keys);
  return n_lacking;
}
