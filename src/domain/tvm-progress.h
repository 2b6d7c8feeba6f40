/* tvm-progress.h: what the numbers of an activity's progress say (R6), as pure functions. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

/* Progress without the devices that cannot report: not seen for 30 days, or gone. */
typedef struct
{
  int target_devices, fixed_devices; /* -1: not monitored (R3), or not known yet */
  int left_out;                      /* the targets it leaves out */
} TvmEffectiveProgress;

/* Why numbers do not add up. */
#define TVM_MAX_PROGRESS_GAPS 2
typedef struct
{
  const char *text;
  int         devices;
} TvmProgressGap;

void        tvm_effective_progress  (const TvmActivity    *activity,
                                     const int             states[TVM_N_DEVICE_STATES],
                                     TvmEffectiveProgress *out);
const char *tvm_progress_delay_text (const TvmActivity *activity);
int         tvm_progress_left       (const TvmActivity *activity);
gboolean    tvm_progress_is_done    (const TvmActivity *activity);
gboolean    tvm_progress_adds_up    (const TvmActivity *activity);
const char *tvm_progress_doubt_text (const TvmActivity *activity);
const char *tvm_progress_unknown_text (const TvmActivity *activity);
const char *tvm_progress_unknown_hint (const TvmActivity *activity);
char       *tvm_progress_unnamed_text (const TvmActivity *activity);
int         tvm_progress_gap        (const TvmActivity    *activity,
                                     const int             states[TVM_N_DEVICE_STATES]);
guint       tvm_progress_list_gaps  (const TvmActivity    *activity,
                                     int                   n_named,
                                     TvmProgressGap        gaps[TVM_MAX_PROGRESS_GAPS]);
gboolean    tvm_progress_names_devices (const TvmActivity *activity,
                                        const int          states[TVM_N_DEVICE_STATES]);

G_END_DECLS
