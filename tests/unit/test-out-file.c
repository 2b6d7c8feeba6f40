/* test-out-file.c: what a name stands for before and after a file was written to it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE  /* setgroups */
#include "config.h"
#include "file-fixture.h"
#include "tvm-out-file.h"

#include "tvm-error.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NOBODY 65534

static gboolean
write_new (const char  *path,
           gboolean     overwrite,
           GError     **error)
{
  g_autoptr(TvmOutFile) file = tvm_out_file_open (path, overwrite, error);

  return file != NULL && tvm_out_file_write (file, "new", 3, error) &&
         tvm_out_file_finish (file, error);
}

static void
assert_written (const char *path)
{
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (write_new (path, TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "new");
}

static void
assert_refused (const char *path,
                gboolean    overwrite,
                int         code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (write_new (path, overwrite, &error));
  g_assert_error (error, TVM_ERROR, code);
}

static void
test_mode (Fixture      *fixture,
           gconstpointer data)
{
  GStatBuf info;

  assert_written (fixture->path);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_chmod (fixture->path, 0664), ==, 0);
  assert_written (fixture->path);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0664);
}

static void
test_link (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "there", NULL);
  g_autofree char *target = g_build_filename (folder, "real.csv", NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "second", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("second", fixture->path), ==, 0);
  g_assert_cmpint (symlink ("there/real.csv", second), ==, 0);
  assert_refused (fixture->path, FALSE, TVM_ERROR_EXISTS);  /* it leads to nothing yet */
  for (guint i = 0; i < 2; i++)
    {
      assert_written (fixture->path);
      g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (second, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (target, G_FILE_TEST_IS_REGULAR));
    }
  g_unlink (second);
  g_assert_cmpint (symlink ("list.csv", second), ==, 0);
  assert_refused (fixture->path, TRUE, TVM_ERROR_FAILED);  /* a circle */
  g_unlink (second);
  g_unlink (target);
  g_rmdir (folder);
}

static void
test_long_name (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *name = g_strnfill (255, 'n');
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  assert_written (path);
  assert_written (path);
  assert_refused (path, FALSE, TVM_ERROR_EXISTS);
  g_unlink (path);
}

static gpointer
read_pipe (gpointer path)
{
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, NULL);
  return contents;
}

/* Written through, with and without leave to replace: nothing of it can be. */
static void
test_pipe (Fixture      *fixture,
           gconstpointer data)
{
  GStatBuf info;

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_refused (fixture->path, TRUE, TVM_ERROR_FAILED);  /* nobody reads */
  for (gboolean overwrite = FALSE; overwrite <= TRUE; overwrite++)
    {
      GThread *reader = g_thread_new ("reader", read_pipe, fixture->path);
      g_autoptr(GError) error = NULL;
      g_autofree char *contents = NULL;

      g_assert_true (write_new (fixture->path, overwrite, &error));
      g_assert_no_error (error);
      contents = g_thread_join (reader);
      g_assert_cmpstr (contents, ==, "new");
    }
  g_assert_cmpint (g_lstat (fixture->path, &info), ==, 0);
  g_assert_true (S_ISFIFO (info.st_mode));
}

static void
test_device (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (symlink ("/dev/null", fixture->path), ==, 0);
  g_assert_true (write_new (fixture->path, TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (write_new ("/dev/null", FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat ("/dev/null", &info), ==, 0);
  g_assert_true (S_ISCHR (info.st_mode));
  g_unlink (fixture->path);
  /* A device in a folder where one could be replaced: only root may make it. */
  if (mknod (fixture->path, S_IFCHR | 0600, makedev (1, 3)) == 0)
    {
      g_assert_true (write_new (fixture->path, TRUE, &error));
      g_assert_no_error (error);
      g_assert_cmpint (g_lstat (fixture->path, &info), ==, 0);
      g_assert_true (S_ISCHR (info.st_mode));
    }
}

static void
test_socket (Fixture      *fixture,
             gconstpointer data)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);
  GStatBuf info;

  g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  assert_refused (fixture->path, TRUE, TVM_ERROR_FAILED);
  g_assert_cmpint (g_lstat (fixture->path, &info), ==, 0);
  g_assert_true (S_ISSOCK (info.st_mode));
  close (fd);
}

/* What somebody made of the name while the file was written is not replaced. */
static void
test_changed_meanwhile (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmOutFile) file = tvm_out_file_open (fixture->path, TRUE, &error);
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_assert_false (tvm_out_file_finish (file, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_EXISTS);
  g_assert_cmpint (g_lstat (fixture->path, &info), ==, 0);
  g_assert_true (S_ISFIFO (info.st_mode));
}

/* Where the file system lets a file be without a name, nothing stays of an export that was killed. */
static void
test_killed (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *letters = g_strnfill (100000, 'x');
  pid_t child = fork ();
  int status, fd;

  if (child == 0)
    {
      TvmOutFile *file = tvm_out_file_open (fixture->path, TRUE, NULL);

      if (file != NULL && tvm_out_file_write (file, letters, strlen (letters), NULL))
        raise (SIGKILL);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  fd = tvm_open_nameless (fixture->folder);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
}

/* As somebody in that group and no other, over a file of somebody else in group 100. */
static void
assert_replaced (Fixture *fixture, mode_t mode, gid_t group, gid_t new_group, mode_t new_mode)
{
  GStatBuf info;
  pid_t child;
  int status;

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_cmpint (chown (fixture->path, 0, 100), ==, 0);
  g_assert_cmpint (g_chmod (fixture->path, mode), ==, 0);
  child = fork ();
  if (child == 0)
    {
      g_autofree char *name = g_path_get_basename (fixture->path);

      /* /proc/self is closed after another user was taken on. */
      _exit (chdir (fixture->folder) == 0 && setgroups (1, &group) == 0 && setgid (NOBODY) == 0 &&
             setuid (NOBODY) == 0 && prctl (PR_SET_DUMPABLE, 1) == 0 && write_new (name, TRUE, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_uid, ==, NOBODY);
  g_assert_cmpint (info.st_gid, ==, new_group);
  g_assert_cmpint (info.st_mode & 0777, ==, new_mode);
}

/* What a group shares stays the group's, and becomes no other group's. */
static void
test_group (Fixture      *fixture,
            gconstpointer data)
{
  if (geteuid () != 0)
    {
      g_test_skip ("only root may become somebody else");
      return;
    }
  g_assert_cmpint (g_chmod (fixture->folder, 0777), ==, 0);
  assert_replaced (fixture, 0660, 100, 100, 0660);
  assert_replaced (fixture, 0660, NOBODY, NOBODY, 0600);
  assert_replaced (fixture, 0664, NOBODY, NOBODY, 0644);
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  /* Version 2: the owner rw, user 100 rw, the group nothing, the mask rw, others nothing. */
  static const guint8 list[] = {
    2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 6, 0, 100, 0, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255,
    16, 0, 6, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
  };
  guint8 kept[sizeof list];

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  if (setxattr (fixture->path, "system.posix_acl_access", list, sizeof list, 0) != 0)
    {
      g_test_skip ("the file system has no such lists");
      return;
    }
  assert_written (fixture->path);
  g_assert_cmpint (getxattr (fixture->path, "system.posix_acl_access", kept, sizeof kept), ==, sizeof list);
  g_assert_cmpmem (kept, sizeof kept, list, sizeof list);
}

#define ADD(path, function) \
  g_test_add (path, Fixture, "list.csv", file_fixture_set_up, function, file_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/out-file/mode", test_mode);
  ADD ("/out-file/group", test_group);
  ADD ("/out-file/list", test_list);
  ADD ("/out-file/link", test_link);
  ADD ("/out-file/long-name", test_long_name);
  ADD ("/out-file/pipe", test_pipe);
  ADD ("/out-file/device", test_device);
  ADD ("/out-file/socket", test_socket);
  ADD ("/out-file/killed", test_killed);
  ADD ("/out-file/changed-meanwhile", test_changed_meanwhile);
  return g_test_run ();
}
