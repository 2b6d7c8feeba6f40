/* tvm-application.c: the window's application: options, and a session per profile. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-application.h"

#include "tvm-keys.h"
#include "tvm-session.h"
#include "tvm-toolkit.h"
#include "tvm-window-state.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

struct _TvmApplication
{
  AdwApplication  parent_instance;
  GPtrArray      *sessions;  /* (owned) of TvmSession, the one opened last at the end */
  gboolean        is_demo;
};

G_DEFINE_FINAL_TYPE (TvmApplication, tvm_application, ADW_TYPE_APPLICATION)

/* ---- sessions ------------------------------------------------------------------------------ */

static TvmSession *
find_session (TvmApplication *self,
              const char     *profile)
{
  for (guint i = 0; i < self->sessions->len; i++)
    {
      TvmSession *session = g_ptr_array_index (self->sessions, i);

      if (g_str_equal (tvm_session_get_profile (session), profile) &&
          tvm_session_get_window (session) != NULL)
        return session;
    }
  return NULL;
}

static TvmSession *
find_active_session (TvmApplication *self)
{
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));

  while (active != NULL && !TVM_IS_WINDOW (active))
    active = gtk_window_get_transient_for (active);
  for (guint i = 0; i < self->sessions->len; i++)
    if (tvm_session_get_window (g_ptr_array_index (self->sessions, i)) == active && active != NULL)
      return g_ptr_array_index (self->sessions, i);
  return NULL;
}

/* Those whose window is closed may still be closing their profile. */
static gboolean
has_window (TvmApplication *self)
{
  for (guint i = 0; i < self->sessions->len; i++)
    if (tvm_session_get_window (g_ptr_array_index (self->sessions, i)) != NULL)
      return TRUE;
  return FALSE;
}

static void open_profile (TvmApplication *self, const char *profile);

/* After a deletion the window goes on with what the next start would show. */
static void
session_ended_cb (TvmApplication *self,
                  TvmSession     *session)
{
  gboolean was_deleted = tvm_session_is_deleted (session);
  g_autoptr(TvmMend) mend = tvm_session_steal_mend (session);
  g_autofree char *name = g_strdup (tvm_session_get_profile (session));

  g_ptr_array_remove (self->sessions, session);
  if (mend != NULL)
    {
      open_profile (self, name);
      if (mend->heading != NULL)
        tvm_window_tell (TVM_WINDOW (tvm_session_get_window (find_session (self, name))),
                         mend->heading, mend->text);
      return;
    }
  if (was_deleted && !has_window (self))
    {
      g_autofree char *profile = tvm_window_state_dup_profile ();

      open_profile (self, profile);
    }
}

static void
open_profile (TvmApplication *self,
              const char     *profile)
{
  TvmSession *session = find_session (self, profile);

  if (session != NULL)
    {
      gtk_window_present (tvm_session_get_window (session));
      return;
    }
  session = tvm_session_new (GTK_APPLICATION (self), profile, self->is_demo);
  g_ptr_array_add (self->sessions, session);
  g_signal_connect_object (session, "ended", G_CALLBACK (session_ended_cb), self,
                           G_CONNECT_SWAPPED);
}

/* ---- starting ------------------------------------------------------------------------------ */

static void
tvm_application_activate (GApplication *application)
{
  TvmApplication *self = TVM_APPLICATION (application);
  g_autofree char *profile = NULL;

  if (self->sessions->len > 0)
    {
      TvmSession *last = g_ptr_array_index (self->sessions, self->sessions->len - 1);

      if (tvm_session_get_window (last) != NULL)
        {
          gtk_window_present (tvm_session_get_window (last));
          return;
        }
    }
  profile = self->is_demo ? g_strdup ("demo") : tvm_window_state_dup_profile ();
  open_profile (self, profile);
}

static int
tvm_application_command_line (GApplication            *application,
                              GApplicationCommandLine *command_line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  const char *profile;

  if (g_variant_dict_lookup (options, "profile", "&s", &profile) &&
      !TVM_APPLICATION (application)->is_demo && tvm_profile_check (profile, NULL))
    open_profile (TVM_APPLICATION (application), profile);
  else
    g_application_activate (application);
  return 0;
}

/* A bad name is told where it was typed; a good one goes to the program that runs already. So is
 * that no window can be shown, which GTK would end the program for. */
static int
tvm_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  TvmApplication *self = TVM_APPLICATION (application);
  g_autoptr(GError) error = NULL;
  const char *profile;

  g_variant_dict_lookup (options, "demo", "b", &self->is_demo);
  if (g_variant_dict_lookup (options, "profile", "&s", &profile) &&
      !(tvm_profile_check (profile, &error) &&
        (self->is_demo || tvm_profile_find (profile, &error))))
    {
      g_printerr ("tvm-remediate: %s\n", error->message);
      return 2;
    }
  if (!gtk_init_check ())
    {
      g_printerr ("tvm-remediate: %s\n",
                  _("The window needs a display, and there is none here. All commands work "
                    "without: see “tvm-remediate --help”."));
      return 1;
    }
  if (self->is_demo)
    g_application_set_flags (application,
                             G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_COMMAND_LINE);
  return -1;
}

/* ---- actions ------------------------------------------------------------------------------- */

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  TvmApplication *self = user_data;

  for (guint i = 0; i < self->sessions->len; i++)
    tvm_session_close (g_ptr_array_index (self->sessions, i));
}

/* Being told to end is as good as closing the windows; who insists gets
 * out at once. */
static gboolean
ended_cb (gpointer user_data)
{
  quit_cb (NULL, NULL, user_data);
  return G_SOURCE_REMOVE;
}

static void
try_demo_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  TvmApplication *self = user_data;
  const char *argv[] = { "/proc/self/exe", "--demo", NULL };
  g_autofree char *program = g_file_read_link (argv[0], NULL);
  g_autoptr(GError) error = NULL;

  argv[0] = program;
  if (program == NULL ||
      !g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &error))
    {
      g_warning ("The demo does not start: %s", error != NULL ? error->message : "?");
      return;
    }
  quit_cb (NULL, NULL, self);
}

/* Opens a profile in the place of the window that asks. */
static void
switch_profile_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  TvmApplication *self = user_data;
  TvmSession *from = find_active_session (self);
  const char *profile = g_variant_get_string (parameter, NULL);

  if (self->is_demo || !tvm_profile_check (profile, NULL) ||
      (from != NULL && g_str_equal (tvm_session_get_profile (from), profile)))
    return;
  if (from != NULL)
    tvm_window_state_save (tvm_session_get_window (from), profile);
  open_profile (self, profile);
  if (from != NULL)
    tvm_session_replace (from);
}

static void
delete_profile_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  TvmApplication *self = user_data;
  TvmSession *session = find_session (self, g_variant_get_string (parameter, NULL));

  if (session != NULL)
    tvm_session_delete (session);
}

/* Closes the profile, mends its store and opens it anew. */
static void
mend_store_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  const char *profile, *way, *name;
  TvmSession *session;

  g_variant_get (parameter, "(&s&s&s)", &profile, &way, &name);
  session = find_session (user_data, profile);
  if (session != NULL)
    tvm_session_mend (session, way, name);
}

static gboolean
profile_exists (const char *profile)
{
  g_auto(GStrv) profiles = tvm_profile_list ();

  return g_strv_contains ((const char *const *) profiles, profile);
}

/* What a notification's actions carry: the profile and its reminders. It outlives the window, so
 * that the profile may have to be opened first. */
static void
reminder_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  TvmApplication *self = user_data;
  g_autoptr(GVariant) reminders = NULL;
  const char *profile;
  gboolean is_snoozed = g_str_equal (g_action_get_name (G_ACTION (action)), "snooze-reminder");
  TvmSession *session;

  g_variant_get (parameter, "(&s@a(sss))", &profile, &reminders);
  session = find_session (self, profile);
  if (session == NULL && !is_snoozed && !self->is_demo && profile_exists (profile))
    {
      open_profile (self, profile);
      session = find_session (self, profile);
    }
  if (session == NULL)
    return;
  if (is_snoozed)
    tvm_session_snooze_reminder (session, reminders);
  else
    tvm_session_open_reminder (session, reminders);
}

/* Whoever wonders whether the desktop shows them. */
static void
try_notification_cb (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  g_autoptr(GNotification) notification = g_notification_new (_("Notifications arrive"));

  g_notification_set_body (notification,
                           _("What is due, and what becomes of tickets, is told like this."));
  g_application_send_notification (user_data, "try", notification);
}

static void
tvm_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { "try-demo", try_demo_cb, NULL, NULL, NULL, { 0 } },
    { "switch-profile", switch_profile_cb, "s", NULL, NULL, { 0 } },
    { "delete-profile", delete_profile_cb, "s", NULL, NULL, { 0 } },
    { "mend-store", mend_store_cb, "(sss)", NULL, NULL, { 0 } },
    { "open-reminder", reminder_cb, "(sa(sss))", NULL, NULL, { 0 } },
    { "snooze-reminder", reminder_cb, "(sa(sss))", NULL, NULL, { 0 } },
    { "try-notification", try_notification_cb, NULL, NULL, NULL, { 0 } },
    { "quit", quit_cb, NULL, NULL, NULL, { 0 } },
  };

  G_APPLICATION_CLASS (tvm_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  tvm_keys_set_accels (GTK_APPLICATION (application));
  gtk_window_set_default_icon_name ("tvm-remediate");
  tvm_toolkit_name_menu_items ();
  g_unix_signal_add (SIGINT, ended_cb, application);
  g_unix_signal_add (SIGTERM, ended_cb, application);
}

static void
tvm_application_shutdown (GApplication *application)
{
  TvmApplication *self = TVM_APPLICATION (application);

  for (guint i = 0; i < self->sessions->len; i++)
    tvm_session_close_now (g_ptr_array_index (self->sessions, i));
  g_ptr_array_set_size (self->sessions, 0);
  G_APPLICATION_CLASS (tvm_application_parent_class)->shutdown (application);
}

static void
tvm_application_finalize (GObject *object)
{
  g_ptr_array_unref (TVM_APPLICATION (object)->sessions);
  G_OBJECT_CLASS (tvm_application_parent_class)->finalize (object);
}

static void
tvm_application_class_init (TvmApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tvm_application_finalize;
  application_class->activate = tvm_application_activate;
  application_class->command_line = tvm_application_command_line;
  application_class->startup = tvm_application_startup;
  application_class->shutdown = tvm_application_shutdown;
  application_class->handle_local_options = tvm_application_handle_local_options;
}

static void
tvm_application_init (TvmApplication *self)
{
  static const GOptionEntry options[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Open the demo tenant"), NULL },
    { "profile", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Open this profile"), N_("NAME") },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };

  self->sessions = g_ptr_array_new_with_free_func (g_object_unref);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * tvm_application_new:
 * Returns: (transfer full): the application
 */
TvmApplication *
tvm_application_new (void)
{
  return g_object_new (TVM_TYPE_APPLICATION, "application-id", TVM_APPLICATION_ID,
                       "resource-base-path", "/org/example/TvmRemediate",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE, NULL);
}
