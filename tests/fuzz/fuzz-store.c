/* fuzz-store.c: a store of which bytes were changed: it is opened or refused in words, answers or
 * says why not, and what can be read is recovered into one that is whole.
 *
 * The input is a list of changes: three bytes of place, one of length, and so many bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "fuzz-queries.h"
#include "store-fixture.h"
#include "tvm-error.h"
#include "tvm-store-backup.h"

/* Where syncing costs nothing, if there is such a place. */
static char *
make_folder (void)
{
  char *base = g_strdup ("/dev/shm/tvm-fuzz-XXXXXX");

  if (g_mkdtemp (base) != NULL)
    return base;
  g_free (base);
  return g_dir_make_tmp ("tvm-fuzz-XXXXXX", NULL);
}

static GBytes *
make_good (void)
{
  Fixture fixture;
  char *data;
  gsize size;

  fixture_set_up (&fixture, NULL);
  fixture_recommendations (&fixture, 3);
  fixture_devices (&fixture, 0, 40, "10");
  fixture_refs (&fixture, 0, 40);
  tvm_activity_unref (fixture_submit (&fixture, TVM_TYPE_UPDATE, TRUE));
  fixture_recommendations (&fixture, 3);
  tvm_store_close (fixture.store);
  g_assert_true (g_file_get_contents (fixture.path, &data, &size, NULL));
  fixture_tear_down (&fixture, NULL);
  return g_bytes_new_take (data, size);
}

static char *
change (GBytes       *good,
        const guint8 *data,
        gsize         size_bytes,
        gsize        *out_size)
{
  const guint8 *at = data, *end = data + size_bytes;
  char *bytes;

  *out_size = g_bytes_get_size (good);
  bytes = g_memdup2 (g_bytes_get_data (good, NULL), *out_size);
  while (end - at > 4)
    {
      gsize place = ((gsize) at[0] << 16 | (gsize) at[1] << 8 | at[2]) % *out_size;
      gsize length = MIN (MIN ((gsize) at[3] + 1, (gsize) (end - at) - 4), *out_size - place);

      memcpy (bytes + place, at + 4, length);
      at += 4 + length;
    }
  return bytes;
}

static void
empty_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        empty_folder (path);
    }
  g_rmdir (folder);
}

/* Opened or not, nothing but words. */
static void
use (const char *folder)
{
  g_autoptr(GError) error = NULL, failure = NULL;
  g_autoptr(TvmStore) store = tvm_store_open (folder, &error);

  g_assert_true ((store == NULL) == (error != NULL));
  if (store == NULL)
    {
      g_assert_true (error->domain == TVM_ERROR && g_utf8_validate (error->message, -1, NULL));
      return;
    }
  if (!fuzz_ask_everything (store, "host", &failure))
    g_assert_true (failure->domain == TVM_ERROR);
  tvm_store_backup_if_due (store, NULL);
  tvm_store_close (store);
}

static void
recover (const char *folder)
{
  g_autofree char *kept = NULL;
  TvmRecovered read;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = NULL;

  if (!tvm_store_is_damaged (folder) || !tvm_store_recover (folder, &read, &kept, NULL))
    return;
  g_assert_false (tvm_store_is_damaged (folder));
  store = tvm_store_open (folder, &error);
  g_assert_no_error (error);
  /* What the services have is not recovered. */
  if (!fuzz_ask_everything (store, "host", &error))
    g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  tvm_store_close (store);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  static char *base;
  static GBytes *good;
  g_autofree char *folder = NULL, *path = NULL, *bytes = NULL;
  gsize size;

  if (good == NULL)
    {
      good = make_good ();
      base = make_folder ();
    }
  tvm_set_clock_us (NOW_US);
  folder = g_build_filename (base, "tenant", NULL);
  path = g_build_filename (folder, "store.db", NULL);
  empty_folder (folder);
  g_mkdir (folder, 0700);
  bytes = change (good, data, size_bytes, &size);
  g_assert_true (g_file_set_contents_full (path, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
  use (folder);
  recover (folder);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  empty_folder (folder);
  return 0;
}
