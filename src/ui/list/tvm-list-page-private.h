/* tvm-list-page-private.h: what the files of the list page share. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-growing-list.h"
#include "tvm-list-chips.h"
#include "tvm-list-choice.h"
#include "tvm-list-filters.h"
#include "tvm-list-page.h"
#include "tvm-list-selection.h"
#include "tvm-row-list.h"
#include "tvm-team-load.h"
G_BEGIN_DECLS

#define FLYOUT_WIDTH 360 /* px, beside the list; no more, or no window could be that narrow */

struct _TvmListPage
{
  AdwBin              parent_instance;
  TvmUi              *ui;
  const TvmListSpec  *spec;
  TvmRowList         *rows;
  TvmGrowingList     *shown;       /* what the views have of them */
  TvmListSelection   *selection;
  TvmListChoice      *choice;      /* of several rows */
  TvmListFilters     *filters;
  TvmListChips       *filter_chips;
  TvmQuery           *base;            /* what filters and search are added to */
  char               *search;          /* (nullable) */
  TvmRow             *awaited;         /* (owned) (nullable) opened before its record was read */
  gint64              open_key;        /* what the flyout shows, 0: nothing */
  char               *cloud;           /* (owned) (nullable): the setting */
  gboolean            is_cloud_known;
  GdkRectangle        menu_at;         /* where the menu of a row is wanted */
  guint               layout_id;       /* idle source */
  guint               pressed;         /* the row under the pointer then */
  gboolean            is_listed;       /* a page never shown reads nothing */
  gboolean            is_awaiting;     /* what was asked for last is not listed yet */
  gboolean            is_wide;
  gboolean            is_laid_out;     /* is_wide is known */
  gboolean            is_setting;      /* several filters at once */
  gboolean            is_recalled;     /* what was remembered is known */
  char               *remembered;      /* (owned) (nullable): the state that is kept */
  GKeyFile           *views;           /* (owned): a person's own, a group each */
  TvmTeamViews       *team_views;      /* (owned) (nullable): NULL: they were not read yet */
  gboolean            is_scroll_wanted; /* to the row of the flyout, once it is listed */
  const char         *export_chosen;   /* (nullable): interned: the action that exports those */
  gboolean            is_menu_wanted;  /* as soon as the flyout shows the row */
  guint               n_focus_ticks;   /* frames to wait for rows, to focus one of them */
  gint64              focus_key;       /* that one, 0: as the list does */

  AdwFlap       *flap;
  TvmRecordFlyout *flyout;     /* (nullable): in it */
  AdwSqueezer   *sensor;
  GtkBox        *head;             /* of the toolbar: the count and the buttons */
  GtkWidget     *sensor_wide, *toolbar, *start, *top, *chips, *chips_scroller;
  GtkLabel      *count, *more, *missing;
  GtkWidget     *more_box, *missing_scroller;
  GtkMenuButton *filter_button, *columns_button, *export_menu_button;
  GtkStack      *stack;
  AdwStatusPage *empty, *unknown, *no_match, *error;
  GtkWidget     *columns_menu, *export_button;
  GtkColumnView *table;
  GtkListView   *narrow;
  GtkToggleButton *choose_button;
  GtkActionBar  *choice_bar;
  GtkLabel      *choice_count;
  GtkWidget     *choice_buttons;
  GtkMenuButton *choice_menu_button;
};

/* tvm-list-page.c */
void tvm_list_page_update_state      (TvmListPage *self);

/* tvm-list-layout.c */
void tvm_list_page_width_changed_cb (TvmListPage *self);
void tvm_list_page_lay_out_first    (TvmListPage *self);

/* tvm-list-bar.c */
void tvm_list_page_add_filters       (TvmListPage *self, GCallback changed_cb);

/* tvm-list-state.c */
void tvm_list_page_write_state       (TvmListPage *self, GKeyFile *file, const char *group);
void tvm_list_page_read_state        (TvmListPage *self, GKeyFile *file, const char *group);
void tvm_list_page_remember          (TvmListPage *self);
void tvm_list_page_recall            (TvmListPage *self);

/* tvm-list-choose.c */
void     tvm_list_page_install_choice  (GtkWidgetClass *klass);
void     tvm_list_page_set_up_choice   (TvmListPage *self);
gboolean tvm_list_page_toggle_position (TvmListPage *self, guint position);

/* tvm-list-open.c */
int  tvm_list_page_get_list_width    (TvmListPage *self);
void tvm_list_page_fit_columns       (TvmListPage *self);
void tvm_list_page_close_flyout      (TvmListPage *self);
void tvm_list_page_restore_selection (TvmListPage *self);
void tvm_list_page_show_top (TvmListPage *self);
void tvm_list_page_drop_awaited      (TvmListPage *self);
void tvm_list_page_open_position     (TvmListPage *self, guint position);
void tvm_list_page_activate_cb       (TvmListPage *self, guint position);
void tvm_list_page_add_click         (TvmListPage *self, GtkWidget *list);

/* tvm-list-focus.c */
void tvm_list_page_install_keys      (GtkWidgetClass *klass);
void tvm_list_page_add_keys          (TvmListPage *self);
guint tvm_list_page_focused_position (TvmListPage *self);

/* tvm-list-copy.c */
void tvm_list_page_copy_cb           (GtkWidget *widget, const char *action_name,
                                      GVariant *parameter);

/* tvm-list-portal.c */
void tvm_list_page_learn_cloud       (TvmListPage *self);
void tvm_list_page_add_portal        (TvmListPage *self, GMenu *menu);
void tvm_list_page_install_portal    (GtkWidgetClass *klass);

/* tvm-list-menu.c */
void tvm_list_page_install_menu      (GtkWidgetClass *klass);
void tvm_list_page_add_menu          (TvmListPage *self, GtkWidget *list);
void tvm_list_page_show_menu         (TvmListPage *self);

/* ---- tvm-list-choose.c */
void tvm_list_page_update_export (TvmListPage *self);

G_END_DECLS
