/* tvm-profile.h: the folders of profiles, one for each tenant. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

/* ---- profiles: $XDG_DATA_HOME/tvm-remediate/NAME */
gboolean  tvm_profile_check  (const char *name, GError **error);       /* INVALID: no name for a folder */
char     *tvm_profile_dir    (const char *profile);
GStrv     tvm_profile_list   (void);
gboolean  tvm_profile_delete (const char *directory, GError **error);  /* closed and signed out before */

G_END_DECLS
