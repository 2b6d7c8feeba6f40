/* team-fixture.c: see the header. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "team-fixture.h"

const char *const people[MEMBERS] = { "ana@x.example", "ben@x.example", "carl@x.example",
                                      "dora@x.example", "eva@x.example" };

void
keep_people (TvmStore *store, int n_administrators)
{
  g_autoptr(GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_person_unref);

  for (int i = 0; i < MEMBERS; i++)
    {
      TvmTeamPerson *person = tvm_team_person_new ();

      person->account = g_strdup (people[i]);
      person->right = g_strdup (i < n_administrators ? "administrator" : "approver");
      g_ptr_array_add (list, person);
    }
  g_assert_true (tvm_store_keep_team_members (store, list, TVM_APPROVE_NONE, 4, NULL));
}

void
team_set_up (Team *self, gconstpointer data)
{
  self->log = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  self->now_us = NOW_US;
  for (int i = 0; i < MEMBERS; i++)
    {
      fixture_set_up (&self->stores[i], NULL);
      fixture_recommendations (&self->stores[i], 1);
      /* Not all may see the same devices. */
      fixture_devices (&self->stores[i], 0, 20 + i, "10");
      fixture_refs (&self->stores[i], 0, 20 + i);
      g_assert_true (tvm_store_join_team (self->stores[i].store, "team", people[i], NULL));
      keep_people (self->stores[i].store, ADMINISTRATORS);
    }
}

void
team_tear_down (Team *self, gconstpointer data)
{
  for (int i = 0; i < MEMBERS; i++)
    fixture_tear_down (&self->stores[i], NULL);
  g_ptr_array_unref (self->log);
}

/* ---- the database */

static gboolean
has_event (Team *self, const char *id)
{
  for (guint i = 0; i < self->log->len; i++)
    if (strcmp (((TvmTeamEvent *) self->log->pdata[i])->id, id) == 0)
      return TRUE;
  return FALSE;
}

static TvmTeamEvent *
copy (const TvmTeamEvent *event, const char *who, gint64 number, gint64 recorded_us)
{
  TvmTeamEvent *made = tvm_team_event_new ();

  made->id = g_strdup (event->id);
  made->subject = g_strdup (event->subject);
  made->kind = g_strdup (event->kind);
  made->before = g_strdup (event->before);
  made->after = g_strdup (event->after);
  made->who = g_strdup (who);
  made->decided_us = event->decided_us;
  made->number = number;
  made->recorded_us = recorded_us;
  return made;
}

void
push (Team *self, int member)
{
  g_autoptr(GPtrArray) events = tvm_store_take_team_events (self->stores[member].store, NULL);

  for (guint i = 0; i < events->len; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];
      TvmTeamEvent *taken;

      g_assert_cmpstr (event->who, ==, people[member]);
      if (has_event (self, event->id))
        {
          self->n_doubled++;
          continue;
        }
      /* The rule changes now and then. */
      taken = copy (event, people[member], 2 * self->log->len + 1, self->now_us);
      taken->needs_approval = strcmp (event->kind, TVM_EVENT_FILED) == 0 &&
                              self->log->len / 8 % 2 == 0;
      g_ptr_array_add (self->log, taken);
    }
}

void
pull (Team *self, int member, guint max)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  TvmListResult result = { .received = 0 };
  gint64 number;

  g_assert_true (tvm_store_get_team_cursor (self->stores[member].store, &number, NULL));
  for (guint i = 0; i < self->log->len && events->len < max; i++)
    {
      TvmTeamEvent *event = self->log->pdata[i];

      if (event->number > number)
        g_ptr_array_add (events, tvm_team_event_ref (event));
    }
  g_assert_true (tvm_store_keep_team_events (self->stores[member].store, events, &result, NULL));
}
