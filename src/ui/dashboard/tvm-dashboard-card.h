/* tvm-dashboard-card.h: the dashboard's cards: a score with its history, the exposure distribution.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

GtkWidget *tvm_score_card_new    (const char *title, TvmScoreKind kind);
void       tvm_score_card_show   (GtkWidget *card, GArray *points, gboolean was_synced);
GtkWidget *tvm_exposure_card_new  (void);
void       tvm_exposure_card_show (GtkWidget *card, const int by_level[6]);

G_END_DECLS
