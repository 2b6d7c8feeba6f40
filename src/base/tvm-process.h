/* tvm-process.h: which process this is, and whether another one still runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef enum
{
  TVM_PROCESS_RUNS,
  TVM_PROCESS_ENDED,
  TVM_PROCESS_UNKNOWN,  /* nothing here can tell */
} TvmProcessState;

char            *tvm_process_dup_name  (void);
TvmProcessState  tvm_process_get_state (const char *name);

G_END_DECLS
