/* tvm-search-row.h: a row of the search of everything: what it is, and why it is there. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-finds.h"
#include "tvm-search-commands.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

/* What a row leads to. */
typedef enum {
  TVM_GOAL_RECORD,    /* of kind and id */
  TVM_GOAL_REQUEST,   /* the form for the recommendation with that id */
  TVM_GOAL_ALL,       /* all rows of the kind that match */
  TVM_GOAL_COMMAND
} TvmGoalType;
typedef struct {
  TvmGoalType type;
  TvmListKind kind;
  char *id;                          /* (owned) (nullable) */
  const TvmSearchCommand *command;   /* (nullable) */
  const char *heading;               /* of its part of the list, translated */
} TvmGoal;

const char    *tvm_search_kind_to_page  (TvmListKind kind);
GtkWidget     *tvm_search_row_new       (const TvmFind *find, const char *text);
GtkWidget     *tvm_search_row_new_request (const TvmFind *find);
GtkWidget     *tvm_search_row_new_all   (TvmListKind kind, guint n_found);
GtkWidget     *tvm_search_row_new_command (const TvmSearchCommand *command);
const TvmGoal *tvm_search_row_get_goal  (GtkListBoxRow *row);
void           tvm_search_row_head      (GtkListBoxRow *row, GtkListBoxRow *before,
                                         gpointer user_data);

G_END_DECLS
