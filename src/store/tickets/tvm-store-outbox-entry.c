/* tvm-store-outbox-entry.c: an entry of the outbox and its state, in words. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* A request takes no longer; one that is out since longer was left by a process that ended. */
#define SENDING_US (2 * 60 * TVM_SECOND_US)

/**
 * tvm_outbox_entry_free:
 * @entry: (transfer full) (nullable): an entry
 */
void
tvm_outbox_entry_free (TvmOutboxEntry *entry)
{
  if (entry == NULL)
    return;
  g_clear_pointer (&entry->activity, tvm_activity_unref);
  g_clear_pointer (&entry->recommendation, tvm_recommendation_unref);
  g_clear_pointer (&entry->vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&entry->updates, g_ptr_array_unref);
  g_clear_pointer (&entry->devices, g_ptr_array_unref);
  g_clear_pointer (&entry->managed_ids, g_hash_table_unref);
  g_free (entry->marker);
  g_free (entry->ticket_id);
  g_free (entry->last_error);
  g_free (entry);
}

/**
 * tvm_outbox_entry_get_state:
 * @entry: an entry
 * @now_us: the time
 *
 * Returns: what it waits for
 */
TvmOutboxState
tvm_outbox_entry_get_state (const TvmOutboxEntry *entry,
                            gint64                now_us)
{
  if (entry->is_completed && (entry->is_parked || !entry->was_sent))
    return TVM_OUTBOX_COMPLETED;
  if (entry->is_parked)
    return entry->is_asked ? TVM_OUTBOX_ASKED : TVM_OUTBOX_PARKED;
  if (entry->sending_us != 0 && ABS (now_us - entry->sending_us) < SENDING_US)
    return TVM_OUTBOX_SENDING;
  if (entry->was_sent)
    return TVM_OUTBOX_UNSURE;
  return entry->is_held ? TVM_OUTBOX_HELD : TVM_OUTBOX_WAITING;
}

/**
 * tvm_outbox_state_to_word:
 * @state: a state
 *
 * Returns: its word for scripts
 */
const char *
tvm_outbox_state_to_word (TvmOutboxState state)
{
  static const char *const words[] = { "waiting", "held", "sending", "unsure", "parked",
                                       "held", "held" };

  return words[state];
}

/**
 * tvm_outbox_state_to_text:
 * @state: a state
 *
 * Returns: what it says to people, localized
 */
const char *
tvm_outbox_state_to_text (TvmOutboxState state)
{
  switch (state)
    {
    case TVM_OUTBOX_HELD:
      return _("Waits for an earlier ticket of its activity");
    case TVM_OUTBOX_SENDING:
      return _("Being sent");
    case TVM_OUTBOX_UNSURE:
      return _("May have arrived: Microsoft Intune is asked first");
    case TVM_OUTBOX_PARKED:
      return _("Refused by Microsoft Intune");
    case TVM_OUTBOX_ASKED:
      return _("Held: somebody else asked for the same");
    case TVM_OUTBOX_COMPLETED:
      return _("Held: its activity is completed");
    case TVM_OUTBOX_WAITING:
    default:
      return _("Waiting to be sent");
    }
}
