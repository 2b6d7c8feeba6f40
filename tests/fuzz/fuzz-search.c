/* fuzz-search.c: whatever is searched for, in each list: found or not, never an error.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "fuzz-queries.h"
#include "store-fixture.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  static Fixture fixture;
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);
  g_autofree char *search = g_utf8_make_valid (text, -1);
  g_autoptr(GError) error = NULL;

  if (fixture.store == NULL)
    {
      fixture_set_up (&fixture, NULL);
      fixture_recommendations (&fixture, 3);
      fixture_devices (&fixture, 0, 20, "10");
      fixture_refs (&fixture, 0, 20);
      tvm_activity_unref (fixture_submit (&fixture, TVM_TYPE_UPDATE, TRUE));
    }
  fuzz_ask_everything (fixture.store, search, &error);
  g_assert_no_error (error);
  return 0;
}
