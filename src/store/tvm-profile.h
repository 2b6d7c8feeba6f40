/* tvm-profile.h: the folders of profiles, one for each tenant. Blocks; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

/* beside the store: files of a long list that were read, until all of them are */
#define TVM_SOFTWARE_PART       "software.part"
#define TVM_CONFIGURATIONS_PART "configurations.part"

/* ---- profiles: $XDG_DATA_HOME/tvm-remediate/NAME */
/* INVALID: no name for a folder */
gboolean  tvm_profile_check  (const char *name, GError **error);
char     *tvm_profile_dir    (const char *profile);
GStrv     tvm_profile_list   (void);
/* NOT_FOUND: there is none of that name */
gboolean  tvm_profile_find   (const char *name, GError **error);
/* closed and signed out before */
gboolean  tvm_profile_delete (const char *directory, GError **error);

G_END_DECLS
