/* tvm-weakness-models.c: a CVE and a device whole, read on a worker. Main thread in, main thread
 * out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-models.h"

#include "tvm-triage.h"
#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>

#define N_DEVICES_FIRST 12   /* the others are a list */

static void
weakness_details_free (gpointer data)
{
  TvmWeaknessDetails *self = data;

  tvm_weakness_whole_free (self->whole);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_free (self);
}

static gpointer
read_weakness (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_AFFECTED);
  TvmWeaknessWhole *whole = tvm_store_load_weakness (store, id, error);
  TvmWeaknessDetails *details;

  if (whole == NULL)
    return NULL;
  query->cve = g_strdup (whole->vulnerability->id);
  query->limit = N_DEVICES_FIRST;
  details = g_new (TvmWeaknessDetails, 1);
  details->whole = whole;
  details->devices = tvm_store_list_rows (store, query, NULL);
  return details;
}

const TvmLoad tvm_load_weakness = { read_weakness, weakness_details_free };

static gpointer
read_device (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  return tvm_store_load_device (store, id, error);
}

const TvmLoad tvm_load_device = { read_device, (GDestroyNotify) tvm_device_whole_free };

static gpointer
read_catalog (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autofree TvmKnownExploitedState *state = g_new0 (TvmKnownExploitedState, 1);

  return tvm_store_get_known_exploited (store, state, error) ? g_steal_pointer (&state) : NULL;
}

const TvmLoad tvm_load_catalog = { read_catalog, g_free };

/**
 * tvm_missing_cves_text:
 * @store: a store
 * @text: (nullable): what is looked for
 * @is_about_cves: whether it also tells that the CVEs of the tenant are not known
 *
 * Returns: (transfer full) (nullable): a line for each CVE that the text names whole and that is
 *   not there; %NULL: none is
 */
char *
tvm_missing_cves_text (TvmStore *store, const char *text, gboolean is_about_cves)
{
  gint64 as_of_us = 0;
  g_auto(GStrv) ids = tvm_store_list_missing_cves (store, text, &as_of_us, NULL);
  g_autoptr(GString) lines = g_string_new (NULL);

  if (as_of_us == 0 && !is_about_cves)
    return NULL;
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autofree char *line = tvm_cve_missing_text (ids[i], as_of_us);

      g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "", line);
    }
  return lines->len > 0 ? g_string_free (g_steal_pointer (&lines), FALSE) : NULL;
}

/* Whether a filter asks what may not be known of some. */
static gboolean
may_be_untold (const TvmQuery *query)
{
  switch (query->kind)
    {
    case TVM_LIST_WEAKNESSES:
      return query->severity != 0 || query->exploit != 0 || query->known_exploited_only ||
             query->exposed != 0 || query->age != 0;
    case TVM_LIST_RECOMMENDATIONS:
      return query->threat != 0 || query->exposed != 0;
    case TVM_LIST_ACTIVITIES:
    case TVM_LIST_DEVICES:
      return query->age != 0;
    default:
      return FALSE;
    }
}

static char *
make_untold_words (TvmListKind kind, int n)
{
  switch (kind)
    {
    case TVM_LIST_WEAKNESSES:
      return g_strdup_printf (
        ngettext ("%d CVE is left out: whether it is one of these is not known.",
                  "%d CVEs are left out: whether they are some of these is not known.",
                  (gulong) n), n);
    case TVM_LIST_RECOMMENDATIONS:
      return g_strdup_printf (
        ngettext ("%d recommendation is left out: whether it is one of these is not known.",
                  "%d recommendations are left out: whether they are some of these is not known.",
                  (gulong) n), n);
    case TVM_LIST_DEVICES:
      return g_strdup_printf (
        ngettext ("%d device is left out: whether it is one of these is not known.",
                  "%d devices are left out: whether they are some of these is not known.",
                  (gulong) n), n);
    default:
      return g_strdup_printf (
        ngettext ("%d activity is left out: whether it is one of these is not known.",
                  "%d activities are left out: whether they are some of these is not known.",
                  (gulong) n), n);
    }
}

static gboolean
lacks_catalog (TvmStore *store, const TvmQuery *query)
{
  TvmKnownExploitedState state;

  return (query->known_exploited_only || query->threat == TVM_THREAT_KNOWN_EXPLOITED) &&
         tvm_store_get_known_exploited (store, &state, NULL) && state.count < 0;
}

/* How many rows a filter leaves out because what it asks is not known of them (R18); NULL: none. */
static char *
make_untold (TvmStore *store, const TvmQuery *query)
{
  g_autoptr(TvmQuery) wider = tvm_query_copy (query);
  g_autofree char *words = NULL;
  gint64 n;

  wider->or_untold = TRUE;
  if (!may_be_untold (query))
    return NULL;
  n = tvm_store_count_rows (store, wider, NULL) - tvm_store_count_rows (store, query, NULL);
  if (n <= 0)
    return NULL;
  words = make_untold_words (query->kind, (int) n);
  return lacks_catalog (store, query)
           ? g_strjoin (" ", words, _("There is no catalog of known exploited vulnerabilities "
                                      "here; the preferences say how to get it."), NULL)
           : g_steal_pointer (&words);
}

/**
 * tvm_unlisted_text:
 * @store: a store
 * @query: a list with its search and filters
 *
 * Returns: (transfer full) (nullable): a line for each CVE that is looked for and is not there, and
 *   one for what a filter leaves out because nobody knows; %NULL: there is neither
 */
char *
tvm_unlisted_text (TvmStore *store, const TvmQuery *query)
{
  g_autofree char *missing =
    tvm_missing_cves_text (store, query->search, query->kind == TVM_LIST_WEAKNESSES);
  g_autofree char *untold = make_untold (store, query);

  if (missing == NULL || untold == NULL)
    return missing != NULL ? g_steal_pointer (&missing) : g_steal_pointer (&untold);
  return g_strjoin ("\n", missing, untold, NULL);
}
