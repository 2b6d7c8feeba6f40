/* tvm-evidence-run.c: writes an activity's evidence as one archive: save dialog, and the hash to
 * note elsewhere. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-evidence-run.h"
#include "tvm-question.h"
#include "tvm-row-list.h"
#include "tvm-time.h"
#include <glib/gi18n-lib.h>

typedef struct
{
  TvmUi                *ui;
  char                 *activity_id;  /* (owned) */
  GtkFileChooserNative *chooser;      /* (owned) */
} EvidenceRun;

static void
evidence_run_free (EvidenceRun *run)
{
  g_free (run->activity_id);
  g_object_unref (run->chooser);
  g_free (run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EvidenceRun, evidence_run_free)

static void
response_cb (GtkWidget *question, const char *response, const char *sha256)
{
  if (g_strcmp0 (response, "copy") == 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (question), sha256);
}

static void
tell (GtkWidget *parent, const TvmEvidenceResult *evidence)
{
  g_autofree char *body = NULL;
  GtkWidget *question;

  if (evidence->is_whole)
    body = g_strdup_printf (_("Note the SHA-256 hash of the archive elsewhere: then nobody can "
                              "exchange it later.\n\n%s"), evidence->sha256);
  else
    body = g_strdup_printf (_("The history is not as it was written, and the evidence says so.\n\n"
                              "%s"), evidence->sha256);
  question = tvm_question_new (parent, _("Evidence exported"), body);
  tvm_question_add_answer (question, "close", _("_Close"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (question, "copy", _("Copy _hash"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (question, "copy", "close");
  g_signal_connect_data (question, "response", G_CALLBACK (response_cb),
                         g_strdup (evidence->sha256), (GClosureNotify) (void (*) (void)) g_free, 0);
  tvm_question_present (question);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(EvidenceRun) run = user_data;
  TvmEvidenceResult evidence;
  g_autoptr(GError) error = NULL;

  if (!tvm_export_evidence_finish (TVM_STORE (object), result, &evidence, &error))
    {
      tvm_ui_show_error (run->ui, _("The evidence could not be exported"), error);
      return;
    }
  if (run->ui->window != NULL)
    tell (run->ui->window, &evidence);
  g_free (evidence.sha256);
}

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, EvidenceRun *run)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT
                            ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    {
      tvm_export_evidence_async (run->ui->store, run->activity_id, path, NULL, exported_cb, run);
      return;
    }
  if (file != NULL)
    tvm_ui_toast (run->ui, _("Choose a folder on this computer"));
  evidence_run_free (run);
}

/**
 * tvm_evidence_run:
 * @ui: the window's context
 * @parent: a widget of the window that the dialog belongs to
 * @activity: whose evidence is written
 *
 * Asks where to, exports and tells the archive's hash.
 */
void
tvm_evidence_run (TvmUi *ui, GtkWidget *parent, const TvmActivity *activity)
{
  EvidenceRun *run = g_new0 (EvidenceRun, 1);
  GtkRoot *root = gtk_widget_get_root (parent);
  g_autofree char *today = tvm_today ();
  g_autofree char *name = g_strdup_printf ("evidence-%s.zip", today);

  run->ui = ui;
  run->activity_id = g_strdup (activity->id);
  run->chooser = gtk_file_chooser_native_new (_("Export evidence"),
                                              GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (run->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (run->chooser), name);
  g_signal_connect (run->chooser, "response", G_CALLBACK (chooser_response_cb), run);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (run->chooser));
}
