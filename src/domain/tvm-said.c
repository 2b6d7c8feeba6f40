/* tvm-said.c: see tvm-said.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-said.h"

#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CHARS 60

/**
 * tvm_said_add:
 * @said: (inout) (array zero-terminated=1): a record's words that are not known here; may be %NULL
 * @column: which state it is, by its column
 * @word: what the service calls it
 */
void
tvm_said_add (char      ***said,
              const char  *column,
              const char  *word)
{
  guint n = *said != NULL ? g_strv_length (*said) : 0;
  g_autofree char *plain = tvm_text_make_plain (word, -1, MAX_CHARS);

  *said = g_renew (char *, *said, n + 2);
  (*said)[n] = g_strconcat (column, "=", plain, NULL);
  (*said)[n + 1] = NULL;
}

/**
 * tvm_said_find:
 * @said: (nullable) (array zero-terminated=1): a record's words that are not known here
 * @column: which state
 *
 * Returns: (nullable): what the service calls it; %NULL: it says nothing that is not known here
 */
const char *
tvm_said_find (const char *const *said,
               const char        *column)
{
  gsize length = strlen (column);

  for (; said != NULL && *said != NULL; said++)
    if (strncmp (*said, column, length) == 0 && (*said)[length] == '=')
      return *said + length + 1;
  return NULL;
}

/* Whether that is how a word of the service counts that is not known here: a ticket stays what it
 * was in Intune, and whatever was decided here since then is not the service's. */
static gboolean
applies (const TvmWords *words,
         int             value)
{
  if (words != &tvm_ticket_status_words)
    return value == words->unknown;
  return value == TVM_TICKET_UNKNOWN ||
         (value >= TVM_TICKET_PENDING && value <= TVM_TICKET_REJECTED);
}

/**
 * tvm_said_of_field:
 * @fields: the description of a record
 * @record: one
 * @field: a word of it
 *
 * Returns: (nullable): what the service calls it, where that is not known here
 */
const char *
tvm_said_of_field (const TvmFields *fields,
                   gconstpointer    record,
                   const TvmField  *field)
{
  if (fields->said == 0 || field->column == NULL ||
      !applies (field->words, TVM_FIELD_AT (int, record, field)))
    return NULL;
  return tvm_said_find (G_STRUCT_MEMBER (const char *const *, record, fields->said), field->column);
}

static const char *
choose (char           **said,
        const char      *column,
        const TvmWords  *words,
        int              value,
        const char      *text)
{
  const char *word = applies (words, value)
                       ? tvm_said_find ((const char *const *) said, column) : NULL;

  return word != NULL ? word : text;
}

#define DEFINE_TEXT(Type, name, member, column, vocabulary)                                \
  const char *                                                                             \
  name (const Type *self)                                                                  \
  {                                                                                        \
    return choose (self->said, column, &tvm_##vocabulary##_words, (int) self->member,      \
                   tvm_##vocabulary##_to_text (self->member));                             \
  }

DEFINE_TEXT (TvmRecommendation, tvm_recommendation_type_text, type, "type", remediation_type)
DEFINE_TEXT (TvmRecommendation, tvm_recommendation_status_text, status, "status",
             recommendation_status)
DEFINE_TEXT (TvmDevice, tvm_device_exposure_text, exposure, "exposure", exposure)
DEFINE_TEXT (TvmDevice, tvm_device_risk_text, risk, "risk", risk)
DEFINE_TEXT (TvmDevice, tvm_device_value_text, value, "value", device_value)
DEFINE_TEXT (TvmDevice, tvm_device_health_text, health, "health", health)
DEFINE_TEXT (TvmVulnerability, tvm_vulnerability_severity_text, severity, "severity", severity)
DEFINE_TEXT (TvmTicket, tvm_ticket_status_text, status, "status", ticket_status)
DEFINE_TEXT (TvmActivity, tvm_activity_type_text, type, "type", remediation_type)
DEFINE_TEXT (TvmActivity, tvm_activity_priority_text, priority, "priority", priority)
DEFINE_TEXT (TvmActivity, tvm_activity_status_text, status, "status", activity_status)
DEFINE_TEXT (TvmActivity, tvm_activity_ticket_text, ticket_status, "ticket_status", ticket_status)

/* A small number that its decimals would show as nothing is less than the least of these. */
static char *
make_share (double      number,
            double      least,
            int         decimals)
{
  return number > 0 && number < least / 2 ? g_strdup_printf ("<%.*f", decimals, least)
                                          : g_strdup_printf ("%.*f", decimals, number);
}

/**
 * tvm_epss_to_share:
 * @epss: a probability from 0 to 1, below 0 not known
 *
 * Returns: (transfer full) (nullable): with three decimals, as the locale writes them; below half
 *   of the least of these, that it is less
 */
char *
tvm_epss_to_share (double epss)
{
  return epss < 0 ? NULL : make_share (epss, 0.001, 3);
}

/**
 * tvm_epss_to_percent:
 * @epss: a probability from 0 to 1, below 0 not known
 *
 * Returns: (transfer full) (nullable): the same as a percentage with one decimal
 */
char *
tvm_epss_to_percent (double epss)
{
  g_autofree char *number = epss < 0 ? NULL : make_share (epss * 100, 0.1, 1);

  /* Translators: a share in percent; the number may begin with “<” */
  return number != NULL ? g_strdup_printf (_("%s %%"), number) : NULL;
}
