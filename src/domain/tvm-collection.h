/* tvm-collection.h: an activity's devices for Configuration Manager: names as it knows them, and
 * the PowerShell script that makes a device collection of them. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

typedef enum { TVM_NAMES_LIST, TVM_NAMES_SCRIPT } TvmNamesFormat;

/* What became of the devices. */
typedef struct {
  gint64 n_names;              /* written, each once */
  gint64 n_same;               /* devices with the short name of another one */
  gint64 n_nameless;           /* devices whose name is not known */
} TvmNamesResult;

gboolean    tvm_names_format_from_word  (const char *word, TvmNamesFormat *out);
char       *tvm_device_make_short_name  (const char *name);
char       *tvm_powershell_quote        (const char *text);
char       *tvm_collection_script_begin (const TvmActivity *activity, gboolean all_devices);
const char *tvm_collection_script_end   (void);
char       *tvm_names_result_text       (const TvmNamesResult *result);

G_END_DECLS
