/* tvm-list-spec.h: what tells one list page from another, as tables. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

/* One column. The titles are marked with N_() and translated when shown. */
typedef struct {
  const char *id;              /* fixed word: what is remembered */
  const char *title;
  const char *sort;            /* the store's sort word, NULL: not sortable */
  int width;                   /* in pixels, 0: takes what is left */
  gboolean is_number;          /* header at the end */
  gboolean is_hidden;          /* until somebody shows it */
  GtkWidget *(*create) (void);
  void (*fill) (GtkWidget *cell, gconstpointer record);  /* NULL: member tells it */
  const char *sort_title;      /* what its order is called; NULL: the title */
  char *(*make_words) (gconstpointer record);  /* of a row's first cell: what it is called */
  gsize member;                /* offset in the record, of an int where is_number, else of a text */
} TvmListColumn;

typedef enum {
  TVM_FILTER_CHOICE,           /* an int, 0 is all */
  TVM_FILTER_INDEX,            /* an int counted from 0, -1 is all */
  TVM_FILTER_FLAG,             /* a gboolean */
  TVM_FILTER_MINE,             /* the account's address in a string */
  TVM_FILTER_TEAM,             /* the same, in a team */
  TVM_FILTER_APPROVER,         /* the same, for approvers of a team */
  TVM_FILTER_TEXT,             /* a string among those that there are: of facet */
  TVM_FILTER_GROUP,            /* the device group, a string: the same on all pages */
} TvmFilterKind;

/* What a choice is called: a function of a vocabulary, which may have -1 for what is not known. */
typedef const char *(*TvmChoiceText) (guint choice);

typedef struct {
  TvmFilterKind kind;
  const char *title;
  gsize offset;                /* of the member of TvmQuery */
  int n_choices;               /* 1 to n_choices; of TVM_FILTER_INDEX 0 to n_choices - 1 */
  TvmChoiceText to_text;
  const char *word;            /* fixed word: what is remembered; NULL: it is not */
  TvmFacetKind facet;
} TvmListFilter;

/* A view that a list comes with: its group "view" in a key file, as tvm-list-state.c writes it. */
typedef struct {
  const char *title;
  const char *state;
} TvmListView;

typedef struct {
  TvmListKind kind;
  const char *word;            /* fixed word: name of the setting and of the exported file */
  const char *label;           /* what a screen reader calls the list */
  const char *icon_name;
  const char *empty_title, *empty_text;
  const TvmListColumn *columns;
  guint n_columns;
  const TvmListFilter *filters;
  guint n_filters;
  gsize id;                    /* offset in the record of its id, for the flyout */
  TvmListColumn narrow;        /* the one cell of the narrow list */
  char *(*make_count) (guint n_total, const char *shown, const char *total);  /* in words */
  const char *(*to_name) (gconstpointer record);
  const char *sort;            /* the order of the first look; NULL: the natural one */
  gboolean keeps_filters;      /* from one session to the next, and as named views */
  const TvmListView *views;
  guint n_views;
} TvmListSpec;

G_END_DECLS
