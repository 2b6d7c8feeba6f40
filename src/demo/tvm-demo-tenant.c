/* tvm-demo-tenant.c: the demo tenant's life: a thread, a loopback server in it, who answers what.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-tenant.h"
#include "tvm-demo-exports-private.h"
#include "tvm-time.h"

#include <string.h>

static void
exchange_clear (TvmDemoExchange *ex)
{
  g_strfreev (ex->parts);
  g_string_free (ex->reply, TRUE);
}

static void
split_path (TvmDemoExchange *ex)
{
  g_auto(GStrv) all = g_strsplit (ex->path, "/", -1);
  guint n = 0;

  ex->parts = g_new0 (char *, g_strv_length (all) + 1);
  for (guint i = 0; all[i] != NULL; i++)
    if (*all[i] != '\0')
      ex->parts[n++] = g_strdup (all[i]);
  ex->n_parts = n;
}

static void
answer (TvmDemoExchange *ex)
{
  if (tvm_demo_identity_handles (ex))
    tvm_demo_identity_handle (ex);
  else if (tvm_demo_part_is (ex, 0, "api"))
    tvm_demo_defender_handle (ex);
  else if (tvm_demo_part_is (ex, 0, TVM_DEMO_FILES))
    tvm_demo_files_handle (ex);
  else if (tvm_demo_part_is (ex, 0, "v1.0") || tvm_demo_part_is (ex, 0, "beta"))
    tvm_demo_graph_handle (ex);
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is nothing here.");
}

/* The server's own would be the computer's, whatever clock a test has set. */
static void
put_date (TvmDemoExchange *ex)
{
  gint64 now_us = tvm_now_us () + ex->tenant->clock_offset_us;
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (now_us / TVM_SECOND_US);
  g_autofree char *text = soup_date_time_to_string (now, SOUP_DATE_HTTP);

  soup_message_headers_replace (soup_server_message_get_response_headers (ex->message), "Date",
                                text);
}

static void
request_received_cb (SoupServer        *server,
                     SoupServerMessage *message,
                     const char        *path,
                     GHashTable        *query,
                     gpointer           user_data)
{
  TvmDemoExchange ex = {
    user_data,           message, soup_server_message_get_method (message), path, NULL, 0, query,
    g_string_new (NULL), 200,     "application/json; charset=utf-8",        FALSE, 0
  };

  split_path (&ex);
  put_date (&ex);
  if (tvm_demo_part_is (&ex, 0, "_demo"))
    tvm_demo_control_handle (&ex);
  else if (!tvm_demo_faults_before (&ex))
    {
      if (ex.reply->len == 0) /* not refused already */
        answer (&ex);
      tvm_demo_faults_after (&ex);
    }
  else
    {
      exchange_clear (&ex);
      return;
    }
  soup_server_message_set_status (message, ex.status, NULL);
  if (ex.status != 204)
    {
      gsize size = ex.reply->len;

      soup_server_message_set_response (message, ex.content_type, SOUP_MEMORY_TAKE,
                                        g_string_free (g_steal_pointer (&ex.reply), FALSE), size);
      ex.reply = g_string_new (NULL);
    }
  exchange_clear (&ex);
}

/* The port listened on goes into the tenant's address. */
static gboolean
open_server (TvmDemoTenant *self,
             GError       **error)
{
  g_autoslist(GUri) uris = NULL;

  self->server = soup_server_new ("server-header", "tvm-demo-tenant", NULL);
  soup_server_add_handler (self->server, NULL, request_received_cb, self, NULL);
  if (!soup_server_listen_local (self->server, self->options.port, SOUP_SERVER_LISTEN_IPV4_ONLY,
                                 error))
    return FALSE;
  uris = soup_server_get_uris (self->server);
  self->uri = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  return TRUE;
}

/**
 * tvm_demo_tenant_open_port:
 * @self: a tenant whose server was disconnected
 *
 * Listens again where it did before; where that port is taken meanwhile, it warns and stays closed.
 */
void
tvm_demo_tenant_open_port (TvmDemoTenant *self)
{
  g_autoptr(GError) error = NULL;
  guint port = (guint) g_ascii_strtoull (strrchr (self->uri, ':') + 1, NULL, 10);

  if (!soup_server_listen_local (self->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_warning ("The demo tenant lost its port %u: %s", port, error->message);
}

static gpointer
serve (gpointer user_data)
{
  TvmDemoTenant *self = user_data;
  GError *error = NULL;
  gboolean is_open;

  g_main_context_push_thread_default (self->context);
  is_open = open_server (self, &error);
  if (is_open && self->options.alive)
    self->life = tvm_demo_life_start (self);
  g_mutex_lock (&self->lock);
  self->start_error = error;
  self->is_ready = TRUE;
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->lock);
  if (is_open)
    g_main_loop_run (self->loop);
  if (self->life != NULL)
    g_source_destroy (self->life);
  g_clear_pointer (&self->life, g_source_unref);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE)) /* what was closed is let go of here */
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_demo_options_init:
 * @options: (out): filled with the defaults
 */
void
tvm_demo_options_init (TvmDemoOptions *options)
{
  *options = (TvmDemoOptions) {
    .devices = 1200, .recommendations = 60, .activities = 40, .seed = 1, .no_next_links = TRUE,
    .token_lifetime_seconds = 3599, .device_code_interval = 5,
  };
}

/**
 * tvm_demo_tenant_new:
 * @options: (nullable): what it shall be like, %NULL for the defaults; copied
 *
 * Returns: (transfer full): a tenant that does not serve yet
 */
TvmDemoTenant *
tvm_demo_tenant_new (const TvmDemoOptions *options)
{
  TvmDemoTenant *self = g_new0 (TvmDemoTenant, 1);

  if (options != NULL)
    self->options = *options;
  else
    tvm_demo_options_init (&self->options);
  self->options.devices = MIN (self->options.devices, 1000000);
  self->options.recommendations = MIN (self->options.recommendations, 10000);
  self->options.activities = MIN (self->options.activities, 10000);
  g_mutex_init (&self->lock);
  g_cond_init (&self->started);
  return self;
}

/**
 * tvm_demo_tenant_free:
 * @self: (transfer full): a tenant, which is stopped
 */
void
tvm_demo_tenant_free (TvmDemoTenant *self)
{
  g_return_if_fail (self != NULL);

  tvm_demo_tenant_stop (self);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->started);
  g_free (self);
}

/**
 * tvm_demo_tenant_start:
 * @self: a tenant that does not serve
 * @error: return location for a #GIOErrorEnum, as when the port is taken
 *
 * Makes the data and serves them from a thread of its own until tvm_demo_tenant_stop().
 *
 * Returns: whether it serves now
 */
gboolean
tvm_demo_tenant_start (TvmDemoTenant *self,
                       GError       **error)
{
  GError *start_error;

  g_return_val_if_fail (self != NULL && self->thread == NULL, FALSE);

  self->data = tvm_demo_data_new (&self->options);
  self->identity = tvm_demo_identity_new ();
  self->faults = tvm_demo_faults_new ();
  self->exports = (TvmDemoExports) { 0 };
  tvm_demo_files_new_key (self);
  if (self->options.documented_limits)
    tvm_demo_limits_set_documented (tvm_demo_faults_get_limits (self->faults));
  self->tickets = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_demo_ticket_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->is_ready = FALSE;
  self->thread = g_thread_new ("demo-tenant", serve, self);
  g_mutex_lock (&self->lock);
  while (!self->is_ready)
    g_cond_wait (&self->started, &self->lock);
  start_error = g_steal_pointer (&self->start_error);
  g_mutex_unlock (&self->lock);
  if (start_error == NULL)
    return TRUE;
  g_propagate_error (error, start_error);
  tvm_demo_tenant_stop (self);
  return FALSE;
}

/**
 * tvm_demo_tenant_get_uri:
 * @self: a tenant
 *
 * Returns: (nullable): "http://127.0.0.1:PORT" while it serves: authority and base URL of every
 *   service
 */
const char *
tvm_demo_tenant_get_uri (TvmDemoTenant *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uri;
}

/**
 * tvm_demo_tenant_stop:
 * @self: a tenant
 *
 * Ends the thread and forgets everything; nothing happens where it does not serve.
 */
void
tvm_demo_tenant_stop (TvmDemoTenant *self)
{
  g_return_if_fail (self != NULL);

  if (self->thread == NULL)
    return;
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->tickets, g_ptr_array_unref);
  g_clear_pointer (&self->faults, tvm_demo_faults_free);
  g_clear_pointer (&self->identity, tvm_demo_identity_free);
  g_clear_pointer (&self->data, tvm_demo_data_free);
  g_clear_pointer (&self->uri, g_free);
}
