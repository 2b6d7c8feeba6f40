/* tvm-team-link.c: one connection with the team's database: everything waits for socket and
 * cancellable together, up to a limit. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#define CONNECT_S   15
#define STATEMENT_S 70         /* the server, which says what was too long, is told less */
#define OLDEST_SERVER 150000
#define N_OPTIONS 9
#define NO_FILE "/dev/null/none"
/* Names are found in the system's schema alone: nobody can put one in front. */
#define SETTINGS \
  "SET search_path = pg_catalog; SET statement_timeout = '60s'; SET lock_timeout = '20s'; " \
  "SET idle_in_transaction_session_timeout = '60s'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; " \
  "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on"

/* Waits until the socket is ready. FALSE where it was cancelled or took too long. */
static gboolean
wait_for_socket (TvmTeam      *self,
                 gushort       events,
                 gint64        until_ticks_us,
                 GCancellable *cancellable,
                 GError      **error)
{
  GPollFD polls[2] = { { .fd = PQsocket (self->connection), .events = events } };
  gboolean has_second = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &polls[1]);
  gint64 left_ms = MAX (0, (until_ticks_us - tvm_ticks_us ()) / 1000);
  int n_ready = 0;

  if (polls[0].fd >= 0)
    n_ready = g_poll (polls, has_second ? 2 : 1, (int) left_ms);
  if (has_second)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (n_ready > 0 || (n_ready < 0 && tvm_ticks_us () < until_ticks_us))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
               _("The team's database does not answer. Check the network and whether PostgreSQL "
                 "runs there, then try again."));
  return FALSE;
}

/* ---- connecting */

static gboolean
check_way (TvmTeam  *self,
           GError  **error)
{
  if (tvm_team_is_private (self->connection) || tvm_team_is_proven (self->connection))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
               _("The way to the team's database is not safe. Take “sslmode” out of its address."));
  return FALSE;
}

/* A name may have several addresses: each is looked at before anything is said to it. */
static gboolean
poll_connection (TvmTeam      *self,
                 GCancellable *cancellable,
                 GError      **error)
{
  gint64 until_us = tvm_ticks_us () + CONNECT_S * TVM_SECOND_US;
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;

  while (status != PGRES_POLLING_OK)
    {
      if (!wait_for_socket (self, status == PGRES_POLLING_READING ? G_IO_IN : G_IO_OUT, until_us,
                            cancellable, error) || !check_way (self, error))
        return FALSE;
      status = PQconnectPoll (self->connection);
      if (status == PGRES_POLLING_FAILED)
        {
          tvm_team_fail_connect (self->connection, error);
          return FALSE;
        }
    }
  return TRUE;
}

/* What goes on beside the URI; what stands later is stronger. */
static void
begin (TvmTeam    *self,
       const char *uri,
       const char *sslmode,
       const char *root)
{
  const char *keywords[N_OPTIONS] = { "dbname", "application_name", "tcp_user_timeout" };
  const char *values[N_OPTIONS] = { uri, "tvm-remediate", "30000" };
  int n = 3;

  if (sslmode != NULL)
    {
      keywords[n] = "sslmode";
      values[n++] = sslmode;
    }
  if (root != NULL)
    {
      keywords[n] = "sslrootcert";
      values[n++] = root;
    }
  if (self->open_passfile != NULL)
    {
      keywords[n] = "passfile";
      values[n++] = NO_FILE;
    }
  g_clear_pointer (&self->connection, PQfinish);
  self->connection = PQconnectStartParams (keywords, values, 1);
  if (self->connection != NULL)  /* with the codes of what the server refuses */
    PQsetErrorVerbosity (self->connection, PQERRORS_VERBOSE);
}

/* Before anything is said over it: another computer has to prove who it is (verify-full), and no
 * option of URI, service file or environment changes that. */
static gboolean
begin_safely (TvmTeam    *self,
              const char *uri,
              GError    **error)
{
  g_autofree char *root = NULL;

  begin (self, uri, NULL, NULL);
  if (self->connection != NULL && PQstatus (self->connection) != CONNECTION_BAD &&
      (!tvm_team_is_private (self->connection) || tvm_team_is_proven (self->connection)))
    {
      root = tvm_team_dup_root (self->connection);
      begin (self, uri, "verify-full", root);
    }
  if (self->connection == NULL || PQstatus (self->connection) == CONNECTION_BAD)
    {
      tvm_team_fail_connect (self->connection, error);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_server (TvmTeam      *self,
              GCancellable *cancellable,
              GError      **error)
{
  int version = PQserverVersion (self->connection);

  if (version >= OLDEST_SERVER)
    return tvm_team_run (self, SETTINGS, cancellable, error);
  g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
               /* Translators: %d is a number such as 14. */
               _("The team's database runs on PostgreSQL %d, which is too old. Use PostgreSQL 15 "
                 "or later."), version / 10000);
  return FALSE;
}

/* Where a password was missing that is in a file which others may read. */
static void
fail_open_passfile (TvmTeam  *self,
                    GError  **error)
{
  if (self->open_passfile == NULL || self->connection == NULL ||
      !PQconnectionNeedsPassword (self->connection))
    return;
  g_clear_error (error);
  g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
               /* Translators: %s is a path, twice. */
               _("Others may read %s, so that no password is taken from it. Run “chmod 600 %s”, "
                 "then try again."), self->open_passfile, self->open_passfile);
}

static void
ignore_notice (void           *data,
               const PGresult *result)
{
}

/**
 * tvm_team_open:
 * @uri: a connection URI or keywords and values, as libpq takes them; ~/.pg_service.conf and
 *   ~/.pgpass are honoured
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_OFFLINE where no server answers,
 *   %TVM_ERROR_FORBIDDEN where it refuses or its certificate will not do, %TVM_ERROR_INVALID for an
 *   address that cannot be read
 *
 * Connects, within 15 seconds for each of its addresses. A server that is not on this computer has
 * to prove by its certificate that it is the one that was meant.
 *
 * Returns: (transfer full): the connection, or %NULL on error
 */
TvmTeam *
tvm_team_open (const char   *uri,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(TvmTeam) self = g_new0 (TvmTeam, 1);
  g_autoptr(GError) failure = NULL;
  locale_t before, plain;
  gboolean is_good;

  if (!tvm_team_check_uri (uri, error))
    return NULL;
  /* libpq's words are told apart by what they are in English. */
  plain = newlocale (LC_MESSAGES_MASK, "C", duplocale (uselocale (0)));
  before = uselocale (plain);
  self->open_passfile = tvm_team_find_open_passfile (uri);
  is_good = begin_safely (self, uri, &failure) && poll_connection (self, cancellable, &failure);
  uselocale (before);
  freelocale (plain);
  if (!is_good)
    {
      fail_open_passfile (self, &failure);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  PQsetErrorVerbosity (self->connection, PQERRORS_DEFAULT);
  PQsetNoticeReceiver (self->connection, ignore_notice, NULL);
  PQsetnonblocking (self->connection, 1);
  return check_server (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * tvm_team_close:
 * @self: (transfer full): a connection; what was not committed is rolled back
 */
void
tvm_team_close (TvmTeam *self)
{
  g_clear_pointer (&self->connection, PQfinish);
  g_free (self->open_passfile);
  g_free (self);
}

/* ---- asking */

/* FALSE with an error or where the connection broke, which the next result tells. */
static gboolean
send_all (TvmTeam      *self,
          gint64        until_us,
          GCancellable *cancellable,
          GError      **error)
{
  while (PQflush (self->connection) == 1)
    if (!wait_for_socket (self, G_IO_IN | G_IO_OUT, until_us, cancellable, error))
      return FALSE;
    else if (!PQconsumeInput (self->connection))
      break;
  return TRUE;
}

static gboolean
wait_for_result (TvmTeam      *self,
                 gint64        until_us,
                 GCancellable *cancellable,
                 GError      **error)
{
  while (PQisBusy (self->connection))
    if (!wait_for_socket (self, G_IO_IN, until_us, cancellable, error))
      return FALSE;
    else if (!PQconsumeInput (self->connection))
      break;
  return TRUE;
}

/* The last result of all statements, NULL on error; then whether the exchange came to its end. */
static PGresult *
receive_all (TvmTeam      *self,
             gint64        until_us,
             GCancellable *cancellable,
             gboolean     *out_ended,
             GError      **error)
{
  g_autoptr(PGresult) last = NULL;
  GError *failure = NULL;
  PGresult *result;

  *out_ended = FALSE;
  for (;;)
    {
      if (!wait_for_result (self, until_us, cancellable, failure == NULL ? &failure : NULL))
        break;
      result = PQgetResult (self->connection);
      *out_ended = result == NULL;
      if (result == NULL)
        break;
      if (failure == NULL && PQresultStatus (result) != PGRES_COMMAND_OK &&
          PQresultStatus (result) != PGRES_TUPLES_OK)
        tvm_team_fail_result (result, &failure);
      g_clear_pointer (&last, PQclear);
      last = result;
    }
  if (failure == NULL && last == NULL)
    tvm_team_fail_result (NULL, &failure);
  if (failure == NULL)
    return g_steal_pointer (&last);
  g_propagate_error (error, failure);
  return NULL;
}

/**
 * tvm_team_query:
 * @self: a connection
 * @sql: a statement; with @n_values below 0 several of them
 * @n_values: how many values it has, -1: it takes none
 * @values: (array length=n_values) (nullable): what stands for $1 and so on; %NULL is NULL
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * What was cancelled or not answered in time ends the connection, because what comes next would be
 * the answer to something else: every call after that fails.
 *
 * Returns: (transfer full): the last answer, or %NULL on error
 */
PGresult *
tvm_team_query (TvmTeam           *self,
                const char        *sql,
                int                n_values,
                const char *const *values,
                GCancellable      *cancellable,
                GError           **error)
{
  gint64 until_us = tvm_ticks_us () + STATEMENT_S * TVM_SECOND_US;
  PGresult *result = NULL;
  gboolean ended = FALSE, is_sent;

  if (self->connection == NULL)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                   _("The connection with the team's database broke off. Try again."));
      return NULL;
    }
  is_sent = n_values < 0 ? PQsendQuery (self->connection, sql)
                         : PQsendQueryParams (self->connection, sql, n_values, NULL, values, NULL,
                                              NULL, 0);
  if (!is_sent)
    tvm_team_fail_result (NULL, error);
  else if (send_all (self, until_us, cancellable, error))
    result = receive_all (self, until_us, cancellable, &ended, error);
  if (!ended || PQstatus (self->connection) == CONNECTION_BAD)
    g_clear_pointer (&self->connection, PQfinish);
  return result;
}

/**
 * tvm_team_run:
 * @self: a connection
 * @sql: statements without values
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: whether all of them were good
 */
gboolean
tvm_team_run (TvmTeam      *self,
              const char   *sql,
              GCancellable *cancellable,
              GError      **error)
{
  g_autoptr(PGresult) result = tvm_team_query (self, sql, -1, NULL, cancellable, error);

  return result != NULL;
}

/**
 * tvm_team_end:
 * @self: a connection in a transaction
 * @is_good: whether to commit it
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError; not set where @is_good is %FALSE
 *
 * Returns: whether it is committed
 */
gboolean
tvm_team_end (TvmTeam      *self,
              gboolean      is_good,
              GCancellable *cancellable,
              GError      **error)
{
  if (is_good)
    return tvm_team_run (self, "COMMIT", cancellable, error);
  if (self->connection != NULL)
    tvm_team_run (self, "ROLLBACK", NULL, NULL);
  return FALSE;
}

/* ---- being told */

/* However many there are: they say no more than that the log grew. */
static gboolean
take_notifications (TvmTeam *self)
{
  PGnotify *told;
  gboolean is_told = FALSE;

  while ((told = PQnotifies (self->connection)) != NULL)
    {
      PQfreemem (told);
      is_told = TRUE;
    }
  return is_told;
}

/**
 * tvm_team_wait:
 * @self: a connection after tvm_team_listen()
 * @wake_fd: a file that ends the wait when there is something to read in it; it is not read
 * @most_us: how long to wait at the most
 * @out_is_told: (out): whether the log grew
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_OFFLINE where the connection broke
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_team_wait (TvmTeam       *self,
               int            wake_fd,
               gint64         most_us,
               gboolean      *out_is_told,
               GCancellable  *cancellable,
               GError       **error)
{
  GPollFD polls[3] = { { .fd = PQsocket (self->connection), .events = G_IO_IN },
                       { .fd = wake_fd, .events = G_IO_IN } };
  gboolean has_third;

  *out_is_told = self->connection != NULL && take_notifications (self);
  if (*out_is_told)
    return TRUE;
  if (polls[0].fd < 0)
    {
      tvm_team_fail_result (NULL, error);
      return FALSE;
    }
  has_third = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &polls[2]);
  g_poll (polls, has_third ? 3 : 2, (int) MIN (most_us / 1000, G_MAXINT));
  if (has_third)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!PQconsumeInput (self->connection))
    {
      tvm_team_fail_result (NULL, error);
      return FALSE;
    }
  *out_is_told = take_notifications (self);
  return TRUE;
}

/**
 * tvm_team_dup_cell:
 * @result: an answer
 * @row: a row of it
 * @column: a column of it
 *
 * Returns: (transfer full) (nullable): what is there; %NULL: nothing
 */
char *
tvm_team_dup_cell (PGresult *result,
                   int       row,
                   int       column)
{
  return PQgetisnull (result, row, column) ? NULL : g_strdup (PQgetvalue (result, row, column));
}

/**
 * tvm_team_get_number:
 * @result: an answer
 * @row: a row of it
 * @column: a column of it
 *
 * Returns: the whole number that is there; 0: none
 */
gint64
tvm_team_get_number (PGresult *result,
                     int       row,
                     int       column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}
