/* fuzz-catalog.c: the catalog of known exploited vulnerabilities: whatever comes, it is whole and
 * each of its entries is one, or it is none. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-client.h"

#include "tvm-time.h"

static void
assert_date (const char *date)
{
  g_assert_true (date == NULL || tvm_date_is_valid (date));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmKnownExploitedCatalog) catalog =
    tvm_known_exploited_parse ((const char *) data, size_bytes, &error);

  g_assert_true ((catalog != NULL) == (error == NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_true (catalog == NULL || catalog->entries->len > 0);
  for (guint i = 0; catalog != NULL && i < catalog->entries->len; i++)
    {
      const TvmKnownExploited *entry = catalog->entries->pdata[i];

      g_assert_true (tvm_cve_id_is_valid (entry->id));
      g_assert_true (entry->name == NULL || g_utf8_validate (entry->name, -1, NULL));
      assert_date (entry->added_on);
      assert_date (entry->due_on);
    }
  return 0;
}
