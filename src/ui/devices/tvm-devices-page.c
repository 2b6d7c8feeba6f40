/* tvm-devices-page.c: the Devices page: the inventory, and the facts of one device at the side.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-devices-page.h"
#include "tvm-brief.h"
#include "tvm-device-flyout.h"
#include "tvm-list-cells.h"
#include "tvm-list-page.h"
#include "tvm-said.h"
#include "tvm-triage.h"
#include <glib/gi18n-lib.h>

struct _TvmDevicesPage
{
  AdwBin           parent_instance;
  TvmUi           *ui;
  TvmListPage     *list;
};

G_DEFINE_FINAL_TYPE (TvmDevicesPage, tvm_devices_page, ADW_TYPE_BIN)

/* ---- cells */

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
  g_autofree char *platform = tvm_name_os_to_words (device->os_platform);

  tvm_cell_set_lines (cell, platform, device->os_version);
}

static void
fill_exposure (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;

  tvm_cell_set_mark (cell, tvm_device_level_icon (device->exposure), NULL,
                     tvm_device_exposure_text (device));
}

static void
fill_risk (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;

  tvm_cell_set_mark (cell, tvm_device_level_icon (device->risk), NULL,
                     tvm_device_risk_text (device));
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

static void
fill_recommendations (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *words = tvm_device_make_recommendations (record);

  tvm_cell_set_text (cell, words);
}

static void
fill_activities (GtkWidget *cell, gconstpointer record)
{
  g_autofree char *words = tvm_device_make_activities (record);

  tvm_cell_set_text (cell, words);
}

static char *
make_words (gconstpointer record)
{
  const TvmDevice *device = record;
  g_autofree char *exposure = g_strdup_printf (_("%s: %s"), _("Exposure level"),
                                               tvm_device_exposure_text (device));
  g_autofree char *platform = tvm_name_os_to_words (device->os_platform);
  const char *parts[] = { device->name, exposure, platform, device->group };

  return tvm_make_spoken (parts, G_N_ELEMENTS (parts));
}

/* ---- the narrow list: name, system and group, exposure level and health */

static GtkWidget *
create_narrow (void)
{
  return tvm_cell_new_narrow (tvm_cell_new_machine (), NULL, tvm_cell_new_narrow_mark (),
                              tvm_cell_new_words ());
}

static void
fill_narrow (GtkWidget *cell, gconstpointer record)
{
  const TvmDevice *device = record;
  GtkWidget *lines = gtk_widget_get_first_child (cell);
  GtkWidget *marks = gtk_widget_get_last_child (lines);
  g_autofree char *os = tvm_device_make_os (device);
  g_autofree char *caption = g_strjoin (" · ", os != NULL ? os : "–", device->group, NULL);
  g_autofree char *exposure = g_strdup_printf (_("%s: %s"), _("Exposure level"),
                                               tvm_device_exposure_text (device));

  tvm_cell_set_lines (gtk_widget_get_first_child (lines), device->name, caption);
  tvm_cell_set_mark (gtk_widget_get_first_child (marks), tvm_device_level_icon (device->exposure),
                     NULL, exposure);
  tvm_cell_set_text (gtk_widget_get_last_child (marks), tvm_device_health_text (device));
}

static char *
make_count (guint n_total, const char *shown, const char *total)
{
  return g_strdup_printf (ngettext ("%s of %s device", "%s of %s devices", n_total), shown, total);
}

static const TvmListColumn columns[] = {
  { "name", N_("Device"), "name", 0, FALSE, FALSE, tvm_cell_new_machine, fill_name, NULL,
    make_words },
  { "os", N_("Operating system"), "os", 160, FALSE, FALSE, tvm_cell_new_two_lines, fill_os },
  { "group", N_("Device group"), "group", 160, FALSE, FALSE, tvm_cell_new_text,
    .member = G_STRUCT_OFFSET (TvmDevice, group) },
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

static const char *
to_name (gconstpointer record)
{
  const TvmDevice *device = record;

  return device->name != NULL ? device->name : device->id;
}

static const TvmListFilter filters[] = {
  { TVM_FILTER_GROUP, N_("Device group"), G_STRUCT_OFFSET (TvmQuery, device_group), 0, NULL, NULL,
    TVM_FACET_GROUP },
  { TVM_FILTER_CHOICE, N_("Exposure level"), G_STRUCT_OFFSET (TvmQuery, severity), TVM_LEVEL_HIGH,
    (TvmChoiceText) tvm_exposure_to_text, "exposure" },
  { TVM_FILTER_CHOICE, N_("Last seen"), G_STRUCT_OFFSET (TvmQuery, age), TVM_N_AGES - 1,
    tvm_age_to_text, "age" },
};

static const TvmListView views[] = {
  { N_("Not seen for 30 days"), "[view]\nfilter-age=4\n" },
};

static const TvmListSpec spec = {
  .kind = TVM_LIST_DEVICES, .word = "devices", .label = N_("Devices"),
  .icon_name = "computer-symbolic", .empty_title = N_("No devices yet"),
  .empty_text = N_("Synchronize to get the device inventory of your organization."),
  .columns = columns, .n_columns = G_N_ELEMENTS (columns),
  .filters = filters, .n_filters = G_N_ELEMENTS (filters),
  .id = G_STRUCT_OFFSET (TvmDevice, id),
  .narrow = { "narrow", NULL, NULL, 0, FALSE, FALSE, create_narrow, fill_narrow, NULL, make_words },
  .make_count = make_count, .to_name = to_name, .sort = "name",
  .keeps_filters = TRUE, .views = views, .n_views = G_N_ELEMENTS (views),
};

/* ---- the page */

static void
tvm_devices_page_class_init (TvmDevicesPageClass *klass)
{
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
  tvm_list_page_set_flyout (self->list, TVM_RECORD_FLYOUT (tvm_device_flyout_new (ui)));
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

/**
 * tvm_devices_page_select:
 * @self: the page
 * @id: a device's id
 *
 * Opens the device's flyout and selects its row if it is listed.
 */
void
tvm_devices_page_select (TvmDevicesPage *self, const char *id)
{
  g_return_if_fail (TVM_IS_DEVICES_PAGE (self));

  tvm_list_page_open (self->list, id);
}
