/* tvm-pull.c: one list as a service gave it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pull.h"

/* The records of each kind that has records: what frees one, and where its id is. */
static const struct { GDestroyNotify free_record; gsize id_offset; } shapes[TVM_N_PULLS] = {
  [TVM_PULL_RECOMMENDATIONS] = { (GDestroyNotify) tvm_recommendation_unref,
                                 G_STRUCT_OFFSET (TvmRecommendation, id) },
  [TVM_PULL_RECOMMENDATION] = { (GDestroyNotify) tvm_recommendation_unref,
                                G_STRUCT_OFFSET (TvmRecommendation, id) },
  [TVM_PULL_DEVICES] = { (GDestroyNotify) tvm_device_unref, G_STRUCT_OFFSET (TvmDevice, id) },
  [TVM_PULL_PORTAL_ACTIVITIES] = { (GDestroyNotify) tvm_activity_unref,
                                   G_STRUCT_OFFSET (TvmActivity, id) },
  [TVM_PULL_TICKETS] = { (GDestroyNotify) tvm_ticket_unref, G_STRUCT_OFFSET (TvmTicket, id) },
  [TVM_PULL_VULNERABILITIES] = { (GDestroyNotify) tvm_vulnerability_unref,
                                 G_STRUCT_OFFSET (TvmVulnerability, id) },
  [TVM_PULL_WEAKNESSES] = { (GDestroyNotify) tvm_vulnerability_unref,
                            G_STRUCT_OFFSET (TvmVulnerability, id) },
  [TVM_PULL_SECURITY_UPDATES] = { (GDestroyNotify) tvm_security_update_unref, 0 },
};

/**
 * tvm_pull_new:
 * @kind: which list
 * @owner: (nullable): the recommendation or activity it belongs to; %NULL: it is the tenant's
 *
 * Returns: (transfer full): an empty list, asked for before anything the store knows
 */
TvmPull *
tvm_pull_new (TvmPullKind kind,
              const char *owner)
{
  TvmPull *self = g_new0 (TvmPull, 1);

  self->kind = kind;
  self->owner = g_strdup (owner != NULL ? owner : "");
  self->gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (shapes[kind].free_record != NULL)
    self->records = g_ptr_array_new_with_free_func (shapes[kind].free_record);
  else if (kind == TVM_PULL_MANAGED_DEVICES)
    self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  else if (kind == TVM_PULL_EXPOSURE || kind == TVM_PULL_EXPOSURE_CHANGES)
    self->matrix = tvm_matrix_new ();
  else if (kind == TVM_PULL_USER_IMPACT)
    self->impacts = tvm_user_impacts_new ();
  else
    self->refs = tvm_device_refs_new ();
  return self;
}

/**
 * tvm_pull_free:
 * @self: (nullable) (transfer full): a pull
 */
void
tvm_pull_free (TvmPull *self)
{
  if (self == NULL)
    return;
  g_free (self->owner);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->refs, tvm_device_refs_free);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->impacts, tvm_user_impacts_free);
  g_clear_pointer (&self->matrix, tvm_matrix_free);
  g_clear_pointer (&self->spool, tvm_spool_free);
  g_hash_table_unref (self->gone);
  g_free (self);
}

/**
 * tvm_pull_get_n_rows:
 * @self: a pull
 *
 * Returns: how many usable rows it has
 */
guint
tvm_pull_get_n_rows (const TvmPull *self)
{
  if (self->records != NULL)
    return self->records->len;
  if (self->matrix != NULL)
    return self->matrix->n_records;
  if (self->impacts != NULL)
    return self->impacts->n_entries;
  return self->ids != NULL ? g_hash_table_size (self->ids) : self->refs->refs->len;
}

/**
 * tvm_pull_get_id:
 * @self: a pull with records
 * @i: which of them, from 0
 *
 * Returns: (transfer none) (nullable): its id
 */
const char *
tvm_pull_get_id (const TvmPull *self,
                 guint          i)
{
  return G_STRUCT_MEMBER (const char *, self->records->pdata[i], shapes[self->kind].id_offset);
}
