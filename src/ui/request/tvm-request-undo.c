/* tvm-request-undo.c: takes several requests back, one after the other. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-undo.h"
#include "tvm-bulk.h"
#include "tvm-list-cells.h"
#include "tvm-undo.h"
#include <glib/gi18n-lib.h>

typedef struct
{
  TvmUi     *ui;     /* (owned) */
  GPtrArray *ids;    /* (owned) of the activities that are left to undo */
  GError    *error;  /* (owned) (nullable): the first one */
} Undoing;

static void undo_next (Undoing *self);

static void
undoing_free (gpointer data)
{
  Undoing *self = data;

  tvm_ui_unref (self->ui);
  g_ptr_array_unref (self->ids);
  g_clear_error (&self->error);
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Undoing *self = user_data;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result,
                          self->error == NULL ? &self->error : NULL);
  g_ptr_array_set_size (self->ids, (int) self->ids->len - 1);
  undo_next (self);
}

/* Those whose tickets were sent meanwhile stay, and the others are undone all the same. */
static void
undo_next (Undoing *self)
{
  if (self->ids->len > 0)
    {
      tvm_sync_engine_undo_request_async (self->ui->engine,
                                          self->ids->pdata[self->ids->len - 1], NULL, undone_cb,
                                          self);
      return;
    }
  if (self->error == NULL)
    tvm_ui_toast (self->ui, _("The requests are undone"));
  else
    tvm_ui_show_error (self->ui, _("Not all requests could be undone"), self->error);
  g_rc_box_release_full (self, undoing_free);
}

static void
undo_clicked_cb (AdwToast *toast, Undoing *self)
{
  undo_next (g_rc_box_acquire (self));
}

static void
closure_gone_cb (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, undoing_free);
}

/**
 * tvm_request_undo_offer:
 * @ui: the window's context
 * @results: (element-type TvmBulkResult): what became of the requests
 *
 * Shows a toast that says how many were made, with a button that undoes them all; nothing where
 * none was.
 */
void
tvm_request_undo_offer (TvmUi *ui, GPtrArray *results)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *number = NULL, *words = NULL, *escaped = NULL;
  AdwToast *toast;
  Undoing *self;

  for (guint i = 0; i < results->len; i++)
    {
      const TvmBulkResult *result = results->pdata[i];

      if (result->outcome == TVM_BULK_DONE && result->activity_id != NULL)
        g_ptr_array_add (ids, g_strdup (result->activity_id));
    }
  if (ids->len == 0 || ui->window == NULL)
    return;
  number = tvm_make_number (ids->len);
  words = g_strdup_printf (ngettext ("%s remediation requested", "%s remediations requested",
                                     ids->len), number);
  self = g_rc_box_new0 (Undoing);
  self->ui = tvm_ui_ref (ui);
  self->ids = g_steal_pointer (&ids);
  escaped = g_markup_escape_text (words, -1);
  toast = adw_toast_new (escaped);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self,
                         closure_gone_cb, 0);
  tvm_undo_add_toast (ui, toast);
}
