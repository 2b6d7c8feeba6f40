/* main.c: the window's program, started by tvm-remediate.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-application.h"
#include "tvm-surroundings.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>

/* In the build tree the catalogs lie beside the sources of the translations. */
static const char *
find_locale_directory (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL && g_str_has_prefix (program, TVM_BUILD_ROOT) ? TVM_BUILD_LOCALEDIR
                                                                       : TVM_LOCALEDIR;
}

/**
 * main:
 * @argc: how many words
 * @argv: (array length=argc): the command line: --demo or --profile NAME, as tvm-remediate gives it
 *
 * Runs the window's program until it ends.
 *
 * Returns: the exit status
 */
int
main (int    argc,
      char **argv)
{
  g_autoptr(TvmApplication) application = NULL;

  tvm_surroundings_settle ();
  signal (SIGPIPE, SIG_IGN); /* an export may go to a pipe */
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, find_locale_directory ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = tvm_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
