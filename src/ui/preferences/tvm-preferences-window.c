/* tvm-preferences-window.c: the profile's settings and who is signed in. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-private.h"

#include "tvm-list-cells.h"
#include "tvm-preferences-team.h"
#include "tvm-reminders.h"
#include "tvm-sign-in-dialog.h"
#include "tvm-sign-out-dialog.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (TvmPreferencesWindow, tvm_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static const char *const actions[] = { "archive", "delete", NULL };

/* ---- account ------------------------------------------------------------------------------- */

static void
show_account (TvmPreferencesWindow *self)
{
  g_autofree char *account = NULL, *name = NULL, *tenant = NULL, *text = NULL, *warning = NULL;
  gboolean must_sign_in, is_locked;

  g_object_get (self->ui->engine, "account", &account, "account-name", &name, "tenant", &tenant,
                "sign-in-required", &must_sign_in, "keyring-locked", &is_locked,
                "keyring-warning", &warning, NULL);
  if (is_locked)
    text = g_strdup (_("Signing in unlocks it"));
  else if (warning != NULL)
    text = g_strdup (warning);
  else if (account == NULL)
    text = g_strdup (_("Sign in once cloud, tenant and application are filled in"));
  else
    /* Translators: a person's name, then a tenant's id. */
    text = g_strdup_printf (_("%s, tenant %s"), name != NULL ? name : account,
                            tenant != NULL ? tenant : "");
  tvm_plain_row_set (self->account_row, account != NULL ? account
                                        : is_locked ? _("The keyring is locked")
                                        : warning != NULL ? _("It is not known who is signed in")
                                                          : _("Nobody is signed in"), text);
  gtk_widget_set_visible (self->sign_in_button, account == NULL || must_sign_in);
  gtk_widget_set_visible (self->sign_out_button, account != NULL);
}

static void
sign_in_cb (TvmPreferencesWindow *self)
{
  gtk_window_present (GTK_WINDOW (tvm_sign_in_dialog_new (self->ui, GTK_WINDOW (self), FALSE)));
}

static void
sign_out_cb (TvmPreferencesWindow *self)
{
  tvm_sign_out_dialog_show (self->ui, GTK_WINDOW (self));
}

static void
add_account (TvmPreferencesWindow *self)
{
  AdwPreferencesGroup *group = tvm_preferences_create_group (self->page, _("Account"), NULL);
  GtkWidget *box;

  self->account_row = tvm_preferences_create_row (group, NULL);
  box = tvm_button_row_new (group, GTK_ORIENTATION_VERTICAL);
  self->sign_in_button = tvm_button_row_add (box, _("_Sign in…"), G_CALLBACK (sign_in_cb), self);
  gtk_widget_add_css_class (self->sign_in_button, "suggested-action");
  self->sign_out_button = tvm_button_row_add (box, _("Sign _out…"), G_CALLBACK (sign_out_cb), self);
  tvm_preferences_add_entry (self, group, _("Tenant id or domain"), "tenant-id");
  tvm_preferences_add_entry (self, group, _("Application (client) id"), "client-id");
}

/* Where the services are. */
static void
add_services (TvmPreferencesWindow *self)
{
  static const char *const cloud_texts[] = { N_("Commercial"), "GCC", "GCC High", "DoD",
                                             N_("Custom"),     NULL };
  static const char *const regions[] = { "global", "us", "eu", "uk", "au", "swa", "ina", NULL };
  /* Translators: where the Defender API is that is asked; "Anywhere": the service chooses. */
  static const char *const region_texts[] = { N_("Anywhere"), N_("United States"), N_("Europe"),
                                              N_("United Kingdom"), N_("Australia"),
                                              N_("Switzerland"), N_("India"), NULL };
  AdwPreferencesGroup *group = tvm_preferences_create_group (self->page, _("Services"), NULL);

  tvm_preferences_add_choice (self, group, _("Cloud"), "cloud", tvm_preferences_clouds,
                              cloud_texts);
  self->region_row = tvm_preferences_add_choice (self, group, _("Region"), "region", regions,
                                                 region_texts);
  self->custom_rows[0] = tvm_preferences_add_entry (self, group, _("Identity platform address"),
                                                    "authority-url");
  self->custom_rows[1] = tvm_preferences_add_entry (self, group, _("Defender API address"),
                                                    "defender-url");
  self->custom_rows[2] = tvm_preferences_add_entry (self, group, _("Microsoft Graph address"),
                                                    "graph-url");
  tvm_preferences_show_cloud_rows (self, "commercial");
}

/* ---- the others ---------------------------------------------------------------------------- */

static char *
describe_interval (const char *value)
{
  int minutes = (int) g_ascii_strtoull (value, NULL, 10);
  int hours = minutes / 60;

  if (minutes == 0)
    return g_strdup (_("Off"));
  if (minutes == 24 * 60)
    return g_strdup (_("Once a day"));
  if (minutes % 60 == 0)
    return g_strdup_printf (ngettext ("Every %d hour", "Every %d hours", (gulong) hours), hours);
  return g_strdup_printf (ngettext ("Every %d minute", "Every %d minutes", (gulong) minutes),
                          minutes);
}

static void
add_synchronization (TvmPreferencesWindow *self)
{
  static const char *const words[] = { "0", "15", "30", "60", "120", "240", "480", "1440", NULL };
  AdwPreferencesGroup *group =
    tvm_preferences_create_group (self->page, _("Synchronization"), NULL);
  g_auto(GStrv) texts = g_new0 (char *, G_N_ELEMENTS (words));

  for (guint i = 0; words[i] != NULL; i++)
    texts[i] = describe_interval (words[i]);
  tvm_preferences_describe_others (
    tvm_preferences_add_choice (self, group, _("Automatic synchronization"),
                                "sync-interval-minutes", words, (const char *const *) texts),
    describe_interval);
}

/* Whom remediation is asked of, and in which language. */
static void
add_it_admin (TvmPreferencesWindow *self)
{
  /* As tvm_language_list(); each in itself, for those who read no other. */
  static const char *const language_texts[] = { "English", "Deutsch", "Français", "日本語",
                                                "Svenska", "繁體中文", NULL };
  AdwPreferencesGroup *group = tvm_preferences_create_group (self->page, _("IT admin"), NULL);

  tvm_preferences_add_entry (self, group, _("IT admin e-mail address"), "it-admin-email");
  tvm_preferences_add_choice (self, group, _("Language of tickets and e-mails"), "ticket-language",
                              tvm_language_list (), language_texts);
}

static void
add_retention (TvmPreferencesWindow *self)
{
  static const char *const action_texts[] = { N_("Move to archive"), N_("Delete"), NULL };
  AdwPreferencesGroup *group = tvm_preferences_create_group (self->page, _("Retention"), NULL);

  tvm_preferences_add_number (self, group, _("Keep completed activities"),
                              _("Days on the Remediation page"), "retention-days", 1, 3650);
  tvm_preferences_add_choice (self, group, _("Afterwards"), "retention-action", actions,
                              action_texts);
}

/* The main window has the application's actions. */
static void
try_notification_cb (TvmPreferencesWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                              "app.try-notification", NULL);
}

/* A switch for each kind of desktop notification (R12), by what it is about. */
static void
add_notifications (TvmPreferencesWindow *self)
{
  static const TvmReminderKind kinds[] = {
    TVM_REMIND_OVERDUE, TVM_REMIND_DUE_SOON, TVM_REMIND_EXPOSED_AGAIN,
    TVM_REMIND_ACTIVITY_COMPLETED, TVM_REMIND_TICKET_ACCEPTED, TVM_REMIND_TICKET_REJECTED,
    TVM_REMIND_TICKET_COMPLETED, TVM_REMIND_EXCEPTION_ENDING,
  };
  AdwPreferencesGroup *group = tvm_preferences_create_group (self->page, _("Notifications"), NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Try one"));

  G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == TVM_N_REMINDERS);
  gtk_widget_set_tooltip_text (button, _("Sends a notification, to see whether and how it shows"));
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (try_notification_cb), self);
  adw_preferences_group_set_header_suffix (group, button);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *key = g_strconcat ("remind-", tvm_reminder_kind_to_word (kinds[i]), NULL);

      tvm_preferences_add_switch (self, group, tvm_reminder_kind_to_text (kinds[i]),
                                  g_intern_string (key));
    }
}

/* ---- window -------------------------------------------------------------------------------- */

static void
engine_changed_cb (TvmPreferencesWindow *self)
{
  tvm_preferences_show_intune (self);
  show_account (self);
}

static void
tvm_preferences_window_dispose (GObject *object)
{
  TVM_PREFERENCES_WINDOW (object)->is_closed = TRUE;
  g_cancellable_cancel (TVM_PREFERENCES_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (tvm_preferences_window_parent_class)->dispose (object);
}

static void
tvm_preferences_window_finalize (GObject *object)
{
  g_object_unref (TVM_PREFERENCES_WINDOW (object)->cancellable);
  g_clear_pointer (&TVM_PREFERENCES_WINDOW (object)->backup_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tvm_preferences_window_parent_class)->finalize (object);
}

static void
tvm_preferences_window_class_init (TvmPreferencesWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_preferences_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_preferences_window_finalize;
}

static void
tvm_preferences_window_init (TvmPreferencesWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  adw_preferences_page_set_name (self->page, "general");
  adw_preferences_page_set_title (self->page, _("General"));
  adw_preferences_page_set_icon_name (self->page, "preferences-system-symbolic");
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), self->page);
}

/* The row of a setting below a widget, by its title. */
static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  GtkWidget *found = NULL;

  if (ADW_IS_PREFERENCES_ROW (widget) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, title);
  return found;
}

static void
focus_wanted_cb (GtkWidget *row)
{
  g_signal_handlers_disconnect_by_func (row, focus_wanted_cb, NULL);
  gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
}

/**
 * tvm_preferences_window_show_setting:
 * @self: the preferences, not on screen yet
 * @title: the title of a setting's row, translated
 *
 * Has that setting on screen, with the focus. Does nothing where there is no such row.
 */
void
tvm_preferences_window_show_setting (TvmPreferencesWindow *self,
                                     const char           *title)
{
  GtkWidget *row, *page;

  g_return_if_fail (TVM_IS_PREFERENCES_WINDOW (self));

  row = find_row (GTK_WIDGET (self), title);
  page = row != NULL ? gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_PAGE) : NULL;
  if (page == NULL)
    return;
  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (self),
                                           ADW_PREFERENCES_PAGE (page));
  g_signal_connect_after (row, "map", G_CALLBACK (focus_wanted_cb), NULL);
}

/**
 * tvm_preferences_window_new:
 * @ui: the window's
 *
 * Returns: (transfer none): the preferences
 */
GtkWidget *
tvm_preferences_window_new (TvmUi *ui)
{
  TvmPreferencesWindow *self = g_object_new (TVM_TYPE_PREFERENCES_WINDOW, "modal", TRUE,
                                             "destroy-with-parent", TRUE, "search-enabled", FALSE,
                                             NULL);

  self->ui = tvm_ui_share (ui, self);
  tvm_preferences_add_intune (
    self, tvm_preferences_create_group (self->page, _("Advanced features"), NULL));
  add_account (self);
  add_services (self);
  add_synchronization (self);
  add_notifications (self);
  tvm_preferences_add_policy (self);
  add_retention (self);
  add_it_admin (self);
  tvm_preferences_add_backup (self);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self),
                              ADW_PREFERENCES_PAGE (tvm_preferences_team_new (self->ui)));
  g_signal_connect_object (ui->engine, "notify::intune-connected", G_CALLBACK (engine_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ui->engine, "notify::account", G_CALLBACK (engine_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ui->engine, "notify::sign-in-required", G_CALLBACK (engine_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ui->engine, "notify::keyring-locked", G_CALLBACK (engine_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ui->engine, "notify::keyring-warning", G_CALLBACK (engine_changed_cb),
                           self, G_CONNECT_SWAPPED);
  engine_changed_cb (self);
  return GTK_WIDGET (self);
}
