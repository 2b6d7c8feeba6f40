/* tvm-export-run.c: exports a list: save dialog, progress with Cancel when it takes long,
 * and the row count at the end (R9). Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-export-run.h"
#include "tvm-list-cells.h"
#include "tvm-row-list.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"
#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define PATIENCE_MS 400  /* before the progress dialog shows */

/* One export, from the save dialog to the toast. */
typedef struct {
  TvmUi *ui;                      /* (owned) */
  TvmQuery *query;
  char *note;                     /* (nullable) what the rows lack, told with their number */
  GtkWindow *window;              /* (owned) (nullable) the parent */
  GtkFileChooserNative *chooser;  /* (owned) */
  GCancellable *cancellable;
  GtkWindow *dialog;              /* (nullable) shown when it takes long */
  GtkProgressBar *bar;
  guint patience_id;
} ExportRun;

static void
export_run_free (ExportRun *run)
{
  g_clear_handle_id (&run->patience_id, g_source_remove);
  if (run->dialog != NULL)
    gtk_window_destroy (run->dialog);
  g_clear_object (&run->window);
  g_clear_object (&run->chooser);
  g_clear_object (&run->cancellable);
  tvm_query_free (run->query);
  g_free (run->note);
  tvm_ui_unref (run->ui);
  g_free (run);
}

static void
progressed_cb (gint64 n_rows, gint64 n_total, gpointer user_data)
{
  ExportRun *run = user_data;
  g_autofree char *text = NULL;

  if (run->bar == NULL || n_total <= 0)
    return;
  text = tvm_make_n_of_m (n_rows, n_total);
  gtk_progress_bar_set_fraction (run->bar, CLAMP ((double) n_rows / n_total, 0.0, 1.0));
  gtk_progress_bar_set_text (run->bar, text);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ExportRun *run = user_data;
  g_autoptr(GError) error = NULL;
  guint n_cut = 0;
  gint64 n_rows = tvm_export_finish (TVM_STORE (object), result, &n_cut, &error);

  if (n_rows >= 0)
    {
      g_autofree char *number = tvm_make_number (n_rows);
      /* Translators: %s is a number with separators */
      g_autofree char *text =
        g_strdup_printf (ngettext ("%s row exported", "%s rows exported", (gulong) n_rows), number);

      /* Translators: texts in a spreadsheet; CSV is a kind of file. */
      g_autofree char *cut = g_strdup_printf (
        ngettext ("%u text was longer than a cell holds; a CSV file has all of it",
                  "%u texts were longer than a cell holds; a CSV file has all of them", n_cut),
        n_cut);
      g_autoptr(GString) words = g_string_new (text);

      if (n_cut > 0)
        g_string_append_printf (words, ". %s", cut);
      if (run->note != NULL)
        g_string_append_printf (words, ". %s", run->note);
      tvm_ui_toast (run->ui, words->str);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tvm_ui_toast (run->ui, _("Export cancelled, no file was written"));
  else
    tvm_ui_show_error (run->ui, _("The list could not be exported"), error);
  export_run_free (run);
}

static gboolean
close_requested_cb (GtkWindow *dialog, ExportRun *run)
{
  g_cancellable_cancel (run->cancellable);
  return TRUE;  /* it closes when the export has ended */
}

static void
cancel_clicked_cb (GtkButton *button, ExportRun *run)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  g_cancellable_cancel (run->cancellable);
}

static gboolean
patience_ended_cb (gpointer user_data)
{
  ExportRun *run = user_data;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *title = gtk_label_new (_("Exporting the list"));
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  run->patience_id = 0;
  run->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_progress_bar_set_show_text (run->bar, TRUE);
  tvm_toolkit_name (GTK_WIDGET (run->bar), _("Exported rows"));
  gtk_widget_add_css_class (title, "title-3");
  gtk_widget_set_halign (cancel, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (run->bar));
  gtk_box_append (GTK_BOX (box), cancel);
  g_signal_connect (cancel, "clicked", G_CALLBACK (cancel_clicked_cb), run);

  run->dialog = g_object_new (ADW_TYPE_WINDOW, "title", _("Exporting the list"), "modal", TRUE,
                              "transient-for", run->window, "resizable", FALSE,
                              "default-width", 340, "content", box, NULL);
  g_signal_connect (run->dialog, "close-request", G_CALLBACK (close_requested_cb), run);
  gtk_window_present (run->dialog);
  return G_SOURCE_REMOVE;
}

static TvmFormat
get_format (GtkFileChooser *chooser)
{
  const char *choice = gtk_file_chooser_get_choice (chooser, "format");

  return g_strcmp0 (choice, "machine") == 0 ? TVM_FORMAT_MACHINE
         : g_strcmp0 (choice, "xlsx") == 0 ? TVM_FORMAT_XLSX : TVM_FORMAT_SPREADSHEET;
}

/* The name was suggested before the format was chosen. Nobody was asked whether a file of the new
 * one may be replaced. */
static gboolean
mend_name (char **path, TvmFormat format)
{
  g_autofree char *old = *path;

  if (format != TVM_FORMAT_XLSX || !g_str_has_suffix (old, ".csv"))
    {
      g_steal_pointer (&old);
      return FALSE;
    }
  *path = g_strdup_printf ("%.*s.xlsx", (int) (strlen (old) - strlen (".csv")), old);
  return TRUE;
}

static void
chooser_response_cb (GtkNativeDialog *chooser, int response, ExportRun *run)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  TvmFormat format;
  gboolean overwrite;

  if (response != GTK_RESPONSE_ACCEPT)
    {
      export_run_free (run);
      return;
    }
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path == NULL)
    {
      tvm_ui_toast (run->ui, _("Choose a folder on this computer"));
      export_run_free (run);
      return;
    }
  format = get_format (GTK_FILE_CHOOSER (chooser));
  overwrite = !mend_name (&path, format);
  run->patience_id = g_timeout_add (PATIENCE_MS, patience_ended_cb, run);
  tvm_export_async (run->ui->store, run->query, path, format, overwrite, progressed_cb, run,
                    run->cancellable, exported_cb, run);
}

/**
 * tvm_export_run:
 * @ui: the window's context
 * @parent: a widget of the window that the dialogs belong to
 * @query: what is exported, as filtered
 * @name: a word that the suggested file name starts with
 * @note: (nullable): what the rows lack, told with their number
 *
 * Asks where to, exports and tells how it went.
 */
void
tvm_export_run (TvmUi *ui, GtkWidget *parent, const TvmQuery *query, const char *name,
                const char *note)
{
  ExportRun *run = g_new0 (ExportRun, 1);
  GtkRoot *root = gtk_widget_get_root (parent);
  g_autofree char *today = tvm_today ();
  g_autofree char *file_name = g_strdup_printf ("%s-%s.csv", name, today);
  const char *ids[] = { "spreadsheet", "machine", "xlsx", NULL };
  const char *labels[] = {
    _("CSV for people (localized headings)"), _("CSV for programs (fixed English headings)"),
    _("Spreadsheet with sheets and types (.xlsx)"), NULL
  };

  run->ui = tvm_ui_ref (ui);
  run->query = tvm_query_copy (query);
  run->note = g_strdup (note);
  run->window = GTK_IS_WINDOW (root) ? g_object_ref (GTK_WINDOW (root)) : NULL;
  run->cancellable = g_cancellable_new ();
  run->chooser = gtk_file_chooser_native_new (_("Export the list"), run->window,
                                              GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (run->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (run->chooser), file_name);
  /* Translators: the kind of file */
  gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (run->chooser), "format", _("Format"), ids, labels);
  gtk_file_chooser_set_choice (GTK_FILE_CHOOSER (run->chooser), "format", "spreadsheet");
  g_signal_connect (run->chooser, "response", G_CALLBACK (chooser_response_cb), run);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (run->chooser));
}
