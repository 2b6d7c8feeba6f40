/* fuzz-queries.c: everything that can be asked of a store. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz-queries.h"
#include "store-fixture.h"

static gboolean
ask_list (TvmStore    *store,
          TvmListKind  kind,
          const char  *search,
          GError     **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) records = NULL;

  query->search = g_strdup (search);
  query->recommendation_id = g_strdup (REC);
  query->cve = g_strdup ("CVE-2026-1000");
  if (kind == TVM_LIST_HISTORY)
    return TRUE;
  keys = tvm_store_list_keys (store, query, NULL, error);
  if (keys == NULL)
    return FALSE;
  records = tvm_store_list_records (store, query, (gint64 *) (gpointer) keys->data, keys->len,
                                    error);
  return records != NULL;
}

gboolean
fuzz_ask_everything (TvmStore    *store,
                     const char  *search,
                     GError     **error)
{
  gboolean is_good = TRUE;

  for (int kind = 0; kind < TVM_N_LISTS; kind++)
    if (kind != TVM_LIST_TARGETS && kind != TVM_LIST_LEFT_OUT)
      {
        g_autoptr(GError) failure = NULL;

        if (ask_list (store, kind, search, &failure))
          continue;
        is_good = FALSE;
        if (error != NULL && *error == NULL)
          g_propagate_error (error, g_steal_pointer (&failure));
      }
  return is_good;
}
