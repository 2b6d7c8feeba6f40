/* test-store-unclean.c: a store whose process was killed is read as a whole before it is used.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "tvm-error.h"
#include "tvm-profile.h"

#define PAGE 8192

/* What a kill leaves of the fixture's open store, in a folder of its own. */
typedef struct
{
  Fixture store;
  char   *directory, *path, *log;
} Killed;

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (from, &content, &size, NULL));
  g_assert_true (g_file_set_contents_full (to, content, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
set_up (Killed *self, gconstpointer data)
{
  g_autofree char *log = NULL;

  fixture_set_up (&self->store, data);
  fixture_devices (&self->store, 0, 400, "10");
  fixture_reopen (&self->store);
  g_assert_true (tvm_store_set_setting (self->store.store, "it-admin-email", "a@contoso.example", NULL));
  self->directory = g_dir_make_tmp ("tvm-killed-XXXXXX", NULL);
  self->path = g_build_filename (self->directory, "store.db", NULL);
  self->log = g_strconcat (self->path, "-wal", NULL);
  log = g_strconcat (self->store.path, "-wal", NULL);
  copy_file (self->store.path, self->path);
  copy_file (log, self->log);
}

static void
tear_down (Killed *self, gconstpointer data)
{
  g_autofree char *index = g_strconcat (self->path, "-shm", NULL);

  g_unlink (self->path);
  g_unlink (self->log);
  g_unlink (index);
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_free (self->directory);
  g_free (self->path);
  g_free (self->log);
  fixture_tear_down (&self->store, data);
}

static void
spoil (Killed *self)
{
  FILE *file = g_fopen (self->path, "r+");
  long size;

  fseek (file, 0, SEEK_END);
  size = ftell (file);
  g_assert_cmpint (size, >, 4 * PAGE);
  fseek (file, size - 3 * PAGE, SEEK_SET);
  for (int i = 0; i < 2 * PAGE; i++)
    fputc (0x5a, file);
  fclose (file);
}

static TvmStore *
open_killed (Killed *self, GError **error)
{
  return tvm_store_open (self->directory, error);
}

/* Nothing is lost by it. */
static void
test_whole (Killed *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = open_killed (self, &error);
  g_autofree char *value = NULL;

  g_assert_no_error (error);
  value = tvm_store_get_setting (store, "it-admin-email", &error);
  g_assert_cmpstr (value, ==, "a@contoso.example");
}

/* It is told at once, and neither the file nor its log changes. */
static void
test_damaged (Killed *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before, size_after;

  spoil (self);
  g_assert_true (g_file_get_contents (self->log, &before, &size_before, NULL));
  g_assert_null (open_killed (self, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_assert_true (g_file_get_contents (self->log, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
}

/* A store that another one has open was not left, however full its log is: nobody waits for it to
 * be read. */
static void
test_shared (Killed *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) first = open_killed (self, &error), second = NULL;

  g_assert_no_error (error);
  g_assert_true (tvm_store_set_setting (first, "it-admin-email", "b@contoso.example", NULL));
  spoil (self);
  second = open_killed (self, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/unclean/whole", Killed, NULL, set_up, test_whole, tear_down);
  g_test_add ("/unclean/damaged", Killed, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/unclean/shared", Killed, NULL, set_up, test_shared, tear_down);
  return g_test_run ();
}
