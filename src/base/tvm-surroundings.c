/* tvm-surroundings.c: what the process was started with, put right before anything else runs. Main
 * thread, before there is another. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-surroundings.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Of the folders of a list only absolute ones; without one the variable goes. */
static void
drop_relative (const char *name)
{
  g_auto(GStrv) folders = g_strsplit (g_getenv (name) != NULL ? g_getenv (name) : "", ":", -1);
  g_autoptr(GStrvBuilder) kept = g_strv_builder_new ();
  g_auto(GStrv) absolute = NULL;
  g_autofree char *value = NULL;

  for (guint i = 0; folders[i] != NULL; i++)
    if (g_path_is_absolute (folders[i]))
      g_strv_builder_add (kept, folders[i]);
  absolute = g_strv_builder_end (kept);
  value = g_strjoinv (":", absolute);
  if (*value == '\0')
    g_unsetenv (name);
  else if (strcmp (value, g_getenv (name)) != 0)
    g_setenv (name, value, TRUE);
}

/* What is closed when the program starts would be the number of the next file or connection that
 * it opens, and get its output. Of what stands there instead, using it the wrong way fails. */
static void
fill_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF &&
        open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
      break;
}

/**
 * tvm_surroundings_settle:
 *
 * Takes the places of closed standard streams. Forgets folders of the XDG base directories that are
 * relative, which their specification wants to be ignored; neither GLib nor others do that. So is a
 * home that is relative or empty: without HOME that of the system's list of users counts. Writing
 * beyond the limit of a file's size fails and does not end the program. A crash leaves no core
 * dump, which would hold tokens (R15).
 */
void
tvm_surroundings_settle (void)
{
  static const char *const folders[] = {
    "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
    "HOME",
  };
  static const char *const lists[] = { "XDG_DATA_DIRS", "XDG_CONFIG_DIRS" };

  fill_standard_streams ();
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_getenv (folders[i]) != NULL && !g_path_is_absolute (g_getenv (folders[i])))
      g_unsetenv (folders[i]);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    drop_relative (lists[i]);
  signal (SIGXFSZ, SIG_IGN);
  /* Of 0 the kernel gives a handler's pipe (core_pattern) all the same; of 1 nothing to anybody. */
  if (setrlimit (RLIMIT_CORE, &(struct rlimit) { 1, 1 }) != 0)
    setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, 0 });
}
