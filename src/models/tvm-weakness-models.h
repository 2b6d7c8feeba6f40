/* tvm-weakness-models.h: a CVE and a device whole, read on a worker. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

typedef struct {
  TvmWeaknessWhole *whole;
  GPtrArray *devices;          /* (nullable) of TvmDevice: the first few of them */
} TvmWeaknessDetails;
extern const TvmLoad tvm_load_weakness;  /* TvmWeaknessDetails, by its id */
extern const TvmLoad tvm_load_device;    /* TvmDeviceWhole, by its id */
/* TvmKnownExploitedState: what there is of the catalog */
extern const TvmLoad tvm_load_catalog;

/* On a worker. */
char *tvm_unlisted_text     (TvmStore *store, const TvmQuery *query);
char *tvm_missing_cves_text (TvmStore *store, const char *text, gboolean is_about_cves);

G_END_DECLS
