/* test-surroundings.c: folders that the environment names. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-surroundings.h"

#include <errno.h>
#include <gio/gio.h>
#include <unistd.h>

/* What is kept of a variable's value. */
static const char *
settle (const char *name, const char *value)
{
  g_setenv (name, value, TRUE);
  tvm_surroundings_settle ();
  return g_getenv (name);
}

static void
test_folders (void)
{
  static const char *const names[] = { "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
                                       "XDG_CACHE_HOME", "XDG_RUNTIME_DIR" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpstr (settle (names[i], "some/folder"), ==, NULL);
      g_assert_cmpstr (settle (names[i], ""), ==, NULL);
      g_assert_cmpstr (settle (names[i], "~/folder"), ==, NULL);
      g_assert_cmpstr (settle (names[i], "/some/folder"), ==, "/some/folder");
    }
}

static void
test_lists (void)
{
  g_assert_cmpstr (settle ("XDG_DATA_DIRS", "/a:b::/c"), ==, "/a:/c");
  g_assert_cmpstr (settle ("XDG_CONFIG_DIRS", "b:."), ==, NULL);
}

/* No file that is opened later gets what is written to a closed stream. */
static void
test_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      int kept = dup (fd), next;
      gssize done;
      int code;

      close (fd);
      tvm_surroundings_settle ();
      next = dup (kept);
      done = fd == STDIN_FILENO ? read (fd, &(char) { 0 }, 1) : write (fd, "x", 1);
      code = errno;
      dup2 (kept, fd);
      close (kept);
      close (next);
      g_assert_cmpint (next, !=, fd);
      g_assert_cmpint (done, ==, -1);
      g_assert_cmpint (code, ==, EBADF);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surroundings/folders", test_folders);
  g_test_add_func ("/surroundings/lists", test_lists);
  g_test_add_func ("/surroundings/streams", test_streams);
  return g_test_run ();
}
