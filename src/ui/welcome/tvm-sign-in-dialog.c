/* tvm-sign-in-dialog.c: sign-in by device code: the code, the page to type it in, and how it went.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sign-in-dialog.h"

#include <glib/gi18n-lib.h>

struct _TvmSignInDialog
{
  AdwWindow      parent_instance;
  TvmUi         *ui;             /* (unowned) outlives the dialog */
  GCancellable  *cancellable;    /* (owned) */
  char          *uri;            /* (owned) (nullable) */
  AdwStatusPage *page;
  GtkWidget     *code, *buttons, *open_button, *copy_button, *retry_button, *settings_button, *spinner;
};

G_DEFINE_FINAL_TYPE (TvmSignInDialog, tvm_sign_in_dialog, ADW_TYPE_WINDOW)

static void start (TvmSignInDialog *self);

static void
set_description (TvmSignInDialog *self,
                 const char      *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->page, escaped);
}

static void
show_waiting (TvmSignInDialog *self,
              gboolean         has_code)
{
  gtk_widget_set_visible (self->code, has_code);
  gtk_widget_set_visible (self->open_button, has_code);
  gtk_widget_set_visible (self->copy_button, has_code);
  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_widget_set_visible (self->retry_button, FALSE);
  gtk_widget_set_visible (self->settings_button, FALSE);
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

  g_free (self->uri);
  self->uri = g_strdup (verification_uri);
  gtk_label_set_label (GTK_LABEL (self->code), user_code);
  /* Translators: %s is the address of a web page. */
  text = g_strdup_printf (_("Open %s in a browser on any device and type in this code."),
                          verification_uri);
  set_description (self, text);
  show_waiting (self, TRUE);
  gtk_widget_set_visible (self->open_button, g_str_has_prefix (verification_uri, "https://"));
}

static void
signed_in_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TvmSignInDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_engine_sign_in_with_device_code_finish (TVM_SYNC_ENGINE (object), result, &error))
    {
      tvm_ui_toast (self->ui, _("Signed in"));
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  adw_status_page_set_title (self->page, _("Sign-in did not work"));
  set_description (self, error->message);
  show_waiting (self, FALSE);
  gtk_widget_set_visible (self->spinner, FALSE);
  gtk_widget_set_visible (self->retry_button, TRUE);
  gtk_widget_set_visible (self->settings_button, TRUE);
}

static void
start (TvmSignInDialog *self)
{
  adw_status_page_set_title (self->page, _("Sign in with a code"));
  set_description (self, _("Asking the identity platform for a code…"));
  show_waiting (self, FALSE);
  tvm_sync_engine_sign_in_with_device_code_async (self->ui->engine, FALSE, code_came_cb, self,
                                                  self->cancellable, signed_in_cb, g_object_ref (self));
}

static void
open_page_cb (TvmSignInDialog *self)
{
  gtk_show_uri (GTK_WINDOW (self), self->uri, GDK_CURRENT_TIME);
}

static void
copy_code_cb (TvmSignInDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (GTK_LABEL (self->code)));
}

static void
settings_cb (TvmSignInDialog *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-preferences", NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static GtkWidget *
add_button (TvmSignInDialog *self,
            const char      *label,
            GCallback        callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (self->buttons), button);
  return button;
}

static void
tvm_sign_in_dialog_dispose (GObject *object)
{
  TvmSignInDialog *self = TVM_SIGN_IN_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (tvm_sign_in_dialog_parent_class)->dispose (object);
}

static void
tvm_sign_in_dialog_finalize (GObject *object)
{
  TvmSignInDialog *self = TVM_SIGN_IN_DIALOG (object);

  g_object_unref (self->cancellable);
  g_free (self->uri);
  G_OBJECT_CLASS (tvm_sign_in_dialog_parent_class)->finalize (object);
}

static gboolean
close_request_cb (TvmSignInDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  return FALSE;
}

static void
tvm_sign_in_dialog_class_init (TvmSignInDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_sign_in_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_sign_in_dialog_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tvm_sign_in_dialog_init (TvmSignInDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *header = adw_header_bar_new ();

  self->cancellable = g_cancellable_new ();
  gtk_window_set_title (GTK_WINDOW (self), _("Sign in"));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 460, 440);
  gtk_widget_set_size_request (GTK_WIDGET (self), 340, -1);
  self->page = ADW_STATUS_PAGE (adw_status_page_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->page), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->page), "compact");
  self->code = gtk_label_new (NULL);
  gtk_label_set_selectable (GTK_LABEL (self->code), TRUE);
  gtk_widget_add_css_class (self->code, "title-1");
  self->spinner = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Waiting for the sign-in"), -1);
  self->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_halign (self->buttons, GTK_ALIGN_CENTER);
  self->copy_button = add_button (self, _("_Copy code"), G_CALLBACK (copy_code_cb));
  self->open_button = add_button (self, _("_Open page"), G_CALLBACK (open_page_cb));
  gtk_widget_add_css_class (self->open_button, "suggested-action");
  self->retry_button = add_button (self, _("_Try again"), G_CALLBACK (start));
  self->settings_button = add_button (self, _("_Account settings"), G_CALLBACK (settings_cb));
  gtk_box_append (GTK_BOX (content), self->code);
  gtk_box_append (GTK_BOX (content), self->buttons);
  gtk_box_append (GTK_BOX (content), self->spinner);
  adw_status_page_set_child (self->page, content);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->page));
  adw_window_set_content (ADW_WINDOW (self), box);
  g_signal_connect (self, "close-request", G_CALLBACK (close_request_cb), NULL);
}

/**
 * tvm_sign_in_dialog_new:
 * @ui: the window's
 * @parent: the window
 *
 * Returns: (transfer none): a dialog that has begun to sign in; closing it gives up
 */
GtkWidget *
tvm_sign_in_dialog_new (TvmUi     *ui,
                        GtkWindow *parent)
{
  TvmSignInDialog *self = g_object_new (TVM_TYPE_SIGN_IN_DIALOG, "transient-for", parent, NULL);

  self->ui = ui;
  start (self);
  return GTK_WIDGET (self);
}
