/* tvm-devices-page.c: the Devices page: the inventory, and the facts of one device at the side.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-devices-page.h"
#include "tvm-list-cells.h"
#include "tvm-list-flyout.h"
#include "tvm-list-page.h"
#include "tvm-said.h"
#include "tvm-time.h"
#include <glib/gi18n-lib.h>

struct _TvmDevicesPage
{
  AdwBin         parent_instance;
  TvmUi         *ui;
  TvmListPage   *list;
  TvmListFlyout *flyout;
  gint64         key;           /* what the flyout shows, 0: nothing */
  GCancellable  *cancellable;   /* (owned) (nullable) of its reading */
};

G_DEFINE_FINAL_TYPE (TvmDevicesPage, tvm_devices_page, ADW_TYPE_BIN)

/* ---- cells */

static char *
make_os (const TvmDevice *device)
{
  if (device->os_platform == NULL)
    return NULL;
  return g_strjoin (" ", device->os_platform, device->os_version, NULL);
}

static const char *
get_level_icon (TvmLevel level)
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

static void
fill_name (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;

  tvm_cell_set_lines (cell, device->name, device->is_aad_joined == TVM_TRUTH_YES
                                            ? _("Joined to Microsoft Entra") : NULL);
}

static void
fill_os (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;

  tvm_cell_set_lines (cell, device->os_platform, device->os_version);
}

static void
fill_group (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell, ((const TvmDevice *) record)->group);
}

static void
fill_exposure (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;

  tvm_cell_set_mark (cell, get_level_icon (device->exposure), NULL,
                     tvm_device_exposure_text (device));
}

static void
fill_risk (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;

  tvm_cell_set_mark (cell, get_level_icon (device->risk), NULL, tvm_device_risk_text (device));
}

static void
fill_health (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_text (cell, tvm_device_health_text (record));
}

static void
fill_last_seen (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;
  g_autofree char *words = tvm_make_instant_date (device->last_seen_us);

  tvm_cell_set_text (cell, words);
}

/* No number that may be too low is told as the whole. */
static char *
make_recommendations (const TvmDevice *device)
{
  g_autofree char *number = tvm_make_number (device->n_recommendations);

  if (device->counts_all)
    return g_steal_pointer (&number);
  if (device->n_recommendations < 0)
    return g_strdup (_("Unknown"));
  /* Translators: %s is a number of recommendations. */
  return g_strdup_printf (_("%s or more"), number);
}

static void
fill_recommendations (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *words = make_recommendations (record);

  tvm_cell_set_text (cell, words);
}

static void
fill_activities (GtkWidget *cell, gconstpointer record)
{
  tvm_cell_set_number (cell, ((const TvmDevice *) record)->n_activities);
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;
  g_autofree char *os = make_os (device);
  g_autofree char *caption = NULL;

  caption = g_strjoin (" · ", os != NULL ? os : "", tvm_device_exposure_text (device),
                       device->group, NULL);
  tvm_cell_set_lines (cell, device->name, caption);
}

static char *
make_count (guint n_shown, guint n_total)
{
  g_autofree char *shown = tvm_make_number (n_shown);
  g_autofree char *total = tvm_make_number (n_total);

  return g_strdup_printf (ngettext ("%s of %s device", "%s of %s devices", n_total), shown, total);
}

static const TvmListColumn columns[] = {
  { "name", N_("Device"), "name", 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_name },
  { "os", N_("Operating system"), "os", 160, FALSE, FALSE, tvm_cell_new_two_lines, fill_os },
  { "group", N_("Device group"), "group", 160, FALSE, FALSE, tvm_cell_new_text, fill_group },
  { "exposure", N_("Exposure level"), "exposure", 130, FALSE, FALSE, tvm_cell_new_mark,
    fill_exposure },
  { "risk", N_("Risk score"), "risk", 145, FALSE, FALSE, tvm_cell_new_mark, fill_risk },
  { "health", N_("Health"), "health", 110, FALSE, FALSE, tvm_cell_new_text, fill_health },
  { "last-seen", N_("Last seen"), "last-seen", 110, FALSE, FALSE, tvm_cell_new_text,
    fill_last_seen },
  { "recommendations", N_("Recommendations"), "recommendations", 150, TRUE, FALSE,
    tvm_cell_new_number, fill_recommendations },
  { "activities", N_("Activities"), "activities", 110, TRUE, FALSE, tvm_cell_new_number,
    fill_activities },
};

static const TvmListSpec spec = {
  .kind = TVM_LIST_DEVICES, .word = "devices", .label = N_("Devices"),
  .icon_name = "computer-symbolic", .empty_title = N_("No devices yet"),
  .empty_text = N_("Synchronize to get the device inventory of your organization."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, tvm_cell_new_two_lines, fill_narrow },
  .make_count = make_count,
};

/* ---- flyout */

static void
add_instant (TvmListFlyout *flyout, const char *title, gint64 instant_us)
{
  g_autofree char *words = tvm_make_instant_date (instant_us);

  if (words != NULL)
    tvm_list_flyout_add_row (flyout, title, words);
}

static void
add_number (TvmListFlyout *flyout, const char *title, int number)
{
  g_autofree char *words = tvm_make_number (number);

  tvm_list_flyout_add_row (flyout, title, words);
}

static void
fill_flyout (TvmDevicesPage *self, const TvmDevice *device)
{
  TvmListFlyout *flyout = self->flyout;
  g_autofree char *os = make_os (device);
  g_autofree char *recommendations = make_recommendations (device);

  tvm_list_flyout_start (flyout, device->name);
  if (self->key == device->key)
    tvm_list_flyout_keep_place (flyout);
  self->key = device->key;
  if (!device->in_inventory)
    tvm_list_flyout_add_pill (flyout, "dialog-warning-symbolic", "waiting",
                              _("Gone from the inventory"));
  tvm_list_flyout_add_group (flyout, _("Facts"));
  tvm_list_flyout_add_row (flyout, _("Operating system"), os);
  tvm_list_flyout_add_row (flyout, _("Device group"), device->group);
  tvm_list_flyout_add_row (flyout, _("Exposure level"), tvm_device_exposure_text (device));
  tvm_list_flyout_add_row (flyout, _("Risk score"), tvm_device_risk_text (device));
  tvm_list_flyout_add_row (flyout, _("Health"), tvm_device_health_text (device));
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
  tvm_list_flyout_add_group (flyout, _("Remediation"));
  tvm_list_flyout_add_row (flyout, _("Open recommendations"), recommendations);
  add_number (flyout, _("Open activities"), device->n_activities);
}

static void
record_opened_cb (TvmDevicesPage *self, gpointer record)
{
  g_cancellable_cancel (self->cancellable);
  fill_flyout (self, record);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(TvmDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) devices = tvm_records_load_finish (TVM_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (devices != NULL && devices->pdata[0] != NULL)
    {
      fill_flyout (self, devices->pdata[0]);
      return;
    }
  tvm_list_flyout_start (self->flyout, _("The device cannot be shown"));
  tvm_list_flyout_add_text (self->flyout, error != NULL ? error->message
                                                        : _("Gone from the inventory"));
}

static void
load (TvmDevicesPage *self)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (self->key == 0)
    return;
  g_array_append_val (keys, self->key);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tvm_records_load_async (self->ui->store, TVM_LIST_DEVICES, keys, self->cancellable, loaded_cb,
                          g_object_ref (self));
}

static void
tvm_devices_page_dispose (GObject *object)
{
  TvmDevicesPage *self = TVM_DEVICES_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tvm_devices_page_parent_class)->dispose (object);
}

static void
tvm_devices_page_class_init (TvmDevicesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tvm_devices_page_dispose;
}

static void
tvm_devices_page_init (TvmDevicesPage *self)
{
}

/**
 * tvm_devices_page_new:
 * @ui: the window's context
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
tvm_devices_page_new (TvmUi *ui)
{
  TvmDevicesPage *self = g_object_new (TVM_TYPE_DEVICES_PAGE, NULL);

  self->ui = tvm_ui_share (ui, self);
  self->list = tvm_list_page_new (ui, &spec);
  self->flyout = tvm_list_flyout_new ();
  tvm_ui_follow_store (ui, GTK_WIDGET (self), TVM_CHANGED_DEVICES | TVM_CHANGED_RECOMMENDATIONS |
                         TVM_CHANGED_ACTIVITIES, (TvmUiReload) load);
  tvm_list_page_set_flyout (self->list, GTK_WIDGET (self->flyout));
  g_signal_connect_object (self->list, "record-opened", G_CALLBACK (record_opened_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  return GTK_WIDGET (self);
}

/**
 * tvm_devices_page_set_search:
 * @self: the page
 * @text: (nullable): the search words
 */
void
tvm_devices_page_set_search (TvmDevicesPage *self, const char *text)
{
  g_return_if_fail (TVM_IS_DEVICES_PAGE (self));

  tvm_list_page_set_search (self->list, text);
}
