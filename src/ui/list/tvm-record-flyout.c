/* tvm-record-flyout.c: the base of the flyouts that show one record of the store. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-record-flyout.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"

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

static void
tvm_record_flyout_finalize (GObject *object)
{
  g_free (TVM_RECORD_FLYOUT (object)->id);
  G_OBJECT_CLASS (tvm_record_flyout_parent_class)->finalize (object);
}

static void
tvm_record_flyout_class_init (TvmRecordFlyoutClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_record_flyout_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_record_flyout_finalize;
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
  ((TvmRecordFlyoutClass *) G_OBJECT_GET_CLASS (self))->load (self);
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
 * tvm_record_flyout_finish:
 * @self: the flyout, filled with what was loaded
 * @key: the record's key
 */
void
tvm_record_flyout_finish (TvmRecordFlyout *self, gint64 key)
{
  g_return_if_fail (TVM_IS_RECORD_FLYOUT (self));

  self->is_same = TRUE;
  g_signal_emit (self, signals[LOADED], 0, key);
}

/**
 * tvm_record_flyout_fail:
 * @self: the flyout
 * @title: what did not work
 * @error: why the record could not be loaded
 */
void
tvm_record_flyout_fail (TvmRecordFlyout *self, const char *title, const GError *error)
{
  g_return_if_fail (TVM_IS_RECORD_FLYOUT (self));

  tvm_list_flyout_start (self->flyout, title);
  tvm_list_flyout_add_text (self->flyout, error->message);
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

/* ---- rows that several of them have */

static void
weakness_activated_cb (AdwActionRow *row, TvmRecordFlyout *self)
{
  tvm_ui_open_weakness (self->ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
add_mark (AdwActionRow *row, const char *icon_name, const char *words)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (icon, words);
  tvm_toolkit_name (icon, words);
  adw_action_row_add_suffix (row, icon);
  /* The arrow, which is there already, stays at the end. */
  gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (icon)), icon, NULL);
}

/**
 * tvm_record_flyout_add_weakness:
 * @self: the flyout
 * @weakness: a CVE
 *
 * Adds a row that leads to it, with what is known of attackers.
 */
void
tvm_record_flyout_add_weakness (TvmRecordFlyout        *self,
                                const TvmVulnerability *weakness)
{
  g_autofree char *words = NULL;
  AdwActionRow *row;

  if (weakness->cvss >= 0)
    /* Translators: severity and score: "High, CVSS 8.8" */
    words = g_strdup_printf (_("%s, CVSS %.1f"), tvm_vulnerability_severity_text (weakness),
                             weakness->cvss);
  else
    words = g_strdup (tvm_vulnerability_severity_text (weakness));
  row = tvm_list_flyout_add_link (self->flyout, weakness->id, words, weakness->id);
  g_signal_connect_object (row, "activated", G_CALLBACK (weakness_activated_cb), self, 0);
  if (weakness->name != NULL && g_strcmp0 (weakness->name, weakness->id) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (row), weakness->name);
  if (weakness->exploit_in_kit == TVM_TRUTH_YES)
    add_mark (row, "tvm-exploit-symbolic", _("Part of an exploit kit"));
  else if (weakness->public_exploit == TVM_TRUTH_YES)
    add_mark (row, "tvm-exploit-symbolic",
              weakness->exploit_verified == TVM_TRUTH_YES ? _("Public exploit, verified")
                                                          : _("Public exploit"));
  if (weakness->known_exploited == TVM_TRUTH_YES)
    add_mark (row, "tvm-known-exploited-symbolic", _("Known exploited"));
}
