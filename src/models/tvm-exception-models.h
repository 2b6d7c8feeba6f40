/* tvm-exception-models.h: what the form and the flyout of exceptions show, read on a worker.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

/* Of the flyout. */
typedef struct {
  TvmException *exception;
  GPtrArray *history;          /* of TvmHistoryEntry, newest first */
} TvmExceptionDetails;
void tvm_exception_details_free (TvmExceptionDetails *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmExceptionDetails, tvm_exception_details_free)
extern const TvmLoad tvm_load_exception;  /* by its id */

/* Of the form. */
typedef struct {
  TvmRecommendation *recommendation;
  GPtrArray *groups;           /* of TvmGroupCount: those without an exception */
  GPtrArray *priors;           /* of TvmPrior: who asked for it or excepted it */
} TvmExceptionChoices;
void tvm_exception_choices_free (TvmExceptionChoices *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmExceptionChoices, tvm_exception_choices_free)
extern const TvmLoad tvm_load_exception_choices;  /* by a recommendation's id */

/* GPtrArray of TvmRecommendation: those that have an exception made in the portal, of which the
 * service tells no more. */
void tvm_portal_exceptions_load_async (TvmStore *store, int limit, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);

/* What filing it would do. */
void tvm_exception_preview_async (TvmStore *store, const TvmExceptionForm *form,
  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tvm_exception_preview_finish (TvmStore *store, GAsyncResult *result,
                                       TvmExceptionEffect *out, GError **error);

G_END_DECLS
