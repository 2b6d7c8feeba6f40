/* tvm-cli-priors.c: who asked for the same before, and the tickets made elsewhere (R20). Main
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-said.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define LOOK_US (10 * TVM_SECOND_US)   /* for others' tickets */

/* NULL: not known. */
static void
add_groups (JsonBuilder *builder,
            char       **groups)
{
  if (groups != NULL)
    tvm_cli_json_strings (builder, "groups", groups);
  else
    tvm_cli_json_null (builder, "groups");
}

/**
 * tvm_cli_tell_priors:
 * @id: (nullable): the recommendation, where several are requested
 * @priors: (nullable) (element-type TvmPrior): what the request meets
 *
 * Tells of each on standard error.
 */
void
tvm_cli_tell_priors (const char *id,
                     GPtrArray  *priors)
{
  for (guint i = 0; priors != NULL && i < priors->len; i++)
    {
      g_autofree char *text = tvm_prior_to_text (priors->pdata[i]);
      g_autofree char *scope = tvm_prior_scope_text (priors->pdata[i]);
      g_autofree char *line = g_strdup_printf (_("%s: %s"), text, scope);

      if (id == NULL)
        tvm_cli_message ("%s", line);
      else
        tvm_cli_message (_("%s: %s"), id, line);
    }
}

/**
 * tvm_cli_tell_tickets:
 * @self: the command line with a store
 * @recommendation_id: (nullable): what is completed or excepted
 * @groups: (nullable) (array zero-terminated=1): of which device groups; %NULL or none: all
 *
 * Tells on standard error of tickets that others have in Intune for it, as far as they are known.
 */
void
tvm_cli_tell_tickets (TvmCli     *self,
                      const char *recommendation_id,
                      char      **groups)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(GPtrArray) meeting = NULL;

  if (recommendation_id == NULL ||
      !tvm_store_get_request_facts (self->store, recommendation_id, &facts, NULL) ||
      facts.priors == NULL)
    return;
  meeting = tvm_priors_meeting (facts.priors, (const char *const *) groups);
  for (guint i = meeting->len; i-- > 0;)
    if (((const TvmPrior *) meeting->pdata[i])->kind != TVM_PRIOR_TICKET)
      g_ptr_array_remove_index (meeting, i);
  tvm_cli_tell_priors (NULL, meeting);
}

/**
 * tvm_cli_json_priors:
 * @builder: a builder inside an object
 * @priors: (nullable) (element-type TvmPrior): what a request meets; %NULL: it did not come to that
 *
 * Adds the member "prior".
 */
void
tvm_cli_json_priors (JsonBuilder *builder,
                     GPtrArray   *priors)
{
  if (priors == NULL)
    {
      tvm_cli_json_null (builder, "prior");
      return;
    }
  tvm_cli_json_array (builder, "prior");
  for (guint i = 0; i < priors->len; i++)
    {
      const TvmPrior *prior = priors->pdata[i];
      g_autofree char *text = tvm_prior_to_text (prior);
      g_auto(GStrv) groups = prior->groups == NULL ? NULL
                             : *prior->groups == '\0' ? g_new0 (char *, 1)
                             : g_strsplit (prior->groups, "\n", -1);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "kind", tvm_prior_to_word (prior->kind));
      tvm_cli_json_string (builder, "id", prior->id);
      tvm_cli_json_string (builder, "title", prior->title);
      tvm_cli_json_string (builder, "by", prior->who);
      tvm_cli_json_instant (builder, "on", prior->when_us);
      tvm_cli_json_string (builder, "ends_on", prior->ends_on);
      tvm_cli_json_string (builder, "ticket_status", prior->kind == TVM_PRIOR_TICKET
                             ? tvm_ticket_status_to_word (prior->ticket_status) : NULL);
      tvm_cli_json_int (builder, "devices", prior->devices);
      add_groups (builder, groups);
      tvm_cli_json_string (builder, "message", text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tvm_cli_json_other_tickets:
 * @self: the command line
 * @builder: a builder inside an object
 * @tickets: (element-type TvmTicket): tickets made elsewhere
 *
 * Adds the member "other_tickets": null where Intune was never asked for its tickets.
 */
void
tvm_cli_json_other_tickets (TvmCli      *self,
                            JsonBuilder *builder,
                            GPtrArray   *tickets)
{
  if (tickets->len == 0 && tvm_store_get_list_synced_us (self->store, "tickets", NULL) == 0)
    {
      tvm_cli_json_null (builder, "other_tickets");
      return;
    }
  tvm_cli_json_array (builder, "other_tickets");
  for (guint i = 0; i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];
      const char *said = tvm_said_find ((const char *const *) ticket->said, "status");

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "id", ticket->id);
      tvm_cli_json_string (builder, "title", ticket->title);
      tvm_cli_json_string (builder, "recommendation_id", ticket->recommendation_id);
      tvm_cli_json_string (builder, "status",
                           said != NULL ? said : tvm_ticket_status_to_word (ticket->status));
      tvm_cli_json_int (builder, "devices", ticket->devices);
      add_groups (builder, ticket->groups);
      tvm_cli_json_string (builder, "created_by", ticket->created_by);
      tvm_cli_json_instant (builder, "created_on", ticket->created_us);
      tvm_cli_json_string (builder, "assigned_to", ticket->assigned_to);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tvm_cli_print_other_tickets:
 * @tickets: (element-type TvmTicket): tickets made elsewhere
 *
 * Prints them as a table; nothing without any.
 */
void
tvm_cli_print_other_tickets (GPtrArray *tickets)
{
  static const char *const headings[] = {
    N_("Ticket made elsewhere"), N_("Status"), N_("Created by"), N_("Created on"), N_("Devices"),
    N_("Title"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);

  for (guint i = 0; i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];
      g_autofree char *created_on = tvm_cli_local_time (ticket->created_us);
      g_autofree char *devices = ticket->devices >= 0 ? g_strdup_printf ("%d", ticket->devices)
                                                      : NULL;

      tvm_cli_table_cell (table, ticket->id);
      tvm_cli_table_cell (table, tvm_ticket_status_text (ticket));
      tvm_cli_table_cell (table, ticket->created_by);
      tvm_cli_table_cell (table, created_on);
      tvm_cli_table_cell (table, devices);
      tvm_cli_table_cell (table, ticket->title);
    }
  tvm_cli_table_print_below (table);
}

/* ---- before a request */

/* Ends a call that takes too long, in a thread of its own. */
typedef struct
{
  GMutex        mutex;
  GCond         ended;
  GCancellable *cancellable;
  TvmStore     *store;
  gboolean      is_over, was_late;
  GError       *asked;  /* (owned) (nullable): that the service asked to wait */
} Patience;

static gpointer
lose_patience (gpointer data)
{
  Patience *self = data;
  gint64 end_us = g_get_monotonic_time () + LOOK_US;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *next_call = NULL;

  while (!self->is_over && !self->was_late)
    self->was_late = !g_cond_wait_until (&self->ended, &self->mutex, end_us);
  if (self->is_over)
    return NULL;
  next_call = tvm_store_get_setting (self->store, TVM_SYNC_NEXT_CALL_KEY, NULL);
  tvm_sync_outbox_fail_asked (next_call != NULL ? g_ascii_strtoll (next_call, NULL, 10) : 0,
                              &self->asked);
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

static void
cancel_cb (GCancellable *cancellable,
           gpointer      own)
{
  g_cancellable_cancel (own);
}

/* A throttled service may want to be left alone for an hour: nobody waits for that. */
static gboolean
fetch_tickets (TvmCli  *self,
               GError **out_busy,
               GError **error)
{
  Patience patience = { .cancellable = g_cancellable_new (), .store = self->store };
  gulong handler = g_cancellable_connect (self->cancellable, G_CALLBACK (cancel_cb),
                                          patience.cancellable, NULL);
  GThread *thread = g_thread_new ("look", lose_patience, &patience);
  gboolean is_good = tvm_sync_engine_fetch_tickets (self->engine, patience.cancellable, error);

  g_mutex_lock (&patience.mutex);
  patience.is_over = TRUE;
  g_cond_signal (&patience.ended);
  g_mutex_unlock (&patience.mutex);
  g_thread_join (thread);
  g_cancellable_disconnect (self->cancellable, handler);
  if (!is_good && patience.was_late && !g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_error (error);
      *out_busy = patience.asked != NULL
        ? g_error_copy (patience.asked)
        : g_error_new_literal (TVM_ERROR, TVM_ERROR_OFFLINE,
                               _("Microsoft Intune took too long to answer."));
      g_propagate_error (error, g_error_copy (*out_busy));
    }
  g_clear_error (&patience.asked);
  g_object_unref (patience.cancellable);
  g_mutex_clear (&patience.mutex);
  g_cond_clear (&patience.ended);
  return is_good;
}

/**
 * tvm_cli_look_for_others:
 * @self: the command line with an engine
 * @request: a request with a ticket
 * @out_busy: (out) (nullable): why Intune is to be left alone, for the ticket too
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Asks Intune for its tickets, for somebody may have asked for the same a moment ago (R20). Where
 * they cannot be had, says of when what is known of them is. What would be refused asks nobody.
 *
 * Returns: %FALSE where it was interrupted
 */
gboolean
tvm_cli_look_for_others (TvmCli            *self,
                         const TvmRequest  *request,
                         GError           **out_busy,
                         GError           **error)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(TvmActivity) preview = tvm_sync_engine_request (self->engine, request, TRUE, &facts,
                                                            self->cancellable, NULL);
  g_autoptr(GError) failure = NULL;
  g_autofree char *when = NULL;

  if (preview == NULL || fetch_tickets (self, out_busy, &failure))
    return TRUE;
  if (*out_busy == NULL && g_error_matches (failure, TVM_ERROR, TVM_ERROR_THROTTLED))
    *out_busy = g_error_copy (failure);
  if (tvm_cli_was_cancelled (failure))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  when = tvm_cli_local_time (tvm_store_get_list_synced_us (self->store, "tickets", NULL));
  if (when != NULL)
    tvm_cli_message (_("Whether others asked Intune for the same since %s is not known. %s"), when,
                     failure->message);
  else
    tvm_cli_message (_("Whether others asked Intune for the same is not known. %s"),
                     failure->message);
  return TRUE;
}
