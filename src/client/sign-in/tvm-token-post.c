/* tvm-token-post.c: asking the identity platform, without losing what it answers: a refresh token
 * or a code may be void once it was sent, and then its answer is all there is of the sign-in. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-token-post-private.h"
#include "tvm-time.h"
#include "tvm-token-vault-private.h"

#include <string.h>

#define MAX_RETRIES 3
#define MAX_WAIT_US (5 * 60 * TVM_SECOND_US)
#define GRACE_US    (20 * TVM_SECOND_US)

/* How many answers were asked for and are not in the vault yet, of all sign-ins. */
static GMutex stake_mutex;
static GCond  stake_settled;
static int    n_at_stake;

/* One exchange whose answer is awaited for a while after its caller gave up. */
typedef struct {
  GCancellable *caller;      /* (unowned) (nullable) */
  GCancellable *own;         /* (owned): of the exchange */
  gulong        handler;     /* of the caller's */
  GThread      *clock;       /* (owned) (nullable): once the caller gave up */
  gint64        grace_us;
  GMutex        mutex;       /* guards the rest */
  GCond         ended;
  gboolean      was_sent, has_ended;
} Await;

static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  Await *self = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->was_sent)
    return;
  self->was_sent = TRUE;
  g_mutex_lock (&stake_mutex);
  n_at_stake++;
  g_mutex_unlock (&stake_mutex);
}

static gpointer
wait_out_grace (gpointer data)
{
  Await *self = data;
  gint64 until_us = g_get_monotonic_time () + self->grace_us;
  gboolean is_over = FALSE;

  g_mutex_lock (&self->mutex);
  while (!self->has_ended && !is_over)
    is_over = !g_cond_wait_until (&self->ended, &self->mutex, until_us);
  g_mutex_unlock (&self->mutex);
  if (is_over)
    g_cancellable_cancel (self->own);
  return NULL;
}

/* With the mutex held, so that nothing is sent between the look and the end. */
static void
gave_up_cb (GCancellable *caller,
            gpointer      user_data)
{
  Await *self = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->was_sent)
    self->clock = g_thread_new ("token-grace", wait_out_grace, self);
  else
    g_cancellable_cancel (self->own);
}

static void
await_begin (Await        *self,
             gint64        grace_us,
             GCancellable *caller)
{
  *self = (Await) { .caller = caller, .own = g_cancellable_new (), .grace_us = grace_us };
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  if (caller != NULL)
    self->handler = g_cancellable_connect (caller, G_CALLBACK (gave_up_cb), self, NULL);
}

static void
await_end (Await *self)
{
  g_cancellable_disconnect (self->caller, self->handler);
  g_mutex_lock (&self->mutex);
  self->has_ended = TRUE;
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->clock, g_thread_join);
  g_object_unref (self->own);
  g_cond_clear (&self->ended);
  g_mutex_clear (&self->mutex);
}

/**
 * tvm_token_settle:
 *
 * Tells that an answer with status 200 that tvm_token_post() returned is kept, or is of no use.
 */
void
tvm_token_settle (void)
{
  g_mutex_lock (&stake_mutex);
  n_at_stake--;
  g_cond_broadcast (&stake_settled);
  g_mutex_unlock (&stake_mutex);
}

/**
 * tvm_sign_in_is_at_stake:
 *
 * Returns: whether who ended the process now might lose a sign-in: the service was asked for what
 *   takes its place, and that is not kept yet
 */
gboolean
tvm_sign_in_is_at_stake (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&stake_mutex);

  return n_at_stake > 0;
}

/**
 * tvm_sign_in_await_stakes:
 *
 * Waits until no sign-in is at stake, a little longer than a cancelled request awaits its answer at
 * most; to be called before the process ends. Blocks.
 */
void
tvm_sign_in_await_stakes (void)
{
  gint64 until_us = g_get_monotonic_time () + GRACE_US + TVM_SECOND_US;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&stake_mutex);

  while (n_at_stake > 0 && g_cond_wait_until (&stake_settled, &stake_mutex, until_us))
    ;
}

/* What one exchange brought. */
typedef struct {
  JsonObject *object;    /* (owned) (nullable) */
  guint       status;
  gint64      delay_us;  /* before the next attempt, where the service is busy */
} Answer;

/* One exchange. Returns FALSE with an error where no answer came. */
static gboolean
ask (TvmTransport  *transport,
     SoupMessage   *message,
     gboolean       is_token,
     int            attempt,
     Answer        *out,
     GCancellable  *cancellable,
     GError       **error)
{
  TvmExchange exchange;
  GString *text = NULL;
  Await await;

  await_begin (&await, GRACE_US / tvm_transport_get_wait_divisor (transport), cancellable);
  if (is_token)
    g_signal_connect (message, "starting", G_CALLBACK (starting_cb), &await);
  if (tvm_exchange_begin (&exchange, transport, NULL, message, await.own, error))
    text = tvm_exchange_read_all (&exchange, TVM_ERROR_MAX_BYTES * 4, await.own, error);
  *out = (Answer) { .status = exchange.status };
  if (text != NULL)
    {
      out->delay_us = tvm_transport_retry_delay_us (exchange.message, attempt);
      out->object = tvm_json_parse_small (text->str, text->len);
      explicit_bzero (text->str, text->len);
      g_string_free (text, TRUE);
    }
  tvm_exchange_end (&exchange);
  await_end (&await);
  if (await.was_sent && (out->object == NULL || out->status != 200))
    tvm_token_settle ();
  return text != NULL;
}

/**
 * tvm_token_post:
 * @endpoints: whose authority and tenant are asked
 * @transport: the pool
 * @endpoint: token or devicecode
 * @form: (transfer full): the encoded form; overwritten and freed in any case
 * @out_status: (out): the HTTP status of what is returned
 * @cancellable: (nullable): stops it; an answer that the token endpoint was asked for is awaited
 *   all the same, 20 seconds at most, and returned
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Asks an endpoint of the identity platform. Blocks; a service that is busy (429, 503) is asked up
 * to three more times where it does not want more than five minutes in between. The token
 * endpoint's answer with status 200 is at stake until tvm_token_settle().
 *
 * Returns: (transfer full) (nullable): the answer, whatever its status; %NULL with an error only
 *   where no JSON answer came
 */
JsonObject *
tvm_token_post (const TvmEndpoints  *endpoints,
                TvmTransport        *transport,
                const char          *endpoint,
                char                *form,
                guint               *out_status,
                GCancellable        *cancellable,
                GError             **error)
{
  g_autofree char *url = g_strconcat (endpoints->authority_url, "/", endpoints->tenant_id,
                                      "/oauth2/v2.0/", endpoint, NULL);
  g_autoptr(GBytes) body = g_bytes_new_with_free_func (form, strlen (form),
                                                       (GDestroyNotify) tvm_secret_free, form);

  for (int attempt = 0;; attempt++)
    {
      SoupMessage *message = tvm_transport_make_message ("POST", url, error);
      g_autoptr(JsonObject) object = NULL;
      Answer answer;

      if (message == NULL)
        return NULL;
      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
      if (!ask (transport, message, strcmp (endpoint, "token") == 0, attempt, &answer, cancellable,
                error))
        return NULL;
      object = answer.object;
      *out_status = answer.status;
      if ((answer.status == 429 || answer.status == 503) && attempt < MAX_RETRIES &&
          answer.delay_us <= MAX_WAIT_US)
        {
          if (!tvm_transport_wait (transport, answer.delay_us, TRUE, cancellable, error))
            return NULL;
          continue;
        }
      if (object == NULL)
        tvm_token_set_error (endpoints, NULL, answer.status, NULL, error);
      return g_steal_pointer (&object);
    }
}
