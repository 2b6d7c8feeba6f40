/* tvm-row-list.c: a GListModel over a store list. Row objects belong to positions, so a new listing
 * re-reads the few live ones and announces only the tail. Main thread; reads run on workers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-model-row-private.h"

#include "tvm-text.h"
#include "tvm-weakness-models.h"

#define RELOAD_DELAY_MS 50

struct _TvmRowList
{
  GObject       parent_instance;
  TvmStore     *store;          /* (owned) */
  TvmQuery     *query;          /* (owned) */
  GArray       *keys;           /* (owned) of gint64 */
  GHashTable   *live;           /* position -> TvmRow (unowned); rows take themselves out */
  GHashTable   *wanted;         /* positions to read next */
  GCancellable *cancellable;    /* (owned): of this listing and its reads */
  char         *error;          /* (owned) (nullable) */
  char         *missing;        /* (owned) (nullable) */
  guint         n_total, n_unknown;
  guint         generation;     /* of the listing; answers of older ones are dropped */
  guint         reload_id, read_id;
  gboolean      loading, is_listing, is_stale;  /* is_stale: changed while it is being listed */
  gboolean      is_known;       /* it was synchronized at least once */
};

typedef enum { PROP_LOADING = 1, PROP_IS_KNOWN, PROP_N_TOTAL, PROP_N_UNKNOWN, PROP_N_ITEMS,
               PROP_ERROR, PROP_MISSING } TvmRowListProperty;
typedef enum { RELOADED, N_LIST_SIGNALS } TvmRowListSignal;
static GParamSpec *properties[PROP_MISSING + 1];
static guint       list_signals[N_LIST_SIGNALS];
static void        list_model_init (GListModelInterface *iface);
static void        want_row        (TvmRowList *self, guint position);
static void        reload_soon     (TvmRowList *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (TvmRowList, tvm_row_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* ---- reading records ----------------------------------------------------------------------- */

/* Knows the list weakly: the worker may let go last, and a list must not end on a worker. */
typedef struct
{
  GWeakRef  list;
  TvmStore *store;      /* (owned) */
  TvmQuery *query;      /* (owned) */
  GArray   *positions;  /* of guint */
  GArray   *keys;       /* of gint64; for a listing: the result */
  int       n_total, n_unknown;
  gboolean  is_known;
  char     *missing;    /* (nullable) */
  guint     generation;
} Read;

static void
read_free (Read *read)
{
  g_weak_ref_clear (&read->list);
  g_object_unref (read->store);
  tvm_query_free (read->query);
  g_clear_pointer (&read->positions, g_array_unref);
  g_clear_pointer (&read->keys, g_array_unref);
  g_free (read->missing);
  g_free (read);
}

static Read *
read_new (TvmRowList *self)
{
  Read *read = g_new0 (Read, 1);

  g_weak_ref_init (&read->list, self);
  read->store = g_object_ref (self->store);
  read->query = tvm_query_copy (self->query);
  read->generation = self->generation;
  return read;
}

static void
read_records_thread (GTask        *task,
                     gpointer      source,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  Read *read = task_data;
  GError *error = NULL;
  GPtrArray *records = tvm_store_list_records (read->store, read->query,
                                               (const gint64 *) (gpointer) read->keys->data,
                                               read->keys->len, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
records_read_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Read *read = g_task_get_task_data (G_TASK (result));
  g_autoptr(TvmRowList) self = g_weak_ref_get (&read->list);
  g_autoptr(GPtrArray) records = g_task_propagate_pointer (G_TASK (result), NULL);

  /* A failed read is told by the listing, which reads the same store. */
  if (self == NULL || records == NULL || read->generation != self->generation)
    return;
  for (guint i = 0; i < records->len; i++)
    {
      guint position = g_array_index (read->positions, guint, i);
      gint64 key = g_array_index (read->keys, gint64, i);
      TvmRow *row = g_hash_table_lookup (self->live, GUINT_TO_POINTER (position));

      /* The listing may have come between; then the row is read again for its new key. */
      if (row != NULL && records->pdata[i] != NULL &&
          g_array_index (self->keys, gint64, position) == key)
        tvm_row_fill (row, key, g_steal_pointer (&records->pdata[i]));
    }
}

static gboolean
read_wanted_cb (gpointer user_data)
{
  TvmRowList *self = user_data;
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, records_read_cb, NULL);
  Read *read = read_new (self);
  GHashTableIter iter;
  gpointer key;

  self->read_id = 0;
  read->positions = g_array_new (FALSE, FALSE, sizeof (guint));
  read->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->wanted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint position = GPOINTER_TO_UINT (key);

      if (position >= self->keys->len)
        continue;
      g_array_append_val (read->positions, position);
      g_array_append_val (read->keys, g_array_index (self->keys, gint64, position));
    }
  g_hash_table_remove_all (self->wanted);
  g_task_set_task_data (task, read, (GDestroyNotify) read_free);
  g_task_run_in_thread (task, read_records_thread);
  return G_SOURCE_REMOVE;
}

/* Rows that are asked for in one turn of the main loop are read together. */
static void
want_row (TvmRowList *self,
          guint       position)
{
  g_hash_table_add (self->wanted, GUINT_TO_POINTER (position));
  if (self->read_id == 0)
    self->read_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, read_wanted_cb, self, NULL);
}

/**
 * tvm_row_list_forget:
 * @self: a list
 * @position: of a row that is being finalized
 *
 * Called by the row itself, so that the next one asked for there is a new one.
 */
void
tvm_row_list_forget (TvmRowList *self,
                     guint       position)
{
  g_hash_table_remove (self->live, GUINT_TO_POINTER (position));
}

/* ---- listing ------------------------------------------------------------------------------- */

static void
list_keys_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Read *read = task_data;
  GError *error = NULL;

  read->keys = tvm_store_list_keys (read->store, read->query, &read->n_total, &error);
  if (read->keys != NULL)
    read->n_unknown = tvm_store_count_unknown_cves (read->store, read->query, &error);
  read->is_known = tvm_store_knows_list (read->store, read->query);
  read->missing = tvm_unlisted_text (read->store, read->query);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_error (TvmRowList *self,
           const char *message)
{
  if (tvm_set_str (&self->error, message))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
set_loaded (TvmRowList *self)
{
  if (!self->loading)
    return;
  self->loading = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* The rows behind the end leave the list; those that live on elsewhere no longer belong to it. */
static void
let_tail_go (TvmRowList *self,
             guint       n_kept)
{
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, &key, &row))
    if (GPOINTER_TO_UINT (key) >= n_kept)
      {
        tvm_row_detach (row);
        g_hash_table_iter_remove (&iter);
      }
}

static void
take_listing (TvmRowList *self,
              Read       *read)
{
  guint n_before = self->keys->len, n_after = read->keys->len;
  guint n_kept = MIN (n_before, n_after);
  g_autoptr(GList) positions = NULL;

  g_array_unref (self->keys);
  self->keys = g_steal_pointer (&read->keys);
  let_tail_go (self, n_kept);
  if (n_before != n_after)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), n_kept, n_before - n_kept, n_after - n_kept);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
    }
  positions = g_hash_table_get_keys (self->live);
  for (GList *l = positions; l != NULL; l = l->next)
    want_row (self, GPOINTER_TO_UINT (l->data));
  if (self->n_total != (guint) read->n_total)
    {
      self->n_total = read->n_total;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
    }
  self->is_known = read->is_known;
  tvm_set_str (&self->missing, read->missing);
  if (self->n_unknown != (guint) read->n_unknown)
    {
      self->n_unknown = read->n_unknown;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNKNOWN]);
    }
}

static void
keys_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Read *read = g_task_get_task_data (G_TASK (result));
  g_autoptr(TvmRowList) self = g_weak_ref_get (&read->list);
  g_autoptr(GError) error = NULL;
  gboolean good = g_task_propagate_boolean (G_TASK (result), &error);

  if (self == NULL || read->generation != self->generation ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_listing = FALSE;
  if (self->is_stale)
    reload_soon (self);
  set_error (self, error != NULL ? error->message : NULL);
  if (good)
    take_listing (self, read);
  set_loaded (self);
  g_signal_emit (self, list_signals[RELOADED], 0);
}

static void
reload (TvmRowList *self)
{
  g_autoptr(GTask) task = NULL;

  self->generation++;
  self->is_listing = TRUE;
  self->is_stale = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, keys_listed_cb, NULL);
  g_task_set_task_data (task, read_new (self), (GDestroyNotify) read_free);
  g_task_run_in_thread (task, list_keys_thread);
}

static gboolean
reload_cb (gpointer user_data)
{
  TvmRowList *self = user_data;

  self->reload_id = 0;
  /* A sync changes the store faster than a long list is read: no listing would ever end. */
  self->is_stale = self->is_listing;
  if (!self->is_listing)
    reload (self);
  return G_SOURCE_REMOVE;
}

static void
reload_soon (TvmRowList *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY_MS, reload_cb, self);
}

static void
store_changed_cb (TvmRowList *self,
                  guint       changes)
{
  if ((changes & tvm_list_kind_changes (self->query->kind)) != 0 ||
      ((changes & TVM_CHANGED_LISTS) != 0 && !self->is_known))
    reload_soon (self);
}

static GType
get_item_type (GListModel *model)
{
  return TVM_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return TVM_ROW_LIST (model)->keys->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  TvmRowList *self = TVM_ROW_LIST (model);
  TvmRow *row;

  if (position >= self->keys->len)
    return NULL;
  row = g_hash_table_lookup (self->live, GUINT_TO_POINTER (position));
  if (row != NULL)
    return g_object_ref (row);
  row = tvm_row_new (self, self->query->kind, position,
                     g_array_index (self->keys, gint64, position));
  g_hash_table_insert (self->live, GUINT_TO_POINTER (position), row);
  want_row (self, position);
  return row;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
tvm_row_list_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TvmRowList *self = TVM_ROW_LIST (object);

  switch ((TvmRowListProperty) prop_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_IS_KNOWN:
      g_value_set_boolean (value, self->is_known);
      break;
    case PROP_N_TOTAL:
      g_value_set_uint (value, self->n_total);
      break;
    case PROP_N_UNKNOWN:
      g_value_set_uint (value, self->n_unknown);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->keys->len);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_MISSING:
      g_value_set_string (value, self->missing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tvm_row_list_dispose (GObject *object)
{
  TvmRowList *self = TVM_ROW_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_clear_handle_id (&self->read_id, g_source_remove);
  let_tail_go (self, 0);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (tvm_row_list_parent_class)->dispose (object);
}

static void
tvm_row_list_finalize (GObject *object)
{
  TvmRowList *self = TVM_ROW_LIST (object);

  tvm_query_free (self->query);
  g_array_unref (self->keys);
  g_hash_table_unref (self->live);
  g_hash_table_unref (self->wanted);
  g_object_unref (self->cancellable);
  g_free (self->error);
  g_free (self->missing);
  G_OBJECT_CLASS (tvm_row_list_parent_class)->finalize (object);
}

static void
tvm_row_list_class_init (TvmRowListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = tvm_row_list_get_property;
  object_class->dispose = tvm_row_list_dispose;
  object_class->finalize = tvm_row_list_finalize;
  /* The first listing is not there yet. */
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, TRUE, flags);
  /* Whether it was ever synchronized, as of the last listing (see “reloaded”). */
  properties[PROP_IS_KNOWN] = g_param_spec_boolean ("is-known", NULL, NULL, FALSE,
                                                    flags & ~G_PARAM_EXPLICIT_NOTIFY);
  /* How many there are without search and filters. */
  properties[PROP_N_TOTAL] = g_param_spec_uint ("n-total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /* Of how many recommendations nobody knows whether they are about the CVE looked for. */
  properties[PROP_N_UNKNOWN] = g_param_spec_uint ("n-unknown", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /* Why the list could not be read, or NULL. */
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  /* The CVEs looked for that are not there, a line each, and what a filter leaves out because
   * nobody knows, as of the last listing; or NULL. */
  properties[PROP_MISSING] = g_param_spec_string ("missing", NULL, NULL, NULL,
                                                  flags & ~G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  /* TvmRowList::reloaded: a new listing is in place, or its error. */
  list_signals[RELOADED] = g_signal_new ("reloaded", TVM_TYPE_ROW_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
tvm_row_list_init (TvmRowList *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->live = g_hash_table_new (NULL, NULL);
  self->wanted = g_hash_table_new (NULL, NULL);
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
}

/**
 * tvm_row_list_new:
 * @store: a store
 * @kind: which of its lists
 *
 * Makes the list; tvm_row_list_set_query() fills it.
 *
 * Returns: (transfer full): a list, still empty
 */
TvmRowList *
tvm_row_list_new (TvmStore    *store,
                  TvmListKind  kind)
{
  TvmRowList *self = g_object_new (TVM_TYPE_ROW_LIST, NULL);

  self->store = g_object_ref (store);
  self->query = tvm_query_new (kind);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * tvm_row_list_set_query:
 * @self: a list
 * @query: what to list; its kind is the list's
 *
 * Lists anew. The rows on screen stay until the new listing is there.
 */
void
tvm_row_list_set_query (TvmRowList     *self,
                        const TvmQuery *query)
{
  g_return_if_fail (TVM_IS_ROW_LIST (self));
  g_return_if_fail (query->kind == self->query->kind);

  tvm_query_free (self->query);
  self->query = tvm_query_copy (query);
  reload (self);
}

/**
 * tvm_row_list_get_query:
 * @self: a list
 *
 * Returns: (transfer none): what it lists
 */
const TvmQuery *
tvm_row_list_get_query (TvmRowList *self)
{
  return self->query;
}

/**
 * tvm_row_list_find_key:
 * @self: a list
 * @key: a store key
 *
 * Returns: the position it stands at, %G_MAXUINT where it is not listed
 */
guint
tvm_row_list_find_key (TvmRowList *self,
                       gint64      key)
{
  for (guint i = 0; i < self->keys->len; i++)
    if (g_array_index (self->keys, gint64, i) == key)
      return i;
  return G_MAXUINT;
}

/**
 * tvm_row_list_get_key:
 * @self: a list
 * @position: of a row
 *
 * Returns: its store key, without reading it; 0 where there is none
 */
gint64
tvm_row_list_get_key (TvmRowList *self,
                      guint       position)
{
  return position < self->keys->len ? g_array_index (self->keys, gint64, position) : 0;
}

/**
 * tvm_row_list_dup_keys:
 * @self: a list
 *
 * Returns: (transfer full) (element-type gint64): the store keys of all rows, in their order
 */
GArray *
tvm_row_list_dup_keys (TvmRowList *self)
{
  return g_array_copy (self->keys);
}
