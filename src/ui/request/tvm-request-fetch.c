/* tvm-request-fetch.c: gets the exposed devices that a form asks about and that are not known yet.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-fetch.h"
#include "tvm-error.h"

#define MAX_AT_ONCE 3

typedef struct
{
  grefcount            references;
  TvmRequestFetchState state;
  TvmUi               *ui;           /* (owned) */
  GPtrArray           *items;        /* (owned) */
  GCancellable        *cancellable;  /* (owned) */
  GObject             *object;       /* (owned) */
  guint                next, n_running;
  void               (*changed) (GObject *object, const TvmRequestFetchState *state);
} Fetch;

/* One of them on its way. */
typedef struct
{
  Fetch *fetch;     /* (owned) */
  guint  position;
} One;

static void fetch_next (Fetch *self);

static void
fetch_unref (Fetch *self)
{
  if (!g_ref_count_dec (&self->references))
    return;
  tvm_ui_unref (self->ui);
  g_ptr_array_unref (self->items);
  g_object_unref (self->cancellable);
  g_object_unref (self->object);
  g_free (self->state.error);
  g_free (self);
}

static void
one_free (One *self)
{
  fetch_unref (self->fetch);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (One, one_free)

static const char *
get_id (Fetch *self, guint position)
{
  return ((const TvmRequestItem *) self->items->pdata[position])->facts.recommendation->id;
}

static gboolean
is_wanted (const TvmRequestItem *item)
{
  return !tvm_request_item_is_known (item) && item->reason == NULL;
}

/* @error: (nullable). One that the service does not know leaves the others. */
static void
end_one (Fetch *self, const GError *error)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->n_running--;
  self->state.n_done++;
  if (error != NULL && self->state.error == NULL)
    self->state.error = g_strdup (error->message);
  if (error != NULL && !g_error_matches (error, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    self->next = self->items->len;
  fetch_next (self);
  self->state.is_over = self->n_running == 0;
  self->changed (self->object, &self->state);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(One) one = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *items = tvm_load_finish (TVM_STORE (object), result, &error);

  if (items != NULL)
    tvm_request_items_replace (one->fetch->items, one->position, items);
  end_one (one->fetch, error);
}

static void
fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(One) one = user_data;
  g_autoptr(GError) error = NULL;
  Fetch *self = one->fetch;

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    {
      const char *ids[] = { get_id (self, one->position), NULL };

      tvm_request_items_load_async (self->ui->store, ids, self->cancellable, loaded_cb,
                                    g_steal_pointer (&one));
    }
  else
    end_one (self, error);
}

static void
fetch_next (Fetch *self)
{
  for (; self->next < self->items->len && self->n_running < MAX_AT_ONCE; self->next++)
    {
      One *one;

      if (!is_wanted (self->items->pdata[self->next]))
        continue;
      one = g_new0 (One, 1);
      one->fetch = self;
      one->position = self->next;
      g_ref_count_inc (&self->references);
      self->n_running++;
      tvm_sync_engine_fetch_devices_async (self->ui->engine, get_id (self, self->next),
                                           self->cancellable, fetched_cb, one);
    }
}

/**
 * tvm_request_fetch_start:
 * @ui: the window's context
 * @items: (element-type TvmRequestItem): planned ones, of which those that are requested and not
 *   known are fetched and loaded again; so are the tickets in Intune, for the store
 * @cancellable: ends it; nothing is called any more then
 * @changed: called after each
 * @object: for @changed, which keeps it alive
 */
void
tvm_request_fetch_start (TvmUi *ui, GPtrArray *items, GCancellable *cancellable,
                         void (*changed) (GObject *object, const TvmRequestFetchState *state),
                         GObject *object)
{
  Fetch *self = g_new0 (Fetch, 1);

  g_ref_count_init (&self->references);
  self->ui = tvm_ui_ref (ui);
  self->items = g_ptr_array_ref (items);
  self->cancellable = g_object_ref (cancellable);
  self->object = g_object_ref (object);
  self->changed = changed;
  for (guint i = 0; i < items->len; i++)
    self->state.n_total += is_wanted (items->pdata[i]) ? 1 : 0;
  if (self->state.n_total > 0)
    changed (object, &self->state);
  /* Whoever follows the store hears of others' tickets. */
  tvm_sync_engine_fetch_tickets_async (ui->engine, cancellable, NULL, NULL);
  fetch_next (self);
  fetch_unref (self);
}
