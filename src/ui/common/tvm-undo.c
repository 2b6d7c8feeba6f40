/* tvm-undo.c: a toast that says what was decided, and takes it back. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-undo.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  TvmUi   *ui;  /* (owned) */
  char    *id;  /* (owned) */
  TvmUndo  undo;
} Undoing;

static void
undoing_free (gpointer data)
{
  Undoing *self = data;

  tvm_ui_unref (self->ui);
  g_free (self->id);
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Undoing *self = user_data;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    tvm_ui_toast (self->ui, self->undo.done);
  else
    tvm_ui_show_error (self->ui, self->undo.failed, error);
  g_rc_box_release_full (self, undoing_free);
}

static void
undo_clicked_cb (AdwToast *toast, Undoing *self)
{
  self->undo.undo (self->ui->engine, self->id, NULL, undone_cb, g_rc_box_acquire (self));
}

static void
closure_gone_cb (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, undoing_free);
}

/**
 * tvm_undo_offer:
 * @ui: the page's
 * @toast: (transfer full): what was decided, without a button
 * @id: what it was about
 * @undo: how to take it back, and what to say then
 *
 * Shows the toast with a button that undoes it.
 */
void
tvm_undo_offer (TvmUi *ui, AdwToast *toast, const char *id, const TvmUndo *undo)
{
  Undoing *self = g_rc_box_new0 (Undoing);

  self->ui = tvm_ui_ref (ui);
  self->id = g_strdup (id);
  self->undo = *undo;
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self,
                         closure_gone_cb, 0);
  tvm_undo_add_toast (ui, toast);
}

static void
dismissed_cb (AdwToast *toast, TvmUi *ui)
{
  if (ui->undo_toast == toast)
    g_clear_weak_pointer (&ui->undo_toast);
}

static void
ui_gone_cb (gpointer data, GClosure *closure)
{
  tvm_ui_unref (data);
}

/**
 * tvm_undo_add_toast:
 * @ui: the page's
 * @toast: (transfer full): what was decided, whose "button-clicked" undoes it
 *
 * Shows the toast with the button, which a key presses too, since no Tab reaches it in its seconds.
 */
void
tvm_undo_add_toast (TvmUi *ui, AdwToast *toast)
{
  adw_toast_set_button_label (toast, _("_Undo"));
  g_set_weak_pointer (&ui->undo_toast, toast);
  g_signal_connect_data (toast, "dismissed", G_CALLBACK (dismissed_cb), tvm_ui_ref (ui),
                         ui_gone_cb, 0);
  tvm_ui_add_toast (ui, toast);
}

/**
 * tvm_undo_last:
 * @ui: a window's
 *
 * Undoes what the last toast of that kind offers, as long as it shows or waits to.
 */
void
tvm_undo_last (TvmUi *ui)
{
  AdwToast *toast = ui->undo_toast;

  if (toast == NULL)
    return;
  g_clear_weak_pointer (&ui->undo_toast);
  g_object_ref (toast);
  g_signal_emit_by_name (toast, "button-clicked");
  adw_toast_dismiss (toast);
  g_object_unref (toast);
}
