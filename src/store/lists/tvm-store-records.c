/* tvm-store-records.c: the tables' columns, and rows as records. On a connection's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include <string.h>

const char *const tvm_recommendation_columns[] = {
  "name", "product", "vendor", "recommended_version", "related_component", "category", "subcategory",
  "associated_threats", "type", "status", "weaknesses", "total_devices", "exposed_devices",
  "exposed_critical_devices", "no_impact_devices", "severity", "config_score_impact", "exposure_impact",
  "public_exploit", "active_alert", "known_exploited", "is_listed",
};
const char *const tvm_device_columns[] = {
  "name", "os_platform", "os_version", "group_name", "aad_device_id", "last_ip", "tags", "first_seen_us",
  "last_seen_us", "health", "risk", "exposure", "is_aad_joined", "in_inventory",
};
const char *const tvm_activity_columns[] = {
  "title", "recommendation_id", "related_component", "description", "notes", "groups", "type", "priority",
  "status", "completion", "due_on", "created_by", "completed_by", "created_us", "completed_us",
  "target_devices", "fixed_devices", "origin", "no_impact_only",
};
const char *const tvm_vulnerability_columns[] = {
  "name", "description", "severity", "cvss", "exposed_devices", "published_us", "public_exploit",
  "exploit_verified", "exploit_in_kit",
};

void
tvm_recommendation_values (gconstpointer record,
                           TvmValue     *values)
{
  const TvmRecommendation *r = record;
  const TvmValue all[TVM_N_RECOMMENDATION_VALUES] = {
    TVM_VALUE_TEXT (r->name), TVM_VALUE_TEXT (r->product), TVM_VALUE_TEXT (r->vendor),
    TVM_VALUE_TEXT (r->recommended_version), TVM_VALUE_TEXT (r->related_component),
    TVM_VALUE_TEXT (r->category), TVM_VALUE_TEXT (r->subcategory),
    TVM_VALUE_TEXT (r->associated_threats), TVM_VALUE_INT (r->type), TVM_VALUE_INT (r->status),
    TVM_VALUE_INT (r->weaknesses), TVM_VALUE_INT (r->total_devices),
    TVM_VALUE_INT (r->exposed_devices), TVM_VALUE_INT (r->exposed_critical_devices),
    TVM_VALUE_INT (r->no_impact_devices), TVM_VALUE_REAL (r->severity),
    TVM_VALUE_REAL (r->config_score_impact), TVM_VALUE_REAL (r->exposure_impact),
    TVM_VALUE_INT (r->public_exploit), TVM_VALUE_INT (r->active_alert),
    TVM_VALUE_INT (r->known_exploited), TVM_VALUE_INT (1),
  };

  memcpy (values, all, sizeof all);
}

void
tvm_device_values (gconstpointer record,
                   TvmValue     *values)
{
  const TvmDevice *d = record;
  const TvmValue all[TVM_N_DEVICE_VALUES] = {
    TVM_VALUE_TEXT (d->name), TVM_VALUE_TEXT (d->os_platform), TVM_VALUE_TEXT (d->os_version),
    TVM_VALUE_TEXT (d->group), TVM_VALUE_TEXT (d->aad_device_id), TVM_VALUE_TEXT (d->last_ip),
    TVM_VALUE_TEXT (d->tags), TVM_VALUE_INT (d->first_seen_us), TVM_VALUE_INT (d->last_seen_us),
    TVM_VALUE_INT (d->health), TVM_VALUE_INT (d->risk), TVM_VALUE_INT (d->exposure),
    TVM_VALUE_INT (d->is_aad_joined), TVM_VALUE_INT (1),
  };

  memcpy (values, all, sizeof all);
}

/* Returns NULL for all groups. A line break in a name would split it and becomes a space. */
char *
tvm_groups_to_text (const char *const *groups)
{
  GString *text;

  if (groups == NULL || groups[0] == NULL)
    return NULL;
  text = g_string_new (NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (groups[i]), "\n", ' ');

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", name);
    }
  return g_string_free (text, FALSE);
}

static char **
groups_from_text (const char *text)
{
  return text != NULL && *text != '\0' ? g_strsplit (text, "\n", -1) : g_new0 (char *, 1);
}

/* The groups' text is the caller's: it is left out (see tvm_store_merge_portal_activities()). */
void
tvm_activity_values (gconstpointer record,
                     TvmValue     *values)
{
  const TvmActivity *a = record;
  const TvmValue all[TVM_N_ACTIVITY_VALUES] = {
    TVM_VALUE_TEXT (a->title), TVM_VALUE_TEXT (a->recommendation_id),
    TVM_VALUE_TEXT (a->related_component), TVM_VALUE_TEXT (a->description), TVM_VALUE_TEXT (a->notes),
    TVM_VALUE_TEXT (NULL), TVM_VALUE_INT (a->type), TVM_VALUE_INT (a->priority),
    TVM_VALUE_INT (a->status), TVM_VALUE_INT (a->completion), TVM_VALUE_TEXT (a->due_on),
    TVM_VALUE_TEXT (a->created_by), TVM_VALUE_TEXT (a->completed_by), TVM_VALUE_INT (a->created_us),
    TVM_VALUE_INT (a->completed_us), TVM_VALUE_INT (a->target_devices),
    TVM_VALUE_INT (a->fixed_devices), TVM_VALUE_INT (a->origin),
    TVM_VALUE_INT (a->no_impact_only),
  };

  memcpy (values, all, sizeof all);
}

void
tvm_vulnerability_values (gconstpointer record,
                          TvmValue     *values)
{
  const TvmVulnerability *v = record;
  const TvmValue all[TVM_N_VULNERABILITY_VALUES] = {
    TVM_VALUE_TEXT (v->name), TVM_VALUE_TEXT (v->description), TVM_VALUE_INT (v->severity),
    TVM_VALUE_REAL (v->cvss), TVM_VALUE_INT (v->exposed_devices), TVM_VALUE_INT (v->published_us),
    TVM_VALUE_INT (v->public_exploit), TVM_VALUE_INT (v->exploit_verified),
    TVM_VALUE_INT (v->exploit_in_kit),
  };

  memcpy (values, all, sizeof all);
}

/* A row of TVM_SELECT_RECOMMENDATION. */
TvmRecommendation *
tvm_recommendation_from_row (sqlite3_stmt *row)
{
  TvmRecommendation *r = tvm_recommendation_new ();
  int i = 0;

  r->key = sqlite3_column_int64 (row, i++);
  r->id = tvm_db_dup (row, i++);
  r->name = tvm_db_dup (row, i++);
  r->product = tvm_db_dup (row, i++);
  r->vendor = tvm_db_dup (row, i++);
  r->recommended_version = tvm_db_dup (row, i++);
  r->related_component = tvm_db_dup (row, i++);
  r->category = tvm_db_dup (row, i++);
  r->subcategory = tvm_db_dup (row, i++);
  r->associated_threats = tvm_db_dup (row, i++);
  r->type = sqlite3_column_int (row, i++);
  r->status = sqlite3_column_int (row, i++);
  r->weaknesses = sqlite3_column_int (row, i++);
  r->total_devices = sqlite3_column_int (row, i++);
  r->exposed_devices = sqlite3_column_int (row, i++);
  r->exposed_critical_devices = sqlite3_column_int (row, i++);
  r->no_impact_devices = sqlite3_column_int (row, i++);
  r->severity = sqlite3_column_double (row, i++);
  r->config_score_impact = sqlite3_column_double (row, i++);
  r->exposure_impact = sqlite3_column_double (row, i++);
  r->public_exploit = sqlite3_column_int (row, i++);
  r->active_alert = sqlite3_column_int (row, i++);
  r->known_exploited = sqlite3_column_int (row, i++);
  r->devices_synced_us = sqlite3_column_int64 (row, i++);
  r->vulnerabilities_synced_us = sqlite3_column_int64 (row, i++);
  r->n_activities = sqlite3_column_int (row, i++);
  tvm_recommendation_apply_exceptions (r, sqlite3_column_int (row, i), sqlite3_column_int (row, i + 1));
  return r;
}

/* A row of TVM_SELECT_DEVICE or TVM_SELECT_DEVICE_PLAIN. */
TvmDevice *
tvm_device_from_row (sqlite3_stmt *row)
{
  TvmDevice *d = tvm_device_new ();
  int i = 0;

  d->key = sqlite3_column_int64 (row, i++);
  d->id = tvm_db_dup (row, i++);
  d->name = tvm_db_dup (row, i++);
  d->os_platform = tvm_db_dup (row, i++);
  d->os_version = tvm_db_dup (row, i++);
  d->group = tvm_db_dup (row, i++);
  d->aad_device_id = tvm_db_dup (row, i++);
  d->last_ip = tvm_db_dup (row, i++);
  d->tags = tvm_db_dup (row, i++);
  d->first_seen_us = sqlite3_column_int64 (row, i++);
  d->last_seen_us = sqlite3_column_int64 (row, i++);
  d->health = sqlite3_column_int (row, i++);
  d->risk = sqlite3_column_int (row, i++);
  d->exposure = sqlite3_column_int (row, i++);
  d->is_aad_joined = sqlite3_column_int (row, i++);
  d->in_inventory = sqlite3_column_int (row, i++) != 0;
  d->n_recommendations = sqlite3_column_int (row, i++);
  d->n_activities = sqlite3_column_int (row, i);
  return d;
}

/* A row of TVM_SELECT_ACTIVITY. */
TvmActivity *
tvm_activity_from_row (sqlite3_stmt *row)
{
  TvmActivity *a = tvm_activity_new ();
  int i = 0;

  a->key = sqlite3_column_int64 (row, i++);
  a->id = tvm_db_dup (row, i++);
  a->title = tvm_db_dup (row, i++);
  a->recommendation_id = tvm_db_dup (row, i++);
  a->related_component = tvm_db_dup (row, i++);
  a->description = tvm_db_dup (row, i++);
  a->notes = tvm_db_dup (row, i++);
  a->groups = groups_from_text (tvm_db_text (row, i++));
  a->type = sqlite3_column_int (row, i++);
  a->priority = sqlite3_column_int (row, i++);
  a->status = sqlite3_column_int (row, i++);
  a->completion = sqlite3_column_int (row, i++);
  a->due_on = tvm_db_dup (row, i++);
  a->created_by = tvm_db_dup (row, i++);
  a->completed_by = tvm_db_dup (row, i++);
  a->created_us = sqlite3_column_int64 (row, i++);
  a->completed_us = sqlite3_column_int64 (row, i++);
  a->target_devices = sqlite3_column_int (row, i++);
  a->fixed_devices = sqlite3_column_int (row, i++);
  a->no_impact_only = sqlite3_column_int (row, i++);
  a->origin = sqlite3_column_int (row, i++);
  a->devices_synced_us = sqlite3_column_int64 (row, i++);
  a->ticket_status = sqlite3_column_int (row, i++);
  a->n_tickets = sqlite3_column_int (row, i++);
  a->twin_id = tvm_db_dup (row, i++);
  a->disagreements = (guint) sqlite3_column_int (row, i);
  return a;
}

/* A row of TVM_TARGET_COLUMNS. */
TvmTarget *
tvm_target_from_row (sqlite3_stmt *row)
{
  TvmTarget *t = tvm_target_new ();

  t->key = sqlite3_column_int64 (row, 0);
  t->device_id = tvm_db_dup (row, 1);
  t->name = tvm_db_dup (row, 2);
  t->os_platform = tvm_db_dup (row, 3);
  t->group = tvm_db_dup (row, 4);
  t->state = sqlite3_column_int (row, 5);
  t->last_seen_us = sqlite3_column_int64 (row, 6);
  t->changed_us = sqlite3_column_int64 (row, 7);
  t->left_out = sqlite3_column_int (row, 8);
  t->ticket_id = tvm_db_dup (row, 9);
  return t;
}

/**
 * tvm_record_unref:
 * @kind: the list the record came from
 * @record: (transfer full) (nullable): a record
 *
 * Lets go of a record of tvm_store_list_records().
 */
void
tvm_record_unref (TvmListKind kind,
                  gpointer    record)
{
  switch (kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      tvm_recommendation_unref (record);
      break;
    case TVM_LIST_ACTIVITIES:
      tvm_activity_unref (record);
      break;
    case TVM_LIST_TARGETS:
    case TVM_LIST_LEFT_OUT:
      tvm_target_unref (record);
      break;
    case TVM_LIST_EXCEPTIONS:
      tvm_exception_unref (record);
      break;
    case TVM_LIST_HISTORY:
    case TVM_LIST_DEVICES:
    case TVM_LIST_EXPOSED:
    case TVM_N_LISTS:
    default:
      tvm_device_unref (record);
    }
}
