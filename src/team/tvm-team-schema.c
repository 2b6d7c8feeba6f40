/* tvm-team-schema.c: makes a team out of an empty database, and tells what there is. Numbered
 * migrations, each with the roles of this database in it. One thread at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-error.h"
#include "tvm-team-resources.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "/org/example/TvmRemediate/team/schema/"
#define MAX_DATABASE_NAME 40   /* a role's name is made of it, and PostgreSQL cuts at 63 */

static const char *const role_words[] = { "owner", "reader", "requester", "approver",
                                          "administrator" };

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GStrv
list_migrations (int *out_n)
{
  GStrv names = g_resource_enumerate_children (tvm_team_get_resource (), SCHEMA,
                                               G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (names != NULL);
  *out_n = (int) g_strv_length (names);
  qsort (names, *out_n, sizeof *names, compare_names);
  return names;
}

/**
 * tvm_team_newest_layout:
 *
 * Returns: the number of the layout that this program makes
 */
int
tvm_team_newest_layout (void)
{
  int n;
  g_auto(GStrv) names = list_migrations (&n);

  return n;
}

/* Roles are the whole server's: each database has its own. */
static char *
dup_role_name (TvmTeam    *self,
               const char *word)
{
  return g_strconcat ("tvm_", PQdb (self->connection), "_", word, NULL);
}

static void
replace_role (TvmTeam    *self,
              GString    *sql,
              const char *word)
{
  g_autofree char *name = dup_role_name (self, word);
  char *identifier = PQescapeIdentifier (self->connection, name, strlen (name));
  char *text = PQescapeLiteral (self->connection, identifier, strlen (identifier));
  g_autofree char *place = g_strconcat ("{", word, "}", NULL);
  g_autofree char *text_place = g_strconcat ("{:", word, "}", NULL);

  g_string_replace (sql, text_place, text, 0);
  g_string_replace (sql, place, identifier, 0);
  PQfreemem (text);
  PQfreemem (identifier);
}

static gboolean
run_with_roles (TvmTeam      *self,
                const char   *statements,
                GCancellable *cancellable,
                GError      **error)
{
  GString *sql = g_string_new (statements);
  gboolean is_good;

  for (guint i = 0; i < G_N_ELEMENTS (role_words); i++)
    replace_role (self, sql, role_words[i]);
  is_good = tvm_team_run (self, sql->str, cancellable, error);
  g_string_free (sql, TRUE);
  return is_good;
}

static gboolean
make_role (TvmTeam      *self,
           const char   *word,
           GCancellable *cancellable,
           GError      **error)
{
  g_autofree char *name = dup_role_name (self, word);
  g_autofree char *sql = g_strdup_printf ("CREATE ROLE {%s} NOLOGIN", word);
  const char *values[] = { name };
  g_autoptr(PGresult) found = tvm_team_query (self, "SELECT 1 FROM pg_roles WHERE rolname = $1", 1,
                                              values, cancellable, error);

  return found != NULL &&
         (PQntuples (found) > 0 || run_with_roles (self, sql, cancellable, error));
}

/* Whoever is no superuser has to be the owner before making what is the owner's. An administrator
 * gives the other rights on; only the owner makes administrators. */
static gboolean
make_roles (TvmTeam      *self,
            GCancellable *cancellable,
            GError      **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (role_words); i++)
    if (!make_role (self, role_words[i], cancellable, error))
      return FALSE;
  return run_with_roles (self,
    "DO $$ BEGIN IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN "
    "GRANT {owner} TO CURRENT_USER; END IF; END $$; "
    "GRANT {reader} TO {requester}; GRANT {requester} TO {approver}; "
    "GRANT {approver} TO {administrator}; "
    "GRANT {reader}, {requester}, {approver} TO {administrator} WITH ADMIN OPTION",
    cancellable, error);
}

static gboolean
migrate (TvmTeam      *self,
         int           version,
         GCancellable *cancellable,
         GError      **error)
{
  int newest;
  g_auto(GStrv) names = list_migrations (&newest);

  for (; version < newest; version++)
    {
      g_autofree char *path = g_strconcat (SCHEMA, names[version], NULL);
      g_autofree char *note =
        g_strdup_printf ("UPDATE tvm_remediate.about SET version = %d", version + 1);
      g_autoptr(GBytes) sql = g_resource_lookup_data (tvm_team_get_resource (), path,
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      if (!run_with_roles (self, g_bytes_get_data (sql, NULL), cancellable, error) ||
          !run_with_roles (self, "SET LOCAL ROLE {owner}", cancellable, error) ||
          !tvm_team_run (self, note, cancellable, error) ||
          !tvm_team_run (self, "RESET ROLE", cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* Tables, and whatever else people make, without what extensions have. */
#define IS_OWN(class, object) \
  "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '" class "'::regclass AND d.objid = " \
  object ".oid AND d.deptype = 'e') AND " object ".oid >= 16384"
#define COUNT_ALL \
  "(SELECT count(*) FROM pg_class c WHERE c.relkind NOT IN ('i', 'I', 't') AND " \
  IS_OWN ("pg_class", "c") ") + " \
  "(SELECT count(*) FROM pg_proc p WHERE " IS_OWN ("pg_proc", "p") ") + " \
  "(SELECT count(*) FROM pg_type t WHERE t.typtype <> 'c' AND t.typcategory <> 'A' AND " \
  IS_OWN ("pg_type", "t") ") + " \
  "(SELECT count(*) FROM pg_namespace n WHERE " IS_OWN ("pg_namespace", "n") " AND " \
  "n.nspname !~ '^pg_(toast_)?temp_') + (SELECT count(*) FROM pg_largeobject_metadata)"

/* Whether a team can be made of it. */
static gboolean
check_new (TvmTeam   *self,
           gboolean   is_empty,
           gboolean   is_utf8,
           GError   **error)
{
  const char *name = PQdb (self->connection);

  if (is_empty && is_utf8 && strlen (name) <= MAX_DATABASE_NAME)
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               /* Translators: each %s is the name of a database. */
               !is_empty ? _("The database “%s” is not empty, and what is in it is no team. Make "
                             "a new one with “createdb”, and use that.")
               : !is_utf8 ? _("The database “%s” cannot keep the letters of all languages. Make "
                              "one with “createdb --encoding UTF8 --template template0”, and use "
                              "that.")
                          : _("The name of the database “%s” is too long. Use one of 40 letters "
                              "or less."), name);
  return FALSE;
}

/* The layout's number; 0: an empty database; -1: another one's, with an error. */
static int
find_version (TvmTeam      *self,
              GCancellable *cancellable,
              GError      **error)
{
  g_autoptr(PGresult) about = tvm_team_query (self,
    "SELECT to_regclass ('tvm_remediate.about') IS NOT NULL, (" COUNT_ALL ") = 0, "
    "current_setting ('server_encoding') = 'UTF8'", 0, NULL, cancellable, error);
  g_autoptr(PGresult) version = NULL;

  if (about == NULL)
    return -1;
  if (*PQgetvalue (about, 0, 0) != 't')
    return check_new (self, *PQgetvalue (about, 0, 1) == 't', *PQgetvalue (about, 0, 2) == 't',
                      error) ? 0 : -1;
  version = tvm_team_query (self, "SELECT version FROM tvm_remediate.about", 0, NULL, cancellable,
                            error);
  return version != NULL ? (int) tvm_team_get_number (version, 0, 0) : -1;
}

/**
 * tvm_team_init:
 * @self: a connection as the database's owner, who may make roles
 * @out_is_new: (out): whether there was no team before
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where the database holds something
 *   else, %TVM_ERROR_SCHEMA_TOO_NEW
 *
 * Makes the team's tables and roles in one transaction, or brings them to the layout of this
 * program; where they are there already it does nothing.
 *
 * Returns: %FALSE on error; then the database is as before
 */
gboolean
tvm_team_init (TvmTeam      *self,
               gboolean     *out_is_new,
               GCancellable *cancellable,
               GError      **error)
{
  int version;
  gboolean is_good;

  /* Two at once: the second finds what the first made. */
  if (!tvm_team_run (self, "BEGIN; SELECT pg_advisory_xact_lock (4872690163)", cancellable, error))
    return FALSE;
  version = find_version (self, cancellable, error);
  *out_is_new = version == 0;
  if (version > tvm_team_newest_layout ())
    g_set_error (error, TVM_ERROR, TVM_ERROR_SCHEMA_TOO_NEW,
                 _("The team's database was made by a newer version of this program. Install that "
                   "version."));
  is_good = version >= 0 && version <= tvm_team_newest_layout () &&
            (version > 0 || make_roles (self, cancellable, error)) &&
            migrate (self, version, cancellable, error);
  return tvm_team_end (self, is_good, cancellable, error);
}

/* ---- looking */

/**
 * tvm_team_state_free:
 * @self: (transfer full): what was looked at
 */
void
tvm_team_state_free (TvmTeamState *self)
{
  g_free (self->id);
  g_free (self->login);
  g_free (self->account);
  g_free (self->member);
  g_strfreev (self->former);
  g_free (self->tenant);
  g_free (self);
}

static gboolean
fill_rule (TvmTeam      *self,
           TvmTeamState *state,
           GCancellable *cancellable,
           GError      **error)
{
  g_autoptr(PGresult) told = NULL;

  if (self->layout < TVM_TEAM_APPROVALS)
    return TRUE;
  told = tvm_team_query (self, "SELECT value FROM tvm_remediate.rule WHERE name = 'approval'", 0,
                         NULL, cancellable, error);
  /* A word that is not known here is a rule that is to be kept to: all. */
  if (told != NULL && PQntuples (told) > 0 &&
      !tvm_approval_rule_from_word (PQgetvalue (told, 0, 0), &state->approval))
    state->approval = TVM_APPROVE_ALL;
  return told != NULL;
}

/* Which tenant it is, where its layout has that. */
static gboolean
fill_tenant (TvmTeam      *self,
             TvmTeamState *state,
             GCancellable *cancellable,
             GError      **error)
{
  g_autoptr(PGresult) told = NULL;

  if (self->layout < TVM_TEAM_TENANT)
    return TRUE;
  told = tvm_team_query (self, "SELECT tenant FROM tvm_remediate.about", 0, NULL, cancellable,
                         error);
  if (told != NULL && PQntuples (told) > 0)
    state->tenant = tvm_team_dup_cell (told, 0, 0);
  return told != NULL;
}

static void
fail_stranger (const char  *login,
               GError     **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
               /* Translators: %s is a login's name, twice. */
               _("The login “%s” is no member of the team. Ask an administrator of the team for "
                 "“tvm-remediate team members add %s --account E-MAIL --right RIGHT”."),
               login, login);
}

static gboolean
fill_state (TvmTeam      *self,
            TvmTeamState *state,
            GCancellable *cancellable,
            GError      **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(PGresult) told = tvm_team_query (self,
    "SELECT a.version, a.team, session_user, m.account, "
    "tvm_remediate.right_of (to_regrole (quote_ident (session_user))), "
    "(SELECT count(*) FROM tvm_remediate.member WHERE left_at IS NULL), m.id, (SELECT string_agg "
    "(DISTINCT f.account, E'\n') FROM tvm_remediate.member f WHERE f.login = m.login AND f.id <> "
    "m.id) FROM tvm_remediate.about a "
    "LEFT JOIN tvm_remediate.member m ON m.id = tvm_remediate.me ()", 0, NULL, cancellable,
    &failure);

  if (told == NULL)
    {
      /* Each member may look, so that a list of who is one would not be shown either. */
      if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN) && self->connection != NULL)
        fail_stranger (PQuser (self->connection), error);
      else
        g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  state->version = (int) tvm_team_get_number (told, 0, 0);
  state->id = tvm_team_dup_cell (told, 0, 1);
  state->login = tvm_team_dup_cell (told, 0, 2);
  state->account = tvm_team_dup_cell (told, 0, 3);
  state->right = tvm_team_right_from_word (PQgetvalue (told, 0, 4));
  state->n_members = (int) tvm_team_get_number (told, 0, 5);
  state->member = tvm_team_dup_cell (told, 0, 6);
  state->former = g_strsplit (PQgetvalue (told, 0, 7), "\n", -1);
  self->layout = state->version;
  if (state->account != NULL)
    return fill_rule (self, state, cancellable, error) &&
           fill_tenant (self, state, cancellable, error);
  fail_stranger (state->login, error);
  return FALSE;
}

/**
 * tvm_team_look:
 * @self: a connection
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_FORBIDDEN for who is no member,
 *   %TVM_ERROR_NOT_FOUND where there is no team
 *
 * Returns: (transfer full): what the team's database is, and who asks; %NULL on error
 */
TvmTeamState *
tvm_team_look (TvmTeam      *self,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(TvmTeamState) state = g_new0 (TvmTeamState, 1);

  return fill_state (self, state, cancellable, error) ? g_steal_pointer (&state) : NULL;
}

/**
 * tvm_team_use_tenant:
 * @self: a connection, after tvm_team_look()
 * @state: (inout): what that said
 * @tenant: the tenant of who asks
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * A team decides about one tenant: that of who is the first to decide in it. A reader's is none.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_team_use_tenant (TvmTeam       *self,
                     TvmTeamState  *state,
                     const char    *tenant,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(PGresult) told = NULL;

  if (self->layout < TVM_TEAM_TENANT || state->tenant != NULL ||
      state->right < TVM_TEAM_REQUESTER)
    return TRUE;
  told = tvm_team_query (self, "SELECT tvm_remediate.use_tenant ($1)", 1, &tenant, cancellable,
                         error);
  if (told != NULL)
    state->tenant = tvm_team_dup_cell (told, 0, 0);
  return told != NULL;
}
