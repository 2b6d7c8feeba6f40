/* tvm-record-flyout.c: the base of the flyouts that show one record of the store. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-record-flyout.h"
#include "tvm-text.h"
#include "tvm-weakness-row.h"

#include <glib/gi18n-lib.h>

typedef enum { LOADED, N_SIGNALS } TvmRecordFlyoutSignal;
G_DEFINE_ABSTRACT_TYPE (TvmRecordFlyout, tvm_record_flyout, ADW_TYPE_BIN)
static guint signals[N_SIGNALS];

static void
drop_fetch (TvmRecordFlyout *self)
{
  g_cancellable_cancel (self->fetch_cancellable);
  g_clear_object (&self->fetch_cancellable);
  g_clear_pointer (&self->fetch_error, g_free);
  self->is_fetching = FALSE;
  self->was_fetched = FALSE;
}

static void
tvm_record_flyout_dispose (GObject *object)
{
  TvmRecordFlyout *self = TVM_RECORD_FLYOUT (object);

  drop_fetch (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_record_flyout_parent_class)->dispose (object);
}

static const TvmRecordFlyoutClass *
get_class (TvmRecordFlyout *self)
{
  return (const TvmRecordFlyoutClass *) G_OBJECT_GET_CLASS (self);
}

static void
tvm_record_flyout_finalize (GObject *object)
{
  TvmRecordFlyout *self = TVM_RECORD_FLYOUT (object);

  g_clear_pointer (&self->details, get_class (self)->what->free_answer);
  g_free (self->id);
  G_OBJECT_CLASS (tvm_record_flyout_parent_class)->finalize (object);
}

static void
tvm_record_flyout_class_init (TvmRecordFlyoutClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_record_flyout_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_record_flyout_finalize;
  tvm_weakness_row_install (GTK_WIDGET_CLASS (klass));
  signals[LOADED] = g_signal_new ("loaded", TVM_TYPE_RECORD_FLYOUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tvm_record_flyout_init (TvmRecordFlyout *self)
{
  self->flyout = tvm_list_flyout_new ();
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->flyout));
}

/**
 * tvm_record_flyout_set_up:
 * @self: a new flyout
 * @ui: the window's context
 * @changes: what it shows, #TvmStoreChange: it is loaded again when one of these changed
 */
void
tvm_record_flyout_set_up (TvmRecordFlyout *self, TvmUi *ui, guint changes)
{
  g_return_if_fail (TVM_IS_RECORD_FLYOUT (self));

  self->ui = tvm_ui_share (ui, self);
  tvm_ui_follow_store (ui, GTK_WIDGET (self), changes, (TvmUiReload) tvm_record_flyout_reload);
}

/**
 * tvm_record_flyout_show:
 * @self: the flyout
 * @id: the record's id
 *
 * Loads and shows it; then "loaded" is emitted.
 */
void
tvm_record_flyout_show (TvmRecordFlyout *self, const char *id)
{
  g_return_if_fail (TVM_IS_RECORD_FLYOUT (self));

  self->is_same = g_strcmp0 (self->id, id) == 0;
  if (!self->is_same)
    drop_fetch (self);
  tvm_set_str (&self->id, id);
  tvm_record_flyout_reload (self);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRecordFlyout) self = user_data;
  g_autoptr(GError) error = NULL;
  const TvmRecordFlyoutClass *klass = get_class (self);
  gpointer details = tvm_load_finish (TVM_STORE (object), result, &error);
  gint64 key;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->details, klass->what->free_answer);
  self->details = details;
  key = klass->loaded (self);
  if (details == NULL)
    {
      tvm_list_flyout_start (self->flyout, klass->failure != NULL ? _(klass->failure) : self->id);
      tvm_list_flyout_add_text (self->flyout, error->message);
      return;
    }
  self->is_same = TRUE;
  g_signal_emit (self, signals[LOADED], 0, key);
}

/**
 * tvm_record_flyout_reload:
 * @self: the flyout
 *
 * Loads what it shows again, if it shows something.
 */
void
tvm_record_flyout_reload (TvmRecordFlyout *self)
{
  g_return_if_fail (TVM_IS_RECORD_FLYOUT (self));

  if (self->id == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_load_async (self->ui->store, get_class (self)->what, self->id, self->cancellable, loaded_cb,
                  g_object_ref (self));
}

/**
 * tvm_record_flyout_start:
 * @self: the flyout
 * @title: (nullable): the heading
 *
 * Empties all but the actions, to be filled anew.
 */
void
tvm_record_flyout_start (TvmRecordFlyout *self, const char *title)
{
  g_return_if_fail (TVM_IS_RECORD_FLYOUT (self));

  if (self->is_same)
    tvm_list_flyout_keep_place (self->flyout);
  tvm_list_flyout_start (self->flyout, title);
}

/**
 * tvm_record_flyout_start_fetch:
 * @self: the flyout; what it shows is asked for once
 *
 * Returns: (transfer none): for the call that ends with tvm_record_flyout_fetched_cb()
 */
GCancellable *
tvm_record_flyout_start_fetch (TvmRecordFlyout *self)
{
  g_return_val_if_fail (TVM_IS_RECORD_FLYOUT (self), NULL);

  g_clear_object (&self->fetch_cancellable);
  self->was_fetched = TRUE;
  self->is_fetching = TRUE;
  self->fetch_cancellable = g_cancellable_new ();
  return self->fetch_cancellable;
}

/**
 * tvm_record_flyout_fetched_cb:
 * @object: the engine
 * @result: of the call
 * @user_data: (transfer full): the flyout
 *
 * Loads again what has been fetched.
 */
void
tvm_record_flyout_fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRecordFlyout) self = user_data;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_fetching = FALSE;
  tvm_set_str (&self->fetch_error, error != NULL ? error->message : NULL);
  tvm_record_flyout_reload (self);
}
