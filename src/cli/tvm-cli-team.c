/* tvm-cli-team.c: team, comment: what several people share. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-store-team.h"
#include "tvm-sync-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What the options say; which command takes which is checked before it runs. */
typedef struct {
  char *administrator, *account, *right, *output;  /* (owned) (nullable) */
  char **share;                /* (owned) (nullable) */
  gboolean force, keep;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->administrator);
  g_free (self->account);
  g_free (self->right);
  g_free (self->output);
  g_strfreev (self->share);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static TvmCliStatus
init (TvmCli        *self,
      const Options *options)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autoptr(GError) error = NULL;
  gboolean is_new;

  if (options->right != NULL ||
      (options->administrator == NULL) != (options->account == NULL))
    return tvm_cli_usage_error (_("“--administrator LOGIN” and “--account E-MAIL” go together."));
  if (!tvm_sync_init_team (self->arguments[2], options->administrator, options->account, &is_new,
                           self->cancellable, &error))
    return tvm_cli_fail (error);
  if (!self->json)
    {
      tvm_cli_message ("%s", is_new ? _("The team is made. Its members join with “tvm-remediate "
                                        "team join URI”.")
                                    : _("The team was there already."));
      return TVM_CLI_DONE;
    }
  tvm_cli_json_boolean (builder, "is_new", is_new);
  tvm_cli_json_int (builder, "layout", tvm_team_newest_layout ());
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

static void
print_team_as_json (const TvmSyncTeam *team)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  const TvmTeamState *state = team->state;

  tvm_cli_json_string (builder, "uri", team->uri);
  tvm_cli_json_string (builder, "team_id", team->id);
  tvm_cli_json_string (builder, "account", team->account);
  tvm_cli_json_string (builder, "login", state != NULL ? state->login : NULL);
  tvm_cli_json_string (builder, "right",
                       state != NULL ? tvm_team_right_to_word (state->right) : NULL);
  tvm_cli_json_int (builder, "layout", state != NULL ? state->version : -1);
  tvm_cli_json_int (builder, "members", state != NULL ? state->n_members : -1);
  tvm_cli_json_int (builder, "waiting", team->n_waiting);
  tvm_cli_json_int (builder, "refused", team->n_refused);
  tvm_cli_json_int (builder, "behind", (int) team->n_behind);
  tvm_cli_json_int (builder, "unshared", team->n_unshared);
  tvm_cli_json_int (builder, "void_decisions", team->faults.n);
  if (team->faults.n > 0)
    {
      json_builder_set_member_name (builder, "first_void_decision");
      json_builder_begin_object (builder);
      tvm_cli_json_int (builder, "number", team->faults.number);
      tvm_cli_json_string (builder, "who", team->faults.who);
      tvm_cli_json_string (builder, "reason", tvm_team_fault_to_word (team->faults.fault));
      json_builder_end_object (builder);
    }
  tvm_cli_json_string (builder, "approval",
                       state != NULL ? tvm_approval_rule_to_word (state->approval) : NULL);
  tvm_cli_json_end (builder);
}

static void
print_team (const TvmSyncTeam *team)
{
  const TvmTeamState *state = team->state;
  g_autofree char *waiting = g_strdup_printf ("%d", team->n_waiting);
  g_autofree char *members = state != NULL ? g_strdup_printf ("%d", state->n_members) : NULL;
  g_autofree char *refused = team->n_refused > 0 ? g_strdup_printf ("%d", team->n_refused) : NULL;
  g_autofree char *faults = team->faults.n > 0 ? tvm_team_faults_describe (&team->faults) : NULL;

  tvm_cli_print_field (_("Team's database"), team->uri);
  tvm_cli_print_field (_("Account"), team->account);
  tvm_cli_print_field (_("Decisions that wait for the next synchronization"), waiting);
  if (refused != NULL)
    tvm_cli_print_field (_("Of these, refused by the team’s database"), refused);
  if (faults != NULL)
    tvm_cli_print_field (_("Decisions that count for nothing"), faults);
  if (state == NULL)
    return;
  tvm_cli_print_field (_("Login"), state->login);
  tvm_cli_print_field (_("Right"), tvm_team_right_to_text (state->right));
  tvm_cli_print_field (_("Members"), members);
  tvm_cli_print_field (_("Exceptions that need an approval"),
                       tvm_approval_rule_to_text (state->approval));
}

static void
show_team (TvmCli            *self,
           const TvmSyncTeam *team)
{
  if (self->json)
    print_team_as_json (team);
  else
    print_team (team);
}

/* An activity's or an exception's, which may be a beginning; NULL on error. */
static char *
find_shared (TvmCli      *self,
             const char  *id,
             GError     **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (self->store, id, &failure);
  g_autoptr(TvmException) exception = NULL;

  if (activity != NULL)
    return g_strdup (activity->id);
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    exception = tvm_store_get_exception (self->store, id, NULL);
  if (exception != NULL)
    return g_strdup (exception->id);
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is an id. */
                 _("There is no activity and no exception “%s”. “tvm-remediate activities” and "
                   "“tvm-remediate exceptions” list them."), id);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* What "--share" names: "all", "none" or activities and exceptions. */
static gboolean
share (TvmCli         *self,
       const Options  *options,
       TvmSyncTeam    *team,
       GError        **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) ids = NULL;
  gboolean is_all = options->share != NULL &&
                    g_strv_contains ((const char *const *) options->share, "all");
  int n;

  if (options->share == NULL ||
      g_strv_contains ((const char *const *) options->share, "none"))
    return TRUE;
  for (char **id = options->share; !is_all && *id != NULL; id++)
    {
      g_autofree char *whole = find_shared (self, *id, error);

      if (whole == NULL)
        return FALSE;
      g_strv_builder_add (builder, whole);
    }
  ids = g_strv_builder_end (builder);
  if (!tvm_sync_engine_share (self->engine, is_all ? NULL : (const char *const *) ids, &n, error))
    return FALSE;
  team->n_waiting = tvm_store_count_team_events (self->store, NULL);
  team->n_unshared -= n;
  return TRUE;
}

static TvmCliStatus
join (TvmCli        *self,
      const Options *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmSyncTeam) team = NULL;

  if (tvm_cli_open_engine (self, &error))
    team = tvm_sync_engine_join_team (self->engine, self->arguments[2], self->cancellable, &error);
  if (team == NULL || !share (self, options, team, &error))
    return tvm_cli_fail (error);
  if (team->n_unshared > 0 && options->share == NULL)
    tvm_cli_message (ngettext ("%d activity or exception that was here before stays your own; "
                               "“--share all” or “--share ID” shares it.",
                               "%d activities and exceptions that were here before stay your own; "
                               "“--share all” or “--share ID” shares them.", team->n_unshared),
                     team->n_unshared);
  show_team (self, team);
  return TVM_CLI_DONE;
}

/* ---- export */

static TvmCliStatus
export (TvmCli        *self,
        const Options *options)
{
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();
  g_autoptr(GError) error = NULL;
  gint64 n = 0;

  if (options->output == NULL)
    return tvm_cli_usage_error (_("“export” needs a file: --output FILE, or “-” for standard "
                                  "output."));
  if (self->json && strcmp (options->output, "-") == 0)
    return tvm_cli_usage_error (_("Standard output cannot carry both the export and --json."));
  if (!tvm_cli_open_engine (self, &error) ||
      !tvm_sync_engine_export_team (self->engine, options->output, options->force, &n,
                                    self->cancellable, &error))
    return tvm_cli_fail (error);
  if (!self->json)
    {
      tvm_cli_message (ngettext ("%d decision written to %s", "%d decisions written to %s",
                                 (gulong) n), (int) n,
                       strcmp (options->output, "-") == 0 ? _("standard output")
                                                          : options->output);
      return TVM_CLI_DONE;
    }
  tvm_cli_json_int (builder, "decisions", n);
  tvm_cli_json_string (builder, "output", options->output);
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

/* What is kept here is shown also where the database cannot be asked. */
static TvmCliStatus
status (TvmCli *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmSyncTeam) team = NULL;
  g_autoptr(TvmSyncTeam) asked = NULL;

  if (tvm_cli_open_engine (self, &error))
    team = tvm_sync_engine_get_team (self->engine, FALSE, self->cancellable, &error);
  if (g_error_matches (error, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    {
      if (self->json)
        tvm_cli_json_print_text ("null\n");
      else
        tvm_cli_message ("%s", error->message);
      return TVM_CLI_DONE;
    }
  if (team == NULL)
    return tvm_cli_fail (error);
  asked = tvm_sync_engine_get_team (self->engine, TRUE, self->cancellable, &failure);
  show_team (self, asked != NULL ? asked : team);
  return asked != NULL ? TVM_CLI_DONE : tvm_cli_fail (failure);
}

static void
add_member_as_json (JsonBuilder         *builder,
                    const TvmTeamMember *member)
{
  json_builder_begin_object (builder);
  tvm_cli_json_string (builder, "login", member->login);
  tvm_cli_json_string (builder, "account", member->account);
  tvm_cli_json_string (builder, "right", tvm_team_right_to_word (member->right));
  tvm_cli_json_instant (builder, "added", member->added_us);
  tvm_cli_json_string (builder, "added_by", member->added_by);
  tvm_cli_json_instant (builder, "left", member->left_us);
  json_builder_end_object (builder);
}

static TvmCliStatus
list_members (TvmCli *self)
{
  static const char *const headings[] = { N_("Account"), N_("Login"), N_("Right"), N_("Left"),
                                          NULL };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) members =
    tvm_sync_engine_list_members (self->engine, self->cancellable, &error);

  if (members == NULL)
    return tvm_cli_fail (error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < members->len; i++)
    {
      const TvmTeamMember *member = members->pdata[i];
      g_autofree char *left = member->left_us != 0 ? tvm_cli_local_time (member->left_us) : NULL;

      add_member_as_json (builder, member);
      tvm_cli_table_cell (table, member->account);
      tvm_cli_table_cell (table, member->login);
      tvm_cli_table_cell (table, tvm_team_right_to_text (member->right));
      tvm_cli_table_cell (table, left);
    }
  json_builder_end_array (builder);
  if (self->json)
    tvm_cli_json_print (builder);
  else
    tvm_cli_table_print (table);
  return TVM_CLI_DONE;
}

static TvmCliStatus
change_members (TvmCli        *self,
                const Options *options)
{
  static const char *const verbs[] = { "add", "remove", NULL };
  const char *verb = self->arguments[2], *login = verb != NULL ? self->arguments[3] : NULL;
  TvmTeamRight right = tvm_team_right_from_word (options->right);
  g_autoptr(GError) error = NULL;
  gboolean is_add = g_strcmp0 (verb, "add") == 0, is_good = TRUE;

  if (verb != NULL && !g_strv_contains (verbs, verb))
    return tvm_cli_unknown_word (_("Use “team members”, “team members add LOGIN” or “team members "
                                   "remove LOGIN”."), verb, verbs);
  if ((verb != NULL && login == NULL) || options->administrator != NULL ||
      is_add != (options->account != NULL) || is_add != (options->right != NULL))
    return tvm_cli_usage_error (_("Use “team members”, “team members add LOGIN --account E-MAIL "
                                  "--right RIGHT” or “team members remove LOGIN”."));
  if (is_add && right == TVM_TEAM_NO_RIGHT)
    return tvm_cli_usage_error (_("A right is one of: reader, requester, approver, "
                                  "administrator."));
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  if (is_add)
    is_good = tvm_sync_engine_add_member (self->engine, login, options->account, right,
                                          self->cancellable, &error);
  else if (verb != NULL)
    is_good = tvm_sync_engine_remove_member (self->engine, login, self->cancellable, &error);
  return is_good ? list_members (self) : tvm_cli_fail (error);
}

static TvmCliStatus
leave (TvmCli *self)
{
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_open_engine (self, &error) || !tvm_sync_engine_leave_team (self->engine, &error))
    return tvm_cli_fail (error);
  tvm_cli_message ("%s", _("This profile is in no team any more."));
  return TVM_CLI_DONE;
}

static TvmCliStatus
assign (TvmCli *self)
{
  const char *who = self->arguments[3];
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = NULL;

  if (tvm_cli_open_engine (self, &error))
    activity = tvm_store_get_activity (self->store, self->arguments[2], &error);
  if (activity == NULL || !tvm_sync_engine_assign (self->engine, activity->id, who, &error))
    return tvm_cli_fail (error);
  return tvm_cli_show_activity (self, activity->id, NULL, NULL);
}

/* Shows the rule, or sets it. */
static TvmCliStatus
approval (TvmCli *self)
{
  const char *word = self->arguments[2];
  TvmApprovalRule rule = TVM_APPROVE_NONE;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmSyncTeam) team = NULL;
  g_autoptr(JsonBuilder) builder = tvm_cli_json_begin ();

  if (word != NULL && !tvm_approval_rule_from_word (word, &rule))
    return tvm_cli_usage_error (_("Which exceptions need an approval is one of: none, risky, "
                                  "all."));
  if (!tvm_cli_open_engine (self, &error) ||
      (word != NULL &&
       !tvm_sync_engine_set_approval (self->engine, rule, self->cancellable, &error)))
    return tvm_cli_fail (error);
  team = tvm_sync_engine_get_team (self->engine, TRUE, self->cancellable, &error);
  if (team == NULL)
    return tvm_cli_fail (error);
  if (!self->json)
    {
      tvm_cli_print_field (_("Exceptions that need an approval"),
                           tvm_approval_rule_to_text (team->state->approval));
      return TVM_CLI_DONE;
    }
  tvm_cli_json_string (builder, "approval", tvm_approval_rule_to_word (team->state->approval));
  tvm_cli_json_end (builder);
  return TVM_CLI_DONE;
}

static TvmCliStatus
run_verb (TvmCli        *self,
          const Options *options)
{
  static const char *const verbs[] = { "init", "join", "status", "members", "leave", "assign",
                                       "approval", "export", NULL };
  const char *verb = self->arguments[1], *word = self->arguments[2];
  gboolean is_export = strcmp (verb, "export") == 0, is_join = strcmp (verb, "join") == 0;
  gboolean is_leave = strcmp (verb, "leave") == 0;
  gboolean has_options = options->administrator != NULL || options->account != NULL ||
                         options->right != NULL || (options->output != NULL && !is_export) ||
                         (options->force && !is_export) || (options->share != NULL && !is_join) ||
                         (options->keep && !is_leave);
  gboolean is_one = word != NULL && self->arguments[3] == NULL;

  if (strcmp (verb, "init") == 0 && is_one)
    return init (self, options);
  if (strcmp (verb, "members") == 0)
    return change_members (self, options);
  if (is_join && is_one && !has_options)
    return join (self, options);
  if (is_export && word == NULL && !has_options)
    return export (self, options);
  if (strcmp (verb, "status") == 0 && word == NULL && !has_options)
    return status (self);
  if (is_leave && word == NULL && !has_options)
    return leave (self);
  if (strcmp (verb, "assign") == 0 && word != NULL && self->arguments[3] != NULL && !has_options)
    return assign (self);
  if (strcmp (verb, "approval") == 0 && (word == NULL || is_one) && !has_options)
    return approval (self);
  return tvm_cli_unknown_word (_("Use “team init URI”, “team join URI”, “team status”, “team "
                                 "members”, “team assign ACTIVITY WHO”, “team approval”, “team "
                                 "export” or “team leave”."), verb, verbs);
}

static TvmCliStatus
run_team (TvmCli *self)
{
  g_auto(Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "administrator", 0, 0, G_OPTION_ARG_FILENAME, &options.administrator,
      N_("init: make this login of the database an administrator of the team"), "LOGIN" },
    { "account", 0, 0, G_OPTION_ARG_FILENAME, &options.account,
      N_("The e-mail address that the person of the login signs in with"), "E-MAIL" },
    { "right", 0, 0, G_OPTION_ARG_FILENAME, &options.right,
      N_("What a member may do: reader, requester, approver or administrator"), "RIGHT" },
    { "share", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.share,
      N_("join: what was decided here before: all, none, or an activity or exception; may be "
         "repeated"),
      N_("ID") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output,
      N_("export: the file, or “-” for standard output"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &options.force,
      N_("export: replace a file that is there"), NULL },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &options.keep,
      N_("leave: keep a copy of what the team shared, which is so anyway"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!tvm_cli_parse (self, entries, 1, 3))
    return TVM_CLI_USAGE;
  return run_verb (self, &options);
}

static TvmCliStatus
run_comment (TvmCli *self)
{
  g_autoptr(GError) error = NULL;

  if (!tvm_cli_parse (self, NULL, 2, 2))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error) ||
      !tvm_sync_engine_comment (self->engine, self->arguments[1], self->arguments[2], &error))
    return tvm_cli_fail (error);
  return TVM_CLI_DONE;
}

const TvmCliCommand tvm_cli_team_command = {
  "team",
  "init URI [--administrator LOGIN --account E-MAIL] | join URI [--share all|none|ID…] | status "
  "| members [add LOGIN --account E-MAIL --right RIGHT | remove LOGIN] | assign ACTIVITY WHO | "
  "approval [none|risky|all] | export --output FILE [--force] | leave [--keep]",
  N_("Share decisions with others in a team's database on PostgreSQL"),
  run_team
};

const TvmCliCommand tvm_cli_comment_command = {
  "comment", "ACTIVITY TEXT", N_("Add a comment to a remediation activity's history"), run_comment
};
