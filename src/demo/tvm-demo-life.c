/* tvm-demo-life.c: an IT admin who accepts tickets, and devices that get patched over time.
 * The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include <string.h>

#include "tvm-time.h"

#define ACCEPT_AFTER_US (20 * TVM_SECOND_US)
#define TICK_MS 2000

/**
 * tvm_demo_life_patch_ticket:
 * @tenant: a tenant
 * @ticket: one of its tickets
 * @recommendation: what the ticket is about
 * @at_most: how many devices to patch, %G_MAXUINT: all
 *
 * Patches devices of the ticket that are exposed, in its order.
 *
 * Returns: how many it was
 */
guint
tvm_demo_life_patch_ticket (TvmDemoTenant         *tenant,
                            TvmDemoTicket         *ticket,
                            TvmDemoRecommendation *recommendation,
                            guint                  at_most)
{
  guint n = 0;

  for (guint i = 0;
       ticket->devices != NULL && i < json_array_get_length (ticket->devices) && n < at_most; i++)
    {
      JsonObject *entry = json_array_get_object_element (ticket->devices, i);
      TvmDemoDevice *device =
        tvm_demo_data_find_device (tenant->data, json_object_get_string_member (entry, "id"));

      if (device != NULL)
        n += tvm_demo_data_set_exposed (tenant->data, recommendation,
                                        device - tenant->data->devices, FALSE);
    }
  return n;
}

/* What a ticket is about, as a person would read it: an id in its texts, the product, the title. */
static TvmDemoRecommendation *
find_subject (TvmDemoTenant       *tenant,
              const TvmDemoTicket *ticket)
{
  static const char *const texts[] = { "displayName", "description", "insights", "creatorNotes",
                                       "remediation" };
  GPtrArray *all = tenant->data->recommendations;
  const char *product = tvm_demo_ticket_get (ticket, "appName");
  TvmDemoRecommendation *likely = NULL;

  for (guint i = 0; i < all->len; i++)
    {
      TvmDemoRecommendation *about = all->pdata[i];

      for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
        {
          const char *text = tvm_demo_ticket_get (ticket, texts[k]);
          const char *at = text != NULL ? strstr (text, about->id) : NULL;

          if (at != NULL && !g_ascii_isalnum (at[strlen (about->id)]) &&
              at[strlen (about->id)] != '_')
            return about;
          if (text != NULL && strstr (text, about->name) != NULL &&
              (likely == NULL || strlen (about->name) > strlen (likely->name)))
            likely = about;
        }
      if (product != NULL && likely == NULL &&
          (g_ascii_strcasecmp (product, about->component) == 0 ||
           g_ascii_strcasecmp (product, about->product) == 0))
        likely = about;
    }
  return likely;
}

static void
work_on_ticket (TvmDemoTenant *tenant,
                TvmDemoTicket *ticket)
{
  const char *status = tvm_demo_ticket_get (ticket, "status");
  TvmDemoRecommendation *about;
  guint n_devices = ticket->devices != NULL ? json_array_get_length (ticket->devices) : 0;

  if (g_strcmp0 (status, "pending") == 0 &&
      g_get_monotonic_time () - ticket->created_ticks_us >= ACCEPT_AFTER_US)
    tvm_demo_ticket_set (ticket, "active", NULL, TVM_DEMO_IT_ADMIN);
  else if (g_strcmp0 (status, "active") == 0)
    {
      about = find_subject (tenant, ticket);
      if (about == NULL ||
          tvm_demo_life_patch_ticket (tenant, ticket, about, n_devices / 20 + 1) == 0)
        tvm_demo_ticket_set (ticket, "completed", NULL, NULL);
    }
}

/* Now and then one device's own updater gets a version that is no good either. */
static void
step_any_device (TvmDemoTenant *tenant)
{
  TvmDemoData *data = tenant->data;
  TvmDemoRecommendation *about;
  guint first;

  if (data->recommendations->len == 0 || data->n_devices == 0)
    return;
  about = data->recommendations->pdata[tvm_demo_random_below (&data->random,
                                                              data->recommendations->len)];
  first = tvm_demo_random_below (&data->random, data->n_devices);
  for (guint i = 0; i < data->n_devices; i++)
    if (tvm_demo_data_step (data, about, (first + i) % data->n_devices))
      return;
}

/* Now and then one device of one activity is patched by its own updater. */
static void
patch_any_device (TvmDemoTenant *tenant)
{
  TvmDemoData *data = tenant->data;
  TvmDemoActivity *activity;
  guint first;

  if (data->activities->len == 0 || data->n_devices == 0)
    return;
  activity = data->activities->pdata[tvm_demo_random_below (&data->random, data->activities->len)];
  first = tvm_demo_random_below (&data->random, data->n_devices);
  for (guint i = 0; i < data->n_devices; i++)
    {
      guint device = (first + i) % data->n_devices;

      if (tvm_demo_bit (activity->targets, device) &&
          tvm_demo_data_set_exposed (data, activity->recommendation, device, FALSE))
        return;
    }
}

static gboolean
tick_cb (gpointer user_data)
{
  TvmDemoTenant *tenant = user_data;

  for (guint i = 0; i < tenant->tickets->len; i++)
    work_on_ticket (tenant, tenant->tickets->pdata[i]);
  patch_any_device (tenant);
  step_any_device (tenant);
  tvm_demo_data_settle (tenant->data);
  return G_SOURCE_CONTINUE;
}

/**
 * tvm_demo_life_start:
 * @tenant: a tenant whose server runs
 *
 * Every two seconds the IT admin looks at the tickets and one device may get patched.
 *
 * Returns: (transfer full): the source that lives on in the server's context; destroy it before the
 *   tenant's data
 */
GSource *
tvm_demo_life_start (TvmDemoTenant *tenant)
{
  GSource *source = g_timeout_source_new (TICK_MS);

  g_source_set_callback (source, tick_cb, tenant, NULL);
  g_source_attach (source, tenant->context);
  return source;
}
