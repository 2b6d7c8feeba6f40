/* tvm-keyring.c: one profile's secret in the Secret Service. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-keyring-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#define PATIENCE_MS (20 * 1000)

static const SecretSchema schema = {
  TVM_APPLICATION_ID, SECRET_SCHEMA_NONE,
  { { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

static guint patience_ms = PATIENCE_MS;  /* atomic */

typedef struct _Visit Visit;
typedef gboolean (*VisitFunc) (Visit *self, GError **error);

/* A use that goes on. libsecret knows no time-out, so a thread cancels what takes too long. */
struct _Visit
{
  const TvmKeyringUse *use;
  const char          *secret;       /* (nullable): to be kept */
  char                *found;        /* (owned) (nullable) */
  SecretService       *service;      /* (owned) (nullable) */
  GHashTable          *attributes;   /* (owned) */
  GCancellable        *cancellable;  /* (owned): follows the caller's */
  gulong               handler;      /* by which it does */
  GThread             *clock;        /* (owned) (nullable): while the keyring is waited for */
  GMutex               mutex;        /* guards what follows */
  GCond                stopped;
  gboolean             is_stopped, is_late;
};

/**
 * tvm_keyring_set_patience:
 * @ms: how long to wait for the keyring; 0: as long as the program does
 *
 * For tests.
 */
void
tvm_keyring_set_patience (guint ms)
{
  g_atomic_int_set (&patience_ms, ms > 0 ? ms : PATIENCE_MS);
}

/* ---- not for ever -------------------------------------------------------------------------- */

static gpointer
clock_thread (gpointer data)
{
  Visit *self = data;
  gint64 until_us = g_get_monotonic_time () +
                    (gint64) g_atomic_int_get (&patience_ms) * (TVM_SECOND_US / 1000);

  g_mutex_lock (&self->mutex);
  while (!self->is_stopped && !self->is_late)
    self->is_late = !g_cond_wait_until (&self->stopped, &self->mutex, until_us) &&
                    !self->is_stopped;
  g_mutex_unlock (&self->mutex);
  if (self->is_late)
    g_cancellable_cancel (self->cancellable);
  return NULL;
}

static void
start_clock (Visit *self)
{
  self->is_stopped = FALSE;
  self->clock = g_thread_new ("tvm-keyring", clock_thread, self);
}

static void
stop_clock (Visit *self)
{
  g_mutex_lock (&self->mutex);
  self->is_stopped = TRUE;
  g_cond_signal (&self->stopped);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->clock, g_thread_join);
}

static void
cancelled_cb (GCancellable *caller,
              gpointer      own)
{
  g_cancellable_cancel (own);
}

static void
visit_init (Visit               *self,
            const TvmKeyringUse *use)
{
  *self = (Visit) { .use = use };
  g_mutex_init (&self->mutex);
  g_cond_init (&self->stopped);
  self->attributes = secret_attributes_build (&schema, "profile", use->profile, NULL);
  self->cancellable = g_cancellable_new ();
  if (use->cancellable != NULL)
    self->handler = g_cancellable_connect (use->cancellable, G_CALLBACK (cancelled_cb),
                                           self->cancellable, NULL);
}

static void
visit_clear (Visit *self)
{
  g_cancellable_disconnect (self->use->cancellable, self->handler);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);
  g_hash_table_unref (self->attributes);
  g_cond_clear (&self->stopped);
  g_mutex_clear (&self->mutex);
}

/* ---- what the keyring says ----------------------------------------------------------------- */

static gboolean
set_locked (GError **error)
{
  g_set_error_literal (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "locked");
  return FALSE;
}

static gboolean
propagate (const Visit  *self,
           GError       *failure,
           GError      **error)
{
  g_autoptr(GError) owned = failure;
  gboolean was_cancelled = g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (was_cancelled && g_cancellable_set_error_if_cancelled (self->use->cancellable, error))
    return FALSE;
  if (was_cancelled && self->is_late)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_NO_KEYRING,
                         _("The keyring did not answer. Sign in to the desktop session again, or "
                           "restart gnome-keyring or KWallet, and try again: sign-in data is kept "
                           "nowhere else."));
  else if (was_cancelled || g_error_matches (owned, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED,
                         _("The keyring is locked. Unlock it (for example with “Passwords and "
                           "Keys”) and try again: sign-in data is kept nowhere else."));
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_NO_KEYRING,
                 _("No keyring answers (%s). Install and start gnome-keyring, or KWallet with its "
                   "Secret Service, and sign in to the desktop session again: sign-in data is kept "
                   "nowhere else."), owned->message);
  return FALSE;
}

static gboolean
visit_once (Visit      *self,
            VisitFunc   func,
            GError    **error)
{
  g_clear_object (&self->service);
  self->service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, self->cancellable, error);
  return self->service != NULL && func (self, error);
}

/* libsecret goes on with the session of a keyring that has ended since: another try gets one of its
 * own. */
static gboolean
visit (Visit      *self,
       VisitFunc   func,
       GError    **error)
{
  GError *failure = NULL;
  gboolean good;

  start_clock (self);
  good = visit_once (self, func, &failure);
  if (!good && failure->domain != SECRET_ERROR &&
      !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&failure);
      secret_service_disconnect ();
      good = visit_once (self, func, &failure);
    }
  stop_clock (self);
  if (!good)
    propagate (self, failure, error);
  visit_clear (self);
  return good;
}

/* ---- locked or not ------------------------------------------------------------------------- */

/* The clock stands still while a person is asked; a prompt that was dismissed is no failure to
 * libsecret. */
static gboolean
unlock (Visit    *self,
        gpointer  locked,
        GError  **error)
{
  GList list = { .data = locked };
  GError *failure = NULL;
  int n_unlocked = 0;

  if (self->use->may_prompt)
    {
      stop_clock (self);
      n_unlocked = secret_service_unlock_sync (self->service, &list, self->cancellable, NULL,
                                               &failure);
      start_clock (self);
    }
  if (failure == NULL && n_unlocked <= 0)
    set_locked (&failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* The keyring that secrets go to; where there is none, a person may make one. */
static gboolean
open_collection (Visit   *self,
                 gboolean is_needed,
                 GError **error)
{
  g_autoptr(SecretCollection) collection = NULL;
  GError *failure = NULL;

  collection = secret_collection_for_alias_sync (self->service, SECRET_COLLECTION_DEFAULT,
                                                 SECRET_COLLECTION_NONE, self->cancellable,
                                                 &failure);
  if (collection == NULL && failure == NULL && is_needed && self->use->may_prompt)
    {
      stop_clock (self);
      /* Translators: how a keyring is called that is made where there is none yet */
      collection = secret_collection_create_sync (self->service, _("Default keyring"),
                                                  SECRET_COLLECTION_DEFAULT,
                                                  SECRET_COLLECTION_CREATE_NONE,
                                                  self->cancellable, &failure);
      start_clock (self);
    }
  if (failure == NULL && collection == NULL && is_needed)
    g_set_error_literal (&failure, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT,
                         _("there is no default keyring"));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL && (collection == NULL || !secret_collection_get_locked (collection) ||
                             unlock (self, collection, error));
}

/* The profile's entry, one that is open if there is one. */
static SecretItem *
search (Visit   *self,
        GError **error)
{
  GList *items = secret_service_search_sync (self->service, &schema, self->attributes,
                                             SECRET_SEARCH_ALL, self->cancellable, error);
  SecretItem *best = NULL;

  for (GList *l = items; l != NULL; l = l->next)
    if (best == NULL || !secret_item_get_locked (l->data))
      best = l->data;
  if (best != NULL)
    g_object_ref (best);
  g_list_free_full (items, g_object_unref);
  return best;
}

/* The profile's entry, opened; %NULL without an error: there is none. Before its first unlocking
 * gnome-keyring finds nothing in a keyring by its schema: only an open one is known to lack it. */
static gboolean
find (Visit       *self,
      SecretItem **out_item,
      GError     **error)
{
  g_autoptr(SecretItem) item = NULL;
  GError *failure = NULL;

  item = search (self, &failure);
  if (failure == NULL && (item == NULL || secret_item_get_locked (item)) &&
      (item != NULL ? unlock (self, item, &failure) : open_collection (self, FALSE, &failure)))
    {
      g_clear_object (&item);
      item = search (self, &failure);
    }
  if (failure == NULL && item != NULL && secret_item_get_locked (item))
    set_locked (&failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    *out_item = g_steal_pointer (&item);
  return failure == NULL;
}

/* ---- the uses ------------------------------------------------------------------------------ */

static gboolean
probe_visit (Visit   *self,
             GError **error)
{
  return open_collection (self, TRUE, error);
}

static gboolean
save_visit (Visit   *self,
            GError **error)
{
  /* Translators: how the keyring's entry is called; %s is a profile's name */
  g_autofree char *label = g_strdup_printf (_("TVM Remediate sign-in (%s)"), self->use->profile);
  SecretValue *value;
  gboolean good;

  if (!open_collection (self, TRUE, error))
    return FALSE;
  value = secret_value_new (self->secret, -1, "text/plain");
  good = secret_service_store_sync (self->service, &schema, self->attributes,
                                    SECRET_COLLECTION_DEFAULT, label, value, self->cancellable,
                                    error);
  secret_value_unref (value);
  return good;
}

static gboolean
load_visit (Visit   *self,
            GError **error)
{
  g_autoptr(SecretItem) item = NULL;
  SecretValue *value;

  if (!find (self, &item, error) ||
      (item != NULL && !secret_item_load_secret_sync (item, self->cancellable, error)))
    return FALSE;
  value = item != NULL ? secret_item_get_secret (item) : NULL;
  if (value == NULL)
    return TRUE;
  self->found = g_strdup (secret_value_get_text (value));
  secret_value_unref (value);
  return TRUE;
}

/* A locked keyring deletes nothing, and does not call that a failure: what is still there after it
 * is locked. */
static gboolean
wipe_visit (Visit   *self,
            GError **error)
{
  g_autoptr(SecretItem) item = NULL;
  g_autoptr(SecretItem) left = NULL;
  GError *failure = NULL;

  if (!find (self, &item, error))
    return FALSE;
  if (item == NULL)
    return TRUE;
  secret_service_clear_sync (self->service, &schema, self->attributes, self->cancellable, &failure);
  if (failure == NULL)
    left = search (self, &failure);
  if (left != NULL)
    set_locked (&failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/**
 * tvm_keyring_probe:
 * @use: whose keyring it is
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Whether something could be kept now. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING, also where it did not answer in time, or
 *   %TVM_ERROR_KEYRING_LOCKED
 */
gboolean
tvm_keyring_probe (const TvmKeyringUse  *use,
                   GError              **error)
{
  Visit self;

  visit_init (&self, use);
  return visit (&self, probe_visit, error);
}

/**
 * tvm_keyring_save:
 * @use: whose keyring it is
 * @secret: what replaces the secret there was
 * @error: return location for the errors of tvm_keyring_probe()
 *
 * Blocks.
 *
 * Returns: %FALSE where it could not be kept
 */
gboolean
tvm_keyring_save (const TvmKeyringUse  *use,
                  const char           *secret,
                  GError              **error)
{
  Visit self;

  visit_init (&self, use);
  self.secret = secret;
  return visit (&self, save_visit, error);
}

/**
 * tvm_keyring_load:
 * @use: whose keyring it is
 * @out_secret: (out) (transfer full) (nullable): the secret, to be overwritten when it is freed;
 *   %NULL where there is none
 * @error: return location for the errors of tvm_keyring_probe()
 *
 * Blocks.
 *
 * Returns: %FALSE where the keyring could not be read
 */
gboolean
tvm_keyring_load (const TvmKeyringUse  *use,
                  char                **out_secret,
                  GError              **error)
{
  Visit self;
  gboolean good;

  visit_init (&self, use);
  good = visit (&self, load_visit, error);
  *out_secret = self.found;
  return good;
}

/**
 * tvm_keyring_wipe:
 * @use: whose keyring it is
 * @error: return location for the errors of tvm_keyring_probe()
 *
 * Removes the secret. That there is none is no failure. Blocks.
 *
 * Returns: %FALSE where it could not be removed
 */
gboolean
tvm_keyring_wipe (const TvmKeyringUse  *use,
                  GError              **error)
{
  Visit self;

  visit_init (&self, use);
  return visit (&self, wipe_visit, error);
}
