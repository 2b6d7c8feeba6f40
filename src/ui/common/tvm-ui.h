/* tvm-ui.h: what every page is handed: the store's models, the engine, and the ways to other pages.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
#include "tvm-sync-engine.h"
#include <adwaita.h>
G_BEGIN_DECLS

/* Alive as long as anything that was handed it, the window's end and the profile's included: what a
 * dialog still waits for comes back then. The window fills in the functions. */
typedef struct
{
  TvmStore      *store;   /* (owned) */
  TvmSyncEngine *engine;  /* (owned) */
  gpointer       window;  /* (unowned) (nullable): until it is gone, for the functions below */
  gboolean       is_demo; /* its profile is thrown away */
  AdwToast      *undo_toast;  /* (unowned) (nullable): the last one that undoes something */
  void         (*open_activity)       (gpointer window, const char *activity_id);
  void         (*open_exception)      (gpointer window, const char *exception_id);
  void         (*open_recommendation) (gpointer window, const char *recommendation_id);
  void         (*open_weakness)       (gpointer window, const char *cve);
  void         (*open_device)         (gpointer window, const char *device_id);
  void         (*add_toast)           (gpointer window, AdwToast *toast);
} TvmUi;

TvmUi *tvm_ui_new                 (TvmStore *store, TvmSyncEngine *engine);
TvmUi *tvm_ui_ref                 (TvmUi *ui);
void   tvm_ui_unref               (TvmUi *ui);
TvmUi *tvm_ui_share               (TvmUi *ui, gpointer object);
void   tvm_ui_open_activity       (TvmUi *ui, const char *activity_id);
void   tvm_ui_open_exception      (TvmUi *ui, const char *exception_id);
void   tvm_ui_open_recommendation (TvmUi *ui, const char *recommendation_id);
void   tvm_ui_open_weakness       (TvmUi *ui, const char *cve);
void   tvm_ui_open_device         (TvmUi *ui, const char *device_id);
void   tvm_ui_add_toast           (TvmUi *ui, AdwToast *toast);
void   tvm_ui_toast               (TvmUi *ui, const char *text);
void   tvm_ui_show_error          (TvmUi *ui, const char *heading, const GError *error);
void   tvm_ui_wrap_if_large       (GtkLabel *label);
void   tvm_ui_fit_buttons         (GtkBox *box, int width);
typedef void (*TvmUiReload) (gpointer widget);
void   tvm_ui_follow_store        (TvmUi *ui, GtkWidget *widget, guint changes, TvmUiReload reload);

G_END_DECLS
