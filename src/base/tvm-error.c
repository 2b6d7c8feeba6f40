/* tvm-error.c: the program's one error domain. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-error.h"

typedef struct {
  char *correlation_id;  /* (owned) (nullable) */
} TvmErrorPrivate;

static void
tvm_error_private_init (TvmErrorPrivate *self)
{
  self->correlation_id = NULL;
}

static void
tvm_error_private_copy (const TvmErrorPrivate *from,
                        TvmErrorPrivate       *to)
{
  to->correlation_id = g_strdup (from->correlation_id);
}

static void
tvm_error_private_clear (TvmErrorPrivate *self)
{
  g_free (self->correlation_id);
}

G_DEFINE_EXTENDED_ERROR (TvmError, tvm_error)

/**
 * tvm_error_set_correlation_id:
 * @error: (nullable): an error of the domain, or of another, which keeps none
 * @id: (nullable): what the service that answered calls it
 *
 * Notes it, for programs; people find it in the message.
 */
void
tvm_error_set_correlation_id (GError     *error,
                              const char *id)
{
  TvmErrorPrivate *own;

  if (error == NULL || error->domain != TVM_ERROR)
    return;
  own = tvm_error_get_private (error);
  g_free (own->correlation_id);
  own->correlation_id = g_strdup (id);
}

/**
 * tvm_error_get_correlation_id:
 * @error: an error of any domain
 *
 * Returns: (transfer none) (nullable): what the service that answered calls it; %NULL where none
 *   did, or said it
 */
const char *
tvm_error_get_correlation_id (const GError *error)
{
  return error->domain == TVM_ERROR ? tvm_error_get_private (error)->correlation_id : NULL;
}
