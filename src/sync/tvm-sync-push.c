/* tvm-sync-push.c: the outbox: tickets decided here that Intune does not have yet (R4). Blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct {
  TvmSyncEngine *engine;
  TvmClient     *client;
  GCancellable  *cancellable;
  /* (owned) (nullable): what Intune has, asked for when first needed */
  GPtrArray     *known;
  GError        *first_error;  /* (owned) */
  gboolean       stop;
  int            n_sent;
} Push;

/* A second process (a timer's command beside the window) must not send the same entry. Where the
 * profile has no folder there is no second process either. Returns -1 when another one pushes. */
#define NO_LOCK_NEEDED (-2)

static int
lock_outbox (TvmSyncEngine *self)
{
  g_autofree char *directory = tvm_profile_dir (self->profile);
  g_autofree char *path = NULL;
  int fd;

  if (self->memory_vault || directory == NULL || !g_file_test (directory, G_FILE_TEST_IS_DIR))
    return NO_LOCK_NEEDED;
  path = g_build_filename (directory, "outbox.lock", NULL);
  fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return NO_LOCK_NEEDED;  /* a folder that cannot be written: the store will say so */
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  return -1;
}

static const TvmTicket *
find_marker (GPtrArray  *tickets,
             const char *marker)
{
  for (guint i = 0; i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];

      if (ticket->marker != NULL && g_ascii_strcasecmp (ticket->marker, marker) == 0)
        return ticket;
    }
  return NULL;
}

/* Whether the failure is an answer: the service saw the ticket and does not want it. */
static gboolean
is_refusal (const GError *failure)
{
  return g_error_matches (failure, TVM_ERROR, TVM_ERROR_REJECTED) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_CONFLICT) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_INVALID);
}

static void
keep_failure (Push   *push,
              GError *failure)
{
  push->stop = push->stop || tvm_sync_error_stops (failure) ||
               g_error_matches (failure, TVM_ERROR, TVM_ERROR_THROTTLED);
  if (push->first_error == NULL)
    push->first_error = failure;
  else
    g_error_free (failure);
}

/* An earlier attempt may have arrived. TRUE with *out_adopted when it did. */
static gboolean
adopt_earlier (Push                  *push,
               const TvmOutboxEntry  *entry,
               gboolean              *out_adopted,
               GError               **error)
{
  const TvmTicket *found;

  *out_adopted = FALSE;
  if (push->known == NULL)
    push->known = tvm_client_list_tickets (push->client, NULL, push->cancellable, error);
  if (push->known == NULL)
    return FALSE;
  found = find_marker (push->known, entry->marker);
  if (found == NULL)
    return TRUE;
  *out_adopted = TRUE;
  return tvm_store_outbox_sent (push->engine->store, entry->ticket_key, found, error);
}

static void
push_entry (Push                 *push,
            const TvmOutboxEntry *entry)
{
  TvmStore *store = push->engine->store;
  TvmTicketDraft draft = { entry->activity, entry->recommendation, entry->marker, entry->devices,
                           entry->managed_ids };
  g_autoptr(TvmTicket) ticket = NULL;
  GError *failure = NULL;
  gboolean adopted = FALSE;

  if (entry->was_sent && !adopt_earlier (push, entry, &adopted, &failure))
    {
      keep_failure (push, failure);
      return;
    }
  if (adopted)
    {
      push->n_sent++;
      return;
    }
  if (!tvm_store_outbox_sending (store, entry->ticket_key, &failure))
    {
      keep_failure (push, failure);
      return;
    }
  ticket = tvm_client_create_ticket (push->client, &draft, push->cancellable, &failure);
  if (ticket != NULL && tvm_store_outbox_sent (store, entry->ticket_key, ticket, &failure))
    {
      push->n_sent++;
      return;
    }
  if (ticket == NULL && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr(GError) second = NULL;

      if (!tvm_store_outbox_failed (store, entry->ticket_key, failure->message,
                                    is_refusal (failure), &second))
        keep_failure (push, g_steal_pointer (&second));
    }
  keep_failure (push, failure);
}

/**
 * tvm_sync_push:
 * @out_sent: (out) (optional): how many tickets Intune now has that it had not been known to have
 *
 * Sends what waits, in order. Nothing happens while the Microsoft Intune connection is off or while
 * another process does the same. A refused ticket is parked with the service's words and its
 * activity
 * stays; throttling, a lost connection and a missing sign-in leave the entry for the next time.
 *
 * Returns: %FALSE with the first error
 */
gboolean
tvm_sync_push (TvmSyncEngine  *self,
               TvmClient      *client,
               int            *out_sent,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->push_mutex);
  g_autoptr(GPtrArray) entries = NULL;
  Push push = { .engine = self, .client = client, .cancellable = cancellable };
  gboolean connected = FALSE;
  int lock;

  if (out_sent != NULL)
    *out_sent = 0;
  if (!tvm_sync_reads_true (self, "intune-connection", &connected, error))
    return FALSE;
  lock = connected ? lock_outbox (self) : -1;
  if (lock == -1)
    return TRUE;
  entries = tvm_store_list_outbox (self->store, TRUE, &push.first_error);
  for (guint i = 0; entries != NULL && i < entries->len && !push.stop; i++)
    {
      const TvmOutboxEntry *entry = entries->pdata[i];

      if (!entry->is_parked)
        push_entry (&push, entry);
    }
  if (lock >= 0)
    close (lock);
  g_clear_pointer (&push.known, g_ptr_array_unref);
  if (out_sent != NULL)
    *out_sent = push.n_sent;
  if (push.first_error == NULL)
    return TRUE;
  g_propagate_error (error, push.first_error);
  return FALSE;
}

/**
 * tvm_sync_engine_push_outbox:
 * @out_sent: (out) (optional): how many tickets were sent
 *
 * Sends what waits in the outbox. Blocks.
 *
 * Returns: %FALSE with the first error; what could be sent was sent
 */
gboolean
tvm_sync_engine_push_outbox (TvmSyncEngine  *self,
                             int            *out_sent,
                             GCancellable   *cancellable,
                             GError        **error)
{
  g_autoptr(TvmClient) client = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  if (out_sent != NULL)
    *out_sent = 0;
  return tvm_sync_session_require (self, &client, NULL, error) &&
         tvm_sync_push (self, client, out_sent, cancellable, error);
}
