/* tvm-preferences-team.c: the page about the team: joining it, who is in it, how far its log and
 * this profile are apart, leaving it. Every wait can be cancelled. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-preferences-team.h"

#include "tvm-error.h"
#include "tvm-preferences-rows.h"
#include "tvm-question.h"
#include "tvm-sync-team.h"

#include <glib/gi18n-lib.h>

struct _TvmPreferencesTeam
{
  AdwPreferencesPage   parent_instance;
  TvmUi               *ui;             /* (unowned): the preferences' */
  GtkWidget           *address_row, *join_button, *look_button, *leave_button;
  GtkWidget           *wait_row;
  AdwActionRow        *result_row, *team_row, *own_row, *log_row, *faults_row;
  GtkWidget           *rule_row;
  AdwPreferencesGroup *joining, *asking, *team, *members;
  GtkWidget           *member_rows;    /* (unowned) (nullable) */
  GCancellable        *cancellable;    /* (owned): of the wait, if there is one */
  gboolean             is_waiting, is_filling, is_closed;
  gboolean             has_joined;     /* a moment ago */
  gboolean             has_result;     /* what went wrong the last time */
};

G_DEFINE_FINAL_TYPE (TvmPreferencesTeam, tvm_preferences_team, ADW_TYPE_PREFERENCES_PAGE)

static void look (TvmPreferencesTeam *self);

static gboolean
is_in_team (TvmPreferencesTeam *self)
{
  g_autofree char *right = NULL;

  g_object_get (self->ui->engine, "team-right", &right, NULL);
  return right != NULL;
}

/* ---- what is shown ------------------------------------------------------------------------- */

static void
update (TvmPreferencesTeam *self)
{
  gboolean is_joined = is_in_team (self);

  gtk_widget_set_visible (GTK_WIDGET (self->joining), !is_joined);
  gtk_widget_set_visible (GTK_WIDGET (self->team), is_joined);
  gtk_widget_set_visible (GTK_WIDGET (self->members), is_joined && self->member_rows != NULL);
  gtk_widget_set_visible (self->wait_row, self->is_waiting);
  /* An empty group is a line. */
  gtk_widget_set_visible (GTK_WIDGET (self->asking), self->is_waiting || self->has_result);
  gtk_widget_set_visible (GTK_WIDGET (self->result_row), self->has_result);
  gtk_widget_set_sensitive (self->join_button, !self->is_waiting);
  gtk_widget_set_sensitive (self->address_row, !self->is_waiting);
  gtk_widget_set_sensitive (self->look_button, !self->is_waiting);
  gtk_widget_set_sensitive (self->leave_button, !self->is_waiting);
}

static void
show_problem (TvmPreferencesTeam *self,
              const char         *title,
              const GError       *error)
{
  tvm_plain_row_set (self->result_row, title, error->message);
  self->has_result = TRUE;
}

static void
start_wait (TvmPreferencesTeam *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_waiting = TRUE;
  self->has_result = FALSE;
  update (self);
}

/* Whether there is still somebody to tell; a wait that was cancelled by a person says nothing. */
static gboolean
end_wait (TvmPreferencesTeam *self,
          const char         *title,
          const GError       *error)
{
  if (self->is_closed)
    return FALSE;
  self->is_waiting = FALSE;
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_problem (self, title, error);
  update (self);
  return TRUE;
}

static void
cancel_cb (TvmPreferencesTeam *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* How far apart its log and this profile are. */
static char *
describe_log (const TvmSyncTeam *team)
{
  g_autofree char *waiting = g_strdup_printf (
    ngettext ("%d decision waits to be sent", "%d decisions wait to be sent", team->n_waiting),
    team->n_waiting);
  g_autofree char *behind = NULL;

  if (team->n_behind < 0)
    return g_strdup (waiting);
  behind = g_strdup_printf (ngettext ("%d of others is not here yet", "%d of others are not here "
                                      "yet", (gulong) team->n_behind), (int) team->n_behind);
  if (team->n_behind == 0 && team->n_waiting == 0)
    return g_strdup (_("Everything is up to date"));
  return g_strdup_printf ("%s\n%s", waiting, behind);
}

/* Who is in the team, and who left. */
static GtkWidget *
create_members (GPtrArray *members)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < members->len; i++)
    {
      const TvmTeamMember *member = members->pdata[i];
      const char *right = member->left_us != 0 ? _("Left")
                                               : tvm_team_right_to_text (member->right);

      gtk_list_box_append (GTK_LIST_BOX (list),
                           GTK_WIDGET (tvm_plain_row_new (member->account, right)));
    }
  return list;
}

static void
show_team (TvmPreferencesTeam *self,
           const TvmSyncTeam  *team)
{
  g_autofree char *log = describe_log (team);
  g_autofree char *faults = team->faults.n > 0 ? tvm_team_faults_describe (&team->faults) : NULL;
  g_autofree char *own = NULL;

  tvm_plain_row_set (self->team_row, _("Team's database"), team->uri);
  tvm_plain_row_set (self->log_row, _("Decisions"), log);
  tvm_plain_row_set (self->faults_row, _("Decisions that count for nothing"), faults);
  gtk_widget_set_visible (GTK_WIDGET (self->faults_row), faults != NULL);
  if (team->state == NULL)
    {
      tvm_plain_row_set (self->own_row, team->account, _("The team's database was not asked yet"));
      return;
    }
  /* Translators: a right in a team, then a login's name: "Approver, login “ben”". */
  own = g_strdup_printf (_("%s, login “%s”"), tvm_team_right_to_text (team->state->right),
                         team->state->login);
  tvm_plain_row_set (self->own_row, team->account, own);
  self->is_filling = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->rule_row), team->state->approval);
  self->is_filling = FALSE;
  gtk_widget_set_sensitive (self->rule_row, team->state->right == TVM_TEAM_ADMINISTRATOR);
}

static void
show_members (TvmPreferencesTeam *self,
              GPtrArray          *members)
{
  if (self->member_rows != NULL)
    adw_preferences_group_remove (self->members, self->member_rows);
  self->member_rows = create_members (members);
  adw_preferences_group_add (self->members, self->member_rows);
}

/* ---- asking -------------------------------------------------------------------------------- */

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmPreferencesTeam) self = user_data;
  g_autoptr(GPtrArray) members = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmSyncTeam) team =
    tvm_sync_engine_look_at_team_finish (TVM_SYNC_ENGINE (object), result, &members, &error);

  if (team != NULL && !self->is_closed)
    {
      show_team (self, team);
      show_members (self, members);
    }
  end_wait (self, _("The team's database could not be asked"), error);
}

static void
shared_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmPreferencesTeam) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (end_wait (self, _("What is here could not be shared"), error) && good)
    look (self);
}

static void
share_response_cb (GtkWidget          *dialog,
                   const char         *response,
                   TvmPreferencesTeam *self)
{
  if (!g_str_equal (response, "share") || self->is_closed)
    return;
  start_wait (self);
  tvm_sync_engine_share_all_async (self->ui->engine, self->cancellable, shared_cb,
                                   g_object_ref (self));
}

/* Of a profile that has just joined. */
static void
ask_to_share (TvmPreferencesTeam *self,
              int                 n)
{
  g_autofree char *body = g_strdup_printf (
    ngettext ("%d activity or exception of yours was here before. Your team does not have it.",
              "%d activities and exceptions of yours were here before. Your team does not have "
              "them.", n), n);
  GtkWidget *dialog = tvm_question_new (GTK_WIDGET (self), _("Share what is here?"), body);

  tvm_question_add_answer (dialog, "keep", _("_Keep to myself"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "share", _("_Share all"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (dialog, "share", "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (share_response_cb), self, 0);
  tvm_question_present (dialog);
}

/* What is kept here shows at once, and stays where the database is not reached. */
static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmPreferencesTeam) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmSyncTeam) team =
    tvm_sync_engine_load_team_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (team == NULL || self->is_closed)
    return;
  show_team (self, team);
  if (self->has_joined && team->n_unshared > 0)
    ask_to_share (self, team->n_unshared);
  self->has_joined = FALSE;
  look (self);
}

static void
look (TvmPreferencesTeam *self)
{
  start_wait (self);
  tvm_sync_engine_look_at_team_async (self->ui->engine, self->cancellable, looked_cb,
                                      g_object_ref (self));
}

static void
load (TvmPreferencesTeam *self)
{
  tvm_sync_engine_load_team_async (self->ui->engine, NULL, loaded_cb, g_object_ref (self));
}

/* ---- joining and leaving ------------------------------------------------------------------- */

static void
joined_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmPreferencesTeam) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  self->has_joined = good;
  if (end_wait (self, _("The team could not be joined"), error) && good)
    load (self);
}

static void
join_cb (TvmPreferencesTeam *self)
{
  g_autofree char *address =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row))));

  if (*address == '\0' || self->is_waiting)
    return;
  start_wait (self);
  tvm_sync_engine_join_team_async (self->ui->engine, address, self->cancellable, joined_cb,
                                   g_object_ref (self));
}

static void
left_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TvmPreferencesTeam) self = user_data;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  end_wait (self, _("The team could not be left"), error);
}

static void
leave_response_cb (GtkWidget          *dialog,
                   const char         *response,
                   TvmPreferencesTeam *self)
{
  if (!g_str_equal (response, "leave") || self->is_closed)
    return;
  start_wait (self);
  tvm_sync_engine_leave_team_async (self->ui->engine, NULL, left_cb, g_object_ref (self));
}

static void
leave_cb (TvmPreferencesTeam *self)
{
  GtkWidget *dialog = tvm_question_new (
    GTK_WIDGET (self), _("Leave the team?"),
    _("What the team shared stays here as a copy. What is requested afterwards is this profile's "
      "alone, and what others decide no longer comes."));

  tvm_question_add_answer (dialog, "stay", _("_Stay"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "leave", _("_Leave the team"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "stay", "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (leave_response_cb), self, 0);
  tvm_question_present (dialog);
}

static void
rule_set_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TvmPreferencesTeam) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (end_wait (self, _("The setting could not be saved"), error) && good)
    look (self);
}

static void
rule_chosen_cb (TvmPreferencesTeam *self)
{
  if (self->is_filling || self->is_waiting)
    return;
  start_wait (self);
  tvm_sync_engine_set_approval_async (
    self->ui->engine, (TvmApprovalRule) adw_combo_row_get_selected (ADW_COMBO_ROW (self->rule_row)),
    self->cancellable, rule_set_cb, g_object_ref (self));
}

/* ---- building ------------------------------------------------------------------------------ */

static void
add_joining (TvmPreferencesTeam *self)
{
  self->joining = tvm_preferences_create_group (ADW_PREFERENCES_PAGE (self), _("Join a team"),
                             _("Several people who run one remediation programme can share what "
                               "they decide in a PostgreSQL database of their own. Who works alone "
                               "needs none."));
  self->address_row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address_row),
                                 _("Address of the team's database"));
  gtk_editable_set_text (GTK_EDITABLE (self->address_row), "");
  gtk_widget_set_tooltip_text (self->address_row, "postgresql://anna@db.contoso.example/team");
  g_signal_connect_swapped (self->address_row, "entry-activated", G_CALLBACK (join_cb), self);
  adw_preferences_group_add (self->joining, self->address_row);
  self->join_button = tvm_button_row_add (
    tvm_button_row_new (self->joining, GTK_ORIENTATION_VERTICAL), _("_Join"), G_CALLBACK (join_cb),
    self);
  gtk_widget_add_css_class (self->join_button, "suggested-action");
}

static void
add_rule (TvmPreferencesTeam *self)
{
  g_autoptr(GtkStringList) texts = gtk_string_list_new (NULL);

  for (int rule = TVM_APPROVE_NONE; rule <= TVM_APPROVE_ALL; rule++)
    gtk_string_list_append (texts, tvm_approval_rule_to_text (rule));
  self->rule_row = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rule_row),
                                 _("Exceptions that need an approval"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->rule_row), G_LIST_MODEL (texts));
  adw_combo_row_set_use_subtitle (ADW_COMBO_ROW (self->rule_row), TRUE);  /* its words are long */
  gtk_widget_set_sensitive (self->rule_row, FALSE);
  g_signal_connect_swapped (self->rule_row, "notify::selected", G_CALLBACK (rule_chosen_cb), self);
  adw_preferences_group_add (self->team, self->rule_row);
}

static void
add_team (TvmPreferencesTeam *self)
{
  GtkWidget *box;

  self->team = tvm_preferences_create_group (ADW_PREFERENCES_PAGE (self), _("Team"), NULL);
  self->team_row = tvm_preferences_create_row (self->team, _("Team's database"));
  self->own_row = tvm_preferences_create_row (self->team, _("Account"));
  self->log_row = tvm_preferences_create_row (self->team, _("Decisions"));
  self->faults_row = tvm_preferences_create_row (self->team, "");
  add_rule (self);
  box = tvm_button_row_new (self->team, GTK_ORIENTATION_VERTICAL);
  self->look_button = tvm_button_row_add (box, _("Ask _again"), G_CALLBACK (look), self);
  self->leave_button = tvm_button_row_add (box, _("_Leave…"), G_CALLBACK (leave_cb), self);
  self->members = tvm_preferences_create_group (ADW_PREFERENCES_PAGE (self), _("Members"), NULL);
}

static void
add_waiting (TvmPreferencesTeam *self)
{
  GtkWidget *spinner = tvm_preferences_create_spinner ();
  AdwActionRow *row;

  self->asking = tvm_preferences_create_group (ADW_PREFERENCES_PAGE (self), NULL, NULL);
  row = tvm_preferences_create_row (self->asking, _("Asking the team's database"));
  self->wait_row = GTK_WIDGET (row);
  gtk_widget_set_visible (spinner, TRUE);
  adw_action_row_add_prefix (row, spinner);
  tvm_preferences_add_button (row, _("_Cancel"), G_CALLBACK (cancel_cb), self);
  self->result_row = tvm_preferences_create_row (self->asking, "");
  adw_action_row_set_icon_name (self->result_row, "dialog-warning-symbolic");
}

/* ---- object -------------------------------------------------------------------------------- */

static void
tvm_preferences_team_dispose (GObject *object)
{
  TvmPreferencesTeam *self = TVM_PREFERENCES_TEAM (object);

  self->is_closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_preferences_team_parent_class)->dispose (object);
}

static void
tvm_preferences_team_class_init (TvmPreferencesTeamClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_preferences_team_dispose;
}

static void
tvm_preferences_team_init (TvmPreferencesTeam *self)
{
  adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (self), "team");
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (self), _("Team"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (self), "system-users-symbolic");
  add_joining (self);
  add_waiting (self);
  add_team (self);
}

/* The database is asked only by who looks. */
static void
mapped_cb (TvmPreferencesTeam *self)
{
  if (!self->is_waiting && is_in_team (self))
    load (self);
}

/**
 * tvm_preferences_team_new:
 * @ui: the preferences'
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
tvm_preferences_team_new (TvmUi *ui)
{
  TvmPreferencesTeam *self = g_object_new (TVM_TYPE_PREFERENCES_TEAM, NULL);

  self->ui = ui;
  g_signal_connect_object (ui->engine, "notify::team-right", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
  update (self);
  return GTK_WIDGET (self);
}
