/* test-brief.c: what is told of a remediation, in every language. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-brief.h"
#include "tvm-language.h"

#include "tvm-text.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

typedef struct
{
  TvmBrief           brief;
  TvmActivity       *activity;
  TvmRecommendation *recommendation;
} Fixture;

static void
fixture_init (Fixture *self, TvmRemediationType type, const char *product, const char *component,
              const char *name)
{
  self->activity = tvm_activity_new ();
  self->activity->id = g_strdup ("a1");
  self->activity->title = g_strdup (name);
  self->activity->type = type;
  self->activity->priority = TVM_PRIORITY_HIGH;
  self->activity->due_on = g_strdup ("2026-05-01");
  self->activity->created_by = g_strdup ("ana@contoso.example");
  self->activity->notes = g_strdup ("After\nhours, please");
  self->recommendation = tvm_recommendation_new ();
  self->recommendation->id = g_strdup ("va-_-x");
  self->recommendation->name = g_strdup (name);
  self->recommendation->product = g_strdup (product);
  self->recommendation->vendor = g_strdup ("microsoft");
  self->recommendation->related_component = g_strdup (component);
  self->brief = (TvmBrief) { self->activity, self->recommendation, NULL, NULL };
}

static void
fixture_clear (Fixture *self)
{
  tvm_activity_unref (self->activity);
  tvm_recommendation_unref (self->recommendation);
  g_clear_pointer (&self->brief.vulnerabilities, g_ptr_array_unref);
  g_clear_pointer (&self->brief.updates, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
add_cves (Fixture *self, guint n)
{
  self->brief.vulnerabilities = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_vulnerability_unref);
  for (guint i = 0; i < n; i++)
    {
      TvmVulnerability *cve = tvm_vulnerability_new ();

      cve->id = g_strdup_printf ("CVE-2024-%04u", i);
      cve->severity = i == 0 ? TVM_LEVEL_CRITICAL : TVM_LEVEL_NONE;
      g_ptr_array_add (self->brief.vulnerabilities, cve);
    }
}

static void
add_update (Fixture *self, const char *id, const char *name)
{
  TvmSecurityUpdate *update = tvm_security_update_new ();

  update->recommendation_id = g_strdup ("va-_-x");
  update->id = g_strdup (id);
  update->name = g_strdup (name);
  if (self->brief.updates == NULL)
    self->brief.updates = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_security_update_unref);
  g_ptr_array_add (self->brief.updates, update);
}

static char *
steps_of (const Fixture *self)
{
  GString *text = g_string_new (NULL);

  tvm_brief_add_steps (text, &self->brief);
  return g_string_free (text, FALSE);
}

/* Machine names become people's: from what the service writes for people, or else with capitals. */
static void
test_products (void)
{
  static const struct { const char *product, *component, *name, *expected; } cases[] = {
    { "windows_11", "Microsoft Windows 11", "Update Microsoft Windows 11", "Microsoft Windows 11" },
    { "edge_chromium-based", NULL, "Update Microsoft Edge Chromium-based to 131", "Edge Chromium-based" },
    { "edge_chromium-based", "Microsoft Edge Chromium-based", "Update it", "Microsoft Edge Chromium-based" },
    { "curl", "curl", "Update curl", "curl" },
    { "notepad++", "notepad++", "Update Notepad++", "Notepad++" },
    { "acrobat_reader_dc", NULL, NULL, "Adobe Acrobat Reader DC" },
    { "sql_server_2012", "sql_server_2012", "Upgrade", "SQL Server 2012" },
    { "openssl", NULL, NULL, "OpenSSL" },
    { "edge_chromium-based", NULL, NULL, "Microsoft Edge" },
    { "vlc_media_player", NULL, NULL, "VLC Media Player" },
    { "7-zip", NULL, NULL, "7-Zip" },
    { "openssl-devel", NULL, NULL, "OpenSSL-Devel" },
    { "go", NULL, "Update Google Chrome", "Go" },
    { NULL, "Example Player", "Update it", "Example Player" },
    { NULL, NULL, "Update Example", "Update Example" },
    { "win\033dows", NULL, "Update", "Win Dows" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Fixture) fixture = { 0 };
      g_autofree char *product = NULL;
      g_autofree char *publisher = NULL;

      fixture_init (&fixture, TVM_TYPE_UPDATE, cases[i].product, cases[i].component, cases[i].name);
      product = tvm_brief_product (&fixture.brief);
      publisher = tvm_brief_publisher (&fixture.brief);
      g_assert_cmpstr (product, ==, cases[i].expected);
      g_assert_cmpstr (publisher, ==, "Microsoft");
    }
}

static void
test_whole (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find ("en"));
  g_autofree char *steps = NULL;
  g_autoptr(GString) request = g_string_new (NULL);

  fixture_init (&fixture, TVM_TYPE_UPDATE, "windows_11", "Microsoft Windows 11", "Update Microsoft Windows 11");
  fixture.recommendation->weaknesses = 1064;
  add_cves (&fixture, 12);
  add_update (&fixture, "5044285", "October 2024 Security Updates");
  add_update (&fixture, "ADV990001", NULL);
  steps = steps_of (&fixture);
  g_assert_cmpstr (steps, ==,
                   "Update Microsoft Windows 11 to the latest version.\n"
                   "In the Intune admin center: Devices > Windows updates\n"
                   "\nSecurity updates:\n- KB5044285 (October 2024 Security Updates)\n- ADV990001\n"
                   "\nCloses 1,064 weaknesses, the most severe first:\n- CVE-2024-0000 (Critical)\n"
                   "- CVE-2024-0001\n- CVE-2024-0002\n- CVE-2024-0003\n- CVE-2024-0004\n- CVE-2024-0005\n"
                   "- CVE-2024-0006\n- CVE-2024-0007\n- CVE-2024-0008\n- CVE-2024-0009\n- and 1,054 more\n");
  tvm_brief_add_request (request, &fixture.brief);
  g_assert_cmpstr (request->str, ==,
                   "Remediation activity: Update Microsoft Windows 11\nRemediation type: Update\n"
                   "Product: Microsoft Windows 11\nPublisher: Microsoft\nPriority: High\n"
                   "Due by: 1 May 2026\nRequested by: ana@contoso.example\nNotes: After hours, please\n");
}

/* What is not known is not said, and not said to be none. */
static void
test_unknowns (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *steps = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *title = NULL;

  fixture_init (&fixture, TVM_TYPE_UPDATE, "player", "Example Player", "Update Example Player");
  fixture.recommendation->weaknesses = 7;
  fixture.recommendation->recommended_version = g_strdup ("2.1");
  steps = steps_of (&fixture);
  g_assert_cmpstr (steps, ==, "Update Example Player to version 2.1 or later.\n"
                   "In the Intune admin center: Apps > All apps\n\nCloses 7 weaknesses (CVEs).\n");
  g_assert_true (tvm_brief_lacks_cves (&fixture.brief));
  fixture.brief.recommendation = NULL;
  tvm_set_str (&fixture.activity->related_component, "example_player");
  gone = steps_of (&fixture);
  g_assert_cmpstr (gone, ==, "Update Example Player to the latest version.\n"
                   "In the Intune admin center: Apps > All apps\n");
  g_assert_false (tvm_brief_lacks_cves (&fixture.brief));
  title = tvm_brief_title (&fixture.brief, 2, 3);
  g_assert_cmpstr (title, ==, "Update Example Player (2 of 3)");
}

static void
test_settings (void)
{
  static const struct { const char *name, *value, *place; } cases[] = {
    { "Turn on real-time protection", "enabled", "Endpoint security > Antivirus" },
    { "Enable Local Security Authority (LSA) protection", "enabled", "Devices > Configuration" },
    { "Disable SMBv1 client driver", "disabled", "Devices > Configuration" },
    { "Block all Office applications from creating child processes", "blocked", "Devices > Configuration" },
    { "Set 'Minimum password length' to 14 or more characters", "14 or more characters",
      "Endpoint security > Account protection" },
    { "Set 'Time to live' to '6 or more'", "6 or more", "Devices > Configuration" },
    { "Set up a firewall", "as the recommendation says", "Endpoint security > Firewall" },
    { "Set ", "as the recommendation says", "Devices > Configuration" },
    { "Set 'open", "as the recommendation says", "Devices > Configuration" },
    { "Encrypt all BitLocker-supported drives", "as the recommendation says",
      "Endpoint security > Disk encryption" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Fixture) fixture = { 0 };
      g_autofree char *value = NULL;

      fixture_init (&fixture, TVM_TYPE_CONFIGURATION_CHANGE, "windows", "Security controls", cases[i].name);
      value = tvm_brief_setting_value (&fixture.brief);
      g_assert_cmpstr (value, ==, cases[i].value);
      g_assert_cmpstr (tvm_brief_place (&fixture.brief), ==, cases[i].place);
    }
}

static void
test_actions (void)
{
  static const struct { TvmRemediationType type; const char *action; } cases[] = {
    { TVM_TYPE_UPGRADE, "Upgrade Example Player to a supported version." },
    { TVM_TYPE_UNINSTALL, "Uninstall Example Player." },
    { TVM_TYPE_CONFIGURATION_CHANGE, "Change the configuration: Do it." },
    { TVM_TYPE_ATTENTION_REQUIRED, "Look into Example Player: no single action ends this risk." },
    { TVM_TYPE_UNKNOWN, "Do it" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Fixture) fixture = { 0 };
      g_autofree char *action = NULL;

      fixture_init (&fixture, cases[i].type, "player", "Example Player", "Do it");
      action = tvm_brief_action (&fixture.brief);
      g_assert_cmpstr (action, ==, cases[i].action);
    }
}

/* What to upgrade to is another program, as people write it. */
static void
test_upgrade (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *action = NULL;
  g_autofree char *with_version = NULL;

  fixture_init (&fixture, TVM_TYPE_UPGRADE, "windows_10", "Windows 10", "Upgrade Windows 10 to Windows 11");
  fixture.recommendation->recommended_program = g_strdup ("windows_11");
  action = tvm_brief_action (&fixture.brief);
  g_assert_cmpstr (action, ==, "Upgrade Windows 10 to Windows 11.");
  fixture.recommendation->recommended_version = g_strdup ("23H2");
  tvm_set_str (&fixture.recommendation->recommended_program, "other_program");
  with_version = tvm_brief_action (&fixture.brief);
  g_assert_cmpstr (with_version, ==, "Upgrade Windows 10 to Other Program 23H2.");
}

static void
test_fits (void)
{
  g_autofree char *whole = tvm_brief_fit ("eins\nzwei\n", 10);
  g_autofree char *cut = tvm_brief_fit ("éins\nzwei\ndrei\nvier\n", 20);
  g_autofree char *nothing = tvm_brief_fit ("éins\nzwei\n", 3);

  g_assert_cmpstr (whole, ==, "eins\nzwei\n");
  g_assert_cmpstr (cut, ==, "éins\n(shortened)\n");
  g_assert_cmpuint (strlen (cut), <=, 20);
  g_assert_cmpstr (nothing, ==, "(shortened)\n");
}

/* No line of another language stays English, whatever the kind. */
static void
test_languages (void)
{
  for (guint l = 1; tvm_language_list ()[l] != NULL; l++)
    for (TvmRemediationType type = TVM_TYPE_UPDATE; type <= TVM_TYPE_ATTENTION_REQUIRED; type++)
      {
        g_auto(Fixture) fixture = { 0 };
        g_autoptr(GString) english = g_string_new (NULL), text = g_string_new (NULL);
        g_auto(GStrv) before = NULL, after = NULL;

        fixture_init (&fixture, type, "windows_11", "Windows 11", "Turn on Firewall");
        fixture.recommendation->weaknesses = 64;
        add_cves (&fixture, 1);
        add_update (&fixture, "5044285", NULL);
        tvm_brief_add_steps (english, &fixture.brief);
        tvm_brief_add_request (english, &fixture.brief);
        {
          g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find (tvm_language_list ()[l]));

          tvm_brief_add_steps (text, &fixture.brief);
          tvm_brief_add_request (text, &fixture.brief);
        }
        before = g_strsplit (english->str, "\n", -1);
        after = g_strsplit (text->str, "\n", -1);
        g_assert_cmpuint (g_strv_length (before), ==, g_strv_length (after));
        for (guint i = 0; before[i] != NULL; i++)
          if (*before[i] != '\0' && !g_str_has_prefix (before[i], "- KB") &&
              !g_str_has_prefix (before[i], "Notes: ") && g_str_equal (before[i], after[i]))
            g_error ("%s: “%s”", tvm_language_list ()[l], after[i]);
      }
}

/* One whole text, so that somebody who reads the language can read it here. */
static void
test_german (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find ("de"));
  g_autofree char *steps = NULL;

  fixture_init (&fixture, TVM_TYPE_UPDATE, "windows_11", "Windows 11", "Update Windows 11");
  fixture.recommendation->weaknesses = 1064;
  add_cves (&fixture, 1);
  add_update (&fixture, "5044285", NULL);
  steps = steps_of (&fixture);
  g_assert_cmpstr (steps, ==,
                   "Aktualisieren Sie Windows 11 auf die neueste Version.\n"
                   "Im Intune Admin Center: Geräte > Windows-Updates\n"
                   "\nSicherheitsupdates:\n- KB5044285\n"
                   "\nSchließt 1.064 Schwachstellen, die schwersten zuerst:\n- CVE-2024-0000 (Kritisch)\n"
                   "- und 1.063 weitere\n");
}

/* Operating systems as people write them. */
static void
test_systems (void)
{
  static const char *const pairs[][2] = {
    { "Windows11", "Windows 11" },  { "Windows10WVD", "Windows 10 multi-session" },
    { "WindowsServer2019", "Windows Server 2019" }, { "Windows Server 2022", "Windows Server 2022" },
    { "macOS", "macOS" }, { "Ubuntu", "Ubuntu" }, { "iOS", "iOS" }, { NULL, NULL },
    { "WindowsServer2012R2", "Windows Server 2012 R2" },
    { "RedHatEnterpriseLinux", "Red Hat Enterprise Linux" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *words = tvm_name_os_to_words (pairs[i][0]);

      g_assert_cmpstr (words, ==, pairs[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, TVM_BUILD_LOCALEDIR);
  g_test_add_func ("/brief/products", test_products);
  g_test_add_func ("/brief/whole", test_whole);
  g_test_add_func ("/brief/unknowns", test_unknowns);
  g_test_add_func ("/brief/settings", test_settings);
  g_test_add_func ("/brief/actions", test_actions);
  g_test_add_func ("/brief/upgrade", test_upgrade);
  g_test_add_func ("/brief/fits", test_fits);
  g_test_add_func ("/brief/languages", test_languages);
  g_test_add_func ("/brief/german", test_german);
  g_test_add_func ("/brief/systems", test_systems);
  return g_test_run ();
}
