/* tvm-sign-in-dialog.c: sign-in with the browser on this computer, or by a code on another device;
 * and how it went. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sign-in-dialog.h"

#include "tvm-button-row.h"
#include "tvm-error.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

struct _TvmSignInDialog
{
  AdwWindow      parent_instance;
  TvmUi         *ui;             /* (unowned) shared */
  GCancellable  *cancellable;    /* (owned) of the way that is tried */
  char          *uri;            /* (owned) (nullable): the page to sign in on */
  char          *problem;        /* (owned) (nullable): why the last try did not work */
  gboolean       intune_write, with_code, is_finished;
  AdwStatusPage *page;
  GtkWidget *code, *buttons, *open_button, *copy_button, *retry_button, *settings_button,
    *other_button;
  GtkWidget     *spinner;
};

typedef enum { FINISHED, N_SIGNALS } TvmSignInDialogSignal;

G_DEFINE_FINAL_TYPE (TvmSignInDialog, tvm_sign_in_dialog, ADW_TYPE_WINDOW)

static guint signals[N_SIGNALS];

/* ---- what shows ---------------------------------------------------------------------------- */

static void
show_text (TvmSignInDialog *self,
           const char      *title,
           const char      *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->page, title);
  adw_status_page_set_description (self->page, escaped);
}

/* Waiting, perhaps already for the person (there is a page to open), or stopped. */
static void
show_controls (TvmSignInDialog *self,
               gboolean         is_waiting,
               gboolean         has_page)
{
  gtk_widget_set_visible (self->code, has_page && self->with_code);
  gtk_widget_set_visible (self->open_button, has_page);
  gtk_widget_set_visible (self->copy_button, has_page);
  gtk_widget_set_visible (self->spinner, is_waiting);
  gtk_widget_set_visible (self->retry_button, !is_waiting);
  gtk_widget_set_visible (self->settings_button, !is_waiting);
  gtk_button_set_label (GTK_BUTTON (self->copy_button),
                        self->with_code ? _("_Copy code") : _("_Copy link"));
  gtk_button_set_label (GTK_BUTTON (self->open_button),
                        self->with_code ? _("_Open page") : _("_Open browser again"));
  gtk_button_set_label (GTK_BUTTON (self->other_button),
                        self->with_code ? _("Use the _browser on this computer")
                                        : _("_Use a code on another device"));
}

static void
finish (TvmSignInDialog *self,
        const char      *problem)
{
  if (self->is_finished)
    return;
  self->is_finished = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[FINISHED], 0, problem);
}

/* A refused setting is corrected in Preferences, whatever the command line calls it. */
static void
show_problem (TvmSignInDialog *self,
              const GError    *error)
{
  gboolean is_setting = g_error_matches (error, TVM_ERROR, TVM_ERROR_INVALID);

  g_free (self->problem);
  self->problem = g_strdup (
    is_setting ? _("The cloud, the tenant or the application (client) id is not right. "
                    "Correct it under Account in the preferences, then sign in again.")
               : error->message);
  show_text (self, _("Sign-in did not work"), self->problem);
  show_controls (self, FALSE, FALSE);
}

/* ---- signing in ---------------------------------------------------------------------------- */

static gboolean
launch_browser (TvmSignInDialog *self)
{
  g_autoptr(GdkAppLaunchContext) context =
    gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (self)));

  return g_app_info_launch_default_for_uri (self->uri, G_APP_LAUNCH_CONTEXT (context), NULL);
}

/* Also without a browser it goes on: the link can be opened by hand. */
static gboolean
page_came_cb (const char *url,
              gpointer    user_data)
{
  TvmSignInDialog *self = user_data;

  if (self->is_finished || self->with_code)
    return TRUE;
  g_free (self->uri);
  self->uri = g_strdup (url);
  if (launch_browser (self))
    show_text (self, _("Continue in your browser"),
               _("Sign in on the page that has opened there. This window goes on by itself."));
  else
    show_text (
      self, _("Open the link in a browser"),
      _("No browser could be opened. Copy the link, open it in a browser on this computer and "
         "sign in there, or use a code on another device."));
  show_controls (self, TRUE, TRUE);
  return TRUE;
}

/* The service's page is only opened where it is a web page. */
static void
code_came_cb (const char *user_code,
              const char *verification_uri,
              const char *message,
              gpointer    user_data)
{
  TvmSignInDialog *self = user_data;
  g_autofree char *text = NULL;

  if (self->is_finished || !self->with_code)
    return;
  g_free (self->uri);
  self->uri = g_strdup (verification_uri);
  gtk_label_set_label (GTK_LABEL (self->code), user_code);
  /* Translators: %s is the address of a web page. */
  text = g_strdup_printf (_("Open %s in a browser on any device and type in this code."),
                          verification_uri);
  show_text (self, _("Sign in with a code"), text);
  show_controls (self, TRUE, TRUE);
  gtk_widget_set_visible (self->open_button, g_str_has_prefix (verification_uri, "https://"));
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(TvmSignInDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  /* Given up, or for the other way. */
  if (self->is_finished || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!good)
    {
      show_problem (self, error);
      return;
    }
  tvm_ui_toast (self->ui, _("Signed in"));
  finish (self, NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
start (TvmSignInDialog *self)
{
  TvmSyncEngine *engine = self->ui->engine;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->problem, g_free);
  if (self->with_code)
    {
      show_text (self, _("Sign in with a code"), _("Asking the identity platform for a code…"));
      tvm_sync_engine_sign_in_with_device_code_async (engine, self->intune_write, code_came_cb,
                                                      self, self->cancellable, ended_cb,
                                                      g_object_ref (self));
    }
  else
    {
      show_text (self, _("Continue in your browser"), _("Opening the sign-in page…"));
      tvm_sync_engine_sign_in_with_browser_async (engine, self->intune_write, page_came_cb, self,
                                                  self->cancellable, ended_cb,
                                                  g_object_ref (self));
    }
  show_controls (self, TRUE, FALSE);
}

/* ---- before: is it known where to? --------------------------------------------------------- */

static void
show_incomplete (TvmSignInDialog *self)
{
  g_free (self->problem);
  self->problem = g_strdup (
    _("Fill in the tenant and the application (client) id under Account in the "
       "preferences first, then sign in."));
  show_text (self, _("The account is not set up yet"), self->problem);
  show_controls (self, FALSE, FALSE);
  gtk_widget_set_visible (self->retry_button, FALSE);
  gtk_widget_set_visible (self->other_button, FALSE);
  gtk_widget_add_css_class (self->settings_button, "suggested-action");
}

static void check (TvmSignInDialog *self, const char *key, GAsyncReadyCallback callback);

/* Whether the check goes on: the setting was read and is not empty. */
static gboolean
is_set (TvmSignInDialog *self,
        GObject         *object,
        GAsyncResult    *result)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *value = tvm_sync_engine_get_config_finish (TVM_SYNC_ENGINE (object), result,
                                                              &error);

  if (self->is_finished)
    return FALSE;
  if (value == NULL)
    show_problem (self, error);
  else if (*value == '\0')
    show_incomplete (self);
  return value != NULL && *value != '\0';
}

static void
client_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TvmSignInDialog) self = user_data;

  if (is_set (self, object, result))
    start (self);
}

static void
tenant_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TvmSignInDialog) self = user_data;

  if (is_set (self, object, result))
    check (self, "client-id", client_read_cb);
}

static void
check (TvmSignInDialog     *self,
       const char          *key,
       GAsyncReadyCallback  callback)
{
  tvm_sync_engine_get_config_async (self->ui->engine, key, NULL, callback, g_object_ref (self));
}

/* ---- buttons ------------------------------------------------------------------------------- */

static void
open_page_cb (TvmSignInDialog *self)
{
  launch_browser (self);
}

static void
copy_cb (TvmSignInDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          self->with_code ? gtk_label_get_label (GTK_LABEL (self->code))
                                          : self->uri);
}

static void
other_way_cb (TvmSignInDialog *self)
{
  self->with_code = !self->with_code;
  start (self);
}

/* The preferences may be what it was opened from. */
static void
settings_cb (TvmSignInDialog *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-preferences", NULL);
}

static gboolean
close_request_cb (TvmSignInDialog *self)
{
  finish (self, self->problem != NULL ? self->problem : _("The sign-in was cancelled."));
  return FALSE;
}

/* ---- overrides ----------------------------------------------------------------------------- */

static void
tvm_sign_in_dialog_dispose (GObject *object)
{
  TvmSignInDialog *self = TVM_SIGN_IN_DIALOG (object);

  self->is_finished = TRUE;
  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (tvm_sign_in_dialog_parent_class)->dispose (object);
}

static void
tvm_sign_in_dialog_finalize (GObject *object)
{
  TvmSignInDialog *self = TVM_SIGN_IN_DIALOG (object);

  g_object_unref (self->cancellable);
  g_free (self->uri);
  g_free (self->problem);
  G_OBJECT_CLASS (tvm_sign_in_dialog_parent_class)->finalize (object);
}

static void
tvm_sign_in_dialog_class_init (TvmSignInDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_sign_in_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_sign_in_dialog_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
  signals[FINISHED] = g_signal_new ("finished", TVM_TYPE_SIGN_IN_DIALOG, G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
add_buttons (TvmSignInDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *cancel;

  self->buttons = box;
  self->open_button = tvm_button_row_add (box, "", G_CALLBACK (open_page_cb), self);
  self->copy_button = tvm_button_row_add (box, "", G_CALLBACK (copy_cb), self);
  self->retry_button = tvm_button_row_add (box, _("_Try again"), G_CALLBACK (start), self);
  gtk_widget_add_css_class (self->retry_button, "suggested-action");
  self->settings_button = tvm_button_row_add (box, _("_Account settings"),
                                              G_CALLBACK (settings_cb), self);
  self->other_button = tvm_button_row_add (box, "", G_CALLBACK (other_way_cb), self);
  gtk_widget_add_css_class (self->other_button, "flat");
  cancel = tvm_button_row_add (box, _("_Cancel"), G_CALLBACK (gtk_window_close), self);
  gtk_widget_add_css_class (cancel, "flat");
}

static void
tvm_sign_in_dialog_init (TvmSignInDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new ();

  self->cancellable = g_cancellable_new ();
  gtk_window_set_title (GTK_WINDOW (self), _("Sign in"));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 360, 560);
  gtk_widget_set_size_request (GTK_WIDGET (self), 340, -1);
  self->page = ADW_STATUS_PAGE (adw_status_page_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->page), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->page), "compact");
  self->code = gtk_label_new (NULL);
  gtk_label_set_selectable (GTK_LABEL (self->code), TRUE);
  gtk_widget_add_css_class (self->code, "title-1");
  self->spinner = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  gtk_widget_set_size_request (self->spinner, 24, 24);
  tvm_toolkit_name (self->spinner, _("Waiting for the sign-in"));
  add_buttons (self);
  gtk_box_append (GTK_BOX (content), self->spinner);
  gtk_box_append (GTK_BOX (content), self->code);
  gtk_box_append (GTK_BOX (content), self->buttons);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 300);
  adw_clamp_set_child (ADW_CLAMP (clamp), content);
  adw_status_page_set_child (self->page, clamp);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->page));
  adw_window_set_content (ADW_WINDOW (self), box);
  show_controls (self, TRUE, FALSE);
  g_signal_connect (self, "close-request", G_CALLBACK (close_request_cb), NULL);
}

/**
 * tvm_sign_in_dialog_new:
 * @ui: the window's
 * @parent: the window it is opened from
 * @intune_write: whether to ask for the permission to write Intune tickets as well (R1)
 *
 * Returns: (transfer none): a dialog that has begun to sign in with the browser; closing it gives
 * up
 */
GtkWidget *
tvm_sign_in_dialog_new (TvmUi     *ui,
                        GtkWindow *parent,
                        gboolean   intune_write)
{
  TvmSignInDialog *self = g_object_new (TVM_TYPE_SIGN_IN_DIALOG, "transient-for", parent, NULL);

  self->ui = tvm_ui_share (ui, self);
  self->intune_write = intune_write;
  check (self, "tenant-id", tenant_read_cb);
  return GTK_WIDGET (self);
}
