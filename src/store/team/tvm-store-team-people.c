/* tvm-store-team-people.c: who is in the team, as its database said last, and what is decided with
 * them: comments and assignments. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include <glib/gi18n-lib.h>

/* ---- members */

typedef struct { GPtrArray *people; TvmApprovalRule rule; int layout; } Members;

/* All of it as one text. */
static char *
dup_whole (TvmDb *db)
{
  return tvm_db_get_text (db, "SELECT group_concat (line, char (10)) FROM (SELECT account || ' ' "
                          "|| coalesce (rights, '') AS line FROM team_member UNION SELECT name || "
                          "' ' || value FROM setting WHERE name = ?1 ORDER BY 1)", "s",
                          TVM_TEAM_LAYOUT_KEY);
}

static void
keep_members (TvmDb    *db,
              gpointer  user_data)
{
  const Members *data = user_data;
  GPtrArray *people = data->people;
  g_autofree char *before = dup_whole (db);
  g_autofree char *after = NULL;

  tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
              "SET value = ?2", "ss", TVM_TEAM_APPROVAL_KEY,
              tvm_approval_rule_to_word (data->rule));
  tvm_db_run (db, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, CAST (?2 AS TEXT))",
              "si", TVM_TEAM_LAYOUT_KEY, data->layout);
  tvm_db_run (db, "DELETE FROM team_member", "");
  for (guint i = 0; i < people->len; i++)
    {
      const TvmTeamPerson *person = people->pdata[i];

      tvm_db_run (db, "INSERT INTO team_member (account, rights) VALUES (?1, ?2) ON CONFLICT DO "
                  "NOTHING", "ss", person->account, person->right);
    }
  after = dup_whole (db);
  if (g_strcmp0 (before, after) == 0)
    return;
  db->changes |= TVM_CHANGED_SETTINGS;  /* what one may do may be something else */
  tvm_team_settle_waiting (db);
}

/**
 * tvm_store_keep_team_members:
 * @self: a store
 * @people: (element-type TvmTeamPerson): who is in the team now
 * @rule: which exceptions need an approval
 * @layout: of its database
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_keep_team_members (TvmStore         *self,
                             GPtrArray        *people,
                             TvmApprovalRule   rule,
                             int               layout,
                             GError          **error)
{
  Members data = { people, rule, layout };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, keep_members, &data, error);
}

static gpointer
read_person (sqlite3_stmt *row)
{
  TvmTeamPerson *person = tvm_team_person_new ();

  person->account = tvm_db_dup (row, 0);
  person->right = tvm_db_dup (row, 1);
  return person;
}

static gpointer
list_members (TvmDb         *db,
              gconstpointer  unused)
{
  return tvm_db_list (db, tvm_db_query (db, "SELECT m.account, m.rights FROM team_member m JOIN "
                                        "setting s ON s.name = ?1 ORDER BY m.account", "s",
                                        TVM_TEAM_ID_KEY),
                      read_person, (GDestroyNotify) tvm_team_person_unref);
}

/**
 * tvm_store_list_team_members:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmTeamPerson): who is in the team, as far as is known
 *   here; empty where the profile is in none; %NULL on error
 */
GPtrArray *
tvm_store_list_team_members (TvmStore  *self,
                             GError   **error)
{
  return tvm_store_load (self, list_members, NULL, (GDestroyNotify) g_ptr_array_unref, error);
}

static gpointer
dup_right (TvmDb         *db,
           gconstpointer  unused)
{
  return tvm_db_get_text (db, "SELECT coalesce (m.rights, 'none') FROM setting i LEFT JOIN setting "
                          "a ON a.name = ?2 LEFT JOIN team_member m ON m.account = a.value WHERE "
                          "i.name = ?1", "ss", TVM_TEAM_ID_KEY, TVM_TEAM_ACCOUNT_KEY);
}

/**
 * tvm_store_dup_team_right:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): what one may do in the team: a right's word, or "none";
 *   %NULL: the profile is in no team
 */
char *
tvm_store_dup_team_right (TvmStore  *self,
                          GError   **error)
{
  return tvm_store_load (self, dup_right, NULL, g_free, error);
}

/* ---- comments */

typedef struct { const char *activity_id, *who, *text; } Decision;

static void
comment (TvmDb    *db,
         gpointer  user_data)
{
  const Decision *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->activity_id);

  if (!tvm_db_is_good (db))
    return;
  tvm_history_add_change (db, key, "comment", data->who, data->text, NULL, NULL);
  tvm_team_note (db, key, TVM_EVENT_COMMENT, data->who, data->text);
  db->changes |= TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_comment:
 * @self: a store
 * @activity_id: an activity
 * @who: (nullable): the person's e-mail address
 * @text: what the person wrote
 * @error: return location for %TVM_ERROR_NOT_FOUND
 *
 * Adds it to the activity's history.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_comment (TvmStore    *self,
                   const char  *activity_id,
                   const char  *who,
                   const char  *text,
                   GError     **error)
{
  g_autofree char *clean = tvm_note_clean (text);
  Decision data = { activity_id, who, clean };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, comment, &data, error);
}

/* ---- assignments */

/* As the team writes the address; NULL after an error. */
static char *
find_member (TvmDb      *db,
             const char *account)
{
  char *found = tvm_db_get_text (db, "SELECT account FROM team_member WHERE account = ?1", "s",
                                 account);

  if (found == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is an e-mail address. */
                 _("“%s” is nobody of your team. “tvm-remediate team members” lists who is."),
                 account);
  return found;
}

/* Whether the team knows it. */
static gboolean
check_shared (TvmDb      *db,
              const char *subject)
{
  if (!tvm_team_is_joined (db))
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 _("This profile is in no team. Join one with “tvm-remediate team join URI”."));
  else if (!tvm_team_knows (db, subject, TVM_EVENT_REQUESTED))
    tvm_db_fail (db, TVM_ERROR_INVALID,
                 _("Your team does not have this activity: it was requested before you joined, or "
                   "made in the portal. Request remediation again to share it."));
  return tvm_db_is_good (db);
}

static void
assign (TvmDb    *db,
        gpointer  user_data)
{
  const Decision *data = user_data;
  TvmTeamEvent event = { .kind = (char *) TVM_EVENT_ASSIGNED, .who = (char *) data->who };
  gint64 key = tvm_refs_activity_key (db, data->activity_id);
  g_autofree char *subject = tvm_db_get_text (db, "SELECT id FROM activity WHERE key = ?1", "I",
                                              key);
  g_autofree char *before = NULL;
  g_autofree char *assignee = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *wanted = NULL;

  if (!tvm_db_is_good (db) || !check_shared (db, subject))
    return;
  if (data->text != NULL)
    assignee = find_member (db, data->text);
  before = tvm_db_get_text (db, "SELECT assignee FROM activity WHERE key = ?1", "I", key);
  if (!tvm_db_is_good (db) || g_strcmp0 (before, assignee) == 0)
    return;
  tvm_db_run (db, "UPDATE activity SET assignee = ?2 WHERE key = ?1", "Is", key, assignee);
  tvm_history_add_change (db, key, "assigned", data->who, NULL, before, assignee);
  event.subject = subject;
  event.before = seen = tvm_team_assignee_to_json (before);
  event.after = wanted = tvm_team_assignee_to_json (assignee);
  tvm_team_note_event (db, &event);
  db->changes |= TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_assign:
 * @self: a store
 * @activity_id: an activity that the team has
 * @who: who decides it: an e-mail address
 * @assignee: (nullable): the e-mail address of a member; %NULL: nobody
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_INVALID where the team does not have
 *   the activity
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_assign (TvmStore    *self,
                  const char  *activity_id,
                  const char  *who,
                  const char  *assignee,
                  GError     **error)
{
  Decision data = { activity_id, who, assignee };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, assign, &data, error);
}
