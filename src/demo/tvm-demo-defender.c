/* tvm-demo-defender.c: the Defender for Endpoint API, read-only. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-exports-private.h"

#include "tvm-time.h"

#define MAX_CVES      8000  /* of one page of them */
#define CONTEXT(name) "/api/$metadata#" name

static gboolean
allow (TvmDemoExchange *ex,
       const char      *scope)
{
  const TvmDemoToken *token = tvm_demo_identity_check (ex, TVM_DEMO_AUDIENCE_DEFENDER);

  if (token != NULL && tvm_demo_token_has (token, scope))
    return TRUE;
  if (token != NULL)
    tvm_demo_reply_error (ex, 403, "Forbidden", "The application does not have the permission %s.",
                          scope);
  return FALSE;
}

static void
reply_devices (TvmDemoExchange *ex,
               const char      *context,
               const guint64   *bits,
               const guint64   *others)
{
  TvmDemoData *data = ex->tenant->data;
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  for (guint w = 0; w < data->n_words; w++)
    for (guint64 word = others != NULL ? bits[w] & others[w] : bits[w]; word != 0; word &= word - 1)
      g_ptr_array_add (items, &data->devices[w * 64 + __builtin_ctzll (word)]);
  tvm_demo_reply_list (ex, context, tvm_demo_row_reference, items);
}

static void
handle_recommendations (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoRecommendation *about = ex->n_parts > 2
                                   ? tvm_demo_data_find_recommendation (data, ex->parts[2])
                                   : NULL;

  if (!allow (ex, "SecurityRecommendation.Read"))
    return;
  if (ex->n_parts == 2)
    tvm_demo_reply_list (ex, CONTEXT ("Recommendations"), tvm_demo_row_recommendation,
                         data->recommendations);
  else if (about == NULL)
    tvm_demo_reply_error (ex, 404, "ResourceNotFound", "Recommendation %s was not found",
                          ex->parts[2]);
  else if (ex->n_parts == 3)
    tvm_demo_reply_row (ex, CONTEXT ("Recommendations/$entity"), tvm_demo_row_recommendation,
                        about);
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "machineReferences"))
    reply_devices (ex, CONTEXT ("MachineReferences"), about->exposed, NULL);
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "vulnerabilities"))
    {
      g_autoptr(GPtrArray) cves = g_ptr_array_new ();

      for (guint i = 0; i < about->weaknesses->len; i++)
        {
          const TvmDemoWeakness *weakness = &g_array_index (about->weaknesses, TvmDemoWeakness, i);

          if (tvm_demo_count_with (about, weakness) > 0)
            g_ptr_array_add (cves, weakness->cve);
        }
      tvm_demo_reply_list (ex, CONTEXT ("Vulnerabilities"), tvm_demo_row_cve, cves);
    }
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such resource.");
}

static void
list_machines (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  g_autoptr(GPtrArray) items = g_ptr_array_sized_new (data->n_devices);

  if (data->n_removed == data->n_devices)
    {
      tvm_demo_reply_error (ex, 404, "ResourceNotFound", "No machine was found");
      return;
    }
  for (guint i = 0; i < data->n_devices; i++)
    if (!data->devices[i].is_removed)
      g_ptr_array_add (items, &data->devices[i]);
  tvm_demo_reply_list (ex, CONTEXT ("Machines"), tvm_demo_row_machine, items);
}

/* What is asked of all devices at once; whether it was that. */
static gboolean
handle_exports (TvmDemoExchange *ex)
{
  static const struct { const char *name; gboolean as_files; TvmDemoDataset dataset; } known[] = {
    { "SoftwareVulnerabilitiesByMachine", FALSE, TVM_DEMO_SOFTWARE },
    { "SoftwareVulnerabilitiesExport", TRUE, TVM_DEMO_SOFTWARE },
    { "SecureConfigurationsAssessmentByMachine", FALSE, TVM_DEMO_SETTINGS },
    { "SecureConfigurationsAssessmentExport", TRUE, TVM_DEMO_SETTINGS },
    { "SoftwareVulnerabilityChangesByMachine", FALSE, TVM_DEMO_N_DATASETS },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (known) && !tvm_demo_part_is (ex, 2, known[i].name); i++)
    ;
  if (i == G_N_ELEMENTS (known) || ex->n_parts != 3)
    return FALSE;
  if (!allow (ex, "Vulnerability.Read"))
    return TRUE;
  if (known[i].dataset == TVM_DEMO_N_DATASETS)
    tvm_demo_exports_handle_changes (ex);
  else if (known[i].as_files)
    tvm_demo_files_handle_export (ex, known[i].dataset);
  else
    tvm_demo_exports_handle_page (ex, known[i].dataset);
  return TRUE;
}

static void
list_needs (TvmDemoExchange *ex,
            guint            device)
{
  TvmDemoData *data = ex->tenant->data;
  g_autoptr(GPtrArray) needs = g_ptr_array_new ();

  for (guint i = 0; i < data->recommendations->len; i++)
    {
      TvmDemoRecommendation *about = data->recommendations->pdata[i];

      if (tvm_demo_bit (about->exposed, device))
        g_ptr_array_add (needs, about);
    }
  tvm_demo_reply_list (ex, CONTEXT ("Recommendations"), tvm_demo_row_recommendation, needs);
}

static void
handle_machines (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoDevice *device = ex->n_parts > 2 ? tvm_demo_data_find_device (data, ex->parts[2]) : NULL;
  gboolean wants_needs = ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "recommendations");

  if (handle_exports (ex) ||
      !allow (ex, wants_needs ? "SecurityRecommendation.Read" : "Machine.Read"))
    return;
  if (ex->n_parts == 2)
    list_machines (ex);
  else if (device == NULL || device->is_removed)
    tvm_demo_reply_error (ex, 404, "ResourceNotFound", "Machine %s was not found", ex->parts[2]);
  else if (ex->n_parts == 3)
    tvm_demo_reply_row (ex, CONTEXT ("Machines/$entity"), tvm_demo_row_machine, device);
  else if (wants_needs)
    list_needs (ex, device - data->devices);
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such resource.");
}

static void
handle_vulnerabilities (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoCve *cve = ex->n_parts > 2 ? tvm_demo_data_find_cve (data, ex->parts[2]) : NULL;
  g_autofree guint64 *exposed = NULL;

  if (!allow (ex, "Vulnerability.Read"))
    return;
  if (ex->n_parts == 2)
    {
      ex->max_top = MAX_CVES;
      tvm_demo_reply_list (ex, CONTEXT ("Vulnerabilities"), tvm_demo_row_cve, data->cves);
    }
  else if (cve == NULL)
    tvm_demo_reply_error (ex, 404, "ResourceNotFound", "Vulnerability %s was not found",
                          ex->parts[2]);
  else if (ex->n_parts == 3)
    tvm_demo_reply_row (ex, CONTEXT ("Vulnerabilities/$entity"), tvm_demo_row_cve, cve);
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "machineReferences"))
    {
      exposed = tvm_demo_data_dup_exposed (data, cve);
      reply_devices (ex, CONTEXT ("MachineReferences"), exposed, NULL);
    }
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such resource.");
}

static void
handle_activities (TvmDemoExchange *ex)
{
  TvmDemoData *data = ex->tenant->data;
  TvmDemoActivity *activity = ex->n_parts > 2 ? tvm_demo_data_find_activity (data, ex->parts[2])
                                              : NULL;

  if (!allow (ex, "RemediationTask.Read"))
    return;
  if (ex->n_parts == 2)
    tvm_demo_reply_list (ex, CONTEXT ("RemediationTasks"), tvm_demo_row_activity, data->activities);
  else if (activity == NULL)
    tvm_demo_reply_error (ex, 404, "ResourceNotFound", "Remediation task %s was not found",
                          ex->parts[2]);
  else if (ex->n_parts == 3)
    tvm_demo_reply_row (ex, CONTEXT ("RemediationTasks/$entity"), tvm_demo_row_activity, activity);
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "machineReferences"))
    reply_devices (ex, CONTEXT ("MachineReferences"), activity->targets,
                   activity->recommendation->exposed);
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such resource.");
}

/* Both scores follow from what is exposed: the first falls and the second rises as it is
 * patched. */
static void
handle_score (TvmDemoExchange *ex,
              gboolean         is_exposure)
{
  TvmDemoData *data = ex->tenant->data;
  double sum = 0, weight = 0, score;

  if (!allow (ex, "Score.Read"))
    return;
  for (guint i = 0; i < data->recommendations->len; i++)
    {
      const TvmDemoRecommendation *about = data->recommendations->pdata[i];
      double impact = is_exposure ? about->exposure_impact : about->config_impact;

      weight += impact;
      sum += data->n_devices > 0 ? impact * about->n_exposed / data->n_devices : 0;
    }
  score = weight > 0 ? 100 * sum / weight : 0;
  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "@odata.context",
                       is_exposure ? CONTEXT ("ExposureScore/$entity")
                                   : CONTEXT ("ConfigurationScore/$entity"));
  tvm_demo_put_time (ex->reply, "time", tvm_now_us ());
  tvm_demo_put_double (ex->reply, "score",
                       is_exposure ? MIN (100, score * 2) : 800 * (1 - score / 100));
  tvm_demo_close (ex->reply, '}');
}

/**
 * tvm_demo_defender_handle:
 * @ex: (inout): an exchange under `/api`
 *
 * Answers as the Defender API does, which is read-only: 401 and 403 for tokens that will not do,
 * 404, and 405 for all but GET.
 */
void
tvm_demo_defender_handle (TvmDemoExchange *ex)
{
  if (!g_str_equal (ex->method, "GET"))
    tvm_demo_reply_error (ex, 405, "MethodNotAllowed", "This resource is read-only.");
  else if (tvm_demo_part_is (ex, 1, "recommendations"))
    handle_recommendations (ex);
  else if (tvm_demo_part_is (ex, 1, "machines"))
    handle_machines (ex);
  else if (tvm_demo_part_is (ex, 1, "vulnerabilities"))
    handle_vulnerabilities (ex);
  else if (tvm_demo_part_is (ex, 1, "remediationTasks"))
    handle_activities (ex);
  else if (tvm_demo_part_is (ex, 1, "exposureScore") && ex->n_parts == 2)
    handle_score (ex, TRUE);
  else if (tvm_demo_part_is (ex, 1, "configurationScore") && ex->n_parts == 2)
    handle_score (ex, FALSE);
  else if (tvm_demo_identity_check (ex, TVM_DEMO_AUDIENCE_DEFENDER) != NULL)
    tvm_demo_reply_error (ex, 404, "NotFound", "There is no such resource.");
}
