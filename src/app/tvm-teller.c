/* tvm-teller.c: when reminders are looked for, and the notifications they become (R12). Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-teller.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* A synchronization commits list by list. */
#define SETTLE_SECONDS 3
/* Days pass and snoozed reminders come back without a commit. */
#define LOOK_SECONDS 600

struct _TvmTeller
{
  GObject        parent_instance;
  TvmStore      *store;        /* (owned) */
  char          *profile;      /* (owned) */
  char          *label;        /* (owned) (nullable) */
  TvmTellerSend  send;
  gpointer       user_data;
  GPtrArray     *snoozed;      /* (owned) of TvmReminder, for the next look */
  GCancellable  *cancellable;  /* (owned) */
  guint          settle_id, look_id;
  gboolean       is_looking, must_look_again;
};

G_DEFINE_FINAL_TYPE (TvmTeller, tvm_teller, G_TYPE_OBJECT)

/* ---- notifications ------------------------------------------------------------------------- */

static GVariant *
pack_reminders (GPtrArray *reminders)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < reminders->len; i++)
    {
      const TvmReminder *reminder = reminders->pdata[i];

      g_variant_builder_add (&builder, "(sss)", tvm_reminder_kind_to_word (reminder->kind),
                             reminder->subject_id, reminder->title);
    }
  return g_variant_builder_end (&builder);
}

/* One thing replaces what was said of it before; a digest the digest before it. */
static char *
make_id (TvmTeller             *self,
         const TvmReminderNote *note)
{
  const TvmReminder *reminder = note->reminders->pdata[0];

  if (note->reminders->len > 1)
    return g_strdup_printf ("%s/digest", self->profile);
  return g_strdup_printf ("%s/%s/%s", self->profile, tvm_reminder_kind_to_word (reminder->kind),
                          reminder->subject_id);
}

static void
send_note (TvmTeller             *self,
           const TvmReminderNote *note)
{
  g_autoptr(GNotification) notification = g_notification_new (note->title);
  g_autoptr(GVariant) target =
    g_variant_ref_sink (g_variant_new ("(s@a(sss))", self->profile,
                                       pack_reminders (note->reminders)));
  /* Translators: the name of a profile, then what there is to tell. */
  g_autofree char *body = self->label != NULL
                            ? g_strdup_printf (_("%s: %s"), self->label, note->body)
                            : g_strdup (note->body);
  g_autofree char *id = make_id (self, note);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target_value (notification, "app.open-reminder", target);
  g_notification_add_button_with_target_value (notification, _("Open"), "app.open-reminder",
                                               target);
  g_notification_add_button_with_target_value (notification, _("Snooze until tomorrow"),
                                               "app.snooze-reminder", target);
  self->send (id, notification, self->user_data);
}

/* ---- looking ------------------------------------------------------------------------------- */

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TvmTeller) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) notes = tvm_load_finish (TVM_STORE (object), result, &error);

  self->is_looking = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (notes == NULL)
    g_warning ("Looking for reminders: %s", error->message);
  for (guint i = 0; notes != NULL && i < notes->len; i++)
    send_note (self, notes->pdata[i]);
  if (self->must_look_again)
    tvm_teller_check (self);
}

/**
 * tvm_teller_check:
 * @self: a teller
 *
 * Looks for what there is to tell, and tells it.
 */
void
tvm_teller_check (TvmTeller *self)
{
  g_autoptr(GPtrArray) snoozed = NULL;

  g_return_if_fail (TVM_IS_TELLER (self));

  self->must_look_again = self->is_looking;
  if (self->is_looking || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->is_looking = TRUE;
  snoozed = g_steal_pointer (&self->snoozed);
  self->snoozed = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);
  tvm_reminder_news_load_async (self->store, snoozed, tvm_now_us () + TVM_DAY_US, self->cancellable,
                                loaded_cb, g_object_ref (self));
}

static gboolean
settled_cb (gpointer user_data)
{
  TvmTeller *self = user_data;

  self->settle_id = 0;
  tvm_teller_check (self);
  return G_SOURCE_REMOVE;
}

static gboolean
look_cb (gpointer user_data)
{
  tvm_teller_check (user_data);
  return G_SOURCE_CONTINUE;
}

static void
store_changed_cb (TvmTeller *self,
                  guint      changes)
{
  const guint interesting = TVM_CHANGED_ACTIVITIES | TVM_CHANGED_EXCEPTIONS | TVM_CHANGED_LISTS;

  if ((changes & interesting) != 0 && self->settle_id == 0 &&
      !g_cancellable_is_cancelled (self->cancellable))
    self->settle_id = g_timeout_add_seconds (SETTLE_SECONDS, settled_cb, self);
}

/**
 * tvm_teller_snooze:
 * @self: a teller
 * @reminders: what a notification of it carries; anything else is passed over
 *
 * Tells these again in a day, if they are still so.
 */
void
tvm_teller_snooze (TvmTeller *self,
                   GVariant  *reminders)
{
  GVariantIter iter;
  const char *word, *subject_id, *title;
  TvmReminderKind kind;

  g_return_if_fail (TVM_IS_TELLER (self));

  if (!g_variant_is_of_type (reminders, G_VARIANT_TYPE ("a(sss)")))
    return;
  g_variant_iter_init (&iter, reminders);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &word, &subject_id, &title))
    if (tvm_reminder_kind_from_word (word, &kind))
      g_ptr_array_add (self->snoozed, tvm_reminder_make (kind, subject_id, title));
  tvm_teller_check (self);
}

/**
 * tvm_teller_stop:
 * @self: a teller
 *
 * Tells nothing any more; the store may be closed.
 */
void
tvm_teller_stop (TvmTeller *self)
{
  g_return_if_fail (TVM_IS_TELLER (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->look_id, g_source_remove);
}

static void
tvm_teller_dispose (GObject *object)
{
  tvm_teller_stop (TVM_TELLER (object));
  G_OBJECT_CLASS (tvm_teller_parent_class)->dispose (object);
}

static void
tvm_teller_finalize (GObject *object)
{
  TvmTeller *self = TVM_TELLER (object);

  g_object_unref (self->store);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->snoozed);
  g_free (self->profile);
  g_free (self->label);
  G_OBJECT_CLASS (tvm_teller_parent_class)->finalize (object);
}

static void
tvm_teller_class_init (TvmTellerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_teller_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_teller_finalize;
}

static void
tvm_teller_init (TvmTeller *self)
{
  self->cancellable = g_cancellable_new ();
  self->snoozed = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_reminder_unref);
}

/**
 * tvm_teller_new:
 * @store: the profile's store
 * @profile: the profile's name, for the notifications' actions
 * @label: (nullable): what to put before a text, where there are several profiles
 * @send: sends a notification
 * @user_data: for @send
 *
 * Returns: (transfer full): a teller that looks whenever the store changes, and now and then
 */
TvmTeller *
tvm_teller_new (TvmStore      *store,
                const char    *profile,
                const char    *label,
                TvmTellerSend  send,
                gpointer       user_data)
{
  TvmTeller *self = g_object_new (TVM_TYPE_TELLER, NULL);

  self->store = g_object_ref (store);
  self->profile = g_strdup (profile);
  self->label = g_strdup (label);
  self->send = send;
  self->user_data = user_data;
  self->look_id = g_timeout_add_seconds (LOOK_SECONDS, look_cb, self);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  store_changed_cb (self, TVM_CHANGED_LISTS);
  return self;
}
