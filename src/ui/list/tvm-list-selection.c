/* tvm-list-selection.c: which rows of a list page are selected: the one that is open, or several
 * that are chosen. GTK's lists know click, Shift, Ctrl and Ctrl+A; here is what they select, by
 * keys, which outlive a sync, a search and an order. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-selection.h"

struct _TvmListSelection
{
  GObject        parent_instance;
  GListModel    *shown;     /* (owned) rows that the views have */
  TvmRowList    *rows;      /* (owned) all rows */
  TvmListChoice *choice;    /* (owned) */
  gint64         open_key;  /* 0: none */
};

typedef enum { OPENED, N_SIGNALS } TvmListSelectionSignal;
static guint signals[N_SIGNALS];
static void  list_model_init      (GListModelInterface *iface);
static void  selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TvmListSelection, tvm_list_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                      selection_model_init))

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (TVM_LIST_SELECTION (model)->shown);
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (TVM_LIST_SELECTION (model)->shown);
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (TVM_LIST_SELECTION (model)->shown, position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- what is selected */

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  TvmListSelection *self = TVM_LIST_SELECTION (model);
  gint64 key = tvm_row_list_get_key (self->rows, position);

  if (tvm_list_choice_is_active (self->choice))
    return tvm_list_choice_contains (self->choice, key);
  return key != 0 && key == self->open_key;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  GtkBitset *selected = gtk_bitset_new_empty ();
  guint n_shown = get_n_items (G_LIST_MODEL (model));

  for (guint i = position; i < n_shown && i - position < n_items; i++)
    if (is_selected (model, i))
      gtk_bitset_add (selected, i);
  return selected;
}

static void
tell (TvmListSelection *self)
{
  guint n_shown = get_n_items (G_LIST_MODEL (self));

  if (n_shown > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, n_shown);
}

/* ---- what hands do */

/* The row that is open is the first one chosen. */
static void
start_choosing (TvmListSelection *self)
{
  gint64 open_key = self->open_key;

  if (tvm_list_choice_is_active (self->choice))
    return;
  tvm_list_choice_start (self->choice, FALSE);
  if (open_key != 0)
    tvm_list_choice_set (self->choice, &open_key, 1, TRUE);
}

/* What was begun by a hand ends where nothing is chosen any more. */
static void
end_where_none (TvmListSelection *self)
{
  if (tvm_list_choice_count (self->choice) == 0 && !tvm_list_choice_stays (self->choice))
    tvm_list_choice_end (self->choice);
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  TvmListSelection *self = TVM_LIST_SELECTION (model);
  gint64 key = tvm_row_list_get_key (self->rows, position);

  if (unselect_rest)
    {
      /* The page's button has said that a click chooses: the page does that. */
      if (tvm_list_choice_stays (self->choice))
        return FALSE;
      tvm_list_choice_end (self->choice);
      g_signal_emit (self, signals[OPENED], 0, position);
      return TRUE;
    }
  start_choosing (self);
  tvm_list_choice_set (self->choice, &key, 1, TRUE);
  return TRUE;
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  TvmListSelection *self = TVM_LIST_SELECTION (model);
  gint64 key = tvm_row_list_get_key (self->rows, position);

  if (!tvm_list_choice_is_active (self->choice))
    {
      g_signal_emit (self, signals[OPENED], 0, GTK_INVALID_LIST_POSITION);
      return TRUE;
    }
  tvm_list_choice_set (self->choice, &key, 1, FALSE);
  end_where_none (self);
  return TRUE;
}

static void
set_range (TvmListSelection *self, guint position, guint n_items, gboolean is_chosen)
{
  g_autoptr(GArray) keys = tvm_row_list_dup_keys (self->rows);

  if (position < keys->len)
    tvm_list_choice_set (self->choice, &g_array_index (keys, gint64, position),
                         MIN (n_items, keys->len - position), is_chosen);
}

static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  TvmListSelection *self = TVM_LIST_SELECTION (model);

  start_choosing (self);
  if (unselect_rest && !tvm_list_choice_stays (self->choice))
    tvm_list_choice_clear (self->choice);
  set_range (self, position, n_items, TRUE);
  return TRUE;
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  TvmListSelection *self = TVM_LIST_SELECTION (model);

  set_range (self, position, n_items, FALSE);
  end_where_none (self);
  return TRUE;
}

/* All of the list, not only those that the views have by now. */
static gboolean
select_all (GtkSelectionModel *model)
{
  start_choosing (TVM_LIST_SELECTION (model));
  set_range (TVM_LIST_SELECTION (model), 0, G_MAXUINT, TRUE);
  return TRUE;
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  TvmListSelection *self = TVM_LIST_SELECTION (model);

  tvm_list_choice_clear (self->choice);
  end_where_none (self);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
  iface->select_range = select_range;
  iface->unselect_range = unselect_range;
  iface->select_all = select_all;
  iface->unselect_all = unselect_all;
}

/* ---- object */

static void
tvm_list_selection_dispose (GObject *object)
{
  TvmListSelection *self = TVM_LIST_SELECTION (object);

  g_clear_object (&self->shown);
  g_clear_object (&self->rows);
  g_clear_object (&self->choice);
  G_OBJECT_CLASS (tvm_list_selection_parent_class)->dispose (object);
}

static void
tvm_list_selection_class_init (TvmListSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_list_selection_dispose;
  signals[OPENED] = g_signal_new ("opened", TVM_TYPE_LIST_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
tvm_list_selection_init (TvmListSelection *self)
{
}

/**
 * tvm_list_selection_new:
 * @shown: the rows that the views have, each at its position in @rows
 * @rows: all rows
 * @choice: of several of them
 *
 * Returns: (transfer full): a selection without a row
 */
TvmListSelection *
tvm_list_selection_new (GListModel *shown, TvmRowList *rows, TvmListChoice *choice)
{
  TvmListSelection *self = g_object_new (TVM_TYPE_LIST_SELECTION, NULL);

  self->shown = g_object_ref (shown);
  self->rows = g_object_ref (rows);
  self->choice = g_object_ref (choice);
  g_signal_connect_object (shown, "items-changed", G_CALLBACK (g_list_model_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (choice, "changed", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * tvm_list_selection_set_open:
 * @self: a selection
 * @key: of the row that is open, 0: none is; it is selected while no rows are chosen
 *
 * Also for when the rows were listed anew.
 */
void
tvm_list_selection_set_open (TvmListSelection *self, gint64 key)
{
  g_return_if_fail (TVM_IS_LIST_SELECTION (self));

  self->open_key = key;
  tell (self);
}

/**
 * tvm_list_selection_get_rows:
 * @self: a selection
 *
 * Returns: (transfer none): all rows, of which the views have those that are shown
 */
TvmRowList *
tvm_list_selection_get_rows (TvmListSelection *self)
{
  g_return_val_if_fail (TVM_IS_LIST_SELECTION (self), NULL);

  return self->rows;
}
