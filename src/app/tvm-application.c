/* tvm-application.c: the window's application: options, the context, one window. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-application.h"

#include "tvm-context.h"
#include "tvm-window.h"

#include <glib/gi18n-lib.h>

struct _TvmApplication
{
  AdwApplication  parent_instance;
  TvmContext     *context;  /* (owned) (nullable): once it is open */
  char           *profile;  /* (owned) */
  gboolean        is_demo;
  GtkWindow      *window;   /* (unowned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TvmApplication, tvm_application, ADW_TYPE_APPLICATION)

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  TvmApplication *self = source;
  GError *error = NULL;
  TvmContext *context = self->is_demo ? tvm_context_open_demo (&error)
                                      : tvm_context_open (self->profile, &error);

  if (context != NULL)
    g_task_return_pointer (task, context, (GDestroyNotify) tvm_context_close);
  else
    g_task_return_error (task, error);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TvmApplication *self = TVM_APPLICATION (object);
  g_autoptr(GError) error = NULL;
  TvmContext *context = g_task_propagate_pointer (G_TASK (result), &error);

  g_application_release (G_APPLICATION (self));
  if (self->window == NULL)
    {
      g_clear_pointer (&context, tvm_context_close);
      return;
    }
  if (context == NULL)
    {
      tvm_window_show_problem (TVM_WINDOW (self->window), error);
      return;
    }
  self->context = context;
  tvm_window_set_context (TVM_WINDOW (self->window), context->store, context->engine, context->is_new);
  tvm_sync_engine_refresh_state (context->engine);
  if (!context->is_new)
    tvm_sync_engine_set_automatic (context->engine, TRUE);
}

static void
tvm_application_activate (GApplication *application)
{
  TvmApplication *self = TVM_APPLICATION (application);
  g_autoptr(GTask) task = NULL;

  if (self->window != NULL)
    {
      gtk_window_present (self->window);
      return;
    }
  self->window = GTK_WINDOW (tvm_window_new (GTK_APPLICATION (application), self->is_demo));
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  gtk_window_present (self->window);
  /* Held until the profile is open, so that it is also closed. */
  g_application_hold (application);
  task = g_task_new (self, NULL, opened_cb, NULL);
  g_task_run_in_thread (task, open_thread);
}

static int
tvm_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  TvmApplication *self = TVM_APPLICATION (application);
  const char *profile;

  g_variant_dict_lookup (options, "demo", "b", &self->is_demo);
  if (g_variant_dict_lookup (options, "profile", "&s", &profile))
    {
      g_free (self->profile);
      self->profile = g_strdup (profile);
    }
  if (self->is_demo || g_strcmp0 (self->profile, "default") != 0)
    g_application_set_flags (application, G_APPLICATION_NON_UNIQUE);
  return -1;
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
  if (program == NULL || !g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                                         &error))
    {
      g_warning ("The demo does not start: %s", error != NULL ? error->message : "?");
      return;
    }
  g_application_quit (G_APPLICATION (self));
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  TvmApplication *self = user_data;

  if (self->window != NULL)
    gtk_window_close (self->window);
}

static void
tvm_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { "try-demo", try_demo_cb, NULL, NULL, NULL, { 0 } },
    { "quit", quit_cb, NULL, NULL, NULL, { 0 } },
  };
  static const char *const quit_keys[] = { "<Primary>q", NULL };

  G_APPLICATION_CLASS (tvm_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  gtk_window_set_default_icon_name ("tvm-remediate");
}

static void
tvm_application_shutdown (GApplication *application)
{
  TvmApplication *self = TVM_APPLICATION (application);

  if (self->window != NULL)
    gtk_window_destroy (self->window);
  G_APPLICATION_CLASS (tvm_application_parent_class)->shutdown (application);
  g_clear_pointer (&self->context, tvm_context_close);
}

static void
tvm_application_finalize (GObject *object)
{
  g_free (TVM_APPLICATION (object)->profile);
  G_OBJECT_CLASS (tvm_application_parent_class)->finalize (object);
}

static void
tvm_application_class_init (TvmApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tvm_application_finalize;
  application_class->activate = tvm_application_activate;
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

  self->profile = g_strdup ("default");
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
                       "resource-base-path", "/org/example/TvmRemediate", NULL);
}
