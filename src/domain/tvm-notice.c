/* tvm-notice.c: see tvm-notice.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-notice.h"

#include "tvm-i18n.h"
#include "tvm-progress.h"
#include "tvm-said.h"
#include "tvm-text.h"

#include <string.h>

#define MAX_GROUPS     20
#define MAX_LINE_BYTES 2000
/* The documented address of that page; its menu has the security tasks, whose own is not. */
#define ENDPOINT_SECURITY "#view/Microsoft_Intune_Workflows/SecurityManagementMenu/~/overview"

static void
add_progress (GString           *body,
              const TvmActivity *activity)
{
  g_autofree char *n_fixed = tvm_number_to_words (activity->fixed_devices);
  g_autofree char *n_all = tvm_number_to_words (activity->target_devices);
  g_autofree char *text = NULL;

  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return;
  if (activity->fixed_devices < 0)
    {
      tvm_brief_add_line (body, _("Target devices"), n_all);
      tvm_brief_add_line (body, _("Device remediation progress"),
                          tvm_progress_unknown_text (activity));
      return;
    }
  text = g_strdup_printf (ngettext ("%s of %s device remediated", "%s of %s devices remediated",
                                    (gulong) activity->target_devices), n_fixed, n_all);
  tvm_brief_add_line (body, _("Device remediation progress"), text);
  if (tvm_progress_doubt_text (activity) != NULL)
    g_string_append_printf (body, "%s\n", tvm_progress_doubt_text (activity));
}

static void
add_count (GString    *body,
           const char *name,
           int         devices)
{
  g_autofree char *number = tvm_number_to_words (devices);

  g_string_append (body, "- ");
  g_string_append_printf (body, _("%s: %s"), name, number);
  g_string_append_c (body, '\n');
}

/* The groups, and what of the activity's own numbers they do not tell. */
static void
add_groups (GString           *body,
            const TvmActivity *activity,
            GPtrArray         *groups)
{
  TvmProgressGap gaps[TVM_MAX_PROGRESS_GAPS];
  int n_more = 0, n_named = 0;
  guint n_groups = groups != NULL ? groups->len : 0, n_gaps;

  for (guint i = 0; i < n_groups; i++)
    n_named += ((const TvmGroupCount *) groups->pdata[i])->exposed;
  n_gaps = tvm_progress_list_gaps (activity, n_named, gaps);
  if (n_groups + n_gaps == 0)
    return;
  g_string_append_printf (body, "\n%s\n", _("Devices not remediated, by device group:"));
  for (guint i = 0; i < n_groups; i++)
    {
      const TvmGroupCount *group = groups->pdata[i];
      g_autofree char *name = tvm_text_make_plain (group->name, -1, MAX_LINE_BYTES);

      if (i < MAX_GROUPS)
        add_count (body, name, group->exposed);
      else
        n_more += group->exposed;
    }
  if (n_groups > MAX_GROUPS)
    {
      g_autofree char *number = tvm_number_to_words (n_more);

      g_string_append (body, "- ");
      g_string_append_printf (body,
                              ngettext ("%u more device group: %s", "%u more device groups: %s",
                                        n_groups - MAX_GROUPS),
                              n_groups - MAX_GROUPS, number);
      g_string_append_c (body, '\n');
    }
  for (guint i = 0; i < n_gaps; i++)
    add_count (body, gaps[i].text, gaps[i].devices);
}

static void
add_tickets (GString    *body,
             GPtrArray  *tickets,
             const char *admin_center_uri)
{
  gboolean is_first = TRUE;

  for (guint i = 0; tickets != NULL && i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];
      g_autofree char *id = NULL;

      if (ticket->id == NULL)
        continue;
      if (is_first)
        g_string_append_printf (body, "\n%s\n", _("Tickets in Microsoft Intune (Endpoint security, "
                                                  "Security tasks):"));
      is_first = FALSE;
      id = tvm_text_make_plain (ticket->id, -1, MAX_LINE_BYTES);
      g_string_append_printf (body, "- %s (%s)\n", id, tvm_ticket_status_text (ticket));
    }
  if (!is_first && admin_center_uri != NULL)
    g_string_append_printf (body, "%s\n", admin_center_uri);
}

/**
 * tvm_notice_new:
 * @brief: what to tell of
 * @groups: (nullable) (element-type TvmGroupCount): its devices not remediated, the largest group
 * first
 * @tickets: (nullable) (element-type TvmTicket): its tickets
 * @admin_center_uri: (nullable): where the IT admin finds them
 * @to: (nullable): the IT admin's e-mail address
 *
 * It says what the tickets say, and more: how far it is, which device groups. Long lists of device
 * groups are cut after 20, with the sum of the rest.
 *
 * Returns: (transfer full): the notice, in the thread's language
 */
TvmNotice *
tvm_notice_new (const TvmBrief *brief,
                GPtrArray      *groups,
                GPtrArray      *tickets,
                const char     *admin_center_uri,
                const char     *to)
{
  TvmNotice *self = g_new0 (TvmNotice, 1);
  GString *body = g_string_new (NULL);
  g_autofree char *title = tvm_brief_title (brief, 1, 1);

  self->to = to != NULL && *to != '\0' ? g_strdup (to) : NULL;
  self->language = tvm_language_current ();
  /* Translators: an e-mail's subject; %s is a remediation activity's title */
  self->subject = g_strdup_printf (_("Remediation requested: %s"), title);
  tvm_brief_add_steps (body, brief);
  g_string_append_c (body, '\n');
  tvm_brief_add_request (body, brief);
  add_progress (body, brief->activity);
  add_groups (body, brief->activity, groups);
  add_tickets (body, tickets, admin_center_uri);
  self->body = g_string_free (body, FALSE);
  return self;
}

/**
 * tvm_admin_center_uri:
 * @cloud: (nullable): commercial, gcc, gcc-high, dod or custom; %NULL: commercial
 *
 * Returns: (nullable): the address of the Intune admin center's Endpoint security, where the
 *   security tasks are; the governments' own for GCC High and DoD. A custom cloud has none.
 */
const char *
tvm_admin_center_uri (const char *cloud)
{
  static const struct { const char *cloud, *uri; } centers[] = {
    { "commercial", "https://intune.microsoft.com/" ENDPOINT_SECURITY },
    { "gcc", "https://intune.microsoft.com/" ENDPOINT_SECURITY },
    { "gcc-high", "https://intune.microsoft.us/" ENDPOINT_SECURITY },
    { "dod", "https://intune.microsoft.us/" ENDPOINT_SECURITY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (centers); i++)
    if (cloud == NULL || strcmp (cloud, centers[i].cloud) == 0)
      return centers[i].uri;
  return NULL;
}

/**
 * tvm_notice_free:
 * @self: (nullable): a notice
 */
void
tvm_notice_free (TvmNotice *self)
{
  if (self == NULL)
    return;
  g_free (self->to);
  g_free (self->subject);
  g_free (self->body);
  g_free (self);
}

/**
 * tvm_notice_to_text:
 * @self: a notice
 *
 * Returns: (transfer full): all of it, for the clipboard and standard output
 */
char *
tvm_notice_to_text (const TvmNotice *self)
{
  g_auto(TvmLanguageScope) scope = tvm_language_enter (self->language);
  GString *text = g_string_new (NULL);

  tvm_brief_add_line (text, _("To"), self->to);
  tvm_brief_add_line (text, _("Subject"), self->subject);
  g_string_append_c (text, '\n');
  g_string_append (text, self->body);
  return g_string_free (text, FALSE);
}

/**
 * tvm_notice_to_mailto:
 * @self: a notice
 *
 * Returns: (transfer full): a mailto: address (RFC 6068); line breaks are %0D%0A there
 */
char *
tvm_notice_to_mailto (const TvmNotice *self)
{
  g_auto(GStrv) lines = g_strsplit (self->body, "\n", -1);
  g_autofree char *body = g_strjoinv ("\r\n", lines);
  g_autofree char *to = g_uri_escape_string (self->to != NULL ? self->to : "", "@", FALSE);
  g_autofree char *subject = g_uri_escape_string (self->subject, NULL, FALSE);
  g_autofree char *escaped = g_uri_escape_string (body, NULL, FALSE);

  return g_strdup_printf ("mailto:%s?subject=%s&body=%s", to, subject, escaped);
}
