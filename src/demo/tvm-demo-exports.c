/* tvm-demo-exports.c: the exports by pages, and the changes of software vulnerabilities since an
 * instant. The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-exports-private.h"

#include <stdio.h>

#include "tvm-time.h"

#define MAX_AGE_US    (14 * TVM_DAY_US)
#define MAX_PAGE_SIZE 200000
#define PAGE_SIZE     50000

/* What an export's page was asked to be. */
typedef struct
{
  guint64      size;
  gboolean     has_top;
  guint        n_changes;   /* the tenant's state that all pages are of */
  TvmDemoPlace place;       /* of a list of changes: the change, and rows of it */
} Page;

/**
 * tvm_demo_exports_count:
 * @tenant: a tenant
 * @at_us: (out) (nullable): the instant that it is of
 *
 * Returns: how many of the tenant's changes its newest snapshot has; all of them, unless snapshots
 *   are made now and then only
 */
guint
tvm_demo_exports_count (TvmDemoTenant *tenant,
                        gint64        *at_us)
{
  const TvmDemoExports *self = &tenant->exports;
  const GArray *changes = tenant->data->changes;
  gint64 now_us = tvm_now_us ();
  guint n = changes->len;

  if (self->is_held)
    {
      now_us = self->held_us;
      n = self->n_held;
    }
  else if (self->period_us > 0)
    {
      now_us -= (now_us - tenant->data->start_us) % self->period_us;
      while (n > 0 && g_array_index (changes, TvmDemoChange, n - 1).when_us > now_us)
        n--;
    }
  if (at_us != NULL)
    *at_us = now_us;
  return n;
}

static gboolean
read_number (TvmDemoExchange *ex,
             const char      *name,
             guint64          most,
             guint64         *number)
{
  const char *text = tvm_demo_query (ex, name);

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 1, most, number, NULL))
    return TRUE;
  tvm_demo_reply_error (ex, 400, "BadRequest", "%s must be a number from 1 to %" G_GUINT64_FORMAT
                        ".", name, most);
  return FALSE;
}

/* Returns FALSE after having answered with an error. */
static gboolean
read_page (TvmDemoExchange *ex,
           Page            *page)
{
  guint limit = ex->tenant->options.page_size;
  const char *token = tvm_demo_query (ex, "$skiptoken");
  guint64 top = MAX_PAGE_SIZE;

  *page = (Page) { .size = PAGE_SIZE, .has_top = tvm_demo_query (ex, "$top") != NULL,
                   .n_changes = tvm_demo_exports_count (ex->tenant, NULL) };
  if (!read_number (ex, "pageSize", MAX_PAGE_SIZE, &page->size) ||
      !read_number (ex, "$top", MAX_PAGE_SIZE, &top))
    return FALSE;
  if (token != NULL && (sscanf (token, "%u-%u-%u", &page->n_changes, &page->place.unit,
                                &page->place.offset) != 3 ||
                        page->n_changes > ex->tenant->data->changes->len))
    {
      tvm_demo_reply_error (ex, 400, "BadRequest", "$skiptoken is none of this service.");
      return FALSE;
    }
  page->size = page->has_top ? top : limit > 0 ? MIN (page->size, limit) : page->size;
  return TRUE;
}

static void
put_next_link (TvmDemoExchange *ex,
               const Page      *page)
{
  const char *since = tvm_demo_query (ex, "sinceTime");
  g_autofree char *escaped = since != NULL ? g_uri_escape_string (since, NULL, FALSE) : NULL;
  g_autofree char *uri = tvm_demo_own_uri (ex, ex->path);
  g_autofree char *link = g_strdup_printf (
    "%s?%s%s%spageSize=%" G_GUINT64_FORMAT "&$skiptoken=%u-%u-%u", uri,
    since != NULL ? "sinceTime=" : "", since != NULL ? escaped : "", since != NULL ? "&" : "",
    page->size, page->n_changes, page->place.unit, page->place.offset);

  tvm_demo_put_string (ex->reply, "@odata.nextLink", link);
}

static void
close_page (TvmDemoExchange *ex,
            const Page      *page,
            gboolean         has_more)
{
  tvm_demo_close (ex->reply, ']');
  g_string_append_c (ex->reply, ',');
  if (has_more && !page->has_top)
    put_next_link (ex, page);
  tvm_demo_close (ex->reply, '}');
}

/**
 * tvm_demo_exports_handle_page:
 * @ex: (inout): an exchange whose caller was let in
 * @dataset: which export is asked for
 *
 * Answers SoftwareVulnerabilitiesByMachine and SecureConfigurationsAssessmentByMachine as the
 * Defender API documents them: pageSize up to 200,000 (50,000), `@odata.nextLink` with a
 * `$skiptoken` unless there is a `$top`, 400 for numbers that are none. All pages are of the
 * instant of the first.
 */
void
tvm_demo_exports_handle_page (TvmDemoExchange *ex,
                              TvmDemoDataset   dataset)
{
  TvmDemoData *data = ex->tenant->data;
  g_autoptr(TvmDemoView) view = NULL;
  TvmDemoWalk walk;
  Page page;

  if (!read_page (ex, &page))
    return;
  view = tvm_demo_view_new (data, page.n_changes);
  walk = (TvmDemoWalk) { .data = data, .view = view, .out = ex->reply, .separator = ',',
                         .n_left = page.size, .place = page.place,
                         .no_group = ex->tenant->exports.has_no_groups ? "None" : "Unassigned" };
  g_string_assign (ex->reply, "{\"value\":[");
  tvm_demo_walk (&walk, dataset, 2 * data->n_devices);
  page.place = walk.place;
  close_page (ex, &page, walk.is_full);
}

/* A way through the records of one change. */
typedef struct
{
  GString    *out;
  const char *status;
  const TvmDemoCve *cve;
  gint64      when_us;
  guint       n_seen, skip;
  guint64     n_left;
  gboolean    is_full;
} ChangeWalk;

static void
change_cb (const TvmDemoRecord *record,
           gpointer             user_data)
{
  ChangeWalk *walk = user_data;

  walk->is_full = walk->n_left == 0;
  if (walk->is_full || walk->n_seen++ < walk->skip)
    return;
  tvm_demo_put_record (record, walk->out);
  tvm_demo_put_string (walk->out, "status", walk->status);
  tvm_demo_put_time (walk->out, "eventTimestamp", walk->when_us);
  tvm_demo_put_bool (walk->out, "isOnboarded", !record->data->devices[record->device].is_removed);
  tvm_demo_close (walk->out, '}');
  g_string_append_c (walk->out, ',');
  walk->n_left--;
}

/* What is told of a CVE changed. */
static void
update_cb (const TvmDemoRecord *record,
           gpointer             user_data)
{
  ChangeWalk *walk = user_data;

  if (record->weakness->cve == walk->cve)
    change_cb (record, user_data);
}

static void
put_update (ChangeWalk          *walk,
            const TvmDemoChange *change,
            TvmDemoRecord       *record)
{
  walk->status = change->is_found ? "New" : "Updated";
  walk->cve = change->cve;
  record->group = change->group_after;
  for (guint i = 0; i < G_N_ELEMENTS (change->after.versions); i++)
    {
      record->version = change->after.versions[i];
      tvm_demo_walk_version (record, update_cb, walk);
    }
}

/* The CVEs of the versions of @install that @other has not; of all where the device moved. */
static void
put_side (ChangeWalk          *walk,
          const TvmDemoChange *change,
          TvmDemoRecord       *record,
          gboolean             is_new)
{
  TvmDemoInstall install = is_new ? change->after : change->before;
  TvmDemoInstall other = is_new ? change->before : change->after;
  gboolean moved = change->group_before != change->group_after;

  walk->status = is_new ? "New" : "Fixed";
  record->group = is_new ? change->group_after : change->group_before;
  for (guint i = 0; i < G_N_ELEMENTS (install.versions); i++)
    {
      record->version = install.versions[i];
      if (moved || (record->version != other.versions[0] && record->version != other.versions[1]))
        tvm_demo_walk_version (record, change_cb, walk);
    }
}

static void
reply_changes (TvmDemoExchange *ex,
               gint64           since_us,
               Page            *page)
{
  TvmDemoData *data = ex->tenant->data;
  ChangeWalk walk = { .out = ex->reply, .n_left = page->size };
  TvmDemoRecord record = {
    .data = data, .no_group = ex->tenant->exports.has_no_groups ? "None" : "Unassigned"
  };

  g_string_assign (ex->reply, "{\"value\":[");
  for (; page->place.unit < page->n_changes; page->place.unit++, page->place.offset = 0)
    {
      const TvmDemoChange *change =
        &g_array_index (data->changes, TvmDemoChange, page->place.unit);

      /* Settings have no CVEs, and no changes here. */
      if (change->about == NULL || change->when_us < since_us)
        continue;
      record.about = change->about;
      record.n_changes = page->place.unit + 1;
      record.changed_us = change->when_us;
      record.device = change->device;
      walk.when_us = change->when_us;
      walk.skip = page->place.offset;
      walk.n_seen = 0;
      if (change->cve != NULL)
        put_update (&walk, change, &record);
      put_side (&walk, change, &record, FALSE);
      put_side (&walk, change, &record, TRUE);
      if (walk.is_full)
        {
          page->place.offset = walk.n_seen;
          break;
        }
    }
  close_page (ex, page, walk.is_full);
}

/**
 * tvm_demo_exports_handle_changes:
 * @ex: (inout): an exchange whose caller was let in
 *
 * Answers SoftwareVulnerabilityChangesByMachine as the Defender API documents it: sinceTime at most
 * 14 days back, pages as those of the exports; 400 otherwise.
 */
void
tvm_demo_exports_handle_changes (TvmDemoExchange *ex)
{
  const char *since = tvm_demo_query (ex, "sinceTime");
  gint64 since_us = 0;
  Page page;

  if (since == NULL || !tvm_parse_instant (since, &since_us) ||
      since_us < tvm_now_us () - MAX_AGE_US)
    tvm_demo_reply_error (ex, 400, "BadRequest", "sinceTime is no time of the last 14 days.");
  else if (read_page (ex, &page))
    reply_changes (ex, since_us, &page);
}
