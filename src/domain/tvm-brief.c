/* tvm-brief.c: see tvm-brief.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-brief.h"

#include "tvm-i18n.h"
#include "tvm-said.h"
#include "tvm-text.h"

#include <string.h>

#define MAX_CVES       10
#define MAX_UPDATES    10
#define MAX_LINE_CHARS 2000

/* Words of a recommendation and the policy that they point to; the first match decides. */
static const struct { const char *word, *policy; } policies[] = {
  { "bitlocker", "diskEncryption" }, { "encrypt", "diskEncryption" },
  { "filevault", "diskEncryption" },
  { "firewall", "firewall" },
  { "attack surface", "attackSurfaceReduction" }, { "asr", "attackSurfaceReduction" },
  { "exploit", "attackSurfaceReduction" }, { "smartscreen", "attackSurfaceReduction" },
  { "controlled folder", "attackSurfaceReduction" },
  { "endpoint detection", "endpointDetectionAndResponse" },
  { "edr", "endpointDetectionAndResponse" },
  { "sensor", "endpointDetectionAndResponse" }, { "onboard", "endpointDetectionAndResponse" },
  { "antivirus", "antivirus" }, { "real-time", "antivirus" }, { "tamper", "antivirus" },
  { "credential", "accountProtection" }, { "account", "accountProtection" },
  { "password", "accountProtection" },
};

/* Translators: menus of the Intune admin center, as it calls them in your language */
static const struct { const char *policy, *place; } places[] = {
  { "diskEncryption", N_("Endpoint security > Disk encryption") },
  { "firewall", N_("Endpoint security > Firewall") },
  { "attackSurfaceReduction", N_("Endpoint security > Attack surface reduction") },
  { "endpointDetectionAndResponse", N_("Endpoint security > Endpoint detection and response") },
  { "antivirus", N_("Endpoint security > Antivirus") },
  { "accountProtection", N_("Endpoint security > Account protection") },
  { "unknown", N_("Devices > Configuration") },
};

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
is_software (const TvmBrief *self)
{
  return self->activity->type == TVM_TYPE_UPDATE || self->activity->type == TVM_TYPE_UPGRADE ||
         self->activity->type == TVM_TYPE_UNINSTALL;
}

/* What the recommendation is called, in the service's words. */
static const char *
get_name (const TvmBrief *self)
{
  if (self->recommendation != NULL && has_text (self->recommendation->name))
    return self->recommendation->name;
  return has_text (self->activity->title) ? self->activity->title : self->activity->id;
}

static const char *
get_component (const TvmBrief *self)
{
  if (self->recommendation != NULL && has_text (self->recommendation->related_component))
    return self->recommendation->related_component;
  return has_text (self->activity->related_component) ? self->activity->related_component : "";
}

static char *
name_to_words (const TvmBrief *self,
               const char     *component,
               const char     *machine_name)
{
  const TvmRecommendation *recommendation = self->recommendation;
  const char *program = recommendation != NULL ? recommendation->recommended_program : NULL;
  const char *vendor = recommendation != NULL ? recommendation->recommended_vendor : NULL;
  const char *const texts[] = { get_name (self), get_component (self),
                                program != NULL ? program : "", vendor != NULL ? vendor : "",
                                NULL };

  return tvm_name_of_product (component, machine_name, texts);
}

/**
 * tvm_brief_title:
 * @self: what is known
 * @number: which of the tickets, from 1
 * @n_tickets: how many there are; below 2 the number is not told
 *
 * Returns: (transfer full): one line: "Update Example Player (1 of 2)"
 */
char *
tvm_brief_title (const TvmBrief *self,
                 int             number,
                 int             n_tickets)
{
  g_autofree char *title = NULL;

  if (self->recommendation != NULL && !has_text (self->recommendation->name))
    {
      g_autofree char *product = tvm_brief_product (self);

      title = g_strdup_printf ("%s %s", tvm_activity_type_text (self->activity),
                               product);
    }
  else
    title = tvm_text_make_plain (get_name (self), -1, 200);
  if (n_tickets < 2)
    return g_steal_pointer (&title);
  /* Translators: a ticket's name: what is to be done, which of several tickets, how many */
  return g_strdup_printf (_("%s (%d of %d)"), title, number, n_tickets);
}

/**
 * tvm_brief_product:
 * @self: what is known
 *
 * Returns: (transfer full): the program, as people write it
 */
char *
tvm_brief_product (const TvmBrief *self)
{
  const char *product = self->recommendation != NULL ? self->recommendation->product : NULL;
  char *words = name_to_words (self, get_component (self), product);

  return words != NULL ? words : name_to_words (self, NULL, get_name (self));
}

/**
 * tvm_brief_publisher:
 * @self: what is known
 *
 * Returns: (transfer full) (nullable): who makes the program, as people write it; %NULL: not known
 */
char *
tvm_brief_publisher (const TvmBrief *self)
{
  const TvmRecommendation *recommendation = self->recommendation;

  if (recommendation == NULL || !has_text (recommendation->vendor))
    return NULL;
  return name_to_words (self, NULL, recommendation->vendor);
}

/* Another program, and its version where that is told too. */
static char *
make_upgrade (const TvmBrief *self,
              const char     *product)
{
  const TvmRecommendation *recommendation = self->recommendation;
  g_autofree char *program = name_to_words (self, NULL, recommendation->recommended_program);
  g_autofree char *target = g_strjoin (has_text (recommendation->recommended_version) ? " " : "",
                                       program, recommendation->recommended_version, NULL);

  /* Translators: what the IT admin is to do: a program's name, then another's: "Windows 11" */
  return g_strdup_printf (_("Upgrade %s to %s."), product, target);
}

static char *
make_update (const TvmBrief *self,
             const char     *product)
{
  const char *version = self->recommendation != NULL ? self->recommendation->recommended_version
                                                     : NULL;
  gboolean is_upgrade = self->activity->type == TVM_TYPE_UPGRADE;

  if (is_upgrade && self->recommendation != NULL &&
      has_text (self->recommendation->recommended_program))
    return make_upgrade (self, product);
  if (has_text (version))
    /* Translators: what the IT admin is to do: a program's name, then a version */
    return g_strdup_printf (is_upgrade ? _("Upgrade %s to version %s or later.")
                                       : _("Update %s to version %s or later."), product, version);
  /* Translators: what the IT admin is to do; %s is a program's name */
  return g_strdup_printf (is_upgrade ? _("Upgrade %s to a supported version.")
                                     : _("Update %s to the latest version."), product);
}

/**
 * tvm_brief_action:
 * @self: what is known
 *
 * Returns: (transfer full): what to do, a sentence on one line
 */
char *
tvm_brief_action (const TvmBrief *self)
{
  g_autofree char *product = tvm_brief_product (self);
  g_autofree char *name = tvm_text_make_plain (get_name (self), -1, MAX_LINE_CHARS);

  switch (self->activity->type)
    {
    case TVM_TYPE_UPDATE:
    case TVM_TYPE_UPGRADE:
      return make_update (self, product);
    case TVM_TYPE_UNINSTALL:
      /* Translators: what the IT admin is to do; %s is a program's name */
      return g_strdup_printf (_("Uninstall %s."), product);
    case TVM_TYPE_CONFIGURATION_CHANGE:
      /* Translators: what the IT admin is to do; %s is a recommendation in the service's words:
       * "Turn on real-time protection" */
      return g_strdup_printf (_("Change the configuration: %s."), name);
    case TVM_TYPE_ATTENTION_REQUIRED:
      /* Translators: %s is a program's name */
      return g_strdup_printf (_("Look into %s: no single action ends this risk."), product);
    case TVM_TYPE_UNKNOWN:
    default:
      return g_steal_pointer (&name);
    }
}

/* ---- where and to what */

static gboolean
contains_word (const char *text,
               const char *word)
{
  g_autofree char *padded = NULL;
  g_autofree char *needle = NULL;

  if (strlen (word) > 3)
    return tvm_text_contains_fold (text, word);
  padded = g_strconcat (" ", text, " ", NULL);
  needle = g_strconcat (" ", word, " ", NULL);
  return tvm_text_contains_fold (padded, needle);
}

/**
 * tvm_brief_policy:
 * @self: what is known
 *
 * Returns: Graph's word for the endpoint security policy that a configuration belongs to
 */
const char *
tvm_brief_policy (const TvmBrief *self)
{
  const TvmRecommendation *recommendation = self->recommendation;
  const char *texts[] = {
    recommendation != NULL ? recommendation->subcategory : NULL,
    recommendation != NULL ? recommendation->related_component : NULL,
    recommendation != NULL ? recommendation->name : NULL,
    self->activity->title,
  };

  for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
    for (guint i = 0; texts[t] != NULL && i < G_N_ELEMENTS (policies); i++)
      if (contains_word (texts[t], policies[i].word))
        return policies[i].policy;
  return "unknown";
}

/**
 * tvm_brief_place:
 * @self: what is known
 *
 * Returns: (nullable): where in the Intune admin center it is done; %NULL: nobody can tell
 */
const char *
tvm_brief_place (const TvmBrief *self)
{
  const TvmRecommendation *recommendation = self->recommendation;
  const char *policy = tvm_brief_policy (self);

  if (is_software (self))
    {
      if (recommendation != NULL && recommendation->product != NULL &&
          g_str_has_prefix (recommendation->product, "windows_"))
        /* Translators: a menu of the Intune admin center, as it calls it in your language */
        return _("Devices > Windows updates");
      if (recommendation != NULL && g_strcmp0 (recommendation->category, "OS") == 0)
        return NULL;
      /* Translators: a menu of the Intune admin center, as it calls it in your language */
      return _("Apps > All apps");
    }
  if (self->activity->type == TVM_TYPE_CONFIGURATION_CHANGE)
    for (guint i = 0; i < G_N_ELEMENTS (places); i++)
      if (strcmp (places[i].policy, policy) == 0)
        return _(places[i].place);
  return NULL;
}

/**
 * tvm_brief_setting_value:
 * @self: what is known of a configuration
 *
 * The service names no setting; what it wants of it stands in the recommendation's name.
 *
 * Returns: (transfer full): the state wanted
 */
char *
tvm_brief_setting_value (const TvmBrief *self)
{
  static const struct { const char *verb, *state; } states[] = {
    { "Enable ", NC_("state of a setting", "enabled") },
    { "Turn on ", NC_("state of a setting", "enabled") },
    { "Disable ", NC_("state of a setting", "disabled") },
    { "Turn off ", NC_("state of a setting", "disabled") },
    { "Block ", NC_("state of a setting", "blocked") },
  };
  const char *name = get_name (self);
  g_autofree char *value = g_str_has_prefix (name, "Set ") ? tvm_name_dup_value (name) : NULL;

  if (value != NULL)
    return g_steal_pointer (&value);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_has_prefix (name, states[i].verb))
      return g_strdup (tvm_translate_context ("state of a setting", states[i].state));
  return g_strdup (C_("state of a setting", "as the recommendation says"));
}

/* ---- lines */

/**
 * tvm_brief_add_line:
 * @text: where to
 * @label: what it is about
 * @value: (nullable): what is said; nothing is added without it
 */
void
tvm_brief_add_line (GString    *text,
                    const char *label,
                    const char *value)
{
  g_autofree char *plain = NULL;

  if (!has_text (value))
    return;
  plain = tvm_text_make_plain (value, -1, MAX_LINE_CHARS);
  /* Translators: a line of an e-mail: what it is about, then what is said */
  g_string_append_printf (text, _("%s: %s"), label, plain);
  g_string_append_c (text, '\n');
}

static void
add_more (GString *text,
          guint    n_more)
{
  g_autofree char *number = tvm_number_to_words (n_more);

  if (n_more == 0)
    return;
  g_string_append (text, "- ");
  g_string_append_printf (text, ngettext ("and %s more", "and %s more", n_more), number);
  g_string_append_c (text, '\n');
}

static void
add_updates (GString        *text,
             const TvmBrief *self)
{
  guint n = self->updates != NULL && is_software (self) ? self->updates->len : 0;

  if (n == 0 || self->activity->type == TVM_TYPE_UNINSTALL)
    return;
  g_string_append_printf (text, "\n%s\n", _("Security updates:"));
  for (guint i = 0; i < MIN (n, MAX_UPDATES); i++)
    {
      g_autofree char *update = tvm_security_update_to_text (self->updates->pdata[i]);

      g_string_append_printf (text, "- %s\n", update);
    }
  add_more (text, n - MIN (n, MAX_UPDATES));
}

/**
 * tvm_brief_lacks_cves:
 * @self: what is known
 *
 * Returns: whether it closes weaknesses of which nobody asked yet which they are
 */
gboolean
tvm_brief_lacks_cves (const TvmBrief *self)
{
  return self->recommendation != NULL && self->recommendation->weaknesses > 0 &&
         (self->vulnerabilities == NULL || self->vulnerabilities->len == 0);
}

static void
add_cves (GString        *text,
          const TvmBrief *self)
{
  guint n_known = self->vulnerabilities != NULL ? self->vulnerabilities->len : 0;
  guint n_told = self->recommendation != NULL ? (guint) self->recommendation->weaknesses : 0;
  guint n = MAX (n_known, n_told);
  g_autofree char *number = tvm_number_to_words (n);

  if (n == 0)
    return;
  g_string_append_c (text, '\n');
  if (n_known == 0)
    g_string_append_printf (text, ngettext ("Closes %s weakness (CVE).",
                                            "Closes %s weaknesses (CVEs).", n), number);
  else
    g_string_append_printf (text, ngettext ("Closes %s weakness:",
                                            "Closes %s weaknesses, the most severe first:", n),
                            number);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < MIN (n_known, MAX_CVES); i++)
    {
      const TvmVulnerability *cve = self->vulnerabilities->pdata[i];
      g_autofree char *id = tvm_text_make_plain (cve->id, -1, 100);

      g_string_append_printf (text, cve->severity != TVM_LEVEL_NONE ? "- %s (%s)\n" : "- %s\n", id,
                              tvm_vulnerability_severity_text (cve));
    }
  if (n_known > 0)
    add_more (text, n - MIN (n_known, MAX_CVES));
}

/**
 * tvm_brief_add_steps:
 * @text: where to
 * @self: what is known
 *
 * What to do, where, with which updates, and which weaknesses that closes.
 */
void
tvm_brief_add_steps (GString        *text,
                     const TvmBrief *self)
{
  g_autofree char *action = tvm_brief_action (self);

  g_string_append_printf (text, "%s\n", action);
  if (self->activity->type == TVM_TYPE_CONFIGURATION_CHANGE)
    {
      g_autofree char *value = tvm_brief_setting_value (self);

      tvm_brief_add_line (text, _("State wanted"), value);
    }
  tvm_brief_add_line (text, _("In the Intune admin center"), tvm_brief_place (self));
  add_updates (text, self);
  add_cves (text, self);
}

/**
 * tvm_brief_add_request:
 * @text: where to
 * @self: what is known
 *
 * Of what, who asked for it, how urgent it is, and the requester's note.
 */
void
tvm_brief_add_request (GString        *text,
                       const TvmBrief *self)
{
  const TvmActivity *activity = self->activity;
  g_autofree char *title = tvm_brief_title (self, 1, 1);
  g_autofree char *product = is_software (self) ? tvm_brief_product (self) : NULL;
  g_autofree char *publisher = is_software (self) ? tvm_brief_publisher (self) : NULL;
  g_autofree char *due = tvm_date_to_words (activity->due_on);

  tvm_brief_add_line (text, _("Remediation activity"), title);
  tvm_brief_add_line (text, _("Remediation type"), tvm_activity_type_text (activity));
  tvm_brief_add_line (text, _("Product"), product);
  tvm_brief_add_line (text, _("Publisher"), publisher);
  if (product == NULL)
    tvm_brief_add_line (text, _("Related component"), get_component (self));
  if (activity->type != TVM_TYPE_ATTENTION_REQUIRED)
    {
      if (activity->priority != TVM_PRIORITY_NONE)
        tvm_brief_add_line (text, _("Priority"), tvm_activity_priority_text (activity));
      tvm_brief_add_line (text, _("Due by"), due);
    }
  tvm_brief_add_line (text, _("Requested by"), activity->created_by);
  tvm_brief_add_line (text, _("Notes"), activity->notes);
}

/**
 * tvm_brief_fit:
 * @text: whole lines
 * @max_bytes: how long it may be
 *
 * Returns: (transfer full): the text; where it is too long its first lines, and a word that says so
 */
char *
tvm_brief_fit (const char *text,
               gsize       max_bytes)
{
  /* Translators: stands below a text of which the end was left out */
  const char *word = _("(shortened)");
  gsize length = strlen (text), room = max_bytes - MIN (max_bytes, strlen (word) + 1);

  if (length <= max_bytes)
    return g_strdup (text);
  while (room > 0 && text[room - 1] != '\n')
    room--;
  return g_strdup_printf ("%.*s%s\n", (int) room, text, word);
}
