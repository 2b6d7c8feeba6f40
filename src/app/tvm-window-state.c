/* tvm-window-state.c: the window's size and the last profile, in a key file of a few lines that is
 * read before any profile is open. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-state.h"

#include "tvm-store.h"

#include <glib/gstdio.h>

#define GROUP    "Window"
#define MIN_SIZE 200
#define MAX_SIZE 16384

static char *
make_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "tvm-remediate", "window.ini", NULL);
}

/* Empty where there is none, or where it cannot be read. */
static GKeyFile *
load (void)
{
  g_autofree char *path = make_path ();
  GKeyFile *file = g_key_file_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

/**
 * tvm_window_state_dup_profile:
 * Returns: (transfer full): the profile that was open last and is still there, else the default one
 */
char *
tvm_window_state_dup_profile (void)
{
  g_autoptr(GKeyFile) file = load ();
  g_autofree char *name = g_key_file_get_string (file, GROUP, "profile", NULL);
  g_auto(GStrv) names = tvm_profile_list ();

  if (name != NULL && g_strv_contains ((const char *const *) names, name))
    return g_steal_pointer (&name);
  return g_strdup ("default");
}

/**
 * tvm_window_state_restore:
 * @window: a window that does not show yet
 *
 * Gives it the size of the last one.
 */
void
tvm_window_state_restore (GtkWindow *window)
{
  g_autoptr(GKeyFile) file = load ();
  int width = g_key_file_get_integer (file, GROUP, "width", NULL);
  int height = g_key_file_get_integer (file, GROUP, "height", NULL);

  if (width >= MIN_SIZE && width <= MAX_SIZE && height >= MIN_SIZE && height <= MAX_SIZE)
    gtk_window_set_default_size (window, width, height);
  if (g_key_file_get_boolean (file, GROUP, "maximized", NULL))
    gtk_window_maximize (window);
}

/**
 * tvm_window_state_save:
 * @window: a window
 * @profile: the profile it shows
 *
 * Remembers both for the next start. It is no loss where that does not work.
 */
void
tvm_window_state_save (GtkWindow  *window,
                       const char *profile)
{
  g_autoptr(GKeyFile) file = load ();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = make_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_key_file_set_integer (file, GROUP, "width", width);
  g_key_file_set_integer (file, GROUP, "height", height);
  g_key_file_set_boolean (file, GROUP, "maximized", gtk_window_is_maximized (window));
  g_key_file_set_string (file, GROUP, "profile", profile);
  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_debug ("The window's size is not remembered: %s", error->message);
}
