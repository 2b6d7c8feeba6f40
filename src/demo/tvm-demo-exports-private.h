/* tvm-demo-exports-private.h: the exports, by pages and as files. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-demo-private.h"
#include "tvm-demo-records-private.h"
G_BEGIN_DECLS

guint    tvm_demo_exports_count          (TvmDemoTenant *tenant, gint64 *at_us);
void     tvm_demo_exports_handle_page    (TvmDemoExchange *ex, TvmDemoDataset dataset);
void     tvm_demo_exports_handle_changes (TvmDemoExchange *ex);

#define TVM_DEMO_FILES "blobs"  /* the first part of the files' addresses */
void     tvm_demo_files_handle_export    (TvmDemoExchange *ex, TvmDemoDataset dataset);
void     tvm_demo_files_new_key          (TvmDemoTenant *tenant);
void     tvm_demo_files_refuse_expired   (TvmDemoExchange *ex);
void     tvm_demo_files_handle           (TvmDemoExchange *ex);

G_END_DECLS
