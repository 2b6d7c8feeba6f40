/* tvm-notice.c: see tvm-notice.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-notice.h"

#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define MAX_GROUPS     20
#define MAX_LINE_BYTES 2000

/* One line; outside text stays on it. */
static void
add_line (GString    *body,
          const char *label,
          const char *text)
{
  g_autofree char *plain = NULL;

  if (text == NULL || *text == '\0')
    return;
  plain = tvm_text_make_plain (text, -1, MAX_LINE_BYTES);
  /* Translators: a line of an e-mail: what it is about, then what is said */
  g_string_append_printf (body, _("%s: %s"), label, plain);
  g_string_append_c (body, '\n');
}

static void
add_due_date (GString    *body,
              const char *due_on)
{
  GDate date;
  char text[100];

  g_date_clear (&date, 1);
  if (due_on != NULL)
    g_date_set_parse (&date, due_on);
  /* Translators: a date, as strftime writes it; put day, month and year in your language's order */
  if (g_date_valid (&date) && g_date_strftime (text, sizeof text, _("%-d %B %Y"), &date) > 0)
    add_line (body, _("Due by"), text);
}

static void
add_progress (GString           *body,
              const TvmActivity *activity)
{
  g_autofree char *text = NULL;

  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return;
  text = g_strdup_printf (ngettext ("%d of %d device is remediated", "%d of %d devices are remediated",
                                    (gulong) activity->target_devices),
                          MAX (activity->fixed_devices, 0), activity->target_devices);
  add_line (body, _("Device remediation progress"), text);
}

static void
add_groups (GString   *body,
            GPtrArray *groups)
{
  int n_more = 0;

  if (groups == NULL || groups->len == 0)
    return;
  g_string_append_printf (body, "\n%s\n", _("Devices still exposed, by device group:"));
  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *group = groups->pdata[i];
      g_autofree char *name = tvm_text_make_plain (group->name, -1, MAX_LINE_BYTES);

      if (i < MAX_GROUPS)
        g_string_append_printf (body, "- %s: %d\n", name, group->exposed);
      else
        n_more += group->exposed;
    }
  if (groups->len > MAX_GROUPS)
    {
      g_string_append (body, "- ");
      g_string_append_printf (body, ngettext ("%u more device group: %d", "%u more device groups: %d",
                                              groups->len - MAX_GROUPS),
                              groups->len - MAX_GROUPS, n_more);
      g_string_append_c (body, '\n');
    }
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
        g_string_append_printf (body, "\n%s\n", _("Tickets in Microsoft Intune (Endpoint security, Security tasks):"));
      is_first = FALSE;
      id = tvm_text_make_plain (ticket->id, -1, MAX_LINE_BYTES);
      g_string_append_printf (body, "- %s (%s)\n", id, tvm_ticket_status_to_text (ticket->status));
    }
  if (!is_first)
    g_string_append_printf (body, "%s\n", admin_center_uri);
}

/**
 * tvm_notice_new:
 * @activity: what to tell of
 * @groups: (nullable) (element-type TvmGroupCount): its devices still exposed, the largest group first
 * @tickets: (nullable) (element-type TvmTicket): its tickets
 * @admin_center_uri: where the IT admin finds them
 * @to: (nullable): the IT admin's e-mail address
 *
 * Long lists of device groups are cut after 20, with the sum of the rest.
 *
 * Returns: (transfer full): the notice, localized
 */
TvmNotice *
tvm_notice_new (const TvmActivity *activity,
                GPtrArray         *groups,
                GPtrArray         *tickets,
                const char        *admin_center_uri,
                const char        *to)
{
  TvmNotice *self = g_new0 (TvmNotice, 1);
  GString *body = g_string_new (NULL);
  g_autofree char *title = tvm_text_make_plain (activity->title != NULL ? activity->title : activity->id, -1, 200);

  self->to = to != NULL && *to != '\0' ? g_strdup (to) : NULL;
  /* Translators: an e-mail's subject; %s is a remediation activity's title */
  self->subject = g_strdup_printf (_("Remediation requested: %s"), title);
  add_line (body, _("Remediation activity"), title);
  add_line (body, _("Remediation type"), tvm_remediation_type_to_text (activity->type));
  add_line (body, _("Related component"), activity->related_component);
  if (activity->type != TVM_TYPE_ATTENTION_REQUIRED)
    {
      add_line (body, _("Priority"), tvm_priority_to_text (activity->priority));
      add_due_date (body, activity->due_on);
    }
  add_line (body, _("Requested by"), activity->created_by);
  add_progress (body, activity);
  add_line (body, _("Notes"), activity->notes);
  add_groups (body, groups);
  add_tickets (body, tickets, admin_center_uri);
  self->body = g_string_free (body, FALSE);
  return self;
}

/**
 * tvm_admin_center_uri:
 * @cloud: (nullable): commercial, gcc, gcc-high, dod or custom
 *
 * Returns: the address of the Intune admin center; the governments' own for GCC High and DoD
 */
const char *
tvm_admin_center_uri (const char *cloud)
{
  return g_strcmp0 (cloud, "gcc-high") == 0 || g_strcmp0 (cloud, "dod") == 0 ? "https://intune.microsoft.us/"
                                                                             : "https://intune.microsoft.com/";
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
  GString *text = g_string_new (NULL);

  if (self->to != NULL)
    add_line (text, _("To"), self->to);
  add_line (text, _("Subject"), self->subject);
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
