/* test-weakness.c: CVEs found in texts and told in words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-said.h"
#include "tvm-time.h"
#include "tvm-weakness.h"

static void
check_cves (const char *text, const char *expected)
{
  g_auto(GStrv) ids = tvm_text_list_cves (text);
  g_autofree char *joined = g_strjoinv (" ", ids);

  g_assert_cmpstr (joined, ==, expected);
}

static void
check_epss (double epss, const char *share, const char *percent)
{
  g_autofree char *is_share = tvm_epss_to_share (epss), *is_percent = tvm_epss_to_percent (epss);

  g_assert_cmpstr (is_share, ==, share);
  g_assert_cmpstr (is_percent, ==, percent);
}

/* What is more than nothing never reads as nothing. */
static void
test_epss (void)
{
  check_epss (-1, NULL, NULL);
  check_epss (0, "0.000", "0.0 %");
  check_epss (0.00001, "<0.001", "<0.1 %");
  check_epss (0.00049, "<0.001", "<0.1 %");
  check_epss (0.0006, "0.001", "0.1 %");
  check_epss (0.9, "0.900", "90.0 %");
}

static void
test_cves (void)
{
  check_cves (NULL, "");
  check_cves ("", "");
  check_cves ("CVE-2024-123", "");
  check_cves ("cve-2024-1234", "CVE-2024-1234");
  check_cves ("xCVE-2024-1234 CVE-2024-12345678901234567890", "");
  check_cves ("<a href=/CVE-2024-1234>CVE-2024-1234</a>,CVE-2025-0001.", "CVE-2024-1234 CVE-2025-0001");
  check_cves ("CVE\u20132024\u20111234\r\nCVE-2024-5678", "CVE-2024-1234 CVE-2024-5678");
  check_cves ("CVE\u20142023\u20144863 CVE-\u200b2023-\u200b4864 CVE-2023-48\u00ad65 C\u200bVE\u00ad2023\u00ad4866",
              "CVE-2023-4863 CVE-2023-4864 CVE-2023-4865 CVE-2023-4866");
  check_cves ("CVE 2023 4863, CVE_2023_4864; CVE: 2023-4865 (CVE- 2023-4866), CVE\u00a02023\u00a04867",
              "CVE-2023-4863 CVE-2023-4864 CVE-2023-4865 CVE-2023-4866 CVE-2023-4867");
  check_cves ("CVE-2023-\n4863 in CVE 2024\n1234 CVE-2024-\u200b123", "CVE-2023-4863");
  check_cves ("CVE-2024-4947/44308 and CVE-2024-{4948, 44309}", "CVE-2024-4947 CVE-2024-44308 CVE-2024-4948 "
                                                                "CVE-2024-44309");
  check_cves ("CVE-2023-4863, -38112 and -38113, 2022-1234.", "CVE-2023-4863 CVE-2023-38112 CVE-2023-38113 "
                                                              "CVE-2022-1234");
  check_cves ("CVE-2023-4863/2023-09-12, 1500 devices, -12 and 2024-01-02",
              "CVE-2023-4863");
  check_cves ("\u8106\u5f31\u6027CVE-2024-1234\u304c\u3001\uff23\uff36\uff25\uff0d\uff12\uff10\uff12\uff14\uff0d"
              "\uff15\uff16\uff17\uff18\u3068", "CVE-2024-1234 CVE-2024-5678");
  check_cves ("CVE-2024-1234CVE-2024-5678", "CVE-2024-1234 CVE-2024-5678");
  check_cves (" 2024-1234\n", "CVE-2024-1234");
  check_cves ("2024-1234 devices", "");
  check_cves ("2024-123", "");
  check_cves ("\xff CVE-2024-1234 \xc3", "CVE-2024-1234");
}

static void
test_wanted (void)
{
  g_auto(GStrv) one = tvm_text_list_wanted_cves ("CVE-2024-1234");
  g_auto(GStrv) words = tvm_text_list_wanted_cves ("about CVE-2024-1234");
  g_auto(GStrv) none = tvm_text_list_wanted_cves ("Chrome");

  g_assert_null (one);
  g_assert_cmpuint (g_strv_length (words), ==, 1);
  g_assert_null (none);
}

static void
test_vector (void)
{
  g_autofree char *words = tvm_cvss_describe ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:L/A:N");
  g_autofree char *four = tvm_cvss_describe ("CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:P/VC:H/VI:N/VA:N/SC:H");

  g_assert_cmpstr (words, ==, "over the network, easy to exploit, no privileges needed, nobody has to take part, "
                              "high loss of confidentiality, low loss of integrity");
  g_assert_cmpstr (four, ==, "local access needed, hard to exploit, low privileges needed, a person has to take "
                             "part, high loss of confidentiality");
  g_assert_null (tvm_cvss_describe (NULL));
  g_assert_null (tvm_cvss_describe ("AV:N/AC:L/Au:N/C:P/I:P/A:P"));
  g_assert_null (tvm_cvss_describe ("CVSS:3.1/"));
}

static void
test_words (void)
{
  g_autoptr(TvmVulnerability) cve = tvm_vulnerability_new ();
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GPtrArray) events = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *known = NULL;

  cve->public_exploit = cve->exploit_verified = cve->exploit_in_kit = TVM_TRUTH_UNKNOWN;
  g_assert_cmpint (tvm_vulnerability_exploit (cve), ==, TVM_EXPLOIT_UNKNOWN);
  cve->public_exploit = TVM_TRUTH_YES;
  g_assert_cmpint (tvm_vulnerability_exploit (cve), ==, TVM_EXPLOIT_PUBLIC);
  cve->exploit_in_kit = TVM_TRUTH_YES;
  g_assert_cmpstr (tvm_exploit_to_word (tvm_vulnerability_exploit (cve)), ==, "in-kit");
  cve->known_exploited = cve->known_ransomware = TVM_TRUTH_UNKNOWN;
  unknown = tvm_known_exploited_text (cve);
  g_assert_cmpstr (unknown, ==, "Not known");
  cve->known_exploited = cve->known_ransomware = TVM_TRUTH_YES;
  known = tvm_known_exploited_text (cve);
  g_assert_cmpstr (known, ==, "Yes, by ransomware too");
  cve->first_detected_us = 2 * TVM_DAY_US;
  cve->published_us = TVM_DAY_US;
  events = tvm_weakness_timeline (cve, none);
  g_assert_cmpuint (events->len, ==, 2);
  g_assert_cmpstr (((TvmWeaknessEvent *) events->pdata[0])->kind, ==, "published");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weakness/epss", test_epss);
  g_test_add_func ("/weakness/cves", test_cves);
  g_test_add_func ("/weakness/wanted", test_wanted);
  g_test_add_func ("/weakness/vector", test_vector);
  g_test_add_func ("/weakness/words", test_words);
  return g_test_run ();
}
