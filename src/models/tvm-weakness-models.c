/* tvm-weakness-models.c: a CVE and a device whole, read on a worker. Main thread in, main thread
 * out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-models.h"

#include "tvm-weakness.h"

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
