/* tvm-devices-page.h: the Devices page. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_DEVICES_PAGE (tvm_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (TvmDevicesPage, tvm_devices_page, TVM, DEVICES_PAGE, AdwBin)

GtkWidget *tvm_devices_page_new        (TvmUi *ui);
void       tvm_devices_page_set_search (TvmDevicesPage *self, const char *text);
void       tvm_devices_page_select     (TvmDevicesPage *self, const char *id);

G_END_DECLS
