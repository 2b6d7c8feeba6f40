/* tvm-store-restore.c: what takes the place of a store: a backup, or what was recovered. It is made
 * ready in a folder of its own first, so that the store's place is taken at once, or not at all.
 * Blocks; any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-copy.h"
#include "tvm-store-mending.h"
#include "tvm-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FOLDER "recovering"

static void
empty (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

/**
 * tvm_mending_remove:
 * @directory: a profile's folder
 *
 * Deletes what a kill left of making something ready.
 */
void
tvm_mending_remove (const char *directory)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);

  empty (folder);
  g_rmdir (folder);
}

/**
 * tvm_mending_begin:
 * @self: (out caller-allocates): what is made ready
 * @directory: a profile's folder
 * @error: return location for %TVM_ERROR_STORE_FAILED: no such folder can be made, or another
 *   program is at it
 *
 * Makes an empty folder in the profile's.
 *
 * Returns: whether that is this process's, until tvm_mending_end()
 */
gboolean
tvm_mending_begin (TvmMending  *self,
                   const char  *directory,
                   GError     **error)
{
  *self = (TvmMending) { .directory = directory, .lock = -1 };
  self->folder = g_build_filename (directory, FOLDER, NULL);
  self->ready = g_build_filename (self->folder, "ready.db", NULL);
  self->place = g_build_filename (directory, "store.db", NULL);
  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    self->lock = g_open (self->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (self->lock < 0)
    return tvm_backup_fail_with_errno (error, self->folder);
  if (flock (self->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      tvm_store_copy_fail_busy (error, self->folder);
      close (self->lock);
      self->lock = -1;
      return FALSE;
    }
  empty (self->folder);
  return TRUE;
}

/**
 * tvm_mending_end:
 * @self: what was made ready, or not
 *
 * Deletes what is left in its folder, and the folder.
 */
void
tvm_mending_end (TvmMending *self)
{
  if (self->lock >= 0)
    {
      empty (self->folder);
      g_rmdir (self->folder);
      close (self->lock);
    }
  g_free (self->folder);
  g_free (self->ready);
  g_free (self->place);
}

/* Renames store, log and index to a dated name, or back. */
static gboolean
rename_all (const char *from,
            const char *to)
{
  static const char *const endings[] = { "-wal", "-shm", "" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *old = g_strconcat (from, endings[i], NULL);
      g_autofree char *new = g_strconcat (to, endings[i], NULL);

      if (g_rename (old, new) != 0 && errno != ENOENT)
        return FALSE;
    }
  return TRUE;
}

/**
 * tvm_mending_put:
 * @self: with a whole store as its file that is ready
 * @is_damaged: whether there is a store in that place, which is damaged
 * @out_kept: (out) (transfer full) (nullable): where the damaged store is now
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Puts it into the place of the store, which is not there, or is kept aside under a dated name with
 * its log and index. What could fail for lack of room or descriptors comes before that. Not while
 * another process has the store open: what is decided there would go into the file kept aside.
 *
 * Returns: %FALSE on error; then what was there is in its place again
 */
gboolean
tvm_mending_put (TvmMending  *self,
                 gboolean     is_damaged,
                 char       **out_kept,
                 GError     **error)
{
  g_autofree char *to = tvm_backup_dup_free_path (self->directory, TVM_DAMAGED, ".db");
  int ready = g_open (self->ready, O_RDONLY | O_CLOEXEC, 0);
  int folder = g_open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean is_open = folder >= 0 && flock (folder, LOCK_EX | LOCK_NB) != 0 &&
                     errno == EWOULDBLOCK;
  gboolean is_good = !is_open && ready >= 0 && folder >= 0 && fsync (ready) == 0 &&
                     rename_all (self->place, to);

  if (is_open)
    tvm_store_copy_fail_busy (error, self->place);
  else if (is_good && g_rename (self->ready, self->place) != 0)
    {
      is_good = tvm_backup_fail_with_errno (error, self->place);
      rename_all (to, self->place);
    }
  else if (!is_good)
    tvm_backup_fail_with_errno (error, self->place);
  else if (is_damaged)
    *out_kept = g_steal_pointer (&to);
  if (is_good)
    fsync (folder);
  if (ready >= 0)
    close (ready);
  if (folder >= 0)
    close (folder);
  return is_good;
}

/**
 * tvm_backup_doubt_outbox:
 * @db: the writer's connection, to a store that is older than what was sent
 * @data: (nullable): not used
 *
 * What was sent since then waits in it still: it is looked for before it is sent, and what a team
 * may have is not taken back.
 */
void
tvm_backup_doubt_outbox (TvmDb    *db,
                         gpointer  data)
{
  tvm_db_run (db, "UPDATE ticket SET was_sent = 1, sending_us = 0, claimed_by = NULL WHERE "
              TVM_IN_OUTBOX, "");
  tvm_db_run (db, "UPDATE team_event SET is_sent = 1 WHERE number = 0", "");
  tvm_pulls_refuse (db);
}

/* A copy of the backup, of this program's layout and with its outbox in doubt already: nobody who
 * has the store open ever sees it otherwise. */
static gboolean
prepare (TvmMending  *self,
         const char  *from,
         GError     **error)
{
  TvmDb *db;
  int version;
  gboolean is_good;

  if (!tvm_store_copy_to_file (from, self->ready, error))
    return FALSE;
  db = tvm_db_open (self->ready, FALSE, error);
  if (db == NULL)
    return FALSE;
  g_free (db->path);
  db->path = g_strdup (from);  /* what fails is told of that */
  if (tvm_db_migrate (db, &version))
    {
      tvm_db_script (db, "BEGIN IMMEDIATE");
      if (tvm_db_is_good (db))
        tvm_backup_doubt_outbox (db, NULL);
      /* One file again, all of it in there. */
      tvm_db_script (db, "COMMIT; PRAGMA journal_mode = DELETE");
    }
  is_good = tvm_db_take_error (db, error);
  tvm_db_free (db);
  return is_good;
}

/* More lists than are asked for or kept in the moment until the backup is in place. */
#define STAMPS_MEANWHILE 1000

/* Whoever has the store open may wait for a list; the backup's stamps are older than it. */
static gboolean
outrun_stamps (TvmMending  *self,
               GError     **error)
{
  TvmDb *now = tvm_db_open (self->place, TRUE, error);
  TvmDb *db = now != NULL ? tvm_db_open (self->ready, FALSE, error) : NULL;
  gboolean is_good = FALSE;

  if (db != NULL)
    {
      tvm_db_run (db, "UPDATE stamp SET value = max (value, ?1)", "I",
                  tvm_db_get_int (now, "SELECT value FROM stamp", "") + STAMPS_MEANWHILE);
      tvm_pulls_refuse (db);
      is_good = tvm_db_take_error (db, error);
    }
  tvm_db_free (db);
  tvm_db_free (now);
  return is_good;
}

static gboolean
put_backup (TvmMending  *self,
            char       **out_before,
            char       **out_kept,
            GError     **error)
{
  g_autoptr(GError) failure = NULL;
  gboolean is_damaged = FALSE;

  if (g_file_test (self->place, G_FILE_TEST_EXISTS))
    {
      if (tvm_store_copy_check (self->place, &is_damaged, &failure))
        {
          *out_before = tvm_backup_make (self->directory, "before-restore", error);
          return *out_before != NULL && outrun_stamps (self, error) &&
                 tvm_store_copy_into (self->ready, self->place, error);
        }
      if (!is_damaged)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
  return tvm_mending_put (self, is_damaged, out_kept, error);
}

/**
 * tvm_backup_restore:
 * @directory: a profile's folder
 * @name: one of its backups
 * @out_kept: (out) (transfer full) (nullable): the path of the damaged store that was there; %NULL:
 *   it was good, and is a backup now, or there was none
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_SCHEMA_TOO_NEW or
 *   %TVM_ERROR_STORE_FAILED
 *
 * Puts the backup into the place of the store. A good store may be open elsewhere: it gets the
 * backup's content; a damaged one is kept aside. Tickets in the backup's outbox count as perhaps
 * sent.
 *
 * Returns: %FALSE on error; then the store is where and as it was, or kept aside
 */
gboolean
tvm_backup_restore (const char  *directory,
                    const char  *name,
                    char       **out_kept,
                    GError     **error)
{
  g_autofree char *from = tvm_backup_find (directory, name, error);
  g_autofree char *before = NULL;
  TvmMending mending;
  gboolean is_good;

  *out_kept = NULL;
  if (from == NULL || !tvm_store_copy_check (from, NULL, error))
    return FALSE;
  is_good = tvm_mending_begin (&mending, directory, error) &&
            prepare (&mending, from, error) && put_backup (&mending, &before, out_kept, error);
  tvm_mending_end (&mending);
  if (is_good)
    tvm_backup_prune (directory, name, before);
  return is_good;
}
