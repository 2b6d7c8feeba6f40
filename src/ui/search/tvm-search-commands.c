/* tvm-search-commands.c: commands and settings that the search of everything finds. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-search-commands.h"
#include "tvm-text.h"
#include <glib/gi18n-lib.h>

#define PAGE(title, icon, name) { title, icon, "win.show-page", name, FALSE }
#define SETTING(title) \
  { title, "preferences-system-symbolic", "win.show-setting", title, TRUE }

static const TvmSearchCommand commands[] = {
  { N_("Request remediation"), "tvm-recommendations-symbolic", "win.show-page", "recommendations",
    FALSE },
  { N_("Synchronize now"), "view-refresh-symbolic", "win.sync-now", NULL, FALSE },
  { N_("Synchronize everything"), "view-refresh-symbolic", "win.sync-everything", NULL, FALSE },
  { N_("Pending changes"), "tvm-clock-symbolic", "win.pending-changes", NULL, FALSE },
  { N_("Preferences"), "preferences-system-symbolic", "win.show-preferences", NULL, FALSE },
  { N_("Keyboard shortcuts"), "input-keyboard-symbolic", "win.show-help-overlay", NULL, FALSE },
  PAGE (N_("Dashboard"), "tvm-dashboard-symbolic", "dashboard"),
  PAGE (N_("Recommendations"), "tvm-recommendations-symbolic", "recommendations"),
  PAGE (N_("Weaknesses"), "tvm-weaknesses-symbolic", "weaknesses"),
  PAGE (N_("Remediation"), "tvm-remediation-symbolic", "remediation"),
  PAGE (N_("Devices"), "computer-symbolic", "devices"),
  { N_("Sign in"), "avatar-default-symbolic", "win.sign-in", NULL, FALSE },
  { N_("Sign out"), "avatar-default-symbolic", "win.sign-out", NULL, FALSE },
  { N_("About TVM Remediate"), "help-about-symbolic", "win.show-about", NULL, FALSE },
  SETTING (N_("Microsoft Intune connection")),
  SETTING (N_("Tenant id or domain")),
  SETTING (N_("Application (client) id")),
  SETTING (N_("Cloud")),
  SETTING (N_("Region")),
  SETTING (N_("Automatic synchronization")),
  SETTING (N_("Priority and due date")),
  SETTING (N_("Address of the known exploited catalog")),
  SETTING (N_("Catalog of known exploited vulnerabilities")),
  SETTING (N_("Keep completed activities")),
  SETTING (N_("IT admin e-mail address")),
  SETTING (N_("Language of tickets and e-mails")),
};

/**
 * tvm_search_commands_list:
 * @text: what is looked for; empty: all commands, no settings
 *
 * Returns: (transfer container) (element-type TvmSearchCommand): those that have it in their title,
 *   commands first
 */
GPtrArray *
tvm_search_commands_list (const char *text)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (*text == '\0' ? !commands[i].is_setting
                      : tvm_text_contains_fold (_(commands[i].title), text))
      g_ptr_array_add (found, (gpointer) &commands[i]);
  return found;
}
