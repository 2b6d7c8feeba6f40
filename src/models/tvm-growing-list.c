/* tvm-growing-list.c: the rows of another list, each at its position there. A GTK view makes
 * widgets for some 200 rows as soon as it hears of them, about a millisecond each, and paints when
 * it is done. Here it hears of a few, which fill the window, then of a few more with frames
 * between, and then of all others. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-growing-list.h"

#define ROWS_AT_ONCE    32
#define ROWS_OF_WIDGETS 224

struct _TvmGrowingList
{
  GObject     parent_instance;
  GListModel *model;    /* (owned) */
  guint       n_shown;  /* of its rows, from the first */
  guint       grow_id;
};

static void list_model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TvmGrowingList, tvm_growing_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* How many to show where @n_kept of them have their widgets. */
static guint
plan_shown (TvmGrowingList *self,
            guint           n_kept)
{
  guint n_items = g_list_model_get_n_items (self->model);

  return n_kept >= ROWS_OF_WIDGETS || n_items - n_kept <= ROWS_AT_ONCE ? n_items
                                                                       : n_kept + ROWS_AT_ONCE;
}

/* From @n_kept on other rows than before. */
static void
show (TvmGrowingList *self,
      guint           n_kept,
      guint           n_wanted)
{
  guint n_before = self->n_shown;

  self->n_shown = n_wanted;
  if (n_before != n_kept || n_wanted != n_kept)
    g_list_model_items_changed (G_LIST_MODEL (self), n_kept, n_before - n_kept, n_wanted - n_kept);
}

static gboolean
grow_cb (gpointer user_data)
{
  TvmGrowingList *self = user_data;

  show (self, self->n_shown, plan_shown (self, self->n_shown));
  if (self->n_shown < g_list_model_get_n_items (self->model))
    return G_SOURCE_CONTINUE;
  self->grow_id = 0;
  return G_SOURCE_REMOVE;
}

static void
items_changed_cb (GListModel     *model,
                  guint           position,
                  guint           n_removed,
                  guint           n_added,
                  TvmGrowingList *self)
{
  if (position + n_removed < self->n_shown)
    {
      self->n_shown += n_added - n_removed;
      g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
    }
  else if (position <= self->n_shown)
    show (self, position, plan_shown (self, position));
  if (self->n_shown < g_list_model_get_n_items (model) && self->grow_id == 0)
    self->grow_id = g_idle_add_full (G_PRIORITY_LOW, grow_cb, self, NULL);
}

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (TVM_GROWING_LIST (model)->model);
}

static guint
get_n_items (GListModel *model)
{
  return TVM_GROWING_LIST (model)->n_shown;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  TvmGrowingList *self = TVM_GROWING_LIST (model);

  return position < self->n_shown ? g_list_model_get_item (self->model, position) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
tvm_growing_list_dispose (GObject *object)
{
  TvmGrowingList *self = TVM_GROWING_LIST (object);

  g_clear_handle_id (&self->grow_id, g_source_remove);
  self->n_shown = 0;
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (tvm_growing_list_parent_class)->dispose (object);
}

static void
tvm_growing_list_class_init (TvmGrowingListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_growing_list_dispose;
}

static void
tvm_growing_list_init (TvmGrowingList *self)
{
}

/**
 * tvm_growing_list_new:
 * @model: the whole list
 *
 * Returns: (transfer full): its rows, the first few of them now
 */
TvmGrowingList *
tvm_growing_list_new (GListModel *model)
{
  TvmGrowingList *self = g_object_new (TVM_TYPE_GROWING_LIST, NULL);

  self->model = g_object_ref (model);
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);
  items_changed_cb (model, 0, 0, g_list_model_get_n_items (model), self);
  return self;
}

/**
 * tvm_growing_list_show_to:
 * @self: a list
 * @position: of a row of the whole list that is wanted now
 *
 * Tells of all rows at once where that one would come later.
 */
void
tvm_growing_list_show_to (TvmGrowingList *self,
                          guint           position)
{
  g_return_if_fail (TVM_IS_GROWING_LIST (self));

  if (position >= self->n_shown)
    show (self, self->n_shown, g_list_model_get_n_items (self->model));
}
