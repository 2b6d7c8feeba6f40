/* tvm-sync-sign-in.h: signing in and out. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
G_BEGIN_DECLS

/* intune_write: with the permission to write Intune tickets; after CONSENT_REQUIRED of
 * "intune-connection" "true" */
gboolean    tvm_sync_engine_sign_in_with_browser (TvmSyncEngine *self, gboolean intune_write,
                                                  TvmOpenUrlFunc open, gpointer user_data,
                                                  GCancellable *cancellable, GError **error);
gboolean    tvm_sync_engine_sign_in_with_device_code (TvmSyncEngine *self, gboolean intune_write,
                                                      TvmDeviceCodeFunc show, gpointer user_data,
                                                      GCancellable *cancellable, GError **error);
/* with_data: empties the store, settings too */
gboolean    tvm_sync_engine_sign_out    (TvmSyncEngine *self, gboolean with_data,
                                         GCancellable *cancellable, GError **error);
/* what an administrator of Microsoft Entra has to set up, in lines for people */
char       *tvm_sync_describe_registration (void);
/* a person is there: a locked keyring opens its prompt */
void        tvm_sync_engine_set_may_prompt (TvmSyncEngine *self, gboolean may_prompt);
/* (nullable): the renewed sign-in is in memory only */
char       *tvm_sync_engine_dup_warning (TvmSyncEngine *self);
TvmAccount *tvm_sync_engine_dup_account (TvmSyncEngine *self, GCancellable *cancellable,
                                         GError **error);

/* open and show are called on the main context */
TVM_DECLARE_ASYNC (sign_in_with_browser, gboolean intune_write, TvmOpenUrlFunc open,
                   gpointer open_data);
TVM_DECLARE_ASYNC (sign_in_with_device_code, gboolean intune_write, TvmDeviceCodeFunc show,
                   gpointer show_data);
void tvm_sync_engine_unlock_async (TvmSyncEngine *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
TVM_DECLARE_ASYNC (sign_out, gboolean with_data);

G_END_DECLS
