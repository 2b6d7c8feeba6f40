/* tvm-store-numbers.c: statements name the values of enums; SQLite gets their numbers. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-db.h"

#include "tvm-rules.h"
#include <string.h>

#define PREFIX "TVM_"
#define NUMBER(name) { #name, name }

static const struct { const char *name; int value; } numbers[] = {
  NUMBER (TVM_TYPE_ATTENTION_REQUIRED),
  NUMBER (TVM_PRIORITY_NONE),
  NUMBER (TVM_RECOMMENDATION_ACTIVE),
  NUMBER (TVM_RECOMMENDATION_FULL_EXCEPTION),
  NUMBER (TVM_STATUS_ACTIVE),
  NUMBER (TVM_STATUS_COMPLETED),
  NUMBER (TVM_COMPLETION_NONE),
  NUMBER (TVM_COMPLETION_MANUAL),
  NUMBER (TVM_COMPLETION_SYSTEM),
  NUMBER (TVM_ORIGIN_LOCAL),
  NUMBER (TVM_ORIGIN_DEFENDER),
  NUMBER (TVM_TICKET_OUTBOX),
  NUMBER (TVM_TICKET_PENDING),
  NUMBER (TVM_TICKET_ACTIVE),
  NUMBER (TVM_TICKET_COMPLETED),
  NUMBER (TVM_TICKET_REJECTED),
  NUMBER (TVM_TICKET_FAILED),
  NUMBER (TVM_TICKET_WITHDRAWN),
  NUMBER (TVM_TICKET_UNKNOWN),
  NUMBER (TVM_TICKET_MAX_DEVICES),
  NUMBER (TVM_DEVICE_EXPOSED),
  NUMBER (TVM_LEFT_OUT_NONE),
  NUMBER (TVM_LEFT_OUT_NOT_JOINED),
  NUMBER (TVM_LEFT_OUT_FULL),
  NUMBER (TVM_LEFT_OUT_OTHER),
  NUMBER (TVM_LEFT_OUT_UNTOLD),
  NUMBER (TVM_EXCEPTION_ACTIVE),
  NUMBER (TVM_EXCEPTION_SUSPENDED),
  NUMBER (TVM_EXCEPTION_EXPIRED),
  NUMBER (TVM_EXCEPTION_CANCELLED),
  NUMBER (TVM_EXCEPTION_REQUESTED),
  NUMBER (TVM_EXPLOIT_NONE),
  NUMBER (TVM_EXPLOIT_PUBLIC),
  NUMBER (TVM_EXPLOIT_VERIFIED),
  NUMBER (TVM_EXPLOIT_IN_KIT),
  NUMBER (TVM_EXPLOIT_ANY),
};

/**
 * tvm_db_fill_numbers:
 * @sql: a statement
 *
 * Returns: (transfer full): its text with numbers in place of the names of enum values; a name that
 *   is not among them stays, and SQLite refuses it
 */
char *
tvm_db_fill_numbers (const char *sql)
{
  GString *filled = g_string_new (NULL);
  const char *found;

  for (; (found = strstr (sql, PREFIX)) != NULL; sql = found)
    {
      gsize length = strspn (found, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
      guint i = 0;

      g_string_append_len (filled, sql, found - sql);
      while (i < G_N_ELEMENTS (numbers) && (strlen (numbers[i].name) != length ||
                                            strncmp (numbers[i].name, found, length) != 0))
        i++;
      if (i < G_N_ELEMENTS (numbers))
        g_string_append_printf (filled, "%d", numbers[i].value);
      else
        g_string_append_len (filled, found, (gssize) length);
      found += length;
    }
  g_string_append (filled, sql);
  return g_string_free (filled, FALSE);
}
