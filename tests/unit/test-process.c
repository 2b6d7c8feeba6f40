/* test-process.c: whether another process still runs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-process.h"

#include <gio/gio.h>

static void
test_own (void)
{
  g_autofree char *name = tvm_process_dup_name ();

  g_assert_cmpint (tvm_process_get_state (name), ==, TVM_PROCESS_RUNS);
}

/* The name with one part replaced. */
static TvmProcessState
state_with (guint part, const char *text)
{
  g_autofree char *name = tvm_process_dup_name ();
  g_auto(GStrv) parts = g_strsplit (name, " ", -1);
  g_autofree char *other = NULL;

  g_free (parts[part]);
  parts[part] = g_strdup (text);
  other = g_strjoinv (" ", parts);
  return tvm_process_get_state (other);
}

static void
test_others (void)
{
  g_autoptr(GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, NULL, "cat", NULL);
  g_autofree char *pid = g_strdup (g_subprocess_get_identifier (child));

  /* The number is another's now; a child may have begun in the same hundredth of a second. */
  g_assert_cmpint (state_with (2, "1"), ==, TVM_PROCESS_ENDED);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_cmpint (state_with (2, pid), ==, TVM_PROCESS_ENDED);
  g_assert_cmpint (state_with (0, "0f1e2d3c"), ==, TVM_PROCESS_ENDED); /* before a restart */
  g_assert_cmpint (state_with (1, "pid:[1]"), ==, TVM_PROCESS_UNKNOWN);
  g_assert_cmpint (state_with (0, "-"), ==, TVM_PROCESS_UNKNOWN);
  g_assert_cmpint (state_with (3, "-"), ==, TVM_PROCESS_UNKNOWN);
  g_assert_cmpint (state_with (2, "none"), ==, TVM_PROCESS_UNKNOWN);
  g_assert_cmpint (tvm_process_get_state (""), ==, TVM_PROCESS_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process/own", test_own);
  g_test_add_func ("/process/others", test_others);
  return g_test_run ();
}
