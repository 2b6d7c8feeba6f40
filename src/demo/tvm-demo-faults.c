/* tvm-demo-faults.c: answers that go wrong on order, and a count of all requests. The server's thread
 * only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include <string.h>
#include <sys/socket.h>

#include "tvm-time.h"

typedef enum { STATUS, CUT, HTML, EMPTY, BAD_JSON, RESET, WRONG_SHAPE, STALL, DELAY, N_KINDS } FaultKind;
static const char *const kind_names[N_KINDS] = { "status", "cut", "html", "empty", "bad-json", "reset", "wrong-shape",
                                                 "stall", "delay" };

typedef struct {
  char     *path;         /* prefix, lower case */
  char     *method;       /* (nullable) any */
  FaultKind kind;
  guint     status, times, skip, delay_ms;
  char     *retry_after;  /* (nullable) */
} Fault;

struct _TvmDemoFaults {
  GPtrArray  *faults;
  GHashTable *requests;    /* "GET /path" -> count */
  GHashTable *not_before;  /* path -> (gint64 *) monotonic: when a throttled one may come again */
  guint       n_requests, n_violations;
};

/* A connection to break off: in an idle, once libsoup is through with the request's handler. */
typedef struct { SoupServerMessage *message; GBytes *bytes; /* (nullable) to send before */ } Breaking;

static void
fault_free (Fault *fault)
{
  g_free (fault->path);
  g_free (fault->method);
  g_free (fault->retry_after);
  g_free (fault);
}

TvmDemoFaults *
tvm_demo_faults_new (void)
{
  TvmDemoFaults *self = g_new0 (TvmDemoFaults, 1);

  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) fault_free);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->not_before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
tvm_demo_faults_free (TvmDemoFaults *self)
{
  g_ptr_array_unref (self->faults);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->not_before);
  g_free (self);
}

void
tvm_demo_faults_clear (TvmDemoFaults *self)
{
  g_ptr_array_set_size (self->faults, 0);
  g_hash_table_remove_all (self->not_before);
}

/* Returns: (transfer full) (nullable): what is wrong with the order */
char *
tvm_demo_faults_add (TvmDemoFaults *self,
                     JsonObject    *body)
{
  const char *kind = json_object_get_string_member_with_default (body, "kind", "status");
  JsonNode *after = json_object_get_member (body, "retry_after");
  Fault *fault;
  guint i;

  for (i = 0; i < N_KINDS && g_strcmp0 (kind_names[i], kind) != 0; i++)
    ;
  if (i == N_KINDS)
    return g_strdup ("There is no such kind of fault.");
  fault = g_new0 (Fault, 1);
  fault->kind = i;
  fault->path = g_ascii_strdown (json_object_get_string_member_with_default (body, "path", "/"), -1);
  fault->method = g_strdup (json_object_get_string_member_with_default (body, "method", NULL));
  fault->status = json_object_get_int_member_with_default (body, "status", 503);
  fault->times = json_object_get_int_member_with_default (body, "times", 1);
  fault->skip = json_object_get_int_member_with_default (body, "skip", 0);
  fault->delay_ms = json_object_get_int_member_with_default (body, "delay_ms", 100);
  if (after != NULL && json_node_get_value_type (after) == G_TYPE_INT64)
    fault->retry_after = g_strdup_printf ("%d", (int) json_node_get_int (after));
  else if (after != NULL && json_node_get_value_type (after) == G_TYPE_STRING)
    fault->retry_after = g_strdup (json_node_get_string (after));
  g_ptr_array_add (self->faults, fault);
  return NULL;
}

static void
count_request (TvmDemoExchange *ex,
               const char      *path)
{
  TvmDemoFaults *self = ex->tenant->faults;
  char *key = g_strdup_printf ("%s %s", ex->method, path);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->requests, key));
  const gint64 *not_before_us = g_hash_table_lookup (self->not_before, path);

  g_hash_table_replace (self->requests, key, GUINT_TO_POINTER (n + 1));
  self->n_requests++;
  if (not_before_us != NULL && g_get_monotonic_time () < *not_before_us)
    self->n_violations++;
  else
    g_hash_table_remove (self->not_before, path);
}

/* Takes the fault that is due for this request, or none; what the fault is counts it down. */
static Fault *
take_fault (TvmDemoExchange *ex,
            const char      *path)
{
  GPtrArray *faults = ex->tenant->faults->faults;

  for (guint i = 0; i < faults->len; i++)
    {
      Fault *fault = faults->pdata[i];

      if (!g_str_has_prefix (path, fault->path) || fault->times == 0 ||
          (fault->method != NULL && g_ascii_strcasecmp (fault->method, ex->method) != 0))
        continue;
      if (fault->skip > 0)
        {
          fault->skip--;
          continue;
        }
      fault->times--;
      return fault;
    }
  return NULL;
}

static gboolean
break_off_cb (gpointer user_data)
{
  Breaking *breaking = user_data;
  g_autoptr(GSocket) socket = soup_server_message_get_socket (breaking->message);
  g_autoptr(GIOStream) stream = NULL;
  struct linger abort_it = { 1, 0 };

  if (socket != NULL)
    g_object_ref (socket);
  stream = soup_server_message_steal_connection (breaking->message);
  if (stream != NULL && breaking->bytes != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), g_bytes_get_data (breaking->bytes, NULL),
                               g_bytes_get_size (breaking->bytes), NULL, NULL, NULL);
  else if (socket != NULL) /* closing then resets the connection */
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &abort_it, sizeof abort_it);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
breaking_free (gpointer user_data)
{
  Breaking *breaking = user_data;

  g_object_unref (breaking->message);
  g_clear_pointer (&breaking->bytes, g_bytes_unref);
  g_free (breaking);
}

static gboolean
unpause_cb (gpointer user_data)
{
  soup_server_message_unpause (((Breaking *) user_data)->message);
  return G_SOURCE_REMOVE;
}

static void
pause_and (TvmDemoExchange *ex,
           GSource         *source,
           GSourceFunc      callback,
           GBytes          *bytes)
{
  Breaking *breaking = g_new0 (Breaking, 1);

  breaking->message = g_object_ref (ex->message);
  breaking->bytes = bytes;
  soup_server_message_pause (ex->message);
  g_source_set_callback (source, callback, breaking, breaking_free);
  g_source_attach (source, ex->tenant->context);
  g_source_unref (source);
}

/* Half of what would have been said, under the length of the whole. */
static void
cut (TvmDemoExchange *ex)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_printf (text, "HTTP/1.1 %u OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                   ex->status, ex->content_type, MAX (ex->reply->len, 2));
  g_string_append_len (text, ex->reply->str, ex->reply->len / 2);
  pause_and (ex, g_idle_source_new (), break_off_cb, g_bytes_new (text->str, text->len));
}

static void
reply_status (TvmDemoExchange *ex,
              Fault           *fault,
              const char      *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (ex->message);
  guint64 wait_s = 0;

  ex->is_graph = !tvm_demo_part_is (ex, 0, "api");
  tvm_demo_reply_error (ex, fault->status, fault->status == 429 ? "TooManyRequests" : "DemoFault",
                        "This answer was ordered to be %u.", fault->status);
  if (fault->retry_after == NULL)
    return;
  soup_message_headers_replace (headers, "Retry-After", fault->retry_after);
  if (g_ascii_string_to_unsigned (fault->retry_after, 10, 0, 86400, &wait_s, NULL) && wait_s > 0)
    {
      gint64 *not_before_us = g_new (gint64, 1);

      *not_before_us = g_get_monotonic_time () + (gint64) wait_s * TVM_SECOND_US - TVM_SECOND_US / 20;
      g_hash_table_replace (ex->tenant->faults->not_before, g_strdup (path), not_before_us);
    }
}

/* Counts the request; returns whether a fault breaks the connection. A refusal stands in the reply
 * afterwards, and then nothing must be done. */
gboolean
tvm_demo_faults_before (TvmDemoExchange *ex)
{
  g_autofree char *path = g_ascii_strdown (ex->path, -1);
  Fault *fault;

  count_request (ex, path);
  fault = take_fault (ex, path);
  g_object_set_data (G_OBJECT (ex->message), "demo-fault", fault);
  if (fault != NULL && fault->kind == RESET)
    pause_and (ex, g_idle_source_new (), break_off_cb, NULL);
  else if (fault != NULL && fault->kind == STALL)
    soup_server_message_pause (ex->message);
  else
    {
      if (fault != NULL && fault->kind == STATUS)
        reply_status (ex, fault, path);
      return FALSE;
    }
  return TRUE;
}

/* Spoils an answer that was made as always, so that a lost answer can follow a done deed. */
void
tvm_demo_faults_after (TvmDemoExchange *ex)
{
  Fault *fault = g_object_get_data (G_OBJECT (ex->message), "demo-fault");

  if (fault == NULL)
    return;
  if (fault->kind == CUT)
    cut (ex);
  else if (fault->kind == DELAY)
    pause_and (ex, g_timeout_source_new (fault->delay_ms), unpause_cb, NULL);
  else if (fault->kind == HTML)
    {
      ex->content_type = "text/html; charset=utf-8";
      g_string_assign (ex->reply, "<!doctype html><html><title>Welcome</title><p>Accept the terms to go on.</html>");
    }
  else if (fault->kind == EMPTY)
    g_string_truncate (ex->reply, 0);
  else if (fault->kind == BAD_JSON)
    g_string_assign (ex->reply, "{\"value\":[{\"id\":\"1\"},{\"id\":");
  else if (fault->kind == WRONG_SHAPE)
    g_string_assign (ex->reply, "{\"value\":{\"id\":\"not a list\"},\"error\":5,\"id\":[]}");
  if (fault->kind == HTML || fault->kind == EMPTY || fault->kind == BAD_JSON || fault->kind == WRONG_SHAPE)
    ex->status = ex->status == 204 ? 200 : ex->status;
}

void
tvm_demo_faults_describe (TvmDemoFaults *self,
                          GString       *out)
{
  GHashTableIter iter;
  gpointer key, value;
  guint n_pending = 0;

  for (guint i = 0; i < self->faults->len; i++)
    n_pending += ((Fault *) self->faults->pdata[i])->times;
  tvm_demo_put_int (out, "total", self->n_requests);
  tvm_demo_put_int (out, "retry_after_violations", self->n_violations);
  tvm_demo_put_int (out, "faults_left", n_pending);
  g_string_append (out, "\"requests\":{");
  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      tvm_demo_put_quoted (out, key);
      g_string_append_printf (out, ":%u,", GPOINTER_TO_UINT (value));
    }
  tvm_demo_close (out, '}');
  g_string_append_c (out, ',');
}
