/* tvm-demo-faults.c: answers that go wrong on order, and a count of all requests. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include <string.h>

#include "tvm-time.h"

typedef enum { STATUS, CUT, RESET, STALL, DELAY, ENDLESS, REDIRECT, REFUSE, STALE, N_NAMED,
               SPOIL = N_NAMED } FaultKind;
static const char *const kind_names[N_NAMED] = {
  "status", "cut", "reset", "stall", "delay", "endless", "redirect", "refuse", "stale"
};

typedef struct {
  char     *path;         /* prefix, lower case */
  char     *method;       /* (nullable) any */
  gboolean  is_exact;     /* the path itself, not what is below it */
  FaultKind kind;
  TvmDemoSpoilFunc spoil; /* of the kind SPOIL */
  JsonObject *order;      /* (owned) */
  guint     status, times, skip, delay_ms;
  char     *kept;         /* (nullable): the older answer */
  char     *retry_after;  /* (nullable) */
  guint     date_after_s; /* the same as a date, that many seconds from the answer; 0: none */
} Fault;

struct _TvmDemoFaults {
  GPtrArray  *faults;
  GHashTable *requests;    /* "GET /path" -> count */
  GHashTable *not_before;  /* "GET /path" -> (gint64 *) monotonic: when it may come again */
  guint       n_requests, n_violations;
  TvmDemoLimits *limits;
};

static void
fault_free (Fault *fault)
{
  g_free (fault->path);
  g_free (fault->method);
  g_free (fault->retry_after);
  g_free (fault->kept);
  json_object_unref (fault->order);
  g_free (fault);
}

/**
 * tvm_demo_faults_new:
 * Returns: (transfer full): no faults, no limits, nothing counted
 */
TvmDemoFaults *
tvm_demo_faults_new (void)
{
  TvmDemoFaults *self = g_new0 (TvmDemoFaults, 1);

  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) fault_free);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->not_before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->limits = tvm_demo_limits_new ();
  return self;
}

/**
 * tvm_demo_faults_free:
 * @self: (transfer full): the faults
 */
void
tvm_demo_faults_free (TvmDemoFaults *self)
{
  g_ptr_array_unref (self->faults);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->not_before);
  tvm_demo_limits_free (self->limits);
  g_free (self);
}

/**
 * tvm_demo_faults_clear:
 * @self: the faults
 *
 * Forgets the faults that are left and lifts the limits; what was counted stays.
 */
void
tvm_demo_faults_clear (TvmDemoFaults *self)
{
  g_ptr_array_set_size (self->faults, 0);
  g_hash_table_remove_all (self->not_before);
  tvm_demo_limits_set (self->limits, 0, 0);
}

/**
 * tvm_demo_faults_get_limits:
 * @self: the faults
 *
 * Returns: (transfer none): how many calls are let in
 */
TvmDemoLimits *
tvm_demo_faults_get_limits (TvmDemoFaults *self)
{
  return self->limits;
}

/**
 * tvm_demo_faults_add:
 * @self: the faults
 * @body: the order (docs/demo-tenant.md)
 *
 * Returns: (transfer full) (nullable): what is wrong with the order, for the answer; %NULL: it was
 *   taken
 */
char *
tvm_demo_faults_add (TvmDemoFaults *self,
                     JsonObject    *body)
{
  const char *kind = json_object_get_string_member_with_default (body, "kind", "status");
  JsonNode *after = json_object_get_member (body, "retry_after");
  TvmDemoSpoilFunc spoil = tvm_demo_spoil_find (kind);
  Fault *fault;
  guint i;

  for (i = 0; i < N_NAMED && g_strcmp0 (kind_names[i], kind) != 0; i++)
    ;
  if (i == N_NAMED && spoil == NULL)
    return g_strdup ("There is no such kind of fault.");
  fault = g_new0 (Fault, 1);
  fault->kind = i;
  fault->spoil = spoil;
  fault->path = g_ascii_strdown (json_object_get_string_member_with_default (body, "path", "/"),
                                 -1);
  fault->is_exact = json_object_get_boolean_member_with_default (body, "exact", FALSE);
  fault->method = g_strdup (json_object_get_string_member_with_default (body, "method", NULL));
  fault->status = json_object_get_int_member_with_default (body, "status", 503);
  fault->times = json_object_get_int_member_with_default (body, "times", 1);
  fault->skip = json_object_get_int_member_with_default (body, "skip", 0);
  fault->delay_ms = json_object_get_int_member_with_default (body, "delay_ms", 100);
  fault->order = json_object_ref (body);
  fault->date_after_s = json_object_get_int_member_with_default (body, "retry_after_date", 0);
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
  g_autofree char *key = g_strdup_printf ("%s %s", ex->method, path);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->requests, key));
  const gint64 *not_before_us = g_hash_table_lookup (self->not_before, key);

  g_hash_table_replace (self->requests, g_strdup (key), GUINT_TO_POINTER (n + 1));
  self->n_requests++;
  if (not_before_us != NULL && tvm_ticks_us () < *not_before_us)
    self->n_violations++;
  else
    g_hash_table_remove (self->not_before, key);
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
          (fault->is_exact && !g_str_equal (path, fault->path)) ||
          (fault->method != NULL && g_ascii_strcasecmp (fault->method, ex->method) != 0))
        continue;
      if (fault->skip > 0)
        {
          fault->skip--;
          continue;
        }
      if (fault->kind != STALE || fault->kept != NULL)
        fault->times--;
      return fault;
    }
  return NULL;
}

/* Whoever comes back to the path with the same method before that time is counted. */
static void
ask_to_wait (TvmDemoExchange *ex,
             const char      *path,
             gint64           wait_us)
{
  gint64 *not_before_us = g_new (gint64, 1);

  *not_before_us = tvm_ticks_us () + wait_us - TVM_SECOND_US / 20;
  g_hash_table_replace (ex->tenant->faults->not_before,
                        g_strdup_printf ("%s %s", ex->method, path), not_before_us);
}

static void
reply_status (TvmDemoExchange *ex,
              Fault           *fault,
              const char      *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (ex->message);
  guint64 wait_s = fault->date_after_s;

  ex->is_graph = !tvm_demo_part_is (ex, 0, "api");
  tvm_demo_reply_error (ex, fault->status, fault->status == 429 ? "TooManyRequests" : "DemoFault",
                        "This answer was ordered to be %u.", fault->status);
  if (wait_s > 0)
    {
      g_autoptr (GDateTime)
        date = g_date_time_new_from_unix_utc (tvm_now_us () / TVM_SECOND_US + wait_s + 1);
      g_autofree char *text = soup_date_time_to_string (date, SOUP_DATE_HTTP);

      soup_message_headers_replace (headers, "Retry-After", text);
      ask_to_wait (ex, path, wait_s * TVM_SECOND_US);
    }
  else if (fault->retry_after != NULL)
    {
      soup_message_headers_replace (headers, "Retry-After", fault->retry_after);
      if (g_ascii_string_to_unsigned (fault->retry_after, 10, 0, 86400, &wait_s, NULL) &&
          wait_s > 0)
        ask_to_wait (ex, path, wait_s * TVM_SECOND_US);
    }
}

/* Another origin: the same server by its other name, so that it sees who follows. */
static void
reply_redirect (TvmDemoExchange *ex)
{
  const char *port = strrchr (ex->tenant->uri, ':');
  g_autofree char *location = g_strdup_printf ("http://localhost%s/elsewhere", port);

  ex->status = 302;
  soup_message_headers_replace (soup_server_message_get_response_headers (ex->message), "Location",
                                location);
  g_string_assign (ex->reply, "{}");
}

/* The faults that leave no answer to spoil; whether this was one. */
static gboolean
break_exchange (TvmDemoExchange *ex,
                const Fault     *fault)
{
  if (fault->kind == RESET)
    tvm_demo_break_reset (ex);
  else if (fault->kind == STALL)
    soup_server_message_pause (ex->message);
  else if (fault->kind == ENDLESS)
    tvm_demo_break_endless (ex);
  else if (fault->kind == REFUSE)
    tvm_demo_break_refuse (ex, fault->delay_ms);
  else
    return FALSE;
  return TRUE;
}

/**
 * tvm_demo_faults_before:
 * @ex: (inout): an exchange that is not answered yet
 *
 * Counts the request and takes the fault that is due for it. Where it is refused, the refusal
 * stands in the reply afterwards, and then nothing must be done.
 *
 * Returns: whether a fault breaks the connection, so that no answer is to be given
 */
gboolean
tvm_demo_faults_before (TvmDemoExchange *ex)
{
  g_autofree char *path = g_ascii_strdown (ex->path, -1);
  Fault *fault;

  count_request (ex, path);
  if (tvm_demo_limits_refuse (ex->tenant->faults->limits, ex))
    return FALSE;
  fault = take_fault (ex, path);
  g_object_set_data (G_OBJECT (ex->message), "demo-fault", fault);
  if (fault != NULL && break_exchange (ex, fault))
    return TRUE;
  if (fault != NULL && fault->kind == STATUS)
    reply_status (ex, fault, path);
  else if (fault != NULL && fault->kind == REDIRECT)
    reply_redirect (ex);
  return FALSE;
}

/**
 * tvm_demo_faults_after:
 * @ex: (inout): the same exchange, answered
 *
 * Spoils an answer that was made as always, so that a lost answer can follow a done deed.
 */
void
tvm_demo_faults_after (TvmDemoExchange *ex)
{
  Fault *fault = g_object_get_data (G_OBJECT (ex->message), "demo-fault");

  if (fault == NULL)
    return;
  if (fault->kind == CUT)
    tvm_demo_break_cut (ex);
  else if (fault->kind == DELAY)
    tvm_demo_break_delay (ex, fault->delay_ms);
  else if (fault->kind == SPOIL)
    fault->spoil (ex, fault->order);
  else if (fault->kind == STALE && fault->kept == NULL)
    fault->kept = g_strdup (ex->reply->str);
  else if (fault->kind == STALE)
    g_string_assign (ex->reply, fault->kept);
}

/**
 * tvm_demo_faults_describe:
 * @self: the faults
 * @out: (inout): an open JSON object that gets the counts, with a comma after the last
 */
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
  tvm_demo_put_int (out, "retry_after_violations",
                    self->n_violations + tvm_demo_limits_count_violations (self->limits));
  tvm_demo_limits_describe (self->limits, out);
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
