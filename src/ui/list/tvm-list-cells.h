/* tvm-list-cells.h: the kinds of cells that lists are made of. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

GtkWidget *tvm_cell_new_text        (void);
GtkWidget *tvm_cell_new_number      (void);
GtkWidget *tvm_cell_new_words       (void);
GtkWidget *tvm_cell_new_two_lines   (void);
GtkWidget *tvm_cell_new_machine     (void);
GtkWidget *tvm_cell_new_narrow (GtkWidget *text, GtkWidget *between, GtkWidget *first_mark,
                                GtkWidget *last_mark);
GtkWidget *tvm_cell_new_two_numbers (void);
GtkWidget *tvm_cell_new_mark        (void);
GtkWidget *tvm_cell_new_narrow_mark (void);
GtkWidget *tvm_cell_new_due         (void);
GtkWidget *tvm_cell_new_progress    (void);
GtkWidget *tvm_cell_new_threats     (void);

void tvm_cell_set_text     (GtkWidget *cell, const char *text);
void tvm_cell_set_number   (GtkWidget *cell, gint64 number);
void tvm_cell_set_lines    (GtkWidget *cell, const char *first, const char *second);
void
tvm_cell_set_mark (GtkWidget *cell, const char *icon_name, const char *style, const char *text);
void tvm_cell_set_due      (GtkWidget *cell, const TvmActivity *activity);
void tvm_cell_set_progress (GtkWidget *cell, const TvmActivity *activity);
void tvm_cell_set_threats  (GtkWidget *cell, const TvmRecommendation *recommendation);

/* Words and marks shared by cells and flyouts. */
char       *tvm_make_number          (gint64 number);
char       *tvm_make_n_of_m          (gint64 n, gint64 m);
char       *tvm_make_exposed         (const TvmRecommendation *recommendation);
char       *tvm_make_spoken          (const char *const *parts, guint n_parts);
char       *tvm_make_date            (const char *date);
char       *tvm_make_weekday_date    (const char *date);
char       *tvm_make_instant         (gint64 instant_us);
char       *tvm_make_instant_date    (gint64 instant_us);
char *tvm_make_due_words (const TvmActivity *activity, const char **icon_name, const char **style);
const char *tvm_priority_icon        (TvmPriority priority);
const char *tvm_recommendation_status_icon (const TvmRecommendation *recommendation,
                                            const char **style);
const char *tvm_activity_status_icon (const TvmActivity *activity, const char **style);
const char *tvm_ticket_icon          (TvmTicketStatus status, const char **style);
const char *tvm_device_state_icon    (TvmDeviceState state, const char **style);
GtkWidget  *tvm_pill_new             (const char *icon_name, const char *style, const char *text);
void        tvm_box_clear            (GtkWidget *box);
void        tvm_box_bound            (GtkWidget *box);

G_END_DECLS
