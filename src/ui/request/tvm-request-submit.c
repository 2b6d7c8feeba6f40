/* tvm-request-submit.c: submits what a form requests; a toast tells of one and can undo it, a sheet
 * tells of several, and a toast after it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-submit.h"
#include "tvm-request-undo.h"
#include "tvm-result-sheet.h"
#include "tvm-undo.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  TvmUi               *ui;    /* (owned) */
  GObject             *form;  /* (owned) */
  TvmRequestSubmitted  submitted;
} Submitting;

static void
submitting_free (Submitting *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->form);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Submitting, submitting_free)

static void
show_clicked_cb (AdwToast *toast, GtkWidget *button)
{
  TvmUi *ui = g_object_get_data (G_OBJECT (button), "tvm-ui");
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), "tvm-id"));
  g_autoptr(AdwToast) kept = g_object_ref (toast);  /* as is the button by it */

  tvm_ui_open_activity (ui, id);
  adw_toast_dismiss (kept);
}

/* A toast has one button: undoing. The other one stands in its text. */
static AdwToast *
create_toast (TvmUi *ui, const char *activity_id)
{
  AdwToast *toast = adw_toast_new (_("Remediation requested"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (_("Remediation requested"));
  GtkWidget *show = gtk_button_new_with_label (_("Show activity"));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (show, "toast-link");
  gtk_widget_set_halign (show, GTK_ALIGN_START);
  tvm_ui_share (ui, show);
  g_object_set_data_full (G_OBJECT (show), "tvm-id", g_strdup (activity_id), g_free);
  g_signal_connect_object (show, "clicked", G_CALLBACK (show_clicked_cb), toast,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), show);
  adw_toast_set_custom_title (toast, box);
  return toast;
}

static void
submitted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Submitting) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity =
    tvm_sync_engine_request_finish (TVM_SYNC_ENGINE (object), result, &error);
  const TvmUndo undo = { tvm_sync_engine_undo_request_async, _("The request is undone"),
                         _("The request could not be undone") };

  if (activity != NULL)
    tvm_undo_offer (self->ui, create_toast (self->ui, activity->id), activity->id, &undo);
  self->submitted (self->form, error);
}

typedef struct
{
  TvmUi     *ui;       /* (owned) */
  GPtrArray *results;  /* (owned) */
} Told;

static void
told_free (gpointer data, GClosure *closure)
{
  Told *self = data;

  tvm_ui_unref (self->ui);
  g_ptr_array_unref (self->results);
  g_free (self);
}

/* The toast is below the sheet, which takes all clicks. */
static void
sheet_closed_cb (GtkWidget *sheet, Told *self)
{
  tvm_request_undo_offer (self->ui, self->results);
}

static void
tell_of_several (TvmUi *ui, GPtrArray *results)
{
  GtkWidget *sheet = tvm_result_sheet_present (ui, _("Request remediation"), results);
  Told *told;

  if (sheet == NULL)
    return;
  told = g_new0 (Told, 1);
  told->ui = tvm_ui_ref (ui);
  told->results = g_ptr_array_ref (results);
  g_signal_connect_data (sheet, "destroy", G_CALLBACK (sheet_closed_cb), told, told_free, 0);
}

static void
several_submitted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Submitting) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results =
    tvm_sync_engine_bulk_finish (TVM_SYNC_ENGINE (object), result, &error);

  self->submitted (self->form, error);
  if (results != NULL)
    tell_of_several (self->ui, results);
}

/**
 * tvm_request_submit:
 * @ui: the form's
 * @items: (element-type TvmRequestItem): what the form requests, as it was planned
 * @request: the form; what the person saw of one is filled in
 * @cancellable: stops the rest of several
 * @submitted: told when it is done
 * @form: for @submitted
 */
void
tvm_request_submit (TvmUi               *ui,
                    GPtrArray           *items,
                    TvmRequest          *request,
                    GCancellable        *cancellable,
                    TvmRequestSubmitted  submitted,
                    GObject             *form)
{
  g_autofree TvmShown *shown = tvm_request_items_dup_shown (items);
  g_auto(GStrv) ids = tvm_request_items_dup_ids (items);
  TvmBulk bulk = { .kind = TVM_BULK_REQUEST, .request = request, .shown = shown,
                   .ids = (const char *const *) ids };
  Submitting *self = g_new0 (Submitting, 1);

  self->ui = tvm_ui_ref (ui);
  self->form = g_object_ref (form);
  self->submitted = submitted;
  request->shown = shown[0];
  if (items->len > 1)
    tvm_sync_engine_bulk_async (ui->engine, &bulk, cancellable, several_submitted_cb, self);
  else
    tvm_sync_engine_request_async (ui->engine, request, NULL, submitted_cb, self);
}
