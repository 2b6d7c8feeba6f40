/* tvm-request-items.c: what a form requests, one recommendation or several, and what comes of each
 * as the form is filled in. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-items.h"
#include "tvm-load-private.h"

#include "tvm-bulk.h"
#include "tvm-known.h"
#include "tvm-text.h"

static void
item_free (gpointer data)
{
  TvmRequestItem *self = data;

  g_clear_pointer (&self->meeting, g_ptr_array_unref);
  tvm_request_facts_clear (&self->facts);
  g_free (self->refusal);
  g_free (self->reason);
  g_free (self);
}

static gboolean
read_item (TvmStore       *store,
           const char     *id,
           TvmRequestItem *item,
           GError        **error)
{
  item->refusal = tvm_store_dup_refusal (store, TVM_USER_IMPACT_LIST, NULL);
  return tvm_store_get_request_facts (store, id, &item->facts, error);
}

static gpointer
read_items (TvmStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  char **ids = data;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_ptr_array_add (items, g_new0 (TvmRequestItem, 1));
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !read_item (store, ids[i], items->pdata[i], error))
        return NULL;
    }
  return g_steal_pointer (&items);
}

/**
 * tvm_request_items_load_async:
 * @store: a store
 * @ids: (array zero-terminated=1): the recommendations
 * @cancellable: (nullable): stops it
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 */
void
tvm_request_items_load_async (TvmStore            *store,
                              const char *const   *ids,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  tvm_load_in_thread (store, read_items, g_strdupv ((char **) ids), (GDestroyNotify) g_strfreev,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * tvm_request_item_is_known:
 * @self: an item
 *
 * Returns: whether its exposed devices were ever pulled
 */
gboolean
tvm_request_item_is_known (const TvmRequestItem *self)
{
  return self->facts.recommendation->devices_synced_us != 0;
}

/**
 * tvm_request_item_covers_any:
 * @self: an item, planned
 * @request: the form
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: %FALSE where it is known that there is no device to request anything for
 */
gboolean
tvm_request_item_covers_any (const TvmRequestItem  *self,
                             const TvmRequest      *request,
                             GError               **error)
{
  return self->facts.coverage.covered > 0 ||
         !tvm_recommendation_knows_devices (self->facts.recommendation) ||
         tvm_coverage_check (&self->facts.coverage, request, error);
}

/**
 * tvm_request_items_replace:
 * @items: (element-type TvmRequestItem): items
 * @position: which of them is replaced
 * @one: (transfer full) (element-type TvmRequestItem): the same one, loaded again
 */
void
tvm_request_items_replace (GPtrArray *items,
                           guint      position,
                           GPtrArray *one)
{
  item_free (items->pdata[position]);
  items->pdata[position] = g_ptr_array_steal_index (one, 0);
  g_ptr_array_unref (one);
}

/**
 * tvm_request_items_renew:
 * @items: (element-type TvmRequestItem): items
 * @loaded: (transfer full) (element-type TvmRequestItem): the same ones, loaded again; one whose
 *   devices became known since then stays
 */
void
tvm_request_items_renew (GPtrArray *items,
                         GPtrArray *loaded)
{
  for (guint i = 0; i < MIN (items->len, loaded->len); i++)
    if (tvm_request_item_is_known (loaded->pdata[i]) ||
        !tvm_request_item_is_known (items->pdata[i]))
      {
        gpointer older = items->pdata[i];

        items->pdata[i] = loaded->pdata[i];
        loaded->pdata[i] = older;
      }
  g_ptr_array_unref (loaded);
}

/**
 * tvm_request_items_dup_ids:
 * @items: (element-type TvmRequestItem): one or several
 *
 * Returns: (transfer full) (array zero-terminated=1): the recommendations
 */
char **
tvm_request_items_dup_ids (GPtrArray *items)
{
  char **ids = g_new0 (char *, items->len + 1);

  for (guint i = 0; i < items->len; i++)
    ids[i] = g_strdup (((TvmRequestItem *) items->pdata[i])->facts.recommendation->id);
  return ids;
}

/**
 * tvm_request_items_dup_shown:
 * @items: (element-type TvmRequestItem): one or several that were planned
 *
 * Returns: (transfer full): what the form says of each, for its submission
 */
TvmShown *
tvm_request_items_dup_shown (GPtrArray *items)
{
  TvmShown *shown = g_new (TvmShown, items->len);

  for (guint i = 0; i < items->len; i++)
    {
      const TvmRequestItem *item = items->pdata[i];

      shown[i].covered = tvm_request_item_is_known (item) ? item->facts.coverage.covered : -1;
      shown[i].joined = item->facts.coverage.joined;
      shown[i].n_priors = (int) item->meeting->len;
    }
  return shown;
}

/**
 * tvm_request_items_types:
 * @items: (element-type TvmRequestItem): one or several
 * @out: (out caller-allocates): room for the types that fit any of them (R2): what fits most first,
 *   “Attention required”, which fits all, last
 * @n_fitting: (out caller-allocates): how many each fits
 *
 * Returns: how many types the form offers
 */
guint
tvm_request_items_types (GPtrArray          *items,
                         TvmRemediationType  out[5],
                         guint               n_fitting[5])
{
  guint n = 0;

  for (TvmRemediationType type = TVM_TYPE_UPDATE; type <= TVM_TYPE_ATTENTION_REQUIRED; type++)
    {
      guint n_fit = 0, at = n;

      for (guint i = 0; i < items->len; i++)
        if (tvm_type_fits (type, ((TvmRequestItem *) items->pdata[i])->facts.recommendation))
          n_fit++;
      if (n_fit == 0)
        continue;
      for (; at > 0 && type != TVM_TYPE_ATTENTION_REQUIRED && n_fitting[at - 1] < n_fit; at--)
        {
          out[at] = out[at - 1];
          n_fitting[at] = n_fitting[at - 1];
        }
      out[at] = type;
      n_fitting[at] = n_fit;
      n++;
    }
  return n;
}

/**
 * tvm_request_items_know_devices:
 * @items: (element-type TvmRequestItem): one or several
 * @type: the remediation type
 *
 * Returns: whether the exposed devices of all those are known that the type fits
 */
gboolean
tvm_request_items_know_devices (GPtrArray          *items,
                                TvmRemediationType  type)
{
  for (guint i = 0; i < items->len; i++)
    {
      const TvmRequestItem *item = items->pdata[i];

      if (tvm_type_fits (type, item->facts.recommendation) &&
          !tvm_recommendation_knows_devices (item->facts.recommendation))
        return FALSE;
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const TvmGroupCount *const *first = a, *const *second = b;

  if ((*first)->name == NULL || (*second)->name == NULL)
    return ((*first)->name == NULL) - ((*second)->name == NULL);
  return g_ascii_strcasecmp ((*first)->name, (*second)->name);
}

/**
 * tvm_request_items_groups:
 * @items: (element-type TvmRequestItem): one or several
 * @type: the remediation type
 * @no_impact_only: whether only devices with no user impact are counted
 *
 * Returns: (transfer full) (element-type TvmGroupCount): the device groups of those that the type
 *   fits by name, the one that is not told last; a device counts once for each of them
 */
GPtrArray *
tvm_request_items_groups (GPtrArray          *items,
                          TvmRemediationType  type,
                          gboolean            no_impact_only)
{
  g_autoptr(GPtrArray) groups =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_group_count_unref);
  g_autoptr(GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < items->len; i++)
    {
      const TvmRequestItem *item = items->pdata[i];

      for (guint j = 0;
           tvm_type_fits (type, item->facts.recommendation) && j < item->facts.groups->len; j++)
        {
          const TvmGroupCount *of_one = item->facts.groups->pdata[j];
          const char *key = of_one->name != NULL ? of_one->name : "";
          TvmGroupCount *sum = g_hash_table_lookup (by_name, key);

          if (sum == NULL)
            {
              sum = tvm_group_count_new ();
              sum->name = g_strdup (of_one->name);
              g_ptr_array_add (groups, sum);
              g_hash_table_insert (by_name, (gpointer) key, sum);
            }
          sum->exposed += no_impact_only ? of_one->no_impact : of_one->exposed;
          sum->joined = tvm_count_add (sum->joined, no_impact_only ? of_one->no_impact_joined
                                                                   : of_one->joined);
        }
    }
  g_ptr_array_sort (groups, compare_names);
  return g_steal_pointer (&groups);
}

static void
add_group (TvmRequestItem      *item,
           const TvmRequest    *request,
           const TvmGroupCount *group)
{
  TvmCoverage *coverage = &item->facts.coverage;

  coverage->no_impact += request->no_impact_only ? group->no_impact : 0;
  if (request->groups != NULL && (group->name == NULL ||
      !g_strv_contains ((const char *const *) request->groups, group->name)))
    return;
  coverage->covered += request->no_impact_only ? group->no_impact : group->exposed;
  coverage->joined = tvm_count_add (coverage->joined, request->no_impact_only
                                                        ? group->no_impact_joined
                                                        : group->joined);
  coverage->same += request->no_impact_only ? group->no_impact_same : group->same;
  coverage->impact_unknown += request->no_impact_only ? group->impact_unknown : 0;
}

/* A device in Entra that several of the chosen groups have was counted in each. */
static void
take_shared (TvmRequestItem   *item,
             const TvmRequest *request)
{
  TvmCoverage *coverage = &item->facts.coverage;
  GStrv shared = request->no_impact_only ? item->facts.shared_no_impact : item->facts.shared;

  for (guint i = 0; shared != NULL && shared[i] != NULL; i++)
    {
      g_auto(GStrv) groups = g_strsplit (shared[i], "\n", -1);
      int n = 0;

      for (guint j = 0; groups[j] != NULL; j++)
        n += request->groups == NULL ||
             g_strv_contains ((const char *const *) request->groups, groups[j]);
      coverage->joined -= MAX (n - 1, 0);
      coverage->same += MAX (n - 1, 0);
    }
}

static void
plan_item (TvmRequestItem   *item,
           const TvmRequest *request,
           gboolean          may_skip)
{
  g_autoptr(GError) error = NULL;

  item->facts.coverage = (TvmCoverage) { 0 };
  for (guint i = 0; i < item->facts.groups->len; i++)
    add_group (item, request, item->facts.groups->pdata[i]);
  if (item->facts.coverage.joined >= 0)
    take_shared (item, request);
  item->facts.coverage.lacks_devices = !tvm_request_item_is_known (item);
  tvm_coverage_plan (&item->facts.coverage, request->create_ticket, request->split);
  g_clear_pointer (&item->meeting, g_ptr_array_unref);
  item->meeting = tvm_priors_meeting (item->facts.priors, (const char *const *) request->groups);
  if (!may_skip || (tvm_request_check_bulk (request, item->facts.recommendation, &error) &&
                    (!tvm_request_item_is_known (item) ||
                     tvm_coverage_check (&item->facts.coverage, request, &error))))
    {
      tvm_set_str (&item->reason, NULL);
      return;
    }
  item->facts.coverage = (TvmCoverage) { 0 };
  tvm_set_str (&item->reason, error->message);
}

/**
 * tvm_request_items_plan:
 * @items: (element-type TvmRequestItem): one or several
 * @request: the form as it is
 * @sums: (out caller-allocates): what it covers in all; a device counts once for each request
 *
 * Tells each item what the form covers of it. Of several those are skipped that submitting would
 * skip; one alone never is.
 *
 * Returns: how many are not skipped
 */
guint
tvm_request_items_plan (GPtrArray        *items,
                        const TvmRequest *request,
                        TvmCoverage      *sums)
{
  guint n = 0;

  *sums = (TvmCoverage) { 0 };
  for (guint i = 0; i < items->len; i++)
    {
      TvmRequestItem *item = items->pdata[i];

      plan_item (item, request, items->len > 1);
      sums->covered += item->facts.coverage.covered;
      sums->joined = tvm_count_add (sums->joined, item->facts.coverage.joined);
      sums->same += item->facts.coverage.same;
      sums->not_joined = tvm_count_add (sums->not_joined, item->facts.coverage.not_joined);
      sums->n_tickets += item->facts.coverage.n_tickets;
      sums->left_out += item->facts.coverage.left_out;
      sums->impact_unknown += item->facts.coverage.impact_unknown;
      sums->no_impact += item->facts.coverage.no_impact;
      sums->lacks_devices |= item->facts.coverage.lacks_devices;
      n += item->reason == NULL ? 1 : 0;
    }
  return n;
}
