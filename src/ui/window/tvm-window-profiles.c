/* tvm-window-profiles.c: which profile shows and who is signed in, the other profiles to switch to,
 * new ones and the end of one. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"
#include "tvm-question.h"
#include "tvm-time.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

#define ACCOUNT_MAX_CHARS 44

/* ---- the menu ------------------------------------------------------------------------------ */

static void
list_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, tvm_profile_list (), (GDestroyNotify) g_strfreev);
}

static void
add_profile (TvmWindow  *self,
             const char *name)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (NULL, NULL);
  /* A menu takes an underscore for the mark of a mnemonic. */
  g_auto(GStrv) parts = g_strsplit (name, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);

  g_menu_item_set_label (item, label);
  g_menu_item_set_action_and_target (item, "win.profile", "s", name);
  g_menu_append_item (self->profile_section, item);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TvmWindow *self = TVM_WINDOW (object);
  g_auto(GStrv) names = g_task_propagate_pointer (G_TASK (result), NULL);

  if (names == NULL)
    return;
  g_menu_remove_all (self->profile_section);
  if (!g_strv_contains ((const char *const *) names, self->profile))
    add_profile (self, self->profile);
  for (guint i = 0; names[i] != NULL; i++)
    add_profile (self, names[i]);
}

/**
 * tvm_window_list_profiles:
 * @self: a window that has its profile
 *
 * Lists the profiles in the menu; another program may have made some. They are read on a worker,
 * and not at all for the demo.
 */
void
tvm_window_list_profiles (TvmWindow *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->is_demo)
    return;
  task = g_task_new (self, self->cancellable, listed_cb, NULL);
  g_task_run_in_thread (task, list_thread);
}

static void
profile_chosen_cb (GSimpleAction *action,
                   GVariant      *value,
                   gpointer       user_data)
{
  gtk_widget_activate_action (GTK_WIDGET (user_data), "app.switch-profile", "s",
                              g_variant_get_string (value, NULL));
}

/**
 * tvm_window_set_profile:
 * @self: a new window; this is called once
 * @profile: the name of its profile
 *
 * Says at all times which profile shows, unless it is the only one most people have ("default").
 */
void
tvm_window_set_profile (TvmWindow  *self,
                        const char *profile)
{
  g_autoptr(GSimpleAction) action =
    g_simple_action_new_stateful ("profile", G_VARIANT_TYPE_STRING, g_variant_new_string (profile));
  gboolean is_named = !self->is_demo && !g_str_equal (profile, "default");
  g_autofree char *title = NULL;

  self->profile = g_strdup (profile);
  g_signal_connect (action, "change-state", G_CALLBACK (profile_chosen_cb), self);
  g_simple_action_set_enabled (action, !self->is_demo);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-profile", !self->is_demo);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.delete-profile", FALSE);
  gtk_label_set_label (self->profile_label, is_named ? profile : "");
  if (!is_named)
    return;
  tvm_toolkit_set_subtitle (self->switcher_title, profile);
  /* Translators: a window's title; %s is the name of a profile. */
  title = g_strdup_printf (_("TVM Remediate – %s"), profile);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

/* ---- a new profile ------------------------------------------------------------------------- */

static void
name_changed_cb (GtkEditable *entry,
                 GtkWidget   *dialog)
{
  GtkLabel *problem = g_object_get_data (G_OBJECT (dialog), "tvm-problem");
  const char *name = gtk_editable_get_text (entry);
  g_autoptr(GError) error = NULL;
  gboolean is_good = tvm_profile_check (name, &error);

  gtk_label_set_label (problem, is_good || *name == '\0' ? "" : error->message);
  if (is_good || *name == '\0')
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  tvm_question_set_answerable (dialog, "create", is_good);
}

static void
new_profile_response_cb (TvmWindow  *self,
                         const char *response,
                         GtkWidget  *dialog)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "tvm-entry");
  g_autofree char *name = g_strdup (gtk_editable_get_text (entry));

  if (g_str_equal (response, "create"))
    gtk_widget_activate_action (GTK_WIDGET (self), "app.switch-profile", "s", name);
}

static void
new_profile (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  GtkWidget *dialog = tvm_question_new (widget, _("New profile"),
                                        _("A profile is one tenant: it has its own settings, "
                                          "sign-in and data."));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *problem = gtk_label_new (NULL);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Name"));
  tvm_toolkit_name (entry, _("Name of the new profile"));
  gtk_label_set_wrap (GTK_LABEL (problem), TRUE);
  gtk_widget_add_css_class (problem, "caption");
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), problem);
  tvm_question_set_child (dialog, box);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "create", _("C_reate"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_answerable (dialog, "create", FALSE);
  tvm_question_set_keys (dialog, "create", "cancel");
  g_object_set_data (G_OBJECT (dialog), "tvm-entry", entry);
  g_object_set_data (G_OBJECT (dialog), "tvm-problem", problem);
  g_signal_connect (entry, "changed", G_CALLBACK (name_changed_cb), dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (new_profile_response_cb), widget,
                           G_CONNECT_SWAPPED);
  tvm_question_present (dialog);
}

/* ---- deleting ------------------------------------------------------------------------------ */

static void
delete_response_cb (TvmWindow  *self,
                    const char *response)
{
  if (g_str_equal (response, "delete"))
    gtk_widget_activate_action (GTK_WIDGET (self), "app.delete-profile", "s", self->profile);
}

static void
delete_profile (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  /* Translators: %s is the name of a profile. */
  g_autofree char *heading = g_strdup_printf (_("Delete the profile “%s”?"), self->profile);
  GtkWidget *dialog = tvm_question_new (
    widget, heading,
    _("Its settings, its sign-in and everything synced are deleted from this "
       "computer, and with them what is kept only here: requests, their history "
       "and tickets that wait to be sent. What the services have stays there."));

  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "delete", _("_Delete profile"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "cancel", "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self,
                           G_CONNECT_SWAPPED);
  tvm_question_present (dialog);
}

static void
done_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TvmWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tvm_ui_toast (self->ui, error->message);
}

/* The keyring asks for its password in a prompt of its own. */
static void
unlock_keyring (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);

  tvm_sync_engine_unlock_async (self->ui->engine, self->cancellable, done_cb,
                                g_object_ref (self));
}

static void
clock_response_cb (TvmWindow  *self,
                   const char *response)
{
  if (strcmp (response, "accept") == 0)
    tvm_sync_engine_accept_clock_async (self->ui->engine, self->cancellable, done_cb,
                                        g_object_ref (self));
}

/* What waits for the answer cannot be undone. */
static void
accept_clock (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (tvm_now_us () / TVM_SECOND_US);
  g_autofree char *time = g_date_time_format (now, "%c");
  /* Translators: %s is a date and time. */
  g_autofree char *heading = g_strdup_printf (_("Is it %s?"), time);
  GtkWidget *dialog = tvm_question_new (widget, heading,
                                        _("Only if this computer's clock is right, say so: the "
                                          "next synchronization then ends exceptions and deletes "
                                          "activities as of this time, which cannot be undone. "
                                          "If it is wrong, set the clock instead."));

  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "accept", _("This clock is _right"),
                           ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "cancel", "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (clock_response_cb), self,
                           G_CONNECT_SWAPPED);
  tvm_question_present (dialog);
}

/* A line that is no longer than a narrow window, without mnemonics. */
static void
add_account_line (TvmWindow  *self,
                  const char *text)
{
  gboolean is_long = g_utf8_strlen (text, -1) > ACCOUNT_MAX_CHARS;
  g_autofree char *start = g_utf8_substring (text, 0, is_long ? ACCOUNT_MAX_CHARS - 1 : -1);
  g_autofree char *line = g_strconcat (start, is_long ? "…" : NULL, NULL);
  g_auto(GStrv) parts = g_strsplit (line, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);

  g_menu_append (self->account_section, label, "win.show-account");
}

/**
 * tvm_window_update_account:
 * @self: a window whose profile is open
 *
 * Says in the menu who is signed in, and where.
 */
void
tvm_window_update_account (TvmWindow *self)
{
  g_autofree char *account = NULL, *name = NULL, *tenant = NULL, *text = NULL, *tenant_text = NULL;

  g_object_get (self->ui->engine, "account", &account, "account-name", &name, "tenant", &tenant,
                NULL);
  g_menu_remove_all (self->account_section);
  if (account == NULL)
    return;
  text = name != NULL && g_strcmp0 (name, account) != 0 ? g_strdup_printf ("%s (%s)", name, account)
                                                       : g_strdup (account);
  add_account_line (self, text);
  if (tenant == NULL)
    return;
  /* Translators: %s is a tenant's id or domain name. */
  tenant_text = g_strdup_printf (_("Tenant %s"), tenant);
  add_account_line (self, tenant_text);
}

/**
 * tvm_window_install_profile_actions:
 * @klass: the window's class, in its class_init
 *
 * Installs the actions that make and delete a profile, that unlock the keyring for it, and that say
 * that the clock is right.
 */
void
tvm_window_install_profile_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.unlock-keyring", NULL, unlock_keyring);
  gtk_widget_class_install_action (klass, "win.accept-clock", NULL, accept_clock);
  gtk_widget_class_install_action (klass, "win.new-profile", NULL, new_profile);
  gtk_widget_class_install_action (klass, "win.delete-profile", NULL, delete_profile);
}
