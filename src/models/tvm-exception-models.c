/* tvm-exception-models.c: what the form and the flyout of exceptions show, read on a worker.
 * Main thread in, main thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exception-models.h"
#include "tvm-load-private.h"

/**
 * tvm_exception_details_free:
 * @self: (transfer full) (nullable): details
 */
void
tvm_exception_details_free (TvmExceptionDetails *self)
{
  if (self == NULL)
    return;
  tvm_exception_unref (self->exception);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_free (self);
}

static gpointer
read_details (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmExceptionDetails) details = g_new0 (TvmExceptionDetails, 1);

  details->exception = tvm_store_get_exception (store, id, error);
  if (details->exception != NULL)
    details->history = tvm_store_list_exception_history (store, details->exception->id, error);
  return details->history != NULL ? g_steal_pointer (&details) : NULL;
}

const TvmLoad tvm_load_exception = { read_details, (GDestroyNotify) tvm_exception_details_free };

/**
 * tvm_exception_choices_free:
 * @self: (transfer full) (nullable): choices
 */
void
tvm_exception_choices_free (TvmExceptionChoices *self)
{
  if (self == NULL)
    return;
  tvm_recommendation_unref (self->recommendation);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->priors, g_ptr_array_unref);
  g_free (self);
}

static gpointer
read_choices (TvmStore *store, gpointer id, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmExceptionChoices) choices = g_new0 (TvmExceptionChoices, 1);
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;

  if (!tvm_store_get_request_facts (store, id, &facts, error))
    return NULL;
  choices->recommendation = g_steal_pointer (&facts.recommendation);
  choices->priors = g_steal_pointer (&facts.priors);
  choices->groups = tvm_store_list_exception_groups (store, id, error);
  return choices->groups != NULL ? g_steal_pointer (&choices) : NULL;
}

const TvmLoad tvm_load_exception_choices = {
  read_choices, (GDestroyNotify) tvm_exception_choices_free
};

static gpointer
read_preview (TvmStore *store, gpointer form, GCancellable *cancellable, GError **error)
{
  g_autofree TvmExceptionEffect *effect = g_new0 (TvmExceptionEffect, 1);

  return tvm_store_preview_exception (store, form, effect, error) ? g_steal_pointer (&effect)
                                                                  : NULL;
}

/**
 * tvm_exception_preview_async:
 * @store: a store
 * @form: a form whose scope, end and justification are filled in
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * Works out what filing the exception would do; nothing is changed.
 */
void
tvm_exception_preview_async (TvmStore               *store,
                             const TvmExceptionForm *form,
                             GCancellable           *cancellable,
                             GAsyncReadyCallback     callback,
                             gpointer                user_data)
{
  tvm_load_in_thread (store, read_preview, tvm_exception_form_copy (form),
                      (GDestroyNotify) tvm_exception_form_free, g_free, cancellable, callback,
                      user_data);
}

/**
 * tvm_exception_preview_finish:
 * @store: the store
 * @result: the result given to the callback
 * @out: (out caller-allocates): what filing the exception would do
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE with the errors of tvm_store_preview_exception(); @out is left alone then
 */
gboolean
tvm_exception_preview_finish (TvmStore            *store,
                              GAsyncResult        *result,
                              TvmExceptionEffect  *out,
                              GError             **error)
{
  g_autofree TvmExceptionEffect *effect = tvm_load_finish (store, result, error);

  if (effect != NULL)
    *out = *effect;
  return effect != NULL;
}

static gpointer
read_portal_exceptions (TvmStore *store, gpointer limit, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);

  query->excepted_there_only = TRUE;
  query->limit = GPOINTER_TO_INT (limit);
  return tvm_store_list_rows (store, query, error);
}

/**
 * tvm_portal_exceptions_load_async:
 * @store: a store
 * @limit: how many at most
 * @cancellable: (nullable): drops the answer
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 */
void
tvm_portal_exceptions_load_async (TvmStore            *store,
                                  int                  limit,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  tvm_load_in_thread (store, read_portal_exceptions, GINT_TO_POINTER (limit), NULL,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}
