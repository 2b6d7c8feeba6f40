/* tvm-collection.c: an activity's devices for Configuration Manager. Names are outside text, and a
 * script is code: what goes into it is quoted here and nowhere else. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-collection.h"

#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TITLE_CHARS 200  /* of a collection's name, which may have 254 */

/* The devices are added some hundreds at a time, because each call costs the site server a while.
 * The names are compared once more: an asterisk is a wildcard to the cmdlet. */
static const char script_end[] =
  ")\n"
  "\n"
  "$ErrorActionPreference = 'Stop'\n"
  "$startedAt = Get-Location\n"
  "if ($null -eq (Get-Module -Name ConfigurationManager)) {\n"
  "  Import-Module (Join-Path (Split-Path $env:SMS_ADMIN_UI_PATH) 'ConfigurationManager.psd1')\n"
  "}\n"
  "$site = Get-PSDrive -PSProvider CMSite | Select-Object -First 1\n"
  "if ($null -eq $site) {\n"
  "  throw 'No site is connected. Open PowerShell from the Configuration Manager console.'\n"
  "}\n"
  "Set-Location \"$($site.Name):\\\"\n"
  "try {\n"
  "  $collection = Get-CMDeviceCollection -Name $collectionName |\n"
  "    Where-Object { $_.Name -eq $collectionName } | Select-Object -First 1\n"
  "  if ($null -eq $collection) {\n"
  "    $collection = New-CMDeviceCollection -Name $collectionName "
  "-LimitingCollectionName 'All Systems'\n"
  "  }\n"
  "  $members = @{}\n"
  "  Get-CMDeviceCollectionDirectMembershipRule -CollectionId $collection.CollectionID |\n"
  "    ForEach-Object { $members[[string]$_.ResourceID] = $true }\n"
  "  $resources = New-Object System.Collections.Generic.List[int]\n"
  "  $missing = New-Object System.Collections.Generic.List[string]\n"
  "  $present = 0\n"
  "  foreach ($name in $names) {\n"
  "    $devices = @(Get-CMDevice -Name $name -Fast | Where-Object { $_.Name -eq $name })\n"
  "    if ($devices.Count -eq 0) { $missing.Add($name) }\n"
  "    foreach ($device in $devices) {\n"
  "      if ($members.ContainsKey([string]$device.ResourceID)) { $present++ }\n"
  "      else { $resources.Add($device.ResourceID) }\n"
  "    }\n"
  "  }\n"
  "  for ($i = 0; $i -lt $resources.Count; $i += 500) {\n"
  "    $some = $resources.GetRange($i, [Math]::Min(500, $resources.Count - $i)).ToArray()\n"
  "    Add-CMDeviceCollectionDirectMembershipRule -CollectionId $collection.CollectionID "
  "-ResourceId $some\n"
  "  }\n"
  "  Write-Output ('{0}: {1} added, {2} there before, {3} not found' -f $collectionName,\n"
  "    $resources.Count, $present, $missing.Count)\n"
  "  foreach ($name in $missing) { Write-Warning ('Not found: {0}' -f $name) }\n"
  "}\n"
  "finally {\n"
  "  Set-Location $startedAt\n"
  "}";

/**
 * tvm_names_format_from_word:
 * @word: a word of scripts
 * @out: (out): the format
 *
 * Returns: whether it is one
 */
gboolean
tvm_names_format_from_word (const char     *word,
                            TvmNamesFormat *out)
{
  *out = g_strcmp0 (word, "collection-script") == 0 ? TVM_NAMES_SCRIPT : TVM_NAMES_LIST;
  return *out == TVM_NAMES_SCRIPT || g_strcmp0 (word, "name-list") == 0;
}

/**
 * tvm_device_make_short_name:
 * @name: (nullable): a device's DNS name, outside text
 *
 * Returns: (transfer full) (nullable): the part before the first dot, as Configuration Manager
 *   knows the device, on one line; %NULL where nothing is left
 */
char *
tvm_device_make_short_name (const char *name)
{
  g_autofree char *plain = tvm_text_make_plain (name != NULL ? name : "", -1, G_MAXINT);

  plain[strcspn (plain, ".")] = '\0';
  g_strstrip (plain);
  return *plain != '\0' ? g_steal_pointer (&plain) : NULL;
}

/**
 * tvm_powershell_quote:
 * @text: outside text
 *
 * PowerShell takes typographic quotes for the plain one, so they are doubled too.
 *
 * Returns: (transfer full): a string literal that is one line and means @text
 */
char *
tvm_powershell_quote (const char *text)
{
  g_autofree char *plain = tvm_text_make_plain (text, -1, G_MAXINT);
  GString *quoted = g_string_new ("'");

  for (const char *p = plain; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\'' || (c >= 0x2018 && c <= 0x201b))
        g_string_append_unichar (quoted, c);
      g_string_append_unichar (quoted, c);
    }
  g_string_append_c (quoted, '\'');
  return g_string_free (quoted, FALSE);
}

/**
 * tvm_collection_script_begin:
 * @activity: what the devices belong to
 * @all_devices: whether they are all of its devices, or only those still exposed
 *
 * The names follow, a literal a line with commas between them, then tvm_collection_script_end().
 *
 * Returns: (transfer full): the script's beginning, lines divided by line feeds
 */
char *
tvm_collection_script_begin (const TvmActivity *activity,
                             gboolean           all_devices)
{
  g_autofree char *title = tvm_text_make_plain (activity->title != NULL ? activity->title
                                                                        : activity->id,
                                                -1, MAX_TITLE_CHARS);
  g_autofree char *literal = tvm_powershell_quote (title);

  return g_strdup_printf (
    "# TVM Remediate: %s of the remediation activity\n"
    "# %s\n"
    "# %s\n"
    "#\n"
    "# Makes a device collection of them, or adds those that it lacks; it deploys nothing. Run it\n"
    "# in a PowerShell that was opened from the Configuration Manager console (Connect via\n"
    "# Windows PowerShell).\n"
    "#Requires -Version 5.1\n"
    "\n"
    "$collectionName = %s\n"
    "$names = @(",
    all_devices ? "all devices" : "the devices still exposed", activity->id, title, literal);
}

/**
 * tvm_collection_script_end:
 *
 * Returns: the rest of the script, lines divided by line feeds
 */
const char *
tvm_collection_script_end (void)
{
  return script_end;
}

/**
 * tvm_names_result_text:
 * @result: what was written
 *
 * Returns: (transfer full): how many names, and what became of the other devices
 */
char *
tvm_names_result_text (const TvmNamesResult *result)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%'d device name written.", "%'d device names written.",
                                          (gulong) result->n_names), (int) result->n_names);
  if (result->n_same > 0)
    g_string_append_printf (
      text, ngettext (" %'d device has the short name of another one: it is written once.",
                      " %'d devices have the short name of another one: it is written once.",
                      (gulong) result->n_same), (int) result->n_same);
  if (result->n_nameless > 0)
    g_string_append_printf (
      text, ngettext (" The name of %'d device is not known: it is left out.",
                      " The names of %'d devices are not known: they are left out.",
                      (gulong) result->n_nameless), (int) result->n_nameless);
  return g_string_free (text, FALSE);
}
