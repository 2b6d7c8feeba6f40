/* tvm-list-flyout.h: the frame of a flyout: heading with pills, groups of rows, actions that stay
 * in sight. Filled anew for each record. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_LIST_FLYOUT (tvm_list_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmListFlyout, tvm_list_flyout, TVM, LIST_FLYOUT, AdwBin)

TvmListFlyout       *tvm_list_flyout_new          (void);
void                 tvm_list_flyout_start        (TvmListFlyout *self, const char *title);
void tvm_list_flyout_add_pill (TvmListFlyout *self, const char *icon_name, const char *style,
                               const char *text);
void                 tvm_list_flyout_add_text     (TvmListFlyout *self, const char *text);
void                 tvm_list_flyout_add_quote    (TvmListFlyout *self, const char *text);
AdwPreferencesGroup *tvm_list_flyout_add_group    (TvmListFlyout *self, const char *title);
AdwActionRow *
tvm_list_flyout_add_row (TvmListFlyout *self, const char *title, const char *subtitle);
AdwActionRow        *tvm_list_flyout_add_link     (TvmListFlyout *self, const char *title,
                                                   const char *subtitle, const char *id);
void                 tvm_list_flyout_add_all      (TvmListFlyout *self, guint n, const char *page,
                                                   const char *text);
void                 tvm_list_flyout_add_spinner  (TvmListFlyout *self, const char *text);
GtkWidget *tvm_list_flyout_add_action (TvmListFlyout *self, const char *icon_name,
                                       const char *label, const char *action_name);
void                 tvm_list_flyout_add_menu     (TvmListFlyout *self, const char *icon_name,
                                                   const char *label, GMenuModel *menu);
void                 tvm_list_flyout_add_related  (TvmListFlyout *self, const char *label,
                                                   const char *page, const char *text);
GMenuModel          *tvm_list_flyout_create_menu  (TvmListFlyout *self, const char *action_name);
void                 tvm_list_flyout_keep_place   (TvmListFlyout *self);

/* tvm-list-rows.c */
void                 tvm_title_keep_whole         (GtkLabel *label, const char *text);
/* The group's heading, wrapped rather than cut off. */
void                 tvm_group_set_title          (AdwPreferencesGroup *group, const char *title);
/* A row of outside text: never markup. */
GtkWidget           *tvm_paragraph_new            (const char *text);
GtkWidget           *tvm_quote_new                (const char *text);
AdwActionRow        *tvm_plain_row_new            (const char *title, const char *subtitle);
char                *tvm_long_text_cut            (const char *text);
void                 tvm_long_row_add_button      (AdwActionRow *row, const char *text);
void tvm_plain_row_set (AdwActionRow *row, const char *title, const char *subtitle);
/* A row of a breakdown: label at the start, number at the end. */
GtkWidget *
tvm_count_row_new (const char *icon_name, const char *style, const char *label, gint64 number);

G_END_DECLS
