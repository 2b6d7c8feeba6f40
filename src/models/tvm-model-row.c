/* tvm-model-row.c: one position of a list, with its record once that was read. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-model-row-private.h"

struct _TvmRow
{
  GObject     parent_instance;
  TvmRowList *list;      /* (unowned) (nullable): NULL once the position is gone */
  gpointer    record;    /* (owned) (nullable) */
  gint64      key;
  guint       position;
  TvmListKind kind;
};

typedef enum { CHANGED, N_SIGNALS } TvmRowSignal;
G_DEFINE_FINAL_TYPE (TvmRow, tvm_row, G_TYPE_OBJECT)
static guint signals[N_SIGNALS];

static void
tvm_row_finalize (GObject *object)
{
  TvmRow *self = TVM_ROW (object);

  if (self->list != NULL)
    tvm_row_list_forget (self->list, self->position);
  tvm_record_unref (self->kind, self->record);
  G_OBJECT_CLASS (tvm_row_parent_class)->finalize (object);
}

static void
tvm_row_class_init (TvmRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_row_finalize;
  /* TvmRow::changed: the record was read (again). */
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);
}

static void
tvm_row_init (TvmRow *self)
{
}

/**
 * tvm_row_get_record:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the record of the list's kind, %NULL while it is read
 */
gconstpointer
tvm_row_get_record (TvmRow *self)
{
  return self->record;
}

/**
 * tvm_row_get_key:
 * @self: a row
 *
 * Returns: the store's key of what stands at this position
 */
gint64
tvm_row_get_key (TvmRow *self)
{
  return self->key;
}

/**
 * tvm_row_new:
 * @list: (transfer none): the list, which is told when the row goes, until tvm_row_detach()
 * @kind: what its records are
 * @position: in the list
 * @key: the store's key of what stands there
 *
 * Returns: (transfer full): a row without a record yet
 */
TvmRow *
tvm_row_new (TvmRowList  *list,
             TvmListKind  kind,
             guint        position,
             gint64       key)
{
  TvmRow *self = g_object_new (TVM_TYPE_ROW, NULL);

  self->list = list;
  self->kind = kind;
  self->position = position;
  self->key = key;
  return self;
}

/**
 * tvm_row_fill:
 * @self: a row
 * @key: the store's key of the record
 * @record: (transfer full): what was read, a record of the list's kind
 *
 * Takes over what was read for the row, in place of what it had, and emits ::changed.
 */
void
tvm_row_fill (TvmRow   *self,
              gint64    key,
              gpointer  record)
{
  tvm_record_unref (self->kind, self->record);
  self->record = record;
  self->key = key;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tvm_row_detach:
 * @self: a row
 *
 * The list no longer has the row's position; somebody may still hold the row, which keeps its
 * record.
 */
void
tvm_row_detach (TvmRow *self)
{
  self->list = NULL;
}

/**
 * tvm_list_kind_changes:
 * @kind: a kind of list
 *
 * Returns: the changes of a store, ored #TvmStoreChange, that concern it; anything else leaves it
 *   alone
 */
guint
tvm_list_kind_changes (TvmListKind kind)
{
  if (kind == TVM_LIST_RECOMMENDATIONS)
    return TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_ACTIVITIES;
  if (kind == TVM_LIST_ACTIVITIES)
    return TVM_CHANGED_ACTIVITIES | TVM_CHANGED_SETTINGS;
  if (kind == TVM_LIST_WEAKNESSES)
    return TVM_CHANGED_WEAKNESSES | TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_ACTIVITIES |
           TVM_CHANGED_EXCEPTIONS;
  if (kind == TVM_LIST_EXCEPTIONS)
    return TVM_CHANGED_EXCEPTIONS | TVM_CHANGED_RECOMMENDATIONS;
  return TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES | TVM_CHANGED_RECOMMENDATIONS;
}
