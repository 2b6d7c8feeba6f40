/* tvm-preferences-private.h: what the parts of the preferences share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-preferences-rows.h"
#include "tvm-preferences-window.h"
G_BEGIN_DECLS

struct _TvmPreferencesWindow
{
  AdwPreferencesWindow parent_instance;
  TvmUi               *ui;             /* (unowned) shared */
  AdwPreferencesPage  *page;
  AdwActionRow        *intune_result, *account_row;
  GtkWidget           *intune_switch, *intune_spinner, *intune_button;
  GtkWidget           *sign_in_button, *sign_out_button;
  AdwPreferencesGroup *backup_group;
  GPtrArray           *backup_rows;    /* (owned) of unowned rows */
  GtkWidget           *backup_button, *backup_spinner;
  GtkWidget           *custom_rows[3], *region_row, *policy_row;
  AdwActionRow        *policy_whose;
  GCancellable        *cancellable;    /* (owned) */
  gboolean             is_checking;    /* the Microsoft Intune connection */
  gboolean             is_closed;      /* its widgets are gone, a save may still be under way */
};

/* ---- tvm-preferences-settings.c */
extern const char *const tvm_preferences_clouds[];
GtkWidget *tvm_preferences_add_choice (TvmPreferencesWindow *self, AdwPreferencesGroup *group,
                                       const char *title, const char *key, const char *const *words,
                                       const char *const *texts);
GtkWidget *tvm_preferences_add_entry (TvmPreferencesWindow *self, AdwPreferencesGroup *group,
                                      const char *title, const char *key);
/* (transfer full) (nullable): what is shown for a setting's value; NULL: it is none */
typedef char *(*TvmDescribeFunc) (const char *value);
void       tvm_preferences_describe_others (GtkWidget *row, TvmDescribeFunc describe);
void       tvm_preferences_fix (GtkWidget *row, gboolean is_fixed);
void tvm_preferences_add_number (TvmPreferencesWindow *self, AdwPreferencesGroup *group,
                                 const char *title, const char *subtitle, const char *key,
                                 double low, double high);
void       tvm_preferences_add_switch (TvmPreferencesWindow *self, AdwPreferencesGroup *group,
                                       const char *title, const char *key);
void       tvm_preferences_show_cloud_rows (TvmPreferencesWindow *self, const char *cloud);

/* ---- tvm-preferences-intune.c */
void tvm_preferences_add_intune  (TvmPreferencesWindow *self, AdwPreferencesGroup *group);
void tvm_preferences_show_intune (TvmPreferencesWindow *self);

/* ---- tvm-preferences-policy.c */
void tvm_preferences_add_policy  (TvmPreferencesWindow *self);

/* ---- tvm-preferences-backup.c */
void tvm_preferences_add_backup  (TvmPreferencesWindow *self);

G_END_DECLS
