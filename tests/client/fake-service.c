/* fake-service.c: a scripted HTTP server on loopback. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fake-service.h"

#include <string.h>

typedef struct { guint status; FakeFault fault; char *header, *body; } Reply;
typedef struct { GQueue replies; GPtrArray *requests; } Path;

struct _FakeService
{
  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
  SoupServer   *server;
  char         *url;
  GMutex        mutex;
  GCond         cond;
  GHashTable   *paths;   /* path to Path; guarded by the mutex */
  SoupServerMessage *held;  /* (owned) (nullable): of the thread */
};

static void
reply_free (Reply *reply)
{
  g_free (reply->header);
  g_free (reply->body);
  g_free (reply);
}

static void
path_free (Path *path)
{
  g_queue_clear_full (&path->replies, (GDestroyNotify) reply_free);
  g_ptr_array_unref (path->requests);
  g_free (path);
}

static Path *
get_path (FakeService *self,
          const char  *name)
{
  Path *path = g_hash_table_lookup (self->paths, name);

  if (path == NULL)
    {
      path = g_new0 (Path, 1);
      g_queue_init (&path->replies);
      path->requests = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->paths, g_strdup (name), path);
    }
  return path;
}

static char *
fill_in (FakeService *self,
         const char  *text)
{
  g_auto(GStrv) parts = g_strsplit (text, "%URL%", -1);

  return g_strjoinv (self->url, parts);
}

static void
record_request (Path              *path,
                SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GUri *uri = soup_server_message_get_uri (message);
  const char *authorization = soup_message_headers_get_one (headers, "Authorization");
  const char *request_id = soup_message_headers_get_one (headers, "client-request-id");
  g_autofree char *text = g_strndup (body->data != NULL ? body->data : "", body->length);

  g_ptr_array_add (path->requests,
                   g_strdup_printf ("%s %s%s%s\n%s\n%s\n%s", soup_server_message_get_method (message),
                                    g_uri_get_path (uri), g_uri_get_query (uri) != NULL ? "?" : "",
                                    g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "",
                                    authorization != NULL ? authorization : "",
                                    request_id != NULL ? request_id : "", text));
}

static void
cut_connection (SoupServerMessage *message,
                const char        *head)
{
  GIOStream *stream = soup_server_message_steal_connection (message);

  if (head != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), head, strlen (head), NULL, NULL,
                               NULL);
  g_io_stream_close (stream, NULL, NULL);
  g_object_unref (stream);
}

static void
request_received_cb (SoupServer        *server,
                     SoupServerMessage *message,
                     const char        *name,
                     GHashTable        *query,
                     gpointer           user_data)
{
  FakeService *self = user_data;
  g_autofree char *body = NULL;
  Path *path;
  Reply *reply;

  g_mutex_lock (&self->mutex);
  path = get_path (self, name);
  record_request (path, message);
  g_cond_broadcast (&self->cond);
  reply = g_queue_peek_head (&path->replies);
  if (reply == NULL)
    {
      soup_server_message_set_status (message, 404, NULL);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC,
                                        "{\"error\":{\"code\":\"NotFound\"}}", 29);
    }
  else if (reply->fault == FAKE_CUT || reply->fault == FAKE_LOST)
    {
      g_autofree char *head = reply->fault == FAKE_CUT
        ? g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                           "%" G_GSIZE_FORMAT "\r\n\r\n%.*s", strlen (reply->body),
                           (int) (strlen (reply->body) / 2), reply->body) : NULL;

      cut_connection (message, head);
    }
  else
    {
      body = fill_in (self, reply->body);
      soup_server_message_set_status (message, reply->status, NULL);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                        strlen (body));
      if (reply->header != NULL)
        {
          g_autofree char *header = fill_in (self, reply->header);
          char *colon = strstr (header, ": ");

          *colon = '\0';
          soup_message_headers_replace (soup_server_message_get_response_headers (message), header,
                                        colon + 2);
        }
      if (reply->fault == FAKE_HELD)
        {
          self->held = g_object_ref (message);
          soup_server_message_pause (message);
        }
    }
  if (g_queue_get_length (&path->replies) > 1)
    reply_free (g_queue_pop_head (&path->replies));
  g_mutex_unlock (&self->mutex);
}

static gpointer
serve (gpointer data)
{
  FakeService *self = data;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_received_cb, self, NULL);
  g_assert_true (soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->mutex);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (self->loop);
  g_clear_object (&self->held);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

FakeService *
fake_service_new (void)
{
  FakeService *self = g_new0 (FakeService, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) path_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("fake-service", serve, self);
  g_mutex_lock (&self->mutex);
  while (self->url == NULL)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return self;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
fake_service_free (FakeService *self)
{
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->paths);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->url);
  g_free (self);
}

const char *
fake_service_get_url (FakeService *self)
{
  return self->url;
}

static void
add_reply (FakeService *self,
           const char  *path,
           guint        status,
           FakeFault    fault,
           const char  *header,
           const char  *body)
{
  Reply *reply = g_new0 (Reply, 1);

  *reply = (Reply) { status, fault, g_strdup (header), g_strdup (body != NULL ? body : "") };
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&get_path (self, path)->replies, reply);
  g_mutex_unlock (&self->mutex);
}

void
fake_service_add (FakeService *self,
                  const char  *path,
                  guint        status,
                  const char  *header,
                  const char  *body)
{
  add_reply (self, path, status, FAKE_PLAIN, header, body);
}

void
fake_service_add_fault (FakeService *self,
                        const char  *path,
                        FakeFault    fault,
                        const char  *body)
{
  add_reply (self, path, 200, fault, NULL, body);
}

void
fake_service_clear (FakeService *self,
                    const char  *path)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->paths, path);
  g_mutex_unlock (&self->mutex);
}

guint
fake_service_count (FakeService *self,
                    const char  *path)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = get_path (self, path)->requests->len;
  g_mutex_unlock (&self->mutex);
  return n;
}

void
fake_service_wait (FakeService *self,
                   const char  *path,
                   guint        n)
{
  g_mutex_lock (&self->mutex);
  while (get_path (self, path)->requests->len < n)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static gboolean
release_cb (gpointer user_data)
{
  FakeService *self = user_data;

  soup_server_message_unpause (self->held);
  g_clear_object (&self->held);
  return G_SOURCE_REMOVE;
}

void
fake_service_release (FakeService *self)
{
  g_main_context_invoke (self->context, release_cb, self);
}

char *
fake_service_get_request (FakeService *self,
                          const char  *path,
                          guint        n)
{
  char *request;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (n, <, get_path (self, path)->requests->len);
  request = g_strdup (g_ptr_array_index (get_path (self, path)->requests, n));
  g_mutex_unlock (&self->mutex);
  return request;
}
