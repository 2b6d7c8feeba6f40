/* tvm-cli-window.c: hands over to the window program, so that users have one binary and the command
 * line links no GTK. Main thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW_PROGRAM "tvm-remediate-window"

/**
 * tvm_cli_dup_build_path:
 * @relative_path: a path in the build tree
 *
 * Returns: (transfer full) (nullable): that path, or %NULL unless this program runs from the build
 *   tree
 */
char *
tvm_cli_dup_build_path (const char *relative_path)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (program == NULL || !g_str_has_prefix (program, TVM_BUILD_ROOT G_DIR_SEPARATOR_S))
    return NULL;
  return g_build_filename (TVM_BUILD_ROOT, relative_path, NULL);
}

static char *
find_window_program (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : g_strdup ("/");
  g_autofree char *built = tvm_cli_dup_build_path ("src/app/" WINDOW_PROGRAM);
  g_autofree char *beside = g_build_filename (directory, "..", "libexec", GETTEXT_PACKAGE,
                                              WINDOW_PROGRAM, NULL);
  g_autofree char *installed = g_build_filename (TVM_LIBEXECDIR, WINDOW_PROGRAM, NULL);

  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  if (g_file_test (installed, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&installed);
  return NULL;
}

/**
 * tvm_cli_open_window:
 * @argc: how many words @argv has
 * @argv: the program's own arguments
 *
 * Becomes the window program; returns only when that fails.
 *
 * Returns: %TVM_CLI_FAILED
 */
TvmCliStatus
tvm_cli_open_window (int    argc,
                     char **argv)
{
  g_autofree char *program = find_window_program ();
  g_autofree char **arguments = g_memdup2 (argv, (argc + 1) * sizeof *argv);

  if (program == NULL)
    return tvm_cli_failure_message (_("The window program “%s” is not installed. Install it, or "
                                      "use a command: see “tvm-remediate --help”."),
                                    WINDOW_PROGRAM);
  arguments[0] = program;
  execv (program, arguments);
  /* Translators: the first %s is a file name, the second the system's reason. */
  return tvm_cli_failure_message (_("The window program “%s” cannot be started: %s."), program,
                                  g_strerror (errno));
}
