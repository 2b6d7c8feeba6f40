/* file-fixture.c: a folder of its own with a name for one file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "file-fixture.h"

#include <glib/gstdio.h>

void
file_fixture_set_up (Fixture *fixture, gconstpointer name)
{
  fixture->folder = g_dir_make_tmp ("tvm-file-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, name, NULL);
}

void
file_fixture_tear_down (Fixture *fixture, gconstpointer name)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}
