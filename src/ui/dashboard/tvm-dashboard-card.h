/* tvm-dashboard-card.h: the dashboard's cards: a number with its history, the exposure
 * distribution, the time that remediation takes.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-triage.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

/* The numbers with a history. */
typedef enum { TVM_CARD_EXPOSURE, TVM_CARD_SECURE, TVM_CARD_LEFT } TvmCardKind;

GtkWidget *tvm_score_card_new     (const char *title, TvmCardKind kind);
void       tvm_score_card_show    (GtkWidget *card, GArray *points);
void       tvm_left_card_show     (GtkWidget *card, GArray *points, int n_uncounted);
GtkWidget *tvm_figure_card_new    (const char *title, TvmFigure past);
void       tvm_time_card_show     (GtkWidget *card, const TvmStanding *standing);
void       tvm_in_time_card_show  (GtkWidget *card, const TvmStanding *standing);
GtkWidget *tvm_exposure_card_new  (void);
void       tvm_exposure_card_show (GtkWidget *card, const int by_level[6]);

G_END_DECLS
