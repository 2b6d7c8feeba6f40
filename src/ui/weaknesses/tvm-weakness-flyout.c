/* tvm-weakness-flyout.c: the flyout of a CVE: what it is, where, what fixes it, what happened. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-weakness-flyout.h"
#include "tvm-brief.h"
#include "tvm-list-cells.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-toolkit.h"
#include "tvm-weakness.h"
#include "tvm-weakness-models.h"
#include "tvm-weakness-request.h"
#include "tvm-weaknesses-list.h"
#include <glib/gi18n-lib.h>

struct _TvmWeaknessFlyout
{
  TvmRecordFlyout base;
  GtkWidget        *request_button;
  TvmWeaknessWhole *whole;        /* (nullable): of the base, as the next one */
  GPtrArray        *devices;      /* (nullable): the first of them */
};

G_DEFINE_FINAL_TYPE (TvmWeaknessFlyout, tvm_weakness_flyout, TVM_TYPE_RECORD_FLYOUT)

/* ---- what it says */

static void
add_facts (TvmWeaknessFlyout *self, const TvmVulnerability *weakness)
{
  TvmListFlyout *flyout = self->base.flyout;
  g_autofree char *words = tvm_cvss_describe (weakness->cvss_vector);
  g_autofree char *cvss = weakness->cvss >= 0 ? g_strdup_printf ("%.1f", weakness->cvss)
                                              : g_strdup (_("Unknown"));
  g_autofree char *epss = tvm_weakness_date (tvm_weakness_make_epss (weakness),
                                             weakness->epss >= 0 ? self->whole->as_of_us : 0);
  g_autofree char *known = tvm_weakness_date (tvm_known_exploited_text (weakness),
                                              tvm_known_exploited_day_us (&self->whole->catalog));
  g_autofree char *both = words != NULL ? g_strdup_printf (_("%s: %s"), cvss, words)
                                        : g_strdup (cvss);
  AdwActionRow *row;

  tvm_list_flyout_add_group (flyout, _("Facts"));
  tvm_list_flyout_add_row (flyout, _("Severity"), tvm_vulnerability_severity_text (weakness));
  row = tvm_list_flyout_add_row (flyout, _("CVSS"), both);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), weakness->cvss_vector);
  /* Translators: the exploit prediction score */
  tvm_list_flyout_add_row (flyout, _("EPSS: likely to be exploited within 30 days"), epss);
  tvm_list_flyout_add_row (flyout, _("Exploit"),
                           tvm_exploit_to_text (tvm_vulnerability_exploit (weakness)));
  tvm_list_flyout_add_row (flyout, _("Known exploited"), known);
}

static void
add_pills (TvmWeaknessFlyout *self, const TvmVulnerability *weakness)
{
  tvm_list_flyout_add_pill (self->base.flyout, "tvm-weaknesses-symbolic", NULL,
                            tvm_vulnerability_severity_text (weakness));
  if (weakness->known_exploited == TVM_TRUTH_YES)
    tvm_list_flyout_add_pill (self->base.flyout, "tvm-known-exploited-symbolic", "threat",
                              _("Known exploited"));
  if (tvm_vulnerability_exploit (weakness) > TVM_EXPLOIT_NONE)
    tvm_list_flyout_add_pill (self->base.flyout, "tvm-exploit-symbolic", "threat",
                              _("Public exploit"));
}

/* What makes known what is not. */
static const char *
what_tells (TvmWeaknessFlyout *self, const char *otherwise)
{
  return self->whole->awaits_exports
           ? _("The exports of the service name it within about six hours; opening the "
               "recommendation that fixes it tells sooner") : otherwise;
}

static void
recommendation_activated_cb (AdwActionRow *row, TvmWeaknessFlyout *self)
{
  tvm_ui_open_recommendation (self->base.ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
add_recommendations (TvmWeaknessFlyout *self)
{
  GPtrArray *list = self->whole->recommendations;

  tvm_list_flyout_add_group (self->base.flyout, _("What fixes it"));
  if (list->len == 0 && self->whole->vulnerability->n_recommendations < 0)
    tvm_list_flyout_add_row (self->base.flyout, _("Not known"),
                             what_tells (self, _("Synchronize everything to get the CVEs of all "
                                                 "recommendations")));
  else if (list->len == 0)
    tvm_list_flyout_add_row (self->base.flyout, _("No recommendation"), "");
  for (guint i = 0; i < list->len; i++)
    {
      const TvmRecommendation *one = list->pdata[i];
      g_autofree char *words = tvm_weakness_make_exposed (one);

      g_signal_connect_object (tvm_list_flyout_add_link (self->base.flyout, one->name, words,
                                                         one->id), "activated",
                               G_CALLBACK (recommendation_activated_cb), self, 0);
    }
}

static void
add_software (TvmWeaknessFlyout *self)
{
  GPtrArray *list = self->whole->software;

  tvm_list_flyout_add_group (self->base.flyout, _("Products and versions"));
  if (list == NULL)
    tvm_list_flyout_add_row (self->base.flyout, _("Not known"),
                             what_tells (self, _("The next synchronization gets them from the "
                                                 "export of all software, if the service gives "
                                                 "that")));
  else if (list->len == 0)
    tvm_list_flyout_add_row (self->base.flyout, _("No product of a device"), "");
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const TvmSoftware *one = list->pdata[i];
      g_autofree char *number = tvm_make_number (one->n_devices);
      g_autofree char *name = tvm_name_of_product (one->component, one->name,
                                                   (const char *const[]) { NULL });
      g_autofree char *title = g_strjoin (" ", name, one->version, NULL);
      g_autofree char *words = g_strdup_printf (ngettext ("%s device", "%s devices",
                                                          (gulong) one->n_devices), number);

      tvm_list_flyout_add_row (self->base.flyout, title, words);
    }
}

static GtkWidget *
create_groups (GPtrArray *groups)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_set_overflow (list, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "compact");
  tvm_toolkit_name (list, _("Devices by device group"));
  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *count = groups->pdata[i];

      gtk_list_box_append (GTK_LIST_BOX (list), tvm_count_row_new (
        NULL, NULL, count->name != NULL ? count->name : _("Device group not known"),
        count->exposed));
    }
  return list;
}

static void
add_groups (TvmWeaknessFlyout *self)
{
  GPtrArray *groups = self->whole->groups;
  AdwPreferencesGroup *group =
    tvm_list_flyout_add_group (self->base.flyout, _("Devices by device group"));

  if (groups == NULL)
    tvm_list_flyout_add_row (self->base.flyout, _("Devices are not known"),
                             what_tells (self, _("Synchronize everything to get them")));
  else if (groups->len == 0)
    tvm_list_flyout_add_row (self->base.flyout, _("No exposed devices"), "");
  else
    adw_preferences_group_add (group, create_groups (groups));
  if (groups != NULL && groups->len > 0 && !self->whole->is_exact)
    adw_preferences_group_set_description (
      group, _("Devices exposed to what fixes it; which of them have this CVE is not known"));
  else if (self->whole->is_contradicted)
    adw_preferences_group_set_description (
      group, _("What fixes it counts other devices; some may not be told yet, or be fixed "
               "already"));
  else if (self->whole->is_miscounted)
    adw_preferences_group_set_description (
      group, _("The list of CVEs counts other devices; some may not be told yet, or be fixed "
               "already"));
}

static void
device_activated_cb (AdwActionRow *row, TvmWeaknessFlyout *self)
{
  tvm_ui_open_device (self->base.ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
add_devices (TvmWeaknessFlyout *self)
{
  guint n = 0;

  if (self->whole->groups == NULL || self->devices == NULL || self->devices->len == 0)
    return;
  for (guint i = 0; i < self->whole->groups->len; i++)
    n += MAX (((const TvmGroupCount *) self->whole->groups->pdata[i])->exposed, 0);
  tvm_list_flyout_add_group (self->base.flyout, _("Devices"));
  if (n > self->devices->len)
    tvm_list_flyout_add_all (self->base.flyout, n, "devices", self->base.id);
  for (guint i = 0; i < self->devices->len; i++)
    {
      const TvmDevice *device = self->devices->pdata[i];

      if (device != NULL)
        g_signal_connect_object (
          tvm_list_flyout_add_link (self->base.flyout,
                                    device->name != NULL ? device->name : device->id,
                                    device->group, device->id),
          "activated", G_CALLBACK (device_activated_cb), self, 0);
    }
}

static void
update_activated_cb (AdwActionRow *row, TvmWeaknessFlyout *self)
{
  tvm_toolkit_open_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                        g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
add_updates (TvmWeaknessFlyout *self)
{
  GPtrArray *list = self->whole->updates;

  if (list->len == 0)
    return;
  tvm_list_flyout_add_group (self->base.flyout, _("Security updates"));
  for (guint i = 0; i < list->len; i++)
    {
      const TvmSecurityUpdate *update = list->pdata[i];
      g_autofree char *kb = tvm_security_update_text (update);

      if (update->url == NULL || !g_str_has_prefix (update->url, "https://"))
        tvm_list_flyout_add_row (self->base.flyout, kb, update->name);
      else
        g_signal_connect_object (tvm_list_flyout_add_link (self->base.flyout, kb, update->name,
                                                           update->url),
                                 "activated", G_CALLBACK (update_activated_cb), self, 0);
    }
}

static void
add_timeline (TvmWeaknessFlyout *self)
{
  if (self->whole->timeline->len == 0)
    return;
  tvm_list_flyout_add_group (self->base.flyout, _("Timeline"));
  for (guint i = 0; i < self->whole->timeline->len; i++)
    {
      const TvmWeaknessEvent *event = self->whole->timeline->pdata[i];
      g_autofree char *when = tvm_make_instant_date (event->when_us);
      g_autofree char *words = g_strjoin (" · ", when, event->detail, NULL);

      tvm_list_flyout_add_row (self->base.flyout, tvm_weakness_event_text (event), words);
    }
}

static void
fill (TvmWeaknessFlyout *self)
{
  const TvmVulnerability *weakness = self->whole->vulnerability;

  tvm_record_flyout_start (&self->base, weakness->id);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _recommendations"), "recommendations",
                               weakness->id);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _devices"), "devices", weakness->id);
  add_pills (self, weakness);
  if (g_strcmp0 (weakness->name, weakness->id) != 0 && weakness->name != NULL)
    tvm_list_flyout_add_text (self->base.flyout, weakness->name);
  if (weakness->description != NULL)
    tvm_list_flyout_add_quote (self->base.flyout, weakness->description);
  else
    tvm_list_flyout_add_text (self->base.flyout, _("The service tells no description."));
  add_recommendations (self);
  add_groups (self);
  add_facts (self, weakness);
  add_software (self);
  add_updates (self);
  add_timeline (self);
  add_devices (self);
}

/* ---- loading */

static gint64
loaded (TvmRecordFlyout *base)
{
  TvmWeaknessFlyout *self = TVM_WEAKNESS_FLYOUT (base);
  const TvmWeaknessDetails *details = base->details;

  self->whole = details != NULL ? details->whole : NULL;
  self->devices = details != NULL ? details->devices : NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "weakness.request",
                                 details != NULL && self->whole->recommendations->len > 0);
  if (details == NULL)
    return 0;
  fill (self);
  return self->whole->vulnerability->key;
}

static void
request_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmWeaknessFlyout *self = TVM_WEAKNESS_FLYOUT (widget);

  tvm_weakness_request (self->base.ui, self->whole, self->request_button);
}

/* ---- object */

static void
tvm_weakness_flyout_class_init (TvmWeaknessFlyoutClass *klass)
{
  TVM_RECORD_FLYOUT_CLASS (klass)->what = &tvm_load_weakness;
  TVM_RECORD_FLYOUT_CLASS (klass)->loaded = loaded;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "weakness.request", NULL,
                                   request_activated_cb);
}

static void
tvm_weakness_flyout_init (TvmWeaknessFlyout *self)
{
  self->request_button =
    tvm_list_flyout_add_action (self->base.flyout, NULL, _("Request remediation"),
                                "weakness.request");
  gtk_widget_add_css_class (self->request_button, "suggested-action");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "weakness.request", FALSE);
}

/**
 * tvm_weakness_flyout_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): an empty flyout
 */
TvmWeaknessFlyout *
tvm_weakness_flyout_new (TvmUi *ui)
{
  TvmWeaknessFlyout *self = g_object_new (TVM_TYPE_WEAKNESS_FLYOUT, NULL);

  tvm_record_flyout_set_up (&self->base, ui,
                            TVM_CHANGED_WEAKNESSES |
                            TVM_CHANGED_RECOMMENDATIONS |
                            TVM_CHANGED_ACTIVITIES |
                            TVM_CHANGED_DEVICES |
                            TVM_CHANGED_EXCEPTIONS);
  return self;
}

/**
 * tvm_weakness_flyout_grab_focus:
 * @self: the flyout, which shows a CVE
 *
 * Gives the focus to "Request remediation".
 */
void
tvm_weakness_flyout_grab_focus (TvmWeaknessFlyout *self)
{
  g_return_if_fail (TVM_IS_WEAKNESS_FLYOUT (self));

  gtk_widget_grab_focus (self->request_button);
}
