/* tvm-names-run.c: writes an activity's devices for Configuration Manager: save dialog, and what
 * became of the devices. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-names-run.h"
#include "tvm-row-list.h"
#include "tvm-time.h"
#include <glib/gi18n-lib.h>

#define EXPOSED_ONLY "exposed-only"

typedef struct
{
  TvmUi                *ui;
  char                 *activity_id;  /* (owned) */
  GtkFileChooserNative *chooser;      /* (owned) */
  TvmNamesFormat        format;
} NamesRun;

static void
names_run_free (NamesRun *run)
{
  g_free (run->activity_id);
  g_object_unref (run->chooser);
  g_free (run);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  NamesRun *run = user_data;
  TvmNamesResult names;
  g_autoptr(GError) error = NULL;

  if (tvm_export_names_finish (TVM_STORE (object), result, &names, &error))
    {
      g_autofree char *text = tvm_names_result_text (&names);

      tvm_ui_toast (run->ui, text);
    }
  else
    tvm_ui_show_error (run->ui, _("The devices could not be exported"), error);
  names_run_free (run);
}

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, NamesRun *run)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (chooser)
                                                          : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  gboolean all = g_strcmp0 (gtk_file_chooser_get_choice (chooser, EXPOSED_ONLY), "false") == 0;

  if (path != NULL)
    {
      tvm_export_names_async (run->ui->store, run->activity_id, all, run->format, path, NULL,
                              exported_cb, run);
      return;
    }
  if (file != NULL)
    tvm_ui_toast (run->ui, _("Choose a folder on this computer"));
  names_run_free (run);
}

/**
 * tvm_names_run:
 * @ui: the window's context
 * @parent: a widget of the window that the dialog belongs to
 * @activity: whose devices are written
 * @format: how
 *
 * Asks where to, and whether remediated devices are wanted too, exports and tells how it went.
 */
void
tvm_names_run (TvmUi *ui, GtkWidget *parent, const TvmActivity *activity, TvmNamesFormat format)
{
  NamesRun *run = g_new0 (NamesRun, 1);
  GtkRoot *root = gtk_widget_get_root (parent);
  g_autofree char *today = tvm_today ();
  g_autofree char *name = g_strdup_printf (format == TVM_NAMES_SCRIPT ? "collection-%s.ps1"
                                                                      : "devices-%s.txt", today);

  run->ui = ui;
  run->activity_id = g_strdup (activity->id);
  run->format = format;
  run->chooser = gtk_file_chooser_native_new (
    format == TVM_NAMES_SCRIPT ? _("Collection script for Configuration Manager")
                               : _("Device names for Configuration Manager"),
    GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"),
    NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (run->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (run->chooser), name);
  gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (run->chooser), EXPOSED_ONLY,
                               _("Only devices not remediated"), NULL, NULL);
  gtk_file_chooser_set_choice (GTK_FILE_CHOOSER (run->chooser), EXPOSED_ONLY, "true");
  g_signal_connect (run->chooser, "response", G_CALLBACK (chooser_response_cb), run);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (run->chooser));
}
