/* tvm-request-scope.c: which exposed devices a configuration change is requested for: all, or only
 * those whose users do not notice it. Which these are is asked for once somebody chooses so. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-request-scope.h"
#include "tvm-list-flyout.h"
#include "tvm-text.h"
#include <glib/gi18n-lib.h>

#define LIMITED 1  /* the place of that choice */

struct _TvmRequestScope
{
  AdwComboRow   parent_instance;
  TvmUi        *ui;           /* (unowned) (nullable): until it starts */
  GPtrArray    *items;        /* (owned) (nullable): of TvmRequestItem */
  GCancellable *cancellable;  /* (owned) (nullable): it is being asked */
  AdwActionRow *note;         /* (unowned) (nullable): the row below, for words */
  GtkSpinner   *spinner;      /* of that row */
  char         *error;        /* (owned) (nullable): why it is not known */
  gboolean      is_known;
};

typedef enum { CHANGED, N_SIGNALS } TvmRequestScopeSignal;
G_DEFINE_FINAL_TYPE (TvmRequestScope, tvm_request_scope, ADW_TYPE_COMBO_ROW)
static guint signals[N_SIGNALS];

/* @error: (nullable): why it is not known */
static void
end_asking (TvmRequestScope *self, const GError *error)
{
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  tvm_set_str (&self->error, error != NULL ? error->message : NULL);
  self->is_known = error == NULL;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestScope) self = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *items = tvm_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (items != NULL)
    tvm_request_items_renew (self->items, items);
  end_asking (self, error);
}

static void
fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmRequestScope) self = user_data;
  g_auto(GStrv) ids = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_good =
    tvm_sync_engine_fetch_user_impact_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!is_good)
    {
      end_asking (self, error);
      return;
    }
  ids = tvm_request_items_dup_ids (self->items);
  tvm_request_items_load_async (self->ui->store, (const char *const *) ids, self->cancellable,
                                loaded_cb, g_object_ref (self));
}

static void
stop_asking (TvmRequestScope *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
}

/* Choosing it again asks again where it could not be known. */
static void
selected_cb (TvmRequestScope *self)
{
  if (self->items == NULL)
    return;
  stop_asking (self);
  if (adw_combo_row_get_selected (ADW_COMBO_ROW (self)) == LIMITED && !self->is_known)
    {
      self->cancellable = g_cancellable_new ();
      gtk_spinner_start (self->spinner);
      tvm_sync_engine_fetch_user_impact_async (self->ui->engine, self->cancellable, fetched_cb,
                                               g_object_ref (self));
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- object */

static void
tvm_request_scope_dispose (GObject *object)
{
  TvmRequestScope *self = TVM_REQUEST_SCOPE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_request_scope_parent_class)->dispose (object);
}

static void
tvm_request_scope_finalize (GObject *object)
{
  TvmRequestScope *self = TVM_REQUEST_SCOPE (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self->error);
  G_OBJECT_CLASS (tvm_request_scope_parent_class)->finalize (object);
}

static void
tvm_request_scope_class_init (TvmRequestScopeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_request_scope_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_request_scope_finalize;
  signals[CHANGED] = g_signal_new ("changed", TVM_TYPE_REQUEST_SCOPE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
tvm_request_scope_init (TvmRequestScope *self)
{
  const char *choices[] = { _("All exposed devices"), _("Only devices with no user impact"), NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (choices);

  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (model));
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

/**
 * tvm_request_scope_start:
 * @self: a row not started yet
 * @note: the row below it, for what is to be said of the choice
 * @ui: the window's context
 * @items: (element-type TvmRequestItem): what the form requests; renewed once it is known
 */
void
tvm_request_scope_start (TvmRequestScope *self, AdwActionRow *note, TvmUi *ui, GPtrArray *items)
{
  g_return_if_fail (TVM_IS_REQUEST_SCOPE (self) && self->items == NULL);

  self->ui = ui;
  self->note = note;
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  adw_action_row_add_suffix (note, GTK_WIDGET (self->spinner));
  self->items = g_ptr_array_ref (items);
  for (guint i = 0; i < items->len && self->error == NULL; i++)
    tvm_set_str (&self->error, ((const TvmRequestItem *) items->pdata[i])->refusal);
}

/**
 * tvm_request_scope_update:
 * @self: the row
 * @sums: what the form covers
 */
void
tvm_request_scope_update (TvmRequestScope *self, const TvmCoverage *sums)
{
  const TvmRequestItem *only = self->items->len == 1 ? self->items->pdata[0] : NULL;
  g_autofree char *doubts =
    tvm_user_impact_describe_doubts (only != NULL ? only->facts.recommendation : NULL, sums);
  gboolean is_asking = self->cancellable != NULL;
  const char *words = self->error;

  if (is_asking)
    words = _("Asking the service which devices have no user impact");
  else if (self->is_known)
    words = tvm_request_scope_is_limited (self) ? doubts : NULL;
  tvm_plain_row_set (self->note, words, NULL);
  adw_action_row_set_icon_name (self->note, is_asking || self->is_known
                                              ? "dialog-information-symbolic"
                                              : "dialog-warning-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_asking);
  gtk_widget_set_visible (GTK_WIDGET (self->note),
                          words != NULL && gtk_widget_get_visible (GTK_WIDGET (self)));
}

/**
 * tvm_request_scope_is_limited:
 * @self: the row
 *
 * Returns: whether only devices with no user impact are wanted
 */
gboolean
tvm_request_scope_is_limited (TvmRequestScope *self)
{
  g_return_val_if_fail (TVM_IS_REQUEST_SCOPE (self), FALSE);

  return gtk_widget_get_visible (GTK_WIDGET (self)) &&
         adw_combo_row_get_selected (ADW_COMBO_ROW (self)) == LIMITED;
}

/**
 * tvm_request_scope_is_ready:
 * @self: the row
 *
 * Returns: whether it is known which devices the choice means
 */
gboolean
tvm_request_scope_is_ready (TvmRequestScope *self)
{
  return !tvm_request_scope_is_limited (self) || self->is_known;
}
