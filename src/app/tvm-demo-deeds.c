/* tvm-demo-deeds.c: what the others of the demo's team decide, and when. Their words are data of
 * the demo tenant, as its names are: nobody translates them. Blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-deeds.h"

#include "tvm-team-shared.h"
#include "tvm-time.h"

#define DAY_S          (24 * 3600)
#define FIRST_DUE_DAYS 5       /* from today, of what they request */
#define HOLDS_DAYS     45      /* an exception of theirs */

#define YUKI  TVM_DEMO_YUKI
#define JONAS TVM_DEMO_JONAS

#define VIEW "[view]\nfilter-due=2\nsort=due\n"

enum { ROLLOUT, SERVERS, LAPTOPS, LABS, OFFICES, KIOSKS, FREEZE, REPLACED, N_SUBJECTS };
G_STATIC_ASSERT ((int) N_SUBJECTS == TVM_DEMO_N_SUBJECTS);

const char *const tvm_demo_logins[TVM_DEMO_N_PEOPLE + 1] = { "adele", "yuki", "jonas", NULL };
const char *const tvm_demo_accounts[TVM_DEMO_N_PEOPLE] = {
  NULL, "yuki.tanaka@contoso.example", "jonas.weber@contoso.example"
};

const TvmDemoDeed tvm_demo_deeds[] = {
  { -30 * DAY_S, TVM_DEMO_PERSON, N_SUBJECTS, TVM_EVENT_POLICY, "exploitation-3-14-60" },
  { -20 * DAY_S, JONAS, LAPTOPS, TVM_EVENT_REQUESTED, "Field staff first." },
  { -9 * DAY_S, JONAS, REPLACED, TVM_EVENT_FILED,
    "These computers are replaced by the end of the quarter." },
  { -8 * DAY_S, YUKI, REPLACED, TVM_EVENT_APPROVED, NULL },
  { -6 * DAY_S, YUKI, SERVERS, TVM_EVENT_REQUESTED, NULL },
  { -6 * DAY_S, YUKI, SERVERS, TVM_EVENT_ASSIGNED, NULL, YUKI },
  { -4 * DAY_S, JONAS, SERVERS, TVM_EVENT_COMMENT,
    "Those in Hamburg have to wait for Sunday's maintenance window." },
  { -3 * DAY_S, JONAS, ROLLOUT, TVM_EVENT_REQUESTED, "Ring 1 first, the rest a week later." },
  { -3 * DAY_S, JONAS, ROLLOUT, TVM_EVENT_ASSIGNED, NULL, TVM_DEMO_PERSON },
  { -2 * DAY_S, YUKI, LAPTOPS, TVM_EVENT_COMPLETED,
    "Done everywhere; two are in the repair shop and get it there." },
  { -1 * DAY_S, YUKI, ROLLOUT, TVM_EVENT_COMMENT,
    "Ring 1 begins tonight, and the help desk knows of it." },
  { -2 * DAY_S, YUKI, N_SUBJECTS, TVM_EVENT_VIEW_SHARED, "Monday’s meeting" },
  { -1 * DAY_S, JONAS, LABS, TVM_EVENT_REQUESTED, "The laboratories ask for a day's notice." },
  { -1 * DAY_S, JONAS, FREEZE, TVM_EVENT_FILED,
    "Nothing may change on these until the audit is over." },
  { -3 * 3600, JONAS, KIOSKS, TVM_EVENT_FILED, "The kiosks are cut off from the network." },
  { 8, YUKI, ROLLOUT, TVM_EVENT_COMMENT,
    "I can take the servers tonight if you take the clients." },
  { 60, YUKI, KIOSKS, TVM_EVENT_APPROVED, NULL },
  { 120, JONAS, LABS, TVM_EVENT_ASSIGNED, NULL, YUKI },
  { 180, YUKI, SERVERS, TVM_EVENT_COMPLETED, "Hamburg too, as of this morning." },
  { 240, YUKI, LABS, TVM_EVENT_COMMENT, "It needs a restart. I have asked for tonight." },
  { 300, JONAS, ROLLOUT, TVM_EVENT_COMMENT, "Danke! Then only Osaka is left." },
  { 360, JONAS, OFFICES, TVM_EVENT_REQUESTED, "One time zone a day, Osaka first." },
  { 370, JONAS, OFFICES, TVM_EVENT_ASSIGNED, NULL },
  { 420, YUKI, OFFICES, TVM_EVENT_COMMENT, "Osaka has a holiday on Friday, so better before." },
  { 0 },
};

/* What an approver does about what the person files. */
const TvmDemoDeed tvm_demo_approval = { 5, YUKI, N_SUBJECTS, TVM_EVENT_APPROVED };

/* The recommendation's exposed devices. */
static TvmDeviceRefs *
load_targets (TvmSyncEngine  *engine,
              const char     *recommendation_id,
              GCancellable   *cancellable,
              GError        **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);
  g_autoptr(GPtrArray) devices = NULL;
  TvmDeviceRefs *targets;

  query->recommendation_id = g_strdup (recommendation_id);
  if (tvm_sync_engine_fetch_devices (engine, recommendation_id, cancellable, error))
    devices = tvm_store_list_rows (tvm_sync_engine_get_store (engine), query, error);
  if (devices == NULL)
    return NULL;
  targets = tvm_device_refs_new ();
  for (guint i = 0; i < devices->len; i++)
    {
      const TvmDevice *device = devices->pdata[i];

      tvm_device_refs_add (targets, device->id, device->name, device->os_platform, device->group);
    }
  return targets;
}

static char *
dup_day (int days_ahead)
{
  g_autofree char *today = tvm_today ();

  return tvm_date_add_days (today, days_ahead);
}

static char *
make_activity (const TvmDemoDeed       *deed,
               const TvmRecommendation *about,
               const TvmDeviceRefs     *targets)
{
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  const TvmRequest request = { .type = about->type };

  activity->title = tvm_activity_title (&request, about);
  activity->recommendation_id = g_strdup (about->id);
  activity->related_component = g_strdup (about->related_component);
  activity->notes = g_strdup (deed->text);
  activity->due_on = dup_day (FIRST_DUE_DAYS + 3 * (int) deed->subject);
  activity->type = about->type;
  activity->priority = TVM_PRIORITY_MEDIUM;
  activity->groups = g_new0 (char *, 1);
  return tvm_team_activity_to_json (activity, targets);
}

static char *
make_exception (const TvmDemoDeed       *deed,
                const TvmRecommendation *about)
{
  g_autoptr(TvmException) exception = tvm_exception_new ();

  exception->recommendation_id = g_strdup (about->id);
  exception->recommendation_name = g_strdup (about->name);
  exception->related_component = g_strdup (about->related_component);
  exception->type = about->type;
  exception->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  exception->context = g_strdup (deed->text);
  exception->is_global = TRUE;
  exception->groups = g_new0 (char *, 1);
  exception->ends_on = dup_day (HOLDS_DAYS);
  exception->weaknesses_then = about->weaknesses;
  exception->exploit_then = about->public_exploit;
  return tvm_team_exception_to_json (exception, -1);
}

/**
 * tvm_demo_deed_make_after:
 * @deed: what is decided
 * @engine: the demo's engine
 * @about: (nullable): the subject's recommendation
 * @account: the person's e-mail address
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): what the team's log is told beside its kind; %NULL: nothing,
 *   or on error
 */
char *
tvm_demo_deed_make_after (const TvmDemoDeed        *deed,
                          TvmSyncEngine            *engine,
                          const TvmRecommendation  *about,
                          const char               *account,
                          GCancellable             *cancellable,
                          GError                  **error)
{
  g_autoptr(TvmDeviceRefs) targets = NULL;

  if (g_str_equal (deed->kind, TVM_EVENT_REQUESTED))
    {
      targets = load_targets (engine, about->id, cancellable, error);
      return targets != NULL ? make_activity (deed, about, targets) : NULL;
    }
  if (g_str_equal (deed->kind, TVM_EVENT_FILED))
    return make_exception (deed, about);
  if (g_str_equal (deed->kind, TVM_EVENT_POLICY))
    return tvm_team_policy_to_json (deed->text);
  if (g_str_equal (deed->kind, TVM_EVENT_VIEW_SHARED))
    return tvm_team_view_to_json ("activities", deed->text, VIEW);
  if (g_str_equal (deed->kind, TVM_EVENT_ASSIGNED))
    return tvm_team_assignee_to_json (deed->to == TVM_DEMO_PERSON ? account
                                                                  : tvm_demo_accounts[deed->to]);
  return tvm_team_text_to_json (deed->text);
}
