/* tvm-sign-out-dialog.c: asks what becomes of the data, and signs out. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sign-out-dialog.h"
#include "tvm-question.h"

#include <glib/gi18n-lib.h>

/* A sign-out; the windows may be closed meanwhile. */
typedef struct
{
  TvmUi     *ui;             /* (owned) */
  GtkWindow *window;         /* (owned) the main window */
  GtkWindow *parent;         /* (owned) where it was asked for */
  gboolean   with_data;
} SignOut;

static void
sign_out_free (SignOut *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->window);
  g_object_unref (self->parent);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignOut, sign_out_free)

static void
signed_out_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(SignOut) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->window)))
    return;
  tvm_sync_engine_set_automatic (TVM_SYNC_ENGINE (object), TRUE);
  if (!good)
    {
      tvm_ui_show_error (self->ui, _("Signing out did not work"), error);
      return;
    }
  tvm_ui_toast (self->ui, self->with_data ? _("Signed out. The profile's data is deleted.")
                                          : _("Signed out. Everything synced stays readable."));
  /* Preferences show what was deleted. */
  if (self->with_data && self->parent != self->window &&
      gtk_widget_get_mapped (GTK_WIDGET (self->parent)))
    gtk_window_close (self->parent);
}

static void
response_cb (GtkWidget  *dialog,
             const char *response,
             SignOut    *asked)
{
  SignOut *self;

  if (g_str_equal (response, "cancel"))
    return;
  self = g_new0 (SignOut, 1);
  self->ui = tvm_ui_ref (asked->ui);
  self->window = g_object_ref (asked->window);
  self->parent = g_object_ref (asked->parent);
  self->with_data = g_str_equal (response, "delete");
  tvm_sync_engine_set_automatic (self->ui->engine, FALSE);
  tvm_sync_engine_sign_out_async (self->ui->engine, self->with_data, NULL, signed_out_cb, self);
}

static void
asked_free_cb (gpointer  data,
               GClosure *closure)
{
  sign_out_free (data);
}

/**
 * tvm_sign_out_dialog_show:
 * @ui: the window's
 * @parent: the window it is opened from
 *
 * Asks, and signs out: everything stays to be read, or this profile's data is deleted.
 */
void
tvm_sign_out_dialog_show (TvmUi     *ui,
                          GtkWindow *parent)
{
  GtkWidget *dialog = tvm_question_new (
    GTK_WIDGET (parent), _("Sign out?"),
    _("The sign-in is removed from this computer. What was synced can stay to be "
       "read, searched and exported. Deleting it also deletes this profile's "
       "settings and what is kept only here: requests, exceptions, their history "
       "and tickets that wait to be sent. What the services have stays there."));
  SignOut *asked = g_new0 (SignOut, 1);

  asked->ui = tvm_ui_ref (ui);
  asked->window = g_object_ref (ui->window);
  asked->parent = g_object_ref (parent);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "delete", _("Sign out and _delete data"),
                           ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_add_answer (dialog, "keep", _("Sign out, _keep data"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (dialog, "keep", "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asked, asked_free_cb, 0);
  tvm_question_present (dialog);
}
