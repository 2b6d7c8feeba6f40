/* tvm-demo-server.c: a PostgreSQL server of the demo's own, in a folder that is thrown away. A
 * shell stands between it and this process, and reads a pipe that nothing is written to: when that
 * ends, however this process came to its own end, it stops the server and removes the folder.
 * Blocks; one thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-server.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

/* The folder of the server's programs, instead of where they are installed; empty: there is to be
 * none, and nothing is said of it. */
#define WAY          "TVM_DEMO_TEAM"
#define PLACES       "/usr/lib/postgresql"  /* Debian's: a folder for each version */
#define OLDEST       15
#define UNPRIVILEGED "nobody"               /* PostgreSQL refuses to run as root */
/* $1: the server's programs, $2: its folder, $3: the statements that make logins and database. It
 * listens on a socket in that folder alone, which only who runs it may enter. */
#define SCRIPT \
  "trap '' HUP INT PIPE TERM\n" \
  "cd /\n" \
  "{ \"$1/initdb\" -D \"$2/data\" -U postgres -A trust -E UTF8 --locale=C --no-sync &&\n" \
  "  printf '%s\\n' \"unix_socket_directories = '$2'\" \"listen_addresses = ''\" \\\n" \
  "    'fsync = off' 'port = 5432' 'shared_buffers = 16MB' 'max_connections = 20' \\\n" \
  "    >>\"$2/data/postgresql.conf\" &&\n" \
  "  printf '%s\\n' \"$3\" | \"$1/postgres\" --single -D \"$2/data\" postgres &&\n" \
  "  \"$1/pg_ctl\" start -w -D \"$2/data\" -l \"$2/log\"\n" \
  "} </dev/null >\"$2/made\" 2>&1 && echo READY\n" \
  "exec >/dev/null 2>&1\n" \
  "cat\n" \
  "\"$1/pg_ctl\" stop -m immediate -D \"$2/data\" </dev/null\n" \
  "rm -rf \"$2\"\n"

struct _TvmDemoServer
{
  char        *folder;   /* (owned) */
  GSubprocess *shell;    /* (owned) */
};

/* ---- finding ------------------------------------------------------------------------------- */

static gboolean
is_complete (const char *folder)
{
  static const char *const programs[] = { "initdb", "postgres", "pg_ctl" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_build_filename (folder, programs[i], NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return FALSE;
    }
  return TRUE;
}

/* The newest of Debian's. */
static char *
find_version (void)
{
  g_autoptr(GDir) places = g_dir_open (PLACES, 0, NULL);
  g_autofree char *found = NULL;
  guint64 newest = OLDEST - 1;
  const char *name;

  while (places != NULL && (name = g_dir_read_name (places)) != NULL)
    {
      g_autofree char *folder = g_build_filename (PLACES, name, "bin", NULL);
      guint64 version = g_ascii_strtoull (name, NULL, 10);

      if (version > newest && is_complete (folder))
        {
          newest = version;
          g_free (found);
          found = g_steal_pointer (&folder);
        }
    }
  return g_steal_pointer (&found);
}

/**
 * tvm_demo_server_is_wanted:
 *
 * Returns: whether the demo is to have one where it can
 */
gboolean
tvm_demo_server_is_wanted (void)
{
  return g_strcmp0 (g_getenv (WAY), "") != 0;
}

/**
 * tvm_demo_server_find_programs:
 *
 * Returns: (transfer full) (nullable): the folder of the server's programs; %NULL where PostgreSQL
 *   is not installed
 */
char *
tvm_demo_server_find_programs (void)
{
  const char *told = g_getenv (WAY);
  g_autofree char *program = NULL;
  g_autofree char *folder = NULL;

  if (told != NULL)
    return is_complete (told) ? g_strdup (told) : NULL;
  folder = find_version ();
  if (folder != NULL)
    return g_steal_pointer (&folder);
  program = g_find_program_in_path ("initdb");
  folder = program != NULL ? g_path_get_dirname (program) : NULL;
  return folder != NULL && is_complete (folder) ? g_steal_pointer (&folder) : NULL;
}

/* ---- starting ------------------------------------------------------------------------------ */

/* In the child, before the shell: it outlives its parent's session, and is nobody where that is
 * root. */
static void
prepare_child (gpointer user_data)
{
  const struct passwd *user = user_data;

  setsid ();
  if (user != NULL &&
      (setgroups (0, NULL) != 0 || setgid (user->pw_gid) != 0 || setuid (user->pw_uid) != 0))
    _exit (1);
}

static gboolean
make_folder (TvmDemoServer        *self,
             const struct passwd  *user,
             GError              **error)
{
  self->folder = g_dir_make_tmp ("tvm-remediate-team-XXXXXX", error);
  if (self->folder == NULL)
    return FALSE;
  if (user == NULL || chown (self->folder, user->pw_uid, user->pw_gid) == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  rmdir (self->folder);
  return FALSE;
}

static char *
make_statements (const char *const *logins)
{
  GString *sql = g_string_new ("CREATE DATABASE team");

  for (; *logins != NULL; logins++)
    g_string_append_printf (sql, "\nCREATE ROLE %s LOGIN", *logins);
  return g_string_free (sql, FALSE);
}

static gboolean
await_ready (TvmDemoServer  *self,
             GCancellable   *cancellable,
             GError        **error)
{
  g_autoptr(GDataInputStream) said =
    g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->shell));
  g_autoptr(GError) failure = NULL;
  g_autofree char *line = g_data_input_stream_read_line (said, NULL, cancellable, &failure);

  if (line != NULL)
    return TRUE;
  if (failure == NULL)
    g_set_error (&failure, G_IO_ERROR, G_IO_ERROR_FAILED, "PostgreSQL does not start");
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_demo_server_start:
 * @programs: what tvm_demo_server_find_programs() returned
 * @logins: (array zero-terminated=1): names of logins that it is to have beside "postgres"
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #GIOErrorEnum
 *
 * Makes a server with an empty database "team", which takes whoever comes by its socket for who
 * they say they are, and lets nobody else come. Takes a second or two.
 *
 * Returns: (transfer full): the server, until tvm_demo_server_stop() or the end of this process;
 *   %NULL on error
 */
TvmDemoServer *
tvm_demo_server_start (const char         *programs,
                       const char *const  *logins,
                       GCancellable       *cancellable,
                       GError            **error)
{
  g_autoptr(TvmDemoServer) self = g_new0 (TvmDemoServer, 1);
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *sql = make_statements (logins);
  struct passwd *user = geteuid () == 0 ? getpwnam (UNPRIVILEGED) : NULL;

  if (!make_folder (self, user, error))
    {
      g_clear_pointer (&self->folder, g_free);
      return NULL;
    }
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, prepare_child, user, NULL);
  self->shell = g_subprocess_launcher_spawn (launcher, error, "/bin/sh", "-c", SCRIPT, "sh",
                                             programs, self->folder, sql, NULL);
  if (self->shell == NULL)
    rmdir (self->folder);
  return self->shell != NULL && await_ready (self, cancellable, error) ? g_steal_pointer (&self)
                                                                       : NULL;
}

/**
 * tvm_demo_server_dup_uri:
 * @self: a server
 * @login: a login of it
 *
 * Returns: (transfer full): the address of its database as that login
 */
char *
tvm_demo_server_dup_uri (TvmDemoServer *self,
                         const char    *login)
{
  g_autofree char *host = g_uri_escape_string (self->folder, NULL, FALSE);

  return g_strdup_printf ("postgresql://%s@/team?host=%s&port=5432", login, host);
}

/**
 * tvm_demo_server_stop:
 * @self: (transfer full): a server
 *
 * Lets the shell stop it and remove its folder, without a wait.
 */
void
tvm_demo_server_stop (TvmDemoServer *self)
{
  if (self->shell != NULL)
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->shell), NULL, NULL);
  g_clear_object (&self->shell);
  g_free (self->folder);
  g_free (self);
}
