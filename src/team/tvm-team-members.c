/* tvm-team-members.c: who is in the team, and with which right. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const rights[] = { NULL, "reader", "requester", "approver", "administrator" };

/**
 * tvm_team_right_to_word:
 * @right: a right
 *
 * Returns: (nullable): its word for scripts; %NULL: none
 */
const char *
tvm_team_right_to_word (TvmTeamRight right)
{
  return rights[right];
}

/**
 * tvm_team_right_from_word:
 * @word: (nullable): a word
 *
 * Returns: the right of that word; %TVM_TEAM_NO_RIGHT: there is none
 */
TvmTeamRight
tvm_team_right_from_word (const char *word)
{
  for (guint i = 1; i < G_N_ELEMENTS (rights); i++)
    if (g_strcmp0 (rights[i], word) == 0)
      return i;
  return TVM_TEAM_NO_RIGHT;
}

/**
 * tvm_team_right_to_text:
 * @right: a right
 *
 * Returns: its localized name for people
 */
const char *
tvm_team_right_to_text (TvmTeamRight right)
{
  switch (right)
    {
    case TVM_TEAM_READER:
      /* Translators: a right in a team. */
      return _("Reader");
    case TVM_TEAM_REQUESTER:
      /* Translators: a right in a team. */
      return _("Requester");
    case TVM_TEAM_APPROVER:
      /* Translators: a right in a team. */
      return _("Approver");
    case TVM_TEAM_ADMINISTRATOR:
      /* Translators: a right in a team. */
      return _("Administrator");
    case TVM_TEAM_NO_RIGHT:
      break;
    }
  return _("none");
}

static void
member_free (gpointer data)
{
  TvmTeamMember *self = data;

  g_free (self->login);
  g_free (self->account);
  g_free (self->added_by);
  g_free (self);
}

/* An instant is asked for in microseconds. */
#define US(column) "(extract (epoch FROM " column ") * 1000000)::bigint"

/**
 * tvm_team_list_members:
 * @self: a connection
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmTeamMember): the members, then those who left; %NULL on
 *   error
 */
GPtrArray *
tvm_team_list_members (TvmTeam      *self,
                       GCancellable *cancellable,
                       GError      **error)
{
  g_autoptr(PGresult) told = tvm_team_query (self,
    "SELECT coalesce (r.rolname, m.login_name), m.account, CASE WHEN m.left_at IS NULL THEN "
    "tvm_remediate.right_of (m.login) END, " US ("m.added_at") ", " US ("m.left_at")
    ", m.added_by FROM tvm_remediate.member m LEFT JOIN pg_roles r ON r.oid = m.login ORDER BY "
    "m.left_at IS NOT NULL, lower (m.account), m.id", 0, NULL, cancellable, error);
  GPtrArray *list;

  if (told == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func (member_free);
  for (int i = 0; i < PQntuples (told); i++)
    {
      TvmTeamMember *member = g_new0 (TvmTeamMember, 1);

      member->login = tvm_team_dup_cell (told, i, 0);
      member->account = tvm_team_dup_cell (told, i, 1);
      member->right = tvm_team_right_from_word (PQgetvalue (told, i, 2));
      member->added_us = tvm_team_get_number (told, i, 3);
      member->left_us = tvm_team_get_number (told, i, 4);
      member->added_by = tvm_team_dup_cell (told, i, 5);
      g_ptr_array_add (list, member);
    }
  return list;
}

/* Takes it from whoever gave it: where nobody is named PostgreSQL 16 takes only what oneself could
 * have given, and leaves the rest with a warning. */
static gboolean
revoke_role (TvmTeam      *self,
             const char   *role,
             const char   *login,
             PGresult     *grants,
             GCancellable *cancellable,
             GError      **error)
{
  for (int i = 0; i < PQntuples (grants); i++)
    {
      g_autofree char *sql = g_strdup_printf ("REVOKE %s FROM %s%s", role, login,
                                              PQgetvalue (grants, i, 0));

      if (!tvm_team_run (self, sql, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* Administrators are the owner's to make and to let go. */
static void
fail_administrator (const char  *role,
                    const char  *name,
                    gboolean     is_given,
                    GError     **error)
{
  if (error == NULL || !g_error_matches (*error, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    return;
  g_clear_error (error);
  if (is_given)
    g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
                 /* Translators: %s is a login's name. */
                 _("Only the owner of the team's database makes somebody an administrator: "
                   "“tvm-remediate team init URI --administrator %s --account E-MAIL”."), name);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
                 /* Translators: a login's name, then an SQL command. */
                 _("“%s” is an administrator, whom only the owner of the team's database lets go. "
                   "The owner takes that right in psql first: “REVOKE %s FROM %s”."), name, role,
                 name);
}

/* Gives a role of the team to a login, or takes it; what it had of the others goes. */
static gboolean
set_right (TvmTeam      *self,
           const char   *login,
           TvmTeamRight  right,
           GCancellable *cancellable,
           GError      **error)
{
  g_autoptr(PGresult) roles = tvm_team_query (self,
    "SELECT r.word, quote_ident (g.rolname), g.rolname, quote_ident ($1) FROM tvm_remediate.rights "
    "r JOIN pg_roles g ON g.oid = r.role ORDER BY r.rank", 1, &login, cancellable, error);
  gboolean is_good = roles != NULL;

  for (int i = 0; is_good && i < PQntuples (roles); i++)
    {
      TvmTeamRight one = tvm_team_right_from_word (PQgetvalue (roles, i, 0));
      const char *role = PQgetvalue (roles, i, 1), *name = PQgetvalue (roles, i, 3);
      const char *values[] = { login, PQgetvalue (roles, i, 2) };
      g_autoptr(PGresult) grants = tvm_team_query (self,
        "SELECT coalesce (' GRANTED BY ' || quote_ident (b.rolname), '') FROM pg_auth_members m "
        "JOIN pg_roles l ON l.oid = m.member JOIN pg_roles g ON g.oid = m.roleid LEFT JOIN "
        "pg_roles b ON b.oid = m.grantor WHERE l.rolname = $1 AND g.rolname = $2", 2, values,
        cancellable, error);

      is_good = grants != NULL;
      if (is_good && one != right)
        is_good = revoke_role (self, role, name, grants, cancellable, error);
      else if (is_good && PQntuples (grants) == 0)
        {
          g_autofree char *sql = g_strdup_printf ("GRANT %s TO %s", role, name);

          is_good = tvm_team_run (self, sql, cancellable, error);
        }
      if (!is_good && one == TVM_TEAM_ADMINISTRATOR)
        fail_administrator (role, name, one == right, error);
    }
  return is_good;
}

/* Whether a member has that login with that account; a login or account of somebody else is the
 * table's to refuse. An account may be pasted, and with what nobody sees it would be nobody's. */
static gboolean
insert_member (TvmTeam      *self,
               const char   *login,
               const char   *account,
               GCancellable *cancellable,
               GError      **error)
{
  g_autofree char *clean = tvm_text_clean (account, -1, FALSE);
  const char *values[] = { login, clean };
  g_autoptr(PGresult) there = NULL;
  g_autoptr(PGresult) added = NULL;

  there = tvm_team_query (self, "SELECT 1 FROM tvm_remediate.member m JOIN pg_roles r ON r.oid = "
                          "m.login WHERE r.rolname = $1 AND lower (m.account) = lower ($2) AND "
                          "m.left_at IS NULL", 2, values, cancellable, error);
  if (there == NULL || PQntuples (there) > 0)
    return there != NULL;
  added = tvm_team_query (self, "INSERT INTO tvm_remediate.member (login, account) VALUES "
                          "(quote_ident ($1)::regrole, $2)", 2, values, cancellable, error);
  return added != NULL;
}

/**
 * tvm_team_add_member:
 * @self: a connection as an administrator of the team, or its owner
 * @login: a login of the database, which is there
 * @account: the e-mail address that the person signs in to Microsoft with
 * @right: what the login may do; of a member, the new right
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is no such login,
 *   %TVM_ERROR_CONFLICT where login or account are another member's
 *
 * Only the owner can make somebody an administrator.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_team_add_member (TvmTeam      *self,
                     const char   *login,
                     const char   *account,
                     TvmTeamRight  right,
                     GCancellable *cancellable,
                     GError      **error)
{
  gboolean is_good;

  if (!tvm_team_run (self, "BEGIN", cancellable, error))
    return FALSE;
  is_good = insert_member (self, login, account, cancellable, error) &&
            set_right (self, login, right, cancellable, error);
  return tvm_team_end (self, is_good, cancellable, error);
}

/**
 * tvm_team_remove_member:
 * @self: a connection as an administrator of the team, or its owner
 * @login: a member's login
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where that is no member
 *
 * What the log has of them stays, under their name.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_team_remove_member (TvmTeam      *self,
                        const char   *login,
                        GCancellable *cancellable,
                        GError      **error)
{
  const char *values[] = { login };
  g_autoptr(PGresult) left = NULL;
  gboolean is_good;

  if (!tvm_team_run (self, "BEGIN", cancellable, error))
    return FALSE;
  left = tvm_team_query (self, "UPDATE tvm_remediate.member SET left_at = now () WHERE login = "
                         "to_regrole (quote_ident ($1)) AND left_at IS NULL", 1, values,
                         cancellable, error);
  is_good = left != NULL;
  if (is_good && strcmp (PQcmdTuples (left), "0") == 0)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                   /* Translators: %s is a login's name. */
                   _("“%s” is no login of a member. “tvm-remediate team members” lists them."),
                   login);
      is_good = FALSE;
    }
  is_good = is_good && set_right (self, login, TVM_TEAM_NO_RIGHT, cancellable, error);
  return tvm_team_end (self, is_good, cancellable, error);
}

/* Every write of a row that may be refused says so in its own way: none is written. */
static gboolean
check_written (PGresult  *done,
               GError   **error)
{
  if (done == NULL || strcmp (PQcmdTuples (done), "0") != 0)
    return done != NULL;
  g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
               _("Only an administrator of the team can change this."));
  return FALSE;
}

/**
 * tvm_team_set_approval:
 * @self: a connection as an administrator of the team, after tvm_team_look()
 * @rule: which exceptions need somebody else's approval from now on
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_FORBIDDEN for who is no administrator
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_team_set_approval (TvmTeam          *self,
                       TvmApprovalRule   rule,
                       GCancellable     *cancellable,
                       GError          **error)
{
  const char *values[] = { tvm_approval_rule_to_word (rule) };
  g_autoptr(PGresult) done = NULL;

  if (!tvm_team_check_layout (self, TVM_TEAM_APPROVALS, error))
    return FALSE;
  done = tvm_team_query (self, "UPDATE tvm_remediate.rule SET value = $1 WHERE name = 'approval'",
                         1, values, cancellable, error);
  return check_written (done, error);
}

/**
 * tvm_team_check_layout:
 * @self: a connection, after tvm_team_look()
 * @layout: what is needed
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * Returns: whether the database has it
 */
gboolean
tvm_team_check_layout (TvmTeam  *self,
                       int       layout,
                       GError  **error)
{
  if (self->layout >= layout)
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               _("The team's database is of an older version. Its owner brings it up to date with "
                 "“tvm-remediate team init URI”."));
  return FALSE;
}
