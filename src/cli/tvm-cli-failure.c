/* tvm-cli-failure.c: messages, what went wrong, and how scripts learn of it. Main thread only, but
 * for the messages. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-error.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>

#define MESSAGE_MAX_CHARS 2000

/* What scripts are told of an error's kind: a word and the exit status, by code. */
static const struct { const char *word; TvmCliStatus status; } kinds[] = {
  [TVM_ERROR_FAILED] = { "failed", TVM_CLI_FAILED },
  [TVM_ERROR_INVALID] = { "invalid", TVM_CLI_FAILED },
  [TVM_ERROR_NOT_FOUND] = { "not-found", TVM_CLI_FAILED },
  [TVM_ERROR_AUTH_REQUIRED] = { "sign-in-required", TVM_CLI_SIGN_IN },
  [TVM_ERROR_AUTH_DECLINED] = { "sign-in-declined", TVM_CLI_SIGN_IN },
  [TVM_ERROR_FORBIDDEN] = { "forbidden", TVM_CLI_FAILED },
  [TVM_ERROR_THROTTLED] = { "throttled", TVM_CLI_UNREACHABLE },
  [TVM_ERROR_OFFLINE] = { "offline", TVM_CLI_UNREACHABLE },
  [TVM_ERROR_BAD_RESPONSE] = { "bad-response", TVM_CLI_FAILED },
  [TVM_ERROR_REJECTED] = { "rejected", TVM_CLI_FAILED },
  [TVM_ERROR_CONFLICT] = { "conflict", TVM_CLI_FAILED },
  [TVM_ERROR_STORE_FAILED] = { "store-failed", TVM_CLI_FAILED },
  [TVM_ERROR_SCHEMA_TOO_NEW] = { "store-too-new", TVM_CLI_FAILED },
  [TVM_ERROR_NO_KEYRING] = { "no-keyring", TVM_CLI_SIGN_IN },
  [TVM_ERROR_EXISTS] = { "exists", TVM_CLI_FAILED },
  [TVM_ERROR_CONSENT_REQUIRED] = { "consent-required", TVM_CLI_SIGN_IN },
  [TVM_ERROR_KEYRING_LOCKED] = { "keyring-locked", TVM_CLI_SIGN_IN },
  [TVM_ERROR_READ_ONLY] = { "read-only", TVM_CLI_FAILED },
};

/* What a command that fails has told last. */
static struct {
  const char *word;            /* (nullable): no error was told */
  char       *message;         /* (owned) (nullable) */
  char       *correlation_id;  /* (owned) (nullable) */
} told;

static char *
tell (const char *text)
{
  char *plain = g_strchomp (tvm_text_make_plain (text, -1, MESSAGE_MAX_CHARS));

  g_printerr ("tvm-remediate: %s\n", plain);
  return plain;
}

static void
note (const char *word,
      const char *message,
      const char *correlation_id)
{
  g_autofree char *plain = tell (message);

  told.word = word;
  tvm_set_str (&told.message, plain);
  tvm_set_str (&told.correlation_id, correlation_id);
}

/**
 * tvm_cli_message:
 * @format: a printf format of one sentence
 * @...: its arguments, which may be outside text
 *
 * Prints one line to standard error, without the control characters outside text may carry.
 */
void
tvm_cli_message (const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_free (tell (text));
}

/**
 * tvm_cli_failure_message:
 * @format: a printf format of one sentence
 * @...: its arguments, which may be outside text
 *
 * Tells like tvm_cli_message() why a command fails where no #GError says it.
 *
 * Returns: %TVM_CLI_FAILED
 */
TvmCliStatus
tvm_cli_failure_message (const char *format,
                         ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  note (kinds[TVM_ERROR_FAILED].word, text, NULL);
  return TVM_CLI_FAILED;
}

/**
 * tvm_cli_usage_error:
 * @format: a printf format of one sentence
 * @...: its arguments
 *
 * Tells what is wrong with the command line.
 *
 * Returns: %TVM_CLI_USAGE
 */
TvmCliStatus
tvm_cli_usage_error (const char *format,
                     ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  note ("usage", text, NULL);
  return TVM_CLI_USAGE;
}

static gboolean
is_ours (const GError *error)
{
  return error->domain == TVM_ERROR && (guint) error->code < G_N_ELEMENTS (kinds);
}

/**
 * tvm_cli_status_of:
 * @error: an error
 *
 * Returns: the exit status that tells scripts what kind of error it is
 */
TvmCliStatus
tvm_cli_status_of (const GError *error)
{
  return is_ours (error) ? kinds[error->code].status : TVM_CLI_FAILED;
}

/**
 * tvm_cli_was_cancelled:
 * @error: (nullable): what went wrong
 *
 * Returns: whether it was Ctrl-C
 */
gboolean
tvm_cli_was_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/**
 * tvm_cli_fail:
 * @error: what went wrong
 *
 * Prints its message; every error that a command tells is told here.
 *
 * Returns: the exit status for it
 */
TvmCliStatus
tvm_cli_fail (const GError *error)
{
  if (tvm_cli_was_cancelled (error))
    note ("cancelled", _("Cancelled."), NULL);
  else
    note (is_ours (error) ? kinds[error->code].word : kinds[TVM_ERROR_FAILED].word, error->message,
          tvm_error_get_correlation_id (error));
  return tvm_cli_status_of (error);
}

/**
 * tvm_cli_print_failure:
 *
 * Prints what was told last as the JSON document of a command that failed, unless it has printed
 * one, or the beginning of one.
 */
void
tvm_cli_print_failure (void)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (told.word == NULL || tvm_cli_json_was_printed ())
    return;
  builder = tvm_cli_json_begin ();
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  tvm_cli_json_string (builder, "code", told.word);
  tvm_cli_json_string (builder, "message", told.message);
  tvm_cli_json_string (builder, "correlation_id", told.correlation_id);
  json_builder_end_object (builder);
  tvm_cli_json_end (builder);
}
