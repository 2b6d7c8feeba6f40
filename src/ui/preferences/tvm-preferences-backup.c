/* tvm-preferences-backup.c: the profile's backups: which there are, making one, restoring one. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-private.h"

#include "tvm-backups.h"
#include "tvm-list-cells.h"
#include "tvm-question.h"
#include "tvm-restore.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *
reason_to_text (const char *reason)
{
  static const struct { const char *reason, *text; } texts[] = {
    { "daily", N_("Daily") },
    { "by-hand", N_("Made by hand") },
    { "before-migration", N_("Before the data were changed for a newer version") },
    { "before-restore", N_("Before a backup was restored") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (reason, texts[i].reason) == 0)
      return _(texts[i].text);
  return reason;
}

/* Of this window, which may be closed before the answer. */
static gboolean
is_dropped (TvmPreferencesWindow *self,
            const GError         *error)
{
  return self->is_closed || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- restoring ----------------------------------------------------------------------------- */

static void
decisions_loaded_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GtkWidget) row = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TvmDecisions *lost = tvm_load_finish (TVM_STORE (object), result, &error);
  TvmPreferencesWindow *self = g_object_get_data (G_OBJECT (row), "tvm-window");

  if (is_dropped (self, error))
    return;
  if (lost == NULL)
    tvm_question_tell (GTK_WIDGET (self), _("The backup cannot be restored"), error->message);
  else
    tvm_restore_ask (GTK_WIDGET (self),
                     GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                     self->ui, g_object_get_data (G_OBJECT (row), "tvm-backup"), lost);
}

static void
restore_cb (GtkWidget *row)
{
  TvmPreferencesWindow *self = g_object_get_data (G_OBJECT (row), "tvm-window");
  const TvmBackup *backup = g_object_get_data (G_OBJECT (row), "tvm-backup");

  tvm_decisions_load_async (self->ui->store, backup->when_us, self->cancellable,
                            decisions_loaded_cb, g_object_ref (row));
}

/* ---- the list ------------------------------------------------------------------------------ */

static GtkWidget *
make_row (TvmPreferencesWindow *self,
          GPtrArray            *backups,
          guint                 i)
{
  TvmBackup *backup = backups->pdata[i];
  AdwActionRow *row;
  GtkWidget *button;
  g_autofree char *when = tvm_make_instant (backup->when_us);
  g_autofree char *size = g_format_size ((guint64) backup->bytes);
  g_autofree char *text = g_strconcat (reason_to_text (backup->reason), " · ", size, NULL);
  /* Translators: %s is a date and time. */
  g_autofree char *name = g_strdup_printf (_("Restore the backup of %s"), when);

  row = tvm_plain_row_new (when, text);
  g_object_set_data (G_OBJECT (row), "tvm-window", self);
  /* The row keeps the list that the backup is of. */
  g_object_set_data (G_OBJECT (row), "tvm-backup", backup);
  g_object_set_data_full (G_OBJECT (row), "tvm-backups", g_ptr_array_ref (backups),
                          (GDestroyNotify) g_ptr_array_unref);
  button = tvm_preferences_add_button (row, _("Restore…"), G_CALLBACK (restore_cb), row);
  tvm_toolkit_name (button, name);
  /* The demo's data are thrown away with its window. */
  gtk_widget_set_visible (button, !self->ui->is_demo);
  return GTK_WIDGET (row);
}

static void
show_backups (TvmPreferencesWindow *self,
              GPtrArray            *backups)
{
  for (guint i = 0; i < self->backup_rows->len; i++)
    adw_preferences_group_remove (self->backup_group, self->backup_rows->pdata[i]);
  g_ptr_array_set_size (self->backup_rows, 0);
  for (guint i = 0; i < backups->len; i++)
    g_ptr_array_add (self->backup_rows, make_row (self, backups, i));
  if (backups->len == 0)
    g_ptr_array_add (self->backup_rows,
                     tvm_plain_row_new (_("There is no backup yet"),
                                        _("A synchronization makes one each day")));
  for (guint i = 0; i < self->backup_rows->len; i++)
    adw_preferences_group_add (self->backup_group, self->backup_rows->pdata[i]);
}

static void
backups_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(TvmPreferencesWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) backups = tvm_load_finish (TVM_STORE (object), result, &error);

  if (is_dropped (self, error))
    return;
  if (backups != NULL)
    show_backups (self, backups);
  else
    tvm_question_tell (GTK_WIDGET (self), _("The backups cannot be listed"), error->message);
}

static void
load_backups (TvmPreferencesWindow *self)
{
  tvm_load_async (self->ui->store, &tvm_load_backups, NULL, self->cancellable, backups_loaded_cb,
                  g_object_ref (self));
}

/* ---- making one ---------------------------------------------------------------------------- */

static void
set_busy (TvmPreferencesWindow *self,
          gboolean              is_busy)
{
  gtk_widget_set_visible (self->backup_spinner, is_busy);
  gtk_widget_set_sensitive (self->backup_button, !is_busy);
}

static void
backup_made_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TvmPreferencesWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = tvm_load_finish (TVM_STORE (object), result, &error);

  if (is_dropped (self, error))
    return;
  set_busy (self, FALSE);
  if (name == NULL)
    tvm_question_tell (GTK_WIDGET (self), _("The backup was not made"), error->message);
  load_backups (self);
}

static void
back_up_cb (TvmPreferencesWindow *self)
{
  set_busy (self, TRUE);
  tvm_load_async (self->ui->store, &tvm_load_new_backup, NULL, self->cancellable, backup_made_cb,
                  g_object_ref (self));
}

/**
 * tvm_preferences_add_backup:
 * @self: the window, which has no such page yet
 *
 * Adds the page of the profile's backups.
 */
void
tvm_preferences_add_backup (TvmPreferencesWindow *self)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (page), "backup");
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _("Backup"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (page), "document-save-symbolic");
  self->backup_group = tvm_preferences_create_group (
    ADW_PREFERENCES_PAGE (page), _("Backups"),
    _("The last seven stay, and the newest of each of the last twelve months."));
  self->backup_spinner = tvm_preferences_create_spinner ();
  self->backup_button = gtk_button_new_with_mnemonic (_("_Back up now"));
  gtk_widget_set_valign (self->backup_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->backup_button, "flat");
  g_signal_connect_swapped (self->backup_button, "clicked", G_CALLBACK (back_up_cb), self);
  gtk_box_append (GTK_BOX (box), self->backup_spinner);
  gtk_box_append (GTK_BOX (box), self->backup_button);
  adw_preferences_group_set_header_suffix (self->backup_group, box);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (page));
  self->backup_rows = g_ptr_array_new ();
  load_backups (self);
}
