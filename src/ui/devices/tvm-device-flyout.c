/* tvm-device-flyout.c: the flyout of a device: its facts, what it needs, what is on it, what runs.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-device-flyout.h"
#include "tvm-brief.h"
#include "tvm-list-cells.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-weakness.h"
#include "tvm-weakness-models.h"
#include "tvm-weakness-row.h"
#include <glib/gi18n-lib.h>

#define N_FIRST 6  /* of each kind, until "Show all" */

struct _TvmDeviceFlyout
{
  TvmRecordFlyout base;
  TvmDeviceWhole *whole;  /* (nullable): of the base */
  gboolean        shows_all;
};

G_DEFINE_FINAL_TYPE (TvmDeviceFlyout, tvm_device_flyout, TVM_TYPE_RECORD_FLYOUT)

/* ---- words that the list has too */

/**
 * tvm_device_make_os:
 * @device: a device
 *
 * Returns: (transfer full) (nullable): its operating system with the version
 */
char *
tvm_device_make_os (const TvmDevice *device)
{
  g_autofree char *platform = tvm_name_os_to_words (device->os_platform);

  return platform != NULL ? g_strjoin (" ", platform, device->os_version, NULL) : NULL;
}

/* No number that may be too low is told as the whole. */
static char *
make_count (int n, gboolean is_whole)
{
  g_autofree char *number = tvm_make_number (n);

  if (is_whole)
    return g_steal_pointer (&number);
  if (n < 0)
    return g_strdup (_("Unknown"));
  /* Translators: %s is a number of recommendations, or of activities. */
  return g_strdup_printf (_("%s or more"), number);
}

/**
 * tvm_device_make_recommendations:
 * @device: a device
 *
 * Returns: (transfer full): how many recommendations it is exposed to
 */
char *
tvm_device_make_recommendations (const TvmDevice *device)
{
  return make_count (device->n_recommendations, device->counts_all);
}

/**
 * tvm_device_make_activities:
 * @device: a device
 *
 * Returns: (transfer full): in how many open activities it is still exposed
 */
char *
tvm_device_make_activities (const TvmDevice *device)
{
  return make_count (device->n_activities, device->counts_activities);
}

/**
 * tvm_device_level_icon:
 * @level: how exposed, or at what risk
 *
 * Returns: (nullable): the icon's name
 */
const char *
tvm_device_level_icon (TvmLevel level)
{
  switch (level)
    {
    case TVM_LEVEL_CRITICAL:
    case TVM_LEVEL_HIGH:
      return "tvm-priority-high-symbolic";
    case TVM_LEVEL_MEDIUM:
      return "tvm-priority-medium-symbolic";
    case TVM_LEVEL_LOW:
    case TVM_LEVEL_INFORMATIONAL:
      return "tvm-priority-low-symbolic";
    case TVM_LEVEL_NONE:
    case TVM_LEVEL_UNKNOWN:
    default:
      return NULL;
    }
}

/* ---- what it says */

static void
add_instant (TvmListFlyout *flyout, const char *title, gint64 instant_us)
{
  g_autofree char *words = tvm_make_instant_date (instant_us);

  if (words != NULL)
    tvm_list_flyout_add_row (flyout, title, words);
}

static void
add_level (TvmListFlyout *flyout, const char *title, TvmLevel level, const char *words)
{
  g_autofree char *text = g_strdup_printf (_("%s: %s"), title, words);

  tvm_list_flyout_add_pill (flyout, tvm_device_level_icon (level), NULL, text);
}

static void
add_pills (TvmListFlyout *flyout, const TvmDevice *device)
{
  if (!device->in_inventory)
    tvm_list_flyout_add_pill (flyout, "dialog-warning-symbolic", "waiting",
                              _("Gone from the inventory"));
  add_level (flyout, _("Exposure level"), device->exposure, tvm_device_exposure_text (device));
  add_level (flyout, _("Risk score"), device->risk, tvm_device_risk_text (device));
  add_level (flyout, _("Health"), TVM_LEVEL_UNKNOWN, tvm_device_health_text (device));
}

static void
add_facts (TvmDeviceFlyout *self, const TvmDevice *device)
{
  TvmListFlyout *flyout = self->base.flyout;
  g_autofree char *os = tvm_device_make_os (device);

  tvm_list_flyout_add_group (flyout, _("Facts"));
  tvm_list_flyout_add_row (flyout, _("Operating system"), os);
  tvm_list_flyout_add_row (flyout, _("Device group"), device->group);
  tvm_list_flyout_add_row (flyout, _("Device value"), tvm_device_value_text (device));
  /* Translators: whether the device is joined to Microsoft Entra */
  tvm_list_flyout_add_row (flyout, _("Microsoft Entra"),
                           device->is_aad_joined == TVM_TRUTH_YES  ? _("Joined")
                           : device->is_aad_joined == TVM_TRUTH_NO ? _("Not joined")
                                                                   : _("Unknown"));
  add_instant (flyout, _("First seen"), device->first_seen_us);
  add_instant (flyout, _("Last seen"), device->last_seen_us);
  tvm_list_flyout_add_row (flyout, _("Last IP address"), device->last_ip);
  /* Translators: the device has no tags */
  tvm_list_flyout_add_row (flyout, _("Tags"), g_strcmp0 (device->tags, "") == 0 ? C_("tags", "None")
                                                                               : device->tags);
}

/* How many of a list show; the button for the others stands in the group's heading. What no page
 * lists by a device's name unfolds. */
static guint
start_list (TvmDeviceFlyout *self, const char *title, guint n, const char *page)
{
  AdwPreferencesGroup *group = tvm_list_flyout_add_group (self->base.flyout, title);
  g_autofree char *number = tvm_make_number (n);
  /* Translators: shows the whole list; %s is its length */
  g_autofree char *label = g_strdup_printf (_("Show all %s"), number);
  GtkWidget *all;

  if (n <= N_FIRST || (self->shows_all && page == NULL))
    return n;
  if (page != NULL)
    {
      tvm_list_flyout_add_all (self->base.flyout, n, page, self->whole->device->name);
      return N_FIRST;
    }
  all = gtk_button_new_with_label (label);
  gtk_widget_set_valign (all, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (all, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (all), "device.show-all");
  adw_preferences_group_set_header_suffix (group, all);
  return N_FIRST;
}

static void
add_unknown (TvmDeviceFlyout *self, const char *title)
{
  tvm_list_flyout_add_group (self->base.flyout, title);
  tvm_list_flyout_add_row (self->base.flyout, _("Not known"),
                           _("The next synchronization gets them from the export of all "
                             "software, if the service gives that"));
}

static void
recommendation_activated_cb (AdwActionRow *row, TvmDeviceFlyout *self)
{
  tvm_ui_open_recommendation (self->base.ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
add_recommendations (TvmDeviceFlyout *self)
{
  GPtrArray *list = self->whole->recommendations;
  guint n = start_list (self, _("Recommendations"), list->len, "recommendations");
  g_autofree char *number = tvm_device_make_recommendations (self->whole->device);

  tvm_list_flyout_add_row (self->base.flyout, _("Open recommendations"), number);
  if (!self->whole->device->counts_all)
    tvm_list_flyout_add_row (self->base.flyout, _("There may be more"),
                             _("Synchronize everything to get the devices of all "
                               "recommendations"));
  for (guint i = 0; i < n; i++)
    {
      const TvmRecommendation *one = list->pdata[i];

      g_signal_connect_object (
        tvm_list_flyout_add_link (self->base.flyout, one->name, tvm_recommendation_type_text (one),
                                  one->id),
        "activated", G_CALLBACK (recommendation_activated_cb), self, 0);
    }
}

static void
activity_activated_cb (AdwActionRow *row, TvmDeviceFlyout *self)
{
  tvm_ui_open_activity (self->base.ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static const TvmTicket *
find_ticket (TvmDeviceFlyout *self, const char *activity_id)
{
  for (guint i = 0; i < self->whole->tickets->len; i++)
    {
      const TvmTicket *ticket = self->whole->tickets->pdata[i];

      if (g_strcmp0 (ticket->activity_id, activity_id) == 0)
        return ticket;
    }
  return NULL;
}

static void
add_activities (TvmDeviceFlyout *self)
{
  GPtrArray *list = self->whole->activities;
  guint n = start_list (self, _("Open activities"), list->len, "remediation");

  if (!self->whole->device->counts_activities)
    tvm_list_flyout_add_row (self->base.flyout,
                             list->len > 0 ? _("There may be more") : _("Not known"),
                             _("Synchronize everything to get the devices of all activities made "
                               "in the portal"));
  else if (list->len == 0)
    tvm_list_flyout_add_row (self->base.flyout, C_("open activities", "None"), "");
  for (guint i = 0; i < n; i++)
    {
      const TvmActivity *one = list->pdata[i];
      const TvmTicket *ticket = find_ticket (self, one->id);
      const char *icon_name = NULL, *style = NULL;
      g_autofree char *due = tvm_make_due_words (one, &icon_name, &style);
      /* Translators: a ticket's status */
      g_autofree char *words =
        ticket != NULL ? g_strdup_printf (_("Ticket: %s"), tvm_ticket_status_text (ticket)) : NULL;
      g_autofree char *both = due != NULL ? g_strjoin (" · ", due, words, NULL) : g_strdup (words);

      g_signal_connect_object (tvm_list_flyout_add_link (self->base.flyout, one->title, both,
                                                         one->id), "activated",
                               G_CALLBACK (activity_activated_cb), self, 0);
    }
}

static void
add_weaknesses (TvmDeviceFlyout *self)
{
  GPtrArray *list = self->whole->weaknesses;
  guint n;

  if (list == NULL)
    {
      add_unknown (self, _("Weaknesses"));
      return;
    }
  n = start_list (self, _("Weaknesses"), list->len, "weaknesses");
  if (n == 0)
    tvm_list_flyout_add_row (self->base.flyout, C_("weaknesses", "None"), "");
  for (guint i = 0; i < n; i++)
    tvm_weakness_row_add (&self->base, list->pdata[i]);
}

static void
add_updates (TvmDeviceFlyout *self)
{
  GPtrArray *list = self->whole->updates;
  guint n;

  if (list == NULL || list->len == 0)
    return;
  n = start_list (self, _("Missing security updates"), list->len, NULL);
  for (guint i = 0; i < n; i++)
    {
      const TvmSecurityUpdate *update = list->pdata[i];
      g_autofree char *kb = tvm_security_update_text (update);

      tvm_list_flyout_add_row (self->base.flyout, kb, update->name);
    }
}

static void
add_software (TvmDeviceFlyout *self)
{
  GPtrArray *list = self->whole->software;
  guint n;

  if (list == NULL)
    {
      add_unknown (self, _("Software"));
      return;
    }
  n = start_list (self, _("Software"), list->len, NULL);
  for (guint i = 0; i < n; i++)
    {
      const TvmSoftware *one = list->pdata[i];
      g_autofree char *name = tvm_name_of_product (one->component, one->name,
                                                   (const char *const[]) { NULL });
      g_autofree char *title = g_strjoin (" ", name, one->version, NULL);
      g_autofree char *first = tvm_make_instant_date (one->first_seen_us);
      g_autofree char *last = tvm_make_instant_date (one->last_seen_us);
      g_autofree char *number = tvm_make_number (one->n_weaknesses);
      g_autofree char *weaknesses = g_strdup_printf (
        ngettext ("%s weakness", "%s weaknesses", (gulong) MAX (one->n_weaknesses, 0)), number);
      /* Translators: two dates, and how many weaknesses */
      g_autofree char *words = g_strdup_printf (_("Seen from %s to %s · %s"),
                                                first != NULL ? first : "–",
                                                last != NULL ? last : "–", weaknesses);
      g_autofree char *unsure = g_strjoin (
        "\n", words, _("Version not known before the next full sync"), NULL);

      tvm_list_flyout_add_row (self->base.flyout, title, one->version != NULL ? words : unsure);
    }
}

static void
fill (TvmDeviceFlyout *self)
{
  const TvmDevice *device = self->whole->device;

  tvm_record_flyout_start (&self->base, device->name);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _recommendations"), "recommendations",
                               device->name);
  tvm_list_flyout_add_related (self->base.flyout, _("Related _activities"), "remediation",
                               device->name);
  add_pills (self->base.flyout, device);
  add_recommendations (self);
  add_activities (self);
  add_weaknesses (self);
  add_updates (self);
  add_software (self);
  add_facts (self, device);
}

/* ---- loading */

static gint64
loaded (TvmRecordFlyout *base)
{
  TvmDeviceFlyout *self = TVM_DEVICE_FLYOUT (base);

  if (!base->is_same)
    self->shows_all = FALSE;
  self->whole = base->details;
  if (self->whole == NULL)
    return 0;
  fill (self);
  return self->whole->device->key;
}

static void
show_all_activated_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TvmDeviceFlyout *self = TVM_DEVICE_FLYOUT (widget);

  self->shows_all = TRUE;
  if (self->whole != NULL)
    fill (self);
}

/* ---- object */

static void
tvm_device_flyout_class_init (TvmDeviceFlyoutClass *klass)
{
  TVM_RECORD_FLYOUT_CLASS (klass)->what = &tvm_load_device;
  TVM_RECORD_FLYOUT_CLASS (klass)->failure = N_("The device cannot be shown");
  TVM_RECORD_FLYOUT_CLASS (klass)->loaded = loaded;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "device.show-all", NULL,
                                   show_all_activated_cb);
}

static void
tvm_device_flyout_init (TvmDeviceFlyout *self)
{
}

/**
 * tvm_device_flyout_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): an empty flyout
 */
TvmDeviceFlyout *
tvm_device_flyout_new (TvmUi *ui)
{
  TvmDeviceFlyout *self = g_object_new (TVM_TYPE_DEVICE_FLYOUT, NULL);

  tvm_record_flyout_set_up (&self->base, ui,
                            TVM_CHANGED_DEVICES |
                            TVM_CHANGED_RECOMMENDATIONS |
                            TVM_CHANGED_ACTIVITIES |
                            TVM_CHANGED_WEAKNESSES);
  return self;
}
