/* file-fixture.h: a folder of its own with a name for one file, which nothing else may be left
 * beside. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

/* @name: of the file, which is not there yet */
void file_fixture_set_up    (Fixture *fixture, gconstpointer name);
/* Also: no temporary file stays. */
void file_fixture_tear_down (Fixture *fixture, gconstpointer name);
