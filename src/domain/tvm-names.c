/* tvm-names.c: the service's machine names ("windows_11", "edge_chromium-based") as people write
 * them. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-brief.h"

#include "tvm-text.h"

#include <string.h>

#define MAX_CHARS 200

/* Whole names that spaces and capitals do not make. */
static const char *const names[][2] = {
  { "acrobat_reader_dc", "Adobe Acrobat Reader DC" },
  { "chrome", "Google Chrome" },
  { "edge", "Microsoft Edge" },
  { "edge_chromium-based", "Microsoft Edge" },
  { "firefox", "Mozilla Firefox" },
  { "jre", "Java Runtime Environment" },
  { "mac_os", "macOS" },
  { "mac_os_x", "macOS" },
  { "thunderbird", "Mozilla Thunderbird" },
};

/* Words that are written otherwise than with one capital. */
static const char *const spellings[] = {
  ".NET", "AnyDesk", "ASP.NET", "CRM", "CUPS", "curl", "DC", "ESXi", "FileZilla", "FortiClient",
  "GIMP", "GlobalProtect", "HP", "IBM", "iCloud", "iOS", "iPadOS", "iTunes", "JavaScript", "JDK",
  "JRE", "KeePass", "LibreOffice", "macOS", "MariaDB", "MongoDB", "MySQL", "nginx", "Node.js",
  "ODBC", "OLE", "OneDrive", "OneNote", "OpenJDK", "OpenOffice", "OpenSSH", "OpenSSL", "PDF",
  "PHP", "PostgreSQL", "PowerPoint", "PowerShell", "PuTTY", "QuickTime", "RTF", "SAP", "SDK",
  "SharePoint", "SMB", "SQL", "SQLite", "sudo", "TeamViewer", "UltraVNC", "USB", "VirtualBox",
  "VLC", "VMware", "VNC", "VPN", "WebEx", "WinRAR", "WinSCP", "WinZip", "WordPress", "XML",
};

/* What the service runs together, without a capital or a digit between. */
static const char *const systems[][2] = {
  { "AmazonLinux", "Amazon Linux" },
  { "MacOS", "macOS" },
  { "OracleLinux", "Oracle Linux" },
  { "RedHatEnterpriseLinux", "Red Hat Enterprise Linux" },
  { "SuseLinuxEnterpriseServer", "SUSE Linux Enterprise Server" },
  { "Windows10WVD", "Windows 10 multi-session" },
  { "WindowsServer2012R2", "Windows Server 2012 R2" },
};

static const char *
find_name (const char *const table[][2], guint n, const char *machine_name)
{
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (table[i][0], machine_name) == 0)
      return table[i][1];
  return NULL;
}

static gboolean
is_gap (char c)
{
  return c == '_' || c == '-' || c == ' ';
}

/* Whether @text begins with the words of @name as people write them, and a new word, or none, after
 * them. */
static gboolean
begins_with (const char *text,
             const char *name)
{
  gsize i;

  for (i = 0; name[i] != '\0'; i++)
    if (text[i] == '_' || (g_ascii_tolower (text[i]) != g_ascii_tolower (name[i]) &&
                           !(is_gap (name[i]) && is_gap (text[i]))))
      return FALSE;
  return !g_ascii_isalnum (text[i]);
}

static char *
find_words (const char *text,
            const char *name)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((p == text || !g_ascii_isalnum (p[-1])) && begins_with (p, name))
      return tvm_text_make_plain (p, (gssize) strlen (name), MAX_CHARS);
  return NULL;
}

/* The word that begins at @word, of @n bytes, as it is written. */
static void
spell (char *word, gsize n)
{
  word[0] = g_ascii_toupper (word[0]);
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (strlen (spellings[i]) == n && g_ascii_strncasecmp (spellings[i], word, n) == 0)
      memcpy (word, spellings[i], n);
}

/* As the name is written in the first text that has it; else as people write it where that is
 * known, and with spaces and capitals. */
static char *
to_words (const char        *machine_name,
                   const char *const *texts)
{
  const char *name = find_name (names, G_N_ELEMENTS (names), machine_name);
  char *words;

  for (guint i = 0; *machine_name != '\0' && texts[i] != NULL; i++)
    {
      words = find_words (texts[i], machine_name);
      if (words != NULL)
        return words;
    }
  if (name != NULL)
    return g_strdup (name);
  words = g_strdelimit (tvm_text_make_plain (machine_name, -1, MAX_CHARS), "_", ' ');
  for (char *p = words; *p != '\0'; p += *p != '\0')
    {
      gsize n = strcspn (p, " -");

      if (n > 0)
        spell (p, n);
      p += n;
    }
  return words;
}

/**
 * tvm_name_of_product:
 * @component: (nullable): what the service calls the related component of its recommendation
 * @product: (nullable): what it calls the product
 * @texts: (array zero-terminated=1): sentences of people in which the name may stand
 *
 * A component that is written for people names its product: it is what lists show.
 *
 * Returns: (transfer full) (nullable): the product as people write it, the same wherever it is
 *   told; %NULL: neither is known
 */
char *
tvm_name_of_product (const char        *component,
                     const char        *product,
                     const char *const *texts)
{
  gboolean has_component = component != NULL && *component != '\0';
  gboolean is_of_people = has_component && strchr (component, ' ') != NULL;

  for (const char *p = component; has_component && *p != '\0'; p++)
    is_of_people = is_of_people || g_ascii_isupper (*p) || (*p & 0x80) != 0;
  if (is_of_people)
    return tvm_text_make_plain (component, -1, MAX_CHARS);
  if (product != NULL && *product != '\0')
    return to_words (product, texts);
  return has_component ? to_words (component, texts) : NULL;
}

/**
 * tvm_name_os_to_words:
 * @platform: (nullable): what the service calls an operating system: "WindowsServer2019"
 *
 * Returns: (transfer full) (nullable): "Windows Server 2019"; others' names are as they write them
 */
char *
tvm_name_os_to_words (const char *platform)
{
  g_autoptr(GString) words = g_string_new (NULL);
  const char *name =
    platform != NULL ? find_name (systems, G_N_ELEMENTS (systems), platform) : NULL;

  if (name != NULL)
    return g_strdup (name);
  if (platform == NULL || !g_str_has_prefix (platform, "Windows"))
    return g_strdup (platform);
  for (const char *p = platform; *p != '\0'; p++)
    {
      if (p > platform && g_ascii_islower (p[-1]) && !g_ascii_islower (*p) &&
          g_ascii_isalnum (*p))
        g_string_append_c (words, ' ');
      g_string_append_c (words, *p);
    }
  return g_strdup (words->str);
}

/**
 * tvm_name_dup_value:
 * @name: a recommendation's, which begins with "Set ": "Set 'Minimum length' to 14 or more"
 *
 * Returns: (transfer full) (nullable): the value that it names: "14 or more"
 */
char *
tvm_name_dup_value (const char *name)
{
  const char *quote = name[strlen ("Set ")] == '\'' ? strchr (name + strlen ("Set '"), '\'') : NULL;
  const char *to = strstr (quote != NULL ? quote : name, " to ");
  g_autofree char *value = to != NULL ? g_strstrip (g_strdup (to + strlen (" to "))) : NULL;
  gsize length = value != NULL ? strlen (value) : 0;

  if (length == 0)
    return NULL;
  if (length > 2 && value[0] == '\'' && strchr (value + 1, '\'') == value + length - 1)
    return g_strndup (value + 1, length - 2);
  return g_steal_pointer (&value);
}

/**
 * tvm_security_update_to_text:
 * @update: a security update
 *
 * Returns: (transfer full): "KB5044285", and its name where it has one
 */
char *
tvm_security_update_to_text (const TvmSecurityUpdate *update)
{
  gboolean is_number = strspn (update->id, "0123456789") == strlen (update->id);
  g_autofree char *text = g_strconcat (is_number ? "KB" : "", update->id, NULL);

  if (update->name != NULL && *update->name != '\0')
    {
      g_autofree char *whole = g_strconcat (text, " (", update->name, ")", NULL);

      return tvm_text_make_plain (whole, -1, MAX_CHARS);
    }
  return tvm_text_make_plain (text, -1, MAX_CHARS);
}
