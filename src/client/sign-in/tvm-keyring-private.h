/* tvm-keyring-private.h: one profile's secret in the Secret Service. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

/* One use of the keyring. Nothing waits longer than 20 seconds for it, except for a person in a
 * prompt, which opens only where may_prompt is set; and nothing after cancellable was cancelled. */
typedef struct
{
  const char   *profile;
  gboolean      may_prompt;
  GCancellable *cancellable;  /* (nullable) */
} TvmKeyringUse;

gboolean tvm_keyring_probe (const TvmKeyringUse *use, GError **error);
gboolean tvm_keyring_save  (const TvmKeyringUse *use, const char *secret, GError **error);
/* TRUE with *out_secret NULL: there is none */
gboolean tvm_keyring_load  (const TvmKeyringUse *use, char **out_secret, GError **error);
gboolean tvm_keyring_wipe  (const TvmKeyringUse *use, GError **error);
/* for tests; 0: 20 seconds again */
void     tvm_keyring_set_patience (guint ms);

G_END_DECLS
