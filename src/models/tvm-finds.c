/* tvm-finds.c: one search over all lists. Main thread; reads run on a worker.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-finds.h"

#include "tvm-exceptions.h"
#include "tvm-text.h"
#include "tvm-weakness.h"
#include "tvm-weakness-models.h"

#define MAX_OF_KIND 5
#define WEAKNESSES_PLACE 2

/* In the order in which they are told: what is being done, what is to be done, about what. */
static const struct { TvmListKind kind; const char *sort; gboolean descending; } searched[] = {
  { TVM_LIST_ACTIVITIES },
  { TVM_LIST_RECOMMENDATIONS, "urgency", TRUE },
  [WEAKNESSES_PLACE] = { TVM_LIST_WEAKNESSES },
  { TVM_LIST_DEVICES },
  { TVM_LIST_EXCEPTIONS },
};

static void
find_free (gpointer data)
{
  TvmFind *find = data;

  tvm_record_unref (find->kind, find->record);
  g_free (find->text);
  g_free (find);
}

/**
 * tvm_finds_free:
 * @self: (transfer full) (nullable): what was found
 */
void
tvm_finds_free (TvmFinds *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->finds);
  g_free (self->missing);
  g_free (self);
}

/**
 * tvm_find_get_id:
 * @self: a row that was found
 *
 * Returns: (transfer none): the record's id
 */
const char *
tvm_find_get_id (const TvmFind *self)
{
  switch ((int) self->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return ((const TvmRecommendation *) self->record)->id;
    case TVM_LIST_ACTIVITIES:
      return ((const TvmActivity *) self->record)->id;
    case TVM_LIST_WEAKNESSES:
      return ((const TvmVulnerability *) self->record)->id;
    case TVM_LIST_EXCEPTIONS:
      return ((const TvmException *) self->record)->id;
    default:
      return ((const TvmDevice *) self->record)->id;
    }
}

/**
 * tvm_find_get_title:
 * @self: a row that was found
 *
 * Returns: (transfer none): what people call it; its id where it has no name
 */
const char *
tvm_find_get_title (const TvmFind *self)
{
  const char *title = NULL;

  switch ((int) self->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      title = ((const TvmRecommendation *) self->record)->name;
      break;
    case TVM_LIST_ACTIVITIES:
      title = ((const TvmActivity *) self->record)->title;
      break;
    case TVM_LIST_EXCEPTIONS:
      title = ((const TvmException *) self->record)->recommendation_name;
      break;
    case TVM_LIST_DEVICES:
      title = ((const TvmDevice *) self->record)->name;
      break;
    default:
      break;
    }
  return title != NULL && *title != '\0' ? title : tvm_find_get_id (self);
}

/* ---- why ----------------------------------------------------------------------------------- */

/* Takes a text as the reason where it has the words and there is no reason yet. */
static void
try_text (TvmFind *find, const char *words, TvmWhy why, const char *text)
{
  if (find->text != NULL || text == NULL || !tvm_text_contains_fold (text, words))
    return;
  find->why = why;
  find->text = g_strdup (text);
}

static void
try_groups (TvmFind *find, const char *words, char **groups)
{
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    try_text (find, words, TVM_WHY_GROUP, groups[i]);
}

static void
try_texts (TvmFind *find, const char *words)
{
  const TvmRecommendation *recommendation = find->record;
  const TvmActivity *activity = find->record;
  const TvmVulnerability *weakness = find->record;
  const TvmDevice *device = find->record;
  const TvmException *exception = find->record;

  try_text (find, words, TVM_WHY_NAME, tvm_find_get_title (find));
  switch ((int) find->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      try_text (find, words, TVM_WHY_COMPONENT, recommendation->related_component);
      try_text (find, words, TVM_WHY_COMPONENT, recommendation->product);
      try_text (find, words, TVM_WHY_VENDOR, recommendation->vendor);
      break;
    case TVM_LIST_ACTIVITIES:
      try_text (find, words, TVM_WHY_COMPONENT, activity->related_component);
      try_groups (find, words, activity->groups);
      try_text (find, words, TVM_WHY_PERSON, activity->created_by);
      break;
    case TVM_LIST_WEAKNESSES:
      try_text (find, words, TVM_WHY_NAME, weakness->name);
      break;
    case TVM_LIST_EXCEPTIONS:
      try_text (find, words, TVM_WHY_COMPONENT, exception->related_component);
      try_text (find, words, TVM_WHY_CONTEXT, exception->context);
      try_text (find, words, TVM_WHY_PERSON, exception->created_by);
      try_groups (find, words, exception->groups);
      break;
    default:
      try_text (find, words, TVM_WHY_GROUP, device->group);
    }
  try_text (find, words, TVM_WHY_ID, tvm_find_get_id (find));
}

static void
explain (TvmFind *find, const char *words)
{
  g_auto(GStrv) cves = tvm_text_list_wanted_cves (words);

  if (cves == NULL)
    try_texts (find, words);
  for (guint i = 0; cves != NULL && cves[i] != NULL; i++)
    try_texts (find, cves[i]);
  if (find->text != NULL)
    return;
  find->why = find->kind == TVM_LIST_WEAKNESSES ? TVM_WHY_SOFTWARE : TVM_WHY_CVE;
  if (find->why == TVM_WHY_CVE && cves != NULL && cves[0] != NULL && cves[1] == NULL)
    find->text = g_strdup (cves[0]);
}

/* ---- reading ------------------------------------------------------------------------------- */

static gboolean
search (TvmStore *store, guint place, const char *words, TvmFinds *finds, GError **error)
{
  TvmListKind kind = searched[place].kind;
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GArray) keys = NULL;

  query->search = g_strdup (words);
  query->sort = g_strdup (searched[place].sort);
  query->descending = searched[place].descending;
  query->without_devices = TRUE;
  keys = tvm_store_list_keys (store, query, NULL, error);
  if (keys == NULL)
    return FALSE;
  finds->n_found[kind] = keys->len;
  records = tvm_store_list_records (store, query, (const gint64 *) (gpointer) keys->data,
                                    MIN (keys->len, MAX_OF_KIND), error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    if (records->pdata[i] != NULL)
      {
        TvmFind *find = g_new0 (TvmFind, 1);

        find->kind = kind;
        find->record = g_steal_pointer (&records->pdata[i]);
        explain (find, words);
        g_ptr_array_add (finds->finds, find);
      }
  return records != NULL;
}

/* A text about CVEs is about these first. */
static guint
place_of (guint i, const char *words)
{
  g_auto(GStrv) cves = tvm_text_list_wanted_cves (words);

  if ((cves == NULL && !tvm_text_names_cve (words)) || i > WEAKNESSES_PLACE)
    return i;
  return i == 0 ? WEAKNESSES_PLACE : i - 1;
}

static gpointer
read_finds (TvmStore *store, gpointer words, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmFinds) finds = g_new0 (TvmFinds, 1);

  finds->finds = g_ptr_array_new_with_free_func (find_free);
  for (guint i = 0; i < G_N_ELEMENTS (searched); i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !search (store, place_of (i, words), words, finds, error))
      return NULL;
  finds->missing = tvm_missing_cves_text (store, words, TRUE);
  return g_steal_pointer (&finds);
}

const TvmLoad tvm_load_finds = { read_finds, (GDestroyNotify) tvm_finds_free };
