/* tvm-demo-json.c: JSON text written straight into a string, without a tree. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-data-private.h"

#include <string.h>

#include "tvm-time.h"

/**
 * tvm_demo_put_quoted:
 * @json: (inout): gets the text as a JSON string (RFC 8259, 7), without a comma
 * @value: UTF-8 text
 */
void
tvm_demo_put_quoted (GString    *json,
                     const char *value)
{
  const char *start = value;

  g_string_append_c (json, '"');
  for (const char *p = value;; p++)
    {
      if (*p != '\0' && *p != '"' && *p != '\\' && (guchar) *p >= 0x20)
        continue;
      g_string_append_len (json, start, p - start);
      if (*p == '\0')
        break;
      if (*p == '"' || *p == '\\')
        g_string_append_printf (json, "\\%c", *p);
      else
        g_string_append_printf (json, "\\u%04x", (guchar) *p);
      start = p + 1;
    }
  g_string_append_c (json, '"');
}

/**
 * tvm_demo_put_raw:
 * @json: (inout): gets the member, with a comma
 * @key: its name, with nothing to escape
 * @raw: its value as JSON text
 */
void
tvm_demo_put_raw (GString    *json,
                  const char *key,
                  const char *raw)
{
  g_string_append_c (json, '"');
  g_string_append (json, key);
  g_string_append (json, "\":");
  g_string_append (json, raw);
  g_string_append_c (json, ',');
}

/**
 * tvm_demo_put_string:
 * @json: (inout): gets the member, with a comma
 * @key: its name, with nothing to escape
 * @value: (nullable): UTF-8 text; %NULL: null
 */
void
tvm_demo_put_string (GString    *json,
                     const char *key,
                     const char *value)
{
  if (value == NULL)
    {
      tvm_demo_put_raw (json, key, "null");
      return;
    }
  g_string_append_c (json, '"');
  g_string_append (json, key);
  g_string_append (json, "\":");
  tvm_demo_put_quoted (json, value);
  g_string_append_c (json, ',');
}

/**
 * tvm_demo_put_int:
 * @json: (inout): gets the member, with a comma
 * @key: its name, with nothing to escape
 * @value: its value
 */
void
tvm_demo_put_int (GString    *json,
                  const char *key,
                  gint64      value)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  tvm_demo_put_raw (json, key, text);
}

/**
 * tvm_demo_put_double:
 * @json: (inout): gets the member, with a comma
 * @key: its name, with nothing to escape
 * @value: a finite number, written with four decimals
 */
void
tvm_demo_put_double (GString    *json,
                     const char *key,
                     double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  tvm_demo_put_raw (json, key, g_ascii_formatd (text, sizeof text, "%.4f", value));
}

/**
 * tvm_demo_put_bool:
 * @json: (inout): gets the member, with a comma
 * @key: its name, with nothing to escape
 * @value: its value
 */
void
tvm_demo_put_bool (GString    *json,
                   const char *key,
                   gboolean    value)
{
  tvm_demo_put_raw (json, key, value ? "true" : "false");
}

/**
 * tvm_demo_put_time:
 * @json: (inout): gets the member, with a comma
 * @key: its name, with nothing to escape
 * @instant_us: microseconds since 1970 UTC, not before; 0: null
 */
void
tvm_demo_put_time (GString    *json,
                   const char *key,
                   gint64      instant_us)
{
  g_autofree char *text = instant_us != 0 ? tvm_demo_format_time (instant_us) : NULL;

  tvm_demo_put_string (json, key, text);
}

/**
 * tvm_demo_close:
 * @json: (inout): an open object or list
 * @bracket: what ends it
 *
 * The comma of the last member gives way to the bracket.
 */
void
tvm_demo_close (GString *json,
                char     bracket)
{
  if (json->len > 0 && json->str[json->len - 1] == ',')
    json->str[json->len - 1] = bracket;
  else
    g_string_append_c (json, bracket);
}

/**
 * tvm_demo_format_time:
 * @instant_us: microseconds since 1970 UTC, not before
 *
 * Returns: (transfer full): the services' way to write an instant: UTC with seven decimals
 */
char *
tvm_demo_format_time (gint64 instant_us)
{
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc (instant_us / TVM_SECOND_US);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%06d%dZ", g_date_time_get_year (when),
                          g_date_time_get_month (when), g_date_time_get_day_of_month (when),
                          g_date_time_get_hour (when), g_date_time_get_minute (when),
                          g_date_time_get_second (when), (int) (instant_us % TVM_SECOND_US),
                          instant_us % TVM_SECOND_US != 0 ? (int) (instant_us / 7 % 10) : 0);
}
