/* tvm-permissions-private.h: which permissions the calls need, by name. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sign-in.h"
G_BEGIN_DECLS

char       *tvm_scopes_build (const TvmEndpoints *endpoints, TvmResource resource, gboolean write);
gboolean    tvm_scopes_lack  (const char *granted, const char *permission);
char       *tvm_permissions_name_application (TvmResource resource);
const char *tvm_permission_for_call (const char *url, gboolean write, gboolean is_application);

G_END_DECLS
