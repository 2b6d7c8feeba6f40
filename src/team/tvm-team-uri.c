/* tvm-team-uri.c: where the team's database is, and whether the way there is safe. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PQconninfoOption, PQconninfoFree)

/* Debian's; libpq 15 knows no store of the system. */
#define SYSTEM_ROOT "/etc/ssl/certs/ca-certificates.crt"

static const char *
get_option (const PQconninfoOption *options,
            const char             *keyword)
{
  for (; options->keyword != NULL; options++)
    if (strcmp (options->keyword, keyword) == 0)
      return options->val != NULL && *options->val != '\0' ? options->val : NULL;
  return NULL;
}

/* What the library says of an address that it cannot read quotes it, with what may be in there. */
static gboolean
may_hold_secret (const char *uri)
{
  const char *host = strchr (uri, '@');
  const char *login = strstr (uri, "://");

  return strstr (uri, "password") != NULL ||
         (host != NULL && memchr (uri, ':', (gsize) (host - uri)) != NULL &&
          (login == NULL || login > host ||
           memchr (login + 1, ':', (gsize) (host - login - 1)) != NULL));
}

/**
 * tvm_team_check_uri:
 * @uri: a connection URI or keywords and values, as libpq takes them
 * @error: return location for %TVM_ERROR_INVALID
 *
 * A secret in it is refused: it would be kept in a file, and seen in the list of processes.
 *
 * Returns: whether it can be read
 */
gboolean
tvm_team_check_uri (const char *uri,
                    GError    **error)
{
  char *complaint = NULL;
  g_autoptr(PQconninfoOption) options = PQconninfoParse (uri, &complaint);

  if (options == NULL && !may_hold_secret (uri))
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is what the database's library says. */
                 _("This is no address of a PostgreSQL database. Write it as "
                   "postgresql://LOGIN@HOST/DATABASE. (%s)"),
                 complaint != NULL ? g_strchomp (complaint) : uri);
  else if (options == NULL || get_option (options, "password") != NULL ||
           get_option (options, "sslpassword") != NULL)
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 _("Take the password out of the address, because it would be kept in a file that "
                   "others may read. Put it into ~/.pgpass, or use a client certificate or "
                   "Kerberos."));
  PQfreemem (complaint);
  return options != NULL && get_option (options, "password") == NULL &&
         get_option (options, "sslpassword") == NULL;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

/* Nothing between two commas is a socket's folder. */
static gboolean
are_all_near (const char *hosts)
{
  g_auto(GStrv) list = g_strsplit (hosts != NULL ? hosts : "", ",", -1);

  for (char **host = list; *host != NULL; host++)
    if (**host != '\0' && **host != '/' && **host != '@' && !is_loopback (*host))
      return FALSE;
  return TRUE;
}

/**
 * tvm_team_is_private:
 * @connection: a connection that was begun
 *
 * Looks at what URI, service file and environment made of each other, and at the address that is in
 * fact connected to.
 *
 * Returns: whether it goes to this computer alone
 */
gboolean
tvm_team_is_private (PGconn *connection)
{
  g_autoptr(PQconninfoOption) options = PQconninfo (connection);
  const char *address = PQhostaddr (connection);

  return options != NULL && are_all_near (get_option (options, "host")) &&
         are_all_near (get_option (options, "hostaddr")) &&
         (address == NULL || *address == '\0' || is_loopback (address));
}

/**
 * tvm_team_is_proven:
 * @connection: a connection that was begun
 *
 * Returns: whether the server has to prove by its certificate that it is the one that was meant
 */
gboolean
tvm_team_is_proven (PGconn *connection)
{
  g_autoptr(PQconninfoOption) options = PQconninfo (connection);

  return options != NULL && g_strcmp0 (get_option (options, "sslmode"), "verify-full") == 0;
}

/**
 * tvm_team_dup_root:
 * @connection: a connection that was begun
 *
 * Returns: (transfer full) (nullable): the file of authorities that the server's certificate is
 *   judged against where nothing names one; %NULL: as it is
 */
char *
tvm_team_dup_root (PGconn *connection)
{
  g_autoptr(PQconninfoOption) options = PQconninfo (connection);
  g_autofree char *own = g_build_filename (g_get_home_dir (), ".postgresql", "root.crt", NULL);

  if (options == NULL || get_option (options, "sslrootcert") != NULL ||
      g_file_test (own, G_FILE_TEST_EXISTS) || !g_file_test (SYSTEM_ROOT, G_FILE_TEST_EXISTS))
    return NULL;
  return g_strdup (SYSTEM_ROOT);
}

/**
 * tvm_team_find_open_passfile:
 * @uri: what is to be connected to
 *
 * libpq passes such a file over, and says so on its own in the middle of everything. A service may
 * name another one, so that with a service none is looked at.
 *
 * Returns: (transfer full) (nullable): the file of passwords where others may read it
 */
char *
tvm_team_find_open_passfile (const char *uri)
{
  g_autoptr(PQconninfoOption) options = PQconninfoParse (uri, NULL);
  const char *named = options != NULL ? get_option (options, "passfile") : NULL;
  const char *usual = g_getenv ("PGPASSFILE");
  g_autofree char *path = NULL;
  GStatBuf status;

  if (options == NULL || get_option (options, "service") != NULL ||
      (named == NULL && g_getenv ("PGSERVICE") != NULL))
    return NULL;
  if (named != NULL || (usual != NULL && *usual != '\0'))
    path = g_strdup (named != NULL ? named : usual);
  else
    path = g_build_filename (g_get_home_dir (), ".pgpass", NULL);
  if (g_stat (path, &status) != 0 || !S_ISREG (status.st_mode) ||
      (status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
    return NULL;
  return g_steal_pointer (&path);
}
