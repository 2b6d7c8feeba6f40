/* tvm-window-private.h: what the window's parts share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-page-bar.h"
#include "tvm-window.h"
G_BEGIN_DECLS

struct _TvmWindow
{
  AdwApplicationWindow parent_instance;

  /* From the template. */
  AdwToastOverlay      *toasts;
  AdwViewSwitcherTitle *switcher_title;
  TvmPageBar           *page_bar;
  AdwSplitButton       *sync_button;
  AdwButtonContent     *sync_content, *sync_short;
  GtkImage             *sync_icon;
  GtkLabel             *sync_heading, *sync_text, *error_label, *pending_text;
  GtkBox               *budget_list;
  GtkLabel             *budget_text, *ready_text;
  GtkImage             *pending_image;
  GtkProgressBar       *sync_progress;
  GtkWidget            *menu_button, *search_button, *pending_bar, *demo_banner, *demo_label;
  GtkWidget            *error_button, *details_button;
  GtkInfoBar           *error_bar;
  GtkBox               *error_box;
  GtkSearchBar         *search_bar;
  GtkSearchEntry       *search_entry;
  GtkStack             *states;
  AdwStatusPage        *problem_page;
  AdwViewStack         *stack;
  GtkLabel             *profile_label;
  GMenu                *account_section, *profile_section;

  TvmUi                *ui;       /* (owned) (nullable): once the profile is open */
  GtkWidget            *welcome, *recommendations, *weaknesses, *remediation;  /* (unowned) */
  GtkWidget            *devices;  /* (unowned) */
  GtkWidget            *finder;   /* (unowned) (nullable): the search of everything, while open */
  GCancellable         *cancellable; /* (owned): of what the window started */
  gboolean              is_reading_budget;
  GtkWidget            *focus_before; /* (nullable): weak: where the focus was before a search */
  gboolean              was_in_list;  /* it was a row, which then may be another widget */
  guint                 tick_id;  /* counts down to the next call, renews the age */
  guint                 find_id;  /* opens the search of everything, in an idle */
  guint                 adapt_id; /* to the window's width, in an idle */
  char                 *news[2];  /* (owned) (nullable): told once the profile is open, or not */
  char                 *profile;  /* (owned): its name */
  gboolean              is_demo;
};

void tvm_window_show_switchers  (TvmWindow *self);
void tvm_window_install_actions (GtkWidgetClass *klass);
void tvm_window_update_actions  (TvmWindow *self);
void tvm_window_update_sync     (TvmWindow *self);
char *tvm_window_make_time_text (gint64 when_us);

/* ---- tvm-window-search.c */
void tvm_window_install_search_actions (GtkWidgetClass *klass);
gboolean tvm_window_has_no_list (TvmWindow *self);
void tvm_window_search_everything (TvmWindow *self);

/* ---- tvm-window-focus.c */
void tvm_window_focus_page      (TvmWindow *self);
void tvm_window_follow_focus    (TvmWindow *self);
void tvm_window_tell_keys       (TvmWindow *self);
void tvm_window_name_toasts     (TvmWindow *self);
void tvm_window_install_undo    (GtkWidgetClass *klass);

/* ---- tvm-window-budget.c */
void tvm_window_update_budget   (TvmWindow *self);
void tvm_window_show_budget     (TvmWindow *self);

/* ---- tvm-window-failure.c */
char *tvm_window_make_failure_text (const char *error, gint64 last_sync_us, gint64 tickets_us);
void  tvm_window_show_last_failure (GtkWidget *widget, const char *name, GVariant *parameter);

/* ---- tvm-window-problem.c */
void  tvm_window_tell_news (TvmWindow *self);
void  tvm_window_install_problem_actions (GtkWidgetClass *klass);

/* ---- tvm-window-profiles.c */
void tvm_window_update_account  (TvmWindow *self);
void tvm_window_install_profile_actions (GtkWidgetClass *klass);
void tvm_window_set_profile     (TvmWindow *self, const char *profile);
void tvm_window_list_profiles   (TvmWindow *self);

/* tvm-window-listing.c */
void tvm_window_install_listing (GtkWidgetClass *klass);
void tvm_window_show_list (TvmWindow *self, const char *page, const char *text);

G_END_DECLS
