/* fuzz-time.c: instants and dates of any text: what is read is written and read again the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-text.h"
#include "tvm-time.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);
  g_autofree char *plain = tvm_text_make_plain ((const char *) data, size_bytes, 100);
  gint64 instant_us;

  g_assert_true (g_utf8_validate (plain, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (plain, -1), <=, 101);  /* with its ellipsis */
  if (tvm_parse_instant (text, &instant_us))
    {
      g_autofree char *written = tvm_format_instant (instant_us);
      g_autofree char *again = NULL;
      gint64 again_us;

      /* An offset may lead out of the years that can be written. */
      if (tvm_parse_instant (written, &again_us))
        {
          g_assert_cmpint (ABS (instant_us - again_us), <, TVM_SECOND_US);
          again = tvm_format_instant (again_us);
          g_assert_cmpstr (again, ==, written);
        }
    }
  if (tvm_date_is_valid (text))
    {
      g_autofree char *same = tvm_date_add_days (text, 0);

      g_assert_cmpstr (same, ==, text);
      g_assert_cmpint (tvm_days_between (text, text), ==, 0);
    }
  return 0;
}
