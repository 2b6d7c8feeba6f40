/* tvm-device-flyout.c: the flyout of a device: its facts, what it needs, what is on it, what runs.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-device-flyout.h"
#include "tvm-brief.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-weakness.h"
#include "tvm-weakness-models.h"
#include <glib/gi18n-lib.h>

#define N_FIRST 6  /* of each kind, until "Show all" */

struct _TvmDeviceFlyout
{
  AdwBin          parent_instance;
  TvmUi          *ui;
  TvmListFlyout  *flyout;
  TvmDeviceWhole *whole;        /* (nullable) */
  char           *id;           /* (nullable) what is asked for */
  GCancellable   *cancellable;
  gboolean        is_same;      /* it is loaded again: keep the place */
  gboolean        shows_all;
};

typedef enum { LOADED, N_SIGNALS } TvmDeviceFlyoutSignal;
G_DEFINE_FINAL_TYPE (TvmDeviceFlyout, tvm_device_flyout, ADW_TYPE_BIN)
static guint signals[N_SIGNALS];

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

/**
 * tvm_device_make_recommendations:
 * @device: a device
 *
 * No number that may be too low is told as the whole.
 *
 * Returns: (transfer full): how many recommendations it is exposed to
 */
char *
tvm_device_make_recommendations (const TvmDevice *device)
{
  g_autofree char *number = tvm_make_number (device->n_recommendations);

  if (device->counts_all)
    return g_steal_pointer (&number);
  if (device->n_recommendations < 0)
    return g_strdup (_("Unknown"));
  /* Translators: %s is a number of recommendations. */
  return g_strdup_printf (_("%s or more"), number);
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
  TvmListFlyout *flyout = self->flyout;
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
  AdwPreferencesGroup *group = tvm_list_flyout_add_group (self->flyout, title);
  g_autofree char *number = tvm_make_number (n);
  /* Translators: shows the whole list; %s is its length */
  g_autofree char *label = g_strdup_printf (_("Show all %s"), number);
  GtkWidget *all;

  if (n <= N_FIRST || (self->shows_all && page == NULL))
    return n;
  if (page != NULL)
    {
      tvm_list_flyout_add_all (self->flyout, n, page, self->whole->device->name);
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
  tvm_list_flyout_add_group (self->flyout, title);
  tvm_list_flyout_add_row (self->flyout, _("Not known"),
                           _("The next synchronization gets them from the export of all "
                             "software, if the service gives that"));
}

static void
recommendation_activated_cb (AdwActionRow *row, TvmDeviceFlyout *self)
{
  tvm_ui_open_recommendation (self->ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
}

static void
add_recommendations (TvmDeviceFlyout *self)
{
  GPtrArray *list = self->whole->recommendations;
  guint n = start_list (self, _("Recommendations"), list->len, "recommendations");
  g_autofree char *number = tvm_device_make_recommendations (self->whole->device);

  tvm_list_flyout_add_row (self->flyout, _("Open recommendations"), number);
  if (!self->whole->device->counts_all)
    tvm_list_flyout_add_row (self->flyout, _("There may be more"),
                             _("Synchronize everything to get the devices of all "
                               "recommendations"));
  for (guint i = 0; i < n; i++)
    {
      const TvmRecommendation *one = list->pdata[i];

      g_signal_connect_object (
        tvm_list_flyout_add_link (self->flyout, one->name, tvm_recommendation_type_text (one),
                                  one->id),
        "activated", G_CALLBACK (recommendation_activated_cb), self, 0);
    }
}

static void
activity_activated_cb (AdwActionRow *row, TvmDeviceFlyout *self)
{
  tvm_ui_open_activity (self->ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
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

  if (list->len == 0)
    tvm_list_flyout_add_row (self->flyout, C_("open activities", "None"), "");
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

      g_signal_connect_object (tvm_list_flyout_add_link (self->flyout, one->title, both, one->id),
                               "activated", G_CALLBACK (activity_activated_cb), self, 0);
    }
}

static void
weakness_activated_cb (AdwActionRow *row, TvmDeviceFlyout *self)
{
  tvm_ui_open_weakness (self->ui, g_object_get_data (G_OBJECT (row), "tvm-id"));
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
  n = start_list (self, _("Weaknesses"), list->len, NULL);
  if (n == 0)
    tvm_list_flyout_add_row (self->flyout, C_("weaknesses", "None"), "");
  for (guint i = 0; i < n; i++)
    {
      const TvmVulnerability *one = list->pdata[i];
      g_autofree char *words =
        one->cvss >= 0 ? g_strdup_printf (_("%s, CVSS %.1f"),
                                          tvm_vulnerability_severity_text (one), one->cvss)
                       : g_strdup (tvm_vulnerability_severity_text (one));

      g_signal_connect_object (tvm_list_flyout_add_link (self->flyout, one->id, words, one->id),
                               "activated", G_CALLBACK (weakness_activated_cb), self, 0);
    }
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

      tvm_list_flyout_add_row (self->flyout, kb, update->name);
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
      g_autofree char *name = tvm_name_to_words (one->name, (const char *const[]) { NULL });
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

      tvm_list_flyout_add_row (self->flyout, title, one->version != NULL ? words : unsure);
    }
}

static void
fill (TvmDeviceFlyout *self)
{
  const TvmDevice *device = self->whole->device;

  if (self->is_same)
    tvm_list_flyout_keep_place (self->flyout);
  tvm_list_flyout_start (self->flyout, device->name);
  add_pills (self->flyout, device);
  add_recommendations (self);
  add_activities (self);
  add_weaknesses (self);
  add_updates (self);
  add_software (self);
  add_facts (self, device);
}

/* ---- loading */

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmDeviceFlyout) self = user_data;
  g_autoptr(GError) error = NULL;
  TvmDeviceWhole *whole = tvm_device_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->whole, tvm_device_whole_free);
  self->whole = whole;
  if (whole == NULL)
    {
      tvm_list_flyout_start (self->flyout, _("The device cannot be shown"));
      tvm_list_flyout_add_text (self->flyout, error->message);
      return;
    }
  fill (self);
  self->is_same = TRUE;
  g_signal_emit (self, signals[LOADED], 0, whole->device->key);
}

static void
load (TvmDeviceFlyout *self)
{
  if (self->id == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_device_load_async (self->ui->store, self->id, self->cancellable, loaded_cb,
                         g_object_ref (self));
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
tvm_device_flyout_dispose (GObject *object)
{
  TvmDeviceFlyout *self = TVM_DEVICE_FLYOUT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_device_flyout_parent_class)->dispose (object);
}

static void
tvm_device_flyout_finalize (GObject *object)
{
  TvmDeviceFlyout *self = TVM_DEVICE_FLYOUT (object);

  g_clear_pointer (&self->whole, tvm_device_whole_free);
  g_clear_pointer (&self->id, g_free);
  G_OBJECT_CLASS (tvm_device_flyout_parent_class)->finalize (object);
}

static void
tvm_device_flyout_class_init (TvmDeviceFlyoutClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_device_flyout_dispose;
  G_OBJECT_CLASS (klass)->finalize = tvm_device_flyout_finalize;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "device.show-all", NULL,
                                   show_all_activated_cb);
  signals[LOADED] = g_signal_new ("loaded", TVM_TYPE_DEVICE_FLYOUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tvm_device_flyout_init (TvmDeviceFlyout *self)
{
  self->flyout = tvm_list_flyout_new ();
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->flyout));
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

  self->ui = tvm_ui_share (ui, self);
  tvm_ui_follow_store (ui, GTK_WIDGET (self), TVM_CHANGED_DEVICES | TVM_CHANGED_RECOMMENDATIONS |
                         TVM_CHANGED_ACTIVITIES | TVM_CHANGED_WEAKNESSES, (TvmUiReload) load);
  return self;
}

/**
 * tvm_device_flyout_show:
 * @self: the flyout
 * @id: a device's id
 *
 * Loads and shows it; then "loaded" is emitted.
 */
void
tvm_device_flyout_show (TvmDeviceFlyout *self, const char *id)
{
  g_return_if_fail (TVM_IS_DEVICE_FLYOUT (self));

  self->is_same = g_strcmp0 (self->id, id) == 0;
  if (!self->is_same)
    self->shows_all = FALSE;
  tvm_set_str (&self->id, id);
  load (self);
}
