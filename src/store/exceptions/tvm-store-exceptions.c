/* tvm-store-exceptions.c: filing, showing and cancelling exceptions (R10).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"

#include "tvm-known.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MIN_PREFIX_CHARS 8

typedef struct
{
  const TvmExceptionForm *form;
  const char             *who, *id;
  const char *const      *groups;     /* (nullable) */
  TvmExceptionEffect     *effect;
  TvmException           *exception;  /* (owned) (nullable): the result */
} ExceptionData;

/**
 * tvm_exceptions_find:
 * @db: a connection; it fails where there is none
 * @id: as of tvm_store_get_exception()
 *
 * Returns: (transfer full) (nullable): the exception
 */
TvmException *
tvm_exceptions_find (TvmDb      *db,
                     const char *id)
{
  sqlite3_stmt *row = tvm_table_query (db, &tvm_exception_table,
                                       "WHERE x.id = ?1 OR (length (?1) >= ?2 AND "
                                       "lower (substr (x.id, 1, length (?1))) = lower (?1)) "
                                       "ORDER BY x.id <> ?1 LIMIT 2", "si", id,
                                       MIN_PREFIX_CHARS);
  g_autoptr(TvmException) found =
    tvm_db_next (db, row) ? tvm_table_read (&tvm_exception_table, row) : NULL;

  if (found == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is an id. */
                 _("There is no exception “%s” here. Check the id in the list of exceptions."), id);
  else if (strcmp (found->id, id) != 0 && tvm_db_next (db, row))
    tvm_db_fail (db, TVM_ERROR_INVALID,
                 /* Translators: %s is the beginning of an id. */
                 _("Several exceptions begin with “%s”. Write more of the id."), id);
  tvm_db_reset (row);
  return g_steal_pointer (&found);
}

/**
 * tvm_store_get_exception:
 * @self: a store
 * @id: an exception's id, or an unambiguous beginning of at least eight characters
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_INVALID
 *
 * Returns: (transfer full): the exception, or %NULL on error
 */
TvmException *
tvm_store_get_exception (TvmStore   *self,
                         const char *id,
                         GError    **error)
{
  return tvm_store_load (self, (TvmStoreLoadFunc) tvm_exceptions_find, id,
                         (GDestroyNotify) tvm_exception_unref, error);
}

static gpointer
list_history (TvmDb *db, gconstpointer id)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT j.kind, j.who, j.detail, 0, j.when_us, j.before, "
                                    "j.after FROM exception_history j JOIN exception x ON x.key = "
                                    "j.exception_key WHERE x.id = ?1 "
                                    "ORDER BY j.key DESC", "s", id);

  return tvm_history_read (db, row);
}

/**
 * tvm_store_list_exception_history:
 * @self: a store
 * @id: an exception's id
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmHistoryEntry): its history, newest first; %NULL on
 * error
 */
GPtrArray *
tvm_store_list_exception_history (TvmStore   *self,
                                  const char *id,
                                  GError    **error)
{
  return tvm_store_load (self, list_history, id, (GDestroyNotify) g_ptr_array_unref, error);
}

static gpointer
list_offered (TvmDb *db, gconstpointer recommendation_id)
{
  gint64 key = tvm_refs_recommendation_key (db, recommendation_id);

  return tvm_group_counts_read (db, tvm_db_query (
    db, "WITH counted AS (SELECT d.group_name AS name, count(*) AS n FROM exposure e JOIN device d "
    "ON d.key = e.device_key WHERE e.recommendation_key = ?1 GROUP BY 1), known AS (SELECT "
    "DISTINCT group_name AS name FROM device WHERE group_name IS NOT NULL) SELECT k.name, coalesce "
    "(c.n, 0), 0, 0, 0, 0, 0, 0 FROM known k LEFT JOIN counted c ON c.name = k.name WHERE NOT "
    "EXISTS (SELECT 1 FROM exception x JOIN exception_group g ON g.exception_key = x.key WHERE "
    "x.recommendation_id = ?2 AND x.status IN (TVM_EXCEPTION_ACTIVE, TVM_EXCEPTION_SUSPENDED, "
    "TVM_EXCEPTION_REQUESTED) AND x.ends_on >= believed_day () AND g.name = k.name AND "
    "g.is_cancelled = 0) ORDER BY coalesce "
    "(c.n, 0) = 0, k.name COLLATE NOCASE", "Is", key, recommendation_id));
}

/**
 * tvm_store_list_exception_groups:
 * @self: a store
 * @recommendation_id: a recommendation
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmGroupCount): the device groups that have no exception
 *   of it yet, those with exposed devices first; %NULL on error
 */
GPtrArray *
tvm_store_list_exception_groups (TvmStore   *self,
                                 const char *recommendation_id,
                                 GError    **error)
{
  return tvm_store_load (self, list_offered, recommendation_id, (GDestroyNotify) g_ptr_array_unref,
                         error);
}

/* ---- filing */

/* A group has one exception at a time, and beside a global one nothing can be added. */
static void
check_free (TvmDb                  *db,
            const TvmExceptionForm *form,
            GPtrArray              *exceptions)
{
  g_autofree char *today = tvm_today ();

  for (guint i = 0; i < exceptions->len; i++)
    {
      const TvmException *other = exceptions->pdata[i];

      if (!tvm_exception_holds (other, today))
        continue;
      if (other->is_global)
        tvm_db_fail (db, TVM_ERROR_CONFLICT,
                     /* Translators: %s is a date. */
                     _("A global exception covers all device groups until %s. Cancel it first."),
                       other->ends_on);
      for (char **group = form->groups; !form->is_global && *group != NULL; group++)
        if (tvm_exception_covers_group (other, *group))
          tvm_db_fail (db, TVM_ERROR_CONFLICT,
                       /* Translators: a device group, then a date. */
                       _("The device group “%s” has an exception until %s already. Choose "
                         "other groups, or cancel that one first."), *group, other->ends_on);
    }
}

static TvmException *
exception_from_form (const TvmExceptionForm *form)
{
  TvmException *x = tvm_exception_new ();

  x->justification = form->justification;
  x->is_global = form->is_global;
  x->groups = form->is_global ? g_new0 (char *, 1) : g_strdupv (form->groups);
  x->cancelled_groups = g_new0 (char *, 1);
  x->ends_on = g_strdup (form->ends_on);
  x->status = TVM_EXCEPTION_ACTIVE;
  return x;
}

static void
copy_before (const TvmRecommendation *r,
             TvmExceptionEffect      *effect)
{
  effect->exposed_before = r->exposed_after;
  effect->exposure_impact_before = r->exposure_impact_after;
  effect->secure_impact_before = r->config_score_impact_after;
  effect->status_before = r->status;
}

/* Named devices that an exception of @devices does not cover; 0 where either is not known. */
static int
count_elsewhere (GPtrArray *counts, int devices)
{
  int named = 0;

  for (guint i = 0; counts != NULL && i < counts->len; i++)
    named += ((const TvmGroupCount *) counts->pdata[i])->exposed;
  return devices >= 0 ? MAX (0, named - devices) : 0;
}

/* What the recommendation would look like with the new exception beside the others. */
static void
work_out_effect (TvmDb             *db,
                 ExceptionData     *data,
                 GPtrArray         *exceptions,
                 TvmRecommendation *r)
{
  TvmExceptionEffect *effect = data->effect;
  g_autofree char *today = tvm_today ();
  g_autoptr(GPtrArray) counts = tvm_exceptions_load_counts (db, r->id);
  TvmException *x = exception_from_form (data->form);
  TvmRecommendationStatus service = (int) tvm_db_get_int (db, "SELECT status FROM recommendation "
      "WHERE key = ?1", "I", r->key);
  TvmExceptionSum sum;

  copy_before (r, effect);
  for (guint i = 0; i < exceptions->len && x->is_global; i++)
    effect->suspended += tvm_exception_status_on (exceptions->pdata[i], FALSE, today) ==
      TVM_EXCEPTION_ACTIVE;
  g_ptr_array_add (exceptions, x);
  effect->devices = tvm_exception_count_devices (x, counts, r->exposed_devices);
  effect->unnamed = tvm_recommendation_unnamed (r, counts);
  effect->elsewhere = count_elsewhere (counts, effect->devices);
  tvm_exceptions_count_cves (db, r, x, effect);
  effect->groups =
    x->is_global ? (int) tvm_db_get_int (db, "SELECT iif (" TVM_KNOWS_INVENTORY ", "
                                         "count(DISTINCT group_name), -1) FROM device", "")
                 : (int) g_strv_length (x->groups);
  tvm_exceptions_sum (exceptions, counts, today, &sum);
  r->status = service;
  tvm_recommendation_apply_exceptions (r, sum.status, sum.mitigated);
  effect->exposed_after = r->exposed_after;
  effect->exposure_impact_after = r->exposure_impact_after;
  effect->secure_impact_after = r->config_score_impact_after;
  effect->status_after = r->status;
}

static void
preview (TvmDb *db, gpointer user_data)
{
  ExceptionData *data = user_data;
  const TvmExceptionForm *form = data->form;
  g_autoptr(GPtrArray) exceptions = tvm_exceptions_load (db, form->recommendation_id);
  g_autoptr(TvmRecommendation) r = NULL;

  tvm_refs_recommendation_key (db, form->recommendation_id);
  tvm_refs_check_groups (db, (const char *const *) form->groups);
  check_free (db, form, exceptions);
  r = tvm_table_find (db, &tvm_recommendation_table, "WHERE r.id = ?1", "s",
                      form->recommendation_id);
  if (r != NULL && tvm_db_is_good (db))
    work_out_effect (db, data, exceptions, r);
}

/**
 * tvm_store_preview_exception:
 * @self: a store
 * @form: a valid form
 * @out: (out): what filing it would do
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_INVALID (an unknown group),
 *   %TVM_ERROR_CONFLICT (one covers a group already)
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_preview_exception (TvmStore               *self,
                             const TvmExceptionForm *form,
                             TvmExceptionEffect     *out,
                             GError                **error)
{
  ExceptionData data = { .form = form, .effect = out };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  memset (out, 0, sizeof *out);
  return tvm_store_read (self, preview, &data, error);
}

static void
insert_groups (TvmDb                  *db,
               gint64                  key,
               const TvmExceptionForm *form)
{
  for (char **group = form->groups; !form->is_global && *group != NULL; group++)
    if (strchr (*group, '\n') == NULL)
      tvm_db_run (db, "INSERT INTO exception_group (exception_key, name) VALUES (?1, ?2) ON "
                      "CONFLICT DO NOTHING",
                  "Is", key, *group);
    else
      tvm_db_fail (db, TVM_ERROR_INVALID,
                   _("A device group with a line break in its name cannot have an exception of its "
                     "own. File a global one."));
}

static char *
known_groups (TvmDb *db)
{
  g_auto(GStrv) names = tvm_db_list_texts (db, "SELECT DISTINCT group_name FROM device WHERE "
                                           "group_name IS NOT NULL", "");

  return tvm_groups_to_text ((const char *const *) names);
}

/* For the team's rule; below 0: not known. */
static int
count_known_exploited (TvmDb                  *db,
                       const TvmExceptionForm *form)
{
  g_autoptr(TvmRecommendation) r = tvm_table_find (db, &tvm_recommendation_table, "WHERE r.id = ?1",
                                                   "s", form->recommendation_id);
  g_autoptr(GPtrArray) counts = tvm_exceptions_load_counts (db, form->recommendation_id);
  g_autoptr(TvmException) x = exception_from_form (form);
  TvmExceptionEffect effect = { 0 };

  if (r == NULL || !tvm_team_is_joined (db))
    return -1;
  effect.devices = tvm_exception_count_devices (x, counts, r->exposed_devices);
  tvm_exceptions_count_cves (db, r, x, &effect);
  return effect.known_exploited;
}

static void
add_exception (TvmDb *db, gpointer user_data)
{
  ExceptionData *data = user_data;
  const TvmExceptionForm *form = data->form;
  g_autoptr(GPtrArray) exceptions = tvm_exceptions_load (db, form->recommendation_id);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *known = known_groups (db), *context = tvm_note_clean (form->context);
  int n_exploited = count_known_exploited (db, form);
  gboolean waits = tvm_team_needs_approval (db, form->is_global, n_exploited);
  TvmExceptionStatus status = waits ? TVM_EXCEPTION_REQUESTED : TVM_EXCEPTION_ACTIVE;
  gint64 key;

  tvm_refs_recommendation_key (db, form->recommendation_id);
  tvm_refs_check_groups (db, (const char *const *) form->groups);
  check_free (db, form, exceptions);
  if (tvm_db_run (db, "INSERT INTO exception (id, recommendation_id, recommendation_name, "
                  "related_component, type, justification, context, is_global, ends_on, "
                  "created_by, created_us, public_exploit, weaknesses, known_groups, status, "
                  "approval) SELECT ?1, r.id, coalesce (r.name, r.id), coalesce "
                  "(r.related_component, r.product), r.type, ?3, ?4, ?5, ?6, ?7, ?8, "
                  "r.public_exploit, r.weaknesses, ?9, ?10, ?11 FROM recommendation r WHERE r.id = "
                  "?2", "ssisissIsii", id, form->recommendation_id, form->justification,
                  context, form->is_global, form->ends_on, data->who, tvm_now_us (), known,
                  status, waits ? TVM_APPROVAL_REQUESTED : TVM_APPROVAL_NONE) == 0)
    return;
  key = sqlite3_last_insert_rowid (db->handle);
  insert_groups (db, key, form);
  tvm_exception_history_add (db, key, "exception-filed", data->who, NULL, NULL,
                             tvm_exception_status_to_word (status));
  tvm_exceptions_recompute (db, form->recommendation_id);
  data->exception = tvm_exceptions_find (db, id);
  tvm_team_note_exception (db, data->exception, n_exploited);
}

/**
 * tvm_store_add_exception:
 * @self: a store
 * @form: a valid form
 * @created_by: (nullable): the person's e-mail address
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_INVALID, %TVM_ERROR_CONFLICT as in
 *   tvm_store_preview_exception()
 *
 * Returns: (transfer full): the exception, or %NULL on error; then nothing was changed
 */
TvmException *
tvm_store_add_exception (TvmStore               *self,
                         const TvmExceptionForm *form,
                         const char             *created_by,
                         GError                **error)
{
  ExceptionData data = { .form = form, .who = created_by };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  if (!tvm_store_write (self, add_exception, &data, error))
    g_clear_pointer (&data.exception, tvm_exception_unref);
  return data.exception;
}

/* ---- cancelling */

/* Returns: (transfer full): lines but one */
static char *
drop_line (const char *lines,
           const char *line)
{
  g_auto(GStrv) all = g_strsplit (lines, "\n", -1);
  GString *left = g_string_new (NULL);

  for (char **one = all; *one != NULL; one++)
    if (strcmp (*one, line) != 0)
      g_string_append_printf (left, "%s%s", left->len > 0 ? "\n" : "", *one);
  return g_string_free (left, FALSE);
}

/**
 * tvm_exception_add_group_lines:
 * @db: the writer's connection
 * @x: an exception, as it was before
 * @groups: (array zero-terminated=1): the device groups that it was cancelled for
 * @who: (nullable): by whom
 *
 * Adds a line for each to its history.
 */
void
tvm_exception_add_group_lines (TvmDb              *db,
                               const TvmException *x,
                               const char *const  *groups,
                               const char         *who)
{
  g_autofree char *before = g_strjoinv ("\n", x->groups);

  for (; *groups != NULL; groups++)
    {
      char *after = drop_line (before, *groups);

      tvm_exception_history_add (db, x->key, "exception-group-cancelled", who, *groups, before,
                                 after);
      g_free (before);
      before = after;
    }
}

static void
cancel_groups (TvmDb              *db,
               const TvmException *x,
               const char *const  *groups,
               const char         *who)
{
  if (x->is_global)
    tvm_db_fail (db, TVM_ERROR_INVALID,
                 _("This exception is global, so it cannot be cancelled for one device group. "
                   "Cancel it whole and file one for the other groups."));
  for (const char *const *group = groups; *group != NULL && tvm_db_is_good (db); group++)
    if (tvm_db_run (db, "UPDATE exception_group SET is_cancelled = 1 WHERE exception_key = ?1 "
                    "AND name = ?2 AND is_cancelled = 0", "Is", x->key, *group) == 0)
      tvm_db_fail (db, TVM_ERROR_INVALID,
                   /* Translators: %s is a device group. */
                   _("This exception does not cover the device group “%s”. Check the "
                     "name."), *group);
  tvm_exception_add_group_lines (db, x, groups, who);
  tvm_exception_note_groups (db, x->id);
}

static void
cancel_exception (TvmDb *db, gpointer user_data)
{
  ExceptionData *data = user_data;
  g_autoptr(TvmException) x = tvm_exceptions_find (db, data->id);
  g_autofree char *after = tvm_team_groups_to_json (data->groups);

  if (x == NULL || !tvm_db_is_good (db))
    return;
  if (!tvm_exception_may_cancel (x))
    tvm_db_fail (db, TVM_ERROR_CONFLICT, _("This exception has ended already; there is nothing to "
                                           "cancel."));
  if (data->groups != NULL)
    cancel_groups (db, x, data->groups, data->who);
  if (data->groups == NULL ||
      tvm_db_get_int (db, "SELECT count(*) FROM exception_group WHERE exception_key = ?1 AND "
                          "is_cancelled = 0", "I",
                      x->key) == 0)
    {
      tvm_db_run (db, "UPDATE exception SET status = ?2, cancelled_by = ?3, ended_us = ?4 WHERE "
                      "key = ?1", "IisI",
                  x->key, TVM_EXCEPTION_CANCELLED, data->who, tvm_now_us ());
      tvm_exception_history_add (db, x->key, "exception-cancelled", data->who, NULL,
                                 tvm_exception_status_to_word (x->status),
                                 tvm_exception_status_to_word (TVM_EXCEPTION_CANCELLED));
    }
  tvm_team_note_of_exception (db, x->id, TVM_EVENT_CANCELLED, data->who, after);
  tvm_exceptions_recompute (db, x->recommendation_id);
}

/**
 * tvm_store_cancel_exception:
 * @self: a store
 * @id: an exception's id
 * @groups: (nullable) (array zero-terminated=1): the device groups to cancel it for, each once;
 *   %NULL: all
 * @who: (nullable): the person's e-mail address
 * @error: return location for %TVM_ERROR_NOT_FOUND, %TVM_ERROR_INVALID (not a group of it),
 *   %TVM_ERROR_CONFLICT (it has ended)
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_cancel_exception (TvmStore           *self,
                            const char         *id,
                            const char *const  *groups,
                            const char         *who,
                            GError            **error)
{
  ExceptionData data = { .id = id, .groups = groups, .who = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, cancel_exception, &data, error);
}
