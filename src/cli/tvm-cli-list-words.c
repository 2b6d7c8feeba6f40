/* tvm-cli-list-words.c: what is said of lists that are empty or not known. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>

static void
tell_unknown_cves (int      n_unknown,
                   gboolean is_empty)
{
  if (is_empty)
    tvm_cli_message (ngettext ("Not known: the CVEs of %d recommendation were never "
                               "synchronized. “tvm-remediate sync --full” makes them known.",
                               "Not known: the CVEs of %d recommendations were never "
                               "synchronized. “tvm-remediate sync --full” makes them known.",
                               n_unknown), n_unknown);
  else
    tvm_cli_message (ngettext ("There may be more: the CVEs of %d recommendation were never "
                               "synchronized. “tvm-remediate sync --full” makes them known.",
                               "There may be more: the CVEs of %d recommendations were never "
                               "synchronized. “tvm-remediate sync --full” makes them known.",
                               n_unknown), n_unknown);
}

/* How many rows a filter left out because the value is not known; below 0 on error. */
static int
tell_untold (TvmCli          *self,
             const TvmQuery  *query,
             GError         **error)
{
  g_autoptr(TvmQuery) wider = tvm_query_copy (query);
  gint64 n, n_told;

  wider->or_untold = TRUE;
  if (query->kind != TVM_LIST_WEAKNESSES || (query->severity == 0 && query->exploit == 0))
    return 0;
  n = tvm_store_count_rows (self->store, wider, error);
  n_told = n >= 0 ? tvm_store_count_rows (self->store, query, error) : -1;
  if (n_told < 0)
    return -1;
  n -= n_told;
  if (n > 0)
    tvm_cli_message (ngettext ("%d CVE is left out: whether it is one of these is not known.",
                               "%d CVEs are left out: whether they are some of these is not known.",
                               (gulong) n), (int) n);
  return (int) n;
}

static gboolean
count_unnamed (TvmCli         *self,
               gconstpointer   record,
               gpointer        user_data,
               GError        **error)
{
  *(int *) user_data += ((const TvmVulnerability *) record)->n_recommendations < 0;
  return TRUE;
}

/* Of how many CVEs that are looked for neither devices nor what fixes them is known; below 0 on
 * error. */
static int
tell_unnamed (TvmCli          *self,
              const TvmQuery  *query,
              GError         **error)
{
  g_autoptr(TvmQuery) named = tvm_query_new (TVM_LIST_WEAKNESSES);
  g_auto(GStrv) ids = tvm_text_list_cves (query->search);
  g_autofree char *joined = g_strjoinv (" ", ids);
  int n = 0;

  if (ids[0] == NULL ||
      tvm_store_get_list_synced_us (self->store, TVM_EXPOSURE_LIST, NULL) == 0 ||
      (query->kind != TVM_LIST_RECOMMENDATIONS && query->kind != TVM_LIST_DEVICES &&
       query->kind != TVM_LIST_ACTIVITIES))
    return 0;
  named->search = g_strconcat (joined, " ", NULL);  /* even one is looked for as a whole */
  if (!tvm_cli_foreach_record (self, named, count_unnamed, &n, error))
    return -1;
  if (n > 0)
    tvm_cli_message (ngettext ("Devices and recommendations of %d CVE are not known yet: the "
                               "service's exports name it within about six hours.",
                               "Devices and recommendations of %d CVEs are not known yet: the "
                               "service's exports name them within about six hours.",
                               (gulong) n), n);
  return n;
}

/**
 * tvm_cli_tell_unknown:
 * @self: the command line with an open store
 * @query: what is listed
 * @is_empty: whether nothing was found
 * @out_is_unknown: (out): whether that is not the same as that there is none
 * @error: return location for a #TvmError
 *
 * Says on standard error what nobody knows of a list, and what makes it known (R18).
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_cli_tell_unknown (TvmCli          *self,
                      const TvmQuery  *query,
                      gboolean         is_empty,
                      gboolean        *out_is_unknown,
                      GError         **error)
{
  int n_unknown = tvm_store_count_unknown_cves (self->store, query, error);
  int n_untold = n_unknown >= 0 ? tell_untold (self, query, error) : -1;
  gboolean is_synced = tvm_store_knows_list (self->store, query);

  if (n_unknown == 0 && n_untold == 0)
    n_untold = tell_unnamed (self, query, error);
  if (n_untold < 0)
    return FALSE;
  if (n_unknown > 0)
    tell_unknown_cves (n_unknown, is_empty);
  if (!is_synced)
    tvm_cli_message ("%s", is_empty
      ? _("This list was never synchronized. “tvm-remediate sync” gets it.")
      : _("There may be more: this list was never synchronized as a whole. “tvm-remediate "
          "sync” "
          "gets it."));
  if (!is_synced && query->kind == TVM_LIST_WEAKNESSES)
    tvm_cli_tell_refusal (self, TVM_WEAKNESSES_LIST);
  *out_is_unknown = is_empty && (n_unknown > 0 || n_untold > 0 || !is_synced);
  return TRUE;
}

/**
 * tvm_cli_tell_none:
 * @self: the command line with an open store
 * @query: a list that has nothing
 * @error: return location for a #TvmError
 *
 * Says so on standard error instead of headings with nothing below them, and what to do next.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_cli_tell_none (TvmCli          *self,
                   const TvmQuery  *query,
                   GError         **error)
{
  int total = 0;
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, &total, error);

  if (keys == NULL)
    return FALSE;
  if (total > 0)
    tvm_cli_message (_("Nothing of this list is what was asked for. “tvm-remediate %s” shows all "
                       "of it."), self->command->name);
  else if (query->kind == TVM_LIST_EXCEPTIONS)
    tvm_cli_message ("%s", _("There are no exceptions. “tvm-remediate exception add "
                             "RECOMMENDATION …” files one."));
  else if (query->kind == TVM_LIST_ACTIVITIES && query->archived)
    tvm_cli_message ("%s", _("The archive is empty. “tvm-remediate activities” shows the "
                             "remediation activities that are not in it."));
  else if (query->kind == TVM_LIST_ACTIVITIES)
    tvm_cli_message ("%s", _("There are no remediation activities. “tvm-remediate request "
                             "RECOMMENDATION …” makes one."));
  else
    tvm_cli_message ("%s", _("The service had nothing of this list. “tvm-remediate sync” asks it "
                             "again."));
  return TRUE;
}
