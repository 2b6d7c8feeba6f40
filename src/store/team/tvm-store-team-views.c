/* tvm-store-team-views.c: views of lists that members of a team share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_VIEWS 200          /* a menu of more stops a window */

/* Whose they are now. What the team's database refused, of who has lost the right, changes none. */
static TvmTeamView *
load_view (TvmDb      *db,
           const char *id)
{
  g_auto(GStrv) refused = tvm_db_list_texts (db, "SELECT id FROM team_event WHERE subject = ?1 AND "
                                             "number = 0 AND is_sent = 2", "s", id);
  g_autoptr(GPtrArray) events =
    tvm_team_load_without (db, id, (const char *const *) refused);

  return tvm_team_judge_view (events, NULL);
}

/* ---- what comes of the log */

/* As it was before that decision, by the log alone. */
static TvmTeamView *
load_before (TvmDb              *db,
             const TvmTeamEvent *event)
{
  g_autoptr(GPtrArray) events = tvm_team_load_subject (db, event->subject);
  guint n = 0;

  while (n < events->len && strcmp (((TvmTeamEvent *) events->pdata[n])->id, event->id) != 0)
    n++;
  g_ptr_array_set_size (events, (int) n);
  return tvm_team_judge_view (events, NULL);
}

/**
 * tvm_team_keep_view_event:
 * @db: the writer's connection, which has the decision with its place in the log
 * @event: a decision about a view
 * @arrival: where it comes from
 *
 * Which views are shared follows from the log whenever it is read; here only what is to be told of
 * it is noted: that somebody took a view of one's own back.
 */
void
tvm_team_keep_view_event (TvmDb              *db,
                          const TvmTeamEvent *event,
                          TvmTeamArrival      arrival)
{
  g_autofree char *account = NULL;
  g_autofree char *both = NULL;
  g_autoptr(TvmTeamView) before = NULL;

  db->changes |= TVM_CHANGED_SETTINGS;
  if (arrival != TVM_TEAM_OTHERS || strcmp (event->kind, TVM_EVENT_VIEW_WITHDRAWN) != 0)
    return;
  account = tvm_db_get_text (db, "SELECT value FROM setting WHERE name = ?1", "s",
                             TVM_TEAM_ACCOUNT_KEY);
  before = load_before (db, event);
  if (before == NULL || !tvm_team_is_same_person (before->who, account) ||
      tvm_team_is_same_person (event->who, account))
    return;
  both = g_strconcat (event->who, "\n", before->name, NULL);
  tvm_db_run (db, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", "ss",
              TVM_TEAM_TAKEN_KEY, both);
}

/* ---- reading */

static gpointer
list_views (TvmDb         *db,
            gconstpointer  list)
{
  GPtrArray *views = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_view_unref);
  g_auto(GStrv) ids = tvm_db_list_texts (db, "SELECT DISTINCT subject FROM team_event WHERE kind = "
                                         "'view-shared' AND EXISTS (SELECT 1 FROM setting WHERE "
                                         "name = ?1) ORDER BY subject", "s", TVM_TEAM_ID_KEY);

  for (char **id = ids; *id != NULL && views->len < MAX_VIEWS && tvm_db_is_good (db); id++)
    {
      g_autoptr(TvmTeamView) view = load_view (db, *id);

      if (view != NULL && (list == NULL || strcmp (view->list, list) == 0))
        g_ptr_array_add (views, g_steal_pointer (&view));
    }
  return views;
}

/**
 * tvm_store_list_team_views:
 * @self: a store
 * @list: (nullable): a list's word; %NULL: of all lists
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmTeamView): what members of the profile's team share,
 *   the oldest first; %NULL on error
 */
GPtrArray *
tvm_store_list_team_views (TvmStore    *self,
                           const char  *list,
                           GError     **error)
{
  return tvm_store_load (self, list_views, list, (GDestroyNotify) g_ptr_array_unref, error);
}

/* ---- sharing and taking back */

typedef struct { const char *id, *list, *name, *state, *who; } Decision;

/* Only courtesy: the database refuses what is not allowed, whatever program asks. */
static gboolean
check_sharing (TvmDb      *db,
               const char *who)
{
  int layout = (int) tvm_db_get_int (db, "SELECT CAST (value AS INTEGER) FROM setting WHERE name = "
                                     "?1", "s", TVM_TEAM_LAYOUT_KEY);

  if (!tvm_team_is_joined (db))
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 _("This profile is in no team. Join one with “tvm-remediate team join URI”."));
  else if (layout < TVM_TEAM_HAS_POLICY)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("The team's database is of an older version. Its owner brings it up to date "
                   "with “tvm-remediate team init URI”."));
  else if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_member WHERE account = ?1 AND "
                           "rights IN ('requester', 'approver', 'administrator'))", "s", who) == 0)
    tvm_db_fail (db, TVM_ERROR_FORBIDDEN,
                 _("Only a requester can share a view. Ask an administrator of your team for that "
                   "right."));
  return tvm_db_is_good (db);
}

/* One's own of that list and name that is shared already. */
static char *
find_own (TvmDb          *db,
          const Decision *data)
{
  g_autoptr(GPtrArray) views = list_views (db, data->list);

  for (guint i = 0; i < views->len; i++)
    {
      const TvmTeamView *view = views->pdata[i];

      if (strcmp (view->name, data->name) == 0 && tvm_team_is_same_person (view->who, data->who))
        return g_strdup (view->id);
    }
  return NULL;
}

static void
share_view (TvmDb    *db,
            gpointer  user_data)
{
  const Decision *data = user_data;
  TvmTeamEvent event = { .kind = (char *) TVM_EVENT_VIEW_SHARED, .who = (char *) data->who };
  g_autofree char *id = find_own (db, data);
  g_autofree char *after = tvm_team_view_to_json (data->list, data->name, data->state);

  if (!check_sharing (db, data->who))
    return;
  if (id == NULL)
    id = tvm_uuid7_new ();
  event.subject = id;
  event.after = after;
  tvm_team_note_event (db, &event);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_share_view:
 * @self: a store
 * @list: a list's word
 * @name: the view's name
 * @state: a key file of its filters and order
 * @who: who shares it: an e-mail address
 * @error: return location for %TVM_ERROR_NOT_FOUND where the profile is in no team,
 *   %TVM_ERROR_CONFLICT where its database is too old, %TVM_ERROR_FORBIDDEN
 *
 * One that this person shares by that name already is changed.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_share_view (TvmStore    *self,
                      const char  *list,
                      const char  *name,
                      const char  *state,
                      const char  *who,
                      GError     **error)
{
  Decision data = { NULL, list, name, state, who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, share_view, &data, error);
}

static void
withdraw_view (TvmDb    *db,
               gpointer  user_data)
{
  const Decision *data = user_data;
  TvmTeamEvent event = { .kind = (char *) TVM_EVENT_VIEW_WITHDRAWN, .who = (char *) data->who };
  g_autoptr(TvmTeamView) view = load_view (db, data->id);

  if (!check_sharing (db, data->who))
    return;
  if (view == NULL)
    tvm_db_fail (db, TVM_ERROR_CONFLICT, _("This view is not shared any more."));
  else if (!tvm_team_is_same_person (view->who, data->who) &&
           tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_member WHERE account = ?1 AND "
                           "rights = 'administrator')", "s", data->who) == 0)
    tvm_db_fail (db, TVM_ERROR_FORBIDDEN,
                 /* Translators: %s is an e-mail address. */
                 _("Only %s or an administrator of the team can take this view back."), view->who);
  if (!tvm_db_is_good (db))
    return;
  event.subject = (char *) data->id;
  tvm_team_note_event (db, &event);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_withdraw_view:
 * @self: a store
 * @id: a view that is shared
 * @who: who takes it back: an e-mail address
 * @error: return location for %TVM_ERROR_FORBIDDEN for who neither shares it nor is an
 *   administrator, %TVM_ERROR_CONFLICT where it is not shared any more, or as of
 *   tvm_store_share_view()
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_withdraw_view (TvmStore    *self,
                         const char  *id,
                         const char  *who,
                         GError     **error)
{
  Decision data = { .id = id, .who = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, withdraw_view, &data, error);
}
